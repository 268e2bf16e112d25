"""Half of a whole country is in: nothing moves under its readers, and everybody can read it."""

from collections.abc import Callable, Iterator
from itertools import islice

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PHONE, WIDE, assert_accessible
from tests.country import SLUG, country, country_night
from tests.counts import IS_LONG_RUN
from tests.logged import write_country
from tests.running import Server, declare
from tests.shifting import AT_ONCE, IN_A_NIGHT, OBSERVED, SHIFTED, SHIFTS, told

Contexts = Callable[..., BrowserContext]

OVERVIEW = f"/elections/{SLUG}"
COUNCIL = f"{OVERVIEW}/councils/bournemouth-christchurch-and-poole"
PAGES = (
    OVERVIEW,
    f"{OVERVIEW}?view=tiles",
    f"{OVERVIEW}?view=wall",
    f"{OVERVIEW}/flips",
    COUNCIL,
    f"{OVERVIEW}/find?q=king",
    f"/embed/v1/{SLUG}/overview",
)
"""All but one are looked at in the long run: with Kent's councils each has tests of its own every day."""

AT_LEAST, AT_MOST = 24, 120
"""Declarations of a stretch of the night, which ends with a council that changes hands."""


@pytest.fixture(scope="module")
def half(tmp_path_factory) -> Iterator[Server]:
    database = f"sqlite:///{tmp_path_factory.mktemp('country') / 'night.db'}"
    write_country(database, declared=0.5)
    with Server(database, bundle=None) as running:
        yield running


def opened(context_of: Contexts, url: str, viewport: dict[str, int]) -> Page:
    page = context_of(viewport=viewport).new_page()
    page.add_init_script(OBSERVED)
    page.goto(url)
    expect(page.locator("[data-live-pill]").first).to_have_text("Live")
    return page


def declare_until_a_flip(server: Server, page: Page) -> None:
    """Goes on with the night, one ward after the other as ``page`` shows them."""
    bodies = list(country_night(country()))
    begun = round(len(bodies) * 0.5)
    shown = page.evaluate("document.querySelector('#progress-line').value")
    with server.client() as client:
        for number, body in enumerate(islice(bodies, begun, begun + AT_MOST), start=1):
            is_flip = declare(client, body, slug=SLUG)["flipped"]
            wanted = "wanted => document.querySelector('#progress-line').value === wanted"
            page.wait_for_function(wanted, arg=shown + number)
            if is_flip and number >= AT_LEAST:
                return
    raise AssertionError("no council has changed hands")


def test_a_stretch_of_the_night_moves_nothing_under_its_readers(half: Server, context_of: Contexts) -> None:
    pages = [
        opened(context_of, f"{half.url}{OVERVIEW}{view}", viewport)
        for view, viewport in (("", WIDE), ("", PHONE), ("?view=tiles", WIDE), ("?view=wall", WIDE))
    ]
    declare_until_a_flip(half, pages[0])
    fresh = opened(context_of, half.url + OVERVIEW, WIDE).locator("#progress").text_content()
    for page in pages:
        page.wait_for_function("fresh => document.querySelector('#progress').textContent === fresh", arg=fresh)
        shifts = page.evaluate(SHIFTS)
        moved = f"{page.url} at {page.viewport_size}: {told(shifts, page.evaluate(SHIFTED))}"
        assert max(shifts, default=0) <= AT_ONCE, moved
        assert sum(shifts) <= IN_A_NIGHT / 10, moved


def test_twenty_councils_are_in_sight_at_once_and_what_is_folded_is_a_click_away(
    half: Server, context_of: Contexts
) -> None:
    page = opened(context_of, half.url + OVERVIEW, WIDE)
    in_sight = "() => [...board.tBodies].filter(row => row.getBoundingClientRect().top < innerHeight).length"
    assert page.evaluate(in_sight) >= 20
    page.locator("#night-so-far summary").click()
    expect(page.locator("#story")).to_be_in_viewport()
    page.get_by_text("Filter", exact=True).click()
    page.locator("#filters [name=state]").select_option("flipped")
    expect(page.locator("#board-count")).to_contain_text(" of 175")
    flipped = page.locator(".by-election[data-gained]").count()
    assert flipped < page.locator(".by-election").count()
    expect(page.locator(".by-election").filter(visible=True)).to_have_count(flipped)


@pytest.mark.parametrize("path", PAGES if IS_LONG_RUN else PAGES[3:4])
def test_half_a_country_is_accessible(half: Server, context_of: Contexts, path: str) -> None:
    page = context_of().new_page()
    page.goto(half.url + path)
    assert_accessible(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, f"{page.url} on a phone\n{found.generate_report()}"
