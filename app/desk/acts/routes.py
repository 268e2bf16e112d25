"""What editors do beside declaring: withdrawals, statuses and notes, each with a reason, its consequences shown before.

Reporters tell statuses as well, for their councils.

They are judged and answered as ``entry.review`` says.
"""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.declaring.door import DECLARED, HeldBack
from app.declaring.second_check import NothingToCheck, OneIsEnough
from app.desk.acts.view import Act, PossibleAct, act_page, places_of
from app.desk.acts.withdrawing import act_done, back_of, withdrawal_of
from app.desk.addresses import desk_url
from app.desk.entry.consequences import consequences
from app.desk.entry.form import Filled
from app.desk.entry.review import Judged, answer, declared, judged, moved_on, overruled, own_form, posting_of
from app.desk.entry.typed import LONGEST_LINE, UNREADABLE, UNWRITTEN, Form, text
from app.desk.entry.view import review_panel
from app.desk.holding.holding_back import held_back
from app.desk.parts import AtDesk, Desk, EditorsDesk, StatusDesk, page
from app.domain.declarations import StatusValue
from app.domain.errors import Finding, Refused
from app.domain.second_check import AwaitsAnother
from app.domain.superseding import Superseded
from app.web.errors import Problem
from app.web.incoming import is_post
from app.web.signing_in.access import DeskRouter, wants_page
from app.wording.refusals import refusal
from app.wording.ticker import place_of

STATUS_LABELS: Mapping[StatusValue, str] = {
    StatusValue.COUNTING: "Counting",
    StatusValue.RECOUNT: "Recount",
    StatusValue.DELAYED: "Delayed, still to come tonight",
    StatusValue.COUNTERMANDED: "Countermanded: a candidate has died, the {seats} are vacant tonight",
    StatusValue.POSTPONED: "Postponed: no poll today for another reason, the {seats} are vacant tonight",
}

desk_acts = DeskRouter()


@desk_acts.get("/{slug}/entries/{seq}/withdraw")
async def withdrawal_form(at: Desk, seq: int, reason: str = "") -> Response:
    """What taking an entry back would do; ``reason`` is what was typed before it was undone."""
    act, reason = withdrawal_of(at, seq), reason[:LONGEST_LINE]
    body = {"kind": "withdrawal", "replaces": seq, "reason": act.given or reason or UNWRITTEN}
    return _shown(at, act, body, words=reason)


@desk_acts.post("/{slug}/entries/{seq}/withdraw")
async def withdraw(request: Request, at: Desk, seq: int) -> Response:
    """Take an entry back: into the second check, or alone."""
    form = await own_form(request, at)
    return await _made(request, at, withdrawal_of(at, seq), form, {"kind": "withdrawal", "replaces": seq})


@desk_acts.get("/{slug}/entries/{seq}/withdraw-after")
async def rehearsal_withdrawal_form(at: EditorsDesk, seq: int) -> Response:
    """What taking back everything that came after an entry would do; after 0 came all there is."""
    body = {"kind": "withdrawal", "since": seq, "reason": UNWRITTEN}
    return _shown(at, _withdrawal_after(at, seq), body)


@desk_acts.post("/{slug}/entries/{seq}/withdraw-after")
async def withdraw_rehearsal(request: Request, at: EditorsDesk, seq: int) -> Response:
    """Take it back."""
    form = await own_form(request, at)
    return await _made(request, at, _withdrawal_after(at, seq), form, {"kind": "withdrawal", "since": seq})


@desk_acts.get("/{slug}/contests/{ballot_id}/status")
async def contest_status_form(at: StatusDesk, ballot_id: str) -> Response:
    """What each status of a contest would do."""
    return _shown(at, _status(at, "ballot_id", ballot_id))


@desk_acts.post("/{slug}/contests/{ballot_id}/status")
async def set_contest_status(request: Request, at: StatusDesk, ballot_id: str) -> Response:
    """Tell where the count of a contest is."""
    return await _status_made(request, at, "ballot_id", ballot_id)


@desk_acts.get("/{slug}/councils/{council_id}/status")
async def council_status_form(at: StatusDesk, council_id: str) -> Response:
    """The same for a council."""
    return _shown(at, _status(at, "council_id", council_id))


@desk_acts.post("/{slug}/councils/{council_id}/status")
async def set_council_status(request: Request, at: StatusDesk, council_id: str) -> Response:
    """Tell where the count of a council is."""
    return await _status_made(request, at, "council_id", council_id)


@desk_acts.get("/{slug}/note")
async def note_form(at: EditorsDesk, council: str = "") -> Response:
    """A line for the ticker, of the whole night or of one ``council``."""
    return _shown(at, _note(at, council))


@desk_acts.post("/{slug}/note")
async def write_note(request: Request, at: EditorsDesk, council: str = "") -> Response:
    """Put a line on the ticker."""
    form = await own_form(request, at)
    body = {"kind": "note", **({"council_id": council} if council else {})}
    return await _made(request, at, _note(at, council), form, body)


# The acts


def _withdrawal_after(at: AtDesk, seq: int) -> Act:
    came_first = f" after entry {seq:,}, {place_of(at.election, at.line(seq).entry)}" if seq else ""
    return Act(
        heading=f"Withdraw everything{f' after entry {seq:,}' if seq else ''}",
        intro=f"Everything declared{came_first} stays in the log, and no longer counts. This is for a rehearsal.",
        words="reason",
        label="Reason, as readers will see it",
        submit="Withdraw everything alone" if at.persons == 2 else "Withdraw everything",
        back=desk_url(at.election),
        grave=True,
        of_result=True,
    )


