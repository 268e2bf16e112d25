"""Public reads as bytes in memory: each is made once per sequence and variant, by the app behind, and kept.

This layer stands before the app. It knows which paths are public reads and which sequence each of them shows; what it
has for that sequence it answers itself, compressed as the client likes, with ETag and 304. An answer that it has costs
two look-ups: the messages that go to the server are made once, too.

What is kept is bounded, in bytes and in number, whatever clients send. An answer is known by what it depends on and by
nothing else that stands in a request.
"""

import asyncio
import gzip
import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from hashlib import sha256
from http import HTTPStatus
from typing import NamedTuple

import brotli
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.addresses import KEPT, STATIC, Parsed, parse
from app.connections.http import Answer
from app.pages.assets import VERSIONED
from app.web.headers import HEADERS, Header
from app.web.health.metrics import route_of
from app.web.negotiating import best_coding, headers_of, is_known
from app.web.reads.queries import moment_in, what_is_read

LARGEST_QUERY = 4096
"""Bytes of a query that is worth keeping an answer for: a widget may name four hundred councils."""

LONGEST_HOST = 255

SMALLEST_COMPRESSED = 500
"""Bytes below which compressing makes nothing faster."""

LARGEST_AT_ONCE = 64 * 1024
"""Bytes that are compressed on the event loop, in a millisecond; what is larger, in a thread, which needs no lock."""


class Effort(NamedTuple):
    """The levels of the codings."""

    brotli: int
    gzip: int


QUICKLY, WELL = Effort(5, 6), Effort(11, 9)
"""Of what the night changes, and of static files: these take a hundred times as long, once, in the thread."""

MOST_KEPT = 48 * 1024 * 1024
"""Bytes of answers that are kept, with all that goes with them; those that were asked for longest ago go first."""

MOST_ANSWERS = 4096

AROUND = 4096
"""Bytes that an answer takes beside its own: measured, of what Python makes around them."""

