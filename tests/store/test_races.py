"""Several at once: eight who declare the same ward, and servers that no longer hear each other."""

import contextlib
import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import httpx2
import pytest
from sqlalchemy import Connection

from app.commands.verifying import verify_server
from app.domain.second_check import Keying
from app.domain.subject import Subject
from app.store import keyed, sessions, staff
from app.store.engine import Store
from tests.counts import count
from tests.promises import Reached, Trials
from tests.running import KENT, Server, declare, post, until
from tests.store.test_listening import end_listeners
from tests.strictness import strict_client

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
SLUG = "kent-2023"
EVERY_WARNING = [f"W{number:02}" for number in range(1, 13)]
RACES, LISTENER_CUTS = count("DECLARED_TORTURE_RACES"), count("DECLARED_TORTURE_LISTENER_CUTS")
RACING = 8


Servers = list[Server]


@pytest.fixture(scope="module")
def one_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with Server(f"sqlite:///{tmp_path_factory.mktemp('races') / 'night.db'}") as server:
        yield [server]


@pytest.fixture(scope="module")
def two_servers(postgres, postgres_template: str) -> Iterator[Servers]:
    """On one PostgreSQL."""
    name = postgres.create_database(postgres_template)
    with Server(postgres.url(name)) as one, Server(postgres.url(name), token=one.token) as two:
        yield [one, two]
    postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def servers(request: pytest.FixtureRequest, database: str) -> Servers:
    found: Servers = request.getfixturevalue("one_server" if database == "sqlite" else "two_servers")
    return found


@pytest.mark.promise(
    "Of eight who declare the same at once, one does, and the others are told", wanted="1 of 8 each time"
)
def test_of_eight_who_declare_the_same_one_does_and_the_others_are_told(
    servers: Servers, trials: Trials, reached: Reached
) -> None:
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(servers[number % len(servers)].client()) for number in range(RACING)]
        pool = stack.enter_context(ThreadPoolExecutor(RACING))
        won, before = {}, read_seq(clients[0])
        for race in trials(RACES):
            seq = before + race + 1
            answers = raced(pool, clients, NIGHT[seq - 1])
            assert sorted(answer.status_code for answer in answers.values()) == [201] + [409] * (RACING - 1)
            (winner,) = (source for source, answer in answers.items() if answer.status_code == 201)
            won[seq] = winner
            assert {answer.json()["seq"] for answer in answers.values()} == {seq}, "the others are told which stands"
        log = clients[0].get(f"/api/v1/elections/{SLUG}/declarations", params={"after": before, "limit": 1000}).json()
        assert {row["seq"]: row["source"] for row in log["declarations"]} == won
        assert_is_shown(servers)
    told = f"{RACES} × 201, {RACES * (RACING - 1)} × 409, 0 lost"
    reached(f"{RACES} races on {len(servers)} server{'s' * (len(servers) > 1)}: {told}")


def raced(
    pool: ThreadPoolExecutor, clients: list[httpx2.Client], ward: Mapping[str, Any]
) -> dict[str, httpx2.Response]:
    """What each is answered, by the source it names, when all of them declare ``ward`` at the same moment."""
    ready = Barrier(len(clients))

    def go(number: int) -> tuple[str, httpx2.Response]:
        source = f"desk {number}"
        ready.wait(60)
        return source, post(clients[number], {**ward, "source": source, "confirm": EVERY_WARNING})

    return dict(pool.map(go, range(len(clients))))


def assert_is_shown(servers: list[Server]) -> None:
    """What every server shows, once it has caught up, is what the log holds."""
    with Store.open(servers[0].database) as store:
        for server in servers:
            until(lambda server=server: [it for *_, it in verify_server(store, server.url)] == [[]], "it shows the log")


@pytest.mark.postgres
@pytest.mark.promise(
    "A lost wake-up loses no result: every server converges", wanted="each server at the log's end after each cut"
)
def test_servers_that_no_longer_hear_each_other_converge(
    two_servers: Servers, trials: Trials, reached: Reached
) -> None:
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(server.client()) for server in two_servers]
        store = stack.enter_context(Store.open(two_servers[0].database))
        seq = before = read_seq(clients[0])
        for _ in trials(LISTENER_CUTS):
            end_listeners(store)
            for body in NIGHT[seq : seq + 2]:
                seq = declare(clients[seq % 2], body)["seq"]
            until(lambda seq=seq: {read_seq(client) for client in clients} == {seq}, f"both at {seq}")
        assert_is_shown(two_servers)
    told = f"{seq - before} entries: both at the end of the log each time"
    reached(f"{LISTENER_CUTS} × every LISTEN cut on 2 servers, {told}")


def test_checkers_who_take_the_next_at_once_get_different_results(servers: Servers) -> None:
    people = [f"checker-{number}" for number in range(RACING)]
    with Store.open(servers[0].database) as store, store.writing() as connection:
        signed_in = [_signed_in(connection, person) for person in people]
        for body in NIGHT[-RACING:]:
            keying = Keying("somebody", body, frozenset(), datetime.now(UTC))
            keyed.begin(connection, SLUG, Subject("ward", body["ballot_id"]), keying, key=None)
    ready = Barrier(RACING)

    def take(number: int) -> str:
        server = servers[number % len(servers)]
        with strict_client(
            server.url, cookies={"declared": signed_in[number]}, headers={"Origin": server.url}
        ) as client:
            ready.wait(60)
            answer = client.post(f"/desk/{SLUG}/queue/next", data={"order": "age"})
            assert answer.status_code == 303, answer.text
            return answer.headers["location"]

    with ThreadPoolExecutor(RACING) as pool:
        taken = list(pool.map(take, range(RACING)))
    assert sorted(taken) == sorted(f"/desk/{SLUG}/contests/{body['ballot_id']}" for body in NIGHT[-RACING:])


def _signed_in(connection: Connection, person: str) -> str:
    staff.add_staff(connection, person, staff.Role.CHECKER, f"password of {person}")
    return sessions.open_session(connection, person, now=datetime.now(UTC))


def read_seq(client: httpx2.Client) -> int:
    return int(client.get(f"/api/v1/elections/{SLUG}").json()["seq"])
