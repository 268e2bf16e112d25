"""Coming in and going out: the login, signing out, and the sessions there are."""

import math
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.pages.desk_people import login_page, sessions_page
from app.store import sessions
from app.web.access import (
    Anybody,
    DeskRouter,
    Signed,
    SignedIn,
    forget_session,
    keep_session,
    local_page,
)
from app.web.desk_frame import desk_values, field, form_of, reading, written
from app.web.errors import Problem
from app.web.logins import TooManyTries
from app.web.parts import parts_of

desk_access = DeskRouter()

WRONG = "That name and password do not belong together. Capitals count in the password."

RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]
"""The number of a row, as far as both databases count."""


@desk_access.get("/login")
async def login(request: Request, signed: Anybody) -> Response:
    """The form; whoever is signed in already goes where it would have led."""
    wanted = local_page(request.query_params.get("next"))
    if signed is not None:
        return RedirectResponse(wanted, 303)
    return _login(request, wanted)


@desk_access.post("/login")
async def sign_in(request: Request, signed: Anybody) -> Response:
    """A new session for whoever knows the password, in the place of the one there was."""
    form = await form_of(request)
    name, password, wanted = field(form, "name"), form.get("password", [""])[-1], local_page(field(form, "next"))
    if not name or not password:
        return _login(request, wanted, name=name, wrong="Type your name and your password.", status=422)
    parts, address = parts_of(request), request.client.host if request.client else ""
    try:
        account = await parts.logins.sign_in(parts.store, name, password, address=address)
    except TooManyTries as error:
        return _login(request, wanted, name=name, wait=math.ceil(error.seconds), status=429)
    if account is None:
        return _login(request, wanted, name=name, wrong=WRONG, status=401)
    agent, now = request.headers.get("User-Agent", ""), datetime.now(UTC)
    response = RedirectResponse(wanted, 303)
    token = await written(
        request, lambda it: sessions.open_session(it, account.name, now=now, address=address, user_agent=agent)
    )
    if signed is not None:
        await written(request, lambda it: sessions.revoke_session(it, signed.session_id, now=now))
    keep_session(request, response, token)
    return response


@desk_access.post("/logout")
async def sign_out(request: Request, signed: Anybody) -> Response:
    """The session is over, here and in the database."""
    response = RedirectResponse("/desk/login", 303)
    forget_session(request, response)
    if signed is not None:
        await _end(request, signed.session_id)
    return response


@desk_access.get("/sessions")
async def list_sessions(request: Request, signed: SignedIn) -> Response:
    """Who is signed in, from where: of editors' reach everybody, of others' they themselves."""
    own = None if signed.may_edit else signed.name
    listed = await reading(request, lambda it: sessions.sessions(it, now=datetime.now(UTC), staff_name=own))
    environment = parts_of(request).environment
    return HTMLResponse(sessions_page(environment, listed, **desk_values(request, signed, "sessions")))


@desk_access.post("/sessions/others/revoke")
async def end_other_sessions(request: Request, signed: SignedIn) -> Response:
    """One stays signed in here alone."""
    now = datetime.now(UTC)
    await written(request, lambda it: sessions.revoke_sessions(it, signed.name, now=now, but=signed.session_id))
    return RedirectResponse("/desk/sessions", 303)


@desk_access.post("/sessions/{session_id}/revoke")
async def end_session(request: Request, session_id: RowId, signed: SignedIn) -> Response:
    """A session is over: one's own, or for editors anybody's."""
    if not await _end(request, session_id, signed):
        raise Problem(404, "There is no such session, or it is over already.")
    return RedirectResponse("/desk/sessions", 303)


async def _end(request: Request, session_id: int, by: Signed | None = None) -> bool:
    own = by.name if by is not None and not by.may_edit else None
    now = datetime.now(UTC)
    return await written(request, lambda it: sessions.revoke_session(it, session_id, now=now, staff_name=own))


def _login(
    request: Request, wanted: str, *, name: str = "", wrong: str = "", wait: int = 0, status: int = 200
) -> Response:
    """The form, with what went wrong: words, or the seconds to wait."""
    environment = parts_of(request).environment
    page = login_page(environment, wanted=wanted, name=name, wrong=wrong, wait=wait, **desk_values(request, None, ""))
    headers = {"Retry-After": str(wait)} if wait else None
    return HTMLResponse(page, status, headers=headers)
