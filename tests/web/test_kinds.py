"""Elections of every kind over HTTP: declared as they were announced, and told apart wherever a reader looks."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.mixed import DALE, HILL, MAYOR, SECOND, SLUG, write_bundle
from tests.running import Server, declare, declared, post
from tests.strictness import strict_client

NIGHT = "2025-05-02T02:10:00+01:00"
JUNE = "2025-06-20T01:10:00+01:00"


def ward(ballot_id: str, *votes: int, at: str = NIGHT, **fields: Any) -> dict[str, Any]:
    numbered = {str(number): one for number, one in enumerate(votes, start=1)}
    return {"kind": "ward", "ballot_id": ballot_id, "votes": numbered, "at": at, **fields}


DECLARED = (
    ward(HILL, 1500, 900, 801, 702, elected=["1", "2", "4"]),
    ward(DALE, 801, 902, 103),
    ward(MAYOR, 30_210, 29_111),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("kinds")
    with Server(f"sqlite:///{folder / 'night.db'}", bundle=write_bundle(folder)) as running:
        with running.client() as client:
            early = post(client, {"kind": "ward", "ballot_id": SECOND, "seats": {"PP53": 1}, "at": NIGHT}, slug=SLUG)
            assert [error["code"] for error in early.json()["errors"]] == ["F01"]
            for body in DECLARED:
                declare(client, body, slug=SLUG)
            declare(client, {"kind": "ward", "ballot_id": SECOND, "seats": {"PP53": 1}, "at": JUNE}, slug=SLUG)
        yield running


@pytest.fixture
def reader(server: Server) -> Iterator[httpx2.Client]:
    with strict_client(server.url) as client:
        yield client


def test_a_night_with_an_office_beside_the_councils_is_in_order(server: Server) -> None:
    assert declared("verify", "--url", server.url, database=server.database).returncode == 0


def test_by_elections_stand_apart_on_the_dashboard_and_the_widget(reader: httpx2.Client) -> None:
    for path in (f"/elections/{SLUG}", f"/embed/v1/{SLUG}/overview?show=all"):
        page = reader.get(path).text
        assert "And 1 by-election: LAB +1, CON −1." in page
        board, apart = page.split(">By-elections</h2>")
        assert 'id="row-ordinary"' in board
        assert 'id="row-apart"' in apart
        assert "gain from CON" in apart


def test_two_polls_in_one_ward_are_told_apart(reader: httpx2.Client) -> None:
    page = reader.get(f"/elections/{SLUG}/councils/ordinary").text
    assert ">Hill</a>" in page
    assert ">Hill second poll</a>" in page
    feed = reader.get(f"/api/v1/elections/{SLUG}/feed.atom").text
    assert "Hill second poll (Ordinary)" in feed


def test_first_preferences_are_called_so_and_the_named_are_elected(reader: httpx2.Client) -> None:
    page = reader.get(f"/elections/{SLUG}/contests/{HILL}").text
    assert "3 seats on Ordinary council, by single transferable vote." in page
    assert "Share of first preferences:" in page
    assert "top vote" not in page.lower()
    assert "CON 56.4%, LAB 23.1%, OTH 20.5%, of first preferences in" in page
    contest = reader.get(f"/api/v1/elections/{SLUG}/councils/ordinary").json()["contests"][0]
    assert [candidate["elected"] for candidate in contest["candidates"]] == [True, True, False, True]
    assert contest["gained"] == {}
    assert (contest["voting_system"], contest["holder"]) == ("stv", ["PP52", "PP52", "PP53"])


def test_an_office_says_who_is_elected_and_nothing_of_a_majority(reader: httpx2.Client) -> None:
    page = reader.get(f"/elections/{SLUG}/councils/mayor").text
    assert "Hal Hood (CON) elected" in page
    assert "majority" not in page.split("<main")[1].split("<footer")[0].lower()
    assert reader.get(f"/api/v1/elections/{SLUG}/councils/mayor").json()["badge"] == "CON gain from LAB"


def test_of_a_council_with_by_elections_alone_nothing_is_said_of_control(reader: httpx2.Client) -> None:
    page = reader.get(f"/elections/{SLUG}/councils/apart").text
    assert "Only by-elections are up; the other seats are not on file here." in page
    assert "vacant" not in page
    assert reader.get(f"/elections/{SLUG}/councils/apart/card.png").status_code == 200


def test_a_later_poll_says_that_it_is_one(reader: httpx2.Client) -> None:
    page = reader.get(f"/elections/{SLUG}/contests/{SECOND}").text
    assert "at a later poll; that of 1 May 2025 was postponed" in page
    assert "until a later poll" not in page
