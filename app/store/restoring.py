"""A backup put to use: in the place of the database, at once and whole, also while servers run on it.

Every election gets a new epoch. Watchers hold sequences that the backup may never have seen, or will give to other
declarations; running servers learn by the epoch that they have to begin anew.
"""

import dataclasses
import os
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Table, delete, func, select, text

from app.store import audit, log
from app.store.backup import copy_rows, give_new_epochs, sync
from app.store.engine import Store, sqlite_uri
from app.store.errors import RestoreFailed, StoreError, StoreUnavailable
from app.store.locks import exclude_others
from app.store.notifying import notify
from app.store.tables import AUDIT, AUDIT_HEAD, METADATA, STAFF, TOKEN

_OF_THE_AUDIT = (AUDIT, AUDIT_HEAD)

BESIDE = ("", "-wal", "-shm")
"""What SQLite puts behind the name of a database's files."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What there is now: the ends of the logs by slug, in their new epochs, and how many people and tokens.

    ``aside`` is what was there before, on SQLite, if anything; ``faults`` are those of the restored logs, ``left_out``
    what was declared there and is not here, both as sentences.
    """

    heads: dict[str, log.Head]
    people: int
    tokens: int
    faults: tuple[str, ...]
    aside: Path | None = None
    left_out: tuple[str, ...] = ()


def restore(store: Store, backup: Path, *, replace: bool, by: audit.Actor) -> Restored:
    """Puts what ``backup``, a file that ``backup`` wrote, holds into the database.

    A database that holds anything is left alone unless ``replace`` is given. On SQLite it is put aside then, on
    PostgreSQL it is gone, but for the audit, which goes on. That ``by`` did it is noted there. Raises RestoreFailed,
    StoreUnavailable, and NewerDatabase for a backup by newer code.
    """
    with tempfile.TemporaryDirectory(prefix="declared-restore-") as folder:
        in_use = store.file
        if in_use is not None and in_use.exists() and backup.exists() and backup.samefile(in_use):
            raise RestoreFailed(f"{backup} is the database itself.")
        # Beside the database, so that a rename puts it there.
        copy = in_use.with_name(f".{in_use.name}.{secrets.token_hex(4)}.unfinished") if in_use else Path(folder, "copy")
        try:
            _copy(backup, copy)
            told = _made_ready(copy, backup, by)
            if in_use is None:
                were = _put_rows(store, copy, _noting(by, backup, told.heads), replace=replace)
                return dataclasses.replace(told, left_out=_left_out(were, told.heads))
            aside = _put_file(store, copy, replace=replace)
            return dataclasses.replace(told, aside=aside, left_out=_left_out(_heads_of(aside), told.heads))
        except (OSError, sqlite3.Error) as error:
            raise RestoreFailed(f"{backup} could not be restored ({error}). {store.name} is as it was.") from error
        finally:
            for beside in (*BESIDE, "-journal"):
                Path(f"{copy}{beside}").unlink(missing_ok=True)


def _copy(backup: Path, copy: Path) -> None:
    if not backup.is_file():
        raise RestoreFailed(f"There is no file {backup}.")
    if not copy.parent.is_dir():
        raise RestoreFailed(f"There is no folder {copy.parent} to restore into.")
    try:
        with closing(sqlite3.connect(f"{sqlite_uri(backup.absolute())[:-2]}ro", uri=True)) as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise RestoreFailed(f"{backup} is damaged ({found}).")
            # To SQLite an empty file is a database too, such as what a full disk has left of a copy.
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'head'").fetchone():
                raise RestoreFailed(f"{backup} cannot be restored from: nothing of Declared is in it.")
            connection.execute("VACUUM INTO ?", (str(copy),))
    except sqlite3.DatabaseError as error:
        raise RestoreFailed(
            f"{backup} cannot be restored from: is it a file of `declared backup`? ({error})"
        ) from error


def _noting(by: audit.Actor, backup: Path, heads: Mapping[str, log.Head]) -> Callable[[Connection], None]:
    """What writes the restoring of ``backup``, whose logs end at ``heads``, into the audit."""
    details = {"elections": {slug: head.seq for slug, head in heads.items()}}
    return lambda it: audit.record(it, audit.Kind.RESTORED, by, subject=backup.name, details=details)


def _made_ready(copy: Path, backup: Path, by: audit.Actor) -> Restored:
    """Brings a copy's schema up to date, notes in it what is done, gives it new epochs and looks at what it holds."""
    with Store.open(f"sqlite:///{copy}") as store:
        store.migrate()
        with store.writing() as connection:
            _noting(by, backup, log.heads(connection))(connection)
    give_new_epochs(copy)
    with Store.open(f"sqlite:///{copy}") as store, store.reading() as connection:
        heads = log.heads(connection)
        told = Restored(
            heads,
            people=_number(connection, STAFF),
            tokens=_number(connection, TOKEN),
            faults=(
                *(fault for slug in heads for fault in log.verify_chain(connection, slug)),
                *audit.verify_chain(connection),
            ),
        )
    sync(copy)
    return told


