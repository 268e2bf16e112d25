"""A returning officer's text or a table, read beside the names of a ward; taken, it is a draft like what is typed."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.desk.addresses import entry_url
from app.desk.entry.made_out import hidden_fields
from app.desk.entry.review import own_form
from app.desk.entry.typed import text
from app.desk.parts import AtDesk, SomeCouncils, page, reading
from app.desk.paste.view import Preview, fields_of, paste_page, preview_of, preview_panel
from app.domain.election import Contest
from app.domain.lineup import lineup_of
from app.domain.subject import Subject
from app.domain.written import WrittenResult, read_written
from app.store import drafts
from app.web.errors import Problem
from app.web.signing_in.access import DeskRouter, wants_page

LONGEST_TEXT = 20_000
"""Characters: a notice of thirty candidates has four thousand."""

desk_paste = DeskRouter()


@desk_paste.get("/{slug}/contests/{ballot_id}/paste")
async def paste_form(at: SomeCouncils, ballot_id: str) -> Response:
    """Where a text is pasted without scripts."""
    return page(_page(at, _contest(at, ballot_id)))


@desk_paste.post("/{slug}/contests/{ballot_id}/paste")
async def read_text(request: Request, at: SomeCouncils, ballot_id: str) -> Response:
    """What a text says of the ward; ``action=take`` puts it into the draft of who asks, and opens the form with it."""
    contest, form = _contest(at, ballot_id), await own_form(request, at)
    pasted = text(form, "text")
    if len(pasted) > LONGEST_TEXT:
        raise Problem(413, f"This has {len(pasted):,} characters: paste the result alone, {LONGEST_TEXT:,} at most.")
    # It takes a millisecond a line.
    result = await asyncio.to_thread(read_written, at.election, contest, pasted)
    if text(form, "action") == "take":
        await _take(request, at, Subject("ward", ballot_id), result)
        return RedirectResponse(entry_url(at.election, Subject("ward", ballot_id)), 303)
    # A browser sends the form that is open along; without scripts what was typed is the draft.
    typed = await _drafted(request, at, Subject("ward", ballot_id)) if wants_page(request) else form
    preview = preview_of(at.election, contest, result, typed)
    if wants_page(request):
        return page(_page(at, contest, pasted, preview))
    return JSONResponse({"html": preview_panel(at.parts.environment, preview), "fields": fields_of(result)})


def _contest(at: AtDesk, ballot_id: str) -> Contest:
    contest = at.election.contest(ballot_id)
    if not contest.has_nominations:
        raise Problem(404, f"The candidates of {contest.name} are not on file: there are no names to read beside.")
    return contest


async def _drafted(request: Request, at: AtDesk, subject: Subject) -> Mapping[str, Any]:
    slug, person = at.election.slug, at.signed.name
    draft = await reading(request, lambda connection: drafts.find(connection, slug, subject, person))
    return draft.body if draft is not None else {}


async def _take(request: Request, at: AtDesk, subject: Subject, result: WrittenResult) -> None:
    slug, person = at.election.slug, at.signed.name
    typed = {name: value for name, value in (await _drafted(request, at, subject)).items() if name != "key"}
    made_out = {name: [value] for name, value in hidden_fields(lineup_of(at.election, subject)).items()}
    read = {name: [value] for name, value in fields_of(result).items()}
    # The browser's own draft is older than this one.
    body = {**typed, **made_out, **read, "mode": ["votes"], "saved": [str(time.time_ns() // 1_000_000)]}
    await asyncio.wrap_future(at.second_check.keep_draft(slug, subject, person, body))


def _page(at: AtDesk, contest: Contest, pasted: str = "", preview: Preview | None = None) -> str:
    return paste_page(at.parts.environment, at.election, contest, at.frame(), pasted=pasted, preview=preview)
