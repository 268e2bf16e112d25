"""Results as others write them out, in many layouts: every vote is read right, or it is said what was not read."""

import pytest

from app.domain.written import WrittenResult
from app.domain.written_names import Unread
from tests.builders import CON, LAB
from tests.domain.notices import TWINS, assert_told, read


def whys(result: WrittenResult) -> list[str]:
    return [line.why.value for line in result.unread]


DECLARATION = """
NORTH WARD
Declaration of Result of Poll
I, Jo Bloggs, being the Returning Officer at the above election held on Thursday 4 May 2023, do hereby give notice
that the number of votes recorded for each Candidate at the election is as follows:

Name of Candidate\tDescription (if any)\tNumber of Votes
SMITH, John Alan\tLabour Party\t1,234 (E)
O'BRIEN MULLER, Zoe\tLabour and Co-operative Party\t1,101
JONES Amy\tThe Conservative Party Candidate\t987
GREEN Ann\tLocal Conservatives\t950
FROST Bill\tLiberal Democrats\t400
LORD Peter\tGreen Party\t300
VAN DER BERG Jan\tIndependent\t45

The number of ballot papers rejected was as follows:
A  want of an official mark\t0
B  voting for more candidates than voter was entitled to\t5
C  writing or mark by which voter could be identified\t0
D  being unmarked or wholly void for uncertainty\t12
Total number of rejected ballot papers\t17
Electorate: 5,000
Ballot papers issued: 2,478
Turnout: 49.6%
Total votes: 5,017
And I do hereby declare that John Alan SMITH is duly elected.
Dated 5 May 2023
"""

VOTES = {"smith": 1234, "obrien": 1101, "jones": 987, "green": 950, "frost": 400, "lord": 300, "berg": 45}


def test_a_notice_is_read_with_its_papers_and_says_which_lines_were_not() -> None:
    result = read(DECLARATION)
    assert result.votes == VOTES
    assert result.figures == {"rejected": "17", "ballots": "2478", "turnout": "49.6", "total": "5017"}
    assert result.electorate == 5000
    assert [line.why for line in result.unread if "2023" not in line.line] == [Unread.PART] * 4


