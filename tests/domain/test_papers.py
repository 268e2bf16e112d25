"""Figures against papers: real results that have to pass, slips that have to be seen, and where each check begins."""

import pytest

from app.domain.checks import hard_findings
from app.domain.night import Night
from app.domain.proposal import Proposal, Thresholds
from app.domain.soft_checks import soft_findings
from app.wording.findings import told
from tests.builders import CON, GRN, IND, LAB, LD, a_contest, a_council, a_ward, an_election, an_entry


def found(contest, numbers, *, thresholds=None, **figures):
    """What the checks find in a declaration of ``contest`` with these votes, in the order of the nominations."""
    votes = dict(zip(contest.candidacies_by_id, numbers, strict=True)) if numbers is not None else None
    night = Night.before_first(an_election(a_council(contest, a_contest("other", seats_up=9), eve=None)))
    entry = an_entry(1, a_ward(contest, votes=votes, **figures))
    hard = hard_findings(night, entry)
    if hard:
        return told(hard)
    _, change = night.apply(entry)
    return told(soft_findings(Proposal(night, entry, change, Thresholds(**(thresholds or {})))))


def codes(contest, numbers, **figures):
    return [finding.code for finding in found(contest, numbers, **figures)]


def one_seat(**fields):
    return a_contest("north", parties=[LAB, CON, LD], **fields)


# F15, the total that was read out


def test_f15_the_votes_sum_to_the_total_that_was_read_out():
    assert codes(one_seat(), [802, 655, 101], total=1558) == []
    (finding,) = found(one_seat(), [820, 655, 101], total=1558)
    assert (finding.code, finding.field) == ("F15", "total")
    assert finding.detail == "These votes sum to 1,576: 18 more than the total of 1,558 that was read out."
    (finding,) = found(one_seat(), [80, 655, 101], total=1558)
    assert finding.detail.startswith("These votes sum to 836: 722 fewer than")


def test_f15_waits_for_the_votes_that_are_missing():
    contest = one_seat()
    night = Night.before_first(an_election(a_council(contest)))
    missing = a_ward(contest, votes={"north-LAB-1": 5}, total=900)
    assert {fault.code for fault in hard_findings(night, an_entry(1, missing))} == {"F02"}


# F04 and F05, with the valid papers, and with the electorate where papers are missing


@pytest.mark.parametrize(("most", "expected"), [(900, []), (901, ["F04", "F05"])])
def test_f04_and_f05_hold_for_the_valid_papers_that_were_given(most, expected):
    contest = a_contest("north", parties=[LAB])
    assert codes(contest, [most], valid=900, ballots=1000) == expected


def test_f04_and_f05_hold_for_the_electors_where_no_papers_are_given():
    contest = a_contest("north", seats_up=2, electorate=1000)
    assert not {"F04", "F05"} & set(codes(contest, [1000, 500, 400, 100]))
    (one,) = found(contest, [1001, 500, 400, 98])
    assert (one.code, one.detail) == ("F04", "LAB 1 of north has 1,001 votes from 1,000 electors.")
    (every,) = found(contest, [1000, 500, 400, 101])
    assert every.code == "F05"
    assert every.detail == "2,001 votes are more than 2 × 1,000: each of the 1,000 electors has at most 2 votes."


def test_fellgate_and_hedworth_2024_had_more_votes_than_papers():
    (finding,) = found(one_seat(), [959, 700, 300], ballots=1955)
    assert finding.code == "F05"
    assert finding.detail == "1,959 votes are more than 1 × 1,955: each of the 1,955 papers has at most 1 vote."


# F06, papers that add up


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({"valid": 900, "rejected": 5, "ballots": 905}, []),
        ({"valid": 900, "rejected": 6, "ballots": 905}, [("F06", "valid")]),
        ({"valid": 900, "ballots": 899}, [("F06", "valid")]),
        ({"valid": 900, "rejected": 5}, []),
        ({"valid": 4996, "rejected": 5}, [("F06", "valid")]),
        ({"valid": 5001}, [("F06", "valid")]),
    ],
)
def test_f06_valid_and_rejected_papers_are_all_papers(figures, expected):
    contest = a_contest("north", electorate=5000)
    night = Night.before_first(an_election(a_council(contest)))
    faults = hard_findings(night, an_entry(1, a_ward(contest, seats={LAB: 1}, **figures)))
    assert [(fault.code, fault.field) for fault in faults] == expected


