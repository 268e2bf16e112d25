"""The Kent elections of 4 May 2023, folded and held against what was published."""

from dataclasses import replace
from random import Random

import pytest

from app.api.values import council_detail_view, scoreboard_view
from app.domain.contest import ContestState
from app.domain.control import Majority, NoOverallControl, Undecided
from app.domain.council import Before
from app.domain.declarations import Correction, Entry, WardDeclaration, Withdrawal
from app.domain.election import NO_OVERALL_CONTROL, ControlSpell
from app.domain.night import Night
from app.domain.ticker import LineKind
from app.wording.control import badge, flash_line, flash_of
from app.wording.ticker import ticker_text

CON, LAB, LD, GRN, IND = "PP52", "PP53", "PP90", "PP63", "ynmp-party:2"

PUBLISHED = {
    # council: line, control, seats, majority over all others, badge by the BBC's convention and by PA's
    "ashford": (24, None, {"CON": 19, "LAB": 11, "ASHI": 9, "GRN": 8}, None, "NOC hold", "NOC hold"),
    "canterbury": (20, None, {"LAB": 18, "LD": 9, "CON": 8, "GRN": 4}, None, "NOC hold", "NOC hold"),
    "dover": (17, LAB, {"LAB": 17, "CON": 14, "IND": 1}, 2, "LAB gain from CON", "LAB gain from CON"),
    "folkestone-and-hythe": (
        16,
        None,
        {"GRN": 11, "LAB": 10, "CON": 5, "LD": 2, "IND": 2},
        None,
        "NOC hold",
        "NOC hold",
    ),
    "gravesham": (20, LAB, {"LAB": 22, "CON": 17}, 5, "LAB gain from NOC", "LAB gain from NOC"),
    "maidstone": (
        28,
        None,
        {"CON": 24, "LD": 12, "IND": 10, "LAB": 6, "GRN": 3},
        None,
        "NOC gain from CON",
        "NOC hold",
    ),
    "medway": (30, LAB, {"LAB": 33, "CON": 22, "IND": 4}, 7, "LAB gain from CON", "LAB gain from CON"),
    # The seats below are those the declarations add up to; published with them are Thanet's LAB 30 and
    # Tonbridge and Malling's CON 20, and that nobody has a majority in Tunbridge Wells.
    "thanet": (
        29,
        LAB,
        {"LAB": 30, "CON": 17, "GRN": 5, "THI": 3, "IND": 1},
        4,
        "LAB gain from NOC",
        "LAB gain from NOC",
    ),
    "tonbridge-and-malling": (
        23,
        None,
        {"CON": 20, "LD": 11, "GRN": 8, "LAB": 3, "IAK": 2},
        None,
        "NOC gain from CON",
        "NOC gain from CON",
    ),
    "tunbridge-wells": (
        25,
        None,
        {"LD": 17, "CON": 11, "TWA": 10, "LAB": 8, "IND": 2},
        None,
        "NOC hold",
        "NOC hold",
    ),
    # Nothing is at hand to hold these against: they keep what was computed from becoming something else unnoticed.
    "dartford": (22, CON, {"CON": 29, "LAB": 11, "GRN": 1, "RES": 1}, 16, "CON hold", "CON hold"),
    "sevenoaks": (28, CON, {"CON": 33, "LD": 14, "GRN": 4, "IND": 3}, 12, "CON hold", "CON hold"),
    "swale": (
        24,
        None,
        {"LAB": 15, "CON": 12, "SWI": 11, "LD": 5, "GRN": 3, "IND": 1},
        None,
        "NOC hold",
        "NOC hold",
    ),
}


@pytest.mark.parametrize("council_id", PUBLISHED)
def test_every_council_ends_as_it_was_published(kent, kent_night, council_id):
    line, party, seats, majority, bbc, pa = PUBLISHED[council_id]
    state = kent_night.councils[council_id]
    assert state.majority == line
    assert state.control == (Majority(party) if party else NoOverallControl())
    assert {kent.election.short(group): number for group, number in state.seats.items()} == seats
    assert state.majority_over_others == majority
    assert badge(kent.election, state.comparisons["bbc"]) == bbc
    assert badge(kent.election, state.comparisons["pa"]) == pa
    assert state.is_complete


def test_every_council_is_held_against_something(kent):
    assert set(PUBLISHED) == set(kent.election.councils)


def test_the_identity_holds_in_every_council_after_every_entry(kent, kent_log):
    night = Night.before_first(kent.election)
    _assert_identity(night)
    for entry in kent_log:
        night, _ = night.apply(entry)
        _assert_identity(night, entry.council_id)


