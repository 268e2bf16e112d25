"""PostgreSQL behind a network that drops everything and closes nothing: answers in time, and no restart."""

import json
import threading
import time
from collections.abc import Iterator
from queue import Queue

import httpx2
import pytest

from app.store.answering import CONNECT_SECONDS
from app.store.engine import Store
from app.store.errors import StoreUnavailable
from app.store.listening import Listener
from app.store.notifying import notify
from tests.promises import Reached
from tests.running import KENT, Server, declare, post, until
from tests.silence import SilentProxy

pytestmark = pytest.mark.postgres

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
DECLARATIONS = "/api/v1/elections/kent-2023/declarations"
ANSWERED = 10.0
"""Seconds within which whoever asks has an answer."""


@pytest.fixture
def proxy(postgres_url: str) -> Iterator[SilentProxy]:
    with SilentProxy(postgres_url) as proxy:
        yield proxy


def seconds_of(ask) -> float:
    begun = time.monotonic()
    ask()
    return time.monotonic() - begun


def test_a_connection_that_falls_silent_in_a_transaction_is_given_up_and_another_one_works(proxy: SilentProxy) -> None:
    with Store.open(proxy.url, lock_wait=1.0) as store:

        def read() -> None:
            with store.reading() as connection:
                connection.exec_driver_sql("SELECT 1")
                proxy.silence()
                connection.exec_driver_sql("SELECT 2")

        def read_later() -> None:
            with pytest.raises(StoreUnavailable) as told, store.reading():
                pass
            assert not told.value.is_passing

        with pytest.raises(StoreUnavailable, match="does not answer"):
            read()
        assert seconds_of(read_later) < ANSWERED / 2
        assert seconds_of(read_later) < CONNECT_SECONDS, "while nothing can be reached nobody waits in turn"
        proxy.pass_on()
        time.sleep(1)
        with store.reading() as connection:
            assert connection.exec_driver_sql("SELECT 3").scalar() == 3


def test_a_listener_that_hears_nothing_asks_whether_there_is_anybody(proxy: SilentProxy) -> None:
    heard: Queue[str] = Queue()
    with Store.open(proxy.url) as store, Listener(store, heard.put) as listener:
        assert listener.wait_until_listening(30)
        proxy.silence()
        until(lambda: not listener.is_listening, "the silence is noticed")
        proxy.pass_on()
        assert listener.wait_until_listening(30)
        with store.writing() as connection:
            notify(connection, "kent-2023")
        assert heard.get(timeout=30) == "kent-2023"


@pytest.mark.promise("A PostgreSQL that falls silent is given up", wanted="every answer within 10 s, no restart")
def test_a_server_answers_while_its_database_is_silent_and_recovers_without_a_restart(
    proxy: SilentProxy, reached: Reached
) -> None:
    with Server(proxy.url) as server, server.client() as client:
        declare(client, NIGHT[0], key="first")
        proxy.silence()
        answers: dict[str, tuple[int, float]] = {}

        def ask(name: str, path: str, body: dict | None = None) -> None:
            begun = time.monotonic()
            with server.client() as own:
                answer = post(own, body, key=name) if body else own.get(path)
            answers[name] = (answer.status_code, time.monotonic() - begun)

        asked = [("ready", "/readyz", None), ("healthy", "/healthz", None), ("page", "/elections/kent-2023", None)]
        asked += [(f"post {number}", DECLARATIONS, NIGHT[number]) for number in range(1, 9)]
        threads = [threading.Thread(target=ask, args=each) for each in asked]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert max(seconds for _, seconds in answers.values()) < ANSWERED, answers
        statuses = {name: status for name, (status, _) in answers.items()}
        assert statuses.pop("healthy") == statuses.pop("page") == 200
        assert set(statuses.values()) == {503}, answers
        proxy.pass_on()
        until(lambda: client.get("/readyz").status_code == 200, "it is ready again")
        seqs = [declare(client, NIGHT[number], key=f"post {number}")["seq"] for number in range(1, 9)]
        assert sorted(seqs) == list(range(2, 10))
        assert client.get(f"{DECLARATIONS}?limit=100").json()["declarations"][-1]["seq"] == 9
    reached(f"10 asked at once: the slowest answered after {max(seconds for _, seconds in answers.values()):.1f} s")


def test_a_commit_whose_answer_never_comes_is_asked_for_again_and_counts_once(proxy: SilentProxy) -> None:
    with Server(proxy.url) as server, server.client() as client:
        declare(client, NIGHT[0], key="first")
        proxy.silence_after(b"COMMIT")
        body = {**NIGHT[1], "confirm": ["W01", "W02", "W03", "W04", "W07", "W08", "W09", "W10", "W11"]}
        answer: httpx2.Response | None = None

        def ask() -> None:
            nonlocal answer
            answer = post(client, body, key="again")

        assert seconds_of(ask) < ANSWERED
        assert answer is not None
        assert answer.status_code == 503
        assert "same Idempotency-Key" in answer.json()["detail"]
        proxy.pass_on()
        until(lambda: client.get("/readyz").status_code == 200, "it is ready again")
        assert declare(client, body, key="again")["seq"] == 2
        assert len(client.get(DECLARATIONS).json()["declarations"]) == 2
