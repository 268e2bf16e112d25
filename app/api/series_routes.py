"""Seats and councils over the night, over HTTP: as JSON, and as a file for charts."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.addresses import API_SERIES, API_SERIES_CSV
from app.api.routes import MEDIA_TYPE
from app.api.series import MOST_POINTS, USUAL_POINTS, series_view
from app.api.values import marked
from app.bundles.forms import CSV
from app.bundles.series_export import series_csv
from app.domain.series import Point, evenly, points
from app.feeds.routes import as_file
from app.process.strict_json import compact_json
from app.process.turns import Steps, collected
from app.web.errors import PROBLEMS
from app.web.parts import Asked, AskedFor, Digits

series = APIRouter(tags=["results"])

PointsAsked = Annotated[
    int, Digits, Query(alias="points", ge=2, le=MOST_POINTS, description="At most so many, spread evenly.")
]


@series.get(API_SERIES.path, responses=PROBLEMS)
async def read_series(asked: AskedFor, most: PointsAsked = USUAL_POINTS) -> Response:
    """Seats and councils by party as the scoreboard said them over the night, and its changes of control."""
    found = await asked.parts.turns.through(_points(asked, most))
    of, epoch = len(asked.score_changes), asked.publication.epoch
    view = series_view(asked.night, found, of, epoch=epoch, convention=asked.convention)
    text = compact_json(marked(view, rehearsal=asked.parts.settings.rehearsal, past=asked.moment))
    return Response(text, media_type=MEDIA_TYPE)


@series.get(API_SERIES_CSV.path, response_class=Response, responses=as_file(CSV))
async def series_file(asked: AskedFor, most: PointsAsked = USUAL_POINTS) -> Response:
    """The same, a row a point."""
    found, rehearsal = await asked.parts.turns.through(_points(asked, most)), asked.parts.settings.rehearsal
    written = series_csv(asked.night, found, asked.convention, rehearsal=rehearsal)
    text = "".join(await asked.parts.turns.through(collected(written)))
    test, moment = "TEST-" if rehearsal else "", f"-at-{asked.at}" if asked.at is not None else ""
    name = f"{test}{asked.night.election.slug}{moment}-series.csv"
    return Response(text, media_type=CSV, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _points(asked: Asked, most: int) -> Steps[list[Point]]:
    changes = asked.score_changes
    return collected(points(changes, evenly(len(changes), most)))
