"""The night as work: of every contest, what it waits for. Found by a few letters, grouped by council, counted by state.

The board's page is rendered once; after that the browser asks for :func:`board_json` every few seconds and writes what
changed into the rows it has. Nothing is ever put into a form.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from urllib.parse import quote

from jinja2 import Environment

from app.addresses import DESK
from app.desk.board.matching import aliases_of, asked_words, matches
from app.desk.frame import DeskFrame
from app.desk.notes.view import ShownNote
from app.domain.contest import ContestResult, ContestState
from app.domain.council import CouncilState
from app.domain.declarations import Entry, TallyDeclaration
from app.domain.election import Election
from app.domain.errors import NotKnown
from app.domain.expected import NOT_MOVED, MovedTimes, expected, expected_of_contest
from app.domain.letters import legible
from app.domain.night import Night
from app.domain.second_check import Disputed, Keyed
from app.domain.subject import Subject
from app.domain.waiting import announced_since
from app.pages.addresses import element_id
from app.pages.components.badge import Badge, badge_of
from app.pages.contest.view import by_ward
from app.pages.environment import rendering
from app.process.strict_json import compact_json
from app.process.turns import Steps
from app.wording import sentences
from app.wording.figures import plural_seats
from app.wording.waiting import waits_for

SOON = timedelta(minutes=30)
"""How long before its time a contest counts as due."""

PAST = timedelta(days=3)
"""A night this long over is being replayed: its own newest entry says what time it is."""


class Work(StrEnum):
    """What a contest waits for, or that nothing more is to come from it."""

    DISPUTED = "disputed"
    KEYED = "keyed"
    RECOUNT = "recount"
    COUNTING = "counting"
    DELAYED = "delayed"
    AWAITED = "awaited"
    DECLARED = "declared"
    NO_POLL = "no-poll"


LABELS: Mapping[Work, str] = {
    Work.DISPUTED: "Disputed",
    Work.KEYED: "To check",
    Work.RECOUNT: "Recount",
    Work.COUNTING: "Counting",
    Work.DELAYED: "Delayed",
    Work.AWAITED: "Awaited",
    Work.DECLARED: "Declared",
    Work.NO_POLL: "No poll",
}

OVERDUE, DUE, DRAFT = "overdue", "due", "draft"

FILTERS: Mapping[str, str] = {
    "": "All",
    OVERDUE: "Overdue",
    DUE: "Due",
    Work.COUNTING: "Counting",
    Work.RECOUNT: "Recount",
    Work.DELAYED: "Delayed",
    Work.KEYED: "To check",
    Work.DISPUTED: "Disputed",
    DRAFT: "My drafts",
    Work.DECLARED: "Declared",
}
"""What the board can be narrowed to; a contest may be several of these at once."""


@dataclass(frozen=True, slots=True)
class WorkLine:
    """A contest, or a council's tally, as work. ``tags`` are the filters it comes under, ``note`` says when and who."""

    element: str
    name: str
    council: str
    url: str
    work: Work
    note: str
    tags: tuple[str, ...]
    is_tally: bool = False
    aliases: str = ""
    """What else it is found by."""

    @property
    def label(self) -> str:
        return LABELS[self.work]

    @property
    def search(self) -> str:
        """What the finder looks through."""
        return f"{self.name} {self.council} {self.aliases}".strip()


@dataclass(frozen=True)
class Group:
    """A council with its contests in the order of their wards, and its tally where there is something about one."""

    council_id: str
    element: str
    name: str
    badge: Badge
    progress: str
    """Empty where the badge says it."""
    due: str
    is_overdue: bool
    lines: tuple[WorkLine, ...]
    tally: WorkLine

    @property
    def all_lines(self) -> tuple[WorkLine, ...]:
        return (*self.lines, self.tally)

    @cached_property
    def counts(self) -> Counter[str]:
        """How many of its lines come under each filter."""
        return Counter(tag for line in self.all_lines for tag in line.tags)

    @cached_property
    def told(self) -> tuple[str, str]:
        """The council and its lines in :func:`board_json`, as JSON, without the brackets of their lists."""
        council = [self.element, self.progress, self.due, self.is_overdue, self.badge.text, self.badge.needs]
        lines = [
            [
                *(line.element, line.name, line.council, line.url, line.work, line.label, line.note),
                *(" ".join(line.tags), line.aliases),
            ]
            for line in self.all_lines
        ]
        return compact_json(council), compact_json(lines)[1:-1]


