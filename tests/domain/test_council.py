"""One council: where its seats come from, what it is compared with, and since when control is what it is."""

from app.domain.control import Majority, NoOverallControl, Undecided
from app.domain.council import Before, CouncilState, SeatSource, Since, final_at, most_seats_first, reach
from app.domain.declarations import Correction, StatusDeclaration, StatusValue, Withdrawal
from app.domain.election import Baseline, Cancellation, Cycle
from app.domain.holders import Outcome, seat_change
from app.domain.night import Night
from app.wording.control import badge
from app.wording.council import seats_up
from tests.builders import (
    CON,
    GRN,
    IND,
    LAB,
    LD,
    SHORTS,
    a_contest,
    a_council,
    a_tally,
    a_ward,
    an_election,
    an_entry,
)


def state_of(council, *declarations) -> CouncilState:
    return night_of(council, *declarations).councils["testshire"]


def night_of(council, *declarations):
    log = [an_entry(seq, declaration, council_id="testshire") for seq, declaration in enumerate(declarations, start=1)]
    return Night.before_first(an_election(council)).fold(log)


def baselines(**bases):
    return {
        basis: Baseline(basis, **({"control": it} if isinstance(it, str) else {"seats": it}))
        for basis, it in bases.items()
    }


# Seats ----------------------------------------------------------------------------------------------------------------


def test_before_its_first_entry_a_council_has_its_continuing_seats():
    council = a_council(a_contest("north", seats_up=3), continuing={LAB: 2, CON: 4}, total_seats=10)
    state = state_of(council)
    assert (state.continuing, state.declared_seats, state.seats_to_come, state.vacant) == (6, 0, 3, 1)
    assert state.seats == {CON: 4, LAB: 2}
    assert (state.contests_declared, state.contests_total, state.majority) == (0, 1, 6)
    assert (state.council_id, state.last, state.tally, state.status) == ("testshire", None, None, None)


def test_it_is_final_with_the_last_entry_about_it_once_nothing_more_is_to_come():
    north, south = a_contest("north"), a_contest("south")
    council = a_council(north, south)
    assert final_at([state_of(council, a_ward(north, LAB))]) is None
    done = state_of(
        council, a_ward(north, LAB), a_ward(south, LAB), StatusDeclaration(StatusValue.RECOUNT, council_id="testshire")
    )
    assert done.last is not None
    assert final_at([done]) == done.last.at
    assert final_at([done, state_of(council)]) is None
    assert final_at([]) is None


def test_tonights_seats_are_those_beyond_the_continuing_ones():
    contest = a_contest("north", seats_up=3, each=2)
    state = state_of(a_council(contest, continuing={LAB: 2, GRN: 1}), a_ward(contest, LAB))
    assert state.seats == {LAB: 4, CON: 1, GRN: 1}
    assert state.tonight == {LAB: 2, CON: 1}


def test_where_members_changed_party_those_with_more_seats_share_what_was_filled():
    council = a_council(a_contest("north", seats_up=5, parties=[]), continuing={CON: 6, LAB: 1})
    state = state_of(council, a_tally({LAB: 6, LD: 5, CON: 1}, complete=True))
    assert state.declared_seats == 5
    assert state.tonight == {LAB: 3, LD: 2}, "not the 5 and 5 that they have more than continue"


def test_a_tally_of_the_continuing_seats_alone_has_filled_none_whoever_changed_party():
    council = a_council(a_contest("north", seats_up=3), continuing={CON: 4})
    assert state_of(council, a_tally({CON: 2, IND: 2})).tonight == {}


def test_level_groups_are_listed_alike_whatever_came_first():
    assert list(most_seats_first({LAB: 2, GRN: 0, CON: 2, LD: 3})) == [LD, CON, LAB]


def test_the_largest_groups_are_those_with_most_seats():
    contest = a_contest("north", seats_up=2, each=1)
    assert set(state_of(a_council(contest), a_ward(contest, LAB)).largest) == {LAB, CON}
    assert state_of(a_council(contest)).largest == (), "no seats, no largest"


def test_a_majority_over_the_others_is_told_of_a_complete_council_with_a_majority():
    north, south = a_contest("north", seats_up=4), a_contest("south", seats_up=3)
    council = a_council(north, south)
    assert state_of(council, a_ward(north, LAB)).majority_over_others is None, "seats are to come"
    assert state_of(council, a_ward(north, LAB), a_ward(south, CON)).majority_over_others == 1
    even = a_council(a_contest("north", seats_up=2, each=1))
    assert state_of(even, a_ward(even.contests[0], LAB)).majority_over_others is None, "nobody has one"


def test_a_tally_that_says_nothing_of_vacant_seats_has_those_that_are_known():
    countermanded = a_contest("north", seats_up=2, cancelled=Cancellation.CANDIDATE_DEATH)
    council = a_council(countermanded, a_contest("south", seats_up=3), a_contest("east", seats_up=3))
    state = state_of(council, a_tally({LAB: 4}))
    assert state.count.source is SeatSource.TALLY
    assert (state.seats_to_come, state.vacant) == (2, 2)
    told = state_of(council, a_tally({LAB: 4}, vacant=1))
    assert (told.seats_to_come, told.vacant) == (3, 1), "what the tally says goes before"
    full = state_of(council, a_tally({LAB: 7}))
    assert (full.seats_to_come, full.vacant) == (0, 1), "never more vacant than are left"
    complete = state_of(council, a_tally({LAB: 8}, complete=True))
    assert (complete.seats_to_come, complete.vacant) == (0, 0)


