"""Nights as Democracy Club exports them, posted to a server: every result is taken, and little of it is asked about.

The export beside this file is in that form and invented, with what real ones hold now and then: a lot, votes nobody has
published, figures that cannot be right. DECLARED_TEST_DEMOCRACY_CLUB names a real one, which is tried as well.
"""

import csv
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.bundles.reading import read_bundle
from app.domain.election import Cancellation, Cycle, VotingSystem
from app.imports.democracy_club import read_democracy_club
from app.imports.making import Wanted, make
from tests.builders import CON, GRN, LAB, LD
from tests.running import Server, declared, post

INVENTED = Path(__file__).with_name("democracy-club.csv")
REAL = os.environ.get("DECLARED_TEST_DEMOCRACY_CLUB")
EXPORTS = [INVENTED, *map(Path, filter(None, [REAL]))]
FLIPS = "W07"
ASKED_AT_MOST = 0.035
"""Of the results of a night; of May 2024 it was 64 of 1,950."""
SLUG = "imported-2024"

WON = {
    INVENTED: {LAB: 25, CON: 23, LD: 11, GRN: 3},
    Path(REAL or "-"): {LAB: 1158, LD: 522, CON: 515, GRN: 181},
}
"""Seats won in the councils of the night, by-elections and offices apart; of May 2024 as every house has them."""


def imported(export: Path, folder: Path) -> None:
    make(read_democracy_club([export]), Wanted(SLUG, folder), None)


@pytest.fixture(params=EXPORTS, ids=lambda path: path.stem)
def export(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture
def folder(export: Path, tmp_path: Path) -> Path:
    imported(export, tmp_path / "bundle")
    return tmp_path / "bundle"


def results(export: Path) -> dict[tuple[str, str], tuple[str, bool]]:
    """Votes and whether elected, as they are exported, of every candidacy in a poll of the day that has a result."""
    with export.open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["cancelled_poll"] != "t"]
    rows = [row for row in rows if row["election_date"] == "2024-05-02"]
    return {(row["ballot_paper_id"], row["person_id"]): (row["votes_cast"], row["elected"] == "t") for row in rows}


def posted(client: httpx2.Client, slug: str, night: list[dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    """Of each result the ballot, and the codes of what it was asked about; that is confirmed, and then it is taken."""
    for body in night:
        answer, codes = post(client, body, slug=slug), []
        if answer.status_code == 422:
            codes = [error["code"] for error in answer.json()["errors"]]
            answer = post(client, {**body, "confirm": [code for code in codes if code[0] == "W"]}, slug=slug)
        assert answer.status_code == 201, (body, answer.text)
        yield body["ballot_id"], codes


@pytest.mark.slow
def test_every_result_of_a_night_is_taken_as_it_is_and_hardly_any_is_asked_about(
    export: Path, folder: Path, tmp_path: Path
) -> None:
    database = f"sqlite:///{tmp_path / 'night.db'}"
    declared("load", folder, database=database)
    night = [json.loads(line) for line in (folder / "night.jsonl").read_text("utf-8").splitlines()]
    expected = results(export)
    assert {body["ballot_id"] for body in night} == {ballot_id for ballot_id, _ in expected}
    with Server(database, bundle=None) as server, server.client() as client:
        asked = {ballot_id: set(codes) - {FLIPS} for ballot_id, codes in posted(client, SLUG, night)}
        told = client.get(f"/api/v1/elections/{SLUG}/export.dc.csv").text
        scoreboard = client.get(f"/api/v1/elections/{SLUG}").json()["scoreboard"]
    assert {row["party_id"]: row["seats"] for row in scoreboard if row["party_id"] in WON[export]} == WON[export]
    about = Counter(code for codes in asked.values() for code in codes)
    assert sum(map(bool, asked.values())) <= ASKED_AT_MOST * len(night), about
    served = {
        (row["ballot_paper_id"], row["person_id"]): (row["ballots_cast"], row["elected"] == "t")
        for row in csv.DictReader(told.lstrip("\ufeff").splitlines())
    }
    assert {key: served[key] for key in expected} == expected


def test_what_had_no_poll_says_why_and_a_later_poll_is_of_another_election(tmp_path: Path) -> None:
    source = read_democracy_club([INVENTED])
    make(source, Wanted(SLUG, tmp_path / "bundle"), None)
    contests = {it.name: it for it in read_bundle(tmp_path / "bundle").election.council("dunmere").contests}
    assert contests["Priory"].cancelled is Cancellation.EQUAL_CANDIDATES
    assert contests["Quayside"].cancelled is Cancellation.UNDER_CONTESTED
    assert contests["Radcot"].cancelled is Cancellation.POSTPONED
    assert [name for name in contests if name.startswith("Saltmarsh")] == ["Saltmarsh", "Saltmarsh by-election"]
    assert source.left_out == {"as it is not of 2024-05-02": ["local.dunmere.radcot.2024-06-20"]}


def test_offices_by_elections_and_first_preferences_are_what_they_are(tmp_path: Path) -> None:
    imported(INVENTED, tmp_path := tmp_path / "bundle")
    councils = read_bundle(tmp_path).election.councils
    cycles = {council_id: council.cycle for council_id, council in councils.items()}
    assert (cycles["mayor-eastmoor"], cycles["pcc-westvale"]) == (Cycle.SINGLE, Cycle.SINGLE)
    assert (cycles["elmbury"], cycles["ambershire"]) == (Cycle.BY, Cycle.ALL)
    stv = [it.ballot_id for council in councils.values() for it in council.contests if it.voting_system == "stv"]
    assert stv == ["local.inverlea.glen.by.2024-05-02"]
    assert councils["inglewood"].contests[1].cancelled is Cancellation.POSTPONED
    assert councils["ambershire"].contests[0].voting_system is VotingSystem.PLURALITY


def test_what_is_not_known_is_left_out_and_what_cannot_be_right_stands_as_it_was_published(tmp_path: Path) -> None:
    imported(INVENTED, tmp_path := tmp_path / "bundle")
    lines = (tmp_path / "night.jsonl").read_text("utf-8").splitlines()
    night = {body["ballot_id"].split(".")[2]: body for body in map(json.loads, lines)}
    assert {name for name, body in night.items() if "as_announced" in body} == {"minster", "quarry-bank", "harbour"}
    assert "votes" not in night["holly"]
    assert len(night["holly"]["elected"]) == 1
    assert list(night["hazel"]["votes"].values()).count(None) == 1
    assert "radcot" not in night, "its poll was another day"
    assert night["holly"]["at"].startswith("2024-05-03T01:"), "the morning after"
