"""``declared rehearse`` as it is run: a server, people who are robots, mishaps, and a report that is right."""

import csv
import json
import re
import shutil
import signal
from functools import cache
from pathlib import Path

import pytest

from app.exercise.folder import ExerciseFolder
from app.exercise.report import NOT_OF_FIGURES
from app.exercise.running import Exercise
from app.exercise.sheets import CountSheet, Mishap
from app.store import log
from app.store.engine import Store
from tests.running import KENT, declared, start

SMALL = ("--wards", 10, "--seed", 5, "--speed", 2000, "--port", 0)


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory) -> tuple[Path, dict, str, str]:
    """An exercise that robots have done: its folder, its report as JSON, and what was printed."""
    folder = tmp_path_factory.mktemp("rehearsed")
    options = ("--robots", 3, "--slips", 40, "--until", "done", "--report", folder / "report.json")
    done = declared("rehearse", "kent-2023", "--into", folder / "exercise", *SMALL, *options)
    return folder, json.loads((folder / "report.json").read_text("utf-8")), done.stdout, done.stderr


@cache
def sheets_of(folder: Path) -> dict[int, CountSheet]:
    return {sheet.number: sheet for sheet in Exercise.of(ExerciseFolder(folder / "exercise")).plan.sheets}


def slips_of(folder: Path) -> list[dict]:
    """What the robots know that they did wrong."""
    ledger = folder / "exercise" / "robots.jsonl"
    return [json.loads(line) for line in ledger.read_text("utf-8").splitlines()] if ledger.exists() else []


def puts_right(sheet: CountSheet, slip: dict) -> bool:
    return str(sheet.last.body["votes"].get(slip["field"].removeprefix("votes."))) == slip["typed"]


def test_every_kind_of_mishap_was_met_and_the_report_says_what_became_of_it(rehearsed) -> None:
    folder, report, printed, _ = rehearsed
    assert {it["mishap"] for it in report["mishaps"]} == {mishap.value for mishap in Mishap}
    wrong = {it["subject"][1] for it in report["wrong"]}
    # Swapped sheets are right in themselves: only a check that compares wards can find them, and one of them may pass.
    unseen = {it["subject"][1] for it in report["mishaps"] if it["mishap"] == "swapped"}
    assert wrong <= unseen
    for it in report["mishaps"]:
        assert it["outcome"] == ("missed" if it["subject"][1] in wrong else "caught"), it
    assert (report["declared"], report["came_in"]) == (len(sheets_of(folder)),) * 2
    assert printed.startswith("TEST. ")


def test_the_slips_of_each_robot_are_those_that_it_made(rehearsed) -> None:
    """Handed in they are found by who keys it a second time; else a check has stopped them."""
    folder, report, _, _ = rehearsed
    sheets = sheets_of(folder)
    # A slip may put right what was wrong on the sheet; and a form that cannot be read says nothing of its figures.
    slips = [it for it in slips_of(folder) if not puts_right(sheets[it["sheet"]], it) and it["stopped_by"] != ["typed"]]
    assert slips
    for person in report["people"]:
        own = [slip for slip in slips if slip["robot"] == person["person"]]
        assert person["caught_by_second"] == sum(not slip["stopped_by"] for slip in own), person
        stopped = [slip for slip in own if set(slip["stopped_by"]) - NOT_OF_FIGURES]
        assert person["caught_by_checks"] == len(stopped), person


def test_the_log_has_what_was_true_and_the_count_has_told_of_its_recount(rehearsed) -> None:
    folder, report, _, _ = rehearsed
    with Store.open(ExerciseFolder(folder / "exercise").database_url) as store, store.reading() as connection:
        entries = log.entries(connection, "kent-2023", after=0)
    recounts = [it for it in entries if it.body.get("status") == "recount"]
    assert {it.entry.author for it in recounts} == {"token:count"}
    assert {it.entry.kind for it in entries} >= {"status", "ward", "tally", "correction"}
    standing = {it.entry.ballot_id: it.body for it in entries if it.about == "ward"}
    for sheet in sheets_of(folder).values():
        if sheet.subject.ballot_id and sheet.subject.identity not in {it["subject"][1] for it in report["wrong"]}:
            assert standing[sheet.subject.identity]["votes"] == sheet.last.body["votes"], sheet


