"""Election bundles: what is read of a good one, and how each fault of a bad one is named."""

import csv
import io
import json
import os
import re
from dataclasses import fields
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from app.bundles.reading import COLUMNS, MAY_BE_MISSING, read_bundle
from app.bundles.tables import FAULTS_SHOWN, BundleError
from app.domain.election import Baseline, Cancellation, Candidacy, Contest, ControlSpell, Cycle, Party, Words
from app.domain.night import Night

KENT = Path(__file__).parents[2] / "elections" / "kent-2023"

GOOD = {
    "election.toml": """\
slug = "test-2023"
id = "local.2023-05-04"
name = "Test elections 2023"
polling_date = 2023-05-04
timezone = "Europe/London"
convention = "bbc"

[conventions.bbc]
label = "BBC"
control = ["eve"]
seats = ["notional", "last"]

[conventions.pa]
label = "PA"
control = ["eve"]
seats = ["eve"]
""",
    "parties.csv": """\
party_id,name,short,colour,group
PP52,Conservative Party,CON,#0087DC,
PP53,Labour Party,LAB,#E4003B,
joint-party:53-119,Labour and Co-operative Party,LAB,#E4003B,PP53
""",
    "councils.csv": """\
council_id,name,gss,kind,region,cycle,total_seats,boundary_change,expected_at,note
medway,Medway,E06000035,unitary,South East,all,6,1,2023-05-05T06:30:00+01:00,
dover,Dover,,district,South East,thirds,4,0,,
""",
    "controls.csv": """\
council_id,basis,control,note
medway,eve,joint-party:53-119,after a defection
dover,eve,NOC,
""",
    "seats.csv": """\
council_id,basis,party_id,seats
medway,last,PP53,30
medway,last,joint-party:53-119,3
dover,continuing,joint-party:53-119,1
dover,continuing,PP52,1
""",
    "contests.csv": """\
ballot_id,council_id,ward,gss,seats_up,electorate,cancelled
local.medway.north.2023-05-04,medway,North,E05011756,2,2025,
local.medway.south.2023-05-04,medway,South,,3,,NO_CANDIDATES
local.dover.town.2023-05-04,dover,Town,,1,,EQUAL_CANDIDATES
""",
    "candidacies.csv": """\
ballot_id,candidacy_id,name,party_id,description,note
local.medway.north.2023-05-04,1,"Khan, A.",PP53,Labour Party,Council leader
local.medway.north.2023-05-04,2,Zoë O’Hara,PP52,,
local.medway.north.2023-05-04,3,B. Smith,joint-party:53-119,,
local.dover.town.2023-05-04,1,C. Jones,PP52,,
""",
    "history.csv": """\
council_id,since,control
medway,2003-05-01,PP52
medway,1998-04-01,NOC
""",
    "shapes.csv": """\
council_id,column,row
medway,2,1
dover,5,3
""",
}


@pytest.fixture
def folder(tmp_path):
    for file, text in GOOD.items():
        (tmp_path / file).write_text(text, "utf-8")
    return tmp_path


def change(folder, file, old, new):
    text = (folder / file).read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {file}"
    (folder / file).write_text(text.replace(old, new), "utf-8")


def faults_of(folder):
    with pytest.raises(BundleError) as refused:
        read_bundle(folder)
    return [found(fault) for fault in refused.value.faults]


def found(fault):
    """What was found, and where; what to do about it is a test of its own."""
    told, remedy = str(fault), f": {fault.remedy}"
    assert told.endswith(remedy)
    return told.removesuffix(remedy)


def test_kent_is_read_whole():
    bundle = read_bundle(KENT)
    election = bundle.election
    assert (len(election.councils), len(election.contests)) == (13, 277)
    assert sum(len(contest.candidacies) for contest in election.contests.values()) == 1573
    assert bundle.rows["candidacies.csv"] == 1573
    assert bundle.rows["night.jsonl"] == len(bundle.night) == 277
    assert election.slug == "kent-2023"
    assert list(election.conventions) == ["bbc", "pa"]
    assert sum(council.total_seats for council in election.councils.values()) == 592
    assert election.councils["maidstone"].continuing_seats == 37
    assert all(council.long_vacant == 0 for council in election.councils.values())


def test_a_small_bundle_is_read_field_by_field(folder):
    bundle = read_bundle(folder)
    election = bundle.election
    assert (election.election_id, election.name, election.polling_date) == (
        "local.2023-05-04",
        "Test elections 2023",
        date(2023, 5, 4),
    )
    assert election.conventions["bbc"].seats == ("notional", "last")
    medway, dover = election.councils.values()
    assert (medway.cycle, dover.cycle) == (Cycle.ALL, Cycle.THIRDS)
    assert (medway.boundary_change, dover.boundary_change) == (True, False)
    assert medway.expected_at == datetime(2023, 5, 5, 6, 30, tzinfo=timezone(timedelta(hours=1)))
    assert dover.expected_at is None
    assert medway.history == (ControlSpell("1998-04-01", "NOC"), ControlSpell("2003-05-01", "PP52")), "oldest first"
    north = election.contests["local.medway.north.2023-05-04"]
    assert (north.ward, north.gss, north.seats_up, north.electorate, north.cancelled) == (
        "North",
        "E05011756",
        2,
        2025,
        None,
    )
    assert [candidacy.name for candidacy in north.candidacies] == ["Khan, A.", "Zoë O’Hara", "B. Smith"]
    assert north.candidacies[0].note == "Council leader"
    assert north.candidacies[0].role == "Council leader", "there is no column that says otherwise"
    assert not any(candidacy.defends for candidacy in north.candidacies)
    assert election.contests["local.medway.south.2023-05-04"].cancelled is Cancellation.NO_CANDIDATES
    assert election.contests["local.dover.town.2023-05-04"].electorate is None
    assert bundle.night is None
    assert bundle.rows["parties.csv"] == 3
    assert "night.jsonl" not in bundle.rows


