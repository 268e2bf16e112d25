"""The accounts of the desk. Passwords are kept as argon2id hashes; an account is disabled, never removed."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Connection, insert, select, update

from app.domain.letters import INVISIBLE
from app.domain.names import is_same_person, looks_like, mixes_scripts
from app.store.errors import StaffRefused
from app.store.locks import exclude_others
from app.store.tables import STAFF
from app.store.times import kept_time

LONGEST_NAME = 40
LONGEST_TYPED = 200
"""Characters beyond which nothing that was typed is taken for a name: to normalise it would take time."""
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
PASSWORD_RULE = f"{SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters, of any kind; capitals count"
"""What is told wherever a password is chosen, before it is."""

_NAME = re.compile(r"[^\W\d_](?:[\w .'’-]*[\w.])?")
"""A letter first, of any script; then letters, digits, and what stands in names. Never a colon: tokens have that."""


class Role(StrEnum):
    """What an account may do: key results, check those of others, everything; or report from some councils alone."""

    KEYER = "keyer"
    CHECKER = "checker"
    EDITOR = "editor"
    REPORTER = "reporter"


@dataclass(frozen=True, slots=True)
class Staff:
    """An account at the desk."""

    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None = None


def add_staff(connection: Connection, name: str, role: Role, password: str) -> Staff:
    """Makes an account as ``add_hashed`` does, hashing the password here: tens of milliseconds and 64 MiB."""
    return add_hashed(connection, name, role, hashed_password(password))


def add_hashed(connection: Connection, name: str, role: Role, password_hash: str) -> Staff:
    """Makes an account; StaffRefused where the name is no name, is taken, or cannot be told from one that is."""
    name = _checked_name(name)
    made = Staff(name, Role(role), datetime.now(UTC))
    exclude_others(connection, "declared staff")
    # The log tells people apart by name: nobody shall check himself as his namesake.
    for account in staff(connection):
        if is_same_person(account.name, name):
            raise StaffRefused(f"There is a staff account “{account.name}” already.")
        if looks_like(account.name, name):
            raise StaffRefused(f"“{name}” looks like the staff account “{account.name}”: choose another name.")
    row = {
        "name": name,
        "role": made.role,
        "password_hash": password_hash,
        "created_at": made.created_at.isoformat(),
    }
    connection.execute(insert(STAFF), row)
    return made


def hashed_password(password: str) -> str:
    """What is kept of a password; StaffRefused for one against the rule. Takes tens of milliseconds and 64 MiB."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise StaffRefused(f"A password has {PASSWORD_RULE}. This one has {len(password)}.")
    return _hasher().hash(_normal(password))


def check_password(connection: Connection, name: str, password: str) -> Staff | None:
    """The account ``named`` so, if ``password`` is its password and it is not disabled.

    As slow for a name that nobody has as for one that exists.
    """
    account = named(connection, name)
    row = connection.execute(select(STAFF).where(STAFF.c.name == account)).one_or_none()
    if row is None:
        _hasher().hash(_normal(password))
        return None
    if not _hasher().verify(_normal(password), row.password_hash) or row.disabled_at is not None:
        return None
    return Staff(row.name, Role(row.role), datetime.fromisoformat(row.created_at))


def named(connection: Connection, typed: str) -> str | None:
    """The name of the account that somebody means who types ``typed``, in whatever capitals or composition.

    Where accounts were made whose names are now compared as one, each is meant by its own name, letter by letter.
    """
    if len(typed) > LONGEST_TYPED:
        return None
    alike = [account.name for account in staff(connection) if is_same_person(account.name, typed)]
    exact = [name for name in alike if name == _normal(typed)]
    return next(iter(exact or alike), None) if len(alike) == 1 or exact else None


def set_password(connection: Connection, name: str, password_hash: str) -> None:
    """Gives an account another password, as ``hashed_password`` returns it; StaffRefused where there is none such."""
    _change(connection, name, password_hash=password_hash)


def set_role(connection: Connection, name: str, role: Role) -> None:
    """Lets an account do something else from now on; StaffRefused where no editor would be left."""
    exclude_others(connection, "declared staff")
    _change(connection, name, role=Role(role))
    _refuse_without_editor(connection)


def disable(connection: Connection, name: str, *, now: datetime) -> None:
    """Lets an account in no more, nor its sessions; StaffRefused where no editor would be left."""
    exclude_others(connection, "declared staff")
    _change(connection, name, disabled_at=now.isoformat())
    _refuse_without_editor(connection)


def enable(connection: Connection, name: str) -> None:
    """Lets a disabled account in again; StaffRefused where there is none such."""
    _change(connection, name, disabled_at=None)


def staff(connection: Connection) -> list[Staff]:
    """Every account, by name."""
    columns = (STAFF.c.name, STAFF.c.role, STAFF.c.created_at, STAFF.c.disabled_at)
    rows = connection.execute(select(*columns).order_by(STAFF.c.name))
    return [
        Staff(
            row.name,
            Role(row.role),
            datetime.fromisoformat(row.created_at),
            kept_time(row.disabled_at),
        )
        for row in rows
    ]


def _checked_name(name: str) -> str:
    name = " ".join(unicodedata.normalize("NFKC", name[: LONGEST_TYPED + 1]).split())
    if not name:
        raise StaffRefused("A staff account needs a name.")
    if mixes_scripts(name):
        raise StaffRefused(
            f"“{name[:LONGEST_NAME]}” mixes letters of several alphabets, some of which look the same: "
            "type it with those of one."
        )
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name) or not INVISIBLE.isdisjoint(name):
        raise StaffRefused(
            f"“{name[:LONGEST_NAME]}” cannot be a name: it begins with a letter and has up to {LONGEST_NAME} letters, "
            "digits, spaces, full stops, hyphens, underscores and apostrophes."
        )
    return name


def _change(connection: Connection, name: str, **values: str | None) -> None:
    # PostgreSQL takes no NUL in a text, not even to look for it.
    statement = update(STAFF).where(STAFF.c.name == name.replace("\0", "")).values(values)
    if connection.execute(statement).rowcount != 1:
        raise StaffRefused(f"There is no staff account “{name}”.")


def _refuse_without_editor(connection: Connection) -> None:
    """The transaction is to be rolled back then: somebody has to be able to make accounts."""
    able = select(STAFF.c.name).where(STAFF.c.role == Role.EDITOR, STAFF.c.disabled_at.is_(None)).limit(1)
    if connection.execute(able).first() is None:
        raise StaffRefused("This is the last editor: make another one first.")


def _normal(text: str) -> str:
    """The same letters the same way, however a keyboard composes them."""
    return unicodedata.normalize("NFC", text)


def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))
