"""Which of several servers sends to hooks: one that holds the lease, and counts on for as long as it does.

It needs no two clocks that agree: whoever has seen the count stand still for long enough by a clock of its own takes
the lease, and of two that do so at once one finds the count another. What its holder notes is noted in one transaction
with the next count, so that a server that was thought dead notes nothing over its successor.
"""

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.store.errors import LeaseLost
from app.store.locks import is_postgresql
from app.store.tables import HOOK_LEASE


def beat(connection: Connection) -> int:
    """The count of whoever sends; 0 where nobody ever has."""
    return _count(connection.scalar(select(HOOK_LEASE.c.beat)))


def take_lease(connection: Connection, holder: str, seen: int) -> bool:
    """Takes the lease from whoever has not counted on since ``seen``; False where somebody has."""
    first = {"id": 1, "holder": "", "beat": 0}
    insertion = postgresql.insert if is_postgresql(connection) else sqlite.insert
    connection.execute(insertion(HOOK_LEASE).values(**first).on_conflict_do_nothing())
    taken = update(HOOK_LEASE).where(HOOK_LEASE.c.beat == seen).values(holder=holder, beat=seen + 1)
    return connection.execute(taken).rowcount == 1


def renew_lease(connection: Connection, holder: str) -> int:
    """Counts on, and holds the lease until the end of the transaction; the new count. LeaseLost."""
    renewed = update(HOOK_LEASE).where(HOOK_LEASE.c.holder == holder).values(beat=HOOK_LEASE.c.beat + 1)
    count = connection.scalar(renewed.returning(HOOK_LEASE.c.beat))
    if count is None:
        raise LeaseLost
    return _count(count)


def leave_lease(connection: Connection, holder: str) -> None:
    """Has anybody take it at once."""
    connection.execute(update(HOOK_LEASE).where(HOOK_LEASE.c.holder == holder).values(holder=""))


def is_left(connection: Connection) -> bool:
    """Whether nobody holds the lease."""
    return not connection.scalar(select(HOOK_LEASE.c.holder))


def _count(found: int | None) -> int:
    return found or 0
