"""Published pages in a browser: files behind a plain web server, that keep themselves current."""

import functools
import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from app.drawing.drawer import Drawer
from app.pages.environment import make_environment
from app.publishing.owing import How
from app.publishing.publisher import Publisher
from app.publishing.targets import Folder
from app.store.engine import Store
from tests.builders import a_contest, a_council, an_election
from tests.running import Server, load
from tests.store.logs import declare_wards

SLUG = "test-2023"
NORTH, EAST = a_contest(), a_contest("east", council_id="elsewhere")
WEST = a_contest("west", council_id="overthere")


class Quiet(SimpleHTTPRequestHandler):
    def send_head(self):
        # It knows whole seconds alone: what was written twice in one would be "not modified".
        del self.headers["If-Modified-Since"]
        return super().send_head()

    def log_message(self, *_: object) -> None:
        pass


ELECTION = an_election(
    a_council(NORTH, region="South East"),
    a_council(EAST, council_id="elsewhere", region="South East"),
    a_council(WEST, council_id="overthere", region="North & West"),
)


def loaded(folder: Path) -> Store:
    database = f"sqlite:///{folder / 'night.db'}"
    load(database, ELECTION)
    return Store.open(database)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with loaded(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def before_the_first(tmp_path_factory) -> Iterator[Server]:
    """A server before the first declaration."""
    with loaded(tmp_path_factory.mktemp("served")) as opened, Server(str(opened.url), bundle=None) as server:
        yield server


@pytest.fixture
def publisher(store: Store, drawer: Drawer, tmp_path: Path) -> Publisher:
    return Publisher(
        store,
        SLUG,
        Folder(tmp_path / "site"),
        environment=make_environment(),
        drawer=drawer,
        how=How(),
        say=lambda _: None,
    )


@pytest.fixture
def address(publisher: Publisher, tmp_path: Path) -> Iterator[str]:
    publisher.once()
    handler = functools.partial(Quiet, directory=str(tmp_path / "site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def look_again(page: Page) -> None:
    """As when the reader comes back to it, rather than half a minute later."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def asked_for(page: Page) -> list[str]:
    """The paths that a page asks for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    return asked


@pytest.mark.parametrize("is_there", [True, False], ids=["from changes", "from itself"])
def test_a_page_that_is_a_file_takes_over_what_has_changed(
    page: Page, address: str, publisher: Publisher, store: Store, tmp_path: Path, *, is_there: bool
) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{address}/elections/{SLUG}/?q=test")
    asked = asked_for(page)
    pill = page.locator("[data-published-pill]")
    expect(pill).to_have_text(re.compile(r"^Before the first declaration, checked \d\d:\d\d$"))
    expect(page.locator("#row-testshire")).to_contain_text("0 of 1 ward")
    expect(page.locator("#filters [name=q]")).to_have_value("test")
    expect(page.locator("#row-elsewhere")).to_be_hidden()

    declare_wards(store, SLUG, NORTH)
    publisher.once()
    changes = tmp_path / "site" / "elections" / SLUG / "changes" / "0.json"
    if not is_there:
        changes.unlink()
    look_again(page)
    expect(page.locator("#row-testshire")).to_contain_text("LAB gain from CON")
    assert f"/elections/{SLUG}/changes/0.json" in asked
    assert (f"/elections/{SLUG}/" in asked) is not is_there
    expect(pill).to_have_text(re.compile(r"^As at \d\d:\d\d \w+, .* \d{4}, checked \d\d:\d\d$"))
    expect(page.locator("#row-elsewhere")).to_be_hidden()
    expect(page.locator("#ticker")).to_contain_text("LAB gain Testshire from CON")
    declare_wards(store, SLUG, EAST)
    publisher.once()
    look_again(page)
    expect(page.locator("#row-elsewhere")).to_contain_text("LAB gain from CON")
    assert f"/elections/{SLUG}/changes/1.json" in asked
    assert not faults


def test_a_council_and_its_contest_keep_current_too(
    page: Page, address: str, publisher: Publisher, store: Store
) -> None:
    other = page.context.new_page()
    page.goto(f"{address}/elections/{SLUG}/councils/testshire/")
    other.goto(f"{address}/c/pa/elections/{SLUG}/contests/{NORTH.ballot_id}/")
    declare_wards(store, SLUG, NORTH)
    publisher.once()
    for each in (page, other):
        look_again(each)
        expect(each.locator("main")).to_contain_text("LAB gain from CON")
        expect(each.locator("main")).to_contain_text("LAB 1 of north")


def test_a_widget_that_is_a_file_takes_over_what_has_changed_and_says_as_at_when(
    page: Page, address: str, publisher: Publisher, store: Store
) -> None:
    page.goto(f"{address}/embed/v1/{SLUG}/overview/?theme=dark&councils=testshire")
    page.wait_for_url("**/overview/all/?theme=dark&councils=testshire")
    asked = asked_for(page)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("#row-elsewhere")).to_be_hidden()
    at = page.locator("[data-at]")
    expect(at).to_have_text("Before the first declaration")
    declare_wards(store, SLUG, NORTH)
    publisher.once()
    look_again(page)
    expect(page.locator("#row-testshire")).to_contain_text("LAB gain from CON")
    expect(at).to_have_text(re.compile(r"^As at \d\d:\d\d \w+, \d+ \w+ \d{4}$"))
    expect(at.locator("time")).to_have_attribute("datetime", re.compile(r"^\d{4}-"))
    expect(page.locator("[data-pill]")).not_to_contain_text("Live")
    assert f"/elections/{SLUG}/changes/0.json" in asked
    assert f"/embed/v1/{SLUG}/overview/all/" not in asked


@pytest.mark.parametrize(
    "query",
    [
        "councils=overthere,testshire",
        "councils=testshire,+elsewhere,,testshire",
        "region=South+East",
        "region=North+%26+West&councils=overthere",
        "region=North+%26+West&councils=testshire",
    ],
)
def test_a_widget_that_is_a_file_shows_what_its_address_asks_for_as_the_server_does(
    page: Page, address: str, before_the_first: Server, query: str
) -> None:
    shown = """() => [document.title, document.querySelector("main").innerText,
        [...document.querySelectorAll("tbody")].map(slot => slot.dataset.slot)]"""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{before_the_first.url}/embed/v1/{SLUG}/overview?live=off&{query}")
    wanted = page.evaluate(shown)
    page.goto(f"{address}/embed/v1/{SLUG}/overview/?live=off&{query}")
    assert page.evaluate(shown) == wanted
    assert not faults


def test_a_file_has_the_map_that_its_address_asks_for(
    page: Page, address: str, publisher: Publisher, store: Store
) -> None:
    """On the dashboard beside its board, and in a widget alone."""
    widget = page.context.new_page()
    page.goto(f"{address}/elections/{SLUG}/?view=tiles")
    widget.goto(f"{address}/embed/v1/{SLUG}/overview/?show=tiles&councils=testshire")
    expect(page.locator("#tile-elsewhere")).to_be_visible()
    expect(page.locator(".views [aria-current]")).to_have_text("Map")
    expect(widget.locator("#tile-testshire")).to_be_visible()
    expect(widget.locator(".tile")).to_have_count(1)
    expect(widget.locator(".board")).to_be_hidden()
    declare_wards(store, SLUG, NORTH)
    publisher.once()
    for each in (page, widget):
        look_again(each)
        expect(each.locator("#tile-testshire")).to_have_attribute("aria-label", re.compile("LAB gain from CON"))


def test_a_file_without_a_question_has_no_map(page: Page, address: str) -> None:
    page.goto(f"{address}/elections/{SLUG}/")
    expect(page.locator("#row-testshire")).to_be_visible()
    expect(page.locator("#tiles")).to_be_hidden()


def test_a_widget_that_is_a_file_says_that_a_region_has_no_councils(page: Page, address: str) -> None:
    page.goto(f"{address}/embed/v1/{SLUG}/overview/?region=Atlantis")
    expect(page.locator("main")).to_contain_text("None of the councils asked for is in Atlantis.")
    expect(page.locator("h1")).to_have_text("Test elections 2023")
    expect(page.locator("table")).to_have_count(0)


def test_a_page_says_when_it_cannot_be_refreshed(page: Page, address: str, tmp_path: Path) -> None:
    page.goto(f"{address}/elections/{SLUG}/councils/testshire/")
    pill = page.locator("[data-published-pill]")
    expect(pill).to_contain_text("checked")
    (tmp_path / "site" / "elections" / SLUG / "published.json").unlink()
    look_again(page)
    expect(pill).to_contain_text("not refreshed since")
    expect(pill).to_have_attribute("data-state", "stale")


@pytest.mark.parametrize("path", ["", "/councils/testshire"])
def test_a_night_that_is_done_stays_as_it_is_without_a_warning(
    page: Page, address: str, publisher: Publisher, store: Store, path: str
) -> None:
    declare_wards(store, SLUG, NORTH, EAST, WEST)
    publisher.once()
    page.clock.install(time=datetime.now(UTC) + timedelta(days=2))
    page.goto(f"{address}/elections/{SLUG}{path}/")
    pill = page.locator("[data-published-pill]")
    expect(pill).to_have_attribute("data-state", "current")
    expect(pill).to_have_text(re.compile(r"^As at \d\d:\d\d \w+, \d+ \w+ \d{4}$"))


def test_a_night_that_is_not_done_says_on_which_day_it_was_last_refreshed(
    page: Page, address: str, publisher: Publisher, store: Store, tmp_path: Path
) -> None:
    declare_wards(store, SLUG, NORTH)
    publisher.once()
    checked = json.loads((tmp_path / "site" / "elections" / SLUG / "published.json").read_text("utf-8"))["checked"]
    at = datetime.fromisoformat(checked).astimezone(ZoneInfo("Europe/London"))
    page.clock.install(time=at + timedelta(days=2))
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{address}/elections/{SLUG}/")
    pill = page.locator("[data-published-pill]")
    expect(pill).to_have_attribute("data-state", "stale")
    expect(pill).to_contain_text(f", not refreshed since {at:%H:%M}, {at.day} {at:%B} {at.year}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_links_lead_to_the_other_convention_and_back(page: Page, address: str) -> None:
    page.goto(f"{address}/elections/{SLUG}/")
    page.get_by_role("link", name="PA", exact=True).click()
    expect(page).to_have_url(re.compile(rf"/c/pa/elections/{SLUG}/?$"))
    page.get_by_role("link", name="Testshire").first.click()
    expect(page).to_have_url(re.compile(rf"/c/pa/elections/{SLUG}/councils/testshire/?$"))
    page.get_by_role("link", name="BBC", exact=True).click()
    expect(page).to_have_url(re.compile(rf"127\.0\.0\.1:\d+/elections/{SLUG}/councils/testshire/?$"))