def test_valid_and_rejected_papers_make_the_turnout():
    contest = a_contest("north", electorate=5000)
    night = Night.before_first(an_election(a_council(contest)))
    declared = a_ward(contest, votes={"north-LAB-1": 600, "north-CON-1": 300}, valid=900, rejected=100)
    after, _ = night.apply(an_entry(1, declared))
    turnout = after.result(contest.ballot_id).turnout
    assert turnout is not None
    assert (turnout.percentage, turnout.counted) == (20.0, True)


# W13 and W14, votes that are fewer or more than they hardly can be


def test_bean_and_village_park_with_a_digit_lost_has_fewer_votes_than_papers():
    contest = a_contest("bean", parties=[CON, LAB], electorate=2000)
    assert codes(contest, [392, 134], ballots=531, rejected=5) == []
    (finding,) = found(contest, [39, 134], ballots=531, rejected=5)
    assert (finding.code, finding.field) == ("W13", "votes")
    assert finding.detail == "173 votes on 526 valid papers: each of them has at least one. Is a figure too small?"


@pytest.mark.parametrize(
    ("figures", "least"),
    [
        ({"valid": 1000}, 970),
        ({"ballots": 1010, "rejected": 10}, 970),
        ({"turnout": 20.25}, 982),
        ({"turnout": 20.0}, 946),
        ({"turnout": 20.0, "rejected": 25}, 922),
    ],
)
def test_w13_begins_below_97_per_cent_of_the_valid_papers_or_of_the_turnout(figures, least):
    contest = one_seat(electorate=5000)
    assert codes(contest, [least - 101, 51, 50], **figures) == []
    assert codes(contest, [least - 102, 51, 50], **figures) == ["W13"]
    assert codes(contest, [least - 102, 51, 50], thresholds={"votes_percent_of_papers": 90.0}, **figures) == []


def test_moston_2024_has_its_votes_on_the_papers_that_a_turnout_of_25_per_cent_is():
    """3,183 votes; 25% of the electors are 3,304 papers, and 24.5% are 3,237, which is 25% as well."""
    contest = a_contest("moston", parties=[CON, GRN, LD, LAB], electorate=13_215)
    assert codes(contest, [452, 285, 464, 1982], turnout=25.0, rejected=76) == []


def test_w13_is_not_for_seats_without_votes():
    assert codes(a_contest("north", parties=[LAB, CON]), None, seats={LAB: 1}, ballots=1000) == []


def test_a_hertfordshire_division_that_gives_the_valid_papers_as_all_is_asked_once_and_with_valid_not_at_all():
    contest = one_seat(electorate=12_000)
    (finding,) = found(contest, [2001, 1500, 570], ballots=4087, rejected=30)
    assert (finding.code, finding.field) == ("W14", "votes")
    assert finding.detail == (
        "4,071 votes are more than 1 × 4,057, the papers without the 30 rejected: were those left out of all papers?"
    )
    assert codes(contest, [2001, 1500, 570], valid=4087, rejected=30) == []


@pytest.mark.parametrize(("last", "expected"), [(56, []), (57, ["W14"]), (85, ["W14"]), (86, []), (87, ["F05"])])
def test_w14_is_not_for_one_seat_with_a_vote_on_every_paper(last, expected):
    contest = a_contest("north", parties=[LAB, CON, LD], electorate=12_000)
    assert codes(contest, [2501, 1500, last], ballots=4087, rejected=30) == expected


def test_w14_is_for_two_seats_with_a_vote_on_every_paper():
    contest = a_contest("north", seats_up=2)
    assert codes(contest, [700, 600, 399, 301], ballots=1000, rejected=20) == ["W14"]


# W15, running mates


@pytest.mark.parametrize(("least", "expected"), [(300, []), (299, ["W15"])])
def test_w15_one_of_a_party_has_less_than_a_third_of_the_other(least, expected):
    contest = a_contest("north", seats_up=2, parties=[LAB, GRN])
    assert codes(contest, [900, least, 201, 204]) == expected
    assert codes(contest, [900, least, 201, 204], thresholds={"running_mates_apart": 10.0}) == []


def test_w15_says_of_whom():
    (finding,) = found(a_contest("north", seats_up=2, parties=[LAB, GRN]), [1012, 101, 201, 204])
    assert finding.detail == (
        "Running mates are very far apart, those of LAB (1,012 to 101): has a figure a digit too few, or too many?"
    )


def test_w15_is_not_for_independents():
    assert codes(a_contest("north", seats_up=2, parties=[LAB, IND]), [900, 800, 401, 22]) == []
