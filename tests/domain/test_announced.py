"""Figures as they were announced, votes that are not published, winners without votes, and votes that come later."""

from datetime import timedelta

import pytest

from app.api.values import contest_view
from app.bundles.exporting import COLUMNS, csv_export
from app.domain.checks import hard_findings
from app.domain.declarations import Correction, StatusDeclaration, StatusValue, WardDeclaration, Withdrawal
from app.domain.night import Night
from app.domain.proposal import Proposal
from app.domain.soft_checks import soft_findings
from app.domain.superseding import DeclaredAlready, OtherWinners, refuse_other_winners, refuse_superseded
from app.wording import sentences
from app.wording.feeds import told_of
from app.wording.findings import told
from app.wording.refusals import refusal
from app.wording.ticker import ticker_text
from tests.builders import (
    CON,
    GRN,
    IND,
    LAB,
    LD,
    POLLS_CLOSED,
    a_candidacy,
    a_contest,
    a_council,
    a_ward,
    an_election,
    an_entry,
)

WHY = "read out so by the returning officer"


def a_night(contest, *declarations):
    """``contest`` in a council that nothing here decides."""
    night = Night.before_first(an_election(a_council(contest, a_contest("other", seats_up=9), eve=None)))
    return night.fold(an_entry(seq, it, ballot_id=contest.ballot_id) for seq, it in enumerate(declarations, start=1))


def codes(contest, numbers, **figures):
    """What is found of these votes, in the order of the nominations; None where they were not published."""
    votes = dict(zip(contest.candidacies_by_id, numbers, strict=True))
    night, entry = a_night(contest), an_entry(1, a_ward(contest, votes=votes, **figures))
    hard = hard_findings(night, entry)
    if hard:
        return [(it.code, it.what) for it in hard]
    _, change = night.apply(entry)
    return [it.code for it in soft_findings(Proposal(night, entry, change))]


def the_result(contest, *declarations):
    return a_night(contest, *declarations).result(contest.ballot_id)


def view_of(contest, *declarations):
    night = a_night(contest, *declarations)
    return contest_view(night.election, night.result(contest.ballot_id))


def line_of(contest, *declarations):
    night = a_night(contest, *declarations)
    return sentences.contest_line(night.election, night.election.council("testshire"), night.result(contest.ballot_id))


def three(**fields):
    return a_contest("north", parties=[LAB, CON, LD], **fields)


# As announced


@pytest.mark.parametrize(
    ("numbers", "figures", "figure"),
    [
        ([900, 20, 30], {"valid": 899}, "900 votes for LAB 1 of north on 899 valid papers and 950 votes on 899 papers"),
        ([959, 700, 300], {"ballots": 1955}, "1,959 votes on 1,955 papers"),
        ([2999, 1500, 700], {}, "5,199 votes from 5,000 electors"),
        ([9, 7, 3], {"ballots": 5001}, "5,001 papers from 5,000 electors"),
        ([9, 7, 3], {"ballots": 19, "rejected": 20}, "20 rejected of 19 papers"),
        ([9, 7, 3], {"ballots": 25, "valid": 19, "rejected": 5}, "19 valid and 5 rejected of 25 papers"),
        ([9, 7, 3], {"ballots": 25, "valid": 26}, "26 valid of 25 papers"),
        ([9, 7, 3], {"total": 20}, "19 votes in all, 20 read out"),
        (
            [9, 7, 3],
            {"elected": ("north-CON-1",)},
            "CON 1 of north elected with 7 votes, LAB 1 of north not elected with 9",
        ),
    ],
)
def test_figures_that_cannot_be_right_pass_as_announced_and_it_is_said_which(numbers, figures, figure):
    contest = three()
    assert {code for code, _ in codes(contest, numbers, **figures)} <= {"F04", "F05", "F06", "F08", "F15"}
    assert all(code.startswith("W") for code in codes(contest, numbers, **figures, as_announced=WHY))
    votes = dict(zip(contest.candidacies_by_id, numbers, strict=True))
    announced = a_ward(contest, votes=votes, **figures, as_announced=WHY)
    assert line_of(contest, announced).endswith(f". As announced; {figure}. Read out so by the returning officer")
    view = view_of(contest, announced)
    assert (view["as_announced"], view["as_announced_figures"]) == (WHY, figure)


