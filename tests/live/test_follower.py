"""The follower: every entry once and in order, whatever gets lost on the way."""

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.live.follower import Follower, Stopped
from tests.live.fakes import on_loop, until

NEVER = 3600.0


class Log:
    """A log of numbers, and what a follower has made of it."""

    def __init__(self, *entries: int) -> None:
        self.entries = list(entries)
        self.applied: list[int] = []
        self.reads: list[int] = []
        self.limit: int | None = None
        self.read_fails: list[Exception] = []
        self.apply_fails: list[Exception] = []

    async def read(self, seq: int) -> Sequence[int]:
        self.reads.append(seq)
        await asyncio.sleep(0)
        if self.read_fails:
            raise self.read_fails.pop()
        return [entry for entry in self.entries if entry > seq][: self.limit]

    async def apply(self, entries: Sequence[int]) -> None:
        await asyncio.sleep(0)
        if self.apply_fails:
            raise self.apply_fails.pop()
        self.applied += entries

    def follower(self, *, seq: int = 0, poll_seconds: float = NEVER, healthy_seconds: float = NEVER) -> Follower[int]:
        return Follower(
            self.read,
            self.apply,
            seq_of=lambda entry: entry,
            seq=seq,
            poll_seconds=poll_seconds,
            healthy_seconds=healthy_seconds,
        )


@contextlib.asynccontextmanager
async def running(follower: Follower[int]) -> AsyncIterator[None]:
    task = asyncio.create_task(follower.run())
    try:
        yield
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


@on_loop
async def test_what_is_there_is_applied_in_one_go():
    log = Log(1, 2, 3)
    follower = log.follower()
    async with running(follower):
        await follower.reached(3)
    assert (log.applied, follower.seq) == ([1, 2, 3], 3)


@on_loop
async def test_it_begins_after_the_given_entry():
    log = Log(1, 2, 3)
    follower = log.follower(seq=2)
    async with running(follower):
        await follower.reached(3)
    assert log.applied == [3]


@on_loop
async def test_a_reader_may_hand_out_a_part_at_a_time():
    log = Log(1, 2, 3, 4, 5)
    log.limit = 2
    follower = log.follower()
    async with running(follower):
        await follower.reached(5)
        await until(lambda: log.reads == [0, 2, 4, 5])
    assert log.applied == [1, 2, 3, 4, 5]


@on_loop
async def test_a_wake_up_brings_the_new_entries_at_once():
    log = Log()
    follower = log.follower()
    async with running(follower):
        await until(lambda: follower.healthy)
        log.entries.append(1)
        follower.wake()
        await follower.reached(1)


@on_loop
async def test_a_wake_up_during_a_read_is_not_lost():
    log = Log()
    follower = log.follower()
    async with running(follower):
        await until(lambda: log.reads)
        log.entries.append(1)
        follower.wake()
        await follower.reached(1)


@on_loop
async def test_a_lost_wake_up_costs_time_and_no_entry():
    log = Log()
    follower = log.follower(poll_seconds=0.001)
    async with running(follower):
        await until(lambda: follower.healthy)
        log.entries.append(1)
        await follower.reached(1)


@on_loop
async def test_what_has_been_reached_is_not_waited_for():
    follower = Log().follower(seq=5)
    await follower.reached(5)
    await follower.reached(1)


@on_loop
async def test_many_wait_for_their_own_entry():
    log = Log(1)
    follower = log.follower()
    async with running(follower):
        one, two, again = (asyncio.create_task(follower.reached(seq)) for seq in (1, 2, 2))
        await one
        assert not two.done()
        again.cancel()
        log.entries.append(2)
        follower.wake()
        await two
    assert again.cancelled()


@on_loop
async def test_who_gives_up_at_the_last_moment_disturbs_nobody():
    log = Log()
    follower = log.follower()
    async with running(follower):
        one, two = (asyncio.create_task(follower.reached(1)) for _ in "ab")
        await until(lambda: follower.healthy)
        log.entries.append(1)

        async def apply_while_one_gives_up(entries: Sequence[int]) -> None:
            one.cancel()

        follower._apply = apply_while_one_gives_up
        follower.wake()
        await two


@on_loop
async def test_a_log_that_cannot_be_read_is_read_again(caplog: pytest.LogCaptureFixture):
    log = Log(1)
    log.read_fails = [OSError("the database is gone")] * 2
    follower = log.follower()
    async with running(follower):
        await follower.reached(1)
    assert log.applied == [1]
    assert caplog.text.count("the database is gone") == 2
    assert "next try in 0.1 s" in caplog.text
    assert "next try in 0.2 s" in caplog.text


