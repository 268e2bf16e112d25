"""The room's table: who covers which count, from where, whom to phone, and when it is expected."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from jinja2 import Environment

from app.bundles.exporting import Cell, as_csv
from app.desk.addresses import desk_url
from app.desk.frame import DeskFrame
from app.desk.room.typed import FIELDS, TypedRow, bundled, field_name, told_time, typed_of
from app.domain.election import Council, Election
from app.pages.addresses import element_id
from app.pages.contest.view import by_ward
from app.pages.environment import rendering
from app.process.turns import Steps
from app.store.room import NOTHING, Covered, RowKey
from app.wording import sentences

COLUMNS = ("council_id", "ballot_id", "covers", "telephone", "place", "expected_at")
"""The columns of :func:`room_csv`, and of the file that is taken in; ``ballot_id`` only of a contest’s own time."""

_NUMBER = re.compile(r"\+?\d[\d ()./-]*\d")


@dataclass(frozen=True, slots=True)
class Telephone:
    """A number as it was typed, and as a link to phone it; empty where it cannot be one."""

    shown: str
    url: str


@dataclass(frozen=True, slots=True)
class RoomField:
    """A field of a row: its name, what stands in it, what it is called, and what is wrong with it."""

    name: str
    element: str
    value: str
    label: str
    wrong: str


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A row of the table, as it is kept or as it was typed.

    ``loaded`` is the time in the election's files; ``theirs`` is what somebody else made of the row meanwhile.
    """

    key: RowKey
    name: str
    url: str
    was: str
    was_name: str
    fields: Mapping[str, RoomField]
    telephones: tuple[Telephone, ...]
    loaded: str
    theirs: str = ""
    is_new: bool = False
    """What stands in its fields is not kept yet."""

    @property
    def is_contest(self) -> bool:
        return self.key.kind == "contest"


@dataclass(frozen=True, slots=True)
class TableSaid:
    """What is said above the table: of what was done, and of what needs somebody."""

    done: str = ""
    wrong: tuple[str, ...] = ()


LABELS = {"covers": "Who covers", "telephones": "Telephones", "place": "Place of the count", "expected": "Expected"}


def room_page(
    environment: Environment,
    election: Election,
    rows: Sequence[RoomRow],
    frame: DeskFrame,
    *,
    people: Collection[str],
    council: Council | None,
    told: TableSaid,
) -> Steps[str]:
    """The table; of one ``council`` alone with all of its contests. ``people`` are the accounts of the desk."""
    values = {
        "frame": frame,
        "election": election,
        "rows": rows,
        "people": sorted(people, key=str.casefold),
        "council": council,
        "told": told,
        "labels": LABELS,
        "room_url": room_url(election),
    }
    return (yield from rendering(environment, "desk/room/room.html", values))


def room_url(election: Election, page: str = "") -> str:
    """The room, or one of its pages."""
    return f"{desk_url(election)}/room{f'/{page}' if page else ''}"


def table_rows(
    election: Election,
    kept: Mapping[RowKey, Covered],
    typed: Mapping[RowKey, TypedRow] | None = None,
    *,
    council: Council | None = None,
) -> list[RoomRow]:
    """The rows of the table: every council with those of its contests that have a time of their own.

    Of one ``council`` every contest. ``typed`` are rows that were typed, and stand as they were.
    """
    typed = typed or {}
    councils = [council] if council is not None else election.councils.values()
    keys = (key for one in councils for key in _keys_of(one, kept, typed, every=council is not None))
    return [_row(election, key, kept.get(key, NOTHING), typed.get(key)) for key in keys]


def _keys_of(
    council: Council, kept: Mapping[RowKey, Covered], typed: Mapping[RowKey, TypedRow], *, every: bool
) -> Iterator[RowKey]:
    yield RowKey("council", council.council_id)
    for contest in by_ward(council.contests):
        key = RowKey("contest", contest.ballot_id)
        if every or key in kept or key in typed or contest.expected_at is not None:
            yield key


def _row(election: Election, key: RowKey, kept: Covered, typed: TypedRow | None) -> RoomRow:
    values = typed.typed if typed is not None else typed_of(election, kept)
    wrong = typed.wrong if typed is not None else {}
    name, council = _named(election, key)
    names = FIELDS if key.kind == "council" else ("expected",)
    fields = {
        each: RoomField(
            name=field_name(key, each),
            element=element_id(f"room-{each}", f"{key.kind}.{key.identity}"),
            value=values.get(each, ""),
            label=f"{LABELS[each]}: {name}",
            wrong=wrong.get(each, ""),
        )
        for each in names
    }
    loaded = bundled(election, key)
    is_overtaken = typed is not None and not wrong and typed.was != kept.digest
    return RoomRow(
        key=key,
        name=name,
        url=f"{room_url(election)}?council={council.council_id}",
        was=kept.digest,
        was_name=field_name(key, "was"),
        fields=fields,
        telephones=telephones(kept.telephones),
        loaded=told_time(election, loaded) if loaded else "",
        theirs=_theirs(election, kept) if is_overtaken else "",
        is_new=typed is not None,
    )


def _named(election: Election, key: RowKey) -> tuple[str, Council]:
    if key.kind == "council":
        council = election.council(key.identity)
        return council.name, council
    contest = election.contest(key.identity)
    council = election.council(contest.council_id)
    return f"{contest.name}, {council.name}", council


def _theirs(election: Election, kept: Covered) -> str:
    """``eve changed this at 23:10 BST, to: Jo; 01632 960001``."""
    who, at = kept.changed or ("somebody", None)
    when = f" at {sentences.clock(election, at)}" if at else ""
    content = [value for value in typed_of(election, kept).values() if value]
    return f"{who} changed this{when}, to: {' · '.join(content) or 'nothing'}."


def telephones(numbers: Iterable[str]) -> tuple[Telephone, ...]:
    """Each as it was typed, and as ``tel:`` has it: ``+44 (0)1632 960001`` is ``tel:+441632960001``."""
    return tuple(Telephone(number, _tel(number)) for number in numbers)


def _tel(number: str) -> str:
    found = _NUMBER.search(number)
    if found is None:
        return ""
    dialled = found[0].replace("(0)", "") if found[0].startswith("+") else found[0]
    return "tel:" + re.sub(r"[^\d+]", "", dialled)


def room_csv(election: Election, kept: Mapping[RowKey, Covered], *, rehearsal: bool) -> str:
    """The table as CSV with ``COLUMNS``, which :func:`app.desk.room.importing.imported` takes in again."""
    return as_csv(COLUMNS, _csv_rows(election, kept), rehearsal=rehearsal)


def _csv_rows(election: Election, kept: Mapping[RowKey, Covered]) -> Iterator[Mapping[str, Cell]]:
    for row in table_rows(election, kept):
        covered = kept.get(row.key, NOTHING)
        typed = typed_of(election, covered)
        at = covered.moved or bundled(election, row.key)
        is_council = row.key.kind == "council"
        contest = None if is_council else election.contest(row.key.identity)
        yield {
            "council_id": row.key.identity if contest is None else contest.council_id,
            "ballot_id": contest.ballot_id if contest is not None else None,
            "covers": typed["covers"] or None,
            "telephone": typed["telephones"] or None,
            "place": typed["place"] or None,
            "expected_at": at.astimezone(election.zone).isoformat(timespec="minutes") if at else None,
        }
