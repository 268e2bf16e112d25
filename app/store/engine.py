"""The database: one engine that writes and one that reads, with settings under which nothing acknowledged is lost."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import Pool, QueuePool

from app.store import audit
from app.store.errors import StoreUnavailable, UnsupportedDatabase
from app.store.migrating import upgrade

MIGRATION_PATIENCE = 60.0
"""Seconds that a process waits for another one to finish bringing the schema up to date."""

_UNDEFINED = frozenset({"42P01", "42703"})
"""SQLSTATEs of a table and a column that are not there."""
_PASSING = frozenset({"40001", "40P01"})
"""SQLSTATEs of a serialisation failure and a deadlock: rolled back, and as good as new."""

_TOLD_OF_SQLITE = {
    "SQLITE_BUSY": "is locked by another process",
    "SQLITE_LOCKED": "is locked by another process",
    "SQLITE_CANTOPEN": "does not exist or cannot be opened; `declared load` makes one",
    "SQLITE_READONLY": "may not be written by this user",
    "SQLITE_PERM": "may not be opened by this user",
    "SQLITE_FULL": "cannot be written: the disk is full",
    "SQLITE_IOERR": "cannot be read or written: the disk is full or failing",
    "SQLITE_CORRUPT": "is damaged",
    "SQLITE_NOTADB": "is not a database",
}

_TOLD_OF_POSTGRESQL = {
    "40001": "could not put its transactions in order",
    "40P01": "was in a deadlock",
    "55P03": "kept a row locked for too long",
    "57014": "took too long to answer",
    "53100": "cannot write: its disk is full",
    "53300": "has no connection left",
    "25006": "may only be read: is it a standby?",
    "28P01": "refused the password",
    "28000": "refused the user",
    "3D000": "does not exist",
}


def database_url(url: str) -> URL:
    """``sqlite:///FILE`` or ``postgresql://…`` as the engines take it; UnsupportedDatabase for anything else."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UnsupportedDatabase(f"“{url}” is no database URL: sqlite:///FILE or postgresql://… is wanted.") from None
    backend = parsed.drivername.partition("+")[0]
    if backend == "sqlite":
        if parsed.database in (None, "", ":memory:"):
            raise UnsupportedDatabase(
                "A SQLite database in memory is lost with its process: name a file, sqlite:///FILE."
            )
        return parsed.set(drivername="sqlite")
    if backend in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    raise UnsupportedDatabase(
        f"“{backend}” is not a database this can use: sqlite:///FILE or postgresql://… is wanted."
    )


@dataclass(frozen=True)
class Store:
    """A database. ``url`` is as ``database_url`` gives it; opening connects to nothing yet."""

    url: URL
    write_engine: Engine
    read_engine: Engine

    @classmethod
    def open(cls, url: str, *, lock_wait: float = 5.0) -> Self:
        """The database at ``url``; a lock held by somebody else is waited for ``lock_wait`` seconds."""
        parsed = database_url(url)
        return cls(parsed, _engine(parsed, writes=True, wait=lock_wait), _engine(parsed, writes=False, wait=lock_wait))

    @property
    def file(self) -> Path | None:
        """The SQLite file; None on PostgreSQL."""
        return sqlite_file(self.url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that cannot write and sees the database as it is at its first statement, all through.

        Raises StoreUnavailable.
        """
        with self.translated(), self.read_engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed at the end, or rolled back whole by any exception.

        On SQLite it is the only one that writes, from its begin; on PostgreSQL it is READ COMMITTED, and whoever takes
        a sequence is the only one until its end. What ``audit.record`` noted is written last. Raises StoreUnavailable.
        """
        with self.translated(), self.write_engine.begin() as connection:
            audit.begin(connection)
            yield connection
            audit.seal(connection)

    def migrate(self) -> None:
        """Creates the schema or brings it up to date; several processes may do so at once.

        Raises StoreUnavailable, and NewerDatabase where the schema is ahead of this code.
        """
        if self.file is not None:
            _create_sqlite_file(self.file, self.name)
        # A connection of its own: it is more patient than those that serve, and nothing may inherit that.
        patient = _engine(self.url, writes=True, wait=MIGRATION_PATIENCE, poolclass=NullPool)
        with self.translated(), patient.begin() as connection:
            exclude_others(connection, "declared schema")
            upgrade(connection, self.name)

    def close(self) -> None:
        """Closes the connections that are not in use; those in use close when they are given back."""
        self.write_engine.dispose()
        self.read_engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def name(self) -> str:
        """How a message names the database: without its password."""
        return f"The database {self.file or self.url.render_as_string(hide_password=True)}"

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turns a driver's errors that are about the database, not about the statement, into StoreUnavailable."""
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            unavailable = self.unavailable(error)
            if unavailable is None:
                raise
            raise unavailable from error

    def unavailable(self, error: BaseException) -> StoreUnavailable | None:
        """What ``error`` says about the state of the database; None where it is about something else."""
        if isinstance(error, PoolTimeout):
            return StoreUnavailable(f"{self.name} is busy: every connection is in use.")
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, sqlite3.Error):
            return self._unavailable_sqlite(cause)
        return self._unavailable_postgresql(error) if isinstance(error, DBAPIError) else None

    def _unavailable_sqlite(self, cause: sqlite3.Error) -> StoreUnavailable | None:
        if str(cause).startswith(("no such table", "no such column")):
            return self._without_schema
        # An extended name such as SQLITE_IOERR_WRITE begins with the name of its family.
        family = "_".join(str(getattr(cause, "sqlite_errorname", "")).split("_")[:2])
        told = _TOLD_OF_SQLITE.get(family)
        return StoreUnavailable(f"{self.name} {told} ({cause}).") if told else None

    def _unavailable_postgresql(self, error: DBAPIError) -> StoreUnavailable | None:
        state = getattr(error.orig, "sqlstate", None) or ""
        if state in _UNDEFINED:
            return self._without_schema
        told = _TOLD_OF_POSTGRESQL.get(state)
        if told is None and not error.connection_invalidated and not isinstance(error, OperationalError):
            return None
        told = told or ("failed" if state else "cannot be reached")
        reason = (str(error.orig).strip().splitlines() or ["no reason given"])[0]
        return StoreUnavailable(
            f"{self.name} {told} ({reason}).",
            is_passing=error.connection_invalidated or state in _PASSING,
        )

    @property
    def _without_schema(self) -> StoreUnavailable:
        return StoreUnavailable(
            f"{self.name} has not been set up, or is older than this code; `declared load` does it."
        )