def test_seats_and_controls_are_grouped_by_who_they_are_reported_under(folder):
    medway, dover = read_bundle(folder).election.councils.values()
    assert medway.baselines == {
        "eve": Baseline("eve", "PP53", None, "after a defection"),
        "last": Baseline("last", None, {"PP53": 33}),
    }
    assert dover.continuing == {"PP53": 1, "PP52": 1}
    assert dover.long_vacant == 1, "4 less 2 continuing less 1 up"
    assert "continuing" not in dover.baselines


def test_a_bundle_that_is_read_makes_a_night(folder):
    state = Night.before_first(read_bundle(folder).election).councils["dover"]
    assert (state.continuing, state.declared_seats, state.seats_to_come, state.vacant) == (2, 1, 0, 1)


def test_baselines_are_never_checked_against_totals_or_each_other(folder):
    change(folder, "seats.csv", "medway,last,PP53,30", "medway,last,PP53,59\nmedway,eve,PP52,1")
    medway = read_bundle(folder).election.councils["medway"]
    assert medway.baselines["last"].seats == {"PP53": 62}, "of a council of 6"
    assert medway.baselines["eve"] == Baseline("eve", "PP53", {"PP52": 1}, "after a defection")


def test_a_basis_may_have_any_name_and_a_council_no_baseline_at_all(folder):
    (folder / "controls.csv").write_text("council_id,basis,control,note\n", "utf-8")
    change(folder, "seats.csv", "medway,last,joint-party:53-119,3\n", "medway,rerun_2021,PP53,3\n")
    medway, dover = read_bundle(folder).election.councils.values()
    assert set(medway.baselines) == {"last", "rerun_2021"}
    assert dover.baselines == {}


def test_a_column_says_who_is_what_and_who_defends_a_seat(folder):
    text = (folder / "candidacies.csv").read_text("utf-8")
    header, *lines = text.splitlines()
    added = [f"{header},role,defends", f"{lines[0]},,0", f"{lines[1]},Mayor,1", *(f"{line},," for line in lines[2:])]
    (folder / "candidacies.csv").write_text("\n".join(added), "utf-8")
    north = read_bundle(folder).election.contests["local.medway.north.2023-05-04"]
    assert [candidacy.role for candidacy in north.candidacies] == ["", "Mayor", ""], "a note means nothing any more"
    assert [candidacy.defends for candidacy in north.candidacies] == [False, True, False]
    change(folder, "candidacies.csv", ",Mayor,1", ",Mayor,yes")
    assert faults_of(folder) == ["candidacies.csv:3: defends “yes” is neither 0 nor 1"]


@pytest.mark.parametrize("file", ["controls.csv", "seats.csv", "history.csv", "candidacies.csv"])
@pytest.mark.parametrize("left", ["header", "nothing"])
def test_files_of_facts_may_be_empty(folder, file, left):
    (folder / file).write_text(",".join(COLUMNS[file].required) + "\n" if left == "header" else "", "utf-8")
    assert read_bundle(folder).rows[file] == 0


@pytest.mark.parametrize("file", ["parties.csv", "councils.csv", "contests.csv"])
def test_without_parties_councils_or_contests_there_is_no_election(folder, file):
    (folder / file).write_text(",".join(COLUMNS[file].required) + "\n", "utf-8")
    assert f"{file}: has no row below its header" in faults_of(folder)
    (folder / file).write_text("", "utf-8")
    assert f"{file}: is empty" in faults_of(folder)


def test_byte_order_marks_line_ends_space_and_order_of_columns_do_not_matter(folder):
    expected = read_bundle(folder)
    for path in folder.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    again = read_bundle(folder)
    assert again == expected, "the digest too"
    change(folder, "history.csv", "medway,1998-04-01,NOC", " medway ,1998-04-01 , NOC\n\n,,\n")
    assert read_bundle(folder).election == expected.election
    (folder / "history.csv").write_text("control,since,council_id\nPP52,2003-05-01,medway\nNOC,1998-04-01,medway\n")
    assert read_bundle(folder).election == expected.election


def test_other_columns_keys_and_files_are_ignored(folder):
    expected = read_bundle(folder).election
    (folder / "SOURCES.md").write_text("where it is from")
    (folder / "history.csv").write_text(
        "council_id,since,control,who,\nmedway,2003-05-01,PP52,=1,\nmedway,1998-04-01,NOC,,\n"
    )
    change(folder, "election.toml", 'convention = "bbc"', 'convention = "bbc"\nmap = 3')
    assert read_bundle(folder).election == expected


def test_the_digest_is_that_of_the_files_which_make_the_election(folder):
    digest = read_bundle(folder).digest
    assert len(digest) == 64
    (folder / "night.jsonl").write_text("")
    (folder / "SOURCES.md").write_text("anything")
    assert read_bundle(folder).digest == digest
    change(folder, "history.csv", "2003-05-01", "2003-05-02")
    assert read_bundle(folder).digest != digest


@pytest.mark.parametrize("file", ["election.toml", *(file for file in COLUMNS if file not in MAY_BE_MISSING)])
def test_a_missing_file_is_named_alone(folder, file):
    (folder / file).unlink()
    assert faults_of(folder) == [f"{file}: is missing"], "what refers to it is not blamed"