HOST = re.compile(rb"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
"""A name or an address, with a port or without."""

Version = str
VersionOf = Callable[[Parsed], Version | None]
"""The version of what a path shows; None where there is no such thing."""


class _Key(NamedTuple):
    """What an answer depends on, but for what has been declared. No ``host`` where our address is a setting."""

    scheme: str
    host: bytes
    path: str
    query: bytes

    @property
    def size(self) -> int:
        return len(self.host) + len(self.path) + len(self.query)


class _MadeAnswer(NamedTuple):
    """An answer: as messages, and as it is sent."""

    start: Message
    body: Message
    sent: Answer

    @property
    def size(self) -> int:
        """Bytes. The headers are there twice."""
        return len(self.sent.body) + 2 * len(self.sent.headers)


_NO_HOST = PlainTextResponse(
    f"A Host has at most {LONGEST_HOST} letters, digits, dots and hyphens, and perhaps a port.\n",
    status_code=400,
    headers={name.decode(): value.decode() for name, value in HEADERS},
)
_NOTHING: Message = {"type": "http.response.body", "body": b""}


def _made(status: HTTPStatus, headers: list[Header], body: bytes) -> _MadeAnswer:
    lines = b"".join(b"%b: %b\r\n" % header for header in headers)
    return _MadeAnswer(
        {"type": "http.response.start", "status": int(status), "headers": headers},
        {"type": "http.response.body", "body": body} if body else _NOTHING,
        Answer(f"HTTP/1.1 {status} {status.phrase}\r\n".encode(), lines + b"\r\n", body),
    )


class _Stored:
    """An answer: its messages by content coding, each made when first asked for."""

    def __init__(self, key: _Key, parsed: Parsed, version: Version, headers: list[Header], body: bytes) -> None:
        etag = dict(headers)[b"etag"]
        self.route = route_of(key.path)
        self.parsed = parsed
        self.version = version
        self.etag = etag
        self.counted = 0
        self._headers = [*headers, (b"vary", b"Accept-Encoding")]
        self._body = body
        self._is_file = parsed.asset is not None
        self._coded: dict[str, _MadeAnswer] = {}
        self._compressing: dict[str, asyncio.Future[bytes]] = {}
        kept = [(name, value) for name, value in self._headers if name != b"content-type"]
        self.unchanged = _made(HTTPStatus.NOT_MODIFIED, kept, b"")
        self.size = AROUND + key.size + len(body) + self.unchanged.size

    def coded(self, accepted: bytes) -> _MadeAnswer | None:
        """In the coding that a client with this Accept-Encoding likes best; None where ``compress`` is to make it."""
        coding = self._best(accepted)
        if coding not in self._coded:
            if coding != "identity" and (self._is_file or len(self._body) > LARGEST_AT_ONCE):
                return None
            self._coded[coding] = self._make(coding, _compressed(self._body, coding, QUICKLY))
        return self._coded[coding]

    async def compress(self, accepted: bytes, thread: Executor) -> None:
        """Make what ``coded`` has not got, in ``thread``, once for all who wait for it."""
        coding = self._best(accepted)
        if coding not in self._compressing:
            loop = asyncio.get_running_loop()
            effort = WELL if self._is_file else QUICKLY
            self._compressing[coding] = loop.run_in_executor(thread, _compressed, self._body, coding, effort)
        body = await asyncio.shield(self._compressing[coding])
        if coding not in self._coded:
            self._coded[coding] = self._make(coding, body)

    def _best(self, accepted: bytes) -> str:
        return best_coding(accepted) if len(self._body) >= SMALLEST_COMPRESSED else "identity"

    def _make(self, coding: str, body: bytes) -> _MadeAnswer:
        headers = list(self._headers)
        if coding != "identity":
            headers.append((b"content-encoding", coding.encode()))
        headers.append((b"content-length", str(len(body)).encode()))
        made = _made(HTTPStatus.OK, headers, body)
        # The body as it is has been counted.
        self.size += made.size - (len(body) if coding == "identity" else 0)
        return made


class PublicReads:
    """The layer. ``build`` goes into every ETag, so that a new release is a new variant of everything.

    ``by_host``: pages name our address as the request's Host has it, so that each has its own.
    """

    def __init__(  # what it stands before, and its bounds, each by its name
        self,
        app: ASGIApp,
        *,
        version_of: VersionOf,
        build: str,
        by_host: bool = True,
        most: int = MOST_KEPT,
        most_answers: int = MOST_ANSWERS,
    ) -> None:
        self._app = app
        self._version_of = version_of
        self._build = build
        self._by_host = by_host
        self._most = most
        self._most_answers = most_answers
        self._stored: OrderedDict[_Key, _Stored] = OrderedDict()
        self._coming: dict[tuple[_Key, Version], asyncio.Future[_Stored | None]] = {}
        self._size = 0
        # One: what is compressed at the same time takes as long.
        self._compressing = ThreadPoolExecutor(1, thread_name_prefix="declared-compressing")
        self.answered: Counter[tuple[str, int]] = Counter()
        """What was answered from memory, by what it was for and status."""

    def __len__(self) -> int:
        """Answers kept."""
        return len(self._stored)

    @property
    def size(self) -> int:
        """Bytes kept."""
        return self._size

    def close(self) -> None:
        """Compress no more; what waits is given up."""
        self._compressing.shutdown(cancel_futures=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = headers_of(scope)
        host = headers.get(b"host")
        if host is not None and (len(host) > LONGEST_HOST or not HOST.fullmatch(host)):
            return await _NO_HOST(scope, receive, send)
        parsed = parse(scope["path"]) if scope["method"] in {"GET", "HEAD"} else None
        if parsed is None or parsed.address not in KEPT:
            return await self._app(scope, receive, send)
        made = self._held(scope)
        if made is None:
            scope = {**scope, "query_string": what_is_read(parsed.address, scope["query_string"])}
            parsed = parsed._replace(at=moment_in(scope["query_string"]))
            made = await self._make(parsed, scope, receive, send)
        if made is not None:
            await send(made.start)
            await send(made.body if scope["method"] == "GET" else _NOTHING)
        return None

    def sent(self, scope: Scope) -> Answer | None:
        """The answer to a GET as it is sent, where it is in memory."""
        made = self._held(scope)
        return made.sent if made is not None else None

    def _held(self, scope: Scope) -> _MadeAnswer | None:
        headers = headers_of(scope)
        key = self._key(scope, headers)
        stored = self._stored.get(key)
        if stored is None or stored.version != self._version_of(stored.parsed):
            return None
        self._stored.move_to_end(key)
        return self._from_memory(key, stored, headers)

    def _from_memory(self, key: _Key, stored: _Stored, headers: Mapping[bytes, bytes]) -> _MadeAnswer | None:
        made = self._fitting(key, stored, headers)
        if made is not None:
            self.answered[stored.route, 304 if made is stored.unchanged else 200] += 1
        return made

    def _key(self, scope: Scope, headers: Mapping[bytes, bytes]) -> _Key:
        path, query = scope["path"], scope["query_string"]
        if query and (parsed := parse(path)) is not None:
            query = what_is_read(parsed.address, query)
        return _Key(scope["scheme"], headers.get(b"host", b"") if self._by_host else b"", path, query)

    def _fitting(self, key: _Key, stored: _Stored, headers: Mapping[bytes, bytes]) -> _MadeAnswer | None:
        """What of it the client needs: nothing new, or the coding it likes best; None where that is to be made."""
        if (known := headers.get(b"if-none-match")) and is_known(stored.etag, known):
            made: _MadeAnswer | None = stored.unchanged
        else:
            made = stored.coded(headers.get(b"accept-encoding", b""))
        self._weigh(key, stored)
        return made

    async def _make(self, parsed: Parsed, scope: Scope, receive: Receive, send: Send) -> _MadeAnswer | None:
        """The answer of the app behind, kept if it is a good one; None when it was sent as it came."""
        headers = headers_of(scope)
        version = self._version_of(parsed)
        key = self._key({**scope, "path": _named_alike(scope["path"], parsed, version)}, headers)
        if version is None or len(key.query) > LARGEST_QUERY:
            await self._app(scope, receive, send)
            return None
        stored = self._stored.get(key)
        if stored is None or stored.version != version:
            # Whoever wants the same meanwhile waits for it. Where nothing comes of that, each has an answer of his own.
            coming = self._coming.get((key, version))
            stored = await asyncio.shield(coming) if coming is not None else None
        is_held = stored is not None
        if stored is None:
            stored = await self._made_now(key, parsed, version, scope, receive, send)
        if stored is None:
            return None
        if self._fitting(key, stored, headers) is None:
            await stored.compress(headers.get(b"accept-encoding", b""), self._compressing)
        return self._from_memory(key, stored, headers) if is_held else self._fitting(key, stored, headers)

    async def _made_now(  # what it is, and what ASGI brings
        self, key: _Key, parsed: Parsed, version: Version, scope: Scope, receive: Receive, send: Send
    ) -> _Stored | None:
        """Made by the app behind, and kept; None when it was sent as it came."""
        coming = asyncio.get_running_loop().create_future()
        mark = (key, version)
        self._coming.setdefault(mark, coming)
        stored = None
        try:
            answer = await self._answer(scope, receive, send)
            if answer is not None:
                stored = self._keep(key, parsed, version, *answer)
        finally:
            if self._coming.get(mark) is coming:
                del self._coming[mark]
            coming.set_result(stored)
        return stored

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> tuple[list[Header], bytes] | None:
        """The headers and the body of the app's answer, if it is a good one; any other is passed on."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        try:
            await self._app({**scope, "method": "GET"}, receive, keep)
        except Exception:
            # An error is answered, and then raised, for the server to log.
            await _pass_on(messages, send)
            raise
        if not messages or messages[0]["status"] != HTTPStatus.OK:
            await _pass_on(messages, send)
            return None
        return messages[0]["headers"], b"".join(message.get("body", b"") for message in messages[1:])

    def _keep(self, key: _Key, parsed: Parsed, version: Version, headers: list[Header], body: bytes) -> _Stored:
        headers = [(name, value) for name, value in headers if name not in {b"content-length", b"etag"}]
        variant = sha256(repr(key).encode()).hexdigest()[:8]
        headers.append((b"etag", f'"{version}-{self._build}-{variant}"'.encode()))
        stored, held = _Stored(key, parsed, version, headers, body), self._stored.get(key)
        # What has been made while this was, of what is shown by now, stays.
        if held is None or held.version != self._version_of(parsed):
            self._forget(key)
            self._stored[key] = stored
        return stored

    def _weigh(self, key: _Key, stored: _Stored) -> None:
        """Count what has been made of it, and let go of what was asked for longest ago."""
        if stored.size == stored.counted or self._stored.get(key) is not stored:
            return
        self._size += stored.size - stored.counted
        stored.counted = stored.size
        while self._size > self._most or len(self._stored) > self._most_answers:
            self._forget(next(iter(self._stored)))

    def _forget(self, key: _Key) -> None:
        forgotten = self._stored.pop(key, None)
        if forgotten is not None:
            self._size -= forgotten.counted


def _named_alike(path: str, parsed: Parsed, version: Version | None) -> str:
    """The path of a file that is asked for under a version that is not the newest: it is given as without any."""
    versioned = VERSIONED.fullmatch(parsed.asset or "")
    if versioned is None or versioned["version"] == version:
        return path
    return STATIC.to(asset=versioned["path"])


async def _pass_on(messages: list[Message], send: Send) -> None:
    for message in messages:
        await send(message)


def _compressed(body: bytes, coding: str, effort: Effort) -> bytes:
    match coding:
        case "br":
            compressed: bytes = brotli.compress(body, quality=effort.brotli)
            return compressed
        case "gzip":
            return gzip.compress(body, effort.gzip, mtime=0)
    return body
