"""Share cards: a council, or the whole night, as a picture that says all that matters without a page around it.

Pure: a :class:`Card` is an SVG document and the sentence that stands for it. Drawing it is ``app.drawing``'s.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from jinja2 import Environment

from app.domain.council import CouncilState
from app.domain.election import NO_CONTROL_COLOUR, NO_OVERALL_CONTROL, Convention, Election
from app.domain.night import Night
from app.domain.party_night import PartyNight
from app.pages.cards.canvas import BOLD, GROUND, INK, INK_2, RULE, TO_COME, WARN, Box, Canvas, Shape, Style
from app.pages.cards.figures import CardRow, Figure, council_figures, night_rows, party_figures
from app.pages.cards.typesetting import fitted, text_width
from app.pages.colours import PartyColours, colours_of
from app.pages.components.badge import Badge, BadgeKind, badge_of
from app.pages.components.seating import Stretch, hemicycle, seating
from app.wording import sentences
from app.wording.as_at import as_at, as_at_of
from app.wording.cards import (
    alt_of_council,
    alt_of_night,
    alt_of_party,
    basis_line,
    covered_line,
    standing_line,
)
from app.wording.figures import plural_seats
from app.wording.marks import TEST_LINE, TEST_SENTENCE
from app.wording.night import measured, name_of
from app.wording.party_night import card_lines

WORDMARK = "Declared"

SHORT = 8
"""Letters of what is called by its short name."""

ROOM_FOR_TWO = 3
"""Times the size of a line: what two of them take, with what is above them."""


class CardSize(StrEnum):
    """The pictures there are: beside a link, and for a post of its own."""

    WIDE = "wide"
    SQUARE = "square"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What a card of one size is set in, in pixels; ``foot`` is how far the rule above the last line is from below."""

    width: int
    height: int
    margin: int
    header: int
    title: int
    title_alone: int
    title_least: int
    badge: int
    line: int
    bar: int
    columns: int
    rows: int
    cell: int
    seats: int
    small: int
    foot: int
    table_rows: int
    table_row: int


MEASURES: Mapping[CardSize, Measures] = {
    CardSize.WIDE: Measures(
        width=1200,
        height=630,
        margin=56,
        header=74,
        title=76,
        title_alone=52,
        title_least=40,
        badge=72,
        line=30,
        bar=50,
        columns=7,
        rows=1,
        cell=88,
        seats=46,
        small=24,
        foot=74,
        table_rows=6,
        table_row=46,
    ),
    CardSize.SQUARE: Measures(
        width=1080,
        height=1080,
        margin=64,
        header=94,
        title=92,
        title_alone=68,
        title_least=52,
        badge=92,
        line=34,
        bar=64,
        columns=5,
        rows=2,
        cell=112,
        seats=56,
        small=28,
        foot=126,
        table_rows=11,
        table_row=56,
    ),
}


@dataclass(frozen=True, slots=True)
class Card:
    """A card as an SVG document of ``width`` by ``height`` pixels; ``alt`` is the sentence that says what it says."""

    svg: str
    width: int
    height: int
    alt: str


class Drawn(NamedTuple):
    """A canvas in the making, and what it is set in."""

    canvas: Canvas
    measures: Measures

    @property
    def small(self) -> Style:
        return Style(self.measures.small, fill=INK_2)


def council_card(
    environment: Environment, election: Election, state: CouncilState, convention: Convention, look: "CardLook"
) -> Card:
    """The card of a council in ``state``."""
    comparison = state.comparisons[convention.key]
    drawn = _begun(election.name, look)
    y = _title(drawn, state.council.name)
    y = _badge(drawn, y, election, badge_of(election, state, convention.key))
    y = _paragraph(drawn, y, standing_line(election, state))
    _foot(drawn, as_at_of(election, state), basis_line(election, state, comparison))
    below = _figures(drawn, council_figures(election, state, comparison, drawn.measures.columns * drawn.measures.rows))
    if not state.council.has_chamber:
        return _finished(environment, drawn, alt_of_council(election, state, comparison), look)
    if look.size is CardSize.WIDE:
        _bar(drawn, y, below, election, state)
    else:
        _chamber(drawn, y, below, election, state)
    return _finished(environment, drawn, alt_of_council(election, state, comparison), look)


