"""The navigation of an election's pages: every page leads to the others, under what the reader has chosen."""

import re
from typing import Any

import pytest

from app.pages.environment import make_environment
from app.pages.frame import PageFrame
from app.pages.static_page import StaticPage
from tests.builders import CONVENTIONS, a_council, an_election

ENVIRONMENT = make_environment()
ELECTION = an_election(a_council())


def navigation(convention: str = "bbc", here: str = "", **frame: Any) -> str:
    template = ENVIRONMENT.from_string(
        '{% from "components/navigation.html" import navigation %}{{ navigation(election, convention, frame, here) }}'
    )
    shown = PageFrame(ELECTION, **frame)
    return template.render(election=ELECTION, convention=CONVENTIONS[convention], frame=shown, here=here)


@pytest.mark.parametrize("here", ["Overview", "All changes", "Next", "Rankings", "Parties"])
def test_the_page_that_is_read_is_marked_and_no_other(here: str):
    assert re.findall(r'aria-current="page">([^<]+)</a>', navigation(here=here)) == [here]


def test_a_page_that_is_no_entry_marks_none():
    assert "aria-current" not in navigation()


def test_every_link_keeps_the_convention_that_a_reader_has_chosen():
    links = re.findall(r'href="([^"#]+)', navigation("pa"))
    assert links
    assert all(link.endswith("convention=pa") for link in links)
    assert "convention" not in navigation("bbc")


def test_a_file_leads_to_what_is_published():
    note = StaticPage(as_at="", note_url="", epoch="e", seq=0, fragments=())
    assert set(re.findall(r'href="([^"]+)', navigation(static_page=note))) >= {
        "/elections/test-2023",
        "/elections/test-2023/flips",
        "/elections/test-2023/next",
    }
    for page in ("/rankings", "/parties"):
        assert page in navigation()
        assert page not in navigation(static_page=note)