@pytest.mark.parametrize(("file", "column"), [(file, column) for file in COLUMNS for column in COLUMNS[file].required])
def test_a_missing_column_is_named_alone(folder, file, column):
    text = (folder / file).read_text("utf-8")
    header, rows = text.split("\n", 1)
    (folder / file).write_text(",".join("x" if name == column else name for name in header.split(",")) + "\n" + rows)
    assert faults_of(folder) == [f"{file}:1: the column {column} is missing"]


# Those of candidacies.csv have tests of their own: without a role a note may tell it.
OPTIONAL = [
    ("parties.csv", "short"),
    ("parties.csv", "colour"),
    ("councils.csv", "cycle"),
    ("councils.csv", "boundary_change"),
]


@pytest.mark.parametrize(("file", "column"), OPTIONAL)
def test_a_column_that_may_be_left_out_counts_as_empty(folder, file, column):
    header, *rows = (folder / file).read_text("utf-8").splitlines()
    place = header.split(",").index(column)
    emptied = [",".join("" if at == place else cell for at, cell in enumerate(row.split(","))) for row in rows]
    (folder / file).write_text("\n".join([header, *emptied]), "utf-8")
    empty = read_bundle(folder)
    left_out = [",".join(cell for at, cell in enumerate(row.split(",")) if at != place) for row in (header, *rows)]
    (folder / file).write_text("\n".join(left_out), "utf-8")
    assert read_bundle(folder).election == empty.election


def test_a_party_without_short_and_colour_has_initials_and_is_grey(folder):
    (folder / "parties.csv").write_text(
        "party_id,name,group\nPP52,Conservative and Unionist Party,\nPP53,Labour Party,\n"
        "joint-party:53-119,Labour and Co-operative Party,PP53\n",
        "utf-8",
    )
    bundle = read_bundle(folder)
    shorts = {party.short: party.colour for party in bundle.election.parties.values()}
    assert shorts == {"CU": "#8C8C8C", "LAB": "#8C8C8C", "LCO": "#8C8C8C"}
    assert bundle.remarks[:2] == (
        (
            "parties.csv has no short for some, which are called by their initials: Conservative and Unionist Party is "
            "CU, Labour Party is LAB, Labour and Co-operative Party is LCO."
        ),
        "parties.csv has no colour for some, which are grey: CU, LAB, LCO.",
    )


def test_initials_that_say_another_party_or_no_control_are_told(folder):
    (folder / "parties.csv").write_text(
        "party_id,name,short,group\nPP52,Conservative Party,CON,\nPP53,Labour Party,LAB,\n"
        "joint-party:53-119,Labour and Co-operative Party,LAB,PP53\nPP12939,Confelicity,,\n"
        "PP1,Northern Order of Cats,,\nPP2,Yorkshire Party,,\n",
        "utf-8",
    )
    told = "parties.csv: give these a short of their own, as their initials are taken: "
    assert f"{told}Confelicity is CON, Northern Order of Cats is NOC." in read_bundle(folder).remarks


@pytest.mark.parametrize(
    ("up", "continuing", "cycle"),
    [(6, 0, Cycle.ALL), (2, 4, Cycle.THIRDS), (3, 6, Cycle.THIRDS), (3, 3, Cycle.HALVES), (2, 2, Cycle.HALVES)],
)
def test_a_cycle_that_is_left_out_follows_from_the_seats(folder, up, continuing, cycle):
    change(folder, "councils.csv", "dover,Dover,,district,South East,thirds,4", "dover,Dover,,district,South East,,12")
    change(
        folder,
        "contests.csv",
        "dover.town.2023-05-04,dover,Town,,1,,EQUAL_CANDIDATES",
        f"dover.town.2023-05-04,dover,Town,,{up},,",
    )
    change(
        folder,
        "seats.csv",
        "dover,continuing,joint-party:53-119,1\ndover,continuing,PP52,1\n",
        f"dover,continuing,PP52,{continuing}\n",
    )
    assert read_bundle(folder).election.councils["dover"].cycle is cycle


FILES = sorted(COLUMNS)


