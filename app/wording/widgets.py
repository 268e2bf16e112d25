"""What is told where an editor chooses a widget: its names, and what became of colours and widths."""

from enum import StrEnum

from app.domain.election import Election
from app.wording.figures import sentence


class WidgetKind(StrEnum):
    """What one chooses between; the first are of the night."""

    OVERVIEW = "overview"
    WHOLE = "whole"
    MAP = "map"
    SCOREBOARD = "scoreboard"
    TICKER = "ticker"
    NUMBER = "number"
    PARTY = "party"
    COUNCIL = "council"
    LINE = "line"
    CONTEST = "contest"


def widget_name(election: Election, kind: WidgetKind) -> str:
    """``The night in short``, ``One council in a line``."""
    words = election.words
    called = {
        WidgetKind.OVERVIEW: "the night in short",
        WidgetKind.WHOLE: f"the night with every {words.body}",
        WidgetKind.MAP: f"a map of {words.bodies}",
        WidgetKind.SCOREBOARD: "the parties",
        WidgetKind.TICKER: "the ticker",
        WidgetKind.NUMBER: "a number",
        WidgetKind.PARTY: "one party",
        WidgetKind.COUNCIL: f"one {words.body}",
        WidgetKind.LINE: f"one {words.body} in a line",
        WidgetKind.CONTEST: f"one {words.contest}",
    }
    return sentence(called[kind])


def accent_told(given: str, ground: str, given_contrast: float, used: str, used_contrast: float) -> str:
    """Of an accent on one ground: that it can be read, or what is used in its place."""
    if used == given:
        return f"Accent {given} on {ground}: {_ratio(used_contrast)}."
    return (
        f"Accent {given} on {ground} has {_ratio(given_contrast)}, too little to be read (4.5:1). "
        f"{used} is used instead: {_ratio(used_contrast)}."
    )


def background_told(background: str, theme: str) -> str:
    """What a background brings with it."""
    lighter = "darker" if theme == "light" else "lighter"
    return (
        f"On {background} the widget is always {theme}. Where the parties’ colours are text they are {lighter}, "
        "as far as it takes to be read (4.5:1)."
    )


def width_told(given: str, least: int, most: int) -> str:
    """Of a width that cannot be."""
    return f"“{given[:40]}” is no width: write pixels, {least} to {most:,}, or nothing for as wide as the place."


def _ratio(contrast: float) -> str:
    """``4.5:1``; cut, not rounded, so that 4.49 is not told as enough."""
    return f"{int(contrast * 10) / 10:g}:1"
