"""A network that breaks: a proxy that cuts each connection after some bytes, in the middle of whatever they are."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import Self

CHUNK = 65536


class CuttingProxy:
    """Passes on what comes to ``port``, and resets each connection once ``bytes_until_cut()`` bytes came back.

    After ``cuts`` of them it only passes on.
    """

    def __init__(self, port: int, *, cuts: int, bytes_until_cut: Callable[[], int]) -> None:
        self.cuts_left = cuts
        self._behind = port
        self._bytes_until_cut = bytes_until_cut
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def _start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind = await asyncio.open_connection("127.0.0.1", self._behind)
        for passing in (self._ask(reader, behind[1]), self._answer(behind[0], writer, behind[1])):
            task = self._loop.create_task(passing)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _ask(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError), contextlib.closing(sink):
            while chunk := await source.read(CHUNK):
                sink.write(chunk)
                await sink.drain()

    async def _answer(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, behind: asyncio.StreamWriter
    ) -> None:
        left = self._bytes_until_cut()
        with contextlib.suppress(OSError), contextlib.closing(sink):
            while chunk := await source.read(CHUNK):
                if len(chunk) > left and self.cuts_left > 0:
                    self.cuts_left -= 1
                    sink.write(chunk[:left])
                    await sink.drain()
                    behind.transport.abort()
                    return
                left -= len(chunk)
                sink.write(chunk)
                await sink.drain()

    async def _stop(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
