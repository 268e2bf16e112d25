import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from threading import Event, Thread
from typing import Any, Self

import psycopg
import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import OperationalError

from app.domain.errors import UnknownElection
from app.store import idempotency
from app.store.engine import Store
from app.store.errors import QueueFull, StoreUnavailable
from app.store.writer import BATCH, Writer
from tests.store.logs import authors, declare, declare_many, faults, sequences

PATIENCE = 30
"""Seconds after which a test that waits has failed."""


class Committed:
    """Counts the calls after commits."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


@pytest.fixture
def committed() -> Committed:
    return Committed()


@pytest.fixture
def writer(store: Store, committed: Committed) -> Iterator[Writer]:
    with Writer(store, after_commit=committed) as writer:
        yield writer


class Held:
    """Keeps a writer busy with a job until it is released, so that what is submitted meanwhile comes in one batch."""

    def __init__(self, writer: Writer) -> None:
        self._started, self._release = Event(), Event()
        self.future = writer.submit(self._wait)
        assert self._started.wait(PATIENCE)

    def _wait(self, _: Connection) -> None:
        self._started.set()
        assert self._release.wait(PATIENCE)

    def release(self) -> None:
        self._release.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        self.future.result(PATIENCE)


def submit(writer: Writer, slug: str, author: str) -> "Future[int]":
    return writer.submit(lambda connection: declare(connection, slug, author=author))


def answers(futures: "list[Future[Any]]") -> list[Any]:
    return [future.exception(PATIENCE) or future.result() for future in futures]


def failing(error: Exception):
    def fail(connection: Connection) -> None:
        raise error

    return fail


def test_a_job_is_answered_once_it_is_committed(writer: Writer, store: Store, slug: str):
    assert submit(writer, slug, "a").result(PATIENCE) == 1
    assert authors(store, slug) == ["a"]


def test_what_has_gathered_goes_into_one_transaction(writer: Writer, store: Store, slug: str, committed: Committed):
    with Held(writer):
        futures = [submit(writer, slug, str(number)) for number in range(2 * BATCH)]
    assert answers(futures) == list(range(1, 2 * BATCH + 1))
    assert authors(store, slug) == [str(number) for number in range(2 * BATCH)]
    assert committed.times == 3
    assert faults(store, slug) == []


def test_a_job_that_raises_undoes_its_own_writing_alone(writer: Writer, store: Store, slug: str, committed: Committed):
    def half(connection: Connection) -> None:
        declare(connection, slug, author="undone")
        raise RuntimeError("refused")

    with Held(writer):
        futures = [submit(writer, slug, "a"), writer.submit(half), submit(writer, slug, "b")]
        unknown = submit(writer, "nowhere", "c")
    first, refused, second = answers(futures)
    assert (first, second) == (1, 2)
    assert isinstance(refused, RuntimeError)
    assert isinstance(unknown.exception(PATIENCE), UnknownElection)
    assert authors(store, slug) == ["a", "b"]
    assert faults(store, slug) == []
    assert committed.times == 2


def test_nothing_written_is_no_commit(writer: Writer, committed: Committed):
    assert isinstance(writer.submit(failing(RuntimeError("no"))).exception(PATIENCE), RuntimeError)
    assert committed.times == 0


def test_jobs_run_in_the_order_they_came(writer: Writer):
    ran: list[int] = []
    with Held(writer):
        futures = [writer.submit(lambda _, number=number: ran.append(number)) for number in range(100)]
    answers(futures)
    assert ran == list(range(100))


def test_followers_are_woken_before_the_answer(store: Store, slug: str):
    seen: list[list[str]] = []
    with Writer(store, after_commit=lambda: seen.append(authors(store, slug))) as writer:
        submit(writer, slug, "a").result(PATIENCE)
        assert seen == [["a"]]


def test_a_follower_that_cannot_be_woken_harms_nobody(store: Store, slug: str, caplog: pytest.LogCaptureFixture):
    def fail() -> None:
        raise RuntimeError("asleep")

    with Writer(store, after_commit=fail) as writer:
        assert answers([submit(writer, slug, "a"), submit(writer, slug, "b")]) == [1, 2]
    assert "asleep" in caplog.text


def test_too_much_is_refused_at_once(store: Store, slug: str):
    with Writer(store, queue_size=2) as writer:
        with Held(writer):
            futures = [submit(writer, slug, "a"), submit(writer, slug, "b")]
            assert writer.waiting == 2
            with pytest.raises(QueueFull):
                submit(writer, slug, "c")
        assert answers(futures) == [1, 2]
        assert submit(writer, slug, "d").result(PATIENCE) == 3


def test_closing_finishes_what_was_taken(store: Store, slug: str):
    writer = Writer(store)
    with Held(writer):
        futures = [submit(writer, slug, str(number)) for number in range(100)]
        closing = Thread(target=writer.close)
        closing.start()
    closing.join(PATIENCE)
    assert all(future.done() for future in futures)
    assert len(authors(store, slug)) == 100
    with pytest.raises(StoreUnavailable, match="stopping"):
        submit(writer, slug, "late")
    writer.close()


def test_closing_waits_for_room_in_a_full_queue(store: Store, slug: str):
    writer = Writer(store, queue_size=2)
    with Held(writer):
        futures = [submit(writer, slug, "a"), submit(writer, slug, "b")]
        closing = Thread(target=writer.close)
        closing.start()
        while not writer._closed:
            closing.join(0.01)
        with pytest.raises(StoreUnavailable, match="stopping"):
            submit(writer, slug, "late")
    closing.join(PATIENCE)
    assert answers(futures) == [1, 2]


def test_what_is_cancelled_in_time_is_not_run(writer: Writer, store: Store, slug: str):
    with Held(writer):
        kept, cancelled = submit(writer, slug, "kept"), submit(writer, slug, "cancelled")
        assert cancelled.cancel()
    assert kept.result(PATIENCE) == 1
    assert authors(store, slug) == ["kept"]


def break_commits(store: Store, error: Exception) -> list[int]:
    """Makes commits fail for as long as the list returned is empty."""
    mended: list[int] = []

    def fail(_: Connection) -> None:
        if not mended:
            raise error

    event.listen(store.write_engine, "commit", fail)
    return mended


def an_io_error() -> OperationalError:
    return OperationalError("COMMIT", None, sqlite3.OperationalError("disk I/O error"))


def a_broken_connection() -> OperationalError:
    lost = psycopg.OperationalError("server closed the connection unexpectedly")
    return OperationalError("COMMIT", None, lost, connection_invalidated=True)


@pytest.mark.parametrize("make_error", [an_io_error, a_broken_connection, RuntimeError])
def test_a_failed_commit_fails_all_its_jobs_and_is_not_tried_again(
    writer: Writer, store: Store, slug: str, committed: Committed, make_error: Callable[[], Exception]
):
    mended = break_commits(store, make_error())
    ran: list[str] = []

    def job(connection: Connection) -> int:
        ran.append("a")
        return declare(connection, slug, author="a")

    hold = Held(writer)
    futures = [writer.submit(job), submit(writer, slug, "b"), writer.submit(failing(UnknownElection(slug)))]
    hold.release()
    assert all(isinstance(answer, StoreUnavailable) for answer in answers([hold.future, *futures]))
    assert ran == ["a"]
    assert committed.times == 0
    assert sequences(store, slug) == []
    mended.append(1)
    assert submit(writer, slug, "c").result(PATIENCE) == 1
    assert faults(store, slug) == []


def test_a_lock_held_by_somebody_else_fails_and_the_thread_lives_on(url: str, slug: str):
    with Store.open(url, lock_wait=0.1) as impatient, Store.open(url) as other, Writer(impatient) as writer:
        with other.writing() as holding:
            holding.execute(text("UPDATE head SET seq = seq"))
            assert isinstance(submit(writer, slug, "a").exception(PATIENCE), StoreUnavailable)
        assert submit(writer, slug, "b").result(PATIENCE) == 1
        assert authors(impatient, slug) == ["b"]


def test_a_transaction_that_was_rolled_back_under_a_job_fails_as_a_whole(writer: Writer, store: Store, slug: str):
    """SQLite does so by itself when the disk is full."""

    def lose(connection: Connection) -> None:
        connection.exec_driver_sql("ROLLBACK")
        raise RuntimeError("lost")

    with Held(writer):
        futures = [submit(writer, slug, "a"), writer.submit(lose), submit(writer, slug, "b")]
    assert all(isinstance(answer, StoreUnavailable) for answer in answers(futures))
    assert submit(writer, slug, "c").result(PATIENCE) == 1
    assert authors(store, slug) == ["c"]


def test_a_key_that_another_process_took_is_found_at_the_second_try(writer: Writer, store: Store, slug: str):
    """The other process is played by the first run itself, which overlooks what is there."""
    with store.writing() as connection:
        idempotency.remember(connection, slug, "key", body_hash="abc", status=201, answer='{"seq": 7}')
    overlooked: list[str] = []

    def job(connection: Connection) -> str:
        if overlooked:
            remembered = idempotency.recall(connection, slug, "key")
            assert remembered is not None
            return remembered.answer
        overlooked.append("key")
        declare(connection, slug)
        idempotency.remember(connection, slug, "key", body_hash="abc", status=201, answer='{"seq": 1}')
        return "never"

    assert writer.submit(job).result(PATIENCE) == '{"seq": 7}'
    assert sequences(store, slug) == []


@pytest.mark.postgres
@pytest.mark.parametrize("trouble", ["broken", "deadlock"])
def test_what_passes_is_run_again(postgres_store: Store, trouble: str):
    """A transaction that was certainly not committed: nobody need hear of it."""
    from app.store import loading
    from tests.builders import an_election

    store, slug = postgres_store, an_election().slug
    with store.writing() as connection:
        loading.save_election(connection, an_election(), "digest")
    statement = {
        "broken": "SELECT pg_terminate_backend(pg_backend_pid())",
        "deadlock": "DO $$ BEGIN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$",
    }[trouble]
    runs: list[str] = []

    def job(connection: Connection) -> int:
        runs.append(trouble)
        if len(runs) == 1:
            connection.exec_driver_sql(statement)
        return declare(connection, slug, author="b")

    with Writer(store) as writer:
        with Held(writer):
            futures = [submit(writer, slug, "a"), writer.submit(job), submit(writer, slug, "c")]
        assert answers(futures) == [1, 2, 3]
        assert len(runs) == 2
        assert authors(store, slug) == ["a", "b", "c"]
        always = writer.submit(lambda connection: connection.exec_driver_sql(statement))
        assert isinstance(always.exception(PATIENCE), StoreUnavailable)
        assert submit(writer, slug, "d").result(PATIENCE) == 4
    assert faults(store, slug) == []


def test_many_clients_at_once_get_each_their_own_sequence(writer: Writer, store: Store, slug: str):
    got: list[int] = []

    def client(name: int) -> None:
        got.extend(submit(writer, slug, f"{name}-{number}").result(PATIENCE) for number in range(10))

    threads = [Thread(target=client, args=(name,)) for name in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(got) == list(range(1, 321))
    assert sequences(store, slug) == list(range(1, 321))
    assert faults(store, slug) == []


def test_readers_go_on_while_a_transaction_is_open(writer: Writer, store: Store, slug: str):
    declare_many(store, slug, 2)
    with Held(writer):
        assert sequences(store, slug) == [1, 2]
