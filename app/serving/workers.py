"""Several processes on one port: each is a whole server, and a keeper beside them keeps them going.

On Linux each listens at a socket of its own, and the kernel shares out the connections evenly, however busy anybody is.
Elsewhere ``SO_REUSEPORT`` shares out nothing, and all accept from the one socket: whoever is free takes the next.

With every worker the keeper shares a pair of sockets, its line. A byte is a message: READY once it serves, WAKE for
something committed, which the keeper passes on to the others (SQLite wakes nobody). A line that ends is the end of the
process at its other side.
"""

import asyncio
import contextlib
import logging
import multiprocessing
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import FrameType

from app.process.failures import CommandFailed
from app.process.logs import keep_logs
from app.process.pauses import Pauses
from app.serving.server import Server, listening, sharing, url_of
from app.settings import Settings
from app.web.health.siblings import Siblings

READY, WAKE = b"r", b"w"

BACKOFF = (0.5, 30.0)
"""Seconds before another worker is started in the place of one that died: at first, and at most; doubled each time."""
PROVED = 60.0
"""Seconds after which a worker that dies is the first again."""
OVERDUE = 5.0
"""Seconds after which a worker is killed that should have stopped by itself."""

logger = logging.getLogger(__name__)


class Worker(Server):
    """One of several servers on a port, at its end of the line."""

    def __init__(self, settings: Settings, line: socket.socket, siblings: Siblings) -> None:
        super().__init__(settings, on_ready=lambda _url: _say(line, READY))
        self._app.siblings = siblings
        self._app.after_commit = lambda: _say(line, WAKE)
        self._line = line

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        asyncio.get_running_loop().add_reader(self._line, self._listen)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Ctrl-C reaches every process of a terminal, but it is the keeper that stops its workers."""
        if sig != signal.SIGINT:
            super().handle_exit(sig, frame)

    def _listen(self) -> None:
        if _heard(self._line):
            self._app.state.parts.newsroom.wake()
        else:
            # Without the keeper nobody would ever stop this one.
            asyncio.get_running_loop().remove_reader(self._line)
            self.should_exit = True


def work(settings: Settings, port: socket.socket, line: socket.socket, siblings: Siblings) -> None:
    """What a worker's process does, from its beginning to its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    line.settimeout(0)
    try:
        Worker(settings, line, siblings).run([port, siblings.listening()])
    except CommandFailed as error:
        logger.error("%s", error)  # noqa: TRY400  # a clear line is what it is
        sys.exit(1)


class Keeper:
    """Starts the workers, starts another where one dies, passes on what they say, and stops them all."""

    def __init__(self, settings: Settings, *, on_ready: Callable[[str], None]) -> None:
        self._settings = settings
        self._on_ready = on_ready
        self._lines: dict[int, socket.socket] = {}
        """By the worker's number, from 1, as the processes are."""
        self._processes: dict[int, SpawnProcess] = {}
        self._ready: set[int] = set()
        self._is_announced = False
        self._stopping = asyncio.Event()

    def run(self) -> bool:
        """Until a signal says to stop; whether all had started. Raises CommandFailed where the port is taken."""
        keep_logs(self._settings.log_format)
        with (
            _reserved(self._settings.host, self._settings.port) as port,
            tempfile.TemporaryDirectory(prefix="declared-") as folder,
        ):
            asyncio.run(self._keep(port, Path(folder)))
        return self._is_announced

    async def _keep(self, port: socket.socket, folder: Path) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._stop, port)
        numbers = range(1, self._settings.workers + 1)
        await asyncio.gather(*(self._fill(number, port, folder) for number in numbers))

    async def _fill(self, number: int, port: socket.socket, folder: Path) -> None:
        """Have a worker of this number until all stop, or one could not be started in the first place."""
        clock = asyncio.get_running_loop().time
        pauses = Pauses(*BACKOFF)
        while not self._stopping.is_set():
            begun = clock()
            ended = await self._employ(number, port, Siblings(folder, number, self._settings.workers))
            if self._stopping.is_set():
                return
            if not self._is_announced:
                logger.error("Worker %d %s before it was ready: nothing is served.", number, ended)
                self._stop(port)
                return
            if clock() - begun > PROVED:
                pauses.start_over()
            pause = pauses.after_failure()
            logger.warning("Worker %d %s; another one is started in %g s.", number, ended, pause)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    async def _employ(self, number: int, port: socket.socket, siblings: Siblings) -> str:
        """One worker from its start to its end; how it ended."""
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        ours.settimeout(0)
        with theirs, _of_one_worker(port) as own:
            process = multiprocessing.get_context("spawn").Process(
                target=work, args=(self._settings, own, theirs, siblings), name=f"declared-worker-{number}"
            )
            process.start()
        self._processes[number], self._lines[number] = process, ours
        ended = asyncio.Event()
        loop.add_reader(ours, self._listen, number, port, ended)
        await ended.wait()
        loop.remove_reader(ours)
        ours.close()
        del self._lines[number]
        await asyncio.to_thread(process.join)
        self._ready.discard(number)
        return _ending(process)

    def _listen(self, number: int, port: socket.socket, ended: asyncio.Event) -> None:
        messages = _heard(self._lines[number])
        if not messages:
            ended.set()
        if READY in messages:
            self._ready.add(number)
            if len(self._ready) == self._settings.workers and not self._is_announced:
                self._is_announced = True
                self._on_ready(url_of(self._settings.host, port))
        if WAKE in messages:
            for other, line in self._lines.items():
                if other != number:
                    _say(line, WAKE)

    def _stop(self, port: socket.socket) -> None:
        """Every worker in good order; at once, where it is asked for again."""
        if self._stopping.is_set():
            self._kill()
            return
        self._stopping.set()
        # Where it is shared with the workers it would go on taking connections, which nobody would answer.
        port.close()
        for process in self._processes.values():
            process.terminate()
        patience = self._settings.drain_seconds + self._settings.shutdown_seconds + OVERDUE
        asyncio.get_running_loop().call_later(patience, self._kill)

    def _kill(self) -> None:
        for process in self._processes.values():
            process.kill()


def _reserved(host: str, port: int) -> socket.socket:
    """The port, bound and ours alone; nobody listens yet. Raises CommandFailed where somebody else has it."""
    # Without sharing first: else a second server would quietly take half of the first one's connections.
    with listening(host, port) as alone:
        address, family = alone.getsockname(), alone.family
    return sharing(address, family)


def _of_one_worker(port: socket.socket) -> socket.socket:
    """What a worker listens at."""
    return sharing(port.getsockname(), port.family) if sys.platform == "linux" else port.dup()


def _say(line: socket.socket, message: bytes) -> None:
    """Send a message, and wait for nothing: with a line so full that it is lost, whoever reads it looks up anyway."""
    with contextlib.suppress(OSError):
        line.send(message)


def _heard(line: socket.socket) -> bytes:
    """The messages that have come; none at the end of the line."""
    try:
        return line.recv(4096)
    except OSError:
        return b""


def _ending(process: SpawnProcess) -> str:
    code = process.exitcode or 0
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"


def serve_together(settings: Settings, *, on_ready: Callable[[str], None]) -> bool:
    """As ``serving.serve``, with ``settings.workers`` processes."""
    return Keeper(settings, on_ready=on_ready).run()
