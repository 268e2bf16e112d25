"""Rows of a spreadsheet as councils write them: ward by ward what they say, and which of them say nothing."""

import pytest

from app.bundles.spreadsheets import Sheet
from app.desk.files.columns import Column
from app.desk.files.results import rows_of
from app.desk.files.ward_rows import form_of_ward
from app.domain.election import Candidacy
from tests.builders import CON, LAB, a_contest, a_council, an_election

NORTH = a_contest(
    "north",
    seats_up=2,
    candidacies=(
        Candidacy("n1", "John Smith", LAB),
        Candidacy("n2", "Jane Smith", LAB),
        Candidacy("n3", "Ann Jones", CON),
    ),
)
SOUTH = a_contest("south", candidacies=(Candidacy("s1", "Bob Hill", LAB), Candidacy("s2", "Cy Wood", CON)))
COUNCIL = a_council(NORTH, SOUTH)
ELECTION = an_election(COUNCIL)

LONG = [
    ["Elected", "Votes cast", "Party", "Candidate name", "Ward name"],
    ["Elected", "1,200", "Labour Party", "SMITH, John", "North Ward"],
    ["Elected", "1,100", "Labour Party", "SMITH, Jane", "North Ward"],
    ["", "900", "Conservative", "Jones, A", "North Ward"],
    ["", "300", "Labour", "Hill, Bob", "South"],
    ["Elected", "400", "Conservatives", "WOOD Cy", "South"],
]
BLOCKS = [
    ["Testshire Council: results of 4 May 2023"],
    [],
    ["North Ward (2 seats)"],
    ["Name of candidate", "Description", "Votes", "Elected"],
    ["SMITH, John", "Labour Party", "1,200", "ELECTED"],
    ["SMITH, Jane", "Labour Party", "1,100", "ELECTED"],
    ["JONES, Ann", "The Conservative Party Candidate", "900", ""],
    ["Ballot papers issued", "", "1,805", ""],
    ["Rejected papers: 12"],
    ["Turnout", "36.1%"],
    [],
    ["South"],
    ["HILL, Bob", "Labour Party", "300", ""],
    ["WOOD, Cy", "", "400", "ELECTED"],
]


def read(*tables, named=None, **sheets):
    written = [Sheet("", tuple(tuple(map(str, row)) for row in table)) for table in tables]
    written += [Sheet(name, tuple(tuple(map(str, row)) for row in table)) for name, table in sheets.items()]
    return rows_of(ELECTION, (COUNCIL,), written, named)


def figures(found):
    return {
        ward.contest.ward: {name.removeprefix("votes."): value for name, (value,) in ward.form.items()}
        for ward in found.wards
    }


def told(found):
    mismatches = [*found.unplaced, *(it for ward in found.wards for it in ward.mismatches)]
    return [f"{it.place}: {it.told}" for it in mismatches]


def test_a_row_a_candidate_is_read_with_its_columns_in_any_order():
    found = read(LONG)
    assert told(found) == []
    assert figures(found) == {
        "North": {"n1": "1,200", "n2": "1,100", "n3": "900"},
        "South": {"s1": "300", "s2": "400"},
    }


def test_a_block_a_ward_is_read_with_its_papers_below():
    found = read(BLOCKS)
    assert figures(found)["North"] == {
        "n1": "1,200",
        "n2": "1,100",
        "n3": "900",
        "ballots": "1,805",
        "rejected": "12",
        "turnout": "36.1%",
    }
    assert figures(found)["South"] == {"s1": "300", "s2": "400"}
    assert told(found) == []


def test_a_sheet_a_ward_is_read_by_its_name():
    head = ["Surname", "First names", "Party", "Votes"]
    found = read(North=[head, ["Smith", "John", "Labour", "12"]], South=[head, ["Wood", "Cy", "", "5"]])
    assert figures(found) == {"North": {"n1": "12"}, "South": {"s2": "5"}}


