"""What nobody but people know is asked for in files; what they fill in is used, and never written over."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.bundles.reading import read_bundle
from app.bundles.remarks import IN_PART
from app.commands.cli import main
from app.domain.election import Cycle
from tests.builders import CON, LAB
from tests.running import KENT

EXPORT = Path(__file__).parents[1] / "nights" / "democracy-club.csv"
Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "bundle"


@pytest.fixture
def run(folder: Path) -> Run:
    def again(*options: object, file: Path = EXPORT) -> Result:
        arguments = ["import", "democracy-club", str(file), "--slug", "may-2024", "--into", str(folder)]
        return CliRunner().invoke(main, [*arguments, *map(str, options)])

    return again


def fill_in(path: Path, **cells: str) -> None:
    """Writes ``cells`` into the row of brackford (the first, in a file of several rows for it)."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        rows, columns = list(reader), list(reader.fieldnames or ())
    next(row for row in rows if "brackford" in next(iter(row.values()))).update(cells)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns)
        writer.writeheader()
        writer.writerows(rows)


def test_it_says_what_is_missing_and_where_and_uses_what_is_filled_in_then(run: Run, folder: Path) -> None:
    first = run()
    assert first.stderr.splitlines()[:5] == [
        f"Elections of 2 May 2024 (may-2024): 12 councils, 59 contests, 280 candidacies and 55 results, in {folder}.",
        "Left out, as it is not of 2024-05-02: local.dunmere.radcot.2024-06-20.",
        f"Not known, and asked for in {folder}/asked; fill in what you can and run this again:",
        "  councils.csv  total_seats of 4 councils; until then control is told as if those up were all",
        "  seats.csv     the seats that are not up (continuing) of 4 councils",
    ]
    bundle = read_bundle(folder)
    assert bundle.election.council("brackford").note == IN_PART
    (told,) = [remark for remark in bundle.remarks if "only the seats that are up are on file" in remark]
    assert told.startswith("Ambershire, Brackford, Calderton, Dunmere: ")
    asked = folder / "asked"
    fill_in(asked / "councils.csv", total_seats="42", expected_at="2024-05-03T04:00:00+01:00")
    fill_in(asked / "controls.csv", control="NOC", note="after a defection")
    fill_in(asked / "seats.csv", seats="28")
    fill_in(asked / "contests.csv", holder="PP52")
    with (asked / "seats.csv").open("a", encoding="utf-8") as rows:
        rows.write("brackford,eve,PP99009,,,3\n")
    with (asked / "parties.csv").open("a", encoding="utf-8") as rows:
        rows.write("PP99009,Brackford First,BF,#123456,,\n")
    second = run()
    assert "  councils.csv  total_seats of 3 councils; " in second.stderr
    brackford = read_bundle(folder).election.council("brackford")
    assert (brackford.total_seats, brackford.continuing, brackford.note) == (42, {CON: 28}, "")
    assert brackford.cycle is Cycle.THIRDS
    assert (brackford.baselines["eve"].control, brackford.baselines["eve"].seats) == ("NOC", {"PP99009": 3})
    assert brackford.contests[0].holder == (CON,)
    written = {path.name: path.read_bytes() for path in asked.iterdir()}
    run()
    assert {path.name: path.read_bytes() for path in asked.iterdir()} == written, "nothing of it is written over"


def test_a_fault_in_what_was_filled_in_is_told_there_and_the_bundle_stays_as_it_was(run: Run, folder: Path) -> None:
    run()
    fill_in(folder / "asked" / "controls.csv", control="LAB")
    fill_in(folder / "asked" / "councils.csv", total_seats="about 40")
    before = (folder / "councils.csv").read_bytes()
    done = run()
    assert done.stderr.removeprefix("declared: ").splitlines() == [
        "asked/councils.csv:3: total_seats “about 40” is not a whole number: write digits alone, such as 47",
        (
            "asked/controls.csv:3: control “LAB” is not in parties.csv, nor is it NOC: "
            "add it there, or give one that is there"
        ),
    ]
    assert (folder / "councils.csv").read_bytes() == before


def test_what_a_source_mends_is_taken_up_but_not_where_a_person_wrote(run: Run, folder: Path, tmp_path: Path) -> None:
    run()
    fill_in(folder / "asked" / "contests.csv", electorate="7001")
    text = EXPORT.read_text("utf-8")
    mended = tmp_path / "mended.csv"
    mended.write_text(text.replace(",8050,", ",8051,").replace("Brackford,", "Brackford Borough,"), "utf-8")
    assert run(file=mended).exit_code == 0
    election = read_bundle(folder).election
    assert election.council("brackford").name == "Brackford Borough"
    assert election.council("ambershire").contests[0].electorate == 8051
    assert election.council("brackford").contests[0].electorate == 7001


def test_nothing_is_written_over_that_is_not_an_imports_own(run: Run, folder: Path) -> None:
    shutil.copytree(KENT, folder)
    refused = run()
    assert (refused.exit_code, "was not imported" in refused.stderr) == (1, True)
    shutil.rmtree(folder)
    run()
    (folder / "councils.csv").write_text("mine", "utf-8")
    assert "councils.csv was changed since it was imported" in run().stderr
    assert (folder / "councils.csv").read_text("utf-8") == "mine"
    (folder / "councils.csv").unlink()
    head = (folder / "election.toml").read_text("utf-8").replace('label = "PA', 'label = "Our')
    (folder / "election.toml").write_text(head, "utf-8")
    run()
    assert (folder / "election.toml").read_text("utf-8") == head, "once made, the head is a person's"


def test_last_times_bundle_gives_seats_holders_control_and_history(tmp_path: Path) -> None:
    """Kent's night of 2023, and an export as if the same wards had polled four years later."""
    kent = read_bundle(KENT).election
    export = tmp_path / "kent-2027.csv"
    rows = [
        (
            "person_id,person_name,ballot_paper_id,election_date,party_id,party_name,post_label,gss,cancelled_poll,"
            "seats_contested,organisation_name"
        )
    ]
    for council_id in ("medway", "maidstone"):
        for contest in kent.council(council_id).contests:
            ballot_id = contest.ballot_id.replace("2023-05-04", "2027-05-06")
            rows += [
                f'{n},Ann {n},{ballot_id},2027-05-06,{party_id},X,"{contest.ward}",{contest.gss},f,{contest.seats_up},'
                for n, party_id in enumerate((LAB, CON, LAB, CON))
            ]
    export.write_text("\n".join(rows), "utf-8")
    done = CliRunner().invoke(
        main,
        [
            "import",
            "democracy-club",
            str(export),
            "--slug",
            "kent-2027",
            "--into",
            f"{tmp_path}/k",
            "--last",
            str(KENT),
        ],
    )
    assert done.exit_code == 0, done.stderr
    election = read_bundle(tmp_path / "k").election
    medway, maidstone = election.council("medway"), election.council("maidstone")
    assert (medway.total_seats, medway.gss, medway.region) == (59, "E06000035", "South East")
    assert medway.baselines["last"].seats == {LAB: 33, CON: 22, "ynmp-party:2": 4}
    assert medway.baselines["last"].control == LAB
    assert [(it.since, it.control) for it in medway.history][-1] == ("2023-05-04", LAB)
    assert all(len(it.holder) == it.seats_up for it in (*medway.contests, *maidstone.contests))
    assert (medway.note, maidstone.note) == ("", IN_PART), "of thirds, who has the seats not up is still to be said"
    assert (election.convention, list(election.conventions)) == (kent.convention, list(kent.conventions))
    assert medway.square == kent.council("medway").square
