"""A council compared with the returning officer's totals: what both have, and what lifts the sign-off later."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.council import CouncilState
from app.domain.declarations import Entry
from app.domain.subject import CATALOGUE


@dataclass(frozen=True, slots=True)
class Totals:
    """Totals of a council: contests, seats elected in them by reporting group, votes, ballot papers.

    None is what nobody gave, or what cannot be added up since a part of it is not known.
    """

    contests: int | None = None
    seats: Mapping[str, int] = field(default_factory=dict)
    votes: int | None = None
    papers: int | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """A line: ``name`` is ``contests``, ``votes``, ``papers`` or ``seats.PARTY``; ``ours`` is None where not known."""

    name: str
    theirs: int
    ours: int | None

    @property
    def agrees(self) -> bool:
        return self.theirs == self.ours


def totals_of(state: CouncilState) -> Totals:
    """What the contests of a council add up to, whatever its tally says."""
    results = state.contests.values()
    with_poll = [result for result in results if result.entry is not None]
    declarations = [result.declaration for result in with_poll]
    votes = [sum(number or 0 for number in it.votes.values()) if it and it.votes else None for it in declarations]
    papers = [it.ballots if it else None for it in declarations]
    seats: dict[str, int] = {}
    for result in results:
        for group, number in result.seats.items():
            seats[group] = seats.get(group, 0) + number
    return Totals(state.contests_declared, seats, _sum(votes), _sum(papers))


def compared(theirs: Totals, ours: Totals) -> tuple[Compared, ...]:
    """Line by line, what the officer gave and what we have; a party that either has not has no seats there."""
    lines = [
        Compared(name, given, have)
        for name, given, have in (
            ("contests", theirs.contests, ours.contests),
            ("votes", theirs.votes, ours.votes),
            ("papers", theirs.papers, ours.papers),
        )
        if given is not None
    ]
    groups = dict.fromkeys((*ours.seats, *theirs.seats))
    seats = [Compared(f"seats.{it}", theirs.seats.get(it, 0), ours.seats.get(it, 0)) for it in groups]
    return (*lines[:1], *seats, *lines[1:])


def lifted_by(state: CouncilState, since_seq: int) -> Entry | None:
    """The first entry after ``since_seq`` that changed what was signed off: a result, a tally, or the catalogue."""
    later = (
        entry
        for subject, record in state.record.subjects.items()
        if subject.kind in {"ward", "tally"} or subject == CATALOGUE
        for entry in record.entries
        if entry.seq > since_seq
    )
    return min(later, key=lambda entry: entry.seq, default=None)


def last_keyed_by(state: CouncilState) -> frozenset[str]:
    """Who keyed and checked the newest of its results that stand."""
    standing = [result.entry for result in state.contests.values() if result.entry is not None]
    last = max(standing, key=lambda entry: entry.seq, default=None)
    return frozenset(filter(None, (last.author, last.checker))) if last is not None else frozenset()


def _sum(numbers: list[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None
