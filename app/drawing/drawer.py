"""Pictures out of SVG documents: drawn in a process by itself, kept in memory, and never more at once than agreed.

Drawing takes about a tenth of a second and holds Python's lock, so it may happen neither on the event loop nor in a
thread. What is drawn is kept, up to a number of bytes; the same picture is never drawn twice at the same time; and
when too many wait, the next one is told to come back.
"""

import asyncio
import contextlib
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock, Timer
from typing import IO

WORKER = Path(__file__).with_name("worker.py")
LENGTH_BYTES = 4
LONGEST_SECONDS = 20.0
"""After which a drawing is given up, and its process with it."""

MOST_WAITING = 24
"""Pictures that may wait to be drawn: some three seconds' worth."""

MOST_KEPT = 32 * 1024 * 1024
"""Bytes of pictures that are kept; those that were asked for longest ago go first."""


class NotDrawn(Exception):
    """A document that could not be drawn, or a process that died over it."""


class TooMany(Exception):
    """More pictures wait than may."""


class Drawer:
    """The process that draws. Started when first needed, and again when it has died; for one thread after another."""

    def __init__(self, font_files: list[Path]) -> None:
        # Without the folder of the script on the path: its modules have names of their own business.
        self._command = [sys.executable, "-P", str(WORKER), *map(str, font_files)]
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = Lock()

    def draw(self, svg: str) -> bytes:
        """``svg`` as PNG; raises NotDrawn."""
        with self._lock:
            process = self._running()
            assert process.stdin is not None
            assert process.stdout is not None
            timer = Timer(LONGEST_SECONDS, process.kill)
            timer.start()
            try:
                document = svg.encode()
                process.stdin.write(len(document).to_bytes(LENGTH_BYTES, "big") + document)
                process.stdin.flush()
                drawn = _frame(process.stdout)
            except OSError as error:
                raise NotDrawn("The process that draws has died.") from error
            finally:
                timer.cancel()
        if not drawn:
            raise NotDrawn("The picture could not be drawn.")
        return drawn

    def close(self) -> None:
        """End the process; the next drawing would start another."""
        with self._lock:
            process, self._process = self._process, None
            if process is not None:
                _ended(process)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            _ended(self._process)
            self._process = None
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603  # our own script, with our own fonts
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        return self._process


def _frame(incoming: IO[bytes]) -> bytes:
    """The next frame; empty where the process has ended before its end."""
    length = incoming.read(LENGTH_BYTES)
    expected = int.from_bytes(length, "big")
    content = incoming.read(expected)
    return content if len(content) == expected else b""


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        # What it did not read any more cannot be written.
        with contextlib.suppress(OSError):
            if pipe is not None:
                pipe.close()


class Pictures:
    """Pictures by key, on the event loop: what is kept is given, what is being drawn is waited for."""

    def __init__(self, drawer: Drawer, *, waiting: int = MOST_WAITING, kept: int = MOST_KEPT) -> None:
        self._drawer = drawer
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="declared-drawing")
        self._most_waiting = waiting
        self._most_kept = kept
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._size = 0
        self._coming: dict[Hashable, asyncio.Future[bytes]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def size(self) -> int:
        """Bytes kept."""
        return self._size

    async def picture(self, key: Hashable, svg: Callable[[], str], *, is_past: bool = False) -> bytes:
        """The picture ``key``, made of the document that ``svg`` gives (in a thread); raises TooMany and NotDrawn.

        ``is_past``: of a state that is no longer the newest. These may fill half of the places to wait in, so that
        whoever asks for all of the past keeps nobody from seeing the present.
        """
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if key not in self._coming:
            if len(self._coming) >= (self._most_waiting // 2 if is_past else self._most_waiting):
                raise TooMany
            coming = asyncio.get_running_loop().run_in_executor(self._thread, lambda: self._drawer.draw(svg()))
            self._coming[key] = coming
            coming.add_done_callback(lambda done: self._arrived(key, done))
        # Whoever goes away while it is drawn takes it from nobody else.
        return await asyncio.shield(self._coming[key])

    def close(self) -> None:
        """Draw no more; what waits is given up. Blocks for as long as one drawing takes."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._drawer.close()
        self._thread.shutdown()

    def _arrived(self, key: Hashable, done: "asyncio.Future[bytes]") -> None:
        del self._coming[key]
        if done.cancelled() or done.exception() is not None:
            return
        self._kept[key] = done.result()
        self._size += len(done.result())
        while self._size > self._most_kept:
            _, forgotten = self._kept.popitem(last=False)
            self._size -= len(forgotten)
