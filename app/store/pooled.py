"""PostgreSQL, be it behind PgBouncer: a session may belong to somebody else a moment later, so nothing is left in it.

In transaction mode PgBouncer lends out a session for a transaction. It refuses what is to be set for a session at its
start, loses statements that were prepared, and to whom a notification is due it cannot know.
"""

from typing import Any

import psycopg
from psycopg import IsolationLevel
from sqlalchemy import Engine, event


def set_in_transactions(engine: Engine, *, writes: bool, wait: float) -> None:
    """Have every transaction of ``engine`` set what it needs, for itself alone; ``wait`` is in seconds."""
    # After waiting for the head's lock, a writer's statement must see what the one that held it has written.
    level = IsolationLevel.READ_COMMITTED if writes else IsolationLevel.REPEATABLE_READ
    milliseconds = round(wait * 1000)
    settings: dict[str, int | str] = {"lock_timeout": milliseconds, "statement_timeout": 2 * milliseconds}
    if writes:
        settings |= {"synchronous_commit": "on"}
    listed = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in settings.items())

    def connected(connection: psycopg.Connection[Any], _record: object) -> None:
        connection.isolation_level = level
        # A writer leaves it to the database: a standby would not even begin to write, and say so in other words.
        connection.read_only = None if writes else True

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(f"SELECT {listed}"))


MEETINGS = 10
"""How often it is tried to meet a session that may be lent to others."""


def session_of(connection: psycopg.Connection[Any]) -> int:
    """The session that PostgreSQL has for ``connection`` just now, by the id of its process."""
    row = connection.execute("SELECT pg_backend_pid()").fetchone()
    assert row is not None  # it always answers
    return int(row[0])


def is_lent(connection: psycopg.Connection[Any], session: int, conninfo: str) -> bool:
    """Whether ``session``, which ``connection`` was found in, is given to others in between.

    PgBouncer gives out first what it got back last: where nobody else is at work a second connection meets it there at
    once, and where others are, it is the first that is soon found in another one.
    """
    if session == connection.info.backend_pid:
        # Nobody stands in between: PgBouncer would have made that number up.
        return False
    for _ in range(MEETINGS):
        with psycopg.connect(conninfo, connect_timeout=2, prepare_threshold=None) as other:
            if session_of(other) == session:
                return True
        if session_of(connection) != session:
            return True
    return False
