"""What a page says around its fragments: when a change of the catalogue alters that, the page has to be drawn anew.

One fragment names it, so that everybody who watches is told in the usual way; the scripts then load the page again.
"""

from hashlib import sha256

from app.domain.election import Council, Election

DRAWN = "drawn"
"""The fragment’s element id."""


def dashboard_drawn(election: Election) -> str:
    """The fragment of the dashboard."""
    listed = (f"{it.council_id} {it.name} {it.region} {it.square}" for it in election.councils.values())
    return _drawn(election.outline, *listed)


def council_drawn(election: Election, council: Council) -> str:
    """The fragment of a council’s page, and of those of its contests."""
    return _drawn(election.outline, council.outline)


def _drawn(*parts: str) -> str:
    return f'<div id="{DRAWN}" data-from="{sha256("|".join(parts).encode()).hexdigest()[:16]}" hidden></div>'
