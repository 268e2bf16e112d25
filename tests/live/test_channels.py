"""Channels: what is sent when something changes, and to those who come back."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.live.channels import Channel, Position, beat
from app.live.lists import MOST_CHANGES, Copy, Listed, html_of
from tests.live.fakes import Page, partials
from tests.watching import apply


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


def a_list(*orders: int, said: str = "", opening: str = '<ol id="lines">') -> Listed:
    """Lines that are called by their order; what is ``said`` stands in each."""
    items = {f"line-{it}": f'<li id="line-{it}" data-order="{it}">{said}{it}</li>' for it in orders}
    return Listed(opening, items, "</ol>")


def with_lines(*orders: int) -> Channel:
    return Channel("c", epoch="e", seq=10, fragments={"lines": a_list(*orders)})


def put_in(item: int) -> str:
    return (
        f'<hx-partial hx-target="#line-{item}" hx-swap="outerMorph" data-list="lines">'
        f'<li id="line-{item}" data-order="{item}">{item}</li></hx-partial>'
    )


def taken_out(item: int) -> str:
    return f'<hx-partial hx-target="#line-{item}" hx-swap="delete"></hx-partial>'


def test_of_a_list_only_what_is_new_and_what_is_gone_is_told():
    message = read(with_lines(1, 2, 3).update(41, {"lines": a_list(2, 3, 4)}))
    assert message["content"] == taken_out(1) + put_in(4)


def test_a_list_stands_by_its_own_order_however_it_is_given():
    assert with_lines(2, 9, 10).fragments == {"lines": a_list(10, 2, 9).html}
    assert re.findall(r">(\d+)<", a_list(2, 10, 9).html) == ["10", "9", "2"]


def test_a_fragment_stands_on_a_page_as_its_html():
    assert [html_of(copy) for copy in ("<h1>0</h1>", a_list(1))] == ["<h1>0</h1>", a_list(1).html]


def test_items_of_one_order_stand_by_their_ids():
    listed = Listed("<ol>", {it: f'<li id="{it}" data-order="1"></li>' for it in ("b", "a")}, "</ol>")
    assert list(listed.items) == ["a", "b"]


def test_a_list_is_read_from_how_it_is_written():
    written = a_list(1, 20, 3)
    for html in (written.html, written.html.replace("<li", "\n <li").replace("</ol>", "\n</ol>\n")):
        assert Listed.read(html) == written
    assert Listed.read('<ol id="lines"></ol>') == a_list()


@pytest.mark.parametrize(
    ("element", "html"),
    [
        ("1st", '<li id="1st" data-order="1"></li>'),
        ("a", '<li id="a"></li>'),
        ("a", '<li><b id="a" data-order="1"></b>'),
    ],
)
def test_an_item_without_a_plain_id_or_an_order_is_refused(element: str, html: str):
    with pytest.raises(ValueError, match=html[:9] if element == "a" else element):
        Listed("<ol>", {element: html}, "</ol>")


def test_a_snapshot_brings_a_list_as_a_whole():
    changed = with_lines(1, 2)
    changed.update(41, {"lines": a_list(2, 3)})
    assert partials(read(changed.snapshot())["content"]) == {"lines": a_list(2, 3).html}


def test_who_was_away_is_told_of_what_changed_in_a_list_meanwhile():
    changed = with_lines(1, 2)
    changed.update(41, {"lines": a_list(1, 2, 3)})
    changed.update(42, {"lines": a_list(2, 3)})
    changed.update(43, {"lines": a_list(1, 2, 3, 4)})
    assert resumed(changed, 41)["content"] == resumed(changed, 42)["content"] == put_in(4) + put_in(1)
    assert resumed(changed, 43) is None


def test_where_the_element_around_it_differs_a_list_comes_as_a_whole():
    changed = with_lines(1, 2)
    changed.update(41, {"lines": a_list(1, 2, 3)})
    other = a_list(1, 2, 3, opening='<ol id="lines" class="few">')
    assert partials(read(changed.update(42, {"lines": other}))["content"]) == {"lines": other.html}
    assert partials(resumed(changed, 41)["content"]) == {"lines": other.html}


def test_who_missed_more_of_a_list_than_is_remembered_gets_it_as_a_whole():
    changed = with_lines(0)
    for item in range(1, MOST_CHANGES + 1):
        changed.update(40 + item, {"lines": a_list(item)})
    last = MOST_CHANGES + 40
    assert resumed(changed, last - 1, head=last)["content"] == taken_out(item - 1) + put_in(item)
    assert partials(resumed(changed, 40, head=last)["content"]) == {"lines": a_list(item).html}


TEXTS = st.sampled_from(["<p>0</p>", "<p>1</p>", "<p>é “&quot;</p>"])
LISTS = st.builds(
    lambda orders, said: a_list(*orders, said=said),
    st.sets(st.integers(-2, 12), max_size=4),
    st.sampled_from(["", "again "]),
)
CHANGES = st.builds(
    lambda texts, lists: texts | lists,
    st.dictionaries(st.sampled_from(["a", "b", "c"]), TEXTS, max_size=3),
    st.dictionaries(st.just("lines"), LISTS),
)


@given(changes=st.lists(st.tuples(st.integers(1, 3), CHANGES, st.booleans())), base=st.integers(0, 5))
def test_whoever_hears_some_of_it_and_resumes_ends_with_all_of_it(
    changes: list[tuple[int, dict[str, Copy], bool]], base: int
):
    night = Channel("c", epoch="e", seq=base, fragments={"a": "<p>0</p>", "lines": a_list(1, 2), "b": "<p>0</p>"})
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
            apply(page.fragments, read(message)["content"])  # what comes twice has come once
    missed = night.resume(epoch=page.epoch, since=page.seq, head=head)
    if missed is not None:
        assert read(missed)["kind"] == "update"
        page.hear(read(missed))
    assert page.fragments == partials(read(night.snapshot())["content"])
