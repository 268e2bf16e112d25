"""The sheets of an exercise in a browser: taken, rung about and keyed by keyboard, and read on a phone."""

import re
import signal
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import running
from tests.browser.conftest import assert_accessible

Contexts = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def exercise(tmp_path_factory) -> Iterator[tuple[str, dict[str, str]]]:
    """One in which every sheet has come in: its address, and everybody's password."""
    folder = tmp_path_factory.mktemp("exercise") / "own"
    wanted = (
        "--wards",
        8,
        "--seed",
        2,
        "--speed",
        100_000,
        "--people",
        "Ann:keyer,Bob:checker,Eve:editor",
        "--port",
        0,
    )
    with running.start("rehearse", "kent-2023", "--into", folder, *wanted) as process:
        told = ""
        while "Ctrl-C ends it" not in told:
            line = process.stderr.readline()
            assert line, told
            told += line
        at = re.search(r"http://\S+?(?=/desk\n)", told)
        assert at, told
        yield at[0], dict(re.findall(r"  (\w+) \(\w+\) signs in with (\S+)", told))
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def signed_in(context_of: Contexts, exercise: tuple[str, dict[str, str]], name: str, width: int) -> Page:
    url, passwords = exercise
    page = context_of(viewport={"width": width, "height": 900}, base_url=url).new_page()
    page.goto("/desk/login?next=/desk/exercise")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(passwords[name])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Exercise")).to_be_visible()
    return page


def assert_fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
    expect(page).to_have_title(re.compile("^TEST: "))
    expect(page.get_by_text("This is a rehearsal: nothing here is a result.")).to_be_in_viewport()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (360, "dark")], ids=["wide", "phone"])
def test_its_pages_fit_say_test_and_have_nothing_to_mend(
    exercise, context_of: Contexts, width: int, scheme: str
) -> None:
    page = signed_in(context_of, exercise, "Eve", width)
    for address in ("/desk/exercise", "/desk/exercise/sheets/1", "/desk/exercise/report"):
        page.goto(address)
        assert_fits(page)
        assert_accessible(page, scheme=scheme)


def test_a_sheet_is_taken_rung_about_and_keyed_by_keyboard_alone(exercise, context_of: Contexts) -> None:
    page = signed_in(context_of, exercise, "Ann", 1440)
    page.get_by_role("button", name="Next sheet").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Key it")).to_be_visible()
    page.get_by_role("button", name="Ring the count").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="The count")).to_be_visible()
    lines = page.locator(".paper-table tbody tr").all()
    numbers = [line.locator(".paper-number").inner_text().replace(",", "") for line in lines]
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open the form").click()
    form = opened.value
    expect(form.locator("[data-votes]").first).to_be_focused()
    for number in numbers:
        form.keyboard.type(number)
        form.keyboard.press("Enter")
    typed = [field.input_value().replace(",", "") for field in form.locator("[data-votes]").all()]
    assert typed[: len(numbers)] == numbers
