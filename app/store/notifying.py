"""A wake-up for the followers in other processes, who hear it by ``listening``.

PostgreSQL carries it: NOTIFY inside the transaction that writes, delivered when that commits. SQLite has nothing of the
kind, and is followed by polling alone.
"""

from sqlalchemy import Connection, text

from app.store.locks import is_postgresql

CHANNEL = "declared"

_NOTIFY = text("SELECT pg_notify(:channel, :slug)")


def notify(connection: Connection, slug: str) -> None:
    """Wakes every listener once this transaction is committed, and tells it ``slug``."""
    if is_postgresql(connection):
        connection.execute(_NOTIFY, {"channel": CHANNEL, "slug": slug})
