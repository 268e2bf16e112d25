"""oEmbed and the loader from outside: what an editor's system is told of an address, and what becomes of it there."""

import json
import re
from collections.abc import Iterator
from html import escape, unescape
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from tests.running import KENT, Server, declare

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
OURS = "https://results.example.org"
OVERVIEW = "/elections/kent-2023"
MEDWAY = f"{OVERVIEW}/councils/medway"
CONTEST = f"{OVERVIEW}/contests/{NIGHT[0]['ballot_id']}"
WIDGET = "/embed/v1/kent-2023"
LINE = "LAB gain Medway from CON. As at 06:22 BST, 5 May 2023"

FIELDS = {
    "version",
    "type",
    "title",
    "html",
    "width",
    "height",
    "provider_name",
    "provider_url",
    "cache_age",
    "thumbnail_url",
    "thumbnail_width",
    "thumbnail_height",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    """After the first twenty-two declarations: Medway has flipped, everything else is to come."""
    database = f"sqlite:///{tmp_path_factory.mktemp('oembed') / 'night.db'}"
    with Server(database, public_url=f"{OURS}/") as running:
        with running.client() as client:
            for body in NIGHT[:22]:
                declare(client, body)
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[httpx2.Client]:
    with server.client() as opened:
        yield opened


def told(client: httpx2.Client, path: str, **asked: Any) -> dict[str, Any]:
    answer = client.get("/oembed", params={"url": f"{OURS}{path}", **asked})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def frame_of(html: str) -> str:
    """The address in the frame."""
    found = re.search(r'<iframe src="([^"]+)"', html)
    assert found is not None, html
    return unescape(found[1])


def as_wordpress_has_it(html: str) -> str:
    """What WordPress leaves of the html of a provider that it does not know, before it marks what is left as its own.

    Only links, quotations and frames, of which it keeps a few attributes; then one quotation and one frame.
    """
    of_frames = {"src", "width", "height", "frameborder", "scrolling", "title"}
    kept: dict[str, set[str]] = {"a": {"href"}, "blockquote": set(), "iframe": of_frames}

    def tag(match: re.Match[str]) -> str:
        name = match["name"]
        if name not in kept:
            return ""
        attributes = re.findall(r'([a-z-]+)="([^"]*)"', match["attributes"])
        words = "".join(f' {key}="{value}"' for key, value in attributes if key in kept[name])
        return f"<{match['end']}{name}{words}>"

    filtered = re.sub(r"<(?P<end>/?)(?P<name>\w+)(?P<attributes>[^>]*)>", tag, html)
    found = re.search(r"(<blockquote>.*?</blockquote>)?.*(<iframe.*?></iframe>).*", filtered, re.DOTALL)
    assert found is not None
    return f"{found[1] or ''}{found[2]}"


def test_a_council_is_told_with_every_published_field_and_no_other(client: httpx2.Client) -> None:
    body = told(client, MEDWAY)
    assert body.keys() == FIELDS
    assert (body["version"], body["type"]) == ("1.0", "rich")
    assert body["title"] == "Medway: Kent council elections 2023"
    assert (body["provider_name"], body["provider_url"]) == ("Declared", f"{OURS}/")
    assert isinstance(body["width"], int)
    assert isinstance(body["height"], int)
    assert body["cache_age"] > 0
    assert (body["thumbnail_width"], body["thumbnail_height"]) == (1200, 630)
    assert body["html"].startswith(
        f'<blockquote class="declared-embed"><a href="{OURS}{MEDWAY}">{LINE}</a></blockquote><iframe '
    )
    assert f'src="{OURS}{WIDGET}/council/medway"' in body["html"]
    assert f'width="{body["width"]}" height="{body["height"]}"' in body["html"]


def test_the_thumbnail_is_there(client: httpx2.Client) -> None:
    address = told(client, MEDWAY)["thumbnail_url"]
    picture = client.get(address.removeprefix(OURS))
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/png")


@pytest.mark.parametrize(
    ("path", "widget"),
    [
        (OVERVIEW, f"{WIDGET}/overview"),
        (f"{OVERVIEW}/", f"{WIDGET}/overview"),
        (f"{OVERVIEW}?theme=dark&sort=updated&view=wall", f"{WIDGET}/overview?theme=dark"),
        (f"{OVERVIEW}?convention=bbc", f"{WIDGET}/overview"),
        (f"{OVERVIEW}?view=tiles", f"{WIDGET}/overview?show=tiles"),
        (f"{WIDGET}/overview?show=tiles&theme=dark", f"{WIDGET}/overview?show=tiles&theme=dark"),
        (f"{MEDWAY}#ward-1", f"{WIDGET}/council/medway"),
        (f"{MEDWAY}?convention=pa", f"{WIDGET}/council/medway?convention=pa"),
        (CONTEST, f"{WIDGET}/contest/{NIGHT[0]['ballot_id']}"),
        (f"{WIDGET}/scoreboard?background=FFF1E5&x=1", f"{WIDGET}/scoreboard?background=fff1e5"),
        (f"{WIDGET}/ticker?show=all&live=off", f"{WIDGET}/ticker?show=all&live=off"),
        (f"{WIDGET}/council/medway/line?accent=990f3d", f"{WIDGET}/council/medway/line?accent=990f3d"),
        (f"{WIDGET}/number/seats?party=LAB", f"{WIDGET}/number/seats?party=PP53"),
        (f"{WIDGET}/number/councils?party=NOC&theme=dark", f"{WIDGET}/number/councils?party=NOC&theme=dark"),
        (f"{WIDGET}/council/medway?theme=light&live=poll", f"{WIDGET}/council/medway?theme=light&live=poll"),
        (
            f"{WIDGET}/overview?councils=medway,swale&live=off&convention=pa&utm_source=x",
            f"{WIDGET}/overview?convention=pa&councils=medway,swale&live=off",
        ),
    ],
)
def test_pages_and_widgets_have_a_widget_with_its_options(client: httpx2.Client, path: str, widget: str) -> None:
    address = frame_of(told(client, path)["html"])
    assert address == f"{OURS}{widget}"
    assert client.get(address.removeprefix(OURS)).status_code == 200


def test_https_or_http_is_all_one_and_so_is_the_case_of_the_host(client: httpx2.Client) -> None:
    for address in ("http://results.example.org", "https://Results.Example.Org:443"):
        assert client.get("/oembed", params={"url": f"{address}{MEDWAY}"}).status_code == 200


def test_the_line_is_of_its_time(server: Server, client: httpx2.Client) -> None:
    assert "Kent council elections 2023: 0 of 13 councils, 22 of 277 wards declared" in told(client, OVERVIEW)["html"]
    assert "Swale: 0 of 24 wards declared" in told(client, f"{OVERVIEW}/councils/swale")["html"]


def test_what_wordpress_leaves_is_a_quotation_and_a_frame(client: httpx2.Client) -> None:
    body = told(client, MEDWAY, maxwidth=500, maxheight=750)
    left = as_wordpress_has_it(body["html"])
    assert left == (
        f'<blockquote><a href="{OURS}{MEDWAY}">{LINE}</a></blockquote>'
        f'<iframe src="{OURS}{WIDGET}/council/medway" title="Medway: Kent council elections 2023"'
        f' width="{body["width"]}" height="{body["height"]}" frameborder="0"></iframe>'
    )


@pytest.mark.parametrize(
    ("asked", "width", "height"),
    [
        ({"maxwidth": 400}, 400, None),
        ({"maxwidth": 5000}, 600, None),
        ({"maxwidth": 100}, 280, None),
        ({"maxheight": 300}, 600, 300),
        ({"maxwidth": 320, "maxheight": 20}, 320, 200),
    ],
)
def test_there_is_no_more_of_it_than_there_is_room_for(
    client: httpx2.Client, asked: dict[str, int], width: int, height: int | None
) -> None:
    body = told(client, MEDWAY, **asked)
    assert body["width"] == width
    assert height is None or body["height"] == height


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("https://other.example.org/elections/kent-2023", 404),
        ("https://results.example.org.evil.example/elections/kent-2023", 404),
        ("https://results.example.org@evil.example/elections/kent-2023", 404),
        ("https://results.example.org:8443/elections/kent-2023", 404),
        ("https://results.example.org:x/elections/kent-2023", 404),
        ("https://[results.example.org/elections/kent-2023", 404),
        ("javascript:alert(1)//results.example.org/elections/kent-2023", 404),
        ("/elections/kent-2023", 404),
        (OURS, 404),
        (f"{OURS}/", 404),
        (f"{OURS}/desk/kent-2023", 404),
        (f"{OURS}/elections/atlantis", 404),
        (f"{OURS}/elections/kent-2023/councils/atlantis", 404),
        (f"{OURS}/elections/kent-2023/contests/local.atlantis.2023-05-04", 404),
        (f"{OURS}/elections/../desk", 404),
        (f"{OURS}{WIDGET}/council/atlantis", 404),
        (f"{OURS}{WIDGET}/overview?councils=medway,atlantis", 404),
        (f"{OURS}/embed/v2/kent-2023/overview", 404),
        (f"{OURS}{WIDGET}/overview?region=Atlantis", 422),
        (f"{OURS}{WIDGET}/overview?theme=plaid", 422),
        (f"{OURS}{WIDGET}/scoreboard?accent=plaid", 422),
        (f"{OURS}{WIDGET}/number/seats", 422),
        (f"{OURS}{WIDGET}/number/nothing", 404),
        (f"{OURS}{WIDGET}/overview?live=never", 422),
        (f"{OURS}{MEDWAY}?convention=other", 422),
        ("", 404),
        ("x" * 3000, 422),
    ],
)
def test_what_is_not_ours_or_is_not_there_is_refused_in_json(client: httpx2.Client, url: str, status: int) -> None:
    answer = client.get("/oembed", params={"url": url})
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 422),
        (f"url={quote(OURS + MEDWAY)}&format=xml", 501),
        (f"url={quote(OURS + MEDWAY)}&maxwidth=wide", 422),
        (f"url={quote(OURS + MEDWAY)}&maxwidth=0", 422),
        (f"url={quote(OURS + MEDWAY)}&maxheight=-1", 422),
        (f"url={quote(OURS + MEDWAY)}&maxheight=99999999999999999999", 422),
    ],
)
def test_what_cannot_be_answered_is_said(client: httpx2.Client, query: str, status: int) -> None:
    assert client.get(f"/oembed?{query}").status_code == status


