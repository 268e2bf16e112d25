"""What changes hands, before readers' eyes: the band, the title of a tab in the background, the watch list, alerts."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PHONE, WIDE, assert_accessible
from tests.browser.test_desk import NIGHT
from tests.logged import server_after
from tests.running import Server, declare

ELECTION = "/elections/kent-2023"
FLIP = "LAB gain Medway from CON"

HIDE = """
    Object.defineProperty(document, "hidden", {value: %s, configurable: true});
    document.dispatchEvent(new Event("visibilitychange"));
"""

SHIFTS = """
    window.shifts = [];
    new PerformanceObserver((list) => list.getEntries().forEach((it) => window.shifts.push(it.value)))
        .observe({type: "layout-shift", buffered: false});
"""

WORDIER = """() => {
    const item = document.querySelector("#flips .flip-item");
    const say = (part, words) => { item.querySelector(part).textContent = words; };
    say(".flip-place", "Bournemouth, Christchurch and Poole");
    say(".flip-facts", "CON, LAB and LD 17 each of 55, 6 to come, first since 1998 at least");
    const undone = item.cloneNode(true);
    undone.id = "flip-undone";
    undone.classList.add("flip-undone");
    item.before(undone);
}"""
"""The longest name and the longest facts, and before them a newer change that was undone."""


@pytest.fixture(scope="module")
def before_the_flip(tmp_path_factory) -> tuple[Path, str]:
    """A database in which Medway is one ward away from its flip, the first of the night; and a token for it."""
    folder = tmp_path_factory.mktemp("flips")
    server = server_after(21, folder)
    return folder / "night.db", server.token


@pytest.fixture
def night(before_the_flip: tuple[Path, str], tmp_path) -> Iterator[Server]:
    file, token = before_the_flip
    shutil.copy(file, tmp_path / "night.db")
    with Server(f"sqlite:///{tmp_path / 'night.db'}", token=token) as running:
        yield running


def declares(server: Server, *bodies: dict[str, Any]) -> int:
    with server.client() as client:
        return [declare(client, body)["seq"] for body in bodies][-1]


def flips(server: Server) -> int:
    return declares(server, NIGHT[21])


def be_live(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator("[data-live-pill]").first).to_have_text("Live")


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_first_change_is_seen_without_scrolling_and_nothing_moves_for_it(
    night: Server, context_of: Callable[..., BrowserContext], viewport: dict[str, int]
) -> None:
    page = context_of(viewport=viewport).new_page()
    be_live(page, night.url + ELECTION)
    expect(page.get_by_text("No council has changed hands so far")).to_be_in_viewport()
    before = page.locator(".flip-band").bounding_box()
    page.evaluate(SHIFTS)
    flips(night)
    item = page.locator("#flips .flip-item").first
    expect(item).to_contain_text("LAB gain from CON")
    expect(item).to_be_in_viewport()
    expect(page.get_by_text("No council has changed hands so far")).to_be_hidden()
    assert page.locator(".flip-band").bounding_box() == before
    assert max(page.evaluate("window.shifts"), default=0) <= 0.02
    assert_accessible(page, part=".flip-band")


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_the_band_keeps_its_height_whatever_it_says_and_its_last_place_for_what_holds(
    night: Server, context_of: Callable[..., BrowserContext], width: int
) -> None:
    flips(night)
    page = context_of(viewport={"width": width, "height": 844}).new_page()
    be_live(page, night.url + ELECTION)
    before = page.locator(".flip-band").bounding_box()
    page.evaluate(WORDIER)
    undone, standing = page.locator("#flips .flip-item").all()
    assert page.locator(".flip-band").bounding_box() == before
    for part in (".flip-place", ".badge-words"):
        assert standing.locator(part).evaluate("it => it.scrollWidth <= it.clientWidth"), f"{part} is cut"
    expect(standing).to_be_visible()
    expect(undone).to_be_visible(visible=width > PHONE["width"])
    standing.evaluate("it => it.remove()")
    expect(undone).to_be_visible()


def test_a_tab_in_the_background_says_it_in_its_title_until_it_was_looked_at(night: Server, page: Page) -> None:
    be_live(page, night.url + ELECTION)
    plain = page.title()
    page.evaluate(HIDE % "true")
    seq = flips(night)
    expect(page).to_have_title(f"{FLIP} · {plain}")
    # What is undone is no news.
    declares(night, {"kind": "withdrawal", "replaces": seq, "reason": "Another ward"})
    expect(page).to_have_title(plain)
    declares(night, NIGHT[21])
    expect(page).to_have_title(f"{FLIP} · {plain}")
    page.evaluate(HIDE % "false")
    expect(page).to_have_title(plain)


def test_a_councils_own_page_says_so_too(night: Server, page: Page) -> None:
    be_live(page, f"{night.url}{ELECTION}/councils/medway")
    plain = page.title()
    page.evaluate(HIDE % "true")
    flips(night)
    expect(page).to_have_title(f"Medway: LAB gain from CON · {plain}")


def test_what_was_undone_is_struck_with_why(night: Server, page: Page) -> None:
    be_live(page, night.url + ELECTION)
    seq = flips(night)
    expect(page.locator(f"#flip-{seq}-medway")).to_be_visible()
    declares(night, {"kind": "withdrawal", "replaces": seq, "reason": "Another ward"})
    expect(page.locator(f"#flip-{seq}-medway s")).to_have_text("Medway")
    expect(page.locator(f"#flip-{seq}-medway")).to_contain_text("Another ward")


def test_the_page_of_all_of_them_is_live_and_each_has_a_link(night: Server, page: Page) -> None:
    be_live(page, f"{night.url}{ELECTION}/flips")
    seq = flips(night)
    item = page.locator(f"#flip-{seq}-medway")
    expect(item).to_contain_text("30 of 59, 6 to come. First LAB majority since 1998 at least")
    expect(page.locator("#flips-so-far")).to_have_text("1 council has changed hands.")
    item.get_by_role("link", name="Link to").click()
    expect(page).to_have_url(f"{night.url}{ELECTION}/flips#flip-{seq}-medway")
    assert_accessible(page)


def test_a_wall_says_aloud_which_council_went_back(night: Server, page: Page) -> None:
    be_live(page, f"{night.url}{ELECTION}?view=wall")
    seq = flips(night)
    expect(page.locator("#announcer")).to_have_text(f"Medway: {FLIP.replace(' Medway', '')}.")
    declares(night, {"kind": "withdrawal", "replaces": seq, "reason": "Another ward"})
    expect(page.locator("#announcer")).to_have_text("Medway: goes back to undecided.", timeout=20_000)


TOGETHER = """
    window.told = new Set();
    const tell = () => window.told.add([
        document.getElementById("flips-so-far").textContent, document.querySelectorAll(".flips-list .flip-item").length
    ].join(" "));
    new MutationObserver(tell).observe(document.body, {childList: true, characterData: true, subtree: true});
