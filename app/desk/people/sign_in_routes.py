"""Coming in and going out: the login, signing out, and the sessions there are."""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.desk.entry.typed import text
from app.desk.forms import form_of
from app.desk.parts import frame_of, reading, written
from app.desk.people.view import login_page, sessions_page
from app.store import audit, sessions
from app.store.audit import Actor, Kind
from app.web.errors import Problem
from app.web.parts import parts_of
from app.web.signing_in.access import (
    Anybody,
    DeskRouter,
    Signed,
    SignedIn,
    address_of,
    forget_session,
    keep_session,
    local_page,
)
from app.web.signing_in.logins import TooManyTries, network

desk_access = DeskRouter()

WRONG = "That name and password do not belong together. Capitals count in the password."

LARGEST_LOGIN = 8 * 1024
"""Bytes: of strangers nothing longer is waited for."""

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
    form = await form_of(request, largest=LARGEST_LOGIN)
    name, password, wanted = text(form, "name"), form.get("password", [""])[-1], local_page(text(form, "next"))
    if not name or not password:
        return _login(request, wanted, name=name, wrong="Type your name and your password.", status=422)
    parts, address = parts_of(request), address_of(request)
    try:
        account = await parts.logins.sign_in(parts.store, name, password, address=address)
    except TooManyTries as error:
        _failed(request, name, refused=True)
        return _login(request, wanted, name=name, wait=math.ceil(error.seconds), status=429)
    if account is None:
        _failed(request, name, refused=False)
        return _login(request, wanted, name=name, wrong=WRONG, status=401)
    response = RedirectResponse(wanted, 303)
    keep_session(request, response, await written(request, _signing_in(request, account.name, signed)))
    parts.metrics.logins.labels("signed_in").inc()
    return response


def _signing_in(request: Request, name: str, before: Signed | None) -> Callable[[Connection], str]:
    """Opens a session of ``name`` and ends the one ``before``; gives the new one's token."""
    agent, address, now = request.headers.get("User-Agent", ""), address_of(request), datetime.now(UTC)

    def sign_in(connection: Connection) -> str:
        token = sessions.open_session(connection, name, now=now, address=address, user_agent=agent)
        if before is not None and sessions.revoke_session(connection, before.session_id, now=now):
            audit.record(connection, Kind.SIGNED_OUT, before.actor, now=now)
        browser = {"browser": agent[: sessions.LONGEST_AGENT]}
        audit.record(connection, Kind.SIGNED_IN, Actor(name, address), details=browser, now=now)
        return token

    return sign_in


def _failed(request: Request, name: str, *, refused: bool) -> None:
    parts = parts_of(request)
    parts.metrics.logins.labels("refused" if refused else "failed").inc()
    parts.logins.failures.note(parts.declaring.writer, name, network(address_of(request)), refused=refused)


@desk_access.post("/logout")
async def sign_out(request: Request, signed: Anybody) -> Response:
    """The session is over, here and in the database."""
    response = RedirectResponse("/desk/login", 303)
    forget_session(request, response)
    if signed is not None:
        await written(request, lambda it: _sign_out(it, signed))
    return response


@desk_access.get("/sessions")
async def list_sessions(request: Request, signed: SignedIn) -> Response:
    """Who is signed in, from where: of editors' reach everybody, of others' they themselves."""
    own = None if signed.may_edit else signed.name
    listed = await reading(request, lambda it: sessions.sessions(it, now=datetime.now(UTC), staff_name=own))
    parts = parts_of(request)
    return HTMLResponse(sessions_page(parts.environment, listed, frame_of(parts, signed, "sessions")))


@desk_access.post("/sessions/others/revoke")
async def end_other_sessions(request: Request, signed: SignedIn) -> Response:
    """One stays signed in here alone."""

    def end(connection: Connection) -> None:
        ended = sessions.revoke_sessions(connection, signed.name, now=datetime.now(UTC), but=signed.session_id)
        if ended:
            details = {"sessions_ended": ended}
            audit.record(connection, Kind.SESSION_ENDED, signed.actor, subject=signed.name, details=details)

    await written(request, end)
    return RedirectResponse("/desk/sessions", 303)


@desk_access.post("/sessions/{session_id}/revoke")
async def end_session(request: Request, session_id: RowId, signed: SignedIn) -> Response:
    """A session is over: one's own, or for editors anybody's."""
    own = None if signed.may_edit else signed.name

    def end(connection: Connection) -> str | None:
        whose = sessions.revoke_session(connection, session_id, now=datetime.now(UTC), staff_name=own)
        if whose is not None:
            audit.record(connection, Kind.SESSION_ENDED, signed.actor, subject=whose, details={"sessions_ended": 1})
        return whose

    if await written(request, end) is None:
        raise Problem(404, "There is no such session, or it is over already.")
    return RedirectResponse("/desk/sessions", 303)


def _sign_out(connection: Connection, signed: Signed) -> None:
    if sessions.revoke_session(connection, signed.session_id, now=datetime.now(UTC)):
        audit.record(connection, Kind.SIGNED_OUT, signed.actor)


def _login(
    request: Request, wanted: str, *, name: str = "", wrong: str = "", wait: int = 0, status: int = 200
) -> Response:
    """The form, with what went wrong: words, or the seconds to wait."""
    parts = parts_of(request)
    page = login_page(parts.environment, frame_of(parts, None), wanted=wanted, name=name, wrong=wrong, wait=wait)
    headers = {"Retry-After": str(wait)} if wait else None
    return HTMLResponse(page, status, headers=headers)
