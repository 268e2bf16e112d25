"""The note for the next shift, and beside it what the desk knows by itself: what waits, is late, or has been begun."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from jinja2 import Environment

from app.desk.addresses import council_url, entry_url
from app.desk.frame import DeskFrame
from app.desk.room.chasers import Chaser
from app.desk.room.view import room_url
from app.desk.signing_off.marks import SignOffMark
from app.domain.contest import ContestState
from app.domain.election import Election
from app.domain.errors import NotKnown
from app.domain.night import Night
from app.domain.second_check import Disputed, Keyed
from app.domain.subject import Subject
from app.pages.environment import render
from app.store.drafts import Begun
from app.store.room import Handover
from app.wording import sentences
from app.wording.figures import plural_bodies
from app.wording.progress import contests_declared, polls_declared

SHOWN = 12
"""Lines of a kind that are told one by one."""
LONGEST_NOTE = 10_000


class OpenItem(NamedTuple):
    """Something the next shift has to know, and where to look at it."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of it, with how many there are."""

    heading: str
    lines: tuple[OpenItem, ...]

    @property
    def shown(self) -> tuple[OpenItem, ...]:
        return self.lines[:SHOWN]

    @property
    def more(self) -> int:
        return len(self.lines) - len(self.shown)


@dataclass(frozen=True, slots=True)
class Summary:
    """The state of the night in a line, and what is open."""

    progress: str
    parts: tuple[Part, ...]


def handover_page(
    environment: Environment,
    election: Election,
    versions: Sequence[Handover],
    summary: Summary,
    frame: DeskFrame,
    *,
    mine: str | None = None,
    done: bool = False,
    wrong: str = "",
) -> str:
    """The page; ``mine`` is what was written on a version that is not the newest any more, or that is too long."""
    newest = versions[0] if versions else Handover()
    values = {
        "frame": frame,
        "election": election,
        "newest": newest,
        "earlier": versions[1:],
        "mine": newest.note if mine is None else mine,
        "summary": summary,
        "done": done,
        "wrong": wrong,
        "longest": LONGEST_NOTE,
        "room_url": room_url(election),
    }
    return render(environment, "desk/room/handover.html", values)


def summed_up(
    night: Night,
    waiting: Sequence[Keyed],
    late: Sequence[Chaser],
    begun: Sequence[Begun],
    signed_off: Mapping[str, SignOffMark],
) -> Summary:
    """What is open, as of now; never a figure of what waits."""
    election = night.election
    disputed = [one for one in waiting if isinstance(one, Disputed)]
    to_check = [one for one in waiting if not isinstance(one, Disputed)]
    parts = (
        Part("Disputed", tuple(_kept(election, one) for one in disputed)),
        Part("Waits to be checked", tuple(_kept(election, one) for one in to_check)),
        Part("Recount or delayed", tuple(_told(night))),
        Part("Late", tuple(_late(election, chaser) for chaser in late if chaser.late)),
        Part("Complete and not signed off", tuple(_unsigned(night, signed_off))),
        Part("Begun and not sent", tuple(_begun(election, one) for one in begun)),
    )
    return Summary(
        f"{'; '.join(_progress(night))}.",
        tuple(part for part in parts if part.lines),
    )


def _progress(night: Night) -> Iterator[str]:
    election, done = night.election, night.progress
    if done.councils_total:
        yield contests_declared(election, done)
        yield f"{done.councils_complete:,} of {plural_bodies(election, done.councils_total)} complete"
    if night.progress_apart.contests_total:
        yield polls_declared(night.progress_apart)


def _where(election: Election, subject: Subject) -> str:
    """``Beaver, Ashford``; the id alone where a newer catalogue has it no more."""
    try:
        council = subject.council_in(election)
    except NotKnown:
        return subject.identity
    contest = election.contests.get(subject.ballot_id or "")
    return f"{contest.name}, {council.name}" if contest else f"Tally, {council.name}"


def _kept(election: Election, one: Keyed) -> OpenItem:
    people = " and ".join(keying.person for keying in one.keyings)
    at = sentences.clock_briefly(election, one.keyings[-1].at)
    return OpenItem(f"{_where(election, one.subject)}: {people}, {at}", entry_url(election, one.subject))


def _told(night: Night) -> list[OpenItem]:
    lines = []
    for state in night.councils.values():
        for result in state.contests.values():
            if result.state in {ContestState.RECOUNT, ContestState.DELAYED}:
                subject = Subject("ward", result.contest.ballot_id)
                text = f"{_where(night.election, subject)}: {result.state.value}"
                lines.append(OpenItem(text, entry_url(night.election, subject)))
    return lines


def _unsigned(night: Night, signed_off: Mapping[str, SignOffMark]) -> Iterator[OpenItem]:
    for state in night.councils.values():
        mark = signed_off.get(state.council_id)
        if state.is_complete and (mark is None or mark.is_lifted):
            lifted = ": something was declared since it was" if mark else ""
            to = f"{council_url(night.election, state.council_id)}/sign-off"
            yield OpenItem(f"{state.council.name}{lifted}", to)


def _late(election: Election, chaser: Chaser) -> OpenItem:
    return OpenItem(f"{chaser.name}: {chaser.line}", f"{room_url(election, 'chasers')}#{chaser.element}")


def _begun(election: Election, one: Begun) -> OpenItem:
    at = sentences.clock_briefly(election, one.at)
    return OpenItem(f"{one.person}: {_where(election, one.subject)}, kept {at}", entry_url(election, one.subject))
