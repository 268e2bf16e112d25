"""A SQLite file that is removed or replaced while it is in use: nothing is acknowledged that is not in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.backup import backup
from app.store.engine import Store
from app.store.errors import StoreUnavailable
from app.store.writer import Writer
from tests.promises import Reached
from tests.store.logs import authors, declare, declare_many, faults

PATIENCE = 60


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    return sqlite_store


@pytest.fixture
def file(store: Store) -> Path:
    assert store.file is not None
    return store.file


@pytest.fixture
def writer(store: Store) -> Iterator[Writer]:
    with Writer(store) as writer:
        yield writer


def post(writer: Writer, slug: str, author: str) -> None:
    writer.submit(lambda connection: declare(connection, slug, author=author)).result(PATIENCE)


def afresh(file: Path, slug: str) -> list[str]:
    """Who declared, as somebody finds it who opens the file now."""
    with Store.open(f"sqlite:///{file}") as other:
        assert faults(other, slug) == []
        return authors(other, slug)


@pytest.mark.promise("Nothing is acknowledged into a removed or replaced file", wanted="0 acknowledged")
def test_nothing_is_acknowledged_into_a_file_that_was_removed(
    store: Store, file: Path, writer: Writer, slug: str, reached: Reached
):
    post(writer, slug, "before")
    for name in ("", "-wal", "-shm"):
        Path(f"{file}{name}").unlink()
    for number in range(20):
        with pytest.raises(StoreUnavailable, match="was removed"):
            post(writer, slug, f"lost {number}")
    with pytest.raises(StoreUnavailable, match="does not exist"):
        authors(store, slug)
    reached("removed: 20 of 20 refused")


def test_a_file_that_is_moved_back_is_written_to_again(store: Store, file: Path, writer: Writer, slug: str):
    post(writer, slug, "before")
    away = file.with_name("away.db")
    file.rename(away)
    with pytest.raises(StoreUnavailable):
        post(writer, slug, "while it is away")
    away.rename(file)
    post(writer, slug, "after")
    assert authors(store, slug) == afresh(file, slug) == ["before", "after"]


def test_a_file_that_takes_its_place_is_opened(store: Store, file: Path, writer: Writer, slug: str, tmp_path: Path):
    post(writer, slug, "before")
    backup(store, tmp_path / "copy.db")
    post(writer, slug, "not in the copy")
    assert len(authors(store, slug)) == 2
    (tmp_path / "copy.db").replace(file)
    for name in ("-wal", "-shm"):
        Path(f"{file}{name}").unlink()
    post(writer, slug, "after")
    assert authors(store, slug) == afresh(file, slug) == ["before", "after"]


@pytest.mark.promise("Nothing is acknowledged into a removed or replaced file", wanted="0 acknowledged")
def test_what_is_written_while_the_file_is_replaced_is_not_acknowledged(
    store: Store, file: Path, writer: Writer, slug: str, tmp_path: Path, reached: Reached
):
    post(writer, slug, "before")
    backup(store, tmp_path / "copy.db")

    def declare_amid(connection) -> None:
        declare(connection, slug, author="into nothing")
        (tmp_path / "copy.db").replace(file)
        for name in ("-wal", "-shm"):
            Path(f"{file}{name}").unlink()

    with pytest.raises(StoreUnavailable, match="was replaced"):
        writer.submit(declare_amid).result(PATIENCE)
    post(writer, slug, "after")
    assert afresh(file, slug) == ["before", "after"]
    reached("replaced amid a transaction: refused, and the next one is in the new file")


def test_a_log_beside_it_that_is_removed_takes_nothing_with_it(store: Store, file: Path, writer: Writer, slug: str):
    post(writer, slug, "first")
    for name in ("-wal", "-shm"):
        Path(f"{file}{name}").unlink()
    post(writer, slug, "second")
    assert authors(store, slug) == afresh(file, slug) == ["first", "second"]


def test_a_name_that_leads_elsewhere_now_is_another_file(tmp_path: Path, store: Store, slug: str):
    declare_many(store, slug, 2)
    for name in ("one.db", "two.db"):
        backup(store, tmp_path / name)
    link = tmp_path / "current.db"
    link.symlink_to("one.db")
    with Store.open(f"sqlite:///{link}") as linked:
        declare_many(linked, slug, 1)
        link.unlink()
        link.symlink_to("two.db")
        declare_many(linked, slug, 2)
        assert len(authors(linked, slug)) == 4
    assert [len(afresh(tmp_path / name, slug)) for name in ("one.db", "two.db")] == [3, 4]


def test_what_is_no_database_is_told_and_not_written_to(store: Store, file: Path, writer: Writer, slug: str):
    post(writer, slug, "before")
    other = file.with_name("other.db")
    other.write_bytes(b"no database at all" * 1000)
    other.replace(file)
    with pytest.raises(StoreUnavailable, match="declared restore"):
        post(writer, slug, "lost")
