"""Two nodes on PostgreSQL behind a real nginx with the configuration of the repository."""

import os
import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select

from app.store.engine import Store
from app.store.tables import AUDIT
from tests.counts import count
from tests.listening import Listening
from tests.nodes.conftest import running
from tests.nodes.crowd import Crowd
from tests.nodes.test_workers import DASHBOARD, NIGHT
from tests.programs import free_port, program
from tests.promises import Reached
from tests.running import PROJECT, Server, declare, until
from tests.strictness import strict_client
from tests.watching import Watcher

pytestmark = pytest.mark.postgres


SLUG = "kent-2023"
WATCHERS = count("DECLARED_TORTURE_ROLLING_WATCHERS")
POSTS = count("DECLARED_TORTURE_ROLLING_POSTS")
PAUSE = 0.1
"""Seconds between two posts."""


@contextmanager
def nginx(folder: Path, *ports: int) -> Iterator[str]:
    """The repository's nginx in front of nodes on ``ports``; its address."""
    port = free_port()
    text = (PROJECT / "deploy" / "nginx.conf").read_text("utf-8")
    (node,) = re.findall(r"server (server-postgres:8000) .*;", text)
    (line,) = [line for line in text.splitlines() if node in line]
    text = text.replace(line, "\n".join(line.replace(node, f"127.0.0.1:{own}") for own in ports))
    text = text.replace("listen 8080", f"listen 127.0.0.1:{port}").replace("/tmp/", f"{folder}/")
    text = text.replace("/dev/stderr", f"{folder}/nginx.errors")
    (folder / "nginx.conf").write_text(text)
    as_us = "daemon off;" + ("" if os.getuid() else " user root;")
    command = [program("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", as_us]
    with running(command, port, folder / "nginx.log"):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def night(postgres, postgres_template, tmp_path_factory) -> Iterator[tuple[str, Server, Server]]:
    url = postgres.url(postgres.create_database(postgres_template))
    settings = {"public_url": "https://results.example.org", "drain_seconds": 3}
    first = Server(url, **settings)
    second = Server(url, bundle=None, **settings)
    with first, second, nginx(tmp_path_factory.mktemp("nginx"), first.port, second.port) as address:
        yield address, first, second


@pytest.fixture
def client(night) -> Iterator[httpx2.Client]:
    address, first, _ = night
    headers = {"Authorization": f"Bearer {first.token}"}
    with strict_client(address, headers=headers) as client:
        yield client


def test_what_is_public_is_kept_as_long_as_it_says(client):
    first = client.get(f"/elections/{SLUG}", headers={"Accept-Encoding": "gzip, deflate, br;q=0"})
    assert "s-maxage=2" in first.headers["cache-control"]
    assert (first.headers["content-encoding"], first.headers["x-cache"]) == ("gzip", "MISS")
    again = client.get(f"/elections/{SLUG}", headers={"Accept-Encoding": "gzip;q=0.9"})
    assert again.headers["x-cache"] == "HIT", "however a browser says what it accepts"
    known = {"Accept-Encoding": "gzip", "If-None-Match": first.headers["etag"]}
    assert client.get(f"/elections/{SLUG}", headers=known).status_code == 304
    assert client.get(f"/elections/{SLUG}", headers={"Accept-Encoding": "identity"}).headers["x-cache"] == "MISS"


def test_the_desk_is_never_kept_and_knows_who_asks(night, client):
    answers = [client.get("/desk/login") for _ in range(3)]
    assert [answer.headers["x-cache"] for answer in answers] == ["MISS"] * 3
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
    # What a client says of itself is not passed on: nobody has twenty more tries by making up an address.
    headers = {"Sec-Fetch-Site": "same-origin", "X-Forwarded-For": "203.0.113.9"}
    assert (
        client.post("/desk/login", data={"name": "nobody", "password": "a guess"}, headers=headers).status_code == 401
    )
    with Store.open(night[1].database) as store:
        until(lambda: "127.0.0.1" in addresses(store), "the try is in the audit")
        assert "203.0.113.9" not in addresses(store)


def addresses(store: Store) -> set[str]:
    with store.reading() as connection:
        return set(connection.scalars(select(AUDIT.c.source)))


def test_figures_are_kept_private(night, client):
    for path in ("/metrics", "/readyz", "/healthz"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "declared" not in answer.text


def test_a_body_that_is_too_large_is_refused(client):
    path = f"/api/v1/elections/{SLUG}/declarations"
    ours = client.post(path, content=b"x" * 100_000, headers={"Content-Type": "application/json"})
    assert (ours.status_code, ours.headers["content-type"]) == (413, "application/problem+json")
    assert client.post(path, content=b"x" * 10_000_000).status_code == 413


def test_a_watcher_hears_through_it(night, client):
    address, _, _ = night
    with Watcher(address, DASHBOARD) as watcher:
        watcher.wait_for(0)
        watcher.wait_for(declare(client, NIGHT[0])["seq"])
        assert watcher.inflates


def test_events_come_through_it_at_once_and_go_on_at_another_node(night, client):
    address, first, second = night
    with Listening(address, f"/live/{SLUG}/events") as listening:
        assert listening.headers["access-control-allow-origin"] == "*"
        next(listening.events())
        seq = declare(client, NIGHT[1])["seq"]
        heard = listening.until(seq)
    for node in (first, second):
        epoch, _, _ = listening.last.rpartition(".")
        with Listening(node.url, f"/live/{SLUG}/events", Last_Event_ID=f"{epoch}.{seq - 1}") as again:
            assert [event.told for event in again.until(seq)] == [event.told for event in heard]


@pytest.mark.slow
@pytest.mark.promise("Nodes are restarted one by one and nobody notices", wanted="0 refused, 0 missed")
def test_while_one_node_after_the_other_is_restarted_nobody_is_refused_and_nothing_is_missed(
    night, client, reached: Reached
):
    address, first, second = night
    restarted, answers = threading.Event(), []

    def post() -> None:
        while not restarted.is_set() or len(answers) < POSTS:
            note = {"kind": "note", "text": f"line {len(answers)}"}
            answers.append(client.post(f"/api/v1/elections/{SLUG}/declarations", json=note))
            restarted.wait(PAUSE)

    with Crowd(address, DASHBOARD, WATCHERS) as crowd:
        until(lambda: min(crowd.seqs) >= 0, "all are in")
        poster = threading.Thread(target=post)
        poster.start()
        for node in (first, second):
            os.kill(node.pid, signal.SIGTERM)
            until(lambda node=node: not node.is_running, "it has stopped")
            node.start()
            with node.client() as near:
                until(lambda near=near: near.get("/readyz").status_code == 200, "it is ready again")
        restarted.set()
        poster.join()
        assert {answer.status_code for answer in answers} == {201}
        last = answers[-1].json()["seq"]
        until(lambda: set(crowd.seqs) == {last}, "all have the last one")
        assert crowd.faults == []
        assert crowd.connections > WATCHERS
    told = f"{WATCHERS:,} watchers came {crowd.connections:,} times, {len(answers):,} posts: 0 refused, 0 missed"
    reached(f"2 nodes restarted behind nginx, {told}")
