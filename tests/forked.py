"""The command as a process of its own, forked from one that has loaded it: to load it takes two seconds of a core.

It is a process like any other: it has a number, is sent signals, is killed, and ends with an exit code.
"""

import atexit
import contextlib
import multiprocessing
import os
import resource
import sys
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from signal import SIGKILL
from subprocess import TimeoutExpired
from typing import Any, Self

from tests.running import PROJECT, STREAMS

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["tests.loaded"])


class Forked:
    """``declared`` with ``arguments``, as ``running.start_anew`` starts it. Has what tests ask a ``Popen`` for."""

    def __init__(
        self,
        *arguments: object,
        env: Mapping[str, str] = os.environ,
        piped: Collection[str] = ("stderr",),
        descriptors: int | None = None,
    ) -> None:
        self._streams: dict[str, Any] = {}
        theirs: dict[str, Connection] = {}
        for name in piped:
            reading, writing = _FORKING.Pipe(duplex=False)
            theirs[name], ours = (reading, writing) if name == "stdin" else (writing, reading)
            with ours:
                self._streams[name] = os.fdopen(os.dup(ours.fileno()), "w" if name == "stdin" else "r")
        given = (list(map(str, arguments)), dict(env), descriptors, theirs)
        self._process = _FORKING.Process(target=_become, args=given)
        self._process.start()
        for end in theirs.values():
            end.close()
        atexit.register(self.kill)

    @property
    def pid(self) -> int:
        pid = self._process.pid
        assert pid is not None
        return pid

    @property
    def stderr(self) -> Any:
        return self._streams["stderr"]

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        """The exit code; None while it runs."""
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Sent to one that has ended it does nothing."""
        with contextlib.suppress(ProcessLookupError):
            if self.poll() is None:
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self.returncode is None:
            raise TimeoutExpired("declared", timeout or 0)
        return self.returncode

    def communicate(self, told: str = "", timeout: float | None = None) -> tuple[str, ...]:
        """Wait for its end, and no longer than ``timeout``; all of its stdout and stderr, "" where it has no pipe."""
        outputs = [self._streams.get(name) for name in ("stdout", "stderr")]
        with ThreadPoolExecutor(2) as threads, self:
            reading = [threads.submit(stream.read if stream else str) for stream in outputs]
            if "stdin" in self._streams:
                self._streams["stdin"].write(told)
                self._streams["stdin"].close()
            try:
                self.wait(timeout)
            finally:
                self.kill()
            return tuple(read.result() for read in reading)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for stream in self._streams.values():
            stream.close()
        self.wait()


def _become(
    arguments: list[str], env: dict[str, str], descriptors: int | None, streams: Mapping[str, Connection]
) -> None:
    """What the process does, from its beginning to its end."""
    from app.commands.cli import main

    with Path(os.devnull).open("r+b") as nothing:
        for own, name in enumerate(STREAMS):
            os.dup2(streams.get(name, nothing).fileno(), own)
    for stream in streams.values():
        stream.close()
    sys.stdin = os.fdopen(0, closefd=False)
    if descriptors is not None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
    os.environ.clear()
    os.environ.update(env)
    os.chdir(PROJECT)
    try:
        main(arguments, prog_name="declared")
    finally:
        # As at the end of any other: multiprocessing leaves it out, and a flood of lines would not be summed up.
        atexit._run_exitfuncs()
