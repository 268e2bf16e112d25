"""What each person did this night: of what is kept in the log, the audit and the second check, nothing guessed."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from jinja2 import Environment

from app.bundles.exporting import Cell, as_csv
from app.desk.frame import DeskFrame
from app.desk.room.view import room_url
from app.domain.declarations import Entry, TallyDeclaration, WardDeclaration
from app.domain.election import Election
from app.domain.second_check import Keyed, differing
from app.domain.subject import Subject
from app.pages.environment import render
from app.store.audit import Audited, Kind
from app.store.keyed import SettledDispute


@dataclass(slots=True)
class PersonFigures:
    """One person's night.

    ``keyed`` and ``checked`` count results, tallies and corrections in the log; ``waiting`` what they keyed that waits.
    Of a dispute that two settled, whoever had something else than was declared ``caused`` it, and the other ``caught``
    it; both, where neither had. ``corrected`` are entries of theirs that were corrected, by whomever.
    """

    person: str
    keyed: int = 0
    checked: int = 0
    waiting: int = 0
    alone: int = 0
    caused: int = 0
    caught: int = 0
    corrected: int = 0
    seconds: list[float] = field(default_factory=list)
    """From the first figure to sending, of each form that was kept while it was typed."""

    @property
    def median_seconds(self) -> int | None:
        return round(median(self.seconds)) if self.seconds else None

    @property
    def median_told(self) -> str:
        """``1:25``, minutes and seconds; empty where it is not known."""
        took = self.median_seconds
        return f"{took // 60}:{took % 60:02d}" if took is not None else ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is kept of a night; ``entries`` are the whole log and ``acts`` the audit's, both oldest first.

    ``alone`` are the sequences that an editor declared without a check, ``seconds`` is by person.
    """

    entries: Sequence[Entry]
    waiting: Sequence[Keyed]
    alone: Collection[int]
    disputes: Sequence[SettledDispute]
    acts: Sequence[Audited]
    seconds: Mapping[str, Sequence[float]]


COLUMNS = (
    "person",
    "keyed",
    "checked",
    "waiting",
    "alone",
    "caused",
    "caught",
    "corrected",
    "timed",
    "median_seconds",
)
"""The columns of :func:`figures_csv`; ``timed`` is of how many forms the median is."""


def figures(facts: Facts) -> list[PersonFigures]:
    """Of everybody who did anything, by name."""
    found: dict[str, PersonFigures] = {}

    def of(person: str) -> PersonFigures:
        return found.setdefault(person, PersonFigures(person))

    for entry in facts.entries:
        _count(entry, facts, of)
    for one in facts.waiting:
        of(one.author.person).waiting += 1
    for caused, caught in _blamed(facts):
        of(caused).caused += 1
        of(caught).caught += 1
    for person, took in facts.seconds.items():
        of(person).seconds.extend(took)
    return sorted(found.values(), key=lambda it: it.person.casefold())


def figures_page(environment: Environment, election: Election, found: Sequence[PersonFigures], frame: DeskFrame) -> str:
    """The page, for editors."""
    values = {"frame": frame, "election": election, "found": found, "room_url": room_url(election)}
    return render(environment, "desk/room/figures.html", values)


def figures_csv(found: Iterable[PersonFigures], *, rehearsal: bool) -> str:
    """A row a person, with ``COLUMNS``."""
    return as_csv(COLUMNS, map(_row, found), rehearsal=rehearsal)


def _row(figures: PersonFigures) -> Mapping[str, Cell]:
    counted = {name: getattr(figures, name) for name in COLUMNS[:-2]}
    return {**counted, "timed": len(figures.seconds), "median_seconds": figures.median_seconds}


def _count(entry: Entry, facts: Facts, of: Callable[[str], PersonFigures]) -> None:
    if not isinstance(entry.content, WardDeclaration | TallyDeclaration):
        return
    of(entry.author).keyed += 1
    if entry.checker:
        of(entry.checker).checked += 1
    if entry.seq in facts.alone:
        of(entry.author).alone += 1
    if entry.replaces is not None:
        of(facts.entries[entry.replaces - 1].author).corrected += 1


def _blamed(facts: Facts) -> Iterator[tuple[str, str]]:
    """For everybody who had something else than was declared: their name, and the other's."""
    disputing = _disputing(facts.acts)
    for dispute in facts.disputes:
        if not disputing.get(dispute.subject):
            continue
        author, checker = disputing[dispute.subject].pop(0)
        if differing(dispute.author_body, dispute.declared_body):
            yield author, checker
        if differing(dispute.checker_body, dispute.declared_body):
            yield checker, author


def _disputing(acts: Iterable[Audited]) -> dict[Subject, list[tuple[str, str]]]:
    """By subject, who keyed it first and who otherwise, in each dispute that was not let go."""
    found: dict[Subject, list[tuple[str, str]]] = defaultdict(list)
    is_open: set[Subject] = set()
    for act in acts:
        kind = act.details.get("kind")
        if kind not in {"ward", "tally"}:
            continue
        subject = Subject(kind, act.subject)
        if act.kind == Kind.DISPUTED and subject not in is_open:
            is_open.add(subject)
            found[subject].append((act.details["author"], act.who))
        elif act.kind in {Kind.TAKEN_BACK, Kind.OVERTAKEN} and subject in is_open:
            is_open.discard(subject)
            found[subject].pop()
        elif act.kind == Kind.KEYED:
            is_open.discard(subject)
    return found
