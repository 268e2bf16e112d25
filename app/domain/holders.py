"""Who holds a seat or a council now, against who held it before: gain, hold, and seats won less seats held."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple


class Outcome(StrEnum):
    """Control of a council, or a ward's seat, changed hands, or did not; NOC is one of the values of control."""

    GAIN = "gain"
    HOLD = "hold"


class Holders(NamedTuple):
    """Who holds it and who did, each a reporting group (of a council also NOC): what a badge says."""

    now: str
    before: str

    @property
    def outcome(self) -> Outcome:
        return Outcome.HOLD if self.now == self.before else Outcome.GAIN


def seat_change(now: Mapping[str, int], before: Mapping[str, int]) -> Mapping[str, int]:
    """Seats gained and lost by reporting group; groups without change are left out."""
    differences = {group: now.get(group, 0) - before.get(group, 0) for group in {**now, **before}}
    return {group: difference for group, difference in differences.items() if difference}


class SeatGains(NamedTuple):
    """Seats gained and lost by reporting group, in so many ``contests``; what is neither is held."""

    gained: Mapping[str, int]
    lost: Mapping[str, int]
    contests: int

    def net(self, group: str) -> int:
        return self.gained.get(group, 0) - self.lost.get(group, 0)


def seat_gains(changes: Iterable[Mapping[str, int] | None]) -> SeatGains:
    """The sum of contests' changes, of those of which they are known; what is gained by some is lost by others."""
    gained: dict[str, int] = {}
    lost: dict[str, int] = {}
    contests = 0
    for change in changes:
        contests += change is not None
        for group, number in (change or {}).items():
            side = gained if number > 0 else lost
            side[group] = side.get(group, 0) + abs(number)
    return SeatGains(gained, lost, contests)
