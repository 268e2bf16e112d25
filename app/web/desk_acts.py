"""What editors do beside declaring: withdrawals, statuses and notes, each with a reason, its consequences shown before.

The answers have the shapes of ``desk_entry``'s: a page for a person, an ``outcome`` in JSON for a script.
"""

import asyncio
import contextlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.declaring import Posting
from app.domain.declarations import StatusValue
from app.domain.errors import Finding, Refused, Superseded
from app.domain.ticker import place_of
from app.keying import FLIPS
from app.live.follower import Stopped
from app.pages.desk_acts import Act, Choice, act_page
from app.pages.desk_board import desk_url, entry_url
from app.pages.desk_consequences import consequences
from app.pages.desk_entry import Filled, Review, figures, review_panel
from app.web.access import DeskRouter, wants_page
from app.web.desk_entry import PUBLISHING_SECONDS
from app.web.desk_frame import form_of
from app.web.desk_parts import NEVER_STORED, AtDesk, EditorsDesk, around, page
from app.web.desk_typed import LONGEST_LINE, Form, text

STATUS_LABELS: Mapping[StatusValue, str] = {
    StatusValue.COUNTING: "Counting",
    StatusValue.RECOUNT: "Recount",
    StatusValue.DELAYED: "Delayed, still to come tonight",
    StatusValue.COUNTERMANDED: "Countermanded: a candidate has died, the seats are vacant tonight",
}

PLACEHOLDER = "–"
"""Stands for the words that are not written yet, where only the consequences are asked for."""

desk_acts = DeskRouter()


@dataclass(frozen=True, slots=True)
class Done:
    """An act as it was sent: the body it makes, or what is wrong with it."""

    body: Mapping[str, Any]
    errors: tuple[Finding, ...] = ()


@desk_acts.get("/{slug}/entries/{seq}/withdraw")
async def withdrawal_form(request: Request, at: EditorsDesk, seq: int) -> Response:
    """What taking an entry back would do."""
    body = {"kind": "withdrawal", "replaces": seq, "reason": PLACEHOLDER}
    return _shown(request, at, _withdrawal(at, seq), body)


@desk_acts.post("/{slug}/entries/{seq}/withdraw")
async def withdraw(request: Request, at: EditorsDesk, seq: int) -> Response:
    """Take an entry back."""
    form = await form_of(request)
    act = _withdrawal(at, seq)
    return await _made(request, at, act, form, {"kind": "withdrawal", "replaces": seq})


@desk_acts.get("/{slug}/contests/{ballot_id}/status")
async def contest_status_form(request: Request, at: EditorsDesk, ballot_id: str) -> Response:
    """What each status of a contest would do."""
    return _shown(request, at, _status(at, "ballot_id", ballot_id))


@desk_acts.post("/{slug}/contests/{ballot_id}/status")
async def set_contest_status(request: Request, at: EditorsDesk, ballot_id: str) -> Response:
    """Tell where the count of a contest is."""
    return await _status_made(request, at, "ballot_id", ballot_id)


@desk_acts.get("/{slug}/councils/{council_id}/status")
async def council_status_form(request: Request, at: EditorsDesk, council_id: str) -> Response:
    """The same for a council."""
    return _shown(request, at, _status(at, "council_id", council_id))


@desk_acts.post("/{slug}/councils/{council_id}/status")
async def set_council_status(request: Request, at: EditorsDesk, council_id: str) -> Response:
    """Tell where the count of a council is."""
    return await _status_made(request, at, "council_id", council_id)


@desk_acts.get("/{slug}/note")
async def note_form(request: Request, at: EditorsDesk, council: str = "") -> Response:
    """A line for the ticker, of the whole night or of one ``council``."""
    return _shown(request, at, _note(at, council))


@desk_acts.post("/{slug}/note")
async def write_note(request: Request, at: EditorsDesk, council: str = "") -> Response:
    """Put a line on the ticker."""
    form = await form_of(request)
    body = {"kind": "note", **({"council_id": council} if council else {})}
    return await _made(request, at, _note(at, council), form, body)


