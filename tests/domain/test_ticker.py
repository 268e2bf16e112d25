"""The ticker: what each entry gives to say, and what is marked once it holds no more."""

from datetime import datetime

import pytest

from app.domain.declarations import Correction, NoteDeclaration, StatusDeclaration, StatusValue, Withdrawal
from app.domain.night import Night
from app.domain.ticker import TICKER_LENGTH, Change, LineKind
from app.wording.control import flash_of
from app.wording.ticker import place_of, ticker_text
from tests.builders import (
    CON,
    LAB,
    SHORTS,
    a_ballot,
    a_candidacy,
    a_contest,
    a_council,
    a_tally,
    a_ward,
    an_election,
    an_entry,
)

NORTH = a_ballot("north")
CONTEST = a_contest("north")


def told(night, convention="bbc"):
    """The lines as kind, text and the sequence that withdrew them, newest first."""
    return [
        (line.kind.value, ticker_text(night.election, line), line.withdrawn_by.seq if line.withdrawn_by else None)
        for line in night.tickers[convention]
    ]


def night_of(*declarations, council=None, contest=CONTEST):
    """A night after these declarations about ``contest`` or its council."""
    night = Night.before_first(an_election(council or a_council(contest)))
    for seq, declaration in enumerate(declarations, start=1):
        content = getattr(declaration, "content", declaration)
        about_a_ward = isinstance(declaration, Withdrawal) or getattr(content, "ballot_id", None) is not None
        ballot_id = contest.ballot_id if about_a_ward else None
        night, _ = night.apply(an_entry(seq, declaration, council_id="testshire", ballot_id=ballot_id))
    return night


# Control --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("eve", "winner", "kind", "text"),
    [
        (CON, LAB, "flash", "LAB gain Testshire from CON"),
        (CON, CON, "flash", "CON hold Testshire"),
        (None, LAB, "control", "Testshire: LAB majority"),
    ],
)
def test_control_that_becomes_certain_is_told_as_a_flash_or_plainly(eve, winner, kind, text):
    night = night_of(a_ward(CONTEST, winner), council=a_council(CONTEST, eve=eve))
    assert told(night) == [(kind, text, None)]


@pytest.mark.parametrize(
    ("eve", "text"),
    [(CON, "CON lose Testshire to NOC"), ("NOC", "Testshire stays NOC"), (None, "Testshire: no overall control")],
)
def test_no_overall_control_is_told_too(eve, text):
    contest = a_contest("north", seats_up=2)
    one_each = a_ward(contest, seats={LAB: 1, CON: 1})
    night = night_of(one_each, council=a_council(contest, eve=eve), contest=contest)
    assert [line[1] for line in told(night)] == [text]


def test_a_flash_is_withdrawn_when_control_goes_back_to_undecided():
    night = night_of(a_ward(CONTEST, LAB), Withdrawal(1, "Announced too early"))
    assert told(night) == [
        ("undecided", "Testshire goes back to undecided; “LAB gain Testshire from CON” is withdrawn", None),
        ("withdrawal", "Withdrawn, North (Testshire): Announced too early", None),
        ("flash", "LAB gain Testshire from CON", 2),
    ]


def test_going_back_to_undecided_holds_no_more_once_control_is_certain_again():
    night = night_of(a_ward(CONTEST, LAB), Withdrawal(1, "Too early"), a_ward(CONTEST, LAB))
    assert told(night) == [
        ("flash", "LAB gain Testshire from CON", None),
        ("undecided", "Testshire goes back to undecided; “LAB gain Testshire from CON” is withdrawn", 3),
        ("withdrawal", "Withdrawn, North (Testshire): Too early", None),
        ("flash", "LAB gain Testshire from CON", 2),
    ], "a line keeps the first entry that withdrew it"


def test_where_there_was_no_flash_none_is_withdrawn():
    night = night_of(a_ward(CONTEST, LAB), Withdrawal(1, "Too early"), council=a_council(CONTEST, eve=None))
    assert told(night)[0] == ("undecided", "Testshire goes back to undecided", None)
    assert told(night)[-1] == ("control", "Testshire: LAB majority", 2)


