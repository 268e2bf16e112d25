"""What was tried before the night, and withdrawn, is no part of what readers are told of a ward: the log keeps it."""

from datetime import timedelta

import pytest

from app.api.values import contest_view
from app.domain.declarations import Correction, Withdrawal
from app.domain.night import Night
from app.pages.council.log import council_log
from app.pages.overview.view import last_revision
from tests.builders import CON, LAB, POLLS_CLOSED, a_contest, a_council, a_ward, an_election, an_entry

NORTH = a_contest("north", parties=[LAB, CON])
ELECTION = an_election(a_council(NORTH))
BALLOT = NORTH.ballot_id
AFTERNOON, NIGHT = POLLS_CLOSED - timedelta(hours=8), POLLS_CLOSED + timedelta(hours=3)


def told_of(*log):
    """The history of the ward as the API tells it, the council's corrections, and what its row mentions."""
    night = Night.before_first(ELECTION).fold(log)
    state = night.councils["testshire"]
    history = contest_view(ELECTION, night.result(BALLOT))["history"]
    mentioned = last_revision(ELECTION, state)
    lines = [line.entry.seq for line in council_log(night, "testshire")]
    return [it["seq"] for it in history], lines, mentioned.seq if mentioned else None


def about_north(seq, declaration, at):
    return an_entry(seq, declaration, ELECTION, at=at, ballot_id=BALLOT, council_id="testshire")


def test_a_ward_that_was_tried_in_the_afternoon_has_no_history():
    tried = about_north(1, a_ward(NORTH, CON), AFTERNOON)
    taken_back = about_north(2, Withdrawal(1, "A rehearsal."), AFTERNOON)
    declared = about_north(3, a_ward(NORTH, LAB), NIGHT)
    assert told_of(tried, taken_back, declared) == ([], [], None)


def test_what_was_withdrawn_on_the_night_is_told():
    early = about_north(1, a_ward(NORTH, CON), NIGHT)
    taken_back = about_north(2, Withdrawal(1, "Announced too early."), NIGHT)
    assert told_of(early, taken_back) == ([2], [2], 2)


def test_a_correction_after_a_rehearsal_is_told_and_the_rehearsal_is_not():
    log = [
        about_north(1, a_ward(NORTH, CON), AFTERNOON),
        about_north(2, Withdrawal(1, "A rehearsal."), AFTERNOON),
        about_north(3, a_ward(NORTH, CON), NIGHT),
        about_north(4, Correction(3, "Two bundles were exchanged.", a_ward(NORTH, LAB)), NIGHT),
    ]
    assert told_of(*log) == ([4], [4], 4)


@pytest.mark.parametrize(("since", "told"), [(0, ([], [], None)), (1, ([2, 3], [3, 2], 3))])
def test_who_withdraws_all_that_was_declared_has_rehearsed_whenever_that_was(since, told):
    log = [
        about_north(1, a_ward(NORTH, CON), NIGHT),
        about_north(2, Correction(1, "A slip.", a_ward(NORTH, LAB)), NIGHT),
        an_entry(3, Withdrawal(None, "All of it again.", since=since), at=NIGHT),
    ]
    assert told_of(*log) == told
