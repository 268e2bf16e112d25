"""The source for vision mixers, at 1920 × 1080 over a picture: large, transparent, live, and nothing old on air."""

import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import assert_accessible
from tests.browser.test_desk import NIGHT
from tests.running import Server, declare

FULL_HD = {"width": 1920, "height": 1080}
BROADCAST = "/broadcast/kent-2023"


@pytest.fixture(scope="module")
def before_the_flip(tmp_path_factory) -> tuple[Path, str]:
    """A database in which Medway is one ward away from its flip, and where something has been told already."""
    file = tmp_path_factory.mktemp("broadcast") / "night.db"
    with Server(f"sqlite:///{file}") as server, server.client() as client:
        for body in NIGHT[:21]:
            declare(client, body)
        declare(client, {"kind": "note", "text": "Counting has begun in Swale"})
    return file, server.token


@pytest.fixture
def night(before_the_flip: tuple[Path, str], tmp_path) -> Iterator[Server]:
    file, token = before_the_flip
    shutil.copy(file, tmp_path / "night.db")
    with Server(f"sqlite:///{tmp_path / 'night.db'}", token=token) as running:
        yield running


@pytest.fixture
def page(context_of: Callable[..., BrowserContext]) -> Page:
    return context_of(viewport=FULL_HD).new_page()


def be_live(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator("[data-live-pill]")).to_have_attribute("data-state", "live")


def flips(server: Server) -> int:
    with server.client() as client:
        return declare(client, NIGHT[21])["seq"]


def alphas(page: Page, *points: tuple[int, int]) -> list[int]:
    picture = Image.open(io.BytesIO(page.screenshot(omit_background=True))).convert("RGBA")
    assert picture.size == (1920, 1080)
    return [picture.getpixel(point)[3] for point in points]


def test_there_is_nothing_but_what_is_told_and_that_lets_no_picture_through(night: Server, page: Page) -> None:
    be_live(page, night.url + BROADCAST)
    score, ticker = page.locator(".air-score"), page.locator(".air-ticker")
    expect(score).to_contain_text("Kent council elections 2023")
    expect(score).to_contain_text("21 of 277 wards")
    expect(ticker).to_contain_text("Counting has begun in Swale")
    boxes = [box for box in (score.bounding_box(), ticker.bounding_box()) if box]
    inside = [(int(box["x"] + 4), int(box["y"] + box["height"] - 4)) for box in boxes]
    assert alphas(page, (960, 300), (20, 20), (1900, 1070), *inside) == [0, 0, 0, 255, 255]
    for box in boxes:
        assert box["x"] >= 96
        assert box["x"] + box["width"] <= 1920 - 96
        assert box["y"] + box["height"] <= 1080 - 54
    assert page.evaluate(
        "document.documentElement.scrollWidth <= 1920 && document.documentElement.scrollHeight <= 1080"
    )


def test_a_change_of_control_fills_the_screen_and_goes_again_and_its_correction_too(night: Server, page: Page) -> None:
    page.clock.install()
    be_live(page, night.url + BROADCAST)
    flip = page.locator(".air-flip")
    expect(flip).to_be_hidden()
    seq = flips(night)
    expect(page.locator("#flips .flip-item")).to_have_count(1)
    page.clock.run_for(1_000)
    expect(flip).to_contain_text("LAB gain from CON")
    expect(flip).to_contain_text("30 of 59, 6 to come, first since 1998 at least")
    flip.evaluate("(it) => Promise.all(it.getAnimations().map((each) => each.finished))")
    assert alphas(page, (4, 4), (1916, 1076)) == [255, 255]
    page.clock.run_for(9_000)
    expect(flip).to_be_hidden()
    with night.client() as client:
        declare(client, {"kind": "withdrawal", "replaces": seq, "reason": "Read out for another ward"})
    expect(page.locator("#flips [data-undone]")).to_have_count(1)
    page.clock.run_for(1_000)
    expect(flip).to_contain_text("Correction")
    expect(flip).to_contain_text("Read out for another ward")


def test_what_was_told_before_is_not_put_on_air_again(night: Server, page: Page) -> None:
    flips(night)
    page.clock.install()
    be_live(page, night.url + BROADCAST)
    page.clock.run_for(5_000)
    expect(page.locator("#flips .flip-item")).to_have_count(1)
    expect(page.locator(".air-flip")).to_be_hidden()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("show=lower-third", [True, False]),
        ("show=ticker", [False, True]),
        ("show=flip", [False, False]),
        ("scale=150&parties=2", [True, True]),
    ],
)
def test_what_is_wanted_is_shown(night: Server, page: Page, query: str, shown: list[bool]) -> None:
    be_live(page, f"{night.url}{BROADCAST}?{query}")
    page.evaluate("document.fonts.ready")
    expect(page.locator(".air-ticker")).to_be_visible(visible=shown[1])
    assert page.locator(".air-score").is_visible() is shown[0]
    flips(night)
    expect(page.locator(".air-flip")).to_be_visible(visible="show" not in query or "flip" in query)


def test_every_line_that_comes_is_crawled_through_however_many_there_are(night: Server, page: Page) -> None:
    be_live(page, f"{night.url}{BROADCAST}?show=ticker")
    with night.client() as client:
        for number in range(12):
            declare(client, {"kind": "note", "text": f"Note {number} of the night"})
    expect(page.locator("#ticker .line")).to_have_count(13)
    page.evaluate("document.querySelector('[data-crawl]').dispatchEvent(new Event('animationend'))")
    lines = page.locator("[data-crawl] li").all_inner_texts()
    assert [number for number in range(12) if any(f"Note {number} of" in line for line in lines)] == list(range(12))


def test_where_nothing_may_move_the_lines_stand_one_after_the_other(
    night: Server, context_of: Callable[..., BrowserContext]
) -> None:
    page = context_of(viewport=FULL_HD, reduced_motion="reduce").new_page()
    be_live(page, f"{night.url}{BROADCAST}?show=ticker")
    expect(page.locator("[data-crawl] li")).to_have_count(1)
    assert page.evaluate("document.querySelector('[data-crawl]').getAnimations().length") == 0
    assert_accessible(page)


def test_a_rehearsal_says_so_on_air(before_the_flip: tuple[Path, str], tmp_path, page: Page) -> None:
    file, token = before_the_flip
    shutil.copy(file, tmp_path / "night.db")
    with Server(f"sqlite:///{tmp_path / 'night.db'}", token=token, rehearsal=True) as server:
        be_live(page, server.url + BROADCAST)
        expect(page.locator(".air-score .air-test")).to_contain_text("TEST. This is a rehearsal")
        expect(page.locator(".air-ticker .air-test")).to_have_text("TEST")
        flips(server)
        expect(page.locator(".air-flip .air-test")).to_be_visible()


def test_no_search_engine_keeps_it_and_what_there_is_not_to_show_is_refused(night: Server) -> None:
    with night.client() as client:
        assert '<meta name="robots" content="noindex">' in client.get(BROADCAST).text
        assert client.get(f"{BROADCAST}?show=everything").status_code == 422
        assert client.get(f"{BROADCAST}?scale=9").status_code == 422
