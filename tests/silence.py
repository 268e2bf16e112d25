"""A network that falls silent: a proxy in front of a real PostgreSQL that goes on accepting and closes nothing."""

import asyncio
import contextlib
import threading
from typing import Self
from urllib.parse import parse_qs, quote, urlsplit

CHUNK = 65536


class SilentProxy:
    """Passes on what comes, in both directions, until it is silenced, and again once it is not."""

    def __init__(self, database_url: str) -> None:
        parts = urlsplit(database_url)
        self._socket_folder = parse_qs(parts.query).get("host", [""])[0]
        self._host, self._port = parts.hostname or "", parts.port or 5432
        self._credentials = f"{quote(parts.username or 'postgres')}:{quote(parts.password or '')}"
        self._database = parts.path.strip("/")
        self._loop = asyncio.new_event_loop()
        self._passing = asyncio.Event()
        self._silent_after = b""
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    @property
    def url(self) -> str:
        return f"postgresql://{self._credentials}@127.0.0.1:{self.port}/{self._database}"

    def silence(self) -> None:
        self._loop.call_soon_threadsafe(self._passing.clear)

    def silence_after(self, statement: bytes) -> None:
        """Pass ``statement`` on, and not its answer, nor anything that comes later."""
        self._silent_after = statement

    def pass_on(self) -> None:
        self._silent_after = b""
        self._loop.call_soon_threadsafe(self._passing.set)

    async def _start(self) -> None:
        self._passing.set()
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._socket_folder:
            behind = await asyncio.open_unix_connection(f"{self._socket_folder}/.s.PGSQL.{self._port}")
        else:
            behind = await asyncio.open_connection(self._host, self._port)
        for source, sink, asks in ((reader, behind[1], True), (behind[0], writer, False)):
            task = self._loop.create_task(self._pass(source, sink, asks=asks))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, asks: bool) -> None:
        with contextlib.closing(sink), contextlib.suppress(OSError):
            while chunk := await source.read(CHUNK):
                await self._passing.wait()
                if asks and self._silent_after and self._silent_after in chunk:
                    self._passing.clear()
                sink.write(chunk)
                await sink.drain()
            # What ended while the network was silent is told to nobody before it is back.
            await self._passing.wait()

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
