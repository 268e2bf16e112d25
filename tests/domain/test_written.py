"""Results as others write them out, in many layouts: every vote is read right, or it is said what was not read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.election import Candidacy
from app.domain.written import Unread, WrittenResult, read_written
from tests.builders import CON, GRN, IND, LAB, LD, a_contest, a_council, an_election

PEOPLE = {
    "smith": ("John Alan Smith", LAB),
    "obrien": ("Zoë O’Brien-Müller", LAB),
    "jones": ("Jones, A.", CON),
    "green": ("Ann Green", CON),
    "frost": ("William Frost (Commonly known as: Bill Frost)", LD),
    "lord": ("Peter Lord", GRN),
    "berg": ("van der Berg, J.", IND),
}
TWINS = {**PEOPLE, "twin": ("John Alan Smith", LAB)}


def a_ward_of(people: dict[str, tuple[str, str]]):
    candidacies = tuple(Candidacy(one, name, party) for one, (name, party) in people.items())
    contest = a_contest("north", seats_up=2, candidacies=candidacies)
    return an_election(a_council(contest)), contest


def read(text: str, people: dict[str, tuple[str, str]] = PEOPLE) -> WrittenResult:
    return read_written(*a_ward_of(people), text)


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
    assert [line.line for line in result.unread if "2023" not in line.line] == []


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
        ("Majority over John Smith 234", []),
        ("John Smith last time 900", []),
        ("Rejected 12\nRejected 13", [Unread.TWICE, Unread.TWICE]),
        ("Turnout 2,478", [Unread.NO_FIELD]),
        ("Smith (Monster Raving Loony) 30", [Unread.NOBODY]),
        ("200 John Smith 300 Peter Lord 400", [Unread.FIGURES]),
    ],
)
def test_what_could_be_read_in_two_ways_is_not_read_and_told(text: str, why: list[Unread]) -> None:
    result = read(text)
    assert (result.votes, result.figures) == ({}, {})
    assert whys(result) == why


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


# Any result, in any layout

SURNAMES = ["Smith", "Smyth", "Green", "O’Brien", "van der Berg", "Gordon-Young", "Lord", "Day", "Müller", "Labour"]
GIVEN = ["John", "Ann", "J.", "Zoë", "John Alan", "Mary Jane", "Peter"]
PARTIES = {
    LAB: ("Labour Party", "LAB"),
    CON: ("Conservative Party", "CON"),
    GRN: ("Green Party", "GRN"),
    IND: ("Independent", "IND"),
}

LAYOUTS = [
    "{SUR}, {given} ({party}) {votes:,}{elected}",
    "{SUR} {given} ........ {party} ........ {votes}",
    "{given} {sur}\t{party}\t{votes:,}\t{share}%\t{elected}",
    "{given} {sur} ({short}): {votes:,}",
    "{given} {sur} {party} {votes}",
    "{party} - {given} {sur} - {votes:,} votes",
    "{votes:,} {given} {sur} ({short})",
    "{sur}, {given}  {votes:,}",
    '"{sur}, {given}",{party},"{votes:,}"',
    "{given} {SUR}\n{party}\n{votes:,}\n{share}%",
    "{sur}\t{given}\t{party}\t{votes}",
    "{sur} {votes}",
    "{short} {votes:,}",
    "{place} {given} {sur} {party} {votes}",
    "{place}. {sur}, {given} ({party})\t{votes}",
    "{party}\n{given} {sur}\n{votes}",
    "{votes}\n{given} {sur}",
    "{given} {sur} {votes} {votes}",
]
NOISE = [
    "", "Dated 5 May 2023", "Electorate 5,000", "Majority 12", "Returning Officer", "Elected: John SMITH", "7",
    "Labour hold", "Turnout 34.2%", "Smith, Green and Day", "Rejected 3", "LABOUR 2",
]  # fmt: skip


@st.composite
def written_out(draw: st.DrawFn):
    """A ward, what each candidate has, and a text of it in a layout, perhaps with lines lost, moved or put between."""
    person = st.tuples(st.sampled_from(GIVEN), st.sampled_from(SURNAMES), st.sampled_from(sorted(PARTIES)))
    names = draw(st.lists(person, min_size=1, max_size=7))
    votes = draw(st.lists(st.integers(0, 20_000), min_size=len(names), max_size=len(names)))
    people = {f"c{at}": (f"{given} {sur}", party) for at, (given, sur, party) in enumerate(names)}
    layout = draw(st.sampled_from(LAYOUTS))
    lines = [
        layout.format(
            given=given, sur=sur, SUR=sur.upper(), party=PARTIES[party][0], short=PARTIES[party][1], votes=number,
            share=f"{number / 400:.1f}", elected=draw(st.sampled_from(["", " Elected"])), place=at + 1,
        )
        for at, ((given, sur, party), number) in enumerate(zip(names, votes, strict=True))
    ]  # fmt: skip
    for noise in draw(st.lists(st.sampled_from(NOISE), max_size=3)):
        lines.insert(draw(st.integers(0, len(lines))), noise)
    if draw(st.booleans()):
        lines = draw(st.permutations(lines))
    heading = draw(st.sampled_from(["", "North ward\n", "Name\tParty\tVotes\n"]))
    return people, dict(zip(people, votes, strict=True)), heading + "\n".join(lines)


@settings(max_examples=150)
@given(written_out())
def test_no_layout_gives_anybody_votes_of_another(written) -> None:
    people, votes, text = written
    read_votes = read(text, people).votes
    assert {one: read_votes[one] for one in read_votes} == {one: votes[one] for one in read_votes}, text


@settings(max_examples=30)
@given(st.text(alphabet='Smith John,Labour(1234)\t\n.%; –"', max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert read(text).votes.keys() <= PEOPLE.keys()
