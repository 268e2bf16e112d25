"""Every fragment of a page at once, for tests of what stands in them."""

from jinja2 import Environment

from app.domain.election import Convention
from app.domain.night import Night
from app.live.lists import html_of
from app.pages.contest.view import by_ward, contest_fragments
from app.pages.council.view import council_head_fragments
from app.pages.overview.view import council_row, night_fragments


def overview_fragments(environment: Environment, night: Night, convention: Convention) -> dict[str, str]:
    """Those of the dashboard."""
    rows = (council_row(environment, night, council_id, convention) for council_id in night.councils)
    whole = night_fragments(environment, night, convention)
    return {element: html_of(copy) for element, copy in whole.items()} | dict(rows)


def council_fragments(
    environment: Environment, night: Night, council_id: str, convention: Convention
) -> dict[str, str]:
    """Those of a council's channel: of its own page and of its contests' pages."""
    fragments = council_head_fragments(environment, night, council_id, convention)
    for contest in by_ward(night.election.council(council_id).contests):
        fragments |= contest_fragments(environment, night, contest.ballot_id)
    return fragments