@pytest.mark.parametrize(("separator", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_fields_may_be_separated_as_spreadsheets_do(folder, separator, name):
    whole = read_bundle(folder)
    for file in FILES:
        rows = list(csv.reader(io.StringIO((folder / file).read_text("utf-8"))))
        with (folder / file).open("w", encoding="utf-8", newline="") as written:
            csv.writer(written, delimiter=separator).writerows(rows)
    bundle = read_bundle(folder)
    assert bundle.election == whole.election
    assert f"parties.csv was read with {name} between its fields." in bundle.remarks


def test_capital_letters_in_a_header_are_read(folder):
    change(folder, "parties.csv", "party_id,name,short", "Party_ID,Name,SHORT")
    assert "parties.csv has a header that is not written in small letters; it was read all the same." in (
        read_bundle(folder).remarks
    )


@pytest.mark.parametrize(("encoding", "name"), [("cp1252", "Windows-1252"), ("utf-16", "UTF-16")])
def test_what_spreadsheets_save_is_read_and_said(folder, encoding, name):
    whole = read_bundle(folder)
    text = (folder / "candidacies.csv").read_text("utf-8")
    (folder / "candidacies.csv").write_bytes(text.encode(encoding))
    bundle = read_bundle(folder)
    assert (bundle.election, bundle.digest) == (whole.election, whole.digest)
    assert f"candidacies.csv is not UTF-8; it was read as {name}: look at the letters with accents." in bundle.remarks


def test_a_column_that_nobody_knows_is_named(folder):
    header, *rows = (folder / "history.csv").read_text("utf-8").splitlines()
    (folder / "history.csv").write_text("\n".join([f"{header},Source", *(f"{row},BBC" for row in rows)]), "utf-8")
    assert (
        "history.csv has columns that nobody knows here, and that are left alone: source."
        in read_bundle(folder).remarks
    )


def test_a_column_twice_is_refused(folder):
    change(folder, "history.csv", "council_id,since,control", "council_id,since,control,since")
    assert "history.csv:1: there are two columns since" in faults_of(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        # councils
        ("councils.csv", ",all,6,", ",all,4x,", "councils.csv:2: total_seats “4x” is not a whole number"),
        ("councils.csv", ",all,6,", ",all,,", "councils.csv:2: total_seats is empty"),
        ("councils.csv", ",all,6,", ",all,-6,", "councils.csv:2: total_seats “-6” is not a whole number"),
        ("councils.csv", ",all,6,", ",all,6.0,", "councils.csv:2: total_seats “6.0” is not a whole number"),
        ("councils.csv", ",all,6,", ",all,1_0,", "councils.csv:2: total_seats “1_0” is not a whole number"),
        ("councils.csv", ",all,6,", ",all,٦,", "councils.csv:2: total_seats “٦” is not a whole number"),
        ("councils.csv", ",all,6,", ",all,0,", "councils.csv:2: total_seats 0 is not between 1 and 2,000"),
        ("councils.csv", ",all,6,", ",all,60000,", "councils.csv:2: total_seats 60,000 is not between 1 and 2,000"),
        (
            "councils.csv",
            ",all,6,",
            ",all,4,",
            "councils.csv:2: total_seats 4 is less than 0 continuing and 5 up tonight",
        ),
        (
            "councils.csv",
            ",thirds,4,",
            ",thirds,2,",
            "councils.csv:3: total_seats 2 is less than 2 continuing and 1 up tonight",
        ),
        (
            "councils.csv",
            ",all,6,",
            ",quarters,6,",
            "councils.csv:2: cycle “quarters” is none of all, thirds, halves, by, single",
        ),
        ("councils.csv", ",6,1,", ",6,yes,", "councils.csv:2: boundary_change “yes” is neither 0 nor 1"),
        (
            "councils.csv",
            "2023-05-05T06:30:00+01:00",
            "2023-05-05T06:30:00",
            "councils.csv:2: expected_at “2023-05-05T06:30:00” is not a time in ISO 8601 with its offset",
        ),
        (
            "councils.csv",
            "2023-05-05T06:30:00+01:00",
            "9999-12-31T23:59:59-12:00",
            "councils.csv:2: expected_at “9999-12-31T23:59:59-12:00” is not a time in ISO 8601 with its offset",
        ),
        (
            "history.csv",
            "1998-04-01",
            "0998-04-01",
            "history.csv:3: since “0998-04-01” is not a date",
        ),
        (
            "election.toml",
            "polling_date = 2023-05-04",
            "polling_date = 9999-12-31",
            "election.toml:4: polling_date “9999-12-31” is not a date",
        ),
        (
            "councils.csv",
            "2023-05-05T06:30:00+01:00",
            "half past six",
            "councils.csv:2: expected_at “half past six” is not a time in ISO 8601 with its offset",
        ),
        (
            "councils.csv",
            "dover,Dover,",
            "Dover Town,Dover,",
            "councils.csv:3: council_id “Dover Town” is not an id made of small letters, digits and hyphens",
        ),
        ("councils.csv", "dover,Dover,", "dover,,", "councils.csv:3: name is empty"),
        (
            "councils.csv",
            "dover,Dover,",
            f"dover,{'x' * 201},",
            "councils.csv:3: name has 201 characters",
        ),
        (
            "councils.csv",
            "dover,Dover,",
            'dover,"Do\nver",',
            "councils.csv:3: name holds a line break or another control character",
        ),
        (
            "councils.csv",
            "dover,Dover,,district,South East,thirds,4,0,,",
            "medway,Dover,,district,South East,thirds,4,0,,",
            "councils.csv:3: council_id “medway” is on line 2 already",
        ),
        (
            "councils.csv",
            "dover,Dover,,",
            "dover,Dover,<b>,",
            "councils.csv:3: gss “<b>” is not a code",
        ),
        (
            "councils.csv",
            "thirds,4,0,,",
            "thirds,4,0,",
            "councils.csv:3: has 9 fields where the header has 10",
        ),
        (
            "councils.csv",
            "thirds,4,0,,",
            "thirds,4,0,,,more",
            "councils.csv:3: has 11 fields where the header has 10",
        ),
        # parties
        ("parties.csv", "#0087DC", "blue", "parties.csv:2: colour “blue” is not a colour"),
        ("parties.csv", "#E4003B,PP53", "#E4003B,PP54", "parties.csv:4: group “PP54” is not in parties.csv"),
        (
            "parties.csv",
            "PP52,Conservative",
            "PP53,Conservative",
            "parties.csv:3: party_id “PP53” is on line 2 already",
        ),
        (
            "parties.csv",
            "PP52,Conservative Party,CON,#0087DC,",
            "PP52,Conservative Party,CON,#0087DC,\nNOC,No Overall Control,NOC,#000000,",
            "parties.csv:3: party_id NOC is taken, to say that nobody controls a council",
        ),
        (
            "parties.csv",
            "PP53,Labour Party,LAB,#E4003B,",
            "PP53,Labour Party,LAB,#E4003B,joint-party:53-119",
            "parties.csv:3: group goes round in a circle (PP53 → joint-party:53-119 → PP53)",
        ),
        # controls
        ("controls.csv", "dover,eve,NOC", "deal,eve,NOC", "controls.csv:3: council_id “deal” is not in councils.csv"),
        (
            "controls.csv",
            "dover,eve,NOC",
            "dover,eve,LAB",
            "controls.csv:3: control “LAB” is not in parties.csv, nor is it NOC",
        ),
        ("controls.csv", "dover,eve,NOC", "dover,eve,", "controls.csv:3: control is empty"),
        (
            "controls.csv",
            "dover,eve,NOC",
            "medway,eve,NOC",
            "controls.csv:3: council_id “medway”, basis “eve” is on line 2 already",
        ),
        (
            "controls.csv",
            "dover,eve,NOC",
            "dover,continuing,NOC",
            "controls.csv:3: basis continuing is one of seats, which has no control",
        ),
        (
            "controls.csv",
            "dover,eve,NOC",
            "dover,On The Eve,NOC",
            "controls.csv:3: basis “On The Eve” is not an id made of small letters, digits, hyphens and underscores",
        ),
        # seats
        ("seats.csv", "PP53,30", "PP53,many", "seats.csv:2: seats “many” is not a whole number"),
        ("seats.csv", "PP53,30", "NOC,30", "seats.csv:2: party_id “NOC” is not in parties.csv"),
        ("seats.csv", "medway,last,PP53", "kent,last,PP53", "seats.csv:2: council_id “kent” is not in councils.csv"),
        (
            "seats.csv",
            "medway,last,joint-party:53-119,3",
            "medway,last,PP53,3",
            "seats.csv:3: council_id “medway”, basis “last”, party_id “PP53” is on line 2 already",
        ),
        # contests
        (
            "contests.csv",
            "north.2023-05-04,medway",
            "north.2023-05-04,kent",
            "contests.csv:2: council_id “kent” is not in councils.csv",
        ),
        ("contests.csv", "E05011756,2,", "E05011756,0,", "contests.csv:2: seats_up 0 is not between 1 and 2,000"),
        ("contests.csv", ",2,2025,", ",2,0,", "contests.csv:2: electorate 0 is not between 1 and 50,000,000"),
        ("contests.csv", ",2,2025,", ',2,"2,025",', "contests.csv:2: electorate “2,025” is not a whole number"),
        (
            "contests.csv",
            ",NO_CANDIDATES",
            ",RAINED_OFF",
            (
                "contests.csv:3: cancelled “RAINED_OFF” is none of NO_CANDIDATES, EQUAL_CANDIDATES, UNDER_CONTESTED, "
                "CANDIDATE_DEATH, POSTPONED"
            ),
        ),
        (
            "contests.csv",
            ",2,2025,",
            ",2,2025,NO_CANDIDATES",
            "contests.csv:2: cancelled NO_CANDIDATES, but candidacies.csv has 3 for 2 up",
        ),
        (
            "contests.csv",
            ",2,2025,",
            ",2,2025,EQUAL_CANDIDATES",
            "contests.csv:2: cancelled EQUAL_CANDIDATES, but candidacies.csv has 3 for 2 up",
        ),
        (
            "contests.csv",
            ",1,,EQUAL_CANDIDATES",
            ",1,,UNDER_CONTESTED",
            "contests.csv:4: cancelled UNDER_CONTESTED, but candidacies.csv has 1 for 1 up",
        ),
        (
            "contests.csv",
            "local.medway.south.2023-05-04",
            "a/b?",
            "contests.csv:3: ballot_id “a/b?” is not an id made of letters, digits, dots, hyphens and underscores",
        ),
        (
            "contests.csv",
            "local.medway.south.2023-05-04",
            "local.medway.north.2023-05-04",
            "contests.csv:3: ballot_id “local.medway.north.2023-05-04” is on line 2 already",
        ),
        # candidacies
        (
            "candidacies.csv",
            "local.dover.town.2023-05-04,1",
            "local.dover.tower.2023-05-04,1",
            "candidacies.csv:5: ballot_id “local.dover.tower.2023-05-04” is not in contests.csv",
        ),
        ("candidacies.csv", "Jones,PP52", "Jones,PP99", "candidacies.csv:5: party_id “PP99” is not in parties.csv"),
        (
            "candidacies.csv",
            "05-04,2,Zoë",
            "05-04,1,Zoë",
            "candidacies.csv:3: ballot_id “local.medway.north.2023-05-04”, candidacy_id “1” is on line 2 already",
        ),
        (
            "candidacies.csv",
            "05-04,2,Zoë",
            "05-04,a b,Zoë",
            (
                "candidacies.csv:3: candidacy_id “a b” is not an id made of "
                "letters, digits, dots, colons, hyphens and underscores"
            ),
        ),
        ("candidacies.csv", "C. Jones", "", "candidacies.csv:5: name is empty"),
        ("candidacies.csv", '"Khan, A."', '"Khan, A.', "candidacies.csv:2: is not CSV (unexpected end of data)"),
        # history
        (
            "history.csv",
            "2003-05-01",
            "2003-13-01",
            "history.csv:2: since “2003-13-01” is not a date",
        ),
        (
            "history.csv",
            "2003-05-01",
            "1 May 2003",
            "history.csv:2: since “1 May 2003” is not a date",
        ),
        ("history.csv", "2003-05-01", "20030501", "history.csv:2: since “20030501” is not a date"),
        ("history.csv", "2003-05-01,PP52", "2003-05-01,", "history.csv:2: control is empty"),
        (
            "history.csv",
            "1998-04-01",
            "2003-05-01",
            "history.csv:3: council_id “medway”, since “2003-05-01” is on line 2 already",
        ),
        # election.toml
        ("election.toml", 'slug = "test-2023"\n', "", "election.toml: slug is missing"),
        ("election.toml", '"test-2023"', '""', "election.toml:1: slug is not a text"),
        (
            "election.toml",
            '"test-2023"',
            '"staff"',
            "election.toml:1: slug “staff” is the name of a page of the desk",
        ),
        ("election.toml", '"test-2023"', "2023", "election.toml:1: slug is not a text"),
        (
            "election.toml",
            '"test-2023"',
            '"Test 2023"',
            "election.toml:1: slug “Test 2023” is not an id made of small letters, digits and hyphens",
        ),
        (
            "election.toml",
            '"Test elections 2023"',
            '"a\\nb"',
            "election.toml:3: name holds a line break or another control character",
        ),
        (
            "election.toml",
            "polling_date = 2023-05-04",
            'polling_date = "4 May 2023"',
            "election.toml:4: polling_date “4 May 2023” is not a date",
        ),
        (
            "election.toml",
            "polling_date = 2023-05-04",
            "polling_date = 2023-05-04T22:00:00",
            "election.toml:4: polling_date “2023-05-04 22:00:00” is not a date",
        ),
        ("election.toml", "polling_date = 2023-05-04\n", "", "election.toml: polling_date is missing"),
        (
            "election.toml",
            "Europe/London",
            "Europe/Lundon",
            "election.toml:5: timezone “Europe/Lundon” is not known",
        ),
        (
            "election.toml",
            "Europe/London",
            "../../etc/passwd",
            "election.toml:5: timezone “../../etc/passwd” is not known",
        ),
        (
            "election.toml",
            "Europe/London",
            "Europe",
            "election.toml:5: timezone “Europe” is not known",
        ),
        (
            "election.toml",
            'convention = "bbc"',
            'convention = "itv"',
            "election.toml:6: convention “itv” has no table",
        ),
        ("election.toml", 'label = "PA"\n', "", "election.toml:13: conventions.pa.label is missing"),
        ("election.toml", 'seats = ["eve"]\n', "", "election.toml:13: conventions.pa.seats is missing"),
        (
            "election.toml",
            'seats = ["eve"]',
            'seats = "eve"',
            "election.toml:16: conventions.pa.seats is not a list of bases",
        ),
        (
            "election.toml",
            'seats = ["eve"]',
            'seats = ["The Eve"]',
            "election.toml:16: conventions.pa.seats “The Eve” is not the name of a basis",
        ),
        (
            "election.toml",
            'seats = ["eve"]',
            'seats = ["continuing"]',
            "election.toml:16: conventions.pa.seats “continuing” is no basis to compare with",
        ),
        (
            "election.toml",
            "[conventions.pa]",
            '[conventions."p a"]',
            (
                "election.toml: the convention “p a” has a name that is not made of small letters, digits, hyphens and "
                "underscores"
            ),
        ),
        (
            "election.toml",
            'convention = "bbc"',
            'convention = "bbc',
            "election.toml:6: is not TOML (Illegal character '\\n' at line 6, column 18)",
        ),
    ],
)
def test_a_fault_is_refused_with_its_file_line_and_reason(folder, file, old, new, fault):
    change(folder, file, old, new)
    assert fault in faults_of(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        (
            "councils.csv",
            ",all,6,",
            ",all,4x,",
            "total_seats “4x” is not a whole number: write digits alone, such as 47",
        ),
        ("councils.csv", ",all,6,", ",all,,", "total_seats is empty: write digits alone, such as 47"),
        (
            "councils.csv",
            "dover,Dover",
            "Dover,Dover",
            (
                "council_id “Dover” is not an id made of small letters, digits and hyphens: "
                "write 80 of them at most, no hyphen first, such as test-valley"
            ),
        ),
        ("councils.csv", "dover,Dover", "dover,", "name is empty: fill it in"),
        ("councils.csv", "dover,Dover", f"dover,{'D' * 201}", "name has 201 characters: shorten it to 200"),
        (
            "councils.csv",
            "2023-05-05T06:30:00+01:00",
            "half past six",
            (
                "expected_at “half past six” is not a time in ISO 8601 with its offset: "
                "write it like 2023-05-05T16:00:00+01:00, or leave it empty"
            ),
        ),
        (
            "parties.csv",
            "#0087DC",
            "blue",
            "colour “blue” is not a colour: write it like #0087DC, or leave it empty for grey",
        ),
        (
            "parties.csv",
            "#E4003B,PP53",
            "#E4003B,PP54",
            "group “PP54” is not in parties.csv: add it there, or give one that is there",
        ),
        ("history.csv", "2003-05-01", "1 May 2003", "since “1 May 2003” is not a date: write it like 2023-05-04"),
        (
            "seats.csv",
            "PP53,30",
            "PP53",
            (
                "has 3 fields where the header has 4: "
                "look for a separator too many or too few, and put a field that holds one into double quotes"
            ),
        ),
        (
            "candidacies.csv",
            '"Khan, A."',
            '"Khan, A.',
            (
                "is not CSV (unexpected end of data): "
                "see that every double quote that opens a field closes it, and that one inside a field is doubled"
            ),
        ),
        (
            "controls.csv",
            "dover,eve,NOC",
            "medway,eve,NOC",
            "council_id “medway”, basis “eve” is on line 2 already: take one of the two rows out, or put it right",
        ),
        ("history.csv", "council_id,since", "council_id", "the column since is missing: add it"),
        (
            "election.toml",
            "Europe/London",
            "Europe/Lundon",
            "timezone “Europe/Lundon” is not known: take a name of the time zone database, such as Europe/London",
        ),
        (
            "election.toml",
            'convention = "bbc"',
            'convention = "itv"',
            "convention “itv” has no table: write one of bbc, pa",
        ),
        ("election.toml", 'slug = "test-2023"', "", 'slug is missing: add a line slug = "…"'),
        (
            "election.toml",
            'seats = ["eve"]',
            "seats = 7",
            'conventions.pa.seats is not a list of bases: write it like seats = ["eve"]',
        ),
    ],
)
def test_a_fault_says_what_to_do_about_it(folder, file, old, new, fault):
    change(folder, file, old, new)
    with pytest.raises(BundleError) as refused:
        read_bundle(folder)
    assert any(str(told).endswith(f": {fault}") for told in refused.value.faults)


