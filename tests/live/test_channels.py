"""Channels: what is sent when something changes, and to those who come back."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.live.channels import Channel, Position, beat
from tests.live.fakes import Page, partials


def channel(seq: int = 10, **fragments: str) -> Channel:
    """A channel that begins at entry ``seq`` with a head and a table."""
    return Channel("c", epoch="e", seq=seq, fragments={"head": "<h1>0</h1>", "table": "<table></table>", **fragments})


def read(message: bytes | None) -> dict[str, Any]:
    assert message is not None
    return json.loads(message)


def resumed(channel: Channel, since: int | None, *, epoch: str | None = "e", head: int = 99) -> dict[str, Any] | None:
    message = channel.resume(epoch=epoch, since=since, head=head)
    return None if message is None else json.loads(message)


def test_an_update_names_the_entry_and_the_elements_that_differ():
    message = read(channel().update(41, {"head": "<h1>“1”</h1>", "table": "<table></table>"}))
    assert message == {
        "seq": 41,
        "epoch": "e",
        "kind": "update",
        "content": '<hx-partial hx-target="#head" hx-swap="outerMorph"><h1>“1”</h1></hx-partial>',
    }


def test_what_did_not_change_is_not_sent():
    still = channel()
    assert still.update(41, {"head": "<h1>0</h1>"}) is None
    assert still.position == Position("e", 10)


def test_an_element_may_be_new():
    grown = channel()
    assert partials(read(grown.update(41, {"note": "<p>late</p>"}))["content"]) == {"note": "<p>late</p>"}
    assert list(partials(read(grown.snapshot())["content"])) == ["head", "table", "note"]


def test_where_all_are_given_others_are_not_kept_and_theirs_is_the_order():
    page = channel(note="<p>late</p>")
    message = read(page.update(41, {"table": "<table></table>", "head": "<h1>1</h1>"}, are_all=True))
    assert partials(message["content"]) == {"head": "<h1>1</h1>"}
    assert list(page.fragments) == ["table", "head"]
    assert list(partials(read(page.snapshot())["content"])) == ["table", "head"]


def test_where_one_is_gone_and_none_differs_nothing_is_sent_and_it_is_not_kept():
    page = channel(note="<p>late</p>")
    whole = page.snapshot()
    assert page.update(41, {"head": "<h1>0</h1>", "table": "<table></table>"}, are_all=True) is None
    assert page.position == Position("e", 10)
    assert page.snapshot() != whole
    assert list(partials(read(page.snapshot())["content"])) == ["head", "table"]


@pytest.mark.parametrize("seq", [10, 9])
def test_a_sequence_that_clients_would_drop_is_refused(seq: int):
    with pytest.raises(ValueError, match="stands at 10"):
        channel().update(seq, {"head": "<h1>1</h1>"})


@pytest.mark.parametrize("element", ["", "1st", "a b", "a.b", "a:b", "é", "#a", 'a"'])
def test_an_id_that_needs_escaping_is_refused(element: str):
    with pytest.raises(ValueError, match="element id"):
        Channel("c", epoch="e", seq=0, fragments={element: "<p></p>"})
    unchanged = channel()
    with pytest.raises(ValueError, match="element id"):
        unchanged.update(41, {"head": "<h1>1</h1>", element: "<p></p>"})
    assert unchanged.seq == 10


def test_the_copies_that_stand_can_be_had():
    changed = channel()
    changed.update(41, {"head": "<h1>1</h1>"})
    assert list(changed.fragments.items()) == [("head", "<h1>1</h1>"), ("table", "<table></table>")]


def test_a_snapshot_holds_everything_in_the_order_of_the_page():
    changed = channel()
    changed.update(41, {"head": "<h1>1</h1>"})
    message = read(changed.snapshot())
    assert (message["seq"], message["epoch"], message["kind"]) == (41, "e", "snapshot")
    assert list(partials(message["content"]).items()) == [("head", "<h1>1</h1>"), ("table", "<table></table>")]


def test_a_snapshot_is_built_once_for_each_change():
    changing = channel()
    first = changing.snapshot()
    assert changing.snapshot() is first
    changing.update(41, {"head": "<h1>1</h1>"})
    assert changing.snapshot() is changing.snapshot() is not first


def test_who_missed_nothing_gets_nothing():
    changed = channel()
    changed.update(41, {"head": "<h1>1</h1>"})
    assert resumed(changed, 41) is None
    assert resumed(changed, 60) is None  # the night went on elsewhere, and a beat said so


def test_who_was_away_gets_the_newest_copy_of_what_changed():
    changed = channel()
    for seq in (41, 42, 43):
        changed.update(seq, {"head": f"<h1>{seq}</h1>"})
    message = resumed(changed, 41)
    assert (message["seq"], message["kind"]) == (43, "update")
    assert partials(message["content"]) == {"head": "<h1>43</h1>"}


@pytest.mark.parametrize(
    ("epoch", "since", "head"),
    [
        pytest.param("e", None, 50, id="nothing was said"),
        pytest.param(None, 41, 50, id="no epoch"),
        pytest.param("f", 41, 50, id="another epoch"),
        pytest.param("e", 9, 50, id="before the channel"),
        pytest.param("e", 51, 50, id="after the end of the log"),
    ],
)
def test_who_cannot_be_told_the_difference_gets_everything(epoch: str | None, since: int | None, head: int):
    changed = channel()
    changed.update(41, {"head": "<h1>1</h1>"})
    assert resumed(changed, since, epoch=epoch, head=head)["kind"] == "snapshot"


def test_a_beat_says_where_the_night_is():
    assert read(beat(41, "e")) == {"seq": 41, "epoch": "e", "kind": "beat"}


TEXTS = st.sampled_from(["<p>0</p>", "<p>1</p>", "<p>é “&quot;</p>"])
CHANGES = st.dictionaries(st.sampled_from(["a", "b", "c"]), TEXTS, max_size=3)


@given(changes=st.lists(st.tuples(st.integers(1, 3), CHANGES, st.booleans())), base=st.integers(0, 5))
def test_whoever_hears_some_of_it_and_resumes_ends_with_all_of_it(
    changes: list[tuple[int, dict[str, str], bool]], base: int
):
    night = Channel("c", epoch="e", seq=base, fragments={"a": "<p>0</p>", "b": "<p>0</p>"})
    page = Page()
    page.hear(read(night.resume(epoch=None, since=None, head=base)))
    connected, head = True, base
    for step, fragments, hears in changes:
        head += step
        message = night.update(head, fragments)
        if hears and not connected:
            message = night.resume(epoch=page.epoch, since=page.seq, head=head)
        connected = hears
        if hears and message is not None:
            page.hear(read(message))
    missed = night.resume(epoch=page.epoch, since=page.seq, head=head)
    if missed is not None:
        assert read(missed)["kind"] == "update"
        page.hear(read(missed))
    assert page.fragments == partials(read(night.snapshot())["content"])
