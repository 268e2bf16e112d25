"""Councils to watch in sentences: read, and right for one and several, for all and some, by name and by number."""

from dataclasses import replace

import pytest

from app.domain.declarations import Declaration
from app.domain.election import Baseline, Cancellation, Contest, Council
from app.domain.night import Night
from app.domain.to_watch import CouncilToWatch, leads, to_watch
from app.wording.figures import duration
from app.wording.to_watch import (
    defence_told,
    lead_told,
    nearness_told,
    needs_told,
    nobody_told,
    watched_so_far,
)
from tests.builders import (
    CON,
    CONVENTIONS,
    GRN,
    LAB,
    LD,
    a_candidacy,
    a_contest,
    a_council,
    a_tally,
    a_ward,
    an_election,
    an_entry,
)
from tests.wording.nights import kent

ALL = (LAB, CON, LD)


def wards(*names: str, seats_up: int = 1, **fields: object) -> list[Contest]:
    return [a_contest(name, seats_up=seats_up, **{"parties": ALL, **fields}) for name in names]


def watched(council: Council, *declarations: Declaration) -> tuple[Night, CouncilToWatch]:
    night = Night.before_first(an_election(council))
    night = night.fold([an_entry(seq, it) for seq, it in enumerate(declarations, 1)])
    (found,) = to_watch(night, CONVENTIONS["bbc"])
    return night, found


def told(council: Council, *declarations: Declaration) -> list[str]:
    night, found = watched(council, *declarations)
    needs = [needs_told(night.election, found, it).text for it in found.contenders]
    return [nearness_told(night.election, found).text, *needs, nobody_told(found).text]


def test_wards_of_one_seat_are_named() -> None:
    places = wards("a", "b", "c")
    assert told(a_council(*places, continuing={LAB: 2, CON: 0})) == [
        "A, B or C could decide it.",
        "LAB needs one of A, B and C.",
        "CON needs all of A, B and C.",
        "LD needs all of A, B and C.",
        "No overall control otherwise.",
    ]


def test_where_two_are_left_both_are_needed_and_where_one_is_that() -> None:
    places = wards("a", "b")
    assert told(a_council(*places, continuing={LAB: 1, CON: 1}))[1:3] == [
        "CON needs both A and B.",
        "LAB needs both A and B.",
    ]
    last = wards("a", parties=(LAB, CON))
    assert told(a_council(*last, continuing={LAB: 1, CON: 1})) == [
        "The last ward, A, decides it.",
        "CON needs A.",
        "LAB needs A.",
        "No overall control is not possible any more.",
    ]


def test_names_with_an_and_of_their_own_stay_apart() -> None:
    named = [a_contest(str(place), name=f"X{place} and Y{place}", parties=ALL) for place in range(3)]
    nearness, lab, *_ = told(a_council(*named, continuing={LAB: 2}))
    assert nearness == "X0 and Y0; X1 and Y1; or X2 and Y2 could decide it."
    assert lab == "LAB needs one of X0 and Y0; X1 and Y1; and X2 and Y2."


def test_many_wards_are_counted_and_not_named() -> None:
    many = wards(*"abcdefgh")
    everywhere = a_council(*many, continuing={LAB: 7})
    assert told(everywhere)[:2] == [
        "Any of the 8 wards to come could decide it.",
        "LAB needs 1 of the 8 seats it can still win.",
    ]
    some = [*wards(*"abcdefg"), *wards("h", "i", parties=(CON, LD))]
    assert told(a_council(*some, continuing={LAB: 8}))[:2] == [
        "7 of the 9 wards to come could each decide it.",
        "LAB needs 1 of the 7 seats it can still win, in 7 of the 9 wards to come.",
    ]


def test_seats_of_larger_wards_are_counted_with_what_cannot_be_made_up_for_elsewhere() -> None:
    large, small = a_contest("large", seats_up=3, parties=ALL), a_contest("small", parties=ALL)
    nearness, lab, *_ = told(a_council(large, small, continuing={LAB: 2, CON: 1, GRN: 2}))
    assert nearness == "Large could decide it."
    assert lab == "LAB needs 3 of the 4 seats it can still win, in Large and Small, with at least 2 in Large."


