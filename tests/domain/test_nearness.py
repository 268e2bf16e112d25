"""How near to certain a council is: the bounds are those of control itself."""

from hypothesis import given
from hypothesis import strategies as some

from app.domain.declarations import WardDeclaration
from app.domain.election import Cycle
from app.domain.nearness import can_decide, decides_control, seats_to_certainty
from app.domain.night import Night
from tests.builders import CON, LAB, LD, a_contest, a_council, a_tally, a_ward, an_election, an_entry

PARTIES = (LAB, CON, LD)
WARDS = tuple(a_contest(name, seats_up=1, parties=PARTIES) for name in ("a", "b", "c", "d", "e"))
ELECTION = an_election(a_council(*WARDS))
NIGHT = Night.before_first(ELECTION)


def after(*winners: str) -> Night:
    """The first wards are declared, each for somebody."""
    entries = (
        an_entry(number, a_ward(ward, winner, *(it for it in PARTIES if it != winner)))
        for number, (ward, winner) in enumerate(zip(WARDS, winners, strict=False), 1)
    )
    return NIGHT.fold(list(entries))


def told(night: Night) -> tuple[int | None, bool]:
    state = night.councils["testshire"]
    return seats_to_certainty(ELECTION, state), can_decide(ELECTION, state, state.contests[WARDS[-1].ballot_id])


def test_before_the_first_three_seats_decide() -> None:
    assert told(NIGHT) == (3, False)


def test_one_seat_short_of_the_line_the_next_ward_can_decide() -> None:
    assert told(after(LAB, LAB)) == (1, True)


def test_the_ward_that_takes_the_last_chance_away_can_decide_too() -> None:
    assert told(after(LAB, CON, LD)) == (1, False), "whoever takes the next still needs one"
    assert told(after(LAB, CON, LD, LAB)) == (1, True), "Labour needs it; whoever else wins it, nobody controls"


def test_where_control_is_certain_nothing_decides() -> None:
    assert told(after(LAB, LAB, LAB)) == (None, False)


def test_under_a_tally_no_ward_decides() -> None:
    night = NIGHT.fold([an_entry(1, a_tally({LAB: 2, CON: 1}, complete=False))])
    assert told(night) == (1, False)


def test_where_nobody_knows_who_stands_everybody_may_win() -> None:
    wards = tuple(a_contest(name, seats_up=1, parties=()) for name in ("a", "b"))
    election = an_election(a_council(*wards))
    state = Night.before_first(election).councils["testshire"]
    assert not can_decide(election, state, state.contests[wards[0].ballot_id])
    night = Night.before_first(election).fold([an_entry(1, WardDeclaration(wards[0].ballot_id, seats={LAB: 1}))])
    state = night.councils["testshire"]
    assert can_decide(election, state, state.contests[wards[1].ballot_id])


@given(winners=some.lists(some.sampled_from(PARTIES), max_size=4))
def test_a_ward_can_decide_exactly_where_some_winner_of_it_does(winners: list[str]) -> None:
    night = after(*winners)
    state = night.councils["testshire"]
    ward = WARDS[len(winners)]
    outcomes = [after(*winners, winner).councils["testshire"].is_certain for winner in PARTIES]
    assert can_decide(ELECTION, state, state.contests[ward.ballot_id]) == (any(outcomes) and not state.is_certain)


def test_neither_by_elections_apart_nor_an_office_among_councils_decide_who_controls_one() -> None:
    kinds = {"ordinary": Cycle.ALL, "apart": Cycle.BY, "mayor": Cycle.SINGLE}
    councils = [
        a_council(a_contest("only", council_id=name, by=cycle is Cycle.BY), council_id=name, cycle=cycle)
        for name, cycle in kinds.items()
    ]
    night = Night.before_first(an_election(*councils))
    assert {name for name, state in night.councils.items() if decides_control(night.election, state)} == {"ordinary"}
