"""A contest's fragments and its page."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from jinja2 import Environment
from markupsafe import Markup

from app.domain.contest import ContestResult, contest_result
from app.domain.declarations import CatalogueChange, Entry, SubjectRecord, WardDeclaration
from app.domain.election import Contest, Convention, Council, Election
from app.domain.figures import margin
from app.domain.night import Night
from app.pages.addresses import element_id
from app.pages.components.badge import contest_badge_of
from app.pages.drawn import DRAWN
from app.pages.environment import render
from app.pages.frame import PageFrame
from app.wording import sentences
from app.wording.catalogue import told_apart

MOST_WHOLE = 100
"""Contests of the largest council whose page shows each of them whole: no county has more, and with 650 the page had
63,000 elements and took a browser four seconds."""


def is_listed(council: Council) -> bool:
    """Whether a council's page lists its contests, a line each: then each is whole on its own page alone."""
    return len(council.contests) > MOST_WHOLE


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that a correction changed, before and after, as text."""

    subject: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Revision:
    """A correction or withdrawal: what is said of it, and what it changed."""

    entry: Entry
    text: str
    differences: tuple[Difference, ...]


def row_id(ballot_id: str) -> str:
    """The contest's line in its council's table of wards."""
    return element_id("row", ballot_id)


def result_id(ballot_id: str) -> str:
    """The contest's result, on its council's page and on its own."""
    return element_id("contest", ballot_id)


def detail_id(ballot_id: str) -> str:
    """What only the contest's own page shows: shares by both methods, papers, every entry."""
    return element_id("detail", ballot_id)


def anchor_id(ballot_id: str) -> str:
    """Where the table of wards jumps to."""
    return element_id("ward", ballot_id)


def contest_fragments(environment: Environment, night: Night, ballot_id: str) -> dict[str, str]:
    """Everything pushed about one contest. A result compares with nothing: no convention.

    Row, result and detail; of a council that lists its contests, the line there alone, which is all that anybody but
    the readers of the contest's own page can see of it.
    """
    council = night.election.council(night.election.contest(ballot_id).council_id)
    if is_listed(council):
        return _rendered(environment, night, ballot_id, {row_id(ballot_id): "contest/_listed.html"})
    row = _rendered(environment, night, ballot_id, {row_id(ballot_id): "contest/_row.html"})
    return row | whole_fragments(environment, night, ballot_id)


def whole_fragments(environment: Environment, night: Night, ballot_id: str) -> dict[str, str]:
    """What a contest's own page shows of it: result and detail."""
    templates = {result_id(ballot_id): "contest/_result.html", detail_id(ballot_id): "contest/_detail.html"}
    return _rendered(environment, night, ballot_id, templates)


def _rendered(environment: Environment, night: Night, ballot_id: str, templates: Mapping[str, str]) -> dict[str, str]:
    """Fragments by element id, each by its template."""
    election, result = night.election, night.result(ballot_id)
    values = {
        "election": election,
        "result": result,
        "contest": result.contest,
        "council": election.council(result.contest.council_id),
        "sentences": sentences,
        "revisions": revisions(night, result),
        "last_seq": _last_seq(result),
        "anchor": anchor_id(ballot_id),
        "badge": contest_badge_of(election, result),
        "margin": margin(result),
    }
    return {
        element: environment.get_template(template).render(values, id=element).strip()
        for element, template in templates.items()
    }


def _last_seq(result: ContestResult) -> int:
    """The last entry about a contest: a line that looks the same says by it that the contest's own page does not."""
    entries = (*result.entries[-1:], result.status)
    return max((entry.seq for entry in entries if entry is not None), default=0)


def contest_page(
    environment: Environment,
    night: Night,
    ballot_id: str,
    convention: Convention,
    fragments: Mapping[str, str],
    frame: PageFrame,
) -> str:
    """The page of one contest. ``fragments`` are those of its council's channel; they stand in it byte for byte.

    What a channel of lines does not have is rendered for the page, which asks for it again when its line has changed.
    """
    election = night.election
    contest = election.contest(ballot_id)
    council = election.council(contest.council_id)
    if is_listed(council):
        fragments = {**fragments, **whole_fragments(environment, night, ballot_id)}
    values = {
        "frame": frame,
        "election": election,
        "council": council,
        "contest": contest,
        "convention": convention,
        "line": sentences.contest_line(election, council, night.result(ballot_id)),
        "result": Markup(fragments[result_id(ballot_id)]),
        "detail": Markup(fragments[detail_id(ballot_id)]),
        "verdict": Markup(fragments[element_id("verdict", council.council_id)]),
        "follows": row_id(ballot_id) if is_listed(council) else None,
        "parts": (result_id(ballot_id), detail_id(ballot_id)),
        "beside": beside(election, contest),
        "wards": [] if is_listed(council) or len(council.contests) == 1 else by_ward(council.contests),
        "drawn": Markup(fragments[DRAWN]),
        "what": sentences.contest_description(election, council, contest),
    }
    return render(environment, "contest/page.html", values)


