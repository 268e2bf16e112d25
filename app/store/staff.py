"""The accounts of the desk. Passwords are kept as argon2id hashes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Connection, insert, select

from app.store.engine import exclude_others
from app.store.errors import StaffRefused
from app.store.tables import STAFF


class Role(StrEnum):
    """What an account may do: key results, check those of others, or everything."""

    KEYER = "keyer"
    CHECKER = "checker"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class Staff:
    """An account at the desk."""

    name: str
    role: Role
    created_at: datetime


def add_staff(connection: Connection, name: str, role: Role, password: str) -> Staff:
    """Makes an account; StaffRefused where the name is taken, or name or password are empty.

    Hashing takes tens of milliseconds and 64 MiB.
    """
    if not name.strip() or not password:
        raise StaffRefused("A staff account needs a name and a password.")
    made = Staff(name, Role(role), datetime.now(UTC))
    row = {
        "name": name,
        "role": made.role,
        "password_hash": _hasher().hash(password),
        "created_at": made.created_at.isoformat(),
    }
    exclude_others(connection, "declared staff")
    if name in {account.name for account in staff(connection)}:
        raise StaffRefused(f"There is a staff account “{name}” already.")
    connection.execute(insert(STAFF), row)
    return made


def check_password(connection: Connection, name: str, password: str) -> Staff | None:
    """The account, if ``password`` is its password; as slow for a name that nobody has as for one that exists."""
    # PostgreSQL takes no NUL in a text, not even to look for it.
    asked = name.replace("\0", "")
    row = connection.execute(select(STAFF).where(STAFF.c.name == asked)).one_or_none()
    if row is None or asked != name:
        _hasher().hash(password)
        return None
    if not _hasher().verify(password, row.password_hash):
        return None
    return Staff(row.name, Role(row.role), datetime.fromisoformat(row.created_at))


def staff(connection: Connection) -> list[Staff]:
    """Every account, by name."""
    columns = (STAFF.c.name, STAFF.c.role, STAFF.c.created_at)
    rows = connection.execute(select(*columns).order_by(STAFF.c.name))
    return [Staff(row.name, Role(row.role), datetime.fromisoformat(row.created_at)) for row in rows]


def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))
