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
from typing import Any, ClassVar, NamedTuple, cast
from urllib.parse import parse_qs, unquote

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory
from websockets.http11 import Request
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from app.addresses import LIVE
from app.live.frames import PLAIN, CloseCode
from app.live.hub import Hub
from app.live.watcher import ALLOWANCE, Watcher

logger = logging.getLogger(__name__)

_REQUESTS = tuple(
    re.compile(rb"GET %b(?:\?(?P<query>[^ ]*))? HTTP/" % address.pattern(r"[^/? ]+").encode()) for address in LIVE
)
"""What a request for a live socket begins with, however what it names is spelt."""

_SEQUENCE = re.compile(r"[0-9]{1,18}")
_EPOCH = re.compile(r"[!-~]{1,64}")

# Without context takeover, so that the same bytes do for everybody, and nothing is kept for anybody.
_DEFLATE = ServerPerMessageDeflateFactory(server_no_context_takeover=True, client_no_context_takeover=True)

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


class _Admitted(NamedTuple):
    """What a request is let in to watch, and the entry up to which its page was told."""

    channel: str
    epoch: str | None
    since: int | None
    opened: asyncio.Future[Any] | None = None


# (slug, council id or None for the overview, convention or None for the election's own) -> the channel's name
Resolve = Callable[[str, str | None, str | None], str | Opening | Refusal]


class _Gate:
    """Who is let in: what all the live sockets of a server share."""

    def __init__(self, hub: Hub, resolve: Resolve, *, per_address: int, crowded_from: int) -> None:
        """Nobody is in. With more than ``crowded_from`` connections of any kind nobody else gets in."""
        self.hub = hub
        self._resolve = resolve
        self._per_address = per_address
        self._crowded_from = crowded_from
        self._inside: Counter[str] = Counter()

    def enter(self, live: re.Match[bytes], address: str, connections: int) -> _Admitted | Refusal:
        """Let a request in that ``live`` matches, and count it, or say why not."""
        crowded = self._crowded(address, connections)
        if crowded is not None:
            return crowded
        named = {name: (part or b"").decode("latin-1") for name, part in live.groupdict().items()}
        try:
            fields = parse_qs(named["query"], keep_blank_values=True, max_num_fields=16)
            convention, epoch, since = (_single(fields, name) for name in ("convention", "epoch", "since"))
        except ValueError as error:
            return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
        if since is not None and not _SEQUENCE.fullmatch(since):
            return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "since: a sequence, in decimal digits")
        if epoch is not None and not _EPOCH.fullmatch(epoch):
            return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "epoch: at most 64 visible ASCII characters")
        found = self._resolve(unquote(named["slug"]), unquote(named.get("council_id", "")) or None, convention)
        if isinstance(found, Refusal):
            return found
        channel, opened = found if isinstance(found, Opening) else (found, None)
        if self._per_address:
            self._inside[address] += 1
        return _Admitted(channel, epoch, None if since is None else int(since), opened)

    def _crowded(self, address: str, connections: int) -> Refusal | None:
        """Why there is no room for one more; None where there is."""
        if connections > self._crowded_from:
            return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "as many are watching as this server has room for")
        if self._per_address and self._inside[address] >= self._per_address:
            return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "too many live connections from this address")
        return None

    def exit(self, address: str) -> None:
        """A socket from ``address`` is gone."""
        if self._per_address:
            self._inside[address] -= 1
            if not self._inside[address]:
                del self._inside[address]


class _Socket(Watcher):
    """A watcher among uvicorn's connections."""

    __slots__ = ("_address", "_connections", "_gate")

    def __init__(
        self, gate: _Gate, transport: asyncio.Transport, window: int, *, connections: set[Any], address: str
    ) -> None:
        """Known to uvicorn, so that its shutdown reaches it; ``address`` is counted already."""
        super().__init__(gate.hub, transport, window)
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
            if len(self._early) > ALLOWANCE:
                # So much would be too much for the watcher as well.
                self.transport.abort()
        elif not self.handshake_initiated and (live := _live(data)):
            self._answer(live, data)
        elif self.handshake_initiated and not self.handshake_complete:
            # RFC 6455, 4.1: a client waits for the answer before it says anything. Ours may yet be a refusal.
            self.transport.abort()
        else:
            super().data_received(data)

    def _answer(self, live: re.Match[bytes], data: bytes) -> None:
        """Make the handshake for a live path, or refuse it."""
        head, end, self._early = data.partition(b"\r\n\r\n")
        # In the place of the parent's, which deflates in its own way and writes a line to the log for every connection.
        self.conn = ServerProtocol(extensions=[_DEFLATE], logger=logger)
        self.conn.receive_data(head + end)
        for request in self.conn.events_received():  # one; or none, where it was refused in the reading
            response = self.conn.accept(cast(Request, request))
            if response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
                entry = self.gate.enter(live, self._address, len(self.connections))
                if isinstance(entry, Refusal):
                    self.gate.hub.counts.refused += 1
                    response = self.conn.reject(*entry)
                elif entry.opened is None:
                    # Not now: uvicorn makes this object the transport's protocol after we return.
                    self.loop.call_soon(self._hand_over, entry)
                else:
                    entry.opened.add_done_callback(partial(self._opened, entry))
            self.conn.send_response(response)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.handshake_complete = True
        if self.conn.state is not OPEN:
            self.close_sent = True
            self.transport.close()

    def _opened(self, entry: _Admitted, opened: asyncio.Future[Any]) -> None:
        """Go on with a channel that is open now, or could not be opened."""
        if not opened.cancelled():
            opened.exception()  # Told by who tried: asked for, it is not told by asyncio as well.
        self._hand_over(entry)

    def _hand_over(self, entry: _Admitted) -> None:
        """Put a watcher in this object's place."""
        if self.transport.is_closing():
            self.gate.exit(self._address)
            return
        _tune(self.transport)
        connections, address = self.connections, self._address
        watcher = _Socket(self.gate, self.transport, self._window, connections=connections, address=address)
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
    def _window(self) -> int:
        """What the client inflates with, as it was agreed."""
        deflate = next((it for it in self.conn.extensions if isinstance(it, PerMessageDeflate)), None)
        return deflate.local_max_window_bits if deflate is not None else PLAIN

    @property
    def _address(self) -> str:
        """The peer's address: a proxy's, behind one. Empty for a Unix socket."""
        return self.client[0] if self.client else ""


def live_protocol(
    hub: Hub, resolve: Resolve, *, per_address: int = 0, crowded_from: int = sys.maxsize
) -> type[asyncio.Protocol]:
    """The class for ``uvicorn.Config(ws=...)`` whose live sockets watch the channels of ``hub``.

    ``resolve`` says which channel a path means, or why there is none. From one address at most ``per_address`` sockets
    are open at a time, as many as like with 0. Behind a proxy all have its address: leave the counting to it. Where
    there are more than ``crowded_from`` connections, of whatever kind, nobody else is let in.
    """
    gate = _Gate(hub, resolve, per_address=per_address, crowded_from=crowded_from)
    return type("LiveProtocol", (LiveProtocol,), {"gate": gate})


def _live(data: bytes) -> re.Match[bytes] | None:
    return next(filter(None, (request.match(data) for request in _REQUESTS)), None)


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