def test_seats_that_changed_hands_are_counted_where_it_is_known_who_held_them():
    taken, kept = a_contest("taken", holder=(CON,)), a_contest("kept", holder=(LAB,))
    council = a_council(taken, kept, a_contest("new"))
    assert state_of(council).gains == ({}, {}, 0)
    gains = state_of(council, *(a_ward(contest, LAB) for contest in council.contests)).gains
    assert gains == ({LAB: 1}, {CON: 1}, 2)
    assert state_of(a_council(a_contest("new"))).gains is None


def test_a_tally_that_is_withdrawn_leaves_the_wards():
    contest = a_contest("north", seats_up=3)
    state = state_of(a_council(contest), a_tally({LAB: 3}, complete=True), Withdrawal(1, "Another council’s"))
    assert (state.count.source, state.seats_to_come, state.tally) == (SeatSource.WARDS, 3, None)


def test_the_status_of_a_council_is_known_and_changes_no_seat():
    delayed = StatusDeclaration(StatusValue.DELAYED, council_id="testshire", note="Fog")
    state = state_of(a_council(), delayed)
    assert state.status is not None
    assert state.status.content == delayed
    assert state.last is state.status
    assert state.seats_to_come == 1


def test_the_same_votes_of_another_contest_can_be_looked_up():
    north, south = a_contest("north"), a_contest("south")
    state = state_of(a_council(north, south), a_ward(north, votes={"north-LAB-1": 7, "north-CON-1": 5}))
    assert state.vote_lists == {(7, 5): north.ballot_id}


# Reach ----------------------------------------------------------------------------------------------------------------


def test_reach_by_tally_holds_for_every_group_that_stands_or_sits():
    contest = a_contest("north", seats_up=5, parties=[LAB, CON])
    state = state_of(a_council(contest, continuing={LD: 4}), a_tally({LD: 4, LAB: 1}))
    assert reach(an_election(), state.contests.values(), state.count) == {LD: 8, LAB: 5, CON: 4}


def test_reach_by_tally_is_every_groups_where_nominations_are_unknown():
    contest = a_contest("north", seats_up=5, parties=[])
    state = state_of(a_council(contest), a_tally({LAB: 1}))
    assert reach(an_election(), state.contests.values(), state.count) == {LAB: 5, CON: 4, LD: 4, GRN: 4, IND: 4}


def test_by_elections_alone_say_nothing_of_control_where_no_other_seat_is_on_file():
    contest = a_contest("north", by=True)
    state = state_of(a_council(contest, cycle=Cycle.BY, total_seats=1), a_ward(contest, LAB))
    assert (state.seats, state.control) == ({LAB: 1}, Undecided({}))
    assert seats_up(SHORTS, state.council) == "By-elections alone: 1 seat up in 1 ward."


# Comparisons ----------------------------------------------------------------------------------------------------------


def test_a_convention_takes_the_first_basis_that_the_council_has():
    """The BBC’s here are “bbc”, then “eve” for control; PA’s is “eve” alone."""
    contest = a_contest("north")
    state = state_of(a_council(contest, baselines=baselines(eve="NOC", bbc=CON)), a_ward(contest, LAB))
    assert state.comparisons["bbc"].before == Before(CON, "bbc")
    assert state.comparisons["pa"].before == Before("NOC", "eve")
    assert [badge(SHORTS, state.comparisons[key]) for key in ("bbc", "pa")] == [
        "LAB gain from CON",
        "LAB gain from NOC",
    ]


def test_control_and_seats_are_taken_from_a_basis_each():
    contest = a_contest("north", seats_up=3, each=2)
    council = a_council(contest, baselines=baselines(bbc=CON, notional={CON: 3}, last={CON: 5, GRN: 1}))
    compared = state_of(council, a_ward(contest, LAB)).comparisons["bbc"]
    assert compared.before == Before(CON, "bbc")
    assert (compared.change, compared.change_basis) == ({LAB: 2, CON: -2}, "notional")


def test_a_basis_that_lacks_the_figure_is_passed_over():
    contest = a_contest("north", seats_up=3, each=2)
    bases = {
        "notional": Baseline("notional", control=CON),
        "last": Baseline("last", seats={LAB: 1, CON: 1, GRN: 1}),
        "bbc": Baseline("bbc", seats={LAB: 3}),
        "eve": Baseline("eve", control="NOC", note="since a defection"),
    }
    compared = state_of(a_council(contest, baselines=bases), a_ward(contest, LAB)).comparisons["bbc"]
    assert compared.before == Before("NOC", "eve", "since a defection")
    assert (compared.change, compared.change_basis) == ({LAB: 1, GRN: -1}, "last")


