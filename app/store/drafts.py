"""Drafts: what somebody has typed and not handed in, as they typed it; and how long it took until they did."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from app.domain.subject import Subject
from app.store import keying_times
from app.store.tables import DRAFT

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """The content of a form, and when it was kept."""

    body: Mapping[str, Any]
    updated_at: datetime


def find(connection: Connection, slug: str, subject: Subject, person: str) -> Draft | None:
    """The draft of one person about one subject; one that makes no sense is none, and the next takes its place."""
    statement = select(DRAFT.c.body, DRAFT.c.updated_at).where(*_of(slug, subject, person))
    row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    try:
        return Draft(dict(json.loads(row.body)), datetime.fromisoformat(row.updated_at))
    except (TypeError, ValueError, RecursionError) as error:
        logger.error("The draft of %s about %s cannot be read: %s", person, " ".join(subject), error)  # noqa: TRY400
        return None


def subjects(connection: Connection, slug: str, person: str) -> list[Subject]:
    """What somebody has drafts about, the newest first."""
    statement = (
        select(DRAFT.c.subject_kind, DRAFT.c.subject_id)
        .where(DRAFT.c.slug == slug, DRAFT.c.staff_name == person)
        .order_by(DRAFT.c.updated_at.desc())
    )
    return [Subject(row.subject_kind, row.subject_id) for row in connection.execute(statement)]


class Begun(NamedTuple):
    """That somebody has a draft about a subject, kept last at that time; what is in it is theirs."""

    person: str
    subject: Subject
    at: datetime


def begun(connection: Connection, slug: str) -> list[Begun]:
    """Who has drafts about what, the newest first."""
    columns = (DRAFT.c.staff_name, DRAFT.c.subject_kind, DRAFT.c.subject_id, DRAFT.c.updated_at)
    rows = connection.execute(select(*columns).where(DRAFT.c.slug == slug).order_by(DRAFT.c.updated_at.desc()))
    return [Begun(person, Subject(kind, it), datetime.fromisoformat(at)) for person, kind, it, at in rows]


def keep(connection: Connection, slug: str, subject: Subject, person: str, body: Mapping[str, Any]) -> None:
    """Put ``body`` in the place of the draft that there is."""
    values = {"body": json.dumps(body), "updated_at": datetime.now(UTC).isoformat()}
    updated = connection.execute(update(DRAFT).where(*_of(slug, subject, person)).values(values))
    if updated.rowcount == 0:
        names = {"slug": slug, "subject_kind": subject.kind, "subject_id": subject.identity, "staff_name": person}
        connection.execute(insert(DRAFT), {**names, **values})
        keying_times.begin(connection, slug, subject, person)


def drop(connection: Connection, slug: str, subject: Subject, person: str) -> None:
    """Forget a draft, if there is one."""
    connection.execute(delete(DRAFT).where(*_of(slug, subject, person)))
    keying_times.forget(connection, slug, subject, person)


def hand_in(connection: Connection, slug: str, subject: Subject, person: str) -> None:
    """Forget a draft, if there is one, whose content was handed in: how long that took is kept."""
    if connection.execute(delete(DRAFT).where(*_of(slug, subject, person))).rowcount:
        keying_times.end(connection, slug, subject, person)


def _of(slug: str, subject: Subject, person: str) -> tuple[Any, ...]:
    return (
        DRAFT.c.slug == slug,
        DRAFT.c.subject_kind == subject.kind,
        DRAFT.c.subject_id == subject.identity,
        DRAFT.c.staff_name == person,
    )
