"""What was typed into the room's table, read as what is kept of a count: pure, and everything wrong at once."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.desk.entry.typed import CLOCK, Form, text
from app.domain.election import Election
from app.domain.letters import printable
from app.domain.times import OF_OUR_AGE, read_time
from app.store.room import NOTHING, Covered, RowKey

LONGEST = 200
LONGEST_NUMBER = 80
MOST_NUMBERS = 10
SEPARATOR = ";"
"""Stands between the telephone numbers of one count."""

FIELDS = ("covers", "telephones", "place", "expected")
"""What a council's row has; a contest's has ``expected`` alone."""

NO_TIME = "Type 03:30, +45 for so many minutes later, or 5 May 03:30."

_LATER = re.compile(r"\+\s*(?:(\d{1,2})[:h]\s*)?(\d{1,3})?\s*(?:min|m)?")
_DATED = re.compile(r"(\d{1,2}) ([a-z]{3,9})\.?(?: (\d{4}))?,? (.+)", re.IGNORECASE)
_DIGITS = re.compile(r"\D")


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A row as it was typed: what that means, or by field what is wrong with it."""

    key: RowKey
    typed: Mapping[str, str]
    was: str
    """The digest of what the row was drawn with."""
    means: Covered = NOTHING
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settled:
    """A table that was sent: what is to be kept, and the rows that need somebody first."""

    changes: Mapping[RowKey, Covered]
    wrong: tuple[TypedRow, ...]
    overtaken: tuple[TypedRow, ...]
    """Changed here and, since the table was drawn, by somebody else."""

    @property
    def open(self) -> Mapping[RowKey, TypedRow]:
        return {row.key: row for row in (*self.wrong, *self.overtaken)}


def field_name(key: RowKey, name: str) -> str:
    """``covers.council.medway``."""
    return f"{name}.{key.kind}.{key.identity}"


def bundled(election: Election, key: RowKey) -> datetime | None:
    """When a council or a contest is expected by the election's files."""
    if key.kind == "council":
        return election.council(key.identity).expected_at
    contest = election.contest(key.identity)
    return contest.expected_at or election.council(contest.council_id).expected_at


def typed_of(election: Election, covered: Covered) -> dict[str, str]:
    """What is kept, as it stands in the fields: read again it is the same."""
    return {
        "covers": covered.covers,
        "telephones": f"{SEPARATOR} ".join(covered.telephones),
        "place": covered.place,
        "expected": told_time(election, covered.moved) if covered.moved else "",
    }


def told_time(election: Election, at: datetime) -> str:
    """``5 May 03:30``; with its year where that is not the election's."""
    local = at.astimezone(election.zone)
    year = "" if local.year == election.polling_date.year else f" {local.year}"
    return f"{local.day} {local:%b}{year} {local:%H:%M}"


def settle(election: Election, form: Form, kept: Mapping[RowKey, Covered], *, now: datetime) -> Settled:
    """What comes of a table that was sent, as things are in ``kept`` by now. What nobody touched stays as it is."""
    changes: dict[RowKey, Covered] = {}
    wrong, overtaken = [], []
    for row in rows_of(election, form, kept, now=now):
        before = kept.get(row.key, NOTHING)
        if row.wrong:
            wrong.append(row)
        elif row.means.digest in {row.was, before.digest}:
            continue
        elif before.digest == row.was:
            changes[row.key] = row.means
        else:
            overtaken.append(row)
    return Settled(changes, tuple(wrong), tuple(overtaken))


def rows_of(election: Election, form: Form, kept: Mapping[RowKey, Covered], *, now: datetime) -> Iterator[TypedRow]:
    """Every row of the election that ``form`` has."""
    for key in keys_of(election):
        was = text(form, field_name(key, "was"))
        if was:
            names = FIELDS if key.kind == "council" else ("expected",)
            typed = {name: text(form, field_name(key, name)) for name in names}
            yield read_row(election, key, typed, was=was, before=kept.get(key, NOTHING), now=now)


def keys_of(election: Election) -> Iterator[RowKey]:
    """Every council, each before its contests."""
    for council in election.councils.values():
        yield RowKey("council", council.council_id)
        yield from (RowKey("contest", contest.ballot_id) for contest in council.contests)


def read_row(
    election: Election, key: RowKey, typed: Mapping[str, str], *, was: str, before: Covered, now: datetime
) -> TypedRow:
    """A row read. ``before`` is what is kept of it: from its time a later one is counted."""
    wrong: dict[str, str] = {}
    covers, place = (printable(typed.get(name, "")) for name in ("covers", "place"))
    wrong |= {name: f"{LONGEST} letters at most." for name in ("covers", "place") if len(typed.get(name, "")) > LONGEST}
    telephones = read_telephones(typed.get("telephones", ""))
    if telephones is None:
        wrong["telephones"] = f"A number each, {SEPARATOR} between them: {MOST_NUMBERS} at most."
    moved, loaded = None, bundled(election, key)
    if typed.get("expected"):
        moved = read_expected(typed["expected"], election, so_far=before.moved or loaded, now=now)
        if moved is None:
            wrong["expected"] = NO_TIME
    means = Covered(covers, telephones or (), place, None if moved == loaded else moved)
    return TypedRow(key, typed, was, NOTHING if wrong else means, wrong)


def read_telephones(typed: str) -> tuple[str, ...] | None:
    """The numbers, each with whatever else is said of it; None where one of them is none."""
    found = tuple(number for part in typed.split(SEPARATOR) if (number := printable(part)))
    are_numbers = all(len(_DIGITS.sub("", number)) >= 3 and len(number) <= LONGEST_NUMBER for number in found)
    return found if are_numbers and len(found) <= MOST_NUMBERS else None


def read_expected(typed: str, election: Election, *, so_far: datetime | None, now: datetime) -> datetime | None:
    """When something is expected who types ``typed``; None where that is no time.

    ``+45`` and ``+1:30`` are later than it was expected ``so_far``, or than ``now`` where that is over. A time of day
    is the next one from twelve hours ago on, and none before the polls close.
    """
    words = " ".join(typed.split())
    if later := _LATER.fullmatch(words):
        return _later(later, max(so_far or now, now))
    if CLOCK.fullmatch(words):
        return _next(words, election, max(election.polls_closed_at, now - timedelta(hours=12)))
    if dated := _DATED.fullmatch(words):
        return _dated(dated, election)
    return read_time(words, years=OF_OUR_AGE, zone=election.zone) if words[:4].isdigit() and "-" in words else None


def _later(later: re.Match[str], than: datetime) -> datetime | None:
    hours, minutes = (int(part or 0) for part in later.groups())
    if not hours and not minutes:
        return None
    return (than + timedelta(hours=hours, minutes=minutes)).replace(second=0, microsecond=0)


def _next(clock: str, election: Election, since: datetime) -> datetime:
    found = CLOCK.fullmatch(clock)
    assert found is not None  # whoever calls has looked
    local = since.astimezone(election.zone)
    at = local.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
    return at if at >= local else at + timedelta(days=1)


def _dated(dated: re.Match[str], election: Election) -> datetime | None:
    day, month, year, clock = dated.groups()
    found = CLOCK.fullmatch(clock)
    if found is None:
        return None
    try:
        on = datetime.strptime(f"{day} {month[:3]} {year or election.polling_date.year}", "%d %b %Y")  # noqa: DTZ007  # its zone follows
    except ValueError:
        return None
    return on.replace(hour=int(found[1]), minute=int(found[2]), tzinfo=election.zone)
