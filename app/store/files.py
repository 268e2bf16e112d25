"""A SQLite database as files on a disk, which somebody may remove or replace under a server that has them open.

SQLite does not notice: it goes on writing into what has no name any more, and all of that is gone with the process.
"""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from app.store.errors import StoreUnavailable

_KNOWN = "declared files"
"""Under this a pooled connection remembers the files that it has open."""

_FileNumber = tuple[int, int]
"""Device and inode."""


@dataclass(frozen=True, slots=True)
class Files:
    """The files that are under a database's names: it, its write-ahead log and the index of that, None where none.

    SQLite goes by the name behind a symbolic link: ``real``.
    """

    real: str
    database: _FileNumber | None
    beside: tuple[_FileNumber | None, ...]

    @classmethod
    def at(cls, file: Path) -> Self:
        """Those of now."""
        return cls._of(file, os.path.realpath(file))

    def now_at(self, file: Path) -> Self:
        """Those that are there now in the place of these."""
        # A link that leads elsewhere now is found by the database: to resolve it every time takes longer than all else.
        return self._of(file, self.real)

    @classmethod
    def _of(cls, file: Path, real: str) -> Self:
        return cls(real, _number(str(file)), tuple(_number(f"{real}{suffix}") for suffix in ("-wal", "-shm")))

    def are_as(self, opened: "Files") -> bool:
        """Whether a connection that has ``opened`` these has them still."""
        # One that only reads a database without a write-ahead log does not have one open.
        beside = zip(opened.beside, self.beside, strict=True)
        return self.database == opened.database and all(had in (None, now) for had, now in beside)


def watch(engine: Engine, file: Path) -> None:
    """Has connections of ``engine`` opened anew where other files have taken the place of those that they have open."""

    def opened(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
        before = Files.at(file)
        # It opens the write-ahead log with the first look into the database.
        connection.execute("PRAGMA schema_version").fetchone()
        entry.info[_KNOWN] = Files.at(file)
        if before.database != entry.info[_KNOWN].database:
            raise _replaced(file)

    def taken(connection: sqlite3.Connection, entry: ConnectionPoolEntry, _proxy: object) -> None:
        known = entry.info[_KNOWN]
        now = known.now_at(file)
        # Where nothing has taken its place it is left open: it may be moved back, and all that it held is in it.
        if now.database is None or now.are_as(known):
            return
        if now.database == known.database:
            # The write-ahead log alone is gone: what it has is put where it belongs while it is open.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raise InvalidatePoolError

    event.listen(engine, "connect", opened)
    event.listen(engine, "checkout", taken)


def refuse_other(known: dict[str, Files], file: Path) -> None:
    """Raises StoreUnavailable where ``file`` is not what the connection that ``known`` is of has open."""
    now = known[_KNOWN].now_at(file)
    if now.database is None:
        raise StoreUnavailable(
            f"The database {file} was removed. Put it back, or restore a backup: `declared restore BACKUP`."
        )
    if not now.are_as(known[_KNOWN]):
        raise _replaced(file)


def _replaced(file: Path) -> StoreUnavailable:
    return StoreUnavailable(f"The database {file} was replaced just now; what is there is opened anew.")


def _number(path: str) -> _FileNumber | None:
    try:
        found = os.stat(path)  # noqa: PTH116  # several for every transaction: a Path each would cost more than they
    except OSError:
        return None
    return found.st_dev, found.st_ino
