"""What a spreadsheet has of one ward: the form that somebody would have typed of it, and the rows that say nothing."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from app.desk.entry.typed import Form
from app.domain.contest import seats_to_fill, tied_across_last_seat
from app.domain.election import Candidacy, Contest
from app.domain.second_check import count
from app.wording.figures import plural
from app.wording.files import not_those_elected, other_number_elected


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of a sheet; rows count from 1."""

    sheet: str
    row: int

    def __str__(self) -> str:
        return f"{self.sheet}, row {self.row}" if self.sheet else f"Row {self.row}"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A row that could not be used: where it is, what is in it, and what to do."""

    place: SheetRow
    found: str
    told: str


@dataclass(slots=True)
class WardRows:
    """What a spreadsheet has of one ward."""

    contest: Contest
    form: dict[str, list[str]] = field(default_factory=dict)
    marked: list[str] = field(default_factory=list)
    """Who is marked as elected, by candidacy_id."""
    mismatches: list[Mismatch] = field(default_factory=list)
    first: SheetRow = SheetRow("", 0)
    rows: dict[str, SheetRow] = field(default_factory=dict)
    """In which row each field of the form stands."""

    @property
    def is_blank(self) -> bool:
        """Whether nothing has been filled in yet."""
        return not self.mismatches and not any(value.strip() for values in self.form.values() for value in values)


def form_of_ward(ward: WardRows, source: str) -> Form:
    """The form that a person would have typed of it."""
    drawn = ward.marked if ward.contest.is_stv or _tied(ward) else []
    return {**ward.form, "mode": ["votes"], "source": [source], **({"drawn": drawn} if drawn else {})}


def check_marks(ward: WardRows) -> None:
    """Who is marked as elected has to be who the votes elect: one of the two would be wrong."""
    votes = _votes(ward)
    seats = seats_to_fill(ward.contest)
    if not ward.marked or ward.contest.is_stv or len(votes) < len(ward.contest.candidacies):
        return
    if len(ward.marked) != seats:
        told = other_number_elected(len(ward.marked), plural(seats, "seat"))
        ward.mismatches.append(Mismatch(ward.first, ward.contest.name, told))
        return
    least = min(votes[candidacy_id] for candidacy_id in ward.marked)
    beaten = [it for it in _unmarked(ward) if votes[it.candidacy_id] > least]
    if beaten:
        ward.mismatches.append(Mismatch(ward.first, ward.contest.name, not_those_elected(beaten)))


def _unmarked(ward: WardRows) -> Iterator[Candidacy]:
    return (it for it in ward.contest.candidacies if it.candidacy_id not in ward.marked)


def _votes(ward: WardRows) -> dict[str, int]:
    """What is a number of what it has."""
    typed = {
        it.candidacy_id: count(ward.form.get(f"votes.{it.candidacy_id}", [""])[0]) for it in ward.contest.candidacies
    }
    return {candidacy_id: number for candidacy_id, number in typed.items() if number is not None}


def _tied(ward: WardRows) -> Collection[str]:
    votes = _votes(ward)
    is_whole = len(votes) == len(ward.contest.candidacies)
    return tied_across_last_seat(votes, seats_to_fill(ward.contest)) if is_whole else ()
