"""An answer that is made of pieces: as they are kept for who takes gzip, else inflated one after another."""

import asyncio
from collections.abc import Mapping

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.web.negotiating import best_coding, headers_of, unchanged
from app.web.reads.pieces import Whole


class Pieced(Response):
    """``whole``, of the version that ``etag`` names; 304 for who has that."""

    def __init__(self, whole: Whole, *, etag: str, media_type: str, headers: Mapping[str, str]) -> None:
        self._told = {"ETag": etag, "Vary": "Accept-Encoding", **headers}
        super().__init__(None, headers=self._told, media_type=media_type)
        self._whole = whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if known := unchanged(scope, self._told):
            await known(scope, receive, send)
        elif best_coding(headers_of(scope).get(b"accept-encoding", b""), ("gzip",)) == "gzip":
            self.headers["Content-Encoding"] = "gzip"
            self.body = self._whole.gzipped
            self.headers["Content-Length"] = str(len(self.body))
            await super().__call__(scope, receive, send)
        else:
            await self._send_inflated(send)

    async def _send_inflated(self, send: Send) -> None:
        """Piece by piece: a slow reader has the next one inflated once there is room for it."""
        self.headers["Content-Length"] = str(self._whole.size)
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for piece in self._whole.pieces:
            await send({"type": "http.response.body", "body": piece.inflated(), "more_body": True})
            # A fast one is not to keep the others from theirs.
            await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": b""})
