"""Several of ``hub``'s servers on one port, told what to publish at one moment, who say when they were through."""

import asyncio
import json
import multiprocessing
import os
import socket
import sys
import time
from multiprocessing.connection import Connection

import uvicorn
import uvloop
from starlette.types import Receive, Scope, Send

from app.connections.gate import Gate
from app.connections.http import http_protocol
from app.connections.socket import live_protocol
from app.live.hub import Hub
from app.serving.server import sharing
from bench.servers.hub import CHANNEL, a_channel, fragment


async def _serve(port: socket.socket, orders: Connection) -> None:
    """Until the orders end: publish what they say, and answer when that began and ended, and to how many it went."""
    hub = Hub()
    hub.open(a_channel(), group=CHANNEL)

    async def nothing(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise NotImplementedError

    config = uvicorn.Config(
        nothing,
        lifespan="off",
        http=http_protocol(),
        ws=live_protocol(Gate(hub, lambda *_: CHANNEL)),
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([port]))
    while not server.started:  # noqa: ASYNC110  # uvicorn tells nobody
        await asyncio.sleep(0.01)
    orders.send("listening")
    while (order := await asyncio.to_thread(orders.recv)) is not None:
        seq, content = order
        delivered, watchers = hub.counts.deliveries, hub.watchers()[CHANNEL]
        began, spent = time.monotonic(), time.process_time()
        hub.update(CHANNEL, seq, fragment(seq, content))
        while hub.counts.deliveries < delivered + watchers:  # noqa: ASYNC110  # the hub tells nobody, nor needs to
            await asyncio.sleep(0)
        orders.send((began, time.monotonic(), time.process_time() - spent, watchers))
    server.should_exit = True
    await serving


def _work(port: socket.socket, orders: Connection, core: int) -> None:
    os.sched_setaffinity(0, {core})
    uvloop.run(_serve(port, orders))


def main(number: int, workers: int) -> None:
    """Publish by each line of stdin, a sequence and a size; tell on stdout that all listen, then how long each took."""
    context = multiprocessing.get_context("spawn")
    cores = sorted(os.sched_getaffinity(0))
    pipes = []
    for index in range(workers):
        ours, theirs = context.Pipe()
        with sharing(("127.0.0.1", number), socket.AF_INET) as port:
            context.Process(target=_work, args=(port, theirs, cores[index % len(cores)]), daemon=True).start()
        pipes.append(ours)
    print(json.dumps([pipe.recv() for pipe in pipes]), flush=True)
    for line in sys.stdin:
        seq, size = map(int, line.split())
        for pipe in pipes:
            pipe.send((seq, "x" * size))
        answers = [pipe.recv() for pipe in pipes]
        began, ended, spent, watchers = zip(*answers, strict=True)
        told = {
            "milliseconds": 1000 * (max(ended) - min(began)),
            "processor_milliseconds": 1000 * max(spent),
            "watchers": watchers,
        }
        print(json.dumps(told), flush=True)
    for pipe in pipes:
        pipe.send(None)
    for process in multiprocessing.active_children():
        process.join(10)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
