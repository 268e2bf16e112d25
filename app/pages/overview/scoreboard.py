"""The scoreboard: parties with their councils and seats, and what the changes are measured against."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.election import NO_OVERALL_CONTROL, Convention, Election
from app.domain.night import NO_TALLY, Night, Scoreboard, Tally
from app.domain.wording import basis_wording, plural
from app.pages.sentences import NO_OVERALL

ALWAYS_SHOWN = 5
"""The first groups of the party file have a row before their first seat, so that the board does not jump."""


@dataclass(frozen=True, slots=True)
class ScoreboardRow:
    """A reporting group, or NOC (which has no seats). Changes are None where nothing has been compared yet."""

    group: str
    short: str
    name: str
    councils: int
    councils_change: int | None
    seats: int
    seats_change: int | None

    @property
    def is_noc(self) -> bool:
        return self.group == NO_OVERALL_CONTROL


def scoreboard_rows(night: Night, convention: Convention) -> list[ScoreboardRow]:
    """Most councils first, then most seats, then the order of the party file; NOC last."""
    election, scoreboard = night.election, night.scoreboards[convention.key]

    def tally(group: str) -> Tally:
        return scoreboard.rows.get(group, NO_TALLY)

    always = election.groups[:ALWAYS_SHOWN]
    groups = [group for group in election.groups if group in always or tally(group) != NO_TALLY]
    groups.sort(key=lambda group: (-tally(group).councils, -tally(group).seats))
    return [
        ScoreboardRow(
            group=group,
            short=election.short(group),
            name=name_of(election, group),
            councils=tally(group).councils,
            councils_change=tally(group).councils_change if scoreboard.compared_control else None,
            seats=tally(group).seats,
            seats_change=tally(group).seats_change if scoreboard.compared_seats else None,
        )
        for group in [*groups, NO_OVERALL_CONTROL]
    ]


def compared_with(convention: Convention) -> tuple[str, str]:
    """What councils and seats are compared with, as sentences."""
    return (
        f"Councils: change against control {_either(convention.control)}.",
        f"Seats: change against those held {_either(convention.seats)}.",
    )


def counted(night: Night, convention: Convention) -> str:
    """How much is in the changes: ``Changes so far: control of 9 of 13 councils, seats of the 7 that are complete``."""
    scoreboard, total = night.scoreboards[convention.key], night.progress.councils_total
    if night.progress.councils_complete == total:
        return _counted_at_the_end(scoreboard, total)
    if not scoreboard.compared_control:
        return "No comparison yet: changes are counted once control of a council is certain."
    control = f"Changes so far: control of {scoreboard.compared_control} of {total} councils"
    if not scoreboard.compared_seats:
        return f"{control}; of seats once a council is complete."
    complete = "one that is" if scoreboard.compared_seats == 1 else f"{scoreboard.compared_seats} that are"
    return f"{control}, seats of the {complete} complete."


def _counted_at_the_end(scoreboard: Scoreboard, total: int) -> str:
    """Once every council is complete: nothing is still to come, but some may have nothing to be compared with."""
    control, seats = scoreboard.compared_control, scoreboard.compared_seats
    if control == seats == total:
        return "Changes: every council is in them."
    if control == seats == 0:
        return "No comparison: what there was before is not known here."
    return f"Changes: control of {control or 'none'} of {plural(total, 'council')}, seats of {seats or 'none'}."


def name_of(election: Election, group: str) -> str:
    """The full name of a reporting group, or of NOC."""
    return NO_OVERALL if group == NO_OVERALL_CONTROL else election.party(group).name


def _either(bases: Iterable[str]) -> str:
    return ", or else ".join(basis_wording(basis) for basis in bases)
