"""The audit: who did what beside declaring, append-only and chained as the log is.

``record`` belongs into the transaction of the act itself, so that there is none without its row. The rows are written
at that transaction's very end, by ``seal``: the chain has one head for all, and whoever writes to it waits for whoever
has until the commit. Taken last it is held briefly, and never by somebody who still waits for the head of a log.
"""

import json
import os
import pwd
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, insert, or_, select, text, update

from app.domain.letters import unturned
from app.domain.names import COMMAND
from app.store.log import canonical_json, entry_hash
from app.store.tables import AUDIT, AUDIT_HEAD
from app.store.times import stored_time

LONGEST = 200
"""Characters kept of a name, an address or a subject: what strangers type is kept too."""

COMMAND_LINE = "command line"
"""The source of whatever a command did; the address where it came over the web."""

GENESIS = sha256(b"declared audit").hexdigest()
"""What the first row is chained on."""

_PENDING = "declared audit"


class Kind(StrEnum):
    """What was done."""

    SIGNED_IN = "signed in"
    SIGN_IN_FAILED = "sign-in failed"
    SIGNED_OUT = "signed out"
    SESSION_ENDED = "session ended"
    ACCOUNT_MADE = "account made"
    ROLE_CHANGED = "role changed"
    COUNCILS_GIVEN = "councils given"
    PASSWORD_CHANGED = "password changed"  # noqa: S105  # the name of an act
    ACCOUNT_DISABLED = "account disabled"
    ACCOUNT_ENABLED = "account enabled"
    TOKEN_MADE = "token made"  # noqa: S105  # the name of an act
    TOKEN_FIRST_USED = "token first used"  # noqa: S105  # the name of an act
    TOKEN_REVOKED = "token revoked"  # noqa: S105  # the name of an act
    HOOK_ADDED = "hook added"
    HOOK_REMOVED = "hook removed"
    HOOK_RESUMED = "hook resumed"
    RULES_CHANGED = "rules changed"
    KEYED = "keyed"
    CAME_LATE = "came late"
    DISPUTED = "disputed"
    TAKEN_BACK = "taken back"
    OVERTAKEN = "overtaken"
    DECLARED_ALONE = "declared alone"
    VERSIONS_SEEN = "versions seen"
    DIFFERENCE_TOLD = "difference told"
    INTERNAL_NOTE = "internal note"
    NOTE_STRUCK_OUT = "note struck out"
    PHOTO_ADDED = "photo added"
    PHOTO_REMOVED = "photo removed"
    PHOTOS_FORGOTTEN = "photos forgotten"
    HELD = "held"
    HOLD_UNDONE = "hold undone"
    HOLD_ENDED = "hold ended"
    HOLD_CHANGED = "hold changed"
    SIGNED_OFF = "signed off"
    CATALOGUE_LOADED = "catalogue loaded"
    BACKED_UP = "backed up"
    RESTORED = "restored"
    EPOCH_CHANGED = "epoch changed"
    PASSED_OVER = "entry passed over"
    AUDIT_EXPORTED = "audit exported"
    COVER_CHANGED = "cover changed"
    TIME_MOVED = "time moved"
    CALLED = "called"
    HANDOVER_WRITTEN = "handover written"
    TELEPHONES_FORGOTTEN = "telephones forgotten"
    EXERCISE_BEGUN = "exercise begun"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, and from where.

    ``who`` is the name of an account, ``token:NAME``, ``command:USER`` or, for nobody who is known, empty; ``source``
    an address, or COMMAND_LINE.
    """

    who: str = ""
    source: str = ""


def at_the_command_line() -> Actor:
    """Whoever runs this process, as the operating system knows them."""
    number = os.getuid()
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:
        # A container's user need not have a name.
        name = str(number)
    return Actor(f"{COMMAND}{name}", COMMAND_LINE)


@dataclass(frozen=True, slots=True)
class Audited:
    """A row as it is kept; ``slug`` is empty where it is about no election."""

    seq: int
    at: datetime
    kind: str
    who: str
    source: str
    slug: str
    subject: str
    details: Mapping[str, Any]
    hash: str


_TAKE = (
    update(AUDIT_HEAD)
    .values(seq=AUDIT_HEAD.c.seq + bindparam("more"))
    .returning(AUDIT_HEAD.c.seq - bindparam("more"), AUDIT_HEAD.c.hash)
)
_CHAIN = update(AUDIT_HEAD).values(hash=bindparam("new_hash"))
# The same words in both databases; of two that come first at once one finds the other's.
_BEGIN = text("INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, :genesis) ON CONFLICT DO NOTHING")


def record(  # the columns of a row, each by its name
    connection: Connection,
    kind: Kind,
    by: Actor,
    *,
    subject: str = "",
    slug: str = "",
    details: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> None:
    """Notes in the transaction of ``connection``, one of ``Store.writing``, that ``by`` did something.

    ``subject`` is what or whom it was about, ``slug`` the election, ``details`` whatever else is worth knowing, as
    JSON; never a password or a token's secret. TypeError and ValueError for details that are not JSON.
    """
    row = {
        "at": stored_time(now or datetime.now(UTC)),
        "kind": kind.value,
        "who": _kept(by.who),
        "source": _kept(by.source),
        "slug": _kept(slug),
        "subject": _kept(subject),
        "details": canonical_json(details or {}),
    }
    _pending(connection).append(row)


def begin(connection: Connection) -> None:
    """Nothing is noted yet in the transaction that begins."""
    _pending(connection).clear()


def noted(connection: Connection) -> int:
    """How much was noted so far in this transaction, for ``forget`` to go back to."""
    return len(_pending(connection))


def forget(connection: Connection, number: int) -> None:
    """Forgets all that was noted after the first ``number``: it was rolled back."""
    del _pending(connection)[number:]


def seal(connection: Connection) -> None:
    """Writes what was noted in this transaction, which commits next."""
    rows = _pending(connection)
    if not rows:
        return
    taken = connection.execute(_TAKE, {"more": len(rows)}).one_or_none()
    if taken is None:
        connection.execute(_BEGIN, {"genesis": GENESIS})
        taken = connection.execute(_TAKE, {"more": len(rows)}).one()
    seq, previous_hash = taken
    chained: list[dict[str, Any]] = []
    for row in rows:
        seq += 1
        stored = {"seq": seq, **row, "prev_hash": previous_hash}
        previous_hash = entry_hash(stored)
        chained.append({**stored, "hash": previous_hash})
    connection.execute(insert(AUDIT), chained)
    connection.execute(_CHAIN, {"new_hash": previous_hash})
    rows.clear()


def verify_chain(connection: Connection) -> Iterator[str]:
    """Every fault in the stored audit, as sentences; nothing where it is whole.

    Finds what ``log.verify_chain`` finds of a log, and wants the same of its connection.
    """
    seq, previous_hash = 0, GENESIS
    statement = select(AUDIT).order_by(AUDIT.c.seq)
    for row in connection.execute(statement, execution_options={"yield_per": 1000}):
        if row.seq == seq + 2:
            yield f"Row {seq + 1} of the audit is missing."
        elif row.seq > seq + 1:
            yield f"Rows {seq + 1} to {row.seq - 1} of the audit are missing."
        elif row.prev_hash != previous_hash:
            yield f"Row {row.seq} of the audit is not chained on the one before it."
        if entry_hash(row._asdict()) != row.hash:
            yield f"Row {row.seq} of the audit was altered: its hash is not that of what it holds."
        seq, previous_hash = row.seq, row.hash
    end = head(connection)
    if end[0] != seq:
        yield f"The head of the audit is at row {end[0]}, its rows end at {seq}."
    elif end[1] != previous_hash:
        yield f"The head of the audit does not have the hash of its last row, {seq}."


def head(connection: Connection) -> tuple[int, str]:
    """The number of the last row and its hash; 0 and GENESIS where there is none."""
    row = connection.execute(select(AUDIT_HEAD.c.seq, AUDIT_HEAD.c.hash)).one_or_none()
    return (0, GENESIS) if row is None else (row.seq, row.hash)


@dataclass(frozen=True, slots=True)
class ActsWanted:
    """Which rows are looked for; what is empty does not matter.

    ``slug`` takes those with it that are about no election, ``person`` did it or is whom it is about, ``since`` and
    ``until`` bound when (the latter exclusively), ``source`` is how theirs begins, ``subjects`` what it is about.
    """

    slug: str = ""
    person: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    source: str = ""
    subjects: Collection[str] | None = None


def rows(connection: Connection) -> list[Audited]:
    """Every row, oldest first."""
    return [_audited(row) for row in connection.execute(select(AUDIT).order_by(AUDIT.c.seq))]


def search(
    connection: Connection, wanted: ActsWanted, *, before: int | None = None, limit: int | None = None
) -> list[Audited]:
    """The rows that are ``wanted``, newest first: those below the number ``before``, at most ``limit``."""
    statement = select(AUDIT).where(*_wanted(wanted)).order_by(AUDIT.c.seq.desc()).limit(limit)
    if before is not None:
        statement = statement.where(AUDIT.c.seq < before)
    return [_audited(row) for row in connection.execute(statement)]


def count(connection: Connection, wanted: ActsWanted) -> int:
    """How many rows are ``wanted``."""
    return connection.execute(select(func.count()).select_from(AUDIT).where(*_wanted(wanted))).scalar_one()


def people(connection: Connection) -> set[str]:
    """Everybody who did anything, as ``Actor.who`` names them."""
    return {name for name in connection.scalars(select(AUDIT.c.who).distinct()) if name}


def is_of_exercise(connection: Connection) -> bool:
    """Whether the database was made for an exercise: nothing in it is a result, wherever it is copied or served."""
    begun = select(AUDIT.c.seq).where(AUDIT.c.kind == Kind.EXERCISE_BEGUN.value).limit(1)
    return connection.execute(begun).first() is not None


def declared_alone(connection: Connection, slug: str) -> set[int]:
    """The sequences of the entries of ``slug`` that an editor declared without anybody's check."""
    statement = select(AUDIT.c.details).where(AUDIT.c.kind == Kind.DECLARED_ALONE.value, AUDIT.c.slug == slug)
    return {json.loads(details)["seq"] for details in connection.scalars(statement)}


