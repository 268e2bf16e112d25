"""Headers that every answer carries. Nothing inline, nothing from elsewhere, in nobody's frame but a widget's."""

from http import HTTPStatus
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.addresses import NO_STORE, READ_ELSEWHERE, Area, area_of, parse
from app.web.reads.queries import what_is_read

Header = tuple[bytes, bytes]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

HEADERS: tuple[Header, ...] = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)

WIDGET_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors "
)
"""What may frame it is a setting."""

TO_ANYBODY: tuple[Header, ...] = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Age, Content-Disposition, Date, Retry-After"),
)
"""What the API tells, pages of any origin may read: it is public, and no cookie has a part in it.

Of the headers their scripts see what is listed: the version to ask again with, how old an answer is, what a file is
called, when to come back.
"""

NOT_INDEXED = (b"x-robots-tag", b"noindex, nofollow, noarchive")
"""Of a rehearsal, whatever is asked for: no search engine keeps it, pictures and files included."""

_OF_HTMX = b"HX-Request, HX-Request-Type, HX-Current-URL, HX-Source, HX-Target, HX-Boosted, HX-History-Restore-Request"
_OF_SCRIPTS = b"Cache-Control, Content-Type, If-None-Match, Last-Event-ID, Pragma, X-Requested-With"

PREFLIGHT = (
    TO_ANYBODY[0],
    (b"access-control-allow-methods", b"GET, HEAD"),
    (b"access-control-allow-headers", b"%b, %b" % (_OF_HTMX, _OF_SCRIPTS)),
    (b"access-control-max-age", b"86400"),
)
"""What a browser asks before a script of another origin, or of none, as in a sandbox, may read with these headers.

They are those of htmx, of whoever asks for what he has not got yet, and what libraries for tables and charts add by
themselves. Reading alone is allowed: who declares is no page of somebody else's.
"""

HTTPS_HEADERS = (*HEADERS, (b"strict-transport-security", b"max-age=31536000"))

ANSWERED = {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}


class SecureHeaders:
    """Adds them, unless the answer brings its own; to good answers how long they may be held, as the table has it.

    ``frame_ancestors`` are the origins that may frame widgets; what a ``rehearsal`` answers is never held for good.
    """

    def __init__(self, app: ASGIApp, *, frame_ancestors: str = "*", rehearsal: bool = False) -> None:
        self._app = app
        self._rehearsal = rehearsal
        # Our own pages too: the share panel shows what will be pasted.
        framed_by = frame_ancestors if "*" in frame_ancestors.split() else f"'self' {frame_ancestors}"
        policy = f"{WIDGET_CONTENT_SECURITY_POLICY}{framed_by}".encode()
        self._of_widgets = ((b"content-security-policy", policy), (b"cross-origin-resource-policy", b"cross-origin"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        area = area_of(scope["path"])
        ours = self._of(area, HTTPS_HEADERS if scope.get("scheme") == "https" else HEADERS)
        if self._rehearsal:
            ours = (*ours, NOT_INDEXED)
        held = _held(scope, rehearsal=self._rehearsal)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                mine = (*held, *ours) if message["status"] in ANSWERED else ours
                added = [(name, value) for name, value in mine if name not in present]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        if scope["method"] == "OPTIONS" and _is_read_elsewhere(scope["path"], area):
            await with_headers({"type": "http.response.start", "status": 204, "headers": PREFLIGHT})
            return await with_headers({"type": "http.response.body", "body": b""})
        return await self._app(scope, receive, with_headers)

    def _of(self, area: Area, ours: tuple[Header, ...]) -> tuple[Header, ...]:
        match area:
            case Area.DESK:
                return (*ours, (b"cache-control", NO_STORE.encode()))
            case Area.MACHINES:
                return (*ours, *TO_ANYBODY)
            case Area.WIDGETS:
                return (*self._of_widgets, *TO_ANYBODY, *ours[1:])
        return ours


def _is_read_elsewhere(path: str, area: Area) -> bool:
    """Whether pages of any origin may read what is at ``path``, if there is something."""
    return area in {Area.MACHINES, Area.WIDGETS} or any(address.parsed(path) for address in READ_ELSEWHERE)


def _held(scope: Scope, *, rehearsal: bool) -> tuple[Header, ...]:
    """How long the answer to a read may be held."""
    parsed = parse(scope["path"]) if scope["method"] in {"GET", "HEAD"} else None
    if parsed is None:
        return ()
    read = what_is_read(parsed.address, scope["query_string"]).decode()
    cache = parsed.address.cache_of(dict(parse_qsl(read)), rehearsal=rehearsal)
    return ((b"cache-control", cache.encode()),)
