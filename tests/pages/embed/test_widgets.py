"""Every widget over HTTP, by a table: what it shows, what it may and may not do, how small it is, and what it says."""

import gzip
import re
from collections.abc import Iterator

import httpx2
import pytest

from app.addresses import WIDGETS
from tests.api.test_routes import NIGHT
from tests.running import Server, declare
from tests.strictness import strict_client

AT = "/embed/v1/kent-2023"
WARD = NIGHT[0]["ballot_id"]
SHOWN = {
    "/overview": 'id="flips"',
    "/overview?show=all": 'id="row-medway"',
    "/overview?show=tiles": 'id="tile-medway"',
    "/overview?councils=medway": 'id="row-medway"',
    "/scoreboard": 'id="other-parties"',
    "/ticker": 'id="ticker"',
    "/council/medway": 'id="chamber-medway"',
    "/council/medway/line": 'id="verdict-medway"',
    f"/contest/{WARD}": "Gillingham South",
    "/parties/LAB": "Labour Party",
    "/number/contests-declared": "<b>22</b> of 277 wards declared",
    "/number/councils-declared": "<b>0</b> of 13 councils declared",
    "/number/seats-to-come": "seats to come",
    "/number/changes": "<b>1</b> council has changed hands",
    "/number/turnout": "turnout in 22 of 277 wards",
    "/number/councils?party=LAB": "<b>1</b> council",
    "/number/councils-change?party=CON": "<b>−1</b> council",
    "/number/councils?party=NOC": "<b>0</b> councils",
    "/number/seats?party=PP53": "seats</p>",
    "/number/seats-change?party=LAB": "No comparison yet",
}
MOST_COMPRESSED = 4_000
"""Bytes of a page: the whole map and every row are larger, and are asked for."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Medway has flipped, and two of its wards are to come."""
    with Server(f"sqlite:///{tmp_path_factory.mktemp('each') / 'night.db'}") as running:
        with running.client() as client:
            for body in NIGHT[:22]:
                declare(client, body)
        yield running


@pytest.fixture
def reader(server: Server) -> Iterator[httpx2.Client]:
    with strict_client(server.url) as client:
        yield client


def test_the_table_has_every_widget() -> None:
    shown = [address for address in WIDGETS if any(address.parsed(AT + path.partition("?")[0]) for path in SHOWN)]
    assert shown == list(WIDGETS)


@pytest.mark.parametrize("path", SHOWN)
def test_each_shows_its_part_says_as_at_when_and_keeps_to_the_rules_of_a_frame(
    reader: httpx2.Client, path: str
) -> None:
    answer = reader.get(AT + path)
    assert answer.status_code == 200
    page, headers = answer.text, answer.headers
    assert SHOWN[path] in page
    assert re.search(r"data-at>As at <time ", page)
    assert "<noscript>Reload for newer results</noscript>" in page
    assert 'type="application/json+oembed"' in page
    assert ("hx-ws:connect" in page) == ('data-live="poll"' not in page)
    named = re.search(r'data-fragments="([^"]+)"', page)
    assert named is not None
    assert [element for element in named[1].split() if f'id="{element}"' not in page] == []
    assert "Set-Cookie" not in headers
    assert "frame-ancestors *" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == (
        "public, max-age=5, s-maxage=10, stale-while-revalidate=30, stale-if-error=86400"
    )
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert len(gzip.compress(answer.content)) <= MOST_COMPRESSED * (3 if "show" in path else 1)


@pytest.mark.parametrize("path", SHOWN)
def test_each_takes_every_option_and_shows_the_past(reader: httpx2.Client, path: str) -> None:
    look = {"theme": "dark", "live": "off", "convention": "pa", "at": "21"}
    asked = httpx2.URL(AT + path).copy_merge_params(look)
    page = reader.get(asked).text
    assert 'data-theme="dark" data-live="off"' in page
    assert "As it stood at entry 21" in page
    assert "hx-ws:connect" not in page
    # An article's ground decides on the theme, and the stylesheet with it is there.
    page = reader.get(httpx2.URL(AT + path).copy_merge_params({"background": "#1b3a57", "accent": "F00"})).text
    found = re.search(rf'href="({AT}/colours.css\?background=1b3a57&amp;accent=ff0000)"', page)
    assert found is not None
    assert 'data-theme="dark"' in page
    assert reader.get(found[1].replace("&amp;", "&")).text.startswith("@media screen{:root")


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/number/votes", 404, "there are contests-declared, "),
        ("/number/seats", 422, "such as /number/seats?party=LAB"),
        ("/number/seats?party=NOC", 422, "no seats"),
        ("/number/councils?party=Whigs", 404, "Whigs"),
        ("/contest/local.atlantis.2023-05-04", 404, "local.atlantis.2023-05-04"),
        ("/council/atlantis/line", 404, "atlantis"),
        ("/ticker?show=tiles", 422, "newest lines"),
        ("/scoreboard?background=plaid", 422, "“plaid” is no colour"),
        ("/colours.css?accent=12345", 422, "“12345” is no colour"),
    ],
)
def test_what_is_wrong_is_said_in_the_frame(reader: httpx2.Client, path: str, status: int, said: str) -> None:
    answer = reader.get(AT + path)
    assert answer.status_code == status
    assert said in answer.text
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
