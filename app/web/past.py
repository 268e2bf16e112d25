"""Pages of the past over HTTP: what marks them, and where they lead."""

from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.pages.past import Past, with_moment
from app.web.parts import Asked
from app.wording.past import past_lead, past_mark, past_time


def past_of(asked: Asked, now: str) -> Past | None:
    """What marks a page of the past; ``now`` is the absolute address of the page as it stands."""
    if asked.moment is None:
        return None
    seq, at = asked.moment
    return Past(seq, past_lead(seq), past_time(asked.night.election, at), past_mark(seq), now)


def answered(request: Request, asked: Asked, page: str) -> HTMLResponse:
    """``page``, which leads to the moment that is asked for."""
    return HTMLResponse(page if asked.at is None else with_moment(page, request.url.path, asked.at))
