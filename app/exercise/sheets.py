"""The sheets of an exercise: what the returning officer says of a ward or a council, first and in the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from app.domain.second_check import figures
from app.domain.subject import Subject

ResultBody = Mapping[str, Any]
"""A ``ward`` or a ``tally`` as it would be posted."""


class Mishap(StrEnum):
    """What goes wrong with a sheet."""

    DOES_NOT_ADD_UP = "does-not-add-up"
    WRONG_TALLY = "wrong-tally"
    DEAD_LINE = "dead-line"
    LATE_LOT = "late-lot"
    RECOUNT = "recount"
    CORRECTION = "correction"
    SWAPPED = "swapped"
    MISREAD = "misread"


COMES_BY_ITSELF = frozenset({Mishap.DEAD_LINE, Mishap.LATE_LOT})
"""Where the rest is told some time later, whether anybody asks or not."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said at one time. ``electorate`` is the one on the sheet, None where it has none."""

    body: ResultBody
    electorate: int | None = None

    @property
    def sum_of_votes(self) -> int:
        return sum(self.body.get("votes", {}).values())


@dataclass(frozen=True, slots=True)
class CountSheet:
    """One sheet: ``number`` is its place in the night from 1, ``due`` when it comes in, in seconds from the beginning.

    ``first`` is what it says then and ``last`` what is true in the end; the same where there is no mishap.
    """

    number: int
    subject: Subject
    due: float
    first: Said
    last: Said
    mishap: Mishap | None = None

    @property
    def versions(self) -> tuple[Said, ...]:
        return (self.first,) if self.first == self.last else (self.first, self.last)


@dataclass(frozen=True)
class Plan:
    """The sheets in the order of the night. ``later`` are the seconds after which the count tells more by itself.

    ``unplanted`` are the mishaps for which the election has no place, such as wards alike enough to be swapped.
    """

    sheets: Sequence[CountSheet]
    later: float
    unplanted: Sequence[Mishap] = ()

    def sheet(self, number: int) -> CountSheet | None:
        return self.sheets[number - 1] if 0 < number <= len(self.sheets) else None

    def sheet_of(self, subject: Subject) -> CountSheet | None:
        return self._by_subject.get(subject)

    @cached_property
    def _by_subject(self) -> Mapping[Subject, CountSheet]:
        return {sheet.subject: sheet for sheet in self.sheets}


def wrong_fields(said: ResultBody, truth: ResultBody) -> frozenset[str]:
    """The fields in which ``said`` gives another figure than ``truth``; what it leaves out is not wrong."""
    ours, true = figures(said), figures(truth)
    # A party that is not named has no seats.
    groups = {name for name in true if name.startswith("seats.")} if said.get("seats") is not None else set()
    wrong = {name for name, value in ours.items() if name in true and value != true[name]}
    wrong |= {name for name in ours.keys() - true.keys() if name.startswith(("votes.", "seats."))}
    wrong |= groups - ours.keys()
    drawn = [set(body["elected"]) for body in (said, truth) if body.get("elected") is not None]
    return frozenset(wrong | ({"elected"} if len(drawn) == 2 and drawn[0] != drawn[1] else set()))


def agrees_with_some(said: ResultBody, versions: Sequence[Said]) -> bool:
    """Whether it is what the sheet said at some time: then whoever keyed it made no slip of their own."""
    return any(not wrong_fields(said, version.body) for version in versions)
