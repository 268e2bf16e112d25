"""How high a frame has to be where the page around it does not listen to the widget, which tells its own height."""

from typing import NamedTuple

from app.domain.election import Convention
from app.domain.night import Night
from app.domain.ticker import TICKER_LENGTH
from app.pages.embed.widget import TICKER_LINES, Show, WidgetPart
from app.pages.overview.scoreboard import with_a_row

WIDTH = 600
"""CSS pixels that a widget is wide where nobody says otherwise."""

NARROWEST = 280
"""CSS pixels below which a widget cannot be read: whoever asks for less is given this."""

SHORTEST = 200
"""CSS pixels that a frame is high at least; WordPress makes none lower."""

TALLEST = 1000
"""CSS pixels that a frame is high at most until the widget has told its height; one that nobody tells scrolls."""


class Heights(NamedTuple):
    """CSS pixels that widgets take at most, at ``width`` and more: measured over whole nights, with some to spare."""

    width: int
    council: int
    party: int
    """Of a party's, without the councils that it gained and lost."""
    change: int
    """Of each of those."""
    head: int
    """Of what stands around rows."""
    row: int
    night: int
    """Of the night in short."""
    map: int
    """Of what stands around a map: a few large squares, which are the fewer abreast, among it."""


HEIGHTS = (
    Heights(640, council=540, party=290, change=34, head=125, row=140, night=700, map=300),
    Heights(480, council=460, party=310, change=40, head=125, row=140, night=700, map=300),
    Heights(320, council=510, party=350, change=50, head=150, row=160, night=760, map=420),
    Heights(0, council=640, party=390, change=60, head=180, row=170, night=760, map=440),
)
"""From the widest to the narrowest."""

ANY_WIDTH = (360, 640)
"""Where a frame is as wide as its place it is as high as it has to be on a telephone and in a column of an article."""

MOST_CHANGES = 8
"""Councils that a party's widget lists as gained, and as lost."""

SQUARE, LARGE_SQUARE, ABREAST = 48, 100, 12
"""CSS pixels of the squares of a map (large where they are few), and how many stand side by side at :data:`WIDTH`."""

COMPACT_ROW = 48
"""CSS pixels of a row that is one line."""

SCORE_HEAD, SCORE_ROW, LINE, NUMBER = 250, 48, 150, 190
TICKER_HEAD, TICKER_LINE = 130, 48
CONTEST_HEAD, CANDIDATE = 290, 33
"""CSS pixels of smaller widgets, about, 600 wide, and of their rows."""


def part_height(night: Night, convention: Convention, part: WidgetPart, show: Show, ballot_id: str) -> int:
    """That of a ``part``, which is not all of the night or of a council."""
    match part:
        case WidgetPart.SCOREBOARD:
            rows = len(with_a_row(night, convention) & night.election.groups_present)
            height = SCORE_HEAD + SCORE_ROW * rows
        case WidgetPart.TICKER:
            height = TICKER_HEAD + TICKER_LINE * (TICKER_LENGTH if show is Show.ALL else TICKER_LINES)
        case WidgetPart.CONTEST:
            height = CONTEST_HEAD + CANDIDATE * len(night.election.contest(ballot_id).candidacies)
        case WidgetPart.NUMBER:
            height = NUMBER
        case _:
            height = LINE
    return min(TALLEST, height)
