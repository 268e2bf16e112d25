"""The queue of the second check."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from app.pages.desk_queue import LATEST, latest_rows, queue_page, waiting_rows
from app.web.access import DeskRouter
from app.web.desk_parts import Desk, around, page

desk_queue = DeskRouter()


@desk_queue.get("/{slug}/queue")
async def queue(request: Request, at: Desk, part: str = "") -> Response:
    """Who waits for whom; ``part=list`` is what of it changes by itself."""
    entries = [line.entry for line in at.publication.log[-LATEST:]]
    rows = waiting_rows(at.election, at.waiting, at.asked(), datetime.now(UTC))
    latest = latest_rows(at.election, entries, persons=at.persons)
    values = around(request, at, "queue")
    return page(queue_page(at.parts.environment, at.night, rows=rows, latest=latest, part=part, **values))
