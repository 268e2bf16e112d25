"""Keying a result or a tally: the form, what it would do, and what became of it; and the drafts of such forms.

A form is sent to the address of its page, by a browser or by ``desk/outbox.js``. ``action`` says what for: ``review``
(look at it again, with its consequences), ``key`` (into the second check; declared at once where it agrees),
``declare`` (the same where one person is enough, who declares it) or ``alone`` (an editor's, straight into the log). A
correction goes the same ways: an editor begins it, and another keys it again. Whoever asks for a page gets a page, a
script gets the same as JSON.
"""

import asyncio
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.declaring.door import HeldBack, Posting
from app.declaring.second_check import NothingToCheck, OneIsEnough
from app.desk.addresses import council_url, desk_url, entry_url
from app.desk.entry.following import Following, following
from app.desk.entry.form import Filled
from app.desk.entry.made_out import hidden_fields, made_out_for, moved
from app.desk.entry.review import (
    Judged,
    answer,
    declared,
    for_others,
    form_key,
    judged,
    moved_on,
    overruled,
    own_form,
    posting_of,
)
from app.desk.entry.revising import keyed_for, waiting_revision
from app.desk.entry.told import told_figures
from app.desk.entry.typed import Form, Typed, as_correction, is_blank, read_result, read_tally, text, typed_from
from app.desk.entry.view import (
    Conflict,
    KeptDraft,
    Opened,
    changed_lineup,
    changed_panel,
    conflict_panel,
    contest_entry_page,
    form_places,
    own_content,
    review_panel,
    tally_page,
)
from app.desk.holding.holding_back import held_back
from app.desk.notes.view import NotesBeside, shown_notes
from app.desk.parts import AtDesk, SomeCouncils, page, reading
from app.desk.photos.view import PhotosBeside, photos_beside
from app.desk.presence.seen import note_seen
from app.domain.declarations import PAPERS_AND_TURNOUT, Entry
from app.domain.errors import KeyReused, Refused
from app.domain.lineup import LineupChanged, lineup_of
from app.domain.second_check import AwaitsAnother, Disputed
from app.domain.subject import Subject
from app.domain.superseding import Superseded
from app.store import drafts, keyed
from app.web.errors import Problem
from app.web.incoming import is_post
from app.web.signing_in.access import DeskRouter, wants_page
from app.wording.bodies import ANNOUNCED_ALONE
from app.wording.lineup import changed_briefly
from app.wording.refusals import refusal

Kind = Literal["ward", "tally"]

HANDS_IN = frozenset({"key", "declare", "alone"})
"""What ``action`` is where a form is more than looked at."""

desk_entry = DeskRouter()


@desk_entry.get("/{slug}/contests/{ballot_id}")
async def contest_form(request: Request, at: SomeCouncils, ballot_id: str) -> Response:
    """The form of a contest; ``mode=seats`` asks for seats, ``correct`` for a correction, ``again`` to key it anew."""
    at.election.contest(ballot_id)
    _opened(request, at, Subject("ward", ballot_id))
    return page(await _form_page(request, at, Subject("ward", ballot_id)))


@desk_entry.get("/{slug}/councils/{council_id}/tally")
async def tally_form(request: Request, at: SomeCouncils, council_id: str) -> Response:
    """The form of a council's tally by phone; queries as for a contest."""
    at.election.council(council_id)
    _opened(request, at, Subject("tally", council_id))
    return page(await _form_page(request, at, Subject("tally", council_id)))


@desk_entry.post("/{slug}/contests/{ballot_id}")
async def send_result(request: Request, at: SomeCouncils, ballot_id: str) -> Response:
    """Key a result."""
    return await _send(request, at, Subject("ward", ballot_id))


@desk_entry.post("/{slug}/councils/{council_id}/tally")
async def send_tally(request: Request, at: SomeCouncils, council_id: str) -> Response:
    """Key a tally."""
    return await _send(request, at, Subject("tally", council_id))


