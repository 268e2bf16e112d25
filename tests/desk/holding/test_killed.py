"""What is held survives whoever held it: it goes into the log once, by whichever server of the database is there."""

import contextlib
import re
from collections.abc import Iterator

import httpx2
import pytest

from app.store import held, loading, log, staff
from app.store.engine import Store
from tests.builders import CON, LAB, a_contest, a_council, an_election, votes_for
from tests.desks import password_of
from tests.running import Server, until
from tests.strictness import strict_client

NORTH, SOUTH, EAST = (a_contest(name, electorate=5000) for name in ("north", "south", "east"))
ELECTION = an_election(a_council(NORTH, SOUTH, EAST))
URL = f"/desk/{ELECTION.slug}"


@pytest.fixture
def night(url: str) -> Iterator[Store]:
    with Store.open(url) as store:
        with store.writing() as connection:
            loading.save_election(connection, ELECTION, "digest")
            staff.add_staff(connection, "editor", "editor", password_of("editor"))
        yield store


@contextlib.contextmanager
def the_editor(server: Server) -> Iterator[httpx2.Client]:
    headers = {"Origin": server.url, "Accept": "application/json"}
    with strict_client(server.url, headers=headers) as client:
        client.post("/desk/login", data={"name": "editor", "password": password_of("editor")})
        yield client


def alone(client, contest, *winners, **fields):
    form = {f"votes.{name}": number for name, number in votes_for(contest, *winners).items()}
    form |= {"key": f"{contest.ward} {winners}", "action": "alone", **fields}
    path = f"{URL}/contests/{contest.ballot_id}"
    asked = client.post(path, data={**form, "action": "review"}).json()
    form |= {"confirm": [it["code"] for it in asked["warnings"]], **({"flip": asked["flip"]} if asked["flip"] else {})}
    return client.post(path, data=form).json()["outcome"]


def entries(store):
    with store.reading() as connection:
        return [it.entry.kind for it in log.entries(connection, ELECTION.slug, after=0)]


def states(store):
    with store.reading() as connection:
        return [row.state for row in connection.exec_driver_sql("SELECT state FROM held ORDER BY id")]


def test_what_was_acknowledged_is_declared_by_another_server_after_a_kill(url, night):
    first, other = Server(url, token="none"), Server(url, token="none")
    with first, the_editor(first) as client:
        assert alone(client, NORTH, LAB, CON) == "declared"
        client.post(f"{URL}/hold", data={"seconds": "2"})
        assert alone(client, SOUTH, LAB, CON) == "held"
        first.kill()
    assert (entries(night), states(night)) == (["ward"], [held.OPEN])
    with other:
        until(lambda: len(entries(night)) == 2, "what was held is declared")
        with other.client() as reader:
            page = reader.get(f"/elections/{ELECTION.slug}/councils/testshire").text
    assert states(night) == [held.DECLARED]
    assert re.search(r"LAB\s+majority|LAB gain", page)


def test_several_servers_declare_it_once(url, night):
    with Server(url, token="none") as one, Server(url, token="none") as other, the_editor(one) as client:
        alone(client, NORTH, LAB, CON)
        client.post(f"{URL}/hold", data={"seconds": "1"})
        assert alone(client, SOUTH, LAB, CON) == "held"
        until(lambda: states(night) == [held.DECLARED], "what was held is declared")
        with the_editor(other) as there:
            corrected = alone(there, SOUTH, CON, LAB, replaces="2", reason="read out wrongly")
            assert corrected == "held"
            other.kill()
        until(lambda: states(night) == [held.DECLARED] * 2, "what the other held is declared")
    assert entries(night) == ["ward", "ward", "correction"]
