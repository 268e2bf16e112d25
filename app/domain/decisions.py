"""The decisions of a night: each time that it became certain who controls a council, in order, and which still hold."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.council import CouncilState
from app.domain.declarations import Entry
from app.domain.holders import Holders, Outcome
from app.domain.ticker import Change, Move

Subject = tuple[str, str | None]
"""What is decided: a council, or a ward of it. No two decisions about one thing hold at a time."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Control of a council became certain; or, in an election of seats, the one seat of a ward changed hands.

    ``state`` is the council as it was then. ``entry`` made it so, None where that was before the first. ``undone_by``
    is the entry after which it held no more: the next decision about the same may say otherwise, and there may be none.
    """

    state: CouncilState
    holders: Holders
    entry: Entry | None = None
    ballot_id: str | None = None
    undone_by: Entry | None = None

    @property
    def council_id(self) -> str:
        return self.state.council_id

    @property
    def subject(self) -> Subject:
        return self.council_id, self.ballot_id

    @property
    def seq(self) -> int:
        """0 where it was so before the first entry."""
        return self.entry.seq if self.entry is not None else 0

    @property
    def at(self) -> datetime | None:
        return self.entry.at if self.entry is not None else None

    @property
    def is_flip(self) -> bool:
        """Whether it is a gain, and not a hold."""
        return self.holders.outcome is Outcome.GAIN

    @property
    def holds(self) -> bool:
        """Whether it still does: nothing later has undone it."""
        return self.undone_by is None


Decisions = tuple[Decision, ...]
"""Those of a night under one convention, newest first, whether they still hold or not."""


def opening_decisions(states: Iterable[CouncilState], convention: str, *, of_seats: bool) -> Decisions:
    """What is decided when nominations close; ``of_seats``: of an election in which seats change hands."""
    return tuple(_made(None, (Move(None, state) for state in states), convention, of_seats=of_seats))


def decisions_after(decisions: Decisions, change: Change, convention: str, *, of_seats: bool) -> Decisions:
    """``decisions`` with those of ``change`` before them, and those that it undoes marked.

    The very same tuple where nothing was decided: that is most entries, and costs no more late in the night.
    What is undone stays where it is told, and a seat goes with its ward.
    """
    made, undone = tuple(_made(change.entry, change.moves, convention, of_seats=of_seats)), _unsaid(change, convention)
    if not made and not any(it.holds and it.subject in undone for it in decisions if undone):
        return decisions
    return (*made, *(_undone_by(change.entry, it) if it.subject in undone else it for it in decisions))


def _unsaid(change: Change, convention: str) -> set[Subject]:
    """What is not as it was: of that no earlier decision holds. A seat goes with its ward."""
    councils: set[Subject] = {(move.council_id, None) for move in change.moves if move.changes_badge(convention)}
    seats: set[Subject] = {(council_id, ballot_id) for ballot_id, (council_id, _) in change.gains.items()}
    gone: set[Subject] = {
        (move.council_id, ballot_id)
        for move in change.moves
        for ballot_id, (_, now) in move.contests.items()
        if now is None
    }
    return councils | seats | gone


def _undone_by(entry: Entry, decision: Decision) -> Decision:
    return replace(decision, undone_by=entry) if decision.holds else decision


def _made(entry: Entry | None, moves: Iterable[Move], convention: str, *, of_seats: bool) -> Iterator[Decision]:
    for move in moves:
        if move.after is None:
            continue
        holders = move.after.comparisons[convention].holders
        if holders is not None and move.changes_badge(convention):
            yield Decision(move.after, holders, entry)
        for ballot_id, gain in move.gains if of_seats else ():
            if gain is not None:
                yield Decision(move.after, gain, entry, ballot_id)
