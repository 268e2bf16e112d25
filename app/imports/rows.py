"""The files of a bundle as rows that remember where they come from, so that a fault is told there."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import StringIO

from app.bundles.reading import COLUMNS
from app.imports.polls import SourceLine

KEYS: Mapping[str, tuple[str, ...]] = {
    "parties.csv": ("party_id",),
    "councils.csv": ("council_id",),
    "controls.csv": ("council_id", "basis"),
    "seats.csv": ("council_id", "basis", "party_id"),
    "contests.csv": ("ballot_id",),
    "candidacies.csv": ("ballot_id", "candidacy_id"),
    "history.csv": ("council_id", "since"),
}
"""The columns that tell the rows of each file apart."""

Key = tuple[str, ...]
Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BundleRow:
    """A row of a bundle's file, by column, and the place it was read from."""

    cells: Cells
    place: SourceLine


Rows = dict[str, dict[Key, BundleRow]]
"""By the file's name and the values in its columns ``KEYS``, in order."""


def key_of(file: str, cells: Cells) -> Key:
    """What tells the row with ``cells`` apart in its file."""
    return tuple(cells.get(column, "") for column in KEYS[file])


def add(rows: Rows, file: str, cells: Cells, place: SourceLine) -> None:
    """Adds a row, unless there is one with its key."""
    rows.setdefault(file, {}).setdefault(key_of(file, cells), BundleRow(cells, place))


def written(columns: Iterable[str], rows: Iterable[Cells]) -> str:
    """A CSV file. Its cells are for a program: nothing is put before those that a spreadsheet takes for formulas."""
    out = StringIO(newline="")
    writer = csv.DictWriter(out, list(columns), restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def bundle_columns(file: str) -> list[str]:
    """Every column that the file of a bundle may have, those it must have first."""
    return [*COLUMNS[file].required, *COLUMNS[file].optional]
