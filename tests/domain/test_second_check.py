"""What two persons keyed apart from each other, compared."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.second_check import Keyed, Keying, differing, is_machine
from app.domain.subject import Subject

AT = datetime(2023, 5, 5, 2, 12, tzinfo=UTC)
VOTES = {"a": 100, "b": 90}


def a_keying(person: str = "ann", **fields: Any) -> Keying:
    return Keying(person, {"kind": "ward", "ballot_id": "north", "votes": VOTES, **fields}, frozenset(), AT)


@pytest.mark.parametrize(
    ("one", "other", "fields"),
    [
        ({"votes": VOTES}, {"votes": dict(reversed(VOTES.items()))}, set()),
        ({"votes": VOTES}, {"votes": {**VOTES, "b": 91}}, {"votes.b"}),
        ({"votes": VOTES}, {"votes": {"a": 100}}, {"votes.b"}),
        ({"votes": VOTES, "ballots": 200}, {"votes": VOTES}, {"ballots"}),
        ({"votes": VOTES, "turnout": 34.20}, {"votes": VOTES, "turnout": 34.2}, set()),
        ({"votes": VOTES, "rejected": 3}, {"votes": VOTES, "rejected": 4}, {"rejected"}),
        ({"seats": {"PP53": 2}}, {"seats": {"PP53": 2, "PP52": 0}}, set()),
        ({"seats": {"PP53": 2}}, {"seats": {"PP52": 2}}, {"seats.PP53", "seats.PP52"}),
        ({"votes": VOTES, "ballots": 200}, {"seats": {"PP53": 1}, "ballots": 201}, {"mode", "ballots"}),
        (
            {"seats": {"PP53": 2}, "complete": True, "vacant": 1},
            {"seats": {"PP53": 2}, "complete": False},
            {"complete", "vacant"},
        ),
        ({"votes": VOTES, "elected": ["a"]}, {"votes": VOTES}, set()),
        ({"votes": VOTES, "elected": ["a", "b"]}, {"votes": VOTES, "elected": ["b", "a"]}, set()),
        ({"votes": VOTES, "elected": ["a"]}, {"votes": VOTES, "elected": ["b"]}, {"elected"}),
        ({"votes": VOTES, "source": "phone", "at": "x"}, {"votes": VOTES, "source": "in person"}, set()),
    ],
)
def test_only_figures_are_compared(one: dict[str, Any], other: dict[str, Any], fields: set[str]) -> None:
    assert differing(one, other) == differing(other, one) == fields


def test_one_keying_waits_and_two_that_differ_are_disputed() -> None:
    ann, bob = a_keying(), a_keying("bob", ballots=200)
    waiting = Keyed(Subject("ward", "north"), ann)
    assert (waiting.is_disputed, waiting.differing, waiting.keyings) == (False, frozenset(), (ann,))
    assert (waiting.is_all_of("ann"), waiting.is_all_of("bob")) == (True, False)
    disputed = Keyed(Subject("ward", "north"), ann, bob)
    assert (disputed.is_disputed, disputed.differing, disputed.keyings) == (True, {"ballots"}, (ann, bob))
    assert (disputed.of("ann"), disputed.of("bob"), disputed.of("cat")) == (ann, bob, None)


def test_somebody_agrees_with_another_and_never_with_themselves() -> None:
    ann, bob = a_keying(), a_keying("bob", ballots=200)
    disputed = Keyed(Subject("ward", "north"), ann, bob)
    assert disputed.agreeing(a_keying("ann")) is None
    assert disputed.agreeing(a_keying("ann", ballots=200)) is bob
    assert disputed.agreeing(a_keying("\uff21NN")) is None
    assert disputed.agreeing(a_keying("cat")) is ann
    assert disputed.agreeing(a_keying("cat", ballots=201)) is None


def test_a_token_is_a_machine_and_a_name_is_not() -> None:
    assert is_machine("token:wire")
    assert not is_machine("ann")
