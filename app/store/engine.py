"""The database: one engine that writes and one that reads, with settings under which nothing acknowledged is lost."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import Pool, QueuePool

from app.store import audit, files
from app.store.errors import ReadOnly, StoreUnavailable, UnsupportedDatabase
from app.store.locks import exclude_others
from app.store.migrating import is_newest, upgrade
from app.store.outages import Outages, Use

SILENT_SECONDS = 2.0
"""Seconds beyond the longest wait for a lock after which PostgreSQL is not busy, but out of reach."""

MIGRATION_PATIENCE = 60.0
"""Seconds that a process waits for another one to finish bringing the schema up to date."""

READERS = 15
"""Connections that read at the same time, unless told otherwise."""
KEPT_OPEN = 5
"""Of these, as many as stay open when there is nothing to read."""
WRITERS = 4
"""Connections that write: that of the one writer, and of whoever counts tries to sign in."""

_UNDEFINED = frozenset({"42P01", "42703"})
"""SQLSTATEs of a table and a column that are not there."""
_PASSING = frozenset({"40001", "40P01"})
"""SQLSTATEs of a serialisation failure and a deadlock: rolled back, and as good as new."""
_NOT_NOW = frozenset({"53300", "57P01", "57P02", "57P03"})
"""SQLSTATEs of too many connections, and of a server that stops or starts."""
_READ_ONLY = frozenset({"25006", "SQLITE_READONLY"})
"""What SQLite and PostgreSQL say of a database that may only be read."""
_FOR_SOMEBODY_TO_MEND = ("password authentication failed", "does not exist", "no pg_hba.conf entry", 'role "')
"""Parts of what PostgreSQL says to those whom it does not let in: to them it gives no SQLSTATE."""

_STATEMENT_MODE = "statement pooling mode"
"""What PgBouncer says whoever begins a transaction that it would not carry."""

_TOLD_OF_SQLITE = {
    "SQLITE_BUSY": "is locked by another process",
    "SQLITE_LOCKED": "is locked by another process",
    "SQLITE_CANTOPEN": "does not exist or cannot be opened; `declared load` makes one, `declared restore` restores one",
    "SQLITE_READONLY": "may only be read",
    "SQLITE_PERM": "may not be opened by this user",
    "SQLITE_FULL": "cannot be written: the disk is full",
    "SQLITE_IOERR": "cannot be read or written: the disk is full or failing",
    "SQLITE_CORRUPT": "is damaged: restore a backup, `declared restore BACKUP --replace`",
    "SQLITE_NOTADB": "is damaged, or not a database: `declared restore BACKUP --replace` restores a backup",
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
    """A database. ``url`` is as ``database_url`` gives it; opening connects to nothing yet.

    ``outages`` is told how reading goes, where there is one: in a server.
    """

    url: URL
    write_engine: Engine
    read_engine: Engine
    outages: Outages | None = None

    @classmethod
    def open(cls, url: str, *, lock_wait: float = 5.0, readers: int = READERS, outages: Outages | None = None) -> Self:
        """The database at ``url``; a lock held by somebody else is waited for ``lock_wait`` seconds.

        At most ``readers`` connections read at a time; whoever comes beyond them waits as for a lock.
        """
        parsed = database_url(url)
        reads = _engine(parsed, writes=False, wait=lock_wait, most=readers)
        return cls(parsed, _engine(parsed, writes=True, wait=lock_wait, most=WRITERS), reads, outages)

    @property
    def file(self) -> Path | None:
        """The SQLite file; None on PostgreSQL."""
        return sqlite_file(self.url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that cannot write and sees the database as it is at its first statement, all through.

        Raises StoreUnavailable.
        """
        try:
            with self.translated(), self.read_engine.connect() as connection:
                self._refuse_other_file(connection)
                yield connection
        except StoreUnavailable as error:
            self.failed(Use.READING, error)
            raise
        self.worked(Use.READING)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed at the end, or rolled back whole by any exception.

        On SQLite it is the only one that writes, from its begin; on PostgreSQL it is READ COMMITTED, and whoever takes
        a sequence is the only one until its end. What ``audit.record`` noted is written last. Raises StoreUnavailable:
        at the end, too, where what was written went into a file that is not the database any more.
        """
        with self.translated(), self.write_engine.connect() as connection:
            with connection.begin():
                self._refuse_other_file(connection)
                audit.begin(connection)
                yield connection
                audit.seal(connection)
            self._refuse_other_file(connection)

    def _refuse_other_file(self, connection: Connection) -> None:
        if self.file is not None:
            files.refuse_other(connection.info, self.file)

    def failed(self, use: Use, error: StoreUnavailable) -> None:
        """Notes that the database could not be used so."""
        if self.outages is not None:
            self.outages.failed(use, error)

    def worked(self, use: Use) -> None:
        """Notes that it could."""
        if self.outages is not None:
            self.outages.worked(use)

    def is_read_only(self) -> bool:
        """Whether it may only be read: a standby, or a file that may not be changed. Raises StoreUnavailable."""
        with self.translated():
            if self.file is not None:
                return _is_read_only(self.file)
            with self.write_engine.connect() as connection:
                return bool(connection.scalar(text("SHOW transaction_read_only")) == "on")

    def migrate(self) -> None:
        """Creates the schema or brings it up to date; several processes may do so at once.

        One that may only be read is left as it is, where it is up to date. Raises StoreUnavailable, and NewerDatabase
        where the schema is ahead of this code.
        """
        if self.file is not None:
            _create_sqlite_file(self.file, self.name)
        # A connection of its own: it is more patient than those that serve, and nothing may inherit that.
        # SQLite makes a table anew to change it, and would not let one go that others refer to.
        patient = _engine(
            self.url, writes=True, wait=MIGRATION_PATIENCE, poolclass=NullPool, keeps_references=self.file is None
        )
        try:
            with self.translated(), patient.begin() as connection:
                exclude_others(connection, "declared schema")
                if upgrade(connection, self.name) and self.file is not None:
                    self._refuse_dangling(connection)
        except ReadOnly:
            with self.translated(), self.read_engine.connect() as connection:
                if not is_newest(connection):
                    raise

    def _refuse_dangling(self, connection: Connection) -> None:
        """Raises StoreUnavailable where a row of a SQLite file refers to one that is not there."""
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if dangling is not None:
            raise StoreUnavailable(f"{self.name} is damaged: rows of “{dangling[0]}” refer to what is not there.")

    def refuse_damaged(self) -> None:
        """Raises StoreUnavailable where a look over the whole SQLite file finds damage; PostgreSQL looks for itself."""
        if self.file is None:
            return
        with self.translated(), self.read_engine.connect() as connection:
            found = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
        if found != "ok":
            told = _TOLD_OF_SQLITE["SQLITE_CORRUPT"]
            raise StoreUnavailable(f"{self.name} {told} ({' '.join(found.split())}).")

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
        kind = ReadOnly if family in _READ_ONLY else StoreUnavailable
        is_away = family in {"SQLITE_BUSY", "SQLITE_LOCKED"}
        return kind(f"{self.name} {told} ({cause}).", is_away=is_away) if told else None

    def _unavailable_postgresql(self, error: DBAPIError) -> StoreUnavailable | None:
        state = getattr(error.orig, "sqlstate", None) or ""
        if state in _UNDEFINED:
            return self._without_schema
        told = _TOLD_OF_POSTGRESQL.get(state)
        if told is None and not error.connection_invalidated and not isinstance(error, OperationalError):
            return None
        is_silent = getattr(error.orig, "is_silence", False)
        told = told or ("failed" if state else "does not answer" if is_silent else "cannot be reached")
        reason = (str(error.orig).strip().splitlines() or ["no reason given"])[0]
        if _STATEMENT_MODE in reason:
            told = "is behind a PgBouncer in statement mode, which has no transactions: set pool_mode = transaction"
        kind = ReadOnly if state in _READ_ONLY else StoreUnavailable
        return kind(
            f"{self.name} {told} ({reason}).",
            # Silence may last: to try again at once would take as long again, and whoever waits behind this waits too.
            is_passing=(error.connection_invalidated and not is_silent) or state in _PASSING,
            is_away=error.connection_invalidated or _is_away(state, str(error.orig)),
        )

    @property
    def _without_schema(self) -> StoreUnavailable:
        return StoreUnavailable(
            f"{self.name} has not been set up, or is older than this code; `declared load` does it."
        )


def _is_away(state: str, told: str) -> bool:
    """Whether a PostgreSQL that has said this may let us in later by itself."""
    return state in _NOT_NOW or not (state or any(part in told for part in _FOR_SOMEBODY_TO_MEND))


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite URL, absolute; None for PostgreSQL."""
    return Path(url.database).absolute() if url.drivername == "sqlite" and url.database else None


