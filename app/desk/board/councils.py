"""The councils of a night as work, in the order in which there is work in them: made once for everybody who looks."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256

from app.desk.board.lines import (
    DRAFT,
    FILTERS,
    OVERDUE,
    Work,
    WorkLine,
    contest_line,
    due_tags,
    late,
    own_time,
    tally_line,
)
from app.domain.council import CouncilState
from app.domain.declarations import StatusDeclaration
from app.domain.election import Election
from app.domain.errors import NotKnown
from app.domain.expected import NOT_MOVED, MovedTimes, expected
from app.domain.nearness import decides_control, seats_to_certainty
from app.domain.night import Night
from app.domain.second_check import Keyed
from app.domain.subject import Subject
from app.pages.addresses import element_id
from app.pages.components.badge import Badge, badge_of
from app.pages.contest.view import by_ward
from app.process.strict_json import compact_json
from app.process.turns import Steps
from app.wording import sentences

_LAST = 10**12 - 1
"""Behind every time that somebody knows, in seconds."""

CHIPS: Mapping[str, str] = {
    Work.DISPUTED: "disputed",
    Work.KEYED: "to check",
    Work.RECOUNT: "recount",
    Work.DELAYED: "delayed",
    OVERDUE: "overdue",
    DRAFT: "my drafts",
}
"""What is counted on the line of a council that is folded."""


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
    status: str
    """What is told of its count as a whole: ``Delayed, 05:40 BST: fire alarm``; empty where nothing is."""
    tags: tuple[str, ...]
    """The filters that it comes under as a whole: overdue or due, with what has no time of its own, and its status."""
    order: str
    """Where it stands: councils are in the order of these texts, here and in the browser."""
    lines: tuple[WorkLine, ...]
    tally: WorkLine

    @property
    def is_overdue(self) -> bool:
        return OVERDUE in self.counts

    @property
    def all_lines(self) -> tuple[WorkLine, ...]:
        return (*self.lines, self.tally)

    @cached_property
    def counts(self) -> Counter[str]:
        """How many of its lines come under each filter, and itself."""
        return Counter([*self.tags, *(tag for line in self.all_lines for tag in line.tags)])

    @property
    def chips(self) -> tuple[tuple[str, str, int], ...]:
        """What there is to do in it: the filter, its words, and how often."""
        words = {key: word for key, word in CHIPS.items() if self.counts[key] and key not in self.tags}
        return tuple((key, word, self.counts[key]) for key, word in words.items())

    @cached_property
    def told(self) -> tuple[str, ...]:
        """Its lines in :func:`board_json`, as JSON."""
        return tuple(
            compact_json(
                [
                    *(line.element, line.name, line.council, line.url, line.work, line.label, line.note),
                    *(" ".join(line.tags), line.aliases),
                ]
            )
            for line in self.all_lines
        )

    @cached_property
    def version(self) -> bytes:
        """Another one whenever anything of it is otherwise."""
        row = repr((self.badge, self.progress, self.due, self.status, self.tags, self.order))
        return sha256("\n".join((row, *self.told)).encode()).digest()


@dataclass(frozen=True)
class Board:
    """The whole night as work."""

    groups: tuple[Group, ...]
    counts: Mapping[str, int]

    def narrowed(self, councils: Collection[str]) -> "Board":
        """Of these councils alone."""
        return board_of(group for group in self.groups if group.council_id in councils)

    @cached_property
    def by_id(self) -> Mapping[str, Group]:
        return {group.council_id: group for group in self.groups}


def board_of(groups: Iterable[Group]) -> Board:
    """The board of these councils."""
    ordered = tuple(sorted(groups, key=lambda group: group.order))
    counts = Counter(dict.fromkeys(FILTERS, 0))
    for group in ordered:
        counts.update({tag: number for tag, number in group.counts.items() if tag in FILTERS})
    return Board(ordered, counts)


@dataclass(slots=True)
class Boards:
    """The newest board of each election: a council is made again when something of it has changed, or in a new minute.

    Minutes are what tells how late a council is.
    """

    _made: dict[str, dict[str, tuple[CouncilState, object, Group]]] = field(default_factory=dict)
    """By election and council: of which state, as of when and with what waiting, and the group."""
    _newest: dict[str, tuple[tuple[Group, ...], Board]] = field(default_factory=dict)
    """By election: of which groups, and the board."""

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
        for council_id, state in night.councils.items():
            version = (minute, told.get(council_id), moved.of(state.council))
            before = made.get(council_id)
            if before is None or before[0] is not state or before[1] != version:
                group = _group(election, state, keyed, now=now, drafts=(), moved=moved)
                # The very same value where nothing of it is otherwise: then nobody has to compare it.
                is_same = before is not None and before[2].version == group.version
                before = (state, version, before[2] if before is not None and is_same else group)
                yield
            kept[council_id], group = before, before[2]
            if council_id in own:
                group = _group(election, state, keyed, now=now, drafts=drafts, moved=moved)
                yield
            groups.append(group)
        self._made[election.slug] = kept
        of, board = self._newest.get(election.slug, ((), None))
        if board is None or of != tuple(groups):
            board = board_of(groups)
            self._newest[election.slug] = tuple(groups), board
        return board


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


def _order(election: Election, state: CouncilState, moved: MovedTimes) -> str:
    """First whose control is open, the nearest to certain before all; then what is certain, then what is complete.

    What decides no control stands behind those that do: by-elections apart, single offices, and councils of which
    nobody can say how near they are. Those that are as near as each other stand by when they are due, then by name.
    """
    following = expected(state, moved)
    nearness = seats_to_certainty(election, state) if decides_control(election, state) else None
    stage = 3 if state.is_complete else 2 if state.is_certain else 1 if nearness is None else 0
    due = int(following.timestamp()) if following else _LAST
    return f"{stage} {nearness or 0:04} {due:012} {state.council.name.lower()}"


def _group(
    election: Election,
    state: CouncilState,
    keyed: Mapping[Subject, Keyed],
    *,
    now: datetime,
    drafts: Collection[Subject],
    moved: MovedTimes,
) -> Group:
    council = state.council
    awaited = [
        result.contest
        for ballot_id, result in state.contests.items()
        if not result.is_decided and Subject("ward", ballot_id) not in keyed
    ]
    is_awaited = not state.is_complete and any(own_time(contest, moved) is None for contest in awaited)
    at = (moved.councils.get(council.council_id) or council.expected_at) if is_awaited else None
    following = None if state.is_complete else _first([at, *(own_time(contest, moved) for contest in awaited)])
    due = sentences.expected(election, following) or ""
    return Group(
        council_id=council.council_id,
        element=element_id("desk-council", council.council_id),
        name=council.name,
        badge=badge_of(election, state, election.convention),
        progress=sentences.progress(election, state) if state.is_certain else "",
        due=late(following, now) or (f"due {due}" if due else ""),
        status=sentences.council_status(election, state) or "",
        tags=(*due_tags(at, now), *_status_tags(state)),
        order=_order(election, state, moved),
        lines=tuple(
            contest_line(election, state.contests[contest.ballot_id], state, keyed, now=now, drafts=drafts, moved=moved)
            for contest in by_ward(council.contests)
        ),
        tally=tally_line(election, state, keyed, drafts=drafts),
    )


def _status_tags(state: CouncilState) -> tuple[str, ...]:
    if state.is_complete or state.status is None or not isinstance(state.status.content, StatusDeclaration):
        return ()
    return (state.status.content.status.value,)


def _first(times: Iterable[datetime | None]) -> datetime | None:
    return min((at for at in times if at is not None), default=None)
