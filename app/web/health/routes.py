"""For machines that watch the server: is the process alive, is it ready, and its figures."""

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from app.addresses import ALIVE, METRICS, READY
from app.store.errors import StoreUnavailable
from app.store.outages import Use
from app.web.parts import Parts, parts_of

health = APIRouter(tags=["machines"])

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@health.head(ALIVE.path, include_in_schema=False)
@health.get(ALIVE.path, response_class=PlainTextResponse)
async def healthz() -> PlainTextResponse:
    """The process answers."""
    return PlainTextResponse("ok\n")


@health.head(READY.path, include_in_schema=False)
@health.get(
    READY.path, responses={503: {"description": "Not ready; `reasons` says why.", "content": {"application/json": {}}}}
)
async def readyz(request: Request) -> Response:
    """The database can be read, and the log is followed; whether it can be written too.

    A server on a standby is ready, for reading: `read_only` says so. What keeps it from writing is in `warnings`,
    as are hooks that take nothing.
    """
    parts = parts_of(request)
    reasons, read_only = await _reasons(parts)
    failing = parts.store.outages.reasons if parts.store.outages is not None else {}
    answer = {
        "ready": not reasons,
        "reasons": reasons,
        "read_only": read_only,
        "warnings": [
            *(f"{use.value} fails: {reason}" for use, reason in failing.items() if use is not Use.READING),
            *parts.hooks.warnings,
        ],
    }
    return JSONResponse(answer, 503 if reasons else 200, headers={"Cache-Control": READY.cache})


@health.get(METRICS.path, response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    """Figures in Prometheus's text format: where several workers share the port those of all, by the label `worker`."""
    app = request.app
    text = await app.state.readings.text()
    # A sibling comes by a Unix socket, without an address, and wants to know of this one alone.
    if app.siblings is not None and request.client is not None:
        text = await app.siblings.figures(text)
    return Response(text, media_type=METRICS_TYPE)


async def _reasons(parts: Parts) -> tuple[list[str], bool]:
    """Why it is not ready, and whether the database may only be read."""
    reasons, read_only = [], False
    if parts.is_stopping:
        reasons.append("the server is stopping")
    if not parts.newsroom.is_following:
        reasons.append("the log is not being followed")
    reasons += parts.newsroom.harms
    try:
        await asyncio.to_thread(parts.newsroom.heads)
        read_only = await asyncio.to_thread(parts.store.is_read_only)
    except StoreUnavailable as error:
        reasons.append(f"the database cannot be used: {error}")
    return reasons, read_only
