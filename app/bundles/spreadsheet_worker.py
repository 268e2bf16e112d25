"""Reads a spreadsheet (XLSX, ODS) from standard input into JSON on standard output: a process by itself.

A few kilobytes can claim to be a table of a million columns, or unpack to gigabytes. Here that hurts nobody: memory and
time have limits of their own, and what is over them ends this process alone. Answers ``[[name, [[cell, …], …]], …]``,
or a line on standard error for people and exit code TOLD.
"""

import io
import json
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from typing import BinaryIO, TextIO

from python_calamine import CalamineError, SheetVisibleEnum, load_workbook

if sys.platform != "win32":
    import resource

TOLD = 3
"""No exit code of Python's own."""
MOST_MEMORY = 768 * 1024 * 1024
MOST_SECONDS = 10
"""Of a processor."""
MOST_UNPACKED = 32 * 1024 * 1024
"""Bytes of all that is packed in the file."""
MOST_SHEETS = 100
MOST_ROWS = 5_000
"""Of all sheets together; no council has as many candidates."""
MOST_CELLS = 100_000

TOLD_TOO_LARGE = (
    f"It has more than {MOST_ROWS:,} rows or {MOST_CELLS:,} cells: take out what is no result, or make several files."
)
Cell = int | float | str | bool | time | date | datetime | timedelta


class TooLarge(Exception):
    """More than any council's results are."""


def unpacked(content: bytes) -> io.BytesIO:
    """The same archive with nothing packed: whatever it says of its sizes, this is all that there is."""
    kept, size = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as plain:
        for entry in packed.infolist():
            size += entry.file_size
            if size > MOST_UNPACKED:
                raise TooLarge
            # Never more is read than it says.
            plain.writestr(entry.filename, packed.read(entry))
    kept.seek(0)
    return kept


def sheets(content: bytes) -> list[tuple[str, list[list[str]]]]:
    """Every visible sheet with its name: its rows from the first on, its cells as text."""
    workbook = load_workbook(unpacked(content))
    names = [it.name for it in workbook.sheets_metadata if it.visible is SheetVisibleEnum.Visible]
    found: list[tuple[str, list[list[str]]]] = []
    rows = cells = 0
    for name in names[: MOST_SHEETS + 1]:
        table = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        rows, cells = rows + len(table), cells + sum(map(len, table))
        if rows > MOST_ROWS or cells > MOST_CELLS or len(found) == MOST_SHEETS:
            raise TooLarge
        found.append((name, [[text(cell) for cell in row] for row in table]))
    return found


def text(cell: Cell) -> str:
    """A cell as it would be written: a whole number without a point."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.10g}"
    return str(cell).strip()


def main(incoming: BinaryIO, outgoing: TextIO, errors: TextIO) -> int:
    """0, or TOLD where it could not be read."""
    try:
        json.dump(sheets(incoming.read()), outgoing)
    except (TooLarge, MemoryError):
        errors.write(TOLD_TOO_LARGE)
    except (CalamineError, zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        # RuntimeError and NotImplementedError: an archive with a password, or packed in some way of its own.
        errors.write("It is neither an XLSX nor an ODS that can be read: save it once more, without a password.")
    else:
        return 0
    return TOLD


if __name__ == "__main__":
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main(sys.stdin.buffer, sys.stdout, sys.stderr))
