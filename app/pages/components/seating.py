"""Seats as shapes: where the stretches of a seat bar and the dots of a hemicycle stand.

Both show a council in the same order: the largest group first, of each group the seats not up tonight before those won,
then the seats to come, then the vacant ones. The arithmetic of the dots depends on their number alone and is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import cos, pi, sin
from typing import NamedTuple

from app.domain.council import CouncilState
from app.domain.election import Election
from app.wording.council import majority_line
from app.wording.figures import plural_seats, seats_line, sentence


class Stretch(StrEnum):
    """What a run of seats is."""

    CONTINUING = "continuing"
    WON = "won"
    TO_COME = "to-come"
    VACANT = "vacant"


@dataclass(frozen=True, slots=True)
class Seats:
    """``number`` seats side by side, of a reporting group or (None) of nobody yet."""

    stretch: Stretch
    number: int
    group: str | None = None


@dataclass(frozen=True, slots=True)
class LegendLine:
    """A group with its seats, and how many of them were not up tonight."""

    group: str
    short: str
    name: str
    seats: int
    continuing: int

    @property
    def is_by_name(self) -> bool:
        """Whether it is called by its whole name."""
        return self.short == self.name


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the bar: ``x`` and ``width`` are percentages of it, as SVG takes them."""

    stretch: Stretch
    group: str | None
    x: str
    width: str


MOST_NAMED = 3
"""Parties that a dense row has room for where the window is wide."""


class Level(NamedTuple):
    """``parties`` with as many ``seats``, of whom a legend cut after ``most`` would have some and leave out others."""

    most: int
    parties: int
    seats: int


@dataclass(frozen=True, slots=True)
class SeatBar:
    """A bar of ``total`` seats with a line at ``majority``; what no segment covers is to come."""

    total: int
    majority: int
    line_x: str
    segments: tuple[Segment, ...]
    legend: tuple[LegendLine, ...]
    to_come: int
    vacant: int
    has_continuing: bool
    label: str
    text: str

    @property
    def level(self) -> tuple[Level, ...]:
        """Those among whom a legend would be cut."""
        numbers = [line.seats for line in self.legend]
        return tuple(
            Level(most, numbers.count(numbers[most]), numbers[most])
            for most in range(1, min(MOST_NAMED, len(numbers) - 1) + 1)
            if numbers[most - 1] == numbers[most]
        )

    def cuts(self, place: int) -> list[str]:
        """The classes of the line at that place, where it is one of those and would not be cut itself."""
        seats = self.legend[place].seats
        return [f"cut-{level.most}" for level in self.level if place < level.most and level.seats == seats]


@dataclass(frozen=True, slots=True)
class Dots:
    """The dots of one stretch as SVG path data; in a large chamber the piece of the ring in their place."""

    stretch: Stretch
    group: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Hemicycle:
    """One dot per seat in a half circle, or a ring in a large chamber.

    ``tick`` is the majority marker, ``label`` what stands above it.
    """

    dots: tuple[Dots, ...]
    tick: str
    label_x: str
    label_y: str
    label: str
    lead: str
    caption: str
    text: str


def seating(state: CouncilState) -> tuple[Seats, ...]:
    """The council's seats in order; a tally may give a group fewer than it had continuing: then none was won."""
    return tuple(stretch for stretch in _stretches(state) if stretch.number)


def _stretches(state: CouncilState) -> Iterator[Seats]:
    for group, number in state.seats.items():
        continuing = min(number, state.council.continuing.get(group, 0))
        yield Seats(Stretch.CONTINUING, continuing, group)
        yield Seats(Stretch.WON, number - continuing, group)
    yield Seats(Stretch.TO_COME, state.seats_to_come)
    yield Seats(Stretch.VACANT, state.vacant)


def seats_text(election: Election, state: CouncilState) -> str:
    """The text that stands for bar and hemicycle: ``LAB 33, CON 22, IND 4 of 59 seats; 30 are a majority``."""
    parts = [seats_line(election, state.seats)] if state.seats else []
    if state.seats_to_come:
        parts.append(f"{state.seats_to_come} to come")
    if state.vacant:
        parts.append(f"{state.vacant} vacant")
    total = plural_seats(election, state.council.total_seats)
    return f"{', '.join(parts)} of {total}; {majority_line(state)}"


def seat_bar(election: Election, state: CouncilState) -> SeatBar:
    """The seat bar of a council."""
    total = state.council.total_seats
    segments: list[Segment] = []
    placed = 0
    for seats in seating(state):
        if seats.stretch is not Stretch.TO_COME:
            segments.append(Segment(seats.stretch, seats.group, _percent(placed, total), _percent(seats.number, total)))
        placed += seats.number
    return SeatBar(
        total=total,
        majority=state.majority,
        line_x=_percent(state.majority, total),
        segments=tuple(segments),
        legend=tuple(
            LegendLine(
                group,
                election.short(group),
                election.party(group).name,
                number,
                min(number, state.council.continuing.get(group, 0)),
            )
            for group, number in state.seats.items()
        ),
        to_come=state.seats_to_come,
        vacant=state.vacant,
        has_continuing=state.continuing > 0,
        label=sentence(election.words.seats),
        text=seats_text(election, state),
    )


def _percent(part: int, total: int) -> str:
    return f"{100 * part / total:.2f}".rstrip("0").rstrip(".") + "%"


# The hemicycle, in units of which its outer radius has 100


@dataclass(frozen=True, slots=True)
class Chamber:
    """Where ``seats`` dots stand, from left to right, as path data each, and the angles at which they do."""

    circles: tuple[str, ...]
    crosses: tuple[str, ...]
    angles: tuple[float, ...]


