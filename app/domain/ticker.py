"""The ticker: what each entry of the log gives a newsroom to say, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.domain.contest import ContestResult
from app.domain.council import CouncilState
from app.domain.declarations import (
    Correction,
    Entry,
    NoteDeclaration,
    StatusDeclaration,
    StatusValue,
    WardDeclaration,
    Withdrawal,
)
from app.domain.election import NO_OVERALL_CONTROL, Election

TICKER_LENGTH = 40
"""Lines kept: the ticker is its newest items, so that it can be replaced whole."""


class LineKind(StrEnum):
    """What a ticker line tells."""

    FLASH = "flash"
    CONTROL = "control"
    UNDECIDED = "undecided"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    STATUS = "status"
    NOTE = "note"
    LEADER = "leader"
    LOT = "lot"


@dataclass(frozen=True, slots=True)
class TickerLine:
    """One line of the ticker. ``withdrawn_by`` is the entry after which it no longer held."""

    seq: int
    at: datetime
    kind: LineKind
    text: str
    council_id: str | None = None
    ballot_id: str | None = None
    withdrawn_by: Entry | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What one entry did: the council's state before and after (None for a note about the whole night)."""

    entry: Entry
    before: CouncilState | None
    after: CouncilState | None

    def flipped(self, convention: str) -> bool:
        """Whether a gain appeared or vanished."""
        if self.before is None or self.after is None:
            return False
        return self.before.comparisons[convention].gain != self.after.comparisons[convention].gain

    def flash(self, convention: str) -> str | None:
        """The flash line, when the badge changed to one."""
        if self.before is None or self.after is None:
            return None
        before, after = (state.comparisons[convention] for state in (self.before, self.after))
        return after.flash if after.badge != before.badge else None


def ticker_after(
    ticker: tuple[TickerLine, ...], election: Election, change: Change, convention: str
) -> tuple[TickerLine, ...]:
    """``ticker`` with the lines of ``change`` before it, and those that hold no more marked as withdrawn.

    The very same tuple where there is nothing to tell: then nothing has to be shown again.
    """
    lines = tuple(_lines(election, change, convention))
    unsaid = [line for line in ticker if not line.withdrawn_by and _unsays(change, line)]
    if not lines and not unsaid:
        return ticker
    marked = (replace(line, withdrawn_by=change.entry) if line in unsaid else line for line in ticker)
    return (*lines, *marked)[:TICKER_LENGTH]


_ABOUT_CONTROL = frozenset({LineKind.FLASH, LineKind.CONTROL, LineKind.UNDECIDED})
_SAID_BY_AN_ENTRY = frozenset({LineKind.NOTE, LineKind.STATUS, LineKind.LEADER, LineKind.LOT})


def _unsays(change: Change, line: TickerLine) -> bool:
    if line.kind in _ABOUT_CONTROL:
        return line.council_id == change.entry.council_id and _control_changed(change)
    return line.kind in _SAID_BY_AN_ENTRY and line.seq == change.entry.replaces


def _control_changed(change: Change) -> bool:
    return change.before is not None and change.after is not None and change.before.holder != change.after.holder


def _lines(election: Election, change: Change, convention: str) -> Iterator[TickerLine]:
    for kind, text in _texts(election, change, convention):
        entry = change.entry
        yield TickerLine(entry.seq, entry.at, kind, text, entry.council_id, entry.ballot_id)


def _texts(election: Election, change: Change, convention: str) -> Iterator[tuple[LineKind, str]]:
    entry, after = change.entry, change.after
    if _control_changed(change):
        yield _control_text(election, change, convention)
    match entry.declaration:
        case Correction(reason=reason):
            yield LineKind.CORRECTION, f"Correction, {place_of(election, entry)}: {reason}"
        case Withdrawal(reason=reason):
            yield LineKind.WITHDRAWAL, f"Withdrawn, {place_of(election, entry)}: {reason}"
    match entry.content:
        case NoteDeclaration(text=text):
            yield LineKind.NOTE, text
        case StatusDeclaration(status=status, note=note) if status is not StatusValue.COUNTING:
            told = f"{status.value.capitalize()}: {place_of(election, entry)}"
            yield LineKind.STATUS, f"{told}. {note}" if note else told
        case WardDeclaration(ballot_id=ballot_id) if after is not None:
            yield from _result_texts(election, after, after.contests[ballot_id])


def _control_text(election: Election, change: Change, convention: str) -> tuple[LineKind, str]:
    before, after = change.before, change.after
    assert before is not None  # asked only where control changed
    assert after is not None
    now = after.holder
    if now is None:
        withdrawn = before.comparisons[convention].flash
        told = f"{after.council.name} goes back to undecided"
        return LineKind.UNDECIDED, f"{told}; “{withdrawn}” is withdrawn" if withdrawn else told
    flash = after.comparisons[convention].flash
    if flash is not None:
        return LineKind.FLASH, flash
    verdict = "no overall control" if now == NO_OVERALL_CONTROL else f"{election.short(now)} majority"
    return LineKind.CONTROL, f"{after.council.name}: {verdict}"


def _result_texts(election: Election, state: CouncilState, result: ContestResult) -> Iterator[tuple[LineKind, str]]:
    ward = f"{result.contest.ward}, {state.council.name}"
    for candidate in result.candidates:
        if candidate.candidacy.role and candidate.has_lost:
            who = f"{candidate.candidacy.name} ({election.short(candidate.group)})"
            fate = "loses seat" if candidate.loses_seat else "not elected"
            yield LineKind.LEADER, f"{candidate.candidacy.role} {fate}: {who}, {ward}"
    drawn = [candidate for candidate in result.elected if candidate.by_lot]
    if drawn:
        names = " and ".join(f"{candidate.candidacy.name} ({election.short(candidate.group)})" for candidate in drawn)
        yield LineKind.LOT, f"{ward}: a tie at {drawn[0].votes:,} votes settled by lot for {names}"


def place_of(election: Election, entry: Entry) -> str:
    """What an entry is about, in words: ward and council, council, or the night."""
    if entry.ballot_id is not None and entry.council_id is not None:
        return f"{election.contest(entry.ballot_id).ward} ({election.councils[entry.council_id].name})"
    return election.councils[entry.council_id].name if entry.council_id is not None else "the night"
