"""A server whose database is away, may only be read or is damaged: when it starts, and while it runs."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from app.store.backup import backup
from app.store.engine import Store
from app.store.errors import StoreUnavailable
from app.store.starting import make_ready
from tests.promises import Reached
from tests.running import Server, declare, declared, post, until
from tests.store.elections import an_election_and_a_token
from tests.store.logs import a_body, declare_many
from tests.watching import Watcher

SLUG = "test-2023"
OVERVIEW = f"/live/{SLUG}/overview"
A_NOTE = {"kind": "note", "text": "The count goes on."}


@contextmanager
def served(url: str, **settings: object) -> Iterator[tuple[Server, httpx2.Client]]:
    """A server on a database that has an election and a token."""
    with Server(url, token=an_election_and_a_token(url), **settings) as server, server.client() as client:
        yield server, client


def note(client: httpx2.Client) -> httpx2.Response:
    return post(client, A_NOTE, slug=SLUG)


def seq(client: httpx2.Client) -> int:
    return int(client.get(f"/api/v1/elections/{SLUG}").json()["seq"])


def said(server: Server, words: str) -> int:
    return sum(words in line for line in server.errors)


@pytest.mark.postgres
@pytest.mark.promise(
    "No beat is sent while the log is not followed; an outage is two lines", wanted="at most 1 beat on its way, 2 lines"
)
def test_a_postgresql_that_goes_and_comes_back_is_told_in_two_lines(
    postgres, postgres_url: str, reached: Reached
) -> None:
    with served(postgres_url, beat_seconds=0.2) as (server, client), Watcher(server.url, OVERVIEW) as watcher:
        assert note(client).status_code == 201
        watcher.wait_until(lambda it: it.messages[-1]["kind"] == "beat" and it.seq == 1)
        postgres.crash()
        until(lambda: note(client).status_code == 503, "posts are refused")
        came = len(watcher.messages)
        until(lambda: client.get("/readyz").status_code == 503, "not ready")
        until(lambda: is_refused(server), "nobody is let in")
        assert len(watcher.messages) - came <= 1, "no beat, but one that may have been on its way"
        assert watcher.connections == 1
        assert client.get(f"/elections/{SLUG}").status_code == 200
        for _ in range(50):
            assert note(client).status_code == 503
        postgres.start()
        until(lambda: client.get("/readyz").status_code == 200, "ready again")
        until(lambda: note(client).status_code == 201, "posts are taken again")
        watcher.wait_for(2)
        came = len(watcher.messages)
        watcher.wait_until(lambda it: len(it.messages) > came + 2)
        assert watcher.connections == 2, "it was sent away once, and came back once it was let in"
        until(lambda: said(server, "is back") == 1, "the end of it is said")
        assert said(server, "Tried again until it works") == 1
        assert len([line for line in server.errors if "database" in line]) == 2, server.errors
    reached("50 of 50 posts 503 while it is away, at most 1 beat on its way, 2 lines, ready without a restart")


def is_refused(server: Server) -> bool:
    """Whether a watcher is turned away for now."""
    try:
        with connect(f"ws://127.0.0.1:{server.port}{OVERVIEW}", proxy=None):
            return False
    except InvalidStatus as refused:
        return refused.response.status_code == 503


@pytest.mark.postgres
def test_a_start_waits_for_a_database_that_is_away(postgres, postgres_url: str) -> None:
    server = Server(postgres_url, token=an_election_and_a_token(postgres_url), start_patience=120)
    postgres.crash()
    starting = threading.Thread(target=server.start)
    starting.start()
    try:
        until(lambda: said(server, "Waiting for it") == 1, "that it waits is said")
    finally:
        postgres.start()
        starting.join()
    with server.client() as client:
        assert note(client).status_code == 201
    assert said(server, "The database is there, after") == 1
    assert server.stop() == 0


def test_a_start_does_not_wait_for_ever() -> None:
    ended = declared("serve", "--port", 0, "--start-patience", 2, database="postgresql://x@127.0.0.1:1/x", check=False)
    assert ended.returncode == 1
    waiting, given_up = ended.stderr.splitlines()
    assert "cannot be reached" in waiting
    assert "Waiting for it" in waiting
    assert given_up.startswith("declared: The database postgresql+psycopg://x@127.0.0.1:1/x cannot be reached")
    assert "Given up" in given_up


@pytest.mark.postgres
@pytest.mark.parametrize("change", [{"database": "no_such_database"}, {"username": "nobody_of_that_name"}])
def test_what_no_waiting_mends_is_not_waited_for(postgres_url: str, change: dict[str, str]) -> None:
    with Store.open(postgres_url) as store:
        wrong = store.url.set(drivername="postgresql", **change).render_as_string(hide_password=False)
    with Store.open(wrong) as store, pytest.raises(StoreUnavailable, match=r"does not exist"):
        make_ready(store, patience=3600)


def test_a_damaged_file_is_not_served(sqlite_url: str) -> None:
    an_election_and_a_token(sqlite_url)
    with Store.open(sqlite_url) as store:
        declare_many(store, SLUG, 100)
        with store.reading() as connection:
            root = connection.exec_driver_sql("SELECT rootpage FROM sqlite_schema WHERE name = 'entry'").scalar_one()
    spoil(sqlite_url, root)
    ended = declared("serve", "--port", 0, database=sqlite_url, check=False)
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert "is damaged: restore a backup" in ended.stderr


def spoil(url: str, page: int) -> None:
    """Overwrites a page of a file that this process has not open."""
    file = Path(url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    with file.open("r+b") as damaged:
        damaged.seek((page - 1) * size)
        damaged.write(b"\xff" * size)


def test_what_is_not_damaged_goes_on(sqlite_url: str) -> None:
    with served(sqlite_url) as (server, client):
        assert note(client).status_code == 201
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
            where = "name = 'sqlite_autoindex_idempotency_1'"
            root = connection.execute(f"SELECT rootpage FROM sqlite_schema WHERE {where}").fetchone()[0]
        spoil(sqlite_url, root)
        assert post(client, A_NOTE, slug=SLUG, key="some key").status_code == 503
        ready = client.get("/readyz")
        assert ready.status_code == 200
        assert "is damaged" in ready.json()["warnings"][0]
        assert said(server, "is damaged") == 1
        assert note(client).status_code == 201
        assert seq(client) == 2


@pytest.mark.postgres
def test_a_standby_is_followed_tells_who_posts_and_may_take_over(postgres, postgres_url: str) -> None:
    token, name = an_election_and_a_token(postgres_url), urlsplit(postgres_url).path.removeprefix("/")
    with (
        postgres.standby() as standby,
        Server(standby.url(name), token=token) as server,
        server.client() as client,
        Watcher(server.url, OVERVIEW) as watcher,
    ):
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["read_only"], ready.json()["reasons"]) == (200, True, [])
        with Store.open(postgres_url) as primary:
            declare_many(primary, SLUG, 1)
        watcher.wait_for(1)
        refused = note(client)
        assert refused.status_code == 503
        assert "may only be read" in refused.json()["detail"]
        assert seq(client) == 1
        assert said(server, "can only be polled") == 1
        standby.promote()
        until(lambda: note(client).status_code == 201, "it is written to")
        watcher.wait_for(2)
        assert client.get("/readyz").json()["read_only"] is False


def test_a_sqlite_file_that_may_not_be_written_is_read(sqlite_url: str, tmp_path: Path) -> None:
    token, copy = an_election_and_a_token(sqlite_url), tmp_path / "copy.db"
    with Store.open(sqlite_url) as store:
        declare_many(store, SLUG, 1)
        backup(store, copy)
    with copy.open("r+b") as file:
        # A write format that is unknown: what SQLite makes of a file that it must not write, whoever runs it.
        file.seek(18)
        file.write(b"\x09")
    with Server(f"sqlite:///{copy}", token=token) as server, server.client() as client:
        assert seq(client) == 1
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["read_only"]) == (200, True)
        refused = post(client, a_body(), slug=SLUG)
        assert refused.status_code == 503
        assert "Nothing was declared" in refused.json()["detail"]
        assert "writing fails" in json.dumps(client.get("/readyz").json()["warnings"])


def test_a_sqlite_file_that_is_away_for_a_moment_is_back_without_a_restart(sqlite_url: str) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    with served(sqlite_url) as (server, client):
        declare(client, A_NOTE, slug=SLUG)
        file.rename(file.with_name("away.db"))
        for _ in range(20):
            assert note(client).status_code == 503
        file.with_name("away.db").rename(file)
        assert declare(client, A_NOTE, slug=SLUG)["seq"] == 2
        assert seq(client) == 2
        assert said(server, "Tried again until it works") == 1
