"""The room in a real browser: its table by keyboard alone, two editors at once, sheets on paper, and a call."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.store import sessions, staff
from app.store.engine import Store
from tests.browser.conftest import KEEPING, assert_accessible
from tests.running import Server

ROOM = "/desk/kent-2023/room"
PEOPLE = {"eve": "editor", "zoe": "editor", "ann": "keyer"}
SMALL = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def night(tmp_path_factory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("room")
    server = Server(f"sqlite:///{folder / 'night.db'}")
    with Store.open(server.database) as store, store.writing() as connection:
        for name, role in PEOPLE.items():
            staff.add_hashed(connection, name, staff.Role(role), "nobody signs in with it")
    with server as running:
        yield running


@pytest.fixture
def as_(night: Server, context_of: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """A page of somebody who is signed in."""

    def make(name: str, path: str, **options: object) -> Page:
        with Store.open(night.database) as store, store.writing() as connection:
            token = sessions.open_session(connection, name, now=datetime.now(UTC), user_agent="tests")
        context = context_of(**options)
        context.add_cookies([{"name": "declared", "value": token, "url": night.url}])
        page = context.new_page()
        page.goto(night.url + path)
        return page

    return make


def test_the_table_is_filled_by_keyboard_alone(as_: Callable[..., Page]):
    page = as_("eve", ROOM)
    keys = page.keyboard
    page.get_by_label("Who covers: Ashford").focus()
    keys.type("Jo Fisher")
    keys.press("Tab")
    keys.type("01632 960001; +44 7700 900001 Jo")
    keys.press("ArrowDown")
    expect(page.get_by_label("Telephones: Canterbury")).to_be_focused()
    keys.type("01632 960002")
    keys.press("Tab")
    keys.press("Tab")
    keys.type("+45")
    keys.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    expect(page.get_by_label("Who covers: Ashford")).to_have_value("Jo Fisher")
    moved = page.get_by_label("Expected: Canterbury")
    expect(moved).to_have_value(re.compile(r"^\d{1,2} \w{3} \d{4} \d\d:\d\d$"))
    assert moved.evaluate("field => field.scrollWidth <= field.clientWidth"), "a time of another day is read whole"
    keyer = as_("ann", ROOM)
    expect(keyer.get_by_role("link", name="+44 7700 900001 Jo")).to_have_attribute("href", "tel:+447700900001")


def test_what_is_typed_survives_a_reload_and_another_editor(as_: Callable[..., Page]):
    first, second = as_("eve", ROOM), as_("zoe", ROOM)
    first.get_by_label("Place of the count: Dover").fill("Town Hall")
    first.reload()
    expect(first.get_by_label("Place of the count: Dover")).to_have_value("Town Hall")
    second.get_by_label("Place of the count: Dover").fill("Leisure Centre")
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_text("Saved.")).to_be_visible()
    first.get_by_role("button", name="Save").click()
    expect(first.get_by_text("zoe changed this at")).to_contain_text("Leisure Centre")
    expect(first.get_by_label("Place of the count: Dover")).to_have_value("Town Hall")
    assert_accessible(first)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_call_is_noted_from_the_list(as_: Callable[..., Page], javascript: bool):  # a case
    page = as_("ann", f"{ROOM}/chasers", java_script_enabled=javascript)
    page.get_by_label("What they said at Swale").fill(f"counting, {javascript}")
    page.get_by_role("button", name="Called Swale").press("Enter")
    expect(page.get_by_text("last word of Swale")).to_be_visible()
    expect(page.locator("#chaser-swale")).to_contain_text(f"ann: counting, {javascript}")
    expect(page.get_by_label("What they said at Swale")).to_have_value("")


def test_a_note_that_is_not_saved_is_there_again_and_is_saved_by_the_keyboard(as_: Callable[..., Page]):
    page = as_("ann", f"{ROOM}/handover")
    page.get_by_label("For the next shift").fill("Swale is slow.")
    page.reload()
    expect(page.get_by_label("For the next shift")).to_have_value("Swale is slow.")
    page.get_by_label("For the next shift").press("Control+Enter")
    expect(page.get_by_text("Last written by ann")).to_be_visible()
    expect(page.get_by_label("For the next shift")).to_have_value("Swale is slow.")


def test_no_page_with_numbers_is_kept_by_the_browser(as_: Callable[..., Page]):
    page = as_("eve", "/desk/kent-2023", **KEEPING)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for path in (f"{ROOM}/sheet", f"{ROOM}/chasers", ROOM, "/desk/kent-2023/queue"):
        page.goto(page.url.partition("/desk")[0] + path)
    page.wait_for_function("() => caches.match('/desk/kent-2023/queue').then(Boolean)")
    for path in (ROOM, f"{ROOM}/sheet", f"{ROOM}/chasers"):
        assert not page.evaluate(f"caches.match('{path}').then(Boolean)"), path


def test_a_sheet_of_each_council_begins_on_a_page_of_its_own(as_: Callable[..., Page]):
    page = as_("eve", f"{ROOM}/sheet")
    one = as_("eve", f"{ROOM}/sheet?council=folkestone-and-hythe")
    assert pages(one) == 1
    assert 13 <= pages(page) <= 20
    assert pages(as_("eve", f"{ROOM}/sheet?council=medway")) == 1, "no ward is alone on a second page"
    page.emulate_media(media="print")
    running = page.locator(".sheet", has_text="Medway").last.locator("thead .sheet-running")
    expect(running).to_be_visible()
    expect(running).to_contain_text("Medway")
    assert running.evaluate("row => getComputedStyle(row.parentElement).display") == "table-header-group"
    expect(page.locator(".desk-masthead")).to_be_hidden()
    expect(page.locator(".sheet")).to_have_count(13)


def pages(page: Page) -> int:
    """Of A4, when it is printed."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True)))


@pytest.mark.parametrize(
    ("path", "scheme"),
    [
        ("", "light"),
        ("/chasers", "dark"),
        ("/sheet", "light"),
        ("/handover", "dark"),
        ("/figures", "light"),
        ("?council=medway", "dark"),
    ],
)
def test_every_page_is_accessible_and_as_wide_as_a_phone(as_: Callable[..., Page], path: str, scheme: str):
    page = as_("eve", f"{ROOM}{path}", viewport=SMALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    assert_accessible(page, scheme=scheme)
