"""Who took which councils from whom: by who lost them, what went to whom."""

from dataclasses import dataclass

from app.domain.election import NO_OVERALL_CONTROL, Convention
from app.domain.night import Night
from app.domain.scoreboard import changes_of_control
from app.pages.addresses import element_id
from app.wording.night import short_apart


@dataclass(frozen=True, slots=True)
class Taken:
    """What went to a reporting group, or to NOC: the names of councils."""

    group: str
    called: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loss:
    """What a reporting group, or NOC, lost, and to whom, who took most of it first."""

    group: str
    called: str
    place: int
    taken: tuple[Taken, ...]

    @property
    def element_id(self) -> str:
        return element_id("lost", self.group)

    @property
    def number(self) -> int:
        """Councils."""
        return sum(len(it.names) for it in self.taken)

    @property
    def order(self) -> int:
        """Its place, which depends on no other; the greater, the higher up."""
        return self.number * 1000 - self.place


def losses(night: Night, convention: Convention) -> list[Loss]:
    """All losses, the greatest first; among equals the party file's order, then NOC."""
    election = night.election
    places = {group: place for place, group in enumerate([*election.groups, NO_OVERALL_CONTROL])}
    lost: dict[str, list[Taken]] = {}
    for of, councils in changes_of_control(night.added_up(), convention.key).items():
        names = tuple(sorted(election.council(council_id).name for council_id in councils))
        lost.setdefault(of.before, []).append(Taken(of.now, short_apart(election, of.now), names))
    found = [
        Loss(
            group,
            short_apart(election, group),
            places[group],
            tuple(sorted(taken, key=lambda it: (-len(it.names), places[it.group]))),
        )
        for group, taken in lost.items()
    ]
    return sorted(found, key=lambda loss: -loss.order)