def _wanted(wanted: ActsWanted) -> Iterator[ColumnElement[bool]]:
    person, kind, source = _kept(wanted.person), _kept(wanted.kind), _kept(wanted.source)
    if wanted.slug:
        yield AUDIT.c.slug.in_((wanted.slug, ""))
    if person:
        yield or_(AUDIT.c.who == person, AUDIT.c.subject == person)
    if kind:
        yield AUDIT.c.kind == kind
    if wanted.since is not None:
        yield AUDIT.c.at >= stored_time(wanted.since)
    if wanted.until is not None:
        yield AUDIT.c.at < stored_time(wanted.until)
    if source:
        yield AUDIT.c.source.istartswith(source, autoescape=True)
    if wanted.subjects is not None:
        yield AUDIT.c.subject.in_(wanted.subjects)


def _audited(row: Row[Any]) -> Audited:
    at, details = datetime.fromisoformat(row.at), json.loads(row.details)
    return Audited(row.seq, at, row.kind, row.who, row.source, row.slug, row.subject, details, row.hash)


def _pending(connection: Connection) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = connection.info.setdefault(_PENDING, [])
    return found


def _kept(typed: str) -> str:
    # PostgreSQL takes no NUL in a text; a command's argument may hold half a surrogate pair.
    return unturned(typed).replace("\0", "").encode("utf-8", "replace").decode()[:LONGEST]