def test_passwords_are_told_once_and_it_goes_on_where_it_was(rehearsed, tmp_path) -> None:
    folder, report, _, told = rehearsed
    assert told.count("signs in with") == 3
    other = declared("rehearse", tmp_path, "--into", folder / "exercise", check=False)
    assert (other.returncode, "is an exercise of " in other.stderr) == (1, True), other.stderr
    again = declared(
        "rehearse", "--into", folder / "exercise", "--port", 0, "--until", "done", "--report", tmp_path / "r.csv"
    )
    assert "Going on with the exercise" in again.stderr
    assert "signs in with" not in again.stderr
    rows = list(csv.DictReader((tmp_path / "r.csv").read_text("utf-8").splitlines()))
    assert {row["rehearsal"] for row in rows} == {"TEST"}
    counted = {row["name"]: row["number"] for row in rows if row["part"] == "person"}
    assert counted == {it["person"]: str(it["pace"]["number"]) for it in report["people"]}


def test_it_ends_with_a_report_when_it_is_interrupted_and_has_written_the_sheets(tmp_path) -> None:
    arguments = ("rehearse", KENT, "--into", tmp_path / "exercise", *SMALL, "--people", "Ann:keyer,Bob:checker")
    with start(*arguments, "--sheets", tmp_path / "sheets", piped=("stdout", "stderr")) as process:
        told = ""
        while "Ctrl-C ends it" not in told:
            line = process._streams["stderr"].readline()
            assert line, told
            told += line
        process.send_signal(signal.SIGINT)
        printed, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert re.findall(r"(\w+) \((\w+)\) signs in with", told) == [
        ("Ann", "keyer"),
        ("Bob", "checker"),
        ("editor", "editor"),
    ]
    assert "Ann " in printed
    with start("rehearse", "--into", tmp_path / "exercise", "--port", 0) as process:
        told = ""
        while "Ctrl-C ends it" not in told:
            told += process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert "signs in with" not in told
    for name in ("sheets.html", "answers.html", "plan.html"):
        assert "TEST" in (tmp_path / "sheets" / name).read_text("utf-8")
    assert (tmp_path / "sheets" / "paper.css").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 1, "Name a bundle to begin with"),
        (("nowhere",), 1, "does not exist"),
        (("kent-2023", "--people", "Ann"), 2, "NAME:ROLE"),
        (("kent-2023", "--people", "Ann:boss"), 2, "keyer, checker, editor"),
        (("kent-2023", "--people", "Ann:keyer,Ann:editor"), 2, "named twice"),
        (("kent-2023", "--people", "Ann:keyer,ann:checker"), 2, "named twice"),
        (("kent-2023", "--until", "25:00"), 2, "neither a time of day"),
        (("kent-2023", "--report", "report.pdf"), 2, ".json or .csv"),
        (("kent-2023", "--speed", "0"), 2, "--speed"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_is_refused_in_a_line(arguments, code, words, tmp_path) -> None:
    refused = declared("rehearse", *arguments, *(() if not arguments else ("--into", tmp_path / "new")), check=False)
    assert (refused.returncode, words in refused.stderr) == (code, True), refused.stderr
    assert not (tmp_path / "new").exists()


def test_nothing_is_tried_in_a_folder_or_a_database_that_is_not_its_own(tmp_path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    declared("load", KENT, database=f"sqlite:///{real / 'declared.db'}")
    refused = declared("rehearse", "kent-2023", "--into", real, check=False)
    assert (refused.returncode, "is no exercise, and not empty" in refused.stderr) == (1, True)
    # Somebody puts the night's database where an exercise had its own.
    exercise = ExerciseFolder(tmp_path / "exercise")
    with start("rehearse", KENT, "--into", exercise.path, *SMALL, "--until", "done", "--robots", 0) as process:
        while "Ctrl-C ends it" not in process.stderr.readline():
            pass
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    shutil.copy(real / "declared.db", exercise.path / "exercise.db")
    for file in exercise.path.glob("exercise.db-*"):
        file.unlink()
    refused = declared("rehearse", "--into", exercise.path, check=False)
    assert (refused.returncode, "was not made for an exercise" in refused.stderr) == (1, True), refused.stderr


def test_a_bundle_of_ones_own_without_results_has_them_made_up(tmp_path) -> None:
    bundle = tmp_path / "own"
    shutil.copytree(KENT, bundle)
    (bundle / "night.jsonl").unlink()
    options = ("--robots", 3, "--slips", 0, "--until", "done", "--report", tmp_path / "report.json")
    declared(
        "rehearse",
        bundle,
        "--into",
        tmp_path / "exercise",
        "--wards",
        3,
        "--seed",
        1,
        "--speed",
        5000,
        "--port",
        0,
        *options,
    )
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (report["declared"], report["rehearsal"]) == (report["sheets"], True)
