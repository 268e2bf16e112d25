"""Spreadsheets that somebody hands in (CSV, XLSX, ODS) as rows of text, read within bounds."""

import csv
import io
import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from app.bundles.spreadsheet_worker import MOST_CELLS, MOST_ROWS, TOLD, TOLD_TOO_LARGE

WORKER = Path(__file__).with_name("spreadsheet_worker.py")
LARGEST = 2 * 1024 * 1024
"""Bytes."""
LONGEST_SECONDS = 20.0

SAVE_AS = "save it as XLSX, ODS or CSV"

_PACKED, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SEPARATORS = ",;\t"


class NotASpreadsheet(Exception):
    """What cannot be read as rows; its message says what to do."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its name, empty in a CSV file, and its rows from the first on."""

    name: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class Spreadsheets:
    """Reads one at a time: whatever several persons hand in at once, memory is taken for one."""

    _turn: Lock = field(default_factory=Lock)

    def read(self, content: bytes) -> tuple[Sheet, ...]:
        """The sheets of a file, for a thread; raises NotASpreadsheet."""
        if content.startswith(_PACKED):
            with self._turn:
                return _read_apart(content)
        if content.startswith(_OLD_OFFICE):
            raise NotASpreadsheet(f"This is a workbook of an old kind, or one with a password: {SAVE_AS}.")
        return (Sheet("", _rows(_decoded(content))),)


def _read_apart(content: bytes) -> tuple[Sheet, ...]:
    try:
        done = subprocess.run(  # noqa: S603  # our own script
            [sys.executable, "-P", str(WORKER)],
            input=content,
            capture_output=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotASpreadsheet(TOLD_TOO_LARGE) from None
    if done.returncode == TOLD:
        raise NotASpreadsheet(done.stderr.decode())
    if done.returncode != 0:
        # Its limits have ended it.
        raise NotASpreadsheet(TOLD_TOO_LARGE)
    return tuple(Sheet(name, tuple(map(tuple, rows))) for name, rows in json.loads(done.stdout))


def _decoded(content: bytes) -> str:
    """Text in UTF-8, in UTF-16 with its mark, or in Windows-1252, which is what is left."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\0" in content:
        raise NotASpreadsheet(f"This is no spreadsheet: {SAVE_AS}.")
    else:
        encoding = "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _rows(text: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a CSV file, whatever separates its fields: what most lines have most of."""
    lines = [line for line in text.splitlines() if line.strip()][:50]
    separator = max(_SEPARATORS, key=lambda it: sum(it in line for line in lines))
    rows: list[tuple[str, ...]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append(tuple(cell.strip() for cell in row))
            cells += len(row)
            if len(rows) > MOST_ROWS or cells > MOST_CELLS:
                raise NotASpreadsheet(TOLD_TOO_LARGE)
    except csv.Error as error:
        raise NotASpreadsheet(f"This is no CSV file ({error}): {SAVE_AS}.") from None
    if not any(any(row) for row in rows):
        raise NotASpreadsheet("It is empty.")
    return tuple(rows)
