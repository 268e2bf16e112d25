"""The lines of a result that somebody has written out: their words, the figure in each, and what the figure is of.

A line is text with leaders, tabs or columns of spaces, or a row of a table. Shares and what says who is elected are
left out of its words.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.matching import plain_words
from app.domain.second_check import count

MOST_LINES = 300
"""Of a text; what comes after them is not read."""

_FIGURE = re.compile(
    r"(?<![\w.,£#/:+\-−–'’])(?:\d{1,3}(?:[,\u00a0\u2009\u202f'’]\d{3})+|\d+)(?![\w%/:'’]|[.,:]\d|\s?%|\s?per\s?cent)"
)
"""A count as it is written out: no part of a word, a date, a time, a decimal, a change or a percentage."""

_SHARE = re.compile(
    r"[(\[]?[+\-−–±]?\s?(?<![\d.,])\d{1,3}(?:\.\d+)?\s?(?:%|per\s?cent)[)\]]?"
    r"|[(\[]?[+\-−–±]?(?<![\d.,])\d{1,3}\.\d{1,2}(?!\d)[)\]]?"
)
"""A share or its change; a point before three digits may stand for a comma, so that is none without its sign."""

_PERCENTAGE = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)\s?(?:%|per\s?cent)")
_FIGURE_OR_PERCENTAGE = re.compile(f"{_PERCENTAGE.pattern}|{_FIGURE.pattern}")
_LEADERS = re.compile(r"\.{3,}|…+|_{3,}|-{3,}|·{2,}|(?:\s\.){3,}")
_STATUS = re.compile(
    r"[(\[*]*\b(?:not\s+elected|un-?elected|duly\s+elected|re-?elected|elected|defeated|lost\s+deposit)\b[)\]*]*"
    r"|[(\[](?:E|N|NE|DE)[)\]]|[✓✔✗*]|\bvotes?\b",
    re.IGNORECASE,
)
_OTHER_DIGITS = re.compile(r"\S*\d\S*")
_WORDS_AND_BRACKETS = re.compile(r"\w.*[(\[]")
_APART = re.compile(r"\t+|\s{2,}|\s[–—|-]\s|[|;]|:\s")
_HEADING = re.compile(r"(?:number of |no of |total )?votes(?: cast| recorded| given)?")

REJECTED_PART, IN_PART, BARE_TOTAL = "rejected-part", "rejected-in-part", "bare-total"
"""What lines are about that are no field by themselves: why papers were rejected, and a total of what is above it."""

LABELS = (
    # What of a notice is told in parts, of another time or is no field: before what has words of it.
    (IN_PART, re.compile(r"(?:reject\w*|void|invalid) in part")),
    (REJECTED_PART, re.compile(r"official mark|more (?:than|candidates)|too many|identif|unmarked|uncertain|void")),
    ("", re.compile(r"majority")),
    ("", re.compile(r"last time|previous|ahead|\blead\b|change|swing|seats?\b|vacanc|to be elected")),
    ("", re.compile(r"polling stations?|postal|papers counted")),
    ("electorate", re.compile(r"electorate|registered|eligible|electors")),
    ("turnout", re.compile(r"turn-?out|percentage poll")),
    ("rejected", re.compile(r"reject|spoil")),
    ("valid", re.compile(r"valid (?:ballot )?papers|valid ballots")),
    (BARE_TOTAL, re.compile(r"^(?:grand |sub-? ?)?totals?:?$")),
    ("total", re.compile(r"total (?:number of )?(?:valid )?votes|valid votes|votes in total|^total votes")),
    ("ballots", re.compile(r"ballot papers|papers issued|ballots cast|verified")),
)


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A line as it is ``written``; its ``words`` are in pieces, and ``counts`` are its figures in their order.

    ``is_clear`` says that it has no other digits.
    """

    written: str
    pieces: tuple[str, ...]
    counts: tuple[int, ...]
    is_clear: bool = True
    label: str | None = None
    """What it is about where it is of no candidate: the form's field, one of the three above, empty for what the form
    does not ask for. None where it may be of a candidate.
    """
    percentage: str | None = None

    @property
    def has_digits(self) -> bool:
        """Whether any figure stands in it, also one that is no count."""
        return any(letter.isdigit() for letter in self.written)

    @property
    def is_figure(self) -> bool:
        """Whether it is a figure and nothing else."""
        return len(self.counts) == 1 and self.is_clear and not self.pieces


def lines_of(text: str) -> list[WrittenLine]:
    """The lines of ``text`` that have anything in them, without numbers before them that count them."""
    # An empty cell at the end of a row is one of its cells.
    written = [line.strip(" \r\u00a0") for line in text.splitlines()[:MOST_LINES] if line.strip()]
    column, rows = _table(written)
    return _uncounted([_row(line, cells, column) if column is not None else _line(line) for line, cells in rows])


def lines_beyond(text: str) -> list[str]:
    """The first line of ``text`` that is not read because there are too many before it, if any."""
    return [line.strip() for line in text.splitlines()[MOST_LINES:] if line.strip()][:1]


