"""The pages of rankings: the list of them, and each as a table."""

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from app.addresses import API_RANKING, API_RANKING_CSV
from app.domain.election import Convention, Election
from app.domain.night import Night
from app.domain.rankings import NOT_NARROWED, Ranking, RankingQuery, RankingTable, first_rows, ranking_table, states_of
from app.pages.addresses import ranking_query, ranking_url, rankings_url
from app.pages.drawn import DRAWN
from app.pages.environment import rendering
from app.pages.frame import PageFrame
from app.pages.overview.board import regions
from app.pages.rankings.columns import RankingColumns, copied
from app.process.turns import Steps
from app.wording.figures import sentence, with_article
from app.wording.rankings import nothing_ranked, ranking_covers, ranking_explained, ranking_name, ranking_shown

MOST_ROWS = 50
"""Of a page: what is more is in the files, but nobody is cut off among equals."""


def rankings_page(
    environment: Environment, night: Night, convention: Convention, fragments: Mapping[str, str], frame: PageFrame
) -> Steps[str]:
    """The list of them, as a page; ``fragments`` are those of the dashboard."""
    election = night.election
    listed = [(ranking_name(election, it), ranking_explained(election, it), it) for it in Ranking]
    values = {
        "frame": frame,
        "election": election,
        "convention": convention,
        "conventions": [(it, rankings_url(election, it)) for it in election.conventions.values()],
        "rankings": [(name, told, ranking_url(election, it, convention)) for name, told, it in listed],
        "drawn": Markup(fragments[DRAWN]),
    }
    return (yield from rendering(environment, "rankings/index.html", values))


def ranking_page(
    environment: Environment,
    night: Night,
    convention: Convention,
    fragments: Mapping[str, str],
    frame: PageFrame,
    ranking: Ranking,
    query: RankingQuery,
) -> Steps[str]:
    """A ranking, narrowed to what ``query``, which is known, asks for; who is elected is told of one council at a time.

    ``fragments`` are those of the dashboard.
    """
    election = night.election
    needs_council = ranking is Ranking.ELECTED and not query.council and len(night.councils) > 1
    table = yield from ranking_table(night, ranking, convention.key, query)
    rows = () if needs_council else first_rows(table.rows, MOST_ROWS)
    columns = RankingColumns(election, ranking, convention).all()
    cells = [[column.cell(row) for column in columns] for row in rows]
    yield
    values = {
        "frame": frame,
        "election": election,
        "convention": convention,
        "name": ranking_name(election, ranking),
        "explained": ranking_explained(election, ranking),
        "covers": ranking_covers(election, ranking, table),
        "shown": "" if needs_council else ranking_shown(len(rows), len(table.rows)),
        "nothing": _nothing(election, ranking, query, table, needs_council=needs_council),
        "columns": columns,
        "rows": cells,
        "copied": copied(columns, cells),
        "query": query,
        "fields": list(_fields(night, ranking)),
        **_links(election, convention, ranking, query),
        "drawn": Markup(fragments[DRAWN]),
    }
    return (yield from rendering(environment, "rankings/page.html", values))


def _links(election: Election, convention: Convention, ranking: Ranking, query: RankingQuery) -> dict[str, Any]:
    """To the other rankings, other conventions and the files; each asks for the same."""
    asked, api = ranking_query(election, convention, query), {"slug": election.slug, "ranking": ranking.value}
    return {
        "conventions": [(it, ranking_url(election, ranking, it, query)) for it in election.conventions.values()],
        "rankings": [
            (ranking_name(election, it), ranking_url(election, it, convention, query), it is ranking) for it in Ranking
        ],
        "all_rankings": rankings_url(election, convention),
        "action": ranking_url(election, ranking, convention).partition("?")[0],
        "csv": API_RANKING_CSV.to(**api) + asked,
        "json": API_RANKING.to(**api) + asked,
    }


def _nothing(
    election: Election, ranking: Ranking, query: RankingQuery, table: RankingTable, *, needs_council: bool
) -> str:
    """What stands in the place of the rows; empty where there are some."""
    if needs_council:
        return f"Choose {with_article(election.words.body)} to see who is elected there."
    return "" if table.rows else nothing_ranked(ranking, is_narrowed=query != NOT_NARROWED)


def _fields(night: Night, ranking: Ranking) -> Iterator[tuple[str, str, str, list[tuple[str, str]]]]:
    """What it can be narrowed by: name, label, what asks for all of them, and the choices."""
    election, states = night.election, states_of(night, ranking)
    groups = [group for group in election.groups if group in election.groups_present]
    yield "party", "Party", "Any party", [(group, election.party(group).name) for group in groups]
    if found := regions(states):
        yield "region", "Region", "Any region", [(region, region) for region in found]
    if len(states) > 1:
        body = election.words.body
        councils = sorted((state.council.name, state.council_id) for state in states)
        yield "council", sentence(body), f"Any {body}", [(council_id, name) for name, council_id in councils]
