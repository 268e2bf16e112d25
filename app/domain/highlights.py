"""What stands out of a night or a council: who is out, what was closest, drawn, most gained and lost, and what is next.

Exact, and never cut among equals. A fact of a contest carries its result, and with it the entry that made it true; a
change of control is a :class:`~app.domain.decisions.Decision`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from app.domain.contest import Beaten, ContestResult, ContestState
from app.domain.council import CouncilState
from app.domain.decisions import Decision
from app.domain.declarations import Correction, Entry, Withdrawal
from app.domain.election import NO_OVERALL_CONTROL
from app.domain.night import Night


class Closest(NamedTuple):
    """The contests with the smallest margin, all of them; ``of`` is how many have one."""

    margin: int
    results: tuple[ContestResult, ...]
    of: int


class Most(NamedTuple):
    """The largest ``number`` and all who have it."""

    number: int
    groups: tuple[str, ...]


class Awaited(NamedTuple):
    """The councils that are expected next, all at the same time."""

    at: datetime
    states: tuple[CouncilState, ...]
    is_late: bool
    """The newest entry is of that time, or later."""


def results_of(states: Iterable[CouncilState]) -> Iterable[ContestResult]:
    """Of all contests of some councils."""
    return (result for state in states for result in state.contests.values())


def leaders_out(states: Iterable[CouncilState]) -> list[Beaten]:
    """Who has a role, such as council leader, and was not elected, in the order in which it was told."""
    found = (it for state in states for it in state.beaten if it.candidate.candidacy.role)
    return sorted(found, key=lambda it: it.seq)


def closest(states: Iterable[CouncilState]) -> Closest | None:
    """The contests with the smallest margin, in the order of the files; None where no margin is known.

    Where a lot decided there was none: those are the :func:`lots`.
    """
    with_margins = [state for state in states if state.margins]
    if not with_margins:
        return None
    least = min(min(state.margins.values()) for state in with_margins)
    found = (
        state.contests[ballot_id]
        for state in with_margins
        for ballot_id, between in state.margins.items()
        if between == least
    )
    return Closest(least, tuple(found), sum(len(state.margins) for state in with_margins))


def lots(results: Iterable[ContestResult]) -> list[ContestResult]:
    """The contests whose last seat was drawn by lot (rule 7)."""
    return [result for result in results if any(candidate.by_lot for candidate in result.elected)]


def in_state(results: Iterable[ContestResult], *states: ContestState) -> list[ContestResult]:
    """The contests that are in one of ``states``."""
    return [result for result in results if result.state in states]


def corrected(results: Iterable[ContestResult]) -> list[ContestResult]:
    """The contests whose standing result is a correction of one that was told before."""
    return [it for it in results if it.entry is not None and isinstance(it.entry.declaration, Correction)]


def withdrawn(results: Iterable[ContestResult]) -> list[tuple[ContestResult, Entry]]:
    """The contests of which a result that was told does not stand any more, each with the last withdrawal of one."""
    found = (
        (it, next((entry for entry in reversed(it.history) if isinstance(entry.declaration, Withdrawal)), None))
        for it in results
    )
    return [(result, entry) for result, entry in found if entry is not None]


def seat_changes(night: Night, convention: str) -> Mapping[str, int]:
    """Seats gained and lost by reporting group, in the councils of which every seat is in and compared."""
    rows = night.scoreboards[convention].rows
    no_party = {NO_OVERALL_CONTROL, *night.election.umbrellas}
    return {group: it.seats_change for group, it in rows.items() if it.seats_change and group not in no_party}


def most(numbers: Mapping[str, int]) -> Most | None:
    """The largest of ``numbers`` above nothing, and everybody who has it; of losses give them negated."""
    largest = max(numbers.values(), default=0)
    return Most(largest, tuple(it for it, number in numbers.items() if number == largest)) if largest > 0 else None


def most_gained(changes: Mapping[str, int]) -> Most | None:
    """Who gained most; None where nobody gained any."""
    return most(changes)


def most_lost(changes: Mapping[str, int]) -> Most | None:
    """Who lost most; None where nobody lost any."""
    return most({group: -number for group, number in changes.items()})


def standing_flips(night: Night, convention: str) -> list[Decision]:
    """Every change of control that holds, or in an election of seats of every seat: in the order in which they came."""
    return [it for it in reversed(of_the_night(night, night.decisions[convention])) if it.is_flip and it.holds]


def office_flips(night: Night, convention: str) -> list[Decision]:
    """The same of the offices beside councils, such as mayors: who is elected is of another party than before."""
    decisions = (it for it in reversed(night.decisions[convention]) if it.is_flip and it.holds)
    return [it for it in decisions if it.ballot_id is None and _is_office(night, it.state)]


def of_the_night(night: Night, decisions: Iterable[Decision]) -> list[Decision]:
    """Those about councils of the night, or in an election of seats about seats.

    By-elections that stand apart change no council of the night (rule 16), and an office is none.
    """
    if night.election.is_of_seats:
        return [it for it in decisions if it.ballot_id is not None]
    added = {state.council_id for state in night.added_up()}
    return [it for it in decisions if it.ballot_id is None and it.council_id in added]


def _is_office(night: Night, state: CouncilState) -> bool:
    return not state.council.stands_apart and not night.election.adds_up(state.council)


def firsts(night: Night, flips: Iterable[Decision]) -> list[CouncilState]:
    """The councils that changed hands as they had not for as long as is on file, the longest ago first (rule 21)."""
    states = (night.councils[it.council_id] for it in flips if it.ballot_id is None)
    known = [(first.year, state.council_id) for state in states if (first := state.first_since) is not None]
    return [night.councils[council_id] for _, council_id in sorted(known)]


def next_expected(night: Night) -> CouncilState | None:
    """The council with the earliest expected declaration among those that are not complete.

    Whoever is late already is next only where nobody is expected after the newest entry, whatever that says.
    """
    newest = newest_entry(night)
    awaited = [
        (_is_past(newest, at), at, state.council_id)
        for state in night.councils.values()
        if (at := state.next_expected_at) is not None
    ]
    return night.councils[min(awaited)[2]] if awaited else None


def next_awaited(night: Night) -> Awaited | None:
    """What is expected next: every council that is expected at that time; None where nobody knows."""
    first = next_expected(night)
    if first is None or first.next_expected_at is None:
        return None
    at = first.next_expected_at
    states = tuple(state for state in night.councils.values() if state.next_expected_at == at)
    return Awaited(at, states, is_late=_is_past(newest_entry(night), at))


def _is_past(newest: Entry | None, at: datetime) -> bool:
    return newest is not None and at <= newest.at


def newest_entry(night: Night) -> Entry | None:
    """The newest entry that says anything of a council, or of the night."""
    told = (*(state.last for state in night.councils.values()), night.notes.last)
    return max((entry for entry in told if entry is not None), key=lambda entry: entry.seq, default=None)
