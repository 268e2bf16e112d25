"""Every widget in articles of every width, live; and the page on which an editor chooses one, by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import BEFORE_THE_FLIP, NIGHT, PHONE, assert_accessible
from tests.browser.test_embeds import Watch, flip
from tests.elsewhere import Elsewhere
from tests.running import Server

AT = "/embed/v1/kent-2023"
WARD = NIGHT[BEFORE_THE_FLIP]["ballot_id"]
"""Of the declaration that flips Medway."""
LIVE = {
    "overview": (".flip-item", "LAB gain from CON"),
    "overview?show=all": ("#row-medway .badge", "LAB gain from CON"),
    "overview?region=South+East": ("#row-medway .badge", "LAB gain from CON"),
    "scoreboard": ("#score-PP53 td:nth-of-type(1)", "1"),
    "ticker": (".line-loud", "LAB gain Medway from CON"),
    "council/medway/line": (".badge", "LAB gain from CON"),
    f"contest/{WARD}": (".contest-status", "Declared"),
}
"""Where the flip is told by a socket."""
ASKING = {"number/changes": "1 council has changed hands", "parties/LAB": "Medway LAB gain from CON"}
"""What asks for itself."""
SHORT = 760
"""CSS pixels that the night in short is high at most, in the narrowest place, with its three changes."""

Contexts = Callable[..., BrowserContext]


def articles(server: Server, *widgets: str) -> str:
    """An article with all of these."""
    hosts = "".join(f'<div data-election-embed="{server.url}{AT}/{it}" title="{it}"></div>' for it in widgets)
    return f'{hosts}<script async src="{server.url}/embed.js"></script>'


def test_a_flip_arrives_in_every_widget_of_an_article_and_keeps_nothing(night: Server, context_of: Contexts) -> None:
    with Elsewhere() as elsewhere:
        context = context_of(viewport={"width": 700, "height": 6_000})
        page = context.new_page()
        watch = Watch(page, night.url, elsewhere.url)
        page.goto(elsewhere.article("/all", articles(night, *LIVE, "scoreboard?background=1b3a57&accent=f00")))
        frames = [page.frame_locator("iframe").nth(at) for at in range(len(LIVE))]
        for frame in frames:
            expect(frame.locator("[data-pill]")).to_have_text("Live")
        flip(night)
        for frame, (place, words) in zip(frames, LIVE.values(), strict=True):
            expect(frame.locator(place).first).to_contain_text(words)
        expect(page.frame_locator("iframe").last.locator("body")).to_have_css("background-color", "rgb(27, 58, 87)")
        assert context.storage_state() == {"cookies": [], "origins": []}
        watch.asks_nobody_else()
        assert watch.faults == []


@pytest.mark.parametrize("path", ASKING)
def test_one_of_which_nothing_is_pushed_asks(night: Server, context_of: Contexts, path: str) -> None:
    page = context_of().new_page()
    page.clock.install()
    page.goto(f"{night.url}{AT}/{path}?live=ws")
    expect(page.locator("[data-pill]")).to_have_text("Live")
    flip(night)
    page.clock.run_for(30_000)
    expect(page.locator("main")).to_contain_text(ASKING[path], use_inner_text=True)


def test_every_widget_fits_its_place_and_the_night_in_short_is_short(quiet: Server, context_of: Contexts) -> None:
    page = context_of(viewport=PHONE).new_page()
    for path in (*LIVE, *ASKING, "overview?show=tiles", "council/medway", "number/seats?party=LAB"):
        page.goto(f"{quiet.url}{AT}/{path}{'&' if '?' in path else '?'}live=off")
        for width in (280, 320, 650, 960):
            page.set_viewport_size({"width": width, "height": 800})
            wide, high = page.evaluate("[document.documentElement.scrollWidth, document.body.offsetHeight]")
            assert wide <= width, (path, width)
            assert path != "overview" or high <= SHORT, (width, high)
        assert_accessible(page)


def test_the_parties_of_the_night_in_short_open_without_scripts(quiet: Server, context_of: Contexts) -> None:
    page = context_of(java_script_enabled=False).new_page()
    page.goto(f"{quiet.url}{AT}/overview")
    rows = page.locator("#scoreboard tr:visible")
    expect(rows).to_have_count(5)
    page.get_by_text("All parties and notes").click()
    assert rows.count() > 5
    expect(page.get_by_role("link", name="All 13 councils")).to_be_visible()


def test_an_editor_chooses_by_keyboard_and_takes_the_code(quiet: Server, page: Page) -> None:
    page.goto(f"{quiet.url}/embed")
    page.get_by_label("Widget", exact=True).focus()
    page.keyboard.type("One council in")
    expect(page.locator("#customiser-said")).to_have_text("Shown: One council in a line")
    expect(page.get_by_label("Widget", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Council", exact=True)).to_be_focused()
    page.keyboard.type("Medway")
    expect(page.frame_locator("iframe").locator("h1")).to_contain_text("Medway")
    page.get_by_label("Accent", exact=True).focus()
    page.keyboard.type("ffcc00")
    page.keyboard.press("Enter")
    expect(page.locator(".customiser-told").first).to_contain_text("is used instead")
    wanted = f"{quiet.url}{AT}/council/medway/line?accent=ffcc00"
    expect(page.get_by_label("WordPress, Ghost", exact=False).first).to_have_value(wanted)
    assert "council=medway" in page.url
    assert "accent=ffcc00" in page.url
    assert_accessible(page)


def test_the_form_works_on_a_phone_without_scripts(quiet: Server, context_of: Contexts) -> None:
    page = context_of(java_script_enabled=False, viewport=PHONE).new_page()
    page.goto(f"{quiet.url}/embed")
    page.get_by_label("Widget", exact=True).select_option("contest")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_label("Ward", exact=True)).to_be_visible()
    expect(page.frame_locator("iframe").locator(".candidates")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
