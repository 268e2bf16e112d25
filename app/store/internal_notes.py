"""Internal notes: lines that the desk writes for itself about a contest or a council. Readers never get any of them.

A note is never changed: it is struck out, and stays to be read as such.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, insert, select, update

from app.domain.subject import Subject
from app.store import audit
from app.store.audit import Actor, Kind
from app.store.tables import INTERNAL_NOTE
from app.store.times import kept_time, stored_time


@dataclass(frozen=True, slots=True)
class InternalNote:
    """A note about a contest, or where ``ballot_id`` is None about a council as a whole."""

    note_id: int
    council_id: str
    ballot_id: str | None
    at: datetime
    author: str
    content: str
    struck_at: datetime | None = None
    struck_by: str | None = None

    @property
    def subject(self) -> Subject:
        """The result or tally beside which it is shown."""
        return Subject.keyed(ballot_id=self.ballot_id, council_id=self.council_id)


def notes(connection: Connection, slug: str) -> list[InternalNote]:
    """Every note of an election, newest first, those that were struck out too."""
    statement = select(INTERNAL_NOTE).where(INTERNAL_NOTE.c.slug == slug)
    rows = connection.execute(statement.order_by(INTERNAL_NOTE.c.at.desc(), INTERNAL_NOTE.c.id.desc()))
    return [_note(row) for row in rows]


def write(  # what a note is, each by its name
    connection: Connection,
    slug: str,
    *,
    council_id: str,
    ballot_id: str | None,
    content: str,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> None:
    """Keeps a note, in the audit too; one whose form, which has the ``key``, was sent before is there already."""
    of_form = INTERNAL_NOTE.c.slug == slug, INTERNAL_NOTE.c.key == key
    if key is not None and connection.execute(select(INTERNAL_NOTE.c.id).where(*of_form)).first() is not None:
        return
    row = {
        "slug": slug,
        "council_id": council_id,
        "ballot_id": ballot_id,
        "at": stored_time(at),
        "author": by.who,
        "content": content,
        "key": key,
    }
    connection.execute(insert(INTERNAL_NOTE), row)
    subject = ballot_id or council_id
    audit.record(connection, Kind.INTERNAL_NOTE, by, subject=subject, slug=slug, details={"text": content})


def strike(connection: Connection, slug: str, note: InternalNote, *, by: Actor, now: datetime) -> bool:
    """Strikes a note out, in the audit too; False where it was struck out already."""
    open_one = INTERNAL_NOTE.c.id == note.note_id, INTERNAL_NOTE.c.struck_at.is_(None)
    values = {"struck_at": stored_time(now), "struck_by": by.who}
    if connection.execute(update(INTERNAL_NOTE).where(*open_one).values(values)).rowcount == 0:
        return False
    subject = note.ballot_id or note.council_id
    details = {"text": note.content, "author": note.author}
    audit.record(connection, Kind.NOTE_STRUCK_OUT, by, subject=subject, slug=slug, details=details)
    return True


def _note(row: Row[tuple[object, ...]]) -> InternalNote:
    at = datetime.fromisoformat(row.at)
    struck_at = kept_time(row.struck_at)
    return InternalNote(row.id, row.council_id, row.ballot_id, at, row.author, row.content, struck_at, row.struck_by)
