"""The CSV files of a bundle, row by row: every field is checked where it is read, and every fault is kept.

A field that is wrong leaves a fault and gives a harmless value back, so that one reading finds all faults of a bundle.
Whoever reads has to look at the faults before using what was read.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TextIO, TypeVar

from app.domain.letters import NEVER_IN_A_LINE
from app.domain.times import read_time

LONGEST_TEXT = 200
LONGEST_NOTE = 2_000
FAULTS_SHOWN = 50
COLUMNS_NAMED = 10
"""Of those that are not known."""

YEARS = range(1000, 3000)
"""What is written as another year is a slip; at the ends of the calendar there are times that no other zone has."""

NOT_THERE = "add it there, or give one that is there"
DIGITS_ALONE = "write digits alone, such as 47"
LIKE_A_DATE = "write it like 2023-05-04"
NO_MOMENT = "is not a time in ISO 8601 with its offset"
LIKE_A_MOMENT = "write it like 2023-05-05T16:00:00+01:00"
MISCOUNTED = "look for a separator too many or too few, and put a field that holds one into double quotes"
UNQUOTED = "see that every double quote that opens a field closes it, and that one inside a field is doubled"
"""What to do about a fault that is found in several places, or takes a line to say."""

Code = TypeVar("Code", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a bundle, where, and what to do about it.

    ``councils.csv:14: total_seats “4x” is not a whole number: write digits alone, such as 47``. ``line`` counts from 1;
    None where the file as a whole is meant.
    """

    file: str
    line: int | None
    reason: str
    remedy: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.reason}: {self.remedy}"


