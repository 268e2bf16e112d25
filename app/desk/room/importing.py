"""A CSV file of who covers which count, as what somebody would have typed into the table: nothing is kept by it yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.bundles.tables import Columns, Fault, Record, read_table
from app.desk.room.typed import TypedRow, read_row, typed_of
from app.domain.election import Election
from app.store.room import NOTHING, Covered, RowKey

FILE = "The file"

COLUMNS = Columns(("council_id",), ("ballot_id", "covers", "telephone", "place", "expected_at"))

_FIELD_OF = {"covers": "covers", "telephone": "telephones", "place": "place", "expected_at": "expected"}


@dataclass(frozen=True, slots=True)
class Imported:
    """The rows that the file changes, as typed; and what of it could not be used, by line."""

    rows: Mapping[RowKey, TypedRow]
    wrong: tuple[str, ...]


def imported(election: Election, text: str, kept: Mapping[RowKey, Covered], *, now: datetime) -> Imported:
    """What ``text`` would change. A column or a row that it does not have leaves alone what is kept."""
    faults: list[Fault] = []
    remarks: list[str] = []
    table = read_table(FILE, text.removeprefix("\ufeff"), COLUMNS, faults, remarks, may_be_empty=False)
    rows: dict[RowKey, TypedRow] = {}
    for record, is_first in table.unique("council_id", "ballot_id"):
        key = _key(election, record)
        if key is None or not is_first:
            continue
        before = kept.get(key, NOTHING)
        typed = {**typed_of(election, before), **_cells(record)}
        row = read_row(election, key, typed, was=before.digest, before=before, now=now)
        if row.wrong or row.means.digest != before.digest:
            rows[key] = row
    return Imported(rows, tuple(map(str, faults)))


def _key(election: Election, record: Record) -> RowKey | None:
    council_id, ballot_id = record.cells["council_id"], record.cells["ballot_id"]
    if council_id not in election.councils:
        record.refuse(f"there is no council_id “{council_id[:60]}”", "write it as in councils.csv")
        return None
    if not ballot_id:
        return RowKey("council", council_id)
    if ballot_id not in election.councils[council_id].contests_by_id:
        record.refuse(f"{council_id} has no ballot_id “{ballot_id[:60]}”", "write it as in contests.csv")
        return None
    return RowKey("contest", ballot_id)


def _cells(record: Record) -> dict[str, str]:
    """What the file says, by field of the table; a spreadsheet's mark before a + is none of it."""
    present = [column for column in _FIELD_OF if column not in record.left_out]
    return {_FIELD_OF[column]: record.cells[column].removeprefix("'") for column in present}
