import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete

from app.store import audit, idempotency, loading, log, staff, tokens
from app.store.backup import backup
from app.store.engine import Store
from app.store.errors import RestoreFailed, StoreUnavailable
from app.store.restoring import Restored
from app.store.restoring import restore as restore_by
from app.store.tables import METADATA
from tests.store.elections import an_election_with_everything
from tests.store.logs import a_body, declare, declare_many, faults, sequences
from tests.store.test_backup import epochs
from tests.store.test_backup import everything as every_row


def restore(store: Store, file: Path, *, replace: bool) -> Restored:
    return restore_by(store, file, replace=replace, by=audit.Actor("command:ann", audit.COMMAND_LINE))


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """But for the audit, which restoring itself adds to."""
    return {name: rows for name, rows in every_row(store).items() if not name.startswith("audit")}


def audited(store: Store) -> list[str]:
    with store.reading() as connection:
        assert list(audit.verify_chain(connection)) == []
        return [row.kind for row in audit.rows(connection)]


@pytest.fixture
def copy(store: Store, slug: str, tmp_path: Path) -> Path:
    """A backup of the store with something in every kind of table."""
    with store.writing() as connection:
        loading.save_election(connection, an_election_with_everything(), "digest")
        declare(connection, slug)
        declare(connection, slug, body={**a_body(), "kind": "correction", "replaces": 1, "reason": "x"}, about="ward")
        idempotency.remember(connection, slug, "key", body_hash="x", status=201, answer="{}")
        tokens.add_token(connection, "feed", tokens.Scope.DECLARE)
        staff.add_staff(connection, "Ann", staff.Role.EDITOR, "secret enough")
    file = tmp_path / "copy.db"
    backup(store, file)
    return file


def test_a_restored_database_holds_what_the_backup_holds_under_new_epochs(store: Store, slug: str, copy: Path):
    there = everything(store)
    declare_many(store, slug, 3)
    was = epochs(store)
    told = restore(store, copy, replace=True)
    assert everything(store) == there
    assert (told.heads[slug].seq, told.people, told.tokens, told.faults) == (2, 1, 1, ())
    with Store.open(f"sqlite:///{copy}") as original:
        assert not set(epochs(store)) & {*was, *epochs(original)}
    assert sorted(head.epoch for head in told.heads.values()) == sorted(epochs(store))
    assert faults(store, slug) == []


def test_a_restored_database_is_written_to_as_before(store: Store, slug: str, copy: Path):
    restore(store, copy, replace=True)
    declare_many(store, slug, 2)
    with store.writing() as connection:
        tokens.add_token(connection, "another", tokens.Scope.KEY)
    assert sequences(store, slug) == [1, 2, 3, 4]
    assert faults(store, slug) == []


def test_what_is_there_is_not_replaced_unasked(store: Store, slug: str, copy: Path):
    declare_many(store, slug, 3)
    before = everything(store)
    with pytest.raises(RestoreFailed, match="not empty"):
        restore(store, copy, replace=False)
    assert everything(store) == before
    assert sequences(store, slug) == [1, 2, 3, 4, 5]


def test_how_much_further_the_logs_went_that_were_there_is_told(store: Store, slug: str, copy: Path):
    with store.writing() as connection:
        declare(connection, slug)
        end = log.head(connection, slug).seq
    told = restore(store, copy, replace=True)
    assert told.left_out == (f"What was there went on to entry {end} of “{slug}”, the backup ends at {end - 1}.",)


def test_an_empty_database_is_filled(store: Store, slug: str, copy: Path):
    there = everything(store)
    with store.writing() as connection:
        for table in reversed(METADATA.sorted_tables):
            if not table.name.startswith("audit"):
                connection.execute(delete(table))
    assert restore(store, copy, replace=False).heads[slug].seq == 2
    assert everything(store) == there


def test_a_sqlite_file_that_was_replaced_is_kept_aside_whole(sqlite_store: Store, tmp_path: Path):
    store = sqlite_store
    with store.writing() as connection:
        loading.save_election(connection, an_election_with_everything(), "digest")
    backup(store, tmp_path / "copy.db")
    declare_many(store, "all-2023", 2)
    assert store.file is not None
    store.file.chmod(0o640)
    told = restore(store, tmp_path / "copy.db", replace=True)
    assert told.aside is not None
    with Store.open(f"sqlite:///{told.aside}") as kept:
        assert sequences(kept, "all-2023") == [1, 2], "what was in its write-ahead log too"
    assert sequences(store, "all-2023") == []
    assert store.file.stat().st_mode & 0o777 == 0o640
    assert not list(tmp_path.glob(".*unfinished*"))


