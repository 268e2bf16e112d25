"""The source for vision mixers over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.addresses import BROADCAST, OVERVIEW
from app.pages.broadcast.view import BroadcastLook, OnAir, broadcast_page
from app.pages.environment import showing
from app.pages.frame import PageFrame
from app.web.parts import AskedFor, Digits, not_current_line, own_address
from app.web.past import answered, as_at_of, past_of

broadcasting = APIRouter(include_in_schema=False)


@broadcasting.get(BROADCAST.path)
async def broadcast(
    request: Request,
    asked: AskedFor,
    show: OnAir = OnAir.ALL,
    scale: Annotated[int, Digits, Query(ge=50, le=200)] = 100,
    parties: Annotated[int, Digits, Query(ge=1, le=12)] = 6,
) -> Response:
    """All of it, or what is to be shown; 422 for what there is not to show."""
    shown = await asked.shown(None, parts=lambda _: ())
    night = shown.night
    frame = PageFrame(
        night.election,
        live_url=shown.live_url,
        rehearsal=asked.parts.settings.rehearsal,
        not_current=not_current_line(asked),
        past=past_of(asked, f"{own_address(request)}{OVERVIEW.to(slug=night.election.slug)}"),
        as_at=as_at_of(asked, night),
    )
    with showing(request.url.path):
        look = BroadcastLook(show, scale, parties)
        page = broadcast_page(asked.parts.environment, night, asked.convention, shown.fragments, frame, look)
    return answered(request, asked, page)
