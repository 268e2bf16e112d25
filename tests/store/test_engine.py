from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.store.engine import Store, database_url
from app.store.errors import StoreUnavailable, UnsupportedDatabase
from app.store.tables import ELECTION, STAFF, TOKEN

STAFF_ROW = {"name": "Ann", "role": "keyer", "password_hash": "x", "created_at": "2023-05-04T21:00:00+00:00"}


def names(store: Store) -> list[str]:
    with store.reading() as connection:
        return list(connection.scalars(select(STAFF.c.name)))


def add(store: Store, name: str) -> None:
    with store.writing() as connection:
        connection.execute(insert(STAFF), {**STAFF_ROW, "name": name})


@pytest.mark.parametrize("url", ["mysql://localhost/x", "declared.db", "sqlite://", "sqlite:///:memory:", "file:x.db"])
def test_what_is_no_file_and_no_postgresql_is_refused(url: str):
    with pytest.raises(UnsupportedDatabase):
        Store.open(url)


@pytest.mark.parametrize("url", ["postgresql://u:secret@h/d", "postgres://u:secret@h/d"])
def test_postgresql_is_reached_through_psycopg(url: str):
    assert database_url(url).drivername == "postgresql+psycopg"


def test_a_password_is_not_in_the_name():
    assert "secret" not in Store.open("postgresql://u:secret@h/d").name


def test_what_was_written_is_read(store: Store):
    add(store, "Ann")
    assert names(store) == ["Ann"]


def test_an_exception_rolls_back_everything(store: Store):
    def fail() -> None:
        with store.writing() as connection:
            connection.execute(insert(STAFF), STAFF_ROW)
            raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        fail()
    assert names(store) == []


def test_a_reader_cannot_write(store: Store):
    with pytest.raises((StoreUnavailable, DBAPIError)), store.reading() as connection:
        connection.execute(insert(STAFF), STAFF_ROW)
    assert names(store) == []


def test_a_reader_sees_one_state_throughout(store: Store):
    with store.reading() as connection:
        before = connection.scalars(select(STAFF.c.name)).all()
        add(store, "Ann")
        assert connection.scalars(select(STAFF.c.name)).all() == before
    assert names(store) == ["Ann"]


def test_a_writer_sees_what_others_have_committed(store: Store):
    with store.writing() as connection:
        pass
    add(store, "Ann")
    with store.writing() as connection:
        assert connection.scalars(select(STAFF.c.name)).all() == ["Ann"]


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (STAFF, {**STAFF_ROW, "role": "boss"}),
        (STAFF, {**STAFF_ROW, "name": ""}),
        (TOKEN, {"name": "x", "scope": "declare", "token_hash": "short", "created_at": "now"}),
    ],
)
def test_what_must_not_be_is_not_stored(store: Store, table, row):
    with pytest.raises(IntegrityError), store.writing() as connection:
        connection.execute(insert(table), row)


def test_an_integer_column_takes_no_text(store: Store, slug: str):
    with pytest.raises(DBAPIError), store.writing() as connection:
        connection.execute(text("UPDATE head SET seq = '12abc'"))


def test_nothing_refers_to_what_is_not_there(store: Store):
    with pytest.raises(IntegrityError), store.writing() as connection:
        connection.execute(text("INSERT INTO head VALUES ('nowhere', 0, :hash, 'epoch')"), {"hash": "0" * 64})


def test_the_settings_of_sqlite(sqlite_store: Store):
    def settings(connection) -> dict[str, object]:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only")
        return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas}

    with sqlite_store.writing() as connection:
        written = settings(connection)
    assert written == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "query_only": 0,
    }
    with sqlite_store.reading() as connection:
        read = settings(connection)
    assert read == {**written, "query_only": 1}


@pytest.mark.postgres
def test_the_settings_of_postgresql(postgres_store: Store):
    def settings(connection) -> list[object]:
        asked = ("statement_timeout", "lock_timeout", "transaction_isolation", "transaction_read_only")
        return [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in asked]

    with postgres_store.writing() as connection:
        assert settings(connection) == ["10s", "5s", "read committed", "off"]
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
    with postgres_store.reading() as connection:
        assert settings(connection) == ["10s", "5s", "repeatable read", "on"]


@pytest.mark.postgres
def test_options_in_the_url_of_postgresql_are_kept(postgres_url: str):
    with Store.open(f"{postgres_url}&options=-c%20work_mem%3D7MB") as store, store.reading() as connection:
        assert connection.exec_driver_sql("SHOW work_mem").scalar() == "7MB"
        assert connection.exec_driver_sql("SHOW lock_timeout").scalar() == "5s"


def test_a_missing_file_is_told_and_not_made(tmp_path: Path):
    file = tmp_path / "missing.db"
    with Store.open(f"sqlite:///{file}") as store:
        for transaction in (store.reading, store.writing):
            with pytest.raises(StoreUnavailable, match="does not exist"), transaction():
                pass
    assert not file.exists()


def test_what_is_no_database_is_told(tmp_path: Path):
    file = tmp_path / "notes.db"
    file.write_text("Maidstone: 18 of 55\n" * 100)
    with (
        Store.open(f"sqlite:///{file}") as store,
        pytest.raises(StoreUnavailable, match="is not a database"),
        store.writing(),
    ):
        pass


def test_a_name_with_odd_characters_is_a_file_like_any_other(tmp_path: Path):
    file = tmp_path / "100% of ward #1.db"
    with Store.open(f"sqlite:///{file}") as store:
        store.migrate()
        add(store, "Ann")
        assert names(store) == ["Ann"]
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize("database", ["", "nowhere"])
@pytest.mark.postgres
def test_a_postgresql_out_of_reach_is_told(postgres, database: str):
    url = postgres.url(database) if database else "postgresql://postgres@127.0.0.1:1/postgres"
    with (
        Store.open(url) as store,
        pytest.raises(StoreUnavailable, match=r"cannot be reached|does not exist"),
        store.reading(),
    ):
        pass


def test_a_database_without_tables_is_told(empty_url: str):
    with (
        Store.open(empty_url) as store,
        pytest.raises(StoreUnavailable, match="has not been set up"),
        store.reading() as connection,
    ):
        connection.execute(select(ELECTION))


def test_a_database_of_an_older_version_is_told(store: Store):
    with pytest.raises(StoreUnavailable, match="older than this code"), store.reading() as connection:
        connection.execute(text("SELECT not_yet FROM election"))


def test_a_lock_that_is_not_given_up_is_told(url: str, slug: str):
    statement = text("UPDATE head SET seq = seq")
    with Store.open(url, lock_wait=0.1) as impatient, Store.open(url) as other:
        with other.writing() as holding:
            holding.execute(statement)
            with pytest.raises(StoreUnavailable, match="locked"), impatient.writing() as connection:
                connection.execute(statement)
        with impatient.writing() as connection:
            connection.execute(statement)


def test_too_many_connections_are_told(url: str):
    with Store.open(url, lock_wait=0.05) as store, ExitStack() as stack:
        for _ in range(15):
            stack.enter_context(store.reading())
        with pytest.raises(StoreUnavailable, match="busy"):
            stack.enter_context(store.reading())
