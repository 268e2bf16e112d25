"""A server whose database is suddenly as it was a while ago: a restore, a standby that was behind, an older copy."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from app.commands.verifying import verify_server
from app.store import log
from app.store.audit import at_the_command_line
from app.store.backup import backup
from app.store.engine import Store
from app.store.restoring import restore
from tests.promises import Reached
from tests.running import KENT, Server, declare, declared, post, until
from tests.store.elections import an_election_and_a_token
from tests.store.logs import declare_many
from tests.watching import Watcher

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
SLUG = "kent-2023"
OVERVIEW = f"/live/{SLUG}/overview"


def shown(client: httpx2.Client, slug: str = SLUG) -> tuple[str, int]:
    view = client.get(f"/api/v1/elections/{slug}").json()
    return view["epoch"], view["seq"]


def said(server: Server, words: str) -> list[str]:
    return [line for line in server.errors if words in line]


def assert_is_the_log(server: Server, watcher: Watcher, overview: str = OVERVIEW) -> None:
    """The watcher, and everything the server shows, is what the database holds."""
    with Store.open(server.database) as store:
        assert [faults for *_, faults in verify_server(store, server.url)] == [[]]
    with Watcher(server.url, overview) as fresh:
        fresh.wait_until(lambda it: it.seq is not None)
        watcher.wait_until(lambda it: it.epoch == fresh.epoch and (it.seq or 0) >= (fresh.seq or 0))
        assert watcher.fragments == fresh.fragments


def a_note(number: int) -> dict[str, str]:
    return {"kind": "note", "text": f"The count goes on: {number}."}


@pytest.mark.postgres
@pytest.mark.promise(
    "A database that goes back in time is noticed and shown afresh", wanted="by every server, no two nights mixed"
)
def test_every_node_notices_a_postgresql_that_went_back_or_is_restored(
    postgres, postgres_url: str, tmp_path, reached: Reached
) -> None:
    slug, name = "test-2023", urlsplit(postgres_url).path.removeprefix("/")
    token, overview = an_election_and_a_token(postgres_url), "/live/test-2023/overview"
    with (
        Server(postgres_url, token=token) as one,
        Server(postgres_url, token=token) as two,
        one.client() as client,
        two.client() as other,
        Watcher(one.url, overview) as near,
        Watcher(two.url, overview) as far,
    ):

        def both_begin_anew(was: str, seq: int) -> None:
            until(lambda: was not in {shown(client, slug)[0], shown(other, slug)[0]}, "a new epoch on both")
            assert shown(client, slug) == shown(other, slug)
            assert shown(client, slug)[1] == seq

        for number in range(3):
            declare(client, a_note(number), slug=slug)
        was, _ = shown(client, slug)
        snapshot = postgres.snapshot(name)
        until(lambda: post(client, a_note(3), slug=slug, key="fourth").status_code == 201, "a post after the cut")
        declare(other, a_note(4), slug=slug)
        for watcher in (near, far):
            watcher.wait_for(5)
        postgres.go_back(name, snapshot)
        both_begin_anew(was, 3)
        # What went is declared again: its key, which went with it, is free, and it comes under the new epoch.
        answer = declare(other, a_note(5), slug=slug, key="fourth")
        assert (answer["seq"], answer["epoch"]) == (4, shown(other, slug)[0])
        assert len(said(one, "The database has gone back") + said(two, "The database has gone back")) == 1
        for server, watcher in ((one, near), (two, far)):
            assert said(server, "is shown afresh")
            assert_is_the_log(server, watcher, overview)
        with Store.open(postgres_url) as store:
            backup(store, tmp_path / "backup.db")
            declare(client, a_note(6), slug=slug)
            restore(store, tmp_path / "backup.db", replace=True, by=at_the_command_line())
        both_begin_anew(answer["epoch"], 4)
        assert declare(client, a_note(7), slug=slug)["seq"] == 5
        for server, watcher in ((one, near), (two, far)):
            assert_is_the_log(server, watcher, overview)
    reached("PostgreSQL, 2 servers: a new epoch on both, every fragment as the log has it")


@pytest.mark.promise(
    "A database that goes back in time is noticed and shown afresh", wanted="by every server, no two nights mixed"
)
def test_an_older_copy_of_a_sqlite_file_is_noticed_though_its_epoch_is_the_same(
    tmp_path: Path, reached: Reached
) -> None:
    file = tmp_path / "night.db"
    with (
        Server(f"sqlite:///{file}") as server,
        server.client() as client,
        Watcher(server.url, OVERVIEW) as watcher,
    ):
        for body in NIGHT[:3]:
            declare(client, body)
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("VACUUM INTO ?", (str(tmp_path / "older.db"),))
        for body in NIGHT[3:6]:
            declare(client, body)
        watcher.wait_for(6)
        was, _ = shown(client)
        for beside in ("-wal", "-shm"):
            Path(f"{file}{beside}").unlink()
        (tmp_path / "older.db").replace(file)
        until(lambda: shown(client)[0] != was, "a new epoch")
        assert declare(client, NIGHT[5])["seq"] == 4
        assert said(server, "The database has gone back")
        assert_is_the_log(server, watcher)
    reached("SQLite: a new epoch, every fragment as the log has it")


@pytest.mark.promise("A lost database is restored under the running server", wanted="ready again without a restart")
def test_the_drill_a_database_that_is_lost_is_restored_under_the_server(tmp_path: Path, reached: Reached) -> None:
    """docs/operating.md has its steps."""
    file, copy = tmp_path / "night.db", tmp_path / "backup.db"
    with (
        Server(f"sqlite:///{file}", poll_seconds=0.1) as server,
        server.client() as client,
        Watcher(server.url, OVERVIEW) as watcher,
    ):
        for body in NIGHT[:3]:
            declare(client, body)
        declared("backup", copy, database=server.database)
        declare(client, NIGHT[3])
        watcher.wait_for(4)
        was = shown(client)[0]
        for beside in ("", "-wal", "-shm"):
            Path(f"{file}{beside}").unlink()
        for body in NIGHT[4:6]:
            assert post(client, body).status_code == 503
        until(lambda: client.get("/readyz").status_code == 503, "not ready")
        assert str(file) in json.dumps(client.get("/readyz").json()["reasons"])
        assert shown(client) == (was, 4), "what is known is still read"
        told = declared("restore", copy, database=server.database).stderr
        assert f"{SLUG}: 3 entries" in told
        until(lambda: client.get("/readyz").status_code == 200, "ready again")
        until(lambda: shown(client)[0] != was, "the restored log is shown")
        assert declare(client, NIGHT[3])["seq"] == 4
        assert_is_the_log(server, watcher)
        assert len(said(server, "Tried again until it works")) == 1
        until(lambda: len(said(server, "is back")) == 1, "that it is back is said")
    reached("503 while it was gone, ready after declared restore, every fragment as the log has it")


@pytest.mark.parametrize("known", [0, 2, 4])
def test_a_log_that_holds_what_is_known_keeps_its_epoch(store: Store, slug: str, known: int) -> None:
    heads = []
    for _ in range(3):
        with store.reading() as connection:
            heads.append(log.head(connection, slug))
        declare_many(store, slug, 2)
    with store.writing() as connection:
        assert log.leave_epoch(connection, slug, heads[known // 2]) is None


def test_of_several_who_notice_one_begins_the_new_epoch(store: Store, slug: str) -> None:
    declare_many(store, slug, 2)
    with store.reading() as connection:
        end = log.head(connection, slug)
    for gone in (log.Head(3, "f" * 64, end.epoch), log.Head(2, "f" * 64, end.epoch), log.Head(1, "f" * 64, end.epoch)):
        with store.writing() as connection:
            begun = log.leave_epoch(connection, slug, gone)
            assert begun is not None
            assert (begun.seq, begun.hash) == (2, end.hash)
            assert log.leave_epoch(connection, slug, gone) is None
            # As it was, for the next of the three.
            connection.exec_driver_sql(f"UPDATE head SET epoch = '{end.epoch}'")