@pytest.mark.parametrize(
    "text",
    [
        "SMITH, John (Labour Party) ........ 1,234 Elected\nLORD, Peter (Green Party) ........ 300",
        "Smith John Alan – Labour – 1234 votes\nPeter Lord – Green – 300 votes",
        "1,234  John Smith (LAB)\n300  Peter Lord (GRN)",
        "Labour Party: John Smith 1,234 *ELECTED*\nGreen Party: Peter Lord 300",
        "John SMITH Labour Party 1234\nPeter LORD Green Party 300",
        "John SMITH\nLabour Party\n1,234\n49.1%\nElected\n\nPeter LORD\nGreen Party\n300\n11.9%",
        "1. SMITH John, 1,234\n2. LORD Peter, 300",
        "1 SMITH John Labour 1,234\n2 LORD Peter Green 300",
        '"Smith, John",Labour,"1,234"\n"Lord, Peter",Green,300',
        "Candidate,Party,Votes\nJohn Smith,Labour,1234\nPeter Lord,Green,300",
        "Surname\tForename\tParty\tPostal\tVotes\t%\nSmith\tJohn\tLab\t300\t1,234\t49.1%\nLord\tPeter\tGreen\t90\t300\t11.9%",
        "Candidate;Votes;Share\nSMITH John Alan;1 234;49.1\nLORD Peter;300;11.9",
        "Cllr John Smith (Labour) 1,234, Peter Lord (Green) 300.",
        "| John Smith | Labour | 1,234 | Elected |\n| Peter Lord | Green | 300 | |",
        "John Smith: 1,234 (+12.3%)\nPeter Lord: 300 (-4.1%)",
        "SMITH\u00a0John\u00a0Alan\t1\u00a0234\t✓\nLORD\u00a0Peter\t300",
        "Jonathan Smith (commonly known as John Smith) _____ 1234\nLord, P. _____ 300",
    ],
)
def test_two_candidates_are_read_however_they_are_written(text: str) -> None:
    result = read(text)
    assert result.votes == {"smith": 1234, "lord": 300}
    assert result.unread == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Jon Smyth (Labour) 1,234", [Unread.NOBODY]),
        ("John Smith (Conservative) 1,234", [Unread.OTHER_PARTY]),
        ("John Smith (Labour) 1,234 900", [Unread.FIGURES]),
        ("John Smith (Labour) 1 234", [Unread.FIGURES]),
        ("John Smith (Labour) +1,234", [Unread.FIGURES]),
        ("John Smith (Labour) 1.234,5", [Unread.FIGURES]),
        ("John Smith, 12 High Street, Labour 1,234", [Unread.FIGURES]),
        ("John Smith 1,234\nJohn Smith 1,235", [Unread.TWICE, Unread.TWICE]),
        ("John Smith 1,234\nJohn Smith 1,234", [Unread.TWICE, Unread.TWICE]),
        ("Green 300", [Unread.SEVERAL]),
        ("Labour 300", [Unread.SEVERAL]),
        ("John Smith\nPeter Lord\n1,234\n300", [Unread.APART, Unread.APART]),
        ("1,234\nJohn Smith\n300\nPeter Lord", [Unread.APART, Unread.APART]),
        ("Smith\nGreen\n1,234", [Unread.APART]),
        ("Majority over John Smith 234", [Unread.NOT_ASKED]),
        ("John Smith last time 900", [Unread.NOT_ASKED]),
        ("Rejected 12\nRejected 13", [Unread.TWICE, Unread.TWICE]),
        ("Turnout 2,478", [Unread.NO_FIELD]),
        ("Smith (Monster Raving Loony) 30", [Unread.NOBODY]),
        ("200 John Smith 300 Peter Lord 400", [Unread.FIGURES]),
        ("John Smith 1,531 (majority 40)", [Unread.FIGURES]),
        ("SMITH John (Labour) - 1.491", [Unread.FIGURES]),
        ("John Smith 12345.67", [Unread.FIGURES]),
        ("John Smith 1,234%", [Unread.FIGURES]),
        ("John Smith 49.1%", [Unread.NO_VOTES]),
        ("John Smith\n49.1%", [Unread.NO_VOTES]),
        ("want of official mark 2", [Unread.PART]),
        ("Swing 3.2%", [Unread.NOT_ASKED]),
        ("Electorate 11.085", [Unread.FIGURES]),
        ("Turnout 22.48", [Unread.NO_FIELD]),
        ("Electorate 5,000 Total 300 papers", [Unread.FIGURES]),
        ("5,000 electorate 300 ballot papers", [Unread.FIGURES]),
        ("Name\tLast time\tVotes\nJohn Smith\t300\t", [Unread.NO_VOTES]),
        ("Name\tLast time\tVotes\nJohn Smith\t300", [Unread.FIGURES]),
    ],
)
def test_what_could_be_read_in_two_ways_is_not_read_and_told(text: str, why: list[Unread]) -> None:
    result = read(text)
    assert (result.votes, result.figures) == ({}, {})
    assert whys(result) == why


@pytest.mark.parametrize(
    "text",
    [
        "John Smith\n300\nPeter Lord\n200\nAnn Green",
        "John Smith\n300\nPeter Lord\n200\nKahn",
        "John Smith\n300\nPeter Lord\n200\nTotal votes",
        "John Smith\nLabour\n300\nPeter Lord\nGreen\n200\nAnn Green\nConservative",
        "Conservative\nJohn Smith\n300\nLabour\nPeter Lord\n200",
        "John Smith\n300\nConservative\nPeter Lord\n200\nLabour",
        "North ward\nJohn Smith\nJon Bloggs\n300",
        "North ward\nJohn Smith\nMajority\n300",
        "North ward\nJohn Smith\nAnn Green 200\n300",
        "North ward\nJohn Smith\n1.491\n300\nPeter Lord",
        "1.491\nJohn Smith\n300\nPeter Lord\n200",
    ],
)
def test_figures_that_may_stand_above_their_names_or_below_are_nobodys(text: str) -> None:
    """Every other line may be what is left of figures above names, of which the first was not copied."""
    result = read(text)
    assert not {"smith", "lord"} & result.votes.keys()
    assert Unread.APART in {line.why for line in result.unread}


