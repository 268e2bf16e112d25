"""A night: the fold of the log, its sums, and what it remembers for display."""

from datetime import UTC, datetime

import pytest

from app.domain.control import Majority, Undecided
from app.domain.declarations import (
    Correction,
    NoteDeclaration,
    PassedOver,
    StatusDeclaration,
    StatusValue,
    Withdrawal,
)
from app.domain.election import Baseline, Cancellation, ControlSpell, Cycle
from app.domain.errors import UnknownBallot, UnreadableCatalogue, UnreadableEntry
from app.domain.highlights import next_expected
from app.domain.night import LATEST_LENGTH, Night, Progress
from app.domain.scoreboard import Tally
from app.domain.subject import Subject
from app.wording.control import flash_of
from tests.builders import CON, LAB, SHORTS, a_contest, a_council, a_tally, a_ward, an_election, an_entry


def two_councils(**testshire):
    """Testshire with two wards of a seat each, and Otherham with one."""
    north, south = a_contest("north"), a_contest("south")
    other = a_contest("other", council_id="otherham")
    election = an_election(a_council(north, south, **testshire), a_council(other, council_id="otherham", eve=LAB))
    return Night.before_first(election), north, south, other


def test_a_night_is_a_value_that_an_entry_leaves_as_it_is():
    night, north, _, _ = two_councils()
    after, change = night.apply(an_entry(1, a_ward(north, LAB)))
    assert (night.seq, night.councils["testshire"].contests_declared) == (0, 0)
    assert (after.seq, after.councils["testshire"].contests_declared) == (1, 1)
    assert change.before is night.councils["testshire"]
    assert change.after is after.councils["testshire"]
    assert after.councils["otherham"] is night.councils["otherham"]


def test_one_declaration_derives_one_contest():
    night, north, south, _ = two_councils()
    after, _ = night.apply(an_entry(1, a_ward(north, LAB)))
    assert after.result(south.ballot_id) is night.result(south.ballot_id)
    assert after.result(north.ballot_id) is not night.result(north.ballot_id)


def test_a_result_is_found_by_its_ballot():
    night, north, _, _ = two_councils()
    assert night.result(north.ballot_id).contest is north
    with pytest.raises(UnknownBallot):
        night.result("local.nowhere")


def test_what_nominations_decide_is_in_the_sums_before_the_first_entry():
    safe = a_contest("safe", seats_up=3, parties=[CON], cancelled=Cancellation.EQUAL_CANDIDATES)
    council = a_council(safe, a_contest("open"), baselines={"eve": Baseline("eve", control=CON, seats={CON: 4})})
    night = Night.before_first(an_election(council))
    assert night.councils["testshire"].control == Majority(CON)
    assert night.scoreboards["bbc"].rows[CON] == Tally(councils=1, seats=3)
    assert (night.scoreboards["bbc"].compared_control, night.scoreboards["bbc"].compared_seats) == (1, 0)
    assert night.progress == Progress(
        councils_total=1,
        councils_certain=1,
        contests_total=2,
        contests_declared=1,
        seats_total=4,
        seats_to_come=1,
    )


def test_the_scoreboard_follows_every_entry():
    night, north, south, other = two_councils(
        baselines={"eve": Baseline("eve", control=CON), "last": Baseline("last", seats={CON: 2})}
    )
    log = [an_entry(1, a_ward(north, LAB)), an_entry(2, a_ward(south, LAB)), an_entry(3, a_ward(other, LAB))]
    night = night.fold(log)
    board = night.scoreboards["bbc"]
    assert board.rows[LAB] == Tally(councils=2, councils_change=1, seats=3, seats_change=2, seats_compared=2)
    assert board.rows[CON] == Tally(councils_change=-1, seats_change=-2)
    assert (board.compared_control, board.compared_seats) == (2, 1)
    night = night.fold([an_entry(4, Withdrawal(2, "Too early"), ballot_id=south.ballot_id, council_id="testshire")])
    board = night.scoreboards["bbc"]
    assert board.rows[LAB] == Tally(councils=1, seats=2)
    assert board.rows[CON] == Tally()
    assert (board.compared_control, board.compared_seats) == (1, 0)


def test_a_council_that_has_nothing_to_compare_with_counts_without_a_change():
    night, north, south, _ = two_councils(eve=None)
    night = night.fold([an_entry(1, a_ward(north, LAB)), an_entry(2, a_ward(south, LAB))])
    assert night.scoreboards["bbc"].rows[LAB] == Tally(councils=1, seats=2)
    assert night.scoreboards["bbc"].compared_control == 0


def test_no_overall_control_has_a_row_of_its_own():
    night, north, south, _ = two_councils()
    night = night.fold([an_entry(1, a_ward(north, LAB)), an_entry(2, a_ward(south, CON))])
    assert night.scoreboards["bbc"].rows["NOC"] == Tally(councils=1, councils_change=1)
    assert night.scoreboards["bbc"].rows[CON] == Tally(councils_change=-1, seats=1)