def test_a_missing_sqlite_file_is_put_there(sqlite_store: Store, tmp_path: Path):
    backup(sqlite_store, tmp_path / "copy.db")
    with Store.open(f"sqlite:///{tmp_path / 'new.db'}") as store:
        assert restore(store, tmp_path / "copy.db", replace=False).aside is None
        assert everything(store) == everything(sqlite_store)


def test_a_damaged_database_is_replaced(sqlite_store: Store, tmp_path: Path):
    store = sqlite_store
    backup(store, tmp_path / "copy.db")
    assert store.file is not None
    store.close()
    store.file.write_bytes(os.urandom(50_000))
    with pytest.raises(RestoreFailed, match="not empty"):
        restore(store, tmp_path / "copy.db", replace=False)
    told = restore(store, tmp_path / "copy.db", replace=True)
    assert told.aside is not None
    assert told.aside.stat().st_size == 50_000
    assert store.file.exists()
    store.refuse_damaged()


def test_what_is_no_backup_restores_nothing(store: Store, slug: str, tmp_path: Path):
    declare_many(store, slug, 1)
    before = everything(store)
    (tmp_path / "text.db").write_text("no database" * 100)
    (tmp_path / "empty.db").touch()
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE x (y)")
    nothing = "nothing of Declared"
    for name, words in (
        ("text.db", "declared backup"),
        ("missing.db", "no file"),
        ("empty.db", nothing),
        ("other.db", nothing),
    ):
        with pytest.raises(RestoreFailed, match=words):
            restore(store, tmp_path / name, replace=True)
    assert everything(store) == before
    assert not [path for path in tmp_path.iterdir() if "unfinished" in path.name or "replaced" in path.name]


def test_a_damaged_backup_is_refused(sqlite_store: Store, tmp_path: Path):
    store, file = sqlite_store, tmp_path / "copy.db"
    backup(store, file)
    with file.open("r+b") as damaged:
        damaged.seek(3 * 4096)
        damaged.write(b"\xff" * 4096 * 3)
    with pytest.raises(RestoreFailed, match=r"damaged|cannot be restored from"):
        restore(store, file, replace=True)


def test_the_database_is_not_restored_from_itself(sqlite_store: Store):
    assert sqlite_store.file is not None
    with pytest.raises(RestoreFailed, match="the database itself"):
        restore(sqlite_store, sqlite_store.file, replace=True)


def test_a_backup_whose_log_was_altered_is_restored_and_told(sqlite_store: Store, tmp_path: Path):
    store = sqlite_store
    with store.writing() as connection:
        loading.save_election(connection, an_election_with_everything(), "digest")
    declare_many(store, "all-2023", 2)
    backup(store, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection, connection:
        connection.execute("UPDATE entry SET author = 'somebody else' WHERE seq = 1")
    assert "altered" in restore(store, tmp_path / "copy.db", replace=True).faults[0]


def test_a_new_epoch_leaves_the_log_as_it_is(store: Store, slug: str):
    declare_many(store, slug, 2)
    was = epochs(store)
    with store.writing() as connection:
        epoch = log.begin_epoch(connection, slug)
    assert epochs(store) == [epoch] != was
    assert sequences(store, slug) == [1, 2]
    assert faults(store, slug) == []


def test_the_audit_says_who_restored_and_loses_nothing(store: Store, slug: str, copy: Path):
    ann = audit.Actor("Ann", "192.0.2.1")
    with store.writing() as connection:
        audit.record(connection, audit.Kind.SIGNED_IN, ann)
    restore(store, copy, replace=True)
    kept = [] if store.file is not None else ["signed in"]
    assert audited(store) == [*kept, "restored"]


def test_nobody_has_half_of_a_restore(store: Store, slug: str, copy: Path, monkeypatch: pytest.MonkeyPatch):
    """Whatever breaks it off before its end leaves what was there."""
    declare_many(store, slug, 1)
    before = everything(store)
    broken = StoreUnavailable("no more") if store.file is None else OSError("no more")

    def break_off(*_: object) -> None:
        raise broken

    monkeypatch.setattr("app.store.restoring._count_on", break_off)
    real = Path.rename
    monkeypatch.setattr(Path, "rename", lambda path, to: break_off() if "unfinished" in path.name else real(path, to))
    with pytest.raises((RestoreFailed, StoreUnavailable)):
        restore(store, copy, replace=True)
    monkeypatch.undo()
    assert everything(store) == before
    declare_many(store, slug, 1)
    assert faults(store, slug) == []
