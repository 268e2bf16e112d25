"""Having a purpose for oneself until the end of a transaction."""

from sqlalchemy import Connection, text


def is_postgresql(connection: Connection) -> bool:
    """Whether ``connection`` leads to PostgreSQL, where there are other processes that write."""
    return connection.dialect.name == "postgresql"


def exclude_others(connection: Connection, purpose: str) -> None:
    """Waits until no other transaction holds ``purpose``, and holds it until the end of this one."""
    # SQLite's BEGIN IMMEDIATE has done so for every purpose already.
    if is_postgresql(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:purpose))"), {"purpose": purpose})
