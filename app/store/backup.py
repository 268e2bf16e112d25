"""A consistent copy of a live database, always as one SQLite file: ``--database sqlite:///FILE`` serves it as it is.

Every election in the copy gets a new epoch. Where the copy is put to use, watchers hold sequences of the original that
the copy may never have seen, or will give to other declarations; the epoch tells them to begin anew.
"""

import os
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Table, insert, select

from app.store.engine import Store, sqlite_uri
from app.store.errors import BackupFailed, StoreUnavailable
from app.store.log import new_epoch
from app.store.tables import METADATA

ROWS_AT_ONCE = 5000


def backup(store: Store, file: Path) -> None:
    """Copies the whole database into ``file``, which must not exist; it appears there complete, or not at all.

    Others go on reading and writing meanwhile. Raises BackupFailed where the file is there already or cannot be
    written, StoreUnavailable where the database cannot be read.
    """
    if file.exists():
        raise BackupFailed(f"{file} exists already: a backup never overwrites anything.")
    if not file.parent.is_dir():
        raise BackupFailed(f"There is no folder {file.parent} to put a backup in.")
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}.unfinished")
    try:
        if store.file is None:
            _copy_rows(store, unfinished)
        else:
            _copy_pages(store, store.file, unfinished)
        give_new_epochs(unfinished)
        sync(unfinished)
        unfinished.rename(file)
        sync(file.parent)
    except (OSError, sqlite3.Error) as error:
        raise BackupFailed(f"{store.name} could not be copied to {file} ({error}).") from error
    finally:
        for beside in ("", "-journal", "-wal", "-shm"):
            Path(f"{unfinished}{beside}").unlink(missing_ok=True)


def _copy_pages(store: Store, source: Path, copy: Path) -> None:
    if not source.exists():
        raise StoreUnavailable(f"{store.name} does not exist.")
    # A copy of the file alone would miss what is still in the write-ahead log, and look whole.
    with closing(sqlite3.connect(sqlite_uri(source), uri=True)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))


def _copy_rows(store: Store, copy: Path) -> None:
    with Store.open(f"sqlite:///{copy}") as target:
        target.migrate()
        with store.reading() as source, target.writing() as connection:
            for table in METADATA.sorted_tables:
                copy_rows(source, connection, table)


def copy_rows(source: Connection, target: Connection, table: Table) -> None:
    """Copies all rows of ``table`` from one database into another, which has none that they do not go with."""
    # The order of the key: an entry comes after the one that it replaces.
    statement = select(table).order_by(*table.primary_key)
    for rows in source.execute(statement, execution_options={"yield_per": ROWS_AT_ONCE}).partitions():
        target.execute(insert(table), [row._asdict() for row in rows])


def give_new_epochs(copy: Path) -> None:
    """Gives every election in a file that nobody else has open a new epoch, and leaves one file: no log beside it."""
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = FULL")
        slugs = connection.execute("SELECT slug FROM head").fetchall()
        connection.execute("BEGIN")
        connection.executemany("UPDATE head SET epoch = ? WHERE slug = ?", [(new_epoch(), slug) for (slug,) in slugs])
        connection.execute("COMMIT")


def sync(path: Path) -> None:
    """Returns once a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
