"""The page that OBS, vMix and others lay over a picture: the dashboard's own fragments, large, on nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from jinja2 import Environment
from markupsafe import Markup

from app.domain.election import Convention
from app.domain.night import Night
from app.pages.drawn import DRAWN
from app.pages.environment import render
from app.pages.frame import PageFrame

FRAGMENTS = ("strip", "ticker", "flips", DRAWN)
"""Those of the dashboard that it is made of: element ids."""


class OnAir(StrEnum):
    """What of it is shown."""

    ALL = "all"
    LOWER_THIRD = "lower-third"
    TICKER = "ticker"
    FLIP = "flip"


@dataclass(frozen=True, slots=True)
class BroadcastLook:
    """``part`` is what is shown, ``scale`` how large, in per cent, ``parties`` how many of the score at most."""

    part: OnAir = OnAir.ALL
    scale: int = 100
    parties: int = 6

    def has(self, part: OnAir) -> bool:
        return self.part in (OnAir.ALL, part)


def broadcast_page(
    environment: Environment,
    night: Night,
    convention: Convention,
    fragments: Mapping[str, str],
    frame: PageFrame,
    look: BroadcastLook,
) -> str:
    """The page; ``fragments`` are those of the dashboard."""
    values = {
        "frame": frame,
        "election": night.election,
        "convention": convention,
        "look": look,
        "fragment": {name: Markup(fragments[name]) for name in FRAGMENTS},
    }
    return render(environment, "broadcast/page.html", values)
