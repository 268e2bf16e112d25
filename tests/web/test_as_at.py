"""What every page says of when it is as at: a journalist who quotes it says no more than is known."""

import json
import re
from collections.abc import Iterator

import httpx2
import pytest

from tests.running import KENT, Server, declare

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
MEDWAY_AT, NOTE_AT = NIGHT[1]["at"], "2023-05-05T03:12:00+01:00"
PAGES = "/elections/kent-2023"
ABOUT_MEDWAY = (f"{PAGES}/councils/medway", f"{PAGES}/councils/medway/why", f"{PAGES}/contests/{NIGHT[0]['ballot_id']}")
OF_ALL = ("?view=dense", "/flips", "/next", "/why", "/time", "/rankings/closest", "/parties/LAB", "/find?q=medway")
ABOUT_ALL = (PAGES, *(f"{PAGES}{rest}" for rest in OF_ALL))


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[httpx2.Client]:
    """Two wards of Medway, and then a note about nobody."""
    database = f"sqlite:///{tmp_path_factory.mktemp('as-at') / 'night.db'}"
    with Server(database) as server, server.client() as client:
        for body in (*NIGHT[:2], {"kind": "note", "text": "The bells ring.", "at": NOTE_AT}):
            declare(client, body)
        yield client


def as_at(client: httpx2.Client, path: str) -> str:
    (line,) = re.findall(r'<p class="as-at".*?</p>', client.get(path).text)
    return re.sub(r"<[^>]*>", "", line)


@pytest.mark.parametrize("path", ABOUT_ALL)
def test_a_page_about_the_night_is_as_at_its_newest_entry(client: httpx2.Client, path: str) -> None:
    assert as_at(client, path) == "As at 03:12 BST, entry 3"


@pytest.mark.parametrize("path", ABOUT_MEDWAY)
def test_a_page_about_a_council_is_as_at_the_newest_about_that(client: httpx2.Client, path: str) -> None:
    assert as_at(client, path) == f"As at {MEDWAY_AT[11:16]} BST, entry 2"


def test_a_council_of_which_nothing_is_told_is_as_at_none(client: httpx2.Client) -> None:
    assert as_at(client, f"{PAGES}/councils/dover") == "Before the first entry"


def test_a_page_of_all_elections_tells_when_and_no_entry(client: httpx2.Client) -> None:
    assert as_at(client, "/find?q=medway") == "As at 03:12 BST"


@pytest.mark.parametrize(
    ("at", "said"), [(1, f"As at {NIGHT[0]['at'][11:16]} BST, entry 1"), (0, "Before the first entry")]
)
@pytest.mark.parametrize(
    "path",
    [
        PAGES,
        *ABOUT_MEDWAY,
        f"{PAGES}/flips",
        f"{PAGES}/time",
        f"{PAGES}/since",
        f"{PAGES}/next",
        f"{PAGES}/rankings/closest",
        f"{PAGES}/parties/LAB",
    ],
)
def test_a_page_of_the_past_is_as_at_the_entry_asked_for(client: httpx2.Client, path: str, at: int, said: str) -> None:
    assert as_at(client, f"{path}?at={at}") == said