def test_a_correction_that_changes_control_withdraws_one_flash_for_another():
    night = night_of(a_ward(CONTEST, LAB), Correction(1, "The wrong way round", a_ward(CONTEST, CON)))
    assert told(night) == [
        ("flash", "CON hold Testshire", None),
        ("correction", "Correction, North (Testshire): The wrong way round", None),
        ("flash", "LAB gain Testshire from CON", 2),
    ]


def test_a_correction_that_leaves_control_alone_leaves_the_flash():
    night = night_of(a_ward(CONTEST, LAB), Correction(1, "A slip", a_ward(CONTEST, LAB, turnout=33.0)))
    assert told(night) == [
        ("correction", "Correction, North (Testshire): A slip", None),
        ("flash", "LAB gain Testshire from CON", None),
    ]


def test_another_councils_flash_stays():
    other = a_contest("south", council_id="otherham")
    election = an_election(a_council(CONTEST), a_council(other, council_id="otherham"))
    night = Night.before_first(election).fold([an_entry(1, a_ward(CONTEST, LAB)), an_entry(2, a_ward(other, LAB))])
    night = night.fold([an_entry(3, Withdrawal(1, "Too early"), council_id="testshire", ballot_id=NORTH)])
    withdrawn = {
        ticker_text(night.election, line): line.withdrawn_by is not None
        for line in night.tickers["bbc"]
        if line.kind is LineKind.FLASH
    }
    assert withdrawn == {"LAB gain Testshire from CON": True, "LAB gain Otherham from CON": False}


def test_each_convention_has_a_ticker_of_its_own():
    night = night_of(a_ward(CONTEST, LAB))
    assert told(night, "bbc") == told(night, "pa")
    assert night.tickers["bbc"][0].council_id == "testshire"
    assert night.tickers["bbc"][0].ballot_id == NORTH
    assert isinstance(night.tickers["bbc"][0].at, datetime)


# Status and notes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "note", "expected"),
    [
        (StatusValue.COUNTING, "under way", []),
        (StatusValue.RECOUNT, "", ["Recount: North (Testshire)"]),
        (StatusValue.RECOUNT, "the third", ["Recount: North (Testshire). The third"]),
        (StatusValue.DELAYED, "", ["Delayed: North (Testshire)"]),
    ],
)
def test_a_status_is_told_unless_it_is_that_counting_goes_on(status, note, expected):
    night = night_of(StatusDeclaration(status, ballot_id=NORTH, note=note))
    assert [line[1] for line in told(night)] == expected


def test_a_poll_that_is_countermanded_may_decide_control():
    night = night_of(StatusDeclaration(StatusValue.COUNTERMANDED, ballot_id=NORTH))
    assert told(night) == [
        ("flash", "CON lose Testshire to NOC", None),
        ("status", "Countermanded: North (Testshire)", None),
    ]


def test_the_status_of_a_whole_council_is_told_by_its_name():
    night = night_of(StatusDeclaration(StatusValue.DELAYED, council_id="testshire"))
    assert told(night) == [("status", "Delayed: Testshire", None)]


def test_a_status_that_is_corrected_or_withdrawn_is_marked():
    recount = StatusDeclaration(StatusValue.RECOUNT, ballot_id=NORTH)
    delayed = StatusDeclaration(StatusValue.DELAYED, ballot_id=NORTH)
    night = night_of(recount, Correction(1, "Not a recount", delayed), Withdrawal(2, "Another ward"))
    assert told(night) == [
        ("withdrawal", "Withdrawn, North (Testshire): Another ward", None),
        ("correction", "Correction, North (Testshire): Not a recount", None),
        ("status", "Delayed: North (Testshire)", 3),
        ("status", "Recount: North (Testshire)", 2),
    ]


def test_a_note_that_is_corrected_is_marked_and_told_anew():
    night = night_of(
        NoteDeclaration("A recount in the south", "testshire"),
        Correction(1, "It is the north", NoteDeclaration("A recount in the north", "testshire")),
    )
    assert told(night) == [
        ("correction", "Correction, Testshire: It is the north", None),
        ("note", "A recount in the north", None),
        ("note", "A recount in the south", 2),
    ]