def by_ward(contests: Iterable[Contest]) -> list[Contest]:
    """Contests in the order of their wards' names, "Ward 2" before "Ward 10": it never moves, whatever comes first."""
    return sorted(contests, key=lambda contest: (_counted(contest.ward), contest.ballot_id))


def _counted(name: str) -> list[str]:
    """``name`` so that the numbers in it sort as numbers."""
    return [part.zfill(9) if part.isdecimal() else part for part in re.split(r"(\d+)", name)]


def beside(election: Election, contest: Contest) -> dict[str, Contest]:
    """The wards before (``prev``) and after (``next``) this one, where there are any."""
    wards = by_ward(election.council(contest.council_id).contests)
    at = wards.index(contest)
    return {
        relation: wards[other] for relation, other in (("prev", at - 1), ("next", at + 1)) if 0 <= other < len(wards)
    }


# What corrections changed


def revisions(night: Night, result: ContestResult) -> tuple[Revision, ...]:
    """What changed a contest after it was told, newest first, with what each of them changed."""
    ballot_id = result.contest.ballot_id
    before = dict(zip((entry.seq for entry in result.history[1:]), result.history, strict=False))
    return tuple(
        Revision(
            entry=entry,
            text=sentences.revision(night.election, entry),
            differences=tuple(_revised(night, ballot_id, before.get(entry.seq), entry)),
        )
        for entry in reversed(result.revisions)
    )


def _revised(night: Night, ballot_id: str, before: Entry | None, entry: Entry) -> Iterator[Difference]:
    if isinstance(entry.declaration, CatalogueChange):
        election = night.election_at(entry.seq)
        for alteration in entry.declaration.alterations:
            if alteration.ballot_id == ballot_id:
                what, *values = told_apart(election, alteration)
                yield Difference(sentences.sentence(what), *values)
    elif before is not None:
        yield from _differences(night, ballot_id, before, entry)


_ANNOUNCED: Mapping[str, str] = MappingProxyType(
    {
        "total": "Total as read out",
        "ballots": "Ballot papers",
        "rejected": "Rejected papers",
        "valid": "Valid papers",
    }
)


def _differences(night: Night, ballot_id: str, before: Entry, after: Entry) -> Iterator[Difference]:
    if not isinstance(before.content, WardDeclaration):
        return
    election = night.election_at(after.seq)
    contest = election.contest(ballot_id)
    was, now = (
        contest_result(at, at.contest(ballot_id), SubjectRecord((entry,)))
        for at, entry in ((night.election_at(before.seq), before), (election, after))
    )
    elected = tuple(
        sentences.listed([sentences.named(election, one.contest, each) for each in one.elected]) for one in (was, now)
    )
    yield from _changed("Elected", *elected)
    yield from _changed(
        sentences.sentence(election.words.seats), *(sentences.seats_line(election, one.seats) for one in (was, now))
    )
    for candidacy in contest.candidacies:
        yield from _changed(candidacy.name, *(_votes_of(one, candidacy.candidacy_id) for one in (was, now)))
    announced = ("yes" if one.is_as_announced else "" for one in (was, now))
    yield from _changed("As announced", *announced)
    for name, label in _ANNOUNCED.items():
        given = (getattr(one.declaration, name, None) for one in (was, now))
        yield from _changed(label, *map(_figure, given))
    turned_out = (sentences.percentage(one.turnout.percentage) if one.turnout else "–" for one in (was, now))
    yield from _changed("Turnout", *turned_out)


def _changed(subject: str, before: str, after: str) -> Iterator[Difference]:
    if before != after:
        yield Difference(subject, before or "–", after or "–")


def _votes_of(result: ContestResult, candidacy_id: str) -> str:
    votes = (result.declaration.votes or {}) if result.declaration else {}
    return sentences.votes_told(votes[candidacy_id]) if candidacy_id in votes else _figure(None)


def _figure(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"
