"""What was reported of other results services, in small: from the files or the post to what readers see."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.election import Candidacy, Contest, VotingSystem
from tests.builders import CON, GRN, IND, LAB, LD, a_contest, a_council, an_election, votes_for
from tests.desks import Desk, desk_on, prepared
from tests.nights.test_catalogue_changes import SADDLE, bundle
from tests.running import declared

API = "/api/v1/elections/test-2023"
BREAD, LIME = (a_contest(ward, parties=(CON, LD)) for ward in ("bread", "lime"))
CLARKTON = a_contest(
    "clarkton",
    seats_up=3,
    voting_system=VotingSystem.STV,
    candidacies=tuple(
        Candidacy(name.lower(), name, party_id)
        for name, party_id in (("Green", GRN), ("Irwell", LAB), ("McDoran", LAB), ("Macdoran", IND), ("Wallis", CON))
    ),
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    election = an_election(a_council(BREAD, LIME), a_council(CLARKTON, council_id="renfrewby"))
    with desk_on(prepared(tmp_path, election=election), tmp_path) as opened:
        yield opened


def post(desk: Desk, body: dict[str, Any], *, confirm: str = "") -> Any:
    api = desk.client(Authorization=f"Bearer {desk.tokens['declare']}", Accept="*/*")
    return api.post(f"{API}/declarations", json={**body, "confirm": confirm.split()})


def result(contest: Contest, *winners: str, at: str) -> dict[str, Any]:
    return {"kind": "ward", "ballot_id": contest.ballot_id, "votes": votes_for(contest, *winners), "at": at}


def test_south_ribble_2019_wards_without_a_poll_and_without_their_code_are_named(tmp_path: Path) -> None:
    """For a whole night a count was waited for that there never was."""
    only_one = {
        "contests_csv": (f"{SADDLE},", f"local.oldfield.short.2023-05-04,oldfield,Short,,2,900,\n{SADDLE},"),
        "candidacies_csv": (f"{SADDLE},s2,Fox,PP90", "local.oldfield.short.2023-05-04,s2,Fox,PP90"),
        "councils_csv": ("thirds,4", "thirds,6"),
    }
    told = declared("load", bundle(tmp_path / "bundle", **only_one), database=f"sqlite:///{tmp_path / 'night.db'}")
    _, _, remarks = (told.stdout + told.stderr).partition("Look at these:\n")
    assert "Oldfield: Short, Saddle: as many candidates as seats, or fewer;" in remarks


def test_what_a_court_undoes_months_later_has_its_date_and_no_weekday(desk: Desk) -> None:
    for contest in (BREAD, LIME):
        body = result(contest, CON, at="2023-05-05T02:00:00+01:00")
        assert post(desk, body, confirm="W06 W07").status_code == 201
    court = {**result(BREAD, LD, at="2023-08-11T14:05:00+01:00"), "kind": "correction", "replaces": 1}
    assert post(desk, {**court, "reason": "By order of the election court"}, confirm="W07").status_code == 201
    for page in ("", "/councils/testshire", f"/contests/{BREAD.ballot_id}"):
        shown = desk.client().get(f"/elections/test-2023{page}").text
        assert "11 Aug 2023" in shown, page
        assert "Fri 14:05" not in shown, page
    slip = {
        **result(BREAD, CON, at="2033-08-11T14:05:00+01:00"),
        "kind": "correction",
        "replaces": 3,
        "reason": "A slip",
    }
    assert "W17" in [error["code"] for error in post(desk, slip).json()["errors"]]


def test_scotland_2022_first_preferences_are_taken_with_who_is_elected_behind_a_loser(desk: Desk) -> None:
    preferences = {"macdoran": 1500, "irwell": 1200, "mcdoran": 500, "wallis": 900, "green": 700}
    named = {"elected": ["macdoran", "irwell", "mcdoran"]}
    body = {"kind": "ward", "ballot_id": CLARKTON.ballot_id, "votes": preferences}
    assert [error["code"] for error in post(desk, body).json()["errors"]] == ["F07"]
    assert post(desk, {**body, **named}, confirm="W07").status_code == 201
    council = json.loads(desk.client().get(f"{API}/councils/renfrewby").text)
    (contest,) = council["contests"]
    assert {it["candidacy_id"] for it in contest["candidates"] if it["elected"]} == set(named["elected"])
    assert contest["voting_system"] == "stv"
    assert not contest["as_announced"]
    assert "First preferences" in desk.client().get(f"/elections/test-2023/contests/{CLARKTON.ballot_id}").text
