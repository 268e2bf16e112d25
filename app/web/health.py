"""For machines that watch the server: is the process alive, is it ready, and its figures."""

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from app.store.errors import StoreUnavailable
from app.web.parts import Parts, parts_of

health = APIRouter(tags=["machines"])

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@health.api_route("/healthz", methods=["GET", "HEAD"])
async def healthz() -> PlainTextResponse:
    """The process answers."""
    return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})


@health.api_route(
    "/readyz", methods=["GET", "HEAD"], responses={503: {"description": "Not ready; `reasons` says why."}}
)
async def readyz(request: Request) -> Response:
    """The database can be read, and the log is followed."""
    reasons = await _reasons(parts_of(request))
    status = 503 if reasons else 200
    return JSONResponse({"ready": not reasons, "reasons": reasons}, status, headers={"Cache-Control": "no-store"})


@health.get("/metrics")
async def metrics(request: Request) -> Response:
    """Figures in Prometheus's text format."""
    text = parts_of(request).metrics.text()
    return Response(text, media_type=METRICS_TYPE, headers={"Cache-Control": "no-store"})


async def _reasons(parts: Parts) -> list[str]:
    reasons = []
    if parts.is_stopping:
        reasons.append("the server is stopping")
    if not parts.newsroom.is_following:
        reasons.append("the log is not being followed")
    try:
        await asyncio.to_thread(parts.newsroom.heads)
    except StoreUnavailable as error:
        reasons.append(f"the database cannot be read: {error}")
    return reasons
