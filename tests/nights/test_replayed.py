"""The bundled night from the post to the pixel: replayed through the API of a real server, watched as it happens."""

import json
import time

import pytest

from tests import running
from tests.counts import count
from tests.promises import Reached
from tests.running import KENT, Server, declare, declared, until
from tests.watching import Watcher

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
SLUG = "kent-2023"
COUNCILS = [line.split(",")[0] for line in (KENT / "councils.csv").read_text("utf-8").splitlines()[1:]]

PUBLISHED = {
    "medway": ("LAB gain from CON", {"PP53": 33, "PP52": 22, "ynmp-party:2": 4}),
    "ashford": ("NOC hold", {"PP52": 19, "PP53": 11, "PP291": 9, "PP63": 8}),
    "maidstone": ("NOC gain from CON", {"PP52": 24, "PP90": 12, "ynmp-party:2": 10, "PP53": 6, "PP63": 3}),
    "gravesham": ("LAB gain from NOC", {"PP53": 22, "PP52": 17}),
    "dover": ("LAB gain from CON", {"PP53": 17, "PP52": 14, "ynmp-party:2": 1}),
    "folkestone-and-hythe": ("NOC hold", {"PP63": 11, "PP53": 10, "PP52": 5, "PP90": 2, "ynmp-party:2": 2}),
    "thanet": ("LAB gain from NOC", None),
    "tonbridge-and-malling": ("NOC gain from CON", None),
    "tunbridge-wells": ("NOC hold", None),
    "canterbury": ("NOC hold", None),
}
"""Badges by the BBC's convention, and seats where they were published in full."""


def replay(server: Server) -> list[str]:
    """What the command is asked for that replays the night as fast as it goes."""
    return ["replay", str(KENT / "night.jsonl"), "--to", server.url, "--token", server.token, "--max"]


def assert_watched_is_served(server: Server, watcher: Watcher, path: str) -> None:
    """Every fragment the watcher holds stands in a fresh page, byte for byte."""
    with server.client() as client:
        page = client.get(path).text
    assert watcher.fragments
    for element, html in watcher.fragments.items():
        assert html in page, f"{element} differs on {path}"


@pytest.mark.slow
def test_the_bundled_night_ends_as_it_was_published_and_every_watcher_sees_it(tmp_path) -> None:
    database = f"sqlite:///{tmp_path / 'night.db'}"
    with (
        Server(database) as server,
        Watcher(server.url, f"/live/{SLUG}/overview") as overview,
        Watcher(server.url, f"/live/{SLUG}/council/medway") as medway,
    ):
        overview.wait_until(lambda it: bool(it.messages))
        medway.wait_until(lambda it: bool(it.messages))
        declared(*replay(server))
        overview.wait_for(277)
        medway.wait_for(24)
        with server.client() as client:
            night = client.get(f"/api/v1/elections/{SLUG}").json()
            log = client.get(f"/api/v1/elections/{SLUG}/declarations", params={"limit": 1000}).json()["declarations"]
        councils = {council["council_id"]: council for council in night["councils"]}
        assert all(council["complete"] for council in councils.values())
        for council_id, (badge, seats) in PUBLISHED.items():
            assert councils[council_id]["badge"] == badge
            assert seats is None or councils[council_id]["seats"] == seats
        certain = councils["medway"]["control"]["since_seq"]
        last = max(row["seq"] for row in log if row["council_id"] == "medway")
        assert certain < last, "certain before its last ward"
        assert next(message["kind"] for message in overview.messages) == "snapshot"
        assert_watched_is_served(server, overview, f"/elections/{SLUG}")
        with server.client() as client:
            pages = client.get(f"/elections/{SLUG}/councils/medway").text
            for body in NIGHT[:24]:
                pages += client.get(f"/elections/{SLUG}/contests/{body['ballot_id']}").text
        assert all(html in pages for html in medway.fragments.values())
        assert declared("verify", "--url", server.url, database=database).returncode == 0


