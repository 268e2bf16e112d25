"""Who watches what: one frame to all of them, and nobody waits for the slow.

Everything here runs on the event loop's thread and nothing awaits, so each call is one step to all others.

A change is encoded into one frame, and once more for those who can inflate; the same bytes are written to every
watcher of the channel: a slice of them per turn of the loop, so that requests are answered in between. Changes and
watchers go on coming meanwhile. So every change takes a number, and a watcher remembers the last one that there was
when it came, or had fallen behind and caught up: it is passed over by a delivery, still under way, of what it has got
already.

A burst needs no timer. The publisher takes together what has arrived together; and what changes while a channel's
delivery is under way waits for its end and goes out as one message, so there is never more than one under way for each.

A watcher that doesn't keep up is set aside. It costs the others nothing and is owed no backlog: once it has read what
it has, it gets the newest copy of what changed meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections import Counter, deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from app.live import frames
from app.live.channels import Channel, Position, TextBeat
from app.live.events import EventBeat, EventChannel, Events
from app.live.frames import CloseCode
from app.live.lists import Copy
from app.live.watcher import Watcher

logger = logging.getLogger(__name__)

# Past every change: where those stand who are not to be written to.
_NOWHERE = sys.maxsize


class Encoded(Protocol):
    """A message as it is written: each variant is made once, for all who get it."""

    def to(self, window: int, position: Position | None) -> bytes:
        """That for who inflates with ``window`` and was told of ``position``; empty where it has been told all."""


@dataclass(slots=True)
class Counts:
    """What has happened since the start, for whoever keeps the figures."""

    messages: int = 0
    deliveries: int = 0
    joined: int = 0
    refused: int = 0
    set_aside: int = 0
    caught_up: int = 0
    cut_stuck: int = 0
    cut_silent: int = 0


class Room:
    """A channel and those who listen to it: all its watchers but the ones set aside."""

    __slots__ = ("_framed", "_text", "busy", "change", "channel", "group", "listening")

    def __init__(self, channel: Channel | EventChannel, *, group: str, change: int) -> None:
        """Nobody listens yet. ``group`` names the log that the channel follows, ``change`` numbers its last change."""
        self.channel = channel
        self.group = group
        self.change = change
        self.listening: dict[Watcher, None] = {}
        self.busy = False
        self._framed = b""
        self._text = frames.TextFrames(b"")

    def text(self, message: bytes | Events) -> Encoded:
        """``message`` as frames. The last are kept: a thousand who come at once share the bytes of one snapshot."""
        if isinstance(message, Events):
            return message
        if message is not self._framed:
            self._framed, self._text = message, frames.TextFrames(message)
        return self._text


class _Stuck(NamedTuple):
    """How a watcher stands that was set aside: the bytes held back for it, and since when (on the loop's clock)."""

    held: int
    since: float


class _Delivery(NamedTuple):
    """A message under way: its frames, where it brings a watcher to, and those (ever fewer) who don't have it yet."""

    room: Room
    text: Encoded
    change: int
    position: Position
    waiting: list[Watcher]

    def write(self, limit: int) -> int:
        """Write to ``limit`` of those waiting; the number of those who still were to have it."""
        _, text, change, position, waiting = self
        batch = waiting[-limit:]
        del waiting[-limit:]
        written = 0
        for watcher in batch:
            if watcher.change < change:
                frame = text.to(watcher.window, watcher.position)
                # Before the write, which may set the watcher aside.
                watcher.position = position
                _write(watcher, frame)
                written += 1
        return written


class _Beat(NamedTuple):
    """A ping and a beat under way, and those who don't have it yet."""

    text: Encoded
    waiting: list[Watcher]

    def write(self, limit: int) -> int:
        """Write to ``limit`` of those waiting; 0, as this is no delivery."""
        batch = self.waiting[-limit:]
        del self.waiting[-limit:]
        for watcher in batch:
            if watcher.change != _NOWHERE:
                watcher.pinged()
                _write(watcher, self.text.to(watcher.window, watcher.position))
        return 0


class _Goodbye(NamedTuple):
    """Those who are still to be let go, and find out by coming back."""

    waiting: list[Watcher]

    def write(self, limit: int) -> int:
        """Say goodbye to ``limit`` of those waiting; 0, as this is no delivery."""
        batch = self.waiting[-limit:]
        del self.waiting[-limit:]
        for watcher in batch:
            watcher.close(CloseCode.RESTARTING)
        return 0


class Hub:
    """The channels of one process, and everybody who watches them.

    - ``slice_size``: watchers written to per turn of the loop
    - ``beat_seconds``: how often all are pinged, told where the night is, and swept
    - ``stuck_seconds``: after so long without taking a byte of what waits for it, a watcher is cut off
    - ``silent_seconds``: after so long without answering a ping too
    - ``goodbye_seconds``: how long a socket may take to close
    """

    def __init__(
        self,
        *,
        slice_size: int = 250,
        beat_seconds: float = 10.0,
        stuck_seconds: float = 20.0,
        silent_seconds: float = 45.0,
        goodbye_seconds: float = 2.0,
    ) -> None:
        """Empty; ``start`` begins the beats."""
        self.counts = Counts()
        self.goodbye_seconds = goodbye_seconds
        self._slice_size = slice_size
        self._beat_seconds = beat_seconds
        self._stuck_seconds = stuck_seconds
        self._silent_seconds = silent_seconds
        self._rooms: dict[str, Room] = {}
        self._heads: dict[str, Position] = {}
        self._aside: dict[Watcher, _Stuck] = {}
        self._changes = 0
        self._under_way: deque[_Delivery | _Beat | _Goodbye] = deque()
        self._writing = False
        self._timer: asyncio.TimerHandle | None = None
        self._ask: Callable[[], None] | None = None
        self._due: set[str] = set()

    # The publisher's side

    def open(self, channel: Channel | EventChannel, *, group: str) -> None:
        """Offer ``channel``; ``group`` names the log it follows. Raises ValueError when there is one of that name."""
        if channel.name in self._rooms:
            raise ValueError(f"channel {channel.name} is open")
        self._changes += 1
        self._rooms[channel.name] = Room(channel, group=group, change=self._changes)
        self._heads.setdefault(group, channel.position)

    def update(self, name: str, seq: int, fragments: Mapping[str, Copy], *, are_all: bool = False) -> bool:
        """Take the copies made after entry ``seq`` and send what differs; whether anything does.

        Raises KeyError for a channel that is not open, and whatever ``Channel.update`` does.
        """
        room = self._rooms[name]
        if isinstance(room.channel, EventChannel):
            raise KeyError(name)
        message = room.channel.update(seq, fragments, are_all=are_all)
        if message is None:
            return False
        self._changed(room, message)
        return True

    def tell(self, channel: EventChannel, seq: int, events: Sequence[tuple[str, bytes]]) -> None:
        """Tell what entry ``seq`` did. Raises KeyError for a channel that is not open, and as ``EventChannel.tell``."""
        room = self._rooms[channel.name]
        self._changed(room, channel.tell(seq, events))

    def replace(self, channel: Channel | EventChannel) -> None:
        """Put ``channel`` in the place of the one of its name, which is of another log: everybody gets a snapshot.

        Raises KeyError for a channel that is not open.
        """
        room = self._rooms[channel.name]
        room.channel = channel
        self._changed(room, channel.snapshot())

    def close(self, name: str) -> None:
        """Take a channel back: whoever listens is let go, and finds out by coming back. KeyError if it is not open."""
        room = self._rooms.pop(name)
        self._let_go([room])

    def head(self, group: str, seq: int, epoch: str) -> None:
        """Say where the log of ``group`` stands: the beats carry it.

        After the updates, never before: a beat that overtook one would make the clients drop it.
        """
        self._heads[group] = Position(epoch, seq)

    def affirm(self, group: str) -> None:
        """Say that what is known of the log of ``group`` is all there is: its beat goes out, if one is due."""
        if group not in self._due:
            return
        self._due.discard(group)
        head = self._heads[group]
        # A beat must not overtake a change. Who is being told something needs none.
        rooms = [room for room in self._rooms_of(group) if not room.busy]
        for kind, text in ((Channel, TextBeat(head)), (EventChannel, EventBeat(head))):
            waiting = [watcher for room in rooms if isinstance(room.channel, kind) for watcher in room.listening]
            if waiting:
                self._begin(_Beat(text, waiting))

    def let_go(self, group: str) -> None:
        """Send everybody away who follows the log of ``group``: another process may know more of it."""
        self._let_go(self._rooms_of(group))

    # The watchers' side

    def join(self, name: str, watcher: Watcher, *, epoch: str | None, since: int | None) -> None:
        """Let ``watcher`` listen from now on, and send it what it has missed since entry ``since`` of ``epoch``.

        Raises KeyError for a channel that is not open.
        """
        watcher.room = self._rooms[name]
        watcher.position = None if epoch is None or since is None else Position(epoch, since)
        self.counts.joined += 1
        self._catch_up(watcher, watcher.room)

    def leave(self, watcher: Watcher) -> None:
        """Forget ``watcher``; nothing is written to it any more."""
        if watcher.room is None:
            return
        watcher.room.listening.pop(watcher, None)
        self._aside.pop(watcher, None)
        watcher.room = None
        watcher.change = _NOWHERE

    def set_aside(self, watcher: Watcher) -> None:
        """Send ``watcher`` nothing until it has read what it has."""
        if watcher.room is None:
            return
        watcher.room.listening.pop(watcher)
        watcher.change = _NOWHERE
        self._aside[watcher] = _Stuck(watcher.transport.get_write_buffer_size(), asyncio.get_running_loop().time())
        self.counts.set_aside += 1

    def take_back(self, watcher: Watcher) -> None:
        """Let ``watcher``, which has read what it had, listen again: it gets the newest copies, not the backlog."""
        if watcher.room is None:
            return
        del self._aside[watcher]
        self.counts.caught_up += 1
        self._catch_up(watcher, watcher.room)

    # Keeping house

    def start(self, ask: Callable[[], None] | None = None) -> None:
        """Begin the beats, on the running loop.

        Whoever follows the logs gives ``ask``, which is called when beats are due: each goes out once its log has been
        read again and found as it is known, which ``affirm`` says. So a beat is proof that the log is followed.
        """
        self._ask = ask
        self._wind()

    def _wind(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._beat_seconds, self._beat)

    def stop(self) -> None:
        """End the beats."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def watchers(self) -> dict[str, int]:
        """The number of watchers of each open channel, the ones set aside included."""
        aside = Counter(watcher.room for watcher in self._aside)
        return {name: len(room.listening) + aside[room] for name, room in self._rooms.items()}

    def _changed(self, room: Room, message: bytes | Events) -> None:
        """Number the change that ``message`` brings, and send it; after the delivery under way, if there is one."""
        self._changes += 1
        room.change = self._changes
        if not room.busy:
            self._send(room, message)

    def _send(self, room: Room, message: bytes | Events | None) -> None:
        """Begin to deliver ``message``, after which the room's listeners stand where its channel does."""
        if message is None or not room.listening:
            return
        room.busy = True
        self.counts.messages += 1
        position = room.channel.position
        text = message if isinstance(message, Events) else frames.TextFrames(message)
        self._begin(_Delivery(room, text, room.change, position, list(room.listening)))

    def _begin(self, delivery: _Delivery | _Beat | _Goodbye) -> None:
        """Put ``delivery`` in the queue, and write unless that goes on already."""
        self._under_way.append(delivery)
        if not self._writing:
            self._write_slice()

    def _write_slice(self) -> None:
        """Write to as many watchers as one turn of the loop may take, and come back for the rest."""
        self._writing = True
        left = self._slice_size
        while self._under_way and left > 0:
            delivery = self._under_way[0]
            waiting = len(delivery.waiting)
            self.counts.deliveries += delivery.write(left)
            left -= waiting - len(delivery.waiting)
            if not delivery.waiting:
                self._under_way.popleft()
                if isinstance(delivery, _Delivery):
                    self._delivered(delivery)
        if self._under_way:
            asyncio.get_running_loop().call_soon(self._write_slice)
        else:
            self._writing = False

    def _delivered(self, delivery: _Delivery) -> None:
        """Follow ``delivery`` with what has changed while it was under way."""
        room = delivery.room
        room.busy = False
        epoch, since = delivery.position
        self._send(room, room.channel.resume(epoch=epoch, since=since, head=room.channel.seq))

    def _catch_up(self, watcher: Watcher, room: Room) -> None:
        """Have ``watcher`` listen, from where the channel stands now; what it has missed goes out to it at once."""
        epoch, since = watcher.position or (None, None)
        head = max(room.channel.seq, self._heads[room.group].seq)
        message = room.channel.resume(epoch=epoch, since=since, head=head)
        watcher.change = room.change
        room.listening[watcher] = None
        if message is not None:
            frame = room.text(message).to(watcher.window, watcher.position)
            watcher.position = room.channel.position
            _write(watcher, frame)

    def _beat(self) -> None:
        """Sweep out who is stuck or silent; ping the others and tell them where the night is."""
        self._wind()
        self._sweep_stuck()
        self._sweep_silent()
        self._due = set(self._heads)
        if self._ask is not None:
            self._ask()
        else:
            for group in self._heads:
                self.affirm(group)

    def _rooms_of(self, group: str) -> list[Room]:
        return [room for room in self._rooms.values() if room.group == group]

    def _let_go(self, rooms: Collection[Room]) -> None:
        aside = [watcher for watcher in self._aside if watcher.room in rooms]
        self._begin(_Goodbye([*aside, *(watcher for room in rooms for watcher in room.listening)]))

    def _sweep_stuck(self) -> None:
        """Cut off those set aside that have not taken a byte for too long. A slow line is not a stuck one."""
        now = asyncio.get_running_loop().time()
        for watcher, stuck in list(self._aside.items()):
            held = watcher.transport.get_write_buffer_size()
            if held < stuck.held:
                self._aside[watcher] = _Stuck(held, now)
            elif now - stuck.since >= self._stuck_seconds:
                self.counts.cut_stuck += 1
                watcher.cut()

    def _sweep_silent(self) -> None:
        """Cut off those that no longer answer. Pings are counted, not seconds: a server that slept cuts nobody off."""
        for room in self._rooms.values():
            for watcher in [it for it in room.listening if it.unanswered * self._beat_seconds > self._silent_seconds]:
                self.counts.cut_silent += 1
                watcher.cut()


def _write(watcher: Watcher, frame: bytes) -> None:
    """Write ``frame``, unless it is empty, to one watcher. One broken socket is not to cost the others theirs."""
    if not frame:
        return
    try:
        watcher.transport.write(frame)
    except Exception:
        logger.exception("a watcher could not be written to")
        watcher.cut()