@desk_entry.put("/{slug}/drafts/{kind}/{identity}")
async def keep_draft(request: Request, at: SomeCouncils, kind: Kind, identity: str) -> Response:
    """Keep a form as it is typed."""
    subject = _known(at, Subject(kind, identity))
    form = await own_form(request, at)
    keeping = at.second_check.keep_draft(at.election.slug, subject, at.signed.name, dict(form), key=form_key(form))
    await asyncio.wrap_future(keeping)
    return Response(status_code=204)


@desk_entry.delete("/{slug}/drafts/{kind}/{identity}")
async def drop_draft(at: SomeCouncils, kind: Kind, identity: str) -> Response:
    """Forget what was typed."""
    subject = _known(at, Subject(kind, identity))
    await asyncio.wrap_future(at.second_check.keep_draft(at.election.slug, subject, at.signed.name, None))
    return Response(status_code=204)


@desk_entry.post("/{slug}/keyed/{kind}/{identity}/take-back")
async def take_back(at: SomeCouncils, kind: Kind, identity: str) -> Response:
    """Let go of what waits for a second check."""
    subject = _known(at, Subject(kind, identity))
    signed = at.signed
    check = at.second_check.take_back(
        at.election.slug, subject, signed.name, is_editor=signed.may_edit, address=signed.address
    )
    if not await asyncio.wrap_future(check):
        raise Problem(409, "Nothing of yours waits there any more.")
    return RedirectResponse(f"{desk_url(at.election)}/queue", 303)


def _opened(request: Request, at: AtDesk, subject: Subject) -> None:
    """Who asks is at this form, unless their browser only keeps it for later, as ``desk/worker.js`` says."""
    if request.headers.get("Purpose") != "prefetch":
        note_seen(at, subject)


# A form that was sent


async def _send(request: Request, at: AtDesk, subject: Subject) -> Response:
    _known(at, subject)
    form = await own_form(request, at)
    action = text(form, "action")
    is_asked_only = action not in HANDS_IN
    if not is_asked_only:
        is_post(request, "desk")
    typed = _read(at, subject, form, is_asked_only=is_asked_only)
    is_announced = "as_announced" in typed.body
    is_alone = action == "alone" or (is_announced and action == "declare")
    corrects = typed.body["kind"] == "correction" and not _checks_correction(at, subject, typed.body.get("replaces"))
    if (is_alone or is_announced or corrects) and not at.signed.may_edit:
        raise Problem(403, "Only editors correct, declare alone and take figures as announced.")
    if is_announced and action == "key" and not is_alone:
        typed.refuse("as_announced", ANNOUNCED_ALONE)
    sent = judged(at, form, typed.body, typed.errors)
    if at.parts.exercise is not None and sent.is_readable:
        at.parts.exercise.looked_at(at.signed.name, subject, sent.body, sent.codes, is_handed_in=not is_asked_only)
    if is_asked_only or not sent.is_readable:
        if made_out_for(form).differs_from(lineup_of(at.election, subject)):
            sent = _for_others(at, subject, sent)
        return await _answer(request, at, subject, sent, is_asked_only=is_asked_only)
    return await _handed_in(request, at, subject, sent, is_alone=is_alone)


async def _handed_in(request: Request, at: AtDesk, subject: Subject, sent: Judged, *, is_alone: bool) -> Response:
    """Whatever was said of it here, the writer decides: what was sent before is answered as it was then."""
    try:
        return await _made(request, at, subject, sent, is_alone=is_alone)
    except (Refused, Superseded) as error:
        return await _answer(request, at, subject, overruled(sent, error))
    except LineupChanged as error:
        await at.parts.newsroom.shown(at.election.slug, error.seq)
        now = replace(at, publication=at.parts.newsroom.publication(at.election.slug))
        return await _answer(request, now, subject, _for_others(now, subject, sent))
    except (AwaitsAnother, OneIsEnough, NothingToCheck) as error:
        return await _not_now(request, at, subject, sent, str(error))
    except KeyReused:
        # Sent before with other figures, of which no answer came. The subject itself is what cannot be declared twice.
        fresh = replace(sent, form=_with_key({**sent.form, "key": ()}))
        return await _handed_in(request, at, subject, fresh, is_alone=is_alone)


async def _made(request: Request, at: AtDesk, subject: Subject, sent: Judged, *, is_alone: bool) -> Response:
    try:
        return await (_declared_alone if is_alone else _keyed)(request, at, subject, sent)
    except HeldBack as back:
        return await held_back(request, at, sent, back, is_alone=is_alone)


