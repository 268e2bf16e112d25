"""Keying a result or a tally: the form, what it would do, and what became of it; and the drafts of such forms.

A form is sent to the address of its page, by a browser or by ``desk-outbox.js``. ``action`` says what for: ``review``
(look at it again, with its consequences), ``key`` (into the second check; declared at once where it agrees) or
``alone`` (an editor's, straight into the log; a correction always is). Whoever asks for a page gets a page, a script
gets the same as JSON: its ``outcome`` is one of review, refused, confirm, conflict, awaits, waiting, disputed and
declared.
"""

import asyncio
import contextlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.declaring import Posting
from app.domain.declarations import Entry, SubjectKey, declaration_from
from app.domain.errors import DomainError, Finding, KeyReused, Refused, Superseded
from app.keying import FLIPS, AwaitsAnother
from app.live.follower import Stopped
from app.pages.desk_board import desk_url, entry_url
from app.pages.desk_consequences import consequences
from app.pages.desk_entry import (
    Conflict,
    Filled,
    Review,
    conflict_panel,
    contest_entry_page,
    figures,
    review_panel,
    tally_page,
)
from app.store import drafts
from app.web.access import DeskRouter, wants_page
from app.web.desk_frame import form_of
from app.web.desk_parts import NEVER_STORED, AtDesk, Desk, around, page, reading
from app.web.desk_typed import Form, Typed, as_correction, is_blank, read_result, read_tally, text, typed_from
from app.web.errors import Problem

PUBLISHING_SECONDS = 5.0
"""How long an answer waits for its own entry to be shown here; it is durable whether or not."""

Kind = Literal["ward", "tally"]

desk_entry = DeskRouter()


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent, read and judged."""

    subject: SubjectKey
    form: Form
    typed: Typed
    review: Review
    conflict: Superseded | None = None

    @property
    def replaces(self) -> int | None:
        found: int | None = self.typed.body.get("replaces")
        return found

    @property
    def is_correction(self) -> bool:
        return bool(self.typed.body["kind"] == "correction")

    @property
    def outcome(self) -> str:
        """What stands in the way of it, if anything does."""
        if self.conflict is not None:
            return "conflict"
        if self.review.errors:
            return "refused"
        unconfirmed = any(finding.code not in self.review.confirmed for finding in self.review.warnings)
        return "confirm" if unconfirmed or self.review.asks_flip else "review"


@desk_entry.get("/{slug}/contests/{ballot_id}")
async def contest_form(request: Request, at: Desk, ballot_id: str) -> Response:
    """The form of a contest; ``mode=seats`` asks for seats, ``correct`` for a correction, ``again`` to key it anew."""
    at.election.contest(ballot_id)
    return page(await _form_page(request, at, ("ward", ballot_id)))


@desk_entry.get("/{slug}/councils/{council_id}/tally")
async def tally_form(request: Request, at: Desk, council_id: str) -> Response:
    """The form of a council's tally by phone; queries as for a contest."""
    at.election.council(council_id)
    return page(await _form_page(request, at, ("tally", council_id)))


@desk_entry.post("/{slug}/contests/{ballot_id}")
async def send_result(request: Request, at: Desk, ballot_id: str) -> Response:
    """Key a result."""
    return await _send(request, at, ("ward", ballot_id))


@desk_entry.post("/{slug}/councils/{council_id}/tally")
async def send_tally(request: Request, at: Desk, council_id: str) -> Response:
    """Key a tally."""
    return await _send(request, at, ("tally", council_id))


@desk_entry.put("/{slug}/drafts/{kind}/{identity}")
async def keep_draft(request: Request, at: Desk, kind: Kind, identity: str) -> Response:
    """Keep a form as it is typed."""
    subject = _known(at, (kind, identity))
    form = await form_of(request)
    await asyncio.wrap_future(at.second_check.keep_draft(at.election.slug, subject, at.signed.name, form))
    return Response(status_code=204, headers=NEVER_STORED)


@desk_entry.delete("/{slug}/drafts/{kind}/{identity}")
async def drop_draft(at: Desk, kind: Kind, identity: str) -> Response:
    """Forget what was typed."""
    subject = _known(at, (kind, identity))
    await asyncio.wrap_future(at.second_check.keep_draft(at.election.slug, subject, at.signed.name, None))
    return Response(status_code=204, headers=NEVER_STORED)


