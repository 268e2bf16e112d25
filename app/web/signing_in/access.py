"""Who may: API tokens for posting, sessions for the desk. Only the hash of either is kept.

Every route of the desk says who may use it, by a parameter::

    @router.get("/staff")
    async def staff_page(request: Request, signed: MayEdit) -> Response: ...

A ``DeskRouter`` refuses a route that doesn't. Whatever changes something is taken from pages of our own alone.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import APIRouter, Depends
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from app.addresses import DESK
from app.store import sessions, tokens
from app.store.audit import Actor
from app.store.errors import StoreError
from app.store.staff import Role
from app.web.errors import Problem
from app.web.parts import own_address, parts_of

SEEN_AGAIN = timedelta(minutes=1)
"""How old the time of the last use may be until it is written anew: not every request is a write."""

LOGIN = f"{DESK}/login"

_PAGE_OF_THE_DESK = re.compile(r"/desk(?:/[\w.~%-]+)*/?(?:\?[\w.~%&=+:/-]*)?", re.ASCII)

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def token_of(request: Request, slug: str) -> tokens.Token:
    """The token that ``request`` carries, for the election ``slug``.

    401 where it carries none that is known and in force; 403 for one of another election.
    """
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Problem(
            401,
            "Post with “Authorization: Bearer TOKEN”; `declared token add NAME --scope declare` makes a token.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    parts = parts_of(request)
    token = await parts.tokens.find(parts.store, secret.strip())
    ended = "is not known" if token is None else token.ended(datetime.now(UTC))
    if token is None or ended:
        raise Problem(
            401,
            f"This token {ended}; `declared token add` makes another one.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )
    if token.slug not in {None, slug}:
        raise Problem(403, f"This token is for the election “{token.slug}”, and not for “{slug}”.")
    parts.token_uses.note(token, address_of(request))
    return token


def address_of(request: Request) -> str:
    """Where ``request`` comes from, as far as is known: empty for a Unix socket."""
    return request.client.host if request.client else ""


@dataclass(frozen=True, slots=True)
class Signed:
    """Who is signed in: a name, what that person may do at this moment, the session it is known by, and from where."""

    name: str
    role: Role
    session_id: int

    address: str = ""

    @property
    def actor(self) -> Actor:
        """For the audit."""
        return Actor(self.name, self.address)

    @property
    def may_check(self) -> bool:
        return self.role in {Role.CHECKER, Role.EDITOR}

    @property
    def may_edit(self) -> bool:
        return self.role is Role.EDITOR

    @property
    def is_reporter(self) -> bool:
        """Whether there is nothing here for them but their councils."""
        return self.role is Role.REPORTER

    @property
    def may_tell_status(self) -> bool:
        return self.role in {Role.EDITOR, Role.REPORTER}


@dataclass(frozen=True, slots=True)
class _SignedIn:
    """The dependency behind ``signed_in``; a class, so that a router can see that a route has it."""

    roles: frozenset[Role]

    async def __call__(self, request: Request) -> Signed:
        refuse_strangers(request)
        signed = await signed_of(request)
        if signed is None:
            raise _signed_out(request)
        if signed.role not in self.roles:
            may = " and ".join(f"{role}s" for role in Role if role in self.roles)
            raise Problem(403, f"You are signed in as {signed.role}; this is for {may}.")
        return signed


@dataclass(frozen=True, slots=True)
class _OpenToAll:
    """The dependency of what the desk shows to those who are signed out: whoever is signed in, if anybody."""

    async def __call__(self, request: Request) -> Signed | None:
        refuse_strangers(request)
        return await signed_of(request)


def signed_in(*roles: Role) -> Callable[[Request], Any]:
    """A dependency that lets ``roles`` in and gives their Signed.

    Signed out, a page leads to the login (303) and anything else is 401; another role is 403, and so is whatever would
    change something and does not come from a page of ours. TypeError without roles.
    """
    if not roles:
        raise TypeError("Say which roles may.")
    return _SignedIn(frozenset(roles))


SignedIn = Annotated[Signed, Depends(signed_in(*Role))]
"""Whoever is signed in, reporters too."""
AtAnyCouncil = Annotated[Signed, Depends(signed_in(Role.KEYER, Role.CHECKER, Role.EDITOR))]
"""Who works for all councils: everybody but reporters."""
MayTellStatus = Annotated[Signed, Depends(signed_in(Role.EDITOR, Role.REPORTER))]
"""Editors, and reporters for their councils."""
MayCheck = Annotated[Signed, Depends(signed_in(Role.CHECKER, Role.EDITOR))]
"""Checkers and editors."""
MayEdit = Annotated[Signed, Depends(signed_in(Role.EDITOR))]
"""Editors."""
Anybody = Annotated[Signed | None, Depends(_OpenToAll())]
"""Everybody, signed in (then who) or not (None)."""


class DeskRoute(APIRoute):
    """A route of the desk; TypeError for one whose function does not take a SignedIn, MayCheck, MayEdit or Anybody."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        if not any(isinstance(call, _SignedIn | _OpenToAll) for call in _called(self.dependant)):
            raise TypeError(f"{endpoint.__module__}.{endpoint.__name__} does not say who may use {path}.")


