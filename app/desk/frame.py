"""What surrounds every page of the desk, and what it answers when something goes wrong."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.desk.people.view import desk_error_page
from app.domain.letters import is_control
from app.web.errors import OUT_OF_REACH, Problem
from app.web.parts import parts_of
from app.web.receiving import LARGEST, received
from app.web.signing_in.access import Signed, login_address, wants_page
from app.wording.marks import TEST_LINE

T = TypeVar("T")

MOST_FIELDS = 1000

FORM_TYPE = "application/x-www-form-urlencoded"


def desk_values(request: Request, signed: Signed | None, section: str) -> dict[str, Any]:
    """What ``desk/base.html`` takes, but for ``election``.

    ``section`` marks where one is: work, queue, audit, staff, tokens or sessions; empty for none of these.
    """
    parts = parts_of(request)
    return {
        "signed": signed,
        "elections": [publication.election for publication in parts.newsroom.publications],
        "section": section,
        "notice": TEST_LINE if parts.settings.rehearsal else "",
    }


async def reading(request: Request, look: Callable[[Connection], T]) -> T:
    """What ``look`` finds in the database, in a thread; raises StoreUnavailable."""
    store = parts_of(request).store

    def read() -> T:
        with store.reading() as connection:
            return look(connection)

    return await asyncio.to_thread(read)


async def written(request: Request, job: Callable[[Connection], T]) -> T:
    """What ``job`` returns once it is committed; raises what it raises, QueueFull and StoreUnavailable."""
    return await asyncio.wrap_future(parts_of(request).declaring.writer.submit(job))


async def form_of(request: Request, *, largest: int = LARGEST) -> Mapping[str, list[str]]:
    """The fields of a posted form by name, each with all its values in their order, as typed.

    408, 413 and 415, and 400 for what is not text.
    """
    media_type = request.headers.get("Content-Type", FORM_TYPE).partition(";")[0].strip().lower()
    if media_type != FORM_TYPE:
        raise Problem(415, f"Send a form, as “{FORM_TYPE}”.")
    body = await received(request, "A form", largest=largest)
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise Problem(400, "This form cannot be read.") from None
    form: dict[str, list[str]] = {}
    for name, value in pairs:
        # Nobody types a control character, and what is kept here is shown on air.
        typed = "".join(letter for letter in value if not is_control(letter))
        form.setdefault(name, []).append(typed)
    return form


NOT_JUST_NOW = "The database cannot be used just now. Try again in a moment; what you typed is kept in this browser."
"""For people, who have no idempotency key to post with again: their form has."""


def desk_error_response(request: Request, problem: Problem) -> Response:
    """What went wrong at the desk: a page for a person, ``application/problem+json`` for a script."""
    if problem.status == 303:
        return RedirectResponse(problem.headers["Location"], 303)
    if not wants_page(request):
        return problem.response()
    login = login_address(request) if problem.status == 401 else ""
    values = desk_values(request, getattr(request.state, "signed", None), "")
    detail = NOT_JUST_NOW if problem.detail == OUT_OF_REACH else problem.detail
    page = desk_error_page(parts_of(request).environment, problem.status, detail, login=login, **values)
    return HTMLResponse(page, problem.status, headers=problem.headers)
