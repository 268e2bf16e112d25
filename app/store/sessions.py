"""Logins at the desk. A session's token is in its browser alone; the database keeps its SHA-256."""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from app.store.staff import Role
from app.store.tables import SESSION, STAFF

logger = logging.getLogger(__name__)

LASTING = timedelta(hours=12)
"""How long a login lasts: a night with what comes before and after it."""

LONGEST_AGENT = 300
"""Characters kept of what a browser says of itself."""


@dataclass(frozen=True, slots=True)
class Session:
    """A login that holds: whose it is, what the person may do by now, and from where it was last used."""

    session_id: int
    staff_name: str
    role: Role
    created_at: datetime
    expires_at: datetime
    last_seen_at: datetime
    user_agent: str
    address: str


def open_session(
    connection: Connection, staff_name: str, *, now: datetime, address: str = "", user_agent: str = ""
) -> str:
    """Logs ``staff_name`` in until ``LASTING`` from now and returns the new token: nothing can show it again."""
    token = secrets.token_urlsafe(32)
    row = {
        "token_hash": _hash(token),
        "staff_name": staff_name,
        "created_at": now.isoformat(),
        "expires_at": (now + LASTING).isoformat(),
        "last_seen_at": now.isoformat(),
        "user_agent": _kept(user_agent),
        "address": _kept(address),
    }
    connection.execute(insert(SESSION), row)
    return token


def find_session(connection: Connection, token: str, *, now: datetime) -> Session | None:
    """Whose login ``token`` is; None where nobody's, or it is over: run out, revoked, or the person disabled."""
    row = connection.execute(_holding().where(SESSION.c.token_hash == _hash(token))).one_or_none()
    session = None if row is None else _readable(row)
    return session if session is not None and now < session.expires_at else None


def sessions(connection: Connection, *, now: datetime, staff_name: str | None = None) -> list[Session]:
    """The logins that hold, of ``staff_name`` or of everybody, the newest first."""
    statement = _holding().order_by(SESSION.c.id.desc())
    if staff_name is not None:
        statement = statement.where(SESSION.c.staff_name == staff_name)
    found = [_readable(row) for row in connection.execute(statement)]
    return [session for session in found if session is not None and now < session.expires_at]


def note_seen(connection: Connection, session_id: int, *, now: datetime) -> None:
    """Notes that a session is being used."""
    connection.execute(update(SESSION).where(SESSION.c.id == session_id).values(last_seen_at=now.isoformat()))


def revoke_session(
    connection: Connection, session_id: int, *, now: datetime, staff_name: str | None = None
) -> str | None:
    """Ends a login and returns whose it was; None where there is none such any more, or not of ``staff_name``."""
    statement = update(SESSION).where(SESSION.c.id == session_id, SESSION.c.revoked_at.is_(None))
    if staff_name is not None:
        statement = statement.where(SESSION.c.staff_name == staff_name)
    ended = statement.values(revoked_at=now.isoformat()).returning(SESSION.c.staff_name)
    found: str | None = connection.execute(ended).scalar_one_or_none()
    return found


def revoke_sessions(connection: Connection, staff_name: str, *, now: datetime, but: int | None = None) -> int:
    """Ends every login of ``staff_name``, except the one with the id ``but``; how many there were."""
    statement = update(SESSION).where(SESSION.c.staff_name == staff_name, SESSION.c.revoked_at.is_(None))
    if but is not None:
        statement = statement.where(SESSION.c.id != but)
    return connection.execute(statement.values(revoked_at=now.isoformat())).rowcount


def has_been_at(connection: Connection, staff_name: str, address: str) -> bool:
    """Whether ``staff_name`` has ever signed in from ``address``."""
    asked = (SESSION.c.staff_name == _kept(staff_name), SESSION.c.address == _kept(address))
    return connection.execute(select(SESSION.c.id).where(*asked).limit(1)).first() is not None


def _holding() -> Select[Any]:
    """The logins that nobody has ended, of people who may sign in, with what those may do."""
    columns = (
        SESSION.c.id,
        SESSION.c.staff_name,
        STAFF.c.role,
        SESSION.c.created_at,
        SESSION.c.expires_at,
        SESSION.c.last_seen_at,
        SESSION.c.user_agent,
        SESSION.c.address,
    )
    return (
        select(*columns)
        .join(STAFF, STAFF.c.name == SESSION.c.staff_name)
        .where(SESSION.c.revoked_at.is_(None), STAFF.c.disabled_at.is_(None))
    )


def _readable(row: Row[Any]) -> Session | None:
    """The login in ``row``. One that makes no sense is none: the person signs in again."""
    try:
        return _session(row)
    except (TypeError, ValueError) as error:
        logger.error("Login %s of %s cannot be read, and is none: %s", row.id, row.staff_name, error)  # noqa: TRY400
        return None


def _session(row: Row[Any]) -> Session:
    return Session(
        session_id=row.id,
        staff_name=row.staff_name,
        role=Role(row.role),
        created_at=datetime.fromisoformat(row.created_at),
        expires_at=datetime.fromisoformat(row.expires_at),
        last_seen_at=datetime.fromisoformat(row.last_seen_at),
        user_agent=row.user_agent,
        address=row.address,
    )


def _kept(text: str) -> str:
    # PostgreSQL takes no NUL in a text, not even to look for it.
    return text.replace("\0", "")[:LONGEST_AGENT]


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
