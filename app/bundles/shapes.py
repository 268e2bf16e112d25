"""``shapes.csv`` of a bundle: where each council stands on the tile map. A bundle without it has a map by region."""

from collections.abc import Collection, Iterable, Iterator

from app.bundles.tables import Record
from app.domain.election import Election, Square

SHAPES = "shapes.csv"

FARTHEST = 60
"""The last column and row that there is: a country fits into half of it, and a page has to hold what lies between."""


def square_of(row: Record, council_ids: Collection[str] | None) -> Square:
    """The place that a row gives to one of these councils (None: it is not known which there are)."""
    row.reference("council_id", council_ids, "councils.csv")
    return Square(*(row.whole_number(name, lowest=0, highest=FARTHEST) for name in ("column", "row")))


def check_squares(squares: Iterable[tuple[Record, Square]]) -> None:
    """No two councils stand on one square."""
    taken: dict[Square, Record] = {}
    for row, square in squares:
        if not row.is_sound:
            continue
        first = taken.setdefault(square, row)
        if first is not row:
            where = f"column {square.column}, row {square.row}"
            told = f"{where} is that of “{first.cells['council_id']}” on line {first.line}"
            row.refuse(told, "give one of the two another square")


def without_a_square(election: Election) -> Iterator[str]:
    """What is said of councils that the map leaves out."""
    councils = [council for council in election.councils.values() if not council.stands_apart]
    missing = [council.name for council in councils if council.square is None]
    if len(missing) < len(councils) and missing:
        yield f"{SHAPES} has no square for some, which stand in a row below the map: {', '.join(missing)}."
