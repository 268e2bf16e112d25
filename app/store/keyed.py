"""What waits for a second check: at most one open row a subject, kept when it is settled to tell who keyed what.

These belong into the transaction of the declaration that they lead to, after the log's head is locked.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, bindparam, insert, select, text, update

from app.domain.second_check import Disputed, Keyed, Keying, Waiting
from app.domain.subject import Subject
from app.store.log import canonical_json
from app.store.tables import ENTRY, KEYED, OPEN
from app.store.times import kept_time

logger = logging.getLogger(__name__)

# As its index has it, word for word: with bound values the index isn't used, and every declaration asks this.
_IS_OPEN = text(OPEN)
_OF_SUBJECT = and_(
    KEYED.c.slug == bindparam("of_slug"),
    KEYED.c.subject_kind == bindparam("of_kind"),
    KEYED.c.subject_id == bindparam("of_id"),
    _IS_OPEN,
)
_FIND = select(KEYED).where(_OF_SUBJECT)
# Built once: every declaration does this.
_DROP = (
    update(KEYED)
    .where(_OF_SUBJECT)
    .values(state="dropped")
    .returning(KEYED.c.author, KEYED.c.checker, KEYED.c.keyed_at)
)
_DECLARE = (
    update(KEYED)
    .where(_OF_SUBJECT)
    .values(state="declared", seq=bindparam("at_seq"), author=bindparam("by_author"), checker=bindparam("by_checker"))
)


class Dropped(NamedTuple):
    """What waited and was let go: who had keyed it (``checker`` otherwise than the author), and when, in ISO 8601."""

    author: str
    checker: str | None
    keyed_at: str


def waiting(connection: Connection, slug: str) -> list[Keyed]:
    """All that waits or is disputed, longest first. What makes no sense waits no more: it has to be keyed again."""
    statement = select(KEYED).where(KEYED.c.slug == slug, _IS_OPEN).order_by(KEYED.c.keyed_at, KEYED.c.id)
    found = [_readable(row) for row in connection.execute(statement)]
    return [keyed for keyed in found if keyed is not None]


class SettledDispute(NamedTuple):
    """What two had keyed differently at last, and what was declared then: bodies as they were posted."""

    subject: Subject
    author_body: Mapping[str, Any]
    checker_body: Mapping[str, Any]
    declared_body: Mapping[str, Any]


def settled_disputes(connection: Connection, slug: str) -> list[SettledDispute]:
    """Every dispute that was settled by two, in the order in which they were keyed."""
    of_entry = and_(ENTRY.c.slug == KEYED.c.slug, ENTRY.c.seq == KEYED.c.seq)
    columns = (KEYED.c.subject_kind, KEYED.c.subject_id, KEYED.c.body, KEYED.c.checked_body, ENTRY.c.body)
    statement = select(*columns).join(ENTRY, of_entry).order_by(KEYED.c.id)
    mine = KEYED.c.slug == slug, KEYED.c.state == "declared", KEYED.c.checked_body.is_not(None)
    rows = connection.execute(statement.where(*mine))
    return [SettledDispute(Subject(kind, it), *map(json.loads, bodies)) for kind, it, *bodies in rows]


def find(connection: Connection, slug: str, subject: Subject) -> Keyed | None:
    """What waits of one subject, where that makes sense."""
    row = connection.execute(_FIND, _named(slug, subject)).one_or_none()
    return None if row is None else _readable(row)


def begin(connection: Connection, slug: str, subject: Subject, keying: Keying, *, key: str | None) -> None:
    """Have the first keying of a subject wait. ``key`` is its idempotency key."""
    # Where something is there all the same it could not be read, and gives way.
    drop(connection, slug, subject)
    row = {
        "slug": slug,
        "subject_kind": subject.kind,
        "subject_id": subject.identity,
        "body": _stored(keying),
        "author": keying.person,
        "keyed_at": keying.at.isoformat(),
        "state": Waiting.state,
        "key": key,
    }
    connection.execute(insert(KEYED), row)


def keep(connection: Connection, slug: str, keyed: Keyed) -> None:
    """Put ``keyed`` in the place of what waits of its subject."""
    author, checker = keyed.author, keyed.checker
    values: dict[str, Any] = {"body": _stored(author), "keyed_at": author.at.isoformat(), "state": keyed.state}
    if checker is not None:
        values |= {
            "checker": checker.person,
            "checked_body": _stored(checker, keyed.beside if isinstance(keyed, Disputed) else ()),
            "checked_at": checker.at.isoformat(),
        }
    connection.execute(update(KEYED).where(_OF_SUBJECT).values(values), _named(slug, keyed.subject))


def settle(connection: Connection, slug: str, subject: Subject, *, seq: int, author: str, checker: str) -> None:
    """Note that what waited became the entry ``seq``, keyed by ``author`` and checked by ``checker``."""
    names = {"at_seq": seq, "by_author": author, "by_checker": checker}
    connection.execute(_DECLARE, {**_named(slug, subject), **names})


def drop(connection: Connection, slug: str, subject: Subject) -> Dropped | None:
    """Let go of what waits of a subject: it was taken back, or declared otherwise. None where nothing waited."""
    row = connection.execute(_DROP, _named(slug, subject)).one_or_none()
    return None if row is None else Dropped(*row)


def _named(slug: str, subject: Subject) -> Mapping[str, str]:
    return {"of_slug": slug, "of_kind": subject.kind, "of_id": subject.identity}


def _stored(keying: Keying, beside: Iterable[str] = ()) -> str:
    rest = {
        "confirm": sorted(keying.confirmed),
        "after": keying.after,
        **({"sent": keying.sent_at.isoformat()} if keying.sent_at is not None else {}),
        **({"beside": sorted(beside)} if beside else {}),
    }
    return canonical_json({**keying.body, **rest})


def _readable(row: Row[Any]) -> Keyed | None:
    try:
        return _keyed(row)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        about = f"{row.subject_kind} {row.subject_id} of “{row.slug}”"
        logger.error("What %s keyed of %s cannot be read; key it again: %r", row.author, about, error)  # noqa: TRY400
        return None


def _keyed(row: Row[Any]) -> Keyed:
    subject = Subject(row.subject_kind, row.subject_id)
    author = _keying(row.author, row.body, row.keyed_at)
    if row.checker is None:
        return Waiting(subject, author)
    beside = frozenset(json.loads(row.checked_body).get("beside", ()))
    return Disputed(subject, author, _keying(row.checker, row.checked_body, row.checked_at), beside)


def _keying(person: str, stored: str, at: str) -> Keying:
    body = {name: it for name, it in json.loads(stored).items() if name != "beside"}
    confirmed, after = frozenset(body.pop("confirm")), body.pop("after", None)
    return Keying(person, body, confirmed, datetime.fromisoformat(at), after, kept_time(body.pop("sent", None)))