async def _declared_alone(request: Request, at: AtDesk, subject: Subject, sent: Judged) -> Response:
    try:
        accepted = await asyncio.wrap_future(at.second_check.declare_alone(_posting(at, sent)))
    except Refused as error:
        if any(finding.code == "W19" for finding in error.findings):
            by = at.signed
            told = at.second_check.note_told(at.election.slug, subject, by.name, address=by.address)
            await asyncio.wrap_future(told)
        raise
    return await _in_the_log(request, at, subject, sent, json.loads(accepted.answer))


def _for_others(at: AtDesk, subject: Subject, sent: Judged) -> Judged:
    was, now = made_out_for(sent.form), lineup_of(at.election, subject)
    return for_others(sent, changed_briefly(at.election, was, now))


def _posting(at: AtDesk, sent: Judged) -> Posting:
    return replace(posting_of(at, sent), lineup=made_out_for(sent.form))


async def _in_the_log(
    request: Request, at: AtDesk, subject: Subject, sent: Judged, answered: Mapping[str, Any]
) -> Response:
    await at.parts.newsroom.shown(at.election.slug, answered["seq"])
    if _standing(at, subject) is None:
        # The same form, sent again: what it had made is answered, and is not there any more.
        gone = f"Entry {answered['seq']}, which this form made, was withdrawn since. Send it again to declare it anew."
        return await _not_now(request, at, subject, sent, gone, key=secrets.token_urlsafe(16))
    return declared(request, answered, _location(at, subject, "declared"))


async def _keyed(request: Request, at: AtDesk, subject: Subject, sent: Judged) -> Response:
    awaits_check = text(sent.form, "action") != "declare"
    keying = at.second_check.key(
        _posting(at, sent),
        may_check=at.signed.may_check,
        may_revise=at.signed.may_edit,
        awaits_check=awaits_check,
    )
    outcome = await asyncio.wrap_future(keying)
    told = outcome.read
    if outcome.status == 201:
        return await _in_the_log(request, at, subject, sent, told)
    waiting = await reading(request, lambda connection: keyed.find(connection, at.election.slug, subject))
    standing, replaces = _standing(at, subject), sent.body.get("replaces")
    if waiting is None and (standing.seq if standing is not None else None) == replaces:
        gone = "What this form has handed in was taken back since. Send it again to hand it in anew."
        return await _not_now(request, at, subject, sent, gone, key=secrets.token_urlsafe(16))
    state = told["state"]
    # Of a correction that is disputed its own form comes next.
    again = replaces if state == Disputed.state else None
    return moved_on(request, {**told, "outcome": state}, _location(at, subject, state, correct=again), 202)


def _location(at: AtDesk, subject: Subject, outcome: str, *, correct: int | None = None) -> str:
    query = f"correct={correct}&done={outcome}" if correct is not None else f"done={outcome}"
    return f"{entry_url(at.election, subject)}?{query}"


def _checks_correction(at: AtDesk, subject: Subject, replaces: int | None) -> bool:
    """Whether somebody else's correction of the entry ``replaces`` waits, for whoever may check."""
    waiting = keyed_for(at.keyed(subject), replaces) if replaces is not None and at.signed.may_check else None
    return waiting is not None and not waiting.author.is_by(at.signed.name)


async def _not_now(
    request: Request, at: AtDesk, subject: Subject, sent: Judged, detail: str, *, key: str | None = None
) -> Response:
    """Not as things are: what was typed is kept. ``key`` is what to send it under again."""
    await _keep(at, subject, sent.form)
    if wants_page(request):
        raise Problem(409, f"{detail} What you typed is kept as your draft.")
    return JSONResponse({"outcome": "awaits", "detail": detail, **({"key": key} if key else {})}, 409)


