"""Postcodes: in which wards one lies, or all that begin like it.

A postcode is a district and a unit of it, ``CT1`` and ``2AB``; its sector is the unit's digit, ``CT1 2``. Where wards
meet it may lie in several.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

_DISTRICT = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
_BEGUN_UNIT = re.compile(r"(?:[0-9][A-Z]{0,2})?")
_WHOLE = re.compile(rf"({_DISTRICT.pattern})([0-9][A-Z]{{2}})")
LONGEST_DISTRICT = 4


class Postcode(NamedTuple):
    """One, or the beginning of some: ``unit`` is whole, cut short, or empty for all of the district."""

    district: str
    unit: str

    def __str__(self) -> str:
        return f"{self.district} {self.unit}".strip()


def whole_postcode(written: str) -> Postcode | None:
    """The one that is ``written``, in any case and with spaces anywhere; None where it is none."""
    found = _WHOLE.fullmatch(_joined(written))
    return Postcode(*found.groups()) if found is not None else None


def begun_postcodes(typed: str) -> list[Postcode]:
    """What ``typed`` may be the beginning of: ``CT12`` all of CT12, or the sector CT1 2; with a space only that."""
    district, _, unit = typed.strip().partition(" ")
    joined = _joined(typed)
    cuts = (joined[:at] for at in range(LONGEST_DISTRICT, 1, -1))
    ways = [(_joined(district), _joined(unit))] if unit else [(it, joined[len(it) :]) for it in dict.fromkeys(cuts)]
    return [Postcode(*way) for way in ways if _DISTRICT.fullmatch(way[0]) and _BEGUN_UNIT.fullmatch(way[1])]


def _joined(written: str) -> str:
    return "".join(written.split()).upper()


@dataclass(frozen=True, slots=True)
class Postcodes:
    """Those of an election.

    ``districts`` has a line for each ward that has any there, its ballot id and the units, with spaces between them: of
    a country they are ten megabytes, where every postcode by itself would be a gigabyte.
    """

    districts: Mapping[str, str] = field(default_factory=dict)

    def find(self, typed: str) -> tuple[Postcode, tuple[str, ...]] | None:
        """What ``typed`` is the beginning of, with the ballot ids of its wards; None where nothing is on file."""
        for begun in begun_postcodes(typed):
            found = tuple(self._ballots(begun))
            if found:
                return begun, found
        return None

    def _ballots(self, begun: Postcode) -> Iterator[str]:
        for line in self.districts.get(begun.district, "").splitlines():
            ballot_id, _, units = line.partition(" ")
            if f" {begun.unit}" in f" {units}":
                yield ballot_id


@dataclass(frozen=True, slots=True)
class PostcodesRead:
    """Postcodes as they come, one by one, in any order."""

    _units: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    """By district and ballot id."""
    _known: dict[str, str] = field(default_factory=dict)
    """Every district, ballot id and unit once, however often it comes."""

    def add(self, postcode: Postcode, ballot_id: str) -> None:
        district, unit, ballot_id = (self._known.setdefault(it, it) for it in (*postcode, ballot_id))
        self._units[district][ballot_id].append(unit)

    def postcodes(self) -> Postcodes:
        """All of them, the same whatever order they came in."""
        return Postcodes({district: _lines(by_ballot) for district, by_ballot in sorted(self._units.items())})


def _lines(by_ballot: Mapping[str, Iterable[str]]) -> str:
    return "\n".join(f"{ballot_id} {' '.join(sorted({*units}))}" for ballot_id, units in sorted(by_ballot.items()))
