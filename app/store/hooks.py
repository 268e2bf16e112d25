"""Hooks: addresses that are told of the night, how far each has been told, and which server tells them.

What is noted of a message is noted by whoever holds the lease, in one transaction with that: a server that has lost it
notes nothing more.
"""

from base64 import b64decode, b64encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_bytes
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, delete, insert, select, update

from app.domain.alerts import AlertKind
from app.domain.errors import UnknownElection
from app.store import audit, log
from app.store.audit import Actor, Kind
from app.store.errors import HookRefused
from app.store.hook_lease import renew_lease
from app.store.tables import ELECTION, HOOK, HOOK_DELIVERY, HOOK_PLACE
from app.store.times import kept_time, stored_time

DELIVERIES_KEPT = timedelta(days=30)

SECRET_MARK = "whsec_"  # noqa: S105  # how the Standard Webhooks specification has secrets begin
SECRET_BYTES = 32


class HookForm(StrEnum):
    """Whose body a message has: our own, or what one of these shows as a message."""

    JSON = "json"
    SLACK = "slack"
    TEAMS = "teams"
    DISCORD = "discord"


@dataclass(frozen=True, slots=True)
class HookPlace:
    """How far a log has been told: every alert up to entry ``seq`` of ``epoch``, and ``part`` of those of the next."""

    epoch: str
    seq: int
    part: int = 0


