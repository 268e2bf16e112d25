"""HTTP as uvicorn reads it, within bounds: of heads, of what waits, and of how long anybody is waited for.

What is held in memory is answered here, without ASGI. uvicorn's parser still reads the request, so what comes before it
and after it is in order.

What has come is looked at in pieces, none of which ends beyond a head: one request at a time, and only as many in one
turn of the loop as leave the others theirs. As long as some of it waits, nothing more is read from that connection.
httptools gathers a name and a value until both are complete, and tells nobody; so the bytes are counted that went into
it since anything came out.

uvicorn's classes are no public promise in this: the tests fail when their ways change.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import ClassVar, NamedTuple, Protocol, cast

from starlette.types import Scope
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT, FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.connections.gate import Gate
from app.connections.lines import Lines
from app.connections.stream import open_stream, stream_asked_for

LARGEST_HEAD = 16 * 1024
"""Bytes of a request's line and headers; as many of what frames a body, between two parts of it."""

MOST_HEADERS = 100

MOST_UNREAD = 4 * 1024 * 1024
"""Bytes that a client may still send of what was answered already: twice the largest upload."""

GOODBYE_SECONDS = 2.0
"""How long a client that was refused may take to read why."""

HANG_UP = (b"connection", b"close")
"""The header that every answer of a server has which is about to stop: its connection is closed after it."""

_BODY = {b"content-length", b"transfer-encoding"}
_HEAD_END = b"\r\n\r\n"
_PIECES_A_TURN = 4
# What a part of a body costs, however short it is, as so many bytes.
_PART_CHARGE = 64
_LARGE_BODY = 65536


_WHY = f"A request’s line and headers have at most {LARGEST_HEAD:,} bytes and {MOST_HEADERS} headers.\n".encode()
_TOO_LARGE = (
    f"HTTP/1.1 431 {HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE.phrase}\r\n"
    f"content-type: text/plain; charset=utf-8\r\ncontent-length: {len(_WHY)}\r\nconnection: close\r\n\r\n"
).encode() + _WHY


class Answer(NamedTuple):
    """As it is sent: the status line, then (after uvicorn's own) the headers with the end of the head, and the body."""

    status: bytes
    headers: bytes
    body: bytes


class Held(Protocol):
    """The answers that are in memory."""

    def sent(self, scope: Scope) -> Answer | None:
        """That to a GET, if it is there; of the ASGI scope there are scheme, path, query and headers."""


class _Flow(FlowControl):
    """uvicorn's, which lets no more be read while some of what came ``is_held``: that is to go on first."""

    def __init__(self, transport: asyncio.Transport, go_on: Callable[[], None]) -> None:
        super().__init__(transport)
        self.is_held = False
        self._go_on = go_on

    def resume_reading(self) -> None:
        if self.is_held:
            self._go_on()
        elif self.read_paused:
            super().resume_reading()


