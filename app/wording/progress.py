"""How many contests are declared: those put off are told beside them, and never among them."""

from collections.abc import Callable
from typing import Protocol

from app.domain.council import CouncilState
from app.domain.election import Election
from app.domain.night import Progress
from app.wording.figures import plural


class CountedContests(Protocol):
    """Contests that come to a result tonight (``due``), those of them that are ``in``, and those that were put off."""

    @property
    def contests_in(self) -> int: ...

    @property
    def contests_due(self) -> int: ...

    @property
    def contests_put_off(self) -> int: ...


def progress(election: Election, state: CouncilState) -> str:
    """``18 of 24 wards``: from how many nothing more is to come; ``1 of 2 by-elections``."""
    return _of(state, *_words_of(election, state))


def progress_declared(election: Election, state: CouncilState) -> str:
    """``18 of 23 wards declared, 1 put off``."""
    return _declared(state, *_words_of(election, state))


def contests_declared(election: Election, done: Progress) -> str:
    """The same of several councils."""
    return _declared(done, election.words.contest, election.words.contests)


def polls_declared(done: Progress) -> str:
    """``12 of 68 by-elections declared``."""
    return _declared(done, *BY_ELECTIONS)


def beside(counted: CountedContests) -> str:
    """``, 7 put off``; empty where none was."""
    return f", {counted.contests_put_off:,} put off" if counted.contests_put_off else ""


def but_vacant(vacant: int, number: Callable[[int], str] = "{:,}".format) -> str:
    """`` but 2 that are vacant``, behind “every seat is in”: nothing more is to come, though not all are filled.

    Empty where none is vacant; ``number`` writes the figure.
    """
    return f" but {number(vacant)} that {'is' if vacant == 1 else 'are'} vacant" if vacant else ""


BY_ELECTIONS = ("by-election", "by-elections")


def _words_of(election: Election, state: CouncilState) -> tuple[str, str]:
    words = election.words
    return BY_ELECTIONS if state.council.stands_apart else (words.contest, words.contests)


def _of(counted: CountedContests, one: str, several: str) -> str:
    if not counted.contests_due and counted.contests_put_off:
        return f"{plural(counted.contests_put_off, one, several)} put off"
    return f"{counted.contests_in:,} of {plural(counted.contests_due, one, several)}"


def _declared(counted: CountedContests, one: str, several: str) -> str:
    is_any_due = counted.contests_due or not counted.contests_put_off
    return f"{_of(counted, one, several)} declared{beside(counted)}" if is_any_due else _of(counted, one, several)