@dataclass(frozen=True, slots=True)
class HookWanted:
    """What is asked for: where to, of what, as what, of which election (None: every one), of rehearsals too."""

    url: str
    kinds: frozenset[AlertKind]
    form: HookForm = HookForm.JSON
    slug: str | None = None
    rehearsals: bool = False

    @property
    def host(self) -> str:
        """What may be shown of where to: the rest of an address often is a secret."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True, slots=True)
class Hook:
    """An address that is told. ``places`` are by slug; the rest is as ``HookRow`` says."""

    hook_id: int
    wanted: HookWanted
    secret: str
    created_at: datetime
    failing_since: datetime | None = None
    attempts: int = 0
    due_at: datetime | None = None
    told: str = ""
    stopped_at: datetime | None = None
    places: Mapping[str, HookPlace] = field(default_factory=dict)

    @property
    def key(self) -> bytes:
        """What messages are signed with."""
        return b64decode(self.secret.removeprefix(SECRET_MARK))


@dataclass(frozen=True, slots=True)
class HookMessage:
    """A message as it is noted: its id, of which entry (0: of the clock) and what it says in a line."""

    message_id: str
    slug: str
    seq: int
    headline: str


@dataclass(frozen=True, slots=True)
class HookDelivery:
    """What became of a message so far."""

    message: HookMessage
    first_at: datetime
    attempts: int
    delivered_at: datetime | None
    told: str


def add(connection: Connection, wanted: HookWanted, *, by: Actor, now: datetime) -> Hook:
    """A hook that is told of what is declared from now on, with a new secret. UnknownElection."""
    if (
        wanted.slug is not None
        and connection.scalar(select(ELECTION.c.slug).where(ELECTION.c.slug == wanted.slug)) is None
    ):
        raise UnknownElection(wanted.slug)
    row = {
        "url": wanted.url,
        "kinds": ",".join(kind for kind in AlertKind if kind in wanted.kinds),
        "form": wanted.form.value,
        "slug": wanted.slug,
        "secret": SECRET_MARK + b64encode(token_bytes(SECRET_BYTES)).decode(),
        "rehearsals": int(wanted.rehearsals),
        "created_at": stored_time(now),
        "attempts": 0,
        "told": "",
    }
    hook_id = connection.scalar(insert(HOOK).returning(HOOK.c.id), row)
    for slug, head in log.heads(connection).items():
        if wanted.slug in (None, slug):
            place = {"hook_id": hook_id, "slug": slug, "epoch": head.epoch, "seq": head.seq, "part": 0}
            connection.execute(insert(HOOK_PLACE), place)
    details = {"id": hook_id, "kinds": sorted(wanted.kinds), "form": wanted.form.value}
    audit.record(connection, Kind.HOOK_ADDED, by, subject=wanted.host, slug=wanted.slug or "", details=details)
    return numbered(connection, int(hook_id or 0))


def hooks(connection: Connection) -> list[Hook]:
    """Every hook, oldest first."""
    rows = connection.execute(select(HOOK).order_by(HOOK.c.id)).all()
    places: dict[int, dict[str, HookPlace]] = {}
    # Every server asks twice a second, and most nights there is no hook.
    for row in connection.execute(select(HOOK_PLACE)) if rows else ():
        places.setdefault(row.hook_id, {})[row.slug] = HookPlace(row.epoch, row.seq, row.part)
    return [_hook(row, places.get(row.id, {})) for row in rows]


def numbered(connection: Connection, hook_id: int) -> Hook:
    """The hook with that id; HookRefused where there is none."""
    found = next((hook for hook in hooks(connection) if hook.hook_id == hook_id), None)
    if found is None:
        raise HookRefused(f"There is no hook {hook_id}; `declared hook list` shows those there are.")
    return found


def remove(connection: Connection, hook_id: int, *, by: Actor) -> Hook:
    """Tells it nothing more, and forgets it with its deliveries; HookRefused."""
    gone = numbered(connection, hook_id)
    for table in (HOOK_PLACE, HOOK_DELIVERY):
        connection.execute(delete(table).where(table.c.hook_id == hook_id))
    connection.execute(delete(HOOK).where(HOOK.c.id == hook_id))
    _audit_of(connection, Kind.HOOK_REMOVED, gone, by)
    return gone


def resume(connection: Connection, hook_id: int, *, by: Actor) -> Hook:
    """Tries it again, at once, from where it was; HookRefused."""
    found = numbered(connection, hook_id)
    values = {"failing_since": None, "attempts": 0, "due_at": None, "stopped_at": None}
    connection.execute(update(HOOK).where(HOOK.c.id == hook_id).values(**values))
    _audit_of(connection, Kind.HOOK_RESUMED, found, by)
    return found


def _audit_of(connection: Connection, kind: Kind, hook: Hook, by: Actor) -> None:
    slug, details = hook.wanted.slug or "", {"id": hook.hook_id}
    audit.record(connection, kind, by, subject=hook.wanted.host, slug=slug, details=details)


# What came of messages. Each takes the lease with it, and raises LeaseLost.


def note_place(connection: Connection, holder: str, hook_id: int, slug: str, place: HookPlace) -> None:
    """It has been told so far."""
    renew_lease(connection, holder)
    _set_place(connection, hook_id, slug, place)


def note_delivered(
    connection: Connection,
    holder: str,
    hook_id: int,
    message: HookMessage,
    place: HookPlace | None,
    *,
    told: str,
    now: datetime,
) -> None:
    """It has taken ``message``, and has been told up to ``place`` (None: as far as before)."""
    renew_lease(connection, holder)
    if place is not None:
        _set_place(connection, hook_id, message.slug, place)
    values = {"failing_since": None, "attempts": 0, "due_at": None, "told": told}
    connection.execute(update(HOOK).where(HOOK.c.id == hook_id).values(**values))
    _attempted(connection, hook_id, message, told=told, now=now, delivered=True)
    old = HOOK_DELIVERY.c.first_at < stored_time(now - DELIVERIES_KEPT)
    connection.execute(delete(HOOK_DELIVERY).where(HOOK_DELIVERY.c.hook_id == hook_id, old))


def note_failed(
    connection: Connection,
    holder: str,
    hook: Hook,
    message: HookMessage,
    *,
    told: str,
    now: datetime,
    due_at: datetime | None,
) -> None:
    """It has not: it is tried again at ``due_at``; None: it is stopped."""
    renew_lease(connection, holder)
    values = {
        "failing_since": stored_time(hook.failing_since or now),
        "attempts": hook.attempts + 1,
        "due_at": stored_time(due_at) if due_at is not None else None,
        "stopped_at": stored_time(now) if due_at is None else None,
        "told": told,
    }
    connection.execute(update(HOOK).where(HOOK.c.id == hook.hook_id).values(**values))
    _attempted(connection, hook.hook_id, message, told=told, now=now, delivered=False)


def deliveries(connection: Connection, hook_id: int, *, limit: int | None = None) -> list[HookDelivery]:
    """What became of its messages, newest first."""
    statement = select(HOOK_DELIVERY).where(HOOK_DELIVERY.c.hook_id == hook_id)
    ordered = statement.order_by(HOOK_DELIVERY.c.first_at.desc(), HOOK_DELIVERY.c.message_id).limit(limit)
    return [_delivery(row) for row in connection.execute(ordered)]


def delivered(connection: Connection, hook_id: int, message_ids: Collection[str]) -> set[str]:
    """Which of these messages it has taken."""
    wanted = HOOK_DELIVERY.c.hook_id == hook_id, HOOK_DELIVERY.c.message_id.in_(message_ids)
    statement = select(HOOK_DELIVERY.c.message_id).where(*wanted, HOOK_DELIVERY.c.delivered_at.is_not(None))
    return set(connection.scalars(statement))


def _set_place(connection: Connection, hook_id: int, slug: str, place: HookPlace) -> None:
    values = {"epoch": place.epoch, "seq": place.seq, "part": place.part}
    own = HOOK_PLACE.c.hook_id == hook_id, HOOK_PLACE.c.slug == slug
    if connection.execute(update(HOOK_PLACE).where(*own).values(**values)).rowcount == 0:
        # An election that was loaded after the hook was added; or a hook that was removed meanwhile.
        found = connection.scalar(select(HOOK.c.id).where(HOOK.c.id == hook_id))
        if found is not None:
            connection.execute(insert(HOOK_PLACE), {"hook_id": hook_id, "slug": slug, **values})


def _attempted(
    connection: Connection, hook_id: int, message: HookMessage, *, told: str, now: datetime, delivered: bool
) -> None:
    own = HOOK_DELIVERY.c.hook_id == hook_id, HOOK_DELIVERY.c.message_id == message.message_id
    values = {"told": told, "delivered_at": stored_time(now) if delivered else None}
    again = update(HOOK_DELIVERY).where(*own).values(attempts=HOOK_DELIVERY.c.attempts + 1, **values)
    if connection.execute(again).rowcount or connection.scalar(select(HOOK.c.id).where(HOOK.c.id == hook_id)) is None:
        return
    first = {
        "hook_id": hook_id,
        "message_id": message.message_id,
        "slug": message.slug,
        "seq": message.seq,
        "headline": message.headline,
        "first_at": stored_time(now),
        "attempts": 1,
    }
    connection.execute(insert(HOOK_DELIVERY), {**first, **values})


def _hook(row: Row[Any], places: Mapping[str, HookPlace]) -> Hook:
    kinds = frozenset(AlertKind(kind) for kind in row.kinds.split(","))
    return Hook(
        hook_id=row.id,
        wanted=HookWanted(row.url, kinds, HookForm(row.form), row.slug, bool(row.rehearsals)),
        secret=row.secret,
        created_at=datetime.fromisoformat(row.created_at),
        failing_since=kept_time(row.failing_since),
        attempts=row.attempts,
        due_at=kept_time(row.due_at),
        told=row.told,
        stopped_at=kept_time(row.stopped_at),
        places=places,
    )


def _delivery(row: Row[Any]) -> HookDelivery:
    return HookDelivery(
        message=HookMessage(row.message_id, row.slug, row.seq, row.headline),
        first_at=datetime.fromisoformat(row.first_at),
        attempts=row.attempts,
        delivered_at=kept_time(row.delivered_at),
        told=row.told,
    )
