"""Rankings over HTTP: as JSON, and as files for spreadsheets."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.addresses import API_RANKING, API_RANKING_CSV
from app.api.rankings import ranked_view, ranking_head_view
from app.api.routes import MEDIA_TYPE
from app.api.values import marked
from app.bundles.exporting import BYTE_ORDER_MARK, heading, lines
from app.bundles.forms import CSV
from app.bundles.rankings_export import RANKING_COLUMNS, ranking_row
from app.domain.rankings import Ranking, RankingQuery, RankingTable, ranking_table
from app.feeds.routes import as_file
from app.process.strict_json import compact_json
from app.process.turns import Steps, collected
from app.web.errors import PROBLEMS
from app.web.parts import Asked, AskedFor

rankings = APIRouter(tags=["results"])

PartyAsked = Annotated[str, Query(description="Of this party, by id or short name; an unknown one asks for nothing.")]
RegionAsked = Annotated[str, Query(description="Of councils of this region.")]
CouncilAsked = Annotated[str, Query(description="Of this council, by its id.")]


# Before the other: a router takes any name for that of a ranking.
@rankings.get(API_RANKING_CSV.path, response_class=Response, responses=as_file(CSV))
async def ranking_file(
    asked: AskedFor, ranking: str, party: PartyAsked = "", region: RegionAsked = "", council: CouncilAsked = ""
) -> Response:
    """A ranking, a row each."""
    which, query = Ranking.named(ranking), RankingQuery(party, region, council).known_to(asked.night.election)
    text = await asked.parts.turns.through(_csv(asked, which, query))
    test = "TEST-" if asked.parts.settings.rehearsal else ""
    moment = f"-at-{asked.at}" if asked.at is not None else ""
    name = f"{test}{asked.night.election.slug}{moment}-{which.value}.csv"
    return Response(text, media_type=CSV, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@rankings.get(API_RANKING.path, responses=PROBLEMS)
async def read_ranking(
    asked: AskedFor, ranking: str, party: PartyAsked = "", region: RegionAsked = "", council: CouncilAsked = ""
) -> Response:
    """A ranking of the night: all rows in order, those with the same figure in one place."""
    which, query = Ranking.named(ranking), RankingQuery(party, region, council).known_to(asked.night.election)
    text = await asked.parts.turns.through(_json(asked, which, query))
    return Response(text, media_type=MEDIA_TYPE)


def _table(asked: Asked, ranking: Ranking, query: RankingQuery) -> Steps[RankingTable]:
    return ranking_table(asked.night, ranking, asked.convention.key, query)


def _json(asked: Asked, ranking: Ranking, query: RankingQuery) -> Steps[str]:
    table = yield from _table(asked, ranking, query)
    epoch = asked.publication.epoch
    head = ranking_head_view(asked.night, ranking, asked.convention, query, table, epoch=epoch)
    beginning = compact_json(marked(head, rehearsal=asked.parts.settings.rehearsal, past=asked.moment))
    rows = yield from collected(compact_json(ranked_view(asked.night.election, row, ranking)) for row in table.rows)
    return f'{beginning[:-1]},"rows":[{",".join(rows)}]}}'


def _csv(asked: Asked, ranking: Ranking, query: RankingQuery) -> Steps[str]:
    table = yield from _table(asked, ranking, query)
    election, rehearsal = asked.night.election, asked.parts.settings.rehearsal
    written = yield from collected(
        lines(RANKING_COLUMNS, [ranking_row(election, row, ranking)], rehearsal=rehearsal) for row in table.rows
    )
    return "".join([BYTE_ORDER_MARK, heading(RANKING_COLUMNS, rehearsal=rehearsal), *written])
