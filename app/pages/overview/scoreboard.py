"""The scoreboard: parties with their councils and seats, of the whole night or of some of its councils."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.council import CouncilState
from app.domain.election import NO_OVERALL_CONTROL, Convention, Election
from app.domain.holders import SeatGains
from app.domain.night import Night
from app.domain.scoreboard import NO_HANDS, NO_TALLY, Hands, KnownChange, Tally, hands, known_changes, scoreboard_of
from app.wording.night import name_of, short_apart

ALWAYS_SHOWN = 5
"""The first groups of the party file have a row before their first seat, so that the board does not jump."""

FEW_PARTIES = 24
"""Where no more of them stand or sit, every one has a row of its own: there is nothing to fold."""

FEW_OTHERS = 3
"""Of some of the councils alone no more of them than this are folded."""

SEATS_FOR_A_ROW = 0.01
"""Of the seats that are up: with so many a party is no longer one of the others, whatever else is declared."""

LONG_FIGURE = 100_000

_PLACES = 1000
_MOST_SEATS = 10**7


@dataclass(frozen=True, slots=True)
class ScoreboardRow:
    """A reporting group, or NOC (which has no seats). Changes are None where nothing of it is compared.

    ``short`` stands beside the ``name``; alone it is ``called`` by that, unless an earlier party has it as well.
    ``place`` is that in the party file, and ``hands`` are councils. ``gained`` and ``lost`` are seats of one body
    alone, whose holders are known: then the change of seats is of them.
    """

    group: str
    short: str
    called: str
    name: str
    councils: int
    councils_change: int | None
    seats: int
    seats_change: int | None
    place: int = 0
    hands: Hands = NO_HANDS
    gained: int | None = None
    lost: int | None = None

    @property
    def is_noc(self) -> bool:
        return self.group == NO_OVERALL_CONTROL

    @property
    def order(self) -> int:
        """Its place on the board, which depends on no other row; the greater, the higher up.

        By councils, then by seats, then as in the party file; NOC, which has no seats, behind who has as many councils.
        """
        return (self.councils * _MOST_SEATS + self.seats) * _PLACES + _PLACES - 1 - min(self.place, _PLACES - 1)

    @property
    def is_long(self) -> bool:
        """Whether it has figures of six digits or more, which need to be a little smaller."""
        return max(self.seats, abs(self.seats_change or 0)) >= LONG_FIGURE


@dataclass(frozen=True, slots=True)
class Parties:
    """The rows of a scoreboard, the highest first: of those that have one of their own, and of the others."""

    own: tuple[ScoreboardRow, ...]
    others: tuple[ScoreboardRow, ...]

    @property
    def others_seats(self) -> int:
        return sum(row.seats for row in self.others)


def parties_of(night: Night, convention: Convention, states: Sequence[CouncilState] | None = None) -> Parties:
    """The scoreboard of the whole night, or of ``states``, with the others apart; of some councils a few are not."""
    rows, own = scoreboard_rows(night, convention, states), with_a_row(night, convention)
    others = tuple(row for row in rows if row.group not in own)
    if states is not None and len(others) <= FEW_OTHERS:
        return Parties(tuple(rows), ())
    return Parties(tuple(row for row in rows if row.group in own), others)


def with_a_row(night: Night, convention: Convention) -> frozenset[str]:
    """The groups that are no others, and NOC: all of them where they are few, or where there is one body alone.

    Else the first of the party file, whoever controls or controlled a council, and who has enough seats. All of that
    only ever grows during a night, so that no row goes back among the others.
    """
    election, states = night.election, night.added_up()
    if night.only_state is not None or len(election.groups_present) <= FEW_PARTIES:
        return frozenset({*election.groups, NO_OVERALL_CONTROL})
    compared = [state.comparisons[convention.key] for state in states]
    before = {it.before.control for it in compared if it.before is not None}
    enough = SEATS_FOR_A_ROW * sum(state.council.seats_up for state in states)
    tallies = night.scoreboards[convention.key].rows.items()
    earned = {group for group, tally in tallies if tally.councils or tally.seats >= enough}
    return frozenset({*election.groups[:ALWAYS_SHOWN], NO_OVERALL_CONTROL, *before, *earned})


def scoreboard_rows(
    night: Night, convention: Convention, states: Sequence[CouncilState] | None = None
) -> list[ScoreboardRow]:
    """Every party that has a figure, the highest row first; NOC, where there are several bodies.

    Of ``states``, which are councils of the night, or of all of them.
    """
    election, only, key = night.election, night.only_state, convention.key
    scoreboard = night.scoreboards[key] if states is None else scoreboard_of(states, key)
    states = night.added_up() if states is None else states
    handed, changes = hands(states, key), known_changes(election, scoreboard, states, key)
    gains = only.gains if only is not None else None
    shown = {*election.groups[:ALWAYS_SHOWN], *(gains.lost if gains is not None else ())}
    tallies = [(group, scoreboard.rows.get(group, NO_TALLY)) for group in (*election.groups, NO_OVERALL_CONTROL)]
    rows = [
        _row(election, group, place, tally, changes(group), handed.get(group, NO_HANDS))
        for place, (group, tally) in enumerate(tallies)
        if (only is None if group == NO_OVERALL_CONTROL else group in shown or tally != NO_TALLY)
    ]
    if gains is not None:
        rows = [_with_gains(row, gains) for row in rows]
    return sorted(rows, key=lambda row: -row.order)


def _row(election: Election, group: str, place: int, tally: Tally, change: KnownChange, own: Hands) -> ScoreboardRow:
    return ScoreboardRow(
        group=group,
        short=group if group == NO_OVERALL_CONTROL else election.party(group).short,
        called=short_apart(election, group),
        name=name_of(election, group),
        councils=tally.councils,
        councils_change=change.councils,
        seats=tally.seats,
        seats_change=change.seats,
        place=place,
        hands=own,
    )


def _with_gains(row: ScoreboardRow, gains: SeatGains) -> ScoreboardRow:
    gained, lost = gains.gained.get(row.group, 0), gains.lost.get(row.group, 0)
    return replace(row, gained=gained, lost=lost, seats_change=gains.net(row.group))
