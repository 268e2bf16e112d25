"""Which letters may be typed, kept and shown."""

import re
import unicodedata

INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters to Unicode, and nothing to see: the fillers of Hangul."""

_CONTROL = "\x00-\x08\x0b\x0e-\x1f\x7f-\x9f"
NEVER_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""Line breaks of any kind, and all other control characters."""

_NEVER_IN_HTML = re.compile(
    f"[{_CONTROL}\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
_NEVER_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def is_control(letter: str) -> bool:
    """Whether nobody can have typed ``letter``, nor read it: the control characters that are no space."""
    return unicodedata.category(letter) == "Cc" and not letter.isspace()


def legible(text: str) -> str:
    """``text`` as HTML can hold it (WHATWG 13.2.3.5): a question mark in a diamond for each character that it cannot.

    For what is said back to whoever asked for something that is not there.
    """
    return _NEVER_IN_HTML.sub("\N{REPLACEMENT CHARACTER}", text)


def in_xml(text: str) -> str:
    """``text`` without what an XML document may not hold (XML 1.0, 2.2)."""
    return _NEVER_IN_XML.sub("", text)


def unturned(text: str) -> str:
    """``text`` without what turns its direction around, which would do so to the page that shows it."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.bidirectional(letter) in _TURNING else letter for letter in text
    )


def printable(text: str) -> str:
    """``text`` as it can be drawn: composed letters, single spaces, nothing that cannot be seen."""
    composed = unicodedata.normalize("NFC", text)
    kept = (" " if letter.isspace() else letter for letter in composed if letter.isprintable() or letter.isspace())
    return " ".join("".join(kept).split())
