"""Councils to watch: who can still control them, with which wards, in which order, and how early it was certain."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.domain.declarations import Correction, Declaration, StatusDeclaration, StatusValue, Withdrawal
from app.domain.election import Baseline, Cancellation, Cycle, Election
from app.domain.night import Night
from app.domain.to_watch import CouncilToWatch, WatchOrder, lead, leads, order_of, to_watch
from tests.builders import (
    CON,
    CONVENTIONS,
    GRN,
    LAB,
    LD,
    POLLS_CLOSED,
    a_contest,
    a_council,
    a_tally,
    a_ward,
    an_election,
    an_entry,
)

BBC, PA = CONVENTIONS["bbc"], CONVENTIONS["pa"]
WARDS = [a_contest(name, parties=(LAB, CON, LD)) for name in ("a", "b", "c", "d", "e")]
A, B, C, D, E = WARDS


def after(election: Election, *declarations: Declaration) -> Night:
    return Night.before_first(election).fold([an_entry(seq, it) for seq, it in enumerate(declarations, 1)])


def only(night: Night) -> CouncilToWatch:
    (watched,) = to_watch(night, BBC)
    return watched


def needs(watched: CouncilToWatch) -> dict[str, tuple[int, int]]:
    return {it.group: (it.needs, it.can_take) for it in watched.contenders}


def wards(watched: CouncilToWatch, group: str) -> list[tuple[str, int, int]]:
    (contender,) = [it for it in watched.contenders if it.group == group]
    return [(place.contest.ward, place.most, place.needed) for place in contender.places]


def names(watched: CouncilToWatch) -> list[str]:
    return [contest.ward for contest in watched.deciding]


# What each needs, and where


def test_one_ward_can_decide_for_the_one_and_two_for_the_other() -> None:
    night = after(an_election(a_council(*WARDS)), a_ward(A, LAB), a_ward(B, LAB), a_ward(C, CON))
    watched = only(night)
    assert needs(watched) == {LAB: (1, 2), CON: (2, 2)}
    assert wards(watched, LAB) == [("D", 1, 0), ("E", 1, 0)]
    assert wards(watched, CON) == [("D", 1, 1), ("E", 1, 1)]
    assert (watched.at_least, names(watched), watched.can_be_nobody) == (1, ["D", "E"], True)


def test_a_ward_where_a_party_does_not_stand_gives_it_nothing() -> None:
    green = a_contest("green", parties=(CON, GRN))
    watched = only(after(an_election(a_council(A, B, green)), a_ward(A, LAB)))
    assert wards(watched, LAB) == [("B", 1, 1)]
    assert wards(watched, CON) == [("B", 1, 1), ("Green", 1, 1)]
    assert names(watched) == ["B"], "after Green alone Labour can still get there"


def test_a_party_takes_no_more_than_it_has_candidates() -> None:
    big = a_contest("big", seats_up=3, candidacies=(*a_contest("big", seats_up=3).candidacies[:1], *B.candidacies))
    watched = only(after(an_election(a_council(big, continuing={LAB: 3, CON: 2})), *[]))
    assert needs(watched) == {LAB: (2, 2)}
    assert wards(watched, LAB) == [("Big", 2, 2)]


def test_where_two_alone_stand_for_the_last_seat_one_of_them_will_control() -> None:
    last = a_contest("last")
    watched = only(after(an_election(a_council(last, continuing={LAB: 1, CON: 1}))))
    assert not watched.can_be_nobody
    assert (watched.at_least, names(watched)) == (1, ["Last"])


def test_unopposed_wards_are_in_and_where_nominations_are_unknown_anybody_may_win() -> None:
    safe = a_contest("safe", parties=(CON,), cancelled=Cancellation.EQUAL_CANDIDATES)
    unknown = a_contest("unknown", parties=(), seats_up=2)
    watched = only(after(an_election(a_council(safe, unknown, total_seats=4))))
    assert needs(watched) == {CON: (2, 2)}
    assert wards(watched, CON) == [("Unknown", 2, 2)]
    assert watched.can_be_nobody


def test_a_ward_that_was_postponed_fills_no_seat_and_decides_nothing() -> None:
    postponed = StatusDeclaration(StatusValue.POSTPONED, ballot_id=E.ballot_id)
    watched = only(after(an_election(a_council(*WARDS)), a_ward(A, LAB), a_ward(B, LAB), postponed))
    assert watched.state.vacant == 1
    assert wards(watched, LAB) == [("C", 1, 0), ("D", 1, 0)]
    assert needs(watched) == {LAB: (1, 2)}


def test_by_phone_nobody_knows_which_wards_are_to_come() -> None:
    big = [a_contest(name, seats_up=3, parties=(LAB, CON, LD)) for name in ("a", "b", "c")]
    watched = only(after(an_election(a_council(*big)), a_tally({LAB: 3, CON: 1})))
    assert needs(watched) == {LAB: (2, 5), CON: (4, 5), LD: (5, 5)}
    assert all(not it.places for it in watched.contenders)
    assert (watched.at_least, watched.deciding, watched.can_be_nobody) == (1, (), True)


def test_by_phone_between_two_alone_one_of_them_will_control() -> None:
    pair = [a_contest(name) for name in ("a", "b", "c")]
    assert not only(after(an_election(a_council(*pair)), a_tally({LAB: 1, CON: 1}))).can_be_nobody


def test_where_no_ward_takes_the_chances_of_all_at_once_it_takes_two() -> None:
    both, one, other = a_contest("both"), a_contest("one", parties=(LAB, GRN)), a_contest("other", parties=(CON, GRN))
    watched = only(after(an_election(a_council(both, one, other, continuing={LAB: 3, CON: 3}))))
    assert needs(watched) == {LAB: (2, 2), CON: (2, 2)}
    assert (watched.at_least, names(watched), watched.can_be_nobody) == (2, [], True)


# Which councils, and in which order


def a_country(**expected: Any) -> Election:
    """Councils that are further and further from certain, with a council for which nothing but an office is up."""
    three = [a_contest(name, council_id="three", parties=(LAB, CON, LD)) for name in "abc"]
    two = [a_contest(name, council_id="two", parties=(LAB, CON, LD)) for name in "ab"]
    one = [a_contest(name, council_id="one", parties=(LAB, CON, LD)) for name in "ab"]
    return an_election(
        a_council(*three, council_id="three", region="North"),
        a_council(*two, council_id="two", continuing={LAB: 1}, region="South", **expected),
        a_council(*one, council_id="one", continuing={LAB: 1}, region="North", name="Aone"),
        a_council(a_contest("m", council_id="mayor"), council_id="mayor", cycle=Cycle.SINGLE),
        a_council(a_contest("x", council_id="apart", by=True), council_id="apart", cycle=Cycle.BY, total_seats=30),
        a_council(a_contest("s", council_id="safe"), council_id="safe", continuing={LAB: 9}),
    )


def ids(night: Night, region: str = "") -> list[str]:
    return [it.state.council_id for it in to_watch(night, BBC, region)]


def test_the_nearest_comes_first_and_of_equals_that_of_which_most_is_known() -> None:
    assert ids(after(a_country())) == ["one", "two", "three"], "by name where all else is equal"
    assert ids(after(a_country(expected_at=POLLS_CLOSED))) == ["two", "one", "three"], "as it is expected sooner"
    nearer = after(a_country(), a_ward(a_contest("a", council_id="three", parties=(LAB, CON, LD)), LAB))
    assert ids(nearer) == ["one", "three", "two"]


def test_a_region_has_its_own_councils_alone() -> None:
    assert ids(after(a_country()), "North") == ["one", "three"]
    assert ids(after(a_country()), "Nowhere") == []


def test_once_all_is_in_there_is_nothing_to_watch() -> None:
    assert to_watch(after(an_election(a_council(A)), a_ward(A, LAB)), BBC) == ()


# Before the count


def a_defended(eve: dict[str, int], **fields: Any) -> Election:
    return an_election(
        a_council(*WARDS, continuing={CON: 3, LAB: 2}, baselines={"eve": Baseline("eve", CON, eve)}, **fields)
    )


def test_before_the_count_it_is_told_what_each_defends_and_can_lose() -> None:
    defence = only(after(a_defended({CON: 7, LAB: 3}))).defence
    assert defence is not None
    assert (defence.basis, defence.seats_up) == ("eve", {CON: 4, LAB: 1})
    assert (defence.controls, defence.majority, defence.can_lose) == (CON, 4, 1)


def no_poll(eve: dict[str, int], *holders: str) -> Night:
    """Five of ten seats are up, one of which for each holder has no poll."""
    off = [
        replace(ward, cancelled=Cancellation.CANDIDATE_DEATH, holder=(holder,) if holder else ())
        for ward, holder in zip(WARDS, holders, strict=False)
    ]
    baselines = {"eve": Baseline("eve", CON, eve)}
    council = a_council(*off, *WARDS[len(off) :], continuing={CON: 3, LAB: 2}, baselines=baselines)
    return after(an_election(council))


def test_seats_without_a_poll_are_not_among_those_that_can_be_lost() -> None:
    for holders, seats_up, can_lose, to_change in (
        ((LAB,), {CON: 4}, 1, 2),
        ((CON,), {CON: 3, LAB: 1}, 0, 1),
        ((CON, CON), {CON: 2, LAB: 1}, -1, 0),
    ):
        watched = only(no_poll({CON: 7, LAB: 3}, *holders))
        assert watched.defence is not None
        assert (watched.defence.seats_up, watched.defence.can_lose) == (seats_up, can_lose)
        assert (watched.defence.majority, watched.seats_to_change) == (4, to_change)


def test_the_largest_is_further_off_by_its_seats_without_a_poll() -> None:
    watched = only(no_poll({CON: 5, LAB: 4, LD: 1}, CON))
    assert watched.defence is not None
    assert (watched.defence.short, watched.seats_to_change) == (1, 2)


def test_whose_seat_has_no_poll_has_to_be_known_and_among_those_up() -> None:
    assert only(no_poll({CON: 7, LAB: 3}, "")).defence is None
    assert only(no_poll({CON: 7, LAB: 3}, GRN)).defence is None


def test_a_poll_that_is_put_off_on_the_night_is_without_one_as_well() -> None:
    held = replace(E, holder=(CON,))
    council = a_council(
        A, B, C, D, held, continuing={CON: 3, LAB: 2}, baselines={"eve": Baseline("eve", CON, {CON: 7, LAB: 3})}
    )
    put_off = StatusDeclaration(StatusValue.POSTPONED, ballot_id=E.ballot_id)
    assert [only(after(an_election(council), *it)).seats_to_change for it in ([], [put_off])] == [2, 1]


def test_where_nobody_had_a_majority_it_is_how_far_off_the_largest_were() -> None:
    defence = only(after(a_defended({CON: 5, LAB: 5}))).defence
    assert defence is not None
    assert (defence.seats_up, defence.controls, defence.can_lose) == ({CON: 2, LAB: 3}, None, None)
    assert (defence.largest, defence.most, defence.short) == ((CON, LAB), 5, 1)


def test_an_umbrella_is_never_the_largest() -> None:
    election = a_defended({CON: 3, LAB: 2, GRN: 5})
    others = replace(election.parties[GRN], umbrella=True)
    election = replace(election, parties={**election.parties, GRN: others})
    defence = only(after(election)).defence
    assert defence is not None
    assert (defence.largest, defence.most, defence.short) == ((CON,), 3, 3)


def test_nobody_is_said_to_defend_what_cannot_be_compared() -> None:
    assert only(after(a_defended({CON: 7, LAB: 3}, boundary_change=True))).defence is None
    assert only(after(a_defended({CON: 2, LAB: 8}))).defence is None, "members have changed sides"
    assert only(after(a_defended({CON: 10}))).defence is None, "nor did all who continue sit there"
    assert only(after(a_defended({CON: 9, LAB: 8}))).defence is None, "it had more seats then"
    assert only(after(an_election(a_council(*WARDS)))).defence is None, "nobody knows who sat where"


def test_what_is_defended_stays_known_once_the_count_is_on() -> None:
    election = a_defended({CON: 7, LAB: 3})
    assert not only(after(election)).is_begun
    for begun in (after(election, a_ward(A, LAB)), after(election, a_tally({CON: 4, LAB: 2}))):
        assert only(begun).is_begun
        assert only(begun).seats_to_change == 2


def test_nearest_to_changing_hands_is_where_fewest_seats_would_do_it() -> None:
    eves = {
        "safe": {CON: 8, LAB: 2},
        "slim": {CON: 6, LAB: 4},
        "hung": {CON: 5, LAB: 3, LD: 2},
        "far": {CON: 4, LAB: 4},
    }
    councils = [
        a_council(
            *(a_contest(ward, council_id=name, parties=(LAB, CON, LD)) for ward in "abcde"),
            council_id=name,
            continuing={CON: 3, LAB: 2},
            baselines={"eve": Baseline("eve", CON, {**eve, GRN: 10 - sum(eve.values())})},
            boundary_change=name == "far",
        )
        for name, eve in eves.items()
    ]
    found = to_watch(after(an_election(*councils)), BBC, order=order_of("hands"))
    near = [(it.state.council_id, it.seats_to_change) for it in found]
    assert near == [("hung", 1), ("slim", 1), ("safe", 3), ("far", None)]
    assert order_of("anything") is WatchOrder.CERTAIN


# How early it was certain


def minutes(night: Night) -> int | None:
    found = lead(night.councils["testshire"])
    return None if found is None else found.minutes


def test_the_lead_is_from_the_ward_that_made_it_certain_to_the_last_and_is_told_once_that_is_in() -> None:
    election = an_election(a_council(*WARDS))
    won = [a_ward(ward, LAB) for ward in WARDS]
    assert [minutes(after(election, *won[:number])) for number in range(6)] == [None] * 5 + [2]
    found = lead(after(election, *won).councils["testshire"])
    assert found is not None
    assert (found.since.seq, found.last.seq, found.since.seats_to_come) == (3, 5, 2)


def test_minutes_are_those_of_the_times_that_are_shown() -> None:
    election = an_election(a_council(*WARDS))
    times = ("21:00:00", "21:10:00", "21:22:49", "21:35:00", "21:49:33")
    log = [
        an_entry(seq, a_ward(ward, LAB), at=datetime.fromisoformat(f"2023-05-04T{time}+00:00"))
        for seq, (ward, time) in enumerate(zip(WARDS, times, strict=True), 1)
    ]
    assert minutes(Night.before_first(election).fold(log)) == 27


def test_a_ward_that_made_it_certain_itself_as_the_last_leaves_no_lead() -> None:
    won = [a_ward(ward, party) for ward, party in zip(WARDS, (LAB, CON, LAB, CON, LD), strict=True)]
    assert minutes(after(an_election(a_council(*WARDS)), *won)) is None


def test_what_was_certain_before_the_first_entry_has_no_lead() -> None:
    safe = an_election(a_council(A, continuing={LAB: 9}))
    assert minutes(after(safe, a_ward(A, CON))) is None


def test_corrections_later_do_not_make_a_ward_come_later_but_one_that_was_withdrawn_does() -> None:
    election = an_election(a_council(*WARDS))
    won: list[Declaration] = [a_ward(ward, LAB) for ward in WARDS]
    assert minutes(after(election, *won, Correction(5, "Two bundles", a_ward(E, LD)))) == 2
    night = after(election, *won).fold(
        [
            an_entry(6, Withdrawal(5, "Another ward"), council_id="testshire", ballot_id=E.ballot_id),
            an_entry(7, a_ward(E, LD)),
        ]
    )
    assert minutes(night) == 4


def test_what_is_withdrawn_or_corrected_leaves_untouched_since_when_control_stands() -> None:
    election = an_election(a_council(*WARDS))
    won = [a_ward(ward, LAB) for ward in WARDS]
    withdrawn = an_entry(6, Withdrawal(1, "Another ward"), council_id="testshire", ballot_id=A.ballot_id)
    again = after(election, *won).fold([withdrawn, an_entry(7, a_ward(A, LAB))])
    corrected = after(election, *won, Correction(2, "Two bundles", a_ward(B, LD)))
    for night, last in ((again, A), (corrected, E)):
        state = night.councils["testshire"]
        found = lead(state)
        assert found is not None
        assert (found.since, found.contest) == (state.since, last)
        assert (found.since.seq, found.since.seats_to_come) == (3, 2)


def test_a_ward_that_was_withdrawn_and_declared_again_is_not_behind_itself() -> None:
    won = [a_ward(ward, LAB) for ward in WARDS]
    withdrawn = an_entry(6, Withdrawal(3, "Another ward"), council_id="testshire", ballot_id=C.ballot_id)
    night = after(an_election(a_council(*WARDS)), *won).fold([withdrawn, an_entry(7, a_ward(C, LAB))])
    assert minutes(night) is None


def test_of_a_complete_tally_the_last_ward_is_not_known() -> None:
    night = after(an_election(a_council(*WARDS)), a_ward(A, LAB), a_tally({LAB: 3, CON: 2}, complete=True))
    assert minutes(night) is None


def test_a_poll_of_weeks_later_is_not_the_last_of_the_night() -> None:
    dead = a_contest("dead", cancelled=Cancellation.CANDIDATE_DEATH)
    election = an_election(a_council(*WARDS, dead))
    night = after(election, *(a_ward(ward, LAB) for ward in WARDS))
    assert minutes(night) == 1
    night, _ = night.apply(an_entry(6, a_ward(dead, CON), at=POLLS_CLOSED + timedelta(days=40)))
    assert minutes(night) == 1


def test_one_that_was_announced_before_it_was_certain_leaves_no_lead() -> None:
    election = an_election(a_council(A, B, C))
    log = [an_entry(1, a_ward(A, LAB)), an_entry(2, a_ward(B, LAB)), an_entry(3, a_ward(C, CON), at=POLLS_CLOSED)]
    assert minutes(Night.before_first(election).fold(log)) is None


def test_the_longest_lead_comes_first() -> None:
    def council(name: str, wards: int) -> list[Any]:
        return [a_contest(str(number), council_id=name, parties=(LAB, CON)) for number in range(wards)]

    short, long = council("short", 3), council("long", 5)
    election = an_election(
        a_council(*short, council_id="short", region="North"), a_council(*long, council_id="long", region="South")
    )
    night = after(election, *(a_ward(ward, LAB) for ward in (*short, *long)))
    assert [it.state.council_id for it in leads(night)] == ["long", "short"]
    assert [it.state.council_id for it in leads(night, "North")] == ["short"]
