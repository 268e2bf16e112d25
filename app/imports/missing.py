"""What nobody has said yet, in a few lines: how much of what, and in which file it is asked for."""

from collections.abc import Iterator

from app.imports.drafting import is_in_part
from app.imports.known import EVE
from app.imports.rows import Rows
from app.wording.figures import plural

UNTIL_THEN = "; until then control is told as if those up were all"


def missing(merged: Rows) -> Iterator[tuple[str, str]]:
    """The file of the folder ``asked`` and what is missing in it, what matters most first."""
    councils, contests = merged["councils.csv"], merged["contests.csv"]
    in_part = [key for key, row in councils.items() if is_in_part(key[0], row.cells, merged)]
    without_total = [key for key in in_part if not councils[key].cells.get("total_seats")]
    yield from _told("councils.csv", "total_seats of", without_total, "council", UNTIL_THEN)
    yield from _told("seats.csv", "the seats that are not up (continuing) of", in_part, "council")
    controls = merged.get("controls.csv", {})
    open_controls = [key for key, row in controls.items() if key[1] == EVE and not row.cells.get("control")]
    yield from _told("controls.csv", "who controlled, on the eve of poll,", open_controls, "council")
    for file, column, rows, one in (
        ("contests.csv", "seats_up", contests, "contest"),
        ("contests.csv", "holder", contests, "contest"),
        ("contests.csv", "electorate", contests, "contest"),
        ("parties.csv", "colour", merged["parties.csv"], "party"),
        ("councils.csv", "gss", councils, "council"),
        ("councils.csv", "expected_at", councils, "council"),
    ):
        without = [key for key, row in rows.items() if not row.cells.get(column)]
        yield from _told(file, f"{column} of", without, one)


def _told(
    file: str, what: str, missed: list[tuple[str, ...]], one: str, until_then: str = ""
) -> Iterator[tuple[str, str]]:
    if missed:
        yield file, f"{what} {plural(len(missed), one, 'parties' if one == 'party' else None)}{until_then}"
