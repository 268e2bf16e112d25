"""The second check: who waits for whom, and who keyed and checked what was declared last. Never a figure of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from jinja2 import Environment

from app.desk.addresses import desk_url, entry_url
from app.desk.entry.form import FormAsked
from app.desk.entry.revising import revision_url
from app.desk.entry.told import who
from app.desk.frame import DeskFrame
from app.desk.notes.view import ShownNote
from app.desk.queue.order import LABELS as ORDERS
from app.desk.queue.order import Beside, Order
from app.domain.declarations import Entry
from app.domain.election import Election
from app.domain.night import Night
from app.domain.second_check import Disputed, Keyed
from app.domain.subject import Subject
from app.domain.waiting import announced_since
from app.pages.addresses import element_id
from app.pages.environment import render
from app.wording import sentences
from app.wording.ticker import place_of
from app.wording.waiting import since_lines, waiting_line

LATEST = 15
"""Entries told of below the queue."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A row of the queue, as one person sees it: ``wants`` is what they can do about it, None if nothing."""

    subject: Subject
    element: str
    name: str
    council: str
    url: str
    is_disputed: bool
    told: str
    since: str
    differing: int
    wants: str | None
    may_take_back: bool
    see_url: str
    """Where an editor sees both versions; empty for whoever may not."""
    announced: tuple[str, ...]
    """What was announced of the count since it was keyed."""


@dataclass(frozen=True, slots=True)
class Latest:
    """An entry of the log with the people behind it."""

    seq: int
    what: str
    where: str
    when: str
    people: str
    is_alone: bool


@dataclass(frozen=True, slots=True)
class QueueShown:
    """All that changes by itself: what waits, what was declared last, and what stands beside what waits.

    ``rows`` are in the ``order`` that was chosen; ``is_taken`` says that whoever asked for the next got none.
    """

    rows: Sequence[QueueRow]
    latest: Sequence[Latest]
    notes: Mapping[Subject, Sequence[ShownNote]] = field(default_factory=dict)
    beside: Mapping[Subject, Beside] = field(default_factory=dict)
    order: Order = Order.IMPACT
    is_taken: bool = False

    def is_others(self, row: QueueRow, person: str) -> bool:
        """Whether somebody else is checking it."""
        claim = self.beside[row.subject].claim
        return claim is not None and claim.person != person


def waiting_rows(night: Night, waiting: Iterable[Keyed], asked: FormAsked, now: datetime) -> list[QueueRow]:
    """What waits: first what is disputed, then what has waited longest."""
    rows = [_row(night, one, asked, now) for one in waiting]
    return sorted(rows, key=lambda row: not row.is_disputed)


def latest_rows(election: Election, entries: Sequence[Entry], *, persons: int) -> list[Latest]:
    """``entries`` of the log, newest first."""
    verbs = {
        "ward": "Declared",
        "tally": "Tally",
        "correction": "Corrected",
        "withdrawal": "Withdrawn",
        "passed_over": "Passed over",
    }
    return [
        Latest(
            seq=entry.seq,
            what=verbs.get(entry.kind, sentences.sentence(entry.kind)),
            where=place_of(election, entry),
            when=sentences.clock(election, entry.at),
            people=who(entry, persons=persons),
            is_alone=who(entry, persons=persons).endswith(", alone"),
        )
        for entry in reversed(entries)
    ]


def queue_page(
    environment: Environment, election: Election, listed: QueueShown, frame: DeskFrame, *, persons: int
) -> str:
    """The page; ``persons`` is how many it takes to declare."""
    values = {"persons": persons, "orders": ORDERS, **_queue(election, listed, frame)}
    return render(environment, "desk/queue/queue.html", values)


def queue_part(environment: Environment, election: Election, listed: QueueShown, frame: DeskFrame) -> str:
    """What of the page changes by itself."""
    return render(environment, "desk/queue/_queue.html", _queue(election, listed, frame))


def _queue(election: Election, listed: QueueShown, frame: DeskFrame) -> dict[str, Any]:
    return {"frame": frame, "election": election, "desk_url": desk_url(election), "listed": listed}


def _row(night: Night, keyed: Keyed, asked: FormAsked, now: datetime) -> QueueRow:
    election, subject = night.election, keyed.subject
    council = subject.council_in(election)
    may_see = asked.edits and isinstance(keyed, Disputed) and keyed.of(asked.person) is None
    return QueueRow(
        subject=subject,
        element=element_id("waiting", f"{subject.kind}.{subject.identity}"),
        name=election.contest(subject.ballot_id).name if subject.ballot_id is not None else "Tally by phone",
        council=council.name,
        url=revision_url(election, keyed) or entry_url(election, subject),
        is_disputed=isinstance(keyed, Disputed),
        told=waiting_line(keyed),
        since=_since(election, keyed, now),
        differing=len(keyed.differing),
        wants=wants(keyed, asked),
        may_take_back=asked.edits or keyed.author.is_by(asked.person),
        see_url=f"{desk_url(election)}/keyed/{subject.path}/versions" if may_see else "",
        announced=since_lines(election, announced_since(night.record_of(council.council_id), keyed)),
    )


def _since(election: Election, keyed: Keyed, now: datetime) -> str:
    """``03:12 BST, 14 min ago``; where it waited for a network, also when it was sent."""
    last = keyed.keyings[-1]
    at, when = last.at, sentences.keyed_when(election, last.at, last.sent_at)
    minutes = max(0, int((now - at) / timedelta(minutes=1)))
    return f"{when}, {minutes} min ago" if minutes < 600 else when


def wants(keyed: Keyed, asked: FormAsked) -> str | None:
    """What whoever asks can do about it; None if nothing."""
    is_own = keyed.of(asked.person) is not None
    if isinstance(keyed, Disputed):
        return "Key again" if is_own else "Settle" if asked.edits else None
    return "Check" if asked.checks and not is_own else None
