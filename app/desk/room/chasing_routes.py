"""The chasers, and what a call brought."""

import secrets
from collections.abc import Mapping

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.desk.entry.typed import LONGEST_LINE, text
from app.desk.forms import form_of
from app.desk.parts import AtDesk, Desk, page, reading, written
from app.desk.room.chasers import Chaser, Heard, TypedCall, chasers, chasers_page
from app.desk.room.typed import NO_TIME, bundled, read_expected
from app.desk.room.view import room_url
from app.domain.letters import printable
from app.pages.addresses import element_id
from app.store import room
from app.store.room import Call, RowKey
from app.web.signing_in.access import DeskRouter

desk_chasers = DeskRouter()


@desk_chasers.get("/{slug}/room/chasers")
async def list_chasers(request: Request, at: Desk, done: str = "") -> Response:
    """Whom to phone next; ``done`` is the council that was called."""
    called = at.election.councils.get(done)
    return await _page(request, at, done=called.name if called else "")


@desk_chasers.post("/{slug}/room/councils/{council_id}/calls")
async def note_call(request: Request, at: Desk, council_id: str) -> Response:
    """What a call brought becomes the last word of that count, and moves its time if it says one."""
    council = at.election.council(council_id)
    form = await form_of(request)
    said, typed = printable(text(form, "said")), text(form, "expected")
    so_far = at.moved.councils.get(council_id) or bundled(at.election, RowKey("council", council_id))
    expected_at = read_expected(typed, at.election, so_far=so_far, now=at.now) if typed else None
    wrong = {}
    if not 0 < len(said) <= LONGEST_LINE:
        wrong["said"] = f"Write what they said, {LONGEST_LINE} letters at most."
    if typed and expected_at is None:
        wrong["expected"] = NO_TIME
    if wrong:
        return await _page(request, at, typed={council_id: TypedCall(said, typed, wrong)}, status=422)
    call = Call(council_id, at.now, at.signed.name, said, expected_at)
    key = text(form, "key")[:100] or secrets.token_urlsafe(16)
    await written(request, lambda it: room.note_call(it, at.election.slug, call, key=key, by=at.signed.actor))
    to = f"{room_url(at.election, 'chasers')}?done={council.council_id}#{element_id('chaser', council_id)}"
    return RedirectResponse(to, 303)


async def heard(request: Request, at: AtDesk) -> Heard:
    """What the desk knows of the counts beside the log."""

    def read(connection: Connection) -> Heard:
        slug = at.election.slug
        return Heard(room.covered(connection, slug), at.moved, at.waiting, room.last_calls(connection, slug), at.notes)

    return await reading(request, read)


async def found(request: Request, at: AtDesk, typed: Mapping[str, TypedCall] | None = None) -> list[Chaser]:
    """The chasers as of now."""
    known = await heard(request, at)
    return await at.parts.turns.through(chasers(at.night, known, now=at.now, typed=typed))


async def _page(
    request: Request,
    at: AtDesk,
    *,
    done: str = "",
    typed: Mapping[str, TypedCall] | None = None,
    status: int = 200,
) -> Response:
    listed = await found(request, at, typed)
    key = secrets.token_urlsafe(16)
    made = chasers_page(at.parts.environment, at.election, listed, at.frame("room"), key=key, done=done)
    return page(await at.parts.turns.through(made), status)
