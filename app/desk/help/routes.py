"""The keys and the codes, for whoever is at the desk: the dialog that ``?`` opens, as a page."""

from starlette.requests import Request
from starlette.responses import Response

from app.desk.parts import frame_of, page
from app.pages.environment import render
from app.web.parts import parts_of
from app.web.signing_in.access import DeskRouter, SignedIn
from app.wording.checks import CHECKS

desk_help = DeskRouter()


@desk_help.get("/help")
async def help_page(request: Request, signed: SignedIn) -> Response:
    """What every key does, and what is asked or refused under each code."""
    parts = parts_of(request)
    values = {"frame": frame_of(parts, signed), "checks": CHECKS}
    return page(render(parts.environment, "desk/help/help.html", values))
