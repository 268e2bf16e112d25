"""What reads every page in the tests finds what it is there to find, and there is no way around it."""

import re
from pathlib import Path

import httpx2
import pytest

from tests.strictness import StrictReader

SOUND = '<!DOCTYPE html><html lang="en-GB"><head><title>A</title></head><body><h1 id="a">A</h1>{}</body></html>'
POLICY = "default-src 'none'; style-src 'self'"


def answer(html: str, policy: str = POLICY) -> httpx2.Response:
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
    return httpx2.Response(200, text=html, headers=headers, request=httpx2.Request("GET", "http://localhost/a"))


def test_a_sound_page_passes() -> None:
    StrictReader()(answer(SOUND.format('<p><label>B <input name="b"></label> <a href="#a">up</a></p>')))


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ("<p><div></p>", "no HTML"),
        ("<h1>B</h1>", "2 h1"),
        ('<p id="a">B</p>', "twice: #a"),
        ('<p><a href="#b">B</a></p>', "refers to nothing: b"),
        ('<p aria-describedby="b">B</p>', "refers to nothing: b"),
        ('<p style="color: red">B</p>', "in line: p"),
        ('<p onclick="b()">B</p>', "in line: p"),
        ("<script>b()</script>", "a script in line"),
        ('<p><input name="b"></p>', "nothing says what it is: input"),
        ("<p><button></button></p>", "nothing says what it is: button"),
        ('<p><img src="/b"></p>', "nothing says what it is: img"),
    ],
)
def test_a_fault_is_told(part: str, fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        StrictReader()(answer(SOUND.format(part)))


def test_a_page_without_a_policy_is_told_even_if_it_was_read_before() -> None:
    reader = StrictReader()
    reader(answer(SOUND.format("")))
    with pytest.raises(AssertionError, match="its content policy"):
        reader(answer(SOUND.format(""), policy="default-src 'self'"))


CLIENT = re.compile(r"(?:httpx2\.(?:Client|AsyncClient|get|post|request|stream)|TestClient|new_context)\(")

MAKE_CLIENTS = {"strictness.py", "desks.py", "browser/conftest.py", "engines.py"}
"""Where what clients of the tests are answered is given to what reads it; ``engines.py`` asks a browser's driver."""


def test_no_test_has_a_client_that_does_not_read() -> None:
    tests = Path(__file__).resolve().parents[1]
    making = {
        str(file.relative_to(tests)) for file in tests.rglob("*.py") if CLIENT.search(file.read_text(encoding="utf-8"))
    }
    assert making == MAKE_CLIENTS
