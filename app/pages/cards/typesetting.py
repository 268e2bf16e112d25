"""Text set for a picture: measured in the typeface it is drawn in, and fitted into the room there is.

Widths are sums of advances. The kerning only ever closes up (``templates/cards/fonts/SOURCES.md``), so what is
drawn is at most as wide as what was measured.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from app.domain.letters import printable
from app.process.folders import TEMPLATES

FONTS = TEMPLATES / "cards" / "fonts"
FAMILY = "Public Sans"
REGULAR, BOLD = 400, 700
ELLIPSIS = "…"
STEP = 2
"""Pixels between two sizes that are tried."""

_MEASURED_AT = 2000
"""The units of the typeface to an em: an advance at this size is a whole number of them."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Text broken into lines, and the size (in pixels) at which each of them fits."""

    lines: tuple[str, ...]
    size: int


def font_file(weight: int) -> Path:
    """The file that holds the letters of a weight."""
    return FONTS / f"public-sans-5.3.0-{weight}.ttf"


def font_files() -> list[Path]:
    """The files of every weight."""
    return [font_file(weight) for weight in (REGULAR, BOLD)]


def text_width(text: str, size: float, weight: int = REGULAR) -> float:
    """How wide ``text`` is at most, in pixels."""
    return sum(_advance(letter, weight) for letter in text) * size / _MEASURED_AT


def fitted(
    text: str, *, box: float, size: int, least: int, lines: int = 1, alone: int = 0, weight: int = REGULAR
) -> Fitted:
    """``text`` no wider than ``box`` pixels: shrunk from ``size``, then wrapped, and cut only where neither is enough.

    - ``least``: the smallest size it may have
    - ``lines``: how many lines there is room for
    - ``alone``: below this size it is rather wrapped than on a line of its own (default: as long as that is possible)
    """
    text = printable(text)
    for tried in range(size, (alone or least) - 1, -STEP):
        if text_width(text, tried, weight) <= box:
            return Fitted((text,), tried)
    for tried in range(alone or size, least - 1, -STEP):
        broken = wrapped(text, box=box, size=tried, weight=weight)
        if len(broken) <= lines:
            return Fitted(tuple(broken), tried)
    broken = wrapped(text, box=box, size=least, weight=weight)
    last = cut(" ".join(broken[lines - 1 :]), box=box, size=least, weight=weight)
    return Fitted((*broken[: lines - 1], last), least)


def wrapped(text: str, *, box: float, size: int, weight: int) -> list[str]:
    """``text`` in lines no wider than ``box``; a word that is wider by itself is broken."""
    done: list[str] = [""]
    for word in text.split():
        longer = f"{done[-1]} {word}".lstrip()
        if text_width(longer, size, weight) <= box:
            done[-1] = longer
            continue
        pieces = list(_pieces(word, box, size, weight))
        done[-1:] = [*([done[-1]] if done[-1] else []), *pieces]
    return done


def cut(text: str, *, box: float, size: int, weight: int) -> str:
    """``text``, or as much of it as fits with an ellipsis at its end."""
    if text_width(text, size, weight) <= box:
        return text
    while text and text_width(text.rstrip() + ELLIPSIS, size, weight) > box:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def _pieces(word: str, box: float, size: int, weight: int) -> Iterator[str]:
    piece = ""
    for letter in word:
        if piece and text_width(piece + letter, size, weight) > box:
            yield piece
            piece = ""
        piece += letter
    yield piece


@lru_cache(maxsize=4096)
def _advance(letter: str, weight: int) -> float:
    return _face(weight).getlength(letter)


@lru_cache(maxsize=2)
def _face(weight: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_file(weight), _MEASURED_AT, layout_engine=ImageFont.Layout.BASIC)
