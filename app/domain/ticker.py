"""The ticker: what each entry of the log gives a newsroom to say, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.domain.contest import CandidateResult, ContestResult
from app.domain.council import Comparison, CouncilState
from app.domain.declarations import (
    Correction,
    Entry,
    NoteDeclaration,
    StatusDeclaration,
    StatusValue,
    WardDeclaration,
    Withdrawal,
)

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
    """One line of the ticker: what ``entry`` gives to say.

    ``comparison`` is whose control a line about control tells (of UNDECIDED: what is undecided now), ``candidates`` are
    who lost or was drawn. ``withdrawn_by`` is the entry after which the line no longer held.
    """

    entry: Entry
    kind: LineKind
    comparison: Comparison | None = None
    candidates: tuple[CandidateResult, ...] = ()
    withdrawn_by: Entry | None = None

    @property
    def seq(self) -> int:
        return self.entry.seq

    @property
    def at(self) -> datetime:
        return self.entry.at

    @property
    def council_id(self) -> str | None:
        return self.entry.council_id

    @property
    def ballot_id(self) -> str | None:
        return self.entry.ballot_id


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

    def changes_badge(self, convention: str) -> bool:
        """Whether the badge is another one, or has appeared or vanished."""
        if self.before is None or self.after is None:
            return False
        return self.before.comparisons[convention].holders != self.after.comparisons[convention].holders


def ticker_after(ticker: tuple[TickerLine, ...], change: Change, convention: str) -> tuple[TickerLine, ...]:
    """``ticker`` with the lines of ``change`` before it, and those that hold no more marked as withdrawn.

    The very same tuple where there is nothing to tell: then nothing has to be shown again.
    """
    lines = tuple(_lines(change, convention))
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


def _lines(change: Change, convention: str) -> Iterator[TickerLine]:
    entry, after = change.entry, change.after
    if _control_changed(change):
        yield _control_line(change, convention)
    match entry.declaration:
        case Correction():
            yield TickerLine(entry, LineKind.CORRECTION)
        case Withdrawal():
            yield TickerLine(entry, LineKind.WITHDRAWAL)
    match entry.content:
        case NoteDeclaration():
            yield TickerLine(entry, LineKind.NOTE)
        case StatusDeclaration(status=status) if status is not StatusValue.COUNTING:
            yield TickerLine(entry, LineKind.STATUS)
        case WardDeclaration(ballot_id=ballot_id) if after is not None:
            yield from _result_lines(entry, after.contests[ballot_id])


def _control_line(change: Change, convention: str) -> TickerLine:
    assert change.before is not None  # asked only where control changed
    assert change.after is not None
    before, after = (state.comparisons[convention] for state in (change.before, change.after))
    if after.now is None:
        return TickerLine(change.entry, LineKind.UNDECIDED, before)
    return TickerLine(change.entry, LineKind.CONTROL if after.holders is None else LineKind.FLASH, after)


def _result_lines(entry: Entry, result: ContestResult) -> Iterator[TickerLine]:
    for candidate in result.candidates:
        if candidate.candidacy.role and candidate.has_lost:
            yield TickerLine(entry, LineKind.LEADER, candidates=(candidate,))
    drawn = tuple(candidate for candidate in result.elected if candidate.by_lot)
    if drawn:
        yield TickerLine(entry, LineKind.LOT, candidates=drawn)
