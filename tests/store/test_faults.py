"""What must not be lost when processes are killed, disks are full and databases go away."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Event, Thread
from time import sleep

import pytest

from app.store import loading
from app.store.engine import Store
from app.store.errors import StoreUnavailable
from app.store.writer import Writer
from tests.builders import an_election
from tests.counts import count
from tests.promises import Reached, Trials
from tests.store import processes
from tests.store.logs import authors_by_seq, declare, faults, sequences

KILLS = count("DECLARED_TORTURE_KILLS")
DATABASE_KILLS = count("DECLARED_TORTURE_DATABASE_KILLS")
PATIENCE = 60


def assert_nothing_lost(store: Store, slug: str, acknowledged: dict[int, str]) -> None:
    logged = authors_by_seq(store, slug)
    assert {seq: logged.get(seq) for seq in acknowledged} == acknowledged
    assert sequences(store, slug) == list(range(1, len(logged) + 1))
    assert len(set(logged.values())) == len(logged), "something was declared twice"
    assert faults(store, slug) == []


@pytest.mark.slow
@pytest.mark.promise(
    "Nothing acknowledged is lost or doubled when a process that writes is killed", wanted="0 lost, 0 doubled"
)
def test_no_acknowledged_entry_is_lost_when_the_process_is_killed(
    url: str, store: Store, slug: str, trials: Trials, reached: Reached
):
    random = Random(2023)
    acknowledged: dict[int, str] = {}
    for number in trials(KILLS):
        process = processes.start("write", url, slug, f"p{number}")
        assert process.stdout is not None
        first = process.stdout.readline()
        sleep(random.uniform(0, 0.3))
        process.kill()
        lines = [first, *process.communicate()[0].splitlines(keepends=True)]
        for line in lines:
            if line.endswith("\n"):
                seq, author = line.split()
                assert int(seq) not in acknowledged
                acknowledged[int(seq)] = author
    assert len(acknowledged) > 8 * KILLS
    assert_nothing_lost(store, slug, acknowledged)
    reached(f"{KILLS} × kill −9 under load, {len(acknowledged):,} acknowledged: 0 lost, 0 doubled")


@contextmanager
def no_room_beyond(size: int) -> Iterator[None]:
    """No file of this process may grow beyond ``size`` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.promise(
    "A full disk is told, reading goes on, and it recovers without a restart", wanted="50 of 50 once there is room"
)
def test_a_full_disk_is_told_and_recovers(sqlite_store: Store, reached: Reached):
    store, slug = sqlite_store, an_election().slug
    with store.writing() as connection:
        loading.save_election(connection, an_election(), "digest")
    acknowledged: dict[int, str] = {}
    with Writer(store) as writer:

        def post(author: str) -> None:
            job = lambda connection: declare(connection, slug, author=author)  # noqa: E731
            acknowledged[writer.submit(job).result(PATIENCE)] = author

        post("before")
        assert store.file is not None
        with no_room_beyond(Path(f"{store.file}-wal").stat().st_size):
            for number in range(5):
                with pytest.raises(StoreUnavailable, match="the disk is full"):
                    post(f"full {number}")
                assert sequences(store, slug) == [1], "reading goes on"
            with pytest.raises(StoreUnavailable, match="the disk is full"), store.writing() as connection:
                declare(connection, slug)
        for number in range(50):
            post(f"after {number}")
    assert len(acknowledged) == 51
    assert_nothing_lost(store, slug, acknowledged)
    reached("5 of 5 refused while it is full, 50 of 50 once there is room, 0 lost")


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.promise(
    "Nothing acknowledged is lost or doubled when PostgreSQL is killed, and no restart is needed",
    wanted="0 lost, 0 doubled",
)
def test_a_postgresql_that_goes_away_and_comes_back_needs_no_restart(
    postgres, postgres_store: Store, trials: Trials, reached: Reached
):
    store, slug = postgres_store, an_election().slug
    with store.writing() as connection:
        loading.save_election(connection, an_election(), "digest")
    acknowledged: dict[int, str] = {}
    failed: list[str] = []
    stop = Event()
    with Writer(store) as writer:

        def client(name: int) -> None:
            number = 0
            while not stop.is_set():
                number += 1
                author = f"{name}-{number}"
                job = lambda connection, author=author: declare(connection, slug, author=author)  # noqa: E731
                try:
                    acknowledged[writer.submit(job).result(PATIENCE)] = author
                except StoreUnavailable:
                    failed.append(author)
                    sleep(0.02)

        threads = [Thread(target=client, args=(name,)) for name in range(4)]
        for thread in threads:
            thread.start()
        for _ in trials(DATABASE_KILLS):
            before = len(acknowledged)
            _until(lambda before=before: len(acknowledged) > before + 50)
            postgres.crash()
            missed = len(failed)
            _until(lambda missed=missed: len(failed) > missed + 3)
            postgres.start()
        before = len(acknowledged)
        _until(lambda: len(acknowledged) > before + 50)
        stop.set()
        for thread in threads:
            thread.join(PATIENCE)
    assert_nothing_lost(store, slug, acknowledged)
    told = f"{len(acknowledged):,} acknowledged, {len(failed):,} told that it is not known"
    reached(f"{DATABASE_KILLS} × pg_ctl stop --mode=immediate under load, {told}: 0 lost, 0 doubled")


def _until(condition) -> None:
    for _ in range(PATIENCE * 50):
        if condition():
            return
        sleep(0.02)
    pytest.fail("waited in vain")
