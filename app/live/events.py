"""A channel of events: what happened, told whole and in order, as long as it is remembered.

Fragments owe no history (``channels``); events do. The newest are kept, as many as a reader may be sent at once,
and whoever comes back within these is sent what it missed. Anybody else is told to read how things stand: a reset.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

from app.live import frames
from app.live.channels import Position

STREAM = -1
"""The window of who reads server-sent events: nothing is deflated, and there are no frames."""

MOST_BYTES = 512 * 1024
"""Of events that are kept: a little more than a page's snapshot of a whole country, which anybody may ask for."""

VERSION = 1
"""What all events are told in; one that means something else would have another."""

RESET = "reset"


class Event(NamedTuple):
    """What an entry did: its sequence, the kind of the event, and the event as JSON on one line."""

    seq: int
    name: str
    text: bytes


class Events:
    """Events that are told together, as they are sent: encoded once for all who are sent the same of them.

    They go on from entry ``after``; with None they are a reset, which goes on from nothing.
    """

    def __init__(self, events: Sequence[Event], *, epoch: str, after: int | None) -> None:
        """In their order; of one entry all or none."""
        self.after = after
        self._events = events
        self._epoch = epoch
        self._encoded: dict[tuple[int, int], bytes] = {}

    def to(self, window: int, position: Position | None) -> bytes:
        """What is written to who inflates with ``window`` and was told of ``position``: nothing is told twice."""
        since = -1
        if self.after is not None and position is not None and position.epoch == self._epoch:
            since = max(self.after, position.seq)
        key = (window, since)
        if key not in self._encoded:
            events = [event for event in self._events if event.seq > since]
            self._encoded[key] = self._streamed(events) if window == STREAM else _framed(events, window)
        return self._encoded[key]

    def _streamed(self, events: Sequence[Event]) -> bytes:
        """As server-sent events. The last of an entry has the id: whoever has that has all of the entry."""
        last = {event.seq: place for place, event in enumerate(events)}
        return b"".join(
            b"event: %b\n%bdata: %b\n\n"
            % (
                event.name.encode(),
                f"id: {self._epoch}.{event.seq}\n".encode() if last[event.seq] == place else b"",
                event.text,
            )
            for place, event in enumerate(events)
        )


class EventChannel:
    """The newest events of one log, which is in ``epoch``: those of the entries after ``base_seq``, to ``seq``.

    ``reset`` makes the event that tells where to read how things stood after an entry.
    """

    def __init__(self, name: str, *, epoch: str, seq: int, reset: Callable[[int], bytes]) -> None:
        """Begin after entry ``seq``, with nothing to tell."""
        self.name = name
        self.epoch = epoch
        self.base_seq = seq
        self.seq = seq
        self._reset = reset
        self._kept: deque[Event] = deque()
        self._size = 0
        self._resumed: Events | None = None

    @property
    def position(self) -> Position:
        """The last entry that was told."""
        return Position(self.epoch, self.seq)

    def tell(self, seq: int, events: Sequence[tuple[str, bytes]]) -> Events:
        """Take the events of entry ``seq``, each its kind and its JSON; the message with them.

        Raises ValueError for an entry that is not after the last.
        """
        if seq <= self.seq:
            raise ValueError(f"channel {self.name} stands at {self.seq}, which is not before {seq}")
        told = [Event(seq, name, text) for name, text in events]
        message = Events(told, epoch=self.epoch, after=self.seq)
        self.seq, self._resumed = seq, None
        self._kept += told
        self._size += sum(len(event.text) for event in told)
        while self._size > MOST_BYTES:
            self._forget()
        return message

    def snapshot(self) -> Events:
        """The message that tells where to read how things stand; the same until the next entry."""
        if self._resumed is None or self._resumed.after is not None:
            reset = Event(self.seq, RESET, self._reset(self.seq))
            self._resumed = Events([reset], epoch=self.epoch, after=None)
        return self._resumed

    def resume(self, *, epoch: str | None, since: int | None, head: int) -> Events | None:
        """What somebody has missed who was last told of entry ``since`` of ``epoch``; None when that is nothing.

        ``head`` is the newest sequence of the log; of what comes after it nobody can have been told.
        """
        if since is None or epoch != self.epoch or not self.base_seq <= since <= min(self.seq, head):
            return self.snapshot()
        if since == self.seq:
            return None
        # Of many who come back at once most were told the same.
        if self._resumed is None or self._resumed.after != since:
            missed = [event for event in self._kept if event.seq > since]
            self._resumed = Events(missed, epoch=self.epoch, after=since)
        return self._resumed

    def _forget(self) -> None:
        """Forget the oldest entry that is kept, with all of its events."""
        self.base_seq = self._kept[0].seq
        while self._kept and self._kept[0].seq == self.base_seq:
            self._size -= len(self._kept.popleft().text)


class EventBeat:
    """The beat of those who are told events, a comment in a stream: proof that the log is followed."""

    def __init__(self, position: Position) -> None:
        """Of a log that was read and stands at ``position``."""
        self._comment = f": beat {position.epoch}.{position.seq}\n\n".encode()
        told = {"v": VERSION, "event": "beat", "seq": position.seq, "epoch": position.epoch}
        self._frame = frames.PING + frames.text(json.dumps(told, separators=(",", ":")).encode())

    def to(self, window: int, position: Position | None) -> bytes:  # noqa: ARG002  # the same for all
        return self._comment if window == STREAM else self._frame


def _framed(events: Sequence[Event], window: int) -> bytes:
    """As one text frame each, one behind the other."""
    return b"".join(frames.TextFrames(event.text)[window] for event in events)
