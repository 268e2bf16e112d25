"""Receipts over HTTP: of a council, of a row of the scoreboard, and of the night."""

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from app.addresses import API_COUNCIL_WHY, API_NIGHT_WHY, API_PARTY_WHY
from app.api.receipts import council_why_view, night_why_view, party_why_view
from app.api.values import JsonObject, marked
from app.web.errors import PROBLEMS
from app.web.parts import Asked, AskedFor, group_asked

receipts = APIRouter(tags=["results"])


@receipts.get(API_NIGHT_WHY.path, responses=PROBLEMS)
async def read_night_why(asked: AskedFor) -> Response:
    """What progress and turnout of the night are the sums of, council by council."""
    return _answer(asked, night_why_view(asked.night, asked.convention, asked.publication.time_of))


@receipts.get(API_PARTY_WHY.path, responses=PROBLEMS)
async def read_party_why(asked: AskedFor, party: str) -> Response:
    """What a row of the scoreboard is the sum of, council by council; `party` may be `NOC`."""
    group = group_asked(asked, party)
    return _answer(asked, party_why_view(asked.night, group, asked.convention, asked.publication.time_of))


@receipts.get(API_COUNCIL_WHY.path, responses=PROBLEMS)
async def read_council_why(asked: AskedFor, council_id: str) -> Response:
    """What a council's seats add up from, entry by entry, who can reach the line, and what each house says."""
    return _answer(asked, council_why_view(asked.night, council_id, asked.convention, asked.publication.time_of))


def _answer(asked: Asked, view: JsonObject) -> Response:
    return JSONResponse(marked(view, rehearsal=asked.parts.settings.rehearsal, past=asked.moment))
