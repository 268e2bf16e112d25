"""Alerts: what an entry, or the clock, gives a program to be told, and what it is told when that no longer holds."""

from datetime import timedelta

from app.domain.alerts import LOGGED, AlertKind, alerts_of, overdue
from app.domain.catalogue import alterations
from app.domain.declarations import CatalogueChange, Correction, NoteDeclaration, StatusDeclaration, Withdrawal
from app.domain.declarations import StatusValue as Status
from app.domain.expected import MovedTimes
from app.domain.night import Night
from app.wording.alerts import alert_headline, alert_text
from tests.builders import (
    CON,
    LAB,
    POLLS_CLOSED,
    a_candidacy,
    a_contest,
    a_council,
    a_ward,
    an_election,
    an_entry,
)

NORTH = a_contest("north")
EAST, WEST = a_contest("east"), a_contest("west")


def told(*declarations, council=None, contest=NORTH):
    """After each of these declarations the alerts: kind, headline, text."""
    night = Night.before_first(an_election(council or a_council(contest)))
    found = []
    for seq, declaration in enumerate(declarations, start=1):
        content = getattr(declaration, "content", declaration)
        is_of_ward = isinstance(declaration, Withdrawal) or getattr(content, "ballot_id", None) is not None
        where = {"council_id": "testshire", "ballot_id": contest.ballot_id if is_of_ward else None}
        where = {} if getattr(declaration, "since", None) == 0 else where
        night, change = night.apply(an_entry(seq, declaration, **where))
        alerts = alerts_of(change, "bbc")
        known = night.election_at(seq)
        found.append([(it.kind.value, alert_headline(known, it), alert_text(known, it)) for it in alerts])
    return found


def test_a_gain_is_a_flip_and_told_to_who_asks_for_what_is_certain_too():
    night, change = Night.before_first(an_election(a_council(NORTH, eve=CON))).apply(an_entry(1, a_ward(NORTH, LAB)))
    (alert,) = alerts_of(change, "bbc")
    assert alert.kinds == (AlertKind.FLIP, AlertKind.CERTAIN)
    assert (alert.council_id, alert.ballot_id, alert.is_withdrawn) == ("testshire", None, False)
    assert alert_headline(night.election, alert) == "LAB gain Testshire from CON"
    assert alert_text(night.election, alert) == "LAB 1 of 1."


def test_a_hold_is_certain_and_so_is_a_majority_that_nothing_is_compared_with():
    assert told(a_ward(NORTH, CON)) == [[("certain", "CON hold Testshire", "CON 1 of 1.")]]
    assert told(a_ward(NORTH, LAB), council=a_council(NORTH, eve=None)) == [
        [("certain", "Testshire: LAB majority", "LAB 1 of 1.")]
    ]


def test_what_does_not_decide_a_council_is_no_alert():
    council = a_council(EAST, WEST, a_contest("south"))
    assert told(a_ward(EAST, LAB), NoteDeclaration("Counting goes on", "testshire"), council=council, contest=EAST) == [
        [],
        [],
    ]


def test_a_corrected_flip_is_a_correction_then_no_longer_so_then_what_is_so_now():
    declared, corrected = told(a_ward(NORTH, LAB), Correction(1, "two bundles", a_ward(NORTH, CON)))
    assert [kind for kind, *_ in declared] == ["flip"]
    assert [(kind, headline) for kind, headline, _ in corrected] == [
        ("correction", f"Correction to {NORTH.name} (Testshire): CON gain a seat from LAB"),
        ("flip", "No longer so: LAB gain Testshire from CON"),
        ("certain", "CON hold Testshire"),
    ]
    assert corrected[1][2] == "Reason: two bundles."


def test_a_correction_that_leaves_the_winner_is_a_correction_alone():
    (_, corrected) = told(a_ward(NORTH, LAB), Correction(1, "a digit", a_ward(NORTH, LAB)))
    assert [kind for kind, *_ in corrected] == ["correction"]


def test_all_that_was_declared_can_be_withdrawn_at_once():
    (_, withdrawn) = told(a_ward(NORTH, LAB), Withdrawal(None, "only tried", since=0))
    assert [(kind, headline) for kind, headline, _ in withdrawn][1:] == [
        ("flip", "Withdrawn: LAB gain Testshire from CON")
    ]


def test_a_leader_who_loses_is_out_and_after_a_correction_in():
    leader = a_candidacy("north", CON, role="Council leader", defends=True, name="Ann Ash")
    contest = a_contest("north", candidacies=(leader, a_candidacy("north", LAB)))
    lost, won = told(a_ward(contest, LAB), Correction(1, "two bundles", a_ward(contest, CON)), contest=contest)
    assert [headline for kind, headline, _ in lost if kind == "leader-out"] == [
        f"Council leader loses seat: Ann Ash (CON), {contest.name}, Testshire"
    ]
    assert [headline.split(":")[0] for kind, headline, _ in won if kind == "leader-out"] == ["No longer so"]


