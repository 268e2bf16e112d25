"""The note for the next shift."""

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.desk.entry.typed import text
from app.desk.forms import form_of
from app.desk.parts import AtDesk, Desk, page, reading, written
from app.desk.room.chasing_routes import found
from app.desk.room.handover import LONGEST_NOTE, handover_page, summed_up
from app.desk.room.view import room_url
from app.domain.letters import unturned
from app.store import drafts, room
from app.store.drafts import Begun
from app.store.room import Handover
from app.web.errors import Problem
from app.web.signing_in.access import DeskRouter

desk_handover = DeskRouter()


@desk_handover.get("/{slug}/room/handover")
async def read_handover(request: Request, at: Desk, done: str = "") -> Response:
    """The newest version, those before it, and what is open."""
    return page(await _page(request, at, done=bool(done)))


@desk_handover.post("/{slug}/room/handover")
async def write_handover(request: Request, at: Desk) -> Response:
    """Another version; 409 with both where somebody has written one since this was opened."""
    form = await form_of(request)
    note = unturned(text(form, "note").replace("\r\n", "\n"))
    if len(note) > LONGEST_NOTE:
        wrong = f"The note has {len(note):,} letters: {LONGEST_NOTE:,} at most."
        return page(await _page(request, at, mine=note, wrong=wrong), 422)
    after = text(form, "after")
    if not (after.isascii() and after.isdigit() and len(after) < 9):
        raise Problem(422, "Open the note again, and write on that.")
    made = await written(
        request,
        lambda it: room.write_handover(it, at.election.slug, note, after=int(after), by=at.signed.actor),
    )
    if made is not None:
        return RedirectResponse(f"{room_url(at.election, 'handover')}?done=1", 303)
    wrong = "Somebody has written meanwhile. Nothing was overwritten: theirs is below, yours stands in the field."
    return page(await _page(request, at, mine=note, wrong=wrong), 409)


async def _page(request: Request, at: AtDesk, *, mine: str | None = None, done: bool = False, wrong: str = "") -> str:
    def read(connection: Connection) -> tuple[list[Handover], list[Begun]]:
        slug = at.election.slug
        return room.handovers(connection, slug), drafts.begun(connection, slug)

    versions, begun = await reading(request, read)
    environment, frame = at.parts.environment, at.frame("room")
    summary = summed_up(at.night, at.waiting, await found(request, at), begun, frame.signed_off)
    return handover_page(environment, at.election, versions, summary, frame, mine=mine, done=done, wrong=wrong)
