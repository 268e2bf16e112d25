"""Party colours as a stylesheet: computed, so that every label and every coloured text can be read.

A strict content security policy forbids style attributes, so a party's colour reaches an element as a class
(:func:`party_class`) which sets custom properties:

``--party-fill``     the party's own colour, for badge, bar and swatch
``--party-label``    text on the fill: near-black or white, with 4.5:1 at least
``--party-text``     the colour as text on the page: darkened, or lightened on a dark ground, to 4.5:1
``--party-edge``     an outline for fills that are below 3:1 against the page, else transparent

Contrast and luminance as in WCAG 2.2.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from app.addresses import PARTIES
from app.domain.election import NO_CONTROL_COLOUR, NO_OVERALL_CONTROL, Election

LABELS = ("#111111", "#ffffff")
LAST_LABEL = "#000000"
"""For the few fills on which neither of the others has the contrast: there, black always does."""
LIGHT_GROUNDS = ("#fcfcfa", "#f3f3ef")
DARK_GROUNDS = ("#111418", "#1a1e24")
"""``--ground`` and ``--ground-raised`` of tokens.css."""

TEXT_CONTRAST = 4.5
SHAPE_CONTRAST = 3.0
STEPS = 100

Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class PartyColours:
    """The colours of one party; ``edge`` is None where the fill stands out by itself."""

    fill: str
    label: str
    text_on_light: str
    text_on_dark: str
    edge_on_light: str | None
    edge_on_dark: str | None


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two ``#rrggbb`` colours, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance, 0 (black) to 1 (white)."""
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in _rgb(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@lru_cache(maxsize=1024)
def colours_of(fill: str) -> PartyColours:
    """What a party whose colour is ``fill`` needs to be shown with."""
    return PartyColours(
        fill=fill.lower(),
        label=label_on(fill),
        text_on_light=readable(fill, LIGHT_GROUNDS, towards="#000000", at_least=TEXT_CONTRAST),
        text_on_dark=readable(fill, DARK_GROUNDS, towards="#ffffff", at_least=TEXT_CONTRAST),
        edge_on_light=_edge(fill, LIGHT_GROUNDS, towards="#000000"),
        edge_on_dark=_edge(fill, DARK_GROUNDS, towards="#ffffff"),
    )


def readable(colour: str, grounds: Iterable[str], *, towards: str, at_least: float) -> str:
    """``colour`` moved ``towards`` black or white until it has the contrast on all ``grounds``."""
    grounds = tuple(grounds)
    for step in range(STEPS + 1):
        moved = mixed(colour, towards, step / STEPS)
        if all(contrast(moved, ground) >= at_least for ground in grounds):
            return moved
    return towards


@lru_cache(maxsize=4096)
def party_class(party_id: str) -> str:
    """The class of a party id or NOC. No two ids share one: what is neither letter, digit nor hyphen is spelt out."""
    safe = "".join(
        character if character == "-" or (character.isascii() and character.isalnum()) else f"_{ord(character):x}_"
        for character in party_id
    )
    return f"party-{safe}"


def party_stylesheet(election: Election) -> str:
    """The rules for every party of the election, and for NOC."""
    fills = {NO_OVERALL_CONTROL: NO_CONTROL_COLOUR} | {key: party.colour for key, party in election.parties.items()}
    return "".join(_rule(party_class(party_id), colours_of(fill)) for party_id, fill in fills.items())


def party_stylesheet_url(election: Election) -> str:
    """The address of the stylesheet, with a digest of it, so that browsers may keep it for ever."""
    digest = hashlib.sha256(party_stylesheet(election).encode()).hexdigest()[:12]
    return f"{PARTIES.to(slug=election.slug)}?v={digest}"


def label_on(fill: str) -> str:
    """Near-black or white, whichever can be read on ``fill``."""
    best = max(LABELS, key=lambda label: contrast(fill, label))
    return best if contrast(fill, best) >= TEXT_CONTRAST else LAST_LABEL


def _rule(name: str, colours: PartyColours) -> str:
    edge = themed(colours.edge_on_light or "transparent", colours.edge_on_dark or "transparent")
    text = themed(colours.text_on_light, colours.text_on_dark)
    fill = f"--party-fill:{colours.fill};--party-label:{colours.label}"
    return f".{name}{{{fill};--party-text:{text};--party-edge:{edge}}}\n"


def themed(on_light: str, on_dark: str) -> str:
    """One value for both themes, by the toggles of tokens.css."""
    return on_light if on_light == on_dark else f"var(--on-light,{on_light}) var(--on-dark,{on_dark})"


def _edge(fill: str, grounds: tuple[str, ...], *, towards: str) -> str | None:
    if all(contrast(fill, ground) >= SHAPE_CONTRAST for ground in grounds):
        return None
    return readable(fill, grounds, towards=towards, at_least=SHAPE_CONTRAST)


def mixed(colour: str, other: str, share: float) -> str:
    """``colour`` with a ``share`` (0 to 1) of the ``other`` in it."""
    both = zip(_rgb(colour), _rgb(other), strict=True)
    channels = (round(255 * (one * (1 - share) + two * share)) for one, two in both)
    return "#" + "".join(f"{channel:02x}" for channel in channels)


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue
