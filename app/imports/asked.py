"""What people are asked for: files in the folder ``asked`` of a bundle, named and made like the bundle's own.

A cell that a person fills in, changes or empties is that person's and is never written over. To tell, what was written
is kept beside the files: a cell that still is as it was written follows the sources when they change.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.bundles.exporting import neutralised
from app.bundles.recorded import read_text
from app.bundles.tables import Columns, Fault, Record, read_table
from app.imports.figures import count_in
from app.imports.polls import SourceLine
from app.imports.rows import KEYS, BundleRow, Cells, Key, Rows, key_of, written

FOLDER = "asked"
AS_WRITTEN = ".as-written.json"

ASKED: Mapping[str, tuple[str, ...]] = {
    "councils.csv": (
        "name",
        "total_seats",
        "cycle",
        "kind",
        "region",
        "gss",
        "boundary_change",
        "created",
        "expected_at",
        "aliases",
        "note",
    ),
    "controls.csv": ("control", "note"),
    "seats.csv": ("seats",),
    "contests.csv": ("seats_up", "electorate", "cancelled", "voting_system", "holder", "expected_at", "label"),
    "parties.csv": ("name", "short", "colour", "group", "umbrella"),
    "history.csv": ("control",),
}
"""The columns that people may fill in, after those that tell the rows apart."""

SHOWN: Mapping[str, tuple[str, ...]] = {
    "councils.csv": ("seats_up",),
    "controls.csv": ("council",),
    "seats.csv": ("council", "party"),
    "contests.csv": ("council", "ward"),
}
"""The columns beside them that only help whoever fills the others in; nothing is read from them."""

MAY_BE_ADDED = frozenset({"controls.csv", "seats.csv", "parties.csv", "history.csv"})
"""The files in which a person may write rows of councils and parties that no source has."""


@dataclass(frozen=True)
class Answers:
    """What people filled in, by file and row; ``given`` has every row of theirs as it stands in their files."""

    cells: Mapping[str, Mapping[Key, BundleRow]] = field(default_factory=dict)
    given: Mapping[str, Mapping[Key, BundleRow]] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    """Of the bundle's files as they were written, by name."""


def read_answers(folder: Path, faults: list[Fault], remarks: list[str]) -> Answers:
    """What stands in ``folder`` of a bundle that is made again; nothing where it is made for the first time."""
    as_written = _read_as_written(folder / AS_WRITTEN)
    given: Rows = {}
    for file in ASKED:
        if (folder / file).exists():
            given[file] = _given(folder, file, faults, remarks)
    cells = {
        file: {key: row for key, row in _filled_in(file, rows, as_written["rows"].get(file, {})) if row.cells}
        for file, rows in given.items()
    }
    return Answers(cells, given, as_written["hashes"])


def _read_as_written(path: Path) -> dict[str, Any]:
    """Lost or spoilt, everything that is filled in counts as a person's."""
    try:
        found = json.loads(path.read_text("utf-8"))
        rows = {file: {key: dict(cells) for key, cells in of_file.items()} for file, of_file in found["rows"].items()}
        return {"rows": rows, "hashes": dict(found["hashes"])}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {"rows": {}, "hashes": {}}


def _given(folder: Path, file: str, faults: list[Fault], remarks: list[str]) -> dict[Key, BundleRow]:
    told: list[Fault] = []
    text = read_text(folder / file, told, remarks)
    rows: list[Record] = []
    if text is not None:
        table = read_table(file, text, Columns(KEYS[file], optional=ASKED[file]), told, [], may_be_empty=True)
        rows = [row for row, is_first in table.unique(*KEYS[file]) if is_first]
    name = f"{FOLDER}/{file}"
    faults.extend(Fault(name, fault.line, fault.reason, fault.remedy) for fault in told)
    return {
        key_of(file, row.cells): BundleRow(
            {column: row.cells[column] for column in row.cells if column not in row.left_out},
            SourceLine(name, row.line),
        )
        for row in rows
    }


def _filled_in(
    file: str, given: Mapping[Key, BundleRow], as_written: Mapping[str, Any]
) -> Iterator[tuple[Key, BundleRow]]:
    for key, row in given.items():
        before = as_written.get(_joined(key), {})
        cells = {
            column: text
            for column in ASKED[file]
            if column in row.cells and (text := row.cells[column]) != before.get(column, "")
        }
        yield key, BundleRow(cells, row.place)


def answered(rows: Rows, answers: Answers) -> Rows:
    """``rows`` with what people filled in over them, and the rows that they added."""
    found: Rows = {file: dict(of_file) for file, of_file in rows.items()}
    for file, given in answers.cells.items():
        of_file = found.setdefault(file, {})
        for key, row in given.items():
            if key in of_file:
                of_file[key] = BundleRow({**of_file[key].cells, **row.cells}, row.place)
            elif file in MAY_BE_ADDED:
                of_file[key] = BundleRow({**dict(zip(KEYS[file], key, strict=True)), **row.cells}, row.place)
    return found


def unknown_rows(rows: Rows, answers: Answers) -> Iterator[str]:
    """What a person wrote of something that no source has: it is kept, and used nowhere."""
    for file, given in answers.cells.items():
        for key, row in given.items():
            if file not in MAY_BE_ADDED and key not in rows.get(file, {}):
                yield f"{row.place.file}:{row.place.line}: {' '.join(key)} is in none of the files read; left alone."


def asked_files(known: Rows, merged: Rows, answers: Answers, hashes: Mapping[str, str]) -> dict[str, str]:
    """The files of the folder as they are written now, text by name; what people wrote of what is gone stays there."""
    files = {file: _asked_file(file, merged, answers) for file in ASKED}
    rows = {
        file: {
            _joined(key): _safe({column: row.cells.get(column, "") for column in columns})
            for key, row in known.get(file, {}).items()
        }
        for file, columns in ASKED.items()
    }
    return {**files, AS_WRITTEN: json.dumps({"rows": rows, "hashes": hashes}, ensure_ascii=False)}


def _asked_file(file: str, merged: Rows, answers: Answers) -> str:
    gone = {key: row for key, row in answers.cells.get(file, {}).items() if key not in merged.get(file, {})}
    columns = [*KEYS[file], *SHOWN.get(file, ()), *ASKED[file]]
    rows = [_safe({**row.cells, **_help(file, row.cells, merged)}) for row in merged.get(file, {}).values()]
    rows += [dict(answers.given[file][key].cells) for key in gone]
    return written(columns, rows)


def _help(file: str, cells: Cells, merged: Rows) -> Cells:
    """What the columns ``SHOWN`` say of a row."""
    contests = merged.get("contests.csv", {})
    if file == "councils.csv":
        own = (row.cells["seats_up"] for row in contests.values() if row.cells["council_id"] == cells["council_id"])
        return {"seats_up": str(sum(count_in(seats) or 0 for seats in own))}
    council = merged["councils.csv"].get((cells.get("council_id", ""),))
    party = merged["parties.csv"].get((cells.get("party_id", ""),))
    return {"council": council.cells["name"] if council else "", "party": party.cells["name"] if party else ""}


def _safe(cells: Cells) -> dict[str, str]:
    """As people open them: no name is a formula to their spreadsheet."""
    return {column: neutralised(text) for column, text in cells.items()}


def _joined(key: Key) -> str:
    return "\t".join(key)
