"""Whom to phone next: the late counts, by how late they are and what they decide, with the last word of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from jinja2 import Environment

from app.desk.frame import DeskFrame
from app.desk.queue.view import latest_rows
from app.desk.room.typed import told_time
from app.desk.room.view import Telephone, room_url, telephones
from app.domain.council import CouncilState
from app.domain.election import Election
from app.domain.expected import MovedTimes, expected, minutes_late
from app.domain.night import Night
from app.domain.second_check import Keyed
from app.pages.addresses import element_id
from app.pages.environment import rendering
from app.process.turns import Steps
from app.store.internal_notes import InternalNote
from app.store.room import NOTHING, Call, Covered, RowKey
from app.wording import sentences


class Decides(IntEnum):
    """What the next result of a council can do to its control; the number is what its lateness is weighed with."""

    NOTHING = 1
    """Control is certain, or there is none to decide."""
    UNDECIDED = 2
    NEXT = 3
    """One more contest may bring a majority."""

    @property
    def told(self) -> str:
        return {1: "control certain", 2: "control undecided", 3: "the next may decide"}[self]


@dataclass(frozen=True, slots=True)
class LastWord:
    """What was heard of a count last, and when: from the log, what was keyed, an internal note, or a call."""

    at: datetime
    said: str


@dataclass(frozen=True, slots=True)
class TypedCall:
    """What was typed of a call that could not be kept, and why."""

    said: str = ""
    expected: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chaser:
    """A count from which something is still to come. ``late`` is in minutes; ``loaded`` where its time was moved."""

    council_id: str
    element: str
    name: str
    late: int
    decides: Decides
    due: str
    is_moved: bool
    last: LastWord | None
    last_at: str
    covers: str
    place: str
    telephones: tuple[Telephone, ...]
    typed: TypedCall

    @property
    def weight(self) -> int:
        return self.late * self.decides

    @property
    def line(self) -> str:
        """``100 min late, last word 23:10 BST``."""
        word = f"last word {self.last_at}" if self.last else "no word yet"
        return f"{_late(self.late)}, {word}" if self.late else word


@dataclass(frozen=True, slots=True)
class Heard:
    """What the desk knows beside the log: cover, moved times, what waits, the last calls by council, and notes."""

    kept: Mapping[RowKey, Covered]
    moved: MovedTimes
    waiting: Sequence[Keyed]
    calls: Mapping[str, Call]
    notes: Sequence[InternalNote] = ()
    """Newest first."""


def chasers(
    night: Night, heard: Heard, *, now: datetime, typed: Mapping[str, TypedCall] | None = None
) -> Steps[list[Chaser]]:
    """Every council of which something is to come: the late ones by lateness × what they decide, then by time."""
    found = []
    for state in night.councils.values():
        if not state.is_complete:
            found.append((_chaser(night.election, state, heard, now, typed or {}), expected(state, heard.moved)))
        yield
    found.sort(key=lambda it: (-it[0].weight, it[1] is None, it[1] or now, it[0].name))
    return [chaser for chaser, _ in found]


def chasers_page(
    environment: Environment, election: Election, found: Sequence[Chaser], frame: DeskFrame, *, key: str, done: str
) -> Steps[str]:
    """The page; ``key`` begins the keys of its forms, ``done`` names the council that was called."""
    values = {
        "frame": frame,
        "election": election,
        "late": [chaser for chaser in found if chaser.late],
        "others": [chaser for chaser in found if not chaser.late],
        "key": key,
        "done": done,
        "room_url": room_url(election),
    }
    return (yield from rendering(environment, "desk/room/chasers.html", values))


def decides(state: CouncilState) -> Decides:
    """What the next of a council's results can do."""
    if state.is_certain or state.council.stands_apart:
        return Decides.NOTHING
    most = max((it.contest.seats_up for it in state.contests.values() if not it.is_decided), default=0)
    return Decides.NEXT if min(state.needs.values(), default=most + 1) <= most else Decides.UNDECIDED


def _chaser(
    election: Election, state: CouncilState, heard: Heard, now: datetime, typed: Mapping[str, TypedCall]
) -> Chaser:
    at, council_id = expected(state, heard.moved), state.council_id
    covered = heard.kept.get(RowKey("council", council_id), NOTHING)
    last = last_word(election, state, heard)
    return Chaser(
        council_id=council_id,
        element=element_id("chaser", council_id),
        name=state.council.name,
        late=minutes_late(at, now),
        decides=decides(state),
        due=told_time(election, at) if at else "",
        is_moved=at != expected(state),
        last=last,
        last_at=sentences.clock_briefly(election, last.at) if last else "",
        covers=covered.covers,
        place=covered.place,
        telephones=telephones(covered.telephones),
        typed=typed.get(council_id, TypedCall()),
    )


def last_word(election: Election, state: CouncilState, heard: Heard) -> LastWord | None:
    """The newest of what was declared or told of a council, keyed or noted of it, and brought by a call."""
    words = [*_declared(election, state), *_keyed(election, state, heard.waiting)]
    if (call := heard.calls.get(state.council_id)) is not None:
        words.append(LastWord(call.at, f"{call.author}: {call.said}"))
    words += [LastWord(it.at, f"{it.author}: {it.content}") for it in heard.notes if _is_about(it, state)][:1]
    return max(words, key=lambda word: word.at, default=None)


def _is_about(note: InternalNote, state: CouncilState) -> bool:
    return note.council_id == state.council_id and note.struck_at is None


def _declared(election: Election, state: CouncilState) -> Iterable[LastWord]:
    entry = state.last
    if entry is not None and entry.kind != "catalogue":
        [told] = latest_rows(election, [entry], persons=1)
        yield LastWord(entry.at, f"{told.what}: {told.where}")


def _keyed(election: Election, state: CouncilState, waiting: Iterable[Keyed]) -> Iterable[LastWord]:
    for one in waiting:
        if one.subject.council_in(election).council_id == state.council_id:
            newest = one.keyings[-1]
            yield LastWord(newest.at, f"{newest.person} keyed a result")


def _late(minutes: int) -> str:
    """``100 min late``; hours from the fourth on: ``4 h 05 min late``."""
    return f"{minutes} min late" if minutes < 240 else f"{minutes // 60} h {minutes % 60:02d} min late"
