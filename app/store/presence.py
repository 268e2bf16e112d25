"""Presence: who is at the desk just now, and which form they have open. Who, and never what they type."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from app.domain.subject import Subject
from app.store.staff import Role
from app.store.tables import PRESENCE, STAFF

PRESENT = timedelta(minutes=3)
"""How long somebody counts as present after they were seen."""

SEEN_AGAIN = timedelta(minutes=1)
"""How often it is noted that somebody is where they were: every browser asks every few seconds."""

MOVED = timedelta(seconds=10)
"""How soon it is noted that somebody is elsewhere: with two forms side by side they are here and there in turn."""


class Present(NamedTuple):
    """Somebody at the desk; ``subject`` is of the form they have open, None on another page."""

    person: str
    role: Role
    subject: Subject | None
    seen_at: datetime


def present(connection: Connection, slug: str, *, now: datetime) -> list[Present]:
    """Who was seen within the last minutes, by name."""
    statement = (
        select(PRESENCE, STAFF.c.role)
        .join(STAFF, STAFF.c.name == PRESENCE.c.staff_name)
        .where(PRESENCE.c.slug == slug, STAFF.c.disabled_at.is_(None))
        .order_by(PRESENCE.c.staff_name)
    )
    found = [
        Present(
            row.staff_name,
            Role(row.role),
            Subject(row.subject_kind, row.subject_id) if row.subject_kind else None,
            datetime.fromisoformat(row.seen_at),
        )
        for row in connection.execute(statement)
    ]
    return [one for one in found if now - one.seen_at < PRESENT]


def is_news(before: Present | None, subject: Subject | None, *, now: datetime) -> bool:
    """Whether it has to be noted that somebody, who was seen as ``before``, is on ``subject`` now."""
    if before is None:
        return True
    return now - before.seen_at > (SEEN_AGAIN if before.subject == subject else MOVED)


def note(connection: Connection, slug: str, person: str, subject: Subject | None, *, now: datetime) -> None:
    """Note that ``person`` is here."""
    kind, identity = subject or ("", "")
    seen = {"subject_kind": kind, "subject_id": identity, "seen_at": now.isoformat()}
    of_them = (PRESENCE.c.slug == slug, PRESENCE.c.staff_name == person)
    if connection.execute(update(PRESENCE).where(*of_them).values(seen)).rowcount == 0:
        connection.execute(insert(PRESENCE), {"slug": slug, "staff_name": person, **seen})
