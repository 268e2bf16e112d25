"""What holds of figures as they were announced, of votes that are not published and of those that come later."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain.checks import hard_findings
from app.domain.contest import ContestResult, seats_to_fill
from app.domain.declarations import WardDeclaration
from app.domain.election import Contest, Election
from app.domain.night import Night
from app.domain.superseding import OtherWinners, refuse_other_winners
from tests.builders import a_candidacy, a_contest, a_council, an_election, an_entry
from tests.domain.nights import GROUPS, results
from tests.domain.test_properties import assert_identity


@st.composite
def contested(draw: st.DrawFn, *, electorate: int = 100) -> tuple[Election, Contest]:
    """A ward that has more candidates than seats, beside a safe one."""
    seats_up = draw(st.integers(1, 3))
    parties = draw(st.lists(st.sampled_from(GROUPS), min_size=seats_up + 1, max_size=6))
    candidacies = tuple(a_candidacy("north", party_id, number) for number, party_id in enumerate(parties))
    contest = a_contest("north", seats_up=seats_up, candidacies=candidacies, electorate=electorate)
    return an_election(a_council(contest, a_contest("south"))), contest


@st.composite
def announced(draw: st.DrawFn, contest: Contest) -> WardDeclaration:
    """Any votes, any papers, and anybody elected: as it was announced."""
    votes = {candidacy_id: draw(st.integers(0, 6)) for candidacy_id in contest.candidacies_by_id}
    elected = draw(st.permutations(list(votes)))[: seats_to_fill(contest)]
    papers = {name: draw(st.none() | st.integers(0, 20)) for name in ("ballots", "rejected", "valid", "total")}
    return WardDeclaration(contest.ballot_id, votes=votes, elected=tuple(elected), as_announced="So read out", **papers)


def after(election: Election, declaration: WardDeclaration) -> ContestResult:
    return Night.before_first(election).fold([an_entry(1, declaration)]).result(declaration.ballot_id)


def elected(result: ContestResult) -> set[str]:
    return {candidate.candidacy.candidacy_id for candidate in result.elected}


@given(st.data())
def test_whatever_is_taken_as_announced_keeps_rule_1_and_elects_who_was_named(data: st.DataObject) -> None:
    election, contest = data.draw(contested(electorate=12))
    declaration = data.draw(announced(contest))
    night = Night.before_first(election)
    entry = an_entry(1, declaration)
    assert hard_findings(night, entry) == []
    night, _ = night.apply(entry)
    assert_identity(night)
    result = night.result(contest.ballot_id)
    assert elected(result) == set(declaration.elected or ())
    # What could have been so without a word is told as such, and what could not is not.
    plain = hard_findings(Night.before_first(election), an_entry(1, replace(declaration, as_announced="")))
    assert list(result.announced_faults) == plain


@given(st.data())
def test_votes_that_are_not_published_never_change_the_winners(data: st.DataObject) -> None:
    """Whatever they may have been: of all votes that could be in their place, with the same figures beside them."""
    election, contest = data.draw(contested())
    votes = {candidacy_id: data.draw(st.integers(0, 12)) for candidacy_id in contest.candidacies_by_id}
    hidden = data.draw(st.sets(st.sampled_from(list(votes)), min_size=1, max_size=2))
    published = {one: None if one in hidden else number for one, number in votes.items()}
    papers = -(-sum(number or 0 for number in published.values()) // contest.seats_up) + data.draw(st.integers(0, 24))
    figures = data.draw(
        st.sampled_from([{"valid": papers}, {"ballots": papers}, {"total": sum(votes.values())}, {}, {"elected": True}])
    )
    if "elected" in figures:
        figures = {"elected": tuple(sorted(votes, key=lambda one: -votes[one])[: contest.seats_up])}
    known = WardDeclaration(contest.ballot_id, votes=published, **figures)
    filled = {one: data.draw(st.integers(0, 24)) if one in hidden else number for one, number in votes.items()}
    night = Night.before_first(election)
    declared = [known, replace(known, votes=votes), replace(known, votes=filled)]
    taken = [one for one in declared if not hard_findings(night, an_entry(1, one))]
    if known in taken:
        assert {frozenset(elected(after(election, one))) for one in taken} == {
            frozenset(elected(after(election, known)))
        }
        assert after(election, known).shares == ()


@given(st.data())
def test_votes_that_come_later_keep_the_winners_or_are_refused(data: st.DataObject) -> None:
    election, contest = data.draw(contested())
    contest_seats = after(election, data.draw(results(contest, election)))
    named = tuple(elected(contest_seats))
    first = data.draw(
        st.sampled_from(
            [
                WardDeclaration(contest.ballot_id, elected=named),
                WardDeclaration(contest.ballot_id, seats=contest_seats.seats),
            ]
        )
    )
    night = Night.before_first(election).fold([an_entry(1, first)])
    entry = an_entry(2, data.draw(results(contest, election)))
    assert hard_findings(night, entry) == []
    completed, change = night.apply(entry)
    was, now = night.result(contest.ballot_id), completed.result(contest.ballot_id)
    try:
        refuse_other_winners(night, change)
    except OtherWinners:
        assert was.seats != now.seats or elected(was) != elected(now)
    else:
        assert was.seats == now.seats
        assert first.elected is None or elected(was) == elected(now)
        assert_identity(completed)
        assert completed.councils["testshire"].control == night.councils["testshire"].control
