"""What two persons keyed apart from each other, compared."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.second_check import (
    AwaitsAnother,
    Declared,
    Disputed,
    Keying,
    May,
    Open,
    Waiting,
    count,
    differing,
    given_by_one,
    is_machine,
    keyed_otherwise,
)
from app.domain.subject import Subject

AT = datetime(2023, 5, 5, 2, 12, tzinfo=UTC)
VOTES = {"a": 100, "b": 90}


def a_keying(person: str = "ann", *, after: int | None = None, **fields: Any) -> Keying:
    return Keying(person, {"kind": "ward", "ballot_id": "north", "votes": VOTES, **fields}, frozenset(), AT, after)


@pytest.mark.parametrize(
    ("one", "other", "fields"),
    [
        ({"votes": VOTES}, {"votes": dict(reversed(VOTES.items()))}, set()),
        ({"votes": VOTES}, {"votes": {**VOTES, "b": 91}}, {"votes.b"}),
        ({"votes": VOTES}, {"votes": {"a": 100}}, {"votes.b"}),
        ({"votes": VOTES, "ballots": 200}, {"votes": VOTES}, set()),
        ({"votes": VOTES, "ballots": 200}, {"votes": VOTES, "rejected": 3}, set()),
        ({"votes": VOTES, "ballots": 200}, {"votes": VOTES, "ballots": 201}, {"ballots"}),
        ({"kind": "correction", "votes": VOTES}, {"kind": "withdrawal"}, {"kind"}),
        ({"votes": VOTES, "turnout": 34.20}, {"votes": VOTES, "turnout": 34.2}, set()),
        ({"votes": VOTES, "rejected": 3}, {"votes": VOTES, "rejected": 4}, {"rejected"}),
        ({"seats": {"PP53": 2}}, {"seats": {"PP53": 2, "PP52": 0}}, set()),
        ({"seats": {"PP53": 2}}, {"seats": {"PP52": 2}}, {"seats.PP53", "seats.PP52"}),
        ({"votes": VOTES, "ballots": 200}, {"seats": {"PP53": 1}, "ballots": 201}, {"mode", "ballots"}),
        (
            {"seats": {"PP53": 2}, "complete": True, "vacant": 1},
            {"seats": {"PP53": 2}, "complete": False},
            {"complete"},
        ),
        ({"votes": VOTES, "elected": ["a"]}, {"votes": VOTES}, set()),
        ({"votes": VOTES, "elected": ["a", "b"]}, {"votes": VOTES, "elected": ["b", "a"]}, set()),
        ({"votes": VOTES, "elected": ["a"]}, {"votes": VOTES, "elected": ["b"]}, {"elected"}),
        ({"votes": VOTES, "source": "phone", "at": "x"}, {"votes": VOTES, "source": "in person"}, set()),
    ],
)
def test_only_figures_are_compared(one: dict[str, Any], other: dict[str, Any], fields: set[str]) -> None:
    assert differing(one, other) == differing(other, one) == fields


NORTH = Subject("ward", "north")
ANN, BOB = a_keying(ballots=199), a_keying("bob", ballots=200)


def test_one_keying_waits_and_two_that_differ_are_disputed() -> None:
    waiting = Open(NORTH).key(ANN, May.KEY)
    assert waiting == Waiting(NORTH, ANN)
    assert (waiting.state, waiting.differing, waiting.keyings) == ("waiting", frozenset(), (ANN,))
    disputed = waiting.key(BOB, May.CHECK)
    assert disputed == Disputed(NORTH, ANN, BOB)
    assert (disputed.state, disputed.differing, disputed.keyings) == ("disputed", {"ballots"}, (ANN, BOB))
    assert (disputed.of("ann"), disputed.of("bob"), disputed.of("cat")) == (ANN, BOB, None)


def test_what_two_key_alike_is_declared_by_whoever_keyed_it_first() -> None:
    bob = a_keying("bob", source="phone")
    declared = Waiting(NORTH, ANN).key(bob, May.CHECK)
    assert declared == Declared(NORTH, ANN, bob)
    assert declared.body == {**ANN.body, "source": "phone"}


def test_what_its_author_keys_again_takes_its_place() -> None:
    again = a_keying("ann", ballots=200)
    assert Waiting(NORTH, ANN).key(again, May.CHECK) == Waiting(NORTH, again)


def test_where_one_is_enough_theirs_is_declared_but_another_only_checks() -> None:
    assert Open(NORTH).key(ANN, May.DECLARE) == Declared(NORTH, ANN)
    assert Waiting(NORTH, ANN).key(ANN, May.DECLARE) == Declared(NORTH, ANN)
    assert Waiting(NORTH, ANN).key(BOB, May.DECLARE) == Disputed(NORTH, ANN, BOB)
    assert Disputed(NORTH, ANN, BOB).key(a_keying(ballots=201), May.DECLARE) == Disputed(
        NORTH, a_keying(ballots=201), BOB
    )


def test_who_may_not_check_is_told_whom_it_waits_for() -> None:
    with pytest.raises(AwaitsAnother, match="ann has keyed this already"):
        Waiting(NORTH, ANN).key(a_keying("cat"), May.KEY)
    with pytest.raises(AwaitsAnother, match="ann and bob have keyed this differently"):
        Disputed(NORTH, ANN, BOB).key(a_keying("cat"), May.KEY)


@pytest.mark.parametrize(
    ("keying", "author", "checker"),
    [
        (a_keying("ann", ballots=200), "ann", "bob"),
        (a_keying("bob", ballots=199), "ann", "bob"),
        (a_keying("cat", ballots=199), "ann", "cat"),
        (a_keying("cat", ballots=200), "bob", "cat"),
    ],
)
def test_a_dispute_is_settled_by_whoever_agrees_with_another(keying: Keying, author: str, checker: str) -> None:
    settled = Disputed(NORTH, ANN, BOB).key(keying, May.CHECK)
    assert isinstance(settled, Declared)
    assert settled.checker is not None
    assert (settled.author.person, settled.checker.person) == (author, checker)
    assert keying in (settled.author, settled.checker)


def test_a_dispute_goes_on_while_the_two_differ_and_nobody_else_joins_it() -> None:
    disputed, ann, bob = Disputed(NORTH, ANN, BOB), a_keying(ballots=201), a_keying("bob", ballots=202)
    assert disputed.key(ann, May.KEY) == Disputed(NORTH, ann, BOB)
    assert disputed.key(bob, May.KEY) == Disputed(NORTH, ANN, bob)
    with pytest.raises(AwaitsAnother):
        disputed.key(a_keying("cat", ballots=203), May.CHECK)


def test_nobody_agrees_with_themselves_however_their_name_is_typed() -> None:
    again = a_keying("\uff21NN", ballots=199)
    assert Disputed(NORTH, ANN, BOB).key(again, May.CHECK) == Disputed(NORTH, again, BOB)
    assert not a_keying("\uff21NN").agrees_with(ANN)


def test_a_token_is_a_machine_and_a_name_is_not() -> None:
    assert is_machine("token:wire")
    assert not is_machine("ann")


def test_what_waits_is_found_by_whoever_keyed_it() -> None:
    waiting = Waiting(NORTH, ANN)
    assert (waiting.of("\uff21nn"), waiting.of("bob")) == (ANN, None)


@pytest.mark.parametrize(("author", "checker", "after"), [(7, 9, 7), (9, 7, 7), (None, 7, 7), (None, None, None)])
def test_what_two_keyed_they_knew_as_much_for_as_the_first_of_them(
    author: int | None, checker: int | None, after: int | None
) -> None:
    assert Declared(NORTH, a_keying(after=author), a_keying("bob", after=checker)).keyed_after == after


def test_what_one_keyed_alone_they_knew_what_they_knew_then() -> None:
    assert Declared(NORTH, a_keying(after=7)).keyed_after == 7


@pytest.mark.parametrize(
    ("written", "number"),
    [("1204", 1204), ("1,204", 1204), ("１ 204", 1204), ("1,20", None), ("-4", None), ("9" * 15, None)],
)
def test_a_figure_is_counted_however_its_thousands_are_set_apart(written: str, number: int | None) -> None:
    assert count(written) == number


def test_nobody_settles_a_dispute_by_leaving_out_what_it_is_about() -> None:
    disputed = Disputed(NORTH, ANN, BOB).key(a_keying(), May.CHECK)
    assert disputed == Disputed(NORTH, a_keying(), BOB, frozenset({"ballots"}))
    assert disputed.differing == {"ballots"}
    assert disputed.key(a_keying("cat"), May.CHECK) == Declared(NORTH, a_keying(), a_keying("cat"))
    assert disputed.key(a_keying(ballots=200), May.CHECK) == Declared(NORTH, a_keying(ballots=200), BOB)


def test_an_optional_figure_that_one_of_two_has_is_declared() -> None:
    declared = Waiting(NORTH, ANN).key(a_keying("bob", rejected=3), May.CHECK)
    assert isinstance(declared, Declared)
    assert (declared.body["ballots"], declared.body["rejected"]) == (199, 3)


def test_who_hands_in_something_of_another_kind_waits_until_it_is_taken_back() -> None:
    correction = a_keying("eve", kind="correction", replaces=1)
    for waiting in (Waiting(NORTH, ANN), Disputed(NORTH, ANN, BOB)):
        with pytest.raises(AwaitsAnother, match="ann has handed in a result of this"):
            waiting.key(correction, May.CHECK)
    with pytest.raises(AwaitsAnother, match="eve has handed in a correction of this"):
        Waiting(NORTH, correction).key(a_keying("bob", kind="withdrawal", replaces=1), May.CHECK)


def test_what_is_left_of_a_dispute_without_one_of_the_two_is_the_others() -> None:
    assert Disputed(NORTH, ANN, BOB).without("ann") == Waiting(NORTH, BOB)
    assert Disputed(NORTH, ANN, BOB).without("bob") == Waiting(NORTH, ANN)


def test_who_declares_alone_is_told_who_keyed_otherwise_and_in_how_many_fields() -> None:
    body = {**ANN.body, "votes": {"a": 101, "b": 91}}
    assert keyed_otherwise(Disputed(NORTH, ANN, BOB), "eve", body) == {"ann": 2, "bob": 3}
    assert keyed_otherwise(Disputed(NORTH, ANN, BOB), "bob", body) == {"ann": 2}
    assert keyed_otherwise(Waiting(NORTH, ANN), "eve", {**ANN.body, "rejected": 3}) == {}
    assert keyed_otherwise(None, "eve", body) == {}


KEYED = st.tuples(
    st.sampled_from(["ann", "bob", "cat", "ANN"]),
    st.integers(100, 101),
    st.sampled_from([None, 199, 200]),
    st.sampled_from([None, 3]),
)


@given(st.lists(KEYED, max_size=12))
def test_nothing_is_declared_but_what_two_persons_keyed_alike(
    keyed: list[tuple[str, int, int | None, int | None]],
) -> None:
    state: Open | Waiting | Disputed = Open(NORTH)
    for person, votes, ballots, rejected in keyed:
        given_alone = {"ballots": ballots, "rejected": rejected}
        figures = {name: number for name, number in given_alone.items() if number is not None}
        keying = a_keying(person, votes={"a": votes, "b": 90}, **figures)
        try:
            after = state.key(keying, May.CHECK)
        except AwaitsAnother:
            continue
        if isinstance(after, Declared):
            assert after.checker is not None
            assert not after.author.is_by(after.checker.person)
            assert not differing(after.author.body, after.checker.body)
            assert after.body == {**after.checker.body, **after.author.body}
            if isinstance(state, Disputed):
                assert not state.differing & given_by_one(after.author.body, after.checker.body)
            state = Open(NORTH)
        else:
            assert not isinstance(after, Disputed) or after.differing
            state = after


@pytest.mark.parametrize(("kind", "is_revision"), [("ward", False), ("correction", True), ("withdrawal", True)])
def test_a_revision_changes_what_stands(kind: str, is_revision: bool):
    assert a_keying(kind=kind).is_revision is is_revision
