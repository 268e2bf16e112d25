"""A server whose disk is full: posts are told so, reads go on, and it recovers without a restart."""

import json
import resource

from tests.running import KENT, Server, declare, post

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]


def test_a_full_disk_is_a_clear_503_reads_go_on_and_it_recovers(tmp_path) -> None:
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
