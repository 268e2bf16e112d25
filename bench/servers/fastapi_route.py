"""A plain FastAPI route that answers with bytes it has in memory: ``PORT FILE MEDIA_TYPE``, FILE being compressed."""

import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from starlette.responses import Response


def an_app(body: bytes, media_type: str) -> FastAPI:
    app = FastAPI()

    @app.get("/page")
    async def page() -> Response:
        return Response(body, headers={"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}, media_type=media_type)

    return app


if __name__ == "__main__":
    uvicorn.run(
        an_app(Path(sys.argv[2]).read_bytes(), sys.argv[3]),
        port=int(sys.argv[1]),
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
