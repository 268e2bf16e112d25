"""Rankings of a night: who has the same figure shares a place, and each row names the entry that made it so."""

import pytest

from app.domain.declarations import Correction, WardDeclaration, Withdrawal
from app.domain.election import Baseline
from app.domain.errors import UnknownRanking
from app.domain.highlights import closest, leaders_out, seat_changes
from app.domain.night import Night
from app.domain.rankings import NOT_NARROWED, Ranking, RankingQuery, RankingTable, first_rows, ranking_table
from app.process.turns import at_once
from tests.builders import (
    CON,
    LAB,
    LD,
    a_ballot,
    a_candidacy,
    a_contest,
    a_council,
    a_tally,
    a_ward,
    an_election,
    an_entry,
)
from tests.wording.odd_nights import ODD, all_lots, all_unopposed, by_elections_only, by_preferences, one_seat

WARDS = [a_contest(name, parties=(LAB, CON), electorate=1000) for name in ("north", "south", "east", "west")]


def after(election, *declarations):
    return Night.before_first(election).fold(an_entry(seq, it) for seq, it in enumerate(declarations, 1))


def votes_of(contest, lab, con, **fields):
    votes = dict(zip(contest.candidacies_by_id, (lab, con), strict=True))
    return WardDeclaration(contest.ballot_id, votes=votes, **fields)


def a_night(*results, **fields):
    """The first wards of one council declared with these votes of LAB and CON."""
    declared = (votes_of(ward, *votes) for ward, votes in zip(WARDS, results, strict=False))
    return after(an_election(a_council(*WARDS, **fields)), *declared)


def table(night, ranking, query=NOT_NARROWED, convention="bbc") -> RankingTable:
    return at_once(ranking_table(night, ranking, convention, query.known_to(night.election)))


def places(found: RankingTable):
    return [(row.place, row.joint, row.result.contest.name if row.result else "", row.figure) for row in found.rows]


def test_equal_margins_share_a_place_and_the_next_counts_on_from_all_of_them():
    night = a_night((500, 490), (300, 290), (900, 100), (205, 200))
    assert places(table(night, Ranking.CLOSEST)) == [
        (1, False, "West", 5),
        (2, True, "North", 10),
        (2, True, "South", 10),
        (4, False, "East", 800),
    ]
    assert [row[0] for row in places(table(night, Ranking.SAFEST))] == [1, 2, 2, 4]
    assert [row.seq for row in table(night, Ranking.CLOSEST).rows] == [4, 1, 2, 3]


def test_nobody_is_cut_off_among_equals():
    rows = table(a_night((500, 490), (300, 290), (900, 100), (205, 200)), Ranking.CLOSEST).rows
    assert [len(first_rows(rows, most)) for most in (1, 2, 3, 4, 9)] == [1, 3, 3, 4, 4]
    out = table(by_preferences(), Ranking.OUT).rows
    assert first_rows(out, 1) == out


def test_a_close_result_concerns_both_sides_and_a_large_margin_the_winner_alone():
    night = a_night((500, 490), (100, 300))
    (row, _) = table(night, Ranking.CLOSEST).rows
    assert ([it.group for it in row.candidates], [it.group for it in row.behind]) == ([LAB], [CON])
    assert len(table(night, Ranking.CLOSEST, RankingQuery(party=LAB)).rows) == 2
    assert places(table(night, Ranking.SAFEST, RankingQuery(party="LAB"))) == [(1, False, "North", 10)]


def test_all_who_are_level_at_the_line_stand_on_either_side_of_it():
    two = a_contest("two", seats_up=2, parties=(LAB, CON))
    level = WardDeclaration(two.ballot_id, votes=dict(zip(two.candidacies_by_id, (90, 90, 80, 80), strict=True)))
    (row,) = table(after(an_election(a_council(two)), level), Ranking.CLOSEST).rows
    assert (len(row.candidates), len(row.behind), row.figure) == (2, 2, 10)


