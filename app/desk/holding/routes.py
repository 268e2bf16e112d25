"""What is held back: how it stands, undone, or sent at once; and for how long a change of control is held."""

import asyncio
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.declaring.holding import LONGEST, may_undo
from app.desk.acts.view import withdrawal_url
from app.desk.addresses import desk_url, entry_url
from app.desk.entry.typed import text
from app.desk.forms import form_of
from app.desk.holding.view import held_lines, held_part
from app.desk.parts import AtDesk, EditorsDesk, SomeCouncils, page
from app.domain.second_check import count
from app.store.audit import Actor
from app.store.held import DECLARED, OPEN, HeldDeclaration
from app.web.errors import Problem
from app.web.signing_in.access import DeskRouter

desk_holding = DeskRouter()

NOT_HELD = "It is not held any more: look at what has become of it."


@desk_holding.get("/{slug}/held")
async def held_now(at: SomeCouncils) -> Response:
    """What every page shows of it, and asks for again by itself (``part=list``)."""
    return page(held_part(at.parts.environment, held_lines(at.night, at.held, at.signed)))


@desk_holding.post("/{slug}/held/{held_id}/undo")
async def undo(at: SomeCouncils, held_id: int) -> Response:
    """Back to the form with everything typed: of who keyed or checked it, or by an editor."""
    one = next((one for one in at.held if one.held_id == held_id and one.state == OPEN), None)
    if one is not None and not (at.signed.may_edit or may_undo(one, at.signed.name)):
        raise Problem(403, "Who keyed or checked it undoes it, or an editor.")
    undoing = at.holding.undo(at.election.slug, held_id, _actor(at), is_editor=at.signed.may_edit)
    undone = await asyncio.wrap_future(undoing)
    if undone is None:
        raise Problem(409, NOT_HELD)
    return RedirectResponse(_form_url(at, undone), 303)


@desk_holding.post("/{slug}/held/{held_id}/send")
async def send_at_once(at: EditorsDesk, held_id: int) -> Response:
    """Into the log, without waiting any longer."""
    sent = await asyncio.wrap_future(at.holding.send(at.election.slug, held_id, _actor(at)))
    if sent is None or sent.state != DECLARED:
        raise Problem(409, NOT_HELD if sent is None else f"It was not declared. {sent.reason}")
    return RedirectResponse(f"{entry_url(at.election, sent.subject)}?done=declared", 303)


@desk_holding.post("/{slug}/hold")
async def set_hold(request: Request, at: EditorsDesk) -> Response:
    """From now on a change of control is held for so many seconds."""
    seconds = count(text(await form_of(request), "seconds"))
    if seconds is None or seconds > LONGEST:
        raise Problem(422, f"A change of control is held for 0 to {LONGEST} seconds.")
    await asyncio.wrap_future(at.holding.set_seconds(at.election.slug, seconds, _actor(at)))
    return RedirectResponse(f"{desk_url(at.election)}/queue", 303)


def _actor(at: AtDesk) -> Actor:
    return Actor(at.signed.name, at.signed.address)


def _form_url(at: AtDesk, undone: HeldDeclaration) -> str:
    """Where it was typed; a draft of its maker's is there, what a withdrawal said goes along."""
    body = undone.posting["body"]
    if body["kind"] == "withdrawal":
        return f"{withdrawal_url(at.election, body['replaces'])}?{urlencode({'reason': body['reason']})}"
    corrects = f"?correct={body['replaces']}" if body["kind"] == "correction" else ""
    return f"{entry_url(at.election, undone.subject)}{corrects}"
