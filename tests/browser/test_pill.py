"""What a page says of itself when the network goes, and when nothing is heard."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.browser.test_public_pages import MEDWAY, NIGHT, OVERVIEW, be_live
from tests.running import Server, declare

PAGES = [OVERVIEW, f"{OVERVIEW}?view=wall", MEDWAY, f"{OVERVIEW}/contests/{NIGHT[0]['ballot_id']}"]
WIDGETS = ["/embed/v1/kent-2023/overview", "/embed/v1/kent-2023/council/medway"]
LONG_BEFORE_IT_WOULD_ASK_AGAIN = 20_000
AT_ONCE = 8_000
"""Milliseconds, and no silence that a page would notice by itself."""


def pill(page: Page) -> Locator:
    return page.locator("[data-live-pill], [data-pill]").first


def test_every_page_hears_at_once_that_the_network_is_gone_and_that_it_is_back(
    server: Server, context_of: Callable[..., BrowserContext]
) -> None:
    reader = context_of()
    pages = {path: reader.new_page() for path in (*PAGES, *WIDGETS)}
    for path, page in pages.items():
        page.goto(server.url + path)
        expect(pill(page)).to_have_text("Live")
    reader.set_offline(True)
    for path, page in pages.items():
        is_widget = path in WIDGETS
        expect(pill(page)).to_have_text("Not updating" if is_widget else "Offline", timeout=AT_ONCE)
        expect(pill(page)).to_have_attribute("data-state", "stale" if is_widget else "offline")
    expect(pages[MEDWAY].locator("#announcer")).to_contain_text("The connection is lost")
    with server.client() as client:
        declare(client, NIGHT[0])
    reader.set_offline(False)
    for page in pages.values():
        expect(pill(page)).to_have_text("Live")
    expect(pages[OVERVIEW].locator("#latest")).to_contain_text("Medway")
    expect(pages[MEDWAY].locator("#announcer")).to_contain_text("Live again")


def test_a_page_that_its_browser_kept_is_live_again_and_has_missed_nothing(server: Server, page: Page) -> None:
    """Told as a browser tells it; not every one that can be driven keeps pages."""
    be_live(page, server.url + OVERVIEW)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    expect(pill(page)).to_have_text("Reconnecting")
    with server.client() as client:
        for body in NIGHT[:22]:
            declare(client, body)
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
        expect(page.locator("#flips")).to_contain_text("LAB gain from CON")
        expect(pill(page)).to_have_text("Live")
        seq = declare(client, NIGHT[22])["seq"]
    expect(page.locator(f"#latest-{seq}")).to_be_attached()


def test_a_page_waits_for_beats_that_come_seldom_and_no_longer(tmp_path, page: Page) -> None:
    """Beats that do not come are what a half-open connection looks like."""
    with Server(f"sqlite:///{tmp_path / 'night.db'}", beat_seconds=60) as server:
        page.clock.install()
        be_live(page, server.url + OVERVIEW)
        page.clock.run_for(60_000)
        expect(pill(page)).to_have_text("Live")
        page.clock.run_for(6_000)
        expect(pill(page)).to_contain_text("Stale since")
        page.goto(server.url + WIDGETS[0])
        expect(pill(page)).to_have_text("Live")
        page.clock.run_for(60_000)
        expect(pill(page)).to_have_text("Live")
        page.clock.run_for(6_000)
        expect(pill(page)).to_have_text("Not updating")


def test_a_page_is_live_though_its_scripts_come_one_by_one(server: Server, page: Page) -> None:
    """On a slow line htmx has begun before its extension is there: the page then connected half a minute later."""

    def late(route: Route) -> None:
        page.wait_for_function("() => typeof htmx === 'object'")
        page.evaluate("() => new Promise(begun => setTimeout(begun, 100))")
        route.continue_()

    page.route("**/hx-ws-*.js", late)
    page.goto(server.url + OVERVIEW, wait_until="commit")
    expect(pill(page)).to_have_text("Live", timeout=LONG_BEFORE_IT_WOULD_ASK_AGAIN)