@desk_entry.post("/{slug}/keyed/{kind}/{identity}/take-back")
async def take_back(at: Desk, kind: Kind, identity: str) -> Response:
    """Let go of what waits for a second check."""
    subject = _known(at, (kind, identity))
    check = at.second_check.take_back(at.election.slug, subject, at.signed.name, is_editor=at.signed.may_edit)
    if not await asyncio.wrap_future(check):
        raise Problem(409, "Nothing of yours waits there any more.")
    return RedirectResponse(f"{desk_url(at.election)}/queue", 303)


# A form that was sent


async def _send(request: Request, at: AtDesk, subject: SubjectKey) -> Response:
    _known(at, subject)
    form = await form_of(request)
    sent = _judged(at, subject, form)
    if sent.is_correction and not at.signed.may_edit:
        raise Problem(403, "Corrections are made by editors.")
    action = text(form, "action")
    if action == "alone" and not at.signed.may_edit:
        raise Problem(403, "Only editors declare alone.")
    # What another has to agree with first is compared before anything is to be confirmed.
    if action not in {"key", "alone"} or sent.outcome in {"refused", "conflict"}:
        return await _answer(request, at, sent, status={"refused": 422, "conflict": 409}.get(sent.outcome, 200))
    try:
        if action == "alone" or sent.is_correction:
            return await _declared_alone(request, at, sent)
        return await _keyed(request, at, sent)
    except Refused as error:
        return await _answer(request, at, _with_findings(sent, error), status=422)
    except Superseded as error:
        return await _answer(request, at, replace(sent, conflict=error), status=409)
    except (AwaitsAnother, KeyReused) as error:
        return await _not_now(request, at, sent, error)


async def _declared_alone(request: Request, at: AtDesk, sent: Sent) -> Response:
    accepted = await asyncio.wrap_future(at.second_check.declare_alone(_posting(at, sent)))
    return await _done(request, at, sent.subject, json.loads(accepted.answer))


async def _keyed(request: Request, at: AtDesk, sent: Sent) -> Response:
    outcome = await asyncio.wrap_future(at.second_check.key(_posting(at, sent), may_check=at.checks))
    if outcome.status == 201:
        return await _done(request, at, sent.subject, outcome.read)
    told = outcome.read
    return _moved_on(request, at, sent.subject, {**told, "outcome": told["state"]}, 202)


async def _done(request: Request, at: AtDesk, subject: SubjectKey, answer: Mapping[str, Any]) -> Response:
    """It is in the log; answered once it is shown here as well."""
    with contextlib.suppress(TimeoutError, Stopped):
        async with asyncio.timeout(PUBLISHING_SECONDS):
            await at.parts.newsroom.reached(at.election.slug, answer["seq"])
    told = {"outcome": "declared", "seq": answer["seq"], "flash": answer["flash"]}
    return _moved_on(request, at, subject, told, 201)


def _moved_on(request: Request, at: AtDesk, subject: SubjectKey, told: Mapping[str, Any], status: int) -> Response:
    location = f"{entry_url(at.election, subject)}?done={told['outcome']}"
    if wants_page(request):
        return RedirectResponse(location, 303)
    return JSONResponse({**told, "location": location}, status, headers=NEVER_STORED)


async def _not_now(request: Request, at: AtDesk, sent: Sent, error: DomainError) -> Response:
    """Somebody else is there already: what was typed is kept."""
    await _keep(at, sent)
    if not wants_page(request):
        told = {"outcome": "awaits", "detail": str(error), "location": entry_url(at.election, sent.subject)}
        return JSONResponse(told, 409, headers=NEVER_STORED)
    raise Problem(409, f"{error} What you typed is kept as your draft.")