def test_notes_of_the_whole_night_are_told_corrected_and_withdrawn():
    night = Night.before_first(an_election())
    night = night.fold(
        [
            an_entry(1, NoteDeclaration("Polls have closed")),
            an_entry(2, NoteDeclaration("Turnout is high")),
            an_entry(3, Correction(1, "Not everywhere", NoteDeclaration("Polls have closed in Kent"))),
            an_entry(4, Withdrawal(2, "Nobody knows")),
        ]
    )
    assert told(night) == [
        ("withdrawal", "Withdrawn, the night: Nobody knows", None),
        ("correction", "Correction, the night: Not everywhere", None),
        ("note", "Polls have closed in Kent", None),
        ("note", "Turnout is high", 4),
        ("note", "Polls have closed", 3),
    ]


def test_a_tally_is_told_by_what_it_decides():
    assert told(night_of(a_tally({LAB: 1}))) == [("flash", "LAB gain Testshire from CON", None)]
    undecided = a_council(a_contest("north", seats_up=3))
    assert told(night_of(a_tally({LAB: 1}), council=undecided)) == []


# Leaders and lots -----------------------------------------------------------------------------------------------------


LED = a_contest(
    "north",
    candidacies=(
        a_candidacy("north", LAB, name="Ada Byron"),
        a_candidacy("north", CON, name="Max Leader", role="Council leader", defends=True),
    ),
)
LEADER_LOSES = ("leader", "Council leader loses seat: Max Leader (CON), North, Testshire", None)


def test_a_leader_who_loses_the_seat_is_told():
    assert LEADER_LOSES in told(night_of(a_ward(LED, LAB), contest=LED))
    assert LEADER_LOSES not in told(night_of(a_ward(LED, CON), contest=LED))


def test_where_only_seats_are_known_nobody_has_lost_a_seat():
    assert [line[0] for line in told(night_of(a_ward(LED, seats={LAB: 1}), contest=LED))] == ["flash"]


def test_a_leader_who_did_not_sit_for_the_ward_loses_no_seat():
    elsewhere = a_contest(
        "north", candidacies=(*LED.candidacies[:1], a_candidacy("north", CON, name="Max", role="Group leader"))
    )
    lines = told(night_of(a_ward(elsewhere, LAB), contest=elsewhere))
    assert ("leader", "Group leader not elected: Max (CON), North, Testshire", None) in lines


@pytest.mark.parametrize("note", ["Sitting councillor", "Cheerleader", "Council leader"])
def test_no_note_of_a_candidacy_is_the_tickers_business(note: str):
    noted = a_contest("north", candidacies=(*LED.candidacies[:1], a_candidacy("north", CON, note=note, defends=True)))
    assert [line[0] for line in told(night_of(a_ward(noted, LAB), contest=noted))] == ["flash"]


@pytest.mark.parametrize(
    "revision", [Correction(1, "The wrong way round", a_ward(LED, CON)), Withdrawal(1, "Announced too early")]
)
def test_the_line_of_a_leader_is_withdrawn_with_the_result_it_was_told_of(revision):
    night = night_of(a_ward(LED, LAB), revision, contest=LED)
    assert (*LEADER_LOSES[:2], 2) in told(night)
    assert LEADER_LOSES not in told(night)


def test_a_correction_in_which_the_leader_still_loses_tells_it_again():
    night = night_of(a_ward(LED, LAB), Correction(1, "A slip", a_ward(LED, LAB, turnout=33.0)), contest=LED)
    assert [line for line in told(night) if line[0] == "leader"] == [LEADER_LOSES, (*LEADER_LOSES[:2], 2)]


def test_withdrawing_the_status_of_a_declared_ward_leaves_what_was_told_of_its_result():
    recount = StatusDeclaration(StatusValue.RECOUNT, ballot_id=NORTH)
    night = night_of(recount, a_ward(LED, LAB), Withdrawal(1, "It was another ward"), contest=LED)
    assert LEADER_LOSES in told(night)
    assert ("status", "Recount: North (Testshire)", 3) in told(night)


