"""Share cards from outside: a real server, real pictures, and somebody who asks for all of them."""

import io
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import httpx2
import pytest
from PIL import Image

from tests.running import KENT, Server, declare

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
MEDWAY = "/elections/kent-2023/councils/medway"
CONTEST = f"/elections/kent-2023/contests/{NIGHT[0]['ballot_id']}"


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    """After the first thirty declarations: Medway is complete, the others are not."""
    database = f"sqlite:///{tmp_path_factory.mktemp('cards') / 'night.db'}"
    with Server(database, public_url="https://results.example.org/") as running:
        with running.client() as client:
            for body in NIGHT[:30]:
                declare(client, body)
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[httpx2.Client]:
    with server.client() as opened:
        yield opened


def tags_of(page: str) -> dict[str, str]:
    return {
        match["name"]: unescape(match["content"])
        for match in re.finditer(
            r'<meta (?:property|name)="(?P<name>(?:og|twitter):[^"]+)" content="(?P<content>[^"]*)">', page
        )
    }


@pytest.mark.parametrize("path", ["/elections/kent-2023", MEDWAY])
@pytest.mark.parametrize(("size", "extent"), [("wide", (1200, 630)), ("square", (1080, 1080))])
def test_a_card_is_a_picture_of_its_size(client: httpx2.Client, path: str, size: str, extent: tuple[int, int]) -> None:
    answer = client.get(f"{path}/card.png", params={"size": size})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/png"
    assert "Content-Encoding" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert Image.open(io.BytesIO(answer.content)).size == extent


def test_a_picture_of_the_past_is_for_ever_under_its_epoch(client: httpx2.Client) -> None:
    epoch = client.get("/api/v1/elections/kent-2023").json()["epoch"]
    fixed = client.get(f"{MEDWAY}/card.png", params={"seq": 22, "epoch": epoch})
    assert fixed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    loose = client.get(f"{MEDWAY}/card.png", params={"seq": 22})
    assert "immutable" not in loose.headers["Cache-Control"], "another log may have another entry 22"
    assert loose.content == fixed.content
    assert loose.headers["ETag"] == fixed.headers["ETag"]
    assert epoch in fixed.headers["ETag"]
    now = client.get(f"{MEDWAY}/card.png")
    assert now.content != fixed.content
    assert now.headers["ETag"] != fixed.headers["ETag"]


def test_what_is_known_is_not_sent_again(client: httpx2.Client) -> None:
    etag = client.get(f"{MEDWAY}/card.png").headers["ETag"]
    again = client.get(f"{MEDWAY}/card.png", headers={"If-None-Match": f'"other", W/{etag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == etag


def test_the_head_of_a_card_is_answered(client: httpx2.Client) -> None:
    answer = client.head(f"{MEDWAY}/card.png")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 1000


def test_entries_about_other_councils_leave_a_card_as_it_is(client: httpx2.Client) -> None:
    tags = {client.get(f"{MEDWAY}/card.png", params={"seq": seq}).headers["ETag"] for seq in (24, 25, 30)}
    assert len(tags) == 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{MEDWAY}/card.png?seq=31", 404),
        (f"{MEDWAY}/card.png?seq=22&epoch=other", 404),
        (f"{MEDWAY}/card.png?seq=-1", 422),
        (f"{MEDWAY}/card.png?seq=x", 422),
        (f"{MEDWAY}/card.png?seq=1_0", 422),
        (f"{MEDWAY}/card.png?seq=99999999999999999999999", 422),
        (f"{MEDWAY}/card.png?size=poster", 422),
        (f"{MEDWAY}/card.png?convention=other", 422),
        ("/elections/kent-2023/councils/atlantis/card.png", 404),
        ("/elections/atlantis/card.png", 404),
        ("/elections/kent-2023/card.png?seq=31", 404),
    ],
)
def test_what_there_is_not_is_said(client: httpx2.Client, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_pages_say_what_they_are_where_they_are_shared(client: httpx2.Client) -> None:
    tags = tags_of(client.get(MEDWAY).text)
    assert tags["og:title"] == "LAB gain Medway from CON"
    assert tags["og:description"] == (
        "LAB 33, CON 22, IND 4 of 59 seats, a majority of 7. Kent council elections 2023. Final, 5 May 2023"
    )
    assert tags["og:url"] == f"https://results.example.org{MEDWAY}"
    assert (tags["og:site_name"], tags["og:type"], tags["twitter:card"]) == (
        "Declared",
        "website",
        "summary_large_image",
    )
    assert (tags["og:image:width"], tags["og:image:height"], tags["og:image:type"]) == ("1200", "630", "image/png")
    assert tags["og:image:alt"] == tags["twitter:image:alt"]
    assert tags["og:image:alt"].startswith(
        "Medway: LAB gain from CON. LAB 33 (+13), CON 22 (−11), IND 4 (+2) of 59 seats"
    )
    assert re.fullmatch(rf"https://results\.example\.org{MEDWAY}/card\.png\?seq=24&epoch=[\w-]+", tags["og:image"])


@pytest.mark.parametrize("path", ["/elections/kent-2023", MEDWAY, CONTEST])
@pytest.mark.parametrize(("query", "kept"), [("", ""), ("?convention=bbc", ""), ("?convention=pa", "?convention=pa")])
def test_a_page_names_itself_under_its_convention(client: httpx2.Client, path: str, query: str, kept: str) -> None:
    page = client.get(f"{path}{query}").text
    assert tags_of(page)["og:url"] == f"https://results.example.org{path}{kept}"
    assert f'<link rel="canonical" href="https://results.example.org{path}{kept}">' in page


def test_a_contest_is_shared_by_its_own_news_with_its_councils_card(client: httpx2.Client) -> None:
    council, contest = (tags_of(client.get(path).text) for path in (MEDWAY, CONTEST))
    assert contest["og:title"] == "Gillingham South (Medway): LAB 3"
    assert contest["og:description"].startswith("Elected: ")
    assert contest["og:description"].endswith("Kent council elections 2023. Final, 5 May 2023")
    assert {name: contest[name] for name in ("og:image", "og:image:alt")} == {
        name: council[name] for name in ("og:image", "og:image:alt")
    }


@pytest.mark.parametrize("path", ["/elections/kent-2023", MEDWAY, CONTEST, f"{MEDWAY}?convention=pa"])
def test_the_picture_that_a_page_names_is_there_and_is_for_ever(client: httpx2.Client, path: str) -> None:
    address = tags_of(client.get(path).text)["og:image"].removeprefix("https://results.example.org")
    answer = client.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert ("pa-wide" in answer.headers["ETag"]) == ("pa" in path)


def test_whoever_asks_for_everything_is_held_back_and_holds_back_nobody(server: Server, client: httpx2.Client) -> None:
    """Every card of every entry at once: answered or told to come back, while pages and posts go on."""
    wanted = [
        f"/elections/kent-2023/card.png?seq={seq}&size={size}" for seq in range(30) for size in ("wide", "square")
    ]
    with ThreadPoolExecutor(30) as pool:
        asked = [pool.submit(httpx2.get, server.url + path, timeout=120, trust_env=False) for path in wanted]
        assert client.get("/healthz").status_code == 200
        declare(client, NIGHT[30])
        assert client.get("/api/v1/elections/kent-2023").json()["seq"] == 31
        answers = [future.result() for future in asked]
    assert {answer.status_code for answer in answers} <= {200, 503}
    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused, "thirty at once are more than may wait"
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in refused)
    assert client.get(f"{MEDWAY}/card.png").status_code == 200
