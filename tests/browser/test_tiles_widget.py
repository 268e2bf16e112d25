"""The map of squares in somebody else's article: live, in a sandbox, without scripts, and offered where one shares."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PHONE, assert_accessible
from tests.browser.test_embeds import NARROW, OVERVIEW, SANDBOXES, WIDE, Watch, flip, framed
from tests.elsewhere import Elsewhere
from tests.running import Server

TILES = f"{OVERVIEW}?show=tiles"
FLIPPED = "Medway: LAB gain from CON"

Contexts = Callable[..., BrowserContext]


@pytest.mark.parametrize("sandbox", ["plain", "sandboxed"])
def test_a_flip_arrives_on_the_map_of_an_article(night: Server, context_of: Contexts, sandbox: str) -> None:
    with Elsewhere() as elsewhere:
        page = context_of().new_page()
        watch = Watch(page, night.url, elsewhere.url)
        page.goto(elsewhere.article("/article", framed(night.url + TILES, SANDBOXES[sandbox])))
        widget = page.frame_locator("iframe")
        expect(widget.locator("[data-pill]")).to_have_text("Live")
        expect(widget.locator("#tile-medway .tile-what")).to_have_text("21/24")
        flip(night)
        expect(widget.locator("#tile-medway")).to_have_attribute("aria-label", FLIPPED)
        expect(widget.locator("#tile-medway .tile-what")).to_have_text("LAB")
        expect(widget.locator("[data-said]")).to_have_text(FLIPPED)
        watch.asks_nobody_else()
        assert watch.faults == []


def test_one_that_asks_takes_the_map_from_the_answer(night: Server, context_of: Contexts) -> None:
    page = context_of().new_page()
    page.clock.install()
    page.goto(f"{night.url}{TILES}&live=poll")
    expect(page.locator("[data-pill]")).to_have_text("Live")
    page.locator("#tile-medway").focus()
    flip(night)
    page.clock.run_for(30_000)
    expect(page.locator("#tile-medway")).to_have_attribute("aria-label", FLIPPED)
    expect(page.locator("#tile-medway")).to_be_focused()
    expect(page.locator("#tile-told")).to_contain_text(FLIPPED)


def test_without_scripts_it_stands_there_all_the_same(quiet: Server, context_of: Contexts) -> None:
    page = context_of(java_script_enabled=False).new_page()
    page.goto(quiet.url + TILES)
    link = page.get_by_role("link", name=FLIPPED)
    expect(link).to_be_visible()
    assert str(link.get_attribute("href")).endswith("/elections/kent-2023/councils/medway")


@pytest.mark.parametrize("query", ["", "&councils=medway,swale&theme=dark", "&region=South+East"])
def test_everybody_can_read_it(quiet: Server, context_of: Contexts, query: str) -> None:
    page = context_of(viewport=PHONE).new_page()
    page.goto(quiet.url + TILES + query)
    assert_accessible(page)
    assert page.locator(".tile").count() == (2 if "councils" in query else 13)


@pytest.mark.parametrize("width", [NARROW, 320, WIDE, 800])
def test_it_is_no_wider_than_its_place_and_a_small_first_load(quiet: Server, context_of: Contexts, width: int) -> None:
    page = context_of(viewport={"width": width, "height": 600}).new_page()
    page.goto(quiet.url + TILES)
    expect(page.locator("[data-pill]")).to_have_text("Live")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    script = "performance.getEntries().filter(it => it.transferSize).map(it => [it.name, it.encodedBodySize])"
    fetched = page.evaluate(script)
    assert sum(size for _, size in fetched) <= 40 * 1024, fetched


def test_the_share_panel_offers_the_map(quiet: Server, page: Page) -> None:
    page.goto(f"{quiet.url}/elections/kent-2023")
    page.get_by_text("Share and embed").click()
    panel = page.locator("#share")
    panel.get_by_label("Shows").select_option("tiles")
    expect(panel.locator("iframe")).to_have_attribute("src", f"{quiet.url}{TILES}")
    expect(page.frame_locator("#share iframe").locator("#tile-medway")).to_be_visible()
    assert f"{quiet.url}{TILES}" in panel.locator("#share-frame").input_value()