def _heads_of(aside: Path | None) -> Mapping[str, log.Head]:
    """The ends of the logs in a file that was put aside; none where it cannot be read any more."""
    if aside is None:
        return {}
    with suppress(StoreError), Store.open(f"sqlite:///{aside}") as store, store.reading() as connection:
        return log.heads(connection)
    return {}


def _left_out(were: Mapping[str, log.Head], heads: Mapping[str, log.Head]) -> tuple[str, ...]:
    """What was in the logs that ended at ``were`` and came after the end of the backup's."""
    ends = {slug: heads[slug].seq if slug in heads else 0 for slug in were}
    return tuple(
        f"What was there went on to entry {was.seq} of “{slug}”, the backup ends at {ends[slug]}."
        for slug, was in were.items()
        if was.seq > ends[slug]
    )


def _number(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


# A SQLite file


def _put_file(store: Store, copy: Path, *, replace: bool) -> Path | None:
    """Renames ``copy`` to the database, and what was there to what is returned; None where there was nothing."""
    file = store.file
    assert file is not None
    if file.exists() and not replace and not _is_empty(store):
        raise RestoreFailed(f"{store.name} is not empty: --replace puts it aside and the backup in its place.")
    aside = file.with_name(f"{file.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    if file.exists():
        shutil.copymode(file, copy)
        with suppress(PermissionError):
            os.chown(copy, file.stat().st_uid, file.stat().st_gid)
    with _nobody_writing(file):
        moved: list[tuple[Path, Path]] = []
        try:
            # The database first: a process that opened it in between would make a log beside it for the wrong one.
            for old in (Path(f"{file}{beside}") for beside in BESIDE):
                if old.exists():
                    new = Path(f"{aside}{old.name.removeprefix(file.name)}")
                    old.rename(new)
                    moved.append((old, new))
            copy.rename(file)
        except OSError:
            for old, new in reversed(moved):
                new.rename(old)
            raise
        sync(file.parent)
    return aside if aside.exists() else None


@contextmanager
def _nobody_writing(file: Path) -> Iterator[None]:
    """Waits for whoever is writing into ``file``; where it is damaged beyond that, there is nobody to wait for."""
    if not file.exists():
        yield
        return
    with closing(sqlite3.connect(sqlite_uri(file), uri=True, timeout=30, isolation_level=None)) as connection:
        with suppress(sqlite3.DatabaseError):
            connection.execute("BEGIN IMMEDIATE")
        yield


def _is_empty(store: Store) -> bool:
    """Whether nothing was ever kept in it: no tables, or none with a row."""
    try:
        with store.reading() as connection:
            return not _holds_anything(connection)
    except StoreUnavailable:
        # Of a damaged one it is not known; of one without tables it is.
        return store.file is not None and store.file.stat().st_size == 0


def _holds_anything(connection: Connection) -> bool:
    """Whether it is in use; an audit alone is of what was done with it, not in it."""
    tables = (table for table in METADATA.sorted_tables if table not in _OF_THE_AUDIT)
    return any(connection.execute(select(table).limit(1)).first() is not None for table in tables)


# PostgreSQL


def _put_rows(store: Store, copy: Path, note: Callable[[Connection], None], *, replace: bool) -> Mapping[str, log.Head]:
    """Puts the rows of ``copy`` in the place of all that there are, in one transaction; where the logs ended that were.

    An audit that there is goes on with ``note``: nothing may take a row from it.
    """
    store.migrate()
    tables = METADATA.sorted_tables
    with Store.open(f"sqlite:///{copy}") as source, source.reading() as given, store.writing() as connection:
        exclude_others(connection, "declared catalogue")
        # Others go on reading what was there, and wait to write.
        names = ", ".join(connection.dialect.identifier_preparer.format_table(table) for table in tables)
        connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
        if _holds_anything(connection) and not replace:
            raise RestoreFailed(f"{store.name} is not empty: --replace puts the backup in the place of all it holds.")
        were = log.heads(connection)
        replaced = [table for table in tables if table not in _OF_THE_AUDIT]
        for table in reversed(replaced):
            connection.execute(delete(table))
        goes_on = audit.head(connection)[0] > 0
        if goes_on:
            note(connection)
        for table in replaced if goes_on else tables:
            copy_rows(given, connection, table)
            _count_on(connection, table)
        for slug in log.heads(connection):
            notify(connection, slug)
    return were


def _count_on(connection: Connection, table: Table) -> None:
    """Has the numbers that the database gives to new rows go on after the last of those that came with theirs."""
    column = table.autoincrement_column
    if column is not None:
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        following = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
        connection.execute(select(func.setval(sequence, following, False)))  # noqa: FBT003  # of SQL
