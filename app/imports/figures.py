"""Figures as files of others write them: “1,234”, “1234.0”, “43.2%”."""

import re

from app.bundles.tables import DIGITS_ALONE, Record, cut
from app.domain.letters import NEVER_IN_A_LINE

LARGEST = 50_000_000
"""More than the voters of any election here."""

_COUNT = re.compile(r"(?P<whole>\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.0+)?", re.ASCII)
_PERCENTAGE = re.compile(r"(?P<number>\d{1,3}(?:\.\d+)?) ?%?", re.ASCII)


def count_in(text: str) -> int | None:
    """The whole number that ``text`` writes; None where it is something else."""
    found = _COUNT.fullmatch(text)
    number = int(found["whole"].replace(",", "")) if found else LARGEST + 1
    return number if number <= LARGEST else None


def percentage_in(text: str) -> float | None:
    """The percentage, 0 to 100, that ``text`` writes; None where it is something else."""
    found = _PERCENTAGE.fullmatch(text)
    number = float(found["number"]) if found else 101.0
    return number if number <= 100 else None


def count(row: Record, column: str) -> int | None:
    """The number in a cell, None where that is empty; a cell that is neither is a fault."""
    text = row.cells[column]
    number = count_in(text)
    if text and number is None:
        row.refuse(f"{column} “{cut(text)}” is not a whole number", f"{DIGITS_ALONE}, or leave it empty")
    return number


def percentage(row: Record, column: str) -> float | None:
    """The percentage in a cell, None where that is empty; a cell that is neither is a fault."""
    text = row.cells[column]
    number = percentage_in(text)
    if text and number is None:
        told = f"{column} “{cut(text)}” is not a percentage from 0 to 100"
        row.refuse(told, "write it like 43.2, or leave it empty")
    return number


def one_line(text: str, longest: int) -> str:
    """``text`` on one line, without control characters, cut where it is longer than that."""
    return " ".join(NEVER_IN_A_LINE.sub(" ", text).split())[:longest]
