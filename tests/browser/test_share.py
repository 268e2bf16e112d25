"""The share panel in a real browser: what it gives to copy, and that this is what the page shows now."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, assert_accessible
from tests.logged import server_after
from tests.running import KENT, Server, declare

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
OVERVIEW = "/elections/kent-2023"
MEDWAY = f"{OVERVIEW}/councils/medway"
SWALE = f"{OVERVIEW}/councils/swale"
WIDGET = "/embed/v1/kent-2023"


@pytest.fixture(scope="module")
def flipped(tmp_path_factory) -> Iterator[Server]:
    """A server that is only read from: Medway has flipped, everything else is to come."""
    with server_after(22, tmp_path_factory.mktemp("share")) as running:
        yield running


def opened(page: Page, url: str) -> Locator:
    """The panel of a page, opened by keyboard, with its preview there."""
    page.goto(url)
    page.locator("#share summary").press("Enter")
    panel = page.locator("#share")
    expect(panel).to_have_attribute("open", "")
    expect(page.frame_locator("#share iframe").locator("h1")).to_be_visible()
    return panel


def field(panel: Locator, name: str) -> str:
    """What stands in a field to copy."""
    return panel.locator(f"#share-{name}").input_value()


def test_a_council_is_shared_as_link_line_and_code(flipped: Server, page: Page) -> None:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    panel = opened(page, flipped.url + MEDWAY)
    assert field(panel, "link") == f"{flipped.url}{MEDWAY}"
    assert field(panel, "line") == "LAB gain Medway from CON"
    assert field(panel, "script") == (
        f'<div data-election-embed="{flipped.url}{WIDGET}/council/medway" title="Medway: Kent council elections 2023">'
        f'<a href="{flipped.url}{MEDWAY}">LAB gain Medway from CON. As at 06:22 BST, 5 May 2023</a></div>\n'
        f'<script async src="{flipped.url}/embed.js"></script>'
    )
    assert f'<iframe src="{flipped.url}{WIDGET}/council/medway"' in field(panel, "frame")
    assert faults == []


def test_what_is_offered_without_javascript_is_what_the_scripts_write(flipped: Server, page: Page, context_of) -> None:
    plain = context_of(java_script_enabled=False).new_page()
    for path in (OVERVIEW, MEDWAY, SWALE, f"{MEDWAY}?convention=pa"):
        panel = opened(page, flipped.url + path)
        plain.goto(flipped.url + path)
        plain.locator("#share summary").click()
        for name in ("link", "line", "script", "frame"):
            expect(plain.locator(f"#share-{name}")).to_be_visible()
            assert plain.locator(f"#share-{name}").input_value() == field(panel, name), f"{name} of {path}"
    expect(plain.get_by_role("button", name="Copy")).to_have_count(0)
    expect(plain.get_by_label("Theme")).to_be_hidden()


@pytest.mark.parametrize(("what", "name"), [("link", "link"), ("line", "line"), ("script code", "script")])
def test_everything_is_copied_in_one_click(flipped: Server, context_of, what: str, name: str) -> None:
    page = context_of(permissions=["clipboard-read", "clipboard-write"]).new_page()
    panel = opened(page, flipped.url + MEDWAY)
    panel.get_by_role("button", name=f"Copy the {what}").click()
    expect(page.locator("#feedback")).to_have_text(f"Copied: the {what}")
    assert page.evaluate("navigator.clipboard.readText()") == field(panel, name)


def test_nothing_is_loaded_before_the_panel_is_opened(flipped: Server, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(flipped.url + MEDWAY)
    expect(page.locator("[data-live-pill]").first).to_have_text("Live")
    assert [url for url in asked if "/embed" in url.removeprefix(flipped.url) and "/js/" not in url] == []
    expect(page.locator("#share iframe")).to_have_count(0)


def test_options_change_the_code_and_the_preview(flipped: Server, page: Page) -> None:
    panel = opened(page, flipped.url + MEDWAY)
    panel.get_by_label("Theme").select_option("Dark")
    panel.get_by_label("Updates").select_option("None")
    panel.get_by_label("Width").select_option("480 px")
    panel.get_by_label("Changes").select_option("PA")
    source = f"{WIDGET}/council/medway?theme=dark&live=off&convention=pa"
    preview = panel.locator("iframe")
    expect(preview).to_have_attribute("src", f"{flipped.url}{source}")
    expect(page.frame_locator("#share iframe").locator("html")).to_have_attribute("data-theme", "dark")
    expect(preview).to_have_css("width", "480px")
    source = source.replace("&", "&amp;")
    assert f'data-election-embed="{flipped.url}{source}"' in field(panel, "script")
    assert 'style="max-width: 480px;"' in field(panel, "script")
    assert f'href="{flipped.url}{MEDWAY}?convention=pa">Medway: Kent council elections 2023</a>' in field(
        panel, "script"
    )
    assert f'src="{flipped.url}{source}"' in field(panel, "frame")
    expect(panel.locator("#share-frame")).to_have_value(re.compile('width="480" height="460"'))
    for label in ("Theme", "Updates", "Width"):
        panel.get_by_label(label).select_option("")
    panel.get_by_label("Changes").select_option("BBC")
    expect(preview).to_have_attribute("src", f"{flipped.url}{WIDGET}/council/medway")
    assert "LAB gain Medway from CON. As at 06:22 BST, 5 May 2023</a>" in field(panel, "script")


def test_the_night_is_embedded_for_the_councils_that_are_chosen(flipped: Server, page: Page) -> None:
    panel = opened(page, flipped.url + OVERVIEW)
    assert f'data-election-embed="{flipped.url}{WIDGET}/overview"' in field(panel, "script")
    panel.get_by_label("Medway").check()
    panel.get_by_label("Swale").check()
    expect(panel.get_by_role("group", name="Councils: 2 chosen")).to_be_visible()
    expect(panel.locator("iframe")).to_have_attribute("src", f"{flipped.url}{WIDGET}/overview?councils=medway,swale")
    expect(page.frame_locator("#share iframe").locator("[data-slot]")).to_have_count(2)
    assert "?councils=medway,swale" in field(panel, "frame")


def test_the_preview_is_as_high_as_the_widget(flipped: Server, page: Page) -> None:
    opened(page, flipped.url + MEDWAY)
    page.wait_for_function(
        """() => {
            const frame = document.querySelector("#share iframe");
            return frame.style.height !== "320px" && frame.clientHeight > 100;
        }"""
    )


def test_lines_and_code_follow_the_night_while_the_panel_is_open(server: Server, page: Page) -> None:
    with server.client() as client:
        for body in NIGHT[:21]:
            declare(client, body)
        panel = opened(page, server.url + MEDWAY)
        expect(page.locator("[data-live-pill]").first).to_have_text("Live")
        expect(panel.locator("#share-line")).to_have_value(re.compile("^Medway: 21 of 24 wards declared"))
        declare(client, NIGHT[21])
        expect(panel.locator("#share-line")).to_have_value("LAB gain Medway from CON")
        expect(panel.locator("#share-script")).to_have_value(
            re.compile(r">LAB gain Medway from CON\. As at \d\d:\d\d [A-Z]{3}, [^<]*</a>")
        )
        declare(client, {"kind": "withdrawal", "replaces": 22, "reason": "Read out too early."})
        expect(panel.locator("#share-line")).to_have_value(re.compile("^Medway: 21 of 24 wards declared"))


def test_a_panel_that_is_opened_late_has_the_newest_flash(server: Server, page: Page) -> None:
    page.goto(server.url + OVERVIEW)
    expect(page.locator("[data-live-pill]").first).to_have_text("Live")
    expect(page.locator("#share-line")).to_have_value(
        "Kent council elections 2023: 0 of 13 councils, 0 of 277 wards declared"
    )
    with server.client() as client:
        for body in NIGHT[:22]:
            declare(client, body)
    expect(page.locator("#ticker li").first).to_contain_text("LAB gain Medway from CON")
    page.locator("#share summary").click()
    expect(page.locator("#share-line")).to_have_value("LAB gain Medway from CON")
    expect(page.locator("#share-script")).to_have_value(
        re.compile(r"0 of 13 councils, 22 of 277 wards declared\. As at [^<]*</a>")
    )


@pytest.mark.parametrize(("label", "extent"), [("Wide", (1200, 630)), ("Square", (1080, 1080))])
def test_the_picture_is_downloaded(flipped: Server, page: Page, label: str, extent: tuple[int, int]) -> None:
    panel = opened(page, f"{flipped.url}{MEDWAY}?convention=pa")
    with page.expect_download() as downloading:
        panel.get_by_role("link", name=label).click()
    assert downloading.value.suggested_filename == f"medway-{label.lower()}.png"
    content = downloading.value.path().read_bytes()
    assert (int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")) == extent


def test_escape_closes_the_panel_and_goes_back_to_where_it_was_opened(flipped: Server, page: Page) -> None:
    panel = opened(page, flipped.url + MEDWAY)
    panel.get_by_label("Theme").focus()
    page.keyboard.press("Escape")
    expect(panel).not_to_have_attribute("open", "")
    expect(panel.locator("summary")).to_be_focused()


def test_every_part_is_reached_with_the_tab_key(flipped: Server, page: Page) -> None:
    panel = opened(page, flipped.url + MEDWAY)
    panel.locator("summary").focus()
    reached = []
    for _ in range(15):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "document.activeElement.id || document.activeElement.ariaLabel || document.activeElement.innerText"
            )
        )
    assert {"share-link", "share-line", "share-script", "share-frame", "Copy the script code"} <= {
        " ".join(word.split()) for word in reached
    }


@pytest.mark.parametrize("path", [f"{OVERVIEW}?view=wall"])
def test_the_wall_has_no_panel(flipped: Server, page: Page, path: str) -> None:
    page.goto(flipped.url + path)
    expect(page.locator("#share")).to_have_count(0)


def test_nothing_of_it_is_printed(flipped: Server, page: Page) -> None:
    panel = opened(page, flipped.url + MEDWAY)
    page.emulate_media(media="print")
    expect(panel).to_be_hidden()


@pytest.mark.parametrize("path", [OVERVIEW, MEDWAY, SWALE])
def test_axe_finds_nothing_to_mend_in_the_open_panel(flipped: Server, page: Page, path: str) -> None:
    opened(page, flipped.url + path)
    assert_accessible(page, part="#share")


@pytest.mark.parametrize("path", [OVERVIEW, MEDWAY])
def test_an_open_panel_is_no_wider_than_a_phone(flipped: Server, context_of, path: str) -> None:
    page = context_of(viewport=PHONE).new_page()
    opened(page, flipped.url + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