def test_a_ward_is_written_once_for_all_its_rows_where_cells_are_merged():
    merged = [LONG[0], *[[*row[:-1], row[-1] if at in {0, 3} else ""] for at, row in enumerate(LONG[1:])]]
    assert figures(read(merged)) == figures(read(LONG))


def test_papers_beside_every_candidate_are_the_wards():
    found = read([["Ward", "Candidate", "Votes", "Turnout %", "Spoilt papers"], ["South", "Hill", "3", 0.342, "1"]])
    assert figures(found) == {"South": {"s1": "3", "turnout": "34.2", "rejected": "1"}}


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        (["South", "Bob Mill", "LAB", "3"], "Row 2: Nobody on the ballot paper of South fits."),
        (["South", "Bob Hill", "CON", "3"], "Row 2: Bob Hill (LAB) stands here, for another party"),
        (["North", "Smith", "Labour", "3"], "Row 2: Both John Smith (LAB) and Jane Smith (LAB) fit."),
        (["East", "Bob Hill", "Labour", "3"], "Row 2: No ward of Testshire is called “East”."),
        (["", "Bob Hill", "Labour", "3"], "Row 2: No ward stands beside or above this row."),
    ],
)
def test_a_row_that_fits_nobody_is_told_and_not_guessed(row, wanted):
    found = read([["Ward", "Candidate", "Party", "Votes"], row])
    assert [it[: len(wanted)] for it in told(found)] == [wanted]
    assert all(not ward.form for ward in found.wards)


def test_a_ward_that_nobody_knows_is_told_once_for_its_rows():
    found = read([["Candidate", "Votes"], ["East"], ["Smith, John", "3"], ["Hill", "4"], ["South"], ["Hill", "5"]])
    assert told(found) == ["Row 2: No ward of Testshire is called “East”. Write it as the desk has it."]
    assert figures(found) == {"South": {"s1": "5"}}


def test_a_candidate_who_stands_in_two_rows_is_told():
    found = read([*LONG, ["", "7", "Labour", "Hill, Bob", "South"]])
    assert told(found) == ["Row 7: Bob Hill is in another row already. Take one of the two out."]


def test_marks_that_say_otherwise_than_the_votes_are_told():
    other = [LONG[0], *[["" if mark else "Elected", *row] for mark, *row in LONG[1:]]]
    told_now = told(read(other))
    assert "1 are marked as elected, for 2 seats" in told_now[0]
    assert "Cy Wood has more votes than somebody marked as elected" in told_now[1]


def test_who_is_marked_after_a_tie_was_drawn_by_lot():
    tied = [LONG[0], ["", "400", "", "Hill", "South"], ["Elected", "400", "", "Wood", "South"]]
    (ward,) = read(tied).wards
    assert ward.mismatches == []
    assert form_of_ward(ward, "a file")["drawn"] == ["s2"]


def test_what_is_not_filled_in_yet_is_no_result():
    blank = [LONG[0], *[["", "", *row[2:]] for row in LONG[1:]]]
    assert all(ward.is_blank for ward in read(blank).wards)


def test_columns_that_nobody_names_are_asked_about():
    nameless = [["A", "B", "C"], ["South", "Bob Hill", "300"], ["South", "Cy Wood", "400"]]
    found = read(nameless)
    assert found.asked == ("A / South", "B / Bob Hill", "C / 300")
    named = {0: Column.WARD, 1: Column.CANDIDATE, 2: Column.VOTES}
    assert figures(read(nameless[1:], named=named)) == {"South": {"s1": "300", "s2": "400"}}


def beside(votes, of_the_ward):
    return [
        ["Ward", "Candidate", of_the_ward, votes],
        ["South", "Bob Hill", "700", "300"],
        ["South", "Cy Wood", "700", "400"],
    ]