# The acts


def _withdrawal(at: AtDesk, seq: int) -> Act:
    entry = at.line(seq).entry
    contest = at.election.contest(entry.ballot_id) if entry.ballot_id is not None else None
    where = place_of(at.election, entry)
    by = f"{entry.author}, checked by {entry.checker}" if entry.checker else entry.author
    return Act(
        heading=f"Withdraw: {where}",
        intro=f"Entry {seq} of the log, keyed by {by}. It stays in the log, and no longer counts.",
        words="reason",
        label="Reason, as readers will see it",
        submit="Withdraw",
        back=_back(at, entry.ballot_id, entry.council_id),
        figures=figures(at.election, contest, entry.content),
        grave=True,
    )


def _status(at: AtDesk, name: str, identity: str) -> Act:
    if name == "ballot_id":
        contest = at.election.contest(identity)
        heading, back = f"Status: {contest.ward}", _back(at, identity, contest.council_id)
        values = list(StatusValue)
    else:
        heading, back = f"Status: {at.election.council(identity).name}", _back(at, None, identity)
        values = [value for value in StatusValue if value is not StatusValue.COUNTERMANDED]
    return Act(
        heading=heading,
        intro="Readers see the status and its note until the result is declared.",
        words="note",
        label="Reason or note, as readers will see it",
        submit="Tell it",
        back=back,
        choices=tuple(_choice(at, name, identity, value) for value in values),
    )


def _choice(at: AtDesk, name: str, identity: str, value: StatusValue) -> Choice:
    body = {"kind": "status", name: identity, "status": value.value, "note": PLACEHOLDER}
    label = STATUS_LABELS[value]
    try:
        verdict = at.judged(body)
    except Superseded as error:
        return Choice(value, label, refused=str(error))
    if verdict.after is None or verdict.change is None:
        return Choice(value, label, refused=" ".join(finding.detail for finding in verdict.hard))
    return Choice(value, label, consequences(verdict.after, verdict.change))


def _note(at: AtDesk, council_id: str) -> Act:
    about = at.election.council(council_id).name if council_id else "the whole night"
    return Act(
        heading=f"Note: {about}",
        intro="One line, newest first on the ticker. It can be withdrawn, and then stays there struck through.",
        words="text",
        label="The line",
        submit="Put it on the ticker",
        back=_back(at, None, council_id or None),
    )


def _back(at: AtDesk, ballot_id: str | None, council_id: str | None) -> str:
    if ballot_id is not None:
        return entry_url(at.election, ("ward", ballot_id))
    return entry_url(at.election, ("tally", council_id)) if council_id is not None else desk_url(at.election)


# What comes of them


async def _status_made(request: Request, at: AtDesk, name: str, identity: str) -> Response:
    form = await form_of(request)
    act = _status(at, name, identity)
    chosen = text(form, "status")
    act = replace(act, choices=tuple(replace(it, chosen=it.value == chosen) for it in act.choices))
    # That a count goes on needs no reason.
    act = replace(act, required=chosen != StatusValue.COUNTING)
    body = {"kind": "status", name: identity, "status": chosen}
    if chosen not in {choice.value for choice in act.choices}:
        refused = Review(errors=(Finding("typed", "status", "Choose one of these."),))
        return _answer(request, at, act, form, refused, 422)
    return await _made(request, at, act, form, body)


def _shown(request: Request, at: AtDesk, act: Act, body: Mapping[str, Any] | None = None) -> Response:
    """The form at first; with ``body``, what that would do is beside it already."""
    review, conflict = None, ""
    if body is not None:
        try:
            review = _reviewed(at, body, {})
        except Superseded as error:
            conflict = str(error)
    form = {"key": [secrets.token_urlsafe(16)]}
    return page(_page(request, at, act, form, review, conflict))