class BundleError(Exception):
    """A bundle that is refused. ``faults`` holds all that was found; the message shows the first of them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        shown = [str(fault) for fault in faults[:FAULTS_SHOWN]]
        if len(faults) > FAULTS_SHOWN:
            shown.append(f"… and {len(faults) - FAULTS_SHOWN:,} more")
        super().__init__("\n".join(shown))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class IdentifierShape:
    """What an identifier may look like: as a pattern, in words, and what to do about one that does not."""

    pattern: re.Pattern[str]
    words: str
    remedy: str


# Ids become addresses, element ids and keys of JSON: what would need escaping there is refused here.
SLUG = IdentifierShape(
    re.compile(r"[a-z0-9][a-z0-9-]{0,79}"),
    "small letters, digits and hyphens",
    "write 80 of them at most, no hyphen first, such as test-valley",
)
BALLOT_ID = IdentifierShape(
    re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,159}"),
    "letters, digits, dots, hyphens and underscores",
    "write 160 of them at most, a letter or digit first, such as local.dover.deal.2023-05-04",
)
OPAQUE_ID = IdentifierShape(
    re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,79}"),
    "letters, digits, dots, colons, hyphens and underscores",
    "write 80 of them at most, a letter or digit first, such as PP52",
)
BASIS = IdentifierShape(
    re.compile(r"[a-z0-9][a-z0-9_-]{0,39}"),
    "small letters, digits, hyphens and underscores",
    "write 40 of them at most, a letter or digit first, such as eve",
)
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_GSS = re.compile(r"[A-Za-z0-9:._-]{0,40}")
# Only ASCII digits without sign, separator or space: int() itself would take “1_0”, “٣” and “ 7 ”.
_WHOLE_NUMBER = re.compile(r"[0-9]{1,12}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DELIMITERS: Mapping[str, str] = {",": "commas", ";": "semicolons", "\t": "tabs"}


def unfit(text: str, longest: int = LONGEST_TEXT) -> tuple[str, str] | None:
    """Why ``text`` cannot be shown in a line, and what to do about that; None if it can."""
    if len(text) > longest:
        return f"has {len(text):,} characters", f"shorten it to {longest:,}"
    if NEVER_IN_A_LINE.search(text):
        return "holds a line break or another control character", "write it on one line, with spaces alone"
    return None


def moment_from(text: str) -> datetime | None:
    """The time in ISO 8601 with its offset from UTC; None where it is something else, or of another age."""
    return read_time(text, years=YEARS)


def date_from(text: str) -> date | None:
    """The day written as 2023-05-04; None where it is something else, or of another age."""
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None
    return day if day is not None and day.year in YEARS else None


@dataclass(slots=True)
class Record:
    """One record of a CSV file: its first line, its cells by column, and the faults of the whole bundle so far."""

    file: str
    line: int
    cells: Mapping[str, str]
    faults: list[Fault] = field(repr=False)
    left_out: Collection[str] = ()
    """Columns that the file does not have; their cells are empty."""
    is_sound: bool = True
    """Nothing wrong was found in this row yet."""

    def refuse(self, reason: str, remedy: str) -> None:
        self.is_sound = False
        self.faults.append(Fault(self.file, self.line, reason, remedy))

    def text(self, column: str, *, required: bool = True, longest: int = LONGEST_TEXT) -> str:
        text = self.cells[column]
        if not text and required:
            self.refuse(f"{column} is empty", "fill it in")
        elif told := unfit(text, longest):
            reason, remedy = told
            self.refuse(f"{column} {reason}", remedy)
        return text

    def texts(self, column: str, *, longest: int) -> tuple[str, ...]:
        """Texts with ``|`` between them; none where the cell is empty."""
        found = tuple(text for part in self.cells[column].split("|") if (text := part.strip()))
        for reason, remedy in filter(None, (unfit(text, longest) for text in found)):
            self.refuse(f"{column} {reason}", remedy)
        return found

    def identity(self, column: str, shape: IdentifierShape) -> str:
        text = self.cells[column]
        if not text:
            self.refuse(f"{column} is empty", f"give an id made of {shape.words}")
        elif not shape.pattern.fullmatch(text):
            self.refuse(f"{column} “{cut(text)}” is not an id made of {shape.words}", shape.remedy)
        return text

    def reference(self, column: str, known: Collection[str] | None, where: str) -> str:
        """An id that ``where`` has to have; ``known`` is None where that file could not be read."""
        text = self.cells[column]
        if not text:
            self.refuse(f"{column} is empty", "fill it in")
        elif known is not None and text not in known:
            self.refuse(f"{column} “{cut(text)}” is not in {where}", NOT_THERE)
        return text

    def references(self, column: str, known: Collection[str] | None, where: str) -> tuple[str, ...]:
        """Ids that ``where`` has to have, with spaces between them; none where the cell is empty."""
        found = tuple(self.cells[column].split())
        for text in dict.fromkeys(found):
            if known is not None and text not in known:
                self.refuse(f"{column} “{cut(text)}” is not in {where}", NOT_THERE)
        return found

    def whole_number(self, column: str, *, lowest: int, highest: int) -> int:
        text = self.cells[column]
        if not text:
            self.refuse(f"{column} is empty", DIGITS_ALONE)
        elif not _WHOLE_NUMBER.fullmatch(text):
            self.refuse(f"{column} “{cut(text)}” is not a whole number", DIGITS_ALONE)
        elif not lowest <= int(text) <= highest:
            told = f"{column} {int(text):,} is not between {lowest:,} and {highest:,}"
            self.refuse(told, "look for a digit too many or too few")
        else:
            return int(text)
        return lowest

    def optional_whole_number(self, column: str, *, lowest: int, highest: int) -> int | None:
        return self.whole_number(column, lowest=lowest, highest=highest) if self.cells[column] else None

    def flag(self, column: str) -> bool:
        text = self.cells[column]
        if text not in {"0", "1"}:
            self.refuse(f"{column} “{cut(text)}” is neither 0 nor 1", "write 1 for yes, 0 for no")
        return text == "1"

    def optional_code(self, column: str, codes: type[Code]) -> Code | None:
        text = self.cells[column]
        try:
            return codes(text) if text else None
        except ValueError:
            told = f"{column} “{cut(text)}” is none of {', '.join(codes)}"
            self.refuse(told, "write one of those as it stands here, or leave it empty")
            return None

    def optional_moment(self, column: str) -> datetime | None:
        text = self.cells[column]
        moment = moment_from(text)
        if text and moment is None:
            self.refuse(f"{column} “{cut(text)}” {NO_MOMENT}", f"{LIKE_A_MOMENT}, or leave it empty")
        return moment

    def day(self, column: str) -> str:
        text = self.cells[column]
        if date_from(text) is None:
            self.refuse(f"{column} “{cut(text)}” is not a date", LIKE_A_DATE)
        return text

    def colour(self, column: str) -> str:
        text = self.cells[column]
        if not _COLOUR.fullmatch(text):
            self.refuse(f"{column} “{cut(text)}” is not a colour", "write it like #0087DC, or leave it empty for grey")
        return text

    def gss(self, column: str) -> str:
        text = self.cells[column]
        if not _GSS.fullmatch(text):
            self.refuse(f"{column} “{cut(text)}” is not a code", "write it like E07000105, or leave it empty")
        return text


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file that was read. ``is_whole`` is False where it was missing or broke off: its ids are not all known."""

    file: str
    rows: tuple[Record, ...]
    is_whole: bool

    def known(self, column: str) -> Collection[str] | None:
        """Every value of ``column``, those of rows with faults too; None where they are not all known."""
        return {row.cells[column] for row in self.rows} if self.is_whole else None

    def unique(self, *columns: str) -> Iterator[tuple[Record, bool]]:
        """Every row, and whether it is the first with its values in ``columns``; the others are refused."""
        first_line: dict[tuple[str, ...], int] = {}
        for row in self.rows:
            key = tuple(row.cells[column] for column in columns)
            line = first_line.setdefault(key, row.line)
            if line != row.line:
                named = ", ".join(f"{column} “{cut(value)}”" for column, value in zip(columns, key, strict=True))
                row.refuse(f"{named} is on line {line} already", "take one of the two rows out, or put it right")
            yield row, line == row.line