class HttpProtocol(HttpToolsProtocol):
    """One connection, from its beginning to its end or until it becomes a socket."""

    lines: ClassVar[Lines]
    head_seconds: ClassVar[float]
    stuck_seconds: ClassVar[float]
    held: ClassVar[Held | None]
    gate: ClassVar[Gate | None]
    _made: ClassVar[tuple[list[tuple[bytes, bytes]], bytes]] = ([], b"")
    flow: _Flow
    # Until when a head is awaited, and until when something has to be read.
    _limit: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None
    # The answer to the request that is being read, where it is held.
    _answer: Answer | None = None
    # The stream that the request asks for, and the last that its client was told.
    _stream: tuple[re.Match[bytes], str | None] | None = None
    # What came and was not looked at yet, and from where on.
    _rest = b""
    _at = 0
    _held_back = 0
    _is_reading = False
    # Bytes that the parser took since anything came of them.
    _fed = 0
    # Bytes that came of a request after its answer.
    _unread = 0
    _in_body = False
    _is_refused = False
    is_heard = False

    # What asyncio calls

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A request is awaited."""
        super().connection_made(transport)
        self.flow = _Flow(transport, self._go_on)
        self.lines.opened(self, len(self.connections))
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """A part of a request, or several."""
        self.is_heard = True
        # One request, and none before it that is not answered: so it is as a rule.
        if not self._rest and data.find(_HEAD_END) + len(_HEAD_END) == len(data) and self._is_between:
            self._feed(data)
        elif self._is_refused:
            self._throw_away(len(data))
        else:
            self._rest += data
            if not self._is_reading:
                self._read_on()

    def pause_writing(self) -> None:
        """The client takes no more; that is not waited out for ever."""
        super().pause_writing()
        self._await_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is awaited any more."""
        self._leave()
        if self._stuck is not None:
            self._stuck.cancel()
        super().connection_lost(exc)

    # What the parser calls

    def on_headers_complete(self) -> None:
        """The head is there: its answer may be, too."""
        if self._limit is not None:
            self._stop_waiting()
        if self._fed > LARGEST_HEAD or len(self.headers) > MOST_HEADERS:
            self._is_refused = True
            return
        self._fed = self._unread = 0
        self._in_body = True
        self._stream = self._asked_stream()
        if self._stream is None and self.held is not None and (asked := self._plain_read()) is not None:
            self._answer = self.held.sent(asked)
        if self._answer is None and self._stream is None:
            super().on_headers_complete()
            if not self.parser.should_upgrade():
                # What comes after the body is not to pass for headers: a proxy has not looked at it.
                self.headers = []

    def on_body(self, body: bytes) -> None:
        """A read has none that is of interest."""
        self._fed = 0
        if self._answer is not None or self._is_between:
            self._throw_away(len(body) + _PART_CHARGE)
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is there to its end."""
        self._in_body = False
        if self._stream is not None:
            self._begin_stream(*self._stream)
            return
        if self._answer is None:
            if not self._is_refused:
                super().on_message_complete()
            return
        (status, headers, body), self._answer = self._answer, None
        if len(body) < _LARGE_BODY:
            self.transport.write(b"".join((status, self._defaults(), headers, body)))
        else:
            # Not copied: of a thousand who don't read it there is one in memory.
            self.transport.writelines((b"".join((status, self._defaults(), headers)), body))
        HttpToolsProtocol.on_response_complete(self)

    # What uvicorn calls

    def on_response_complete(self) -> None:
        """What waits behind it is next."""
        super().on_response_complete()
        if self.transport.is_closing() and self.transport.get_write_buffer_size():
            self._await_reading()

    def timeout_keep_alive_handler(self) -> None:
        """No other request came; what was answered may still be on its way."""
        super().timeout_keep_alive_handler()
        if self.transport.get_write_buffer_size():
            self._await_reading()

    def handle_websocket_upgrade(self) -> None:
        """The connection becomes a socket's, with what came on it since."""
        if self._is_refused:
            return
        early = self._rest[self._at :]
        self._leave()
        super().handle_websocket_upgrade()
        if early:
            cast("asyncio.Protocol", self.transport.get_protocol()).data_received(early)

    # What the connections of a server are asked

    @property
    def is_waited_for(self) -> bool:
        """Whether it is the client's turn: to send, or to read what it asked for."""
        return self._is_between or self._in_body or self.flow.write_paused

    def cut(self) -> None:
        """End it at once."""
        self.transport.abort()

    # Looking at what has come

    def _go_on(self) -> None:
        """Look at what waits, in a turn of its own."""
        if self._rest and not self._is_reading:
            self._is_reading = True
            self.loop.call_soon(self._read_on)

    def _read_on(self) -> None:
        """Look at some of what waits: until there is no more of it, or until somebody else has to be through first."""
        self._is_reading = True
        for _ in range(_PIECES_A_TURN):
            if not self._rest or self._is_full:
                break
            self._feed(self._next_piece())
            if self.transport.is_closing() or self.transport.get_protocol() is not self:
                self._rest, self._at = b"", 0
        self._is_reading = False
        if not self._rest:
            self._release()
            return
        self._hold()
        if not self._is_full:
            self._go_on()

    def _next_piece(self) -> bytes:
        """To the end of the next head, or as much as a head may have."""
        end = self._rest.find(_HEAD_END, self._at, self._at + LARGEST_HEAD)
        end = self._at + LARGEST_HEAD if end < 0 else end + len(_HEAD_END)
        piece = self._rest[self._at : end]
        self._at = end
        if end >= len(self._rest):
            self._rest, self._at = b"", 0
        return piece

    def _feed(self, piece: bytes) -> None:
        """Have uvicorn's parser read ``piece``; a part of a request begins the wait for the rest of its head."""
        self._fed += len(piece)
        super().data_received(piece)
        # After an answer uvicorn waits for the next request by a limit of its own.
        is_limited = self._limit is not None or self.timeout_keep_alive_task is not None
        if self._is_refused or self._fed > LARGEST_HEAD:
            self._refuse()
        elif not is_limited and self._is_between and self.transport.get_protocol() is self:
            self._await_head()

    def _refuse(self) -> None:
        """Say why, where it is a head that is too large; and hear no more."""
        self._is_refused = True
        self._rest, self._at = b"", 0
        self._stop_waiting()
        if self._in_body or not self._is_between:
            self.cut()
            return
        self.transport.write(_TOO_LARGE)
        if not self.transport.can_write_eof():  # TLS: it has its own goodbye
            self.transport.close()
            return
        # Closed with what it still sends unread, the connection would be reset, and the answer with it.
        self.transport.write_eof()
        self._limit = self.loop.call_later(GOODBYE_SECONDS, self.cut)

    def _throw_away(self, number: int) -> None:
        """Bytes that nobody is interested in: not for ever."""
        self._unread += number
        if self._unread > MOST_UNREAD:
            self.cut()

    def _hold(self) -> None:
        """Read no more from the connection before what has come is through."""
        self.flow.is_held = True
        self.flow.pause_reading()
        waits = len(self._rest)
        self._held_back, more = waits, waits - self._held_back
        if not self.lines.hold(more):
            self.cut()

    def _release(self) -> None:
        """Nothing waits any more."""
        if self.flow.is_held:
            self.lines.hold(-self._held_back)
            self._held_back = 0
            self.flow.is_held = False
            if not self._is_full and not self.transport.is_closing():
                self.flow.resume_reading()

    def _leave(self) -> None:
        """It is no plain connection any more, or none at all."""
        self.lines.closed(self)
        self._stop_waiting()
        self._rest, self._at = b"", 0
        self._release()

    @property
    def _is_between(self) -> bool:
        """Nothing is being answered."""
        return self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr]  # before the first

    @property
    def _is_full(self) -> bool:
        """What comes next has to wait: for an answer, or until a body is read."""
        return not self._is_between and (not self._in_body or len(self.cycle.body) > HIGH_WATER_LIMIT)

    # Answers from memory

    def _defaults(self) -> bytes:
        """The headers of every answer, which uvicorn makes anew every second."""
        made_of, lines = HttpProtocol._made
        if made_of is not self.server_state.default_headers:
            made_of = self.server_state.default_headers
            lines = b"".join(b"%b: %b\r\n" % header for header in made_of)
            HttpProtocol._made = (made_of, lines)
        return lines

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
            or HANG_UP in self.server_state.default_headers
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

    # Streams

    def _asked_stream(self) -> tuple[re.Match[bytes], str | None] | None:
        """The stream that is asked for, and the last id that its client was told; None for every other request."""
        if self.gate is None or not self._is_between or self.parser.get_method() != b"GET":
            return None
        asked = stream_asked_for(self.url)
        headers = dict(self.headers) if asked is not None else {}
        # What comes after a body would be read here, and not by the stream.
        if asked is None or self.parser.should_upgrade() or headers.keys() & _BODY:
            return None
        told = headers.get(b"last-event-id")
        return asked, None if told is None else told.decode("latin-1")

    def _begin_stream(self, asked: re.Match[bytes], told: str | None) -> None:
        """Put a stream in this object's place, unless what was answered before is not read yet."""
        assert self.gate is not None
        self._stream = None
        if self.flow.write_paused:
            self.cut()
            return
        self._leave()
        self.connections.discard(self)
        address = self.client[0] if self.client else ""
        open_stream(
            *(self.gate, self.transport, (asked, told)),
            defaults=self._defaults(),
            connections=self.connections,
            address=address,
        )

    # Waiting

    def _await_head(self) -> None:
        """Hang up in ``head_seconds``."""
        self._limit = self.loop.call_later(self.head_seconds, self.cut)

    def _stop_waiting(self) -> None:
        """Forget the limit."""
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None

    def _await_reading(self) -> None:
        """Hang up after ``stuck_seconds`` in which the client took none of what waits for it."""
        if self._stuck is None:
            left = self.transport.get_write_buffer_size()
            self._stuck = self.loop.call_later(self.stuck_seconds, self._look_again, left)

    def _look_again(self, before: int) -> None:
        """A slow line is not a stuck one."""
        self._stuck = None
        left = self.transport.get_write_buffer_size()
        if left >= before:
            self.cut()
        elif left:
            self._await_reading()


def http_protocol(
    *,
    held: Held | None = None,
    gate: Gate | None = None,
    lines: Lines | None = None,
    head_seconds: float = 10.0,
    stuck_seconds: float = 20.0,
) -> type[asyncio.Protocol]:
    """The class for ``uvicorn.Config(http=...)``: who hasn't sent a request's head in ``head_seconds`` is cut off.

    So is who takes nothing of an answer for ``stuck_seconds``. ``held`` has answers that need nobody else,
    streams begin behind ``gate``, and ``lines`` are the connections of the server.
    """
    shared = {
        "held": held,
        "gate": gate,
        "lines": Lines() if lines is None else lines,
        "head_seconds": head_seconds,
        "stuck_seconds": stuck_seconds,
    }
    return type("HttpProtocol", (HttpProtocol,), shared)