@pytest.mark.parametrize(
    ("votes", "figures", "code"),
    [
        ({"north-LAB-1": 9}, {}, "F02"),
        ({"north-LAB-1": 9, "north-CON-1": 7, "north-LD-1": 3, "x": 1}, {}, "F02"),
        ({"north-LAB-1": 9, "north-CON-1": 9, "north-LD-1": 3}, {}, "F09"),
        (
            {"north-LAB-1": 9, "north-CON-1": 7, "north-LD-1": 3},
            {"elected": ("north-LAB-1", "north-CON-1")},
            "F07",
        ),
    ],
)
def test_which_candidates_and_how_many_winners_is_never_as_announced(votes, figures, code):
    contest = three()
    declared = a_ward(contest, votes=votes, as_announced=WHY, **figures)
    assert code in {it.code for it in hard_findings(a_night(contest), an_entry(1, declared))}


def test_a_dozen_impossible_figures_are_not_told_one_by_one():
    contest = a_contest("north", parties=[LAB, CON, LD, GRN, IND], seats_up=1)
    votes = dict.fromkeys(contest.candidacies_by_id, 50) | {"north-LAB-1": 51}
    first = ", ".join(f"{n} votes for {who} 1 of north on 40 valid papers" for n, who in ((51, "LAB"), (50, "CON")))
    told_so = view_of(contest, a_ward(contest, votes=votes, valid=40, as_announced=WHY))["as_announced_figures"]
    assert told_so == f"{first}, 50 votes for LD 1 of north on 40 valid papers and 3 more"


def test_who_was_announced_is_elected_although_a_loser_has_more_votes():
    contest = a_contest("north", seats_up=2, parties=[CON, LAB])
    votes = {"north-CON-1": 1000, "north-CON-2": 880, "north-LAB-1": 887, "north-LAB-2": 480}
    named = ("north-CON-1", "north-CON-2")
    result = the_result(contest, a_ward(contest, votes=votes, elected=named, as_announced=WHY))
    assert dict(result.seats) == {CON: 2}
    assert [(it.candidacy.candidacy_id, it.rank, it.elected, it.by_announcement) for it in result.candidates] == [
        ("north-CON-1", 1, True, False),
        ("north-LAB-1", 2, False, False),
        ("north-CON-2", 3, True, True),
        ("north-LAB-2", 4, False, False),
    ]
    assert not result.has_lot
    assert sentences.flags(result) == ("as announced",)


def test_a_tie_that_the_announcement_passed_over_is_no_lot():
    contest = three()
    votes = {"north-LAB-1": 9, "north-CON-1": 9, "north-LD-1": 3}
    result = the_result(contest, a_ward(contest, votes=votes, elected=("north-LD-1",), as_announced=WHY))
    assert [it.candidacy.candidacy_id for it in result.elected] == ["north-LD-1"]
    assert not result.has_lot


def test_what_is_taken_as_announced_without_need_is_told_like_any_other_result():
    contest = three()
    announced = a_ward(contest, LAB, as_announced="as on the notice")
    assert line_of(contest, announced) == line_of(contest, a_ward(contest, LAB))


def test_a_correction_tells_that_it_is_as_announced_and_no_withdrawal_does():
    contest = three()
    votes = {"north-LAB-1": 242, "north-CON-1": 177, "north-LD-1": 3}
    wrong = a_ward(contest, votes=votes, elected=("north-CON-1",), as_announced=WHY)
    night = a_night(contest, a_ward(contest, LAB))
    after, change = night.apply(an_entry(2, Correction(1, "Read out beside the wrong names", wrong)))
    title, told_so = told_of(after.election, change.entry, change)
    assert title == "Correction to North (Testshire): CON gain a seat from LAB"
    assert "As announced; CON 1 of north elected with 177 votes, LAB 1 of north not elected with 242." in told_so[1]
    assert sentences.entry_as_announced(after.election, an_entry(3, Withdrawal(2, "x"))) is None