def test_figures_below_names_are_read_where_the_names_cannot_be_below_them() -> None:
    votes = {"smith": 300, "lord": 200}
    assert read("John Smith\n300\nPeter Lord\n200").votes == votes
    assert read("North ward\nJohn Smith\n300\nPeter Lord\n200\nReturning Officer").votes == votes
    assert read("John Smith\n300\nLabour Party\nPeter Lord\n200\nGreen Party").votes == votes
    assert read("Labour Party\nJohn Smith\n300\nGreen Party\nPeter Lord\n200").votes == votes
    assert read("North ward\nJohn Smith\nOf no party\n300\nPeter Lord\nOf no party\n200").votes == votes


@pytest.mark.parametrize(
    "line",
    [
        "Smith John 509 Conservative",
        "SMITH John 509 Conservative Party Candidate",
        "Smith John Conservative 509",
        "SMITH John Conservative 509",
        "Smith John 509 Labour gain from Con",
        "Smith, John\t509\tConservative",
        "John Smith\t509\tConservative\t12%\tElected",
        "J Smith Con 509",
        "509 John Smith (Con)",
        "Conservative: John Smith 509",
        '"Smith, John",509,Conservative',
        "Name\tVotes\tParty\nSmith John\t509\tConservative",
    ],
)
def test_another_party_speaks_against_a_name_wherever_it_stands(line: str) -> None:
    result = read(line)
    assert result.votes == {}
    assert [(it.why, it.candidacies[0].candidacy_id) for it in result.unread] == [(Unread.OTHER_PARTY, "smith")]
    theirs = line.replace("Conservative", "Labour").replace("Con", "Lab")
    assert read(theirs).votes == {"smith": 509}


def test_a_party_that_is_a_name_is_no_party() -> None:
    assert read("GREEN Ann 950").votes == {"green": 950}
    assert read("Green\tAnn\t950\tConservative").votes == {"green": 950}
    assert whys(read("Green Ann 950 Green Party")) == [Unread.OTHER_PARTY]


OFFICIAL = """DECLARATION OF RESULT OF POLL
Election of Borough Councillors for
North Ward on Thursday 4th May 2023
I, Jo Bloggs, being the Returning Officer at the above election, do hereby give notice that the number of votes
recorded for each Candidate at the said election is as follows:
Name of Candidate\tDescription (if any)\tNumber of Votes*
SMITH\nJohn Alan\tLabour Party\t1234 E
LORD, Peter\tThe Green Party Candidate\t300
* If elected the word 'Elected' appears against the number of votes.
The number of ballot papers rejected was as follows:\tNumber of ballot papers
A\twant of an official mark\t0
B\tvoting for more Candidates than voter was entitled to\t3
C\twriting or mark by which voter could be identified\t0
D\tbeing unmarked or wholly void for uncertainty\t13
E\trejected in part\t4
\tTotal\t16
Vacant Seats: 3\tElectorate: 11085\tBallot Papers Issued: 2492\tTurnout: 22.48%
""".replace("SMITH\nJohn Alan", "SMITH, John Alan").replace("1234 E", "1234 Elected")


