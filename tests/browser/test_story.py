"""The night so far on an open page: asked for as the night goes on, folded on a phone, copied with one click."""

import json

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, assert_accessible
from tests.running import KENT, Server, declare

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
OVERVIEW = "/elections/kent-2023"
FLIPS = 22
"""Declarations after which Medway has changed hands."""


def be_live(page: Page, server: Server, path: str = OVERVIEW) -> None:
    page.clock.install()
    page.goto(f"{server.url}{path}")
    expect(page.locator("[data-live-pill]").first).to_have_text("Live")


def test_the_night_so_far_follows_the_night(server: Server, page: Page) -> None:
    be_live(page, server)
    story = page.locator("#story")
    expect(story).to_contain_text("Medway was expected next")
    with server.client() as client:
        for body in NIGHT[: FLIPS - 1]:
            declare(client, body)
        expect(page.locator("#progress")).to_contain_text("21")
        page.clock.run_for(9_000)
        expect(story).to_contain_text("no council had changed hands")
        declare(client, NIGHT[FLIPS - 1])
    expect(page.locator("#flips")).to_contain_text("Medway")
    # What changes hands is asked for at once.
    page.clock.run_for(1_500)
    expect(story).to_contain_text("Labour gained Medway from the Conservatives")
    assert_accessible(page)


def test_a_council_tells_its_story_as_it_comes(server: Server, page: Page) -> None:
    be_live(page, server, f"{OVERVIEW}/councils/medway")
    story = page.locator("#story")
    expect(story).to_contain_text("Medway: no result yet")
    with server.client() as client:
        declare(client, NIGHT[0])
    expect(page.locator("[id^=verdict]")).to_contain_text("1 of")
    page.clock.run_for(9_000)
    expect(story).to_contain_text("1 of 24 wards had been declared")


def test_on_a_phone_it_is_folded_and_a_link_to_it_opens_it(server: Server, page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{server.url}{OVERVIEW}")
    story = page.locator("#story")
    expect(story).to_be_hidden()
    page.get_by_role("navigation", name="Kent council elections 2023").get_by_text("The night so far").click()
    expect(story).to_be_visible()
    assert_accessible(page)


def test_all_of_it_is_copied_with_one_click(server: Server, page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{server.url}{OVERVIEW}")
    page.get_by_role("button", name="Copy all of it").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(
        "In 13 councils 523 seats, in 277 wards, were up on 4 May 2023. The Conservatives defended"
    )
