"""What a night weighs: bytes at the socket of one open dashboard, with its messages deflated and as they are.

A whole country is declared ward by ward, each once the last has been told. Baseline: the same messages to a client that
cannot inflate. Beside them, as both read them: JSON in UTF-8.
"""

import json
import socket
import zlib
from collections.abc import Sequence
from statistics import median
from typing import Any, NamedTuple

from app.domain.election import Election
from bench.goals import Goal, as_json
from bench.national import national_election
from bench.options import Options
from bench.real import CONFIRMED, national_bodies, national_server
from tests.country import country, country_night
from tests.running import Server

MEDIAN, FLIP, NIGHT = 1_500, 4_000, 6_000_000
"""Bytes that a message is to have, one that tells of a gain, and all of them."""

PATIENCE_SECONDS = 60
TEXT, PING, IS_DEFLATED = 0x1, 0x9, 0x40
PONG = b"\x8a\x80\x00\x00\x00\x00"
LENGTH_FIELDS = {126: 2, 127: 8}


class Message(NamedTuple):
    """Its bytes as a frame and as JSON, its sequence, and whether a council flipped with it."""

    framed: int
    plain: int
    seq: int
    is_flip: bool = False


class Tab:
    """A live socket from its newest entry on; it can inflate, or not."""

    def __init__(self, server: Server, path: str, *, inflates: bool) -> None:
        offered = "Sec-WebSocket-Extensions: permessage-deflate\r\n" if inflates else ""
        self._socket = socket.create_connection(("127.0.0.1", server.port), PATIENCE_SECONDS)
        self._reader = self._socket.makefile("rb")
        self._socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{offered}\r\n".encode()
        )
        while self._reader.readline() != b"\r\n":
            pass
        self.received = 0
        """Bytes of frames, beats and pings too."""
        self.snapshot = self._message()
        self.messages: list[Message] = []

    def told(self, seq: int, *, is_flip: bool) -> None:
        """Wait for the message of entry ``seq``."""
        message = self._message()
        if message.seq != seq:
            raise RuntimeError(f"told of {message.seq} in the place of {seq}")
        self.messages.append(message._replace(is_flip=is_flip))

    def close(self) -> None:
        self._socket.close()

    def _message(self) -> Message:
        """The next that is no beat."""
        while True:
            first, payload, framed = self._frame()
            if first & 0x0F != TEXT:
                continue
            text = inflated(payload) if first & IS_DEFLATED else payload
            message = json.loads(text)
            if message["kind"] != "beat":
                return Message(framed, len(text), message["seq"])

    def _frame(self) -> tuple[int, bytes, int]:
        """The next frame: its first byte, its payload, and its bytes in all."""
        head = self._reader.read(2)
        field = self._reader.read(LENGTH_FIELDS.get(head[1], 0))
        payload = self._reader.read(int.from_bytes(field) if field else head[1])
        framed = len(head) + len(field) + len(payload)
        self.received += framed
        if head[0] & 0x0F == PING:
            self._socket.sendall(PONG)
        return head[0], payload, framed


def inflated(payload: bytes) -> bytes:
    return zlib.decompressobj(wbits=-15).decompress(payload + b"\x00\x00\xff\xff")


def run(options: Options) -> dict[str, Any]:
    election = national_election(5, 10) if options.quick else country()
    bodies = national_bodies(election) if options.quick else list(country_night(election))
    with national_server(election) as server:
        path = f"/live/{election.slug}/overview"
        tabs = {"deflated": Tab(server, path, inflates=True), "plain": Tab(server, path, inflates=False)}
        _declare(server, election, bodies, list(tabs.values()))
    figures = {name: _figures(tab) for name, tab in tabs.items()}
    for tab in tabs.values():
        tab.close()
    for name, told in figures.items():
        print(f"  {name}: {told['messages']} messages, {told['night_bytes'] / 1e6:.1f} MB, snapshot", end=" ")
        print(f"{told['snapshot_bytes']:,.0f} B; median {told['median_bytes']:,.0f} B,", end=" ")
        print(f"with a gain {told['flip_bytes']:,.0f} B, most {told['most_bytes']:,.0f} B")
    return {**figures, "goals": as_json(_goals(figures["deflated"]))}


def _declare(server: Server, election: Election, bodies: Sequence[dict[str, Any]], tabs: Sequence[Tab]) -> None:
    """One after the other, each once every tab has been told of the last."""
    with server.client() as client:
        for body in bodies:
            posted = {**body, "confirm": CONFIRMED}
            response = client.post(f"/api/v1/elections/{election.slug}/declarations", json=posted)
            response.raise_for_status()
            answer = response.json()
            for tab in tabs:
                tab.told(answer["seq"], is_flip=answer["flipped"])


def _figures(tab: Tab) -> dict[str, float | None]:
    sizes = [message.framed for message in tab.messages]
    flips = [message.framed for message in tab.messages if message.is_flip]
    return {
        "messages": len(sizes),
        "flips": len(flips),
        "snapshot_bytes": tab.snapshot.framed,
        "median_bytes": median(sizes),
        "flip_bytes": median(flips) if flips else None,
        "most_bytes": max(sizes),
        "night_bytes": tab.received - tab.snapshot.framed,
        "median_json_bytes": median(message.plain for message in tab.messages),
        "night_json_bytes": sum(message.plain for message in tab.messages),
    }


def _goals(figures: dict[str, Any]) -> list[Goal]:
    return [
        Goal("a message to an open dashboard, deflated, at the median", figures["median_bytes"], MEDIAN, "B"),
        Goal("the same, of those that let a council flip", figures["flip_bytes"], FLIP, "B"),
        Goal("all messages of a country's night", figures["night_bytes"] / 1e6, NIGHT / 1e6, "MB"),
    ]