# Votes that are not published


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({"elected": ("north-LAB-1",)}, ["W16"]),
        ({"valid": 1_899}, ["W16"]),
        ({"valid": 2_800}, [("F02", "may_be_elected")]),
        ({"valid": 2_799}, ["W16"]),
        ({"total": 1_900}, ["W16"]),
        ({"total": 1_799}, [("F15", "another_total")]),
        ({}, [("F02", "may_be_elected")]),
        ({"elected": ("north-LD-1",)}, [("F02", "elected_unpublished")]),
        ({"valid": 1_899, "as_announced": WHY}, [("F02", "may_be_elected")]),
    ],
)
def test_votes_that_are_not_published_pass_where_they_cannot_touch_the_winners(figures, expected):
    contest = three(electorate=9000)
    assert codes(contest, [1000, 800, None], **figures) == expected


def test_w16_names_whose():
    contest = three()
    votes = {"north-LAB-1": 1000, "north-CON-1": None, "north-LD-1": None}
    night, entry = a_night(contest), an_entry(1, a_ward(contest, votes=votes, elected=("north-LAB-1",)))
    (found,) = told(soft_findings(Proposal(night, entry, night.apply(entry)[1])))
    assert found.detail == (
        "No votes of CON 1 of north and LD 1 of north: were they not published? No share and no margin is told then."
    )


def test_no_place_and_no_share_is_made_up_for_votes_that_are_not_published():
    contest = a_contest("north", parties=[LAB, CON, LD, GRN])
    votes = {"north-LAB-1": 1000, "north-CON-1": 300, "north-LD-1": None, "north-GRN-1": 400}
    declared = a_ward(contest, votes=votes, elected=("north-LAB-1",))
    result = the_result(contest, declared)
    assert [(it.candidacy.candidacy_id, it.votes, it.rank, it.elected) for it in result.candidates] == [
        ("north-LAB-1", 1000, 1, True),
        ("north-GRN-1", 400, None, False),
        ("north-CON-1", 300, None, False),
        ("north-LD-1", None, None, False),
    ]
    assert result.shares == ()
    assert result.vote_list == ()
    assert result.has_votes
    assert sentences.votes_missing(result) == "Not published: the votes of LD 1 of north. So there is no share."
    view = view_of(contest, declared)
    assert [it["votes"] for it in view["candidates"]] == [1000, 400, 300, None]
    assert view["shares"] == []


def test_nothing_is_asked_of_figures_that_are_incomplete():
    contest = three()
    found = codes(contest, [1000, 800, None], elected=("north-LAB-1",), ballots=4000, rejected=10)
    assert found == ["W16"], "no W13: who knows how many votes there are"


# Who is elected, alone


def test_winners_without_figures_fill_their_seats():
    contest = a_contest("north", seats_up=2)
    declared = WardDeclaration(contest.ballot_id, elected=("north-LAB-2", "north-CON-1"))
    assert hard_findings(a_night(contest), an_entry(1, declared)) == []
    result = the_result(contest, declared)
    assert dict(result.seats) == {LAB: 1, CON: 1}
    assert [it.has_lost for it in result.candidates] == [True, False, False, True]
    assert not result.has_votes
    assert sentences.votes_missing(result) == "Who is elected was announced without votes."


@pytest.mark.parametrize(
    ("elected", "expected"),
    [(("north-LAB-1",), {"F07"}), (("north-LAB-1", "x"), {"F02"}), (("north-LAB-1", "north-LAB-1"), {"F07"})],
)
def test_winners_without_figures_are_as_many_as_there_are_seats_and_stand_here(elected, expected):
    contest = a_contest("north", seats_up=2)
    entry = an_entry(1, WardDeclaration(contest.ballot_id, elected=elected))
    assert {it.code for it in hard_findings(a_night(contest), entry)} == expected


