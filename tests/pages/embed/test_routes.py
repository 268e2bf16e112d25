"""The widgets over HTTP: what they hold, who may frame them, and what is said of an address that is wrong."""

import re
from collections.abc import Iterator

import httpx2
import pytest

from app.pages.addresses import element_id
from tests.api.test_routes import NIGHT
from tests.running import Server, declare
from tests.strictness import strict_client
from tests.watching import Watcher

SLUG = "kent-2023"
WIDGETS = f"/embed/v1/{SLUG}"
WATLING = "local.medway.watling.2023-05-04"


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    with Server(f"sqlite:///{tmp_path_factory.mktemp('widgets') / 'night.db'}") as running:
        with running.client() as client:
            for body in NIGHT[:40]:
                declare(client, body)
        yield running


@pytest.fixture
def reader(server: Server) -> Iterator[httpx2.Client]:
    with strict_client(server.url) as client:
        yield client


@pytest.mark.parametrize(
    ("widget", "page", "live", "elements"),
    [
        ("council/medway", "/councils/medway", "council/medway", {"verdict-medway", "chamber-medway"}),
        ("overview", "", "overview", {"progress", "scoreboard"}),
        ("overview?show=all", "", "overview", {"progress", "scoreboard", "row-medway", "row-tunbridge-wells"}),
        ("overview?region=South+East", "", "overview", {"row-ashford", "row-swale"}),
        ("scoreboard", "", "overview", {"progress", "scoreboard", "other-parties"}),
        ("ticker", "", "overview", set()),
        ("council/medway/line", "/councils/medway", "council/medway", {"verdict-medway"}),
        (f"contest/{WATLING}", f"/contests/{WATLING}", "council/medway", {element_id("contest", WATLING)}),
    ],
)
def test_a_widget_has_the_fragments_of_the_pages(
    server: Server, reader: httpx2.Client, widget: str, page: str, live: str, elements: set[str]
) -> None:
    watcher = Watcher(server.url, f"/live/{SLUG}/{live}")
    watcher.wait_until(lambda it: elements <= it.fragments.keys())
    watcher.close()
    for path in (f"{WIDGETS}/{widget}", f"/elections/{SLUG}{page}"):
        text = reader.get(path).text
        assert [element for element in elements if watcher.fragments[element] not in text] == []


def test_anybody_may_frame_it_and_it_may_ask_nobody_else(reader: httpx2.Client) -> None:
    for path in ("/council/medway", "/overview", "/council/nowhere", "/overview?theme=pink"):
        headers = reader.get(WIDGETS + path).headers
        policy = headers["Content-Security-Policy"]
        assert "frame-ancestors *" in policy
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "X-Frame-Options" not in headers
        assert "Set-Cookie" not in headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    for path in (f"/elections/{SLUG}", "/desk/login"):
        assert "frame-ancestors 'none'" in reader.get(path).headers["Content-Security-Policy"]


def test_whom_the_settings_name_alone_may_frame_it(tmp_path) -> None:
    ours = "https://a.example https://b.example"
    server = Server(f"sqlite:///{tmp_path / 'n.db'}", frame_ancestors=ours)
    with server, server.client() as client:
        policy = client.get(f"{WIDGETS}/overview").headers["Content-Security-Policy"]
    assert policy.endswith(f"frame-ancestors 'self' {ours}")


def test_a_page_of_any_origin_may_ask_for_it_by_htmx(reader: httpx2.Client) -> None:
    asks = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "hx-current-url,hx-request"}
    for path in ("/council/medway", "/overview?councils=medway"):
        answer = reader.options(WIDGETS + path, headers={"Origin": "null", **asks})
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
        allowed = {name.strip().lower() for name in answer.headers["Access-Control-Allow-Headers"].split(",")}
        assert allowed >= {"hx-request", "hx-current-url", "hx-target", "hx-source"}
        assert int(answer.headers["Access-Control-Max-Age"]) > 0
    assert reader.options(f"/elections/{SLUG}").status_code == 405, "a page for people is not for other origins' pages"