def test_what_is_certain_stays_certain(kent, kent_log):
    night = Night.before_first(kent.election)
    for entry in kent_log:
        before = night.councils[entry.council_id]
        night, _ = night.apply(entry)
        after = night.councils[entry.council_id]
        if before.is_certain:
            assert after.control == before.control
            assert after.since == before.since


def test_needs_are_what_each_party_has_to_take_of_the_seats_to_come(kent, kent_log):
    night = Night.before_first(kent.election)
    for entry in kent_log:
        night, _ = night.apply(entry)
        state = night.councils[entry.council_id]
        for group, number in state.needs.items():
            assert 0 < number <= state.seats_to_come
            assert state.seats.get(group, 0) + number == state.majority


def test_ten_random_orders_end_in_the_same_night(kent, kent_log, kent_night):
    expected = _without_sequences(kent_night)
    for seed in range(10):
        shuffled = list(kent_log)
        Random(seed).shuffle(shuffled)
        log = [replace(entry, seq=seq) for seq, entry in enumerate(shuffled, start=1)]
        assert _without_sequences(Night.before_first(kent.election).fold(log)) == expected, f"seed {seed}"


def test_medway_is_certain_before_its_last_wards(kent, kent_log):
    night, change = _night_at_flash(kent, kent_log, "LAB gain Medway from CON")
    medway = night.councils["medway"]
    assert medway.control == Majority(LAB)
    assert (medway.contests_total - medway.contests_declared, medway.seats_to_come) == (2, 6)
    assert medway.seats[LAB] >= medway.majority == 30
    assert medway.majority_over_others is None, "there is no majority over others while seats are to come"
    assert medway.comparisons["bbc"].change is None, "half a council is not compared with a whole one"
    assert isinstance(change.before.control, Undecided)
    assert change.flipped("bbc")


def test_medway_has_new_boundaries_and_a_history(kent):
    medway = kent.election.councils["medway"]
    assert medway.boundary_change
    assert medway.total_seats == 59
    assert sum(medway.baselines["last"].seats.values()) == 55
    assert medway.baselines["last"].seats[CON] - (55 - medway.baselines["last"].seats[CON]) == 11
    assert medway.history == (ControlSpell("1998-04-01", "NOC"), ControlSpell("2003-05-01", CON))


def test_ashford_changes_are_not_the_same_by_both_conventions(kent_night):
    ashford = kent_night.councils["ashford"]
    assert ashford.largest == (CON,)
    bbc, pa = ashford.comparisons["bbc"], ashford.comparisons["pa"]
    assert (bbc.change_basis, bbc.change[GRN], bbc.change[CON]) == ("last", 6, -7)
    assert (pa.change_basis, pa.change[GRN], pa.change[CON]) == ("eve", 4, -4)


def test_maidstone_counts_its_continuing_seats_and_was_lost_or_not_by_convention(kent, kent_night):
    before = Night.before_first(kent.election).councils["maidstone"]
    assert (before.continuing, before.seats_to_come, before.vacant) == (37, 18, 0)
    maidstone = kent_night.councils["maidstone"]
    assert maidstone.comparisons["bbc"].before == Before(
        CON, "bbc", "BBC reported the Conservatives as having lost control on the night"
    )
    assert maidstone.comparisons["pa"].before == Before(
        "NOC", "eve", "Majority lost two weeks before the poll: 27 of 54 filled seats"
    )
    assert (
        flash_line(kent_night.election, maidstone.council, maidstone.comparisons["bbc"]) == "CON lose Maidstone to NOC"
    )
    assert flash_line(kent_night.election, maidstone.council, maidstone.comparisons["pa"]) == "Maidstone stays NOC"


def test_tunbridge_wells_elects_sixteen_of_forty_eight(kent):
    council = kent.election.councils["tunbridge-wells"]
    assert (council.total_seats, council.continuing_seats, council.seats_up) == (48, 32, 16)


def test_gravesham_had_exactly_half_on_the_eve_and_that_was_no_control(kent, kent_night):
    gravesham = kent.election.councils["gravesham"]
    assert gravesham.baselines["eve"].seats[LAB] * 2 == sum(gravesham.baselines["eve"].seats.values())
    assert gravesham.baselines["eve"].control == "NOC"
    state = kent_night.councils["gravesham"]
    assert (
        badge(kent.election, state.comparisons["bbc"])
        == badge(kent.election, state.comparisons["pa"])
        == "LAB gain from NOC"
    )
    assert state.comparisons["bbc"].change[LAB] == -2, "fewer seats, of a smaller council"
    assert LAB not in state.comparisons["pa"].change


