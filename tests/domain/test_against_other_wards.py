"""What a ward is asked about because the council’s other wards are otherwise."""

import pytest

from app.domain.checks import hard_findings
from app.domain.night import Night
from app.domain.proposal import Proposal, Thresholds
from app.domain.soft_checks import soft_findings
from app.wording.findings import told
from tests.builders import CON, GRN, IND, LAB, a_contest, a_council, a_ward, an_election, an_entry

PARTIES = (LAB, CON, GRN)


def ward_of(name, rows, *, parties=PARTIES, **figures):
    contest = a_contest(name, parties=parties)
    return contest, a_ward(contest, votes=dict(zip(contest.candidacies_by_id, rows, strict=True)), **figures)


def found(rows, *, others, parties=PARTIES, thresholds=None, **figures):
    """What is found of a ward with the votes ``rows``, where ``others`` have been declared with theirs."""
    wards = [ward_of(f"ward-{number}", row, parties=parties) for number, row in enumerate(others)]
    own, declaration = ward_of("north", rows, parties=parties, **figures)
    last, _ = ward_of("last", rows, parties=parties)
    night = Night.before_first(an_election(a_council(own, *(contest for contest, _ in wards), last, eve=None)))
    night = night.fold(an_entry(seq, each) for seq, (_, each) in enumerate(wards, start=1))
    entry = an_entry(night.seq + 1, declaration)
    assert hard_findings(night, entry) == []
    _, change = night.apply(entry)
    return told(soft_findings(Proposal(night, entry, change, Thresholds(**(thresholds or {})))))


def codes(rows, **fields):
    return {finding.code for finding in found(rows, **fields)} - {"W06", "W07"}


EIGHT = [(600, 300 + number, 101) for number in range(8)]
"""The least share of LAB is 600 of 1,008."""


# W20, a party far below its other wards


@pytest.mark.parametrize(("votes", "expected"), [(238, {"W20"}), (255, set())])
def test_w20_a_party_has_less_than_two_fifths_of_its_least(votes, expected):
    rows = (votes, 603, 1003 - votes - 603)
    assert codes(rows, others=EIGHT) == expected
    assert codes(rows, others=EIGHT, thresholds={"party_percent_of_least": 30.0}) == set()


def test_w20_says_of_whom_and_where():
    (finding,) = (it for it in found((60, 641, 301), others=EIGHT) if it.code == "W20")
    assert finding.field == "votes"
    assert finding.detail == (
        "Far less than in every other ward of Testshire: LAB 6.0%, at least 59.5% there. "
        "Is a digit missing, or the ward another?"
    )


def test_w20_waits_for_eight_wards_with_votes_of_the_party():
    assert codes((60, 641, 301), others=EIGHT[:7]) == set()
    assert codes((60, 641, 301), others=EIGHT[:7], thresholds={"party_wards_needed": 7}) == {"W20"}


def test_w20_leaves_a_party_with_strongholds_alone():
    assert codes((60, 641, 301), others=[*EIGHT, (90, 500, 411)]) == set()


def test_w20_is_not_for_independents_nor_for_a_party_without_a_vote():
    assert codes((60, 641, 301), others=EIGHT, parties=(IND, CON, GRN)) == set()
    assert codes((0, 641, 361), others=EIGHT) == {"W05"}


# W02, the votes where no turnout is given

FIVE = [(600, 300, 100 + number) for number in range(5)]
"""The median is 1,002 votes of 5,000 electors for one seat: 20.04%."""


@pytest.mark.parametrize(
    ("rows", "expected"),
    [((330, 165, 56), {"W02"}), ((331, 165, 56), set()), ((1100, 551, 170), set()), ((1100, 551, 172), {"W02"})],
)
def test_w02_without_a_turnout_the_votes_are_out_of_proportion(rows, expected):
    assert codes(rows, others=FIVE) == expected
    assert codes(rows, others=FIVE, thresholds={"turnout_percent_of_others": 50.0}) == set()


def test_w02_says_what_part_of_the_votes_there_are():
    (finding,) = (it for it in found((60, 41, 21), others=FIVE) if it.code == "W02")
    assert finding.field == "votes"
    assert finding.detail == (
        "These are 2.4% of the votes that the electors have, far from the 20.0% usual in Testshire tonight: "
        "has a figure a digit too few, or too many?"
    )


def test_w02_compares_no_votes_where_there_are_papers_or_too_few_others():
    assert codes((60, 41, 21), others=FIVE, ballots=1000) == {"W13"}
    assert codes((60, 41, 21), others=FIVE[:4]) == set()