def test_an_election_without_conventions_is_refused(folder):
    head = GOOD["election.toml"].split("[conventions.bbc]")[0]
    (folder / "election.toml").write_text(head)
    assert faults_of(folder) == ["election.toml: there is no convention"]
    (folder / "election.toml").write_text(f"{head}\n[conventions]\nbbc = 1\n")
    assert faults_of(folder) == ["election.toml:10: conventions.bbc is not a table"]


def test_codes_of_contests_without_a_poll_agree_with_nominations_that_are_not_on_file(folder):
    change(folder, "contests.csv", ",1,,EQUAL_CANDIDATES", ",1,,UNDER_CONTESTED")
    change(folder, "contests.csv", ",2,2025,", ",2,2025,CANDIDATE_DEATH")
    change(folder, "candidacies.csv", "local.dover.town.2023-05-04,1,C. Jones,PP52,,\n", "")
    contests = read_bundle(folder).election.contests
    assert contests["local.dover.town.2023-05-04"].cancelled is Cancellation.UNDER_CONTESTED
    assert len(contests["local.medway.north.2023-05-04"].candidacies) == 3


def test_every_fault_is_one_line_whatever_it_quotes(folder):
    change(folder, "election.toml", '"test-2023"', '"a\\nb"')
    change(folder, "councils.csv", "dover,Dover,", '"do\nver","Do\rver",')
    (folder / "night.jsonl").write_text('{"kind": "a\\nb"}\n{"x\\n": 1, "x\\n": 2}\n')
    faults = faults_of(folder)
    assert len(faults) >= 6
    assert all(fault.isprintable() for fault in faults)


