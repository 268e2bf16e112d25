"""The live sockets: a request for one becomes a watcher in the hub, beside uvicorn and not through it.

uvicorn takes a class for its WebSocket protocol, makes one object of it for every upgrade, gives it the transport and
the whole request, and only then makes it the transport's protocol. ``LiveProtocol`` looks at the request line. The
handshake for a live path it makes itself, and one turn of the loop later, when uvicorn is through, it puts a watcher in
its own place: a few slots, where uvicorn would keep a queue, a task, a scope and a protocol object for each connection.
Every other request is its parent's, untouched.

uvicorn's classes are no public promise in this: the tests fail when their ways change.
"""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any, ClassVar, NamedTuple, Protocol, cast
from urllib.parse import parse_qs, unquote

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from app.live.frames import CloseCode
from app.live.hub import Hub
from app.live.watcher import Watcher

logger = logging.getLogger(__name__)

_LIVE = re.compile(rb"GET /live/([^/? ]+)/(?:overview|council/([^/? ]+))(?:\?([^ ]*))? HTTP/")
_SEQUENCE = re.compile(r"[0-9]{1,18}")
_EPOCH = re.compile(r"[!-~]{1,64}")

# What the kernel holds for a socket that isn't read, in bytes, and how long until it gives up, in milliseconds.
_SEND_BUFFER = 65536
_USER_TIMEOUT = 20_000


class Refusal(NamedTuple):
    """Why a socket is not opened, as an HTTP status and a line of text."""

    status: HTTPStatus
    text: str


class Opening(NamedTuple):
    """A channel by its name, and what has to be done until it is open."""

    channel: str
    done: asyncio.Future[Any]


class _Entry(NamedTuple):
    """What a request is let in to watch, and the entry up to which its page was told."""

    channel: str
    epoch: str | None
    since: int | None
    opened: asyncio.Future[Any] | None = None


# (slug, council id or None for the overview, convention or None for the election's own) -> the channel's name
Resolve = Callable[[str, str | None, str | None], str | Opening | Refusal]


class Answer(NamedTuple):
    """As it is sent: the status line, then (after uvicorn's own) the headers with the end of the head, and the body."""

    status: bytes
    headers: bytes
    body: bytes


class Held(Protocol):
    """The answers that are in memory."""

    def sent(self, scope: Scope) -> Answer | None:
        """That to a GET, if it is there; of the ASGI scope there are scheme, path, query and headers."""


class _Gate:
    """Who is let in: what all the live sockets of a server share."""

    def __init__(self, hub: Hub, resolve: Resolve, *, per_address: int) -> None:
        """Nobody is in."""
        self.hub = hub
        self._resolve = resolve
        self._per_address = per_address
        self._inside: Counter[str] = Counter()

    def enter(self, live: re.Match[bytes], address: str) -> _Entry | Refusal:
        """Let a request in that ``live`` matches, and count it, or say why not."""
        slug, council, query = (part.decode("latin-1") for part in live.groups(b""))
        try:
            fields = parse_qs(query, keep_blank_values=True, max_num_fields=16)
            convention, epoch, since = (_single(fields, name) for name in ("convention", "epoch", "since"))
        except ValueError as error:
            return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
        if since is not None and not _SEQUENCE.fullmatch(since):
            return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "since: a sequence, in decimal digits")
        if epoch is not None and not _EPOCH.fullmatch(epoch):
            return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "epoch: at most 64 visible ASCII characters")
        found = self._resolve(unquote(slug), unquote(council) or None, convention)
        if isinstance(found, Refusal):
            return found
        channel, opened = found if isinstance(found, Opening) else (found, None)
        if self._per_address:
            if self._inside[address] >= self._per_address:
                return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "too many live connections from this address")
            self._inside[address] += 1
        return _Entry(channel, epoch, None if since is None else int(since), opened)

    def exit(self, address: str) -> None:
        """A socket from ``address`` is gone."""
        if self._per_address:
            self._inside[address] -= 1
            if not self._inside[address]:
                del self._inside[address]


