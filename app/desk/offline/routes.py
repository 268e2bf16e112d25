"""The service worker of the desk, what it is to keep, and the page for what it has not kept."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.desk.offline.view import STANDS_IN, addresses_to_keep, offline_page, worker_script
from app.desk.parts import SomeCouncils, page
from app.pages.environment import assets_of
from app.web.parts import parts_of
from app.web.signing_in.access import Anybody, DeskRouter

desk_offline = DeskRouter()

OF_THE_WORKER = {"Service-Worker-Allowed": "/desk", "Cache-Control": "no-cache"}
"""It has the desk alone, and a new release is asked for whenever one looks."""


@desk_offline.get("/sw.js")
async def worker(request: Request, _signed: Anybody) -> Response:
    """The service worker of this release."""
    script = worker_script(assets_of(parts_of(request).environment))
    return Response(script, headers=OF_THE_WORKER, media_type="text/javascript")


@desk_offline.get(STANDS_IN.removeprefix("/desk"))
async def stand_in(request: Request, _signed: Anybody) -> Response:
    """What is shown without a network for a page that was not kept."""
    return page(offline_page(parts_of(request).environment))


@desk_offline.get("/{slug}/offline.json")
async def to_keep(at: SomeCouncils, council: str = "") -> Response:
    """The addresses of pages to keep: of a reporter's councils, else of the one that somebody is at."""
    wanted = at.councils if at.councils is not None else {council}
    councils = [own for own in at.election.councils.values() if own.council_id in wanted]
    addresses = addresses_to_keep(at.night, councils, with_statuses=at.signed.is_reporter)
    return JSONResponse({"addresses": [*addresses]})
