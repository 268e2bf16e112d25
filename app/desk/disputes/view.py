"""Two versions of one result beside one another, and the notices to those whose version was declared over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jinja2 import Environment

from app.desk.addresses import desk_url, entry_url
from app.desk.entry.revising import revision_url
from app.desk.entry.told import ToldFigure, told_figures
from app.desk.entry.view import own_content
from app.desk.frame import DeskFrame, OverruledNotice
from app.domain.declarations import Entry
from app.domain.election import Election
from app.domain.errors import NotKnown
from app.domain.second_check import MODE, Disputed
from app.domain.subject import Subject
from app.pages.environment import render
from app.store.overruled import Overruled
from app.wording import sentences
from app.wording.waiting import overruled_line, since_lines


@dataclass(frozen=True, slots=True)
class Versions:
    """What two keyed of ``heading``, figure by figure: ``value`` is the author's, ``other`` the checker's."""

    heading: str
    council: str
    url: str
    author: str
    author_at: str
    checker: str
    checker_at: str
    figures: tuple[ToldFigure, ...]
    differing: frozenset[str]
    """The fields that have to be settled: who said it is none, nor what is not always read out and only one has."""
    since: tuple[str, ...]

    def differs(self, figure: ToldFigure) -> bool:
        """Where one gave votes and the other seats, all of those differ."""
        is_of_mode = MODE in self.differing and figure.field.startswith(("votes.", "seats."))
        return is_of_mode or figure.field in self.differing


def versions_of(election: Election, disputed: Disputed, since: Iterable[Entry]) -> Versions:
    """For editors who are neither of the two, and for nobody else."""
    subject, author, checker = disputed.subject, disputed.author, disputed.checker
    contest = election.contest(subject.ballot_id) if subject.ballot_id is not None else None
    contents = [own_content(subject, keying.body) for keying in disputed.keyings]
    return Versions(
        heading=contest.name if contest is not None else "Tally by phone",
        council=subject.council_in(election).name,
        url=revision_url(election, disputed) or entry_url(election, subject),
        author=author.person,
        author_at=sentences.clock(election, author.at),
        checker=checker.person,
        checker_at=sentences.clock(election, checker.at),
        figures=told_figures(election, contest, *contents),
        differing=disputed.differing,
        since=since_lines(election, since),
    )


def versions_page(environment: Environment, election: Election, versions: Versions, frame: DeskFrame) -> str:
    """The page, which is answered once and has no address of its own."""
    values = {"frame": frame, "election": election, "versions": versions, "queue_url": f"{desk_url(election)}/queue"}
    return render(environment, "desk/disputes/versions.html", values)


def overruled_notices(
    election: Election, entries: Sequence[Entry], told: Iterable[Overruled]
) -> tuple[OverruledNotice, ...]:
    """For the person who is to be ``told``; ``entries`` are the log as it is shown here."""
    return tuple(
        OverruledNotice(
            line=overruled_line(election, one.subject, entries[one.seq - 1], one.differing),
            url=_url(election, one.subject),
            seen=f"{desk_url(election)}/overruled/{one.seq}/seen",
        )
        for one in told
        if one.seq <= len(entries)
    )


def _url(election: Election, subject: Subject) -> str:
    try:
        subject.council_in(election)
    except NotKnown:
        return desk_url(election)
    return entry_url(election, subject)