class _Socket(Watcher):
    """A watcher among uvicorn's connections."""

    __slots__ = ("_address", "_connections", "_gate")

    def __init__(self, gate: _Gate, transport: asyncio.Transport, connections: set[Any], address: str) -> None:
        """Known to uvicorn, so that its shutdown reaches it; ``address`` is counted already."""
        super().__init__(gate.hub, transport)
        self._gate = gate
        self._address = address
        self._connections = connections
        connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave uvicorn too."""
        super().connection_lost(exc)
        self._connections.discard(self)
        self._gate.exit(self._address)

    def shutdown(self) -> None:
        """The server stops: uvicorn says so to each of its connections."""
        self.close(CloseCode.RESTARTING)


class LiveProtocol(WebSocketsSansIOProtocol):
    """What uvicorn makes for an upgrade: for a live path a doorkeeper, for all others its parent."""

    gate: ClassVar[_Gate]
    # What has come after a live request; None as long as there was none.
    _early: bytes | None = None

    def data_received(self, data: bytes) -> None:
        """The request, in one piece, and whatever the client sends after it."""
        if self._early is not None:
            self._early += data
        elif not self.handshake_initiated and (live := _LIVE.match(data)):
            self._answer(live, data)
        else:
            super().data_received(data)

    def _answer(self, live: re.Match[bytes], data: bytes) -> None:
        """Make the handshake for a live path, or refuse it."""
        head, end, self._early = data.partition(b"\r\n\r\n")
        # In the place of the parent's, which may offer compression and writes a line to the log for every connection.
        self.conn = ServerProtocol(logger=logger)
        self.conn.receive_data(head + end)
        for request in self.conn.events_received():  # one; or none, where it was refused in the reading
            response = self.conn.accept(cast(Request, request))
            if response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
                entry = self.gate.enter(live, self._address)
                if isinstance(entry, Refusal):
                    self.gate.hub.counts.refused += 1
                    response = self.conn.reject(*entry)
                elif entry.opened is None:
                    # Not now: uvicorn makes this object the transport's protocol after we return.
                    self.loop.call_soon(self._hand_over, entry)
                else:
                    entry.opened.add_done_callback(partial(self._hand_over, entry))
            self.conn.send_response(response)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.handshake_complete = True
        if self.conn.state is not OPEN:
            self.close_sent = True
            self.transport.close()

    def _hand_over(self, entry: _Entry, *_: object) -> None:
        """Put a watcher in this object's place."""
        if self.transport.is_closing():
            self.gate.exit(self._address)
            return
        _tune(self.transport)
        watcher = _Socket(self.gate, self.transport, self.connections, self._address)
        self.connections.discard(self)
        self.transport.set_protocol(watcher)
        try:
            self.gate.hub.join(entry.channel, watcher, epoch=entry.epoch, since=entry.since)
        except KeyError:
            # It could not be opened, or has been closed since: who comes back is told what there is instead.
            watcher.close(CloseCode.RESTARTING)
            return
        # What the kernel doesn't take sets the watcher aside: after joining, then, as that may be now. (Not 0: plain
        # transports pause above the limit, asyncio's for TLS at it.)
        self.transport.set_write_buffer_limits(high=1)
        if self._early:
            watcher.data_received(self._early)

    @property
    def _address(self) -> str:
        """The peer's address: a proxy's, behind one. Empty for a Unix socket."""
        return self.client[0] if self.client else ""


