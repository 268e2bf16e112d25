"""The finder over HTTP: as a page and for the field, of what stands and of the past, and what is kept of it."""

import json
import re
from collections.abc import Iterator

import httpx2
import pytest

from app.domain.postcodes import Postcodes
from app.store.engine import Store
from app.store.postcodes import save_postcodes
from tests.builders import a_contest, a_council, an_election
from tests.running import KENT, Server, declare, load

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
PAGES = "/elections/kent-2023"
POSTCODES = Postcodes(
    {
        "CT1": "local.canterbury.westgate.2023-05-04 2AB 2AD\nlocal.canterbury.barton.2023-05-04 2AB 3AA",
        "ME4": "local.medway.no-more.2023-05-04 4AA",
    }
)
FIND, OPTIONS = f"{PAGES}/find", f"{PAGES}/find.json"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Kent with Medway declared, and another election beside it."""
    database = f"sqlite:///{tmp_path_factory.mktemp('finder') / 'night.db'}"
    running = Server(database)
    load(database, an_election(a_council(a_contest(name="Westgate"), name="Westshire", aliases=("Out West",))))
    with Store.open(database) as store, store.writing() as connection:
        save_postcodes(connection, "kent-2023", POSTCODES)
    with running:
        with running.client() as client:
            for body in NIGHT[:24]:
                declare(client, body)
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[httpx2.Client]:
    with server.client() as opened:
        yield opened


def found(client: httpx2.Client, typed: str, path: str = OPTIONS, **query: object) -> dict[str, list[str]]:
    """By heading, what is told of each thing that is found."""
    answer = client.get(path, params={"q": typed, **query}).raise_for_status().json()
    return {
        group["heading"]: [", ".join((line["name"], line["where"], line["stands"])) for line in group["lines"]]
        for group in answer["groups"]
    }


def test_what_is_found_is_told_with_its_place_and_how_it_stands(client: httpx2.Client) -> None:
    assert found(client, "medway") == {"Councils": ["Medway, South East, Labour Party majority of 7"]}
    assert found(client, "st marys medway") == {"Wards": ["St Mary's Island, Medway, CON 1"]}
    assert found(client, "westgate") == {
        "Wards": ["Westgate, Canterbury, Not yet", "Westgate-on-Sea, Thanet, Not yet"],
    }
    assert found(client, "khan gillingham south") == {
        "Candidates": ["Naushabah Parveen Khan, Gillingham South, Medway, LAB, elected with 1,531 votes"],
    }
    assert found(client, "tory") == {
        "Parties": ["Conservative Party, CON, Councils that CON controls or leads"],
    }


def test_the_page_says_the_same_without_a_script_and_leads_there(client: httpx2.Client) -> None:
    page = client.get(FIND, params={"q": "khan gillingham south"}).text
    (line,) = re.findall(r"<li>(.*)</li>", page)
    assert (
        re.sub("<[^>]+>", "", line) == "Naushabah Parveen Khan Gillingham South, Medway · LAB, elected with 1,531 votes"
    )
    (url,) = re.findall(r'class="find-name" href="([^"]+)"', page)
    assert "Naushabah Parveen Khan" in client.get(url).raise_for_status().text
    assert '<input class="find-field" type="search" name="q" value="khan gillingham south"' in page
    assert "<p>1 candidate.</p>" in page


def test_every_public_page_has_the_field_with_a_form_that_works(client: httpx2.Client) -> None:
    for path in (PAGES, f"{PAGES}/councils/medway", f"{PAGES}/contests/{NIGHT[0]['ballot_id']}"):
        page = client.get(path).text
        assert f'action="{FIND}"' in page, path
    for path in ("/", "/nothing"):
        assert 'action="/find"' in client.get(path).text, path


def test_nothing_found_says_what_can_be(client: httpx2.Client) -> None:
    told = "Councils, wards, candidates and parties are found by a few letters of a name, wards by postcode as well."
    assert client.get(OPTIONS, params={"q": "xyzzyq"}).json() == {"said": f"Nothing found. {told}", "groups": []}
    assert client.get(OPTIONS).json() == {"said": told, "groups": []}
    assert told in client.get(FIND).text


def test_of_many_the_first_are_shown_and_all_are_counted(client: httpx2.Client) -> None:
    answer = client.get(OPTIONS, params={"q": "s"}).json()
    assert re.fullmatch(
        r"\d councils, \d+ wards, \d{3} candidates and \d part\w+; the first 20 are shown\.", answer["said"]
    )
    assert sum(len(group["lines"]) for group in answer["groups"]) == 20


def test_of_a_moment_of_the_past_it_is_told_how_things_stood_and_where_they_can_be_seen(client: httpx2.Client) -> None:
    assert found(client, "medway", at=1) == {"Councils": ["Medway, South East, 1 of 24 wards declared"]}
    answer = client.get(OPTIONS, params={"q": "medway", "at": 1, "convention": "pa"}).json()
    assert answer["groups"][0]["lines"][0]["url"] == f"{PAGES}/councils/medway?convention=pa&at=1"
    page = client.get(FIND, params={"q": "medway", "at": 1, "convention": "pa"}).text
    assert f'href="{PAGES}/councils/medway?convention=pa&amp;at=1"' in page
    assert '<input type="hidden" name="at" value="1">' in page
    assert '<input type="hidden" name="convention" value="pa">' in page


def test_from_where_no_election_is_meant_all_are_looked_through(client: httpx2.Client) -> None:
    assert found(client, "westgate", "/find.json") == {
        "Kent council elections 2023: Wards": ["Westgate, Canterbury, Not yet", "Westgate-on-Sea, Thanet, Not yet"],
        "Test elections 2023: Wards": ["Westgate, Westshire, Not yet"],
    }
    page = client.get("/find", params={"q": "westshire"}).text
    assert "Test elections 2023" in page
    assert "Kent" not in page


def test_a_postcode_leads_to_its_ward_or_to_all_that_it_reaches_into(client: httpx2.Client) -> None:
    assert found(client, "ct12ad") == {"Postcodes": ["CT1 2AD, Westgate, Canterbury, Not yet"]}
    of_both = ["Westgate, Canterbury, Not yet", "Barton, Canterbury, Not yet"]
    for typed in ("CT1 2AB", "CT1 2", "ct1"):
        assert found(client, typed) == {"Postcodes": [f"{typed.upper()}, {ward}" for ward in of_both]}, typed
    answer = client.get(OPTIONS, params={"q": "CT1"}).json()
    assert answer["said"] == "CT1 is in 2 wards."
    assert answer["groups"][0]["lines"][1]["url"] == f"{PAGES}/contests/local.canterbury.barton.2023-05-04"
    assert "<p>CT1 2AB is in 2 wards.</p>" in client.get(FIND, params={"q": "CT1 2AB"}).text


def test_a_postcode_that_is_not_on_file_is_not_found(client: httpx2.Client) -> None:
    said = client.get(OPTIONS, params={"q": "CT9 9ZZ"}).json()["said"]
    assert said.startswith("Nothing found. Councils, wards, candidates and parties are found by")
    assert said.endswith(", wards by postcode as well.")
    assert client.get("/elections/test-2023/find.json").json()["said"].endswith("a few letters of a name.")
    # Its ward is in the bundle no more.
    assert client.get(OPTIONS, params={"q": "ME4 4AA"}).json()["groups"] == []


def test_a_council_is_found_by_what_else_it_is_called(client: httpx2.Client) -> None:
    assert found(client, "out west", "/elections/test-2023/find.json")["Councils"] == [
        "Westshire, , 0 of 1 ward declared"
    ]


def test_nothing_of_it_is_kept_anywhere(client: httpx2.Client) -> None:
    def kept() -> str:
        return re.findall(r'declared_cache_entries{cache="reads"} (.*)', client.get("/metrics").text)[0]

    client.get(PAGES)
    before = kept()
    for path in (FIND, OPTIONS, "/find", "/find.json"):
        answer = client.get(path, params={"q": "medway", **({"at": 1} if PAGES in path else {})})
        assert answer.headers["Cache-Control"] == "no-store", path
        assert answer.headers["Referrer-Policy"] == "no-referrer", path
    assert kept() == before


@pytest.mark.parametrize("typed", ["<script>", "\x00", "%", "a" * 3000, "é" * 101, "🗳", "\u202emedway", " . "])
def test_whatever_is_typed_is_answered(client: httpx2.Client, typed: str) -> None:
    for path in (FIND, OPTIONS, "/find", "/find.json"):
        assert client.get(path, params={"q": typed}).status_code == 200


def test_what_was_typed_is_told_to_no_log_and_no_figure(server: Server, client: httpx2.Client) -> None:
    for path in (FIND, OPTIONS, "/find", "/elections/nowhere/find", f"{PAGES}/find.json"):
        client.get(path, params={"q": "CT1 9ZZ", **({"at": 999} if path == OPTIONS else {})})
    assert "9ZZ" not in client.get("/metrics").text
    assert "9ZZ" not in "".join(server.errors)
