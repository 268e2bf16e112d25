"""The queue of the second check."""

from datetime import UTC, datetime
from itertools import islice

from starlette.responses import Response

from app.desk.notes.view import shown_notes, valid_by_subject
from app.desk.parts import SomeCouncils, page
from app.desk.queue.view import LATEST, Listed, latest_rows, queue_page, queue_part, waiting_rows
from app.web.signing_in.access import DeskRouter

desk_queue = DeskRouter()


@desk_queue.get("/{slug}/queue")
async def queue(at: SomeCouncils, part: str = "") -> Response:
    """Who waits for whom; ``part=list`` is what of it changes by itself."""
    own = (line.entry for line in reversed(at.publication.log) if at.covers(line.entry.council_id))
    entries = [*islice(own, LATEST)][::-1]
    rows = waiting_rows(at.night, at.waiting, at.asked(), datetime.now(UTC))
    latest = latest_rows(at.election, entries, persons=at.persons)
    listed = Listed(rows, latest, valid_by_subject(shown_notes(at.election, at.notes, at.signed)))
    if part:
        return page(queue_part(at.parts.environment, at.election, listed))
    return page(queue_page(at.parts.environment, at.election, listed, at.frame("queue"), persons=at.persons))