def test_the_first_of_the_closest_are_those_of_the_story():
    night = a_night((500, 490), (300, 290), (900, 100))
    told = closest(night.councils.values())
    found = table(night, Ranking.CLOSEST)
    assert [row.result for row in found.rows if row.place == 1] == list(told.results)
    assert found.covers == (told.of, 3)


@pytest.mark.parametrize("ranking", Ranking)
def test_before_the_first_declaration_nothing_is_ranked(ranking):
    assert table(a_night(), ranking).rows == ()
    assert table(a_night(), ranking).covers.contests == 0


def test_a_lot_leaves_no_margin_and_is_counted():
    found = table(all_lots(), Ranking.CLOSEST)
    assert (found.rows, found.covers, found.drawn) == ((), (0, 3), 3)


def test_the_uncontested_have_neither_margin_nor_turnout_and_are_elected():
    night = all_unopposed()
    assert table(night, Ranking.CLOSEST).covers == (0, 0)
    assert table(night, Ranking.HIGHEST_TURNOUT).rows == ()
    elected = table(night, Ranking.ELECTED)
    assert (len(elected.rows), elected.covers) == (7, (7, 7))
    assert {row.seq for row in elected.rows} == {0}


def test_first_preferences_have_no_margin_and_their_leaders_may_be_out():
    night = by_preferences()
    assert table(night, Ranking.CLOSEST).covers == (0, 1)
    assert [(row.candidates[0].candidacy.name, row.seq) for row in table(night, Ranking.OUT).rows] == [
        ("Ann Archer", 1),
        ("Dan Dean", 1),
    ]


def test_who_has_a_role_comes_first_and_then_the_order_of_the_log():
    people = {
        "north": (a_candidacy("north", LAB), a_candidacy("north", CON, name="Bob Butt", defends=True)),
        "south": (a_candidacy("south", LAB), a_candidacy("south", CON, name="Cat Cole", role="Council leader")),
    }
    wards = [a_contest(name, candidacies=both) for name, both in people.items()]
    night = after(an_election(a_council(*wards)), *(a_ward(it, LAB) for it in wards))
    found = table(night, Ranking.OUT)
    assert [row.candidates[0].candidacy.name for row in found.rows] == ["Cat Cole", "Bob Butt"]
    assert [row.place for row in found.rows] == [None, None]
    assert [row.candidates[0] for row in found.rows[:1]] == [
        it.candidate for it in leaders_out(night.councils.values())
    ]
    assert table(night, Ranking.OUT, RankingQuery(party=LAB)).rows == ()


def test_turnout_is_papers_by_electors_or_as_it_was_announced_and_never_a_sum_of_votes():
    night = after(
        an_election(a_council(*WARDS)),
        votes_of(WARDS[0], 300, 40, ballots=342),
        votes_of(WARDS[1], 300, 40, turnout=41.5),
        votes_of(WARDS[2], 300, 40),
    )
    found = table(night, Ranking.HIGHEST_TURNOUT)
    assert [(row.result.contest.name, row.figure, row.result.turnout.counted) for row in found.rows] == [
        ("South", 41.5, False),
        ("North", 34.2, True),
    ]
    assert found.covers == (2, 3)
    assert [row.result.contest.name for row in table(night, Ranking.LOWEST_TURNOUT).rows] == ["North", "South"]


def test_turnouts_that_read_the_same_share_a_place():
    wards = [a_contest(name, electorate=electors) for name, electors in (("a", 9_000), ("b", 9_001), ("c", 9_100))]
    night = after(an_election(a_council(*wards)), *(a_ward(it, LAB, ballots=3_000) for it in wards))
    found = table(night, Ranking.HIGHEST_TURNOUT)
    assert [(row.place, row.joint, row.figure) for row in found.rows] == [
        (1, True, 33.33),
        (1, True, 33.33),
        (3, False, 32.97),
    ]


BASELINE = {"eve": Baseline("eve", CON, {CON: 4}), "last": Baseline("last", CON, {CON: 3, LD: 1})}


