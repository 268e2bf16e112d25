"""Published files behind a real nginx, with the configuration that docs/publishing.md gives."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest

from app.bundles.reading import read_bundle
from app.pages.environment import make_environment
from app.publishing.owing import How
from app.publishing.publisher import Publisher
from app.publishing.targets import Folder
from app.store.engine import Store
from tests.logged import write_night
from tests.publishing.web_server import behind_nginx, on_the_wire
from tests.running import a_part_of_kent, load
from tests.strictness import files_client

ADDRESS = "https://results.example.org"
SLUG = "kent-2023"
HOME = f"/elections/{SLUG}"


class Served(NamedTuple):
    """A night behind nginx, of which the pages stood at ``before`` until its last entry came."""

    url: str
    folder: Path
    before: int

    def get(self, address: str, **headers: str) -> httpx2.Response:
        with files_client(self.url) as client:
            return client.get(address, headers=headers)


@pytest.fixture(scope="module")
def served(tmp_path_factory, drawer) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("published")
    site, database = folder / "site", f"sqlite:///{folder / 'night.db'}"
    read = read_bundle(a_part_of_kent(tmp_path_factory.mktemp("bundle"), "medway", "maidstone"))
    *first, last = read.night or ()
    load(database, read.election)
    write_night(database, read.election, first)
    how = How(address=ADDRESS)
    with Store.open(database) as store:
        environment = make_environment()
        publisher = Publisher(
            store, SLUG, Folder(site), environment=environment, drawer=drawer, how=how, say=lambda _: None
        )
        publisher.once()
        write_night(database, read.election, [last])
        publisher.once()
    with behind_nginx(site) as url:
        yield Served(url, site, len(first))


class Linked(HTMLParser):
    """What a page leads to, and what it is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {"href", "src", "action", "data-note", "data-council-note", "data-whole"}
        given = dict(attrs)
        self.found |= {value for name, value in attrs if name in named and value and not value.startswith("#")}
        if tag == "meta" and given.get("property") in {"og:image", "og:url"}:
            self.found.add(given["content"] or "")


def test_everything_that_pages_lead_to_is_there(served: Served) -> None:
    """From the dashboard and the widgets on, whatever is on the site: pages, parts of them, pictures, exports."""
    waiting = ["/", HOME, f"/embed/v1/{SLUG}/overview", f"/embed/v1/{SLUG}/council/medway", "/api/v1/elections"]
    seen: dict[str, str] = {}
    with files_client(served.url) as client:
        while waiting:
            address = waiting.pop()
            if address in seen:
                continue
            answer = client.get(address)
            seen[address] = answer.headers["Content-Type"]
            assert answer.status_code == 200, f"{address}: {answer.status_code}"
            if not seen[address].startswith("text/html"):
                continue
            links = Linked()
            links.feed(answer.text)
            for link in links.found:
                to = urlsplit(urljoin(f"{ADDRESS}{address}", link))
                if to.netloc == "results.example.org" and to.scheme == "https":
                    waiting.append(to.path + (f"?{to.query}" if to.query else ""))
    kinds = {kind.partition(";")[0] for kind in seen.values()}
    assert {"text/html", "text/css", "text/javascript", "text/csv", "image/png", "application/atom+xml"} <= kinds
    assert len([address for address in seen if "/contests/" in address]) >= 80, "both conventions of 42 wards"
    assert not [address for address in seen if "convention=" in address]


TYPES = {
    HOME: "text/html; charset=utf-8",
    f"/api/v1/elections/{SLUG}": "application/json",
    f"/api/v1/elections/{SLUG}/export.csv": "text/csv; charset=utf-8",
    f"/api/v1/elections/{SLUG}/councils.csv": "text/csv; charset=utf-8",
    f"/api/v1/elections/{SLUG}/feed.atom": "application/atom+xml",
    "/embed.js": "text/javascript; charset=utf-8",
    f"{HOME}/card.png": "image/png",
    f"{HOME}/published.json": "application/json",
}


def test_types_encodings_and_what_may_be_kept_are_as_documented(served: Served) -> None:
    for address, kind in TYPES.items():
        answer = served.get(address)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind), address
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    styles = re.findall(r'href="(/static/[^"]+\.css)"', served.get(HOME).text)
    answer = served.get(styles[0], **{"Accept-Encoding": "gzip", "Via": "1.1 a-cdn"})
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert (answer.headers["Content-Encoding"], "immutable" in answer.headers["Cache-Control"]) == ("gzip", True)
    assert "s-maxage=10" in served.get(HOME).headers["Cache-Control"]
    missing = served.get("/elections/atlantis-1900")
    assert (missing.status_code, "There is nothing at this address" in missing.text) == (404, True)


def test_a_convention_that_is_asked_for_is_found_and_nothing_else(served: Served) -> None:
    other = served.get(f"{HOME}?convention=pa")
    assert other.content == served.get(f"/c/pa{HOME}").content != served.get(HOME).content
    for asked in ("bbc", "../..", "%2e%2e%2f", ""):
        assert served.get(f"{HOME}?convention={asked}").content == served.get(HOME).content
    assert served.get(f"/api/v1/elections/{SLUG}?convention=pa").json()["convention"] == "pa"


def test_to_look_whether_anything_is_new_takes_less_than_300_bytes(served: Served) -> None:
    for note in (f"{HOME}/published.json", f"{HOME}/councils/medway/published.json"):
        size, told = on_the_wire(served.url, note)
        assert size <= 300, note
        assert json.loads(told)["seq"] > 0
    written = json.loads((served.folder / f".{HOME}/published.json").read_text("utf-8"))
    assert (written["seq"], written["done"]) == (served.before + 1, True)


def test_to_take_over_what_is_new_takes_less_than_4_kilobytes(served: Served) -> None:
    for prefix in ("", "/c/pa"):
        size, told = on_the_wire(served.url, f"{prefix}{HOME}/changes/{served.before % 100}.json")
        assert size <= 4_000
        message = json.loads(told)
        assert (message["since"], message["seq"]) == (served.before, served.before + 1)
        for element in ("progress", "row-", "story"):
            assert f'hx-target="#{element}' in message["content"]


def test_the_list_of_elections_names_what_is_published_here(served: Served) -> None:
    told = served.get("/api/v1/elections").json()
    one = served.get(f"/api/v1/elections/{SLUG}").json()
    [listed] = told["elections"]
    assert {key: listed[key] for key in ("slug", "name", "seq", "epoch")} == {
        key: one[key] for key in ("slug", "name", "seq", "epoch")
    }
