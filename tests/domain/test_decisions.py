"""The decisions of a night: what became certain when, and what no longer holds."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain.catalogue import alterations
from app.domain.checks import hard_findings
from app.domain.declarations import CatalogueChange, Correction, Withdrawal
from app.domain.election import Baseline, ControlSpell, Convention, Cycle
from app.domain.holders import Holders
from app.domain.night import Night
from tests.builders import (
    CON,
    CONVENTIONS,
    LAB,
    a_contest,
    a_council,
    a_ward,
    an_election,
    an_entry,
)
from tests.domain.nights import elections, statements
from tests.domain.test_properties import entries, revised

NORTH, SOUTH = a_contest("north"), a_contest("south")
WHERE = {"council_id": "testshire", "ballot_id": NORTH.ballot_id}


def told(night, convention="bbc"):
    """The decisions: entry, council or ward, now, before, and the entry that undid them; newest first."""
    return [
        (it.seq, it.ballot_id or it.council_id, *it.holders, it.undone_by.seq if it.undone_by else None)
        for it in night.decisions[convention]
    ]


def a_night(*contests, **council):
    other = a_council(a_contest("far", council_id="elsewhere"), council_id="elsewhere", eve=None)
    return Night.before_first(an_election(a_council(*contests, **council), other))


def test_a_gain_tells_who_from_whom_when_and_how_the_council_stood_then():
    night = a_night(NORTH, eve=CON, history=(ControlSpell("1998-05-07", LAB), ControlSpell("2003-05-01", CON)))
    night, _ = night.apply(an_entry(1, a_ward(NORTH, LAB), **WHERE))
    (decision,) = night.decisions["bbc"]
    assert (decision.council_id, decision.holders, decision.seq) == ("testshire", Holders(LAB, CON), 1)
    assert decision.is_flip
    assert decision.holds
    assert decision.at == an_entry(1, a_ward(NORTH, LAB)).at
    assert decision.state.seats == {LAB: 1}
    assert decision.state.first_since is not None
    assert decision.state.first_since.year == 2003


def test_a_hold_is_a_decision_and_no_flip():
    night, _ = a_night(NORTH, eve=CON).apply(an_entry(1, a_ward(NORTH, CON), **WHERE))
    assert [it.is_flip for it in night.decisions["bbc"]] == [False]


def test_what_cannot_be_compared_is_no_decision():
    night, _ = a_night(NORTH, eve=None).apply(an_entry(1, a_ward(NORTH, CON), **WHERE))
    assert night.decisions["bbc"] == ()


def test_an_entry_that_decides_nothing_leaves_the_very_same_decisions():
    before = a_night(NORTH, SOUTH, eve=CON)
    after, _ = before.apply(an_entry(1, a_ward(NORTH, LAB), **WHERE))
    assert after.decisions["bbc"] is before.decisions["bbc"]


def test_a_correction_that_gives_control_to_another_undoes_the_first_and_decides_anew():
    night = a_night(NORTH, eve=CON)
    night = night.fold(
        [an_entry(1, a_ward(NORTH, LAB), **WHERE), an_entry(2, Correction(1, "Bundles", a_ward(NORTH, CON)), **WHERE)]
    )
    assert told(night) == [(2, "testshire", CON, CON, None), (1, "testshire", LAB, CON, 2)]


def test_a_withdrawal_undoes_once_and_what_was_undone_stays_so():
    night = a_night(NORTH, eve=CON)
    night = night.fold(
        [
            an_entry(1, a_ward(NORTH, LAB), **WHERE),
            an_entry(2, Withdrawal(1, "Another ward"), **WHERE),
            an_entry(3, a_ward(NORTH, LAB), **WHERE),
            an_entry(4, Withdrawal(3, "Again"), **WHERE),
        ]
    )
    assert told(night) == [(3, "testshire", LAB, CON, 4), (1, "testshire", LAB, CON, 2)]


def test_what_is_certain_before_the_first_entry_has_none():
    night = a_night(NORTH, continuing={LAB: 5}, total_seats=6, eve=CON)
    assert told(night) == [(0, "testshire", LAB, CON, None)]
    assert night.decisions["bbc"][0].at is None


def test_each_convention_has_its_own():
    baselines = {"bbc": Baseline("bbc", control=LAB), "eve": Baseline("eve", control=CON)}
    night, _ = a_night(NORTH, baselines=baselines).apply(an_entry(1, a_ward(NORTH, LAB), **WHERE))
    assert told(night, "bbc") == [(1, "testshire", LAB, LAB, None)]
    assert told(night, "pa") == [(1, "testshire", LAB, CON, None)]


def under(night, new):
    """The night after a change of the catalogue to ``new``."""
    return night.apply(an_entry(night.seq + 1, CatalogueChange("Wrong", alterations(night.election, new), new)))[0]


def test_a_catalogue_that_mends_what_stood_before_undoes_the_decision_and_makes_another():
    night, _ = a_night(NORTH, eve=CON).apply(an_entry(1, a_ward(NORTH, LAB), **WHERE))
    mended = replace(night.election.council("testshire"), baselines={"eve": Baseline("eve", control="NOC")})
    new = replace(night.election, councils={**night.election.councils, "testshire": mended})
    assert told(under(night, new)) == [(2, "testshire", LAB, "NOC", None), (1, "testshire", LAB, CON, 2)]


def test_a_council_that_a_catalogue_takes_away_is_decided_no_more():
    night, _ = a_night(NORTH, eve=CON).apply(an_entry(1, a_ward(NORTH, LAB), **WHERE))
    new = replace(night.election, councils={"elsewhere": night.election.council("elsewhere")})
    assert told(under(night, new)) == [(1, "testshire", LAB, CON, 2)]


def test_a_convention_that_a_catalogue_brings_has_the_decisions_that_stand():
    night, _ = a_night(NORTH, eve=CON).apply(an_entry(1, a_ward(NORTH, LAB), **WHERE))
    other = Convention("other", "Other", control=("eve",), seats=("eve",))
    night = under(night, replace(night.election, conventions={**CONVENTIONS, "other": other}))
    assert told(night, "other") == [(2, "testshire", LAB, CON, None)]
    assert told(night, "bbc") == [(1, "testshire", LAB, CON, None)]


# Seats ----------------------------------------------------------------------------------------------------------------


def seats_night():
    """A parliament of three seats, one of which nobody contests."""
    held = [a_contest(ward, holder=(CON,)) for ward in ("north", "south")]
    return Night.before_first(an_election(a_council(*held, eve=CON)))


def test_in_one_body_alone_each_seat_that_changes_hands_is_a_decision():
    night, _ = seats_night().apply(an_entry(1, a_ward(NORTH, LAB), **WHERE))
    assert told(night) == [(1, NORTH.ballot_id, LAB, CON, None)]
    assert night.decisions["bbc"][0].subject == ("testshire", NORTH.ballot_id)


def test_a_seat_that_is_held_is_none_and_one_that_is_held_after_all_is_undone():
    night = seats_night().fold(
        [an_entry(1, a_ward(NORTH, LAB), **WHERE), an_entry(2, Correction(1, "Bundles", a_ward(NORTH, CON)), **WHERE)]
    )
    assert told(night) == [(1, NORTH.ballot_id, LAB, CON, 2)]


def test_seats_of_one_council_among_others_are_no_decisions():
    night, _ = a_night(a_contest("north", holder=(CON,)), SOUTH, eve=None).apply(
        an_entry(1, a_ward(NORTH, LAB), **WHERE)
    )
    assert night.decisions["bbc"] == ()


def test_by_elections_alone_are_of_seats_and_not_beside_councils():
    apart = a_council(a_contest("far", council_id="elsewhere", by=True), council_id="elsewhere", cycle=Cycle.BY)
    others = [a_council(a_contest("near", council_id=name), council_id=name) for name in ("ashire", "bshire")]
    assert an_election(apart).is_of_seats
    assert not an_election(apart, *others).is_of_seats


# Of values alone ------------------------------------------------------------------------------------------------------


@given(st.data())
def test_those_that_hold_are_the_councils_that_have_a_badge_whatever_was_declared(data: st.DataObject) -> None:
    election = data.draw(elections())
    night = Night.before_first(election)
    for entry in revised(data, election, entries(election, data.draw(statements(election, with_tallies=True)))):
        if not hard_findings(night, entry):
            night, _ = night.apply(entry)
    for key in election.conventions:
        standing = {it.council_id: it.holders for it in night.decisions[key] if it.holds and it.ballot_id is None}
        badges = {council_id: state.comparisons[key].holders for council_id, state in night.councils.items()}
        assert standing == {council_id: holders for council_id, holders in badges.items() if holders is not None}
