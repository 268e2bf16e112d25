"""The ticker: what each entry of the log gives a newsroom to say, newest first."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from app.domain.contest import CandidateResult, ContestResult
from app.domain.council import Comparison, CouncilState
from app.domain.declarations import (
    CatalogueChange,
    Correction,
    Entry,
    NoteDeclaration,
    StatusDeclaration,
    StatusValue,
    SubjectRecord,
    WardDeclaration,
    Withdrawal,
    withdraws,
)
from app.domain.election import Candidacy
from app.domain.holders import Holders, Outcome
from app.domain.subject import CATALOGUE

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
    GAIN = "gain"
    LOT = "lot"


@dataclass(frozen=True, slots=True)
class TickerLine:
    """One line of the ticker: what ``entry`` gives to say.

    ``comparison`` is whose control a line about control tells (of UNDECIDED: what is undecided now), ``candidates`` are
    who lost or was drawn, ``holders`` between whom the one seat of a ward changed hands. ``withdrawn_by`` is the entry
    after which the line no longer held.
    """

    entry: Entry
    kind: LineKind
    council_id: str | None = None
    ballot_id: str | None = None
    comparison: Comparison | None = None
    candidates: tuple[CandidateResult, ...] = ()
    holders: Holders | None = None
    withdrawn_by: Entry | None = None

    @property
    def seq(self) -> int:
        return self.entry.seq

    @property
    def at(self) -> datetime:
        return self.entry.at


class Move(NamedTuple):
    """One council before and after an entry: None where a change of the catalogue brought it, or took it away."""

    before: CouncilState | None
    after: CouncilState | None

    @property
    def council_id(self) -> str:
        state = self.after or self.before
        assert state is not None  # of a council that neither was nor is there is nothing to tell
        return state.council_id

    def flips(self, convention: str) -> bool:
        """Whether a gain appeared or vanished."""
        return _compared(self.before, convention).gain != _compared(self.after, convention).gain

    def changes_badge(self, convention: str) -> bool:
        """Whether the badge is another one, or has appeared or vanished."""
        return _compared(self.before, convention).holders != _compared(self.after, convention).holders

    def is_about(self, entry: Entry) -> bool:
        """Whether ``entry`` says anything of this council: a change of the catalogue may only call things otherwise."""
        if self.after is None or not isinstance(entry.declaration, CatalogueChange):
            return True
        return entry in self.after.record.about(CATALOGUE).entries

    @property
    def changes_control(self) -> bool:
        was, now = (state.holder if state is not None else None for state in self)
        return was != now

    @property
    def contests(self) -> Mapping[str, tuple[ContestResult | None, ContestResult | None]]:
        """By ballot id, the contests that are touched: before and after."""
        was, now = (state.contests if state is not None else {} for state in self)
        return {it: (was.get(it), now.get(it)) for it in {**now, **was} if was.get(it) is not now.get(it)}

    @property
    def gains(self) -> Iterator[tuple[str, Holders | None]]:
        """The contests of a council of one seat each whose seat has changed hands, or has not after all, with who."""
        if self.after is None or not self.after.council.elects_one_a_contest:
            return
        for ballot_id, (was, now) in self.contests.items():
            if now is not None and _gain(was) != _gain(now):
                yield ballot_id, _gain(now)


def _compared(state: CouncilState | None, convention: str) -> Comparison:
    compared = state.comparisons.get(convention) if state is not None else None
    return compared or Comparison(convention)


@dataclass(frozen=True)
class Change:
    """What one entry did to the councils that it touches: usually one, none for a note about the whole night."""

    entry: Entry
    moves: tuple[Move, ...] = ()

    @property
    def before(self) -> CouncilState | None:
        """The one council that is touched, as it was; None where there is none, or more than one."""
        return self.moves[0].before if len(self.moves) == 1 else None

    @property
    def after(self) -> CouncilState | None:
        """The same as it is now."""
        return self.moves[0].after if len(self.moves) == 1 else None

    @cached_property
    def gains(self) -> Mapping[str, tuple[str, Holders | None]]:
        """By ballot id, the seats of councils of one a ward that changed hands, or did not after all: where, who."""
        return {ballot_id: (move.council_id, gain) for move in self.moves for ballot_id, gain in move.gains}

    @cached_property
    def turned(self) -> frozenset[str]:
        """The councils that somebody else controls now, or that have become certain or undecided."""
        return frozenset(move.council_id for move in self.moves if move.changes_control)

    @cached_property
    def adds_votes(self) -> bool:
        """Whether it gives a result that stood without votes its votes."""
        if self.after is None or not isinstance(self.entry.declaration, WardDeclaration):
            return False
        history = self.after.contests[self.entry.declaration.ballot_id].history
        return SubjectRecord(history).completed_by(self.entry) is not None

    def flipped(self, convention: str) -> bool:
        """Whether a gain appeared or vanished."""
        return any(move.flips(convention) for move in self.moves)


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
        return line.council_id in change.turned
    if line.kind is LineKind.GAIN:
        return line.ballot_id in change.gains
    return line.kind in _SAID_BY_AN_ENTRY and withdraws(change.entry, line.seq)


def _gain(result: ContestResult | None) -> Holders | None:
    return result.holders if result is not None and result.outcome is Outcome.GAIN else None


def _changes_of_hands(change: Change, convention: str) -> Iterator[TickerLine]:
    if isinstance(change.entry.declaration, Withdrawal) and change.entry.declaration.since is not None:
        # What is no longer so is marked, line by line; of what it did one line is enough.
        return
    for move in change.moves:
        if move.changes_control:
            yield _control_line(change.entry, move, convention)
    for ballot_id, (gained_in, gain) in change.gains.items():
        if gain is not None:
            yield TickerLine(change.entry, LineKind.GAIN, gained_in, ballot_id, holders=gain)


def _lines(change: Change, convention: str) -> Iterator[TickerLine]:
    yield from _changes_of_hands(change, convention)
    entry, after, council_id = change.entry, change.after, change.entry.council_id
    match entry.declaration:
        case Correction():
            yield TickerLine(entry, LineKind.CORRECTION, council_id, entry.ballot_id)
        case Withdrawal():
            yield TickerLine(entry, LineKind.WITHDRAWAL, council_id, entry.ballot_id)
        case CatalogueChange(reason=reason) if reason:
            yield TickerLine(entry, LineKind.CORRECTION, council_id, entry.ballot_id)
    match entry.content:
        case NoteDeclaration():
            yield TickerLine(entry, LineKind.NOTE, council_id, entry.ballot_id)
        case StatusDeclaration(status=status) if status is not StatusValue.COUNTING:
            yield TickerLine(entry, LineKind.STATUS, council_id, entry.ballot_id)
        case WardDeclaration(ballot_id=ballot_id) if after is not None:
            # What was told when the result came without its votes is not told again with them.
            was = change.before.contests[ballot_id].candidates if change.before and change.adds_votes else ()
            told = {candidate.candidacy for candidate in was if candidate.has_lost}
            yield from _result_lines(entry, after.contests[ballot_id], told)


def _control_line(entry: Entry, move: Move, convention: str) -> TickerLine:
    before, after = (_compared(state, convention) for state in move)
    if after.now is None:
        return TickerLine(entry, LineKind.UNDECIDED, move.council_id, entry.ballot_id, before)
    kind = LineKind.CONTROL if after.holders is None else LineKind.FLASH
    return TickerLine(entry, kind, move.council_id, entry.ballot_id, after)


def _result_lines(entry: Entry, result: ContestResult, told: Collection[Candidacy]) -> Iterator[TickerLine]:
    for candidate in result.candidates:
        if candidate.candidacy.role and candidate.has_lost and candidate.candidacy not in told:
            yield TickerLine(entry, LineKind.LEADER, entry.council_id, entry.ballot_id, candidates=(candidate,))
    drawn = tuple(candidate for candidate in result.elected if candidate.by_lot)
    if drawn:
        yield TickerLine(entry, LineKind.LOT, entry.council_id, entry.ballot_id, candidates=drawn)
