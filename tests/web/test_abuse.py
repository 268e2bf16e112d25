"""What strangers send takes neither the memory nor the time of the others: every attack of ``abusing``, in small.

``DECLARED_TORTURE_ABUSE`` makes them larger: 1 is some MiB, or some dozen connections or requests, of each.
"""

import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pytest

from tests.abusing import ATTACKS, NIGHT, Stranger, get
from tests.counts import count
from tests.promises import Reached
from tests.running import Server

COUNT = count("DECLARED_TORTURE_ABUSE")

MOST_MEMORY = 250 * 1024
"""kB that the server has resident, whatever anonymous clients have sent before."""

MOST_MORE = 24 * 1024
"""kB that one attack may add, at its worst."""

LONGEST_SECONDS = 2.0
"""Until somebody else is answered: beside an attack, and on a machine that has other things to do."""


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    with Server(f"sqlite:///{tmp_path_factory.mktemp('abuse') / 'night.db'}") as running:
        with Stranger(running.port) as reader:
            assert reader.say(get(NIGHT))
            assert reader.head()
        yield running


def memory(server: Server) -> int:
    """kB that are resident."""
    status = Path(f"/proc/{server.pid}/status")
    if status.exists():
        lines = status.read_text("ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
    return int(subprocess.run(["ps", "-o", "rss=", "-p", str(server.pid)], capture_output=True, check=True).stdout)


def probed(server: Server) -> float:
    """Seconds until ``/healthz`` has answered, on a connection of its own."""
    began = time.monotonic()
    with Stranger(server.port) as other:
        assert other.say(get("/healthz"))
        assert other.head().startswith(b"HTTP/1.1 200 ")
    return time.monotonic() - began


@dataclass
class Watch:
    """Looks at a server for as long as it is entered."""

    server: Server
    most: int = 0
    longest: float = 0.0
    fault: Exception | None = None
    _over: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        self.most = max(self.most, memory(self.server))
        self.longest = max(self.longest, probed(self.server))

    def _run(self) -> None:
        try:
            while not self._over.wait(0.02):
                self.look()
        except (OSError, AssertionError) as fault:
            self.fault = fault

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self.look()


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.promise("A stranger takes neither memory nor time", wanted="memory and /healthz within their goals")
def test_a_stranger_takes_neither_memory_nor_time(server: Server, attack: str, reached: Reached) -> None:
    usual, before = probed(server), memory(server)
    with Watch(server) as seen:
        ATTACKS[attack](server.port, COUNT)
    assert seen.fault is None
    assert seen.most - before <= MOST_MORE
    assert seen.most <= MOST_MEMORY
    assert seen.longest <= max(LONGEST_SECONDS, 20 * usual)
    reached(f"{(seen.most - before) / 1024:+.0f} MiB at most, /healthz {1000 * seen.longest:.0f} ms at most")


def test_strangers_do_not_fill_the_log(server: Server) -> None:
    """After all of the above: a line for a request that is none, and nothing that goes on for a page."""
    assert not [line for line in server.errors if "Traceback" in line]
