"""An article's own colours: whatever an editor gives, what is text on it can be read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pages.colours import DARK_GROUNDS, LIGHT_GROUNDS, SHAPE_CONTRAST, TEXT_CONTRAST, contrast
from app.pages.embed.colours import ArticleColours, read_colour
from tests.builders import an_election

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
TEXTS = ("--ink", "--ink-2", "--warn", "--accent")


def rules(sheet: str) -> dict[str, str]:
    return dict(re.findall(r"(--[a-z0-9-]+):([^;}]+)", sheet.partition("\n")[0]))


@given(background=COLOURS, accent=COLOURS | st.just(""))
def test_on_any_ground_whatever_is_text_can_be_read(background: str, accent: str) -> None:
    colours = ArticleColours(background, accent)
    sheet = colours.stylesheet(an_election())
    own = rules(sheet)
    grounds = own["--ground"], own["--ground-raised"]
    assert grounds[0] == background
    for ground in grounds:
        assert all(contrast(own[name], ground) >= TEXT_CONTRAST for name in TEXTS)
        assert contrast(own["--rule-2"], ground) >= SHAPE_CONTRAST
        assert all(contrast(text, ground) >= TEXT_CONTRAST for text in re.findall(r"--party-text:(#\w+)", sheet))
    assert contrast(own["--accent-ink"], own["--accent"]) >= TEXT_CONTRAST
    assert colours.theme in {"light", "dark"}


@given(accent=COLOURS)
def test_on_our_grounds_an_accent_can_be_read_in_the_light_and_in_the_dark(accent: str) -> None:
    colours = ArticleColours("", accent)
    light, dark = colours.accents()
    assert all(contrast(light.used, ground) >= TEXT_CONTRAST for ground in LIGHT_GROUNDS)
    assert all(contrast(dark.used, ground) >= TEXT_CONTRAST for ground in DARK_GROUNDS)
    assert "--ground" not in rules(colours.stylesheet(an_election()))


def test_what_can_be_read_stays_as_it_is_given() -> None:
    [accent] = ArticleColours("#fff1e5", "#990f3d").accents()
    assert accent.used == "#990f3d"


@pytest.mark.parametrize("written", ["fff1e5", "#FFF1E5", " fff1e5 "])
def test_colours_are_read_as_people_write_them(written: str) -> None:
    assert read_colour(written) == "#fff1e5"
    assert read_colour("#fa0") == "#ffaa00"


@pytest.mark.parametrize("written", ["", "red", "12345", "#1234567", "url(x)", "fff;}*{", "٣٣٣"])
def test_what_is_no_colour_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="six hexadecimal digits"):
        read_colour(written)