def night_card(
    environment: Environment, night: Night, at: datetime | None, convention: Convention, look: "CardLook"
) -> Card:
    """The card of the whole night; ``at`` is the time of its last entry. Of one body alone it is that body's."""
    election, only = night.election, night.only_state
    if only is not None:
        return council_card(environment, election, only, convention, look)
    drawn = _begun(f"{sentences.sentence(election.words.body)} elections", look)
    y = _title(drawn, election.name, largest=drawn.measures.title * 4 // 5)
    y = _paragraph(drawn, y, covered_line(night, convention))
    rows = night_rows(night, convention, drawn.measures.table_rows)
    y = _councils_bar(drawn, y, night)
    _table(drawn, y, election, rows)
    _foot(drawn, as_at(election, at), measured(convention))
    return _finished(environment, drawn, alt_of_night(night, convention, rows, at), look)


def party_card(
    environment: Environment,
    night: Night,
    party: PartyNight,
    at: datetime | None,
    convention: Convention,
    look: "CardLook",
) -> Card:
    """The card of a party: its seats, and the councils that it took, held and lost."""
    election = night.election
    drawn = _begun(election.name, look)
    y = _title(drawn, name_of(election, party.group))
    y, height = y + 22, drawn.measures.bar * 0.3
    colours = _colours(election, party.group)
    drawn.canvas.box(Box(drawn.canvas.left, y, drawn.canvas.room, height, colours.fill, colours.edge_on_light))
    y += height
    _foot(drawn, as_at(election, at), measured(convention))
    below = _figures(drawn, party_figures(night, party))
    for line in card_lines(night, party):
        if y + drawn.measures.line * ROOM_FOR_TWO < below:
            y = _paragraph(drawn, y, line, lines=2)
    return _finished(environment, drawn, alt_of_party(night, party, at), look)


@dataclass(frozen=True, slots=True)
class CardLook:
    """How a card is asked for."""

    size: CardSize = CardSize.WIDE
    rehearsal: bool = False


# The frame


def _begun(heading: str, look: CardLook) -> Drawn:
    """Header with the election's name and ours; in a rehearsal the marks that nobody overlooks."""
    measures = MEASURES[look.size]
    canvas = Canvas(measures.width, measures.height, measures.margin)
    drawn = Drawn(canvas, measures)
    if look.rehearsal:
        canvas.marked = "TEST"
        stripe = measures.header - measures.small - 14
        canvas.box(Box(0, 0, canvas.width, stripe, WARN))
        canvas.text(canvas.left, stripe - 13, TEST_LINE, Style(measures.small - 4, BOLD, GROUND))
    wordmark = Style(measures.small + 2, BOLD)
    canvas.text(canvas.right, measures.header, WORDMARK, wordmark, anchor="end")
    room = canvas.room - text_width(WORDMARK, wordmark.size, BOLD) - 40
    canvas.fit((canvas.left, measures.header), heading, drawn.small, box=room)
    canvas.rule(measures.header + 18)
    return drawn


def _finished(environment: Environment, drawn: Drawn, alt: str, look: CardLook) -> Card:
    canvas = drawn.canvas
    template = environment.get_template("cards/card.svg")
    svg = template.render(canvas=canvas, ground=GROUND, warn=WARN)
    return Card(svg, canvas.width, canvas.height, f"{TEST_SENTENCE}{alt}" if look.rehearsal else alt)


def _title(drawn: Drawn, name: str, largest: int = 0) -> float:
    """The name, as large as it can be; the last baseline."""
    canvas, measures = drawn
    title = fitted(
        name,
        box=canvas.room,
        size=largest or measures.title,
        least=measures.title_least,
        alone=measures.title_alone,
        lines=2,
        weight=BOLD,
    )
    first = measures.header + 26 + title.size
    return canvas.paragraph((canvas.left, first), title.lines, Style(title.size, BOLD), leading=1.08)


def _paragraph(drawn: Drawn, y: float, text: str, lines: int = 1) -> float:
    """What there is to say, on so many lines or (on a square) two; the last baseline."""
    canvas, measures = drawn
    most = 2 if measures.rows > 1 else lines
    found = fitted(text, box=canvas.room, size=measures.line, least=measures.line * 2 // 3, lines=most)
    return canvas.paragraph((canvas.left, y + measures.line * 1.45), found.lines, Style(found.size), leading=1.3)


def _foot(drawn: Drawn, time: str, basis: str) -> None:
    """When, and what changes are measured against: on a square below each other, as the name of a basis may be long."""
    canvas, measures = drawn
    y = canvas.height - measures.foot
    canvas.rule(y)
    baseline = y + measures.small * 1.7
    if measures.rows > 1:
        canvas.fit((canvas.left, baseline), time, drawn.small, box=canvas.room)
        canvas.fit((canvas.left, baseline + measures.small * 1.35), basis, drawn.small, box=canvas.room)
        return
    told = canvas.fit((canvas.left, baseline), time, drawn.small, box=canvas.room * 0.5)
    canvas.fit((canvas.right, baseline), basis, drawn.small, box=canvas.room - told.width - 40, anchor="end")


# The badge


def _badge(drawn: Drawn, y: float, election: Election, badge: Badge) -> float:
    """A gain is solid, with an edge in the colour of whom it came from, a hold an outline; its bottom."""
    canvas, measures = drawn
    top, height = y + measures.badge * 0.36, measures.badge
    words = f"{badge.text} declared" if badge.kind is BadgeKind.UNDECIDED else badge.text
    edge = height * 0.22 if badge.was else 0
    pad = height * 0.34
    found = fitted(words, box=canvas.room - edge - 2 * pad, size=int(height * 0.6), least=20, weight=BOLD)
    width = edge + 2 * pad + text_width(found.lines[0], found.size, BOLD)
    colours = _colours(election, badge.control)
    if badge.was:
        was = _colours(election, badge.was)
        hatch = "noc" if badge.was == NO_OVERALL_CONTROL else None
        canvas.box(Box(canvas.left, top, edge, height, was.fill, was.edge_on_light, hatch))
    solid = badge.kind in {BadgeKind.GAIN, BadgeKind.PLAIN}
    ink = colours.label if solid else INK
    outline = RULE if badge.kind is BadgeKind.UNDECIDED else colours.edge_on_light or colours.fill
    hatch = "noc" if solid and badge.is_noc else None
    body = Box(canvas.left + edge, top, width - edge, height, colours.fill if solid else GROUND, outline, hatch)
    canvas.box(body)
    baseline = top + height / 2 + found.size * 0.355
    canvas.text(canvas.left + edge + pad, baseline, found.lines[0], Style(found.size, BOLD, ink))
    return top + height


def _colours(election: Election, control: str | None) -> PartyColours:
    """Those of a party, or of NOC; nobody's are those of NOC."""
    if control is None or control == NO_OVERALL_CONTROL:
        return colours_of(NO_CONTROL_COLOUR)
    return colours_of(election.party(control).colour)


# A council's seats


def _figures(drawn: Drawn, figures: list[Figure]) -> float:
    """The parties with their seats, above the foot; the top of them."""
    canvas, measures = drawn
    rows = -(-len(figures) // measures.columns)
    top = canvas.height - measures.foot - 14 - rows * measures.cell
    # A few have more room each, and stand where the many would.
    width = canvas.room / (measures.columns if rows > 1 else min(max(len(figures), 5), measures.columns))
    above = float(top)
    for number, figure in enumerate(figures):
        x = canvas.left + number % measures.columns * width
        told = _figure(drawn, (x, top + number // measures.columns * measures.cell), figure, width - 14)
        above = min(above, told)
    return above


def _figure(drawn: Drawn, at: tuple[float, float], figure: Figure, room: float) -> float:
    """One of them; the top of its name, which is set on as many lines as it needs, up from where others stand."""
    canvas, measures = drawn
    x, y = at
    swatch = measures.small * 0.72
    baseline = y + measures.small
    canvas.box(Box(x, baseline - swatch, swatch, swatch, figure.colours.fill, figure.colours.edge_on_light))
    least, most = measures.small * 2 // 3, 1 if len(figure.short) <= SHORT else 3
    found = fitted(figure.short, box=room - swatch - 9, size=measures.small, least=least, lines=most, weight=BOLD)
    higher = (len(found.lines) - 1) * found.size
    canvas.paragraph((x + swatch + 9, baseline - higher), found.lines, Style(found.size, BOLD), leading=1)
    seats = canvas.text(x, baseline + measures.seats * 1.02, figure.seats, Style(measures.seats, BOLD))
    beside = (x + seats.width + 9, baseline + measures.seats * 1.02)
    canvas.fit(beside, figure.told, drawn.small, box=room - seats.width - 9)
    return y - higher


def _bar(drawn: Drawn, above: float, below: float, election: Election, state: CouncilState) -> None:
    """The seat bar between the baseline ``above`` and ``below``, with the line at the majority."""
    canvas, measures = drawn
    total = state.council.total_seats
    style = Style(measures.small - 2)
    # Under a name on two lines it is lower: what is told above it keeps clear of the sentence.
    height = min(measures.bar, below - 18 - (above + measures.line * DESCENT + 12 + style.size + 18))
    top, seat = below - 18 - height, canvas.room / total
    x = float(canvas.left)
    for run in seating(state):
        colours = _colours(election, run.group)
        fill = colours.fill if run.group else GROUND
        hatch = None if run.stretch is Stretch.WON else run.stretch.value
        edge = (colours.edge_on_light if run.group else TO_COME) if run.number * seat > 8 else None
        canvas.box(Box(x, top, run.number * seat - 2, height, fill, edge, hatch))
        x += run.number * seat
    line = min(canvas.left + state.majority * seat, canvas.right - 2)
    canvas.box(Box(line - 4, top - 10, 6, height + 18, GROUND))
    canvas.box(Box(line - 3, top - 10, 4, height + 18, INK))
    seats = sentences.sentence(plural_seats(election, total))
    to_come = f"{state.seats_to_come} of {seats} to come" if state.seats_to_come else seats
    if state.continuing:
        to_come += f"; {LIGHTER}"
    right = canvas.text(canvas.right, top - 18, to_come, Style(style.size, fill=INK_2), anchor="end")
    label = f"{state.majority} for a majority"
    # Of a very small council the line is far to the right.
    furthest = canvas.right - right.width - 24 - text_width(label, style.size) / 2
    canvas.text(min(line, furthest), top - 18, label, style, anchor="middle")


DESCENT = 0.22
"""How far below its baseline a letter may reach, for each pixel of its size."""

LIGHTER = "lighter: not up tonight"

LARGEST_CHAMBER = 380
"""The radius of the hemicycle, at most."""


def _chamber(drawn: Drawn, above: float, below: float, election: Election, state: CouncilState) -> None:
    """The hemicycle between ``above`` and ``below``."""
    canvas, measures = drawn
    label, gap = measures.small * 1.6, 40
    radius = min(LARGEST_CHAMBER, canvas.room / 2, below - above - label - 1.6 * gap)
    x, y, scale = canvas.width / 2, below - gap, radius / 112
    caption = min(measures.small, int(radius * 0.085))
    drawing = hemicycle(election, state)
    for dots in drawing.dots:
        canvas.shapes.append(_dots(election, dots.stretch, dots.group, Shape(x, y, scale, dots.path)))
    canvas.shapes.append(Shape(x, y, scale, drawing.tick, edge=INK, edge_width=1.6))
    at = x + float(drawing.label_x) * scale, y + float(drawing.label_y) * scale
    if state.continuing:
        told = sentences.sentence(LIGHTER)
        canvas.text(canvas.right, y - radius, told, Style(measures.small - 4, fill=INK_2), anchor="end")
    canvas.text(*at, drawing.label, Style(measures.small), anchor="middle")
    canvas.text(x, y - caption * 1.25, drawing.lead, Style(int(radius * 0.23), BOLD), anchor="middle")
    canvas.text(x, y, drawing.caption, Style(caption, fill=INK_2), anchor="middle")


def _dots(election: Election, stretch: Stretch, group: str | None, shape: Shape) -> Shape:
    place = (shape.x, shape.y, shape.scale, shape.path)
    if group is None:
        edge = INK_2 if stretch is Stretch.VACANT else TO_COME
        return Shape(*place, fill="none", edge=edge, edge_width=1.0)
    colours = _colours(election, group)
    opacity = 0.55 if stretch is Stretch.CONTINUING else 1.0
    return Shape(*place, fill=colours.fill, edge=colours.edge_on_light, edge_width=0.7, opacity=opacity)


# The night


def _councils_bar(drawn: Drawn, y: float, night: Night) -> float:
    """The councils of the night by who controls them, those to come hatched; its bottom."""
    canvas, measures = drawn
    states = [
        it for it in night.councils.values() if not it.council.stands_apart and night.election.adds_up(it.council)
    ]
    if not states:
        return y
    held = Counter(state.holder for state in states if state.holder is not None)
    by_number = sorted(held.items(), key=lambda item: (item[0] == NO_OVERALL_CONTROL, -item[1], item[0]))
    top, height = y + 22, measures.bar * 0.5
    each = canvas.room / len(states)
    x = float(canvas.left)
    for holder, number in by_number:
        colours = _colours(night.election, holder)
        hatch = "noc" if holder == NO_OVERALL_CONTROL else None
        canvas.box(Box(x, top, number * each - 2, height, colours.fill, colours.edge_on_light, hatch))
        x += number * each
    canvas.box(Box(x, top, canvas.right - x, height, GROUND, TO_COME, "to-come"))
    return top + height


def _table(drawn: Drawn, y: float, election: Election, rows: list[CardRow]) -> None:
    """The scoreboard: party, councils and seats, each with its change."""
    canvas, measures = drawn
    right = canvas.right
    seats_change, seats = right, right - measures.small * 4.4
    councils_change, councils = right - measures.small * 9.5, right - measures.small * 13.2
    head = y + measures.small * 1.75
    canvas.text(seats, head, sentences.sentence(election.words.seats), drawn.small, anchor="end")
    has_councils = any(row.councils for row in rows)
    if has_councils:
        canvas.text(councils, head, sentences.sentence(election.words.bodies), drawn.small, anchor="end")
    for place in (councils_change, seats_change) if has_councils else (seats_change,):
        canvas.text(place, head, "change", Style(measures.small - 4, fill=INK_2), anchor="end")
    first = head + 14
    height = min(measures.table_row, (canvas.height - measures.foot - first) / max(len(rows), 1))
    size = int(height * 0.62)
    for number, row in enumerate(rows):
        top = first + number * height
        canvas.rule(top)
        baseline = top + height * 0.74
        swatch = _swatch(canvas, row, size * 0.72, baseline)
        name = (swatch + 12, baseline)
        canvas.fit(name, row.name, Style(size), box=councils - measures.small * 5 - name[0])
        for place, told, style in (
            (councils, row.councils, Style(size, BOLD)),
            (councils_change, row.councils_change, Style(size - 4, fill=INK_2)),
            (seats, row.seats, Style(size, BOLD)),
            (seats_change, row.seats_change, Style(size - 4, fill=INK_2)),
        ):
            canvas.text(place, baseline, told, style, anchor="end")


def _swatch(canvas: Canvas, row: CardRow, size: float, baseline: float) -> float:
    """The colour of a row of the table, on ``baseline``; where it ends."""
    hatch = "noc" if row.is_noc else None
    canvas.box(Box(canvas.left, baseline - size, size, size, row.colours.fill, row.colours.edge_on_light, hatch))
    return canvas.left + size