class DeskRouter(APIRouter):
    """Routes below ``/desk``, each of which says who may use it."""

    def __init__(self) -> None:
        super().__init__(prefix=DESK, include_in_schema=False, route_class=DeskRoute)


async def signed_of(request: Request) -> Signed | None:
    """Who ``request`` comes from; None where nobody is signed in, or not any more."""
    token = request.cookies.get(cookie_name(request))
    if not token:
        return None
    parts, now = parts_of(request), datetime.now(UTC)

    def find() -> sessions.Session | None:
        with parts.store.reading() as connection:
            return sessions.find_session(connection, token, now=now)

    session = await asyncio.to_thread(find)
    if session is None:
        return None
    if now - session.last_seen_at > SEEN_AGAIN:
        # Nobody waits for it, and nobody is refused where it cannot be written.
        with suppress(StoreError):
            parts.declaring.writer.submit(lambda it: sessions.note_seen(it, session.session_id, now=now))
    signed = Signed(session.staff_name, session.role, session.session_id, address_of(request))
    request.state.signed = signed
    return signed


def refuse_strangers(request: Request) -> None:
    """403 for what would change something and does not come from a page of ours.

    Every browser says where a request comes from: in Sec-Fetch-Site, or where our own address is plain HTTP, which
    browsers trust less, in Origin.
    """
    if request.method in _SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        is_ours = site in {"same-origin", "none"}
    else:
        ours = {own_address(request), f"{request.url.scheme}://{request.url.netloc}"}
        is_ours = request.headers.get("Origin") in ours
    if not is_ours:
        raise Problem(403, "This came from somewhere else than our own pages, and was not done.")


def wants_page(request: Request) -> bool:
    """Whether a person waits for a page, and not a script for an answer."""
    accepted = request.headers.get("Accept", "*/*")
    # A page that a service worker fetches for somebody goes nowhere by itself, and is navigated to all the same.
    goes_nowhere = request.headers.get("Sec-Fetch-Dest") == "empty"
    if "HX-Request" in request.headers or (goes_nowhere and request.headers.get("Sec-Fetch-Mode") != "navigate"):
        return False
    return "text/html" in accepted or (request.method in _SAFE_METHODS and "*/*" in accepted)


def local_page(address: str | None) -> str:
    """``address``, if it is a page of the desk that a login may lead back to; else the desk itself."""
    if not address or not _PAGE_OF_THE_DESK.fullmatch(address):
        return DESK
    path = address.partition("?")[0]
    if path == LOGIN or any(unquote(part) in {".", ".."} for part in path.split("/")):
        return DESK
    return address


def login_address(request: Request) -> str:
    """The login that leads back to the page that ``request`` is for, or was sent from."""
    here = quote(request.url.path) + (f"?{request.url.query}" if request.url.query else "")
    if request.method not in _SAFE_METHODS:
        here = request.headers.get("Referer", "").removeprefix(own_address(request))
    page = local_page(here)
    return LOGIN if page == DESK else f"{LOGIN}?next={quote(page, safe='/')}"


def cookie_name(request: Request) -> str:
    """The name of the session's cookie; with the prefix, no other host of our domain can set it."""
    return "__Host-declared" if _is_secure(request) else "declared"


def keep_session(request: Request, response: Response, token: str) -> None:
    """Has the browser keep a session's token."""
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=round(sessions.LASTING.total_seconds()),
        path="/",
        secure=_is_secure(request),
        httponly=True,
        samesite="lax",
    )


def forget_session(request: Request, response: Response) -> None:
    """Has the browser forget it."""
    response.delete_cookie(cookie_name(request), path="/", secure=_is_secure(request), httponly=True, samesite="lax")


def _is_secure(request: Request) -> bool:
    return own_address(request).startswith("https://")


def _signed_out(request: Request) -> Problem:
    if request.method in {"GET", "HEAD"} and wants_page(request):
        return Problem(303, "Sign in first.", headers={"Location": login_address(request)})
    return Problem(401, "You are not signed in, or not any more.", headers={"WWW-Authenticate": "Cookie"})


def _called(dependant: Dependant) -> Iterator[Any]:
    """Whatever is called before a route's function, however deep."""
    for dependency in dependant.dependencies:
        yield dependency.call
        yield from _called(dependency)
