"""A night through PgBouncer, in the modes that can carry one; and that which cannot is refused by name."""

import logging
from threading import Barrier, Thread

import psycopg
import pytest

from app.store import log
from app.store.engine import Store
from app.store.errors import StoreUnavailable
from app.store.listening import Listener
from app.store.notifying import notify
from tests.nodes.test_workers import NIGHT
from tests.running import Server, declare, until

pytestmark = pytest.mark.postgres

MODES = ["session", "transaction"]


@pytest.mark.parametrize("mode", MODES)
def test_many_write_and_read_at_once_and_each_has_the_settings_of_its_own(pgbouncer, mode):
    """More connections than sessions: in transaction mode each session is everybody's in turn."""
    at_once, rounds = 4, 10
    barrier = Barrier(at_once)
    faults: list[object] = []

    def work(url: str) -> None:
        asked = "SELECT current_setting('lock_timeout'), current_setting('transaction_read_only')"
        with Store.open(url) as store:
            barrier.wait()
            for _ in range(rounds):
                with store.writing() as connection:
                    # As often as the driver would wait before it prepared a statement for good.
                    found = {connection.exec_driver_sql(asked).one() for _ in range(7)}
                faults.extend(found - {("5s", "off")})
                with store.reading() as connection:
                    found = {connection.exec_driver_sql(asked).one() for _ in range(7)}
                    log.heads(connection)
                faults.extend(found - {("5s", "on")})

    url = pgbouncer(mode).url
    threads = [Thread(target=work, args=(url,)) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    with psycopg.connect(url) as guest:
        assert guest.execute("SHOW lock_timeout").fetchone() == ("0",), "nothing is left to whoever comes next"


@pytest.mark.promise(
    "PgBouncer works, or is refused by name", wanted="served in transaction mode, statement mode refused"
)
def test_a_server_serves_through_it_in_transaction_mode(pgbouncer):
    with Server(pgbouncer("transaction").url) as server, server.client() as client:
        for body in NIGHT[:12]:
            declare(client, body)
        assert client.get("/api/v1/elections/kent-2023").json()["seq"] == 12
        assert client.get("/readyz").status_code == 200
        until(lambda: any("PgBouncer" in line for line in server.errors), "it is said that nothing will be heard")
    assert len([line for line in server.errors if "PgBouncer" in line]) == 1, "and once"


def heard_of(url: str, postgres_url: str, *, through: str = "") -> list[str]:
    """What a listener at ``url`` is told of when something is declared elsewhere."""
    heard: list[str] = []
    with Store.open(url) as store, Listener(store, heard.append, url=through) as listener:
        assert listener.wait_until_listening(30)
        with Store.open(postgres_url) as elsewhere, elsewhere.writing() as connection:
            notify(connection, "kent-2023")
        until(lambda: bool(heard), "it is told")
    return heard


def test_in_session_mode_wake_ups_are_heard(pgbouncer, postgres_url):
    assert heard_of(pgbouncer("session").url, postgres_url) == ["kent-2023"]


def test_in_transaction_mode_they_are_heard_past_it(pgbouncer, postgres_url):
    assert heard_of(pgbouncer("transaction").url, postgres_url, through=postgres_url) == ["kent-2023"]


def test_in_transaction_mode_it_is_said_once_that_none_will_be_heard(pgbouncer, caplog):
    caplog.set_level(logging.WARNING)
    with Store.open(pgbouncer("transaction").url) as store, Listener(store, lambda _slug: None) as listener:
        until(lambda: bool(caplog.records), "it is said")
        assert not listener.is_listening
    (told,) = [record.getMessage() for record in caplog.records]
    assert told.startswith(f"{store.name} is behind a PgBouncer in transaction mode, which tells nobody of anything")
    assert "--listen-database" in told


@pytest.mark.promise(
    "PgBouncer works, or is refused by name", wanted="served in transaction mode, statement mode refused"
)
def test_statement_mode_is_refused_by_name(pgbouncer):
    with Store.open(pgbouncer("statement").url) as store, pytest.raises(StoreUnavailable) as refused:
        store.migrate()
    assert str(refused.value).startswith(f"{store.name} is behind a PgBouncer in statement mode, which has no transac")
    assert "set pool_mode = transaction" in str(refused.value)
