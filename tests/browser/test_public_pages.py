"""The public pages in a real browser: live, honest about being live, and readable by everybody."""

import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PHONE, assert_accessible
from tests.counts import IS_LONG_RUN
from tests.logged import server_after
from tests.promises import Reached
from tests.running import KENT, Server, declare

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
OVERVIEW = "/elections/kent-2023"
MEDWAY = f"{OVERVIEW}/councils/medway"
SEASALTER = next(body for body in NIGHT if ".seasalter." in body["ballot_id"])
FRAGMENTS = (
    "#progress, #progress-line, #strip, #flips, #scoreboard, #scoreboard-notes, #control-changes, #ticker, #latest, "
    "[id^='row-']"
)


@pytest.fixture(scope="module")
def half_way(tmp_path_factory) -> Iterator[Server]:
    """A server that is only read from: Medway is declared, a lot was drawn, a ward corrected, another countermanded."""
    with server_after(80, tmp_path_factory.mktemp("half")) as running:
        with running.client() as client:
            votes = NIGHT[30]["votes"]
            last = min(votes, key=votes.__getitem__)
            counted_twice = {"votes": {**votes, last: votes[last] - 1}, "reason": "A paper was counted twice."}
            declare(client, {**NIGHT[30], "kind": "correction", "replaces": 31, **counted_twice})
            ballot = NIGHT[100]["ballot_id"]
            declare(client, {"kind": "status", "ballot_id": ballot, "status": "countermanded"})
            declare(client, {"kind": "status", "ballot_id": NIGHT[120]["ballot_id"], "status": "recount"})
            declare(client, {"kind": "note", "text": "Turnout looks high in Thanet."})
            tally = {"kind": "tally", "council_id": "maidstone", "seats": {"PP52": 24, "PP90": 10, "ynmp-party:2": 8}}
            declare(client, {**tally, "seats": {**tally["seats"], "PP53": 5, "PP63": 2}, "complete": False})
        yield running


def be_live(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator("[data-live-pill]").first).to_have_text("Live")


TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""By then every item of a list is where it stands."""


def shown(page: Page) -> dict[str, str]:
    """Every fragment of the dashboard as the browser has it, without what the browser itself adds."""
    page.evaluate(TWO_FRAMES)
    script = """selector => Object.fromEntries([...document.querySelectorAll(selector)].map(element => {
        const copy = element.cloneNode(true);
        for (const part of [copy, ...copy.querySelectorAll('*')]) {
            part.classList.remove('is-flipping', 'htmx-settling', 'htmx-added', 'htmx-swapping');
            for (const name of [...part.getAttributeNames()]) {
                if (name.startsWith('data-htmx')) part.removeAttribute(name);
            }
            if (part.getAttribute('class') === '') part.removeAttribute('class');
            // In which order attributes came means nothing.
            const attributes = [...part.attributes].sort((one, other) => (one.name < other.name ? -1 : 1));
            for (const { name } of attributes) part.removeAttribute(name);
            for (const { name, value } of attributes) part.setAttribute(name, value);
        }
        return [element.id, copy.outerHTML];
    }))"""
    fragments: dict[str, str] = page.evaluate(script, FRAGMENTS)
    return fragments


def test_a_declaration_flips_the_badge_on_a_page_that_is_open(server: Server, page: Page) -> None:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    with server.client() as client:
        for body in NIGHT[:21]:
            declare(client, body)
        be_live(page, server.url + OVERVIEW)
        row = page.locator("#row-medway")
        expect(row).not_to_contain_text("gain from CON")
        declare(client, NIGHT[21])
        expect(row).to_contain_text("LAB gain from CON")
        expect(page.locator("#ticker li").first).to_contain_text("LAB gain Medway from CON")
        expect(page.locator("#scoreboard")).to_contain_text("LAB")
        declare(client, {"kind": "withdrawal", "replaces": 22, "reason": "Read out too early."})
        expect(row).not_to_contain_text("gain from CON")
        expect(page.locator("#ticker")).to_contain_text("Read out too early.")
        declare(client, NIGHT[21])
        expect(row).to_contain_text("LAB gain from CON")
    live = shown(page)
    page.reload()
    assert shown(page) == live, "a page that listened is the page that is loaded afresh"
    assert faults == []


def test_the_pill_tells_the_truth_and_the_page_comes_back_by_itself(server: Server, page: Page) -> None:
    be_live(page, server.url + MEDWAY)
    pill = page.locator("[data-live-pill]").first
    server.kill()
    expect(pill).to_have_text("Reconnecting")
    server.start()
    with server.client() as client:
        for body in NIGHT[:22]:
            declare(client, body)
    expect(pill).to_have_text("Live")
    expect(page.locator("main")).to_contain_text("LAB gain from CON")


@pytest.mark.promise("A page says when it is stale", wanted="15 s after the last beat")
def test_a_silent_socket_is_called_stale(server: Server, page: Page, reached: Reached) -> None:
    """A server that hangs is what a half-open connection looks like: no beat comes, and no close."""
    page.clock.install()
    be_live(page, server.url + OVERVIEW)
    os.kill(server.pid, signal.SIGSTOP)
    try:
        page.clock.run_for(15_000)
        expect(page.locator("[data-live-pill]").first).to_contain_text("Stale since")
    finally:
        os.kill(server.pid, signal.SIGCONT)
    reached("a socket that fell silent: said after 15 s")


@pytest.mark.promise("A page says when it is stale", wanted="15 s after the last beat")
def test_a_page_is_stale_when_its_server_has_lost_the_database(tmp_path, page: Page, reached: Reached) -> None:
    """The process lives, the socket was open: only the log is not known any more."""
    file = tmp_path / "night.db"
    with Server(f"sqlite:///{file}", beat_seconds=0.2) as server:
        page.clock.install()
        pill = page.locator("[data-live-pill]").first
        be_live(page, server.url + OVERVIEW)
        file.rename(tmp_path / "away.db")
        expect(pill).to_have_attribute("data-state", re.compile("reconnecting|stale"))
        page.clock.run_for(16_000)
        expect(pill).to_contain_text("Stale since")
        (tmp_path / "away.db").rename(file)
        page.clock.run_for(60_000)
        expect(pill).to_have_text("Live")
    reached("a database that went: said within 16 s of that")


def test_pausing_stops_the_page_and_going_on_replays_what_was_missed(server: Server, page: Page) -> None:
    be_live(page, server.url + OVERVIEW)
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("[data-live-pill]").first).to_have_text("Paused")
    with server.client() as client:
        for body in NIGHT[:3]:
            declare(client, body)
        page.wait_for_timeout(500)
        assert "Medway" not in page.locator("#latest").inner_text()
        page.get_by_role("button", name="Resume").click()
        expect(page.locator("#latest")).to_contain_text("Medway")
        expect(page.locator("[data-live-pill]").first).to_have_text("Live")


@pytest.mark.parametrize("path", [OVERVIEW, MEDWAY, f"{OVERVIEW}/contests/{SEASALTER['ballot_id']}"])
def test_every_page_reads_without_javascript(
    half_way: Server, context_of: Callable[..., BrowserContext], path: str
) -> None:
    page = context_of(java_script_enabled=False).new_page()
    page.goto(half_way.url + path)
    words = page.locator("main").inner_text()
    for expected in {
        OVERVIEW: ["LAB gain from CON", "Medway", "Councils", "new boundaries", "LAB gain Medway from CON"],
        MEDWAY: ["LAB passed the line of 30 at", "with 6 seats still out", "on 33 of 59", "CON held it before", "2003"],
    }.get(path, ["825", "by lot", "Cornell, C."]):
        assert expected in words


def test_filters_work_without_javascript_and_are_links(half_way: Server, context_of) -> None:
    page = context_of(java_script_enabled=False).new_page()
    page.goto(f"{half_way.url}{OVERVIEW}?state=flipped")
    rows = page.locator("[id^='row-']:visible")
    assert {row.get_attribute("id") for row in rows.all()} == {"row-medway"}


def test_finding_a_council_by_keyboard_writes_a_link(half_way: Server, page: Page) -> None:
    be_live(page, half_way.url + OVERVIEW)
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.type("swa")
    expect(page.locator("[id^='row-']:visible")).to_have_count(1)
    expect(page.locator("#row-swale")).to_be_visible()
    assert "swa" in page.evaluate("location.search")


def test_a_flash_line_is_copied_in_one_click(half_way: Server, context_of) -> None:
    context = context_of(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    be_live(page, half_way.url + OVERVIEW)
    page.get_by_role("button", name="Copy: LAB gain Medway from CON").click()
    assert page.evaluate("navigator.clipboard.readText()") == "LAB gain Medway from CON"


PAGES = [
    OVERVIEW,
    f"{OVERVIEW}?convention=pa&state=counting&sort=updated",
    f"{OVERVIEW}?view=wall",
    MEDWAY,
    f"{OVERVIEW}/councils/maidstone",
    f"{OVERVIEW}/councils/canterbury",
    f"{OVERVIEW}/contests/{SEASALTER['ballot_id']}",
    f"{OVERVIEW}/contests/{NIGHT[30]['ballot_id']}",
    f"{OVERVIEW}/contests/{NIGHT[100]['ballot_id']}",
    f"{OVERVIEW}/contests/{NIGHT[276]['ballot_id']}",
    "/elections/nothing",
]


EVERY_DAY = {
    OVERVIEW: None,
    MEDWAY: "dark",
    f"{OVERVIEW}/councils/maidstone": "light",
    PAGES[6]: "light",
    PAGES[8]: "dark",
    PAGES[-1]: None,
}
"""Of every template, with all that can stand in it, in both colour schemes; the others in the long run alone."""


@pytest.mark.parametrize("path", PAGES if IS_LONG_RUN else EVERY_DAY)
def test_axe_finds_nothing_to_mend(half_way: Server, page: Page, path: str) -> None:
    page.goto(half_way.url + path)
    assert_accessible(page, scheme=EVERY_DAY.get(path))


def test_nothing_is_wider_than_a_phone(half_way: Server, context_of) -> None:
    page = context_of(viewport=PHONE).new_page()
    for path in PAGES:
        page.goto(half_way.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path


def test_public_pages_set_no_cookie_and_ask_nobody_else(half_way: Server, context_of) -> None:
    context = context_of()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    be_live(page, half_way.url + OVERVIEW)
    assert context.cookies() == []
    assert [url for url in asked if not url.startswith((half_way.url, f"ws://127.0.0.1:{half_way.port}"))] == []


def test_thirteen_councils_print_on_two_pages(half_way: Server, context_of, tmp_path) -> None:
    page = context_of().new_page()
    page.goto(half_way.url + OVERVIEW)
    file = tmp_path / "night.pdf"
    page.pdf(path=file, format="A4")
    pages = Path(file).read_bytes().count(b"/Type /Page\n")
    assert 1 <= pages <= 2
