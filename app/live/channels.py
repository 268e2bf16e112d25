"""A channel: the newest copy of each fragment of one topic, and what somebody who was away has missed.

A push replaces, or puts in by id, and never appends, so nobody is owed history: whoever comes back gets the newest copy
of what changed meanwhile, in one message, however long the night was. What is pushed twice is as if pushed once.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from app.live import frames
from app.live.lists import Copy, Fragment, check_ids

Kind = Literal["update", "snapshot"]


class Position(NamedTuple):
    """An entry of a log: its sequence, and the epoch that counts in."""

    epoch: str
    seq: int


class Channel:
    """The fragments of one topic, by element id, in the order of the page; some may be lists, which change by item.

    ``epoch`` names the log that the sequences count in. ``base_seq`` is the sequence the channel began at: what changed
    before it is not known here. ``seq`` is that of the last entry which changed the channel (at first, ``base_seq``).
    Messages are JSON in UTF-8: ``{"seq", "epoch", "kind", "content"}``.
    """

    def __init__(self, name: str, *, epoch: str, seq: int, fragments: Mapping[str, Copy]) -> None:
        """Begin at ``seq`` with ``fragments``, element id -> HTML of that one root element, or a list.

        Raises ValueError for an id that would need escaping.
        """
        check_ids(fragments)
        self.name = name
        self.epoch = epoch
        self.base_seq = seq
        self.seq = seq
        self._fragments = {element: Fragment(copy, seq) for element, copy in fragments.items()}
        self._snapshot: bytes | None = None

    @property
    def position(self) -> Position:
        """The last entry that changed the channel."""
        return Position(self.epoch, self.seq)

    @property
    def fragments(self) -> dict[str, str]:
        """The copies that stand, element id -> HTML: what a page has to be made of so that a push can take it on."""
        return {element: it.html for element, it in self._fragments.items()}

    def update(self, seq: int, fragments: Mapping[str, Copy], *, are_all: bool = False) -> bytes | None:
        """Take the copies made after entry ``seq``; the message with what differs, or None when nothing does.

        Where they ``are_all`` there are, others are not kept, and theirs is the order. Raises ValueError, and changes
        nothing, for a bad id or a sequence that is not after the channel's own: clients would drop that message.
        """
        check_ids(fragments)
        if seq <= self.seq:
            raise ValueError(f"channel {self.name} stands at {self.seq}, which is not before {seq}")
        changed = [element for element, copy in fragments.items() if self._take(element, copy, seq)]
        if are_all:
            self._fragments = {element: self._fragments[element] for element in fragments}
        if changed or are_all:
            self._snapshot = None
        if not changed:
            return None
        before, self.seq = self.seq, seq
        return self._message("update", (self._fragments[element].partials(element, before) for element in changed))

    def snapshot(self) -> bytes:
        """The message with every fragment; the same bytes until the next change."""
        if self._snapshot is None:
            self._snapshot = self._message("snapshot", (it.partials(key) for key, it in self._fragments.items()))
        return self._snapshot

    def resume(self, *, epoch: str | None, since: int | None, head: int) -> bytes | None:
        """What somebody has missed who was last told of entry ``since`` of ``epoch``; None when that is nothing.

        ``head`` is the newest sequence of the whole log: beats carry watchers past the channel's own, but never past
        that one, so a greater ``since`` is from a future that a restored database has not seen.
        """
        if since is None or epoch != self.epoch or not self.base_seq <= since <= head:
            return self.snapshot()
        missed = [it.partials(key, since) for key, it in self._fragments.items()]
        return self._message("update", missed) if any(missed) else None

    def _take(self, element: str, copy: Copy, seq: int) -> bool:
        """Take the newest copy of ``element``; whether it differs from the one that stood."""
        fragment = self._fragments.get(element)
        if fragment is not None:
            return fragment.take(copy, seq)
        self._fragments[element] = Fragment(copy, seq)
        return True

    def _message(self, kind: Kind, partials: Iterable[str]) -> bytes:
        return _encode({"seq": self.seq, "epoch": self.epoch, "kind": kind, "content": "".join(partials)})


def beat(seq: int, epoch: str) -> bytes:
    """The message that says where the night is, and by coming at all that the socket lives."""
    return _encode({"seq": seq, "epoch": epoch, "kind": "beat"})


class TextBeat:
    """That with a ping before it, as it is sent to all whose fragments are kept current."""

    def __init__(self, position: Position) -> None:
        """Of a log that was read and stands at ``position``."""
        self._frames = frames.PING + frames.text(beat(position.seq, position.epoch))

    def to(self, window: int, position: object) -> bytes:  # noqa: ARG002  # the same for all
        return self._frames


def _encode(message: Mapping[str, int | str]) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
