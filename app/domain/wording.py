"""What is said of a council: badge, flash line, reasons (rule 12). British, short, plain."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from app.domain.election import NO_OVERALL_CONTROL


class Outcome(StrEnum):
    """Control changed, or did not; NOC is one of the values of control."""

    GAIN = "gain"
    HOLD = "hold"


TEST_LINE = "TEST. This is a rehearsal: nothing here is a result."
"""The mark of a rehearsal, wherever there is room for a sentence."""


NOT_CURRENT_LINE = "Not current. The newest results cannot be shown here just now."
"""What a page says while it is not known here how the night goes on."""


def outcome(now: str, before: str) -> Outcome:
    """Whether control ``now`` is what it was ``before``."""
    return Outcome.HOLD if now == before else Outcome.GAIN


def badge(now: str, before: str) -> str:
    """The badge for control ``now`` that was ``before``; both short names or NOC."""
    return f"{now} hold" if now == before else f"{now} gain from {before}"


def flash_line(council: str, now: str, before: str) -> str:
    """The badge in wire style: ``LAB gain Medway from CON``, ``CON lose Maidstone to NOC``, ``Ashford stays NOC``."""
    if now == before:
        return f"{council} stays NOC" if now == NO_OVERALL_CONTROL else f"{now} hold {council}"
    if now == NO_OVERALL_CONTROL:
        return f"{before} lose {council} to NOC"
    return f"{now} gain {council} from {before}"


BASIS_WORDING: Mapping[str, str] = {
    "eve": "on the eve of poll",
    "last": "at the last election",
    "notional": "notionally, on the new boundaries",
    "bbc": "as the BBC reported it",
}


def basis_wording(basis: str) -> str:
    """How a basis reads in a sentence; one that has no wording of its own is named."""
    return BASIS_WORDING.get(basis, f"on the basis “{basis}”")


def plural(number: int, noun: str) -> str:
    """``1 seat``, ``2 seats``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


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