def test_all_faults_are_told_at_once_in_the_order_of_the_files(folder):
    change(folder, "history.csv", "2003-05-01", "yesterday")
    change(folder, "councils.csv", ",all,6,1,", ",every,six,1,")
    change(folder, "election.toml", "Europe/London", "Europe/Lundon")
    assert [fault.split(" ")[0:2] for fault in faults_of(folder)] == [
        ["election.toml:5:", "timezone"],
        ["councils.csv:2:", "total_seats"],
        ["councils.csv:2:", "cycle"],
        ["history.csv:2:", "since"],
    ]


def test_a_mistake_is_named_once_not_at_every_row_that_refers_to_it(folder):
    change(folder, "councils.csv", ",all,6,", ",all,six,")
    assert faults_of(folder) == ["councils.csv:2: total_seats “six” is not a whole number"]


def test_very_many_faults_are_counted_but_not_all_printed(folder):
    rows = "".join(f"local.medway.north.2023-05-04,c{number},,PP53,,\n" for number in range(1000))
    (folder / "candidacies.csv").write_text(",".join(COLUMNS["candidacies.csv"].required) + "\n" + rows)
    with pytest.raises(BundleError) as refused:
        read_bundle(folder)
    assert len(refused.value.faults) == 1000
    lines = str(refused.value).splitlines()
    assert len(lines) == FAULTS_SHOWN + 1
    assert lines[-1] == "… and 950 more"


