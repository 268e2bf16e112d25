"""Receipts: what they count adds up to what is shown, and stands since the entry that they name."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain.catalogue import alterations
from app.domain.checks import hard_findings
from app.domain.declarations import CatalogueChange
from app.domain.election import NO_OVERALL_CONTROL, Baseline
from app.domain.night import Night, Progress
from app.domain.receipts import CountedKind, as_it_went, council_receipt, night_receipt, party_receipt
from app.domain.scoreboard import NO_TALLY, Tally
from tests.builders import CON, GRN, LAB, a_contest, a_council, a_ward, an_election, an_entry
from tests.domain.nights import elections, statements
from tests.domain.test_properties import entries, revised

NORTH, SOUTH = a_contest("north"), a_contest("south")


def nights(data):
    """A night after each of its entries, corrections and withdrawals among them, the first before any."""
    night = Night.before_first(data.draw(elections()))
    made = [night]
    for entry in revised(
        data, night.election, entries(night.election, data.draw(statements(night.election, with_tallies=True)))
    ):
        if not hard_findings(night, entry):
            night, _ = night.apply(entry)
            made.append(night)
    return made


def unbroken(made, figure):
    """The first entry from which ``figure`` of a night has been what it is after the last."""
    since = made[-1].seq
    for night in reversed(made):
        if figure(night) != figure(made[-1]):
            break
        since = night.seq
    return since


@given(st.data())
def test_what_is_counted_adds_up_to_what_is_shown(data):
    """Councils, rows of the scoreboard, and the figures of the night."""
    night = nights(data)[-1]
    for convention in night.election.conventions.values():
        for council_id in night.councils:
            assert_adds_up(council_receipt(night, council_id, convention))
        for group in (*night.election.groups, NO_OVERALL_CONTROL):
            receipt = party_receipt(night, group, convention)
            assert sum(receipt.parts.values(), NO_TALLY) == receipt.row
            assert receipt.row == night.scoreboards[convention.key].rows.get(group, NO_TALLY)
    receipt = night_receipt(night)
    progress, papers, electorate = Progress(), 0, 0
    for part, votes in receipt.parts.values():
        progress = progress.moved(Progress(), part)
        papers, electorate = papers + votes.papers, electorate + votes.electorate
    assert progress == receipt.progress == night.shown_progress
    assert (papers, electorate) == (night.votes.papers, night.votes.electorate)


def assert_adds_up(receipt):
    """To the seats of the council and to its change; and every entry that is counted is one of its own."""
    state, seats = receipt.state, Counter()
    for counted in receipt.counted:
        seats.update(counted.seats)
        assert not counted.seq or any(record.entry(counted.seq) for record in state.record.subjects.values())
        assert not counted.ballot_id or counted.ballot_id in state.council.contests_by_id
    assert +seats == Counter(state.seats)
    assert sum(it.to_come for it in receipt.counted) == state.seats_to_come
    assert sum(it.vacant for it in receipt.counted) == state.vacant
    assert {it.group: it.seats for it in receipt.seats if it.seats} == state.seats
    assert all(it.continuing + it.won == it.seats for it in receipt.seats)
    if receipt.comparison.change is not None:
        assert {it.group: it.change for it in receipt.seats if it.change} == receipt.comparison.change


@given(st.data())
def test_everything_stands_since_the_first_entry_from_which_it_is_unbroken(data):
    made = nights(data)
    last = made[-1]
    for key, convention in last.election.conventions.items():
        for council_id, state in last.councils.items():
            receipt = council_receipt(last, council_id, convention)
            assert receipt.since == unbroken(made, lambda it, council_id=council_id: it.councils[council_id].control)
            assert state.since is None or receipt.since == state.since.seq
            if receipt.change_since is not None:
                assert receipt.change_since == unbroken(
                    made, lambda it, council_id=council_id, key=key: it.councils[council_id].comparisons[key].change
                )
        for group in (*last.election.groups, NO_OVERALL_CONTROL):
            assert party_receipt(last, group, convention).since == unbroken(
                made, lambda it, group=group, key=key: it.scoreboards[key].rows.get(group, NO_TALLY)
            )
    assert night_receipt(last).since == unbroken(made, lambda it: it.shown_progress)


def a_night(**council):
    night = Night.before_first(an_election(a_council(NORTH, SOUTH, **council)))
    where = {"council_id": "testshire"}
    night, _ = night.apply(an_entry(1, a_ward(NORTH, LAB), ballot_id=NORTH.ballot_id, **where))
    return night.apply(an_entry(2, a_ward(SOUTH, LAB), ballot_id=SOUTH.ballot_id, **where))[0]


def test_wards_are_counted_each_with_the_entry_that_it_stands_at():
    receipt = council_receipt(a_night(), "testshire", a_night().election.chosen_convention(None))
    wards = [(it.ballot_id, it.seats, it.seq) for it in receipt.counted if it.kind is CountedKind.WARD]
    assert wards == [(NORTH.ballot_id, {LAB: 1}, 1), (SOUTH.ballot_id, {LAB: 1}, 2)]


def test_houses_differ_where_another_basis_has_another_control_or_other_seats():
    bases = {
        "bbc": Baseline("bbc", control=CON),
        "eve": Baseline("eve", control=LAB, seats={LAB: 2}),
        "last": Baseline("last", seats={CON: 2}),
    }
    night = a_night(baselines=bases)
    receipt = council_receipt(night, "testshire", night.election.conventions["bbc"])
    assert receipt.differs_in_control
    assert receipt.differs_in_seats
    row = party_receipt(night, CON, night.election.conventions["bbc"])
    assert row.differing == ("testshire",)
    assert row.changes["pa"] == (0, 0)
    assert row.row == Tally(councils_change=-1, seats_change=-2)


def test_houses_agree_where_they_compare_with_the_same():
    night = a_night(eve=LAB)
    receipt = council_receipt(night, "testshire", night.election.conventions["bbc"])
    assert not receipt.differs_in_control
    assert party_receipt(night, GRN, night.election.conventions["bbc"]).differing == ()


def under(night, council):
    """The night after a change of the catalogue, for a reason, to this council."""
    new = replace(night.election, councils={**night.election.councils, council.council_id: council})
    change = CatalogueChange("Wrong", alterations(night.election, new), new)
    return night.apply(an_entry(night.seq + 1, change))[0]


def test_a_badge_that_a_catalogue_mends_stands_since_that_entry_and_control_as_before():
    night = a_night(eve=CON)
    mended = replace(night.election.council("testshire"), baselines={"eve": Baseline("eve", control=LAB)})
    night = under(night, mended)
    receipt = council_receipt(night, "testshire", night.election.conventions["bbc"])
    assert receipt.since == 3
    assert receipt.state.since.seq == 2
    assert party_receipt(night, CON, night.election.conventions["bbc"]).since == 3


def test_a_council_that_a_catalogue_brings_begins_with_it():
    elsewhere = a_council(a_contest("far", council_id="elsewhere"), council_id="elsewhere")
    night = under(a_night(eve=CON), elsewhere)
    assert [seq for seq, _ in as_it_went(night, "elsewhere")] == [3]
    assert night_receipt(night).since == 3