@dataclass(frozen=True, slots=True)
class Columns:
    """What a CSV file has to have, and what it may have: where that is left out, all its cells are empty."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


def read_table(
    file: str, text: str, columns: Columns, faults: list[Fault], remarks: list[str], *, may_be_empty: bool
) -> Table:
    """The rows of the CSV file ``text``, as ``read_rows`` has them."""
    faults_before = len(faults)
    source = io.StringIO(text, newline="")
    rows = tuple(read_rows(file, source, columns, faults, remarks, may_be_empty=may_be_empty))
    # A row of the wrong width is left out, so the ids are not all known then.
    return Table(file, rows, is_whole=len(faults) == faults_before)


def read_rows(
    file: str, source: TextIO, columns: Columns, faults: list[Fault], remarks: list[str], *, may_be_empty: bool
) -> Iterator[Record]:
    """The rows of a CSV file one by one, whose ``columns`` stand in any order; others are named in ``remarks``.

    Space around a cell is dropped, empty lines are skipped, capitals in the header are read as small letters; fields
    may be separated by semicolons or tabs as well, as spreadsheets do. ``may_be_empty``: a file without a row will do,
    even one without a header.
    """
    delimiter = _delimiter(source)
    records = _records(file, source, delimiter, faults)
    faults_before = len(faults)
    header_line, written = next(records, (1, []))
    header = [name.lower().replace(" ", "_") for name in written]
    if not header:
        if len(faults) == faults_before and not may_be_empty:
            faults.append(Fault(file, None, "is empty", f"begin with its header: {','.join(columns.required)}"))
        return
    doubled = sorted(name for name, times in Counter(header).items() if name and times > 1)
    faults.extend(
        Fault(file, header_line, f"there are two columns {cut(name)}", "take one of them out") for name in doubled
    )
    missing = [name for name in columns.required if name not in header]
    faults.extend(Fault(file, header_line, f"the column {name} is missing", "add it") for name in missing)
    if len(faults) > faults_before:
        return
    remarks.extend(f"{file} {remark}" for remark in _remarks_on(written, header, columns, delimiter))
    row = None
    for row in _rows(file, header, columns.optional, records, faults):
        yield row
    if row is None and not may_be_empty and len(faults) == faults_before:
        faults.append(Fault(file, None, "has no row below its header", "add at least one"))


def _delimiter(source: TextIO) -> str:
    """What stands between the fields of the first line that holds anything; ``source`` is at its beginning again."""
    first = next((line for line in source if line.strip()), "")
    source.seek(0)
    return max(_DELIMITERS, key=first.count)


def _remarks_on(written: Sequence[str], header: Sequence[str], columns: Columns, delimiter: str) -> Iterator[str]:
    if delimiter != ",":
        yield f"was read with {_DELIMITERS[delimiter]} between its fields."
    if list(written) != list(header):
        yield "has a header that is not written in small letters; it was read all the same."
    unknown = [cut(name) for name in header if name and name not in {*columns.required, *columns.optional}]
    if unknown:
        more = len(unknown) - COLUMNS_NAMED
        listed = ", ".join(unknown[:COLUMNS_NAMED]) + (f" and {more:,} more" if more > 0 else "")
        yield f"has columns that nobody knows here, and that are left alone: {listed}."


def _rows(
    file: str,
    header: Sequence[str],
    optional: Sequence[str],
    records: Iterator[tuple[int, list[str]]],
    faults: list[Fault],
) -> Iterator[Record]:
    left_out = dict.fromkeys((column for column in optional if column not in header), "")
    for line, cells in records:
        if len(cells) < len(header) or any(cells[len(header) :]):
            told = f"has {len(cells)} fields where the header has {len(header)}"
            faults.append(Fault(file, line, told, MISCOUNTED))
        else:
            yield Record(file, line, {**left_out, **dict(zip(header, cells, strict=False))}, faults, left_out.keys())


def _records(file: str, source: TextIO, delimiter: str, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """The records that hold anything, each with its first line."""
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            faults.append(Fault(file, line, f"is not CSV ({error})", UNQUOTED))
            return
        if any(cells):
            yield line, cells
        line = reader.line_num + 1


def cut(text: str) -> str:
    """``text`` as it can be quoted in a message."""
    shown = NEVER_IN_A_LINE.sub("�", text)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"
