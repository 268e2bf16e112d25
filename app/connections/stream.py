"""Server-sent events: a plain request becomes a watcher in the hub, as one for a socket does.

The answer has no length and no chunks: it ends with the connection. So what is written to one reader is what is written
to all, whatever version of HTTP they speak.
"""

import asyncio
import random
import re
from functools import partial
from http import HTTPStatus
from typing import Any

from app.addresses import EVENTS
from app.connections.gate import Gate, Refusal, Visitor, tune, when_open
from app.live.events import STREAM
from app.live.frames import BadFrame, CloseCode

_ADDRESS = re.compile(rb"%b(?:\?(?P<query>.*))?" % EVENTS.pattern(r"[^/?]+").encode())
"""What is asked for, however what it names is spelt."""

RETRY_MILLISECONDS = 2_000
"""After which a browser comes back whose connection broke."""

LATEST_RETRY_MILLISECONDS = 5_000
"""After which the last of those come back who were sent away together: not all in one moment."""

_HEADERS = (
    b"access-control-allow-origin: *\r\nx-content-type-options: nosniff\r\nx-robots-tag: noindex\r\n"
    b"cache-control: no-store\r\nconnection: close\r\n"
)
_BEGINNING = b"content-type: text/event-stream; charset=utf-8\r\nx-accel-buffering: no\r\n" + _HEADERS


def stream_asked_for(url: bytes) -> re.Match[bytes] | None:
    """What a request's target names, if it is a stream."""
    return _ADDRESS.fullmatch(url)


class EventStream(Visitor):
    """Somebody who is told events; what its client sends is ignored."""

    __slots__ = ()

    def pinged(self) -> None:
        """A stream is not answered: the kernel notices when nobody is there."""
        self._spent = 0

    def data_received(self, data: bytes) -> None:
        """Take no notice, as long as it is not too much."""
        try:
            self._charge(len(data))
        except BadFrame:
            self.cut()

    def _goodbye(self, code: CloseCode, reason: str) -> bytes:  # noqa: ARG002  # all come back
        return come_back("the server is about to stop, or cannot tell how the night goes on")


def open_stream(
    gate: Gate,
    transport: asyncio.Transport,
    asked: tuple[re.Match[bytes], str | None],
    *,
    defaults: bytes,
    connections: set[Any],
    address: str,
) -> None:
    """Put a watcher in the place of ``transport``'s protocol, or refuse the request, and close.

    ``asked`` is what the request names and its ``Last-Event-ID``; ``defaults`` are the headers of every answer.
    """
    entry = gate.enter_stream(*asked, address, len(connections))
    if isinstance(entry, Refusal):
        gate.hub.counts.refused += 1
        transport.write(_refused(entry, defaults))
        transport.close()
        return
    tune(transport)
    stream = EventStream(gate, transport, STREAM, connections=connections, address=address)
    transport.set_protocol(stream)
    transport.write(b"HTTP/1.1 200 OK\r\n%b%b\r\nretry: %d\n\n" % (defaults, _BEGINNING, RETRY_MILLISECONDS))
    if not when_open(entry, partial(stream.join, entry)):
        stream.join(entry)


def come_back(why: str) -> bytes:
    """What is told somebody who is to ask again soon: browsers do so by themselves, but not all at once."""
    return f"retry: {random.randint(RETRY_MILLISECONDS // 4, LATEST_RETRY_MILLISECONDS)}\n: {why}\n\n".encode()  # noqa: S311  # no secret


def _refused(refusal: Refusal, defaults: bytes) -> bytes:
    """A refusal as an answer. What will pass is told within a stream: after any other status a browser gives up."""
    if refusal.status is HTTPStatus.SERVICE_UNAVAILABLE:
        return b"HTTP/1.1 200 OK\r\n%b%b\r\n%b" % (defaults, _BEGINNING, come_back(refusal.text))
    body = f"{refusal.text}\n".encode()
    told = b"content-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\n" % len(body)
    status = f"HTTP/1.1 {refusal.status} {refusal.status.phrase}\r\n".encode()
    return b"".join((status, defaults, told, _HEADERS, b"\r\n", body))
