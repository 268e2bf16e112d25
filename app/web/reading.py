"""Public reads as bytes in memory: each is made once per sequence and variant, by the app behind, and kept.

This layer stands before the app. It knows which paths are public reads and which sequence each of them shows; what it
has for that sequence it answers itself, compressed as the client likes, with ETag and 304.
"""

import gzip
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

import brotli
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PUBLIC_READ = re.compile(
    r"/|/static/(?P<asset>.+)|/api/v1/elections|(?:/api/v1)?/elections/(?P<slug>[a-z0-9-]+)"
    r"(?:/councils/(?P<council>[a-z0-9-]+)|/contests/(?P<ballot>[A-Za-z0-9._-]+)"
    r"|/declarations|/export\.csv|/feed\.atom|/parties\.css)?"
)

LARGEST_QUERY = 512
"""Bytes of a query that is worth keeping an answer for."""

SMALLEST_COMPRESSED = 500
"""Bytes below which compressing makes nothing faster."""

Version = str
VersionOf = Callable[[Mapping[str, str | None]], Version | None]
"""The version of what a path shows, from the named groups of PUBLIC_READ; None where there is no such thing."""


@dataclass(slots=True)
class Stored:
    """An answer: its bytes by content coding, each made when first asked for."""

    version: Version
    headers: list[tuple[bytes, bytes]]
    etag: bytes
    body: bytes
    coded: dict[str, bytes] = field(default_factory=dict)

    def coded_as(self, coding: str) -> bytes:
        if coding == "identity":
            return self.body
        if coding not in self.coded:
            self.coded[coding] = (
                brotli.compress(self.body, quality=5) if coding == "br" else gzip.compress(self.body, 6, mtime=0)
            )
        return self.coded[coding]


class PublicReads:
    """The layer. ``build`` goes into every ETag, so that a new release is a new variant of everything."""

    def __init__(self, app: ASGIApp, *, version_of: VersionOf, build: str, most: int = 4096) -> None:
        self._app = app
        self._version_of = version_of
        self._build = build
        self._most = most
        self._stored: OrderedDict[bytes, Stored] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            return await self._app(scope, receive, send)
        match = PUBLIC_READ.fullmatch(scope["path"])
        version = self._version_of(match.groupdict()) if match else None
        query: bytes = scope["query_string"]
        if version is None or len(query) > LARGEST_QUERY:
            return await self._app(scope, receive, send)
        host = Headers(scope=scope).get("host", "").encode()
        key = b" ".join((scope.get("scheme", "http").encode(), host, scope["path"].encode(), query))
        stored = self._stored.get(key)
        if stored is None or stored.version != version:
            stored = await self._made(scope, receive, send, version, key)
            if stored is None:
                return None
        else:
            self._stored.move_to_end(key)
        await _answer(stored, scope, send)
        return None

    async def _made(self, scope: Scope, receive: Receive, send: Send, version: Version, key: bytes) -> Stored | None:
        """The answer of the app behind, kept if it is a good one; None when it was sent as it came."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._app({**scope, "method": "GET"}, receive, keep)
        if not messages or messages[0].get("status") != 200:
            for message in messages:
                await send(message)
            return None
        body = b"".join(message.get("body", b"") for message in messages[1:])
        headers = [(name, value) for name, value in messages[0]["headers"] if name not in {b"content-length", b"etag"}]
        variant = sha256(key).hexdigest()[:8]
        stored = Stored(version, headers, f'"{version}-{self._build}-{variant}"'.encode(), body)
        self._stored[key] = stored
        while len(self._stored) > self._most:
            self._stored.popitem(last=False)
        return stored


async def _answer(stored: Stored, scope: Scope, send: Send) -> None:
    request = Headers(scope=scope)
    headers = [*stored.headers, (b"etag", stored.etag), (b"vary", b"Accept-Encoding")]
    if _is_known(stored.etag, request.get("if-none-match", "")):
        await send({"type": "http.response.start", "status": 304, "headers": _without_content(headers)})
        await send({"type": "http.response.body", "body": b""})
        return
    coding = _coding(request.get("accept-encoding", "")) if len(stored.body) >= SMALLEST_COMPRESSED else "identity"
    body = stored.coded_as(coding)
    if coding != "identity":
        headers.append((b"content-encoding", coding.encode()))
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _is_known(etag: bytes, if_none_match: str) -> bool:
    """Weak comparison, as If-None-Match asks for."""
    named = [part.strip().removeprefix("W/") for part in if_none_match.split(",")]
    return "*" in named or etag.decode() in named


def _without_content(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name != b"content-type"]


def _coding(accepted: str) -> str:
    """The best coding that a client accepts; a coding with ``q=0`` is refused by it."""
    weights: dict[str, float] = {}
    for part in accepted.split(","):
        name, _, parameter = part.strip().partition(";")
        quality = parameter.strip().removeprefix("q=") or "1"
        weights[name.strip().lower()] = float(quality) if quality.replace(".", "", 1).isdigit() else 0.0
    return next((coding for coding in ("br", "gzip") if weights.get(coding, 0) > 0), "identity")


__all__ = ["PUBLIC_READ", "PublicReads", "VersionOf"]
