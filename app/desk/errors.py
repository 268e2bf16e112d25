"""What the desk answers when something goes wrong."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.desk.parts import frame_of
from app.pages.environment import render
from app.web.errors import OUT_OF_REACH, Problem
from app.web.parts import parts_of
from app.web.signing_in.access import login_address, wants_page

HEADLINES = {
    401: "You are signed out",
    403: "That was not done",
    404: "There is nothing at this address",
    409: "Something else stands",
    413: "That is too much at once",
    422: "That cannot be used",
    429: "Too many tries",
    500: "Something went wrong here",
    503: "Not available just now",
}

NOT_JUST_NOW = "The database cannot be used just now. Try again in a moment; what you typed is kept in this browser."
"""For people, who have no idempotency key to post with again: their form has."""


def desk_error_response(request: Request, problem: Problem) -> Response:
    """What went wrong at the desk: a page for a person, ``application/problem+json`` for a script."""
    if problem.status == 303:
        return RedirectResponse(problem.headers["Location"], 303)
    if not wants_page(request):
        return problem.response()
    parts = parts_of(request)
    values = {
        "frame": frame_of(parts, getattr(request.state, "signed", None)),
        "status": problem.status,
        "headline": HEADLINES.get(problem.status, HTTPStatus(problem.status).phrase),
        "detail": NOT_JUST_NOW if problem.detail == OUT_OF_REACH else problem.detail,
        # Where to sign in; empty where that would not help.
        "login": login_address(request) if problem.status == 401 else "",
    }
    page = render(parts.environment, "desk/error.html", values)
    return HTMLResponse(page, problem.status, headers=problem.headers)
