"""What councils add up to, all of them or some, and who took which of them from whom."""

from app.domain.election import Baseline
from app.domain.holders import Holders
from app.domain.night import Night
from app.domain.scoreboard import NO_TALLY, NOTHING, Tally, changes_of_control, scoreboard_of
from tests.builders import CON, LAB, LD, a_contest, a_council, a_ward, an_election, an_entry


def three_councils() -> Night:
    """Labour has taken a and holds b; of c one of two wards has gone to the Liberal Democrats, who held it."""
    councils = [
        a_council(
            *(a_contest(ward, council_id=name, parties=(LAB, CON, LD)) for ward in wards),
            council_id=name,
            baselines={"eve": Baseline("eve", control=before), "last": Baseline("last", seats={before: len(wards)})},
        )
        for name, before, wards in (("a", CON, ("one",)), ("b", LAB, ("one",)), ("c", LD, ("one", "two")))
    ]
    won = zip(councils, (LAB, LAB, LD), strict=True)
    log = [an_entry(seq, a_ward(council.contests[0], party)) for seq, (council, party) in enumerate(won, 1)]
    return Night.before_first(an_election(*councils)).fold(log)


def test_some_councils_add_up_by_the_same_rule_as_all_of_them():
    night = three_councils()
    whole, some = (
        scoreboard_of((night.councils[name] for name in names), "bbc") for names in (("a", "b", "c"), ("a", "c"))
    )
    rows = {group: tally for group, tally in night.scoreboards["bbc"].rows.items() if tally != NO_TALLY}
    assert {group: tally for group, tally in whole.rows.items() if tally != NO_TALLY} == rows
    assert (whole.compared_control, whole.compared_seats) == (2, 2)
    assert some.rows[LAB] == Tally(councils=1, councils_change=1, seats=1, seats_change=1, seats_compared=1)
    assert (some.compared_control, some.compared_seats) == (1, 1)
    assert scoreboard_of((), "bbc") == NOTHING


def test_seats_of_a_council_that_is_not_complete_are_not_among_those_compared():
    row = three_councils().scoreboards["bbc"].rows[LD]
    assert (row.seats, row.seats_compared) == (1, 0)


def test_councils_that_changed_hands_are_told_by_who_took_them_from_whom():
    night = three_councils()
    assert changes_of_control(night.added_up(), "bbc") == {Holders(LAB, CON): ("a",)}
