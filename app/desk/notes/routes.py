"""Writing an internal note, and striking one out."""

import secrets
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.desk.addresses import entry_url
from app.desk.entry.review import form_key, own_form, sent_at
from app.desk.entry.typed import LONGEST_LINE, text
from app.desk.notes.view import may_strike
from app.desk.parts import AtDesk, SomeCouncils, written
from app.domain.subject import Subject
from app.store import internal_notes
from app.web.errors import Problem
from app.web.signing_in.access import DeskRouter, wants_page

desk_notes = DeskRouter()

NoteId = Annotated[int, Path(ge=1, le=2**31 - 1)]


@desk_notes.post("/{slug}/contests/{ballot_id}/notes")
async def note_contest(request: Request, at: SomeCouncils, ballot_id: str) -> Response:
    """A note about a contest."""
    return await _noted(request, at, at.election.contest(ballot_id).council_id, ballot_id)


@desk_notes.post("/{slug}/councils/{council_id}/notes")
async def note_council(request: Request, at: SomeCouncils, council_id: str) -> Response:
    """A note about a council as a whole."""
    return await _noted(request, at, at.election.council(council_id).council_id, None)


@desk_notes.post("/{slug}/notes/{note_id}/strike")
async def strike_note(request: Request, at: SomeCouncils, note_id: NoteId) -> Response:
    """Strike a note out; it stays to be read as such."""
    note = next((one for one in at.notes if one.note_id == note_id), None)
    if note is None:
        raise Problem(404, "There is no such note.")
    if not may_strike(note, at.signed):
        raise Problem(403, f"Who wrote a note strikes it out, or an editor: this is {note.author}’s.")
    by, now = at.signed.actor, datetime.now(UTC)
    await written(request, lambda it: internal_notes.strike(it, at.election.slug, note, by=by, now=now))
    return _back(at, note.subject)


async def _noted(request: Request, at: AtDesk, council_id: str, ballot_id: str | None) -> Response:
    form = await own_form(request, at)
    content = " ".join(text(form, "note").split())
    if not content or len(content) > LONGEST_LINE:
        raise Problem(422, f"Write what there is to know, in {LONGEST_LINE} characters at most.")

    now = datetime.now(UTC)

    def write(connection: Connection) -> None:
        internal_notes.write(
            connection,
            at.election.slug,
            council_id=council_id,
            ballot_id=ballot_id,
            content=content,
            by=at.signed.actor,
            at=sent_at(form, now) or now,
            key=form_key(form),
        )

    await written(request, write)
    if wants_page(request):
        return _back(at, Subject.keyed(ballot_id=ballot_id, council_id=council_id))
    return JSONResponse({"outcome": "noted", "key": secrets.token_urlsafe(16)}, 201)


def _back(at: AtDesk, subject: Subject) -> Response:
    return RedirectResponse(f"{entry_url(at.election, subject)}#notes", 303)