INNER_RADIUS = 0.42
"""What the innermost row should have, as a part of the outermost."""
DOT = 0.84
"""A dot's width as a part of the room there is for it."""
LARGEST_DOT = 9.5
MOST_DOTS = 200
"""Seats of the largest chamber that is drawn in dots: more of them are dust on a phone, and tens of kilobytes in every
message that tells of a seat."""
NEAR_THE_TOP = 0.25


@cache
def chamber(seats: int) -> Chamber:
    """A half circle of dots: rows as far apart as the dots within them, and as many rows as look like a chamber.

    With R rows a distance d apart, of radii 1, 1-d, …, the arcs hold pi * (R - d*R*(R-1)/2) / d dots: d follows.
    """
    rows, distance = min(
        ((rows, pi * rows / (seats + pi * rows * (rows - 1) / 2)) for rows in range(1, 13)),
        key=lambda option: abs(1 - (option[0] - 1) * option[1] - INNER_RADIUS),
    )
    radii = [1 - row * distance for row in range(rows)]
    places: list[tuple[float, float]] = []
    room = distance
    for radius, number in zip(radii, seats_by_row(seats, radii), strict=True):
        if number > 1:
            room = min(room, pi * radius / (number - 1))
        places.extend((pi * (1 - (place / (number - 1) if number > 1 else 0.5)), radius) for place in range(number))
    places.sort(key=lambda place: (-place[0], place[1]))
    dot = min(LARGEST_DOT, 50 * room * DOT)
    points = [(100 * radius * cos(angle), -100 * radius * sin(angle)) for angle, radius in places]
    return Chamber(
        circles=tuple(_circle(x, y, dot) for x, y in points),
        crosses=tuple(_cross(x, y, dot * 0.6) for x, y in points),
        angles=tuple(angle for angle, _ in places),
    )


def seats_by_row(seats: int, weights: list[float]) -> list[int]:
    """``seats`` whole ones in proportion to ``weights``, the largest remainders rounded up."""
    exact = [seats * weight / sum(weights) for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda row: shares[row] - exact[row])
    for row in by_remainder[: seats - sum(shares)]:
        shares[row] += 1
    return shares


def hemicycle(election: Election, state: CouncilState) -> Hemicycle:
    """The hemicycle of a council."""
    dots, angle = _in_dots(state) if state.council.total_seats <= MOST_DOTS else _as_ring(state)
    lead, caption = _lead(election, state)
    inner, outer, above = 105, 112, 118
    across, up = cos(angle), -sin(angle)
    return Hemicycle(
        dots=dots,
        tick=f"M{inner * across:.1f} {inner * up:.1f}L{outer * across:.1f} {outer * up:.1f}",
        label_x=f"{above * across:.1f}",
        label_y=f"{above * up:.1f}",
        # Away from the top there is room for the number alone.
        label=f"{state.majority} for a majority" if abs(across) < NEAR_THE_TOP else str(state.majority),
        lead=lead,
        caption=caption,
        text=seats_text(election, state),
    )


def _in_dots(state: CouncilState) -> tuple[tuple[Dots, ...], float]:
    """The seats, and the angle of the majority line."""
    places = chamber(state.council.total_seats)
    dots: list[Dots] = []
    placed = 0
    for seats in seating(state):
        shapes = places.crosses if seats.stretch is Stretch.VACANT else places.circles
        path = "".join(shapes[placed : placed + seats.number])
        dots.append(Dots(seats.stretch, seats.group, path))
        placed += seats.number
    return tuple(dots), _line_angle(places, state.majority)


def _as_ring(state: CouncilState) -> tuple[tuple[Dots, ...], float]:
    """The same in pieces of a half ring, each as long as its stretch is large."""
    total = state.council.total_seats
    pieces: list[Dots] = []
    placed = 0
    for seats in seating(state):
        pieces.append(Dots(seats.stretch, seats.group, _piece(placed / total, (placed + seats.number) / total)))
        placed += seats.number
    return tuple(pieces), pi * (1 - state.majority / total)


def _line_angle(places: Chamber, majority: int) -> float:
    """Half-way between the dot that makes a majority and the next one."""
    last, following = places.angles[majority - 1], places.angles[min(majority, len(places.angles) - 1)]
    return (last + following) / 2


def _lead(election: Election, state: CouncilState) -> tuple[str, str]:
    """What stands in the middle: the seats of the largest group, or all that are in where none leads."""
    groups, total = state.largest, state.council.total_seats
    if len(groups) == 1:
        return str(state.seats[groups[0]]), f"{election.short(groups[0])} of {total}"
    return str(sum(state.seats.values())), f"of {total} in"


def _piece(begin: float, end: float) -> str:
    """From one part of the half ring to another, from left to right."""
    inner = 100 * INNER_RADIUS
    (x, y), (u, v) = ((-cos(pi * part), -sin(pi * part)) for part in (begin, end))
    outside = f"M{100 * x:.1f} {100 * y:.1f}A100 100 0 0 1 {100 * u:.1f} {100 * v:.1f}"
    return f"{outside}L{inner * u:.1f} {inner * v:.1f}A{inner:g} {inner:g} 0 0 0 {inner * x:.1f} {inner * y:.1f}Z"


def _circle(x: float, y: float, radius: float) -> str:
    r, d = f"{radius:.2f}", f"{2 * radius:.2f}"
    return f"M{x - radius:.1f} {y:.1f}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0-{d} 0"


def _cross(x: float, y: float, reach: float) -> str:
    side = f"{2 * reach:.2f}"
    return f"M{x - reach:.1f} {y - reach:.1f}l{side} {side}m0-{side}l-{side} {side}"
