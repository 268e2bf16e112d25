"""The table of addresses is what there is: its rows are the routes, and each keeps what the table says of it."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields

import httpx2
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import Route

from app import addresses
from app.addresses import DESK, KEPT, KEPT_BY_ROUTES, LIVE, OF_THE_MOMENT, Address, Area, Shows, area_of, parse
from app.main import create_app
from app.pages.council.listing import ContestQuery
from app.pages.embed.customiser import CustomiserQuery
from app.pages.overview.board import BoardQuery
from app.process.folders import TEMPLATES
from app.settings import Settings
from app.store import loading
from app.store.engine import Store
from tests.asking import Line, Request
from tests.builders import LAB, a_contest, a_council, an_election
from tests.running import Server

READ = (*KEPT, *KEPT_BY_ROUTES, *OF_THE_MOMENT)
COUNCIL, BALLOT = "testshire", "local.testshire.north.2023-05-04"
NAMES = {
    "slug": "test-2023",
    "council_id": COUNCIL,
    "ballot_id": BALLOT,
    "asset": "css/base.css",
    "ranking": "closest",
    "party": LAB,
    "number": "contests-declared",
}
QUERIES = {addresses.OEMBED: "?url={}/elections/test-2023"}
"""What has to stand in a query, with our own address in it."""


def routes() -> Iterator[Route]:
    """Those of a server that somebody may GET, but for the desk's."""
    for route in create_app(Settings()).routes:
        if isinstance(route, Route) and "GET" in (route.methods or ()) and not route.path.startswith(DESK):
            yield route


def parameters(dependant: Dependant) -> Iterator[str]:
    yield from (each.alias for each in dependant.query_params)
    for dependency in dependant.dependencies:
        yield from parameters(dependency)


def paths(address: Address) -> str:
    return address.to(**NAMES)


def test_every_row_is_a_route_and_every_route_a_row() -> None:
    assert sorted(address.path for address in READ) == sorted(route.path for route in routes())


def test_every_row_has_the_parameters_of_its_route() -> None:
    read: dict[str, set[str]] = defaultdict(set)
    for route in routes():
        read[route.path] |= set(parameters(route.dependant)) if isinstance(route, APIRoute) else set()
    # Of their queries these read the whole.
    read[addresses.OVERVIEW.path] |= {field.name for field in fields(BoardQuery)}
    read[addresses.SCOREBOARD.path] |= set(addresses.NARROWED)
    read[addresses.ELECTIONS.path] |= read[addresses.OVERVIEW.path]
    read[addresses.CUSTOMISER.path] |= {field.name for field in fields(CustomiserQuery)}
    read[addresses.COUNCIL.path] |= {field.name for field in fields(ContestQuery)}
    assert {address.path: set(address.query) for address in READ} == read


def test_no_template_spells_an_address_that_the_table_has() -> None:
    spelt = {
        path.name: found
        for path in TEMPLATES.rglob("*.html")
        if (found := re.findall(r'(?:href|src|action)="/(?!desk)[^"]*', path.read_text("utf-8")))
    }
    assert spelt == {}


@pytest.mark.parametrize("address", READ, ids=lambda address: address.path)
def test_what_is_built_is_what_is_parsed(address: Address) -> None:
    parsed = parse(paths(address))
    assert parsed is not None
    assert parsed.address is address
    assert address.to(**{name: getattr(parsed, name) for name in NAMES}) == paths(address)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/desk",
        "/desk/kent-2023",
        "/elections/",
        "/elections/Kent",
        "/elections/a/councils/b/c",
        "/embed/",
        "/static/",
    ],
)
def test_what_is_not_in_the_table_is_nothing_that_is_read(path: str) -> None:
    assert parse(path) is None


def test_what_a_row_names_is_what_it_shows() -> None:
    for address in (*KEPT, *KEPT_BY_ROUTES, *LIVE):
        named = "council_id" in address.path or "ballot_id" in address.path
        shown = Shows.COUNCIL if named else Shows.NIGHT
        assert (address.shows is shown) == ("{slug}" in address.path), address.path
    assert {address.shows for address in OF_THE_MOMENT} == {Shows.MOMENT}


