"""What a reader asks of the board: in the address, followed by the scoreboard, and in an order that keeps still."""

import json

from playwright.sync_api import Page, expect

from tests.browser.conftest import assert_accessible
from tests.running import KENT, Server, declare

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
OVERVIEW = "/elections/kent-2023"
SHOW = """(isShown) => {
  Object.defineProperty(document, "hidden", { value: !isShown, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
"""As when somebody goes to another tab, and comes back."""

FLIPS = 22
"""Declarations after which Medway has changed hands."""


def be_live(page: Page, server: Server, query: str = "") -> None:
    page.clock.install()
    page.goto(f"{server.url}{OVERVIEW}{query}")
    expect(page.locator("[data-live-pill]").first).to_have_text("Live")


def order(page: Page) -> list[str]:
    slots: list[str] = page.locator("[data-slot]").evaluate_all("(slots) => slots.map((slot) => slot.dataset.slot)")
    return slots


def test_the_scoreboard_follows_what_is_asked_for_and_the_night(server: Server, page: Page) -> None:
    with server.client() as client:
        for body in NIGHT[:FLIPS]:
            declare(client, body)
        be_live(page, server)
        page.get_by_label("Gained by").select_option("PP53")
        page.clock.run_for(1_000)
        asked, whole = page.locator("#asked"), page.locator("#of-the-night")
        expect(asked).to_contain_text("Gained by LAB: 0 of 1 council declared")
        expect(whole).to_be_hidden()
        assert "gained=PP53" in page.url
        assert_accessible(page, part="#filters, #asked")
        for body in NIGHT[FLIPS:]:
            if ".medway." in body["ballot_id"]:
                declare(client, body)
        expect(page.locator("#row-medway")).to_contain_text("Majority of 7")
        page.clock.run_for(8_000)
        expect(asked).to_contain_text("Gained by LAB: 1 of 1 council declared")
        expect(whole).to_be_hidden()
        page.get_by_role("button", name="Clear").click()
        expect(whole).to_be_visible()
        expect(asked).to_be_hidden()


def test_whoever_has_come_to_gain_something_is_offered_as_the_form_is_opened(server: Server, page: Page) -> None:
    with server.client() as client:
        be_live(page, server)
        options = page.locator("select[name=gained] option:is([value=PP53], [value=PP85])")
        # As where many parties stand.
        options.evaluate_all("(options) => options.forEach((it) => { it.hidden = true; })")
        for body in NIGHT[:FLIPS]:
            declare(client, body)
        expect(page.locator("#row-medway")).to_contain_text("LAB gain from CON")
        page.get_by_label("Gained by").focus()
        assert options.evaluate_all("(options) => options.map((it) => [it.value, it.hidden])") == [
            ["PP53", False],
            ["PP85", True],
        ]


def test_a_cell_of_who_took_what_from_whom_leads_to_those_councils(server: Server, page: Page) -> None:
    with server.client() as client:
        for body in NIGHT[:FLIPS]:
            declare(client, body)
    page.goto(f"{server.url}{OVERVIEW}")
    page.get_by_role("link", name="1 to LAB").click()
    assert page.locator("[id^='row-']:visible").evaluate_all("(rows) => rows.map((row) => row.id)") == ["row-medway"]
    expect(page.get_by_label("Lost by")).to_have_value("PP52")
    expect(page.locator("#asked")).to_contain_text("Gained by LAB from CON")


def test_the_board_does_not_move_while_it_is_seen_and_is_in_order_for_whoever_comes_back(
    server: Server, page: Page
) -> None:
    with server.client() as client:
        be_live(page, server)
        first, button = order(page), page.get_by_role("button", name="New order")
        expect(button).to_be_hidden()
        for body in NIGHT[:30]:
            declare(client, body)
        expect(button).to_be_visible()
        assert order(page) == first
        button.click()
        expect(button).to_be_hidden()
        wanted = order_of_a_fresh_page(server, page)
        assert order(page) == wanted != first
        page.mouse.move(5, 5)
        page.evaluate(SHOW, False)
        for body in NIGHT[30:60]:
            declare(client, body)
        now = order_of_a_fresh_page(server, page)
        assert now != wanted
        page.evaluate(SHOW, True)
        page.wait_for_function(
            "(wanted) => [...document.querySelectorAll('[data-slot]')].map((it) => it.dataset.slot).join() === wanted",
            arg=",".join(now),
        )


def order_of_a_fresh_page(server: Server, page: Page) -> list[str]:
    with page.context.new_page() as other:
        other.goto(f"{server.url}{OVERVIEW}")
        return order(other)
