"""Slips of whoever keys a result: a ward as it was announced, and what is keyed instead of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from app.domain.election import Contest
from app.domain.night import Night

Body = Mapping[str, Any]

PAPERS = ("turnout", "ballots", "rejected", "valid")
"""What is announced of the ballot papers, of which a ward may have any or none."""


@dataclass(frozen=True, slots=True)
class Keying:
    """One ward as it was announced, with the ``night`` before it; ``to_come`` are announced later in its council."""

    night: Night
    contest: Contest
    announced: Body
    to_come: Sequence[Body]

    @property
    def rows(self) -> list[int]:
        """The votes from the first line of the form to the last."""
        return [self.announced["votes"][it.candidacy_id] for it in self.contest.candidacies]

    @property
    def true(self) -> Body:
        return {**self.announced, "total": sum(self.rows)}

    def with_rows(self, rows: Sequence[int]) -> Body:
        votes = dict(zip(self.contest.candidacies_by_id, rows, strict=True))
        return {**self.true, "votes": votes}


Slip = Callable[[Keying, Random], Body | None]
"""What is keyed instead of the true result; None where this slip cannot be made in this ward."""


def _in_a_number(changed: Callable[[str], Sequence[str]]) -> Slip:
    """A slip in the digits of one candidate: ``changed`` gives all that a number can become by it."""

    def slip(keying: Keying, random: Random) -> Body | None:
        rows = keying.rows
        possible = [(row, new) for row, votes in enumerate(rows) if (new := [*map(int, changed(str(votes)))])]
        if not possible:
            return None
        row, numbers = random.choice(possible)
        return keying.with_rows([*rows[:row], random.choice(numbers), *rows[row + 1 :]])

    return slip


def dropped(digits: str) -> list[str]:
    return [digits[:place] + digits[place + 1 :] for place in range(len(digits))] if len(digits) > 1 else []


def doubled(digits: str) -> list[str]:
    return [digits[: place + 1] + digits[place:] for place in range(len(digits)) if int(digits)]


def transposed(digits: str) -> list[str]:
    pairs = [place for place in range(len(digits) - 1) if digits[place] != digits[place + 1]]
    return [digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in pairs]


def neighbours_swapped(keying: Keying, random: Random) -> Body | None:
    rows = keying.rows
    pairs = [row for row in range(len(rows) - 1) if rows[row] != rows[row + 1]]
    if not pairs:
        return None
    row = random.choice(pairs)
    return keying.with_rows([*rows[:row], rows[row + 1], rows[row], *rows[row + 2 :]])


def shifted_by_a_line(keying: Keying, _: Random) -> Body | None:
    rows = keying.rows
    moved = [rows[-1], *rows[:-1]]
    return keying.with_rows(moved) if moved != rows else None


def wrong_ward(keying: Keying, random: Random) -> Body | None:
    """The sheet of a ward that has as many candidates and is not declared yet: the total alone is this ward's own."""
    sheets = [sheet for sheet in keying.to_come if len(sheet["votes"]) == len(keying.contest.candidacies)]
    if not sheets:
        return None
    sheet = random.choice(sheets)
    candidacies = keying.night.election.contest(sheet["ballot_id"]).candidacies
    keyed = keying.with_rows([sheet["votes"][it.candidacy_id] for it in candidacies])
    papers = {figure: sheet.get(figure) for figure in PAPERS}
    return {**keyed, **papers}


SLIPS: Mapping[str, Slip] = {
    "dropped digit": _in_a_number(dropped),
    "doubled digit": _in_a_number(doubled),
    "transposed digits": _in_a_number(transposed),
    "two neighbours swapped": neighbours_swapped,
    "all shifted by a line": shifted_by_a_line,
    "wrong ward": wrong_ward,
}
