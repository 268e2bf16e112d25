"""Figures and times as they read, and lists of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from app.domain import times
from app.domain.election import Election

NO_FIGURE = "–"
"""Stands where a figure is not known: never an empty cell, never 0."""

MINUS = "−"


WEEK = 7
"""Days from polling day on of which a weekday says which is meant (rule 22)."""


def clock(election: Election, at: datetime) -> str:
    """``06:22 BST``; with the weekday from the second day of the count on: ``Sat 14:05 BST``.

    With the date from the seventh day after polling day on: ``11 Aug 2023 14:05 BST``.
    """
    local = at.astimezone(election.zone)
    return f"{_which_day(election, local.date())}{times.clock_with_zone(local)}"


def _which_day(election: Election, on: date) -> str:
    after = (on - election.polling_date).days
    if after <= 1:
        return ""
    return f"{on:%a} " if after < WEEK else f"{on.day} {on:%b} {on.year} "


def moment(election: Election, at: datetime) -> str:
    """``06:22 BST, 5 May 2023``: for what is read on its own, on whatever day."""
    local = at.astimezone(election.zone)
    return f"{times.clock_with_zone(local)}, {day(local)}"


def day(at: date) -> str:
    """``5 May 2023``."""
    return f"{at.day} {at:%B} {at.year}"


def clock_or_day(election: Election, at: datetime) -> str:
    """``06:22 BST``, in a narrow place; once that takes a date, the date alone: ``11 Aug 2023``."""
    dated = _which_day(election, at.astimezone(election.zone).date())
    return dated.strip() if len(dated) > len("Sat ") else clock(election, at)


def clock_briefly(election: Election, at: datetime) -> str:
    """The same in a column whose heading names the zone: ``06:22``."""
    return clock_or_day(election, at).removesuffix(f" {zone_name(election)}")


def clock_without_zone(election: Election, at: datetime) -> str:
    """``06:22``, ``Sat 06:22``, ``11 Aug 2023 06:22``: where the time counts and the zone is known."""
    return clock(election, at).removesuffix(f" {at.astimezone(election.zone).tzname()}")


def zone_name(election: Election) -> str:
    """``BST``: the name of the election's zone on polling day."""
    return election.polls_closed_at.tzname() or election.timezone


def signed(number: int) -> str:
    """``+6``, ``−7`` with a true minus, ``0``."""
    return f"+{number:,}" if number > 0 else f"{MINUS}{-number:,}" if number else "0"


def percentage(value: float) -> str:
    """One decimal place: ``22.4%``."""
    return f"{value:.1f}%"


def sentence(text: str) -> str:
    """``text`` with its first letter in upper case and everything else as it is."""
    return text[:1].upper() + text[1:]


def stopped(text: str) -> str:
    """``text`` with a stop at its end; one that ends in initials or a reason's own stop has it already."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def together(parts: Iterable[str | None]) -> str:
    """Sentences behind each other, without those that there are not: the last one ends as it does."""
    *before, last = [part for part in parts if part] or [""]
    return " ".join([*map(stopped, before), last])


def listed(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def ordinal(number: int) -> str:
    """``1st``, ``2nd``, ``11th``."""
    suffix = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def seats_line(election: Election, seats: Mapping[str, int]) -> str:
    """``LAB 33, CON 22, IND 4``."""
    return ", ".join(f"{election.short(group)} {number}" for group, number in seats.items())


def plural_votes(number: int) -> str:
    """``1 vote``, ``1,204 votes``."""
    return f"{number:,} vote{'' if number == 1 else 's'}"


def plural(number: int, noun: str, several: str | None = None) -> str:
    """``1 field``, ``2 fields``; ``several`` where more than one is not ``noun`` with an s."""
    return f"{number:,} {noun if number == 1 else several or f'{noun}s'}"


def duration(minutes: int, number: Callable[[int], str] = str) -> str:
    """``less than a minute``, ``27 minutes``, ``1 hour 5 minutes``, ``2 hours``; ``number`` writes the figures."""
    units = zip(divmod(minutes, 60), ("hour", "minute"), strict=True)
    parts = [f"{number(amount)} {unit if amount == 1 else f'{unit}s'}" for amount, unit in units if amount]
    return " ".join(parts) or "less than a minute"


def plural_seats(election: Election, number: int) -> str:
    """``1 seat``, ``2 seats``, in the words of the election."""
    return plural(number, election.words.seat, election.words.seats)


def plural_contests(election: Election, number: int) -> str:
    """``1 ward``, ``2 wards``, in the words of the election."""
    return plural(number, election.words.contest, election.words.contests)


def plural_bodies(election: Election, number: int) -> str:
    """``1 council``, ``2 councils``, in the words of the election."""
    return plural(number, election.words.body, election.words.bodies)


def with_article(noun: str) -> str:
    """``a ward``, ``an assembly``."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
