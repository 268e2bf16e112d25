from datetime import UTC, datetime, timedelta

import pytest

from app.domain.contest import Turnout
from app.domain.declarations import Correction, StatusDeclaration, StatusValue, Withdrawal
from app.domain.election import Baseline, Cancellation, Contest, ControlSpell, Council, Cycle, Election
from app.domain.night import Night
from app.wording import sentences
from tests.builders import (
    CON,
    GRN,
    IND,
    LAB,
    LD,
    SHORTS,
    a_ballot,
    a_contest,
    a_council,
    a_tally,
    a_ward,
    an_election,
    an_entry,
)
from tests.pages.edges import a_night_at_the_edges

SIX = datetime(2023, 5, 5, 5, 22, tzinfo=UTC)


def after(council: Council, *declarations: object, at: datetime | None = None) -> tuple[Election, object, object]:
    """The election, the council's state and its comparison under the default convention."""
    election = an_election(council)
    night = Night.before_first(election)
    for seq, declaration in enumerate(declarations, 1):
        when = {} if at is None else {"at": at}
        night, _ = night.apply(an_entry(seq, declaration, council_id=council.council_id, **when))
    state = night.councils[council.council_id]
    return election, state, state.comparisons["bbc"]


def five_wards(**fields: object) -> tuple[Council, list[Contest]]:
    wards = [a_contest(f"w{number}", seats_up=3, parties=(LAB, CON, LD)) for number in range(5)]
    return a_council(*wards, name="Medway", **fields), wards


# Figures and times


def test_times_are_in_the_elections_zone_with_its_name():
    assert sentences.clock(an_election(), SIX) == "06:22 BST"
    assert sentences.clock_briefly(an_election(), SIX) == "06:22"
    assert sentences.zone_name(an_election()) == "BST"


def test_from_the_second_day_of_the_count_times_have_a_weekday():
    assert sentences.clock(an_election(), SIX + timedelta(days=1)) == "Sat 06:22 BST"
    assert sentences.clock_briefly(an_election(), SIX + timedelta(days=1)) == "Sat 06:22"


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (-1, "06:22 BST"),
        (0, "06:22 BST"),
        (5, "Wed 06:22 BST"),
        (6, "11 May 2023 06:22 BST"),
        (98, "11 Aug 2023 06:22 BST"),
        (240, "31 Dec 2023 05:22 GMT"),
    ],
)
def test_a_weekday_alone_is_for_the_week_of_the_poll(days, told):
    """Rule 22. The first of them is the morning before polling day, six the seventh day after it."""
    assert sentences.clock(an_election(), SIX + timedelta(days=days)) == told


def test_in_a_column_under_one_zone_a_time_in_another_names_it():
    assert sentences.clock_briefly(an_election(), SIX + timedelta(days=98)) == "11 Aug 2023"
    assert sentences.clock_briefly(an_election(), SIX + timedelta(days=240)) == "31 Dec 2023"


def test_where_the_time_counts_it_stays_beside_the_date():
    told = [sentences.clock_without_zone(an_election(), SIX + timedelta(days=days)) for days in (0, 1, 98, 240)]
    assert told == ["06:22", "Sat 06:22", "11 Aug 2023 06:22", "31 Dec 2023 05:22"]


@pytest.mark.parametrize(
    ("number", "text"), [(6, "+6"), (-7, "\N{MINUS SIGN}7"), (0, "0"), (-1200, "\N{MINUS SIGN}1,200")]
)
def test_signs_are_true_ones(number, text):
    assert sentences.signed(number) == text


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (22, "22nd")]
)
def test_ordinals(number, text):
    assert sentences.ordinal(number) == text