"""


def test_the_list_and_what_is_said_of_it_come_together_though_a_page_asked_for_is_a_moment_behind(
    night: Server, page: Page
) -> None:
    url = f"{night.url}{ELECTION}/flips"
    be_live(page, url)
    earlier = [page.content()] * 3
    page.route(url, lambda route: route.fulfill(body=earlier.pop()) if earlier else route.continue_())
    page.evaluate(TOGETHER)
    flips(night)
    expect(page.locator("#flips-so-far")).to_have_text("1 council has changed hands.")
    assert earlier == []
    assert page.evaluate("[...window.told]") in (
        ["1 council has changed hands. 1"],
        ["No council has changed hands so far. 0", "1 council has changed hands. 1"],
    )


def test_a_star_puts_a_council_on_the_list_in_the_address_which_stays_as_current_as_the_board(
    night: Server, page: Page
) -> None:
    be_live(page, night.url + ELECTION)
    star = page.get_by_role("button", name="Watch Medway")
    star.click()
    expect(page).to_have_url(f"{night.url}{ELECTION}?watch=medway")
    listed = page.locator('[data-watching="medway"]')
    expect(listed).to_contain_text("21 of 24 wards")
    expect(star).to_have_attribute("aria-pressed", "true")
    flips(night)
    expect(listed).to_contain_text("LAB gain from CON")
    # The row came anew, and its star is on again.
    expect(star).to_have_attribute("aria-pressed", "true")
    assert_accessible(page, part="#watching, #row-medway")
    listed.get_by_role("link", name="Stop watching Medway").click()
    expect(listed).to_have_count(0)
    expect(page).to_have_url(f"{night.url}{ELECTION}")


def test_the_list_is_made_and_read_without_scripts(night: Server, context_of: Callable[..., BrowserContext]) -> None:
    page = context_of(java_script_enabled=False).new_page()
    page.goto(f"{night.url}{ELECTION}?watch=medway&watch=nowhere")
    page.get_by_text("Alerts").click()
    page.get_by_label("Council or party").select_option("Dover")
    page.get_by_role("button", name="Watch", exact=True).click()
    expect(page.locator("[data-watching]")).to_have_count(2)
    page.get_by_role("link", name="Stop watching Medway").click()
    expect(page.locator("[data-watching]")).to_have_count(1)
    expect(page.locator("[data-watching]")).to_contain_text("Dover")


WITH_NOTES = """
    window.notes = [];
    class Note extends EventTarget {
        static permission = "default";
        static async requestPermission() { window.isAsked = true; return (Note.permission = "%s"); }
        constructor(title, options) { super(); window.notes.push({title, ...options}); }
        close() {}
    }
    window.Notification = Note;
