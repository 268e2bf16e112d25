"""Every request that is not answered from memory: by what it is known in the logs."""

import re
import secrets

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.logs import about
from app.web.headers import is_desk

HEADER = b"x-request-id"

SANE = re.compile(rb"[A-Za-z0-9._=+/:@-]{8,64}")
"""What a proxy, or whoever posts, may call a request: anything else would be a way to write into the logs."""


class Incoming:
    """Gives every request an id: its own ``X-Request-ID``, if that is sane. Posts, errors and the desk tell it back.

    Pages do not: they are kept, and what is kept has been asked for by many.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

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
        is_told = scope["method"] not in {"GET", "HEAD"} or is_desk(scope["path"])

        async def with_id(message: Message) -> None:
            if message["type"] == "http.response.start" and (is_told or message["status"] >= 400):
                message = {**message, "headers": [*message["headers"], (HEADER, request_id)]}
            await send(message)

        return await self._app(scope, receive, with_id)


def _own_id(scope: Scope) -> bytes | None:
    for name, value in scope["headers"]:
        if name == HEADER:
            return value if SANE.fullmatch(value) else None
    return None
