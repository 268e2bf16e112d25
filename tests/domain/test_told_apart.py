"""Candidates who share a name."""

from app.domain.checks import hard_findings
from app.domain.night import Night
from app.wording.findings import told
from app.wording.names import told_apart
from tests.builders import CON, GRN, LAB, a_candidacy, a_contest, a_council, a_ward, an_election, an_entry


def a_ward_of(*named: tuple[str, str]):
    """A contest of candidates by name and party, in the order of the ballot paper."""
    return a_contest("north", candidacies=tuple(
        a_candidacy("north", party, number, name=name) for number, (name, party) in enumerate(named, 1)
    ))  # fmt: skip


def names(*named: tuple[str, str]) -> list[str]:
    contest = a_ward_of(*named)
    return [*told_apart(an_election(a_council(contest)), contest).values()]


def test_a_name_that_nobody_shares_stands_alone():
    assert names(("Ann Smith", LAB), ("John Smith", CON)) == ["Ann Smith", "John Smith"]


def test_who_shares_a_name_is_told_by_party():
    told = names(("John Smith", LAB), ("Ann Lee", GRN), ("John Smith", CON))
    assert told == ["John Smith (LAB)", "Ann Lee", "John Smith (CON)"]


def test_who_shares_the_party_too_is_told_by_the_place_on_the_ballot_paper():
    told = names(("John Smith", LAB), ("John Smith", LAB), ("John Smith", CON))
    first, second = (f"John Smith (LAB, {place} on the ballot paper)" for place in ("1st", "2nd"))
    assert told == [first, second, "John Smith (CON)"]


def test_two_who_are_tied_are_joined_by_and_and_told_apart():
    contest = a_ward_of(("John Smith", LAB), ("Ann Lee", GRN), ("John Smith", CON))
    votes = dict(zip(contest.candidacies_by_id, (500, 30, 500), strict=True))
    night = Night.before_first(an_election(a_council(contest)))
    (tied,) = told(hard_findings(night, an_entry(1, a_ward(contest, votes=votes))))
    assert tied.detail == (
        "John Smith (LAB) and John Smith (CON) are tied across the last seat of North: name every winner, the one who "
        "was drawn by lot included."
    )
