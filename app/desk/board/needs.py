"""What needs a person, before all councils: what is disputed or waits for a check, recounts, and who is overdue."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.desk.addresses import council_on_board
from app.desk.board.councils import Board, Group
from app.desk.board.lines import OVERDUE, Work, WorkLine
from app.desk.presence.view import AtWork
from app.domain.election import Election
from app.domain.second_check import Keyed
from app.store.claims import Claim

MOST: Mapping[str, int] = {Work.DISPUTED: 20, Work.KEYED: 20, Work.RECOUNT: 8, OVERDUE: 8}
"""By kind, in the order in which they are told: how many are told of by name. The others are a number."""

LABELS: Mapping[str, str] = {
    Work.DISPUTED: "Disputed",
    Work.KEYED: "To check",
    Work.RECOUNT: "Recount",
    OVERDUE: "Overdue",
}


@dataclass(frozen=True, slots=True)
class Need:
    """One of them. ``order`` is its place, here and in the browser; ``others`` have its form open."""

    element: str
    kind: str
    name: str
    council: str
    url: str
    told: str
    order: str
    since: datetime | None = None
    decides: bool = False
    claim: Claim | None = None
    others: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return LABELS[self.kind]


@dataclass(frozen=True, slots=True)
class Needs:
    """``rows`` by name and ``more`` by kind; ``counts`` are of both. ``oldest`` waits for its check longest."""

    rows: tuple[Need, ...]
    counts: Mapping[str, int]
    oldest: str

    def words(self, kind: str) -> str:
        return LABELS[kind].lower()

    @property
    def more(self) -> Mapping[str, int]:
        """By kind, how many there are beside those told of by name."""
        told = Counter(row.kind for row in self.rows)
        return {kind: self.counts[kind] - told[kind] for kind in MOST if self.counts[kind] > told[kind]}


def needs_of(board: Board, election: Election, at_work: AtWork, *, clock: datetime) -> Needs:
    """What needs a person on ``board`` at ``clock``, the real time."""
    every = [need for group in board.groups for need in _of_group(election, group, at_work, clock)]
    every.sort(key=lambda need: need.order)
    counts, rows = Counter[str](), list[Need]()
    for need in every:
        counts[need.kind] += 1
        if counts[need.kind] <= MOST[need.kind]:
            rows.append(need)
    since = min((need.since for need in every if need.since is not None), default=None)
    return Needs(tuple(rows), counts, age(since, clock) if since else "")


def age(since: datetime, clock: datetime) -> str:
    """``14 min``, ``2 h 05 min``."""
    minutes = max(0, int((clock - since) / timedelta(minutes=1)))
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02d} min" if hours else f"{rest} min"


def _of_group(election: Election, group: Group, at_work: AtWork, clock: datetime) -> Iterator[Need]:
    for line in group.all_lines:
        if line.waiting is not None:
            yield _waiting(line, line.waiting, at_work, clock)
        elif line.work is Work.RECOUNT:
            yield _of_line(line, Work.RECOUNT)
        if OVERDUE in line.tags:
            yield _of_line(line, OVERDUE)
    url = council_on_board(election, group.council_id)
    for kind, told in ((Work.RECOUNT, group.status), (OVERDUE, group.due)):
        if kind in group.tags:
            yield Need(f"need-{group.element}-{kind}", kind, group.name, "", url, told, _place(kind, group.order))


def _waiting(line: WorkLine, keyed: Keyed, at_work: AtWork, clock: datetime) -> Need:
    since, subject = keyed.keyings[-1].at, keyed.subject
    claim = at_work.claim_on(subject)
    here = (one.person for one in at_work.people if one.subject == subject and keyed.of(one.person) is None)
    others = tuple(person for person in here if claim is None or person != claim.person)
    who = " and ".join(keying.person for keying in keyed.keyings)
    told = ", ".join(filter(None, (who, age(since, clock), line.news)))
    # What could decide a council before what has waited longer.
    order = _place(line.work, f"{not line.decides:d} {since.isoformat()} {line.name}")
    need = _of_line(line, line.work)
    return replace(need, told=told, order=order, since=since, decides=line.decides, claim=claim, others=others)


def _of_line(line: WorkLine, kind: str) -> Need:
    name, council = (line.council, line.name) if line.is_tally else (line.name, line.council)
    place = _place(kind, f"{line.council} {line.name}")
    return Need(f"need-{line.element}-{kind}", str(kind), name, council, line.url, line.note, place)


def _place(kind: str, within: str) -> str:
    return f"{list(MOST).index(kind)} {within}"
