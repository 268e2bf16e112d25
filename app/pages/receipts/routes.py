"""Receipts over HTTP: why a council, a party's row and the night are told as they are."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.addresses import COUNCIL_WHY, NIGHT_WHY, PARTY_WHY
from app.domain.night import Night
from app.pages.addresses import why_url
from app.pages.environment import showing
from app.pages.receipts.view import council_why_page, night_why_page, party_why_page
from app.pages.sharing import Place, Share, council_share, night_share, why_share
from app.web.framing import frame_of, place_of
from app.web.parts import Asked, AskedFor, group_asked
from app.web.past import answered

receipt_pages = APIRouter(include_in_schema=False)


@receipt_pages.get(COUNCIL_WHY.path)
async def council_why(request: Request, asked: AskedFor, council_id: str) -> Response:
    """Why a council's badge is what it is."""
    shown, place, convention = (
        await asked.shown(council_id, parts=lambda _: ()),
        place_of(request, asked),
        asked.convention,
    )
    night = shown.night
    with showing(request.url.path):
        path = why_url(night.election, convention, council_id=council_id)
        share = why_share(council_share(night, council_id, convention, place), path, place)
        frame = frame_of(asked, place, shown, share, council_id=council_id)
        parts, time_of = asked.parts, asked.publication.time_of
        page = council_why_page(parts.environment, night, council_id, convention, shown.fragments, frame, time_of)
    return answered(request, asked, page)


@receipt_pages.get(PARTY_WHY.path)
async def party_why(request: Request, asked: AskedFor, party: str) -> Response:
    """Why a party, or NOC, has its row of the scoreboard."""
    group = group_asked(asked, party)
    shown, place, convention = await asked.shown(None, parts=lambda _: ()), place_of(request, asked), asked.convention
    night = shown.night
    with showing(request.url.path):
        path = why_url(night.election, convention, group=group)
        frame = frame_of(asked, place, shown, _why_share(asked, night, path, place))
        parts, time_of = asked.parts, asked.publication.time_of
        page = party_why_page(parts.environment, night, group, convention, shown.fragments, frame, time_of)
    return answered(request, asked, page)


@receipt_pages.get(NIGHT_WHY.path)
async def night_why(request: Request, asked: AskedFor) -> Response:
    """Why the figures of the night are what they are."""
    shown, place, convention = await asked.shown(None, parts=lambda _: ()), place_of(request, asked), asked.convention
    night = shown.night
    with showing(request.url.path):
        path = why_url(night.election, convention)
        frame = frame_of(asked, place, shown, _why_share(asked, night, path, place))
        parts, time_of = asked.parts, asked.publication.time_of
        page = night_why_page(parts.environment, night, convention, shown.fragments, frame, time_of)
    return answered(request, asked, page)


def _why_share(asked: Asked, night: Night, path: str, place: Place) -> Share:
    return why_share(night_share(night, asked.publication.time_of(night.seq), asked.convention, place), path, place)
