"""The night as work, and what keeps it live: the board, the numbers behind it, and how many persons it takes."""

import asyncio
from hashlib import sha256

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.desk.board.home import desk_home_page
from app.desk.board.view import board_json, board_page, desk_url
from app.desk.entry.typed import text
from app.desk.forms import form_of
from app.desk.notes.view import shown_notes, valid_by_council, version
from app.desk.parts import EditorsDesk, SomeCouncils, frame_of, page
from app.domain.second_check import Disputed
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
    board = await at.board()
    notes = valid_by_council(at.notes, shown_notes(at.election, at.notes, at.signed))
    made = board_page(at.parts.environment, at.night, board, at.frame(), asked=request.query_params, notes=notes)
    return page(await at.parts.turns.through(made))


@desk.get("/{slug}/night.json")
async def night_json(request: Request, at: SomeCouncils) -> Response:
    """What can have changed on the board, for all pages of the desk; 304 where nothing has."""
    if not at.parts.newsroom.is_current(at.election.slug):
        raise Problem(503, CANNOT_BE_SHOWN)
    disputed = sum(isinstance(one, Disputed) and one.of(at.signed.name) is not None for one in at.waiting)
    told = board_json(
        await at.board(),
        at.election,
        disputed=disputed,
        queue=len(at.waiting),
        held=len(at.held),
        notes=version(at.notes),
    )
    body = await at.parts.turns.through(told)
    etag = f'"{sha256(body.encode()).hexdigest()[:16]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    return unchanged(request.scope, headers) or Response(body, headers=headers, media_type="application/json")


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