def test_what_is_no_text_is_refused_with_the_line_of_its_first_letter_that_is_none(folder):
    (folder / "candidacies.csv").write_bytes(GOOD["candidacies.csv"].encode("latin-1", "replace") + b"\0\1")
    assert faults_of(folder) == ["candidacies.csv:3: is not UTF-8 (byte 0xEB)"]


def test_a_recorded_night_is_read_in_utf_8_alone(folder):
    (folder / "night.jsonl").write_bytes('{"kind": "note", "text": "Zoë"}'.encode("latin-1"))
    assert faults_of(folder) == ["night.jsonl:1: is not UTF-8 (byte 0xEB)"]


def test_a_folder_that_is_none_is_refused(tmp_path):
    assert faults_of(tmp_path / "nowhere") == [f"{tmp_path / 'nowhere'}: does not exist"]
    (tmp_path / "file").write_text("")
    assert faults_of(tmp_path / "file") == [f"{tmp_path / 'file'}: is not a folder"]


def test_a_file_that_is_none_is_refused(folder):
    (folder / "history.csv").unlink()
    (folder / "history.csv").mkdir()
    assert faults_of(folder) == ["history.csv: is not a file"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_under_the_name_of_a_file_is_refused_and_not_waited_for(folder):
    (folder / "history.csv").unlink()
    os.mkfifo(folder / "history.csv")
    assert faults_of(folder) == ["history.csv: is not a file"]


def test_a_file_without_end_is_refused(folder):
    with (folder / "history.csv").open("ab") as file:
        file.truncate(65 * 1024 * 1024)
    assert faults_of(folder) == ["history.csv: is larger than 64 MB"]


def test_a_recorded_night_is_read_as_it_would_be_posted(folder):
    lines = [
        {"at": "2023-05-05T02:20:01+01:00", "kind": "ward", "ballot_id": "local.medway.north.2023-05-04"},
        {"at": "2023-05-05T02:21:01+01:00", "kind": "note", "text": "a\u2028b"},
        {"at": "2023-05-05T02:22:01Z", "kind": "withdrawal", "replaces": 1, "reason": "too early"},
    ]
    text = "\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    (folder / "night.jsonl").write_text(text, "utf-8")
    assert read_bundle(folder).night == tuple(lines)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "is not JSON (Expecting property name enclosed in double quotes at column 2)"),
        ("[]", "is not a JSON object"),
        ('"ward"', "is not a JSON object"),
        ("[" * 10_000, "is not JSON that can be read"),
        ("9" * 5_000, "is not JSON that can be read"),
        (
            '{"at": "2023-05-05T02:20:01+01:00"}',
            "kind is missing and is none of correction, note, status, tally, ward, withdrawal",
        ),
        (
            '{"at": "2023-05-05T02:20:01+01:00", "kind": ["ward"]}',
            "kind “['ward']” is none of correction, note, status, tally, ward, withdrawal",
        ),
        (
            '{"kind": "note"}',
            "at is missing and is not a time in ISO 8601 with its offset",
        ),
        (
            '{"kind": "note", "at": "2023-05-05T02:20:01"}',
            "at “2023-05-05T02:20:01” is not a time in ISO 8601 with its offset",
        ),
        ('{"kind": "note", "kind": "ward"}', "has the key “kind” twice"),
        ('{"turnout": NaN}', "holds NaN, which is not JSON"),
        (
            '{"kind": "note", "at": "2023-05-05T02:20:01Z", "text": "\\ud83d"}',
            "holds half a character",
        ),
        (
            '{"kind": "ward", "at": "2023-05-05T02:20:01Z", "ballot_id": "local.kent"}',
            "ballot_id “local.kent” is not in this election",
        ),
        (
            '{"kind": "tally", "at": "2023-05-05T02:20:01Z", "council_id": 7}',
            "council_id “7” is not in this election",
        ),
        ('{"text": "' + "x" * 70_000 + '"}', "is longer than 65,536 bytes"),
    ],
)
def test_a_line_of_the_night_that_could_not_be_posted_is_refused(folder, line, reason):
    (folder / "night.jsonl").write_text(f'{{"kind": "note", "at": "2023-05-05T02:20:01Z", "text": "a"}}\n\n{line}\n')
    assert faults_of(folder) == [f"night.jsonl:3: {reason}"]


