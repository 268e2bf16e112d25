"""Servers under test and the clients that load them, each a process of its own on its own core."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from bench.machine import compiled, cores, pin

START_SECONDS = 60
PRIORITY = -10
"""Niceness of a client whose own waiting for a core is not to be measured as the server's."""


@contextlib.contextmanager
def serving(command: Sequence[str | Path], port: int, environment: Mapping[str, str] | None = None) -> Iterator[int]:
    """Run a server on the server's core from when it listens on ``port``; its process id."""
    process = subprocess.Popen(command, env={**os.environ, **(environment or {})}, cwd=Path(__file__).parents[1])
    try:
        pin(process.pid, cores()[0])
        _await_port(process, port)
        pin(process.pid, cores()[0])
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_port(process: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} does not listen on port {port}")


class Watchers:
    """Many websocket watchers in one process (``native/watch.c``), connected when this is entered."""

    def __init__(self, port: int, paths: Sequence[str], count: int) -> None:
        command = [str(part) for part in (compiled("watch"), port, count, cores()[1], *paths)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.connected = self._answer()["connected"]
        if self.connected < count:
            self.close()
            raise RuntimeError(f"{self.connected} of {count} watchers were let in")

    def publish(self, port: int, path: str, *, size: int, count: int, gap_ms: float) -> list[dict[str, float]]:
        """Post ``count`` messages of ``size`` bytes; for each: milliseconds to the ``first``, ``half`` and ``last``."""
        answer = self._obey(f"publish {port} {path} {size} {count} {gap_ms}")
        if answer["missing"] or answer["refused"]:
            raise RuntimeError(f"messages were lost: {answer['missing']} missing, {answer['refused']} posts refused")
        times: list[dict[str, float]] = answer["milliseconds"]
        return times

    def reach(self, seq: int, seconds: float) -> float:
        """Wait until all have been told of ``seq``; when that was, on the monotonic clock, in seconds."""
        answer = self._obey(f"reach {seq} {seconds}")
        if answer["reached"] < answer["watchers"] or answer["watchers"] < self.connected:
            raise RuntimeError(f"{answer['reached']} of {self.connected} watchers have reached {seq}")
        at: float = answer["at"]
        return at

    @contextlib.contextmanager
    def standing_still(self) -> Iterator[None]:
        """Have them take no processor time meanwhile: what is sent waits in the kernel."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def report(self) -> dict[str, Any]:
        """The numbers of ``watchers`` still there and of those ``lost``, and the ``updates`` that each got."""
        return self._obey("report")

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def _obey(self, command: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the watchers' process has ended")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Asking:
    """HTTP requests from a process of their own (``native/ask.c``), begun now; ``result`` waits for their end.

    With ``seconds`` they are repeated for so long, else each is sent once. Each of the ``connections`` waits ``gap_ms``
    between an answer and its next request. ``first``: before all others on the client's core.
    """

    def __init__(
        self,
        port: int,
        requests: Sequence[bytes],
        *,
        connections: int,
        seconds: float = 0,
        gap_ms: float = 0,
        first: bool = False,
    ) -> None:
        with tempfile.NamedTemporaryFile(delete=False) as file:
            for request in requests:
                file.write(b"%d\n%b" % (len(request), request))
        self._file = Path(file.name)
        command = [compiled("ask"), port, connections, cores()[1], file.name, seconds, gap_ms]
        self._process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True)
        if first:
            with contextlib.suppress(PermissionError):
                os.setpriority(os.PRIO_PROCESS, self._process.pid, PRIORITY)

    def result(self) -> dict[str, Any]:
        """``answers``, ``seconds``, ``per_second``, ``bytes``, ``statuses``, ``p50_ms``, ``p99_ms``, ``worst_ms``.

        And on the monotonic clock, in seconds, when the first request ``began`` and the ``last`` one.
        """
        output, _ = self._process.communicate()
        self._file.unlink()
        if self._process.returncode:
            raise RuntimeError("the requests did not come to an end")
        answer: dict[str, Any] = json.loads(output)
        return answer


def get(path: str, port: int, *, coding: str = "gzip") -> bytes:
    """A GET as a browser sends it, more or less."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: bench\r\nAccept: */*\r\n"
        f"Accept-Encoding: {coding}\r\n\r\n"
    ).encode()


def post(path: str, port: int, token: str, body: Mapping[str, Any]) -> bytes:
    """A POST of JSON."""
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content
