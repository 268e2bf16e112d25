"""What bundles say of the kinds of contests: how it is read, and refused in clear words."""

from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from app.bundles.reading import read_bundle
from app.bundles.tables import BundleError
from app.domain.election import Cancellation, Contest, Cycle, Election, VotingSystem
from tests.mixed import HEAD, write_bundle


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_bundle(tmp_path)


def read(folder: Path) -> Election:
    return read_bundle(folder).election


def the_contest(election: Election, ballot_id: str) -> Contest:
    return election.contests[ballot_id]


def test_every_column_of_the_kinds_is_read(folder: Path):
    election = read(folder)
    assert election.polls_close == time(20)
    assert election.umbrellas == {"others"}
    assert {key: council.cycle for key, council in election.councils.items()} == {
        "ordinary": Cycle.ALL,
        "apart": Cycle.BY,
        "mayor": Cycle.SINGLE,
    }
    assert election.councils["ordinary"].created == 1974
    hill = the_contest(election, "local.ordinary.hill.2025-05-01")
    assert hill.voting_system is VotingSystem.STV
    assert hill.holder == ("PP52", "PP53", "PP52")
    assert hill.expected_at == datetime(2025, 5, 2, 2, tzinfo=UTC)
    second = the_contest(election, "local.ordinary.hill.by.2025-05-01")
    assert second.cancelled is Cancellation.POSTPONED
    assert [hill.name, second.name] == ["Hill", "Hill second poll"]
    assert [hill.by_election, second.by_election] == [False, True]


def test_candidates_stand_by_their_places_on_the_ballot_paper(folder: Path):
    contest = the_contest(read(folder), "local.apart.dale.by.2025-05-01")
    assert [candidacy.name for candidacy in contest.candidacies] == ["Cat Cole", "Ann Archer", "Bob Butt"]


def test_without_the_columns_everything_is_as_usual(folder: Path):
    (folder / "election.toml").write_text(HEAD.replace('polls_close = "20:00"\n', ""), "utf-8")
    (folder / "parties.csv").write_text("party_id,name,group\nPP52,Conservatives,\nPP53,Labour,\nothers,O,\n", "utf-8")
    (folder / "contests.csv").write_text(
        "ballot_id,council_id,ward,gss,seats_up,electorate,cancelled\n"
        "local.ordinary.hill.2025-05-01,ordinary,Hill,,3,,\n"
        "local.apart.dale.by.2025-05-01,apart,Dale,,1,,\n"
        "mayor.mayor.2025-05-01,mayor,Mayor,,1,,\n",
        "utf-8",
    )
    election = read(folder)
    hill = the_contest(election, "local.ordinary.hill.2025-05-01")
    assert election.polls_close == time(22)
    assert not election.umbrellas
    assert (hill.voting_system, hill.holder, hill.expected_at, hill.label) == (VotingSystem.PLURALITY, (), None, "")


@pytest.mark.parametrize("written", ["22:00:00", '"22:00"'])
def test_a_time_of_toml_or_a_text_says_when_polls_close(folder: Path, written: str):
    (folder / "election.toml").write_text(HEAD.replace('"20:00"', written), "utf-8")
    assert read(folder).polls_close == time(22)


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        (
            "election.toml",
            '"20:00"',
            '"8pm"',
            'election.toml:7: polls_close “8pm” is not a time of the day: write it like "22:00"',
        ),
        (
            "contests.csv",
            "PP52 PP53 PP52",
            "PP52 PP53",
            (
                "contests.csv:2: holder names 2 for 3 up: name one party for each seat, with a space between them, or "
                "leave it empty where that is not known"
            ),
        ),
        (
            "contests.csv",
            "PP52 PP53 PP52",
            "PP52 PP9 PP52",
            "contests.csv:2: holder “PP9” is not in parties.csv: add it there, or give one that is there",
        ),
        (
            "contests.csv",
            ",stv,",
            ",av,",
            (
                "contests.csv:2: voting_system “av” is none of plurality, stv: "
                "write one of those as it stands here, or leave it empty"
            ),
        ),
        (
            "councils.csv",
            "single,1",
            "single,2",
            "councils.csv:4: cycle single is an office of one seat, and total_seats is 2: make it 1",
        ),
        (
            "contests.csv",
            "mayor.mayor.2025-05-01,mayor",
            "mayor.mayor.2025-05-01,apart",
            (
                "councils.csv:4: cycle single is an office that one contest fills, and contests.csv has 0 for it: "
                "leave one there, or correct cycle"
            ),
        ),
        (
            "parties.csv",
            "Others not up,OTH,,1",
            "Others not up,OTH,PP53,1",
            (
                "parties.csv:4: umbrella is 1 and group is “PP53”, and a collection has no group: "
                "leave one of the two empty"
            ),
        ),
        (
            "controls.csv",
            "eve,NOC",
            "eve,others",
            "controls.csv:2: control “others” is an umbrella, which cannot control: give NOC, or a party",
        ),
        (
            "candidacies.csv",
            "PP53,,,",
            "PP53,,,2",
            "candidacies.csv:3: position 2 of this ballot paper is on line 2 already: give one of the two another",
        ),
        (
            "candidacies.csv",
            "Bob Butt,PP53,,,",
            "Bob Butt,PP53,,,0",
            "candidacies.csv:3: position 0 is not between 1 and 999: look for a digit too many or too few",
        ),
        (
            "councils.csv",
            ",,1974",
            ",,74",
            "councils.csv:2: created 74 is not between 1,000 and 2,999: look for a digit too many or too few",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(folder: Path, file: str, old: str, new: str, fault: str):
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), "utf-8")
    with pytest.raises(BundleError) as refused:
        read_bundle(folder)
    assert [str(found) for found in refused.value.faults] == [fault]
