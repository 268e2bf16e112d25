"""Several processes on one port: who watches is spread, figures add up, one that dies is replaced, and all stop."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.running import DECLARED, KENT, PROJECT, Server, declare, declared, until
from tests.watching import Watcher

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
DASHBOARD = "/live/kent-2023/overview"


def workers_of(pid: int) -> list[int]:
    """The process ids of the keeper's workers, in the order of their start."""
    listed = subprocess.run(["ps", "-Aww", "-o", "pid=,ppid=,command="], capture_output=True, text=True, check=True)
    lines = [line.split(None, 2) for line in listed.stdout.splitlines()]
    return sorted(int(own) for own, parent, command in lines if int(parent) == pid and "spawn_main" in command)


def figures(server: Server, name: str) -> dict[str, float]:
    """The samples of a metric, summed up by worker."""
    with server.client() as client:
        text = client.get("/metrics").text
    found: dict[str, float] = {}
    for labels, value in re.findall(rf"^{name}{{(.*)}} (\S+)$", text, re.MULTILINE):
        worker = re.search(r'worker="(\d+)"', labels)[1]
        found[worker] = found.get(worker, 0) + float(value)
    return found


def test_two_workers_are_one_server(tmp_path) -> None:
    server = Server(f"sqlite:///{tmp_path / 'night.db'}", workers=2, poll_seconds=30)
    with server, ExitStack() as stack:
        assert sum(" at http" in line for line in server.errors) == 1

        # By accident it would be shared with another server, and every second reader shown another night.
        second = declared("serve", "--workers", 2, "--port", server.port, database=server.database, check=False)
        assert second.returncode == 1
        assert second.stderr.startswith(
            f"declared: Nothing can listen at 127.0.0.1, port {server.port}: Address already"
        )

        # Nobody is told by SQLite, and nobody looks for half a minute: what one has committed, the other hears of it.
        with server.client() as client:
            first = declare(client, NIGHT[0])
        until(lambda: figures(server, "declared_sequence") == {"1": first["seq"], "2": first["seq"]}, "both show it")

        watchers = [stack.enter_context(Watcher(server.url, DASHBOARD)) for _ in range(16)]
        for watcher in watchers:
            watcher.wait_for(first["seq"])
        spread = figures(server, "declared_watchers")
        assert sum(spread.values()) == len(watchers)
        assert min(spread.values()) > 0, spread
        assert sum(figures(server, "declared_posts_total").values()) == 1

        # One dies: its watchers come back and miss nothing, and another one takes its place.
        before = workers_of(server.pid)
        os.kill(before[0], signal.SIGKILL)
        with server.client() as client:
            second = declare(client, NIGHT[1])
        for watcher in watchers:
            watcher.wait_for(second["seq"])
        assert sum(watcher.connections for watcher in watchers) > len(watchers)
        until(lambda: len(set(figures(server, "declared_sequence").values())) == 1, "the new one has caught up")
        until(lambda: set(figures(server, "declared_worker_up").values()) == {1}, "both are up again")
        (told,) = [line for line in server.errors if "SIGKILL" in line]
        assert told.endswith("Worker 1 was ended by SIGKILL; another one is started in 0.5 s.\n")

        left = workers_of(server.pid)
        assert server.stop() == 0
        assert not {*before, *left} & set(workers_of(1)), "no worker is left to itself"
        assert len(left) == 2


@contextmanager
def being_started(database: str) -> Iterator[subprocess.Popen[str]]:
    """A keeper whose two workers are there, and not ready."""
    command = [*DECLARED, "serve", "--workers", "2", "--port", "0", "--database", database]
    with subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True) as keeper:
        until(lambda: len(workers_of(keeper.pid)) == 2, "both are being started")
        yield keeper


@pytest.fixture
def database(tmp_path) -> str:
    return Server(f"sqlite:///{tmp_path / 'night.db'}").database


def test_workers_whose_keeper_is_killed_stop_by_themselves(database) -> None:
    with being_started(database) as keeper:
        left = set(workers_of(keeper.pid))
        keeper.kill()

    def are_gone() -> bool:
        running = subprocess.run(["ps", "-A", "-o", "pid=,state="], capture_output=True, text=True, check=True)
        alive = {int(pid) for pid, state in map(str.split, running.stdout.splitlines()) if state[0] != "Z"}
        return not alive & left

    until(are_gone, "both have ended")


def test_nothing_is_served_where_a_worker_cannot_start(database) -> None:
    with being_started(database) as keeper:
        os.kill(workers_of(keeper.pid)[1], signal.SIGKILL)
        _, errors = keeper.communicate(timeout=60)
    assert keeper.returncode == 1
    assert errors.count("\n") == 1
    assert errors.endswith("Worker 2 was ended by SIGKILL before it was ready: nothing is served.\n")


def test_a_server_that_drains_serves_on_and_says_that_it_is_not_ready(tmp_path) -> None:
    server = Server(f"sqlite:///{tmp_path / 'night.db'}", drain_seconds=4)
    with server, Watcher(server.url, DASHBOARD) as watcher, server.client() as client:
        watcher.wait_for(0)
        assert "connection" not in client.get("/elections/kent-2023").headers
        os.kill(server.pid, signal.SIGTERM)
        until(lambda: client.get("/readyz").status_code == 503, "it is not ready")
        assert client.get("/readyz").json()["reasons"] == ["the server is stopping"]
        # Also what is held in memory: a proxy that keeps the connection would find it closed under a later post.
        assert client.get("/elections/kent-2023").headers["connection"] == "close"
        told = declare(client, NIGHT[0])
        watcher.wait_for(told["seq"])
        assert watcher.connections == 1
        until(lambda: not server.is_running, "it has stopped")
