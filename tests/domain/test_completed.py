"""Votes that complete a result that stood without, and what of a result stands only because it was announced so."""

import pytest

from app.domain.checks import hard_findings
from app.domain.declarations import Correction, SubjectRecord, WardDeclaration, Withdrawal
from app.domain.night import Night
from app.domain.superseding import unchanged
from tests.builders import CON, LAB, a_contest, a_council, a_tally, a_ward, an_election, an_entry

NORTH = a_contest("north", parties=(LAB, CON))
LABOUR, CONSERVATIVE = (candidacy.candidacy_id for candidacy in NORTH.candidacies)
BEGUN = Night.before_first(an_election(a_council(NORTH)))


def entered(seq: int, **fields: object):
    declaration = WardDeclaration(NORTH.ballot_id, **fields)  # type: ignore[arg-type]
    return an_entry(seq, declaration, council_id="testshire", ballot_id=NORTH.ballot_id)


ANNOUNCED = entered(1, elected=(LABOUR,), ballots=900, rejected=5)
VOTES = {LABOUR: 500, CONSERVATIVE: 395}


def test_votes_that_are_added_keep_the_papers_that_were_announced_before():
    night = BEGUN.fold([ANNOUNCED, entered(2, votes=VOTES)])
    result = night.result(NORTH.ballot_id)
    assert result.declaration is not None
    assert (result.declaration.papers, result.declaration.rejected, result.declaration.votes) == (900, 5, VOTES)
    assert result.turnout is not None
    assert result.turnout.counted


def test_papers_that_are_given_anew_are_taken_as_a_whole():
    night = BEGUN.fold([ANNOUNCED, entered(2, votes=VOTES, valid=895)])
    declaration = night.result(NORTH.ballot_id).declaration
    assert declaration is not None
    assert (declaration.ballots, declaration.rejected, declaration.valid) == (None, None, 895)


def test_a_contest_has_what_was_announced_while_it_stands_and_a_tally_announces_none():
    assert SubjectRecord((ANNOUNCED,)).declaration == ANNOUNCED.declaration
    assert SubjectRecord((ANNOUNCED, an_entry(2, Withdrawal(1, "Too early")))).declaration is None
    assert SubjectRecord((an_entry(1, a_tally({LAB: 1})),)).declaration is None


def test_votes_that_are_added_are_compared_with_the_papers_that_were_announced():
    night = BEGUN.fold([ANNOUNCED])
    too_many = entered(2, votes={LABOUR: 700, CONSERVATIVE: 395})
    assert [finding.code for finding in hard_findings(night, too_many)] == ["F05"]


@pytest.mark.parametrize(
    ("votes", "is_so"), [({LABOUR: 300, CONSERVATIVE: 200}, False), ({LABOUR: 3, CONSERVATIVE: 9}, True)]
)
def test_what_could_be_right_does_not_stand_by_announcement(votes: dict[str, int], *, is_so: bool):
    night = BEGUN.fold([entered(1, votes=votes, elected=(LABOUR,), as_announced="Read out so")])
    assert night.result(NORTH.ballot_id).is_as_announced is is_so
    assert a_ward(NORTH, LAB).as_announced == ""


@pytest.mark.parametrize(
    ("papers", "changes"),
    [({"ballots": 900, "rejected": 5}, False), ({}, True), ({"ballots": 901, "rejected": 5}, True)],
    ids=["the papers as they stand", "the papers taken away", "other papers"],
)
def test_a_correction_of_added_votes_is_compared_with_all_that_stands(papers: dict[str, int], *, changes: bool):
    night = BEGUN.fold([ANNOUNCED, entered(2, votes=VOTES)])
    restated = WardDeclaration(NORTH.ballot_id, votes=VOTES, **papers)  # type: ignore[arg-type]
    correction = an_entry(3, Correction(2, "Read again", restated))
    assert [finding.what for finding in unchanged(night, correction)] == ([] if changes else ["changes_nothing"])
    if changes:
        declaration = night.fold([correction]).result(NORTH.ballot_id).declaration
        assert declaration is not None
        assert (declaration.ballots, declaration.rejected) == (papers.get("ballots"), papers.get("rejected"))