def is_postgresql(connection: Connection) -> bool:
    """Whether ``connection`` leads to PostgreSQL, where there are other processes that write."""
    return connection.dialect.name == "postgresql"


def exclude_others(connection: Connection, purpose: str) -> None:
    """Waits until no other transaction holds ``purpose``, and holds it until the end of this one."""
    # SQLite's BEGIN IMMEDIATE has done so for every purpose already.
    if is_postgresql(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:purpose))"), {"purpose": purpose})


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite URL, absolute; None for PostgreSQL."""
    return Path(url.database).absolute() if url.drivername == "sqlite" and url.database else None


def sqlite_uri(file: Path) -> str:
    """``file`` as SQLite's own kind of URI, which opens what is there and creates nothing."""
    return f"file:{quote(str(file))}?mode=rw"


def _create_sqlite_file(file: Path, name: str) -> None:
    if not file.parent.is_dir():
        raise StoreUnavailable(f"{name} cannot be made: there is no folder {file.parent}.")
    try:
        file.touch()
    except OSError as error:
        raise StoreUnavailable(f"{name} cannot be made ({error.strerror}).") from error


def _engine(url: URL, *, writes: bool, wait: float, poolclass: type[Pool] = QueuePool) -> Engine:
    """An engine whose connections wait for a lock, and for one another, at most ``wait`` seconds."""
    file = sqlite_file(url)
    options: dict[str, Any] = {"poolclass": poolclass}
    if poolclass is QueuePool:
        options["pool_timeout"] = wait
    if file is None:
        options["connect_args"] = _postgresql_arguments(url, writes=writes, wait=wait)
        return create_engine(url, pool_pre_ping=True, **options)
    engine = create_engine("sqlite://", creator=lambda: _connect_sqlite(file, writes=writes, wait=wait), **options)
    # A transaction that reads first and writes later fails where another has written in between: writers begin as such.
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _connect_sqlite(file: Path, *, writes: bool, wait: float) -> sqlite3.Connection:
    # isolation_level=None: the driver begins nothing by itself; the engine's event does.
    connection = sqlite3.connect(
        sqlite_uri(file), uri=True, timeout=wait, isolation_level=None, check_same_thread=False
    )
    # Under synchronous=NORMAL a power cut takes the newest commits away, acknowledged as they are.
    setting = "synchronous = FULL" if writes else "query_only = ON"
    try:
        if writes:
            _log_ahead(connection, wait)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA {setting}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _log_ahead(connection: sqlite3.Connection, wait: float) -> None:
    """Write-ahead logging. Of two that change a new file to it at once SQLite lets one fail, and does not wait."""
    deadline = time.monotonic() + wait
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _postgresql_arguments(url: URL, *, writes: bool, wait: float) -> dict[str, Any]:
    milliseconds = round(wait * 1000)
    settings: dict[str, int | str] = {"lock_timeout": milliseconds, "statement_timeout": 2 * milliseconds}
    if writes:
        # After waiting for the head's lock, a statement must see what the one that held it has written.
        settings |= {"default_transaction_isolation": r"read\ committed", "synchronous_commit": "on"}
    else:
        settings |= {"default_transaction_isolation": r"repeatable\ read", "default_transaction_read_only": "on"}
    given = url.query.get("options", ())
    options = [given] if isinstance(given, str) else list(given)
    options += [f"-c {name}={value}" for name, value in settings.items()]
    return {
        "application_name": "declared",
        "client_encoding": "utf8",
        "connect_timeout": 2,
        "options": " ".join(options),
    }