@pytest.mark.slow
@pytest.mark.promise(
    "A server killed in the middle of a night loses nothing, doubles nothing, and its watchers come back",
    wanted="277 of 277 declared once, every fragment as the page has it",
)
def test_a_server_killed_in_the_middle_of_a_night_loses_nothing_and_doubles_nothing(tmp_path, reached: Reached) -> None:
    """``kill -9`` while a replay runs: started again, the same replay goes on by itself, and watchers come back."""
    database = f"sqlite:///{tmp_path / 'night.db'}"
    kills = count("DECLARED_TORTURE_SERVER_KILLS")
    with Server(database) as server, Watcher(server.url, f"/live/{SLUG}/overview") as watcher:
        replaying = running.start(*replay(server))
        for kill in range(1, kills + 1):
            watcher.wait_for(277 * kill // (kills + 2))
            server.kill()
            server.start()
        _, told = replaying.communicate(timeout=300)
        assert replaying.returncode == 0, told
        watcher.wait_for(277)
        assert watcher.connections == kills + 1
        with server.client() as client:
            log = client.get(f"/api/v1/elections/{SLUG}/declarations", params={"limit": 1000}).json()["declarations"]
        assert [row["seq"] for row in log] == list(range(1, 278))
        assert [row["ballot_id"] for row in log] == [body["ballot_id"] for body in NIGHT]
        assert_watched_is_served(server, watcher, f"/elections/{SLUG}")
        declared(*replay(server))
        assert declared("verify", "--url", server.url, database=database).returncode == 0
        with server.client() as client:
            assert client.get(f"/api/v1/elections/{SLUG}").json()["seq"] == 277
    reached(f"{kills} × kill −9 of the server during a replay: 277 of 277 declared once")


def test_a_watcher_resumes_where_it_was_and_is_told_nothing_twice(tmp_path) -> None:
    with Server(f"sqlite:///{tmp_path / 'night.db'}") as server, server.client() as client:
        with Watcher(server.url, f"/live/{SLUG}/overview") as first:
            first.wait_until(lambda it: bool(it.messages))
            declare(client, NIGHT[0])
            first.wait_for(1)
        for body in NIGHT[1:4]:
            declare(client, body)
        address = f"/live/{SLUG}/overview?since={first.seq}&epoch={first.epoch}"
        from websockets.sync.client import connect

        with connect(f"ws://127.0.0.1:{server.port}{address}", proxy=None) as socket:
            message = json.loads(socket.recv(timeout=60))
        assert (message["kind"], message["seq"]) == ("update", 4)
        assert 'id="row-medway"' in message["content"]
        assert 'id="row-swale"' not in message["content"], "what did not change is not sent"
        with connect(f"ws://127.0.0.1:{server.port}/live/{SLUG}/overview?since=4&epoch=other", proxy=None) as socket:
            assert json.loads(socket.recv(timeout=60))["kind"] == "snapshot"


def test_a_catalogue_that_is_replaced_while_it_is_served_reaches_pages_and_watchers(tmp_path) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    for file in KENT.iterdir():
        (bundle / file.name).write_bytes(file.read_bytes())
    database = f"sqlite:///{tmp_path / 'night.db'}"
    with Server(database, bundle=bundle) as server, Watcher(server.url, f"/live/{SLUG}/overview") as watcher:
        watcher.wait_until(lambda it: bool(it.messages))
        councils = (bundle / "councils.csv").read_text("utf-8").replace(",Swale,", ",Swale Borough,")
        (bundle / "councils.csv").write_text(councils, "utf-8")
        declared("load", bundle, database=database)
        watcher.wait_until(lambda it: "Swale Borough" in it.fragments["row-swale"])
        assert watcher.messages[-1]["kind"] in {"snapshot", "beat"}
        with server.client() as client:
            assert "Swale Borough" in client.get(f"/elections/{SLUG}").text


def test_a_council_that_leaves_the_catalogue_and_comes_back_is_live_again(tmp_path) -> None:
    short = tmp_path / "short"
    short.mkdir()
    for file in KENT.iterdir():
        lines = file.read_text("utf-8").splitlines(keepends=True)
        (short / file.name).write_text("".join(line for line in lines if "swale" not in line), "utf-8")
    (short / "night.jsonl").unlink()
    database = f"sqlite:///{tmp_path / 'night.db'}"
    page = f"/elections/{SLUG}/councils/swale"
    ward = next(body for body in NIGHT if ".swale." in body["ballot_id"])
    with Server(database) as server, server.client() as client:
        assert client.get(page).status_code == 200
        declared("load", short, "--reason", "It has no election", database=database)
        until(lambda: client.get(page).status_code == 404, "the page is gone")
        declared("load", KENT, "--reason", "It has one", database=database)
        until(lambda: client.get(page).status_code == 200, "the page is back")
        with Watcher(server.url, f"/live/{SLUG}/council/swale") as watcher:
            watcher.wait_until(lambda it: bool(it.messages))
            declare(client, ward)
            watcher.wait_for(1)
        served = client.get(page).text
        assert watcher.fragments["seats-swale"] in served


def test_sigterm_tells_watchers_to_come_back_and_ends_soon(tmp_path) -> None:
    with Server(f"sqlite:///{tmp_path / 'night.db'}") as server:
        from websockets.exceptions import ConnectionClosed
        from websockets.sync.client import connect

        with connect(f"ws://127.0.0.1:{server.port}/live/{SLUG}/overview", proxy=None) as socket:
            socket.recv(timeout=60)
            began = time.monotonic()
            assert server.stop() == 0
            assert time.monotonic() - began < 12
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(timeout=60)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1012