def _status(at: AtDesk, name: str, identity: str) -> Act:
    if name == "ballot_id":
        contest = at.election.contest(identity)
        heading, back = f"Status: {contest.name}", back_of(at, identity, contest.council_id)
        values = [value for value in StatusValue if at.signed.may_edit or not value.puts_off_the_poll]
    else:
        heading, back = f"Status: {at.election.council(identity).name}", back_of(at, None, identity)
        values = [value for value in StatusValue if not value.puts_off_the_poll]
    return Act(
        heading=heading,
        intro="Readers see the status and its note until the result is declared.",
        words="note",
        label="Reason or note, as readers will see it",
        submit="Tell it",
        back=back,
        choices=tuple(_choice(at, name, identity, value) for value in values),
    )


def _choice(at: AtDesk, name: str, identity: str, value: StatusValue) -> PossibleAct:
    body = {"kind": "status", name: identity, "status": value.value, "note": UNWRITTEN}
    label = STATUS_LABELS[value].format(seats=at.election.words.seats)
    try:
        verdict = at.judged(body)
    except Superseded as error:
        return PossibleAct(value, label, refused=refusal(error))
    if verdict.after is None or verdict.change is None:
        return PossibleAct(value, label, refused=" ".join(finding.detail for finding in verdict.hard))
    return PossibleAct(value, label, consequences(verdict.after, verdict.change))


def _note(at: AtDesk, council_id: str) -> Act:
    about = at.election.council(council_id).name if council_id else "the whole night"
    return Act(
        heading=f"Note: {about}",
        intro="One line, newest first on the ticker. It can be withdrawn, and then stays there struck through.",
        words="text",
        label="The line",
        submit="Put it on the ticker",
        back=back_of(at, None, council_id or None),
    )


# What comes of them


async def _status_made(request: Request, at: AtDesk, name: str, identity: str) -> Response:
    form = await own_form(request, at)
    act = _status(at, name, identity)
    chosen = text(form, "status")
    act = replace(act, choices=tuple(replace(it, chosen=it.value == chosen) for it in act.choices))
    # That a count goes on needs no reason.
    act = replace(act, required=chosen != StatusValue.COUNTING)
    body = {"kind": "status", name: identity, "status": chosen}
    if not at.signed.may_edit and chosen in {value for value in StatusValue if value.puts_off_the_poll}:
        raise Problem(403, "Only editors put off a poll.")
    if chosen not in {choice.value for choice in act.choices}:
        unchosen = Finding(UNREADABLE, "status", "Choose one of these.")
        return _answer(request, at, act, judged(at, form, body, [unchosen]))
    return await _made(request, at, act, form, body)


def _shown(at: AtDesk, act: Act, body: Mapping[str, Any] | None = None, *, words: str = "") -> Response:
    """The form at first; with ``body``, what that would do is beside it already."""
    form = {"key": [secrets.token_urlsafe(16)], act.words: [words]}
    return page(_page(at, act, form, None if body is None else judged(at, form, body)))


async def _made(request: Request, at: AtDesk, act: Act, form: Form, body: Mapping[str, Any]) -> Response:
    is_asked_only = text(form, "action") == "review"
    if not is_asked_only:
        is_post(request, "desk")
    written = text(form, act.words) or (UNWRITTEN if is_asked_only else "")
    if (act.required and not written) or len(written) > LONGEST_LINE:
        wanted = f"Write what it is about, {LONGEST_LINE} characters at most."
        return _answer(request, at, act, judged(at, form, body, [Finding(UNREADABLE, act.words, wanted)]))
    sent = judged(at, form, {**body, **({act.words: written} if written else {})})
    if is_asked_only:
        return _answer(request, at, act, sent, is_asked_only=True)
    return await _sent(request, at, act, sent, is_alone=text(form, "action") != "key")


async def _sent(request: Request, at: AtDesk, act: Act, sent: Judged, *, is_alone: bool) -> Response:
    try:
        # Whatever is said of it here, the writer decides: what was sent before is answered as it was then.
        status, answered = await act_done(at, act, posting_of(at, sent), is_alone=is_alone)
    except (Refused, Superseded) as error:
        return _answer(request, at, act, overruled(sent, error))
    except (AwaitsAnother, NothingToCheck, OneIsEnough) as error:
        return _not_now(request, str(error))
    except HeldBack as back:
        return await held_back(request, at, sent, back, is_alone=is_alone)
    if status != DECLARED:
        return moved_on(request, {**answered, "outcome": answered["state"]}, f"{act.back}?done=waiting", status)
    await at.parts.newsroom.shown(at.election.slug, answered["seq"])
    return declared(request, answered, f"{act.back}?done=told")


def _not_now(request: Request, detail: str) -> Response:
    """It was not taken as things are."""
    if wants_page(request):
        raise Problem(409, detail)
    return JSONResponse({"outcome": "awaits", "detail": detail}, 409)


def _answer(request: Request, at: AtDesk, act: Act, sent: Judged, *, is_asked_only: bool = False) -> Response:
    if is_asked_only and wants_page(request):
        return page(_page(at, act, sent.form, sent))
    return answer(
        request,
        sent,
        shown=lambda: _page(at, act, sent.form, sent),
        panel=lambda: review_panel(at.parts.environment, at.election, sent.review, places_of(act)),
        is_asked_only=is_asked_only,
    )


def _page(at: AtDesk, act: Act, form: Form, sent: Judged | None) -> str:
    """``sent`` is what is said of it; None where nothing is yet."""
    conflict = sent.conflict if sent is not None else None
    review = sent.review if sent is not None and conflict is None else None
    return act_page(
        at.parts.environment,
        act,
        at.frame(),
        filled=Filled(form, review.errors if review else ()),
        review=review,
        conflict=refusal(conflict) if conflict is not None else "",
    )