def split_at_labels(line: WrittenLine) -> list[WrittenLine]:
    """``Electorate: 11,085   Ballot papers issued: 2,492   Turnout: 22.5%`` as a line of each; else the line alone."""
    text, parts, begin = _LEADERS.sub("\t", line.written), [], 0
    for figure in _FIGURE_OR_PERCENTAGE.finditer(text):
        parts.append(_line(text[begin : figure.end()].strip(" \t,;|·")))
        begin = figure.end()
    is_divided = all(it.label is not None and len(it.counts) + (it.percentage is not None) == 1 for it in parts)
    return parts if len(parts) > 1 and is_divided and not re.search(r"\w", text[begin:]) else [line]


def split_at_figures(line: WrittenLine) -> list[WrittenLine]:
    """A line of several candidates as a line of each: every figure ends one. Empty where it does not divide so."""
    text, parts, begin = _LEADERS.sub("\t", line.written), [], 0
    for figure in _FIGURE.finditer(_SHARE.sub(lambda it: " " * len(it[0]), text)):
        parts.append(_line(text[begin : figure.end()].strip(" ,;.&")))
        begin = figure.end()
    rest = _line(text[begin:])
    is_divided = all(len(part.counts) == 1 and part.pieces and part.is_clear for part in parts)
    return parts if is_divided and not rest.pieces and rest.is_clear else []


def _line(written: str) -> WrittenLine:
    """A line as it stands, with cells where there are tabs."""
    text = _LEADERS.sub("\t", written)
    counts: list[int] = []
    words: list[str] = []
    for cell in text.split("\t"):
        whole = count(cell.strip())
        found = [whole] if whole is not None else [_number(it) for it in _FIGURE.findall(_SHARE.sub(" ", cell))]
        counts += found
        words.append("" if whole is not None else _FIGURE.sub(" \t ", _SHARE.sub(" ", cell)))
    return _made(written, "\t".join(words), tuple(counts))


def _row(written: str, cells: Sequence[str], column: int) -> WrittenLine:
    """A row of a table, whose ``column`` has the votes; one of more cells is a line, and of fewer no candidate's."""
    if len(cells) <= column:
        line = _line(written)
        is_short = len(cells) > 1 and bool(line.counts) and line.label is None
        return replace(line, is_clear=line.is_clear and not is_short)
    votes = _line(cells[column])
    others = [cell for at, cell in enumerate(cells) if at != column and count(cell.strip()) is None]
    beside = [*others, *votes.pieces, *([] if votes.is_clear else [cells[column]])]
    return _made(written, _SHARE.sub(" ", "\t".join(beside)), votes.counts)


def _made(written: str, words: str, counts: tuple[int, ...]) -> WrittenLine:
    bare = _STATUS.sub(" \t ", words)
    pieces = [_trimmed(piece) for piece in _APART.split(_OTHER_DIGITS.sub(" ", bare))]
    percentage = _PERCENTAGE.search(written)
    return WrittenLine(
        written,
        tuple(piece for piece in pieces if plain_words(piece)),
        counts,
        is_clear=not any(letter.isdigit() for letter in bare),
        label=_label_of(words),
        percentage=percentage[1] if percentage else None,
    )


def _trimmed(piece: str) -> str:
    """Without signs around it; brackets around a party alone are such."""
    bare = piece.strip(" ,.–—-:|")
    return bare if _WORDS_AND_BRACKETS.search(bare) else bare.strip("()[] ")


def _label_of(words: str) -> str | None:
    told = " ".join(words.lower().replace("’", "'").split()).strip(" :=-–")
    return next((name for name, pattern in LABELS if pattern.search(told)), None)


def _table(written: Sequence[str]) -> tuple[int | None, list[tuple[str, Sequence[str]]]]:
    """Which column has the votes, by a heading that says so; and each line with its cells."""
    separator = next((it for it in ("\t", ";", ",") if any(_votes_columns(line, it) for line in written)), None)
    if separator is None:
        is_quoted = any(line.startswith('"') or ',"' in line for line in written)
        return None, [("\t".join(_cells(line, ",")) if is_quoted else line, ()) for line in written]
    rows = [(line, _cells(line, separator)) for line in written]
    heads = [(len(cells), columns) for line, cells in rows if (columns := _votes_columns(line, separator))]
    (width, columns), *others = heads
    if others or len(columns) > 1:
        return None, [(line, ()) for line, _ in rows]
    return columns[0], [(line, cells if len(cells) <= width else ()) for line, cells in rows]


def _votes_columns(line: str, separator: str) -> list[int]:
    cells = _cells(line, separator)
    columns = [at for at, cell in enumerate(cells) if _HEADING.fullmatch(" ".join(plain_words(cell)))]
    return columns if len(cells) > 1 else []


def _cells(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])


def _uncounted(lines: list[WrittenLine]) -> list[WrittenLine]:
    """Without numbers at the beginning of lines, where these count them from 1 on."""
    counted = [at for at, line in enumerate(lines) if line.counts and line.pieces and line.written[0].isdigit()]
    if len(counted) < 2 or [lines[at].counts[0] for at in counted] != [*range(1, len(counted) + 1)]:
        return lines
    return [replace(it, counts=it.counts[1:]) if at in counted else it for at, it in enumerate(lines)]


def _number(written: str) -> int:
    return int(re.sub(r"\D", "", written))