def test_a_lot_is_told_with_its_votes_and_who_was_drawn():
    tied = {"north-LAB-1": 1825, "north-CON-1": 1825}
    night = night_of(a_ward(CONTEST, votes=tied, elected=("north-LAB-1",)))
    lot = ("lot", "North, Testshire: a tie at 1,825 votes settled by lot for LAB 1 of north (LAB)")
    assert (*lot, None) in told(night)
    broken = Correction(1, "One vote was found", a_ward(CONTEST, votes={**tied, "north-LAB-1": 1826}))
    night = night_of(a_ward(CONTEST, votes=tied, elected=("north-LAB-1",)), broken)
    assert (*lot, 2) in told(night)


def test_a_lot_may_draw_two():
    contest = a_contest("north", seats_up=2, parties=[LAB, CON])
    votes = {"north-LAB-1": 9, "north-LAB-2": 9, "north-CON-1": 9, "north-CON-2": 1}
    night = night_of(a_ward(contest, votes=votes, elected=("north-LAB-1", "north-CON-1")), contest=contest)
    assert [line[1] for line in told(night) if line[0] == "lot"] == [
        "North, Testshire: a tie at 9 votes settled by lot for LAB 1 of north (LAB) and CON 1 of north (CON)"
    ]


def test_a_lot_between_namesakes_of_one_party_says_which_of_them_was_drawn():
    smiths = tuple(a_candidacy("north", CON, number, name="John Smith") for number in (1, 2))
    contest = a_contest("north", candidacies=smiths)
    votes = {it.candidacy_id: 9 for it in smiths}
    night = night_of(a_ward(contest, votes=votes, elected=(smiths[1].candidacy_id,)), contest=contest)
    assert [line[1] for line in told(night) if line[0] == "lot"] == [
        "North, Testshire: a tie at 9 votes settled by lot for John Smith (CON, 2nd on the ballot paper)"
    ]


# The ticker as a whole ------------------------------------------------------------------------------------------------


def test_the_ticker_is_its_newest_lines():
    notes = [an_entry(seq, NoteDeclaration(f"Note {seq}")) for seq in range(1, TICKER_LENGTH + 3)]
    night = Night.before_first(an_election()).fold(notes)
    lines = night.tickers["bbc"]
    assert len(lines) == TICKER_LENGTH
    assert [ticker_text(night.election, line) for line in (lines[0], lines[-1])] == [
        f"Note {TICKER_LENGTH + 2}",
        "Note 3",
    ]


@pytest.mark.parametrize(
    ("ballot_id", "council_id", "place"),
    [(NORTH, "testshire", "North (Testshire)"), (None, "testshire", "Testshire"), (None, None, "the night")],
)
def test_a_place_is_a_ward_a_council_or_the_night(ballot_id, council_id, place):
    entry = an_entry(1, NoteDeclaration("Hello"), ballot_id=ballot_id, council_id=council_id)
    assert place_of(an_election(a_council(CONTEST)), entry) == place


def test_a_note_about_the_whole_night_flips_nothing():
    change = Change(an_entry(1, NoteDeclaration("Hello")))
    assert not change.flipped("bbc")
    assert flash_of(SHORTS, change, "bbc") is None


def test_a_flash_is_told_when_the_badge_changed_and_at_no_other_time():
    night = Night.before_first(an_election(a_council(CONTEST)))
    night, change = night.apply(an_entry(1, a_ward(CONTEST, LAB)))
    assert (flash_of(SHORTS, change, "bbc"), change.flipped("bbc")) == ("LAB gain Testshire from CON", True)
    night, change = night.apply(an_entry(2, NoteDeclaration("Cheers", "testshire")))
    assert (flash_of(SHORTS, change, "bbc"), change.flipped("bbc")) == (None, False)
    _, change = night.apply(an_entry(3, Withdrawal(1, "Too early"), ballot_id=NORTH, council_id="testshire"))
    assert (flash_of(SHORTS, change, "bbc"), change.flipped("bbc")) == (None, True)
