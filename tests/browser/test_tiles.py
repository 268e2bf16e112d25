"""The tile map and the wall in a real browser: live, by keyboard, in words, and on every screen."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PHONE, assert_accessible
from tests.browser.test_public_pages import MEDWAY, NIGHT, OVERVIEW, be_live
from tests.logged import server_after
from tests.running import Server, declare

TILES, WALL = f"{OVERVIEW}?view=tiles", f"{OVERVIEW}?view=wall"
HALF = 60

OF_TILES = """() => Object.fromEntries([...document.querySelectorAll(".tile")].map((tile) => {
  const copy = tile.cloneNode(true);
  copy.classList.remove("is-flipping");
  copy.removeAttribute("tabindex");
  copy.removeAttribute("title");
  return [tile.id, copy.outerHTML];
}))"""
"""Every tile as the browser has it, without what a script adds or takes away."""


@pytest.fixture(scope="module")
def half_way(tmp_path_factory) -> Iterator[Server]:
    """A server that is only read from."""
    with server_after(HALF, tmp_path_factory.mktemp("half")) as running:
        yield running


def test_tiles_and_the_next_are_drawn_of_the_rows_that_come_as_the_server_draws_them(
    server: Server, context_of: Callable[..., BrowserContext]
) -> None:
    tiles, wall = context_of().new_page(), context_of().new_page()
    be_live(tiles, server.url + TILES)
    be_live(wall, server.url + WALL)
    with server.client() as client:
        for body in NIGHT[:HALF]:
            declare(client, body)
    for page in (tiles, wall):
        expect(page.locator("#tile-medway")).to_have_attribute("aria-label", "Medway: LAB gain from CON")
        # What the last one touched is there, and so is all before it.
        expect(page.locator(".progress-figures")).to_contain_text(f"{HALF} of 277")
    drawn, told = tiles.evaluate(OF_TILES), wall.locator("#wall-next").inner_text()
    for page in (tiles, wall):
        page.reload()
    assert drawn == tiles.evaluate(OF_TILES)
    assert told == wall.locator("#wall-next").inner_text()


def test_arrow_keys_go_from_square_to_square_and_enter_opens_the_council(half_way: Server, page: Page) -> None:
    page.goto(half_way.url + TILES)
    page.locator("#tile-dartford").focus()
    for key, tile in (
        ("ArrowRight", "gravesham"),
        ("ArrowDown", "tonbridge-and-malling"),
        ("ArrowDown", "tunbridge-wells"),
        ("ArrowUp", "tonbridge-and-malling"),
        ("End", "tunbridge-wells"),
        ("Home", "dartford"),
        ("ArrowLeft", "dartford"),
        ("ArrowRight", "gravesham"),
        ("ArrowRight", "medway"),
    ):
        page.keyboard.press(key)
        expect(page.locator(f"#tile-{tile}")).to_be_focused()
    assert page.locator(".tile[tabindex='0']").count() == 1, "the map is one stop for whoever goes by tabs"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{MEDWAY}*")


def test_the_square_that_is_pointed_at_is_told_of_until_it_is_dismissed(half_way: Server, page: Page) -> None:
    page.goto(half_way.url + TILES)
    told = page.locator("#tile-told")
    page.locator("#tile-medway").hover()
    expect(told).to_contain_text("Medway: LAB gain from CON")
    expect(told).to_contain_text("LAB 33")
    page.locator("#tile-dover").focus()
    expect(told).to_contain_text("Dover")
    told.hover()
    expect(told).to_contain_text("Dover")
    page.keyboard.press("Escape")
    expect(told).to_be_empty()


def test_what_the_filters_hide_is_dimmed_on_the_map(half_way: Server, page: Page) -> None:
    page.goto(half_way.url + TILES)
    page.get_by_label("Name", exact=True).fill("wells")
    expect(page.locator(".tile:not(.is-dimmed)")).to_have_count(1)
    page.goto(f"{half_way.url}{TILES}&q=wells")
    expect(page.locator(".tile:not(.is-dimmed)")).to_have_count(1)


def test_without_scripts_every_square_is_a_link(half_way: Server, context_of: Callable[..., BrowserContext]) -> None:
    page = context_of(java_script_enabled=False).new_page()
    page.goto(half_way.url + TILES)
    page.get_by_role("link", name="Medway: LAB gain from CON").click()
    page.wait_for_url(f"**{MEDWAY}*")


@pytest.mark.parametrize(("path", "part"), [(TILES, None), (f"{TILES}&q=wells", ".tile"), (WALL, None)])
def test_axe_finds_nothing_to_mend(half_way: Server, page: Page, path: str, part: str | None) -> None:
    page.goto(half_way.url + path)
    assert_accessible(page, part=part)


@pytest.mark.parametrize("path", [TILES, WALL])
def test_nothing_is_wider_than_a_phone(half_way: Server, context_of: Callable[..., BrowserContext], path: str) -> None:
    page = context_of(viewport=PHONE).new_page()
    page.goto(half_way.url + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize(("width", "height"), [(3840, 2160), (1920, 1080), (1280, 720), (1024, 768)])
def test_the_wall_shows_everything_at_once(
    half_way: Server, context_of: Callable[..., BrowserContext], width: int, height: int
) -> None:
    page = context_of(viewport={"width": width, "height": height}).new_page()
    page.goto(half_way.url + WALL)
    page.evaluate("document.fonts.ready")
    for part in (
        "#progress",
        ".flip-band",
        "#scoreboard",
        "#wall-next",
        *(f"#tile-{it}" for it in ("dover", "thanet")),
    ):
        box = page.locator(part).first.evaluate("(it) => it.getBoundingClientRect().toJSON()")
        assert box["right"] <= width
        assert box["top"] >= 0
        if part != "#scoreboard":
            assert box["bottom"] <= height, part
