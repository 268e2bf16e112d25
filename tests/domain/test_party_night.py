"""A night as one party has it: sums of the same councils, what it took and lost, where it leads, what was close."""

import pytest

from app.domain.election import Baseline, Cycle
from app.domain.errors import NotKnown, UnknownGroup
from app.domain.night import Night
from app.domain.party_night import PartyNight, SeatsMoved, most_moved, party_night
from app.process.turns import at_once
from app.wording.party_night import party_sentences
from tests.builders import CON, GRN, LAB, LD, a_contest, a_council, a_ward, an_election, an_entry
from tests.wording.odd_nights import by_elections_only


def a_night_of(*councils, declared=()) -> Night:
    election = an_election(*councils)
    return Night.before_first(election).fold(an_entry(seq, it, election) for seq, it in enumerate(declared, 1))


def night_of(group, *councils, declared=(), convention="bbc") -> PartyNight:
    return at_once(party_night(a_night_of(*councils, declared=declared), group, convention))


def a_small_council(name, before=CON, **fields):
    """Of two wards, all its seats up, with two seats of CON before."""
    wards = [a_contest(it, council_id=name.lower()) for it in ("one", "two")]
    baselines = {"eve": Baseline("eve", before, {before: 2}), "last": Baseline("last", before, {before: 2})}
    return a_council(*wards, council_id=name.lower(), name=name, baselines=baselines, **fields)


UP, DOWN, FAR = (a_small_council(name, region=region) for name, region in (("Up", "N"), ("Down", "S"), ("Far", "S")))


def won(council, *winners):
    return [a_ward(contest, winner) for contest, winner in zip(council.contests, winners, strict=False)]


def test_seats_and_their_change_are_of_the_same_councils():
    party = night_of(LAB, UP, DOWN, declared=[*won(UP, LAB, LAB), *won(DOWN, LAB)])
    assert (party.sums.tally.seats, party.sums.tally.seats_compared, party.sums.change) == (3, 2, 2)
    assert (party.sums.covers, party.sums.is_of_all) == ((1, 2), False)
    complete = night_of(LAB, UP, DOWN, declared=[*won(UP, LAB, LAB), *won(DOWN, LAB, CON)])
    assert (complete.sums.change, complete.sums.is_of_all) == (3, True)


def test_who_is_in_no_council_that_can_be_compared_has_no_change_and_is_told_none():
    other = a_council(a_contest("far", council_id="z", parties=[LD]), council_id="z")
    won_all = [*won(UP, LAB, LAB), a_ward(other.contests[0], LD)]
    night = a_night_of(UP, other, declared=won_all)
    party = at_once(party_night(night, LD, "bbc"))
    assert (party.sums.covers, party.sums.change) == ((1, 2), None)
    assert party_sentences(night, party)[0] == "Liberal Democrats: 1 seat; there is no comparison."
    half = a_night_of(UP, DOWN, other, declared=won_all)
    told = party_sentences(half, at_once(party_night(half, LD, "bbc")))
    assert told[0] == "Liberal Democrats: 1 seat so far."


def test_without_a_council_that_can_be_compared_there_is_no_change():
    party = night_of(LAB, UP, declared=won(UP, LAB))
    assert (party.sums.change, party.moved) == (None, ())


def test_what_it_took_held_and_lost_holds_still():
    results = [*won(UP, LAB, LAB), *won(DOWN, CON, CON)]
    labour, conservative = (night_of(it, UP, DOWN, declared=results) for it in (LAB, CON))
    assert [(it.council_id, it.seq) for it in labour.gained] == [("up", 2)]
    assert labour.lost == ()
    assert [it.council_id for it in conservative.lost] == ["up"]
    assert (conservative.sums.hands.held, conservative.sums.hands.lost) == (("down",), ("up",))


def test_it_leads_where_control_is_undecided_and_has_most_where_nobody_has_a_majority():
    results = [*won(UP, LAB), *won(DOWN, LAB, CON)]
    party = night_of(LAB, UP, DOWN, FAR, declared=results)
    assert [it.council_id for it in party.leads] == ["up"]
    assert [it.council_id for it in party.largest] == ["down"]
    assert night_of(GRN, UP, DOWN, FAR, declared=results).leads == ()


def test_seats_that_moved_are_ranked_and_none_is_cut_off_among_equals():
    results = [*won(UP, LAB, LAB), *won(DOWN, LAB, CON), *won(FAR, LAB, CON)]
    moved = night_of(LAB, UP, DOWN, FAR, declared=results).moved
    assert [(it.state.council_id, it.change) for it in moved] == [("up", 2), ("down", 1), ("far", 1)]
    assert [len(most_moved(moved, most)) for most in (1, 2, 3, 4)] == [1, 3, 3, 3]
    assert most_moved([], 2) == []
    lost = night_of(CON, UP, DOWN, FAR, declared=results).moved
    assert [it.change for it in lost] == [-1, -1, -2]
    assert isinstance(lost[0], SeatsMoved)


def test_a_win_and_a_loss_are_between_parties():
    wards = [a_contest(name, parties=(LAB, CON), seats_up=1) for name in ("north", "south")]
    own = a_contest("own", parties=(LAB, CON), seats_up=3)
    party = night_of(
        LAB, a_council(*wards, own), declared=[a_ward(wards[0], LAB), a_ward(wards[1], CON), a_ward(own, LAB, LAB, LAB)]
    )
    assert [row.result.contest.name for row in party.wins] == ["North", "Own"]
    assert [row.result.contest.name for row in party.losses] == ["South"]


def test_a_seat_that_would_have_gone_to_the_same_party_is_neither_a_close_win_nor_a_loss():
    ward = a_contest("own", parties=(LAB,), seats_up=1)
    two = a_contest("two", parties=(LAB, LD), seats_up=2)
    party = night_of(LAB, a_council(ward, two), declared=[a_ward(ward, LAB)])
    assert (party.wins, party.losses) == ((), ())


def test_regions_add_up_to_all_and_one_alone_is_none():
    results = [*won(UP, LAB, LAB), *won(DOWN, LAB), *won(FAR, CON, CON)]
    party = night_of(LAB, UP, DOWN, FAR, declared=results)
    assert list(party.regions) == ["N", "S"]
    assert sum(it.tally.seats for it in party.regions.values()) == party.sums.tally.seats == 3
    assert [it.covers for it in party.regions.values()] == [(1, 1), (1, 2)]
    assert night_of(LAB, DOWN, FAR, declared=[]).regions == {}


def test_by_elections_are_counted_one_by_one_and_beside_councils_apart():
    alone = at_once(party_night(by_elections_only(), LAB, "bbc"))
    assert alone.apart is None
    assert alone.sums.covers.of == sum(it.contests_total for it in by_elections_only().councils.values())
    by = a_contest("dale", council_id="elsewhere", by=True)
    elsewhere = a_council(by, council_id="elsewhere", cycle=Cycle.BY)
    both = night_of(LAB, UP, elsewhere, declared=[a_ward(by, LAB), *won(UP, LAB)])
    assert (both.sums.tally.seats, both.sums.covers.of) == (1, 1)
    assert both.apart is not None
    assert (both.apart.tally.seats, both.apart.covers.of) == (1, 1)


def test_a_party_is_named_by_id_or_short_name_and_a_stranger_is_not_known():
    election = an_election(a_council(a_contest("north")))
    assert election.group_named(LAB) == election.group_named("LAB") == LAB
    with pytest.raises(UnknownGroup, match="no party “Nobody”"):
        election.group_named("Nobody")
    assert issubclass(UnknownGroup, NotKnown)
