"""The queue of the second check, and taking the next from it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.desk.addresses import desk_url, entry_url
from app.desk.entry.revising import revision_url
from app.desk.entry.typed import text
from app.desk.forms import form_of
from app.desk.notes.view import shown_notes, valid_by_subject
from app.desk.parts import AtDesk, Desk, SomeCouncils, page, written
from app.desk.presence.seen import note_seen
from app.desk.queue.order import Beside, Order, beside_of, free_for, in_order, order_called
from app.desk.queue.view import LATEST, QueueShown, latest_rows, queue_page, queue_part, waiting_rows, wants
from app.domain.second_check import Keyed
from app.domain.subject import Subject
from app.store import claims
from app.web.signing_in.access import DeskRouter

desk_queue = DeskRouter()


@desk_queue.get("/{slug}/queue")
async def queue(at: SomeCouncils, part: str = "", order: str = "", none: str = "") -> Response:
    """Who waits for whom; ``part=list`` is what of it changes by itself, ``order`` what comes first."""
    chosen = order_called(order)
    beside, ordered = _ordered(at, chosen)
    rows = waiting_rows(at.night, ordered, at.asked(), datetime.now(UTC))
    latest = latest_rows(at.election, at.latest(LATEST), persons=at.persons)
    notes = valid_by_subject(shown_notes(at.election, at.notes, at.signed))
    listed = QueueShown(rows, latest, notes, beside, chosen, is_taken=bool(none))
    if part:
        return page(queue_part(at.parts.environment, at.election, listed, at.frame("queue")))
    note_seen(at, None)
    return page(queue_page(at.parts.environment, at.election, listed, at.frame("queue"), persons=at.persons))


@desk_queue.post("/{slug}/queue/next")
async def take_next(request: Request, at: Desk) -> Response:
    """Claim the first that whoever asks may check and nobody else is at, and go to its form."""
    order = order_called(text(await form_of(request), "order"))
    _, ordered = _ordered(at, order)
    mine = [one for one in ordered if wants(one, at.asked()) is not None]
    slug, person, now = at.election.slug, at.signed.name, at.clock
    subjects = free_for(person, mine, at.at_work)
    claim = await written(request, lambda it: claims.take_first(it, slug, subjects, person, now=now))
    if claim is None:
        return RedirectResponse(f"{desk_url(at.election)}/queue?order={order}&none=1", 303)
    waiting = next(one for one in mine if one.subject == claim.subject)
    return RedirectResponse(revision_url(at.election, waiting) or entry_url(at.election, claim.subject), 303)


def _ordered(at: AtDesk, order: Order) -> tuple[Mapping[Subject, Beside], list[Keyed]]:
    beside = {one.subject: beside_of(at.night, one, at.at_work) for one in at.waiting}
    return beside, in_order(at.night, at.waiting, beside, order)