@dataclass(frozen=True, slots=True)
class Board:
    """The whole night as work."""

    groups: tuple[Group, ...]
    counts: Mapping[str, int]

    def narrowed(self, councils: Collection[str]) -> "Board":
        """Of these councils alone."""
        groups = tuple(group for group in self.groups if group.council_id in councils)
        return Board(groups, _counted(groups))


def desk_time(election: Election, now: datetime, last: datetime | None) -> datetime:
    """What time it is at the desk: now, or in a night that is replayed long after, when its newest entry was."""
    polled = now.astimezone(election.zone).date() - election.polling_date
    return last if last is not None and polled > PAST else now


@dataclass(slots=True)
class Boards:
    """The newest board of each election: a council is made again when something of it has changed, or in a new minute.

    Minutes are what tells how late a council is.
    """

    _made: dict[str, dict[str, tuple[CouncilState, object, Group]]] = field(default_factory=dict)
    """By election and council: of which state, as of when and with what waiting, and the group."""

    def board(
        self,
        night: Night,
        waiting: Collection[Keyed],
        *,
        now: datetime,
        drafts: Collection[Subject] = (),
        moved: MovedTimes = NOT_MOVED,
    ) -> Steps[Board]:
        """The night at ``now``, with what waits for a second check, moved times, and what the reader has drafts of."""
        election, made = night.election, self._made.get(night.election.slug, {})
        keyed = {one.subject: one for one in waiting}
        told = _told_of(election, waiting)
        own = {_council_of(election, subject) for subject in drafts}
        minute = now.replace(second=0, microsecond=0)
        kept, groups = {}, []
        for council_id in sorted(night.councils, key=lambda it: _turn(night.councils[it], moved)):
            state = night.councils[council_id]
            version = (minute, told.get(council_id), moved.of(state.council))
            before = made.get(council_id)
            if before is None or before[0] is not state or before[1] != version:
                before = (state, version, _group(election, state, keyed, now=now, drafts=(), moved=moved))
                yield
            kept[council_id], group = before, before[2]
            if council_id in own:
                group = _group(election, state, keyed, now=now, drafts=drafts, moved=moved)
                yield
            groups.append(group)
        self._made[election.slug] = kept
        return Board(tuple(groups), _counted(groups))


def _counted(groups: Iterable[Group]) -> Mapping[str, int]:
    """How many lines of all of them come under each filter."""
    counts = Counter(dict.fromkeys(FILTERS, 0))
    for group in groups:
        counts.update(group.counts)
    return counts


def _told_of(election: Election, waiting: Iterable[Keyed]) -> Mapping[str, list[object]]:
    """By council, what waits, as its people and times tell: their bodies are not on the board."""
    told: dict[str, list[object]] = {}
    for one in waiting:
        keyings = [(keying.person, keying.at, keying.body["kind"]) for keying in one.keyings]
        told.setdefault(one.subject.council_in(election).council_id, []).append((one.subject, keyings))
    return told


def _council_of(election: Election, subject: Subject) -> str | None:
    """None where a newer catalogue has it no more: what was typed about it outlives it."""
    try:
        return subject.council_in(election).council_id
    except NotKnown:
        return None


