"""Declarations that wait at the desk before readers see them: kept until they are in the log, or undone.

These belong into a transaction in which the head of the log is locked, but for ``due`` and ``shown``.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, or_, select, text, update

from app.domain.subject import Subject
from app.store.log import canonical_json
from app.store.tables import HELD, HELD_OPEN, HOLD
from app.store.times import kept_time, stored_time

OPEN, DECLARED, UNDONE, REFUSED = "held", "declared", "undone", "refused"

TOLD_FOR = timedelta(minutes=30)
"""What could not be declared once its time was up is told for so long."""


@dataclass(frozen=True, slots=True)
class HeldDeclaration:
    """One that waits, or did; ``held_id`` is its number, 0 before it has one.

    ``posting`` is what goes into the log, ``form`` what ``maker`` typed, ``key`` and ``digest`` are the idempotency key
    and digest of the form as it was sent; ``told`` says what it will do, ``reason`` why it was refused.
    """

    held_id: int
    slug: str
    subject: Subject
    posting: Mapping[str, Any]
    form: Mapping[str, Any]
    maker: str
    key: str | None
    digest: str
    told: str
    due_at: datetime
    state: str = OPEN
    ended_at: datetime | None = None
    reason: str = ""


def seconds(connection: Connection, slug: str) -> int:
    """For how long a change of control waits; 0: it does not."""
    return connection.execute(select(HOLD.c.seconds).where(HOLD.c.slug == slug)).scalar_one_or_none() or 0


def set_seconds(connection: Connection, slug: str, number: int) -> None:
    """From now on it waits for ``number`` seconds."""
    changed = connection.execute(update(HOLD).where(HOLD.c.slug == slug).values(seconds=number))
    if changed.rowcount == 0:
        connection.execute(insert(HOLD), {"slug": slug, "seconds": number})


def begin(connection: Connection, new: HeldDeclaration, *, now: datetime) -> HeldDeclaration:
    """Have ``new`` wait under a number of its own; IntegrityError where something is held of its subject already."""
    row = {
        "slug": new.slug,
        "subject_kind": new.subject.kind,
        "subject_id": new.subject.identity,
        "posting": canonical_json(new.posting),
        "form": json.dumps(new.form),
        "maker": new.maker,
        "key": new.key,
        "digest": new.digest,
        "told": new.told,
        "held_at": stored_time(now),
        "due_at": stored_time(new.due_at),
        "state": OPEN,
    }
    connection.execute(insert(HELD), row)
    held = find(connection, new.slug, new.subject)
    assert held is not None  # it was written a moment ago
    return held


def find(connection: Connection, slug: str, subject: Subject) -> HeldDeclaration | None:
    """What is held of a subject just now."""
    of_subject = and_(HELD.c.subject_kind == subject.kind, HELD.c.subject_id == subject.identity)
    row = connection.execute(select(HELD).where(HELD.c.slug == slug, of_subject, text(HELD_OPEN))).one_or_none()
    return None if row is None else _held(row)


def get(connection: Connection, slug: str, held_id: int) -> HeldDeclaration | None:
    """The one under a number, whatever has become of it."""
    row = connection.execute(select(HELD).where(HELD.c.slug == slug, HELD.c.id == held_id)).one_or_none()
    return None if row is None else _held(row)


def shown(connection: Connection, slug: str, now: datetime) -> list[HeldDeclaration]:
    """All that is held, and what was refused lately: the first that is due first."""
    is_refused = and_(HELD.c.state == REFUSED, HELD.c.ended_at > stored_time(now - TOLD_FOR))
    statement = select(HELD).where(HELD.c.slug == slug, or_(text(HELD_OPEN), is_refused)).order_by(HELD.c.due_at)
    return [_held(row) for row in connection.execute(statement)]


def due(connection: Connection, now: datetime) -> list[tuple[str, int]]:
    """Slug and number of all whose time is up, the longest first."""
    is_due = and_(text(HELD_OPEN), HELD.c.due_at <= stored_time(now))
    statement = select(HELD.c.slug, HELD.c.id).where(is_due).order_by(HELD.c.due_at)
    return [(row.slug, row.id) for row in connection.execute(statement)]


def end(
    connection: Connection,
    held: HeldDeclaration,
    state: str,
    *,
    now: datetime,
    by: str | None = None,
    seq: int | None = None,
    reason: str | None = None,
) -> None:
    """It is held no more."""
    values = {"state": state, "seq": seq, "ended_at": stored_time(now), "ended_by": by, "reason": reason}
    connection.execute(update(HELD).where(HELD.c.id == held.held_id).values(values))


def _held(row: Row[Any]) -> HeldDeclaration:
    return HeldDeclaration(
        held_id=row.id,
        slug=row.slug,
        subject=Subject(row.subject_kind, row.subject_id),
        posting=json.loads(row.posting),
        form=json.loads(row.form),
        maker=row.maker,
        key=row.key,
        digest=row.digest,
        told=row.told,
        due_at=datetime.fromisoformat(row.due_at),
        state=row.state,
        ended_at=kept_time(row.ended_at),
        reason=row.reason or "",
    )
