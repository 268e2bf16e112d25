"""Who holds a seat or a council now, against who held it before: gain, hold, and seats won less seats held."""

from collections.abc import Mapping
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