@on_loop
async def test_the_pauses_grow_to_a_limit_and_begin_anew(caplog: pytest.LogCaptureFixture):
    log = Log()
    follower = log.follower()
    async with running(follower):
        log.read_fails = [OSError("gone")] * 8
        while log.read_fails:
            follower.wake()
            await asyncio.sleep(0)
        await until(lambda: follower.healthy or follower.wake())
        log.read_fails = [OSError("gone")]
        follower.wake()
        await until(lambda: not log.read_fails and len(caplog.records) == 9)
    pauses = [record.args[0] for record in caplog.records]
    assert pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 0.1]


@on_loop
async def test_entries_that_could_not_be_applied_are_applied_again():
    log = Log(1, 2)
    log.apply_fails = [RuntimeError("no")]
    follower = log.follower()
    async with running(follower):
        await follower.reached(2)
    assert log.applied == [1, 2]
    assert log.reads[:2] == [0, 0]


@pytest.mark.parametrize("entries", [[3], [4, 4], [5, 4], [2, 5]])
@on_loop
async def test_entries_out_of_order_are_not_applied(entries: list[int], caplog: pytest.LogCaptureFixture):
    log = Log()

    async def read(seq: int) -> Sequence[int]:
        return entries

    follower = Follower(read, log.apply, seq_of=lambda entry: entry, seq=3)
    async with running(follower):
        await until(lambda: caplog.records)
    assert (log.applied, follower.seq) == ([], 3)
    assert "out of order" in caplog.text


@on_loop
async def test_health_is_a_log_that_was_read_lately():
    log = Log()
    log.read_fails = [OSError("gone")]
    follower = log.follower()
    assert not follower.healthy
    async with running(follower):
        await until(lambda: not log.read_fails)
        assert not follower.healthy
        follower.wake()
        await until(lambda: follower.healthy)
        follower._healthy_seconds = 0.0
        assert not follower.healthy


@on_loop
async def test_who_waits_for_a_follower_that_stops_is_told_so():
    follower = Log().follower()
    task = asyncio.create_task(follower.run())
    waiting, giving_up = (asyncio.create_task(follower.reached(1)) for _ in "ab")
    await until(lambda: follower.healthy)
    task.cancel()
    giving_up.cancel()
    with pytest.raises(Stopped):
        await waiting
    with pytest.raises(Stopped):
        await follower.reached(1)
    await until(giving_up.cancelled)


@given(
    batches=st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.booleans(), st.booleans()), max_size=8),
    limit=st.integers(1, 3),
)
@on_loop
async def test_every_entry_is_applied_once_and_in_order(batches: list[tuple[int, bool, bool, bool]], limit: int):
    log = Log()
    log.limit = limit
    follower = log.follower(poll_seconds=0.001)
    async with running(follower):
        for count, wakes, read_fails, apply_fails in batches:
            log.entries += range(len(log.entries) + 1, len(log.entries) + 1 + count)
            if read_fails:
                log.read_fails = [OSError("gone")]
            if apply_fails:
                log.apply_fails = [RuntimeError("no")]
            if wakes:
                follower.wake()
            await asyncio.sleep(0)
        await until(lambda: follower.seq == len(log.entries) or follower.wake())
    assert log.applied == log.entries


@on_loop
async def test_a_read_that_is_not_answered_is_doubt():
    log = Log(1)
    follower = log.follower()
    assert follower.uncertain_seconds == math.inf
    async with running(follower):
        await follower.reached(1)
        await until(lambda: follower.uncertain_seconds == 0.0)
        hanging = asyncio.Event()

        async def hang(_seq: int) -> Sequence[int]:
            await hanging.wait()
            return []

        follower._read = hang
        follower.wake()
        await until(lambda: follower.uncertain_seconds > 0.01)
        assert follower.healthy, "it may be answered yet"
        follower._healthy_seconds = 0.01
        assert not follower.healthy
        hanging.set()
        await until(lambda: follower.uncertain_seconds == 0.0)


@on_loop
async def test_doubt_lasts_from_the_first_failure_to_the_first_success():
    log = Log()
    failures: list[tuple[Exception, float]] = []
    follower = log.follower()
    follower._failed = lambda error, pause: failures.append((error, pause))
    async with running(follower):
        await until(lambda: follower.uncertain_seconds == 0.0)
        log.entries.append(1)
        log.apply_fails = [RuntimeError("no")] * 2
        doubts = []
        while log.apply_fails:
            number = len(failures)
            follower.wake()
            await until(lambda number=number: len(failures) > number)
            doubts.append(follower.uncertain_seconds)
        assert 0.0 < doubts[0] < doubts[1]
        follower.wake()
        await follower.reached(1)
        await until(lambda: follower.uncertain_seconds == 0.0)
    assert [pause for _, pause in failures] == [0.1, 0.2]


@on_loop
async def test_much_work_is_no_doubt():
    log = Log(1)
    follower = log.follower()
    doubts = []

    async def apply(entries: Sequence[int]) -> None:
        doubts.append(follower.uncertain_seconds)

    async with running(follower):
        await follower.reached(1)
        follower._apply = apply
        log.entries.append(2)
        follower.wake()
        await follower.reached(2)
    assert doubts == [0.0]
