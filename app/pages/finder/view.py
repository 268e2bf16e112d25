"""What is found, as lines that lead there: the same for the page and for the field on every page."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment

from app.addresses import OVERVIEW
from app.domain.contest import ContestResult
from app.domain.council import CouncilState
from app.domain.election import Contest, Convention, Election
from app.domain.finder import Finder, Finds
from app.domain.night import Night
from app.domain.postcodes import Postcode, Postcodes
from app.pages.addresses import contest_url, council_url
from app.pages.environment import render
from app.pages.frame import PageFrame
from app.pages.past import at_moment
from app.wording import finder as wording
from app.wording.contest import contest_summary
from app.wording.night import name_of

MOST_ON_PAGE = 100
MOST_OPTIONS = 20
"""Lines below the field."""


@dataclass(frozen=True, slots=True)
class FinderLine:
    """One thing that was found: what it is, where, and how it stands."""

    name: str
    where: str
    stands: str
    url: str


@dataclass(frozen=True, slots=True)
class FinderGroup:
    """Lines of one kind."""

    heading: str
    lines: tuple[FinderLine, ...]


@dataclass(frozen=True, slots=True)
class FinderSection:
    """All that was found in one election, and how much that is."""

    election: Election
    said: str
    groups: tuple[FinderGroup, ...]


def section(  # what is looked through, for what, and as it stands when
    finder: Finder, postcodes: Postcodes, typed: str, night: Night, convention: Convention, *, most: int
) -> FinderSection:
    """What is found of ``typed``, as it stands in ``night``, a past one perhaps: by a postcode, or by names."""
    in_wards = postcodes.find(typed)
    if in_wards is not None:
        return _wards_of(*in_wards, night, convention, most)
    return _named(finder, typed, night, convention, most, has_postcodes=bool(postcodes.districts))


def _wards_of(
    postcode: Postcode, ballot_ids: Sequence[str], night: Night, convention: Convention, most: int
) -> FinderSection:
    """The wards that a postcode is in, or all that begin so."""
    election = night.election
    contests = [election.contests[it] for it in ballot_ids if it in election.contests]
    lines = tuple(
        FinderLine(
            str(postcode),
            wording.place(result, state.council),
            contest_summary(election.among_all, result),
            contest_url(election, contest.ballot_id, convention),
        )
        for contest in contests[:most]
        for state, result in _result(night, contest)
    )
    said = wording.lies_in(election.words, postcode, len(contests), len(lines))
    return FinderSection(election, said, (FinderGroup(wording.POSTCODES, lines),) if lines else ())


def _named(  # the same
    finder: Finder, typed: str, night: Night, convention: Convention, most: int, *, has_postcodes: bool
) -> FinderSection:
    """What is found by its name."""
    election, finds = night.election, finder.find(typed, most)
    made = (
        tuple(_councils(night, convention, finds)),
        tuple(_contests(night, convention, finds)),
        tuple(_candidates(night, convention, finds)),
        tuple(_parties(night, convention, finds)),
    )
    groups = zip(wording.headings(election.words), made, strict=True)
    words = election.words
    if typed:
        said = wording.counted(words, finds, has_postcodes=has_postcodes)
    else:
        said = wording.can_be_found(words, has_postcodes=has_postcodes)
    return FinderSection(election, said, tuple(FinderGroup(heading, lines) for heading, lines in groups if lines))


def finder_page(environment: Environment, sections: Sequence[FinderSection], typed: str, frame: PageFrame) -> str:
    """The page of the finder, with what was found of ``typed``; without anything typed, what can be."""
    shown = [it for it in sections if it.groups] or sections[:1]
    return render(
        environment,
        "finder/page.html",
        {"frame": frame, "sections": shown, "typed": typed, "is_of_several": len(sections) > 1},
    )


def options(sections: Sequence[FinderSection], *, rehearsal: bool, at: int | None = None) -> dict[str, Any]:
    """The same for the field, marked in a ``rehearsal``; ``at`` is the moment of the past that its lines lead to."""
    shown = [it for it in sections if it.groups] or sections[:1]
    is_of_several = len(sections) > 1
    return {
        **({"rehearsal": True} if rehearsal else {}),
        "said": " ".join(f"{it.election.name}: {it.said}" if is_of_several and it.groups else it.said for it in shown),
        "groups": [
            {
                "heading": f"{it.election.name}: {group.heading}" if is_of_several else group.heading,
                "lines": [{**asdict(line), "url": at_moment(line.url, at)} for line in group.lines],
            }
            for it in shown
            for group in it.groups
        ],
    }


def _councils(night: Night, convention: Convention, finds: Finds) -> Iterator[FinderLine]:
    for council in finds.councils.first:
        state = night.councils.get(council.council_id)
        if state is not None:
            url = council_url(night.election, council.council_id, convention)
            yield FinderLine(council.name, council.region, wording.where_control_is(night.election, state), url)


def _contests(night: Night, convention: Convention, finds: Finds) -> Iterator[FinderLine]:
    for contest in finds.contests.first:
        for state, result in _result(night, contest):
            url = contest_url(night.election, contest.ballot_id, convention)
            yield FinderLine(contest.name, state.council.name, contest_summary(night.election.among_all, result), url)


def _candidates(night: Night, convention: Convention, finds: Finds) -> Iterator[FinderLine]:
    for standing in finds.standings.first:
        for state, result in _result(night, standing.contest):
            by_id = {candidate.candidacy.candidacy_id: candidate for candidate in result.candidates}
            candidate = by_id.get(standing.candidacy.candidacy_id)
            if candidate is not None:
                url = contest_url(night.election, standing.contest.ballot_id, convention)
                stood = wording.stood(night.election, result, candidate)
                yield FinderLine(standing.candidacy.name, wording.place(result, state.council), stood, url)


def _result(night: Night, contest: Contest) -> Iterator[tuple[CouncilState, ContestResult]]:
    """A contest in its council; nothing in a night of the past that did not have it yet."""
    state = night.councils.get(contest.council_id)
    result = state.contests.get(contest.ballot_id) if state is not None else None
    if state is not None and result is not None:
        yield state, result


def _parties(night: Night, convention: Convention, finds: Finds) -> Iterator[FinderLine]:
    election = night.election
    for group in finds.groups.first:
        asked = {} if convention.key == election.convention else {"convention": convention.key}
        url = f"{OVERVIEW.to(slug=election.slug)}?{urlencode({**asked, 'party': group})}"
        name, short = name_of(election, group), election.short(group)
        yield FinderLine(name, short if short != name else "", wording.led_by(election, group), url)