def sqlite_uri(file: Path) -> str:
    """``file`` as SQLite's own kind of URI, which opens what is there and creates nothing."""
    return f"file:{quote(str(file))}?mode=rw"


def _create_sqlite_file(file: Path, name: str) -> None:
    if not file.parent.is_dir():
        raise StoreUnavailable(f"{name} cannot be made: there is no folder {file.parent}.")
    if file.exists():
        return
    try:
        file.touch()
    except OSError as error:
        raise StoreUnavailable(f"{name} cannot be made ({error.strerror}).") from error


def _engine(  # what tells one kind of connection from another, each by its name
    url: URL,
    *,
    writes: bool,
    wait: float,
    poolclass: type[Pool] = QueuePool,
    most: int = READERS,
    keeps_references: bool = True,
) -> Engine:
    """An engine whose connections, ``most`` at a time, wait for a lock and for one another at most ``wait`` seconds.

    Those to SQLite refuse a row that refers to nothing unless ``keeps_references`` is False.
    """
    file = sqlite_file(url)
    options: dict[str, Any] = {"poolclass": poolclass}
    if poolclass is QueuePool:
        kept = min(most, KEPT_OPEN)
        options |= {"pool_timeout": wait, "pool_size": kept, "max_overflow": most - kept}
    if file is None:
        from app.store.answering import connect_answering
        from app.store.pooled import set_in_transactions

        arguments = _postgresql_arguments(url)
        engine = create_engine(url, pool_pre_ping=True, connect_args=arguments, **options)
        connect_answering(engine, wait + SILENT_SECONDS)
        set_in_transactions(engine, writes=writes, wait=wait)
        return engine

    def connect() -> sqlite3.Connection:
        connection = _connect_sqlite(file, writes=writes, wait=wait)
        connection.execute(f"PRAGMA foreign_keys = {'ON' if keeps_references else 'OFF'}")
        return connection

    engine = create_engine("sqlite://", creator=connect, **options)
    # A transaction that reads first and writes later fails where another has written in between: writers begin as such.
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    files.watch(engine, file)
    return engine


def _is_read_only(file: Path) -> bool:
    # Without waiting: where somebody else is writing it can be written.
    with closing(sqlite3.connect(sqlite_uri(file), uri=True, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY
        connection.execute("ROLLBACK")
        return False


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


def _postgresql_arguments(url: URL) -> dict[str, Any]:
    given = url.query.get("options", ())
    options = {} if isinstance(given, str) or not given else {"options": " ".join(given)}
    return {
        "application_name": "declared",
        "client_encoding": "utf8",
        # A statement that is prepared stays with its connection, which PgBouncer gives to others in between.
        "prepare_threshold": None,
        **options,
    }
