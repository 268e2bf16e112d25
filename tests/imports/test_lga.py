"""Results in the LGA's schema: both its lists of columns, and what is left out or refused."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from app.bundles.reading import read_bundle
from app.commands.cli import main
from app.domain.election import Cancellation

ROW = {
    "PublicationDate": "2024-05-07",
    "OrganisationURI": "http://opendatacommunities.org/id/metropolitan-district-council/exampleford",
    "OrganisationLabel": "Exampleford",
    "ElectionDate": "2024-05-02",
    "TypeofElection": "DistrictAndBorough",
    "ElectedBodyLabel": "Exampleford Council",
    "ElectoralAreaURI": "http://statistics.data.gov.uk/id/statistical-geography/E05099001",
    "ElectoralAreaLabel": "Abbey",
    "CandidateSurname": "ARCHER",
    "CandidateForenames": "Zoë Ann",
    "CommonlyUsedSurname": "",
    "CommonlyUsedForenames": "Zoë",
    "PoliticalPartyURI": "http://search.electoralcommission.org.uk/English/Registrations/PP53",
    "PoliticalPartyLabel": "Labour Party",
    "CandidatesDescription": "Local Labour",
    "VotesWon": "1,812",
    "Elected": "ELECTED",
    "VotesCast": "2500",
    "EligibleElectorate": "6000.0",
    "BallotsRejectedOfficialMark": "0",
    "BallotsRejectedMultipleVote": "2",
    "BallotsRejectedIdentification": "0",
    "BallotsRejectedInPart": "7",
    "BallotsRejectedUnmarked": "6",
    "PercentageTurnout": "41.7",
    "InfoURL": "https://example.org/results",
}
BEATEN = {
    "CandidateSurname": "BUTT",
    "CandidateForenames": "Bilal",
    "CommonlyUsedForenames": "",
    "PoliticalPartyURI": "",
    "PoliticalPartyLabel": "Independent",
    "VotesWon": "680",
    "Elected": "NOT ELECTED",
}
UNOPPOSED = {"ElectoralAreaLabel": "Mill", "ElectoralAreaURI": "", "VotesWon": "", "Elected": "Elected Unopposed"}


def run(folder: Path, *rows: Mapping[str, str]) -> Result:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    (folder / "results.csv").write_text(out.getvalue(), "utf-8-sig")
    command = ["import", "lga", str(folder / "results.csv"), "--slug", "may-2024", "--into", str(folder / "made")]
    return CliRunner().invoke(main, command)


def test_the_columns_of_the_schema_are_read(tmp_path: Path) -> None:
    parish = {**ROW, "TypeofElection": "Parish", "ElectoralAreaLabel": "St Ann"}
    done = run(tmp_path, ROW, {**ROW, **BEATEN}, {**ROW, **UNOPPOSED}, parish)
    assert done.exit_code == 0, done.stderr
    assert "Left out, as elections of type Parish are: St Ann (results.csv)." in done.stderr.splitlines()
    bundle = read_bundle(tmp_path / "made")
    abbey, mill = bundle.election.council("exampleford").contests
    assert (abbey.gss, abbey.seats_up, abbey.electorate) == ("E05099001", 1, 6000)
    assert [(it.name, it.party_id, it.description) for it in abbey.candidacies] == [
        ("Zoë ARCHER", "PP53", "Local Labour"),
        ("Bilal BUTT", "ynmp-party:2", "Local Labour"),
    ]
    assert (mill.cancelled, mill.seats_up) == (Cancellation.EQUAL_CANDIDATES, 1)
    (line,) = bundle.night or ()
    assert line["votes"] == {"zoe-ann-archer": 1812, "bilal-butt": 680}
    assert (line["elected"], line["ballots"], line["rejected"], line["turnout"]) == (["zoe-ann-archer"], 2500, 8, 41.7)


def test_the_names_of_its_table_of_json_are_read_as_well(tmp_path: Path) -> None:
    names = {
        "OrganisationLabel": "OrganisationName",
        "ElectionDate": "Electiondate",
        "ElectedBodyLabel": "ElectedBodyName",
        "ElectoralAreaLabel": "ElectoralAreaName",
        "CommonlyUsedForenames": "CandidateUsedForenames",
        "PoliticalPartyLabel": "PoliticalPartyName",
    }
    row = {
        **ROW,
        "OrganisationURI": "",
        "OrganisationLabel": "Exampleford Metropolitan Borough Council",
        "Elected": "Yes",
    }
    done = run(
        tmp_path, *({names.get(it, it): text for it, text in cells.items()} for cells in (row, {**row, **BEATEN}))
    )
    assert done.exit_code == 0, done.stderr
    assert read_bundle(tmp_path / "made").election.council("exampleford").contests[0].ward == "Abbey"


def test_before_the_count_it_makes_a_bundle_that_asks_for_the_seats(tmp_path: Path) -> None:
    row = {**ROW, "VotesWon": "", "Elected": ""}
    done = run(tmp_path, row, {**row, **BEATEN, "VotesWon": "", "Elected": ""})
    assert "  contests.csv  seats_up of 1 contest" in done.stderr.splitlines()
    assert not read_bundle(tmp_path / "made").night


def test_each_fault_says_file_line_and_what_to_do(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        {**ROW, "VotesWon": "many"},
        {**ROW, **BEATEN, "Elected": "perhaps"},
        {**ROW, "ElectionDate": "2 May 2024"},
        {**ROW, "TypeofElection": "Choir", "ElectoralAreaLabel": ""},
    )
    assert done.stderr.removeprefix("declared: ").splitlines() == [
        "results.csv:2: voteswon “many” is not a whole number: write digits alone, such as 47, or leave it empty",
        "results.csv:3: Elected “perhaps” is none of the schema’s: write ELECTED or NOT ELECTED",
        "results.csv:4: ElectionDate “2 May 2024” is not a date: write it like 2023-05-04",
        ("results.csv:5: TypeOfElection “choir” is none of the schema’s: write DistrictAndBorough, or another of them"),
        "results.csv:5: ElectoralAreaLabel is empty: write the ward’s name",
    ]
    assert not (tmp_path / "made").exists()