def test_all_that_it_can_win_is_told_as_such() -> None:
    both = a_contest("both", seats_up=2, parties=(LAB, CON, GRN))
    assert told(a_council(both, continuing={LAB: 3, CON: 4}))[1] == (
        "CON needs 1 of the 2 seats it can still win, in Both."
    )
    assert told(a_council(both, continuing={LAB: 3, CON: 4}))[2] == (
        "LAB needs both of the 2 seats it can still win, in Both."
    )
    one = a_contest("one", seats_up=2, candidacies=(a_candidacy("one", LAB), *both.candidacies[2:]))
    assert told(a_council(one, continuing={LAB: 4, CON: 3}))[1] == ("LAB needs the 1 seat it can still win, in One.")


def test_how_many_more_are_needed_at_least() -> None:
    places = wards(*"abcde")
    assert told(a_council(*places))[0] == "At least 3 more of the 5 wards to come until it is certain."
    both, one, other = (a_contest("both"), a_contest("one", parties=(LAB, GRN)), a_contest("x", parties=(CON, GRN)))
    assert told(a_council(both, one, other, continuing={LAB: 3, CON: 3}))[0] == (
        "At least 2 more of the 3 wards to come until it is certain."
    )
    split = wards("a", "b", parties=(LAB, CON))
    assert told(a_council(*split, continuing={LAB: 1, CON: 1, GRN: 0}))[0] == (
        "Not certain before the last of the 2 wards to come."
    )


def test_by_phone_no_ward_is_named() -> None:
    council = a_council(*wards("a", "b", "c", seats_up=2))
    assert told(council, a_tally({LAB: 2, CON: 1})) == [
        "A tally by phone does not say which are to come: at least 1 more ward until it is certain.",
        "LAB needs 2 of the 3 seats to come.",
        "CON needs all of the 3 seats to come.",
        "No overall control otherwise.",
    ]


def defended(eve: dict[str, int], control: str = CON, basis: str = "eve") -> list[str]:
    council = a_council(*wards(*"abcde"), continuing={CON: 3, LAB: 2}, baselines={basis: Baseline(basis, control, eve)})
    night, found = watched(council)
    return [it.text for it in defence_told(night.election, found)]


def test_what_each_defends_and_what_who_controls_can_lose() -> None:
    assert defended({CON: 7, LAB: 3}) == [
        "Defended: CON 4, LAB 1.",
        "CON had a majority of 4, and keeps control if it ends no more than 1 seat down.",
    ]
    assert defended({CON: 6, LAB: 4})[1:] == [
        "CON had a majority of 2, and does not keep control if it ends a seat down."
    ]
    assert defended({CON: 5, LAB: 5}, "NOC", "bbc") == [
        "Defended: LAB 3, CON 2, as the BBC reported it.",
        "Nobody had a majority: CON and LAB, with 5 each, were 1 seat short.",
    ]
    assert defended({CON: 4, LAB: 3, LD: 3}, "NOC")[1:] == [
        "Nobody had a majority: CON, the largest with 4, was 2 seats short."
    ]


def test_of_seats_without_a_poll_it_is_told_what_is_left_to_lose() -> None:
    def keeps(eve: dict[str, int], number: int) -> str:
        off = [replace(it, cancelled=Cancellation.POSTPONED, holder=(CON,)) for it in wards(*"abcde")[:number]]
        places = [*off, *wards(*"abcde")[number:]]
        council = a_council(*places, continuing={CON: 3, LAB: 2}, baselines={"eve": Baseline("eve", CON, eve)})
        night, found = watched(council)
        return list(defence_told(night.election, found))[-1].text

    assert keeps({CON: 8, LAB: 2}, 1) == (
        "CON had a majority of 6, and 1 of its seats has no poll: "
        "it keeps control if it ends no more than 1 seat further down."
    )
    assert keeps({CON: 7, LAB: 3}, 1) == (
        "CON had a majority of 4, and 1 of its seats has no poll: "
        "it does not keep control if it ends a further seat down."
    )
    assert keeps({CON: 7, LAB: 3}, 2) == (
        "CON had a majority of 4, and 2 of its seats have no poll: it has to gain 1 seat to keep control."
    )