# Votes that come later


def added(contest, first, second):
    """The night after ``second``, a ward, on top of ``first``, and what that changed; raises what refuses it."""
    night = a_night(contest, first)
    entry = an_entry(2, second)
    refuse_superseded(night, entry)
    assert hard_findings(night, entry) == []
    night, change = night.apply(entry)
    refuse_other_winners(a_night(contest, first), change)
    return night, change


def elected_alone(contest, *elected):
    return WardDeclaration(contest.ballot_id, elected=elected)


@pytest.mark.parametrize("by_seats", [True, False])
def test_votes_complete_what_stands_without_them(by_seats):
    contest = three()
    first = a_ward(contest, seats={LAB: 1}) if by_seats else elected_alone(contest, "north-LAB-1")
    night, change = added(contest, first, a_ward(contest, LAB))
    result = night.result(contest.ballot_id)
    assert change.adds_votes
    assert result.revisions == ()
    assert result.has_votes
    election = night.election
    assert sentences.declared(election, result) == "Declared 23:01 BST, votes added 23:02 BST"
    assert sentences.flags(result) == ("votes added",)
    assert told_of(election, change.entry, change)[0] == "North (Testshire): votes added, the winners stand"
    assert [sentences.done(result.history, entry) for entry in result.history] == ["Declared", "Votes added"]


def test_votes_for_others_than_stand_are_refused_and_it_is_said_what_to_do():
    contest = three()
    with pytest.raises(OtherWinners) as refused:
        added(contest, elected_alone(contest, "north-LAB-1"), a_ward(contest, CON))
    assert isinstance(refused.value, DeclaredAlready)
    assert refused.value.standing_seq == 1
    assert refusal(refused.value) == (
        "North (Testshire) stands as LAB 1 of north (LAB), by entry 1: these votes elect CON 1 of north (CON). Look at "
        "the votes again; if entry 1 is wrong, correct it. If those who were announced stay elected, correct it "
        "as announced, naming them."
    )
    with pytest.raises(OtherWinners) as refused:
        added(contest, a_ward(contest, seats={LAB: 1}), a_ward(contest, CON))
    assert refusal(refused.value).startswith("North (Testshire) stands as LAB 1, by entry 1:")


def test_another_of_the_same_party_is_another_winner():
    contest = a_contest("north", candidacies=(a_candidacy("north", LAB, 1), a_candidacy("north", LAB, 2)))
    votes = {"north-LAB-1": 5, "north-LAB-2": 6}
    with pytest.raises(OtherWinners):
        added(contest, elected_alone(contest, "north-LAB-1"), a_ward(contest, votes=votes))
    assert added(contest, a_ward(contest, seats={LAB: 1}), a_ward(contest, votes=votes))


@pytest.mark.parametrize("again", [{"seats": {LAB: 1}}, {"votes": None, "elected": ("north-LAB-1",)}])
def test_only_votes_complete_a_result(again):
    contest = three()
    with pytest.raises(DeclaredAlready):
        added(contest, elected_alone(contest, "north-LAB-1"), a_ward(contest, **again))
    with pytest.raises(DeclaredAlready):
        added(contest, a_ward(contest, LAB), a_ward(contest, LAB))


def test_votes_are_added_to_a_correction_and_corrected_themselves():
    contest = three()
    alone = elected_alone(contest, "north-LAB-1")
    log = (elected_alone(contest, "north-CON-1"), Correction(1, "The wrong one", alone), a_ward(contest, LAB))
    night = a_night(contest, *log)
    result = night.result(contest.ballot_id)
    assert sentences.declared(night.election, result) == "Declared 23:01 BST, votes added 23:03 BST"
    assert sentences.flags(result) == ("corrected", "votes added")
    night = a_night(contest, *log, Correction(3, "A digit", a_ward(contest, LAB, ballots=3000)))
    told_so = sentences.declared(night.election, night.result(contest.ballot_id))
    assert told_so == "Declared 23:01 BST, votes added 23:03 BST, corrected 23:04 BST"


