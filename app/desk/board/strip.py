"""What the board says of the night as a whole: the time, how far it is, what came in last, and who is here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.desk.addresses import entry_url
from app.desk.board.hours import is_past
from app.desk.presence.view import AtWork
from app.domain.declarations import Entry
from app.domain.election import Election
from app.domain.errors import NotKnown
from app.domain.night import Night
from app.domain.subject import Subject
from app.wording import sentences
from app.wording.figures import day
from app.wording.progress import contests_declared, polls_declared
from app.wording.ticker import place_of

LATEST = 5
"""Entries told of beside the board."""


@dataclass(frozen=True, slots=True)
class CameIn:
    """An entry that came in."""

    seq: int
    at: str
    what: str


@dataclass(frozen=True, slots=True)
class PersonHere:
    """Somebody who is here, and what they have open; ``url`` is empty where that is no form."""

    name: str
    role: str
    what: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """``over`` says of a night that is over what its times are compared with, if anything; else it is empty."""

    clock: str
    over: str
    progress: tuple[str, ...]
    latest: tuple[CameIn, ...]
    people: tuple[PersonHere, ...]


def strip_of(night: Night, entries: Sequence[Entry], at_work: AtWork, *, clock: datetime, now: datetime) -> Strip:
    """``clock`` is the real time, ``now`` what times are compared with; ``entries`` are the newest, oldest first."""
    election = night.election
    return Strip(
        clock=sentences.clock(election, clock),
        over=_over(election, now) if is_past(election, clock) else "",
        progress=tuple(_progress(night)),
        latest=tuple(_latest(election, entry) for entry in reversed(entries[-LATEST:])),
        people=tuple(_person(election, one.person, one.role, one.subject) for one in at_work.people),
    )


def _progress(night: Night) -> Iterator[str]:
    """As readers are told: of the councils of the night, and of the by-elections that stand apart from them."""
    election, progress = night.election, night.progress
    if progress.councils_total:
        yield contests_declared(election, progress)
        yield f"{progress.councils_certain:,} of {progress.councils_total:,} {election.words.bodies} certain"
        yield f"{progress.councils_complete:,} complete"
    if night.progress_apart.contests_total:
        yield polls_declared(night.progress_apart)


def _over(election: Election, now: datetime) -> str:
    if is_past(election, now):
        return f"The polls were on {day(election.polling_date)}: what was expected then is not called overdue."
    return f"This night is over: times are compared with its last entry, at {sentences.clock(election, now)}."


def _latest(election: Election, entry: Entry) -> CameIn:
    verb = "" if entry.kind == "ward" else f"{sentences.sentence(entry.kind.replace('_', ' '))}: "
    return CameIn(entry.seq, sentences.clock_without_zone(election, entry.at), f"{verb}{place_of(election, entry)}")


def _person(election: Election, name: str, role: str, subject: Subject | None) -> PersonHere:
    if subject is None or not _is_known(election, subject):
        return PersonHere(name, role)
    council = subject.council_in(election).name
    what = f"Tally of {council}" if subject.ballot_id is None else election.contest(subject.ballot_id).name
    return PersonHere(name, role, what, entry_url(election, subject))


def _is_known(election: Election, subject: Subject) -> bool:
    """A newer catalogue may have it no more."""
    try:
        subject.council_in(election)
    except NotKnown:
        return False
    return True
