"""What a card is drawn from: rectangles and lines of text at their places, in pixels from the top left corner."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.letters import printable
from app.pages.cards.typesetting import BOLD, FAMILY, REGULAR, fitted, text_width

GROUND, INK, INK_2, RULE, TO_COME, WARN = "#fcfcfa", "#14171c", "#50555e", "#d9d9d3", "#c4c6c9", "#9a3412"
"""``--ground`` and its companions in tokens.css, on a light page: a picture has no theme."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; ``hatch`` is the id of a pattern that goes over its fill, ``edge`` the colour of its outline."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    edge: str | None = None
    hatch: str | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """Path data of another drawing at ``x``, ``y``, made ``scale`` times as large; what is not filled is outlined."""

    x: float
    y: float
    scale: float
    path: str
    fill: str = "none"
    edge: str | None = None
    edge_width: float = 0.0
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks: its size in pixels, weight and colour."""

    size: int
    weight: int = REGULAR
    fill: str = INK


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text on its baseline ``y``; ``anchor`` says which end ``x`` is, ``start``, ``middle`` or ``end``."""

    x: float
    y: float
    text: str
    style: Style
    anchor: str

    @property
    def width(self) -> float:
        """At most."""
        return text_width(self.text, self.style.size, self.style.weight)


@dataclass(slots=True)
class Canvas:
    """A picture of ``width`` by ``height`` in the making; everything but full-width stripes stays in the margins."""

    width: int
    height: int
    margin: int
    boxes: list[Box] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    marked: str = ""
    """What stands across the whole picture, such as TEST."""

    @property
    def left(self) -> int:
        return self.margin

    @property
    def right(self) -> int:
        return self.width - self.margin

    @property
    def room(self) -> int:
        """The width between the margins."""
        return self.width - 2 * self.margin

    @property
    def family(self) -> str:
        return FAMILY

    def box(self, box: Box) -> None:
        """Nothing is drawn of a box without an extent."""
        if box.width > 0 and box.height > 0:
            self.boxes.append(box)

    def rule(self, y: float) -> None:
        """A hairline from margin to margin."""
        self.box(Box(self.left, y, self.room, 2, RULE))

    def text(self, x: float, y: float, text: str, style: Style, *, anchor: str = "start") -> Text:
        """A line that is known to fit."""
        line = Text(x, y, printable(text), style, anchor)
        if line.text:
            self.texts.append(line)
        return line

    def fit(self, at: tuple[float, float], text: str, style: Style, *, box: float, anchor: str = "start") -> Text:
        """A line that is shrunk, by a third at most, and then cut to be no wider than ``box``."""
        found = fitted(text, box=box, size=style.size, least=style.size * 2 // 3, weight=style.weight)
        return self.text(*at, found.lines[0], Style(found.size, style.weight, style.fill), anchor=anchor)

    def paragraph(self, at: tuple[float, float], lines: Sequence[str], style: Style, *, leading: float = 1.15) -> float:
        """Lines that are known to fit, the first baseline at ``at``; the last baseline."""
        x, y = at
        for number, line in enumerate(lines):
            self.text(x, y + number * style.size * leading, line, style)
        return y + (len(lines) - 1) * style.size * leading


__all__ = [
    "BOLD",
    "GROUND",
    "INK",
    "INK_2",
    "REGULAR",
    "RULE",
    "TO_COME",
    "WARN",
    "Box",
    "Canvas",
    "Shape",
    "Style",
    "Text",
]
