"""What is in memory is answered without ASGI, and a client cannot tell: the same bytes, in the same order."""

import gzip
import socket
import time
from collections.abc import Iterator
from typing import Self

import pytest

from tests.api.test_routes import NIGHT
from tests.running import Server, declare

PAGE = "/elections/kent-2023"


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    with Server(f"sqlite:///{tmp_path_factory.mktemp('held') / 'night.db'}") as running:
        with running.client() as client:
            declare(client, NIGHT[0])
            for path in (PAGE, f"{PAGE}/councils/medway"):
                assert client.get(path).status_code == 200
        yield running


class Line:
    """A connection that is kept, and what comes on it."""

    def __init__(self, server: Server) -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=30)
        self.file = self.socket.makefile("rb")
        self.host = f"127.0.0.1:{server.port}"

    def send(self, *requests: str) -> None:
        self.socket.sendall("".join(requests).encode())

    def get(self, path: str, *headers: str, method: str = "GET", version: str = "1.1") -> str:
        lines = [f"{method} {path} HTTP/{version}", f"Host: {self.host}", *headers]
        return "\r\n".join(lines) + "\r\n\r\n"

    def answer(self, *, has_body: bool = True) -> tuple[str, dict[str, str], bytes]:
        status = self.file.readline().decode().strip()
        headers = {}
        while line := self.file.readline().decode().strip():
            name, _, value = line.partition(": ")
            headers[name] = value
        return status, headers, self.file.read(int(headers.get("content-length", 0))) if has_body else b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self.socket.close()


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    with Line(server) as opened:
        yield opened


ASGI = "Expect: 100-continue"
"""With this a request is left to what stands behind."""


@pytest.mark.parametrize("headers", [(), ("Accept-Encoding: gzip",), ("Accept-Encoding: br, gzip",)])
def test_it_is_what_stands_behind_would_have_sent(line: Line, headers: tuple[str, ...]) -> None:
    line.send(line.get(PAGE, *headers, ASGI))
    behind = line.answer()
    line.send(line.get(PAGE, *headers))
    held = line.answer()
    for one in (behind, held):
        assert one[1].pop("date")
    assert held == behind
    assert held[0] == "HTTP/1.1 200 OK"
    line.send(line.get(PAGE, *headers, f"If-None-Match: {held[1]['etag']}"))
    status, unchanged, body = line.answer(has_body=False)
    assert (status, body, unchanged["etag"]) == ("HTTP/1.1 304 Not Modified", b"", held[1]["etag"])
    assert "content-type" not in unchanged


def test_answers_come_in_the_order_of_the_requests_whoever_makes_them(line: Line) -> None:
    paths = [PAGE, "/healthz", f"{PAGE}/councils/medway", PAGE, "/elections/nothing", PAGE]
    line.send(*(line.get(path) for path in paths))
    answers = [line.answer() for _ in paths]
    assert [status.split()[1] for status, *_ in answers] == ["200", "200", "200", "200", "404", "200"]
    assert b"Medway" in answers[2][2]
    assert answers[0][2] == answers[3][2] == answers[5][2]
    assert answers[1][2] != answers[0][2]


def test_a_request_may_come_in_pieces_and_have_a_body_that_is_of_no_interest(line: Line) -> None:
    request = line.get(PAGE, "Content-Length: 4") + "body" + line.get("/healthz")
    for place in range(0, len(request), 7):
        line.send(request[place : place + 7])
    assert line.answer()[0] == "HTTP/1.1 200 OK"
    assert line.answer()[0] == "HTTP/1.1 200 OK"


def test_what_is_asked_otherwise_is_answered_by_what_stands_behind(line: Line) -> None:
    line.send(line.get(PAGE, method="HEAD"))
    assert line.answer(has_body=False)[0] == "HTTP/1.1 200 OK"
    line.send(line.get("/elections/kent%2D2023"))
    assert line.answer()[0] == "HTTP/1.1 200 OK"
    line.send(line.get(PAGE, "Expect: 100-continue"))
    assert line.answer()[0] == "HTTP/1.1 200 OK"
    line.send(line.get(PAGE, "Connection: close"))
    assert line.answer()[1]["connection"] == "close"
    assert line.file.read() == b""


def test_an_old_client_is_answered_and_the_line_closed(line: Line) -> None:
    line.send(line.get(PAGE, version="1.0"))
    assert line.answer()[0] == "HTTP/1.1 200 OK"
    assert line.file.read() == b""


def test_a_declaration_is_in_the_very_next_answer(server: Server, line: Line) -> None:
    for body in NIGHT[1:4]:
        with server.client() as client:
            seq = declare(client, body)["seq"]
        line.send(line.get(PAGE, "Accept-Encoding: gzip"), line.get(PAGE, "Accept-Encoding: gzip"))
        made, held = line.answer(), line.answer()
        assert made[2] == held[2]
        assert f"since={seq}&amp;".encode() in gzip.decompress(held[2])


def test_a_client_that_does_not_read_fills_nobodys_memory(server: Server) -> None:
    with Line(server) as deaf, Line(server) as other:
        deaf.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.socket.setblocking(False)
        request = deaf.get(PAGE).encode() * 50
        sent, until = 0, time.monotonic() + 60
        blocked_since = None
        # The server stops reading from whoever doesn't, once some answers wait.
        while blocked_since is None or time.monotonic() - blocked_since < 1:
            assert time.monotonic() < until
            assert sent < 40_000_000
            try:
                sent += deaf.socket.send(request)
                blocked_since = None
            except BlockingIOError:
                blocked_since = blocked_since or time.monotonic()
                time.sleep(0.01)
        other.send(other.get(PAGE))
        assert other.answer()[0] == "HTTP/1.1 200 OK"


def test_a_line_that_is_not_used_any_more_is_closed(line: Line) -> None:
    line.send(line.get(PAGE))
    line.answer()
    assert line.file.read() == b""


def test_behind_a_proxy_the_scheme_is_the_readers(tmp_path) -> None:
    server = Server(f"sqlite:///{tmp_path / 'night.db'}", public_url="https://results.example.org")
    with server, Line(server) as line:
        for scheme, is_safe in (("https", True), ("http", False)):
            answers = []
            for marker in (ASGI, "X-Nothing: 1", "X-Nothing: 1"):
                line.send(line.get(PAGE, f"X-Forwarded-Proto: {scheme}", marker))
                answers.append(line.answer())
                answers[-1][1].pop("date")
            assert answers[0] == answers[1] == answers[2]
            assert ("strict-transport-security" in answers[0][1]) == is_safe