def test_it_may_be_held_for_seconds_and_is_known_again(reader: httpx2.Client) -> None:
    first = reader.get(f"{WIDGETS}/council/medway")
    held = "public, max-age=5, s-maxage=10, stale-while-revalidate=30, stale-if-error=86400"
    assert first.headers["Cache-Control"] == held
    again = reader.get(f"{WIDGETS}/council/medway", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_it_changes_with_what_it_shows_and_with_nothing_else(tmp_path) -> None:
    with Server(f"sqlite:///{tmp_path / 'n.db'}") as running, running.client() as client:
        paths = (f"{WIDGETS}/council/medway", f"{WIDGETS}/council/swale", f"{WIDGETS}/overview")
        before = [client.get(path).headers["ETag"] for path in paths]
        declare(client, NIGHT[0])
        after = [client.get(path).headers["ETag"] for path in paths]
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, True, False]


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
@pytest.mark.parametrize("live", ["auto", "ws", "poll", "off"])
def test_it_looks_and_keeps_current_as_it_is_asked_to(reader: httpx2.Client, theme: str, live: str) -> None:
    page = reader.get(f"{WIDGETS}/council/medway", params={"theme": theme, "live": live}).text
    assert f'data-live="{live}"' in page
    assert (f'data-theme="{theme}"' in page) == (theme != "auto")
    assert ("hx-ws:connect" in page) == (live in {"auto", "ws"})


def test_a_convention_goes_with_it(reader: httpx2.Client) -> None:
    page = reader.get(f"{WIDGETS}/council/maidstone?convention=pa").text
    assert f"/live/{SLUG}/council/maidstone?convention=pa&amp;since=0" in page
    assert f"/elections/{SLUG}/councils/maidstone?convention=pa" in page


def rows(page: str) -> list[str]:
    return re.findall(r'<tr id="row-([\w-]+)"', page)


def test_an_overview_of_some_councils_shows_these_alone(reader: httpx2.Client) -> None:
    page = reader.get(f"{WIDGETS}/overview?councils=swale,medway,,swale").text
    assert rows(page) == ["swale", "medway"]
    assert 'id="scoreboard"' not in page
    assert len(rows(reader.get(f"{WIDGETS}/overview?show=all").text)) == 13
    assert rows(reader.get(f"{WIDGETS}/overview").text) == []
    page = reader.get(f"{WIDGETS}/overview", params={"region": "South East"}).text
    assert len(rows(page)) == 10
    assert "All 13 councils of South East" in page
    assert len(rows(reader.get(f"{WIDGETS}/overview", params={"region": "South East", "show": "all"}).text)) == 13
    assert ">South East</a></h1>" in page


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/council/nowhere", 404, "nowhere"),
        ("/overview?councils=medway,nowhere", 404, "nowhere"),
        ("/overview?region=Wales", 422, "one of South East"),
        ("/overview?theme=pink", 422, "theme"),
        ("/overview?live=always", 422, "live"),
        ("/overview?convention=sky", 422, "sky"),
        ("/overview?councils=" + ",".join(f"c{number}" for number in range(401)), 422, "too many"),
        ("/nothing", 404, "nothing at this address"),
    ],
)
def test_a_wrong_address_is_told_where_the_widget_would_be(
    reader: httpx2.Client, path: str, status: int, said: str
) -> None:
    answer = reader.get(WIDGETS + path)
    assert answer.status_code == status
    assert 'class="widget"' in answer.text
    assert said in answer.text


def test_a_rehearsal_says_so(tmp_path) -> None:
    with Server(f"sqlite:///{tmp_path / 'n.db'}", rehearsal=True) as running, running.client() as client:
        assert "This is a rehearsal" in client.get(f"{WIDGETS}/overview").text


def test_before_the_first_declaration_it_says_that(tmp_path) -> None:
    with Server(f"sqlite:///{tmp_path / 'n.db'}") as running, running.client() as client:
        assert "Before the first declaration" in client.get(f"{WIDGETS}/council/medway").text


def test_it_names_where_oembed_tells_of_it(reader: httpx2.Client) -> None:
    page = reader.get(f"{WIDGETS}/overview?councils=medway,swale&theme=dark").text
    [address] = re.findall(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', page)
    told = reader.get(address.replace("&amp;", "&"))
    assert told.status_code == 200
    assert "councils=medway,swale&amp;theme=dark" in told.json()["html"]


def test_a_map_has_a_square_a_council_and_of_the_chosen_ones_alone(reader: httpx2.Client) -> None:
    def tiles(query: str = "") -> list[str]:
        return re.findall(r'<a id="tile-([a-z-]+)"', reader.get(f"{WIDGETS}/overview?show=tiles{query}").text)

    assert len(tiles()) == 13
    assert tiles("&councils=swale,medway") == ["medway", "swale"], "each where it lies"
    assert tiles("&at=3") == tiles()


def test_a_map_of_the_past_shows_what_stood_then(reader: httpx2.Client) -> None:
    then, now = (reader.get(f"{WIDGETS}/overview?show=tiles{query}").text for query in ("&at=3", ""))
    assert "Medway: LAB gain from CON" in now
    assert "Medway: LAB gain from CON" not in then


def test_what_an_overview_cannot_show_is_said(reader: httpx2.Client) -> None:
    assert reader.get(f"{WIDGETS}/overview?show=globe").status_code == 422
