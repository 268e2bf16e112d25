"""Why? A receipt is opened where a result stands, by mouse and by keyboard, and says when it is true no more."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, assert_accessible
from tests.running import KENT, Server, declare

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
OVERVIEW = "/elections/kent-2023"
FLIPPED = 22
"""Declarations after which Medway has changed hands."""


@pytest.fixture
def night(server: Server) -> Server:
    with server.client() as client:
        for body in NIGHT[:FLIPPED]:
            declare(client, body)
    return server


def test_a_badge_is_asked_by_keyboard_and_told_where_it_stands(night: Server, page: Page) -> None:
    page.goto(f"{night.url}{OVERVIEW}")
    expect(page.locator("[data-live-pill]").first).to_have_text("Live")
    badge = page.get_by_role("row", name="Medway").get_by_role("button", name="Why? LAB gain from CON")
    badge.focus()
    page.keyboard.press("Enter")
    told = page.get_by_role("dialog", name="Why “LAB gain from CON”?")
    expect(told).to_contain_text("LAB has 30, whatever becomes of the 6 seats to come")
    assert_accessible(page)
    # What is open stays as it was: a correction that lands is told, and taken when the reader says so.
    with night.client() as client:
        body = {"kind": "withdrawal", "replaces": FLIPPED, "reason": "Read out too early."}
        declare(client, body)
    changed = told.get_by_role("status")
    expect(changed).to_contain_text(f"This has changed since, entry {FLIPPED + 1}.")
    changed.get_by_role("button").click()
    expect(page.get_by_role("dialog")).to_contain_text("Why is control undecided?")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    # The row has come anew since: its badge is a button again, and has the focus back.
    expect(page.get_by_role("row", name="Medway").get_by_role("button", name="Why?")).to_be_focused()


def test_on_a_phone_it_is_a_sheet_of_its_width(night: Server, page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{night.url}{OVERVIEW}/councils/medway")
    page.get_by_role("link", name="Why?").click()
    told = page.get_by_role("dialog")
    expect(told).to_contain_text("LAB passed the line of 30")
    box = told.bounding_box()
    assert box is not None
    assert box["x"] == 0
    assert box["y"] + box["height"] == PHONE["height"]
    assert told.evaluate("it => it.scrollWidth <= it.clientWidth")
    told.get_by_role("button", name="Close").click()
    expect(told).to_be_hidden()


def test_a_total_is_told_in_place_and_leads_to_a_page_of_its_own(night: Server, page: Page) -> None:
    page.goto(f"{night.url}{OVERVIEW}?convention=pa")
    page.get_by_role("button", name="Why? LAB", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("Why LAB 1 council and 30 seats?")
    page.get_by_role("link", name="As a page").click()
    expect(page).to_have_url(re.compile(r"/parties/PP53/why\?convention=pa$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Why LAB 1 council and 30 seats?")


def test_a_change_of_the_scoreboard_answers_a_click(night: Server, page: Page) -> None:
    page.goto(f"{night.url}{OVERVIEW}")
    page.locator("#scoreboard tr", has_text="LAB").locator("td").last.click()
    expect(page.get_by_role("dialog")).to_contain_text("Labour")
