"""How the room is run: who covers which count, times that the desk moved, calls, and the note for the next shift.

None of it is a declaration, none of it is ever public. What is changed is audited in the same transaction: that it was,
by whom, and the times; never a telephone number, which has to be gone once it is deleted.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, func, insert, select, update

from app.domain.expected import MovedTimes
from app.store import audit, log
from app.store.audit import Actor, Kind
from app.store.log import canonical_json
from app.store.tables import CALL_NOTE, COVER, HANDOVER, MOVED_TIME

RowKind = Literal["council", "contest"]


class RowKey(NamedTuple):
    """A row of the room's table: a council, or a contest with a time of its own."""

    kind: RowKind
    identity: str


@dataclass(frozen=True, slots=True)
class Covered:
    """What the desk keeps of a count: of a contest the moved time alone. ``changed`` says who changed it last, when."""

    covers: str = ""
    telephones: tuple[str, ...] = ()
    place: str = ""
    moved: datetime | None = None
    changed: tuple[str, datetime] | None = None

    @property
    def digest(self) -> str:
        """The same for the same content, whoever wrote it: tells whether somebody else has changed it meanwhile."""
        at = self.moved.astimezone(UTC).isoformat() if self.moved else None
        return sha256(canonical_json([self.covers, self.telephones, self.place, at]).encode()).hexdigest()[:16]


NOTHING = Covered()


def covered(connection: Connection, slug: str) -> dict[RowKey, Covered]:
    """All that is kept, by council and contest; nothing of those of which nothing is."""
    found: dict[RowKey, Covered] = {}
    for row in connection.execute(select(COVER).where(COVER.c.slug == slug)):
        changed = row.changed_by, datetime.fromisoformat(row.changed_at)
        telephones = tuple(json.loads(row.telephones))
        found[RowKey("council", row.council_id)] = Covered(row.covers, telephones, row.place, changed=changed)
    for row in connection.execute(select(MOVED_TIME).where(MOVED_TIME.c.slug == slug)):
        key, changed = (
            RowKey(row.subject_kind, row.subject_id),
            (row.changed_by, datetime.fromisoformat(row.changed_at)),
        )
        before = found.get(key, NOTHING)
        newest = max(changed, before.changed, key=lambda it: it[1]) if before.changed else changed
        found[key] = replace(before, moved=datetime.fromisoformat(row.expected_at), changed=newest)
    return found


def moved_times(connection: Connection, slug: str) -> MovedTimes:
    """Every time that the desk moved."""
    columns = (MOVED_TIME.c.subject_kind, MOVED_TIME.c.subject_id, MOVED_TIME.c.expected_at)
    by_kind: dict[str, dict[str, datetime]] = {"council": {}, "contest": {}}
    for kind, identity, at in connection.execute(select(*columns).where(MOVED_TIME.c.slug == slug)):
        by_kind[kind][identity] = datetime.fromisoformat(at)
    return MovedTimes(by_kind["council"], by_kind["contest"])


def keep(connection: Connection, slug: str, key: RowKey, now: Covered, *, before: Covered, by: Actor) -> None:
    """Put ``now`` in the place of ``before``, which is what this transaction has read."""
    fields = [name for name in ("covers", "telephones", "place") if getattr(now, name) != getattr(before, name)]
    if fields:
        values = {"covers": now.covers, "place": now.place, "telephones": canonical_json(now.telephones)}
        _put(connection, COVER, {"slug": slug, "council_id": key.identity}, by, values)
        details = {"fields": fields}
        audit.record(connection, Kind.COVER_CHANGED, by, subject=key.identity, slug=slug, details=details)
    if now.moved != before.moved:
        move(connection, slug, key, now.moved, before=before.moved, by=by)


def move(
    connection: Connection, slug: str, key: RowKey, at: datetime | None, *, before: datetime | None, by: Actor
) -> None:
    """Expect a council or a contest at another time; None goes back to the time in the election's files."""
    row = {"slug": slug, "subject_kind": key.kind, "subject_id": key.identity}
    if at is None:
        connection.execute(delete(MOVED_TIME).where(*_named(MOVED_TIME, row)))
    else:
        _put(connection, MOVED_TIME, row, by, {"expected_at": at.astimezone(UTC).isoformat()})
    details = {name: time.astimezone(UTC).isoformat() if time else None for name, time in _both(before, at)}
    audit.record(connection, Kind.TIME_MOVED, by, subject=key.identity, slug=slug, details=details)