def test_gravesham_against_2019_would_read_hold(kent, kent_log):
    against_2019 = replace(kent.election.conventions["bbc"], control=("last",))
    election = replace(kent.election, conventions={**kent.election.conventions, "bbc": against_2019})
    night = Night.before_first(election).fold(kent_log)
    assert badge(kent.election, night.councils["gravesham"].comparisons["bbc"]) == "LAB hold"


def test_folkestone_and_hythe_largest_is_green(kent_night):
    assert kent_night.councils["folkestone-and-hythe"].largest == (GRN,)


def test_dover_had_one_vacancy_on_the_eve(kent):
    dover = kent.election.councils["dover"]
    assert dover.baselines["eve"].seats[CON] == 20
    assert sum(dover.baselines["eve"].seats.values()) == dover.total_seats - 1


@pytest.mark.parametrize(
    ("ballot_id", "rank", "seats_up", "text"),
    [
        (
            "local.folkestone-and-hythe.north-downs-east.2023-05-04",
            6,
            3,
            "Council leader loses seat: Monk, D. (CON), North Downs East, Folkestone and Hythe",
        ),
        (
            "local.canterbury.chestfield.2023-05-04",
            4,
            2,
            "Council leader loses seat: Fitter-Harding, B. (CON), Chestfield, Canterbury",
        ),
    ],
)
def test_two_leaders_lose_their_seats(kent_night, ballot_id, rank, seats_up, text):
    result = kent_night.result(ballot_id)
    leader = next(candidate for candidate in result.candidates if candidate.candidacy.note == "Council leader")
    assert (leader.rank, leader.elected, result.contest.seats_up) == (rank, False, seats_up)
    assert text in [
        ticker_text(kent_night.election, line) for line in kent_night.tickers["bbc"] if line.kind is LineKind.LEADER
    ]


def test_the_leader_of_canterbury_lost_to_two_liberal_democrats(kent_night):
    chestfield = kent_night.result("local.canterbury.chestfield.2023-05-04")
    assert dict(chestfield.seats) == {LD: 2}


def test_the_last_seat_of_seasalter_went_by_lot_at_825_votes(kent_night):
    seasalter = kent_night.result("local.canterbury.seasalter.2023-05-04")
    tied = [candidate for candidate in seasalter.candidates if candidate.by_lot]
    assert [candidate.votes for candidate in tied] == [825, 825]
    assert [candidate.elected for candidate in tied] == [True, False]
    assert [candidate.rank for candidate in tied] == [seasalter.contest.seats_up, seasalter.contest.seats_up + 1]
    assert not any(candidate.joint for candidate in tied), "the drawn one counts as having one more vote"
    assert "Seasalter, Canterbury: a tie at 825 votes settled by lot for Cornell, C. (LAB)" in [
        ticker_text(kent_night.election, line) for line in kent_night.tickers["bbc"]
    ]


def test_every_ward_elects_those_whom_the_returning_officer_named(kent_log, kent_night):
    for entry in kent_log:
        elected = {candidate.candidacy.candidacy_id for candidate in kent_night.result(entry.ballot_id).elected}
        assert elected == set(entry.content.elected)


def test_the_scoreboard_sums_the_councils(kent_night):
    for key in ("bbc", "pa"):
        rows = {row["party_id"]: row for row in scoreboard_view(kent_night, kent_night.election.conventions[key])}
        assert sum(row["councils"] for row in rows.values()) == 13
        assert sum(row["councils_change"] for row in rows.values()) == 0
        assert sum(row["seats"] for row in rows.values()) == sum(
            council.seats_up for council in kent_night.election.councils.values()
        )
        for group, row in rows.items():
            states = [it for it in kent_night.councils.values() if it.comparisons[key].change is not None]
            changed = sum((it.comparisons[key].change or {}).get(group, 0) for it in states)
            is_there = group == NO_OVERALL_CONTROL or any(group in it.council.parties for it in states)
            assert row["seats_change"] == (changed if is_there else None)
    assert kent_night.scoreboards["bbc"].compared_seats == 13
    assert kent_night.scoreboards["pa"].compared_seats == 7, "six councils have no composition on the eve"


