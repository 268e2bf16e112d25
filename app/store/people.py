"""What is done to accounts and tokens, at the desk and by command alike: the act, what follows of it, and its audit.

Each belongs into one transaction, and raises what the act itself raises.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection

from app.domain.second_check import MACHINE
from app.store import audit, reporting, sessions, staff, tokens
from app.store.audit import Actor, Kind
from app.store.staff import Role, Staff
from app.store.tokens import Token, TokenUse


def add_account(connection: Connection, name: str, role: Role, password_hash: str, *, by: Actor) -> Staff:
    """Another account; ``password_hash`` is as ``staff.hashed_password`` returns it."""
    added = staff.add_hashed(connection, name, role, password_hash)
    audit.record(connection, Kind.ACCOUNT_MADE, by, subject=added.name, details={"role": added.role})
    return added


def change_role(connection: Connection, name: str, role: Role, *, by: Actor) -> None:
    """Another role, from the next request of that person on."""
    staff.set_role(connection, name, role)
    audit.record(connection, Kind.ROLE_CHANGED, by, subject=name, details={"role": role})


def give_councils(connection: Connection, name: str, slug: str, council_ids: Collection[str], *, by: Actor) -> None:
    """A reporter reports from these councils of an election, and from no others, from the next request on."""
    reporting.set_councils(connection, slug, name, council_ids)
    audit.record(
        connection, Kind.COUNCILS_GIVEN, by, subject=name, slug=slug, details={"councils": sorted(council_ids)}
    )


def change_password(
    connection: Connection, name: str, password_hash: str, *, by: Actor, now: datetime, but: int | None = None
) -> int:
    """Another password. Whoever is signed in with the old one no longer is, but for the session ``but``; how many."""
    staff.set_password(connection, name, password_hash)
    ended = sessions.revoke_sessions(connection, name, now=now, but=but)
    audit.record(connection, Kind.PASSWORD_CHANGED, by, subject=name, details={"sessions_ended": ended})
    return ended


def disable_account(connection: Connection, name: str, *, by: Actor, now: datetime) -> int:
    """That person is signed out, and cannot sign in any more; how many sessions that ended."""
    staff.disable(connection, name, now=now)
    ended = sessions.revoke_sessions(connection, name, now=now)
    audit.record(connection, Kind.ACCOUNT_DISABLED, by, subject=name, details={"sessions_ended": ended})
    return ended


def enable_account(connection: Connection, name: str, *, by: Actor) -> None:
    """That person can sign in again."""
    staff.enable(connection, name)
    audit.record(connection, Kind.ACCOUNT_ENABLED, by, subject=name)


def give_token(  # what a token is, each by its name
    connection: Connection,
    name: str,
    scope: str,
    *,
    by: Actor,
    slug: str | None = None,
    expires_at: datetime | None = None,
) -> str:
    """A token, as ``tokens.add_token`` makes it: its secret."""
    secret = tokens.add_token(connection, name, scope, slug=slug, expires_at=expires_at)
    made = tokens.find_token(connection, secret)
    assert made is not None  # it was made a moment ago
    details = {"id": made.token_id, "scope": made.scope, "expires": expires_at.isoformat() if expires_at else None}
    audit.record(connection, Kind.TOKEN_MADE, by, subject=f"{MACHINE}{name}", slug=slug or "", details=details)
    return secret


def take_token(connection: Connection, token: Token, *, by: Actor) -> bool:
    """A token is worth nothing from now on; False where it was revoked already."""
    if not tokens.revoke_token(connection, token.token_id):
        return False
    subject, slug = f"{MACHINE}{token.name}", token.slug or ""
    audit.record(connection, Kind.TOKEN_REVOKED, by, subject=subject, slug=slug, details={"id": token.token_id})
    return True


def note_tokens_used(connection: Connection, used: Mapping[int, TokenUse]) -> None:
    """When tokens were last used, by their ids; the first use of each is audited."""
    for token in tokens.note_used(connection, used):
        if token.last_used_at is None:
            by, at = Actor(f"{MACHINE}{token.name}", used[token.token_id].source), used[token.token_id].at
            details = {"id": token.token_id}
            audit.record(connection, Kind.TOKEN_FIRST_USED, by, slug=token.slug or "", details=details, now=at)