async def _answer(
    request: Request, at: AtDesk, subject: Subject, sent: Judged, *, is_asked_only: bool = False
) -> Response:
    """The form again, with what is to be said of it."""
    conflict = _conflict(at, subject, sent) if sent.conflict is not None else None
    replaces: int | None = sent.body.get("replaces")

    def shown() -> str:
        filled = Filled(_with_key(sent.form), (*sent.review.errors, *sent.review.warnings))
        return _rendered(request, at, subject, filled, sent=sent, conflict=conflict, replaces=replaces)

    asked = at.asked(subject, mode=request.query_params.get("mode", ""), replaces=replaces)

    def panel() -> str:
        environment, election = at.parts.environment, at.election
        if sent.changed:
            return changed_panel(environment, changed_lineup(election, moved(sent.form, lineup_of(election, subject))))
        if conflict is None:
            return review_panel(environment, election, sent.review, form_places(election, subject, sent.form, asked))
        return conflict_panel(environment, election, conflict, asked)

    if (sent.changed and not is_asked_only) or (wants_page(request) and not is_blank(sent.form)):
        await _keep(at, subject, sent.form)
    return answer(request, sent, shown=shown, panel=panel, is_asked_only=is_asked_only, may_revise=at.signed.may_edit)


async def _keep(at: AtDesk, subject: Subject, form: Form) -> None:
    """A page is given back without scripts: what was typed is kept here, whatever becomes of the page."""
    await asyncio.wrap_future(at.second_check.keep_draft(at.election.slug, subject, at.signed.name, dict(form)))


def _read(at: AtDesk, subject: Subject, form: Form, *, is_asked_only: bool) -> Typed:
    now = at.now.astimezone(at.election.zone)
    if subject.ballot_id is not None:
        typed = read_result(at.election, at.election.contest(subject.ballot_id), form, now=now)
    else:
        typed = read_tally(at.election, subject.council_in(at.election), form, now=now)
    return as_correction(typed, form, is_asked_only=is_asked_only) if text(form, "replaces") else typed


def _known(at: AtDesk, subject: Subject) -> Subject:
    """The subject itself; 404 for one that the election does not have."""
    subject.council_in(at.election)
    return subject


def _conflict(at: AtDesk, subject: Subject, sent: Judged) -> Conflict:
    """What stands now beside what was typed."""
    assert sent.conflict is not None  # asked only where there is one
    contest = at.election.contest(subject.ballot_id) if subject.ballot_id is not None else None
    standing = _standing(at, subject)
    theirs, mine = standing.content if standing else None, own_content(subject, sent.body)
    url = entry_url(at.election, subject)
    told = refusal(sent.conflict, may_revise=at.signed.may_edit)
    return Conflict(told, standing, told_figures(at.election, contest, theirs, mine), url)


def _standing(at: AtDesk, subject: Subject) -> Entry | None:
    """The entry that stands for a subject by now."""
    return at.night.record_of(subject.council_in(at.election).council_id).about(subject).standing


# The form's page


async def _form_page(request: Request, at: AtDesk, subject: Subject) -> str:
    slug, name = at.election.slug, at.signed.name
    draft = await reading(request, lambda connection: drafts.find(connection, slug, subject, name))
    query = request.query_params
    corrected = _corrected(at, subject, query.get("correct", ""))
    replaces = corrected.seq if corrected is not None else None
    form = _beginning(at, subject, corrected)
    drafted = None
    if draft is not None and ("take" in query or _is_about(draft.body, corrected)):
        # What was typed for something else is taken over; what it replaces is said by the form, not by the draft.
        # And its key may have been used by now: a form that is opened is sent under one of its own.
        drafted = {name: values for name, values in draft.body.items() if name not in {"replaces", "key"}}
    waiting = keyed_for(at.keyed(subject), replaces)
    differing = waiting.differing if waiting is not None and waiting.of(name) is not None else frozenset()
    if drafted is not None:
        form = {**form, **drafted}
    return _rendered(
        request,
        at,
        subject,
        Filled(_with_key(form), (), differing, clears=drafted is None),
        replaces=replaces,
        kept=KeptDraft(draft.body, drafted is not None) if draft is not None else None,
    )


def _corrected(at: AtDesk, subject: Subject, asked: str) -> Entry | None:
    """What stands, where its correction is asked for by whoever may correct it, or check that."""
    standing = _standing(at, subject)
    if standing is None or asked != str(standing.seq):
        return None
    return standing if at.signed.may_edit or _checks_correction(at, subject, standing.seq) else None