def test_progress_follows_every_entry():
    night, north, south, _ = two_councils()
    night = night.fold([an_entry(1, a_ward(north, LAB)), an_entry(2, a_ward(south, LAB))])
    assert night.progress == Progress(
        councils_total=2,
        councils_certain=1,
        councils_complete=1,
        contests_total=3,
        contests_declared=2,
        seats_total=3,
        seats_to_come=1,
    )


def by_elections(council_id):
    """A council where nothing but by-elections is up."""
    return a_council(a_contest("only", council_id=council_id, by=True), council_id=council_id, cycle=Cycle.BY)


def test_by_elections_are_apart_from_the_councils_of_the_night_and_alone_they_are_the_night():
    both = Night.before_first(an_election(a_council(), by_elections("otherham")))
    assert (both.progress.councils_total, both.progress_apart.councils_total) == (1, 1)
    assert both.shown_progress == both.progress
    assert both.all_progress == Progress(councils_total=2, contests_total=2, seats_total=2, seats_to_come=2)
    alone = Night.before_first(an_election(by_elections("otherham")))
    assert alone.shown_progress == alone.all_progress == alone.progress_apart == Progress(1, 0, 0, 1, 0, 1, 1)


def test_an_office_among_councils_is_none_of_the_councils_that_are_added_up():
    mayor = a_contest("mayor", council_id="mayor")
    north = a_contest("north")
    office = a_council(mayor, council_id="mayor", cycle=Cycle.SINGLE)
    entries = [
        an_entry(1, a_ward(mayor, CON), council_id="mayor", ballot_id=mayor.ballot_id),
        an_entry(2, a_ward(north, LAB), council_id="testshire", ballot_id=north.ballot_id),
    ]
    night = Night.before_first(an_election(a_council(north), office)).fold(entries)
    assert {
        group: (row.councils, row.seats) for group, row in night.scoreboards["bbc"].rows.items() if row.councils
    } == {LAB: (1, 1)}
    assert (night.election.added_up, night.progress.councils_total) == (1, 2)
    alone = Night.before_first(an_election(office)).fold(entries[:1])
    assert alone.scoreboards["bbc"].rows[CON].councils == 1


@pytest.mark.parametrize(
    ("council_ids", "fields", "only"),
    [
        (["commons"], {}, "commons"),
        (["commons", "lords"], {}, None),
        (["commons"], {"cycle": Cycle.BY}, None),
        (["mayor"], {"cycle": Cycle.SINGLE}, None),
    ],
)
def test_one_body_alone_is_what_an_election_is_about_unless_it_is_an_office_or_by_elections(council_ids, fields, only):
    councils = (a_council(a_contest(council_id=it), council_id=it, **fields) for it in council_ids)
    night = Night.before_first(an_election(*councils))
    assert (night.only_state.council_id if night.only_state else None) == only


# Everything withdrawn -------------------------------------------------------------------------------------------------


def test_what_was_declared_since_is_withdrawn_in_every_council_that_has_some_of_it_and_in_no_other():
    night, north, south, other = two_councils()
    night = night.fold(
        [an_entry(1, a_ward(other, LAB)), an_entry(2, a_ward(north, LAB)), an_entry(3, a_ward(south, LAB))]
    )
    withdrawal = an_entry(4, Withdrawal(None, "It was a rehearsal", since=1))
    after, change = night.apply(withdrawal)
    assert [move.council_id for move in change.moves] == ["testshire"]
    assert change.turned == {"testshire"}
    assert after.councils["otherham"] is night.councils["otherham"]
    assert after.progress == two_councils()[0].fold([an_entry(1, a_ward(other, LAB))]).progress
    assert [entry.seq for entry in after.latest] == [1]


def test_the_notes_of_the_whole_night_are_withdrawn_with_all_the_rest():
    night, *_ = two_councils()
    withdrawal = an_entry(2, Withdrawal(None, "It was a rehearsal", since=0))
    after, change = night.fold([an_entry(1, NoteDeclaration("Polls have closed"))]).apply(withdrawal)
    assert change.moves == ()
    assert not change.turned
    assert after.notes.about(Subject("note", "1")).standing is None
    assert [line.withdrawn_by for line in after.tickers["bbc"]] == [None, withdrawal]


# Notes of the whole night ---------------------------------------------------------------------------------------------


def test_a_note_about_the_whole_night_moves_the_sequence_and_no_council():
    night, *_ = two_councils()
    after, change = night.apply(an_entry(1, NoteDeclaration("Polls have closed")))
    assert (change.before, change.after) == (None, None)
    assert after.seq == 1
    assert after.councils is night.councils
    assert after.record_of(None).last is not None
    assert night.record_of(None).last is None
    assert after.record_of("testshire") is night.record_of("testshire")


def test_a_note_about_a_council_is_in_its_record():
    night, *_ = two_councils()
    after = night.fold([an_entry(1, NoteDeclaration("Recount", "testshire"))])
    assert Subject("note", "1") in after.record_of("testshire").subjects
    assert after.record_of(None).subjects == {}
    assert after.councils["testshire"].last is not None


# The latest results ---------------------------------------------------------------------------------------------------


