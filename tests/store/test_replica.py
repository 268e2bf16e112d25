"""A real standby as a replica: read as far as it holds the log, and never believed beyond."""

import logging
from collections.abc import Iterator

import pytest

from app.store import log
from app.store.engine import Store
from app.store.outages import Outages
from app.store.replica import BEHIND_SECONDS, REST_SECONDS, Logs
from tests.running import Server, declare, until
from tests.store.conftest import PostgreSQL
from tests.store.logs import declare_many

pytestmark = pytest.mark.postgres

NOTE = {"kind": "note", "text": "A recount at Northdown."}


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def standby(postgres) -> Iterator[PostgreSQL]:
    with postgres.standby() as standby:
        yield standby


@pytest.fixture
def replica(postgres_store, slug, standby) -> Iterator[Store]:
    with Store.open(standby.url(postgres_store.url.database), outages=Outages()) as replica:
        yield replica


@pytest.fixture
def database() -> str:
    """Only PostgreSQL has replicas."""
    return "postgresql"


def read_from(logs: Logs, slug: str) -> tuple[bool, int]:
    """Whether it is the replica that is read, and the sequence of what is read."""
    with logs.reading(slug) as connection:
        is_replica = connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar_one()
        return is_replica, log.head(connection, slug).seq


def test_a_replica_is_read_as_far_as_it_has_what_the_primary_has(store, replica, slug, standby, caplog, postgres):
    caplog.set_level(logging.WARNING)
    clock = Clock()
    logs = Logs(store, replica, clock)
    until(lambda: read_from(logs, slug) == (True, 0), "it has followed")

    # It lags: what is in the log is read where it is.
    standby.run("SELECT pg_wal_replay_pause()")
    declare_many(store, slug, 3)
    assert read_from(logs, slug) == (False, 3)
    clock.now += BEHIND_SECONDS
    assert [read_from(logs, slug) for _ in range(3)] == [(False, 3)] * 3
    (told,) = [record.getMessage() for record in caplog.records]
    assert told.startswith(f"{replica.name}, the replica, has not had what the primary has for 30 s, and is not read")
    standby.run("SELECT pg_wal_replay_resume()")
    until(lambda: read_from(logs, slug) == (True, 3), "it has caught up")
    assert caplog.records[-1].getMessage().endswith("has what the primary has, and is read again.")

    # It goes its own way, even where that begins with all that the primary has.
    standby.promote()
    with Store.open(standby.url(store.url.database)) as other:
        declare_many(other, slug, 2)
    assert read_from(logs, slug) == (False, 3)
    declare_many(store, slug, 1)

    # It is gone: after one that failed, nobody asks it for a while.
    standby.crash()
    caplog.clear()
    assert [read_from(logs, slug) for _ in range(3)] == [(False, 4)] * 3
    assert len(caplog.records) == 1
    assert replica.outages.reasons
    assert logs._rests_until == clock.now + REST_SECONDS


def test_beside_a_replica_that_lags_whoever_has_declared_reads_what_he_declared(postgres_url, standby):
    replica = standby.url(postgres_url.rpartition("/")[2].partition("?")[0])
    node, other = Server(postgres_url, read_database=replica), Server(postgres_url, bundle=None)
    with node, other, node.client() as client, other.client() as elsewhere:
        standby.run("SELECT pg_wal_replay_pause()")
        for seq in range(1, 4):
            assert declare(client, NOTE)["seq"] == seq
            assert client.get("/api/v1/elections/kent-2023").json()["seq"] == seq
        elsewhere.headers["Authorization"] = client.headers["Authorization"]
        assert declare(elsewhere, NOTE)["seq"] == 4
        until(lambda: client.get("/api/v1/elections/kent-2023").json()["seq"] == 4, "what others declare, too")
        standby.crash()
        assert declare(client, NOTE)["seq"] == 5
        assert client.get("/api/v1/elections/kent-2023").json()["seq"] == 5
        assert client.get("/readyz").status_code == 200