def _beginning(at: AtDesk, subject: Subject, corrected: Entry | None) -> dict[str, Sequence[str]]:
    """What the form is filled in with at first: what this person keyed before, or what is to be corrected.

    Nothing where another's correction waits for them to key it again.
    """
    waiting = keyed_for(at.keyed(subject), corrected.seq if corrected is not None else None)
    own = waiting.of(at.signed.name) if waiting is not None else None
    begun: dict[str, Sequence[str]] = {}
    if own is not None:
        begun = {**typed_from(own.body)}
    elif corrected is not None and waiting is None:
        # Votes that were added stand with the papers that were announced before them.
        announced = at.night.record_of(corrected.council_id).about(subject).declaration
        stands = {name: getattr(announced, name, None) for name in PAPERS_AND_TURNOUT}
        begun = {**typed_from({**at.line(corrected.seq).body, **stands})}
    if corrected is not None:
        begun["replaces"] = [str(corrected.seq)]
        begun["reason"] = [str(waiting.author.body["reason"])] if waiting is not None else []
    return begun


def _is_about(draft: Mapping[str, Any], corrected: Entry | None) -> bool:
    """Whether a draft belongs to this form: a correction's to the correction of the same entry."""
    replaces = [*draft.get("replaces", ())][-1:]
    return replaces == ([str(corrected.seq)] if corrected is not None else [])


def _with_key(form: Form) -> dict[str, Sequence[str]]:
    """The form with an idempotency key: the one it has, else a new one. So whatever happens, it is sent once."""
    return {**form, "key": [text(form, "key") or secrets.token_urlsafe(16)]}


def _notes_beside(at: AtDesk, subject: Subject) -> NotesBeside:
    """The notes about a contest and its council, or about a council alone."""
    council_id = subject.council_in(at.election).council_id
    own = (note for note in at.notes if note.subject in {subject, Subject("tally", council_id)})
    where = entry_url(at.election, subject) if subject.ballot_id is not None else council_url(at.election, council_id)
    return NotesBeside(shown_notes(at.election, own, at.signed), f"{where}/notes", secrets.token_urlsafe(16))


def _sheet_beside(at: AtDesk, subject: Subject) -> PhotosBeside | None:
    if at.parts.photos is None or subject.ballot_id is None:
        return None
    return photos_beside(at.election, subject.ballot_id, at.sheets, at.signed)


def _following(at: AtDesk, subject: Subject) -> Following | None:
    if subject.ballot_id is None:
        return None
    free = at.next_ward(subject)
    return following(at.night, subject.ballot_id, free, at.waiting, person=at.signed.name, checks=at.checks)


def _rendered(
    request: Request,
    at: AtDesk,
    subject: Subject,
    filled: Filled,
    *,
    sent: Judged | None = None,
    conflict: Conflict | None = None,
    replaces: int | None = None,
    kept: KeptDraft | None = None,
) -> str:
    query, environment = request.query_params, at.parts.environment
    now = lineup_of(at.election, subject)
    beside = moved(filled.form, now)
    has_changed = beside.has_changed or (sent is not None and bool(sent.changed))
    opened = Opened(
        asked=at.asked(subject, mode=query.get("mode", ""), replaces=replaces),
        keyed=keyed_for(at.keyed(subject), replaces),
        revision=waiting_revision(at.election, at.keyed(subject), at.asked()),
        filled=replace(filled, form=beside.form),
        made_out=hidden_fields(now),
        changed=changed_lineup(at.election, beside) if has_changed else None,
        persons=at.persons,
        review=sent.review if sent and not sent.changed else None,
        conflict=conflict,
        draft=kept,
        done=query.get("done", ""),
        again="again" in query or sent is not None or bool(kept and kept.fills),
        beside=_notes_beside(at, subject),
        sheet=_sheet_beside(at, subject),
        following=_following(at, subject) if "done" in query else None,
    )
    if subject.ballot_id is not None:
        contest = at.election.contest(subject.ballot_id)
        return contest_entry_page(environment, at.night, contest, opened, at.frame(), now=at.now)
    return tally_page(environment, at.night, subject.council_in(at.election), opened, at.frame())