@pytest.mark.parametrize(
    ("path", "area"),
    [
        ("/desk", Area.DESK),
        ("/desk/nothing", Area.DESK),
        ("/desktop", Area.PAGES),
        ("/api/nothing", Area.MACHINES),
        ("/oembed", Area.MACHINES),
        ("/embed/v1/kent-2023/overview", Area.WIDGETS),
        ("/embed", Area.PAGES),
        ("/embed.js", Area.PAGES),
        ("/nothing", Area.PAGES),
    ],
)
def test_whoever_an_address_is_for_is_told_in_their_own_way(path: str, area: Area) -> None:
    assert area_of(path) is area


# Over HTTP


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Two elections, so that there is a page that lists them."""
    database = f"sqlite:///{tmp_path_factory.mktemp('addresses') / 'night.db'}"
    running = Server(database, bundle=None)
    contest = a_contest("north")
    with Store.open(database) as store, store.writing() as connection:
        for slug in ("test-2023", "test-2027"):
            loading.save_election(connection, an_election(a_council(contest), slug=slug), slug)
    with running:
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[httpx2.Client]:
    with server.client() as opened:
        yield opened


def asked_for(address: Address, own_address: str) -> str:
    return paths(address) + QUERIES.get(address, "").format(own_address.rstrip("/"))


def kept(client: httpx2.Client) -> float:
    """Answers that are in memory."""
    lines = client.get(addresses.METRICS.path).text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith('declared_cache_entries{cache="reads"}'))


@pytest.mark.parametrize("address", KEPT, ids=lambda address: address.path)
def test_every_public_read_is_kept_in_memory(client: httpx2.Client, address: Address) -> None:
    # By a name that nobody else has asked it by.
    client.headers["Host"] = "kept.example"
    before = kept(client)
    first, again = [client.get(asked_for(address, "http://kept.example")) for _ in range(2)]
    assert first.status_code == 200
    assert kept(client) == before + 1
    assert (again.content, again.headers["ETag"]) == (first.content, first.headers["ETag"])


@pytest.mark.parametrize("address", [*KEPT, *KEPT_BY_ROUTES], ids=lambda address: address.path)
def test_whoever_has_it_is_told_so_in_the_same_way_everywhere(
    client: httpx2.Client, server: Server, address: Address
) -> None:
    first = client.get(asked_for(address, server.url))
    assert first.status_code == 200
    told = {name: first.headers.get(name) for name in ("ETag", "Cache-Control", "Vary")}
    etag = first.headers["ETag"]
    assert told["Cache-Control"] == address.cache
    with Line(server.port) as line:
        host = (b"Host", f"127.0.0.1:{server.port}".encode())

        def status(*known: str) -> int:
            headers = (host, *((b"If-None-Match", each.encode()) for each in known))
            answer = line.ask(Request("GET", asked_for(address, server.url).encode(), headers))
            assert not answer.body or answer.status == 200
            return answer.status

        for known in (etag, f"W/{etag}", "*", f'"a, b", {etag}', f'W/"other" ,W/{etag} ,', f'"other",{etag}'):
            assert status(known) == 304, known
        assert status('"other"', etag) == 304, "two lines are one list"
        for other in ("", '"other"', etag.strip('"'), etag[:-2] + '"', '"*"', f'"a{etag}"', "W/*", '"other", *'):
            assert status(other) == 200, other
    unchanged = client.get(asked_for(address, server.url), headers={"If-None-Match": etag})
    assert {name: unchanged.headers.get(name) for name in told} == told
    assert "Content-Type" not in unchanged.headers


@pytest.mark.parametrize("address", [addresses.ALIVE, addresses.READY, addresses.METRICS], ids=lambda each: each.path)
def test_what_is_true_for_a_moment_is_kept_by_nobody(client: httpx2.Client, address: Address) -> None:
    answer = client.get(address.path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
