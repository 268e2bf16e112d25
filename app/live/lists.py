"""Lists among the fragments: what is new in one is put in by its id, what has changed replaced, what is gone taken out.

An item carries its place itself, as ``data-order`` on its root element, greater being higher up. So nobody's place
depends on what else a page has, and an item that comes twice is put in once.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

# An id becomes the CSS selector `#id` in the browser: such ids need no escaping there. (`#1` is no selector.)
_ELEMENT_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_ITEM = re.compile(r'<[a-z]+ id="(?P<id>[^">]*)"[^>]* data-order="(?P<order>-?[0-9]+)"')

MOST_CHANGES = 256
"""Changes of one list that are remembered by item; whoever missed more than that gets the list as a whole."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: an element with items and nothing else, not even blanks, between its tags ``opening`` and ``closing``.

    ``items`` is element id -> HTML of that one root element, which begins with its ``id`` and has ``data-order``, an
    integer. However they are given, they stand the greatest first, equal ones by id. Raises ValueError for an id that
    would need escaping, and where there is no order.
    """

    opening: str
    items: Mapping[str, str]
    closing: str

    def __post_init__(self) -> None:
        check_ids(self.items)
        object.__setattr__(self, "items", dict(sorted(self.items.items(), key=_place)))

    @classmethod
    def read(cls, html: str) -> Self:
        """The list that is written as ``html``; an item is what begins with a tag that has an ``id`` and an order."""
        inside, end, closing = html.strip().rpartition("</")
        found = list(_ITEM.finditer(inside))
        begins = [item.start() for item in found]
        parts = (inside[begin:after].strip() for begin, after in pairwise([0, *begins, len(inside)]))
        opening = next(parts)
        return cls(opening, {item["id"]: html for item, html in zip(found, parts, strict=True)}, end + closing)

    @property
    def html(self) -> str:
        return "".join((self.opening, *self.items.values(), self.closing))


Copy = str | Listed
"""A fragment as it stands: its HTML, or a list."""


def html_of(copy: Copy) -> str:
    """The HTML of a fragment, as it stands on a page."""
    return copy.html if isinstance(copy, Listed) else copy


class Fragment:
    """One element of a channel: its newest copy, and what of it has changed since which entry.

    A fragment that is no list is one without items: it only ever changes as a whole.
    """

    __slots__ = ("_changed", "_copy", "_whole_since")

    def __init__(self, copy: Copy, seq: int) -> None:
        """As it was made after entry ``seq``."""
        self._copy = _as_list(copy)
        self._whole_since = seq
        # Item id -> the last entry that changed it, or took it out; the longest ago first.
        self._changed: dict[str, int] = {}

    @property
    def html(self) -> str:
        return self._copy.html

    def take(self, copy: Copy, seq: int) -> bool:
        """Take the copy made after entry ``seq``, the newest; whether it differs."""
        before, after = self._copy, _as_list(copy)
        self._copy = after
        if (before.opening, before.closing) != (after.opening, after.closing):
            self._whole_since = seq
            self._changed.clear()
            return True
        changed = [it for it in {**before.items, **after.items} if before.items.get(it) != after.items.get(it)]
        for item in changed:
            self._changed.pop(item, None)
            self._changed[item] = seq
        while len(self._changed) > MOST_CHANGES:
            self._whole_since = self._changed.pop(next(iter(self._changed)))
        return bool(changed)

    def partials(self, element: str, since: int | None = None) -> str:
        """What a page is sent that was told of entry ``since``, or (None) of nothing; empty where it has the newest.

        ``element`` is the fragment's id. Each part names the element whose place it takes.
        """
        if since is None or since < self._whole_since:
            return f'<hx-partial hx-target="#{element}" hx-swap="outerMorph">{self.html}</hx-partial>'
        return "".join(self._of_item(element, item) for item, seq in self._changed.items() if seq > since)

    def _of_item(self, element: str, item: str) -> str:
        html = self._copy.items.get(item)
        if html is None:
            return f'<hx-partial hx-target="#{item}" hx-swap="delete"></hx-partial>'
        return f'<hx-partial hx-target="#{item}" hx-swap="outerMorph" data-list="{element}">{html}</hx-partial>'


def check_ids(elements: Iterable[str]) -> None:
    """Raise ValueError for an element id that is no plain CSS name."""
    for element in elements:
        if not _ELEMENT_ID.fullmatch(element):
            raise ValueError(f"not a plain element id: {element!r}")


def _as_list(copy: Copy) -> Listed:
    return copy if isinstance(copy, Listed) else Listed(copy, {}, "")


def _place(item: tuple[str, str]) -> tuple[int, str]:
    """What items are sorted by: the greatest order first, equal ones by id."""
    element, html = item
    begin = _ITEM.match(html)
    if begin is None:
        raise ValueError(f"no id and data-order at the beginning of {html[:80]}")
    return -int(begin["order"]), element