def forget_telephones(connection: Connection, slug: str, *, by: Actor) -> int:
    """Delete every telephone number of an election, and how many counts had some; UnknownElection."""
    log.lock(connection, slug)
    kept = COVER.c.slug == slug, COVER.c.telephones != "[]"
    number = connection.execute(update(COVER).where(*kept).values(telephones="[]")).rowcount
    audit.record(connection, Kind.TELEPHONES_FORGOTTEN, by, slug=slug, details={"councils": number})
    return number


# Calls


@dataclass(frozen=True, slots=True)
class Call:
    """What a call to the count of a council brought; ``expected_at`` is the time that it moved the council to."""

    council_id: str
    at: datetime
    author: str
    said: str
    expected_at: datetime | None = None


def note_call(connection: Connection, slug: str, call: Call, *, key: str, by: Actor) -> bool:
    """Keep what a call brought, and expect the council when it says; False where it was kept under ``key`` already."""
    log.lock(connection, slug)
    used = select(CALL_NOTE.c.id).where(CALL_NOTE.c.slug == slug, CALL_NOTE.c.key == key)
    if connection.execute(used).first() is not None:
        return False
    at = call.expected_at.astimezone(UTC).isoformat() if call.expected_at else None
    row = {
        "slug": slug,
        "council_id": call.council_id,
        "at": call.at.isoformat(),
        "author": call.author,
        "said": call.said,
        "expected_at": at,
        "key": key,
    }
    connection.execute(insert(CALL_NOTE), row)
    audit.record(connection, Kind.CALLED, by, subject=call.council_id, slug=slug)
    if call.expected_at is not None:
        council = RowKey("council", call.council_id)
        before = covered(connection, slug).get(council, NOTHING).moved
        move(connection, slug, council, call.expected_at, before=before, by=by)
    return True


def last_calls(connection: Connection, slug: str) -> Mapping[str, Call]:
    """The last call to each council's count, by council_id."""
    newest = select(func.max(CALL_NOTE.c.id)).where(CALL_NOTE.c.slug == slug).group_by(CALL_NOTE.c.council_id)
    found = connection.execute(select(CALL_NOTE).where(CALL_NOTE.c.id.in_(newest)))
    return {row.council_id: _call(row) for row in found}


def _call(row: Row[Any]) -> Call:
    moved_to = datetime.fromisoformat(row.expected_at) if row.expected_at else None
    return Call(row.council_id, datetime.fromisoformat(row.at), row.author, row.said, moved_to)


# The note for the next shift


@dataclass(frozen=True, slots=True)
class Handover:
    """A version of the note; version 0 is the empty one before the first."""

    version: int = 0
    note: str = ""
    author: str = ""
    at: datetime | None = None


def handovers(connection: Connection, slug: str) -> list[Handover]:
    """Every version, newest first."""
    statement = select(HANDOVER).where(HANDOVER.c.slug == slug).order_by(HANDOVER.c.version.desc())
    rows = connection.execute(statement)
    return [Handover(row.version, row.note, row.author, datetime.fromisoformat(row.at)) for row in rows]


def write_handover(connection: Connection, slug: str, note: str, *, after: int, by: Actor) -> Handover | None:
    """Another version, written on the one with the number ``after``.

    None where somebody has written one since, which is then left as it is; the same note again is what it was.
    """
    log.lock(connection, slug)
    newest = next(iter(handovers(connection, slug)), Handover())
    if note == newest.note:
        return newest
    if newest.version != after:
        return None
    now = datetime.now(UTC)
    made = Handover(after + 1, note, by.who, now)
    row = {"slug": slug, "version": made.version, "at": now.isoformat(), "author": by.who, "note": note}
    connection.execute(insert(HANDOVER), row)
    details = {"version": made.version}
    audit.record(connection, Kind.HANDOVER_WRITTEN, by, slug=slug, details=details)
    return made


def _put(connection: Connection, table: Table, key: Mapping[str, str], by: Actor, values: Mapping[str, str]) -> None:
    """A row in the place of the one with this key, if there is one."""
    stamped = {**values, "changed_by": by.who, "changed_at": datetime.now(UTC).isoformat()}
    if connection.execute(update(table).where(*_named(table, key)).values(stamped)).rowcount == 0:
        connection.execute(insert(table), {**key, **stamped})


def _named(table: Table, key: Mapping[str, str]) -> list[ColumnElement[bool]]:
    return [table.c[name] == value for name, value in key.items()]


def _both(before: datetime | None, after: datetime | None) -> tuple[tuple[str, datetime | None], ...]:
    return ("before", before), ("after", after)
