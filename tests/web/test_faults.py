"""A server whose disk is full: posts are told so, reads go on, and it recovers without a restart."""

import contextlib
import json
import resource
import socket

import pytest

from tests.promises import Reached
from tests.running import KENT, Server, declare, post

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.promise(
    "A full disk is told, reading goes on, and it recovers without a restart", wanted="50 of 50 once there is room"
)
def test_a_full_disk_is_a_clear_503_reads_go_on_and_it_recovers(tmp_path, reached: Reached) -> None:
    with Server(f"sqlite:///{tmp_path / 'night.db'}") as server, server.client() as client:
        declare(client, NIGHT[0], key="first")
        limits = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (4096, limits[1]))
        for body in NIGHT[1:4]:
            refused = post(client, body, key=body["ballot_id"])
            assert refused.status_code == 503, refused.text
            assert int(refused.headers["Retry-After"]) > 0
            assert "same Idempotency-Key" in refused.json()["detail"]
            assert str(tmp_path) not in refused.text
            assert client.get("/api/v1/elections/kent-2023").json()["seq"] == 1
            assert client.get("/elections/kent-2023").status_code == 200
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, limits)
        for seq, body in enumerate(NIGHT[1:4], start=2):
            assert declare(client, body, key=body["ballot_id"])["seq"] == seq
    reached("a server: 3 of 3 answered 503 while it is full, pages read, 3 of 3 once there is room")


def test_half_a_body_is_not_waited_for_for_ever(tmp_path) -> None:
    """Of a form and of a declaration: both answered soon after the two seconds they have, and closed."""
    api = "POST /api/v1/elections/kent-2023/declarations HTTP/1.1\r\nContent-Type: application/json\r\n"
    form = "POST /desk/login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    common = "Host: localhost\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 100\r\n"
    with Server(f"sqlite:///{tmp_path / 'night.db'}", body_seconds=2) as server, contextlib.ExitStack() as stack:
        halves = []
        for head in (api, form):
            half = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=60))
            half.sendall(f"{head}{common}Authorization: Bearer {server.token}\r\n\r\nname=".encode())
            halves.append(half)
        for half in halves:
            answer = b""
            while chunk := half.recv(65536):
                answer += chunk
            assert answer.startswith(b"HTTP/1.1 408 "), answer
            assert b"within 2 seconds" in answer
