"""Public reads as bytes in memory: each is made once per sequence and variant, by the app behind, and kept.

This layer stands before the app. It knows which paths are public reads and which sequence each of them shows; what it
has for that sequence it answers itself, compressed as the client likes, with ETag and 304. An answer that it has costs
two look-ups: the messages that go to the server are made once, too.
"""

import gzip
import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from http import HTTPStatus
from typing import NamedTuple

import brotli
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.headers import FRESH
from app.web.metrics import route_of
from app.web.socket import Answer

PUBLIC_READ = re.compile(
    r"/|/oembed|/(?:static/|(?=embed\.js$))(?P<asset>.+)|/api/v1/elections|(?:/api/v1)?/elections/(?P<slug>[a-z0-9-]+)"
    r"(?:/councils/(?P<council>[a-z0-9-]+)|/contests/(?P<ballot>[A-Za-z0-9._-]+)"
    r"|/declarations|/export\.(?:csv|dc\.csv|json)|/feed\.atom|/parties\.css)?"
    r"|/embed/v1/(?P<widget>[a-z0-9-]+)/(?:overview|council/(?P<widget_council>[a-z0-9-]+))"
)

LARGEST_QUERY = 512
"""Bytes of a query that is worth keeping an answer for."""

QUALITY = re.compile(r"[01](?:\.[0-9]{0,3})?")
"""A weight in Accept-Encoding (RFC 9110, 12.4.2)."""

SMALLEST_COMPRESSED = 500
"""Bytes below which compressing makes nothing faster."""

MOST_KEPT = 256 * 1024 * 1024
"""Bytes of answers that are kept, in all their codings; those that were asked for longest ago go first."""

Names = Mapping[str, str | None]
"""The named groups of PUBLIC_READ, as they match a path."""

Version = str
VersionOf = Callable[[Names], Version | None]
"""The version of what a path shows; None where there is no such thing."""

Header = tuple[bytes, bytes]


class _Key(NamedTuple):
    """What an answer depends on, but for what has been declared."""

    scheme: str
    host: bytes
    path: str
    query: bytes


class _Made(NamedTuple):
    """An answer: as messages, and as it is sent."""

    start: Message
    body: Message
    sent: Answer


_NOTHING: Message = {"type": "http.response.body", "body": b""}


def _made(status: HTTPStatus, headers: list[Header], body: bytes) -> _Made:
    lines = b"".join(b"%b: %b\r\n" % header for header in headers)
    return _Made(
        {"type": "http.response.start", "status": int(status), "headers": headers},
        {"type": "http.response.body", "body": body} if body else _NOTHING,
        Answer(f"HTTP/1.1 {status} {status.phrase}\r\n".encode(), lines + b"\r\n", body),
    )


class _Stored:
    """An answer: its messages by content coding, each made when first asked for."""

    def __init__(  # what an answer is, and what it shows
        self, route: str, names: Names, version: Version, etag: bytes, headers: list[Header], body: bytes
    ) -> None:
        self.route = route
        self.names = names
        self.version = version
        self.etag = etag
        self.size = len(body)
        self.counted = 0
        self._headers = [*headers, (b"etag", etag), (b"vary", b"Accept-Encoding")]
        self._body = body
        self._coded: dict[str, _Made] = {}
        kept = [(name, value) for name, value in self._headers if name != b"content-type"]
        self.unchanged = _made(HTTPStatus.NOT_MODIFIED, kept, b"")

    def coded(self, accepted: bytes) -> _Made:
        """In the coding that a client with this Accept-Encoding likes best."""
        coding = _coding(accepted) if len(self._body) >= SMALLEST_COMPRESSED else "identity"
        if coding not in self._coded:
            self._coded[coding] = self._make(coding)
        return self._coded[coding]

    def _make(self, coding: str) -> _Made:
        body, headers = self._body, list(self._headers)
        if coding != "identity":
            body = brotli.compress(body, quality=5) if coding == "br" else gzip.compress(body, 6, mtime=0)
            self.size += len(body)
            headers.append((b"content-encoding", coding.encode()))
        headers.append((b"content-length", str(len(body)).encode()))
        return _made(HTTPStatus.OK, headers, body)


