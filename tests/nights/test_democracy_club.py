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
from tests.nights.democracy_club import write
from tests.running import Server, declared, post

INVENTED = Path(__file__).with_name("democracy-club.csv")
EXPORTS = [INVENTED, *map(Path, filter(None, [os.environ.get("DECLARED_TEST_DEMOCRACY_CLUB")]))]
FLIPS = "W07"
ASKED_AT_MOST = 0.03


@pytest.fixture(params=EXPORTS, ids=lambda path: path.stem)
def export(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture
def folder(export: Path, tmp_path: Path) -> Path:
    write(export, tmp_path / "bundle")
    return tmp_path / "bundle"


def results(export: Path) -> dict[tuple[str, str], tuple[str, bool]]:
    """Votes and whether elected, as they are exported, of every candidacy in a poll that has a result."""
    with export.open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["cancelled_poll"] != "t"]
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
    expected, slug = results(export), read_bundle(folder).election.slug
    assert {body["ballot_id"] for body in night} == {ballot_id for ballot_id, _ in expected}
    with Server(database, bundle=None) as server, server.client() as client:
        asked = {ballot_id: set(codes) - {FLIPS} for ballot_id, codes in posted(client, slug, night)}
        told = client.get(f"/api/v1/elections/{slug}/export.dc.csv").text
    about = Counter(code for codes in asked.values() for code in codes)
    assert sum(map(bool, asked.values())) <= ASKED_AT_MOST * len(night), about
    served = {
        (row["ballot_paper_id"], row["person_id"]): (row["ballots_cast"], row["elected"] == "t")
        for row in csv.DictReader(told.lstrip("\ufeff").splitlines())
    }
    assert {key: served[key] for key in expected} == expected


def test_what_had_no_poll_says_why_and_a_poll_that_was_held_later_is_the_contest(tmp_path: Path) -> None:
    write(INVENTED, tmp_path)
    contests = {contest.name: contest for contest in read_bundle(tmp_path).election.council("dunmere").contests}
    assert contests["Priory"].cancelled is Cancellation.EQUAL_CANDIDATES
    assert contests["Quayside"].cancelled is Cancellation.UNDER_CONTESTED
    assert [name for name in contests if name.startswith("Saltmarsh")] == ["Saltmarsh", "Saltmarsh by-election"]
    (radcot,) = (contest for name, contest in contests.items() if name.startswith("Radcot"))
    assert (radcot.ballot_id, radcot.cancelled) == ("local.dunmere.radcot.2024-06-20", None)


def test_offices_by_elections_and_first_preferences_are_what_they_are(tmp_path: Path) -> None:
    write(INVENTED, tmp_path)
    councils = read_bundle(tmp_path).election.councils
    cycles = {council_id: council.cycle for council_id, council in councils.items()}
    assert (cycles["mayor-eastmoor"], cycles["pcc-westvale"]) == (Cycle.SINGLE, Cycle.SINGLE)
    assert (cycles["elmbury"], cycles["ambershire"]) == (Cycle.BY, Cycle.ALL)
    stv = [it.ballot_id for council in councils.values() for it in council.contests if it.voting_system == "stv"]
    assert stv == ["local.inverlea.glen.by.2024-05-02"]
    assert councils["inglewood"].contests[1].cancelled is Cancellation.POSTPONED
    assert councils["ambershire"].contests[0].voting_system is VotingSystem.PLURALITY


def test_what_is_not_known_is_left_out_and_what_cannot_be_right_stands_as_it_was_published(tmp_path: Path) -> None:
    write(INVENTED, tmp_path)
    lines = (tmp_path / "night.jsonl").read_text("utf-8").splitlines()
    night = {body["ballot_id"].split(".")[2]: body for body in map(json.loads, lines)}
    assert {name for name, body in night.items() if "as_announced" in body} == {"minster", "quarry-bank", "harbour"}
    assert "votes" not in night["holly"]
    assert len(night["holly"]["elected"]) == 1
    assert list(night["hazel"]["votes"].values()).count(None) == 1
    assert night["radcot"]["at"].startswith("2024-06-21T01:"), "the morning after its own poll"