async def _made(request: Request, at: AtDesk, act: Act, form: Form, body: Mapping[str, Any]) -> Response:
    written = text(form, act.words)
    if (act.required and not written) or len(written) > LONGEST_LINE:
        wanted = f"Write what it is about, {LONGEST_LINE} characters at most."
        return _answer(request, at, act, form, Review(errors=(Finding("typed", act.words, wanted),)), 422)
    body = {**body, **({act.words: written} if written else {})}
    try:
        review = _reviewed(at, body, form)
        if review.errors or text(form, "action") == "review":
            return _answer(request, at, act, form, review, 422 if review.errors else 200)
        posting = Posting(at.election.slug, body, at.signed.name, review.confirmed, _key(form))
        accepted = await asyncio.wrap_future(at.parts.declaring.post(posting))
    except Refused as error:
        return _answer(request, at, act, form, _found(_reviewed(at, body, form), error), 422)
    except Superseded as error:
        return _answer(request, at, act, form, None, 409, conflict=str(error))
    return await _done(request, at, act, json.loads(accepted.answer))


def _reviewed(at: AtDesk, body: Mapping[str, Any], form: Form) -> Review:
    """What it would do; raises Superseded."""
    confirmed = frozenset(form.get("confirm", ()))
    verdict = at.judged(body)
    if verdict.after is None or verdict.change is None:
        return Review(errors=verdict.hard, confirmed=confirmed)
    told = consequences(verdict.after, verdict.change)
    unnamed = FLIPS in confirmed and told.flip is not None and text(form, "flip") != told.flip
    return Review(
        warnings=verdict.soft,
        consequences=told,
        confirmed=confirmed - {FLIPS} if unnamed else confirmed,
        asks_flip=unnamed,
    )


def _found(review: Review, error: Refused) -> Review:
    hard = tuple(finding for finding in error.findings if not finding.code.startswith("W"))
    return replace(review, errors=hard)


def _key(form: Form) -> str | None:
    key = text(form, "key")
    return f"desk:{key}" if key else None


async def _done(request: Request, at: AtDesk, act: Act, answer: Mapping[str, Any]) -> Response:
    with contextlib.suppress(TimeoutError, Stopped):
        async with asyncio.timeout(PUBLISHING_SECONDS):
            await at.parts.newsroom.reached(at.election.slug, answer["seq"])
    location = f"{act.back}?done=told"
    if wants_page(request):
        return RedirectResponse(location, 303)
    told = {"outcome": "declared", "seq": answer["seq"], "flash": answer["flash"], "location": location}
    return JSONResponse(told, 201, headers=NEVER_STORED)


def _answer(
    request: Request, at: AtDesk, act: Act, form: Form, review: Review | None, status: int, *, conflict: str = ""
) -> Response:
    if wants_page(request):
        return page(_page(request, at, act, form, review, conflict), status)
    shown = review or Review()
    unconfirmed = any(finding.code not in shown.confirmed for finding in shown.warnings)
    waits = "confirm" if unconfirmed or shown.asks_flip else "review"
    told = {
        "outcome": "conflict" if conflict else "refused" if shown.errors else waits,
        "detail": conflict,
        "errors": [{"code": it.code, "field": it.field, "detail": it.detail} for it in shown.errors],
        "warnings": [{"code": it.code, "field": it.field, "detail": it.detail} for it in shown.warnings],
        "flip": shown.consequences.flip if shown.consequences else None,
        "asks_flip": shown.asks_flip,
        "html": review_panel(at.parts.environment, at.election, shown),
    }
    return JSONResponse(told, status, headers=NEVER_STORED)


def _page(request: Request, at: AtDesk, act: Act, form: Form, review: Review | None, conflict: str) -> str:
    findings = review.errors if review else ()
    filled = Filled(form, findings)
    return act_page(
        at.parts.environment, at.night, act, filled=filled, review=review, conflict=conflict, **around(request, at)
    )