def test_without_a_public_address_ours_is_the_host_that_was_asked(tmp_path) -> None:
    with Server(f"sqlite:///{tmp_path / 'night.db'}") as running, running.client() as client:
        answer = client.get("/oembed", params={"url": f"{running.url}{MEDWAY}"})
        assert frame_of(answer.json()["html"]) == f"{running.url}{WIDGET}/council/medway"
        assert client.get("/oembed", params={"url": f"{OURS}{MEDWAY}"}).status_code == 404


def test_a_rehearsal_says_so_in_every_line(tmp_path) -> None:
    database = f"sqlite:///{tmp_path / 'night.db'}"
    with Server(database, public_url=OURS, rehearsal=True) as running, running.client() as client:
        for path in (OVERVIEW, MEDWAY):
            body = told(client, path)
            assert body["title"].startswith("TEST: ")
            assert '">TEST: ' in body["html"]
            assert 'rows="2" readonly>TEST: ' in client.get(path).text


def test_anybody_may_ask_and_keep_the_answer(client: httpx2.Client) -> None:
    answer = client.get("/oembed", params={"url": OURS + MEDWAY}, headers={"Origin": "https://cms.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"].startswith("public, max-age=60")
    assert "set-cookie" not in answer.headers
    again = client.get("/oembed", params={"url": OURS + MEDWAY}, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_an_answer_follows_the_night(server: Server, client: httpx2.Client) -> None:
    before = told(client, f"{OVERVIEW}/councils/maidstone")["html"]
    ballot = next(body for body in NIGHT if ".maidstone." in body["ballot_id"])
    declare(client, ballot)
    assert told(client, f"{OVERVIEW}/councils/maidstone")["html"] != before


@pytest.mark.parametrize("path", [OVERVIEW, MEDWAY, f"{MEDWAY}?convention=pa", CONTEST, f"{CONTEST}?convention=pa"])
def test_a_page_names_where_oembed_tells_of_it(client: httpx2.Client, path: str) -> None:
    page = client.get(path).text
    found = re.search(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)" title="([^"]+)">', page)
    assert found is not None
    assert page.index(found[0]) < page.index("</head>")
    answer = client.get(unescape(found[1]).removeprefix(OURS)).json()
    assert escape(answer["title"]) == found[2]
    assert ("convention=pa" in frame_of(answer["html"])) == ("convention=pa" in path)


def test_the_loader_is_small_and_is_asked_for_again_within_minutes(client: httpx2.Client) -> None:
    answer = client.get("/embed.js", headers={"Accept-Encoding": "identity"})
    assert len(answer.content) < 2000
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"].startswith("public, max-age=300,")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = client.get("/embed.js", headers={"Accept-Encoding": "identity", "If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
