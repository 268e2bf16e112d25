"""Who keyed something else than was then declared without a check: they are told until they have seen it."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from app.domain.subject import Subject
from app.store.tables import OVERRULED


@dataclass(frozen=True, slots=True)
class Overruled:
    """What a person is told: entry ``seq`` is about ``subject``, and differs from theirs in so many fields."""

    seq: int
    subject: Subject
    differing: int


def tell(connection: Connection, slug: str, subject: Subject, person: str, *, seq: int, differing: int) -> None:
    """Have ``person`` told of the entry ``seq``, which was written in this transaction."""
    subject_of = {"subject_kind": subject.kind, "subject_id": subject.identity}
    row = {"slug": slug, "seq": seq, "person": person, "differing": differing, **subject_of}
    connection.execute(insert(OVERRULED), row)


def told_to(connection: Connection, slug: str, person: str) -> list[Overruled]:
    """What a person has not said yet to have seen, the newest first."""
    statement = (
        select(OVERRULED).where(OVERRULED.c.slug == slug, OVERRULED.c.person == person).order_by(OVERRULED.c.seq.desc())
    )
    rows = connection.execute(statement)
    return [Overruled(row.seq, Subject(row.subject_kind, row.subject_id), row.differing) for row in rows]


def seen(connection: Connection, slug: str, seq: int, person: str) -> None:
    """``person`` has seen it."""
    of_one = (OVERRULED.c.slug == slug, OVERRULED.c.seq == seq, OVERRULED.c.person == person)
    connection.execute(delete(OVERRULED).where(*of_one))
