"""Who may use what: every route of the application with everybody who may come, against a table.

A new route that is not in the table fails; so does a row whose route is gone.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

from app.bundles.head import TAKEN_SLUGS
from app.bundles.tables import SLUG
from app.web.signing_in.access import DeskRoute, DeskRouter
from tests.desks import ROLES, Desk, a_desk

TABLE = Path(__file__).with_name("desk_roles.csv")

EVERYBODY = ("signed out", *ROLES, "token key", "token declare")

Key = tuple[str, str]

SAMPLES = {
    "slug": "test-2023",
    "council_id": "testshire",
    "ballot_id": "local.testshire.north.2023-05-04",
    "party_id": "PP53",
    "asset": "icon.svg",
    "ranking": "closest",
    "party": "LAB",
    "number": "contests-declared",
    "name": "nobody",
    "held_id": "999999",
    "session_id": "999999",
    "token_id": "999999",
    "seq": "1",
    "note_id": "999999",
    "photo_id": "999999",
    "kind": "ward",
    "identity": "local.testshire.north.2023-05-04",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Iterator[Desk]:
    with a_desk(tmp_path_factory.mktemp("roles")) as made:
        yield made


def table() -> dict[Key, str]:
    """Who may, by method and path: names of EVERYBODY, or ``everybody``."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row["method"], row["path"]): row["may"] for row in csv.DictReader(file)}


def routes(desk: Desk) -> Iterator[Key]:
    for context in iter_route_contexts(desk.app.routes):
        for method in sorted((context.methods or {"GET"}) - {"HEAD", "OPTIONS"}):
            yield method, str(context.path)


def client_of(desk: Desk, who: str) -> TestClient:
    """A fresh one each time: some routes end the session that they are asked with."""
    if who in ROLES:
        return desk.signed_in(who)
    token = who.removeprefix("token ")
    return desk.client(Authorization=f"Bearer {desk.tokens[token]}") if token in desk.tokens else desk.client()


def is_let_in(desk: Desk, who: str, method: str, path: str) -> bool:
    """Whether ``who`` gets as far as the route itself, whatever that then says to an empty form."""
    address = re.sub(r"{(\w+)(:\w+)?}", lambda match: SAMPLES[match[1]], path)
    response = client_of(desk, who).request(method, address)
    assert response.status_code != 405, f"{method} {path} is no route"
    is_sent_to_login = response.headers.get("location", "").startswith("/desk/login")
    return response.status_code not in {401, 403} and (path == "/desk/logout" or not is_sent_to_login)


def row_of(let_in: Mapping[str, bool]) -> str:
    may = [who for who in EVERYBODY if let_in[who]]
    return "everybody" if len(may) == len(EVERYBODY) else "; ".join(may) or "nobody"


def test_every_route_lets_in_whom_the_table_names(desk: Desk):
    found = {
        (method, path): row_of({who: is_let_in(desk, who, method, path) for who in EVERYBODY})
        for method, path in routes(desk)
    }
    wanted = table()
    lines = [
        f"{method},{path},{may}" for (method, path), may in sorted(found.items()) if wanted.get((method, path)) != may
    ]
    assert not lines, "not in desk_roles.csv, or otherwise:\n" + "\n".join(lines)
    assert not wanted.keys() - found.keys(), "in desk_roles.csv, and no route"


def test_every_address_of_the_desk_is_a_route_that_says_who_may(desk: Desk):
    others = [
        context.path
        for context in iter_route_contexts(desk.app.routes)
        if str(context.path).startswith("/desk") and not isinstance(context.original_route, DeskRoute)
    ]
    assert not others


def test_no_election_may_have_the_name_of_a_page(desk: Desk):
    """Of every address that begins as an election's does: what else stands in the place of the slug."""
    paths = [path for _, path in routes(desk)]
    before = {path.partition("{slug}")[0] for path in paths if "/{slug}" in path}
    taken = {path.removeprefix(start).partition("/")[0] for start in before for path in paths if path.startswith(start)}
    assert {name for name in taken if SLUG.pattern.fullmatch(name)} == TAKEN_SLUGS


def test_a_route_that_does_not_say_who_may_cannot_be_made():
    router = DeskRouter()
    with pytest.raises(TypeError, match="does not say who may use /desk/open"):

        @router.get("/open")
        async def forgotten(name: str = "") -> str:
            return name

    assert router.routes == []


def test_nothing_changes_for_a_stranger(desk: Desk):
    """Of every route of the desk that changes something, asked by an editor's browser for another site's page."""
    for method, path in routes(desk):
        if path.startswith("/desk") and method != "GET":
            address = re.sub(r"{(\w+)(:\w+)?}", lambda match: SAMPLES[match[1]], path)
            for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "null"}):
                response = desk.signed_in("editor", **headers).request(method, address)
                assert response.status_code == 403, f"{method} {path} with {headers}"