def board_page(
    environment: Environment,
    night: Night,
    board: Board,
    frame: DeskFrame,
    *,
    asked: Mapping[str, str],
    notes: Mapping[str, Sequence[ShownNote]] | None = None,
) -> Steps[str]:
    """The page; ``asked`` has the reader's ``state`` and ``q``, ``notes`` are those about councils and their wards."""
    state = asked.get("state", "") if asked.get("state", "") in FILTERS else ""
    words = legible(asked.get("q", ""))[:100].strip()
    shown: set[str] = set()
    for forgiving in (False, True):
        for group in board.groups if not shown else ():
            found = (line for line in group.all_lines if is_shown(line, state, words, forgiving=forgiving))
            shown.update(line.element for line in found)
            yield
    values = {
        "frame": frame,
        "election": night.election,
        "board": board,
        "filters": FILTERS,
        "state": state,
        "q": words,
        "done": asked.get("done", ""),
        "shown": shown,
        "notes": notes or {},
    }
    return (yield from rendering(environment, "desk/board/board.html", values))


def is_shown(line: WorkLine, state: str, words: str, *, forgiving: bool = False) -> bool:
    """Whether a line comes under a filter and is meant by the words; the same as in ``desk/board.js``."""
    if state and state not in line.tags:
        return False
    if line.is_tally and not state and not words and line.work is Work.AWAITED:
        return True
    return matches(line.search, asked_words(words), forgiving=forgiving)


def board_json(board: Board, election: Election, **more: int) -> Steps[str]:
    """What can change on the board, and all that the finder has to know, as JSON; lines as lists to keep it small."""
    councils, lines = [], []
    for group in board.groups:
        council, own = group.told
        councils.append(council)
        lines.append(own)
        yield
    rest = compact_json({"counts": dict(board.counts), "zone": election.timezone, **more})
    return f'{{"councils":[{",".join(councils)}],"lines":[{",".join(lines)}],{rest[1:]}'


def desk_url(election: Election) -> str:
    """The board."""
    return f"{DESK}/{quote(election.slug)}"


def entry_url(election: Election, subject: Subject) -> str:
    """The form of a contest, or of a council's tally."""
    if subject.ballot_id is not None:
        return f"{desk_url(election)}/contests/{quote(subject.ballot_id)}"
    return f"{council_url(election, subject.identity)}/tally"


def council_url(election: Election, council_id: str) -> str:
    """Below which a council's own pages are."""
    return f"{desk_url(election)}/councils/{quote(council_id)}"


def withdraw_after_url(election: Election, seq: int) -> str:
    """Where everything that was declared after entry ``seq`` is withdrawn; after 0 came all there is."""
    return f"{desk_url(election)}/entries/{seq}/withdraw-after"


def late(expected: datetime | None, now: datetime) -> str:
    """``35 min overdue``, ``2 h 05 min overdue``; empty before the time, and where nobody knows it.

    After two days it is not told any more: what is so late has another reason, or is a night of long ago.
    """
    if expected is None or not timedelta(minutes=1) <= now - expected < timedelta(days=2):
        return ""
    minutes = int((now - expected) / timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02d} min overdue" if hours else f"{rest} min overdue"


def _turn(state: CouncilState, moved: MovedTimes) -> tuple[bool, datetime, str]:
    """Councils in the order in which there is work in them: complete ones last, the others by when they are due."""
    return state.is_complete, expected(state, moved) or datetime.max.replace(tzinfo=UTC), state.council.name


def _group(
    election: Election,
    state: CouncilState,
    keyed: Mapping[Subject, Keyed],
    *,
    now: datetime,
    drafts: Collection[Subject],
    moved: MovedTimes,
) -> Group:
    council, expected_at = state.council, expected(state, moved)
    overdue = late(expected_at, now)
    due = sentences.expected(election, expected_at) or ""
    return Group(
        council_id=council.council_id,
        element=element_id("desk-council", council.council_id),
        name=council.name,
        badge=badge_of(election, state, election.convention),
        progress=sentences.progress(election, state) if state.is_certain else "",
        due=overdue or (f"due {due}" if due else ""),
        is_overdue=bool(overdue),
        lines=tuple(
            _contest(election, state.contests[contest.ballot_id], state, keyed, now=now, drafts=drafts, moved=moved)
            for contest in by_ward(council.contests)
        ),
        tally=_tally(election, state, keyed, drafts=drafts),
    )