@pytest.mark.parametrize(
    ("parts", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists(parts, text):
    assert sentences.listed(parts) == text


# What a council is


def test_a_council_that_is_up_as_a_whole_says_so():
    council, _ = five_wards(kind="unitary", region="South East")
    assert sentences.description(SHORTS, council) == "Unitary authority, South East. All 15 seats up in 5 wards."


def test_a_council_by_thirds_says_how_many_seats_are_up():
    council = a_council(a_contest(), continuing={CON: 2}, cycle=Cycle.THIRDS)
    assert sentences.description(SHORTS, council) == "Council. Elects by thirds: 1 of 3 seats up in 1 ward."


def test_a_kind_that_has_no_wording_of_its_own_is_named():
    assert sentences.description(SHORTS, a_council(kind="parish")).startswith("Parish council.")


def test_history_while_nothing_is_decided_and_when_it_goes_on():
    history = (ControlSpell("1998-04-01", "NOC"), ControlSpell("2003-05-01", CON))
    council, wards = five_wards(history=history)
    assert sentences.history(*after(council)[:2]) == "CON since 2003; before that NOC from 1998"
    held = after(council, *(a_ward(ward, CON) for ward in wards))
    assert sentences.history(*held[:2]) == "CON since 2003; before that NOC from 1998"


def test_history_ends_when_somebody_else_controls():
    council, wards = five_wards(history=(ControlSpell("2003-05-01", CON),))
    lost = after(council, *(a_ward(ward, LAB) for ward in wards))
    assert sentences.history(*lost[:2]) == (
        "First LAB majority since 2003 at least. Before tonight CON had held it since 2003"
    )
    nobody, wards = five_wards(history=(ControlSpell("2003", "NOC"),))
    gained = after(nobody, *(a_ward(ward, LAB) for ward in wards))
    assert sentences.history(*gained[:2]) == (
        "First LAB majority since 2003 at least. Before tonight there had been no overall control since 2003"
    )


def test_no_history_is_no_sentence():
    assert sentences.history(*after(a_council())[:2]) is None


def test_boundary_changes_are_said_and_notional_figures_named():
    assert sentences.boundary_change(*after(a_council())) is None
    raw = after(a_council(boundary_change=True))
    assert sentences.boundary_change(*raw) == (
        "Boundaries have changed since the last election: seats then and now are not like for like."
    )
    ward = a_contest()
    council = a_council(ward, boundary_change=True, baselines={"notional": Baseline("notional", seats={CON: 1})})
    notional = after(council, a_ward(ward, LAB))
    assert "notional" in sentences.boundary_change(*notional)


# Where a council stands


def test_why_the_badge_says_what_it_says():
    council, wards = five_wards()
    state = after(council, *(a_ward(ward, LAB) for ward in wards[:3]), at=SIX)
    assert sentences.why(*state) == (
        "LAB passed the line of 8 at 06:22 BST with 6 seats still out, and is on 9 of 15 with 6 to come. "
        "CON held it before."
    )
    assert sentences.verdict(*state[:2]) == "Labour Party majority"
    over = after(
        council, *(a_ward(ward, LAB) for ward in wards[:3]), *(a_ward(ward, CON) for ward in wards[3:]), at=SIX
    )
    assert sentences.why(*over) == (
        "LAB passed the line of 8 at 06:22 BST with 6 seats still out, and finished on 9 of 15. CON held it before."
    )


def test_a_complete_majority_is_counted_over_everybody_else():
    council, wards = five_wards()
    state = after(council, *(a_ward(ward, LAB) for ward in wards[:3]), *(a_ward(ward, CON) for ward in wards[3:]))
    assert sentences.verdict(*state[:2]) == "Labour Party majority of 3"
    assert sentences.council_line(*state) == "LAB gain Medway from CON. LAB 9, CON 6 of 15 seats, a majority of 3"


def test_certain_with_the_last_seats():
    ward = a_contest()
    assert sentences.why(*after(a_council(ward), a_ward(ward, LAB), at=SIX)) == (
        "LAB passed the line of 1 at 06:22 BST with every seat in, and finished on 1 of 1. CON held it before."
    )


def test_certain_before_a_vote_is_counted_and_when_one_has_been():
    ward = a_contest()
    council = a_council(ward, a_contest("south"), continuing={CON: 8})
    assert sentences.why(*after(council)) == (
        "CON is safe before a vote is counted: 8 of 10, line 6, 2 seats to come. CON held it before."
    )
    assert sentences.why_briefly(*after(council)[:2]) == "Safe before a vote is counted"
    begun = after(council, a_ward(ward, LAB))
    assert sentences.why(*begun) == (
        "CON passed the line of 6 before a vote was counted, and is on 8 of 10 with 1 to come. CON held it before."
    )
    assert sentences.why_briefly(*begun[:2]) == "Safe before a vote was counted"
    phoned = after(council, a_tally({CON: 9}))
    assert sentences.why(*phoned).startswith("CON passed the line of 6 before a vote was counted, and is on 9 of 10")


def test_out_of_reach_before_during_and_at_the_end():
    wards = [a_contest(place, parties=(LAB, CON)) for place in ("a", "b")]
    level = a_council(*wards, continuing={CON: 4, LAB: 4, GRN: 4}, eve="NOC")
    end = "There was no overall control before."
    assert sentences.why(*after(level)) == (
        "Nobody can reach the line of 8, before a vote is counted; "
        f"CON, LAB and GRN largest with 4 each of 14, 2 seats to come. {end}"
    )
    assert sentences.why_briefly(*after(level)[:2]) == "Certain before a vote is counted"
    assert sentences.why(*after(level, *(a_ward(ward, CON) for ward in wards))) == (
        f"Nobody could reach the line of 8 even before a vote was counted; CON largest with 6 of 14. {end}"
    )
    council, wards = five_wards()
    thirds = [a_ward(ward, party) for ward, party in zip(wards, (LAB, LAB, CON, LD, LD), strict=True)]
    assert sentences.why(*after(council, *thirds[:4], at=SIX)).startswith("LAB 6 of 15, line 8, 3 seats to come.")
    assert sentences.why(*after(council, *thirds, at=SIX)) == (
        "Nobody had reached the line of 8 at 06:22 BST with every seat in; LAB and LD largest with 6 each of 15. "
        "CON held it before."
    )
    assert sentences.why_briefly(*after(council, *thirds)[:2]) == "LAB and LD largest with 6 each"
    spread = [a_ward(ward, LAB, CON, LD, votes=one_each(ward)) for ward in wards]
    told = "Nobody could reach the line of 8 any more at 06:22 BST with 3 seats still out; "
    assert sentences.why(*after(council, *spread[:4], at=SIX)) == (
        f"{told}CON, LAB and LD largest with 4 each of 15, 3 seats to come. CON held it before."
    )
    assert sentences.why(*after(council, *spread, at=SIX)) == (
        f"{told}CON, LAB and LD largest with 5 each of 15. CON held it before."
    )


def one_each(ward: Contest) -> dict[str, int]:
    """Votes by which the first candidates of every party are elected."""
    return {it.candidacy_id: 900 - 100 * int(it.candidacy_id[-1]) + n for n, it in enumerate(ward.candidacies)}


def test_an_undecided_council_says_what_each_party_needs():
    council, wards = five_wards()
    state = after(council, a_ward(wards[0], LAB), a_ward(wards[1], LAB), a_ward(wards[2], CON))
    assert sentences.needs_line(*state[:2]) == "LAB needs 2 of the 6 seats to come, CON 5"
    assert sentences.needs_briefly(*state[:2]) == "LAB needs 2, CON 5 of 6 to come"
    assert sentences.why(*state) == "LAB 6 of 15, line 8, 6 seats to come. CON held it before."
    assert sentences.verdict(*state[:2]) == "Control is undecided"
    assert sentences.council_line(*state) == (
        "Medway: 3 of 5 wards declared. LAB 6, CON 3 of 15 seats. LAB needs 2, CON 5 of 6 to come"
    )


@pytest.mark.parametrize(
    ("parties", "continuing", "briefly", "at_length"),
    [
        ((LAB, CON), {}, "LAB and CON need 6 each of 10 to come", "LAB and CON need 6 each of the 10 seats to come"),
        (
            (LAB, CON, LD),
            {},
            "LAB, CON and LD need 6 each of 10 to come",
            "LAB, CON and LD need 6 each of the 10 seats to come",
        ),
        (
            (LAB, CON, LD, GRN),
            {},
            "LAB, CON and 2 others need 6 each of 10 to come",
            "LAB, CON, LD and GRN need 6 each of the 10 seats to come",
        ),
        (
            (LAB, CON, LD, GRN),
            {LAB: 1},
            "LAB needs 5, CON and 2 others 6 each of 10 to come",
            "LAB needs 5 of the 10 seats to come, CON, LD and GRN 6 each",
        ),
        (
            (LAB, CON, LD, GRN, IND),
            {LAB: 1},
            "LAB needs 5, CON and 3 others 6 each of 10 to come",
            "LAB needs 5 of the 10 seats to come, CON, LD, GRN and IND 6 each",
        ),
        (
            (LAB, CON, LD),
            {LAB: 2, CON: 1},
            "LAB needs 5, CON 6 of 10 to come",
            "LAB needs 5 of the 10 seats to come, CON 6, LD 7",
        ),
    ],
)
def test_those_who_need_as_many_are_told_together_and_none_of_them_is_cut_off(parties, continuing, briefly, at_length):
    wards = [a_contest(f"w{place}", seats_up=5, parties=parties) for place in range(2)]
    state = after(a_council(*wards, continuing=continuing))[:2]
    assert (sentences.needs_briefly(*state), sentences.needs_line(*state)) == (briefly, at_length)


def test_the_last_seat():
    wards = [a_contest("a"), a_contest("b"), a_contest("c")]
    state = after(a_council(*wards), a_ward(wards[0], LAB), a_ward(wards[1], CON))[:2]
    assert sentences.needs_line(*state) == sentences.needs_briefly(*state) == "CON and LAB each need the last seat"
    alone = after(a_council(a_contest(), continuing={CON: 1, LAB: 1, LD: 2}, total_seats=5))[:2]
    assert sentences.needs_line(*alone) == sentences.needs_briefly(*alone) == ""
    one = after(a_council(a_contest(parties=(LAB,)), continuing={CON: 1, LAB: 1}))[:2]
    assert sentences.needs_line(*one) == sentences.needs_briefly(*one) == "LAB needs the last seat"
    crowd = after(a_council(a_contest(parties=(LAB, CON, LD, GRN, IND))))[:2]
    assert sentences.needs_briefly(*crowd) == "LAB, CON and 3 others each need the last seat"
    assert sentences.needs_line(*crowd) == "LAB, CON, LD, GRN and IND each need the last seat"


def test_a_party_may_need_every_seat_to_come():
    both = after(a_council(a_contest(seats_up=2, parties=(LAB,)), continuing={CON: 1}))[:2]
    assert sentences.needs_line(*both) == "LAB needs both seats to come"
    assert sentences.needs_briefly(*both) == "LAB needs both to come"
    three = after(a_council(a_contest(seats_up=3, parties=(LAB, CON)), continuing={LD: 2}))[:2]
    assert sentences.needs_line(*three) == "LAB and CON each need all 3 seats to come"


def test_before_the_first_result():
    council, _ = five_wards()
    state = after(council)
    assert sentences.verdict(*state[:2]) == "No result yet"
    assert sentences.why(*state).startswith("None of 15 seats in, line 8, 15 seats to come")
    assert sentences.council_line(*state).startswith("Medway: 0 of 5 wards declared. None of 15 seats in. ")


def test_nothing_is_needed_where_control_is_certain():
    state = after(a_council(a_contest(), continuing={CON: 8}))
    assert sentences.needs_line(*state[:2]) == sentences.needs_briefly(*state[:2]) == ""


def test_no_overall_control_names_the_largest_party():
    council, wards = five_wards()
    state = after(
        council,
        a_ward(wards[0], LAB),
        a_ward(wards[1], LAB),
        a_ward(wards[2], CON),
        a_ward(wards[3], LD),
        a_ward(wards[4], LD),
    )
    assert sentences.verdict(*state[:2]) == "No overall control"
    assert sentences.largest(*state[:2]) == "LAB and LD are level as the largest with 6 seats each"
    assert sentences.council_line(*state) == "CON lose Medway to NOC. LAB 6, LD 6, CON 3 of 15 seats"


def test_one_largest_party():
    council = a_council(a_contest(), continuing={CON: 2, LAB: 4, LD: 3})
    assert sentences.largest(*after(council)[:2]) == "LAB is the largest party with 4 seats"
    assert sentences.largest(*after(a_council())[:2]) is None


def test_nobody_can_reach_the_line_any_more():
    council = a_council(a_contest(), continuing={CON: 4, LAB: 4, LD: 4})
    assert sentences.no_longer_possible(after(council)[1]) == "Nobody can reach 7 any more."
    assert sentences.no_longer_possible(after(a_council())[1]) is None


def test_without_a_baseline_there_is_no_comparison():
    ward = a_contest()
    state = after(a_council(ward, eve=None), a_ward(ward, LAB))
    assert sentences.why(*state).endswith(". Who held it before is not known here.")
    assert sentences.change_missing(*state) == "No comparison: the seats before are not known on this basis."
    assert sentences.council_line(*state) == "Testshire: Labour Party majority of 1. LAB 1 of 1 seat"


def test_change_waits_until_every_seat_is_in_and_names_its_basis():
    ward = a_contest()
    council = a_council(ward, baselines={"last": Baseline("last", seats={CON: 1})})
    waiting = after(council)
    assert sentences.change_missing(*waiting) == "Change is shown once every seat is in."
    assert sentences.change_heading(SHORTS, waiting[2]) == "Change"
    complete = after(council, a_ward(ward, LAB))
    assert sentences.change_missing(*complete) is None
    assert sentences.change_heading(SHORTS, complete[2]) == "Change since the last election"


def test_vacant_seats_are_said():
    assert sentences.vacancies(SHORTS, after(a_council(total_seats=1))[1]) is None
    assert sentences.vacancies(SHORTS, after(a_council(total_seats=2))[1]) == "1 seat is vacant"
    assert sentences.vacancies(SHORTS, after(a_council(total_seats=3))[1]) == "2 seats are vacant"


def test_the_source_is_the_wards_or_a_tally_with_its_time():
    council, wards = five_wards()
    assert sentences.source(*after(council, a_ward(wards[0], LAB))[:2]) == (
        "Seats counted from the wards: 1 of 5 wards declared."
    )
    phoned = after(council, a_tally({LAB: 4}, source="Press office"), at=SIX)
    assert sentences.source(*phoned[:2]) == (
        "Seats from an incomplete tally by phone, 06:22 BST, Press office. By wards, 0 of 5 wards declared."
    )


def test_a_tally_that_disagrees_is_said_with_which_of_the_two_stands():
    council, wards = five_wards()
    state = after(council, a_ward(wards[0], LAB), a_tally({CON: 15}, complete=True), at=SIX)
    assert sentences.disagreement(*state[:2]) == (
        "The count by wards does not agree with a tally by phone, 06:22 BST (CON 15): "
        "the tally stands, it accounts for more, and it is being checked."
    )
    both = after(council, a_tally({CON: 15}, complete=True), *(a_ward(ward, LAB) for ward in wards))
    assert "the wards stand" in sentences.disagreement(*both[:2])
    assert sentences.disagreement(*after(council)[:2]) is None


def test_the_status_of_a_council_until_every_seat_is_in():
    ward = a_contest()
    recount = StatusDeclaration(StatusValue.RECOUNT, council_id="testshire", note="two wards")
    assert sentences.council_status(*after(a_council(ward), recount, at=SIX)[:2]) == "Recount, 06:22 BST: two wards"
    plain = StatusDeclaration(StatusValue.DELAYED, council_id="testshire")
    assert sentences.council_status(*after(a_council(ward), plain, at=SIX)[:2]) == "Delayed, 06:22 BST"
    assert sentences.council_status(*after(a_council(ward), recount, a_ward(ward, LAB))[:2]) is None


# A contest


def result(ward: str, council: str = "thirds"):
    night = a_night_at_the_edges()
    return night.election, night.result(a_ballot(ward, council))


@pytest.mark.parametrize(
    ("ward", "council", "text"),
    [
        ("ward 9", "thirds", "Not declared yet"),
        ("counting", "thirds", "Counting"),
        ("recounted", "thirds", "Recount"),
        ("delayed", "thirds", "Delayed, still to come tonight"),
        ("ward 1", "thirds", "Declared 23:14 BST"),
        ("corrected", "thirds", "Declared 23:03 BST, corrected 23:04 BST"),
        ("withdrawn", "thirds", "Not declared yet"),
        ("unopposed", "thirds", "Elected unopposed, no poll"),
        ("short", "unknown", "Elected unopposed, no poll; 2 seats stay vacant"),
        ("secret", "unknown", "Elected unopposed, no poll"),
        ("empty", "thirds", "No candidates: the seat stays vacant"),
        ("death", "thirds", "Poll countermanded after the death of a candidate: the seat is vacant until a later poll"),
        ("postponed", "thirds", "Poll countermanded: the seat is vacant until a later poll"),
    ],
)
def test_every_contest_says_where_it_is_in_words(ward, council, text):
    assert sentences.contest_status(*result(ward, council)) == text


def test_an_uncontested_ward_without_nominations_waits_for_names():
    contest = a_contest(parties=(), cancelled=Cancellation.EQUAL_CANDIDATES)
    night = Night.before_first(an_election(a_council(contest)))
    status = sentences.contest_status(night.election, night.result(contest.ballot_id))
    assert status == "Uncontested, no poll; who is elected has not been given yet"


def test_several_seats_that_nobody_stood_for():
    contest = a_contest(seats_up=2, parties=(), cancelled=Cancellation.NO_CANDIDATES)
    night = Night.before_first(an_election(a_council(contest)))
    status = sentences.contest_status(night.election, night.result(contest.ballot_id))
    assert status == "No candidates: 2 seats stay vacant"


def test_a_note_stands_with_its_status():
    assert sentences.status_note(*result("recounted")) == "Second recount, 3 votes in it (23:08 BST)"
    assert sentences.status_note(*result("delayed")) == "23:09 BST"
    assert sentences.status_note(*result("ward 1")) is None


def test_facts_of_a_contest_that_is_awaited():
    election, awaited = result("ward 9")
    facts = sentences.contest_facts(election, election.council("thirds"), awaited)
    assert facts == ("1 seat", "due about 06:30 BST")


@pytest.mark.parametrize(
    ("ward", "text"),
    [
        ("ward 9", "Not yet"),
        ("recounted", "Recount"),
        ("empty", "No candidates"),
        ("death", "Countermanded"),
        ("lot", "LAB 1, CON 1"),
    ],
)
def test_a_contest_in_a_few_words(ward, text):
    assert sentences.contest_summary(*result(ward)) == text


def test_turnout_says_when_it_is_only_announced():
    assert sentences.turnout_line(Turnout(22.351, counted=True)) == "Turnout 22.4%"
    assert sentences.turnout_line(Turnout(31.2, counted=False)) == "Turnout 31.2% as announced"
    assert sentences.turnout_line(None) is None


def test_a_lot_is_told_with_who_was_drawn_and_who_was_not():
    assert sentences.lot(*result("lot")) == (
        "Tie at 825 votes settled by lot: drawn CON 2 of lot (CON), not CON 1 of lot (CON)."
    )
    assert sentences.lot(*result("ward 1")) is None


def test_joint_places_are_left_as_they_are():
    joint = result("joint")[1]
    assert sentences.joint_places(joint) == ("Joint 2nd on 400 votes: CON 1 of joint and LD 1 of joint.",)


def test_lines_to_copy():
    election, lot = result("lot")
    council = election.council("thirds")
    assert sentences.contest_line(election, council, lot) == (
        "Lot (Aylesham, Eythorne and Shepherdswell): LAB 1, CON 1. "
        "Elected: LAB 1 of lot (LAB), 900; CON 2 of lot (CON), 825, by lot. Turnout 31.2% as announced"
    )
    unopposed = result("unopposed")[1]
    assert sentences.contest_line(election, council, unopposed).endswith(
        ": CON 1. Elected: CON 1 of unopposed (CON). Unopposed, no poll"
    )
    awaited = result("ward 9")[1]
    assert sentences.contest_line(election, council, awaited).endswith(": Not declared yet")


def test_seats_without_candidates_make_a_line_too():
    election, quiet = result("quiet", "unknown")
    assert sentences.contest_line(election, election.council("unknown"), quiet) == "Quiet (Unknown): CON 2, LAB 1"


def test_revisions_say_what_was_done_when_and_why():
    ward = a_ward(a_contest(), LAB)
    corrected = an_entry(2, Correction(1, "Swapped bundles", ward), at=SIX)
    assert sentences.revision(an_election(), corrected) == "Corrected 06:22 BST: Swapped bundles"
    withdrawn = an_entry(2, Withdrawal(1, "Wrong ward"), at=SIX)
    assert sentences.revision(an_election(), withdrawn) == "Withdrawn 06:22 BST: Wrong ward"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"ballots": 2478}, "2,478 ballot papers"),
        ({"ballots": 1}, "1 ballot paper"),
        ({"ballots": 2478, "rejected": 12}, "2,478 ballot papers, 12 of them rejected"),
        ({"rejected": 12}, "12 ballot papers rejected"),
        ({"valid": 2466, "rejected": 12}, "2,478 ballot papers, 12 of them rejected"),
        ({"valid": 2466}, "2,466 ballot papers counted"),
        ({}, None),
    ],
)
def test_papers(fields, text):
    assert sentences.papers(a_ward(a_contest(), LAB, **fields)) == text


def test_what_a_correction_did_to_control():
    election = an_election()
    assert sentences.control_changed(election, LAB, None) == "Control goes back from LAB to undecided."
    assert sentences.control_changed(election, LAB, "NOC") == "Control goes from LAB to NOC."
    assert sentences.control_changed(election, None, IND) == "Control goes from undecided to IND."


def test_seats_are_listed_with_short_names():
    assert sentences.seats_line(an_election(), {LAB: 33, GRN: 1}) == "LAB 33, GRN 1"
