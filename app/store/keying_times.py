"""How long somebody keyed: from when their form was first kept with something in it until it was handed in.

Known of forms that are kept as they are typed, that is with JavaScript. Of others nothing is known, or guessed.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from app.domain.subject import Subject
from app.store.tables import KEYING_TIME


def begin(connection: Connection, slug: str, subject: Subject, person: str) -> None:
    """Somebody has begun to type."""
    forget(connection, slug, subject, person)
    row = {
        "slug": slug,
        "subject_kind": subject.kind,
        "subject_id": subject.identity,
        "person": person,
        "begun_at": datetime.now(UTC).isoformat(),
    }
    connection.execute(insert(KEYING_TIME), row)


def end(connection: Connection, slug: str, subject: Subject, person: str) -> None:
    """They have handed it in."""
    now = datetime.now(UTC).isoformat()
    connection.execute(update(KEYING_TIME).where(*_open(slug, subject, person)).values(sent_at=now))


def forget(connection: Connection, slug: str, subject: Subject, person: str) -> None:
    """They have not, and never will."""
    connection.execute(delete(KEYING_TIME).where(*_open(slug, subject, person)))


def seconds(connection: Connection, slug: str) -> dict[str, list[float]]:
    """By person, how many seconds each form took that was handed in."""
    columns = (KEYING_TIME.c.person, KEYING_TIME.c.begun_at, KEYING_TIME.c.sent_at)
    sent = select(*columns).where(KEYING_TIME.c.slug == slug, KEYING_TIME.c.sent_at.is_not(None))
    found: dict[str, list[float]] = {}
    for person, begun_at, sent_at in connection.execute(sent):
        took = datetime.fromisoformat(sent_at) - datetime.fromisoformat(begun_at)
        found.setdefault(person, []).append(took.total_seconds())
    return found


def _open(slug: str, subject: Subject, person: str) -> tuple[Any, ...]:
    return (
        KEYING_TIME.c.slug == slug,
        KEYING_TIME.c.subject_kind == subject.kind,
        KEYING_TIME.c.subject_id == subject.identity,
        KEYING_TIME.c.person == person,
        KEYING_TIME.c.sent_at.is_(None),
    )