def _contest(
    election: Election,
    result: ContestResult,
    council: CouncilState,
    keyed: Mapping[Subject, Keyed],
    *,
    now: datetime,
    drafts: Collection[Subject],
    moved: MovedTimes,
) -> WorkLine:
    contest, subject = result.contest, Subject("ward", result.contest.ballot_id)
    waiting = keyed.get(subject)
    work, since = _work(result, waiting), announced_since(council.record, waiting) if waiting else ()
    expected_at = None if result.is_decided else expected_of_contest(contest, council.council, moved)
    overdue = "" if waiting else late(expected_at, now)
    tags = [work.value]
    if waiting is not None and result.state in _TOLD and _TOLD[result.state] is not Work.COUNTING:
        # Whoever looks for recounts is looking for this.
        tags.append(_TOLD[result.state].value)
    if overdue:
        tags.append(OVERDUE)
    elif expected_at is not None and not waiting and expected_at - SOON <= now < expected_at + timedelta(days=2):
        tags.append(DUE)
    return WorkLine(
        element=element_id("desk", contest.ballot_id),
        name=contest.name,
        council=council.council.name,
        url=entry_url(election, subject),
        work=work,
        note=_note(election, result, waiting, overdue, since),
        tags=_tags(tags, subject, drafts),
        aliases=aliases_of(council.council, contest),
    )


def _work(result: ContestResult, waiting: Keyed | None) -> Work:
    if waiting is not None and (result.state is ContestState.DECLARED or not result.is_decided):
        return _work_of(waiting)
    if result.state is ContestState.DECLARED:
        return Work.DECLARED
    if result.is_decided:
        return Work.NO_POLL
    return _TOLD.get(result.state, Work.AWAITED)


_TOLD: Mapping[ContestState, Work] = {
    ContestState.RECOUNT: Work.RECOUNT,
    ContestState.COUNTING: Work.COUNTING,
    ContestState.DELAYED: Work.DELAYED,
}


def _work_of(waiting: Keyed) -> Work:
    return Work.DISPUTED if isinstance(waiting, Disputed) else Work.KEYED


def _note(
    election: Election, result: ContestResult, waiting: Keyed | None, overdue: str, since: Sequence[Entry]
) -> str:
    if waiting is not None and _work(result, waiting) in (Work.DISPUTED, Work.KEYED):
        return waits_for(election, waiting, since)
    if result.state is ContestState.DECLARED:
        announced = sentences.announcement(result)
        at = f", {sentences.clock_briefly(election, announced.at)}" if announced else ""
        return f"{sentences.contest_summary(election, result)}{at}"
    if result.is_decided:
        return sentences.contest_summary(election, result)
    return overdue


def _tally(
    election: Election, state: CouncilState, keyed: Mapping[Subject, Keyed], *, drafts: Collection[Subject]
) -> WorkLine:
    subject = Subject("tally", state.council_id)
    waiting = keyed.get(subject)
    work, note = Work.AWAITED, ""
    if waiting is not None:
        work, note = _work_of(waiting), waits_for(election, waiting, announced_since(state.record, waiting))
    elif state.tally is not None and isinstance(state.tally.content, TallyDeclaration):
        work = Work.DECLARED if state.tally.content.complete else Work.COUNTING
        seats = plural_seats(election, sum(state.tally.content.seats.values()))
        note = f"{seats}, {sentences.clock(election, state.tally.at)}"
    # A tally that nobody has given is no work: most councils never have one.
    tags = [work.value] if waiting is not None else []
    return WorkLine(
        element=element_id("desk-tally", state.council_id),
        name="Tally by phone",
        council=state.council.name,
        url=entry_url(election, subject),
        work=work,
        note=note,
        tags=_tags(tags, subject, drafts, counted=waiting is not None),
        is_tally=True,
        aliases=aliases_of(state.council),
    )


def _tags(tags: list[str], subject: Subject, drafts: Collection[Subject], *, counted: bool = True) -> tuple[str, ...]:
    """The filters of a line that the board has; the empty one, all, counts contests and whatever waits."""
    found = [tag for tag in tags if tag in FILTERS]
    if subject in drafts:
        found.append(DRAFT)
    return ("", *found) if counted else tuple(found)
