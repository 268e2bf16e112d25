"""What is said of a database that is away: little, and enough."""

import logging

import pytest

from app.store.errors import StoreUnavailable
from app.store.outages import Outages, Use

AWAY = StoreUnavailable("The database x cannot be reached (connection refused).")
FULL = StoreUnavailable("The database x cannot be written: the disk is full.")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outages(clock: Clock) -> Outages:
    return Outages(clock)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_half_a_minute_away_is_two_lines(outages: Outages, clock: Clock, caplog: pytest.LogCaptureFixture):
    for _ in range(3200):
        clock.now += 0.01
        for use in Use:
            outages.failed(use, AWAY)
    clock.now += 3
    for use in (Use.LISTENING, Use.READING):
        outages.worked(use)
    assert lines(caplog) == [
        f"{AWAY} Tried again until it works; until then this is said once a minute.",
        "The database is back; 9600 attempts failed within 32 s.",
    ]
    assert outages.reasons == {}


def test_as_long_as_it_lasts_it_is_said_once_a_minute(outages: Outages, clock: Clock, caplog: pytest.LogCaptureFixture):
    for _ in range(600):
        outages.failed(Use.READING, AWAY)
        clock.now += 0.5
    assert [line.partition(" by now")[0] for line in lines(caplog)[1:]] == [
        f"For {seconds} s" for seconds in (60, 120, 180, 240)
    ]


def test_what_fails_is_told_with_its_reason(outages: Outages):
    outages.failed(Use.WRITING, FULL)
    assert outages.reasons == {Use.WRITING: str(FULL)}
    outages.worked(Use.READING)
    assert outages.reasons == {Use.WRITING: str(FULL)}, "a full disk can be read"
    outages.worked(Use.WRITING)
    assert outages.reasons == {}


def test_of_many_readers_one_that_is_through_does_not_end_it(
    outages: Outages, clock: Clock, caplog: pytest.LogCaptureFixture
):
    outages.failed(Use.READING, AWAY)
    outages.worked(Use.READING)
    outages.failed(Use.READING, AWAY)
    assert len(lines(caplog)) == 1
    clock.now += 2
    outages.worked(Use.READING)
    outages.failed(Use.READING, AWAY)
    assert len(lines(caplog)) == 3, "and the next one is another"


def test_what_worked_all_along_is_not_worth_a_line(outages: Outages, caplog: pytest.LogCaptureFixture):
    for use in Use:
        outages.worked(use)
    assert lines(caplog) == []