class HttpProtocol(HttpToolsProtocol):
    """uvicorn's, with a limit to how long it waits for a request, and with answers that are held in memory.

    What is held needs no ASGI: no task, no cycle of messages, and one write. uvicorn's parser still reads the request,
    so what comes before it and after it is in order.
    """

    head_seconds: ClassVar[float]
    held: ClassVar[Held | None]
    _limit: asyncio.TimerHandle | None = None
    _made: ClassVar[tuple[list[tuple[bytes, bytes]], bytes]] = ([], b"")
    # The answer to the request that is being read, where it is held.
    _answer: Answer | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A request is awaited."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """A part of a request begins the wait for the rest of its head."""
        super().data_received(data)
        # After an answer uvicorn waits for the next request by a limit of its own.
        is_limited = self._limit is not None or self.timeout_keep_alive_task is not None
        if not is_limited and self._is_between and self.transport.get_protocol() is self:
            self._await_head()

    def on_headers_complete(self) -> None:
        """The head is there: its answer may be, too."""
        self._stop_waiting()
        if self.held is not None and (asked := self._plain_read()) is not None:
            self._answer = self.held.sent(asked)
        if self._answer is None:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A read has none that is of interest."""
        if self._answer is None:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is there to its end."""
        if self._answer is None:
            super().on_message_complete()
            return
        (status, headers, body), self._answer = self._answer, None
        self.transport.write(b"".join((status, self._defaults(), headers, body)))
        self.on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is awaited any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _defaults(self) -> bytes:
        """The headers of every answer, which uvicorn makes anew every second."""
        made_of, lines = HttpProtocol._made
        if made_of is not self.server_state.default_headers:
            made_of = self.server_state.default_headers
            lines = b"".join(b"%b: %b\r\n" % header for header in made_of)
            HttpProtocol._made = (made_of, lines)
        return lines

    @property
    def _is_between(self) -> bool:
        """Nothing is being answered."""
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return (cycle is None or cycle.response_complete) and not self.pipeline

    def _plain_read(self) -> Scope | None:
        """What is asked for, where it may be answered from memory: a GET in its turn, of a client that reads."""
        path, _, query = self.url.partition(b"?")
        if (
            self.parser.get_method() != b"GET"
            or self.parser.get_http_version() != "1.1"
            or not self.parser.should_keep_alive()
            or self.parser.should_upgrade()
            or self.expect_100_continue
            or self.flow.write_paused
            or not self._is_between
            or not path.startswith(b"/")
            or b"%" in path
            or b"#" in query
        ):
            return None
        scheme = self.scheme
        if self.config.proxy_headers:
            # The proxy's word on it, as uvicorn's middleware takes it; whoever makes one up is told no secret.
            said = next((value for name, value in self.headers if name == b"x-forwarded-proto"), None)
            scheme = scheme if said is None else "https" if said == b"https" else "http"
        return {"scheme": scheme, "path": path.decode("latin-1"), "query_string": query, "headers": self.headers}

    def _await_head(self) -> None:
        """Hang up in ``head_seconds``."""
        self._limit = self.loop.call_later(self.head_seconds, self.transport.abort)

    def _stop_waiting(self) -> None:
        """Forget the limit."""
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None


def live_protocol(hub: Hub, resolve: Resolve, *, per_address: int = 0) -> type[asyncio.Protocol]:
    """The class for ``uvicorn.Config(ws=...)`` whose live sockets watch the channels of ``hub``.

    ``resolve`` says which channel a path means, or why there is none. From one address at most ``per_address`` sockets
    are open at a time, as many as like with 0. Behind a proxy all have its address: leave the counting to it.
    """
    return type("LiveProtocol", (LiveProtocol,), {"gate": _Gate(hub, resolve, per_address=per_address)})


def http_protocol(*, held: Held | None = None, head_seconds: float = 10.0) -> type[asyncio.Protocol]:
    """The class for ``uvicorn.Config(http=...)``: who hasn't sent a request's head in ``head_seconds`` is cut off.

    ``held`` has answers that need nobody else.
    """
    return type("HttpProtocol", (HttpProtocol,), {"head_seconds": head_seconds, "held": held})


def _single(fields: dict[str, list[str]], name: str) -> str | None:
    """The value of ``name``, or None where it isn't given. Raises ValueError where it is given twice."""
    values = fields.get(name, [])
    if len(values) > 1:
        raise ValueError(f"{name}: given more than once")
    return values[0] if values else None


def _tune(transport: asyncio.Transport) -> None:
    """Have the kernel hold little for a socket that isn't read, send at once, and notice when nobody is there."""
    peer = transport.get_extra_info("socket")
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
    if peer.family in (socket.AF_INET, socket.AF_INET6):
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if sys.platform == "linux":
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _USER_TIMEOUT)
