"""``declared new`` and ``declared check``: a folder to begin with, and all that can be said of one at once."""

import csv
import re
import shutil
from pathlib import Path

import pytest

from app.bundles.postcodes import COLUMNS_OF_POSTCODES
from app.bundles.reading import COLUMNS, read_bundle
from app.bundles.survey import BundleSurvey, survey_of
from app.commands.beginning import EXAMPLE
from app.commands.checking import html_of
from tests.running import KENT, declared
from tests.strictness import page_faults

OWN_STYLES = ["styled or scripted in line: style"]
"""The page has its styles in itself, and is served by nobody."""


def surveyed(folder: Path) -> BundleSurvey:
    return survey_of(folder, tell=lambda _: None)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE, tmp_path / "bundle")
    return tmp_path / "bundle"


def change(bundle: Path, file: str, old: str, new: str) -> None:
    text = (bundle / file).read_text("utf-8")
    assert old in text
    (bundle / file).write_text(text.replace(old, new, 1), "utf-8")


def test_a_new_folder_is_checked_and_loaded_as_it_is_and_never_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    made = declared("new", "my-night-2028", "--into", folder)
    assert f"declared check {folder}" in made.stderr
    checked = declared("check", folder)
    assert "Errors: nothing.\nLook at these: nothing." in checked.stdout
    assert f"It can be loaded: declared load {folder}." in checked.stdout
    database = f"sqlite:///{tmp_path / 'night.db'}"
    loaded = declared("load", folder, database=database).stderr
    assert "(my-night-2028), loaded:" in loaded
    assert "Look at these" not in loaded
    (folder / "parties.csv").write_text("mine")
    again = declared("new", "my-night-2028", "--into", folder, check=False)
    assert (again.returncode, (folder / "parties.csv").read_text()) == (1, "mine")
    assert declared("new", "No Slug", check=False).returncode == 2
    assert declared("new", "audit", check=False).returncode == 2


def test_the_readme_of_a_new_folder_explains_every_column_there_is() -> None:
    readme = (EXAMPLE / "README.md").read_text("utf-8")
    sections = dict(re.findall(r"\*\*`([\w.]+)`\*\*(.*?)(?=\n\*\*`|\nThere may be|\Z)", readme, re.DOTALL))
    for file, columns in COLUMNS.items():
        explained = sections.get(file, readme)
        missing = [name for name in (*columns.required, *columns.optional) if not re.search(rf"\b{name}\b", explained)]
        assert missing == [], file
        left_out = {name for name in columns.optional if f"{name}°" not in explained}
        assert left_out == set(), f"{file}: ° says what may be left out"
    assert all(name in readme for name in COLUMNS_OF_POSTCODES.required)
    for file in EXAMPLE.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as source:
            assert {*next(csv.reader(source))} == {*COLUMNS[file.name].required, *COLUMNS[file.name].optional}


def test_every_file_is_looked_at_whatever_is_wrong_with_the_others(bundle: Path) -> None:
    change(bundle, "election.toml", 'name = "', "name = ")
    change(bundle, "contests.csv", "Castle,E05099901,1,", "Castle,E05099901,one,")
    change(bundle, "councils.csv", "thirds,12,0", "thirds,10,0")
    change(bundle, "candidacies.csv", "Ned Nash,PP52", "Ned Nash,PP99")
    change(bundle, "history.csv", "2015-05-07", "7 May 2015")
    (bundle / "parties.csv").write_text(
        (bundle / "parties.csv").read_text("utf-8").replace("#FAA61A", "yellow"), "utf-8"
    )
    (bundle / "night.jsonl").write_text("nothing\n")
    survey = surveyed(bundle)
    assert [(fault.file, fault.line) for fault in survey.faults] == [
        ("election.toml", 11),
        ("parties.csv", 5),
        ("councils.csv", 2),
        ("contests.csv", 2),
        ("candidacies.csv", 15),
        ("history.csv", 3),
        ("night.jsonl", 1),
    ]
    done = declared("check", bundle, check=False)
    assert done.returncode == 1
    assert "councils.csv:2: total_seats 10 is less than 8 continuing and 4 up tonight: correct it" in done.stdout
    assert "It cannot be loaded: 7 errors." in done.stdout
    samplebury = next(council for council in survey.councils if council.council_id == "samplebury")
    assert (samplebury.total, samplebury.up, samplebury.vacant, samplebury.without_poll) == (5, 5, 0, 1)


def test_what_faults_bring_about_is_not_told_as_another_thing_to_look_at(bundle: Path) -> None:
    change(bundle, "contests.csv", "Abbey,E05099911,3", "Abbey,E05099911,x")
    change(bundle, "candidacies.csv", "1002,Bilal Butt", "1002,Ada Archer")
    told = " ".join(surveyed(bundle).remarks)
    assert "Exampleshire: Castle: somebody is there twice" in told
    assert "Samplebury" not in told


@pytest.mark.parametrize("file", [*COLUMNS, "election.toml"])
def test_a_file_that_is_not_there_leaves_the_others_to_be_looked_at(bundle: Path, file: str) -> None:
    (bundle / file).unlink(missing_ok=True)
    change(bundle, "seats.csv" if file != "seats.csv" else "history.csv", "samplebury", "Nowhere")
    survey = surveyed(bundle)
    assert ("is missing" in " ".join(map(str, survey.faults))) == (file != "shapes.csv")
    assert "Nowhere" in " ".join(map(str, survey.faults)) or file == "councils.csv"
    assert page_faults(html_of(survey)) == OWN_STYLES


def test_the_gaps_say_of_whom_what_is_not_told(bundle: Path) -> None:
    (bundle / "seats.csv").write_text("council_id,basis,party_id,seats\n", "utf-8")
    told = surveyed(bundle).gaps
    assert (
        "seats.csv: nothing for all councils: no change of seats by the convention pa, which compares with eve." in told
    )
    assert any(line.startswith("contests.csv: holder is empty in 2 of 5 contests") for line in told)
    change(bundle, "history.csv", "samplebury,2009-06-04,PP90\n", "")
    assert "history.csv: nothing for Samplebury: “first since …” is not told." in surveyed(bundle).gaps


def test_the_page_says_the_same_and_needs_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "kent.html"
    text = declared("check", KENT, "--html", page).stdout
    html = page.read_text("utf-8")
    assert page_faults(html) == OWN_STYLES
    assert not re.search(r"<script|<link|\bsrc=|url\(", html)
    for council in read_bundle(KENT).election.councils.values():
        assert council.name in text
        assert council.name.replace("&", "&amp;") in html
    assert "Hartley and Hodsoll Street: somebody is there twice" in html
    hostile = tmp_path / "hostile"
    shutil.copytree(EXAMPLE, hostile)
    change(hostile, "councils.csv", "Exampleshire", "<script>alert(1)</script>")
    change(hostile, "contests.csv", ",5010,", ",<b>,")
    assert "<script" not in html_of(surveyed(hostile))
