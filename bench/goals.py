"""Goals: what a figure is measured against, and whether it is met."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Goal:
    """A ``figure`` that is to be at most, or at least, ``wanted``; None where there was nothing to compare with."""

    name: str
    figure: float | None
    wanted: float
    unit: str = ""
    at_least: bool = False

    @property
    def is_met(self) -> bool | None:
        if self.figure is None:
            return None
        return self.figure >= self.wanted if self.at_least else self.figure <= self.wanted

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "met": self.is_met, "line": self.line()}

    def line(self) -> str:
        """For the summary, such as ``met     1.13 x    at most 1.25 x    10,000 watchers, against the C loop``."""
        verdict = {True: "met", False: "MISSED", None: "not run"}[self.is_met]
        figure = "-" if self.figure is None else f"{self.figure:,.2f} {self.unit}"
        bound = f"{'at least' if self.at_least else 'at most'} {self.wanted:,g} {self.unit}"
        return f"{verdict:8}{figure:>16}   {bound:<22} {self.name}"


def ratio(figure: float | None, baseline: float | None) -> float | None:
    """``figure`` / ``baseline``; None where either was not measured."""
    return None if figure is None or not baseline else figure / baseline


def as_json(goals: Iterable[Goal]) -> list[dict[str, Any]]:
    return [goal.as_json() for goal in goals]