"""
"""Chromium without a window grants nobody a notification: what the page asks for and shows is taken down instead."""


def test_a_notification_is_asked_for_once_its_button_is_pressed_and_one_of_several_tabs_shows_it(
    night: Server, context_of: Callable[..., BrowserContext]
) -> None:
    context = context_of()
    context.add_init_script(WITH_NOTES % "granted")
    pages = [context.new_page(), context.new_page()]
    for page in pages:
        be_live(page, night.url + ELECTION)
    pages[0].get_by_text("Alerts", exact=True).click()
    button = pages[0].get_by_role("button", name="Notify me")
    expect(button).to_have_attribute("aria-pressed", "false")
    assert pages[0].evaluate("window.isAsked") is None
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(pages[0].locator("[data-alerts-state]")).to_contain_text("Notifies of every change.")
    for page in pages:
        page.evaluate("Notification.permission = 'granted'")
        page.evaluate(HIDE % "true")
    flips(night)
    for page in pages:
        expect(page.locator("#flips .flip-item")).to_have_count(1)
    pages[0].wait_for_function("() => document.title.startsWith('LAB')")
    told = [note for page in pages for note in page.evaluate("window.notes")]
    assert [note["title"] for note in told] == [FLIP]


def test_what_is_not_watched_notifies_nobody_who_watches_and_a_refusal_is_told(
    night: Server, context_of: Callable[..., BrowserContext]
) -> None:
    context = context_of()
    context.add_init_script(WITH_NOTES % "denied")
    page = context.new_page()
    be_live(page, f"{night.url}{ELECTION}?watch=dover")
    page.get_by_text("Alerts", exact=True).click()
    page.get_by_role("button", name="Notify me").click()
    expect(page.locator("[data-alerts-state]")).to_contain_text("does not let this site notify you")
    assert_accessible(page, part="#alerts")
    page.evaluate("Notification.permission = 'granted'")
    page.get_by_role("button", name="Notify me").click()
    expect(page.locator("[data-alerts-state]")).to_contain_text("Notifies of what you watch.")
    page.evaluate(HIDE % "true")
    flips(night)
    page.wait_for_function("() => document.title.startsWith('LAB')")
    assert page.evaluate("window.notes") == []


def test_sound_is_off_until_it_is_asked_for_and_remembered_for_the_election(
    night: Server, context_of: Callable[..., BrowserContext]
) -> None:
    context = context_of()
    context.add_init_script(WITH_NOTES % "granted")
    page = context.new_page()
    be_live(page, night.url + ELECTION)
    page.get_by_text("Alerts", exact=True).click()
    expect(page.locator("[data-alerts-state]")).to_contain_text("Quiet")
    page.get_by_role("button", name="Sound").click()
    expect(page.locator("[data-alerts-state]")).to_contain_text("Sounds for every change.")
    page.reload()
    page.get_by_text("Alerts", exact=True).click()
    expect(page.get_by_role("button", name="Sound")).to_have_attribute("aria-pressed", "true")
