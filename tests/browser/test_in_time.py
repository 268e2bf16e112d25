"""The night in time in a browser: the slider leads to a moment, the chart goes on, and who comes back is told."""

import json

from playwright.sync_api import Page, expect

from tests.browser.conftest import assert_accessible
from tests.running import KENT, Server, declare

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
OVERVIEW = "/elections/kent-2023"


def test_a_slider_leads_to_a_moment_and_from_there_by_keys_to_others(server: Server, page: Page) -> None:
    with server.client() as client:
        for body in NIGHT[:8]:
            declare(client, body)
    page.goto(f"{server.url}{OVERVIEW}/time")
    assert_accessible(page)
    page.get_by_label("Wards declared").fill("3")
    expect(page.get_by_role("complementary", name="The past")).to_contain_text("As it stood at entry 3")
    slider = page.get_by_label("Wards declared")
    expect(slider).to_be_focused()
    expect(page.get_by_text("3 of 277 wards", exact=True)).to_be_visible()
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    expect(page.get_by_role("complementary", name="The past")).to_contain_text("As it stood at entry 5")
    assert_accessible(page)
    page.get_by_role("link", name="See it now").click()
    expect(page.locator("#moment-told")).to_contain_text("with 8 of 277 wards declared")


def test_the_chart_goes_on_with_the_night(server: Server, page: Page) -> None:
    page.clock.install()
    page.goto(f"{server.url}{OVERVIEW}/time")
    expect(page.locator("[data-live-pill]").first).to_have_text("Live")
    with server.client() as client:
        declare(client, NIGHT[0])
    expect(page.locator("[data-as-at]")).to_contain_text("entry 1")
    page.clock.run_for(17_000)
    expect(page.locator("#moment-told")).to_contain_text("with 1 of 277 wards declared")
    expect(page.locator(".chart-line").first).to_be_visible()
    expect(page.get_by_label("Wards declared")).to_have_value("1")


def test_who_comes_back_is_told_what_has_come_since(server: Server, page: Page) -> None:
    page.clock.install()
    with server.client() as client:
        declare(client, NIGHT[0])
        page.goto(f"{server.url}{OVERVIEW}")
        expect(page.locator("[data-live-pill]").first).to_have_text("Live")
        page.goto("about:blank")
        for body in NIGHT[1:4]:
            declare(client, body)
    page.clock.fast_forward("05:00")
    page.goto(f"{server.url}{OVERVIEW}")
    expect(page.locator("#since")).to_contain_text("3 wards")
    assert_accessible(page)
    page.get_by_role("button", name="Dismiss").click()
    expect(page.locator("#since")).to_be_hidden()


def test_what_has_come_since_goes_on_with_the_night(server: Server, page: Page) -> None:
    page.clock.install()
    with server.client() as client:
        for body in NIGHT[:2]:
            declare(client, body)
        page.goto(f"{server.url}{OVERVIEW}/since?since=1")
        expect(page.locator("#since-told")).to_contain_text("1 ward")
        expect(page.locator("[data-live-pill]").first).to_have_text("Live")
        declare(client, NIGHT[2])
    expect(page.locator("[data-as-at]")).to_contain_text("entry 3")
    page.clock.run_for(9_000)
    expect(page.locator("#since-told")).to_contain_text("2 wards")


def test_the_notice_of_the_past_fits_the_narrowest_page(server: Server, page: Page) -> None:
    with server.client() as client:
        for body in NIGHT[:2]:
            declare(client, body)
    page.set_viewport_size({"width": 320, "height": 600})
    page.goto(f"{server.url}{OVERVIEW}/next?at=1")
    told = page.locator(".moments-told")
    told.evaluate("it => it.textContent = '3,567 of 3,567 wards'")
    notice = page.get_by_role("complementary", name="The past")
    for shown in (told, page.get_by_role("link", name="See it now"), notice):
        assert shown.evaluate("it => it.getBoundingClientRect().right <= 320")
    assert page.evaluate("document.documentElement.scrollWidth <= 320")
    assert notice.evaluate("it => it.scrollHeight <= it.clientHeight")


def test_on_a_phone_the_navigation_stands_at_the_page_that_is_read(server: Server, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 600})
    page.goto(f"{server.url}{OVERVIEW}/time")
    here = page.locator(".navigation [aria-current]")
    expect(here).to_have_text("Over time")
    expect(here).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth <= 320")
