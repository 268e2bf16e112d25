"""Our own hub and live sockets behind a publisher that costs next to nothing: no log, no fold, no templates."""

import json
import sys

import uvicorn
import uvloop
from starlette.types import Receive, Scope, Send

from app.connections.gate import Gate
from app.connections.http import http_protocol
from app.connections.socket import live_protocol
from app.live.channels import Channel
from app.live.hub import Hub

CHANNEL = "bench"
PATH = "/live/bench/overview"


def fragment(seq: int, content: str) -> dict[str, str]:
    """An element that differs from message to message."""
    return {"figures": f'<p id="figures">{seq} {content}</p>'}


def a_channel() -> Channel:
    return Channel(CHANNEL, epoch="bench", seq=0, fragments=fragment(0, ""))


def envelope_bytes() -> int:
    """How much longer a message is than the post it is made from: the others send on what they get."""
    posted = json.dumps({"seq": 1, "epoch": "bench", "kind": "update", "content": ""}, separators=(",", ":"))
    message = a_channel().update(1, fragment(1, ""))
    assert message is not None
    return len(message) - len(posted)


async def serve(port: int) -> None:
    hub = Hub()
    hub.open(a_channel(), group=CHANNEL)

    async def publish(_scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            part = await receive()
            body, more = body + part.get("body", b""), part.get("more_body", False)
        message = json.loads(body)
        hub.update(CHANNEL, message["seq"], fragment(message["seq"], message["content"]))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    hub.start()
    config = uvicorn.Config(
        publish,
        port=port,
        lifespan="off",
        http=http_protocol(),
        ws=live_protocol(Gate(hub, lambda *_: CHANNEL)),
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
