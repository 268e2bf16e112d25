"""A night as one reporting group has it: its seats and councils, what it took and lost, where it leads, what was close.

All are sums and facts that the night, its highlights and its rankings have already, taken of that group alone.
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.domain.contest import ContestResult
from app.domain.council import CouncilState
from app.domain.decisions import Decision
from app.domain.election import NO_OVERALL_CONTROL
from app.domain.figures import Covers
from app.domain.highlights import lots, office_flips, results_of, standing_flips
from app.domain.night import Night
from app.domain.rankings import Ranked, Ranking, RankingQuery, ranking_table, states_of
from app.domain.scoreboard import (
    NO_HANDS,
    NO_TALLY,
    Hands,
    Tally,
    compared_changes,
    hands,
    known_changes,
    scoreboard_of,
)


class PartySums(NamedTuple):
    """What some councils add up to for a reporting group; ``covers`` says of how many of them changes of seats are.

    Where they stand apart (rule 16), of how many by-elections. ``change`` is that of its seats there; None where it
    has, had and stands for none in any of them.
    """

    tally: Tally
    hands: Hands
    covers: Covers
    change: int | None

    @property
    def is_of_all(self) -> bool:
        """Whether that change is of every council, and so of all its seats."""
        return self.covers.contests == self.covers.of > 0


class SeatsMoved(NamedTuple):
    """A council in which a group has more seats than before, or fewer."""

    state: CouncilState
    change: int


@dataclass(frozen=True, slots=True)
class PartyNight:
    """What the night is for a ``group`` so far, under one convention.

    ``sums`` are of the councils of the night, or where there are by-elections alone, of these; ``apart`` of those
    beside councils, None where there are none. ``regions`` has the same by region, where there are several. ``gained``
    and ``lost`` are what changed hands and holds, in the order in which it came: councils, and offices beside them, or
    in an election of seats those. ``leads`` are undecided councils where it has most seats, ``largest`` those where
    nobody has a majority and it has most; in both it may be level with others. ``drawn_wins`` and ``drawn_losses`` are
    ties with another party that a lot decided: closer than any of the ``wins`` and ``losses``. ``moved`` are councils
    whose seats are compared, those where it gained most first. ``wins`` and ``losses`` are by their margin, the closest
    first, and ``out`` as :class:`~app.domain.rankings.Ranking` has it. ``elected`` counts its people.
    """

    group: str
    sums: PartySums
    apart: PartySums | None
    regions: Mapping[str, PartySums]
    gained: tuple[Decision, ...]
    lost: tuple[Decision, ...]
    leads: tuple[CouncilState, ...]
    largest: tuple[CouncilState, ...]
    moved: tuple[SeatsMoved, ...]
    drawn_wins: tuple[ContestResult, ...]
    drawn_losses: tuple[ContestResult, ...]
    wins: tuple[Ranked, ...]
    losses: tuple[Ranked, ...]
    out: tuple[Ranked, ...]
    elected: int


def party_night(night: Night, group: str, convention: str) -> Generator[None, None, PartyNight]:
    """The night of ``group``, made in steps: it may be interrupted wherever it yields."""
    states = states_of(night, Ranking.GAINS)
    query = RankingQuery(party=group)
    flips = sorted([*standing_flips(night, convention), *office_flips(night, convention)], key=lambda it: it.seq)
    yield
    closest = (yield from ranking_table(night, Ranking.CLOSEST, convention, query)).rows
    out = (yield from ranking_table(night, Ranking.OUT, convention, query)).rows
    elected = (yield from ranking_table(night, Ranking.ELECTED, convention, query)).rows
    apart = [state for state in night.councils.values() if state.council.stands_apart]
    drawn = lots(results_of(states))
    moved = [SeatsMoved(it, change) for it in states for change in _changes(it, group, convention) if change]
    return PartyNight(
        group=group,
        sums=_sums(night, states, group, convention),
        apart=_sums(night, apart, group, convention) if apart and night.added_up() else None,
        regions=_regions(night, states, group, convention),
        gained=tuple(it for it in flips if it.holders.now == group),
        lost=tuple(it for it in flips if it.holders.before == group),
        leads=tuple(it for it in states if it.holder is None and group in it.largest),
        largest=tuple(it for it in states if it.holder == NO_OVERALL_CONTROL and group in it.largest),
        moved=tuple(sorted(moved, key=lambda it: -it.change)),
        drawn_wins=tuple(it for it in drawn if group in _drawn(it, won=True) - _drawn(it, won=False)),
        drawn_losses=tuple(it for it in drawn if group in _drawn(it, won=False) - _drawn(it, won=True)),
        wins=tuple(row for row in closest if _took(row, group)),
        losses=tuple(row for row in closest if _missed(row, group)),
        out=out,
        elected=len(elected),
    )


def most_moved(moved: Sequence[SeatsMoved], most: int) -> list[SeatsMoved]:
    """The first ``most`` of those that are in order, and all that are equal to the last of them."""
    return [it for place, it in enumerate(moved) if place < most or it.change == moved[most - 1].change]


def _took(row: Ranked, group: str) -> bool:
    """Whether the last seat went to ``group``, and would else have gone to another."""
    return any(it.group == group for it in row.candidates) and any(it.group != group for it in row.behind)


def _missed(row: Ranked, group: str) -> bool:
    """Whether ``group`` was next to be elected, and another party was."""
    return any(it.group == group for it in row.behind) and any(it.group != group for it in row.candidates)


def _drawn(result: ContestResult, *, won: bool) -> set[str]:
    """The groups of those for whom a lot decided, or against whom."""
    return {it.group for it in result.candidates if it.by_lot and bool(it.elected) is won}


def _changes(state: CouncilState, group: str, convention: str) -> Iterable[int]:
    """Of the whole council, or where by-elections are all that is up, of them together."""
    known = compared_changes(state, convention)
    return [sum(change.get(group, 0) for change in known)] if known else []


def _sums(night: Night, states: Sequence[CouncilState], group: str, convention: str) -> PartySums:
    scoreboard = scoreboard_of(states, convention)
    of = sum(state.contests_total if state.council.stands_apart else 1 for state in states)
    return PartySums(
        scoreboard.rows.get(group, NO_TALLY),
        hands(states, convention).get(group, NO_HANDS),
        Covers(scoreboard.compared_seats, of),
        known_changes(night.election, scoreboard, states, convention)(group).seats,
    )


def _regions(night: Night, states: Sequence[CouncilState], group: str, convention: str) -> Mapping[str, PartySums]:
    """By name; councils that are in none are in none here."""
    names = sorted({state.council.region for state in states} - {""})
    if len(names) == 1:
        return {}  # It has what all have.
    return {name: _sums(night, [it for it in states if it.council.region == name], group, convention) for name in names}
