import resource
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import select

from app.store import idempotency, loading, log, staff, tokens
from app.store.backup import backup
from app.store.engine import Store
from app.store.errors import BackupFailed, StoreUnavailable
from app.store.tables import METADATA
from tests.builders import an_election
from tests.store.elections import an_election_with_everything
from tests.store.logs import a_body, declare, declare_many, faults, sequences


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row there is, but for the epochs, in the order of the keys."""
    with store.reading() as connection:
        return {
            table.name: [
                tuple(value for name, value in row._asdict().items() if name != "epoch")
                for row in connection.execute(select(table).order_by(*table.primary_key))
            ]
            for table in METADATA.sorted_tables
        }


def epochs(store: Store) -> list[str]:
    with store.reading() as connection:
        return [head.epoch for head in log.heads(connection).values()]


def test_a_backup_holds_everything_under_new_epochs(store: Store, slug: str, tmp_path: Path):
    with store.writing() as connection:
        loading.save_election(connection, an_election_with_everything(), "digest")
        declare(connection, slug)
        declare(connection, slug, body={**a_body(), "kind": "correction", "replaces": 1, "reason": "x"}, about="ward")
        idempotency.remember(connection, slug, "key", body_hash="x", status=201, answer="{}")
        tokens.add_token(connection, "feed", tokens.Scope.DECLARE)
        staff.add_staff(connection, "Ann", staff.Role.EDITOR, "secret enough")
    file = tmp_path / "copy.db"
    backup(store, file)
    assert [path.name for path in tmp_path.iterdir() if "copy" in path.name] == ["copy.db"]
    with Store.open(f"sqlite:///{file}") as copy:
        assert everything(copy) == everything(store)
        assert not set(epochs(copy)) & set(epochs(store))
        assert len(set(epochs(copy))) == 2
        assert faults(copy, slug) == []


def test_a_backup_can_be_served_and_written_to(store: Store, slug: str, tmp_path: Path):
    declare_many(store, slug, 3)
    backup(store, tmp_path / "copy.db")
    with Store.open(f"sqlite:///{tmp_path / 'copy.db'}") as copy:
        copy.migrate()
        declare_many(copy, slug, 2)
        assert sequences(copy, slug) == [1, 2, 3, 4, 5]
        assert faults(copy, slug) == []
    assert sequences(store, slug) == [1, 2, 3]


def test_a_backup_amid_declarations_is_one_moment_of_the_log(store: Store, slug: str, tmp_path: Path):
    stop = Event()
    declare_many(store, slug, 50)

    def go_on() -> None:
        while not stop.is_set():
            declare_many(store, slug, 1)

    writing = Thread(target=go_on)
    writing.start()
    try:
        for number in range(3):
            backup(store, tmp_path / f"copy-{number}.db")
    finally:
        stop.set()
        writing.join()
    lengths = []
    for number in range(3):
        with Store.open(f"sqlite:///{tmp_path / f'copy-{number}.db'}") as copy:
            assert faults(copy, slug) == []
            lengths.append(len(sequences(copy, slug)))
    assert lengths == sorted(lengths)
    assert lengths[0] >= 50
    assert faults(store, slug) == []


def test_a_backup_overwrites_nothing(store: Store, tmp_path: Path):
    file = tmp_path / "copy.db"
    file.write_text("dear")
    with pytest.raises(BackupFailed, match="exists already"):
        backup(store, file)
    assert file.read_text() == "dear"


def test_a_backup_needs_a_folder(store: Store, tmp_path: Path):
    with pytest.raises(BackupFailed, match="no folder"):
        backup(store, tmp_path / "no" / "copy.db")


def test_a_backup_of_nothing_is_none(tmp_path: Path):
    with Store.open(f"sqlite:///{tmp_path / 'missing.db'}") as store, pytest.raises(StoreUnavailable):
        backup(store, tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_a_backup_that_the_disk_has_no_room_for_leaves_nothing(store: Store, tmp_path: Path):
    with store.writing() as connection:
        loading.save_election(connection, an_election(), "digest")
    folder = tmp_path / "full"
    folder.mkdir()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises((BackupFailed, StoreUnavailable)):
            backup(store, folder / "copy.db")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(folder.iterdir()) == []
