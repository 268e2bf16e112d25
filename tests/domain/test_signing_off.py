"""A council's totals, compared line by line, and what lifts a sign-off."""

from app.domain.declarations import Correction, NoteDeclaration
from app.domain.night import Night
from app.domain.signing_off import Totals, compared, last_keyed_by, lifted_by, totals_of
from tests.builders import CON, LAB, a_contest, a_council, a_tally, a_ward, an_election, an_entry, votes_for

NORTH, SOUTH = a_contest("north"), a_contest("south")
ELECTION = an_election(a_council(NORTH, SOUTH))
VOTES = sum(votes_for(NORTH, LAB, CON).values())


def state_after(*entries):
    return Night.before_first(ELECTION).fold(entries).councils["testshire"]


def a_result(seq, contest, *winners, **fields):
    return an_entry(seq, a_ward(contest, *(winners or (LAB, CON)), **fields), ELECTION, author=f"author of {seq}")


def test_totals_are_added_up_of_what_is_in():
    state = state_after(a_result(1, NORTH, ballots=2000), a_result(2, SOUTH, CON, LAB, ballots=2100))
    assert totals_of(state) == Totals(2, {LAB: 1, CON: 1}, 2 * VOTES, 4100)


def test_a_total_of_which_a_part_is_not_known_is_not_known():
    state = state_after(a_result(1, NORTH, ballots=2000), a_result(2, SOUTH))
    assert totals_of(state).papers is None
    assert totals_of(state).votes == 2 * VOTES


def test_seats_and_what_was_given_are_compared_line_by_line():
    theirs, ours = Totals(2, {LAB: 1}, papers=9), Totals(2, {LAB: 1, CON: 1}, votes=7)
    told = {line.name: (line.theirs, line.ours, line.agrees) for line in compared(theirs, ours)}
    assert told == {
        "contests": (2, 2, True),
        f"seats.{LAB}": (1, 1, True),
        f"seats.{CON}": (0, 1, False),
        "papers": (9, None, False),
    }


def test_results_tallies_and_corrections_lift_a_sign_off_and_notes_do_not():
    first, note = a_result(1, NORTH), an_entry(2, NoteDeclaration("Cheers", "testshire"), ELECTION)
    tally = an_entry(3, a_tally({LAB: 1}), ELECTION)
    assert lifted_by(state_after(first, note), 1) is None
    assert lifted_by(state_after(first, note, tally), 1) == tally
    corrected = an_entry(3, Correction(1, "wrong", a_ward(NORTH, CON, LAB)), ELECTION)
    assert lifted_by(state_after(first, note, corrected), 2) == corrected


def test_who_keyed_the_newest_result_is_known_with_who_checked_it():
    assert last_keyed_by(state_after()) == frozenset()
    assert last_keyed_by(state_after(a_result(1, NORTH), a_result(2, SOUTH))) == {"author of 2"}
