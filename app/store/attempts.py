"""How often somebody has tried to sign in lately, counted by all processes of all machines together.

A try is kept for a minute, once for each key that it counts for. Of a key, which is an account or an address, there is
the SHA-256 alone: that is of one length and harmless, whatever was typed. Processes tell the time by their own clocks.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, select

from app.store.locks import exclude_others
from app.store.tables import ATTEMPT

LASTING = timedelta(seconds=60)
"""How long a try counts."""


def seconds_to_wait(connection: Connection, limits: Mapping[str, int], *, now: datetime) -> float:
    """How long until another try may be made; 0 where for no key there were as many as its limit already."""
    waits = [0.0]
    for key, most in limits.items():
        counted = select(ATTEMPT.c.at).where(ATTEMPT.c.key_hash == _hash(key), ATTEMPT.c.at > _text(now - LASTING))
        times = list(connection.scalars(counted.order_by(ATTEMPT.c.at.desc()).limit(most)))
        if len(times) == most:
            waits.append((datetime.fromisoformat(times[-1]) + LASTING - now).total_seconds())
    return max(waits)


def take(connection: Connection, limits: Mapping[str, int], *, now: datetime) -> tuple[float, list[int]]:
    """Counts a try for every key, or for none where it has to wait: the seconds to wait, and the ids of what counts.

    Two that are made at once, in whichever processes, are counted one after the other. What is over is forgotten.
    """
    exclude_others(connection, "declared attempts")
    connection.execute(delete(ATTEMPT).where(ATTEMPT.c.at <= _text(now - LASTING)))
    wait = seconds_to_wait(connection, limits, now=now)
    if wait:
        return wait, []
    rows = [{"key_hash": _hash(key), "at": _text(now)} for key in limits]
    return 0.0, [connection.execute(insert(ATTEMPT).returning(ATTEMPT.c.id), row).scalar_one() for row in rows]


def give_back(connection: Connection, ids: Collection[int]) -> None:
    """The try was none: it succeeded, or was not made."""
    connection.execute(delete(ATTEMPT).where(ATTEMPT.c.id.in_(ids)))


def _text(at: datetime) -> str:
    # Always as long, so that the order of the texts is that of the times.
    return at.isoformat(timespec="milliseconds")


def _hash(key: str) -> str:
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
