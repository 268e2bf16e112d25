"""The finder in a browser: by keys alone, on a phone, without scripts, and readable by everybody."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import PHONE, assert_accessible
from tests.logged import server_after
from tests.running import Server

OVERVIEW = "/elections/kent-2023"
WESTGATE = f"{OVERVIEW}/contests/local.canterbury.westgate.2023-05-04"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server_after(24, tmp_path_factory.mktemp("finder")) as running:
        yield running


@pytest.fixture
def page(context_of: Callable[..., BrowserContext], server: Server) -> Page:
    opened = context_of().new_page()
    opened.goto(f"{server.url}{OVERVIEW}")
    return opened


def field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Find a council, ward or candidate")


def options(page: Page, **named: str) -> Locator:
    return page.get_by_role("listbox", name="Found").get_by_role("option", **named)


def look_for(page: Page, typed: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(typed)


def test_a_ward_is_reached_by_keys_alone_from_every_page(page: Page, server: Server) -> None:
    for path in (OVERVIEW, f"{OVERVIEW}/find", "/nothing"):
        page.goto(f"{server.url}{path}")
        look_for(page, "westgate")
        expect(options(page)).to_have_count(2)
        expect(page.get_by_role("status").filter(has_text="2 wards.")).to_have_count(1)
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(options(page, name="Westgate Canterbury")).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{server.url}{WESTGATE}")


def test_enter_without_a_choice_leads_to_the_page_of_all_that_is_found(page: Page, server: Server) -> None:
    look_for(page, "westgate")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{server.url}{OVERVIEW}/find?q=westgate")
    expect(page.get_by_role("link", name="Westgate", exact=True)).to_be_visible()


def test_escape_closes_what_was_found_and_then_goes_back_to_where_one_was(page: Page) -> None:
    page.get_by_role("button", name="Pause").focus()
    look_for(page, "medway")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(field(page)).to_have_value("medway")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Pause")).to_be_focused()


def test_the_key_is_a_letter_in_a_field_and_can_be_left_alone_for_good(page: Page) -> None:
    other = page.locator(".filters input[type=search]")
    other.focus()
    page.keyboard.type("a/b")
    expect(other).to_have_value("a/b")
    page.get_by_role("button", name="Do not use the / key").click()
    page.reload()
    page.keyboard.press("/")
    expect(field(page)).not_to_be_focused()
    page.get_by_role("button", name="Use the / key to find").click()
    page.keyboard.press("/")
    expect(field(page)).to_be_focused()


def test_on_a_phone_a_button_opens_it_and_gives_way_again(
    context_of: Callable[..., BrowserContext], server: Server
) -> None:
    page = context_of(viewport=PHONE).new_page()
    page.goto(f"{server.url}{OVERVIEW}")
    expect(field(page)).not_to_be_visible()
    page.get_by_role("link", name="Find", exact=True).click()
    page.keyboard.type("nothing of the kind")
    expect(page.locator(".find-said")).to_contain_text("Nothing found. Councils, wards, candidates and parties")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Find", exact=True)).to_be_focused()
    expect(field(page)).not_to_be_visible()


def test_without_scripts_it_is_a_form_and_a_page(context_of: Callable[..., BrowserContext], server: Server) -> None:
    for viewport in (PHONE, {"width": 1440, "height": 900}):
        page = context_of(java_script_enabled=False, viewport=viewport).new_page()
        page.goto(f"{server.url}{OVERVIEW}")
        if viewport is PHONE:
            page.get_by_role("link", name="Find", exact=True).click()
        page.get_by_role("searchbox", name="Find a council, ward or candidate").fill("westgate")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Westgate", exact=True).click()
        expect(page).to_have_url(f"{server.url}{WESTGATE}")


def test_it_is_readable_by_everybody_open_and_closed_wide_and_narrow(
    context_of: Callable[..., BrowserContext], server: Server
) -> None:
    page = context_of().new_page()
    for viewport, scheme in (({"width": 1440, "height": 900}, "light"), ({"width": 320, "height": 700}, "dark")):
        page.set_viewport_size(viewport)
        page.goto(f"{server.url}{OVERVIEW}/councils/medway")
        look_for(page, "west")
        expect(options(page).first).to_be_visible()
        page.keyboard.press("ArrowDown")
        assert_accessible(page, part=".find", scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.goto(f"{server.url}{OVERVIEW}/find?q=west")
        assert_accessible(page, scheme=scheme)


def test_where_the_server_is_gone_it_says_so(page: Page) -> None:
    page.route("**/find.json*", lambda route: route.abort())
    look_for(page, "medway")
    expect(page.locator(".find-said")).to_have_text("Nothing can be looked for just now.")
