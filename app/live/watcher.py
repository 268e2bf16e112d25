"""One open socket that only listens: what its client may say, and what happens when it does not read.

There may be ten thousand of these, so each is a handful of slots: no task, no queue, no timer and no buffer of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
from typing import TYPE_CHECKING

from app.live import frames
from app.live.channels import Position
from app.live.frames import BadFrame, CloseCode, Frame, Opcode

if TYPE_CHECKING:
    from app.live.hub import Hub, Room

# What a client may send between two pings, in bytes. Each frame is charged a little more than its length, so that a
# flood of empty ones counts as well: about a thousand of them are too many.
ALLOWANCE = 65536
FRAME_CHARGE = 64


class Reading(enum.Enum):
    """How a watcher's client keeps up."""

    NOW = "the transport's buffer is empty: what is sent goes to the kernel"
    SLOWLY = "the transport holds bytes back: nothing is sent until they are gone"
    NO_MORE = "closing or closed: nothing is sent, and what arrives is not read"


class Watcher(asyncio.Protocol):
    """The protocol of one connection, from after its handshake until it is lost.

    The hub keeps its books in it: ``room`` (what it watches), ``position`` (the entry up to which it was told),
    ``change`` (the channel's last one when it came), ``unanswered`` (pings since the client last said anything).
    ``window`` is what its client inflates with, in bits, or ``frames.PLAIN``.
    """

    __slots__ = (
        "_fragmented",
        "_hub",
        "_rest",
        "_spent",
        "change",
        "position",
        "reading",
        "room",
        "transport",
        "unanswered",
        "window",
    )

    def __init__(self, hub: Hub, transport: asyncio.Transport, window: int = frames.PLAIN) -> None:
        """Not in the hub yet: ``Hub.join`` does that."""
        self.transport = transport
        self.window = window
        self.reading = Reading.NOW
        self.room: Room | None = None
        self.position: Position | None = None
        self.change = 0
        self.unanswered = 0
        self._hub = hub
        self._spent = 0
        self._rest = b""
        self._fragmented = False

    def pinged(self) -> None:
        """A ping goes out: an answer is awaited, and the client may speak again."""
        self.unanswered += 1
        self._spent = 0

    def pause_writing(self) -> None:
        """The client doesn't keep up: the transport holds bytes back for it."""
        if self.reading is Reading.NOW:
            self.reading = Reading.SLOWLY
            self._hub.set_aside(self)

    def resume_writing(self) -> None:
        """The client has read everything."""
        if self.reading is Reading.SLOWLY:
            self.reading = Reading.NOW
            self._hub.take_back(self)

    def data_received(self, data: bytes) -> None:
        """Read the client's frames, as long as there is a conversation."""
        if self.reading is Reading.NO_MORE:
            return
        self.unanswered = 0
        data = self._rest + data
        at = 0
        try:
            while frame := frames.take(data, at, may_deflate=self.window != frames.PLAIN):
                self._charge(frame.end - at)
                self._hear(frame)
                at = frame.end
                if frame.opcode is Opcode.CLOSE:
                    return
        except BadFrame as bad:
            self.close(bad.code, bad.reason)
        else:
            self._rest = data[at:]

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """The connection is gone, whoever ended it."""
        self.reading = Reading.NO_MORE
        self._hub.leave(self)

    def cut(self) -> None:
        """End the connection at once, with whatever waits to be sent."""
        self.reading = Reading.NO_MORE
        self._hub.leave(self)
        self.transport.abort()

    def close(self, code: CloseCode, reason: str = "") -> None:
        """Say goodbye, and end the connection once the client has hung up or its time for that is over.

        The sending half is closed at once; what still arrives is thrown away. (To close both while unread bytes wait
        would reset the connection, and might take the goodbye from under the client's eyes.)
        """
        if not self._stop():
            return
        self.transport.write(self._goodbye(code, reason))
        if not self.transport.can_write_eof():  # TLS: it has its own goodbye
            self.transport.close()
            return
        with contextlib.suppress(OSError):  # the client was quicker
            self.transport.write_eof()
        asyncio.get_running_loop().call_later(self._hub.goodbye_seconds, self.transport.abort)

    def _goodbye(self, code: CloseCode, reason: str) -> bytes:
        """The last that is written."""
        return frames.close(code, reason)

    def _hear(self, frame: Frame) -> None:
        """Answer a control frame; take no notice of data. Raises ``BadFrame`` where a message is badly put together."""
        if frame.opcode is Opcode.CLOSE:
            if self._stop():
                self.transport.write(frames.encode(Opcode.CLOSE, frame.payload[:2]))
                self.transport.close()
        elif frame.opcode is Opcode.PING:
            # Whoever does not read what it asks for need not be answered.
            if self.reading is Reading.NOW:
                self.transport.write(frames.encode(Opcode.PONG, frame.payload))
        elif frame.opcode is not Opcode.PONG:
            if (frame.opcode is Opcode.CONTINUATION) is not self._fragmented:
                raise BadFrame(CloseCode.PROTOCOL_ERROR, "messages don't mix")
            self._fragmented = not frame.fin

    def _charge(self, size: int) -> None:
        """Count a frame of ``size`` bytes. Raises ``BadFrame`` when it is one too many."""
        self._spent += size + FRAME_CHARGE
        if self._spent > ALLOWANCE:
            raise BadFrame(CloseCode.POLICY, "this socket is for reading")

    def _stop(self) -> bool:
        """Leave the hub for good. False when there is nobody to say goodbye to.

        A goodbye to somebody who doesn't read would only join the queue, so that connection is cut.
        """
        if self.reading is Reading.SLOWLY:
            self.cut()
        if self.reading is Reading.NO_MORE:
            return False
        self.reading = Reading.NO_MORE
        self._hub.leave(self)
        return True