@pytest.mark.parametrize("apart", ["\t", "  ", " ", "; ", ", "])
def test_the_official_declaration_is_read_to_its_last_line(apart: str) -> None:
    head, _, last = OFFICIAL.strip().rpartition("\n")
    result = read(f"{head}\n{last.replace(chr(9), apart)}")
    assert result.votes == {"smith": 1234, "lord": 300}
    assert result.figures == {"rejected": "16", "ballots": "2492", "turnout": "22.48"}
    assert result.electorate == 11085
    told = [(line.line, line.why) for line in result.unread if "2023" not in line.line]
    assert told[-1] == ("Vacant Seats: 3", Unread.NOT_ASKED)
    assert [why for _, why in told[:-1]] == [Unread.PART] * 5


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Rejected papers: 14\nofficial mark 2\ntoo many votes 5\nunmarked 7\nTotal 14", {"rejected": "14"}),
        ("official mark 2\nunmarked 7\nTotal 14", {}),
        ("official mark 2\nunmarked 7\nTotal ballot papers 9", {}),
        ("official mark 2\nunmarked 7\nTotal votes 9", {}),
        ("Rejected 12\nTotal 5,017", {"rejected": "12"}),
        ("Ballot papers rejected\nTotal 14", {}),
        ("Electorate by polling district\nTotal 5,000", {}),
        ("John Smith 300\nTotal 5,017\nRejected 12", {"total": "5017", "rejected": "12"}),
        ("unmarked 7\nTotal 7\nJohn Smith 300\nTotal 300", {"rejected": "7", "total": "300"}),
        ("unmarked 7\nTotal 7\nTotal votes 300", {"rejected": "7", "total": "300"}),
    ],
)
def test_a_total_is_of_what_stands_above_it_or_is_not_read(text: str, figures: dict[str, str]) -> None:
    result = read(text)
    assert result.figures == figures


def test_every_line_of_the_official_declaration_is_read_or_told() -> None:
    assert_told(OFFICIAL, read(OFFICIAL))


def test_the_first_line_beyond_those_that_are_read_is_told() -> None:
    result = read("\n" * 300 + "John Smith 300\nPeter Lord 200")
    assert [(line.line, line.why) for line in result.unread] == [("John Smith 300", Unread.BEYOND)]


def test_two_of_one_name_and_party_are_never_told_apart_by_a_guess() -> None:
    result = read("SMITH, John (Labour Party) 1,234\nSMITH, John (Labour Party) 1,100\nLORD, Peter 300", TWINS)
    assert result.votes == {"lord": 300}
    assert whys(result) == [Unread.SEVERAL, Unread.SEVERAL]
    assert [one.candidacy_id for one in result.unread[0].candidacies] == ["smith", "twin"]


def test_a_party_tells_namesakes_apart() -> None:
    people = {"a": ("John Smith", LAB), "b": ("John Smith", CON)}
    assert read("John Smith (Lab) 500\nJohn Smith (Con) 400", people).votes == {"a": 500, "b": 400}


def test_who_has_no_votes_in_an_enumeration_gets_none_of_its_numbers() -> None:
    result = read("1 John Smith 500\n2 Peter Lord 400\n3 Ann Green")
    assert result.votes == {"smith": 500, "lord": 400}


def test_a_table_with_two_columns_of_votes_has_none() -> None:
    result = read("Name,Votes,Votes\nJohn Smith,300,1234\nPeter Lord,200,300")
    assert (result.votes, [line.line for line in result.unread]) == ({}, ["John Smith,300,1234", "Peter Lord,200,300"])


def test_a_surname_beside_a_party_that_nobody_knows_may_be_somebody_else_s() -> None:
    result = read("Lord (Yorkshire Party) 300\nJohn Smith 1,234")
    assert (result.votes, whys(result)) == ({"smith": 1234}, [Unread.NOBODY.value])


def test_a_figure_below_a_name_that_two_have_is_told_with_both() -> None:
    text = "Candidate\nPeter Lord\nGreen Party\n300\nJohn Alan Smith\nLabour Party\n1,234"
    result = read(text, TWINS)
    assert result.votes == {"lord": 300}
    assert [(line.why, len(line.candidacies)) for line in result.unread] == [(Unread.SEVERAL, 2)]
