"""An election bundle of what is known and what people filled in, with what stands where nobody knows better."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from app.bundles.head import CONTINUING
from app.bundles.remarks import IN_PART
from app.domain.election import BY_ELECTION_ID, Cancellation, Election
from app.imports.figures import count_in
from app.imports.polls import Poll
from app.imports.rows import BundleRow, Cells, Key, Rows
from app.wording.figures import day

ZONE = "Europe/London"
CONVENTIONS = """\
convention = "bbc"

[conventions.bbc]
label = "BBC: seats against the last time they were contested"
control = ["eve"]
seats = ["notional", "last"]

[conventions.pa]
label = "PA: everything against the eve of poll"
control = ["eve"]
seats = ["eve"]
"""
CONSTITUENCIES = """
[words]
contest = "constituency"
contests = "constituencies"
"""


class Title(NamedTuple):
    """What the election is called."""

    slug: str
    name: str
    polling_date: date


def head(title: Title, polls: Sequence[Poll], last: Election | None) -> str:
    """``election.toml``; conventions, words and time zone are those of ``last`` time, where that is given."""
    kinds = {poll.ballot_id.partition(".")[0] for poll in polls}
    kind = kinds.pop() if len(kinds) == 1 else "local"
    name = title.name or f"Elections of {day(title.polling_date)}"
    lines = [
        f"slug = {_quoted(title.slug)}",
        f'id = "{kind}.{title.polling_date}"',
        f"name = {_quoted(name)}",
        f"polling_date = {title.polling_date}",
        f"timezone = {_quoted(last.timezone if last else ZONE)}",
    ]
    if last is not None:
        return "\n".join([*lines, *_as_last_time(last)])
    return "\n".join([*lines, CONVENTIONS]) + (CONSTITUENCIES if kind == "parl" else "")


def _as_last_time(last: Election) -> Iterator[str]:
    yield f"convention = {_quoted(last.convention)}"
    yield f'polls_close = "{last.polls_close:%H:%M}"'
    for key, convention in last.conventions.items():
        yield f"\n[conventions.{key}]\nlabel = {_quoted(convention.label)}"
        yield f"control = [{', '.join(map(_quoted, convention.control))}]"
        yield f"seats = [{', '.join(map(_quoted, convention.seats))}]"
    yield "\n[words]"
    for name in ("body", "bodies", "contest", "contests", "seat", "seats"):
        yield f"{name} = {_quoted(getattr(last.words, name))}"
    yield ""


def _quoted(text: str) -> str:
    r"""A string of TOML: ``"`` and ``\`` are all that has to be escaped in one line."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def completed(merged: Rows, polls: Sequence[Poll]) -> Rows:
    """The rows of the bundle: those that nobody filled in left out, and cells that may not be empty filled."""
    found: Rows = {file: dict(rows) for file, rows in merged.items()}
    for file, column in (("seats.csv", "seats"), ("controls.csv", "control"), ("history.csv", "control")):
        found[file] = {key: row for key, row in merged.get(file, {}).items() if row.cells.get(column)}
    by_id = {poll.ballot_id: poll for poll in polls}
    found["contests.csv"] = {
        key: row_with(row, _contest(row.cells, by_id[row.cells["ballot_id"]]))
        for key, row in merged["contests.csv"].items()
    }
    found["councils.csv"] = {
        key: row_with(row, _council(key, row.cells, found)) for key, row in merged["councils.csv"].items()
    }
    return found


def row_with(row: BundleRow, cells: Cells) -> BundleRow:
    """The row with ``cells`` over its own."""
    return BundleRow({**row.cells, **cells}, row.place)


def _contest(cells: Cells, poll: Poll) -> Cells:
    seats_up = cells["seats_up"] or str(max(len(poll.elected), 1))
    cancelled = cells.get("cancelled", "")
    if poll.was_cancelled and not cancelled:
        cancelled = cancellation(len(poll.candidates), count_in(seats_up) or 0)
    return {"seats_up": seats_up, "cancelled": cancelled}


def cancellation(candidates: int, seats_up: int) -> Cancellation:
    """Why there was no poll, where a file does not say it: too few stood, or it was put off."""
    if candidates > seats_up:
        return Cancellation.POSTPONED
    if candidates == 0:
        return Cancellation.NO_CANDIDATES
    return Cancellation.EQUAL_CANDIDATES if candidates == seats_up else Cancellation.UNDER_CONTESTED


def _council(key: Key, cells: Cells, rows: Rows) -> Cells:
    up, stay = seats_up(key[0], rows), continuing(key[0], rows)
    total = cells.get("total_seats", "")
    found = {"total_seats": total or str(up + stay)}
    if is_in_part(key[0], cells, rows) and not cells.get("note"):
        found["note"] = IN_PART
    return found


def is_in_part(council_id: str, cells: Cells, rows: Rows) -> bool:
    """Whether nobody has said what seats there are beside those that are up, in a council of the night."""
    contests = [key for key, row in rows["contests.csv"].items() if row.cells["council_id"] == council_id]
    if cells.get("cycle") in {"single", "by"} or all(BY_ELECTION_ID in ballot_id for (ballot_id,) in contests):
        return False
    total, up = cells.get("total_seats", ""), seats_up(council_id, rows)
    return not total or (total != str(up) and not continuing(council_id, rows))


def seats_up(council_id: str, rows: Rows) -> int:
    """The seats that are up in a council."""
    own = (row.cells["seats_up"] for row in rows["contests.csv"].values() if row.cells["council_id"] == council_id)
    return sum(count_in(seats) or 0 for seats in own)


def continuing(council_id: str, rows: Rows) -> int:
    """The seats that are not up."""
    staying = (
        row.cells.get("seats", "")
        for key, row in rows.get("seats.csv", {}).items()
        if key[:2] == (council_id, CONTINUING)
    )
    return sum(count_in(seats) or 0 for seats in staying)


def lines_of(rows: Mapping[Key, BundleRow]) -> dict[int, BundleRow]:
    """By the line that each row begins on in its file, below the header."""
    found, line = {}, 2
    for row in rows.values():
        found[line] = row
        line += 1 + sum(cell.count("\n") for cell in row.cells.values())
    return found
