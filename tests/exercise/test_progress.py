"""Who gets which sheet, what it says by then, and what the count tells by itself."""

import pytest

from app.exercise.happened import OccurrenceKind, Purpose
from app.exercise.progress import Person, changes_when_asked, next_for, said_by_now, to_tell
from app.exercise.sheets import Mishap
from tests.exercise.nights import (
    LATER,
    TRUE,
    WRONG,
    a_plan,
    a_sheet,
    asked,
    declared,
    handed,
    happened,
    keyed,
    occurred,
    told,
    waiting,
)

ANN, BOB, EVE = Person("Ann"), Person("Bob", may_check=True), Person("Eve", may_check=True, may_edit=True)


def next_of(plan, night, person):
    handing = next_for(plan, night, person)
    return (handing.sheet.number, handing.purpose) if handing is not None else None


def test_a_sheet_is_keyed_by_one_and_then_checked_by_another():
    plan = a_plan()
    assert next_of(plan, happened(), ANN) == (1, Purpose.KEY)
    with_ann = happened(handed("Ann"))
    assert next_of(plan, with_ann, ANN) == (1, Purpose.KEY)
    assert next_of(plan, with_ann, BOB) is None
    sent = happened(handed("Ann"), kept=[waiting(("Ann", 10, TRUE))], acts=[keyed("Ann", 10)])
    assert next_of(plan, sent, ANN) is None
    assert next_of(plan, sent, BOB) == (1, Purpose.CHECK)
    assert next_of(plan, sent, Person("Cat")) is None
    assert next_of(plan, happened(handed("Ann"), log=[declared(TRUE, 20)]), BOB) is None


def test_nothing_is_handed_out_before_it_comes_in_and_what_waits_for_a_check_goes_first():
    plan = a_plan(a_sheet(), a_sheet(number=2, ward="south", due=100), a_sheet(number=3, ward="east", due=200))
    night = happened(
        kept=[waiting(("Ann", 110, TRUE), ward="south")], acts=[keyed("Ann", 110, ward="south")], seconds=150
    )
    assert next_of(plan, night, BOB) == (2, Purpose.CHECK)
    assert next_of(plan, night, ANN) == (1, Purpose.KEY)
    only_first = happened(handed("Cat"), seconds=150)
    assert next_of(plan, only_first, ANN) == (2, Purpose.KEY)


def test_what_somebody_puts_aside_comes_again_later_and_what_they_leave_lying_goes_to_others():
    plan = a_plan()
    aside = [handed("Ann", 0), occurred(OccurrenceKind.PUT_ASIDE, 10, "Ann")]
    assert next_of(plan, happened(*aside, seconds=20), ANN) is None
    assert next_of(plan, happened(*aside, seconds=20), BOB) == (1, Purpose.KEY)
    assert next_of(plan, happened(*aside, seconds=10 + LATER), ANN) == (1, Purpose.KEY)
    assert next_of(plan, happened(handed("Ann", 0), seconds=899), BOB) is None
    assert next_of(plan, happened(handed("Ann", 0), seconds=901), BOB) == (1, Purpose.KEY)


def test_two_who_differ_get_their_sheet_again_once_and_when_the_other_has_keyed_anew():
    differ = {"kept": [waiting(("Ann", 10, WRONG), ("Bob", 20, TRUE))], "acts": [keyed("Ann", 10), keyed("Bob", 20)]}
    before = [handed("Ann", 0), handed("Bob", 12, Purpose.CHECK)]
    assert [next_of(a_plan(), happened(*before, **differ), it) for it in (ANN, BOB, EVE)] == [
        (1, Purpose.AGAIN),
        (1, Purpose.AGAIN),
        None,
    ]
    looked = [*before, handed("Bob", 25, Purpose.AGAIN)]
    sent_again = {**differ, "acts": [*differ["acts"], keyed("Bob", 30, differs=True)]}
    assert next_of(a_plan(), happened(*looked, **sent_again), BOB) is None
    anew = {**sent_again, "kept": [waiting(("Ann", 40, WRONG), ("Bob", 30, TRUE))]}
    assert next_of(a_plan(), happened(*looked, **anew), BOB) == (1, Purpose.AGAIN)


def test_a_correction_goes_to_an_editor_once_it_is_told_and_to_nobody_when_it_is_made():
    plan = a_plan(a_sheet(Mishap.CORRECTION))
    on_air = {"log": [declared(WRONG, 20)]}
    assert next_of(plan, happened(**on_air), EVE) is None
    assert next_of(plan, happened(told(90), **on_air), BOB) is None
    assert next_of(plan, happened(told(90), **on_air), EVE) == (1, Purpose.CORRECT)
    mended = declared(TRUE, 120, "Eve", seq=2, kind="correction")
    assert next_of(plan, happened(told(90), log=[*on_air["log"], mended]), EVE) is None


