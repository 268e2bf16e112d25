"""How pages are laid out under long names and large letters, measured in a real browser."""

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.store import staff
from app.store.engine import Store
from tests.awkward import LONG_ELECTION, LONGEST_ELECTION, awkward_bundle
from tests.browser.conftest import PHONE, assert_accessible
from tests.logged import server_after
from tests.running import KENT, Server

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
OVERVIEW = "/elections/kent-2023"
WALL = f"{OVERVIEW}?view=wall"
MEDWAY = f"{OVERVIEW}/councils/medway"
MAIDSTONE = f"{OVERVIEW}/councils/maidstone"
WATLING = f"{OVERVIEW}/contests/local.medway.watling.2023-05-04"
GILLINGHAM = f"{OVERVIEW}/contests/local.medway.gillingham-south.2023-05-04"
WIDGET = "/embed/v1/kent-2023"
PASSWORD = "long enough for a night"

Contexts = Callable[..., BrowserContext]
Line = tuple[str, float, float, float, float]


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Iterator[Server]:
    """Every seat is in; the election has the longest name."""
    folder = tmp_path_factory.mktemp("finished")
    with server_after(len(NIGHT), folder, bundle=awkward_bundle(folder, LONGEST_ELECTION)) as running:
        yield running


@pytest.fixture(scope="module")
def begun(tmp_path_factory) -> Iterator[Server]:
    """A few wards are in."""
    folder = tmp_path_factory.mktemp("begun")
    with server_after(30, folder, bundle=awkward_bundle(folder, LONG_ELECTION)) as running:
        yield running


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory) -> Iterator[Server]:
    """A rehearsal with an editor at its desk."""
    server = server_after(30, tmp_path_factory.mktemp("rehearsed"), rehearsal=True)
    with Store.open(server.database) as store, store.writing() as connection:
        staff.add_staff(connection, "eve", staff.Role.EDITOR, PASSWORD)
    with server:
        yield server


