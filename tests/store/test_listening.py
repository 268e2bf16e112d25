from collections.abc import Iterator
from dataclasses import replace
from queue import Empty, Queue
from time import monotonic

import pytest
from sqlalchemy import text

from app.store import loading
from app.store.engine import Store
from app.store.listening import Listener
from app.store.notifying import notify
from tests.builders import an_election

PATIENCE = 30


@pytest.fixture
def heard() -> "Queue[str]":
    return Queue()


@pytest.fixture
def listener(postgres_store: Store, heard: "Queue[str]") -> Iterator[Listener]:
    with Listener(postgres_store, heard.put) as listener:
        assert listener.wait_until_listening(PATIENCE)
        yield listener


def tell(store: Store, *slugs: str) -> None:
    with store.writing() as connection:
        for slug in slugs:
            notify(connection, slug)


def end_listeners(store: Store) -> None:
    """Cuts every connection of a listener to this database."""
    with store.writing() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'declared listener'"
            )
        )


@pytest.mark.postgres
def test_a_listener_is_told_which_election(postgres_store: Store, heard: "Queue[str]", listener: Listener):
    tell(postgres_store, "kent-2023", "test-2023")
    assert [heard.get(timeout=PATIENCE), heard.get(timeout=PATIENCE)] == ["kent-2023", "test-2023"]


@pytest.mark.postgres
def test_what_was_rolled_back_is_not_told(postgres_store: Store, heard: "Queue[str]", listener: Listener):
    def fail() -> None:
        with postgres_store.writing() as connection:
            notify(connection, "undone")
            raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        fail()
    tell(postgres_store, "done")
    assert heard.get(timeout=PATIENCE) == "done"


@pytest.mark.postgres
def test_a_saved_election_is_told(postgres_store: Store, heard: "Queue[str]", listener: Listener):
    for name in ("First", "Second"):
        with postgres_store.writing() as connection:
            loading.save_election(connection, replace(an_election(), name=name), name)
        assert heard.get(timeout=PATIENCE) == "test-2023"


@pytest.mark.postgres
def test_a_lost_connection_is_made_again(postgres_store: Store, heard: "Queue[str]", listener: Listener):
    for number in range(3):
        end_listeners(postgres_store)
        deadline = monotonic() + PATIENCE
        while monotonic() < deadline:
            tell(postgres_store, f"after {number}")
            try:
                assert heard.get(timeout=0.1) == f"after {number}"
                break
            except Empty:
                continue
        else:
            pytest.fail("nothing was heard again")
        while not heard.empty():
            heard.get()


@pytest.mark.postgres
def test_a_callback_that_fails_is_called_again(
    postgres_store: Store, heard: "Queue[str]", caplog: pytest.LogCaptureFixture
):
    def fail(slug: str) -> None:
        heard.put(slug)
        raise RuntimeError("asleep")

    with Listener(postgres_store, fail) as listener:
        assert listener.wait_until_listening(PATIENCE)
        tell(postgres_store, "a", "b")
        assert [heard.get(timeout=PATIENCE), heard.get(timeout=PATIENCE)] == ["a", "b"]
    assert "asleep" in caplog.text


@pytest.mark.postgres
def test_a_closed_listener_has_no_connection(postgres_store: Store, heard: "Queue[str]"):
    listener = Listener(postgres_store, heard.put)
    assert listener.wait_until_listening(PATIENCE)
    assert listener.is_listening
    listener.close()
    assert not listener.is_listening
    listener.close()


def test_a_listener_without_a_database_can_be_closed(heard: "Queue[str]"):
    with Store.open("postgresql://postgres@127.0.0.1:1/postgres") as store, Listener(store, heard.put) as listener:
        assert not listener.wait_until_listening(0.3)


def test_sqlite_has_nothing_to_listen_to(sqlite_store: Store, heard: "Queue[str]"):
    with Listener(sqlite_store, heard.put) as listener:
        tell(sqlite_store, "kent-2023")
        assert not listener.is_listening
    assert heard.empty()
