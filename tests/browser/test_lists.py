"""Lists in a real browser: however they were told, they are those of a page that is loaded afresh."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.test_public_pages import NIGHT, OVERVIEW, be_live, shown
from tests.running import Server, declare
from tests.watching import Watcher

BEGUN, MIDNIGHT = 22, 30
LIVE = "/live/kent-2023/overview"

FORGET = """() => document.addEventListener('htmx:ws:before:connection', ({ detail }) => {
    const url = new URL(detail.connection.url);
    url.searchParams.delete('since');
    detail.connection.url = url.href;
})"""
"""Who does not say where it stands is sent everything."""

AGAIN = """async content => {
    const script = document.querySelector('script[src*="/js/live"]').src;
    const { makeRoom, settle } = await import(script.replace(/live[^/]*$/, 'lists.js'));
    const live = document.getElementById('live');
    makeRoom(content);
    await htmx.swap({ sourceElement: live, target: live, swap: 'innerHTML swapEmpty:false', text: content });
    settle();
}"""
"""What the page does with the content of a message."""


def the_night_goes_on(server: Server) -> None:
    """Wards, then a correction, a ward withdrawn, and all that came after another taken back."""
    with server.client() as client:
        for body in NIGHT[BEGUN:MIDNIGHT]:
            declare(client, body)
        votes = NIGHT[20]["votes"]
        last = min(votes, key=votes.__getitem__)
        counted = {"votes": {**votes, last: votes[last] - 1}, "reason": "A paper was counted twice."}
        declare(client, {**NIGHT[20], "kind": "correction", "replaces": 21, **counted})
        declare(client, {"kind": "withdrawal", "replaces": 22, "reason": "Read out too early."})
        declare(client, {"kind": "withdrawal", "since": MIDNIGHT - 5, "reason": "A box was found."})


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    with Server(f"sqlite:///{tmp_path / 'night.db'}") as running:
        with running.client() as client:
            for body in NIGHT[:BEGUN]:
                declare(client, body)
        yield running


def test_lists_are_those_of_a_fresh_page_however_they_were_told(
    server: Server, context_of: Callable[..., BrowserContext]
) -> None:
    listening, resuming, forgetful, fresh = (context_of().new_page() for _ in range(4))
    for page in (listening, resuming, forgetful):
        be_live(page, server.url + OVERVIEW)
    forgetful.evaluate(FORGET)
    focused = listening.locator("#ticker button").first
    focused.focus()
    name = focused.get_attribute("id")
    for page in (resuming, forgetful):
        page.get_by_role("button", name="Pause").click()
    with Watcher(server.url, LIVE) as watcher:
        watcher.wait_until(lambda it: it.seq is not None)
        the_night_goes_on(server)
        watcher.wait_for(MIDNIGHT + 3)
        told = [message["content"] for message in watcher.messages if message["kind"] == "update"]
    for page in (resuming, forgetful):
        page.get_by_role("button", name="Resume").click()
    be_live(fresh, server.url + OVERVIEW)
    for page in (listening, resuming, forgetful):
        expect(page.locator("#ticker")).to_contain_text("A box was found.")
        assert shown(page) == shown(fresh)
    assert listening.evaluate("document.activeElement.id") == name
    for content in told[-3:]:
        listening.evaluate(AGAIN, content)
    assert shown(listening) == shown(fresh), "what is pushed twice is as if pushed once"
