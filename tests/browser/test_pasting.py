"""Pasting into the form: a column goes down the fields, a text is read, shown and taken, and either is taken back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import assert_accessible
from tests.browser.test_desk import Person, a_night, signed_in, ward
from tests.running import Server

PHONE = {"width": 360, "height": 740}
RURAL = ward("strood-rural")


@pytest.fixture(scope="module")
def night(tmp_path_factory) -> Iterator[Server]:
    with a_night(tmp_path_factory.mktemp("pasting")) as running:
        yield running


@pytest.fixture
def ann(night: Server, context_of) -> Iterator[Person]:
    person = signed_in(night, context_of(), "ann")
    yield person
    assert person.faults == []


def pastes(field: Locator, text: str, kind: str = "text/plain") -> None:
    """As from a clipboard, which a browser without a window has none of."""
    field.focus()
    field.evaluate(
        """(field, [kind, text]) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData(kind, text);
          field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        [kind, text],
    )


def typed(page: Page) -> list[str]:
    return page.locator("[data-votes]").evaluate_all("(fields) => fields.map((field) => field.value)")


def names(page: Page) -> list[str]:
    return page.locator("[data-row] .entry-person").all_inner_texts()


def test_a_column_goes_down_the_fields_is_told_and_is_taken_back_by_one_key(ann: Person) -> None:
    page = ann.opens(RURAL)
    fields, people = page.locator("[data-votes]"), names(page)
    fields.nth(0).fill("7")
    fields.nth(1).fill("8")
    before = typed(page)
    pastes(fields.nth(1), "1,001\r\n2 002\r\n303\r\n")
    assert typed(page)[:5] == ["7", "1,001", "2 002", "303", ""]
    told = page.locator("#notice-paste")
    expect(told).to_contain_text(
        f"Pasted 3 figures, from {people[1]} to {people[3]}; {len(people) - 4} are still empty."
    )
    expect(page.locator("[data-kept]")).to_have_text("Draft kept")
    page.keyboard.press("Control+z")
    assert typed(page) == before
    expect(told).to_have_count(0)


def test_what_is_more_than_a_column_is_refused_in_words_and_changes_nothing(ann: Person) -> None:
    page = ann.opens(ward("watling"))
    first, before = page.locator("[data-votes]").first, typed(page)
    for text, words in (
        ("1\n2 votes\n3", "Line 2, “2 votes”, is more than a figure."),
        ("1\n\n2\n3", "Line 2 is empty: whose figure is missing?"),
        ("12.5\n13", "Line 1, “12.5”, is more than a figure."),
        ("12%\n13", "Line 1, “12%”, is more than a figure."),
        ("6\n-5", "Line 2, “-5”, is more than a figure."),
        ("12.5\n3.456", "Line 1, “12.5”, is more than a figure."),
        ("1234 5678", "“1234 5678” is more than a figure."),
        ("\n".join(map(str, range(50))), "These are 50 figures, and there are"),
    ):
        pastes(first, text)
        expect(page.locator("#notice-paste")).to_contain_text(f"Nothing was pasted. {words}")
        assert typed(page) == before


def test_columns_are_told_from_other_text(ann: Person) -> None:
    page = ann.opens(RURAL)
    cases = {
        "1,204\n301": ["1,204", "301"],
        "\n\n12\n13\n\n": ["12", "13"],
        "12\n\n13\n\n14": ["12", "13", "14"],
        "12\t13\t14": ["12", "13", "14"],
        "12\n–\n14": ["12", "–", "14"],
        "12": None,
        "Smith\t12\nJones\t13": None,
        "1,204 votes": None,
    }
    found = page.evaluate(
        """async (texts) => {
          const entry = document.querySelector('script[src$="desk/entry.js"]').src;
          const { columnOf } = await import(entry.replace("entry.js", "paste.js"));
          return texts.map((text) => columnOf(text)?.figures ?? null);
        }""",
        list(cases),
    )
    assert dict(zip(cases, found, strict=True)) == cases


def test_a_text_is_shown_beside_the_names_and_is_in_the_form_once_it_is_taken(ann: Person) -> None:
    page = ann.opens(ward("wayfield-and-weeds-wood"))
    people, before = names(page), typed(page)
    lines = [f"{name.split()[-1].upper()}, {name.split()[0]} ..... {1000 + at:,}" for at, name in enumerate(people)]
    pastes(page.locator("[data-votes]").first, "\n".join([*lines[1:], "BLOGGS, Joanna ..... 45", "Rejected papers 12"]))
    dialog = page.locator("#paste-dialog")
    expect(dialog).to_contain_text(f"Read: the votes of {len(people) - 1} of {len(people)} candidates")
    expect(dialog).to_contain_text("BLOGGS, Joanna ..... 45 Nobody who stands here.")
    expect(dialog.locator("tr.is-missing")).to_have_count(1)
    assert typed(page) == before, "nothing is in the form yet"
    assert_accessible(page, part="#paste-dialog")
    page.keyboard.press("Enter")
    expect(page.locator("[data-votes]").nth(1)).to_have_value("1,001")
    expect(ann.field("rejected")).to_have_value("12")
    expect(page.locator("[data-votes]").first).to_be_focused()
    expect(page.locator("[data-kept]")).to_have_text("Draft kept")
    page.reload()
    expect(page.locator("[data-votes]").nth(1)).to_have_value("1,001")


def test_the_rows_of_a_page_are_a_table(ann: Person) -> None:
    page = ann.opens(ward("fort-pitt"))
    rows = "".join(f"<tr><td>{at}<td>{name}<td>{500 + at}" for at, name in enumerate(names(page), 1))
    pastes(page.locator("[data-votes]").first, f"<table>{rows}</table>", "text/html")
    page.locator("[data-paste-take]").click()
    assert typed(page) == [str(501 + at) for at in range(len(typed(page)))]


def test_without_scripts_a_text_is_pasted_on_a_page_of_its_own(night: Server, context_of) -> None:
    ann = signed_in(night, context_of(java_script_enabled=False, viewport=PHONE), "ann")
    body = ward("princes-park")
    page = ann.goes_to(f"/desk/kent-2023/contests/{body['ballot_id']}")
    first = names(page)[0]
    page.get_by_role("link", name="Paste the result as text").click()
    page.locator("#text").fill(f"{first}: 1,234")
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("button", name="Put this into the form")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="Put this into the form").click()
    expect(page.locator("[data-votes]").first).to_have_value("1,234")


def test_the_keys_are_shown_by_a_key_and_the_form_keeps_its_place(ann: Person) -> None:
    page = ann.opens(RURAL)
    field = page.locator("[data-votes]").nth(2)
    field.focus()
    before = field.input_value()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="The keys")).to_be_visible()
    assert_accessible(page, part="dialog[open]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="The keys")).to_be_hidden()
    expect(field).to_be_focused()
    expect(field).to_have_value(before)
    page.keyboard.press("/")
    expect(page.locator("#finder")).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_be_focused()
