"""Text for pictures: what is measured is what is drawn at most, and nothing is wider than its box."""

import hashlib
import io
import re
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from resvg_py import svg_to_bytes

from app.domain.letters import printable
from app.pages.cards.typesetting import (
    BOLD,
    ELLIPSIS,
    FAMILY,
    FONTS,
    REGULAR,
    fitted,
    font_files,
    text_width,
    wrapped,
)
from tests.names import LONG_NAMES

WEIGHTS = st.sampled_from([REGULAR, BOLD])
LATIN = st.text(st.characters(codec="latin-1"), max_size=80)
NAMES = st.sampled_from(LONG_NAMES) | LATIN | st.lists(st.sampled_from(LONG_NAMES), max_size=3).map(" and ".join)

ROW = re.compile(r"^\| [^|]+ \| [^|]* \| `(?P<file>[^`]+)` \| OFL-1\.1 \| `(?P<sha256>[0-9a-f]{64})` \|$", re.MULTILINE)


def drawn(text: str, size: int, weight: int, width: int) -> Image.Image:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{3 * size}">'
        f'<text x="{size}" y="{2 * size}" font-family="{FAMILY}" font-weight="{weight}" font-size="{size}" '
        f'xml:space="preserve">{escape(text)}</text></svg>'
    )
    png = svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=[str(file) for file in font_files()])
    return Image.open(io.BytesIO(png))


def test_the_files_are_what_their_sources_say():
    listed = {row["file"]: row["sha256"] for row in ROW.finditer((FONTS / "SOURCES.md").read_text("utf-8"))}
    present = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in FONTS.iterdir()
        if path.name != "SOURCES.md"
    }
    assert listed == present


def test_the_licence_is_that_of_the_vendored_original():
    vendored = Path(__file__).resolve().parents[3] / "static" / "vendor" / "fonts" / "LICENSE-public-sans.txt"
    assert (FONTS / vendored.name).read_bytes() == vendored.read_bytes()


@pytest.mark.parametrize("weight", [REGULAR, BOLD])
@pytest.mark.parametrize("text", [*LONG_NAMES, "LAB gain from CON −12 +7", "“Ŵyr” T’ VA To f) Łódź"])
def test_what_is_drawn_is_at_most_as_wide_as_what_was_measured(text: str, weight: int):
    size = 40
    measured = text_width(text, size, weight)
    picture = drawn(text, size, weight, width=int(measured) + 3 * size)
    left, _, right, _ = picture.getchannel("A").getbbox()
    # A letter may reach over its advance by a hair, such as an italic or an f: half a pixel, and the edge is smoothed.
    assert size - 2 <= left
    assert right <= size + measured + 2
    assert right - left > 0.9 * measured, "it is measured in the typeface it is drawn in"


@given(text=NAMES, weight=WEIGHTS, box=st.integers(120, 1100), lines=st.integers(1, 3))
def test_no_line_is_ever_wider_than_its_box(text: str, weight: int, box: int, lines: int):
    found = fitted(text, box=box, size=76, least=40, lines=lines, alone=52, weight=weight)
    assert 1 <= len(found.lines) <= lines
    assert 40 <= found.size <= 76
    assert all(text_width(line, found.size, weight) <= box for line in found.lines)


@given(text=NAMES, weight=WEIGHTS, box=st.integers(200, 1100))
def test_nothing_is_lost_unless_an_ellipsis_says_so(text: str, weight: int, box: int):
    found = fitted(text, box=box, size=76, least=40, lines=2, weight=weight)
    joined = "".join(found.lines)
    if not joined.endswith(ELLIPSIS):
        assert joined.replace(" ", "") == printable(text).replace(" ", "")


@given(text=NAMES, weight=WEIGHTS)
def test_a_fitted_text_is_drawn_inside_its_box(text: str, weight: int):
    found = fitted(text, box=500, size=60, least=24, weight=weight)
    box = drawn(found.lines[0], found.size, weight, width=700).getchannel("A").getbbox()
    if box is not None:
        assert box[2] <= found.size + 500 + 2


def test_a_text_is_shrunk_then_wrapped_then_cut():
    name = "Bournemouth, Christchurch and Poole"
    assert fitted("Medway", box=1088, size=76, least=40, lines=2).size == 76
    shrunk = fitted(name, box=1088, size=76, least=40, alone=52, lines=2, weight=BOLD)
    assert (len(shrunk.lines), shrunk.size < 76) == (1, True)
    broken = fitted(name, box=600, size=76, least=40, alone=52, lines=2, weight=BOLD)
    assert broken.lines == ("Bournemouth,", "Christchurch and Poole")
    assert fitted(name, box=200, size=76, least=40, weight=BOLD).lines[0].endswith(ELLIPSIS)


def test_a_word_that_is_too_wide_by_itself_is_broken():
    lines = wrapped("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", box=300, size=40, weight=REGULAR)
    assert len(lines) > 1
    assert all(text_width(line, 40) <= 300 for line in lines)
