"""The plan: the same of the same, every mishap in it, and nothing true of it that the desk would refuse."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from app.bundles.reading import Bundle, read_bundle
from app.domain.checks import hard_findings
from app.domain.declarations import Entry, declaration_from
from app.domain.election import Cancellation, Election, VotingSystem
from app.domain.night import Night
from app.exercise.planning import Wishes, moved, planned
from app.exercise.sheets import CountSheet, Mishap, Plan, wrong_fields
from tests.builders import CON, GRN, LAB, LD, POLLS_CLOSED, a_contest, a_council, an_election, votes_for
from tests.running import KENT


@cache
def kent() -> Bundle:
    return read_bundle(KENT)


@cache
def kents_plan(seed: int = 1, speed: float = 12.0, wards: int = 0, *, is_recorded: bool = True) -> Plan:
    night = kent().night if is_recorded else None
    return planned(kent().election, night or (), Wishes(seed=seed, speed=speed, wards=wards))


@cache
def kents_night() -> Night:
    return Night.before_first(kent().election)


def before_first(election: Election) -> Night:
    return kents_night() if election is kent().election else Night.before_first(election)


def refused(election, sheet: CountSheet, body) -> list[str]:
    """The codes of what the desk would refuse of ``body``."""
    ballot_id, council_id = sheet.subject.ballot_id, sheet.subject.council_in(election).council_id
    declaration = declaration_from(body, about=body["kind"])
    at = election.polls_closed_at + timedelta(hours=4)
    found = hard_findings(before_first(election), Entry(1, at, declaration, council_id, ballot_id))
    return [it.code for it in found]


def test_the_same_seed_gives_the_same_night_and_another_seed_another():
    assert planned(kent().election, kent().night or (), Wishes(seed=1, speed=12.0)) == kents_plan()
    assert kents_plan(2).sheets != kents_plan().sheets


@pytest.mark.parametrize("is_recorded", [True, False])
def test_what_is_true_in_the_end_passes_every_check(is_recorded):
    plan = kents_plan(is_recorded=is_recorded)
    election = kent().election
    assert {sheet.number: refused(election, sheet, sheet.last.body) for sheet in plan.sheets} == {
        sheet.number: [] for sheet in plan.sheets
    }


def test_the_real_numbers_stand_on_the_sheets_of_a_recorded_night():
    real = {line["ballot_id"]: line["votes"] for line in kent().night or () if line["kind"] == "ward"}
    wards = [it for it in kents_plan().sheets if it.subject.ballot_id]
    other = [it for it in wards if it.last.body["votes"] != real[it.subject.identity]]
    assert len(wards) == len(real)
    # A tie has to be made; everything else is as it was.
    assert {it.mishap for it in other} <= {Mishap.LATE_LOT}


def test_the_sheets_come_in_the_order_of_the_night_so_many_times_faster():
    first, last = (datetime.fromisoformat((kent().night or ())[place]["at"]) for place in (0, -1))
    dues = [sheet.due for sheet in kents_plan(speed=10.0).sheets]
    assert dues == sorted(dues)
    assert dues[0] == 0
    assert dues[-1] == pytest.approx((last - first).total_seconds() / 10)
    assert [it.number for it in kents_plan().sheets] == list(range(1, len(dues) + 1))


@pytest.mark.parametrize("seed", range(4))
def test_a_dozen_wards_have_nearly_every_mishap_and_a_hundred_have_all(seed):
    found = {sheet.mishap for sheet in kents_plan(seed, wards=12).sheets}
    assert found | set(kents_plan(seed, wards=12).unplanted) == {None, *Mishap}
    assert len(found) >= len(Mishap)
    counted = Counter(sheet.mishap for sheet in kents_plan(seed, wards=100).sheets)
    assert {mishap: counted[mishap] for mishap in Mishap if mishap is not Mishap.SWAPPED} == dict.fromkeys(
        set(Mishap) - {Mishap.SWAPPED}, 2
    )
    assert counted[Mishap.SWAPPED] == 4


IS_REFUSED_FOR = {
    Mishap.DOES_NOT_ADD_UP: {"F04", "F05", "F15"},
    Mishap.WRONG_TALLY: {"F11"},
    Mishap.DEAD_LINE: {"F02"},
}


def test_each_mishap_is_wrong_at_first_and_only_in_what_it_is_about():
    for sheet in kents_plan().sheets:
        said, true = sheet.first.body, sheet.last.body
        wrong = wrong_fields(said, true)
        match sheet.mishap:
            case None:
                assert said == true
            case Mishap.DOES_NOT_ADD_UP | Mishap.WRONG_TALLY | Mishap.DEAD_LINE:
                assert IS_REFUSED_FOR[sheet.mishap] & set(refused(kent().election, sheet, said)), sheet
            case Mishap.LATE_LOT:
                assert wrong == {"elected"}
                unnamed = {name: value for name, value in said.items() if name != "elected"}
                assert refused(kent().election, sheet, unnamed) == ["F09"]
            case Mishap.RECOUNT | Mishap.CORRECTION:
                assert len({name for name in wrong if name.startswith("votes.")}) == 2
                assert sheet.first.sum_of_votes == sheet.last.sum_of_votes
                assert refused(kent().election, sheet, said) == []
            case Mishap.MISREAD:
                assert len({name for name in wrong if name.startswith("votes.")}) == 1
                assert "total" not in said
            case Mishap.SWAPPED:
                assert wrong


def test_two_swapped_sheets_have_each_others_figures():
    swapped = [sheet for sheet in kents_plan(wards=100).sheets if sheet.mishap is Mishap.SWAPPED]
    for sheet in swapped:
        numbers = [*sheet.first.body["votes"].values()]
        assert any(numbers == [*other.last.body["votes"].values()] for other in swapped if other is not sheet)


def test_a_correction_in_the_recording_is_what_is_true():
    north = a_contest("north", parties=[LAB, CON, GRN])
    election = an_election(a_council(north))
    first, then = votes_for(north, CON), votes_for(north, LAB)
    at = "2023-05-05T02:00:00+01:00"
    night = [
        {"kind": "note", "text": "Doors open", "at": at},
        {"kind": "ward", "ballot_id": north.ballot_id, "votes": first, "at": at},
        {"kind": "correction", "replaces": 2, "reason": "Exchanged", "votes": then, "at": "2023-05-05T03:00:00+01:00"},
    ]
    plan = planned(election, night, Wishes(seed=1))
    assert plan.sheets[0].last.body["votes"] == then or plan.sheets[0].mishap is Mishap.LATE_LOT


KINDS = {
    "one seat": a_contest(parties=[LAB, CON, LD, GRN]),
    "three seats": a_contest(parties=[LAB, CON], seats_up=3),
    "first preferences": a_contest(parties=[LAB, CON, LD], seats_up=2, voting_system=VotingSystem.STV),
    "fewer candidates of a party than seats": a_contest(parties=[LAB, CON], seats_up=3, each=2),
    "no electorate": a_contest(parties=[LAB, CON], electorate=None),
    "a handful of electors": a_contest(parties=[LAB, CON, LD, GRN], electorate=7),
    "no nominations": a_contest(candidacies=(), seats_up=2),
}


@pytest.mark.parametrize("kind", KINDS)
def test_results_are_made_up_of_every_kind_of_ward(kind):
    election = an_election(a_council(KINDS[kind]))
    for seed in range(25):
        for sheet in planned(election, (), Wishes(seed=seed)).sheets:
            assert refused(election, sheet, sheet.last.body) == [], sheet


def test_a_ward_without_a_poll_has_no_sheet():
    unopposed = a_contest("east", cancelled=Cancellation.EQUAL_CANDIDATES, parties=[LAB])
    plan = planned(an_election(a_council(a_contest("north"), unopposed)), (), Wishes(seed=1))
    assert {sheet.subject.identity for sheet in plan.sheets if sheet.subject.ballot_id} == {
        a_contest("north").ballot_id
    }
    assert planned(an_election(a_council(unopposed)), (), Wishes(seed=1)).sheets == []


@pytest.mark.parametrize(
    ("began", "polling_date"),
    [
        (datetime(2026, 11, 26, 14, 0, tzinfo=UTC), date(2026, 11, 25)),
        (datetime(2026, 11, 26, 22, 30, tzinfo=UTC), date(2026, 11, 26)),
        (datetime(2026, 7, 1, 21, 30, tzinfo=UTC), date(2026, 7, 1)),
    ],
)
def test_the_polls_have_just_closed_when_an_exercise_begins(began, polling_date):
    election = an_election(a_council(a_contest("north"), expected_at=POLLS_CLOSED + timedelta(hours=5)))
    plan = planned(election, (), Wishes(seed=1, speed=60))
    now = moved(election, plan, began)
    assert now.polling_date == polling_date
    assert timedelta() <= began - now.polls_closed_at < timedelta(days=1)
    assert now.zone == ZoneInfo("Europe/London")
    expected = now.council("testshire").expected_at
    assert expected is not None
    assert abs((expected - began).total_seconds() - max(it.due for it in plan.sheets)) <= 1
