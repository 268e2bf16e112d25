"""The scoreboard: parties with their councils and seats."""

from dataclasses import dataclass, replace

from app.domain.election import NO_OVERALL_CONTROL, Convention
from app.domain.holders import SeatGains
from app.domain.night import Night
from app.domain.scoreboard import NO_TALLY, Tally
from app.wording.night import name_of

ALWAYS_SHOWN = 5
"""The first groups of the party file have a row before their first seat, so that the board does not jump."""


@dataclass(frozen=True, slots=True)
class ScoreboardRow:
    """A reporting group, or NOC (which has no seats). Changes are None where nothing has been compared yet.

    ``gained`` and ``lost`` are seats of one body alone, whose holders are known: then the change of seats is of them.
    """

    group: str
    short: str
    name: str
    councils: int
    councils_change: int | None
    seats: int
    seats_change: int | None
    gained: int | None = None
    lost: int | None = None

    @property
    def is_noc(self) -> bool:
        return self.group == NO_OVERALL_CONTROL


def scoreboard_rows(night: Night, convention: Convention) -> list[ScoreboardRow]:
    """Most councils first, then most seats, then the order of the party file; NOC last, where there are several."""
    election, scoreboard, only = night.election, night.scoreboards[convention.key], night.only_state
    gains = only.gains if only is not None else None

    def tally(group: str) -> Tally:
        return scoreboard.rows.get(group, NO_TALLY)

    always = election.groups[:ALWAYS_SHOWN]
    shown = {*always, *(gains.lost if gains is not None else ())}
    groups = [group for group in election.groups if group in shown or tally(group) != NO_TALLY]
    groups.sort(key=lambda group: (-tally(group).councils, -tally(group).seats))
    rows = [
        ScoreboardRow(
            group=group,
            short=election.short(group),
            name=name_of(election, group),
            councils=tally(group).councils,
            councils_change=tally(group).councils_change if scoreboard.compared_control else None,
            seats=tally(group).seats,
            seats_change=tally(group).seats_change if scoreboard.compared_seats else None,
        )
        for group in (groups if only is not None else [*groups, NO_OVERALL_CONTROL])
    ]
    return rows if gains is None else [_with_gains(row, gains) for row in rows]


def _with_gains(row: ScoreboardRow, gains: SeatGains) -> ScoreboardRow:
    gained, lost = gains.gained.get(row.group, 0), gains.lost.get(row.group, 0)
    return replace(row, gained=gained, lost=lost, seats_change=gains.net(row.group))
