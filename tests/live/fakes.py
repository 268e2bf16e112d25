"""A transport without a network, and a page that believes what the socket tells it."""

import asyncio
import functools
import json
import re
import zlib
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, NamedTuple

from app.live.frames import Opcode
from app.live.hub import Hub
from app.live.watcher import Watcher
from tests.watching import apply

PARTIAL = re.compile(r'<hx-partial hx-target="#([\w-]+)" hx-swap="outerMorph">(.*?)</hx-partial>', re.DOTALL)


def on_loop(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Run a test that is a coroutine on an event loop of its own."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


async def until(condition: Callable[[], object]) -> None:
    """Let the event loop turn until ``condition`` holds."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0)


class Misuse(BaseException):
    """What a transport should not be asked for. No ordinary exception, so that nobody handles it."""


class SocketOfNobody:
    """Takes every option and has no address."""

    family = None

    def setsockopt(self, *_: int) -> None:
        pass

    def getsockname(self) -> None:
        return None

    def getpeername(self) -> None:
        return None


class FakeTransport(asyncio.Transport):
    """Takes what is written as long as its client reads; ``room`` is how many bytes the kernel holds beyond that."""

    def __init__(self, *, room: int | None = None, tls: bool = False) -> None:
        super().__init__()
        self.protocol = asyncio.Protocol()
        self.room = room
        self.tls = tls
        self.writes: list[bytes] = []
        self.taken = bytearray()
        self.held = bytearray()
        self.ended = ""
        self.eof = False
        self.breaks: Exception | None = None
        self.socket = SocketOfNobody()

    def write(self, data: bytes) -> None:
        if self.eof:
            raise Misuse("a write after the end")
        if self.held and not self.ended:
            raise Misuse("a backlog for somebody who doesn't read")
        if self.breaks is not None:
            raise self.breaks
        if self.ended:
            return
        self.writes.append(data)
        fits = len(data) if self.room is None else min(self.room, len(data))
        self.taken += data[:fits]
        if self.room is not None:
            self.room -= fits
        if fits < len(data):
            self.held += data[fits:]
            self.protocol.pause_writing()

    def read_on(self) -> None:
        """The client reads everything, and goes on reading."""
        self.room = None
        self.take(len(self.held))

    def take(self, size: int) -> None:
        """The client reads ``size`` of the bytes held back for it."""
        self.taken += self.held[:size]
        held = bool(self.held)
        del self.held[:size]
        if held and not self.held and not self.ended:
            self.protocol.resume_writing()

    def get_write_buffer_size(self) -> int:
        return len(self.held)

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        if len(self.held) > high:
            self.protocol.pause_writing()

    def set_protocol(self, protocol: asyncio.Protocol) -> None:
        self.protocol = protocol

    def get_protocol(self) -> asyncio.Protocol:
        return self.protocol

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self.socket if name == "socket" else default

    def can_write_eof(self) -> bool:
        return not self.tls

    def write_eof(self) -> None:
        self.eof = True

    def is_closing(self) -> bool:
        return bool(self.ended)

    def close(self) -> None:
        self._end("closed")

    def abort(self) -> None:
        self.held.clear()
        self._end("aborted")

    def _end(self, how: str) -> None:
        if not self.ended:
            self.ended = how
            asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)

    def frames(self) -> list[tuple[Opcode, bytes]]:
        """The whole frames that the client has read."""
        return [(frame.opcode, frame.payload) for frame in server_frames(bytes(self.taken))]

    def messages(self) -> list[dict[str, Any]]:
        """The messages among them."""
        return [json.loads(payload) for opcode, payload in self.frames() if opcode is Opcode.TEXT]


class ServerFrame(NamedTuple):
    opcode: Opcode
    payload: bytes
    end: int


def server_frames(data: bytes) -> Iterator[ServerFrame]:
    """The whole, unmasked frames in ``data``, inflated."""
    at = 0
    while len(data) - at >= 2:
        size, begin = data[at + 1], at + 2
        if size >= 126:
            field = 2 if size == 126 else 8
            size, begin = int.from_bytes(data[begin : begin + field]), begin + field
        if len(data) < begin + size:
            return
        payload = data[begin : begin + size]
        if data[at] & 0x40:
            payload = zlib.decompressobj(wbits=-15).decompress(payload + b"\x00\x00\xff\xff")
        yield ServerFrame(Opcode(data[at] & 0x0F), payload, begin + size)
        at = begin + size


def partials(content: str) -> dict[str, str]:
    """Element id -> HTML, of a message's content."""
    return dict(PARTIAL.findall(content))


def client_frame(opcode: int, payload: bytes = b"", *, fin: bool = True, deflated: bool = False) -> bytes:
    """A frame as browsers send them, of up to 65,535 bytes; ``deflated`` is what it says of itself."""
    mask = b"\x01\x02\x03\x04"
    size = len(payload)
    length = bytes((0x80 | size,)) if size < 126 else b"\xfe" + size.to_bytes(2)
    masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
    return bytes(((0x80 if fin else 0) | (0x40 if deflated else 0) | opcode,)) + length + mask + masked


class Page:
    """What a browser does with messages: replaces fragments, and remembers the last sequence.

    It is stricter than a browser, which drops a message it has had: that must not come at all.
    """

    def __init__(self) -> None:
        self.epoch: str | None = None
        self.seq: int | None = None
        self.fragments: dict[str, str] = {}

    def hear(self, message: dict[str, Any]) -> None:
        if message["kind"] == "snapshot":
            self.epoch, self.seq = message["epoch"], message["seq"]
            self.fragments = partials(message["content"])
        elif message["kind"] == "update":
            assert message["epoch"] == self.epoch
            assert message["seq"] > self.seq, "this was told already"
            self.seq = message["seq"]
            apply(self.fragments, message["content"])
        elif message["epoch"] == self.epoch:
            self.seq = max(self.seq, message["seq"])


def watcher(
    hub: Hub,
    channel: str = "c",
    *,
    since: int | None = None,
    epoch: str | None = "e",
    window: int = 0,
    **transport: Any,
):
    """Somebody who watches ``channel``; the watcher's transport is a ``FakeTransport``."""
    fake = FakeTransport(**transport)
    fake.protocol = Watcher(hub, fake, window)
    hub.join(channel, fake.protocol, epoch=epoch, since=since)
    return fake.protocol
