"""What the columns and lines of a council's results are called, and which of them is which."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from app.domain.matching import plain_words


class Column(StrEnum):
    """What stands in a column; the values are those of the form that asks."""

    COUNCIL = "council"
    """Read where a file may be of several."""
    WARD = "ward"
    CANDIDACY = "candidacy"
    CANDIDATE = "candidate"
    SURNAME = "surname"
    FIRST = "first"
    PARTY = "party"
    VOTES = "votes"
    ELECTED = "elected"
    BALLOTS = "ballots"
    REJECTED = "rejected"
    VALID = "valid"
    TURNOUT = "turnout"
    TOTAL = "total"
    AT = "at"
    """When it was announced."""


FIGURES = (Column.BALLOTS, Column.REJECTED, Column.VALID, Column.TURNOUT, Column.TOTAL, Column.AT)
"""What is told of a ward and not of a candidate: as columns of its rows, or as lines below them."""

LABELS: Mapping[Column, str] = MappingProxyType(
    {
        Column.WARD: "Ward",
        Column.CANDIDATE: "Candidate, whole name",
        Column.SURNAME: "Surname",
        Column.FIRST: "First names",
        Column.PARTY: "Party",
        Column.VOTES: "Votes",
        Column.ELECTED: "Elected",
        Column.BALLOTS: "Ballot papers",
        Column.REJECTED: "Rejected papers",
        Column.VALID: "Valid papers",
        Column.TURNOUT: "Turnout",
        Column.TOTAL: "Total of the votes",
        Column.AT: "Declared at",
    }
)
"""The columns that are asked about, in the order in which they are offered."""

_NAMES: Mapping[Column, tuple[str, ...]] = MappingProxyType(
    {
        Column.COUNCIL: ("council", "council id", "council name", "authority", "local authority"),
        Column.WARD: (
            *("ward", "ward name", "division", "division name", "electoral division", "electoral area", "area"),
            *("contest", "constituency", "ballot id", "ballot paper id", "ward ward"),
        ),
        Column.CANDIDACY: ("candidacy id",),
        Column.CANDIDATE: (
            *("candidate", "candidates", "candidate name", "name", "name of candidate", "candidates name"),
            *("names of candidates", "full name", "person name"),
        ),
        Column.SURNAME: ("surname", "last name", "family name", "candidate surname"),
        Column.FIRST: ("first name", "first names", "forename", "forenames", "given names", "other names"),
        Column.PARTY: (
            *("party", "party name", "political party", "description", "party description", "affiliation"),
            *("description if any", "party if any"),
        ),
        Column.VOTES: (
            *("votes", "votes cast", "number of votes", "no of votes", "votes received", "vote", "votes polled"),
            *("number of votes recorded", "votes recorded", "total number of votes"),
        ),
        Column.ELECTED: ("elected", "result", "outcome", "whether elected", "elected or not"),
        Column.BALLOTS: (
            *("ballot papers", "ballots", "papers", "ballot papers issued", "number of ballot papers issued"),
            "total ballot papers",
        ),
        Column.REJECTED: (
            *("rejected", "rejected papers", "rejected ballot papers", "rejected ballots", "spoilt papers"),
            *("spoilt ballot papers", "total rejected", "number of rejected ballot papers"),
        ),
        Column.VALID: ("valid", "valid papers", "valid ballot papers", "valid ballots"),
        Column.TURNOUT: ("turnout", "turnout percentage", "percentage turnout", "turnout per cent"),
        Column.TOTAL: ("total", "total votes", "total votes cast", "total of the votes", "total valid votes"),
        Column.AT: ("declared at", "announced at", "time declared", "time of declaration"),
    }
)

_BY_NAME: Mapping[str, Column] = MappingProxyType({name: column for column, names in _NAMES.items() for name in names})

_WHOM = frozenset({Column.CANDIDACY, Column.CANDIDATE, Column.SURNAME, Column.PARTY})

LONGEST_HEADING = 100
"""Characters; what is longer is none."""

_ELECTED = frozenset({"elected", "e", "el", "yes", "y", "1", "x", "true", "*", "✓", "✔"})


def column_called(heading: str) -> Column | None:
    """What a column with this heading holds, or a line that begins so; None for anything else."""
    return _called(heading) if len(heading) <= LONGEST_HEADING else None


@lru_cache(maxsize=4096)
def _called(heading: str) -> Column | None:
    # Every cell of a file may be a heading, and most of them are there many times.
    words = plain_words(heading)
    return _BY_NAME.get(" ".join(words)) or _BY_NAME.get(" ".join(word for word in words if word != "the"))


def columns_of(row: Sequence[str]) -> Mapping[int, Column] | None:
    """Which column is which, where ``row`` is their headings: it has votes, and says whose they are.

    Several may have the votes, where some have those of a whole ward: the one that is called ``votes`` and no more has
    them. Where there is none, or are two of these, none is said to: see :func:`is_ambiguous`.
    """
    found: dict[int, Column] = {}
    votes = _places_of_votes(row)
    for place, cell in enumerate(row):
        column = column_called(cell)
        if column is Column.VOTES and votes != [place]:
            continue
        if column is not None and column not in found.values():
            found[place] = column
    return found if votes and _WHOM & set(found.values()) else None


def is_ambiguous(row: Sequence[str]) -> bool:
    """Whether ``row`` are headings of which several may have the votes: it has to be asked which."""
    return columns_of(row) is not None and len(_places_of_votes(row)) > 1


def _places_of_votes(row: Sequence[str]) -> list[int]:
    """Where the votes may be: the columns of exactly that name, or else all that may be called so."""
    called = [place for place, cell in enumerate(row) if column_called(cell) is Column.VOTES]
    return [place for place in called if plain_words(row[place]) == plain_words(Column.VOTES)] or called


def is_marked_elected(cell: str) -> bool:
    """Whether a cell in the column of who is elected says yes, as councils write it."""
    return cell.strip().casefold() in _ELECTED