WORDS = '[words]\ncontest = "riding"\ncontests = "ridings"\n'


def test_an_election_has_words_of_its_own_for_some_and_the_usual_ones_for_the_others(folder):
    change(folder, "election.toml", "[conventions.bbc]", f"{WORDS}[conventions.bbc]")
    assert read_bundle(folder).election.words == Words(contest="riding", contests="ridings")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("[words]", "words = 7", "words is not a table"),
        ('contests = "ridings"\n', "", "words.contests is missing"),
        ('"riding"', "7", "words.contest is not a text"),
        ('"riding"', '" "', "words.contest is not a text"),
        ('"riding"', f'"{"r" * 31}"', "words.contest has 31 characters"),
        ('"ridings"', '"Ridings"', "words.contests “Ridings” is not in small letters"),
    ],
)
def test_words_that_cannot_stand_in_a_sentence_are_refused(folder, old, new, fault):
    change(folder, "election.toml", "[conventions.bbc]", f"{WORDS.replace(old, new)}[conventions.bbc]")
    [told] = faults_of(folder)
    where, _, reason = told.partition(": ")
    assert re.fullmatch(r"election\.toml:\d+", where)
    assert reason == fault


def test_a_key_among_the_words_that_is_none_of_them_is_named(folder):
    change(folder, "election.toml", "[conventions.bbc]", '[words]\nward = "riding"\n[conventions.bbc]')
    bundle = read_bundle(folder)
    assert bundle.election.words == Words()
    assert (
        "election.toml has keys in [words] that are not read: ward. "
        "Those there are: body, bodies, contest, contests, seat, seats."
    ) in bundle.remarks


def test_the_example_in_the_documentation_is_a_bundle(tmp_path):
    text = (Path(__file__).parents[2] / "docs" / "bundles.md").read_text("utf-8")
    for file, content in re.findall(r"\*\*`([a-z.]+)`\*\*\n\n```\w+\n(.*?)```", text, re.DOTALL):
        (tmp_path / file).write_text(content, "utf-8")
    bundle = read_bundle(tmp_path)
    state = Night.before_first(bundle.election).councils["exampleshire"]
    assert (state.continuing, state.declared_seats, state.seats_to_come, state.vacant) == (1, 1, 2, 1)
    assert len(bundle.night) == 2


@pytest.mark.parametrize(
    ("file", "row"), [("parties.csv", Party), ("contests.csv", Contest), ("candidacies.csv", Candidacy)]
)
def test_a_field_has_the_name_of_its_column(file: str, row: type):
    """So that a change of the catalogue is told in the log by the name that it has in the bundle."""
    columns = COLUMNS[file].required + COLUMNS[file].optional
    assert {field.name for field in fields(row)} - {"candidacies"} <= set(columns)
