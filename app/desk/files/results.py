"""The results of a council's wards out of the rows of a spreadsheet: pure, and everything wrong at once.

Two forms are read, mixed as they come: a row a candidate with its ward beside it, and a block a ward, its name above.
Rows are matched by ward, name and party; what is not matched is told with its sheet and row, and is never guessed.
What comes of a ward is the form that a person would have typed (``entry.typed``), and goes the same way.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from app.bundles.spreadsheets import Sheet
from app.desk.entry.typed import Form
from app.desk.files.columns import FIGURES, Column, column_called, columns_of, is_ambiguous, is_marked_elected
from app.domain.contest import seats_to_fill, tied_across_last_seat
from app.domain.election import Candidacy, Contest, Council, Election
from app.domain.matching import NobodyFits, OneFits, SeveralFit, contests_called, match_candidate
from app.domain.second_check import count
from app.wording.figures import plural
from app.wording.files import (
    candidate_twice,
    nobody_called,
    not_those_elected,
    other_number_elected,
    several_called,
    several_wards,
    unknown_ward,
)


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

    @property
    def is_blank(self) -> bool:
        """Whether nothing has been filled in yet."""
        return not self.mismatches and not any(value.strip() for values in self.form.values() for value in values)


@dataclass(frozen=True, slots=True)
class CouncilRows:
    """What a spreadsheet has of a council. ``unplaced`` are rows of no ward of it."""

    wards: tuple[WardRows, ...]
    unplaced: tuple[Mismatch, ...]
    asked: tuple[str, ...] = ()
    """What stands in each column first, where no row says which is which, or two may have the votes: it is asked."""


def rows_of(
    election: Election, council: Council, sheets: Sequence[Sheet], named: Mapping[int, Column] | None = None
) -> CouncilRows:
    """What ``sheets`` have of ``council``. ``named``: which column is which, where somebody was asked."""
    reading = _RowReading(election, council, named)
    for sheet in sheets:
        reading.read(sheet)
    if not reading.has_columns or (named is None and any(is_ambiguous(row) for sheet in sheets for row in sheet.rows)):
        return CouncilRows((), (), _first_rows(sheets))
    for ward in reading.wards.values():
        _check_marks(ward)
    return CouncilRows(tuple(reading.wards.values()), tuple(reading.unplaced))


@dataclass(slots=True)
class _RowReading:
    """Goes down the rows: what the columns are, and which ward the rows are of."""

    election: Election
    council: Council
    named: Mapping[int, Column] | None
    columns: Mapping[int, Column] | None = None
    ward: Contest | None = None
    title: tuple[SheetRow, str] | None = None
    """A line that may name a ward, and none that is known."""
    wards: dict[str, WardRows] = field(default_factory=dict)
    unplaced: list[Mismatch] = field(default_factory=list)
    has_columns: bool = False

    def read(self, sheet: Sheet) -> None:
        self.columns, self.title = self.named, None
        self.has_columns = self.has_columns or self.named is not None
        is_called = contests_called(self.council, sheet.name)
        self.ward = is_called[0] if len(is_called) == 1 else None
        filled = [(SheetRow(sheet.name, number), row) for number, row in enumerate(sheet.rows, start=1) if any(row)]
        for at, (place, row) in enumerate(filled):
            if at > 0 or not self._is_heading(row):
                self._row(place, row)

    def _is_heading(self, row: Sequence[str]) -> bool:
        """Whether the first row is that of the columns that were asked about: it has no number where the votes are."""
        votes = next((at for at, column in (self.named or {}).items() if column is Column.VOTES), len(row))
        return votes < len(row) and count(row[votes]) is None

    def _row(self, place: SheetRow, row: Sequence[str]) -> None:
        headings = columns_of(row)
        if headings is not None:
            self.has_columns = True
            self.columns = self.named or headings
            return
        cells = {column: row[at] for at, column in (self.columns or {}).items() if at < len(row)}
        if cells.get(Column.WARD):
            self._enter(place, cells[Column.WARD])
        if self._is_figure(row) or not self._is_candidate(cells):
            self._line(place, row)
        elif self.ward is None:
            self._refuse_unplaced(place, row)
        else:
            self._candidate(place, cells, row)

    def _enter(self, place: SheetRow, written: str) -> None:
        """From this row on it is the ward ``written``."""
        called = contests_called(self.council, written)
        self.ward = called[0] if len(called) == 1 else None
        self.title = None if self.ward is not None else (place, written)

    def _is_figure(self, row: Sequence[str]) -> bool:
        return column_called(next(filter(None, row)).partition(":")[0]) in FIGURES

    def _is_candidate(self, cells: Mapping[Column, str]) -> bool:
        whom = (Column.CANDIDACY, Column.CANDIDATE, Column.SURNAME, Column.PARTY)
        has_votes_or_ward = bool(cells.get(Column.VOTES)) or Column.WARD in cells
        return has_votes_or_ward and any(cells.get(column) for column in whom)

    def _line(self, place: SheetRow, row: Sequence[str]) -> None:
        """A line that is no candidate's: a figure of the ward, the name of the next ward, or words."""
        first, *rest = [cell for cell in row if cell]
        label, _, behind = first.partition(":")
        figure = column_called(label)
        if figure in FIGURES and self.ward is not None:
            self._figure(figure, next(filter(None, (behind.strip(), *rest)), ""))
        elif figure is None and (self.columns is None or Column.WARD not in self.columns.values()):
            called = contests_called(self.council, first)
            if called or not rest:
                self._enter(place, first)

    def _candidate(self, place: SheetRow, cells: Mapping[Column, str], row: Sequence[str]) -> None:
        ward = self._of_ward(place)
        for figure in FIGURES:
            if cells.get(figure):
                self._figure(figure, cells[figure])
        found = self._who(ward.contest, cells)
        if isinstance(found, str):
            ward.mismatches.append(Mismatch(place, told_row(row), found))
            return
        name = f"votes.{found.candidacy_id}"
        if name in ward.form:
            ward.mismatches.append(Mismatch(place, told_row(row), candidate_twice(found)))
            return
        ward.form[name] = [cells.get(Column.VOTES, "")]
        if is_marked_elected(cells.get(Column.ELECTED, "")):
            ward.marked.append(found.candidacy_id)

    def _who(self, contest: Contest, cells: Mapping[Column, str]) -> Candidacy | str:
        """The candidate of a row; else why nobody can tell."""
        by_id = contest.candidacies_by_id.get(cells.get(Column.CANDIDACY, ""))
        if by_id is not None:
            return by_id
        surname, first = cells.get(Column.SURNAME, ""), cells.get(Column.FIRST, "")
        name = cells.get(Column.CANDIDATE) or (f"{surname}, {first}" if surname and first else surname)
        match match_candidate(self.election, contest, name, cells.get(Column.PARTY, "")):
            case OneFits(candidacy):
                return candidacy
            case SeveralFit(candidacies):
                return several_called(self.election, candidacies)
            case NobodyFits(others):
                return nobody_called(self.election, contest, others)

    def _figure(self, figure: Column, written: str) -> None:
        assert self.ward is not None  # asked where rows are of one
        ward = self._of_ward(SheetRow("", 0))
        ward.form[figure.value] = [_percentage(written) if figure is Column.TURNOUT else written]

    def _of_ward(self, place: SheetRow) -> WardRows:
        assert self.ward is not None  # asked where rows are of one
        return self.wards.setdefault(self.ward.ballot_id, WardRows(self.ward, first=place))

    def _refuse_unplaced(self, place: SheetRow, row: Sequence[str]) -> None:
        titled, written = self.title or (place, "")
        several = len(contests_called(self.council, written)) > 1
        told = several_wards(self.election, written) if several else unknown_ward(self.election, self.council, written)
        # Once for all rows of a block.
        if not any(it.place == titled and it.told == told for it in self.unplaced):
            self.unplaced.append(Mismatch(titled, written or told_row(row), told))


def _first_rows(sheets: Iterable[Sheet]) -> tuple[str, ...]:
    """The first two cells of each column, ``Ward / North``, in rows that have several."""
    rows = [row for sheet in sheets for row in sheet.rows if sum(map(bool, row)) > 1][:2]
    return tuple(" / ".join(cell for cell in cells if cell) for cells in zip_longest(*rows, fillvalue=""))


def told_row(row: Iterable[str]) -> str:
    """What is in a row, as it is quoted."""
    told = " · ".join(cell for cell in row if cell)
    return told if len(told) <= 120 else f"{told[:120]}…"


def form_of_ward(ward: WardRows, source: str) -> Form:
    """The form that a person would have typed of it."""
    drawn = ward.marked if ward.contest.is_stv or _tied(ward) else []
    return {**ward.form, "mode": ["votes"], "source": [source], **({"drawn": drawn} if drawn else {})}


def _check_marks(ward: WardRows) -> None:
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


def _percentage(written: str) -> str:
    """A turnout as spreadsheets keep it, 0.342, in per cent: nobody has a turnout below one."""
    try:
        number = float(written)
    except ValueError:
        return written
    return f"{number * 100:.4g}" if 0 < number <= 1 else written
