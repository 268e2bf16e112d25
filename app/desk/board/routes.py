"""The night as work, and what keeps it live: the board, the numbers behind it, and how many persons it takes."""

import asyncio
from hashlib import sha256
from typing import Any

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.desk.addresses import desk_url
from app.desk.board.home import desk_home_page
from app.desk.board.refresh import board_json
from app.desk.board.view import board_page, wards_part
from app.desk.entry.typed import text
from app.desk.forms import form_of
from app.desk.notes.view import shown_notes, valid_by_council, version
from app.desk.parts import AtDesk, EditorsDesk, SomeCouncils, frame_of, page
from app.desk.presence.here import here_part
from app.desk.presence.seen import note_seen
from app.domain.second_check import Disputed
from app.domain.subject import Subject
from app.web.errors import CANNOT_BE_SHOWN, Problem
from app.web.negotiating import unchanged
from app.web.parts import parts_of
from app.web.signing_in.access import DeskRouter, SignedIn

desk = DeskRouter()


@desk.get("")
async def home(request: Request, signed: SignedIn) -> Response:
    """The elections, or the only one's board, narrowed as that can be."""
    parts = parts_of(request)
    served = parts.newsroom.publications
    if len(served) == 1:
        return RedirectResponse(str(URL(desk_url(served[0].election)).replace(query=request.url.query)), 303)
    nights = [publication.night for publication in served]
    frame = frame_of(parts, signed, "work")
    return page(desk_home_page(parts.environment, nights, frame, query=request.url.query))


@desk.get("/{slug}")
async def work(request: Request, at: SomeCouncils) -> Response:
    """What every contest waits for; ``state`` and ``q`` narrow it."""
    shown, environment, frame = await at.shown(), at.parts.environment, at.frame()
    asked, part = request.query_params, request.query_params.get("part", "")
    notes = valid_by_council(at.notes, shown_notes(at.election, at.notes, at.signed))
    if part == "wards":
        group = shown.board.by_id.get(asked.get("open", ""))
        return page(wards_part(environment, at.election, group, frame, notes) if group is not None else "")
    if not part:
        note_seen(at, None)
    at.looks.keep(at.election.slug, shown.version, shown)
    made = board_page(environment, at.night, shown, frame, asked=asked, notes=notes, part=part)
    return page(await at.parts.turns.through(made))


@desk.get("/{slug}/night.json")
async def night_json(request: Request, at: SomeCouncils, after: str = "", pieces: str = "", on: str = "") -> Response:
    """What can have changed on the board, for all pages of the desk; 204 or 304 where nothing has.

    ``after`` is the version that the browser has. ``pieces`` is that of the board it shows, if it shows one: what is
    otherwise comes as HTML. ``on`` is the subject whose form is open; ``looking=0`` says that nobody looks at it.
    """
    if not at.parts.newsroom.is_current(at.election.slug):
        raise Problem(503, CANNOT_BE_SHOWN)
    subject = at.subject_of(on)
    note_seen(at, subject, is_looking=request.query_params.get("looking") != "0")
    shown, slug, more = await at.shown(), at.election.slug, _beside_the_board(at, subject)
    tag = sha256(f"{shown.version} {more}".encode()).hexdigest()[:16]
    headers = {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache"}
    if tag == after:
        return Response(status_code=204, headers=headers)
    if (same := unchanged(request.scope, headers)) is not None:
        return same
    at.looks.keep(slug, tag, shown)
    told = board_json(
        at.parts.environment,
        at.election,
        shown,
        at.looks.find(slug, after),
        page=at.looks.find(slug, pieces),
        with_pieces=bool(pieces),
        more={**more, "version": tag},
    )
    return Response(await at.parts.turns.through(told), headers=headers, media_type="application/json")


def _beside_the_board(at: AtDesk, subject: Subject | None) -> dict[str, Any]:
    """What is told on every page: how much waits, what of the reader's is disputed, who else has this form open."""
    disputed = sum(isinstance(one, Disputed) and one.of(at.signed.name) is not None for one in at.waiting)
    told: dict[str, Any] = {
        "disputed": disputed,
        "queue": len(at.waiting),
        "held": len(at.held),
        "notes": version(at.notes),
    }
    if subject is not None:
        told["here"] = here_part(at.parts.environment, at.frame(), at.election, subject)
    return told


@desk.post("/{slug}/rules")
async def set_rules(request: Request, at: EditorsDesk) -> Response:
    """From now on it takes one person to declare, or two."""
    persons = text(await form_of(request), "persons")
    if persons not in {"1", "2"}:
        raise Problem(422, "It takes one person to declare, or two.")
    signed = at.signed
    changing = at.second_check.set_persons(at.election.slug, int(persons), signed.name, address=signed.address)
    await asyncio.wrap_future(changing)
    return RedirectResponse(f"{desk_url(at.election)}/queue", 303)
