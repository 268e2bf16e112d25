"""Ids of elements and links to pages: one place, because pages, pushes and embeds have to agree on them."""

import re
from urllib.parse import urlencode

from app.addresses import (
    ALL_PARTIES,
    CONTEST,
    COUNCIL,
    COUNCIL_WHY,
    FLIPS,
    NIGHT_WHY,
    OVER_TIME,
    OVERVIEW,
    PARTY,
    PARTY_WHY,
    RANKING,
    RANKINGS,
    SINCE,
    TO_WATCH,
)
from app.domain.election import Convention, Election
from app.domain.rankings import NOT_NARROWED, Ranking, RankingQuery

_NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9_-]")


def element_id(kind: str, identity: str) -> str:
    """The id of a fragment: ``contest-local--medway--gillingham-south--2023-05-04``.

    Only letters, digits, hyphens and underscores, so that ``#id`` is a selector as it stands: a dot becomes two
    hyphens, anything else is spelt out.
    """
    return f"{kind}-{_NOT_IN_AN_ID.sub(_spelt, identity)}"


def _spelt(match: re.Match[str]) -> str:
    return "--" if match[0] == "." else f"_{ord(match[0]):x}_"


def election_url(election: Election, convention: Convention) -> str:
    """The overview, under the convention the reader has chosen."""
    return OVERVIEW.to(slug=election.slug) + chosen(election, convention)


def flips_url(election: Election, convention: Convention, *, order: str = "newest") -> str:
    """The page of all changes of control, under the convention the reader has chosen."""
    asked = {} if convention.key == election.convention else {"convention": convention.key}
    asked |= {} if order == "newest" else {"order": order}
    return FLIPS.to(slug=election.slug) + (f"?{urlencode(asked)}" if asked else "")


def to_watch_url(election: Election, convention: Convention, *, region: str = "", order: str = "") -> str:
    """The page of councils to watch, of all or of a region, in an order, under the convention the reader has chosen."""
    asked = {} if convention.key == election.convention else {"convention": convention.key}
    asked |= {name: value for name, value in (("region", region), ("order", order)) if value}
    return TO_WATCH.to(slug=election.slug) + (f"?{urlencode(asked)}" if asked else "")


def rankings_url(election: Election, convention: Convention) -> str:
    """The list of all rankings, under the convention the reader has chosen."""
    return RANKINGS.to(slug=election.slug) + chosen(election, convention)


def ranking_query(election: Election, convention: Convention, query: RankingQuery) -> str:
    """The query that keeps a convention and what a ranking is narrowed to; empty where there is nothing to keep."""
    asked = {} if convention.key == election.convention else {"convention": convention.key}
    narrowed = {"party": query.party, "region": query.region, "council": query.council}
    asked |= {name: value for name, value in narrowed.items() if value}
    return f"?{urlencode(asked)}" if asked else ""


def ranking_url(
    election: Election, ranking: Ranking, convention: Convention, query: RankingQuery = NOT_NARROWED
) -> str:
    """The page of a ranking, narrowed to what ``query`` asks for."""
    return RANKING.to(slug=election.slug, ranking=ranking) + ranking_query(election, convention, query)


def all_parties_url(election: Election, convention: Convention) -> str:
    """The list of all parties, under the convention the reader has chosen."""
    return ALL_PARTIES.to(slug=election.slug) + chosen(election, convention)


def party_url(election: Election, group: str, convention: Convention) -> str:
    """The page of a reporting group, under the convention the reader has chosen."""
    return PARTY.to(slug=election.slug, party=group) + chosen(election, convention)


def over_time_url(election: Election, convention: Convention, **asked: str | int) -> str:
    """The page of the night in time, as it is ``asked`` for: ``of="councils"``, ``at=57``."""
    kept: dict[str, str | int] = {} if convention.key == election.convention else {"convention": convention.key}
    kept |= asked
    return OVER_TIME.to(slug=election.slug) + (f"?{urlencode(kept)}" if kept else "")


def since_url(election: Election, convention: Convention, since: int | None = None) -> str:
    """The page of what has happened ``since`` an entry; without one, as a query has yet to name it."""
    asked = {} if convention.key == election.convention else {"convention": convention.key}
    asked |= {"since": str(since)} if since is not None else {}
    return SINCE.to(slug=election.slug) + (f"?{urlencode(asked)}" if asked else "")


def board_url(election: Election, convention: Convention, **asked: str) -> str:
    """The overview with its board narrowed to what is ``asked`` for: ``gained="PP53"``."""
    kept = {} if convention.key == election.convention else {"convention": convention.key}
    return f"{OVERVIEW.to(slug=election.slug)}?{urlencode({**kept, **asked})}"


def watch_url(election: Election, council_id: str, convention: Convention) -> str:
    """The dashboard with a council on the watch list."""
    asked = {} if convention.key == election.convention else {"convention": convention.key}
    return f"{OVERVIEW.to(slug=election.slug)}?{urlencode({**asked, 'watch': council_id})}"


def council_url(election: Election, council_id: str, convention: Convention) -> str:
    """A council's page, under the convention the reader has chosen."""
    return COUNCIL.to(slug=election.slug, council_id=council_id) + chosen(election, convention)


def contest_url(election: Election, ballot_id: str, convention: Convention) -> str:
    """A contest's page, under the convention the reader has chosen."""
    return CONTEST.to(slug=election.slug, ballot_id=ballot_id) + chosen(election, convention)


def why_url(
    election: Election, convention: Convention, *, council_id: str | None = None, group: str | None = None
) -> str:
    """The receipt of a council's badge, of a row of the scoreboard, or without either of the figures of the night."""
    if council_id is not None:
        path = COUNCIL_WHY.to(slug=election.slug, council_id=council_id)
    elif group is not None:
        path = PARTY_WHY.to(slug=election.slug, party=group)
    else:
        path = NIGHT_WHY.to(slug=election.slug)
    return path + chosen(election, convention)


def chosen(election: Election, convention: Convention) -> str:
    """The query that keeps a convention; nothing for the election's default one."""
    return "" if convention.key == election.convention else "?" + urlencode({"convention": convention.key})