class PublicReads:
    """The layer. ``build`` goes into every ETag, so that a new release is a new variant of everything."""

    def __init__(self, app: ASGIApp, *, version_of: VersionOf, build: str, most: int = MOST_KEPT) -> None:
        self._app = app
        self._version_of = version_of
        self._build = build
        self._most = most
        self._stored: OrderedDict[_Key, _Stored] = OrderedDict()
        self._size = 0
        self.answered: Counter[tuple[str, int]] = Counter()
        """What was answered from memory, by what it was for and status."""

    def __len__(self) -> int:
        return len(self._stored)

    @property
    def size(self) -> int:
        """Bytes kept."""
        return self._size

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            return await self._app(scope, receive, send)
        made = self._held(scope)
        if made is None:
            headers = _headers(scope)
            key = _key(scope, headers)
            stored = await self._make(key, scope, receive, send)
            if stored is None:
                return None
            made = self._fitting(key, stored, headers)
        await send(made.start)
        await send(made.body if scope["method"] == "GET" else _NOTHING)
        return None

    def sent(self, scope: Scope) -> Answer | None:
        """The answer to a GET as it is sent, where it is in memory."""
        made = self._held(scope)
        return made.sent if made is not None else None

    def _held(self, scope: Scope) -> _Made | None:
        headers = _headers(scope)
        key = _key(scope, headers)
        stored = self._stored.get(key)
        if stored is None or stored.version != self._version_of(stored.names):
            return None
        self._stored.move_to_end(key)
        made = self._fitting(key, stored, headers)
        self.answered[stored.route, 304 if made is stored.unchanged else 200] += 1
        return made

    def _fitting(self, key: _Key, stored: _Stored, headers: Mapping[bytes, bytes]) -> _Made:
        """What of it the client needs: nothing new, or the coding that it likes best."""
        if (known := headers.get(b"if-none-match")) and _is_known(stored.etag, known):
            made = stored.unchanged
        else:
            made = stored.coded(headers.get(b"accept-encoding", b""))
        self._weigh(key, stored)
        return made

    async def _make(self, key: _Key, scope: Scope, receive: Receive, send: Send) -> _Stored | None:
        """The answer of the app behind, kept if it is a good one; None when it was sent as it came."""
        match = PUBLIC_READ.fullmatch(key.path)
        names = match.groupdict() if match else {}
        version = self._version_of(names) if match else None
        if version is None or len(key.query) > LARGEST_QUERY:
            await self._app(scope, receive, send)
            return None
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        try:
            await self._app({**scope, "method": "GET"}, receive, keep)
        except Exception:
            # An error is answered, and then raised, for the server to log.
            await _pass_on(messages, send)
            raise
        if not messages or messages[0]["status"] != 200:
            await _pass_on(messages, send)
            return None
        body = b"".join(message.get("body", b"") for message in messages[1:])
        headers = [(name, value) for name, value in messages[0]["headers"] if name not in {b"content-length", b"etag"}]
        if b"cache-control" not in dict(headers):
            headers.append((b"cache-control", FRESH.encode()))
        variant = sha256(repr(key).encode()).hexdigest()[:8]
        etag = f'"{version}-{self._build}-{variant}"'.encode()
        self._forget(key)
        stored = self._stored[key] = _Stored(route_of(key.path), names, version, etag, headers, body)
        return stored

    def _weigh(self, key: _Key, stored: _Stored) -> None:
        """Count what has been made of it, and let go of what was asked for longest ago."""
        if stored.size == stored.counted or self._stored.get(key) is not stored:
            return
        self._size += stored.size - stored.counted
        stored.counted = stored.size
        while self._size > self._most:
            self._forget(next(iter(self._stored)))

    def _forget(self, key: _Key) -> None:
        forgotten = self._stored.pop(key, None)
        if forgotten is not None:
            self._size -= forgotten.counted


def _headers(scope: Scope) -> Mapping[bytes, bytes]:
    """By name. Of two the first, as the app behind reads them: what it makes for a Host is not kept for another."""
    return dict(reversed(scope["headers"]))


def _key(scope: Scope, headers: Mapping[bytes, bytes]) -> _Key:
    return _Key(scope["scheme"], headers.get(b"host", b""), scope["path"], scope["query_string"])


async def _pass_on(messages: list[Message], send: Send) -> None:
    for message in messages:
        await send(message)


def _is_known(etag: bytes, if_none_match: bytes) -> bool:
    """Weak comparison, as If-None-Match asks for."""
    named = [part.strip().removeprefix(b"W/") for part in if_none_match.split(b",")]
    return b"*" in named or etag in named


@lru_cache(maxsize=256)
def _coding(accepted: bytes) -> str:
    """The best coding that a client accepts; a coding with ``q=0`` is refused by it."""
    weights: dict[str, float] = {}
    for part in accepted.decode("latin-1").split(","):
        name, _, parameter = part.strip().partition(";")
        quality = parameter.strip().removeprefix("q=") or "1"
        weights[name.strip().lower()] = float(quality) if QUALITY.fullmatch(quality) else 0.0
    return next((coding for coding in ("br", "gzip") if weights.get(coding, 0) > 0), "identity")


__all__ = ["PUBLIC_READ", "PublicReads", "VersionOf"]
