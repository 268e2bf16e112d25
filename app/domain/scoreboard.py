"""The scoreboard: councils and seats by party, as sums of what each council adds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from app.domain.council import CouncilState
from app.domain.election import NO_OVERALL_CONTROL, Election
from app.domain.holders import Holders, Outcome


@dataclass(frozen=True, slots=True)
class Tally:
    """A scoreboard row before it has a name: councils and seats, with change where there is a figure to add up.

    ``seats_compared`` are those of ``seats`` that are of councils whose change is in ``seats_change``.
    """

    councils: int = 0
    councils_change: int = 0
    seats: int = 0
    seats_change: int = 0
    seats_compared: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.councils + other.councils,
            self.councils_change + other.councils_change,
            self.seats + other.seats,
            self.seats_change + other.seats_change,
            self.seats_compared + other.seats_compared,
        )

    def __neg__(self) -> "Tally":
        return Tally(-self.councils, -self.councils_change, -self.seats, -self.seats_change, -self.seats_compared)


NO_TALLY = Tally()


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """Sums over councils under one convention, by reporting group or NOC.

    ``compared_control`` and ``compared_seats`` count the councils whose change is in the sums: without one of them a
    change of 0 would say more than is known. Of by-elections that stand apart, ``compared_seats`` counts the contests.
    """

    rows: Mapping[str, Tally]
    compared_control: int = 0
    compared_seats: int = 0

    def moved(self, old: "Scoreboard", new: "Scoreboard") -> "Scoreboard":
        """This sum with one council's part ``old`` taken out and ``new`` put in."""
        rows = dict(self.rows)
        for group in {**old.rows, **new.rows}:
            before, after = old.rows.get(group, NO_TALLY), new.rows.get(group, NO_TALLY)
            if after != before:
                rows[group] = rows.get(group, NO_TALLY) + -before + after
        return Scoreboard(
            rows=rows,
            compared_control=self.compared_control - old.compared_control + new.compared_control,
            compared_seats=self.compared_seats - old.compared_seats + new.compared_seats,
        )


NOTHING = Scoreboard({})
"""What no council adds up to."""


@dataclass(frozen=True, slots=True)
class Hands:
    """The councils that a reporting group, or NOC, gained, lost and held: council ids, in the order of the files."""

    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    held: tuple[str, ...] = ()


NO_HANDS = Hands()


def hands(states: Iterable[CouncilState], convention: str) -> Mapping[str, Hands]:
    """Who gained, lost and held which of the councils, as far as control is certain and can be compared."""
    found: dict[str, Hands] = {}
    for state in states:
        compared = state.comparisons[convention].holders
        if compared is None:
            continue
        now, before, council = found.get(compared.now, NO_HANDS), compared.before, (state.council_id,)
        if compared.outcome is Outcome.HOLD:
            found[compared.now] = replace(now, held=now.held + council)
            continue
        found[compared.now] = replace(now, gained=now.gained + council)
        loser = found.get(before, NO_HANDS)
        found[before] = replace(loser, lost=loser.lost + council)
    return found


def changes_of_control(states: Iterable[CouncilState], convention: str) -> Mapping[Holders, tuple[str, ...]]:
    """The councils that changed hands, by who holds them now and who did: council ids, in the order of ``states``."""
    found: dict[Holders, tuple[str, ...]] = {}
    for state in states:
        gain = state.comparisons[convention].gain
        if gain is not None:
            found[gain] = (*found.get(gain, ()), state.council_id)
    return found


def scoreboard_of(states: Iterable[CouncilState], convention: str) -> Scoreboard:
    """What some councils add up to."""
    summed = NOTHING
    for state in states:
        summed = summed.moved(NOTHING, part_of(state, convention))
    return summed


def part_of(state: CouncilState | None, convention: str) -> Scoreboard:
    """What one council adds to the scoreboard; nothing where there is none."""
    if state is None:
        return NOTHING
    comparison = state.comparisons[convention]
    changes = compared_changes(state, convention)
    rows = {
        group: Tally(seats=number, seats_compared=number if changes else 0) for group, number in state.tonight.items()
    }
    for change in changes:
        for group, number in change.items():
            rows[group] = rows.get(group, NO_TALLY) + Tally(seats_change=number)
    compared = state.holder is not None and comparison.before is not None
    if state.holder is not None:
        rows[state.holder] = rows.get(state.holder, NO_TALLY) + Tally(councils=1, councils_change=int(compared))
    if comparison.before is not None and compared:
        before = comparison.before.control
        rows[before] = rows.get(before, NO_TALLY) + Tally(councils_change=-1)
    return Scoreboard(rows, int(compared), len(changes))


class KnownChange(NamedTuple):
    """The changes of a row of a scoreboard; None is what nothing is known of, 0 that they come to nothing."""

    councils: int | None
    seats: int | None


def known_changes(
    election: Election, scoreboard: Scoreboard, states: Iterable[CouncilState], convention: str
) -> Callable[[str], KnownChange]:
    """What is known of any group's changes in ``scoreboard``, which is the sum of ``states``.

    Of councils nothing until control of one is compared; of seats nothing while it has, had and stands for none in any
    council whose seats are compared.
    """
    compared = _groups_compared(election, states, convention)

    def of(group: str) -> KnownChange:
        tally = scoreboard.rows.get(group, NO_TALLY)
        is_known = group in compared or tally.seats_compared or tally.seats_change
        return KnownChange(
            tally.councils_change if scoreboard.compared_control else None, tally.seats_change if is_known else None
        )

    return of


def _groups_compared(election: Election, states: Iterable[CouncilState], convention: str) -> frozenset[str]:
    """The groups that stand, sit or sat in a council whose seats are compared: of others no change is known.

    NOC, which has no seats anywhere, is among them as soon as there is one such.
    """
    compared = [state.council.parties for state in states if compared_changes(state, convention)]
    nobody = {NO_OVERALL_CONTROL} if compared else set()
    return frozenset(nobody.union(election.group(party_id) for parties in compared for party_id in parties))


def compared_changes(state: CouncilState, convention: str) -> list[Mapping[str, int]]:
    """What is known of seats that changed hands: of a whole council, or of each of the by-elections in it."""
    if state.council.stands_apart:
        return [result.gained for result in state.contests.values() if result.gained is not None]
    change = state.comparisons[convention].change
    return [] if change is None else [change]