def resized(page: Page, *widths: int) -> Iterator[int]:
    """A page at one width after the other, as somebody has it who turns a phone or draws a window smaller."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        yield width


def opened(context_of: Contexts, url: str, width: int, height: int = 900, *, letters: int = 100, **options) -> Page:
    """A page ``width`` pixels wide, with letters of so many percent."""
    page = context_of(viewport={"width": width, "height": height}, **options).new_page()
    page.goto(url)
    if letters != 100:
        page.evaluate(f"document.documentElement.style.fontSize = '{letters}%'")
    page.evaluate("document.fonts.ready.then(() => null)")
    return page


LINES = """selector => [...document.querySelectorAll(selector)].flatMap(root => {
    const found = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const around = node.parentElement;
        if (!node.data.trim() || around.closest('.visually-hidden, select, [hidden], thead, caption')) continue;
        if (!around.checkVisibility({visibilityProperty: true})) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const {left, top, right, bottom} of range.getClientRects()) {
            // What is scrolled out of sight runs into nothing.
            const end = Math.min(right, around.closest('.strip-parties')?.getBoundingClientRect().right ?? right);
            // Without the space that a typeface keeps above and below its letters.
            if (end > left) found.push([node.data.trim(), left, top + 3, end, bottom - 3]);
        }
    }
    return found;
})"""


def lines_of(page: Page, selector: str) -> list[Line]:
    """Every line of text within ``selector`` with its left, top, right and bottom edge."""
    return [tuple(line) for line in page.evaluate(LINES, selector)]


def assert_apart(lines: list[Line]) -> None:
    assert lines
    for one, other in itertools.combinations(lines, 2):
        apart = (
            one[3] <= other[1] + 0.5 or other[3] <= one[1] + 0.5 or one[4] <= other[2] + 0.5 or other[4] <= one[2] + 0.5
        )
        assert apart, f"{one} runs into {other}"


def width_of(page: Page) -> int:
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width


def box_of(page: Page, selector: str) -> dict[str, Any]:
    box: dict[str, Any] = page.locator(selector).first.evaluate(
        "element => { const {left, top, right, bottom} = element.getBoundingClientRect();"
        " return {left, top, right, bottom}; }"
    )
    return box


# Long names


def test_no_name_is_too_long_for_the_dashboard(finished: Server, begun: Server, context_of: Contexts) -> None:
    for url in (finished.url + OVERVIEW, begun.url + OVERVIEW, finished.url + WALL):
        page = opened(context_of, url, 1920)
        for width in resized(page, 1920, 1440, 1280, 1024, 768, 390, 320):
            assert width_of(page) <= width
            assert_apart(lines_of(page, ".masthead, .night, .column-parties, .column-board .board, .wall-columns"))


@pytest.mark.parametrize("path", [OVERVIEW, WALL])
def test_the_figures_of_the_night_stand_beside_each_other(finished: Server, context_of: Contexts, path: str) -> None:
    page = opened(context_of, finished.url + path, 1440)
    for width in resized(page, 1440, 1280, 1024):
        tops = page.evaluate(
            "[...document.querySelectorAll('.progress-figures > div')].map(it => it.getBoundingClientRect().top)"
        )
        assert len(set(tops)) == 1, width
        assert page.evaluate("document.querySelector('.night').offsetHeight") < 200, width


def test_at_1280_the_bars_of_the_board_can_be_read(finished: Server, context_of: Contexts) -> None:
    page = opened(context_of, finished.url + OVERVIEW, 1280)
    assert page.evaluate("document.querySelector('.council .seatbar').clientWidth") >= 140


OF_A_COUNTRY = ["174", "−114", "1,435", "−2,064"]
OF_A_CONTINENT = ["174", "−114", "1,234,567", "−1,234,567"]
OF_PARTIES = "#scoreboard tr:not(#score-NOC)"
FIGURES_OF_ROWS = """([rows, figures]) => [...document.querySelectorAll(rows)].slice(0, 3).map(row => {
    row.classList.toggle('is-long', figures[2].length > 6);
    const cells = [...row.querySelectorAll('td')];
    cells.forEach((cell, place) => cell.textContent = figures[place]);
    const range = document.createRange();
    return cells.map(cell => {
        range.selectNodeContents(cell);
        return [...range.getClientRects()].map(({ left, right }) => [left, right]);
    });
})"""


@pytest.mark.parametrize("figures", [OF_A_COUNTRY, OF_A_CONTINENT], ids=lambda figures: figures[2])
@pytest.mark.parametrize("width", [1440, 1024, 390, 320])
def test_the_figures_of_a_whole_country_stand_apart_and_break_nowhere(
    finished: Server, context_of: Contexts, width: int, figures: list[str]
) -> None:
    page = opened(context_of, f"{finished.url}{OVERVIEW}", width)
    if width < 1000:
        page.get_by_text("Parties", exact=True).first.click()
    for cells in page.evaluate(FIGURES_OF_ROWS, [OF_PARTIES, figures]):
        assert [len(lines) for lines in cells] == [1] * 4
        for (before,), (after,) in itertools.pairwise(cells):
            assert after[0] - before[1] >= 4


@pytest.mark.parametrize("path", [f"{OVERVIEW}/councils/swale", MEDWAY, WATLING])
def test_a_word_that_no_line_can_hold_is_broken(finished: Server, context_of: Contexts, path: str) -> None:
    page = opened(context_of, finished.url + path, 390)
    for width in resized(page, 390, 320):
        assert width_of(page) <= width


@pytest.mark.parametrize("path", [GILLINGHAM, MEDWAY])
def test_a_candidates_name_keeps_clear_of_the_votes(finished: Server, context_of: Contexts, path: str) -> None:
    page = opened(context_of, finished.url + path, 1440)
    for width in resized(page, 1440, 390):
        between = page.evaluate("""[...document.querySelectorAll('.candidates tbody tr')].map(row => {
            const range = document.createRange();
            range.selectNodeContents(row.cells[1]);
            const name = Math.max(...[...range.getClientRects()].map(rect => rect.right));
            range.selectNodeContents(row.cells[2]);
            return range.getBoundingClientRect().left - name;
        })""")
        assert min(between) >= 8, width


def test_a_row_of_the_board_keeps_clear_of_the_line_below_it(finished: Server, context_of: Contexts) -> None:
    page = opened(context_of, finished.url + OVERVIEW, 1440)
    room = page.evaluate("""[...document.querySelectorAll('.council')].flatMap(row => [...row.cells].map(cell =>
        row.getBoundingClientRect().bottom - (cell.lastElementChild?.getBoundingClientRect().bottom ?? 0)))""")
    assert min(room) >= 8


# On a phone


@pytest.mark.parametrize("path", [OVERVIEW, MEDWAY, WATLING])
def test_the_masthead_has_room_above_and_below(finished: Server, context_of: Contexts, path: str) -> None:
    page = opened(context_of, finished.url + path, PHONE["width"])
    lines, masthead = lines_of(page, ".masthead"), box_of(page, ".masthead")
    assert min(line[2] for line in lines) >= 8
    assert max(line[4] for line in lines) <= masthead["bottom"] - 8


def test_on_a_phone_every_filter_is_behind_one_button(begun: Server, context_of: Contexts) -> None:
    page = opened(context_of, begun.url + OVERVIEW, PHONE["width"])
    expect(page.locator(".filter").first).to_be_hidden()
    page.get_by_text("Filter", exact=True).click()
    for filter_ in page.locator(".filter").all():
        box = filter_.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]


def test_once_every_seat_is_in_nothing_is_expected(finished: Server, context_of: Contexts) -> None:
    page = opened(context_of, finished.url + OVERVIEW, PHONE["width"])
    assert page.locator(".progress-next").inner_text().strip() == "Nothing more: every seat is in"


def test_the_foot_hangs_nothing_in(begun: Server, context_of: Contexts) -> None:
    page = opened(context_of, begun.url + OVERVIEW, PHONE["width"])
    lefts = {round(line[1]) for line in lines_of(page, ".footer-line")}
    assert min(lefts) == round(box_of(page, ".footer-line a")["left"])


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_how_live_the_page_is_and_its_score_stay_in_sight(begun: Server, context_of: Contexts, width: int) -> None:
    page = opened(context_of, begun.url + OVERVIEW, width, 844)
    page.evaluate("scrollTo(0, 900)")
    expect(page.locator("[data-live-pill]")).to_have_text("Live")
    for part in ("[data-live-pill]", "#strip"):
        expect(page.locator(part)).to_be_in_viewport()


def test_without_scripts_the_masthead_says_how_to_see_more(begun: Server, context_of: Contexts) -> None:
    page = opened_without_scripts(context_of, begun.url + OVERVIEW)
    assert page.locator(".masthead .pill").inner_text() == "Reload for newer results"


def opened_without_scripts(context_of: Contexts, url: str) -> Page:
    page = context_of(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(url)
    return page


@pytest.mark.parametrize("path", [OVERVIEW, WALL, MEDWAY, MAIDSTONE, WATLING])
def test_a_page_holds_letters_twice_as_large(begun: Server, context_of: Contexts, path: str) -> None:
    """Nobody has to read sideways: WCAG 2.2, 1.4.4 and 1.4.10."""
    page = opened(context_of, begun.url + path, 320, letters=200)
    for width in resized(page, 320, 390, 768):
        assert width_of(page) <= width
        assert_apart(lines_of(page, ".council-page-top, .wards-index, .contest-columns, .night"))


# Widgets


@pytest.mark.parametrize(("letters", "widths"), [(100, [280]), (200, [280, 320])])
@pytest.mark.parametrize("path", ["overview", "council/tonbridge-and-malling", "council/swale"])
def test_a_widget_holds_letters_twice_as_large(
    finished: Server, context_of: Contexts, path: str, letters: int, widths: list[int]
) -> None:
    page = opened(context_of, f"{finished.url}{WIDGET}/{path}", widths[0], letters=letters)
    for width in resized(page, *widths):
        assert width_of(page) <= width
        lines = lines_of(page, "main")
        assert_apart(lines)
        assert max(line[3] for line in lines) <= width


# A rehearsal


@pytest.mark.parametrize("path", [OVERVIEW, WALL, MEDWAY, GILLINGHAM, "/", "/nothing", f"{WIDGET}/overview"])
def test_a_rehearsal_is_called_one_wherever_one_looks(rehearsed: Server, context_of: Contexts, path: str) -> None:
    page = opened(context_of, rehearsed.url + path, PHONE["width"], 844)
    assert page.title().startswith("TEST: ")
    mark = page.get_by_role("complementary", name="Test")
    expect(mark).to_contain_text("TEST")
    page.mouse.wheel(0, 2000)
    expect(mark).to_be_in_viewport(ratio=1)
    # What else is on the page is looked at where nothing is rehearsed.
    assert_accessible(page, part="aside")


@pytest.mark.parametrize("letters", [100, 200])
def test_the_mark_of_a_rehearsal_covers_nothing(rehearsed: Server, context_of: Contexts, letters: int) -> None:
    page = opened(context_of, rehearsed.url + OVERVIEW, PHONE["width"], 844, letters=letters)
    assert box_of(page, ".notice")["bottom"] <= box_of(page, ".masthead")["top"]
    assert max(line[4] for line in lines_of(page, ".notice")) <= box_of(page, ".notice")["bottom"]
    page.mouse.wheel(0, 2000)
    expect(page.locator(".masthead .pill")).to_be_in_viewport()
    assert box_of(page, ".masthead")["top"] == pytest.approx(box_of(page, ".notice")["bottom"], abs=0.6)


def test_the_wall_on_a_small_screen_shows_every_council_and_can_be_scrolled(
    begun: Server, context_of: Contexts
) -> None:
    page = opened(context_of, begun.url + WALL, 390)
    for width in resized(page, 390, 900):
        councils = page.locator(".wall .tile")
        assert councils.count() == 13
        for council in councils.all():
            council.scroll_into_view_if_needed()
            expect(council).to_be_in_viewport()
        assert width_of(page) <= width
        assert_apart(lines_of(page, ".wall .masthead, .wall .night, .wall-columns"))


def test_on_the_wall_the_pill_stands_below_the_mark_of_a_rehearsal(rehearsed: Server, context_of: Contexts) -> None:
    page = opened(context_of, rehearsed.url + WALL, 1920, 1080)
    assert box_of(page, ".masthead .pill")["top"] > box_of(page, ".notice")["bottom"]
    assert_apart(lines_of(page, ".notice, .masthead, .night"))


def test_the_desk_of_a_rehearsal_is_marked(rehearsed: Server, context_of: Contexts) -> None:
    page = opened(context_of, f"{rehearsed.url}/desk/login", PHONE["width"], 844)
    assert page.title().startswith("TEST: ")
    page.get_by_label("Name").fill("eve")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk/kent-2023")
    assert page.title().startswith("TEST: ")
    page.mouse.wheel(0, 2000)
    expect(page.get_by_role("complementary", name="Test")).to_be_in_viewport(ratio=1)
    assert_accessible(page, part="aside")
