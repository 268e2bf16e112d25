"""``declared results``: files of results on a real server, and nothing of them declared twice, by halves or unasked."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.commands.file_posting import FilePosting
from app.commands.replaying import TargetServer, client_of
from tests.builders import a_contest, a_council, an_election
from tests.running import Server, declared, load
from tests.spreadsheets import as_csv, as_xlsx

WARDS = ("north", "south", "east")
ELECTION = an_election(
    *(
        a_council(*(a_contest(ward, council_id=name, electorate=5000) for ward in WARDS), council_id=name)
        for name in ("testshire", "exampleshire")
    )
)
HEAD = ["Council", "Ward", "Candidate", "Party", "Votes"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    database = f"sqlite:///{tmp_path / 'night.db'}"
    load(database, ELECTION)
    with Server(database, bundle=None) as running:
        yield running


def rows(council: str, *wards: str, lab: int = 901) -> list[list[object]]:
    """A row a candidate: LAB wins every ward, with votes that are no other ward's."""
    found: list[list[object]] = []
    for more, ward in enumerate(wards):
        contest = ELECTION.contest(f"local.{council}.{ward}.2023-05-04")
        for candidacy, votes in zip(contest.candidacies, (lab + more, 702 + more), strict=True):
            found.append([f"{council.title()} Council", ward.title(), candidacy.name, candidacy.party_id, votes])
    return found


def a_file(folder: Path, content: bytes, name: str = "results.csv") -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def results(server: Server, file: Path, *options: str):
    return declared("results", file, "--to", server.url, "--token", server.token, *options, check=False)


def posted(server: Server) -> Sequence[str]:
    """The ballots that are declared, in the order of the log."""
    with server.client() as client:
        log = client.get(f"/api/v1/elections/{ELECTION.slug}/declarations").json()["declarations"]
    return [".".join(entry["ballot_id"].split(".")[1:3]) for entry in log]


def test_a_template_is_filled_in_looked_at_and_declared_once(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "to-fill-in.csv"
    assert "6 rows to be filled in" in results(server, file, "--template", "--council", "testshire").stderr
    assert "is there already" in results(server, file, "--template").stderr
    table = [*csv.DictReader(io.StringIO(file.read_text("utf-8-sig")))]
    for place, row in enumerate(table):
        row["votes"] = str(901 + place - place % 2 * 200)
        row["declared_at"] = "2023-05-05T02:10:00+01:00"
    file.write_bytes(as_csv([[*table[0]], *(list(row.values()) for row in table)]))

    looked = results(server, file, "--check")
    assert (looked.returncode, posted(server)) == (1, [])
    assert "To be declared (2):\n  North (Testshire): Elected: " in looked.stdout
    # After North and South nothing can change who controls: the second is asked about, in the night that it comes into.
    assert "row 4: “South”: W07: This makes Testshire LAB gain from CON." in looked.stdout
    unasked = results(server, file)
    assert (unasked.returncode, posted(server)) == (1, [])
    assert "add --confirm W07." in unasked.stderr

    done = results(server, file, "--confirm", "W07")
    assert (done.returncode, done.stderr) == (0, "")
    assert posted(server) == ["testshire.north", "testshire.south", "testshire.east"]
    again = results(server, file)
    assert (again.returncode, len(posted(server))) == (0, 3)
    assert "There already, with these figures: 3 results." in again.stdout


def test_what_is_wrong_is_told_by_sheet_and_row_and_keeps_the_rest_back_unless_that_is_said(
    server: Server, tmp_path: Path
) -> None:
    table = [*rows("testshire", "north"), *rows("exampleshire", "north"), ["Nowhere", "North", "X", "PP53", 5]]
    table[1][2] = "Zoë Quist"
    table.append(["Exampleshire", "Middle", "A Person", "PP53", 7])
    file = a_file(tmp_path, as_xlsx({"Night": [HEAD, *table]}), "night.xlsx")
    refused = results(server, file)
    assert (refused.returncode, posted(server)) == (1, [])
    assert "night.xlsx, Night, row 3: “Testshire Council · North · Zoë Quist" in refused.stdout
    assert "row 6: “Nowhere”: No council of this election is called “Nowhere”." in refused.stdout
    assert "row 7: “Middle”: No ward of Exampleshire is called “Middle”." in refused.stdout
    assert "Put right what is wrong in 3 places" in refused.stderr
    partly = results(server, file, "--partly")
    assert (partly.returncode, posted(server)) == (1, ["exampleshire.north"])


def test_a_ward_that_stands_otherwise_is_left_and_one_that_was_withdrawn_is_declared_anew(
    server: Server, tmp_path: Path
) -> None:
    first = a_file(tmp_path, as_csv([HEAD, *rows("testshire", "north")]))
    other = a_file(tmp_path, as_csv([HEAD, *rows("testshire", "north", lab=801)]), "other.csv")
    assert results(server, first).returncode == 0
    left = results(server, other)
    assert left.returncode == 1
    assert "North (Testshire) is declared already, by entry 1: correct or withdraw that." in left.stdout
    with server.client() as client:
        withdrawal = {"kind": "withdrawal", "replaces": 1, "reason": "Too early"}
        path = f"/api/v1/elections/{ELECTION.slug}/declarations"
        headers = {"Authorization": f"Bearer {server.token}"}
        assert client.post(path, json=withdrawal, headers=headers).status_code == 201
    assert results(server, first).returncode == 0
    assert posted(server) == ["testshire.north"] * 3


@pytest.mark.parametrize(("answer", "declares"), [("y", 3), ("n", 1)])
def test_at_a_terminal_each_warning_is_asked_about_and_a_no_leaves_that_ward(
    server: Server, tmp_path: Path, answer: str, declares: int
) -> None:
    file = a_file(tmp_path, as_csv([HEAD, *rows("testshire", *WARDS)]))
    with client_of(server.url, server.token) as client, CliRunner().isolation(f"{answer}\n" * 2) as streams:
        target = TargetServer(client, server.url)
        posting = FilePosting(target, ELECTION.slug, file, "", frozenset(), is_partly=False, asks=lambda: True)
        is_done = posting.run(is_check=False)
        assert b"Is this right, and to be declared?" in streams[2].getvalue()
        is_asked_of_east = b"East (Testshire), as the night is now: 422: W07: " in streams[2].getvalue()
    # Without South it is East that decides, which nobody had been asked about.
    assert is_asked_of_east is (answer == "n")
    assert is_done is (answer == "y")
    assert len(posted(server)) == declares


NO_RESULTS = {
    "It is empty.": b"",
    "This is no spreadsheet": b"\x00\x01\x02",
    "neither an XLSX nor an ODS that can be read": b"PK\x03\x04broken",
    "No row says which column is which. Its columns begin: “North / South”": b"North,901\nSouth,902\n",
    "holds no result yet": b"Ward,Candidate,Votes\n",
    "more than 5,000 rows or 100,000 cells": b"Ward\n" * 6000,
    "larger than 2 MB": b"x" * (3 * 1024 * 1024),
}


def test_what_is_no_file_of_results_is_refused_in_words(server: Server, tmp_path: Path) -> None:
    for told, content in NO_RESULTS.items():
        refused = results(server, a_file(tmp_path, content))
        assert refused.returncode == 1
        assert told in refused.stderr
        assert "Traceback" not in refused.stderr
    assert "No such file" in results(server, tmp_path / "none.csv").stderr
    assert posted(server) == []
