"""How fast and how right the desk was: of what it did, and of nothing else."""

import csv
import io
import json

import pytest

from app.exercise.happened import OccurrenceKind, Purpose
from app.exercise.report import Handled, MishapOutcome, Timing, report_of
from app.exercise.sheets import Mishap
from app.exercise.telling import HANDLED, MISHAPS, OUTCOMES, as_csv, as_json, duration, lines
from tests.builders import a_contest, a_council, an_election
from tests.exercise.nights import (
    TRUE,
    WRONG,
    a_plan,
    a_sheet,
    asked,
    declared,
    handed,
    happened,
    keyed,
    looked_at,
    occurred,
    said,
    told,
)

SLIP = said(a=50, b=300)


def person(plan, night, name="Ann"):
    return next(it for it in report_of(plan, night, [name]).people if it.person == name)


def mishap_of(mishap, night):
    (told_of,) = report_of(a_plan(a_sheet(mishap)), night, ()).mishaps
    return told_of


def test_from_sheet_to_sent_is_told_of_each_person_and_of_the_desk_from_coming_in_to_declared():
    plan = a_plan(a_sheet(), a_sheet(number=2, ward="south", due=100))
    night = happened(
        handed("Ann", 10),
        handed("Bob", 50, Purpose.CHECK),
        handed("Ann", 120, number=2),
        acts=[keyed("Ann", 40), keyed("Ann", 190, ward="south")],
        log=[declared(TRUE, 75, "Ann", "Bob")],
    )
    report = report_of(plan, night, ["Cat"])
    assert report.pace == Timing(1, 75.0, 75.0)
    assert (report.sheets, report.came_in, report.declared) == (2, 2, 1)
    assert {it.person: it.pace for it in report.people} == {
        "Cat": Timing(0, None, None),
        "Ann": Timing(2, 50.0, 70.0),
        "Bob": Timing(1, 25.0, 25.0),
    }


def test_a_wrong_entry_is_on_air_for_who_keyed_and_who_checked_it_even_when_it_is_mended():
    log = [declared(SLIP, 20, "Ann", "Bob"), declared(TRUE, 90, "Eve", seq=2, kind="correction")]
    report = report_of(a_plan(), happened(log=log), ())
    assert [(it.seq, it.people, it.fields, it.stands) for it in report.wrong] == [
        (1, ("Ann", "Bob"), ["total", "votes.a"], False)
    ]
    assert {it.person: it.on_air for it in report.people} == {"Ann": 1, "Bob": 1, "Eve": 0}
    assert report_of(a_plan(), happened(log=log[:1]), ()).wrong[0].stands


def test_who_leaves_out_what_is_on_the_sheet_makes_no_mistake():
    briefly = {"kind": "ward", "ballot_id": TRUE.body["ballot_id"], "votes": TRUE.body["votes"]}
    assert report_of(a_plan(), happened(log=[declared(type(TRUE)(briefly), 20)]), ()).wrong == []


@pytest.mark.parametrize(
    ("codes", "is_handed_in", "next_look", "caught"),
    [
        (["F15"], True, 31, 1),
        (["W13"], False, 34, 1),
        (["W13"], False, 31, 0),
        (["W07", "W18"], True, 31, 0),
        ([], True, 31, 0),
    ],
    ids=["refused", "left as it was", "half typed", "asked whatever the figures are", "not found"],
)
def test_a_slip_is_caught_by_a_check_that_found_something_in_its_figures(codes, is_handed_in, next_look, caught):
    looks = [
        looked_at("Ann", 30, SLIP, codes, is_handed_in=is_handed_in),
        looked_at("Ann", next_look, TRUE),
    ]
    night = happened(*looks, acts=[keyed("Ann", 40)], log=[declared(TRUE, 60)])
    assert person(a_plan(), night).caught_by_checks == caught


def test_what_is_handed_in_all_the_same_is_not_caught_by_a_check():
    looks = [looked_at("Ann", 30, SLIP, ["W13"]), looked_at("Ann", 35, SLIP, ["W13"])]
    night = happened(*looks, acts=[keyed("Ann", 36)], log=[declared(SLIP, 60)])
    told_of = person(a_plan(), night)
    assert (told_of.caught_by_checks, told_of.caught_by_second, told_of.on_air) == (0, 0, 1)


def test_a_slip_is_caught_by_the_second_person_whoever_of_the_two_made_it():
    looks = [looked_at("Ann", 30, TRUE), looked_at("Bob", 50, SLIP), looked_at("Bob", 70, TRUE)]
    acts = [keyed("Ann", 31), keyed("Bob", 51, differs=True)]
    night = happened(*looks, acts=acts, log=[declared(TRUE, 71, "Ann", "Bob")])
    assert (person(a_plan(), night, "Bob").caught_by_second, person(a_plan(), night, "Ann").caught_by_second) == (1, 0)


def test_who_keys_what_a_sheet_said_made_no_slip_even_where_the_sheet_is_wrong():
    plan = a_plan(a_sheet(Mishap.MISREAD))
    looks = [looked_at("Ann", 30, WRONG), looked_at("Bob", 50, TRUE)]
    night = happened(*looks, acts=[keyed("Ann", 31), keyed("Bob", 51, differs=True)], log=[declared(TRUE, 80)])
    assert person(plan, night).caught_by_second == 0


SHEET_IS_WRONG = set(Mishap) - {Mishap.RECOUNT, Mishap.CORRECTION}