def test_on_which_basis_it_is_defended_is_told_where_control_before_has_another() -> None:
    baselines = {"eve": Baseline("eve", None, {CON: 5, LAB: 5}), "bbc": Baseline("bbc", CON, None)}
    council = a_council(*wards(*"abcde"), continuing={CON: 3, LAB: 2}, baselines=baselines)
    night, found = watched(council)
    defended, _ = defence_told(night.election, found)
    assert defended.text == "Defended: LAB 3, CON 2, on the eve of poll."


def test_once_the_count_is_on_what_is_defended_is_not_told() -> None:
    places, eve = wards(*"abcde"), {"eve": Baseline("eve", CON, {CON: 7, LAB: 3})}
    council = a_council(*places, continuing={CON: 3, LAB: 2}, baselines=eve)
    night, found = watched(council, a_ward(places[0], LAB))
    assert list(defence_told(night.election, found)) == []


def test_a_lead_is_told_with_what_was_still_out() -> None:
    places = wards(*"abc")
    night = Night.before_first(an_election(a_council(*places)))
    night = night.fold([an_entry(seq, a_ward(ward, LAB)) for seq, ward in enumerate(places, 1)])
    (found,) = leads(night)
    sentence = lead_told(night.election, found)
    assert sentence.text == "Testshire was certain 1 minute before the last ward, C, with 1 seat still out."
    assert [(it.text, it.seq) for it in sentence.spans if it.seq] == [("certain 1 minute before", 2)]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0, "less than a minute"),
        (1, "1 minute"),
        (27, "27 minutes"),
        (60, "1 hour"),
        (125, "2 hours 5 minutes"),
        (1500, "25 hours"),
    ],
)
def test_minutes_and_hours(minutes: int, expected: str) -> None:
    assert duration(minutes) == expected


def test_how_many_are_undecided() -> None:
    def so_far(*councils: Council) -> str:
        election = an_election(*councils)
        return watched_so_far(election, to_watch(Night.before_first(election), CONVENTIONS["bbc"]))

    near = a_council(a_contest("a", council_id="near"), council_id="near")
    far = a_council(*(a_contest(it, council_id="far") for it in "abc"), council_id="far")
    safe = a_council(a_contest("a", council_id="safe"), council_id="safe", continuing={LAB: 9})
    assert so_far(safe) == "No council is undecided."
    assert so_far(near) == "1 council is undecided. A single ward could decide it."
    assert so_far(near, far) == "2 councils are undecided. A single ward could decide 1 of them."
    assert so_far(far) == "1 council is undecided."


def test_kent_at_some_points_as_anybody_can_check_it_by_hand() -> None:
    """Seats of Dover and Canterbury as they were declared; 32 and 39 seats, lines 17 and 20."""
    found = {}
    for publication, at in zip(kent(), (100, 277), strict=True):
        night = publication.night
        found[at] = {it.state.council_id: it for it in to_watch(night, CONVENTIONS["bbc"])}, night
    at_100, night = found[100]
    dover = at_100["dover"]
    assert dict(dover.state.seats) == {LAB: 12, CON: 7}
    assert [needs_told(night.election, dover, it).text for it in dover.contenders] == [
        "LAB needs 5 of the 12 seats it can still win.",
        "CON needs 10 of the 13 seats it can still win.",
    ]
    sevenoaks = at_100["sevenoaks"]
    assert (dict(sevenoaks.state.seats)[CON], sevenoaks.state.majority) == (25, 28)
    assert nearness_told(night.election, sevenoaks).text == (
        "Ash and New Ash Green; Brasted Chevening and Sundridge; or Fawkham and West Kingsdown could decide it."
    )
    at_the_end, night = found[277]
    assert at_the_end == {}
    texts = [lead_told(night.election, it).text for it in leads(night)]
    assert texts[0] == (
        "Tunbridge Wells was certain 1 hour 54 minutes before the last ward, Southborough and High Brooms, "
        "with 9 seats still out."
    )
    assert "Medway was certain 27 minutes before the last ward, Watling, with 6 seats still out." in texts
