"""The results of wards, of one council or several, out of the rows of a spreadsheet: pure, and all faults at once.

Two forms are read, mixed as they come: a row a candidate with its ward beside it, and a block a ward, its name above.
Rows are matched by ward, name and party; what is not matched is told with its sheet and row, and is never guessed.
What comes of a ward is the form that a person would have typed (``entry.typed``), and goes the same way.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from app.bundles.spreadsheets import Sheet
from app.desk.files.columns import FIGURES, Column, column_called, columns_of, is_ambiguous, is_marked_elected
from app.desk.files.ward_rows import Mismatch, SheetRow, WardRows, check_marks
from app.domain.election import Candidacy, Contest, Council, Election
from app.domain.matching import NobodyFits, OneFits, SeveralFit, contests_called, councils_called, match_candidate
from app.domain.second_check import count
from app.wording.files import (
    candidate_twice,
    nobody_called,
    several_called,
    several_wards,
    unknown_council,
    unknown_ward,
)

WHOLE_MINUTE = re.compile(r"^(\d\d?:\d\d):00$")


@dataclass(frozen=True, slots=True)
class ResultRows:
    """What a spreadsheet has of some councils. ``unplaced`` are rows of no ward of theirs."""

    wards: tuple[WardRows, ...]
    unplaced: tuple[Mismatch, ...]
    asked: tuple[str, ...] = ()
    """What stands in each column first, where no row says which is which, or two may have the votes: it is asked."""


def rows_of(
    election: Election, councils: Sequence[Council], sheets: Sequence[Sheet], named: Mapping[int, Column] | None = None
) -> ResultRows:
    """What ``sheets`` have of ``councils``. ``named``: which column is which, where somebody was asked.

    Of several, a column or the name of a sheet says which council it is, wherever the ward alone does not.
    """
    reading = _RowReading(election, councils, named)
    for sheet in sheets:
        reading.read(sheet)
    if not reading.has_columns or (named is None and any(is_ambiguous(row) for sheet in sheets for row in sheet.rows)):
        return ResultRows((), (), _first_rows(sheets))
    for ward in reading.wards.values():
        check_marks(ward)
    return ResultRows(tuple(reading.wards.values()), tuple(reading.unplaced))


@dataclass(slots=True)
class _RowReading:
    """Goes down the rows: what the columns are, and which council and ward the rows are of."""

    election: Election
    councils: Sequence[Council]
    named: Mapping[int, Column] | None
    columns: Mapping[int, Column] | None = None
    council: Council | None = None
    """That of the rows; None: any of them."""
    is_lost: bool = False
    """Whether the rows are of a council that nobody knows: none of them is looked for elsewhere."""
    ward: Contest | None = None
    title: tuple[SheetRow, str] | None = None
    """A line that may name a ward, and none that is known."""
    wards: dict[str, WardRows] = field(default_factory=dict)
    unplaced: list[Mismatch] = field(default_factory=list)
    has_columns: bool = False
    _councils: dict[str, Council | None] = field(default_factory=dict)
    _called: dict[tuple[str, str], tuple[Contest, ...]] = field(default_factory=dict)

    def called(self, written: str) -> tuple[Contest, ...]:
        """Those that ``written`` may name, of the council of the rows; a file has the name of a ward many times."""
        key = (self.council.council_id if self.council else "", written)
        if key not in self._called:
            councils = self.councils if self.council is None else (self.council,)
            contests = [contest for council in councils for contest in council.contests]
            self._called[key] = contests_called(contests, written)
        return self._called[key]

    def read(self, sheet: Sheet) -> None:
        self.columns, self.title, self.is_lost = self.named, None, False
        self.has_columns = self.has_columns or self.named is not None
        self.council = self._only_council(sheet.name)
        is_called = self.called(sheet.name)
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
        if cells.get(Column.COUNCIL) and len(self.councils) > 1:
            self._enter_council(place, cells[Column.COUNCIL])
        if self.is_lost:
            return
        if cells.get(Column.WARD):
            self._enter(place, cells[Column.WARD])
        if self._is_figure(row) or not self._is_candidate(cells):
            self._line(place, row)
        elif self.ward is None:
            self._refuse_unplaced(place, row)
        else:
            self._candidate(place, cells, row)

    def _only_council(self, written: str) -> Council | None:
        """The council ``written``, where that is one of several, or the only one that there is."""
        if len(self.councils) == 1:
            return self.councils[0]
        if written not in self._councils:
            called = councils_called(self.election, written)
            self._councils[written] = called[0] if len(called) == 1 and called[0] in self.councils else None
        return self._councils[written]

    def _enter_council(self, place: SheetRow, written: str) -> None:
        """From this row on it is the council ``written``."""
        self.council = self._only_council(written)
        self.is_lost = self.council is None
        if self.ward is not None and (self.council is None or self.ward.council_id != self.council.council_id):
            self.ward = None
        if self.is_lost:
            self._refuse_once(Mismatch(place, written, unknown_council(self.election, written)))

    def _enter(self, place: SheetRow, written: str) -> None:
        """From this row on it is the ward ``written``."""
        called = self.called(written)
        self.ward = called[0] if len(called) == 1 else None
        self.title = None if self.ward is not None else (place, written)

    def _is_figure(self, row: Sequence[str]) -> bool:
        return column_called(next(filter(None, row)).partition(":")[0]) in FIGURES

    def _is_candidate(self, cells: Mapping[Column, str]) -> bool:
        is_named = any(cells.get(column) for column in (Column.CANDIDACY, Column.CANDIDATE, Column.SURNAME))
        # A party without votes is one of a tally, or of a ward whose seats alone are known.
        return bool(cells.get(Column.VOTES) and (is_named or cells.get(Column.PARTY))) or (
            Column.WARD in cells and is_named
        )

    def _line(self, place: SheetRow, row: Sequence[str]) -> None:
        """A line that is no candidate's: a figure of the ward, the name of the next ward, or words."""
        first, *rest = [cell for cell in row if cell]
        label, _, behind = first.partition(":")
        figure = column_called(label)
        if figure in FIGURES and self.ward is not None:
            self._figure(place, figure, next(filter(None, (behind.strip(), *rest)), ""))
        elif figure is None and (self.columns is None or Column.WARD not in self.columns.values()):
            called = self.called(first)
            if called or not rest:
                self._enter(place, first)

    def _candidate(self, place: SheetRow, cells: Mapping[Column, str], row: Sequence[str]) -> None:
        ward = self._of_ward(place)
        for figure in FIGURES:
            if cells.get(figure):
                self._figure(place, figure, cells[figure])
        found = self._who(ward.contest, cells)
        if isinstance(found, str):
            ward.mismatches.append(Mismatch(place, told_row(row), found))
            return
        name = f"votes.{found.candidacy_id}"
        if name in ward.form:
            ward.mismatches.append(Mismatch(place, told_row(row), candidate_twice(found)))
            return
        ward.form[name], ward.rows[name] = [cells.get(Column.VOTES, "")], place
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

    def _figure(self, place: SheetRow, figure: Column, written: str) -> None:
        ward = self._of_ward(place)
        ward.rows[figure.value] = place
        match figure:
            case Column.TURNOUT:
                written = _percentage(written)
            case Column.AT:
                # As spreadsheets give a time of day.
                written = WHOLE_MINUTE.sub(r"\1", written)
        ward.form[figure.value] = [written]

    def _of_ward(self, place: SheetRow) -> WardRows:
        assert self.ward is not None  # asked where rows are of one
        return self.wards.setdefault(self.ward.ballot_id, WardRows(self.ward, first=place))

    def _refuse_unplaced(self, place: SheetRow, row: Sequence[str]) -> None:
        titled, written = self.title or (place, "")
        several = len(self.called(written)) > 1
        told = several_wards(self.election, written) if several else unknown_ward(self.election, self.council, written)
        # Once for all rows of a block.
        self._refuse_once(Mismatch(titled, written or told_row(row), told))

    def _refuse_once(self, mismatch: Mismatch) -> None:
        last = self.unplaced[-1:]
        if not any((it.place, it.told) == (mismatch.place, mismatch.told) for it in last):
            self.unplaced.append(mismatch)


def _first_rows(sheets: Iterable[Sheet]) -> tuple[str, ...]:
    """The first two cells of each column, ``Ward / North``, in rows that have several."""
    rows = [row for sheet in sheets for row in sheet.rows if sum(map(bool, row)) > 1][:2]
    return tuple(" / ".join(cell for cell in cells if cell) for cells in zip_longest(*rows, fillvalue=""))


def told_row(row: Iterable[str]) -> str:
    """What is in a row, as it is quoted."""
    told = " · ".join(cell for cell in row if cell)
    return told if len(told) <= 120 else f"{told[:120]}…"


def _percentage(written: str) -> str:
    """A turnout as spreadsheets keep it, 0.342, in per cent: nobody has a turnout below one."""
    try:
        number = float(written)
    except ValueError:
        return written
    return f"{number * 100:.4g}" if 0 < number <= 1 else written
