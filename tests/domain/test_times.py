"""Times as they are written, with and without their zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.times import OF_OUR_AGE, clock_with_zone, read_time

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize("written", ["2023-05-05T02:20:01+01:00", "2023-05-05T01:20:01Z"])
def test_a_time_with_an_offset_is_the_same_in_every_zone(written: str) -> None:
    at = datetime(2023, 5, 5, 1, 20, 1, tzinfo=UTC)
    assert read_time(written) == read_time(written, zone=ZoneInfo("Pacific/Apia")) == at


def test_a_time_without_an_offset_is_that_of_the_zone_and_without_one_none() -> None:
    assert read_time("2023-05-05T02:20", zone=LONDON) == datetime(2023, 5, 5, 1, 20, tzinfo=UTC)
    assert read_time("2023-05-05T02:20") is None


@pytest.mark.parametrize("written", ["", "02:20", "yesterday", "2023-02-30T02:20Z", "2023-05-05T24:20Z"])
def test_what_is_no_time_is_none(written: str) -> None:
    assert read_time(written, zone=LONDON) is None


@pytest.mark.parametrize(
    ("year", "is_read"), [("0203", False), ("1999", False), ("2000", True), ("2099", True), ("2100", False)]
)
def test_a_time_of_another_age_is_a_slip(year: str, is_read: bool) -> None:
    written = f"{year}-05-05T02:20Z"
    assert (read_time(written, years=OF_OUR_AGE) is not None) is is_read
    assert read_time(written) is not None


def test_a_clock_names_its_zone() -> None:
    at = datetime(2023, 5, 5, 2, 12, tzinfo=UTC)
    assert [clock_with_zone(at.astimezone(zone)) for zone in (LONDON, UTC)] == ["03:12 BST", "02:12 UTC"]
