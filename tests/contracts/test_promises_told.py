"""``docs/promises.md``, which ``make torture`` writes: it has every count as it is, and would tell of what failed."""

import re
from datetime import UTC, datetime
from pathlib import Path

from tests.counts import COUNTS
from tests.promises import Found, page

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "promises.md").read_text("utf-8")
COUNT = re.compile(r"^\| `(DECLARED_TORTURE_\w+)` \| (\d+) \| (\d+) \| \d+ \| (.+) \|$", re.MULTILINE)


def test_the_page_has_every_count_as_it_is():
    told = [(variable, int(small), int(full), counts) for variable, small, full, counts in COUNT.findall(TEXT)]
    assert told == [tuple(each) for each in COUNTS]


def told(**fields) -> str:
    found = Found("0 lost", functions={"test_a": None}, **fields)
    return page({"Nothing is lost": found}, at=datetime(2023, 5, 5, 3, 0, tzinfo=UTC))


def test_what_failed_is_told_as_failed():
    failed = told(reached={"test_a[sqlite]": "2 lost", "test_a[postgresql]": "0 lost"}, failed=["test_a[sqlite]"])
    assert "0 of 1 kept on 5 May 2023" in failed
    assert "| sqlite: 2 lost<br>postgresql: 0 lost | **failed**: test_a[sqlite] |" in failed


def test_what_was_kept_is_told_with_its_command():
    kept = told(reached={"test_a": "0 lost"})
    assert "1 of 1 kept" in kept
    assert "| Nothing is lost | 0 lost | 0 lost | kept |" in kept
    assert "`make torture ARGS=\"-k 'test_a'\"`" in kept
