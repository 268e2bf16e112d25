"""Watchers that keep what they were told, so that it can be compared: thousands in one process.

Everybody on a channel gets the same bytes. So each message is kept and read once, and a watcher is the list of those it
has got.
"""

import asyncio
import json
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.watching import apply

CONNECTING_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Told:
    """A message as a page takes it in."""

    kind: str
    seq: int
    content: str


@dataclass(slots=True)
class Messages:
    """Every message that anybody has got, once."""

    numbers: dict[bytes, int] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)

    def number(self, payload: bytes) -> int:
        """The number of a message, which is read when it is new."""
        number = self.numbers.get(payload)
        if number is None:
            message: dict[str, Any] = json.loads(payload)
            number = self.numbers[payload] = len(self.told)
            self.told.append(Told(message["kind"], message["seq"], message.get("content", "")))
        return number


class Follower(asyncio.Protocol):
    """One watcher. ``seq`` is that of its page; ``got`` the numbers of its messages, beats left out.

    ``opened`` ends when it has been let in, ``told`` when its first message has come.
    """

    def __init__(self, path: str, messages: Messages) -> None:
        self.path = path
        self.got: list[int] = []
        self.seq = -1
        self.last_at = 0.0
        self.is_lost = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.told: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._messages = messages
        self._rest = bytearray()
        self._transport: asyncio.Transport | None = None

    @property
    def updates(self) -> int:
        return sum(self._messages.told[number].kind == "update" for number in self.got)

    @property
    def fragments(self) -> dict[str, str]:
        """The page as it stands, by the messages in their order."""
        page: dict[str, str] = {}
        for number in self.got:
            apply(page, self._messages.told[number].content)
        return page

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(
            f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self._rest += data
        if not self.opened.done():
            head, end, rest = bytes(self._rest).partition(b"\r\n\r\n")
            if not end:
                return
            if b" 101 " not in head[:16]:
                self.opened.set_exception(RuntimeError(head.decode()))
                return
            self.opened.set_result(None)
            self._rest = bytearray(rest)
        self._read_frames()

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_lost = True
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionError("hung up"))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _read_frames(self) -> None:
        """Take every whole frame that has come."""
        at, data = 0, self._rest
        while len(data) - at >= 2:
            size, header = data[at + 1], 2
            if size == 126:
                header = 4
            elif size == 127:
                header = 10
            if len(data) - at < header:
                break
            if header > 2:
                size = int.from_bytes(data[at + 2 : at + header])
            if len(data) - at < header + size:
                break
            self._take(data[at] & 0x0F, bytes(data[at + header : at + header + size]))
            at += header + size
        del data[:at]

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == 9 and self._transport is not None:
            self._transport.write(struct.pack("!BBI", 0x8A, 0x80 | len(payload), 0) + payload)
        if opcode != 1:
            return
        number = self._messages.number(payload)
        message = self._messages.told[number]
        if message.kind == "beat":
            return
        if message.kind == "update" and message.seq <= self.seq:
            raise AssertionError("nothing is told twice")
        self.seq = message.seq
        self.got.append(number)
        if not self.told.done():
            self.told.set_result(None)
        self.last_at = time.monotonic()


async def follow(port: int, paths: Sequence[str], messages: Messages) -> list[Follower]:
    """A watcher for every path, open."""
    loop = asyncio.get_running_loop()
    limit = asyncio.Semaphore(CONNECTING_AT_ONCE)

    async def one(path: str) -> Follower:
        async with limit:
            _, follower = await loop.create_connection(lambda: Follower(path, messages), "127.0.0.1", port)
            await follower.opened
            return follower

    return list(await asyncio.gather(*map(one, paths)))
