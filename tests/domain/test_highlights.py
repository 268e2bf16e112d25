"""What stands out: nobody is left out among equals, and every fact names the entry that made it true."""

from datetime import UTC, datetime, timedelta

from app.domain.contest import ContestState
from app.domain.declarations import Correction, NoteDeclaration, StatusDeclaration, StatusValue, Withdrawal
from app.domain.election import Cancellation, Cycle
from app.domain.highlights import (
    closest,
    corrected,
    firsts,
    in_state,
    leaders_out,
    lots,
    most_gained,
    most_lost,
    newest_entry,
    next_awaited,
    results_of,
    seat_changes,
    standing_flips,
)
from app.domain.night import Night
from tests.builders import (
    CON,
    LAB,
    LD,
    a_candidacy,
    a_contest,
    a_council,
    a_ward,
    an_election,
    an_entry,
)
from tests.wording.odd_nights import all_lots, by_elections_only, nobody_wins, one_seat

SIX = datetime(2023, 5, 5, 5, 0, tzinfo=UTC)


def after(election, *declarations):
    return Night.before_first(election).fold(an_entry(seq, it) for seq, it in enumerate(declarations, 1))


def test_all_who_gained_as_much_gained_most():
    assert most_gained({LAB: 3, CON: -6, LD: 3}) == (3, (LAB, LD))
    assert most_lost({LAB: 3, CON: -6, LD: 3}) == (6, (CON,))


def test_where_nobody_gained_nobody_gained_most():
    assert most_gained({CON: -1}) is None
    assert most_lost({}) is None


def test_all_wards_with_the_smallest_margin_are_closest():
    wards = [a_contest(name, parties=(LAB, CON)) for name in ("a", "b", "c")]
    votes = ((500, 490), (300, 290), (900, 100))
    declared = (
        a_ward(it, LAB, votes=dict(zip(it.candidacies_by_id, both, strict=True)))
        for it, both in zip(wards, votes, strict=True)
    )
    night = after(an_election(a_council(*wards)), *declared)
    found = closest(night.councils.values())
    assert found is not None
    assert (found.margin, [it.contest.name for it in found.results], found.of) == (10, ["A", "B"], 3)
    assert [it.seq for it in found.results] == [1, 2]


def test_a_lot_has_no_margin():
    night = all_lots()
    assert closest(night.councils.values()) is None
    assert len(lots(results_of(night.councils.values()))) == 3


def test_only_who_has_a_role_is_a_leader_and_only_who_defends_loses_a_seat():
    people = (
        a_candidacy("north", LAB, name="Ann Archer"),
        a_candidacy("north", CON, name="Bob Butt", role="Council leader"),
        a_candidacy("north", LD, name="Cat Cole", defends=True),
    )
    north = a_contest("north", candidacies=people)
    night = after(an_election(a_council(north)), a_ward(north, LAB))
    (state,) = night.councils.values()
    assert [it.candidate.candidacy.name for it in state.beaten] == ["Bob Butt", "Cat Cole"]
    (leader,) = leaders_out([state])
    assert (leader.candidate.loses_seat, leader.seq, leader.contest) == (False, 1, north)


def test_a_flip_that_was_undone_stands_no_more():
    north, south = a_contest("north"), a_contest("south", council_id="other")
    election = an_election(a_council(north), a_council(south, council_id="other"))
    flipped = after(election, a_ward(north, LAB), a_ward(south, LAB))
    assert [it.council_id for it in standing_flips(flipped, "bbc")] == ["testshire", "other"]
    undone = flipped.fold([an_entry(3, Correction(1, "Swapped.", a_ward(north, CON)))])
    assert [it.council_id for it in standing_flips(undone, "bbc")] == ["other"]
    assert [it.contest for it in corrected(results_of(undone.councils.values()))] == [north]


def test_an_office_is_no_council_and_a_by_election_is_a_seat():
    assert [it.council_id for it in standing_flips(one_seat(), "pa")] == ["one"]
    assert [it.ballot_id for it in standing_flips(by_elections_only(), "pa")] == ["local.ashham.dale ash.by.2023-05-04"]


def test_firsts_are_told_of_who_changed_hands():
    night = nobody_wins()
    assert [it.council_id for it in firsts(night, standing_flips(night, "bbc"))] == ["testshire"]
    assert seat_changes(night, "bbc") == {LAB: 1, CON: -2, LD: 1}


def test_all_who_are_expected_at_that_time_are_next():
    wards = {it: a_contest(it, council_id=it) for it in ("a", "b", "c")}
    election = an_election(
        *(a_council(ward, council_id=it, expected_at=SIX if it != "c" else None) for it, ward in wards.items())
    )
    night = after(election)
    awaited = next_awaited(night)
    assert awaited is not None
    assert ([it.council_id for it in awaited.states], awaited.is_late) == (["a", "b"], False)
    late = night.fold([an_entry(1, a_ward(wards["c"], LAB), at=SIX)])
    assert next_awaited(late).is_late
    assert next_awaited(after(an_election())) is None


def test_nobody_is_next_at_a_time_that_was_past_when_something_was_withdrawn():
    """What stands may all be older than what was told last: both sides of a sentence are of that moment."""
    here, there = (a_contest(it, council_id=it) for it in ("a", "b"))
    election = an_election(*(a_council(it, council_id=it.council_id, expected_at=SIX) for it in (here, there)))
    declared = [an_entry(1, a_ward(here, LAB), at=SIX - timedelta(hours=2))]
    night = Night.before_first(election).fold(declared)
    awaited = next_awaited(night)
    assert awaited is not None
    assert not awaited.is_late
    taken_back = an_entry(
        2, Withdrawal(1, "Another ward."), council_id="a", ballot_id=here.ballot_id, at=SIX + timedelta(hours=1)
    )
    later = next_awaited(night.fold([taken_back]))
    assert later is not None
    assert later.is_late


def test_the_newest_entry_may_be_a_note_about_the_night():
    north = a_contest("north")
    night = after(an_election(a_council(north)), a_ward(north, LAB), NoteDeclaration("The bells ring."))
    assert newest_entry(night).seq == 2
    assert newest_entry(after(an_election())) is None


def test_what_became_of_a_poll_is_as_of_the_entry_that_said_so():
    put_off = a_contest("put-off")
    unopposed = a_contest("unopposed", parties=(CON,), cancelled=Cancellation.EQUAL_CANDIDATES)
    election = an_election(a_council(put_off, unopposed, cycle=Cycle.ALL))
    night = after(election, StatusDeclaration(StatusValue.POSTPONED, ballot_id=put_off.ballot_id))
    results = list(results_of(night.councils.values()))
    assert [it.seq for it in in_state(results, ContestState.POSTPONED, ContestState.UNOPPOSED)] == [1, 0]
