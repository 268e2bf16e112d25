"""The customiser over HTTP: a form that is asked for, so that it works without scripts, and can be linked to."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.addresses import CUSTOMISER
from app.pages.embed.codes import Pasted
from app.pages.embed.customiser import Customised, CustomiserQuery, customiser_page
from app.pages.embed.oembed_routes import share_of
from app.pages.environment import showing
from app.pages.frame import PageFrame
from app.web.errors import Problem
from app.web.framing import place_of
from app.web.parts import asked, own_address, parts_of

customising = APIRouter(include_in_schema=False)


@customising.get(CUSTOMISER.path)
async def customiser(request: Request) -> Response:
    """404 for an election that there is not; whatever else cannot be is told beside its field."""
    parts, query = parts_of(request), CustomiserQuery.read(request.query_params)
    elections = sorted(
        (it.election for it in parts.newsroom.publications), key=lambda it: (it.polling_date, it.name), reverse=True
    )
    if not elections:
        raise Problem(404, "No election is loaded yet, and so there is no widget to choose.")
    slug = query.election or elections[0].slug
    known = parts.newsroom.publication(slug).election.conventions
    found = await asked(request, slug, query.convention if query.convention in known else None)
    place, night = place_of(request, found), found.night
    with showing(request.url.path):
        custom = Customised.of(night, found.convention, query)
        share = await share_of(found, custom.widget, place)
        at = found.publication.time_of(night.seq)
        pasted = Pasted(place, night, custom.widget, share, at, custom.width)
        frame = PageFrame(
            night.election,
            canonical_url=f"{own_address(request)}{CUSTOMISER.path}",
            rehearsal=place.rehearsal,
            convention=found.chosen,
        )
        page = customiser_page(parts.environment, elections, custom, pasted, frame, query)
    return HTMLResponse(page)
