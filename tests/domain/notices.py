"""A ward as a text is read beside its names, and what every reading of a text owes."""

import re

from app.domain.election import Candidacy
from app.domain.written import WrittenResult, read_written
from tests.builders import CON, GRN, IND, LAB, LD, a_contest, a_council, an_election

PEOPLE = {
    "smith": ("John Alan Smith", LAB),
    "obrien": ("Zoë O’Brien-Müller", LAB),
    "jones": ("Jones, A.", CON),
    "green": ("Ann Green", CON),
    "frost": ("William Frost (Commonly known as: Bill Frost)", LD),
    "lord": ("Peter Lord", GRN),
    "berg": ("van der Berg, J.", IND),
}
TWINS = {**PEOPLE, "twin": ("John Alan Smith", LAB)}


def a_ward_of(people: dict[str, tuple[str, str]]):
    candidacies = tuple(Candidacy(one, name, party) for one, (name, party) in people.items())
    contest = a_contest("north", seats_up=2, candidacies=candidacies)
    return an_election(a_council(contest)), contest


def read(text: str, people: dict[str, tuple[str, str]] = PEOPLE) -> WrittenResult:
    return read_written(*a_ward_of(people), text)


def bare(line: str) -> str:
    return re.sub(r"[\s\",]+", "", line)


def has_rest(line: str, told: list[str]) -> bool:
    """Whether a figure of a line is in none of the lines, or of its parts, that were told."""
    for part in () if line in told else (it for it in told if len(it) > 4):
        line = line.replace(part, "")
    return line not in told and bool(re.search(r"\d", line))


def assert_told(text: str, result: WrittenResult) -> None:
    """Every line with a figure is one that was read, or is told; a share by itself may be neither."""
    told = [bare(line) for line in (*result.lines.values(), *(it.line for it in result.unread))]
    silent = [line for line in text.splitlines() if has_rest(bare(line), told)]
    assert [line for line in silent if not re.fullmatch(r"[\d.]+%", line.strip())] == []
