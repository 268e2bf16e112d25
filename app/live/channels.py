"""A channel: the newest copy of each fragment of one topic, and what somebody who was away has missed.

A push replaces and never appends, so nobody is owed history: whoever comes back gets the newest copy of what
changed meanwhile, in one message, however long the night was.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

Kind = Literal["update", "snapshot"]

# An id becomes the CSS selector `#id` in the browser: such ids need no escaping there. (`#1` is no selector.)
_FRAGMENT_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


class Position(NamedTuple):
    """An entry of a log: its sequence, and the epoch that counts in."""

    epoch: str
    seq: int


class _Fragment(NamedTuple):
    """One element's HTML, and the sequence since which it has stood so."""

    html: str
    since: int


class Channel:
    """The fragments of one topic, by element id, in the order of the page.

    ``epoch`` names the log that the sequences count in. ``base_seq`` is the sequence the channel began at: what changed
    before it is not known here. ``seq`` is that of the last entry which changed the channel (at first, ``base_seq``).
    Messages are JSON in UTF-8: ``{"seq", "epoch", "kind", "content"}``.
    """

    def __init__(self, name: str, *, epoch: str, seq: int, fragments: Mapping[str, str]) -> None:
        """Begin at ``seq`` with ``fragments``, element id -> HTML of that one root element.

        Raises ValueError for an id that would need escaping.
        """
        _check_ids(fragments)
        self.name = name
        self.epoch = epoch
        self.base_seq = seq
        self.seq = seq
        self._fragments = {element: _Fragment(html, seq) for element, html in fragments.items()}
        self._snapshot: bytes | None = None

    @property
    def position(self) -> Position:
        """The last entry that changed the channel."""
        return Position(self.epoch, self.seq)

    @property
    def fragments(self) -> dict[str, str]:
        """The copies that stand, element id -> HTML: what a page has to be made of so that a push can take it on."""
        return {element: it.html for element, it in self._fragments.items()}

    def update(self, seq: int, fragments: Mapping[str, str], *, are_all: bool = False) -> bytes | None:
        """Take the copies made after entry ``seq``; the message with those that differ, or None when none does.

        Where they ``are_all`` there are, others are not kept, and theirs is the order. Raises ValueError, and changes
        nothing, for a bad id or a sequence that is not after the channel's own: clients would drop that message.
        """
        _check_ids(fragments)
        if seq <= self.seq:
            raise ValueError(f"channel {self.name} stands at {self.seq}, which is not before {seq}")
        changed = {element: html for element, html in fragments.items() if self._html(element) != html}
        if are_all:
            self._fragments = {it: self._fragments.get(it, _Fragment(html, seq)) for it, html in fragments.items()}
            self._snapshot = None
        if not changed:
            return None
        self.seq = seq
        self._fragments |= {element: _Fragment(html, seq) for element, html in changed.items()}
        self._snapshot = None
        return self._message("update", changed.items())

    def snapshot(self) -> bytes:
        """The message with every fragment; the same bytes until the next change."""
        if self._snapshot is None:
            self._snapshot = self._message("snapshot", ((key, it.html) for key, it in self._fragments.items()))
        return self._snapshot

    def resume(self, *, epoch: str | None, since: int | None, head: int) -> bytes | None:
        """What somebody has missed who was last told of entry ``since`` of ``epoch``; None when that is nothing.

        ``head`` is the newest sequence of the whole log: beats carry watchers past the channel's own, but never past
        that one, so a greater ``since`` is from a future that a restored database has not seen.
        """
        if since is None or epoch != self.epoch or not self.base_seq <= since <= head:
            return self.snapshot()
        missed = [(key, it.html) for key, it in self._fragments.items() if it.since > since]
        return self._message("update", missed) if missed else None

    def _html(self, element: str) -> str | None:
        """The copy that stands under ``element``, or None."""
        fragment = self._fragments.get(element)
        return fragment.html if fragment else None

    def _message(self, kind: Kind, fragments: Iterable[tuple[str, str]]) -> bytes:
        """One message; each fragment names the element it takes the place of."""
        content = "".join(
            f'<hx-partial hx-target="#{element}" hx-swap="outerMorph">{html}</hx-partial>'
            for element, html in fragments
        )
        return _encode({"seq": self.seq, "epoch": self.epoch, "kind": kind, "content": content})


def beat(seq: int, epoch: str) -> bytes:
    """The message that says where the night is, and by coming at all that the socket lives."""
    return _encode({"seq": seq, "epoch": epoch, "kind": "beat"})


def _encode(message: Mapping[str, int | str]) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def _check_ids(fragments: Iterable[str]) -> None:
    """Raise ValueError for an element id that is no plain CSS name."""
    for element in fragments:
        if not _FRAGMENT_ID.fullmatch(element):
            raise ValueError(f"not a plain element id: {element!r}")