async def _answer(request: Request, at: AtDesk, sent: Sent, *, status: int) -> Response:
    """The form again, with what is to be said of it."""
    conflict = _conflict(at, sent) if sent.conflict is not None else None
    if wants_page(request):
        if not is_blank(sent.form):
            await _keep(at, sent)
        findings = (*sent.review.errors, *sent.review.warnings)
        filled = Filled(_with_key(sent.form), findings, frozenset())
        return page(_rendered(request, at, sent.subject, filled, sent=sent, conflict=conflict), status)
    panel = (
        conflict_panel(at.parts.environment, at.election, conflict, at.asked(replaces=sent.replaces))
        if conflict
        else review_panel(at.parts.environment, at.election, sent.review)
    )
    told = {
        "outcome": sent.outcome,
        "detail": conflict.detail if conflict else "",
        "errors": [_finding(finding) for finding in sent.review.errors],
        "warnings": [_finding(finding) for finding in sent.review.warnings],
        "flip": sent.review.consequences.flip if sent.review.consequences else None,
        "asks_flip": sent.review.asks_flip,
        "html": panel,
    }
    return JSONResponse(told, status, headers=NEVER_STORED)


def _finding(finding: Finding) -> dict[str, str]:
    return {"code": finding.code, "field": finding.field, "detail": finding.detail}


async def _keep(at: AtDesk, sent: Sent) -> None:
    """A page is given back without scripts: what was typed is kept here, whatever becomes of the page."""
    await asyncio.wrap_future(
        at.second_check.keep_draft(at.election.slug, sent.subject, at.signed.name, dict(sent.form))
    )


def _posting(at: AtDesk, sent: Sent) -> Posting:
    key = text(sent.form, "key")
    return Posting(
        slug=at.election.slug,
        body=sent.typed.body,
        author=at.signed.name,
        confirm=sent.review.confirmed,
        key=f"desk:{key}" if key else None,
    )


# Judging


def _judged(at: AtDesk, subject: SubjectKey, form: Form) -> Sent:
    """The form read, checked, and what it would do; nothing is written."""
    typed = _read(at, subject, form)
    confirmed = frozenset(form.get("confirm", ()))
    if typed.errors:
        return Sent(subject, form, typed, Review(errors=tuple(typed.errors), confirmed=confirmed))
    try:
        verdict = at.judged(typed.body)
    except Refused as error:
        return Sent(subject, form, typed, Review(errors=error.findings, confirmed=confirmed))
    except Superseded as error:
        return Sent(subject, form, typed, Review(confirmed=confirmed), error)
    if verdict.after is None or verdict.change is None:
        return Sent(subject, form, typed, Review(errors=verdict.hard, confirmed=confirmed))
    told = consequences(verdict.after, verdict.change)
    # A change of control is confirmed twice: by its code, and by its name.
    unnamed = FLIPS in confirmed and told.flip is not None and text(form, "flip") != told.flip
    review = Review(
        warnings=verdict.soft,
        consequences=told,
        confirmed=confirmed - {FLIPS} if unnamed else confirmed,
        asks_flip=unnamed,
    )
    return Sent(subject, form, typed, review)


def _read(at: AtDesk, subject: SubjectKey, form: Form) -> Typed:
    kind, identity = subject
    now = at.now.astimezone(at.election.zone)
    if kind == "ward":
        typed = read_result(at.election.contest(identity), form, now=now)
    else:
        typed = read_tally(at.election.council(identity), form, now=now)
    return as_correction(typed, form) if text(form, "replaces") else typed


def _with_findings(sent: Sent, error: Refused) -> Sent:
    """What the writer found, which sees the newest log."""
    soft = tuple(finding for finding in error.findings if finding.code.startswith("W"))
    hard = tuple(finding for finding in error.findings if finding not in soft)
    known = {finding.code for finding in sent.review.warnings}
    warnings = (*sent.review.warnings, *(finding for finding in soft if finding.code not in known))
    return replace(sent, review=replace(sent.review, errors=hard, warnings=warnings))


def _known(at: AtDesk, subject: SubjectKey) -> SubjectKey:
    """The subject itself; 404 for one that the election does not have."""
    kind, identity = subject
    if kind == "ward":
        at.election.contest(identity)
    else:
        at.election.council(identity)
    return subject


