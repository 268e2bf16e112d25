"""What one writes first: Starlette, and ``await send_text`` for one socket after the other."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

sockets: set[WebSocket] = set()


async def watch(socket: WebSocket) -> None:
    await socket.accept()
    sockets.add(socket)
    try:
        async for _ in socket.iter_text():
            pass
    finally:
        sockets.discard(socket)


async def publish(request: Request) -> Response:
    text = (await request.body()).decode()
    for socket in list(sockets):
        await socket.send_text(text)
    return Response(status_code=204)


if __name__ == "__main__":
    uvicorn.run(
        Starlette(routes=[WebSocketRoute("/watch", watch), Route("/publish", publish, methods=["POST"])]),
        port=int(sys.argv[1]),
        ws_per_message_deflate=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
