"""All that one person keyed, on one page: what waits, what stands, and what taking it back together would do."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment

from app.declaring.door import Replaced, judge
from app.desk.addresses import desk_url
from app.desk.entry.typed import UNWRITTEN
from app.desk.frame import DeskFrame
from app.domain.declarations import Entry
from app.domain.election import Election
from app.domain.errors import Finding
from app.domain.names import is_same_person
from app.domain.night import Night
from app.domain.proposal import Thresholds
from app.domain.second_check import Keyed, Keying
from app.pages.environment import render
from app.wording import sentences
from app.wording.consequences import headline
from app.wording.ticker import place_of


@dataclass(frozen=True, slots=True)
class KeptRow:
    """An entry that stands, or something that waits: where, when and by whom."""

    seq: int
    where: str
    when: str
    people: str
    chosen: bool = True


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What withdrawing several entries does: a line for each council that it turns, and what has to be confirmed."""

    lines: tuple[str, ...] = ()
    warnings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """Everything that ``person`` keyed, as one reader has it before them.

    ``waiting`` has been keyed by them, ``standing`` was declared by them, ``asked`` are withdrawals of that which wait
    for the reader to confirm them. ``done`` and ``wrong`` say what became of the form that led here.
    """

    person: str
    waiting: tuple[KeptRow, ...]
    standing: tuple[KeptRow, ...]
    would: Withdrawn
    asked: tuple[KeptRow, ...]
    asked_would: Withdrawn
    asked_by: str
    reason: str
    key: str
    done: str = ""
    wrong: str = ""
    confirmed: frozenset[str] = frozenset()


def standing_of(night: Night, person: str) -> list[Entry]:
    """The results and tallies that stand and that ``person`` keyed or checked, the newest first."""
    found = (
        record.standing
        for state in night.councils.values()
        for subject, record in state.record.subjects.items()
        if subject.kind in {"ward", "tally"}
    )
    theirs = [entry for entry in found if entry is not None and _is_theirs(entry, person)]
    return sorted(theirs, key=lambda entry: -entry.seq)


def _is_theirs(entry: Entry, person: str) -> bool:
    return any(name and is_same_person(name, person) for name in (entry.author, entry.checker))


def asked_of(waiting: Collection[Keyed], entries: Sequence[Entry]) -> dict[int, Keying]:
    """The withdrawals of ``entries`` that wait, by what they withdraw."""
    asked = {one.author.body["replaces"]: one.author for one in waiting if one.author.body["kind"] == "withdrawal"}
    return {entry.seq: asked[entry.seq] for entry in entries if entry.seq in asked}


def withdrawn(night: Night, entries: Sequence[Entry], thresholds: Thresholds, now: datetime) -> Withdrawn:
    """What the withdrawal of ``entries``, one after another, does to ``night``."""
    after = night
    warnings: dict[str, Finding] = {}
    for entry in entries:
        about = night.record_of(entry.council_id).subject_at(entry.seq).about
        body = {"kind": "withdrawal", "replaces": entry.seq, "reason": UNWRITTEN}
        replaced = Replaced(about, entry.council_id, entry.ballot_id)
        verdict = judge(after, body, author="", now=now, replaced=replaced, thresholds=thresholds)
        warnings |= {finding.code: finding for finding in verdict.soft}
        after = verdict.after or after
    return Withdrawn(tuple(_turned(night, after)), tuple(warnings[code] for code in sorted(warnings)))


def _turned(before: Night, after: Night) -> Iterator[str]:
    election = after.election
    for council_id, now in after.councils.items():
        was = before.councils[council_id]
        if was is not now:
            done = sentences.progress_declared(election, now)
            yield f"{headline(election, was, now, election.convention)} Then: {done}."


def kept_entries(election: Election, entries: Sequence[Entry], chosen: Collection[int]) -> tuple[KeptRow, ...]:
    """Entries of the log as rows."""
    return tuple(
        KeptRow(
            seq=entry.seq,
            where=place_of(election, entry),
            when=sentences.clock(election, entry.at),
            people=f"{entry.author}, checked by {entry.checker}" if entry.checker else entry.author,
            chosen=entry.seq in chosen,
        )
        for entry in entries
    )


def kept_keyings(election: Election, waiting: Collection[Keyed], person: str) -> tuple[KeptRow, ...]:
    """What ``person`` keyed that waits, as rows: never a figure of it."""
    theirs = [(one, one.of(person)) for one in waiting]
    return tuple(
        KeptRow(
            seq=0,
            where=election.contest(one.subject.ballot_id).name
            if one.subject.ballot_id is not None
            else f"Tally of {one.subject.council_in(election).name}",
            when=sentences.clock(election, own.at),
            people=" and ".join(keying.person for keying in one.keyings),
        )
        for one, own in theirs
        if own is not None
    )


def together_page(environment: Environment, election: Election, shown: AllOf, frame: DeskFrame, *, persons: int) -> str:
    """The page; ``persons`` is how many it takes to declare."""
    values = {"frame": frame, "election": election, "all": shown, "persons": persons, "desk_url": desk_url(election)}
    return render(environment, "desk/acts/together.html", values)