def test_without_any_basis_there_is_no_comparison():
    contest = a_contest("north")
    state = state_of(a_council(contest, eve=None), a_ward(contest, LAB))
    assert state.holder == LAB
    for compared in state.comparisons.values():
        assert (compared.before, compared.outcome, compared.holders) == (None, None, None)
        assert (compared.change, compared.change_basis, compared.gain) == (None, None, None)


def test_seats_may_be_compared_where_control_cannot():
    contest = a_contest("north", seats_up=2)
    council = a_council(contest, baselines=baselines(last={CON: 2}))
    compared = state_of(council, a_ward(contest, LAB)).comparisons["bbc"]
    assert (compared.holders, compared.change, compared.change_basis) == (None, {LAB: 2, CON: -2}, "last")


def test_half_a_council_is_not_compared_with_a_whole_one():
    north, south = a_contest("north", seats_up=3), a_contest("south", seats_up=1)
    council = a_council(north, south, baselines=baselines(eve=CON, last={CON: 4}))
    compared = state_of(council, a_ward(north, LAB)).comparisons["bbc"]
    assert compared.holders == (LAB, CON), "control is certain"
    assert (compared.change, compared.change_basis) == (None, None)


def test_no_change_at_all_is_a_change_of_nothing():
    contest = a_contest("north", seats_up=2)
    compared = state_of(a_council(contest, baselines=baselines(last={CON: 2})), a_ward(contest, CON)).comparisons["bbc"]
    assert (compared.change, compared.change_basis) == ({}, "last")
    assert seat_change({LAB: 3, GRN: 1}, {CON: 1, LAB: 3}) == {GRN: 1, CON: -1}


def test_while_control_is_undecided_there_is_no_badge():
    north, south = a_contest("north"), a_contest("south")
    state = state_of(a_council(north, south, a_contest("east")), a_ward(north, LAB))
    compared = state.comparisons["bbc"]
    assert isinstance(state.control, Undecided)
    assert compared.before == Before(CON, "eve"), "what was before is known"
    assert (compared.now, compared.holders, compared.outcome) == (None, None, None)
    assert (state.is_certain, state.holder, state.since) == (False, None, None)


def test_a_hold_is_no_gain_and_no_overall_control_can_be_either():
    contest = a_contest("north", seats_up=2, each=1)
    for eve, told, outcome in (
        ("NOC", "NOC hold", Outcome.HOLD),
        (CON, "NOC gain from CON", Outcome.GAIN),
    ):
        state = state_of(a_council(contest, eve=eve), a_ward(contest, LAB))
        compared = state.comparisons["pa"]
        assert state.control == NoOverallControl()
        assert (badge(SHORTS, compared), compared.outcome) == (told, outcome)
        assert compared.gain == (("NOC", CON) if outcome is Outcome.GAIN else None)
        assert state.needs == {}


# Since ----------------------------------------------------------------------------------------------------------------


def three_wards():
    wards = [a_contest(name) for name in ("north", "south", "east")]
    return a_council(*wards), wards


def test_control_stands_since_the_entry_that_made_it_certain():
    council, (north, south, east) = three_wards()
    night = night_of(council, a_ward(north, LAB), a_ward(south, LAB), a_ward(east, CON))
    second = an_entry(2, a_ward(south, LAB))
    assert night.councils["testshire"].since == Since(2, second.at, seats_to_come=1)


def test_a_correction_that_leaves_control_alone_leaves_its_since():
    council, (north, south, east) = three_wards()
    state = state_of(
        council, a_ward(north, LAB), a_ward(south, LAB), a_ward(east, CON), Correction(3, "A slip", a_ward(east, LAB))
    )
    assert state.control == Majority(LAB)
    assert state.since is not None
    assert state.since.seq == 2


def test_a_correction_that_changes_control_starts_anew_and_so_does_the_one_back():
    council, (north, south, east) = three_wards()
    declared = [a_ward(north, LAB), a_ward(south, LAB), a_ward(east, CON)]
    changed = [*declared, Correction(2, "A slip", a_ward(south, CON))]
    state = state_of(council, *changed)
    assert (state.control, state.since and state.since.seq) == (Majority(CON), 4)
    state = state_of(council, *changed, Correction(4, "It was right", a_ward(south, LAB)))
    assert (state.control, state.since and state.since.seq) == (Majority(LAB), 5)


def test_a_withdrawal_takes_the_since_with_it():
    council, (north, south, _) = three_wards()
    declared = [a_ward(north, LAB), a_ward(south, LAB), Withdrawal(2, "Too early")]
    night = Night.before_first(an_election(council))
    log = [
        an_entry(
            seq, declaration, council_id="testshire", ballot_id=south.ballot_id if seq == 3 else declaration.ballot_id
        )
        for seq, declaration in enumerate(declared, start=1)
    ]
    assert night.fold(log).councils["testshire"].since is None


def test_what_was_certain_before_the_first_entry_has_no_time():
    state = state_of(a_council(a_contest("north"), continuing={CON: 5}))
    assert state.since == Since(0, None, seats_to_come=1)
