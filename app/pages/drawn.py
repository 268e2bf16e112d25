"""What a page says around its fragments: when a change of the catalogue alters that, the page has to be drawn anew.

One fragment names it, so that everybody who watches is told in the usual way; the scripts then load the page again.
"""

from hashlib import sha256

from app.domain.election import Council, Election

DRAWN = "drawn"
"""The fragment’s element id."""


def dashboard_drawn(election: Election) -> str:
    """The fragment of the dashboard."""
    listed = [(council.council_id, council.name, council.region) for council in election.councils.values()]
    return _drawn(_of_every_page(election), listed)


def council_drawn(election: Election, council: Council) -> str:
    """The fragment of a council’s page, and of those of its contests."""
    described = (council.name, council.kind, council.region, council.cycle, council.total_seats, council.gss)
    return _drawn(_of_every_page(election), described, council.contests)


def _of_every_page(election: Election) -> object:
    parties = [(party.party_id, party.short, party.colour) for party in election.parties.values()]
    return election.name, election.polling_date, election.timezone, election.words, election.conventions, parties


def _drawn(*parts: object) -> str:
    return f'<div id="{DRAWN}" data-from="{sha256(repr(parts).encode()).hexdigest()[:16]}" hidden></div>'
