"""What makes no sense in the database of one election harms that one alone, is told, and is got past."""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from app.process.folders import TEMPLATES
from app.store import log
from tests.running import KENT, Server, declare, declared, post, until
from tests.watching import Watcher

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
HARMED, OTHER = "kent-2023", "elsewhere-2023"


@pytest.fixture(scope="module")
def two_elections(tmp_path_factory) -> Path:
    """A bundle to load beside the usual one."""
    bundle = tmp_path_factory.mktemp("bundle") / OTHER
    shutil.copytree(KENT, bundle)
    top = bundle / "election.toml"
    top.write_text(top.read_text("utf-8").replace(HARMED, OTHER), "utf-8")
    return bundle


@pytest.fixture
def server(tmp_path, two_elections: Path) -> Iterator[Server]:
    server = Server(f"sqlite:///{tmp_path / 'night.db'}")
    declared("load", two_elections, database=server.database)
    with server:
        yield server


def changed(server: Server, *statements: str) -> None:
    """Change the database behind everybody's back."""
    with closing(sqlite3.connect(server.database.removeprefix("sqlite:///"), timeout=30)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def add_unreadable(server: Server) -> int:
    """Have somebody else's program write an entry that is no JSON; its sequence."""
    with closing(sqlite3.connect(server.database.removeprefix("sqlite:///"), timeout=30)) as connection, connection:
        connection.row_factory = sqlite3.Row
        connection.execute("BEGIN IMMEDIATE")
        last = dict(connection.execute(f"SELECT * FROM entry WHERE slug = '{HARMED}' ORDER BY seq DESC").fetchone())
        row = {**last, "seq": last["seq"] + 1, "body": "{", "prev_hash": last["hash"]}
        row["hash"] = log.entry_hash(row)
        connection.execute(f"INSERT INTO entry VALUES ({', '.join('?' * len(row))})", list(row.values()))
        connection.execute("UPDATE head SET seq = ?, hash = ? WHERE slug = ?", (row["seq"], row["hash"], HARMED))
    return row["seq"]


def reasons(client: httpx2.Client) -> list[str]:
    answer = client.get("/readyz")
    assert answer.status_code == (503 if answer.json()["reasons"] else 200)
    return answer.json()["reasons"]


def refused(server: Server, slug: str) -> int:
    """The status with which a watcher is refused; 101 where it is let in."""
    try:
        with connect(f"ws://127.0.0.1:{server.port}/live/{slug}/overview", proxy=None):
            return 101
    except InvalidStatus as error:
        return error.response.status_code


def assert_unharmed(server: Server, client: httpx2.Client, body: dict) -> None:
    """The other election is shown, told live, and declared in."""
    assert client.get(f"/elections/{OTHER}").status_code == 200
    watcher = Watcher(server.url, f"/live/{OTHER}/overview")
    seq = declare(client, body, slug=OTHER)["seq"]
    watcher.wait_for(seq)
    watcher.close()
    assert client.get(f"/api/v1/elections/{OTHER}").json()["seq"] == seq


@pytest.mark.promise("What cannot be read harms its own election alone", wanted="the other elections are served")
def test_an_entry_that_cannot_be_read_stops_its_night_alone_until_it_is_passed_over(server: Server) -> None:
    with server.client() as client:
        for body in NIGHT[:2]:
            declare(client, body)
        watcher = Watcher(server.url, f"/live/{HARMED}/overview")
        watcher.wait_for(2)
        seq = add_unreadable(server)
        until(lambda: any(f"Entry {seq} of “{HARMED}” cannot be read" in it for it in reasons(client)), "it is told")
        until(lambda: refused(server, HARMED) == 503, "nobody is let in to watch a night that is not followed")
        assert "Not current" in client.get(f"/elections/{HARMED}").text
        assert "Not current" in client.get(f"/embed/v1/{HARMED}/council/medway").text
        assert client.get(f"/api/v1/elections/{HARMED}").json()["seq"] == 2
        answer = post(client, NIGHT[2], key="kept")
        assert answer.status_code == 503
        assert "nothing was declared" in answer.json()["detail"]
        assert "entry" not in answer.text.lower(), "nothing internal is told to strangers"
        assert_unharmed(server, client, NIGHT[0])
        server.stop()
        server.start()
        until(lambda: refused(server, HARMED) == 503, "nor after a restart")
        assert client.get(f"/api/v1/elections/{HARMED}").json()["seq"] == 2
        assert "Not current" in client.get(f"/elections/{HARMED}/councils/medway").text
        assert_unharmed(server, client, NIGHT[1])
        found = declared("verify", database=server.database, check=False)
        assert found.returncode == 1
        assert f"Entry {seq} of “{HARMED}” cannot be read" in found.stderr
        assert f"{OTHER}: the log of 2 entries is whole" in found.stdout
        command = ["pass-over", HARMED, str(seq), "--reason", "Another program’s disk failed."]
        declared(*command, database=server.database)
        until(lambda: reasons(client) == [], "it goes on without a restart")
        assert declare(client, NIGHT[2], key="kept")["seq"] == seq + 1
        watcher.wait_for(seq + 1)
        watcher.close()
        assert "Not current" not in client.get(f"/elections/{HARMED}").text
        told = client.get(f"/api/v1/elections/{HARMED}/declarations").json()["declarations"][seq - 1]
        assert (told["kind"], told["reason"]) == ("passed_over", "Another program’s disk failed.")
        assert "is passed over" in client.get(f"/api/v1/elections/{HARMED}/feed.atom").text
        corrected = post(client, {"kind": "withdrawal", "replaces": seq, "reason": "wrong"})
        assert corrected.status_code == 404
        checked = declared("verify", "--url", server.url, database=server.database)
        assert f"Entry {seq} of “{HARMED}” is passed over" in checked.stdout
        assert sum(line.count("cannot be read") for line in server.errors) == 2, "once a start"


@pytest.mark.promise("What cannot be read harms its own election alone", wanted="the other elections are served")
def test_a_catalogue_that_cannot_be_read_harms_its_election_alone(tmp_path, two_elections: Path) -> None:
    server = Server(f"sqlite:///{tmp_path / 'night.db'}")
    declared("load", two_elections, database=server.database)
    changed(server, f"UPDATE council SET expected_at = 'at ten' WHERE slug = '{HARMED}' AND council_id = 'medway'")
    with server, server.client() as client:
        assert any(f"The catalogue of “{HARMED}” cannot be read" in it for it in reasons(client))
        paths = (f"/elections/{HARMED}", f"/api/v1/elections/{HARMED}", f"/embed/v1/{HARMED}/overview")
        for path in (*paths, f"/api/v1/elections/{HARMED}/feed.atom", f"/api/v1/elections/{HARMED}/export.csv"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30"), path
            assert "at ten" not in answer.text
        assert post(client, NIGHT[0]).status_code == 503
        assert refused(server, HARMED) == 503
        assert client.get("/").status_code == 200
        assert_unharmed(server, client, NIGHT[0])
        assert any("at ten" in line for line in server.errors)
        assert "cannot be read" in declared("verify", database=server.database, check=False).stderr
        changed(server, f"UPDATE council SET expected_at = NULL WHERE slug = '{HARMED}'")
        until(lambda: reasons(client) == [], "it is shown as soon as it can be")
        assert declare(client, NIGHT[0])["seq"] == 1


def test_what_cannot_be_shown_is_told_once_however_many_ask_for_it(tmp_path) -> None:
    """By a page, again, by a widget and by sockets: a line for each channel, with its traceback."""
    templates = shutil.copytree(TEMPLATES, tmp_path / "templates")
    (templates / "council" / "_seats.html").write_text("{{ 1 // 0 }}")
    server = Server(f"sqlite:///{tmp_path / 'night.db'}", templates=templates)
    with server, server.client() as client:
        page, widget = f"/elections/{HARMED}/councils/medway", f"/embed/v1/{HARMED}/council/medway"
        for path in (page, page, widget):
            assert client.get(path).status_code == 503
        for _ in range(2):
            address = f"ws://127.0.0.1:{server.port}/live/{HARMED}/council/dover"
            with connect(address, proxy=None) as socket, pytest.raises(ConnectionClosed):
                socket.recv(timeout=10)
    told = [line for line in server.errors if re.search(r" (ERROR|CRITICAL) ", line)]
    assert [re.findall(r"(\w+) of “", line) for line in told] == [["medway"], ["dover"]], told
    assert sum(line.startswith("    Traceback") for line in server.errors) == 2
