"""A party's page and its widget on an open page: asked for as the night goes on, and readable in both themes."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import PHONE, assert_accessible
from tests.running import KENT, Server, declare

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_follows_the_night(server: Server, context_of: Callable[..., BrowserContext], theme: str) -> None:
    page = context_of(viewport=PHONE, color_scheme=theme).new_page()
    page.clock.install()
    page.goto(f"{server.url}/elections/kent-2023/parties/LAB")
    expect(page.locator("[data-live-pill]").first).to_have_text("Live")
    told = page.locator("#party .story-sentences")
    expect(told).to_contain_text("Labour Party: nothing is declared so far.")
    with server.client() as client:
        first = declare(client, NIGHT[0])
        expect(page.locator(".as-at")).to_contain_text("entry 1")
        page.clock.run_for(9_000)
        expect(told).not_to_contain_text("nothing is declared")
        declare(client, {"kind": "withdrawal", "replaces": first["seq"], "reason": "Too early", "at": NIGHT[1]["at"]})
        expect(page.locator(".as-at")).to_contain_text("entry 2")
        page.clock.run_for(9_000)
        expect(told).to_contain_text("nothing is declared")
    page.get_by_text("Share and embed").click()
    expect(page.locator("#share-line")).to_have_value(
        re.compile(r"^Labour Party: nothing is declared so far \(as at \d\d:\d\d BST, \d+ May 2023\)\.$")
    )
    assert "/embed/v1/kent-2023/parties/PP53" in page.locator("#share-script").input_value()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(page)
