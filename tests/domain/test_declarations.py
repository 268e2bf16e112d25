"""Entries, what they are about, what of them stands, and what is refused because something else stands."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.declarations import (
    NOTHING_ENTERED,
    Correction,
    CouncilRecord,
    Entry,
    NoteDeclaration,
    StatusDeclaration,
    StatusValue,
    SubjectRecord,
    TallyDeclaration,
    WardDeclaration,
    Withdrawal,
    declaration_from,
    subject_of,
)
from app.domain.errors import UnknownSequence
from app.domain.night import Night
from app.domain.subject import Subject
from app.domain.superseding import OtherWinners, Superseded, refuse_other_winners, refuse_superseded
from app.wording.refusals import refusal
from tests.builders import (
    CON,
    LAB,
    POLLS_CLOSED,
    a_ballot,
    a_contest,
    a_council,
    a_tally,
    a_ward,
    an_election,
    an_entry,
)

NORTH = a_ballot("north")
CONTEST = a_contest("north", seats_up=3)
WARD = a_ward(CONTEST, LAB)
TALLY = a_tally({LAB: 2})
COMPLETE = a_tally({LAB: 3}, complete=True)
RECOUNT = StatusDeclaration(StatusValue.RECOUNT, ballot_id=NORTH)
DELAYED = StatusDeclaration(StatusValue.DELAYED, council_id="testshire")
NOTE = NoteDeclaration("The north is recounted", council_id="testshire")


def night_after(*declarations):
    """A night with these entries, all of them about Testshire, from sequence 1 on."""
    night = Night.before_first(an_election(a_council(CONTEST)))
    return night.fold(entry_of(seq, declaration) for seq, declaration in enumerate(declarations, start=1))


def entry_of(seq, declaration, about=None):
    """``about`` is what a withdrawal withdraws, or a correction of another kind corrects."""
    content = about or getattr(declaration, "content", declaration)
    return an_entry(seq, declaration, council_id="testshire", ballot_id=getattr(content, "ballot_id", None))


# What an entry is about -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declaration", "kind", "about"),
    [
        (WARD, "ward", Subject("ward", NORTH)),
        (TALLY, "tally", Subject("tally", "testshire")),
        (RECOUNT, "status", Subject("status", NORTH)),
        (DELAYED, "status", Subject("council-status", "testshire")),
        (NOTE, "note", Subject("note", "7")),
    ],
)
def test_every_kind_says_what_it_is_about(declaration, kind, about):
    entry = entry_of(7, declaration)
    assert (entry.kind, entry.replaces, entry.reason, entry.content) == (kind, None, None, declaration)
    assert subject_of(7, declaration) == about
    assert CouncilRecord().subject_of(entry) == about


def test_a_correction_and_a_withdrawal_are_about_what_they_replace():
    record = night_after(WARD, NOTE).record_of("testshire")
    corrected = entry_of(3, Correction(1, "A slip", WARD))
    assert (corrected.kind, corrected.replaces, corrected.reason) == ("correction", 1, "A slip")
    assert corrected.content == WARD
    assert record.subject_of(corrected) == Subject("ward", NORTH)
    withdrawn = entry_of(3, Withdrawal(2, "Not so"))
    assert (withdrawn.kind, withdrawn.replaces, withdrawn.reason, withdrawn.content) == (
        "withdrawal",
        2,
        "Not so",
        None,
    )
    assert record.subject_of(withdrawn) == Subject("note", "2")


def test_what_replaces_an_entry_that_is_not_there_is_told_so():
    record = night_after(WARD).record_of("testshire")
    with pytest.raises(UnknownSequence, match="entry 9"):
        record.subject_of(entry_of(2, Withdrawal(9, "Not so")))


# What stands ----------------------------------------------------------------------------------------------------------


def test_nothing_stands_where_nothing_was_entered():
    assert NOTHING_ENTERED.standing is None
    assert CouncilRecord().about(Subject("ward", NORTH)) is NOTHING_ENTERED
    assert CouncilRecord().last is None


def test_the_newest_entry_stands_unless_it_withdraws():
    first, corrected = entry_of(1, WARD), entry_of(2, Correction(1, "A slip", WARD))
    withdrawn = entry_of(3, Withdrawal(2, "Not so"), about=WARD)
    subject = SubjectRecord((first, corrected))
    assert subject.standing is corrected
    assert subject.revisions == (corrected,)
    assert (subject.entry(1), subject.entry(3)) == (first, None)
    assert SubjectRecord((*subject.entries, withdrawn)).standing is None, "what had been superseded does not return"
    again = entry_of(4, WARD)
    assert SubjectRecord((*subject.entries, withdrawn, again)).standing is again


def test_a_record_keeps_every_subject_apart_and_its_newest_entry():
    record = night_after(WARD, RECOUNT, TALLY, DELAYED, NOTE).record_of("testshire")
    assert list(record.subjects) == [
        Subject("ward", NORTH),
        Subject("status", NORTH),
        Subject("tally", "testshire"),
        Subject("council-status", "testshire"),
        Subject("note", "5"),
    ]
    assert record.last is not None
    assert record.last.seq == 5
    assert record.subject_at(3) == Subject("tally", "testshire")


def all_since(seq):
    return Withdrawal(None, "It was a rehearsal", since=seq)


def test_a_withdrawal_of_all_that_came_since_leaves_what_was_declared_before():
    record = night_after(WARD, TALLY, NOTE).record_of("testshire")
    assert record.standing_since(1) == (Subject("tally", "testshire"), Subject("note", "3"))
    withdrawn = an_entry(4, all_since(1))
    after = record.with_entry(withdrawn)
    assert {subject.kind: after.about(subject).standing for subject in after.subjects} == {
        "ward": entry_of(1, WARD),
        "tally": None,
        "note": None,
    }
    assert after.revisions == (withdrawn,), "once, although two subjects have it"
    assert after.standing_since(1) == ()


def test_what_a_withdrawal_of_all_cannot_take_back_it_leaves_alone():
    withdrawn = an_entry(2, all_since(1))
    assert night_after(WARD).record_of("testshire").with_entry(withdrawn).subjects == {
        Subject("ward", NORTH): SubjectRecord((entry_of(1, WARD),))
    }


BOTH = [Subject("ward", NORTH), Subject("tally", "testshire")]


@pytest.mark.parametrize(
    ("withdrawal", "minutes_open", "told"),
    [
        (all_since(0), 0, []),
        (all_since(1), 0, BOTH),
        (Withdrawal(2, "Not so"), 0, BOTH),
        (Withdrawal(2, "Not so"), 1, BOTH[:1]),
    ],
)
def test_readers_are_not_told_of_what_was_only_tried(withdrawal, minutes_open, told):
    """All of it withdrawn is a rehearsal at any hour; a part of it is history once the polls have closed."""
    at = POLLS_CLOSED - timedelta(minutes=minutes_open)
    night = night_after(WARD, TALLY).fold([an_entry(3, withdrawal, council_id="testshire", at=at)])
    record = night.record_of("testshire").since_rehearsal(night.election.polls_closed_at)
    assert record.last is not None
    assert record.last.seq == 3
    assert [subject for subject, it in record.subjects.items() if len(it.entries) > 1 or it.standing] == told


# What is refused ------------------------------------------------------------------------------------------------------


def refused(night, declaration, about=None):
    """What an entry is refused for: the words and the standing sequence; None where it is let through."""
    try:
        refuse_superseded(night, entry_of(night.seq + 1, declaration, about))
    except Superseded as error:
        return refusal(error), error.standing_seq
    return None


@pytest.mark.parametrize("first", [WARD, TALLY, COMPLETE, RECOUNT, DELAYED, NOTE])
def test_the_first_of_every_kind_is_let_through(first):
    assert refused(night_after(), first) is None


@pytest.mark.parametrize(
    ("stands", "next_one", "place"),
    [
        (WARD, WARD, "North (Testshire)"),
        (COMPLETE, COMPLETE, "Testshire"),
        (COMPLETE, TALLY, "Testshire"),
        (WARD, RECOUNT, "North (Testshire)"),
    ],
)
def test_what_has_been_declared_has_to_be_corrected_or_withdrawn(stands, next_one, place):
    told = f"{place} is declared already, by entry 1: correct or withdraw that."
    assert refused(night_after(stands), next_one) == (told, 1)


@pytest.mark.parametrize(
    ("stands", "next_one"),
    [(TALLY, TALLY), (TALLY, COMPLETE), (RECOUNT, RECOUNT), (RECOUNT, WARD), (DELAYED, DELAYED), (NOTE, NOTE)],
)
def test_a_status_a_note_and_an_incomplete_tally_give_way_to_the_next(stands, next_one):
    assert refused(night_after(stands), next_one) is None


@pytest.mark.parametrize("first", [WARD, TALLY, COMPLETE, RECOUNT, DELAYED, NOTE])
def test_what_stands_can_be_corrected_and_withdrawn_once(first):
    night = night_after(first)
    correction, withdrawal = Correction(1, "A slip", first), Withdrawal(1, "Not so")
    assert refused(night, correction) is None
    assert refused(night, withdrawal, about=first) is None
    corrected = night.fold([entry_of(2, correction)])
    told = "Entry 1 stands no more: entry 2 stands in its place."
    assert refused(corrected, correction) == (told, 2)
    assert refused(corrected, withdrawal, about=first) == (told, 2)
    assert refused(corrected, Correction(2, "Another slip", first)) is None
    withdrawn = night.fold([entry_of(2, withdrawal, about=first)])
    told = "Entry 1 stands no more: nothing stands in its place."
    assert refused(withdrawn, correction) == (told, None)
    assert refused(withdrawn, withdrawal, about=first) == (told, None)
    assert refused(withdrawn, first) is None, "it can be declared again"


def test_a_withdrawal_of_all_that_came_since_is_refused_nothing_that_stands_no_more():
    night = night_after(WARD, TALLY).fold([entry_of(3, Correction(2, "A slip", TALLY))])
    assert refused(night, all_since(0)) is None


def test_only_votes_that_are_added_have_winners_to_agree_with():
    night = night_after(a_ward(CONTEST, seats={LAB: 3}))
    _, corrected = night.apply(entry_of(2, Correction(1, "It was another ward", a_ward(CONTEST, seats={CON: 3}))))
    refuse_other_winners(night, corrected)
    _, added = night.apply(entry_of(2, a_ward(CONTEST, CON)))
    with pytest.raises(OtherWinners):
        refuse_other_winners(night, added)


def test_an_earlier_tally_that_was_superseded_without_a_correction_stands_no_more():
    night = night_after(TALLY, COMPLETE)
    assert refused(night, Correction(1, "A slip", TALLY)) == ("Entry 1 stands no more: entry 2 stands in its place.", 2)


def test_the_status_of_a_ward_that_is_declared_can_be_withdrawn_and_not_corrected():
    night = night_after(RECOUNT, WARD)
    assert refused(night, Withdrawal(1, "It was another ward"), about=RECOUNT) is None
    told = "North (Testshire) is declared already, by entry 2: correct or withdraw that."
    assert refused(night, Correction(1, "Delayed", RECOUNT)) == (told, 2)


def test_a_note_about_the_whole_night_can_be_corrected_as_well():
    note = NoteDeclaration("Polls have closed")
    night = night_after().fold([an_entry(1, note)])
    assert night.record_of(None).subjects.keys() == {Subject("note", "1")}
    refuse_superseded(night, an_entry(2, Correction(1, "A slip", note)))
    with pytest.raises(UnknownSequence):
        refuse_superseded(night, an_entry(2, Withdrawal(9, "A slip")))


# From a body as posted ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"kind": "ward", "ballot_id": NORTH, "votes": {"a": 1}, "elected": ["a"], "ballots": 9, "rejected": 1},
            WardDeclaration(NORTH, votes={"a": 1}, elected=("a",), ballots=9, rejected=1),
        ),
        (
            {"kind": "ward", "ballot_id": NORTH, "seats": {LAB: 1}, "turnout": 41.5, "source": "agency"},
            WardDeclaration(NORTH, seats={LAB: 1}, turnout=41.5, source="agency"),
        ),
        (
            {"kind": "tally", "council_id": "x", "seats": {CON: 1}, "complete": False},
            TallyDeclaration("x", {CON: 1}, False),
        ),
        (
            {"kind": "tally", "council_id": "x", "seats": {}, "complete": True, "vacant": 2, "source": "phone"},
            TallyDeclaration("x", {}, True, 2, "phone"),
        ),
        (
            {"kind": "status", "ballot_id": NORTH, "status": "recount", "note": "third"},
            StatusDeclaration(StatusValue.RECOUNT, ballot_id=NORTH, note="third"),
        ),
        (
            {"kind": "status", "council_id": "x", "status": "delayed"},
            StatusDeclaration(StatusValue.DELAYED, council_id="x"),
        ),
        ({"kind": "note", "text": "Hello"}, NoteDeclaration("Hello")),
        ({"kind": "note", "text": "Hello", "council_id": "x"}, NoteDeclaration("Hello", "x")),
        ({"kind": "withdrawal", "replaces": 3, "reason": "No"}, Withdrawal(3, "No")),
    ],
)
def test_a_body_as_posted_becomes_its_declaration(body, expected):
    assert declaration_from(body, about=body["kind"]) == expected


@pytest.mark.parametrize("restated", [{}, {"ballot_id": NORTH}])
def test_a_correction_may_leave_out_what_it_is_about(restated):
    body = {"kind": "correction", "replaces": 3, "reason": "A slip", "votes": {"a": 1}, **restated}
    corrected = declaration_from(body, about="ward", council_id="testshire", ballot_id=NORTH)
    assert corrected == Correction(3, "A slip", WardDeclaration(NORTH, votes={"a": 1}))
    body = {"kind": "correction", "replaces": 3, "reason": "A slip", "status": "recount"}
    corrected = declaration_from(body, about="status", council_id="testshire", ballot_id=NORTH)
    assert corrected == Correction(3, "A slip", StatusDeclaration(StatusValue.RECOUNT, ballot_id=NORTH))
    corrected = declaration_from(body, about="status", council_id="testshire", ballot_id=None)
    assert corrected == Correction(3, "A slip", StatusDeclaration(StatusValue.RECOUNT, council_id="testshire"))


def test_an_entry_that_says_nothing_new_keeps_who_and_when():
    at = datetime(2023, 5, 5, 2, tzinfo=UTC)
    entry = Entry(1, at, NOTE, "testshire", author="ada")
    assert (entry.at, entry.author, entry.ballot_id) == (at, "ada", None)


def test_a_withdrawal_of_all_since_an_entry_unsays_what_stood_since_and_nothing_else():
    rehearsed = Withdrawal(None, "A rehearsal.", since=1)
    record = CouncilRecord()
    for seq, declaration in enumerate((RECOUNT, WARD, NOTE), start=1):
        record = record.with_entry(an_entry(seq, declaration))
    undoing = an_entry(4, rehearsed)
    assert record.unsaid_by(undoing) == ()
    assert record.with_entry(undoing).unsaid_by(undoing) == (Subject("ward", NORTH), Subject("note", "3"))
