"""Headers that every answer carries. Nothing inline, nothing from elsewhere, in nobody's frame but a widget's."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)

FRESH = "public, max-age=0, s-maxage=2, stale-while-revalidate=10, stale-if-error=86400"
"""Of pages and JSON: a CDN may hold them for two seconds, and show them for a day when we are gone."""

FRESH_ENOUGH = "public, max-age=5, s-maxage=10, stale-while-revalidate=30, stale-if-error=86400"
"""Of widgets, pictures and published files, for which millions may ask: a CDN asks again after ten seconds."""

NO_STORE = (b"cache-control", b"no-store")
"""Of the desk nothing is kept: not by a proxy, and not for whoever goes back a page after somebody signed out."""

WIDGET_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors "
)
"""What may frame it is a setting."""

TO_ANYBODY = (b"access-control-allow-origin", b"*")
"""What the API tells, pages of any origin may read: it is public, and no cookie has a part in it."""

PREFLIGHT = (
    (b"access-control-allow-methods", b"GET, HEAD"),
    (
        b"access-control-allow-headers",
        b"HX-Request, HX-Request-Type, HX-Current-URL, HX-Source, HX-Target, HX-Boosted, HX-History-Restore-Request",
    ),
    (b"access-control-max-age", b"86400"),
)
"""A widget asked for by htmx, from a page of any origin or of none, as in a sandbox: its headers have to be allowed."""

HTTPS_HEADERS = (*HEADERS, (b"strict-transport-security", b"max-age=31536000"))


LONGEST_KNOWN = 2048
"""Bytes of an If-None-Match that are worth reading: room for some thirty of our own tags."""


class SecureHeaders:
    """Adds them, unless the answer brings its own. ``frame_ancestors`` are the origins that may frame widgets."""

    def __init__(self, app: ASGIApp, *, frame_ancestors: str = "*") -> None:
        self._app = app
        # Our own pages too: the share panel shows what will be pasted.
        framed_by = frame_ancestors if "*" in frame_ancestors.split() else f"'self' {frame_ancestors}"
        policy = f"{WIDGET_CONTENT_SECURITY_POLICY}{framed_by}".encode()
        self._of_widgets = ((b"content-security-policy", policy), (b"cross-origin-resource-policy", b"cross-origin"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        ours = HTTPS_HEADERS if scope.get("scheme") == "https" else HEADERS
        if is_desk(scope["path"]):
            ours = (*ours, NO_STORE)
        elif is_for_machines(scope["path"]):
            ours = (*ours, TO_ANYBODY)
        elif is_widget(scope["path"]):
            ours = (*self._of_widgets, TO_ANYBODY, *ours[1:])

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                added = [(name, value) for name, value in ours if name not in present]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        if scope["method"] == "OPTIONS" and is_widget(scope["path"]):
            await with_headers({"type": "http.response.start", "status": 204, "headers": PREFLIGHT})
            return await with_headers({"type": "http.response.body", "body": b""})
        return await self._app(scope, receive, with_headers)


def is_desk(path: str) -> bool:
    """Whether a path is one of the desk's."""
    return path == "/desk" or path.startswith("/desk/")


def is_for_machines(path: str) -> bool:
    """Whether a path answers programs, which are told in their own language what is wrong."""
    return path.startswith("/api/") or path == "/oembed"


def is_widget(path: str) -> bool:
    """Whether a path is a widget's."""
    return path.startswith("/embed/")


def is_known(etag: bytes, if_none_match: bytes) -> bool:
    """Whether a client has what ``etag`` names: weak comparison, as If-None-Match asks for."""
    if len(if_none_match) > LONGEST_KNOWN:
        return False
    named = [part.strip().removeprefix(b"W/") for part in if_none_match.split(b",")]
    return b"*" in named or etag in named
