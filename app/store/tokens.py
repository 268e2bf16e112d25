"""API tokens. A token is shown once, when it is made; the database keeps its SHA-256."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from app.domain.errors import UnknownElection
from app.domain.times import read_time
from app.store.errors import TokenRefused
from app.store.tables import ELECTION, TOKEN
from app.store.times import kept_time

LONGEST_NAME = 60

_LASTING = re.compile(r"([1-9][0-9]{0,3})\s?([hd])")
"""``12h`` or ``7d``."""

FURTHEST = timedelta(days=3660)
"""How far ahead a token may end."""


class Scope(StrEnum):
    """What a token may do: declare, or key declarations for a second check."""

    DECLARE = "declare"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was given out. ``name`` says to whom; it need not be unique.

    ``slug`` is the one election that it is for (None: every one), ``expires_at`` when it ends by itself (None: never),
    ``last_used_at`` is known to a minute.
    """

    token_id: int
    name: str
    scope: Scope
    created_at: datetime
    revoked_at: datetime | None = None
    slug: str | None = None
    expires_at: datetime | None = None
    last_used_at: datetime | None = None

    def ended(self, now: datetime) -> str:
        """Why it is worth nothing any more, such as ``was revoked``; empty as long as it is worth something."""
        if self.revoked_at is not None:
            return "was revoked"
        if self.expires_at is not None and self.expires_at <= now:
            return f"expired at {told(self.expires_at)}"
        return ""


class TokenUse(NamedTuple):
    """When a token was used, and from which address."""

    at: datetime
    source: str


def add_token(
    connection: Connection, name: str, scope: str, *, slug: str | None = None, expires_at: datetime | None = None
) -> str:
    """Makes a token of 43 characters (``A–Z a–z 0–9 _ -``) and returns it: nothing can show it again.

    TokenRefused where the name, which stands in the log for ever, is none; UnknownElection.
    """
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable() or scope not in set(Scope):
        raise TokenRefused(f"A token needs a name of up to {LONGEST_NAME} characters, and what it may do.")
    if slug is not None and connection.scalar(select(ELECTION.c.slug).where(ELECTION.c.slug == slug)) is None:
        raise UnknownElection(slug)
    token = secrets.token_urlsafe(32)
    row = {
        "name": name,
        "scope": Scope(scope),
        "token_hash": _hash(token),
        "created_at": datetime.now(UTC).isoformat(),
        "slug": slug,
        "expires_at": expires_at.isoformat() if expires_at else None,
    }
    connection.execute(insert(TOKEN), row)
    return token


def find_token(connection: Connection, token: str) -> Token | None:
    """Whose ``token`` this is, or was: ``ended`` says whether it is worth anything. None where nobody's."""
    # A fast hash will do: nobody guesses 256 random bits, and finding it by hash gives no time to measure.
    row = connection.execute(select(TOKEN).where(TOKEN.c.token_hash == _hash(token))).one_or_none()
    return None if row is None else _token(row)


def named_token(connection: Connection, name: str) -> Token:
    """The one token of that name that was not revoked; TokenRefused where there is none, or more than one."""
    named = [token for token in tokens(connection) if token.name == name]
    open_ones = [token for token in named if token.revoked_at is None]
    if len(open_ones) > 1:
        ids = ", ".join(str(token.token_id) for token in open_ones)
        raise TokenRefused(f"There are {len(open_ones)} tokens called “{name}”, with the ids {ids}: say which by --id.")
    if not open_ones:
        was = "was revoked already" if named else "is not there; `declared token list` shows those there are"
        raise TokenRefused(f"The token “{name}” {was}.")
    return open_ones[0]


def numbered_token(connection: Connection, token_id: int) -> Token:
    """The token with that id; TokenRefused where there is none, or it was revoked."""
    found = next((token for token in tokens(connection) if token.token_id == token_id), None)
    if found is None or found.revoked_at is not None:
        was = "is not there; `declared token list` shows those there are" if found is None else "was revoked already"
        raise TokenRefused(f"The token with the id {token_id} {was}.")
    return found


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


def note_used(connection: Connection, used: Mapping[int, TokenUse]) -> list[Token]:
    """Notes when tokens were last used, by their ids; gives those tokens as they were before.

    One that another process holds at this moment is passed over: waiting for it, two could wait in a circle.
    """
    rows = connection.execute(
        select(TOKEN).where(TOKEN.c.id.in_(used)).order_by(TOKEN.c.id).with_for_update(skip_locked=True)
    )
    held = [_token(row) for row in rows]
    statement = update(TOKEN).where(TOKEN.c.id == bindparam("of_id")).values(last_used_at=bindparam("used_at"))
    if held:
        noted = [{"of_id": it.token_id, "used_at": used[it.token_id].at.isoformat()} for it in held]
        connection.execute(statement, noted)
    return held


def expiry(text: str, *, now: datetime, zone: tzinfo) -> datetime:
    """When ``2026-05-08T12:00`` (in ``zone``, unless it says its own), ``12h`` or ``7d`` from ``now`` is.

    TokenRefused for anything else, and for what is not ahead, or more than ten years.
    """
    wanted = "Say when it expires as 2026-05-08T12:00, or in how long: 12h, 7d."
    if (lasting := _LASTING.fullmatch(text)) is not None:
        number = int(lasting[1])
        at = (now + timedelta(hours=number if lasting[2] == "h" else 24 * number)).astimezone(zone)
        at = at.replace(microsecond=0)
    else:
        read = read_time(text, zone=zone)
        if read is None:
            raise TokenRefused(f"“{text[:LONGEST_NAME]}” is no time. {wanted}")
        at = read
        # A day alone would be its first moment, which is not what anybody means by it.
        if len(text) <= len("2026-05-08"):
            raise TokenRefused(f"“{text}” lacks the time of day. {wanted}")
    if not now < at <= now + FURTHEST:
        raise TokenRefused(f"{told(at)} is {'over' if at <= now else 'more than ten years ahead'}. {wanted}")
    return at


def told(at: datetime) -> str:
    """A time as people read it: ``2026-05-08 12:00 +01:00``."""
    written = at.isoformat(" ", "minutes")
    return f"{written[:16]} {written[16:]}"


def _token(row: Row[Any]) -> Token:
    return Token(
        token_id=row.id,
        name=row.name,
        scope=Scope(row.scope),
        created_at=datetime.fromisoformat(row.created_at),
        revoked_at=kept_time(row.revoked_at),
        slug=row.slug,
        expires_at=kept_time(row.expires_at),
        last_used_at=kept_time(row.last_used_at),
    )


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
