"""Answers given before, so that the same post under the same key is the same declaration.

``recall`` and ``remember`` belong into the transaction of the declaration itself. Two processes that get the same key
at once both recall nothing; the one that comes second fails in ``remember`` with SQLAlchemy's IntegrityError, and finds
the answer once it starts over (``Writer`` runs such a job again by itself).
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from app.store.errors import UnreadableAnswer
from app.store.tables import IDEMPOTENCY

_RECALL = select(IDEMPOTENCY.c.body_hash, IDEMPOTENCY.c.status, IDEMPOTENCY.c.answer).where(
    IDEMPOTENCY.c.slug == bindparam("of_slug"), IDEMPOTENCY.c.key == bindparam("of_key")
)
_ANSWERS = select(IDEMPOTENCY.c.key, IDEMPOTENCY.c.answer).where(IDEMPOTENCY.c.slug == bindparam("of_slug"))
_REMEMBER = insert(IDEMPOTENCY)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a post with ``body_hash`` was answered: the HTTP ``status`` and the JSON text of the ``answer``."""

    body_hash: str
    status: int
    answer: str


def recall(connection: Connection, slug: str, key: str) -> Remembered | None:
    """What the post under ``key`` was answered; None for a key that is free.

    Raises UnreadableAnswer where that is not an answer any more: the key is not free for that.
    """
    row = connection.execute(_RECALL, {"of_slug": slug, "of_key": key}).one_or_none()
    if row is None:
        return None
    remembered = Remembered(*row)
    if _told(remembered.answer) is None:
        raise UnreadableAnswer(key)
    return remembered


def forget(connection: Connection, slug: str, key: str) -> None:
    """Frees a key."""
    connection.execute(delete(IDEMPOTENCY).where(IDEMPOTENCY.c.slug == slug, IDEMPOTENCY.c.key == key))


def forget_entry(connection: Connection, slug: str, seq: int) -> None:
    """Frees the keys that were answered with the entry ``seq``."""
    for key, answer in connection.execute(_ANSWERS, {"of_slug": slug}).all():
        if (_told(answer) or {}).get("seq") == seq:
            forget(connection, slug, key)


def remember(connection: Connection, slug: str, key: str, *, body_hash: str, status: int, answer: str) -> None:
    """Keeps an answer under a key that is free; IntegrityError where it is not."""
    row = {"slug": slug, "key": key, "body_hash": body_hash, "status": status, "answer": answer}
    connection.execute(_REMEMBER, row)


def _told(answer: str) -> dict[str, Any] | None:
    """What an answer says; None for one that cannot be read any more."""
    try:
        told = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None