def test_correcting_a_ward_so_that_a_seat_changes_hands_moves_everything(kent, kent_log, kent_night):
    """Dover's majority is one seat: with one fewer it has none."""
    wrong = _dover_ward_that_labour_won_from_the_conservatives(kent_log, kent_night)
    votes, loser, winner = _votes_exchanged(kent_night, wrong)
    correction = Correction(wrong.seq, "The two were exchanged", WardDeclaration(wrong.ballot_id, votes=votes))
    night, change = kent_night.apply(_next(kent_night, wrong, correction))

    result = night.result(wrong.ballot_id)
    elected = {candidate.candidacy.candidacy_id for candidate in result.elected}
    assert winner in elected
    assert loser not in elected
    dover = night.councils["dover"]
    assert (dover.seats[LAB], dover.seats[CON]) == (16, 15)
    assert dover.control == NoOverallControl()
    assert dover.since.seq == change.entry.seq
    assert badge(kent.election, dover.comparisons["bbc"]) == "NOC gain from CON"
    assert flash_of(kent.election, change, "bbc") == "CON lose Dover to NOC"
    assert change.flipped("bbc")
    assert _row(night, LAB)["councils"] == _row(kent_night, LAB)["councils"] - 1
    assert _row(night, "NOC")["councils"] == _row(kent_night, "NOC")["councils"] + 1
    assert _row(night, LAB)["seats"] == _row(kent_night, LAB)["seats"] - 1
    assert _row(night, CON)["seats_change"] == _row(kent_night, CON)["seats_change"] + 1
    gained = next(
        line for line in night.tickers["bbc"] if ticker_text(kent.election, line) == "LAB gain Dover from CON"
    )
    assert gained.withdrawn_by == change.entry, "readers are told that the flash held no more"
    _assert_identity(night)


def test_withdrawing_moves_everything_back(kent, kent_log, kent_night):
    """The ward is undeclared again, whether it was corrected before or not; declared again, all is as it was."""
    wrong = _dover_ward_that_labour_won_from_the_conservatives(kent_log, kent_night)
    without = Night.before_first(kent.election).fold(entry for entry in kent_log if entry != wrong)
    votes, _, _ = _votes_exchanged(kent_night, wrong)
    correction = Correction(wrong.seq, "The two were exchanged", WardDeclaration(wrong.ballot_id, votes=votes))
    corrected, change = kent_night.apply(_next(kent_night, wrong, correction))

    night, change = corrected.apply(_next(corrected, wrong, Withdrawal(change.entry.seq, "Declared too early")))
    assert _without_sequences(night) == _without_sequences(without)
    assert night.result(wrong.ballot_id).state is ContestState.AWAITING
    assert isinstance(night.councils["dover"].control, Undecided)
    assert badge(kent.election, night.councils["dover"].comparisons["bbc"]) is None
    assert change.flipped("bbc")
    assert flash_of(kent.election, change, "bbc") is None
    _assert_identity(night)

    again, change = night.apply(_next(night, wrong, wrong.declaration))
    assert _without_sequences(again) == _without_sequences(kent_night)
    assert flash_of(kent.election, change, "bbc") == "LAB gain Dover from CON"


def _assert_identity(night, council_id=None):
    for state in [night.councils[council_id]] if council_id else night.councils.values():
        parts = (state.continuing, state.declared_seats, state.seats_to_come, state.vacant)
        assert sum(parts) == state.council.total_seats, state.council_id
        assert min(parts) >= 0


def _without_sequences(night):
    """Everything shown of a night, but for when it was entered."""

    def plain(value):
        if isinstance(value, dict):
            return {key: plain(of) for key, of in value.items() if key not in {"seq", "since_seq", "history"}}
        return [plain(of) for of in value] if isinstance(value, list) else value

    conventions = night.election.conventions.values()
    councils = [
        council_detail_view(night.election, state, convention)
        for state in night.councils.values()
        for convention in conventions
    ]
    return plain(councils), [scoreboard_view(night, convention) for convention in conventions], night.progress


def _night_at_flash(kent, log, flash):
    night = Night.before_first(kent.election)
    for entry in log:
        night, change = night.apply(entry)
        if flash_of(kent.election, change, "bbc") == flash:
            return night, change
    raise AssertionError(flash)


def _dover_ward_that_labour_won_from_the_conservatives(log, night):
    for entry in log:
        if entry.council_id == "dover":
            first_loser = next(
                candidate for candidate in night.result(entry.ballot_id).candidates if not candidate.elected
            )
            if first_loser.group == CON and night.result(entry.ballot_id).seats.get(LAB):
                return entry
    raise AssertionError


def _votes_exchanged(night, entry):
    """The votes of ``entry`` with those of a Labour winner and of the first loser, a Conservative, exchanged."""
    result = night.result(entry.ballot_id)
    winner = next(candidate.candidacy.candidacy_id for candidate in result.elected if candidate.group == LAB)
    loser = next(candidate.candidacy.candidacy_id for candidate in result.candidates if not candidate.elected)
    votes = dict(entry.content.votes)
    votes[winner], votes[loser] = votes[loser], votes[winner]
    return votes, winner, loser


def _next(night, about, declaration):
    return Entry(night.seq + 1, about.at, declaration, about.council_id, about.ballot_id)


def _row(night, group):
    rows = scoreboard_view(night, night.election.conventions["bbc"])
    return next(row for row in rows if row["party_id"] == group)
