"""Who holds a seat now and who did: gains and losses of many contests together."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.holders import seat_change, seat_gains

GROUPS = st.sampled_from(["LAB", "CON", "LD"])
SEATS = st.tuples(GROUPS, GROUPS).map(lambda seat: seat_change({seat[0]: 1}, {seat[1]: 1}))


@given(st.lists(st.none() | SEATS))
def test_what_some_gain_others_lose(changes) -> None:
    gains = seat_gains(changes)
    known = [change for change in changes if change is not None]
    assert gains.contests == len(known)
    assert sum(gains.gained.values()) == sum(gains.lost.values()) == sum(bool(change) for change in known)
    for group in ("LAB", "CON", "LD"):
        assert gains.net(group) == sum(change.get(group, 0) for change in known)


def test_a_seat_that_is_held_is_neither() -> None:
    assert seat_gains([seat_change({"LAB": 1}, {"LAB": 1})]) == ({}, {}, 1)
