"""A contest, or a council's tally, as work: what it waits for, and what the board is narrowed to it by."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.desk.addresses import entry_url
from app.domain.contest import ContestResult, ContestState
from app.domain.council import CouncilState
from app.domain.declarations import Entry, TallyDeclaration
from app.domain.election import Contest, Election
from app.domain.expected import MovedTimes
from app.domain.nearness import can_decide
from app.domain.search import aliases_of, asked_words, matches
from app.domain.second_check import Disputed, Keyed
from app.domain.subject import Subject
from app.domain.waiting import announced_since
from app.pages.addresses import element_id
from app.wording import sentences
from app.wording.figures import plural_seats
from app.wording.waiting import since_briefly, waits_for

SOON = timedelta(minutes=30)
"""How long before its time a contest counts as due."""


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
    waiting: Keyed | None = None
    """What of it waits for a check."""
    news: str = ""
    """What was told of it since that was keyed."""
    decides: bool = False
    """Whether what waits could make control of the council certain, whatever it says."""

    @property
    def label(self) -> str:
        return LABELS[self.work]

    @property
    def search(self) -> str:
        """What the finder looks through."""
        return f"{self.name} {self.council} {self.aliases}".strip()


def is_shown(line: WorkLine, state: str, words: str, *, forgiving: bool = False) -> bool:
    """Whether a line comes under a filter and is meant by the words, as ``matching`` compares them."""
    if state and state not in line.tags:
        return False
    if line.is_tally and not state and not words and line.work is Work.AWAITED:
        return True
    return matches(line.search, asked_words(words), forgiving=forgiving)


def late(expected: datetime | None, now: datetime) -> str:
    """``35 min overdue``, ``2 h 05 min overdue``; empty before the time, and where nobody knows it.

    After two days it is not told any more: what is so late has another reason, or is a night of long ago.
    """
    if expected is None or not timedelta(minutes=1) <= now - expected < timedelta(days=2):
        return ""
    minutes = int((now - expected) / timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02d} min overdue" if hours else f"{rest} min overdue"


def due_tags(expected: datetime | None, now: datetime) -> tuple[str, ...]:
    """The filter that something comes under which is expected at a time: overdue, due, or neither."""
    if late(expected, now):
        return (OVERDUE,)
    is_due = expected is not None and expected - SOON <= now < expected + timedelta(days=2)
    return (DUE,) if is_due else ()


def contest_line(
    election: Election,
    result: ContestResult,
    council: CouncilState,
    keyed: Mapping[Subject, Keyed],
    *,
    now: datetime,
    drafts: Collection[Subject],
    moved: MovedTimes,
) -> WorkLine:
    """A contest of a council, with what is ``keyed`` and what the reader has ``drafts`` of."""
    contest, subject = result.contest, Subject("ward", result.contest.ballot_id)
    waiting = keyed.get(subject)
    since = announced_since(council.record, waiting) if waiting is not None else ()
    # Of a count of its own: what the whole council is late with is said once, of the council.
    expected_at = None if result.is_decided or waiting else own_time(contest, moved)
    overdue = late(expected_at, now)
    tags = [_work(result, waiting).value, *due_tags(expected_at, now)]
    if waiting is not None and result.state in _TOLD and _TOLD[result.state] is not Work.COUNTING:
        # Whoever looks for recounts is looking for this.
        tags.append(_TOLD[result.state].value)
    return WorkLine(
        element=element_id("desk", contest.ballot_id),
        name=contest.name,
        council=council.council.name,
        url=entry_url(election, subject),
        work=_work(result, waiting),
        note=_note(election, result, waiting, overdue, since),
        tags=_tags(tags, subject, drafts),
        aliases=aliases_of(council.council, contest),
        waiting=waiting,
        news=since_briefly(since),
        decides=waiting is not None and can_decide(election, council, result),
    )


def own_time(contest: Contest, moved: MovedTimes) -> datetime | None:
    """When a contest is expected that has a time of its own, from its files or because the desk moved it."""
    return moved.contests.get(contest.ballot_id) or contest.expected_at


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


def tally_line(
    election: Election, state: CouncilState, keyed: Mapping[Subject, Keyed], *, drafts: Collection[Subject]
) -> WorkLine:
    """The same of a council as a whole."""
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
        waiting=waiting,
        decides=waiting is not None and bool(state.needs),
    )


def _tags(tags: list[str], subject: Subject, drafts: Collection[Subject], *, counted: bool = True) -> tuple[str, ...]:
    """The filters of a line that the board has; the empty one, all, counts contests and whatever waits."""
    found = [tag for tag in tags if tag in FILTERS]
    if subject in drafts:
        found.append(DRAFT)
    return ("", *found) if counted else tuple(found)
