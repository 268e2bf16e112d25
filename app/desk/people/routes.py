"""What editors look after: the accounts of the desk, and the tokens of machines."""

import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.desk.entry.typed import text
from app.desk.forms import form_of
from app.desk.parts import frame_of, reading, written
from app.desk.people.sign_in_routes import RowId
from app.desk.people.view import person_page, staff_page, tokens_page
from app.domain.election import shared_zone
from app.domain.errors import UnknownElection
from app.store import people, reporting, staff, tokens
from app.store.errors import StaffRefused, TokenRefused
from app.store.staff import Role
from app.web.errors import Problem
from app.web.parts import parts_of
from app.web.signing_in.access import DeskRouter, MayEdit, Signed

desk_staff = DeskRouter()


@desk_staff.get("/staff")
async def list_staff(request: Request, signed: MayEdit) -> Response:
    """The accounts, and the form for another one."""
    return await _staff(request, signed)


@desk_staff.post("/staff")
async def add_staff(request: Request, signed: MayEdit) -> Response:
    """Another account; a password that was made here is shown this once."""
    form = await form_of(request)
    name, typed = text(form, "name"), form.get("password", [""])[-1]
    try:
        role = _role(text(form, "role"))
        password, password_hash = await _password(request, typed)
        added = await written(request, lambda it: people.add_account(it, name, role, password_hash, by=signed.actor))
    except StaffRefused as error:
        return await _staff(request, signed, wrong=str(error), typed_name=name)
    if typed:
        return RedirectResponse("/desk/staff", 303)
    return await _staff(request, signed, shown=(added.name, password))


@desk_staff.get("/staff/{name}")
async def read_person(request: Request, name: str, signed: MayEdit) -> Response:
    """One account, and what can be changed of it."""
    return await _person(request, signed, name)


@desk_staff.post("/staff/{name}/role")
async def change_role(request: Request, name: str, signed: MayEdit) -> Response:
    """Another role, from the next request of that person on."""
    form = await form_of(request)

    def change(connection: Connection) -> None:
        people.change_role(connection, name, _role(text(form, "role")), by=signed.actor)

    return await _changed(request, signed, name, change)


@desk_staff.post("/staff/{name}/councils")
async def give_councils(request: Request, name: str, signed: MayEdit) -> Response:
    """A reporter reports from the councils of an ``election`` that are ticked, and from no others of it."""
    form = await form_of(request)
    election = parts_of(request).newsroom.publication(text(form, "election")).election
    ticked = {election.council(council_id).council_id for council_id in form.get("council", ())}

    def change(connection: Connection) -> None:
        people.give_councils(connection, name, election.slug, ticked, by=signed.actor)

    return await _changed(request, signed, name, change)


@desk_staff.post("/staff/{name}/password")
async def change_password(request: Request, name: str, signed: MayEdit) -> Response:
    """Another password; whoever is signed in with the old one no longer is, except here."""
    typed = (await form_of(request)).get("password", [""])[-1]
    try:
        password, password_hash = await _password(request, typed)
    except StaffRefused as error:
        return await _person(request, signed, name, wrong=str(error))

    def change(connection: Connection) -> None:
        now = datetime.now(UTC)
        people.change_password(connection, name, password_hash, by=signed.actor, now=now, but=signed.session_id)

    return await _changed(request, signed, name, change, shown="" if typed else password)


@desk_staff.post("/staff/{name}/disable")
async def disable_person(request: Request, name: str, signed: MayEdit) -> Response:
    """That person is signed out, and cannot sign in any more."""
    now = datetime.now(UTC)

    def change(connection: Connection) -> None:
        people.disable_account(connection, name, by=signed.actor, now=now)

    return await _changed(request, signed, name, change)


@desk_staff.post("/staff/{name}/enable")
async def enable_person(request: Request, name: str, signed: MayEdit) -> Response:
    """That person can sign in again."""
    return await _changed(request, signed, name, lambda it: people.enable_account(it, name, by=signed.actor))


@desk_staff.get("/tokens")
async def list_tokens(request: Request, signed: MayEdit) -> Response:
    """The tokens that were given out, and the form for another one."""
    return await _tokens(request, signed)


