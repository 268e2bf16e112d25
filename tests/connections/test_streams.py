"""Server-sent events from a real server, for anybody who asks: whole, in order, and honest about their end."""

import json
import re
import socket
from collections.abc import Iterator

import pytest
from websockets.sync.client import connect

from tests.api.test_examples import DOCUMENT, differences
from tests.listening import Listening
from tests.running import KENT, Server, declare, until

EVENTS = "/live/kent-2023/events"
NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
DECLARED = 3
PER_ADDRESS = 4


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    database = f"sqlite:///{tmp_path_factory.mktemp('streams') / 'night.db'}"
    with Server(database, watchers_per_address=PER_ADDRESS, beat_seconds=1) as running:
        with running.client() as client:
            for body in NIGHT[:DECLARED]:
                declare(client, body)
        yield running


@pytest.fixture(scope="module")
def epoch(server: Server) -> str:
    with server.client() as client:
        return client.get("/api/v1/elections/kent-2023").json()["epoch"]


def watching(server: Server) -> float:
    with server.client() as client:
        lines = client.get("/metrics").text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("declared_watchers"))


def test_the_first_that_is_told_is_where_to_read_the_state(server: Server) -> None:
    with Listening(server.url, EVENTS) as listening, server.client() as client:
        (reset,) = listening.until(DECLARED)
        assert reset.kind == "reset"
        state = client.get(reset.told["state"]).json()
        assert (state["seq"], state["epoch"]) == (reset.told["seq"], reset.told["epoch"])
        assert listening.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert listening.headers["access-control-allow-origin"] == "*"
        assert listening.headers["x-accel-buffering"] == "no"
        assert listening.retry == 2000


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_who_comes_back_is_told_the_rest_by_header_or_by_query(server: Server, epoch: str, version: str) -> None:
    with Listening(server.url, EVENTS, version=version, Last_Event_ID=f"{epoch}.1") as listening:
        heard = listening.until(DECLARED)
    assert [event.told["seq"] for event in heard if event.kind == "entry"] == [2, 3]
    with Listening(server.url, f"{EVENTS}?last={epoch}.1", version=version) as again:
        assert again.until(DECLARED) == heard
    with Listening(server.url, f"{EVENTS}?last={epoch}.1", version=version, Last_Event_ID=f"{epoch}.2") as later:
        assert [event.told["seq"] for event in later.until(DECLARED)] == [3] * 3, "the header is the newer"


def test_the_same_is_told_in_a_socket_and_pages_are_told_as_before(server: Server, epoch: str) -> None:
    with Listening(server.url, f"{EVENTS}?last={epoch}.2") as listening:
        streamed = [event.told for event in listening.until(DECLARED)]
    address = f"{server.url.replace('http', 'ws')}/live/kent-2023/overview"
    with connect(f"{address}?format=json&since=2&epoch={epoch}") as own, connect(address) as page:
        assert [json.loads(own.recv()) for _ in streamed] == streamed
        assert json.loads(page.recv())["kind"] == "snapshot"


def test_an_entry_is_as_the_log_has_it_and_a_council_as_the_api_has_it(server: Server, epoch: str) -> None:
    with Listening(server.url, f"{EVENTS}?last={epoch}.2&convention=pa") as listening, server.client() as client:
        told = {event.kind: event.told for event in listening.until(DECLARED)}
        log = client.get("/api/v1/elections/kent-2023/declarations?after=2&limit=1").json()["declarations"]
        election = client.get("/api/v1/elections/kent-2023?convention=pa&at=3").json()
    assert told["entry"]["entry"] == log[0]
    assert told["council"]["council"] in election["councils"]
    assert all(row in election["scoreboard"] for row in told["scoreboard"]["scoreboard"])


@pytest.mark.parametrize(
    ("query", "status"), [("?last=nonsense", 422), ("?last=a.1&last=b.1", 422), ("?convention=none", 422)]
)
def test_what_makes_no_sense_is_refused(server: Server, query: str, status: int) -> None:
    with Listening(server.url, EVENTS + query) as listening:
        assert (listening.status, listening.headers["access-control-allow-origin"]) == (status, "*")


def test_there_is_no_stream_of_an_election_that_is_not_there(server: Server) -> None:
    with Listening(server.url, "/live/nothing/events") as listening:
        assert listening.status == 404


def test_events_of_a_single_council_there_are_none(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(
            b"GET /live/kent-2023/council/medway?format=json HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        assert b" 422 " in line.recv(100)


def test_who_goes_away_is_forgotten_and_too_many_of_one_address_are_told_to_come_back(server: Server) -> None:
    until(lambda: watching(server) == 0, "nobody is left")
    inside = [Listening(server.url, EVENTS) for _ in range(PER_ADDRESS)]
    for each in inside:
        each.until(DECLARED)
    with Listening(server.url, EVENTS) as late:
        assert (late.status, list(late.events())) == (200, []), "a browser would give up after any other status"
        assert late.comments == ["too many live connections from this address"]
        assert late.retry
    for each in inside:
        each.close()
    until(lambda: watching(server) == 0, "all are forgotten")


def test_a_stream_may_follow_other_requests_on_its_connection(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 60) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        first = line.recv(4096)
        assert b" 200 OK" in first
        line.sendall(f"GET {EVENTS} HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\n\r\n".encode())
        told = b""
        while b": beat" not in told:
            told += line.recv(4096)
        assert b"event: reset" in told


def test_a_server_that_stops_says_come_back_and_its_successor_goes_on(tmp_path) -> None:
    with Server(f"sqlite:///{tmp_path / 'night.db'}") as server:
        with server.client() as client:
            declare(client, NIGHT[0])
        with Listening(server.url, EVENTS) as listening:
            listening.until(1)
            server.stop()
            assert list(listening.events()) == []
            assert "about to stop" in listening.comments[-1]
        server.start()
        with server.client() as client:
            declare(client, NIGHT[1])
        with Listening(server.url, EVENTS, Last_Event_ID=listening.last) as again:
            assert {event.told["seq"] for event in again.until(2)} == {2}


def test_the_documentation_shows_what_is_told(tmp_path) -> None:
    shown = {it["event"]: it for it in map(json.loads, re.findall(r"^    data: (.*)$", DOCUMENT, re.MULTILINE))}
    with Server(f"sqlite:///{tmp_path / 'night.db'}") as server, server.client() as client:
        for body in NIGHT[:22]:
            declare(client, body)
        with Listening(server.url, EVENTS) as first:
            (reset,) = first.until(22)
        epoch = reset.told["epoch"]
        with Listening(server.url, f"{EVENTS}?last={epoch}.21") as listening:
            told = {event.kind: event.told for event in [reset, *listening.until(22)]}
    assert shown.keys() == told.keys()
    assert [different for kind in shown for different in differences(shown[kind], told[kind], kind)] == []
