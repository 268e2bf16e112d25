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
from functools import partial
from http import HTTPStatus
from typing import ClassVar, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory
from websockets.http11 import Request
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from app.addresses import LIVE
from app.connections.gate import Admitted, Gate, Refusal, Visitor, tune, when_open
from app.live.frames import PLAIN
from app.live.watcher import ALLOWANCE

logger = logging.getLogger(__name__)

_REQUESTS = tuple(
    re.compile(rb"GET %b(?:\?(?P<query>[^ ]*))? HTTP/" % address.pattern(r"[^/? ]+").encode()) for address in LIVE
)
"""What a request for a live socket begins with, however what it names is spelt."""

# Without context takeover, so that the same bytes do for everybody, and nothing is kept for anybody.
_DEFLATE = ServerPerMessageDeflateFactory(server_no_context_takeover=True, client_no_context_takeover=True)


class LiveProtocol(WebSocketsSansIOProtocol):
    """What uvicorn makes for an upgrade: for a live path a doorkeeper, for all others its parent."""

    gate: ClassVar[Gate]
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
                elif not when_open(entry, partial(self._hand_over, entry)):
                    # Not now: uvicorn makes this object the transport's protocol after we return.
                    self.loop.call_soon(self._hand_over, entry)
            self.conn.send_response(response)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.handshake_complete = True
        if self.conn.state is not OPEN:
            self.close_sent = True
            self.transport.close()

    def _hand_over(self, entry: Admitted) -> None:
        """Put a watcher in this object's place."""
        if self.transport.is_closing():
            self.gate.exit(self._address)
            return
        tune(self.transport)
        connections, address = self.connections, self._address
        watcher = Visitor(self.gate, self.transport, self._window, connections=connections, address=address)
        self.connections.discard(self)
        self.transport.set_protocol(watcher)
        watcher.join(entry)
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


def live_protocol(gate: Gate) -> type[asyncio.Protocol]:
    """The class for ``uvicorn.Config(ws=...)`` whose live sockets watch the channels of the hub behind ``gate``."""
    return type("LiveProtocol", (LiveProtocol,), {"gate": gate})


def _live(data: bytes) -> re.Match[bytes] | None:
    return next(filter(None, (request.match(data) for request in _REQUESTS)), None)
