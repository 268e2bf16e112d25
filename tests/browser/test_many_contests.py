"""A parliament in a real browser: its constituencies are found, narrowed and paged, and what was asked for stays."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PHONE, assert_accessible
from tests.parliament import COMMONS, SLUG, declarations, parliament
from tests.running import Server, declare, load

COUNCIL = f"/elections/{SLUG}/councils/{COMMONS}"
ELECTION = parliament()
BODIES = list(declarations(ELECTION))
BEFORE = 40
"""Declared before anybody looks."""


@pytest.fixture(scope="module")
def commons(tmp_path_factory) -> Iterator[Server]:
    database = f"sqlite:///{tmp_path_factory.mktemp('parliament') / 'night.db'}"
    load(database, ELECTION)
    with Server(database, bundle=None) as running:
        with running.client() as client:
            for body in BODIES[:BEFORE]:
                declare(client, body, slug=SLUG)
        yield running


def named(body: dict[str, Any]) -> str:
    return ELECTION.contest(body["ballot_id"]).ward


def be_live(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator("[data-live-pill]").first).to_have_text("Live")


def line(page: Page, body: dict[str, Any]):
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=named(body), exact=True))


def test_constituencies_are_found_narrowed_and_paged_without_leaving_the_page(commons: Server, page: Page) -> None:
    be_live(page, commons.url + COUNCIL)
    page.evaluate("window.stayed = true")
    count = page.locator(".contests-count")
    expect(count).to_have_text("1 to 50 of 650 constituencies")
    page.get_by_role("navigation", name="Pages of").get_by_role("link", name="Next").click()
    expect(count).to_have_text("51 to 100 of 650 constituencies")
    expect(page).to_have_url(f"{commons.url}{COUNCIL}?page=2")
    page.get_by_role("searchbox").fill("ashfield no")
    expect(count).to_have_text("1 constituency found, of 650")
    expect(page).to_have_url(f"{commons.url}{COUNCIL}?q=ashfield+no")
    page.get_by_role("link", name="Clear").click()
    page.get_by_label("State").select_option("Declared")
    expect(count).to_contain_text(" constituencies found, of 650")
    expect(page.locator("#feedback")).to_contain_text(" constituencies found, of 650")
    expect(page.locator("#contests")).not_to_contain_text("Not yet")
    assert page.evaluate("window.stayed")
    assert_accessible(page)


def test_a_declaration_comes_into_a_list_that_is_narrowed_and_leaves_another(
    commons: Server, context_of: Callable[..., BrowserContext]
) -> None:
    new, asked = BODIES[BEFORE], f"?q={named(BODIES[BEFORE]).split()[0]}"
    declared, to_come, alone = (context_of().new_page() for _ in range(3))
    be_live(declared, f"{commons.url}{COUNCIL}{asked}&state=declared")
    be_live(to_come, f"{commons.url}{COUNCIL}{asked}&state=awaiting")
    be_live(alone, f"{commons.url}/elections/{SLUG}/contests/{new['ballot_id']}")
    expect(line(declared, new)).to_have_count(0)
    expect(line(to_come, new)).to_contain_text("Not yet")
    to_come.get_by_role("searchbox").focus()
    with commons.client() as client:
        declare(client, new, slug=SLUG)
    winner = ELECTION.contest(new["ballot_id"]).candidacies_by_id[max(new["votes"], key=new["votes"].__getitem__)]
    expect(line(declared, new)).to_contain_text(winner.name)
    expect(line(to_come, new)).to_have_count(0)
    expect(to_come.get_by_role("searchbox")).to_be_focused()
    expect(alone.locator(".candidates .is-elected")).to_contain_text(winner.name)
    for page in (declared, to_come):
        assert asked in page.url


def test_lines_that_are_not_on_the_page_are_passed_over(commons: Server, page: Page) -> None:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    here, elsewhere = BODIES[BEFORE + 1], BODIES[BEFORE + 2]
    be_live(page, f"{commons.url}{COUNCIL}?q={named(here)}")
    before = page.locator("#contests .listed").count()
    with commons.client() as client:
        declare(client, elsewhere, slug=SLUG)
        declare(client, here, slug=SLUG)
    expect(line(page, here)).not_to_contain_text("Not yet")
    assert page.locator("#contests .listed").count() == before
    assert faults == []


def test_without_scripts_the_list_is_a_form_and_links(
    commons: Server, context_of: Callable[..., BrowserContext]
) -> None:
    page = context_of(java_script_enabled=False, viewport=PHONE).new_page()
    page.goto(commons.url + COUNCIL)
    page.get_by_label("State").select_option("To come")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("navigation", name="Pages of").get_by_role("link", name="Next").click()
    expect(page.locator(".contests-count")).to_contain_text("51 to 100 of ")
    assert "state=awaiting&page=2" in page.url
    expect(page.get_by_label("State")).to_have_value("awaiting")
