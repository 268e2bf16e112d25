"""Who controls a council, when that is certain, and what each party still needs (rules 2 to 4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from app.domain.election import NO_OVERALL_CONTROL


def majority_line(total_seats: int) -> int:
    """The seats that control a council.

    Exactly half is not control: a mayor's casting vote is not a seat.
    """
    return total_seats // 2 + 1


@dataclass(frozen=True, slots=True)
class Undecided:
    """More than one outcome is still possible. ``needs``: seats that each party which can still win has to take."""

    needs: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class NoOverallControl:
    """Nobody can reach the majority line any more."""


@dataclass(frozen=True, slots=True)
class Majority:
    """``party_id`` (a reporting group) has reached the majority line."""

    party_id: str


Control = Undecided | NoOverallControl | Majority


def control(seats: Mapping[str, int], reach: Mapping[str, int], *, total_seats: int) -> Control:
    """Control by certainty (rule 3).

    ``seats`` are the continuing and declared ones by reporting group, ``reach`` the most seats each group can end with.
    """
    line = majority_line(total_seats)
    for party_id, number in seats.items():
        if number >= line:
            return Majority(party_id)
    needs = {party_id: line - seats.get(party_id, 0) for party_id, most in reach.items() if most >= line}
    return Undecided(dict(sorted(needs.items(), key=lambda item: item[1]))) if needs else NoOverallControl()


def holder(verdict: Control) -> str | None:
    """The value of control: a party id, NOC, or None while it is undecided."""
    match verdict:
        case Majority(party_id=party_id):
            return party_id
        case NoOverallControl():
            return NO_OVERALL_CONTROL
        case Undecided():
            return None
        case _:
            assert_never(verdict)