@desk_staff.post("/tokens")
async def make_token(request: Request, signed: MayEdit) -> Response:
    """A token, shown this once."""
    form = await form_of(request)
    name, scope, slug = text(form, "name"), text(form, "scope"), text(form, "election") or None
    try:
        expires_at = _expiry(request, text(form, "expires"), slug)
        secret = await written(
            request,
            lambda it: people.give_token(it, name, scope, by=signed.actor, slug=slug, expires_at=expires_at),
        )
    except (TokenRefused, UnknownElection) as error:
        typed = {field_name: text(form, field_name) for field_name in ("name", "scope", "election", "expires")}
        return await _tokens(request, signed, wrong=str(error), typed=typed)
    return await _tokens(request, signed, shown=(name, secret))


@desk_staff.post("/tokens/{token_id}/revoke")
async def revoke_token(request: Request, token_id: RowId, signed: MayEdit) -> Response:
    """A token is worth nothing from now on."""

    def revoke(connection: Connection) -> None:
        people.take_token(connection, tokens.numbered_token(connection, token_id), by=signed.actor)

    try:
        await written(request, revoke)
    except TokenRefused:
        raise Problem(404, "There is no such token, or it was revoked already.") from None
    parts_of(request).tokens.forget()
    return RedirectResponse("/desk/tokens", 303)


def _expiry(request: Request, typed: str, slug: str | None) -> datetime | None:
    """When a token ends, in the time of the election that it is for, else in the one that all share; TokenRefused."""
    if not typed:
        return None
    newsroom = parts_of(request).newsroom
    elections = [newsroom.publication(slug)] if slug is not None else newsroom.publications
    zone = shared_zone(publication.election.timezone for publication in elections)
    return tokens.expiry(typed, now=datetime.now(UTC), zone=zone)


def _role(typed: str) -> Role:
    if typed not in set(Role):
        raise StaffRefused("Choose a role: keyer, checker, editor or reporter.")
    return Role(typed)


async def _password(request: Request, typed: str) -> tuple[str, str]:
    """What was typed, or where nothing was a new password, and what is kept of it; StaffRefused."""
    password = typed or secrets.token_urlsafe(12)
    return password, await parts_of(request).logins.hash(lambda: staff.hashed_password(password))


# What was refused is said on the page of its form, with 422.


async def _changed(
    request: Request, signed: Signed, name: str, change: Callable[[Connection], None], *, shown: str = ""
) -> Response:
    """Makes a change and goes back to the person; what cannot be changed is said there."""
    await _find(request, name)
    try:
        await written(request, change)
    except StaffRefused as error:
        return await _person(request, signed, name, wrong=str(error))
    if shown:
        return await _person(request, signed, name, shown=shown)
    return RedirectResponse(request.url.path.rpartition("/")[0], 303)


async def _find(request: Request, name: str) -> staff.Staff:
    listed = await reading(request, staff.staff)
    person = next((account for account in listed if account.name == name), None)
    if person is None:
        raise Problem(404, "There is no such account.")
    return person


async def _person(request: Request, signed: Signed, name: str, *, wrong: str = "", shown: str = "") -> Response:
    person, parts = await _find(request, name), parts_of(request)
    given = (await reading(request, reporting.all_councils)).get(name, {})
    frame = frame_of(parts, signed, "staff")
    page = person_page(parts.environment, person, frame, given=given, wrong=wrong, shown=shown)
    return HTMLResponse(page, 422 if wrong else 200)


async def _staff(
    request: Request,
    signed: Signed,
    *,
    wrong: str = "",
    typed_name: str = "",
    shown: tuple[str, str] | None = None,
) -> Response:
    listed, parts = await reading(request, staff.staff), parts_of(request)
    page = staff_page(
        parts.environment,
        listed,
        frame_of(parts, signed, "staff"),
        given=await reading(request, reporting.all_councils),
        wrong=wrong,
        typed_name=typed_name,
        shown=shown,
    )
    return HTMLResponse(page, 422 if wrong else 200)


async def _tokens(
    request: Request,
    signed: Signed,
    *,
    wrong: str = "",
    typed: Mapping[str, str] | None = None,
    shown: tuple[str, str] | None = None,
) -> Response:
    listed, parts = await reading(request, tokens.tokens), parts_of(request)
    page = tokens_page(
        parts.environment,
        listed,
        frame_of(parts, signed, "tokens"),
        wrong=wrong,
        typed=typed or {},
        shown=shown,
        now=datetime.now(UTC),
    )
    return HTMLResponse(page, 422 if wrong else 200)
