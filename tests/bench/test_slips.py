"""The slips of the benchmark are those that people make, and the checks catch no fewer of them than they did."""

from random import Random

import pytest

from app.domain.night import Night
from bench import keying
from bench.keying import SLIPS, Keying
from bench.options import Options
from bench.slips import run
from tests.builders import CON, LAB, a_contest, a_council, an_election

NORTH, SOUTH = (a_contest(ward, parties=(LAB, CON), seats_up=2) for ward in ("north", "south"))

CAUGHT = {
    "dropped digit": [66.0, 83.0, 100.0],
    "doubled digit": [82.0, 98.0, 100.0],
    "transposed digits": [12.0, 45.0, 100.0],
    "two neighbours swapped": [20.0, 20.0, 20.0],
    "all shifted by a line": [43.0, 43.0, 43.0],
    "wrong ward": [42.0, 74.0, 100.0],
}
"""The percentage that is caught at least of each slip, in each way of keying: raised, never lowered."""


def announced(contest, *rows, **figures):
    votes = dict(zip(contest.candidacies_by_id, rows, strict=True))
    return {"kind": "ward", "ballot_id": contest.ballot_id, "votes": votes, **figures}


def a_keying(*rows, to_come=()):
    night = Night.before_first(an_election(a_council(NORTH, SOUTH)))
    return Keying(night, NORTH, announced(NORTH, *rows, turnout=30.0), to_come)


def rows_of(body):
    return [*body["votes"].values()]


def keyed(slip, *rows, **fields):
    return SLIPS[slip](a_keying(*rows, **fields), Random(1))


def test_a_digit_is_dropped_doubled_or_transposed():
    assert keying.dropped("105") == ["05", "15", "10"]
    assert keying.dropped("7") == [], "a number without digits is seen at once"
    assert keying.doubled("105") == ["1105", "1005", "1055"]
    assert keying.transposed("1005") == ["0105", "1050"]
    assert keying.transposed("77") == []


@pytest.mark.parametrize("slip", ["dropped digit", "doubled digit", "transposed digits"])
def test_a_slip_in_a_number_leaves_the_others(slip):
    true = [412, 398, 275, 261]
    assert sum(was != now for was, now in zip(true, rows_of(keyed(slip, *true)), strict=True)) == 1


def test_two_neighbours_are_swapped_or_all_are_a_line_further_down():
    assert rows_of(keyed("two neighbours swapped", 5, 5, 5, 7)) == [5, 5, 7, 5]
    assert rows_of(keyed("all shifted by a line", 1, 2, 3, 4)) == [4, 1, 2, 3]


def test_a_slip_that_would_change_nothing_is_not_made():
    assert all(keyed(slip, 7, 7, 7, 7) is None for slip in SLIPS if slip != "doubled digit")


def test_of_the_wrong_ward_all_is_keyed_but_the_total():
    body = keyed("wrong ward", 1, 2, 3, 4, to_come=[announced(SOUTH, 50, 60, 70, 80, ballots=200)])
    assert (body["ballot_id"], rows_of(body)) == (NORTH.ballot_id, [50, 60, 70, 80])
    assert (body["ballots"], body["turnout"], body["total"]) == (200, None, 10)


def test_no_fewer_of_the_slips_on_the_night_of_kent_are_caught_and_little_else_is_asked(capsys):
    result = run(Options())
    caught = {slip: [way["percentage"] for way in ways.values()] for slip, ways in result["caught"].items()}
    fewer = {slip: now for slip, now in caught.items() if any(map(float.__lt__, now, CAUGHT[slip]))}
    assert caught.keys() == CAUGHT.keys()
    assert not fewer
    assert all(goal["met"] for goal in result["goals"] if goal["unit"] == "%" and not goal["at_least"])
    assert "dropped digit" in capsys.readouterr().out
