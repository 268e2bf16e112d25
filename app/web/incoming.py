"""Every request that is not answered from memory: by what it is known in the logs, and in which figures it counts."""

import re
import secrets
import time
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.addresses import Area, area_of
from app.process.logs import about
from app.web.health.metrics import Metrics, route_of

HEADER = b"x-request-id"

SANE = re.compile(rb"[A-Za-z0-9._=+/:@-]{8,64}")
"""What a proxy, or whoever posts, may call a request: anything else would be a way to write into the logs."""


class Incoming:
    """Gives every request an id: its own ``X-Request-ID``, if that is sane. Posts, errors and the desk tell it back.

    Pages do not: they are kept, and what is kept has been asked for by many.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        request_id = _own_id(scope) or secrets.token_hex(8).encode()
        name = request_id.decode()

        def told() -> dict[str, object]:
            # Known only once the request has found its route.
            found = scope.get("path_params", {})
            return {"request": name, "election": found.get("slug"), "seq": found.get("seq")}

        about(told)
        is_told = scope["method"] not in {"GET", "HEAD"} or area_of(scope["path"]) is Area.DESK
        state, began = scope.setdefault("state", {}), time.perf_counter()

        async def with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                status = message["status"]
                self._metrics.requests[route_of(scope["path"]), status] += 1
                self._count_post(state, status, time.perf_counter() - began)
                if is_told or status >= 400:
                    message = {**message, "headers": [*message["headers"], (HEADER, request_id)]}
            await send(message)

        return await self._app(scope, receive, with_id)

    def _count_post(self, state: dict[str, Any], status: int, seconds: float) -> None:
        via = state.get("posts_via")
        if via is None:
            return
        status = state.get("post_taken", status)
        self._metrics.posts.labels(via, status).inc()
        if status in {201, 202}:
            self._metrics.post_seconds.observe(seconds)


def is_post(request: Request, via: str) -> None:
    """``request`` declares or keys something, through the ``api`` or the ``desk``: it counts among the posts."""
    request.state.posts_via = via


def post_taken(request: Request, status: int) -> None:
    """It was declared, 201, or waits, 202, whatever page a person is led to."""
    request.state.post_taken = status


def _own_id(scope: Scope) -> bytes | None:
    for name, value in scope["headers"]:
        if name == HEADER:
            return value if SANE.fullmatch(value) else None
    return None
