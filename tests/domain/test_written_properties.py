"""Any result in any layout: exact votes, or it is told what was not read; never another's."""

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import CON, GRN, IND, LAB
from tests.domain.notices import PEOPLE, assert_told, read

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
    "{given} {sur} {votes} {party}",
    "{sur}, {given}\t{votes}\t{party}\t{share}%",
    "{given} {sur}\n{votes}\n{party}",
    "{votes}\n{party}\n{given} {sur}",
    "{sur}, {given} {votes:,} (majority 40)",
    "{given} {sur} {thousand}",
]
NOISE = [
    "", "Dated 5 May 2023", "Electorate 5,000", "Majority 12", "Returning Officer", "Elected: John SMITH", "7",
    "Labour hold", "Turnout 34.2%", "Smith, Green and Day", "Rejected 3", "LABOUR 2",
    "Total 9", "Total votes", "want of official mark 2", "Kahn", "Conservative Party", "1.491", "Share 4.2%",
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
            share=f"{number / 400:.1f}",
            thousand=f"{number:,}".replace(",", "."), elected=draw(st.sampled_from(["", " Elected"])), place=at + 1,
        )
        for at, ((given, sur, party), number) in enumerate(zip(names, votes, strict=True))
    ]  # fmt: skip
    for noise in draw(st.lists(st.sampled_from(NOISE), max_size=3)):
        lines.insert(draw(st.integers(0, len(lines))), noise)
    if draw(st.booleans()):
        lines = draw(st.permutations(lines))
    # A selection that begins or ends in the middle of a candidate, but for a cut at both ends, which nothing tells.
    lines = "\n".join(lines).split("\n")
    lines = lines[draw(st.integers(0, 1)) :] if draw(st.booleans()) else lines[: -draw(st.integers(1, 2))]
    heading = draw(st.sampled_from(["", "North ward\n", "Name\tParty\tVotes\n"]))
    return people, dict(zip(people, votes, strict=True)), heading + "\n".join(lines)


@given(written_out())
def test_no_layout_gives_anybody_votes_of_another(written) -> None:
    people, votes, text = written
    result = read(text, people)
    assert dict(result.votes) == {one: votes[one] for one in result.votes}, text
    assert_told(text, result)


@given(st.text(alphabet='Smith John,Labour(1234)\t\n.%; –"', max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert read(text).votes.keys() <= PEOPLE.keys()