def test_a_sheet_whose_recount_is_still_to_be_announced_is_not_checked():
    plan, sent = a_plan(a_sheet(Mishap.RECOUNT)), {"kept": [waiting(("Ann", 10, WRONG))], "acts": [keyed("Ann", 10)]}
    assert next_of(plan, happened(**sent), BOB) is None
    assert next_of(plan, happened(told(15), **sent), BOB) == (1, Purpose.CHECK)


@pytest.mark.parametrize("mishap", Mishap)
def test_every_sheet_says_at_first_what_is_wrong_and_what_is_true_in_the_end(mishap):
    plan = a_plan(sheet := a_sheet(mishap))
    night = happened(handed("Ann", 0), seconds=1)
    assert said_by_now(plan, sheet, night, "Ann") == sheet.first
    later = happened(handed("Ann", 0), told(5), asked("Ann", 6), seconds=5 + LATER)
    assert said_by_now(plan, sheet, later, "Ann") == sheet.last


TELLS_BY_ITSELF = {Mishap.DEAD_LINE, Mishap.LATE_LOT}
WHEN_ASKED = set(Mishap) - {Mishap.RECOUNT, Mishap.CORRECTION}


@pytest.mark.parametrize("mishap", Mishap)
def test_who_rings_the_count_hears_what_it_knows_by_then(mishap):
    plan = a_plan(sheet := a_sheet(mishap))
    assert changes_when_asked(plan, sheet, happened(handed("Ann"), seconds=1), "Ann") is (mishap in WHEN_ASKED)
    waited = happened(handed("Ann"), seconds=LATER)
    assert (said_by_now(plan, sheet, waited, "Ann") == sheet.last) is (mishap in TELLS_BY_ITSELF)
    assert not changes_when_asked(plan, sheet, happened(handed("Ann"), asked("Ann", 1), told(1), seconds=600), "Ann")


def test_nothing_changes_where_nothing_is_wrong():
    assert not changes_when_asked(a_plan(), a_sheet(), happened(), "Ann")


def test_the_second_person_has_the_paper_of_what_was_read_out_to_the_first():
    plan = a_plan(sheet := a_sheet(Mishap.MISREAD))
    night = happened(handed("Ann"))
    assert said_by_now(plan, sheet, night, "Ann") == sheet.first
    assert said_by_now(plan, sheet, night, "Bob") == sheet.last


def told_now(plan, night):
    of = {sheet.number: "testshire" for sheet in plan.sheets}
    found = [it for it in to_tell(plan, night, of) if it.sheet is not None]
    return [(it.sheet.number, it.is_void) for it in found if it.sheet]


def test_a_recount_is_announced_once_its_sheet_is_keyed_and_never_of_what_is_declared():
    plan = a_plan(a_sheet(Mishap.RECOUNT))
    assert told_now(plan, happened()) == []
    assert told_now(plan, happened(kept=[waiting(("Ann", 10, WRONG))])) == [(1, False)]
    assert told_now(plan, happened(told(11), kept=[waiting(("Ann", 10, WRONG))])) == []
    assert told_now(plan, happened(log=[declared(WRONG, 10)])) == [(1, True)]


def test_the_officer_corrects_some_time_after_the_declaration():
    plan = a_plan(a_sheet(Mishap.CORRECTION))
    assert told_now(plan, happened(log=[declared(WRONG, 100)], seconds=99 + LATER)) == []
    assert told_now(plan, happened(log=[declared(WRONG, 100)], seconds=100 + LATER)) == [(1, False)]


def test_every_council_is_said_to_be_counting_once():
    plan = a_plan(a_sheet(due=100), a_sheet(number=2, ward="south", due=300))
    of = {1: "testshire", 2: "otherton"}
    assert [it.council_id for it in to_tell(plan, happened(seconds=39), of)] == []
    assert [it.council_id for it in to_tell(plan, happened(seconds=40), of)] == ["testshire"]
    so_far = occurred(OccurrenceKind.TOLD, 40, number=0, council="testshire")
    assert [it.council_id for it in to_tell(plan, happened(so_far, seconds=300), of)] == ["otherton"]


def test_no_time_passes_while_the_server_is_away():
    again = occurred(OccurrenceKind.BEGUN, 1000, number=0)
    stopped = happened(type(again)(again.at, 100.0, again.kind))
    assert stopped.elapsed(declared(TRUE, 50).at) == 50
    assert stopped.elapsed(declared(TRUE, 1030).at) == 130
