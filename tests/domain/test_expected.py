"""When a declaration is expected, as loaded and as the desk has moved it."""

from datetime import timedelta

from app.domain.expected import MovedTimes, expected, expected_of_contest, minutes_late
from app.domain.night import Night
from tests.builders import LAB, POLLS_CLOSED, a_ballot, a_contest, a_council, a_ward, an_election, an_entry

LOADED, MOVED, OWN = (POLLS_CLOSED + timedelta(hours=hours) for hours in (4, 6, 3))


def a_state(*, own=None, declared=False):
    council = a_council(a_contest("north"), a_contest("south", expected_at=own), expected_at=LOADED)
    entries = [an_entry(seq, a_ward(contest, LAB)) for seq, contest in enumerate(council.contests, 1)]
    night = Night.before_first(an_election(council)).fold(entries if declared else [])
    return night.councils["testshire"]


def test_a_council_is_expected_when_its_files_say():
    assert expected(a_state()) == LOADED


def test_a_time_that_was_moved_takes_the_place_of_that():
    assert expected(a_state(), MovedTimes(councils={"testshire": MOVED})) == MOVED


def test_a_contest_with_a_time_of_its_own_stays_there_when_its_council_is_moved():
    state = a_state(own=OWN)
    moved = MovedTimes(councils={"testshire": MOVED})
    assert expected(state, moved) == OWN
    assert expected_of_contest(state.council.contests_by_id[a_ballot("north")], state.council, moved) == MOVED


def test_a_contest_can_be_moved_itself():
    state = a_state(own=OWN)
    moved = MovedTimes(contests={a_ballot("south"): MOVED})
    assert expected_of_contest(state.council.contests_by_id[a_ballot("south")], state.council, moved) == MOVED
    assert expected(state, moved) == LOADED


def test_nothing_is_expected_of_a_council_that_is_complete():
    state = a_state(declared=True)
    assert state.is_complete
    assert expected(state, MovedTimes(councils={"testshire": MOVED})) is None


def test_what_of_the_moved_times_is_about_a_council():
    moved = MovedTimes({"testshire": MOVED, "elsewhere": OWN}, {a_ballot("north"): OWN, "another": OWN})
    assert moved.of(a_state().council) == (("", MOVED), (a_ballot("north"), OWN))


def test_late_is_told_in_whole_minutes_from_the_first_to_the_second_day():
    assert minutes_late(LOADED, LOADED + timedelta(seconds=59)) == 0
    assert minutes_late(LOADED, LOADED + timedelta(minutes=100, seconds=59)) == 100
    assert minutes_late(LOADED, LOADED + timedelta(days=2)) == 0
    assert minutes_late(None, LOADED) == 0
