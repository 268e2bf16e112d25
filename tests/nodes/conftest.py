"""What stands around the nodes of a large night: PostgreSQL, PgBouncer, nginx, each the real program."""

import os
import pwd
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.programs import free_port, program
from tests.store.conftest import postgres, postgres_template, postgres_url

__all__ = ["postgres", "postgres_template", "postgres_url"]


@contextmanager
def running(command: Sequence[str], port: int, log: Path, *, user: str | None = None) -> Iterator[int]:
    """A program of others until it listens on ``port``, and while the test lasts; its process id."""
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, user=user)
    try:
        until = time.monotonic() + 60
        while True:
            assert process.poll() is None, log.read_text()
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
            except OSError:
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.05)
            else:
                break
        yield process.pid
    finally:
        process.terminate()
        process.wait(60)


class PgBouncer:
    """One in front of a PostgreSQL. It refuses to run as root, and has to be let into the folder of the other."""

    def __init__(self, url: str, mode: str, folder: Path) -> None:
        host = Path(parse_qs(urlsplit(url).query)["host"][0])
        self.port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}{urlsplit(url).path}"
        self._user = None if os.getuid() else pwd.getpwuid(host.stat().st_uid).pw_name
        self._log = folder / "pgbouncer.log"
        self._configuration = host / f"pgbouncer-{self.port}.ini"
        self._configuration.write_text(
            f"""
[databases]
* = host={host} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {self.port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = 5
"""
        )
        self._configuration.chmod(0o644)

    @contextmanager
    def running(self) -> Iterator["PgBouncer"]:
        command = [program("pgbouncer"), str(self._configuration)]
        with running(command, self.port, self._log, user=self._user):
            yield self


@pytest.fixture
def pgbouncer(postgres_url: str, tmp_path: Path) -> Iterator[Callable[[str], PgBouncer]]:
    """Starts a PgBouncer in the mode that is asked for, in front of a database with tables and nothing in them."""
    with ExitStack() as stack:
        yield lambda mode: stack.enter_context(PgBouncer(postgres_url, mode, tmp_path).running())
