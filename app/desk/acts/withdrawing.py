"""The withdrawal of one entry: of a result or a tally by two persons where those take two, of the rest by an editor."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from app.declaring.door import DECLARED, Posting
from app.desk.acts.together_view import asked_of, standing_of
from app.desk.acts.view import Act
from app.desk.addresses import desk_url, entry_url, withdraw_after_url
from app.desk.entry.told import told_figures
from app.desk.parts import AtDesk, replaced_by
from app.domain.second_check import Keying
from app.domain.subject import Subject
from app.web.errors import Problem
from app.wording.ticker import place_of


def withdrawal_of(at: AtDesk, seq: int) -> Act:
    """The act, for editors, and for whoever may check where another's waits; 403 for everybody else."""
    asked_by = _asked_by(at, seq)
    checks = asked_by is not None and not asked_by.is_by(at.signed.name)
    if not at.signed.may_edit and not (checks and at.signed.may_check):
        raise Problem(403, "Only editors withdraw; a checker confirms what an editor has asked for.")
    entry = at.line(seq).entry
    takes_two = replaced_by(at.publication, seq).about in {"ward", "tally"}
    contest = at.election.contest(entry.ballot_id) if entry.ballot_id is not None else None
    by = f"{entry.author}, checked by {entry.checker}" if entry.checker else entry.author
    return Act(
        heading=f"Withdraw: {place_of(at.election, entry)}",
        intro=f"Entry {seq:,} of the log, keyed by {by}. It stays in the log, and no longer counts.",
        words="reason",
        label="Reason, as readers will see it",
        submit="Withdraw alone" if takes_two and at.persons == 2 else "Withdraw",
        back=back_of(at, entry.ballot_id, entry.council_id),
        figures=told_figures(at.election, contest, entry.content),
        grave=True,
        after=withdraw_after_url(at.election, seq) if at.signed.may_edit and seq < at.night.seq else "",
        of_result=takes_two,
        to_check=_to_check(checks=checks, takes_two=takes_two and at.persons == 2),
        asked_by=asked_by.person if asked_by is not None else "",
        given=str(asked_by.body["reason"]) if asked_by is not None and checks else "",
        may_alone=at.signed.may_edit,
        together=_together(at, entry.author) if checks else "",
    )


def _together(at: AtDesk, person: str) -> str:
    several = len(asked_of(at.waiting, standing_of(at.night, person))) > 1
    return f"{desk_url(at.election)}/keyed-by/{quote(person)}" if several else ""


def _to_check(*, checks: bool, takes_two: bool) -> str:
    if checks:
        return "Confirm: withdraw it"
    return "Send the withdrawal to be checked" if takes_two else ""


def _asked_by(at: AtDesk, seq: int) -> Keying | None:
    """Who has asked for the withdrawal of the entry ``seq``, where that waits."""
    bodies = (waiting.author for waiting in at.waiting if waiting.author.body.get("replaces") == seq)
    return next((keying for keying in bodies if keying.body["kind"] == "withdrawal"), None)


async def act_done(at: AtDesk, act: Act, posting: Posting, *, is_alone: bool) -> tuple[int, Mapping[str, Any]]:
    """What became of an act: 201 with the answer of what is in the log, or 202 with that of what waits.

    403 for who may not do it alone. Raises what the writer does.
    """
    if not is_alone and act.to_check:
        keying = at.second_check.key(posting, may_check=at.signed.may_check, may_revise=at.signed.may_edit)
        outcome = await asyncio.wrap_future(keying)
        return outcome.status, outcome.read
    if not act.may_alone:
        raise Problem(403, "Only editors do this alone.")
    posting_of = at.second_check.declare_alone if act.of_result else at.parts.declaring.post
    accepted = await asyncio.wrap_future(posting_of(posting))
    return DECLARED, json.loads(accepted.answer)


def back_of(at: AtDesk, ballot_id: str | None, council_id: str | None) -> str:
    """Where an act about a contest, a council or the night leads back to."""
    if ballot_id is None and council_id is None:
        return desk_url(at.election)
    return entry_url(at.election, Subject.keyed(ballot_id=ballot_id, council_id=council_id))
