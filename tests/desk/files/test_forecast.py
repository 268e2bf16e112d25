"""A file of results over HTTP: what would come of each ward, for a token that declares and for one that keys."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.store import log
from tests.builders import CON, LAB, a_contest, a_council, an_election, votes_for
from tests.desks import Desk, Prepared, desk_on, prepared
from tests.spreadsheets import as_csv, as_ods

WARDS = ("north", "south", "east")
ELECTION = an_election(a_council(*(a_contest(name, electorate=5000) for name in WARDS)))
API = f"/api/v1/elections/{ELECTION.slug}"
HEAD = ["Ward", "Candidate", "Votes", "Turnout"]


@pytest.fixture(scope="module")
def ready(tmp_path_factory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("desk"), election=ELECTION)


@pytest.fixture
def desk(ready: Prepared, tmp_path) -> Iterator[Desk]:
    with desk_on(ready, tmp_path) as opened:
        yield opened


def rows(**votes: tuple[int, int]) -> list[list[object]]:
    table: list[list[object]] = [HEAD]
    for ward, given in votes.items():
        contest = ELECTION.contest(f"local.testshire.{ward}.2023-05-04")
        table += [[ward, it.name, number, ""] for it, number in zip(contest.candidacies, given, strict=True)]
    return table


def looked_at(desk: Desk, content: bytes, *, token: str = "declare", query: str = "") -> Any:
    client = desk.client(Authorization=f"Bearer {desk.tokens[token]}")
    answer = client.post(f"{API}/results?source=night.ods{query}", content=content)
    assert answer.status_code == 200, answer.text
    return answer.json()


def prospects(told: Any) -> dict[str, str]:
    return {ward["ward"]: ward["prospect"] for ward in told["wards"]}


def test_each_ward_is_judged_in_the_night_that_those_above_it_leave_and_nothing_is_declared(desk: Desk) -> None:
    table = rows(north=(901, 702), south=(902, 703), east=(904, 9000))
    told = looked_at(desk, as_ods(table), query="&council=testshire")
    north, south, east = told["wards"]
    assert prospects(told) == {"North": "ready", "South": "asks", "East": "left"}
    assert north["body"]["source"] == "night.ods"
    assert (south["flip"], [it["code"] for it in south["warnings"]]) == ("LAB gain Testshire from CON", ["W07"])
    assert east["body"] is None
    assert {(it["code"], it["sheet"], it["row"], it["found"]) for it in east["errors"]} >= {
        ("F04", "Results", 7, "9000"),
    }
    with desk.store.reading() as connection:
        assert log.entries(connection, ELECTION.slug, after=0) == []


def test_for_a_token_that_keys_what_others_keyed_is_left_and_its_own_is_there_already(desk: Desk) -> None:
    key = desk.client(Authorization=f"Bearer {desk.tokens['key']}")
    file = as_csv(rows(north=(901, 702), south=(902, 703), east=(904, 705)))
    for ward in looked_at(desk, file, token="key")["wards"][:1]:
        assert key.post(f"{API}/declarations", json=ward["body"]).status_code == 202
    south = ELECTION.contest("local.testshire.south.2023-05-04")
    form = {f"votes.{name}": str(votes) for name, votes in votes_for(south, LAB, CON).items()}
    form["action"] = "key"
    keyed = desk.signed_in("keyer").post(f"/desk/{ELECTION.slug}/contests/{south.ballot_id}", data=form)
    assert keyed.status_code == 303, keyed.text
    again = looked_at(desk, file, token="key")
    assert prospects(again) == {"North": "kept", "South": "left", "East": "ready"}
    assert "Another has keyed this" in again["wards"][1]["errors"][0]["detail"]
    other = looked_at(desk, as_csv(rows(north=(801, 702))), token="key")
    assert prospects(other) == {"North": "ready"}


def test_who_has_no_token_or_no_file_is_told_so(desk: Desk) -> None:
    assert desk.client().post(f"{API}/results", content=b"x").status_code == 401
    client = desk.client(Authorization=f"Bearer {desk.tokens['declare']}")
    assert client.post(f"{API}/results?council=nowhere", content=as_csv([HEAD])).status_code == 404
    assert client.post(f"{API}/results", content=b"a" * (2 * 1024 * 1024 + 1)).status_code == 413
    assert client.post(f"{API}/results", content=as_csv([["North", 1], ["South", 2]])).status_code == 422
    tried = [["rehearsal", *HEAD], ["TEST", "North", "LAB 1", 5, ""]]
    refused = client.post(f"{API}/results", content=as_csv(tried))
    assert (refused.status_code, "rehearsal" in refused.json()["detail"]) == (422, True)