def test_gains_are_of_councils_that_are_complete_by_the_convention_that_is_asked_for():
    half = a_night((9, 1), (9, 2), baselines=BASELINE)
    assert (table(half, Ranking.GAINS).rows, table(half, Ranking.GAINS).covers) == ((), (0, 1))
    whole = a_night((9, 1), (9, 2), (9, 3), (1, 9), baselines=BASELINE)
    (row,) = table(whole, Ranking.GAINS).rows
    assert (row.groups, row.figure, row.seq, row.place, row.result) == ({LAB}, 3, 4, 1, None)
    for convention in ("bbc", "pa"):
        gained = table(whole, Ranking.GAINS, convention=convention).rows
        changes = seat_changes(whole, convention)
        assert {(*row.groups,): row.figure for row in gained} == {(it,): n for it, n in changes.items() if n > 0}


def test_gains_of_a_tally_are_of_the_entry_that_told_it():
    election = an_election(a_council(*WARDS, baselines=BASELINE))
    night = after(election, votes_of(WARDS[0], 9, 1), a_tally({LAB: 3, CON: 1}, complete=True))
    (row,) = table(night, Ranking.GAINS).rows
    assert (row.figure, row.seq) == (3, 2)


def test_a_correction_ranks_anew_and_is_the_entry_that_is_named():
    election = an_election(a_council(*WARDS))
    swapped = Correction(1, "Two bundles were swapped.", votes_of(WARDS[0], 500, 499))
    night = after(election, votes_of(WARDS[0], 900, 100), votes_of(WARDS[1], 300, 290), swapped)
    assert [(row.figure, row.seq) for row in table(night, Ranking.CLOSEST).rows] == [(1, 3), (10, 2)]
    of_first = {"council_id": "testshire", "ballot_id": a_ballot("north")}
    night, _ = night.apply(an_entry(4, Withdrawal(3, "Another ward."), **of_first))
    assert [row.seq for row in table(night, Ranking.CLOSEST).rows] == [2]


def test_a_region_and_a_council_narrow_what_is_covered_and_a_party_does_not():
    far = a_contest("far", council_id="elsewhere")
    election = an_election(a_council(*WARDS, region="South"), a_council(far, council_id="elsewhere", region="North"))
    night = after(election, votes_of(WARDS[0], 9, 1), a_ward(far, LAB))
    assert table(night, Ranking.CLOSEST).covers == (2, 2)
    assert table(night, Ranking.CLOSEST, RankingQuery(region="North")).covers == (1, 1)
    assert table(night, Ranking.CLOSEST, RankingQuery(council="testshire")).covers == (1, 1)
    assert table(night, Ranking.SAFEST, RankingQuery(party=CON)).covers == (2, 2)
    assert table(night, Ranking.SAFEST, RankingQuery(party=CON)).rows == ()


def test_what_is_not_known_asks_for_nothing():
    known = RankingQuery("nobody", "Nowhere", "atlantis").known_to(an_election(a_council(*WARDS)))
    assert known == NOT_NARROWED
    with pytest.raises(UnknownRanking, match="no ranking “longest”"):
        Ranking.named("longest")


def test_an_office_and_by_elections_beside_councils_are_in_what_is_of_people_alone():
    night = one_seat()
    assert {row.state.council_id for row in table(night, Ranking.CLOSEST).rows} == {"one"}
    assert {row.state.council_id for row in table(night, Ranking.ELECTED).rows} == {"one", "mayor"}
    assert table(by_elections_only(), Ranking.CLOSEST).covers == (2, 2)
    (gain,) = table(by_elections_only(), Ranking.GAINS).rows
    assert (gain.state.council_id, gain.groups, gain.figure) == ("ashham", {LAB}, 1)


@pytest.mark.parametrize("night", ODD.values(), ids=ODD)
@pytest.mark.parametrize("ranking", Ranking)
def test_places_rise_with_the_figures_and_a_part_is_never_more_than_the_whole(night, ranking):
    found = table(night(), ranking)
    placed = [row.place for row in found.rows if row.place is not None]
    assert placed == sorted(placed)
    assert found.covers.contests <= found.covers.of
    assert all(row.seq <= night().seq for row in found.rows)
