"""Every numbered check has its page and its row in the index, and no page is about a check that there is not."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from app.settings import Settings
from app.wording.checks import CHECKS

ROOT = Path(__file__).resolve().parents[2]
INDEX = ROOT / "docs" / "checks.md"
PAGES = {page.stem: page for page in sorted((ROOT / "docs" / "checks").glob("*.md"))}
WHERE_CODES_ARE_RAISED = [
    ROOT / "app" / "domain" / "checks.py",
    ROOT / "app" / "domain" / "soft_checks.py",
    ROOT / "app" / "domain" / "against_other_wards.py",
    ROOT / "app" / "domain" / "papers.py",
    ROOT / "app" / "domain" / "announced.py",
    ROOT / "app" / "declaring" / "bodies.py",
]

ALL_THERE_EVER_WERE = [f"F{number:02}" for number in range(1, 16)] + [f"W{number:02}" for number in range(1, 21)]
"""The codes are public: this list may grow at either end of a letter, and nothing in it may change its meaning."""

MAY_BE_AS_ANNOUNCED = {"F04", "F05", "F06", "F08", "F15"}
"""Findings about figures, which stand where they were announced so."""

ROW = re.compile(
    r'^\| <a id="(?P<anchor>\w+)"></a>\[(?P<code>\w+)]\((?P<page>[^)]+)\) \| (?P<name>[^|]+) \|', re.MULTILINE
)


def codes_raised():
    return {code for path in WHERE_CODES_ARE_RAISED for code in re.findall(r'"([FW]\d\d)"', path.read_text("utf-8"))}


def test_every_code_that_is_raised_has_a_page_and_every_page_a_code():
    assert sorted(codes_raised()) == list(PAGES) == ALL_THERE_EVER_WERE


def test_the_desk_calls_every_check_as_its_page_does():
    rows = [row.groupdict() for row in ROW.finditer(INDEX.read_text("utf-8"))]
    assert {row["code"]: CHECKS[row["code"]][0] for row in rows} == {row["code"]: row["name"] for row in rows}


def test_the_index_has_every_page_once_with_an_anchor_and_its_name():
    rows = [row.groupdict() for row in ROW.finditer(INDEX.read_text("utf-8"))]
    assert [row["code"] for row in rows] == list(PAGES)
    for row in rows:
        assert row["anchor"] == row["code"].lower()
        assert row["page"] == f"checks/{row['code']}.md"
        title = PAGES[row["code"]].read_text("utf-8").splitlines()[0]
        assert title == f"# {row['code']}: {row['name']}"


@pytest.mark.parametrize("code", PAGES)
def test_a_page_says_what_is_compared_what_to_do_and_where_it_comes_from(code):
    text = PAGES[code].read_text("utf-8")
    headings = ["## What is compared", "## What to do", "## Where it comes from"]
    if code.startswith("W"):
        headings.append("## Settings")
        assert f'`"confirm": ["{code}"]`' in text
    elif code in MAY_BE_AS_ANNOUNCED:
        assert "This is refused, unless it is taken [as announced](../checks.md#as-announced)." in text
    else:
        assert "This is refused: it never passes." in text
    assert re.findall(r"^## .*$", text, re.MULTILINE) == headings


@pytest.mark.parametrize("code", [code for code in PAGES if code.startswith("W")])
def test_the_page_of_a_warning_names_its_settings_and_no_others(code):
    own = {setting.name for setting in fields(Settings) if setting.metadata["description"].startswith(f"{code}:")}
    named = re.findall(r"\[`(\w+)`]\(\.\./settings\.md#([\w-]+)\)", PAGES[code].read_text("utf-8"))
    assert {name for name, _ in named} == own
    assert all(anchor == name.replace("_", "-") for name, anchor in named)


@pytest.mark.parametrize("page", [INDEX, *PAGES.values()], ids=lambda page: page.stem)
def test_no_link_leads_nowhere(page):
    text = page.read_text("utf-8")
    for target in re.findall(r"]\((?!http)([^)#]+)", text):
        assert (page.parent / target).is_file(), target
    used, defined = set(re.findall(r"]\[(\d+)]", text)), set(re.findall(r"^\[(\d+)]: http\S+$", text, re.MULTILINE))
    assert used == defined
