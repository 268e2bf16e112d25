"""Who has seen what others keyed, or in how much theirs is otherwise: what they key afterwards is no blind check."""

from typing import Any

from sqlalchemy import Connection, delete, insert, select

from app.domain.names import is_same_person
from app.domain.subject import Subject
from app.store.tables import VERSIONS_SEEN


def see(connection: Connection, slug: str, subject: Subject, person: str) -> None:
    """Note that ``person`` is shown both."""
    if not has_seen(connection, slug, subject, person):
        row = {"slug": slug, "subject_kind": subject.kind, "subject_id": subject.identity, "person": person}
        connection.execute(insert(VERSIONS_SEEN), row)


def has_seen(connection: Connection, slug: str, subject: Subject, person: str) -> bool:
    """Whether ``person`` was shown both since something of the subject was declared last."""
    found = connection.scalars(select(VERSIONS_SEEN.c.person).where(*_of(slug, subject)))
    return any(is_same_person(name, person) for name in found)


def seen_by(connection: Connection, slug: str, person: str) -> frozenset[Subject]:
    """All of which ``person`` was shown both since something of it was declared last."""
    kept = connection.execute(select(VERSIONS_SEEN).where(VERSIONS_SEEN.c.slug == slug))
    return frozenset(Subject(row.subject_kind, row.subject_id) for row in kept if is_same_person(row.person, person))


def forget(connection: Connection, slug: str, subject: Subject) -> None:
    """It is declared: what is keyed of it from now on is something else."""
    connection.execute(delete(VERSIONS_SEEN).where(*_of(slug, subject)))


def _of(slug: str, subject: Subject) -> tuple[Any, ...]:
    return (
        VERSIONS_SEEN.c.slug == slug,
        VERSIONS_SEEN.c.subject_kind == subject.kind,
        VERSIONS_SEEN.c.subject_id == subject.identity,
    )