def test_the_latest_are_results_and_their_corrections_each_contest_once():
    night, north, south, other = two_councils()
    night = night.fold(
        [
            an_entry(1, a_ward(north, LAB)),
            an_entry(2, StatusDeclaration(StatusValue.RECOUNT, ballot_id=south.ballot_id)),
            an_entry(3, a_ward(other, LAB)),
            an_entry(4, a_tally({LAB: 1})),
            an_entry(5, Correction(1, "A slip", a_ward(north, CON))),
        ]
    )
    assert [entry.seq for entry in night.latest] == [5, 3]
    night = night.fold([an_entry(6, Withdrawal(5, "Too early"), ballot_id=north.ballot_id, council_id="testshire")])
    assert [entry.seq for entry in night.latest] == [3]
    assert isinstance(night.councils["testshire"].control, Undecided)


def test_the_latest_are_no_more_than_a_dozen():
    wards = [a_contest(f"ward-{number}") for number in range(LATEST_LENGTH + 2)]
    log = [an_entry(seq, a_ward(ward, LAB)) for seq, ward in enumerate(wards, start=1)]
    night = Night.before_first(an_election(a_council(*wards))).fold(log)
    assert [entry.seq for entry in night.latest] == list(range(LATEST_LENGTH + 2, 2, -1))


# Who is expected next -------------------------------------------------------------------------------------------------


def expected(hour):
    return datetime(2023, 5, 5, hour, tzinfo=UTC)


def test_the_next_expected_is_the_earliest_council_that_is_not_complete():
    councils = [
        a_council(a_contest("only", council_id=name), council_id=name, expected_at=at)
        for name, at in (("late", expected(5)), ("early", expected(2)), ("unknown", None))
    ]
    night = Night.before_first(an_election(*councils))
    state = next_expected(night)
    assert state is not None
    assert state.council_id == "early"
    night = night.fold([an_entry(1, a_ward(councils[1].contests[0], LAB))])
    state = next_expected(night)
    assert state is not None
    assert state.council_id == "late"
    night = night.fold([an_entry(2, a_ward(councils[0].contests[0], LAB))])
    assert next_expected(night) is None


def test_whoever_is_late_already_is_next_only_when_nobody_else_is_expected():
    late, early, done = councils = [
        a_council(a_contest("only", council_id=name), council_id=name, expected_at=expected(hour))
        for name, hour in (("late", 5), ("early", 2), ("done", 1))
    ]
    night = Night.before_first(an_election(*councils))
    night = night.fold([an_entry(1, a_ward(done.contests[0], LAB), at=expected(3))])
    state = next_expected(night)
    assert state is not None
    assert state.council_id == late.council_id
    night = night.fold([an_entry(2, a_ward(late.contests[0], LAB), at=expected(6))])
    state = next_expected(night)
    assert state is not None
    assert state.council_id == early.council_id


def test_councils_expected_at_the_same_time_are_named_in_the_order_of_their_ids():
    councils = [
        a_council(a_contest("only", council_id=name), council_id=name, expected_at=expected(2)) for name in ("b", "a")
    ]
    state = next_expected(Night.before_first(an_election(*councils)))
    assert state is not None
    assert state.council_id == "a"


# What makes no sense --------------------------------------------------------------------------------------------------


def test_an_entry_that_is_passed_over_moves_the_sequence_and_says_nothing():
    night, north, _, _ = two_councils()
    night, _ = night.apply(an_entry(1, a_ward(north, LAB)))
    passed = an_entry(2, PassedOver("The disk failed."))
    after, change = night.apply(passed)
    assert (after.seq, after.councils, after.tickers, after.latest) == (2, night.councils, night.tickers, night.latest)
    assert (change.after, flash_of(SHORTS, change, "bbc"), change.flipped("bbc")) == (None, None, False)
    assert (passed.kind, passed.reason, passed.content, passed.replaces) == (
        "passed_over",
        "The disk failed.",
        None,
        None,
    )


def test_an_entry_of_the_log_that_does_not_fit_is_told_by_its_number_and_what_came_before_it_stands():
    night, north, _, _ = two_councils()
    log = [an_entry(1, a_ward(north, LAB)), an_entry(2, Withdrawal(7, "Wrong."), council_id="testshire")]
    with pytest.raises(UnreadableEntry, match="Entry 2 of “test-2023” cannot be read") as told:
        night.fold(log)
    assert (told.value.slug, told.value.seq) == ("test-2023", 2)
    assert night.told(log[0])[0].seq == 1


@pytest.mark.parametrize(
    "council",
    [
        a_council(expected_at=datetime(2023, 5, 5, 2)),  # noqa: DTZ001  # that it has no offset is the point
        a_council(expected_at=datetime.max.replace(tzinfo=UTC)),
        a_council(eve="nobody"),
        a_council(history=(ControlSpell("2003-05-01", "nobody"),)),
        a_council(continuing={"nobody": 1}),
        a_council(baselines={"last": Baseline("last", seats={"nobody": 1})}),
    ],
)
def test_of_an_election_that_names_what_it_does_not_have_there_is_no_night(council):
    with pytest.raises(UnreadableCatalogue, match="The catalogue of “test-2023” cannot be read"):
        Night.before_first(an_election(council, timezone="Pacific/Kiritimati"))
