"""The queue of the second check."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from app.desk.parts import Desk, around, page
from app.desk.queue.view import LATEST, latest_rows, queue_page, waiting_rows
from app.web.signing_in.access import DeskRouter

desk_queue = DeskRouter()


@desk_queue.get("/{slug}/queue")
async def queue(request: Request, at: Desk, part: str = "") -> Response:
    """Who waits for whom; ``part=list`` is what of it changes by itself."""
    entries = [line.entry for line in at.publication.log[-LATEST:]]
    rows = waiting_rows(at.election, at.waiting, at.asked(), datetime.now(UTC))
    latest = latest_rows(at.election, entries, persons=at.persons)
    values = around(request, at, "queue")
    return page(queue_page(at.parts.environment, at.night, rows=rows, latest=latest, part=part, **values))