@pytest.mark.parametrize("mishap", sorted(SHEET_IS_WRONG))
def test_a_wrong_sheet_is_caught_missed_mended_or_open(mishap):
    facts = [handed("Ann", 10), asked("Ann", 40)]
    caught = mishap_of(mishap, happened(*facts, log=[declared(TRUE, 70)]))
    assert (caught.outcome, caught.how, caught.people, caught.seconds) == (
        MishapOutcome.CAUGHT,
        Handled.ASKED,
        ["Ann"],
        60.0,
    )
    assert mishap_of(mishap, happened(*facts)).outcome is MishapOutcome.OPEN
    assert mishap_of(mishap, happened()).outcome is MishapOutcome.NOT_TRIED
    assert mishap_of(mishap, happened(*facts, log=[declared(WRONG, 70)])).outcome is MishapOutcome.MISSED
    mended = [declared(WRONG, 70), declared(TRUE, 110, "Eve", seq=2, kind="correction")]
    of_it = mishap_of(mishap, happened(*facts, log=mended))
    assert (of_it.outcome, of_it.how, of_it.seconds) == (MishapOutcome.MENDED, Handled.CORRECTED, 100.0)
    withdrawn = [declared(WRONG, 70), declared(WRONG, 110, "Eve", seq=2, kind="withdrawal")]
    assert mishap_of(mishap, happened(*facts, log=withdrawn)).outcome is MishapOutcome.OPEN


def test_a_recount_is_caught_when_its_result_is_declared_and_missed_when_the_first_count_is():
    keyed_first = [handed("Ann", 0), told(30)]
    assert mishap_of(Mishap.RECOUNT, happened(*keyed_first, log=[declared(WRONG, 60)])).outcome is MishapOutcome.MISSED
    caught = mishap_of(Mishap.RECOUNT, happened(*keyed_first, asked("Bob", 50), log=[declared(TRUE, 60)]))
    assert (caught.outcome, caught.seconds) == (MishapOutcome.CAUGHT, 30.0)
    void = happened(handed("Ann", 0), occurred(OccurrenceKind.VOID, 40), log=[declared(WRONG, 20)])
    report = report_of(a_plan(a_sheet(Mishap.RECOUNT)), void, ())
    assert (report.mishaps[0].outcome, report.wrong) == (MishapOutcome.NOT_TRIED, [])


def test_what_was_declared_before_the_officer_corrected_it_was_right_then():
    log = [declared(WRONG, 20)]
    report = report_of(a_plan(a_sheet(Mishap.CORRECTION)), happened(handed("Ann"), told(90), log=log), ())
    assert (report.mishaps[0].outcome, report.wrong) == (MishapOutcome.OPEN, [])
    mended = happened(handed("Ann"), told(90), log=[*log, declared(TRUE, 130, "Eve", seq=2, kind="correction")])
    of_it = mishap_of(Mishap.CORRECTION, mended)
    assert (of_it.outcome, of_it.how, of_it.seconds) == (MishapOutcome.CAUGHT, Handled.CORRECTED, 40.0)
    other = happened(handed("Ann"), told(90), log=[*log, declared(SLIP, 130, "Eve", seq=2, kind="correction")])
    assert mishap_of(Mishap.CORRECTION, other).outcome is MishapOutcome.MISSED


def test_a_number_read_out_wrong_is_caught_by_who_keyed_otherwise():
    night = happened(
        handed("Ann", 0),
        handed("Bob", 20, Purpose.CHECK),
        acts=[keyed("Bob", 30, differs=True)],
        log=[declared(TRUE, 60)],
    )
    assert mishap_of(Mishap.MISREAD, night).how is Handled.DIFFERED


def test_the_rest_of_a_sheet_may_be_waited_for():
    night = happened(handed("Ann", 0), log=[declared(TRUE, 90)])
    assert mishap_of(Mishap.DEAD_LINE, night).how is Handled.WAITED


# How it is told

ELECTION = an_election(a_council(a_contest("north"), a_contest("south")))


def a_report():
    night = happened(handed("Ann", 0), told(90), log=[declared(SLIP, 20, "Ann", "Bob")], seconds=3700)
    return report_of(a_plan(a_sheet(Mishap.CORRECTION)), night, ["Ann", "Bob"])


def test_the_report_is_lines_for_people_that_say_test():
    told_of = list(lines(ELECTION, a_report()))
    assert told_of[0].startswith("TEST.")
    assert told_of[1] == "1 of 1 sheet declared, 1 came in, in 1 h 1 min. 1 entry was wrong on air, 1 still."
    assert any(line.startswith("A correction by the officer  North, Testshire  still open") for line in told_of)
    assert told_of[-1] == "Wrong on air: entry 1, North, Testshire, by Ann and Bob, and stands"


def test_the_report_is_json_and_csv_that_say_test():
    told_of = json.loads(as_json(ELECTION, a_report()))
    assert next(iter(told_of.items())) == ("rehearsal", True)
    assert told_of["people"][0] == {
        "person": "Ann",
        "pace": {"number": 1, "median": 20.0, "slowest": 20.0},
        "on_air": 1,
        "caught_by_checks": 0,
        "caught_by_second": 0,
        "asked": 0,
    }
    rows = list(csv.DictReader(io.StringIO(as_csv(ELECTION, a_report()))))
    assert {row["rehearsal"] for row in rows} == {"TEST"}
    assert [row["part"] for row in rows] == ["desk", "person", "person", "correction", "wrong"]


def test_every_mishap_and_what_became_of_it_has_words():
    assert (set(MISHAPS), set(OUTCOMES), set(HANDLED)) == (set(Mishap), set(MishapOutcome), set(Handled))


@pytest.mark.parametrize(("seconds", "words"), [(None, "–"), (0.4, "0 s"), (59.6, "1 min 0 s"), (3725, "1 h 2 min")])
def test_durations_are_short(seconds, words):
    assert duration(seconds) == words
