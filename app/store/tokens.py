"""API tokens. A token is shown once, when it is made; the database keeps its SHA-256."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from app.store.errors import TokenRefused
from app.store.tables import TOKEN

LONGEST_NAME = 60


class Scope(StrEnum):
    """What a token may do: declare, or key declarations for a second check."""

    DECLARE = "declare"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was given out. ``name`` says to whom; it need not be unique."""

    token_id: int
    name: str
    scope: Scope
    created_at: datetime
    revoked_at: datetime | None


def add_token(connection: Connection, name: str, scope: str) -> str:
    """Makes a token of 43 characters (``A–Z a–z 0–9 _ -``) and returns it: nothing can show it again.

    TokenRefused where the name, which stands in the log for ever, is none.
    """
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable() or scope not in set(Scope):
        raise TokenRefused(f"A token needs a name of up to {LONGEST_NAME} characters, and what it may do.")
    token = secrets.token_urlsafe(32)
    connection.execute(
        insert(TOKEN),
        {"name": name, "scope": Scope(scope), "token_hash": _hash(token), "created_at": datetime.now(UTC).isoformat()},
    )
    return token


def find_token(connection: Connection, token: str) -> Token | None:
    """Whose ``token`` this is; None where nobody's, or revoked."""
    # A fast hash will do: nobody guesses 256 random bits, and finding it by hash gives no time to measure.
    statement = select(TOKEN).where(TOKEN.c.token_hash == _hash(token), TOKEN.c.revoked_at.is_(None))
    row = connection.execute(statement).one_or_none()
    return None if row is None else _token(row)


def revoke_token(connection: Connection, token_id: int) -> bool:
    """Makes a token worthless from now on; False where there is none such, or no more."""
    statement = (
        update(TOKEN)
        .where(TOKEN.c.id == token_id, TOKEN.c.revoked_at.is_(None))
        .values(revoked_at=datetime.now(UTC).isoformat())
    )
    return connection.execute(statement).rowcount == 1


def tokens(connection: Connection) -> list[Token]:
    """Every token that was given out, revoked ones included, oldest first."""
    return [_token(row) for row in connection.execute(select(TOKEN).order_by(TOKEN.c.id))]


def _token(row: Row[Any]) -> Token:
    revoked_at = datetime.fromisoformat(row.revoked_at) if row.revoked_at else None
    return Token(row.id, row.name, Scope(row.scope), datetime.fromisoformat(row.created_at), revoked_at)


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