def test_a_tie_settled_by_lot_is_told_with_the_result():
    drawn = a_ward(NORTH, votes={it.candidacy_id: 700 for it in NORTH.candidacies}, elected=("north-LAB-1",))
    (alerts,) = told(drawn)
    ties = [(headline, text) for kind, headline, text in alerts if kind == "tie"]
    assert len(ties) == 1
    assert "settled by lot" in ties[0][0]
    assert ties[0][1]


def test_a_recount_is_told_and_when_it_is_withdrawn_that_but_not_when_it_ends_with_a_result():
    recount = StatusDeclaration(Status.RECOUNT, NORTH.ballot_id, note="bundle check")
    announced, withdrawn = told(recount, Withdrawal(1, "the wrong ward"))
    assert [(kind, headline) for kind, headline, _ in announced] == [
        ("recount", f"Recount: {NORTH.name} (Testshire). Bundle check")
    ]
    assert [kind for kind, *_ in withdrawn] == ["correction", "recount"]
    assert withdrawn[1][1].startswith("Withdrawn: Recount")
    assert [kind for kind, *_ in told(recount, a_ward(NORTH, LAB))[1]] == ["flip"]


def test_a_recount_of_a_whole_council_is_told_once():
    recount = StatusDeclaration(Status.RECOUNT, council_id="testshire")
    announced, noted = told(recount, NoteDeclaration("Lights are out", "testshire"))
    assert [kind for kind, *_ in announced] == ["recount"]
    assert noted == []


def test_in_an_election_of_seats_each_seat_that_changes_hands_is_a_flip():
    contest = a_contest("north", holder=(CON,))
    night = Night.before_first(an_election(a_council(contest)))
    night, change = night.apply(an_entry(1, a_ward(contest, LAB)))
    seats = [it for it in alerts_of(change, "bbc", of_seats=True) if it.ballot_id]
    assert [alert_headline(night.election, it) for it in seats] == [f"LAB gain {contest.name} from CON"]
    assert seats[0].kinds == (AlertKind.FLIP,)
    _, change = night.apply(
        an_entry(2, Withdrawal(1, "two bundles"), council_id="testshire", ballot_id=contest.ballot_id)
    )
    assert [it.is_withdrawn for it in alerts_of(change, "bbc", of_seats=True) if it.line and it.ballot_id] == [True]


def test_a_council_that_the_catalogue_takes_away_takes_what_was_told_of_it():
    kept, gone = a_council(council_id="kept"), a_council(NORTH)
    night = Night.before_first(an_election(kept, gone))
    night, _ = night.apply(an_entry(1, a_ward(NORTH, LAB)))
    without = an_election(kept)
    changed = CatalogueChange("it never was", tuple(alterations(night.election, without)), without)
    _, change = night.apply(an_entry(2, changed))
    assert [(it.kind.value, it.is_withdrawn) for it in alerts_of(change, "bbc")] == [
        ("correction", False),
        ("flip", True),
    ]
    assert alerts_of(change, "bbc")[0].council_id is None


def test_a_count_is_overdue_a_minute_after_its_time_as_the_desk_has_moved_it_and_until_its_result():
    due = POLLS_CLOSED + timedelta(hours=3)
    night = Night.before_first(an_election(a_council(NORTH, expected_at=due)))
    late = due + timedelta(minutes=5)
    assert overdue(night, MovedTimes(), due) == ()
    (alert,) = overdue(night, MovedTimes(), late)
    assert (alert.kind, alert.council_id, alert.ballot_id, alert.entry) == (AlertKind.OVERDUE, "testshire", None, None)
    assert alert_headline(night.election, alert) == "Overdue: Testshire, expected 01:00 BST"
    assert alert_text(night.election, alert) == "0 of 1 ward declared."
    assert overdue(night, MovedTimes({"testshire": late}), late) == ()
    assert overdue(night, MovedTimes(), due + timedelta(days=3)) == ()
    assert overdue(night.apply(an_entry(1, a_ward(NORTH, LAB)))[0], MovedTimes(), late) == ()


def test_all_kinds_but_that_of_the_clock_are_in_the_log():
    assert set(AlertKind) - set(LOGGED) == {AlertKind.OVERDUE}


def test_an_alert_concerns_who_holds_something_now_who_did_before_and_whose_people_they_are():
    def concerned(council, *declarations):
        night = Night.before_first(an_election(council))
        for seq, declaration in enumerate(declarations, start=1):
            night, change = night.apply(an_entry(seq, declaration))
        return [it.groups for it in alerts_of(change, "bbc")]

    assert concerned(a_council(NORTH, eve=CON), a_ward(NORTH, LAB)) == [{LAB, CON}]
    assert concerned(a_council(NORTH, eve=None), a_ward(NORTH, LAB)) == [{LAB}]
    leader = a_contest("south", candidacies=(a_candidacy("south", LAB), a_candidacy("south", CON, role="Leader")))
    out = concerned(a_council(leader, NORTH, total_seats=9), a_ward(leader, LAB))
    assert out == [{CON}]
    correction = Correction(1, "two bundles", a_ward(NORTH, CON))
    assert frozenset() in concerned(a_council(NORTH), a_ward(NORTH, LAB), correction)
