"""How near a council is to being certain, and whether one more declaration could make it so (rules 2 and 3)."""

from collections.abc import Mapping

from app.domain.contest import ContestResult
from app.domain.council import CouncilState, SeatSource, reach
from app.domain.election import Election


def seats_to_certainty(election: Election, state: CouncilState) -> int | None:
    """At least how many more seats it takes until control is certain; None where it is, or where nobody can say.

    Either somebody takes all that they need, or everybody who still could loses one more than they can do without.
    """
    if not state.needs:
        return None
    spare = _spare(election, state)
    return min(*state.needs.values(), max(spare.values()) + 1)


def decides_control(election: Election, state: CouncilState) -> bool:
    """Whether it is about who controls a council of the night: not by-elections apart, nor an office among councils."""
    return not state.council.stands_apart and election.adds_up(state.council)


def can_decide(election: Election, state: CouncilState, result: ContestResult) -> bool:
    """Whether the declaration of one contest could make control certain, whoever is elected there.

    What is keyed of it plays no part, so that whoever is told this learns nothing of a result that waits for a check.
    """
    if not state.needs or result.is_decided or state.count.source is not SeatSource.WARDS:
        return False
    most = most_here(election, result)
    if any(needed <= most.get(group, 0) for group, needed in state.needs.items()):
        return True
    # Nobody gets there: of those who still could, each takes so few of these seats that it is out of reach.
    may_take = {group: most.get(group, 0) - spare - 1 for group, spare in _spare(election, state).items()}
    if min(may_take.values()) < 0:
        return False
    others = sum(number for group, number in most.items() if group not in state.needs)
    return sum(may_take.values()) + others >= result.to_come


def _spare(election: Election, state: CouncilState) -> Mapping[str, int]:
    """By reporting group that can still win: how many of the seats within its reach it can do without."""
    most = reach(election, state.contests.values(), state.count)
    return {group: most[group] - state.majority for group in state.needs}


def most_here(election: Election, result: ContestResult) -> Mapping[str, int]:
    """The most seats that each reporting group can take in a contest."""
    seats_up = result.contest.seats_up
    if not result.contest.has_nominations:
        return dict.fromkeys(election.groups, seats_up)
    return {group: min(seats_up, number) for group, number in result.candidates_by_group.items()}