def test_what_a_leader_lost_is_told_once():
    losing = a_candidacy("north", CON, 1, role="Council leader", defends=True)
    contest = a_contest("north", candidacies=(a_candidacy("north", LAB, 1), losing))
    night, _ = added(contest, elected_alone(contest, "north-LAB-1"), a_ward(contest, LAB))
    lines = [ticker_text(night.election, line) for line in night.tickers["bbc"]]
    assert lines == ["Council leader loses seat: CON 1 of north (CON), North, Testshire"]


# W18, a recount since


def recount(contest, status=StatusValue.RECOUNT, **fields):
    return StatusDeclaration(status, ballot_id=contest.ballot_id, **fields)


def asked(contest, *log, declared=None, keyed_after=None, **entry):
    night = a_night(contest, *log)
    entry = an_entry(len(log) + 1, declared or a_ward(contest, LAB), **entry)
    _, change = night.apply(entry)
    proposal = Proposal(night, entry, change, keyed_after=keyed_after)
    return [it.detail for it in told(soft_findings(proposal)) if it.code == "W18"]


def test_dunton_green_a_recount_was_announced_after_this_was_keyed():
    contest = three()
    expected = "A recount was announced at 23:01 BST, after this was keyed: are these the figures after that?"
    assert asked(contest, recount(contest), keyed_after=0) == [expected]
    assert asked(contest, recount(contest), keyed_after=1) == [], "keyed with the recount in sight"
    assert asked(contest, recount(contest)) == [], "never waited"


def test_w18_a_delay_counts_and_counting_and_what_was_withdrawn_do_not():
    contest = three()
    (delayed,) = asked(contest, recount(contest, StatusValue.DELAYED), keyed_after=0)
    assert delayed.startswith("A delay was announced")
    council = StatusDeclaration(StatusValue.RECOUNT, council_id="testshire")
    night = a_night(contest).fold([an_entry(1, council)])
    entry = an_entry(2, a_ward(contest, LAB))
    proposal = Proposal(night, entry, night.apply(entry)[1], keyed_after=0)
    assert "W18" in {it.code for it in soft_findings(proposal)}, "of the whole council"
    assert asked(contest, recount(contest, StatusValue.COUNTING), keyed_after=0) == []
    assert asked(contest, recount(contest), Withdrawal(1, "Of another ward"), keyed_after=0) == []
    assert asked(contest, recount(contest), recount(contest, StatusValue.COUNTING), keyed_after=0) != []


def test_w18_what_is_said_to_have_been_announced_before_the_recount_is_asked_about():
    contest = three()
    before = POLLS_CLOSED + timedelta(minutes=30)
    assert asked(contest, recount(contest), at=before) != []
    correction = Correction(2, "A digit", a_ward(contest, LAB, ballots=4000))
    assert asked(contest, recount(contest), a_ward(contest, LAB), declared=correction, at=before) == []


# In exports


def test_exports_say_what_is_as_announced_what_was_confirmed_and_nothing_of_what_is_not_published():
    contest = three()
    votes = {"north-LAB-1": 1000, "north-CON-1": 800, "north-LD-1": None}
    declared = a_ward(contest, votes=votes, elected=("north-LAB-1",), ballots=1700, as_announced=WHY)
    night = a_night(contest)
    night, _ = night.apply(an_entry(1, declared, confirmed={"W16": ["editor"], "W02": ["editor"]}))
    rows = csv_export(night.election).whole(night).removeprefix("\ufeff").splitlines()
    assert rows[0].split(",") == list(COLUMNS)
    by_name = [dict(zip(COLUMNS, row.split(","), strict=True)) for row in rows[1:4]]
    assert [row["votes"] for row in by_name] == ["1000", "800", ""]
    assert [row["rank"] for row in by_name] == ["1", "", ""]
    assert [row["elected"] for row in by_name] == ["yes", "no", "no"]
    assert {(row["as_announced"], row["confirm"]) for row in by_name} == {(WHY, "W02 W16")}
