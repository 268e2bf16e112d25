"""Pages and feeds as the programs of others read them: scrapers of Open Graph, oEmbed's consumers, readers of Atom."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import feedparser
import httpx2
import pytest
from PIL import Image

from tests.logged import server_after
from tests.node_packages import json_of
from tests.running import Server

MEDWAY = "/elections/kent-2023/councils/medway"
NIGHT = "/elections/kent-2023"

HOW_FAR = "40 of 277 wards declared; control certain in 1 of 13 councils"

LARGEST_PICTURE = 300_000
"""Bytes: what WhatsApp shows, the strictest of them; LinkedIn, Slack and X take megabytes."""


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    """Medway is final, the night is not."""
    with server_after(40, tmp_path_factory.mktemp("readers")) as running:
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[httpx2.Client]:
    with server.client() as opened:
        yield opened


@pytest.mark.parametrize(
    ("path", "title", "told"),
    [
        (
            MEDWAY,
            "LAB gain Medway from CON",
            "LAB 33, CON 22, IND 4 of 59 seats, a majority of 7. Kent council elections 2023. Final, 5 May 2023",
        ),
        (
            NIGHT,
            "Kent council elections 2023: 1 of 13 councils, 40 of 277 wards declared",
            f"LAB gain Medway from CON. {HOW_FAR}. As at 11:55 BST, 5 May 2023",
        ),
    ],
)
def test_a_scraper_finds_the_news_and_a_picture_of_the_size_it_says(
    server: Server, client: httpx2.Client, path: str, title: str, told: str
) -> None:
    found = json_of("read.js", "open-graph", server.url + path)
    assert (found["ogTitle"], found["ogDescription"]) == (title, told)
    assert (found["ogSiteName"], found["ogUrl"]) == ("Declared", server.url + path)
    assert found["twitterCard"] == "summary_large_image"
    [card] = found["ogImage"]
    assert card["alt"]
    answer = client.get(card["url"].removeprefix(server.url))
    assert (answer.headers["Content-Type"], len(answer.content) < LARGEST_PICTURE) == (card["type"], True)
    with Image.open(BytesIO(answer.content)) as picture:
        # 1.91 : 1, which Facebook, LinkedIn, Slack and WhatsApp show whole, and X but for its edges.
        assert picture.size == (int(card["width"]), int(card["height"])) == (1200, 630)


def test_a_consumer_of_oembed_finds_where_to_ask_and_reads_the_answer(server: Server, client: httpx2.Client) -> None:
    told: dict[str, Any] = json_of("read.js", "oembed", server.url + MEDWAY)
    asked = client.get("/oembed", params={"url": server.url + MEDWAY, "format": "json", "maxwidth": 500}).json()
    assert told.pop("method") == "auto-discovery"
    assert told == asked
    assert 'medway">LAB gain Medway from CON. Final, 5 May 2023</a></blockquote>' in told["html"]


def test_a_reader_of_feeds_has_nothing_to_guess(server: Server, client: httpx2.Client) -> None:
    answer = client.get("/api/v1/elections/kent-2023/feed.atom")
    feed = feedparser.parse(answer.content, response_headers=dict(answer.headers))
    assert (feed.bozo, feed.version) == (False, "atom10")
    assert feed.feed.title.startswith("Kent council elections 2023")
    assert feed.feed.links
    assert len(feed.entries) >= 40
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    for entry in feed.entries:
        assert entry.title
        assert entry.updated_parsed
        assert entry.link.startswith(f"{server.url}/elections/kent-2023")
    newest = [entry.updated_parsed for entry in feed.entries]
    assert newest == sorted(newest, reverse=True)
