"""Attempts to sign in: one count for all processes, bounded in length and in time."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

from sqlalchemy import func, select

from app.store import attempts
from app.store.engine import Store
from app.store.tables import ATTEMPT

NOW = datetime(2023, 5, 4, 22, 0, tzinfo=UTC)


def taken(store: Store, *, now: datetime = NOW, **limits: int) -> bool:
    with store.writing() as connection:
        return bool(attempts.take(connection, limits, now=now)[1])


def kept(store: Store) -> int:
    with store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(ATTEMPT)) or 0


def test_of_many_who_try_at_once_in_several_processes_no_more_than_the_limit_are_let(url: str):
    at_once, each, limit = 6, 3, 5
    barrier, let = Barrier(at_once), []

    def work() -> None:
        with Store.open(url, lock_wait=30) as store:
            barrier.wait()
            let.extend(taken(store, account=limit) for _ in range(each))

    threads = [Thread(target=work) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(let), len(let)) == (limit, at_once * each)


def test_a_try_counts_for_every_key_or_for_none(store: Store):
    assert taken(store, account=1, address=3)
    assert not taken(store, account=1, address=3)
    assert kept(store) == 2
    assert taken(store, other=1, address=3)


def test_whoever_has_to_wait_is_told_until_when(store: Store):
    for second in range(5):
        assert taken(store, account=5, now=NOW + timedelta(seconds=second))
    with store.reading() as connection:
        asked = NOW + timedelta(seconds=10.5)
        assert attempts.seconds_to_wait(connection, {"account": 5}, now=asked) == 49.5
        assert attempts.seconds_to_wait(connection, {"another": 5}, now=asked) == 0
        assert attempts.seconds_to_wait(connection, {"account": 5}, now=NOW + timedelta(seconds=60)) == 0


def test_what_is_over_is_forgotten(store: Store):
    for number in range(20):
        assert taken(store, **{f"guess {number}": 5})
    assert taken(store, another=5, now=NOW + attempts.LASTING)
    assert kept(store) == 1


def test_what_is_given_back_does_not_count(store: Store):
    with store.writing() as connection:
        _, ids = attempts.take(connection, {"account": 1, "address": 1}, now=NOW)
        attempts.give_back(connection, ids)
    assert kept(store) == 0


def test_whatever_was_typed_is_kept_as_long_and_unread(store: Store):
    for typed in ("", "x" * 10_000, "nul\0", "\ud800", "correct horse battery"):
        assert taken(store, **{typed: 1})
    with store.reading() as connection:
        assert {len(key) for key in connection.scalars(select(ATTEMPT.c.key_hash))} == {64}