def _conflict(at: AtDesk, sent: Sent) -> Conflict:
    """What stands now beside what was typed."""
    assert sent.conflict is not None  # asked only where there is one
    kind, identity = sent.subject
    contest = at.election.contest(identity) if kind == "ward" else None
    standing = _standing(at, sent.subject)
    body = {**sent.typed.body, "kind": kind}
    mine = None
    if not sent.typed.errors:
        names = {"ballot_id": identity} if kind == "ward" else {"council_id": identity}
        mine = declaration_from({**body, **names}, about=kind, council_id=identity, ballot_id=identity)
    theirs = standing.content if standing else None
    url = entry_url(at.election, sent.subject)
    return Conflict(str(sent.conflict), standing, figures(at.election, contest, theirs, mine), url)


def _standing(at: AtDesk, subject: SubjectKey) -> Entry | None:
    """The entry that stands for a subject."""
    kind, identity = subject
    council_id = at.election.contest(identity).council_id if kind == "ward" else identity
    return at.night.councils[council_id].record.subject(kind, identity).standing


# The form's page


async def _form_page(request: Request, at: AtDesk, subject: SubjectKey) -> str:
    slug, name = at.election.slug, at.signed.name
    draft = await reading(at.parts, lambda connection: drafts.find(connection, slug, subject, name))
    query = request.query_params
    standing = _standing(at, subject)
    corrects = standing is not None and query.get("correct") == str(standing.seq) and at.signed.may_edit
    form = _beginning(at, subject, standing if corrects else None)
    drafted = None
    if draft is not None and ("take" in query or _is_about(draft.body, standing if corrects else None)):
        # What was typed for something else is taken over; what it replaces is said by the form, not by the draft.
        drafted = {name: values for name, values in draft.body.items() if name != "replaces"}
    waiting = at.keyed(subject)
    differing = waiting.differing if waiting is not None and waiting.of(name) is not None else frozenset()
    if drafted is not None:
        form = {**form, **drafted}
    return _rendered(
        request,
        at,
        subject,
        Filled(_with_key(form), (), differing, clears=drafted is None),
        replaces=standing.seq if corrects and standing is not None else None,
        drafted_at=draft.updated_at.isoformat() if draft is not None and drafted is not None else "",
    )


def _beginning(at: AtDesk, subject: SubjectKey, corrected: Entry | None) -> dict[str, Sequence[str]]:
    """What the form is filled in with at first: what is to be corrected, or what this person keyed before."""
    if corrected is not None:
        return {
            **typed_from(_body_of(at, corrected), at.election, at=corrected.at),
            "replaces": [str(corrected.seq)],
        }
    waiting = at.keyed(subject)
    own = waiting.of(at.signed.name) if waiting is not None else None
    if own is None:
        return {}
    form: dict[str, Sequence[str]] = {**typed_from(own.body, at.election)}
    return form


def _body_of(at: AtDesk, entry: Entry) -> Mapping[str, Any]:
    return at.line(entry.seq).body


def _is_about(draft: Mapping[str, Any], corrected: Entry | None) -> bool:
    """Whether a draft belongs to this form: a correction's to the correction of the same entry."""
    replaces = [*draft.get("replaces", ())][-1:]
    return replaces == ([str(corrected.seq)] if corrected is not None else [])


def _with_key(form: Form) -> dict[str, Sequence[str]]:
    """The form with an idempotency key: the one it has, else a new one. So whatever happens, it is sent once."""
    return {**form, "key": [text(form, "key") or secrets.token_urlsafe(16)]}


def _rendered(
    request: Request,
    at: AtDesk,
    subject: SubjectKey,
    filled: Filled,
    *,
    sent: Sent | None = None,
    conflict: Conflict | None = None,
    replaces: int | None = None,
    drafted_at: str = "",
) -> str:
    kind, identity = subject
    values: dict[str, Any] = {
        "asked": at.asked(mode=request.query_params.get("mode", ""), replaces=sent.replaces if sent else replaces),
        "keyed": at.keyed(subject),
        "filled": filled,
        "review": sent.review if sent else None,
        "conflict": conflict,
        "done": request.query_params.get("done", ""),
        "again": "again" in request.query_params or sent is not None or bool(drafted_at),
        "drafted_at": drafted_at,
        **around(request, at),
    }
    if kind == "ward":
        return contest_entry_page(at.parts.environment, at.night, at.election.contest(identity), **values)
    return tally_page(at.parts.environment, at.night, at.election.council(identity), **values)
