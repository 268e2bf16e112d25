"""Which characters a text may have: what can be typed and read, and what HTML can hold."""

import re
import unicodedata


def is_control(letter: str) -> bool:
    """Whether nobody can have typed ``letter``, nor read it: the control characters that are no space."""
    return unicodedata.category(letter) == "Cc" and not letter.isspace()


_NEVER_IN_HTML = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)


def legible(text: str) -> str:
    """``text`` as HTML can hold it (WHATWG 13.2.3.5): a question mark in a diamond for each character that it cannot.

    For what is said back to whoever asked for something that is not there.
    """
    return _NEVER_IN_HTML.sub("\N{REPLACEMENT CHARACTER}", text)