def test_of_two_columns_that_may_have_the_votes_the_one_of_that_name_has_them():
    for table in (beside("Votes", "Votes cast"), beside("VOTES", "Total number of votes")):
        assert figures(read(table)) == {"South": {"s1": "300", "s2": "400"}}


def test_two_columns_that_may_have_the_votes_are_asked_about():
    for table in (
        beside("Votes received", "Votes cast"),
        beside("Votes", "Votes"),
        [*LONG, *beside("Vote", "Votes polled")],
    ):
        found = read(table)
        assert not found.wards
        assert found.asked[0].startswith(table[0][0])
    named = {0: Column.WARD, 1: Column.CANDIDATE, 3: Column.VOTES}
    assert figures(read(beside("Votes received", "Votes cast"), named=named)) == {"South": {"s1": "300", "s2": "400"}}


def test_a_candidate_is_known_by_id_in_the_file_that_was_made_to_be_filled():
    found = read([["ballot_id", "candidacy_id", "votes"], [SOUTH.ballot_id, "s2", "8"]])
    assert figures(found) == {"South": {"s2": "8"}}


def test_rows_of_parties_without_votes_are_no_candidates_of_the_ward_above():
    """As a tally, and a ward of which the seats alone are known, stand in an export."""
    table = [["Ward", "Candidate", "Party", "Votes"], ["South", "Hill", "LAB", "3"], ["South", "Wood", "CON", "2"]]
    found = read([*table, ["", "", "LAB", ""], ["North", "", "CON", ""]])
    assert told(found) == []
    assert figures(found) == {"South": {"s1": "3", "s2": "2"}}


# of several councils


def test_of_several_councils_a_column_or_a_sheet_says_which_and_nothing_is_looked_for_elsewhere():
    other = a_council(
        a_contest("north", council_id="otherton", candidacies=(Candidacy("o1", "Eve Moss", LAB),)),
        a_contest("quay", council_id="otherton", candidacies=(Candidacy("o2", "Flo Nye", CON),)),
        council_id="otherton",
        aliases=("OTN",),
    )
    election = an_election(COUNCIL, other)
    rows = (
        ("Authority", "Ward", "Candidate", "Votes", "Declared at"),
        ("Otherton Borough Council", "North", "Moss", "10", "03:12:00"),
        ("", "Quay", "Nye", "20", ""),
        ("Atlantis", "Quay", "Nye", "30", ""),
        ("", "Quay", "Nye", "40", ""),
        ("testshire", "Quay", "Nye", "50", ""),
        ("", "South", "Hill", "60", ""),
    )
    head = ("Ward", "Candidate", "Votes")
    testshire = (head, ("North", "John Smith", "70"))
    rest = (head, ("North", "John Smith", "80"), ("local.otherton.north.2023-05-04", "Moss", "9"))
    sheets = (
        Sheet("Night", rows),
        Sheet("Testshire", testshire),
        Sheet("Rest", rest),
    )
    found = rows_of(election, (COUNCIL, other), sheets)
    assert {ward.contest.ballot_id.removesuffix(".2023-05-04"): ward.form for ward in found.wards} == {
        "local.otherton.north": {"at": ["03:12"], "votes.o1": ["10"]},
        "local.otherton.quay": {"votes.o2": ["20"]},
        "local.testshire.south": {"votes.s1": ["60"]},
        "local.testshire.north": {"votes.n1": ["70"]},
    }
    assert told(found) == [
        "Night, row 4: No council of this election is called “Atlantis”. Write its name or its id as the desk has it.",
        "Night, row 6: No ward of Testshire is called “Quay”. Write it as the desk has it.",
        "Rest, row 2: Several wards are called “North”. Write the ballot id in its place.",
        "Rest, row 3: Eve Moss is in another row already. Take one of the two out.",
    ]
    called_so = rows_of(election, (COUNCIL, other), (Sheet("OTN", (head, ("North", "Moss", "10"))),))
    assert called_so.wards[0].rows["votes.o1"].row == 2
