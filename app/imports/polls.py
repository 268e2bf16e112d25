"""What a file of somebody else's says of an election: polls, who stood in each, and how it ended."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from app.bundles.tables import Fault
from app.domain.election import BY_ELECTION_ID, VotingSystem

DAYS_NAMED = 20
"""The latest ones, of a file that has more."""
WHEN_TO_SAY = "say which with --date, such as --date 2024-05-02"


class SourceLine(NamedTuple):
    """Where something stands: a file's name, and a line of it from 1; None where the file as a whole is meant."""

    file: str
    line: int | None


@dataclass(frozen=True, slots=True)
class PolledBody:
    """What a poll elects to: a council, an office or a parliament, as far as the file tells of it."""

    council_id: str
    name: str
    region: str = ""
    kind: str = ""
    is_office: bool = False
    """One seat, such as a mayor's."""


@dataclass(frozen=True, slots=True)
class PollCandidate:
    """Somebody who stood. ``votes`` and ``elected`` are None where the file does not say them."""

    candidacy_id: str
    name: str
    party_id: str
    party_name: str
    place: SourceLine
    description: str = ""
    votes: int | None = None
    elected: bool | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """One poll; ``seats_up`` is None where the file does not say it."""

    ballot_id: str
    polled_on: date
    body: PolledBody
    ward: str
    place: SourceLine
    candidates: tuple[PollCandidate, ...]
    seats_up: int | None = None
    gss: str = ""
    electorate: int | None = None
    was_cancelled: bool = False
    """No poll was held: unopposed, or put off."""
    voting_system: VotingSystem = VotingSystem.PLURALITY
    by_lists: bool = False
    """Votes are those of a party's list, and no candidate's."""
    ballots: int | None = None
    rejected: int | None = None
    turnout: float | None = None
    """A percentage."""
    source: str = ""
    declared_at: datetime | None = None

    @property
    def is_by_election(self) -> bool:
        return BY_ELECTION_ID in self.ballot_id

    @property
    def elected(self) -> list[str]:
        return [it.candidacy_id for it in self.candidates if it.elected]


@dataclass(slots=True)
class PollSource:
    """What was read: polls, what is wrong, and what was left out or read otherwise than it stands there."""

    polls: list[Poll] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    left_out: dict[str, list[str]] = field(default_factory=dict)
    """Ids of polls by why they are no part of the election."""

    def leave_out(self, reason: str, identifier: str) -> None:
        named = self.left_out.setdefault(reason, [])
        if identifier not in named:
            named.append(identifier)


def of_one_day(source: PollSource, day: date | None) -> tuple[Poll, ...]:
    """The polls of ``day``, or of the day that most of them are of; the others are left out.

    A poll held later for one that was cancelled is of another election, which no seat of this one is filled by. Where
    ``day`` has to be said, a fault.
    """
    days = Counter(poll.polled_on for poll in source.polls)
    chosen = day or next((it for it, number in days.items() if number * 2 > days.total()), None)
    polls = tuple(poll for poll in source.polls if poll.polled_on == chosen)
    for poll in source.polls if day is None and chosen is not None else ():
        if poll.polled_on != chosen:
            source.leave_out(f"as it is not of {chosen}", poll.ballot_id)
    if not polls and not source.faults:
        source.faults.append(_which_day(source, days, day))
    return polls


def _which_day(source: PollSource, days: Mapping[date, int], day: date | None) -> Fault:
    if not source.polls:
        reasons = "; ".join(source.left_out)
        return Fault("the files", None, f"have no poll that can be taken ({reasons})", "give those of an election")
    told = ", ".join(f"{it} ({number})" for it, number in sorted(days.items())[-DAYS_NAMED:])
    wrong = f"has none of {day}, but polls of {told}" if day else f"has polls of several days: {told}"
    return Fault(source.polls[0].place.file, None, wrong, WHEN_TO_SAY)


def by_body(polls: Iterable[Poll]) -> Iterator[tuple[PolledBody, tuple[Poll, ...]]]:
    """The polls of each body, in the order of their ids."""
    council_id = attrgetter("body.council_id")
    for _, group in groupby(sorted(polls, key=council_id), key=council_id):
        found = tuple(group)
        yield found[0].body, found
