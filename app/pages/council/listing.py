"""The list of a council's contests, where there are many: what is asked of it, and the page of it that is shown.

The lines themselves are the same for every reader, and are pushed; which of them a page has, is asked for anew.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from markupsafe import Markup

from app.domain.contest import ContestResult, ContestState
from app.domain.council import CouncilState
from app.domain.election import Convention, Election
from app.domain.holders import Outcome
from app.domain.letters import legible
from app.pages.addresses import council_url
from app.pages.contest.view import by_ward, row_id
from app.wording import sentences

PER_PAGE = 50

_NUMBER = re.compile(r"[0-9]{1,6}")

GAIN = "gain"
STATES: Mapping[str, str] = {"declared": "Declared", "awaiting": "To come", "recount": "Recount", GAIN: "Gains"}
"""What can be asked for as ``state``, with its label."""


@dataclass(frozen=True, slots=True)
class ContestQuery:
    """What a reader asked for; every field but ``page`` is empty where nothing was asked."""

    q: str = ""
    state: str = ""
    party: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "ContestQuery":
        """From the query of a URL. What is not known there asks for nothing: an old link still shows the list."""
        given = {name: legible(query.get(name, "")).strip() for name in ("q", "state", "party", "page")}
        return cls(
            q=given["q"][:100],
            state=given["state"] if given["state"] in STATES else "",
            party=given["party"],
            page=int(given["page"]) if _NUMBER.fullmatch(given["page"]) else 1,
        )

    def asked(self) -> dict[str, str]:
        """The fields that are not at their default, for links."""
        given = ((field, getattr(self, field.name)) for field in fields(self))
        return {field.name: str(value) for field, value in given if value != field.default}

    def shows(self, result: ContestResult) -> bool:
        return (not self.state or self._is_in_state(result)) and (not self.party or self.party in result.seats)

    def _is_in_state(self, result: ContestResult) -> bool:
        match self.state:
            case "recount":
                return result.state is ContestState.RECOUNT
            case "declared":
                return result.is_decided
            case "gain":
                return result.outcome is Outcome.GAIN
        return not result.is_decided


@dataclass(frozen=True, slots=True)
class ListedContest:
    """A line of the list, as it is pushed, and the candidates who were found where the contest's own name was not."""

    line: Markup
    found: str


@dataclass(frozen=True, slots=True)
class PageLink:
    """To another page of the list; ``url`` is None for the one that is shown."""

    page: int
    url: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list. ``count`` says which lines those are, and of how many."""

    query: ContestQuery
    lines: tuple[ListedContest, ...]
    count: str
    pages: tuple[PageLink, ...]
    previous: str | None
    next: str | None
    parties: tuple[tuple[str, str, str], ...]
    """Party ids with short and full names, to choose the winner from."""
    states: Mapping[str, str]
    """States with their labels, to choose from; gains where it is known who held the seats."""
    is_whole: bool
    """All lines, and nothing to choose: in a file, which no server answers for."""


def listing(
    election: Election,
    state: CouncilState,
    convention: Convention,
    query: ContestQuery,
    fragments: Mapping[str, str],
    *,
    whole: bool,
) -> Listing:
    """The page of the list that ``query`` asks for, or all of it; ``fragments`` have the lines."""
    found = list(_found(election, state, query))
    per_page = max(1, len(found)) if whole else PER_PAGE
    count = max(1, -(-len(found) // per_page))
    page = _page(query, count)
    begin, end = (page - 1) * per_page, min(page * per_page, len(found))

    def url(number: int) -> str | None:
        asked = replace(query, page=number).asked()
        return _address(election, state.council_id, convention, asked) if 1 <= number <= count else None

    return Listing(
        query=query,
        lines=tuple(
            ListedContest(Markup(fragments[row_id(result.contest.ballot_id)]), told)
            for result, told in found[begin:end]
        ),
        count=sentences.listed_contests(election, begin + 1, end, len(found), len(state.contests)),
        pages=tuple(PageLink(number, None if number == page else url(number)) for number in range(1, count + 1)),
        previous=url(page - 1),
        next=url(page + 1),
        parties=tuple(
            (group, election.short(group), election.party(group).name)
            for group in election.groups
            if group in election.groups_present
        ),
        states={key: label for key, label in STATES.items() if key != GAIN or state.gains is not None},
        is_whole=whole,
    )


def on_page(election: Election, state: CouncilState, query: ContestQuery) -> list[str]:
    """The contests, by their ballot ids, of which :func:`listing` shows the lines."""
    found = [result.contest.ballot_id for result, _ in _found(election, state, query)]
    page = _page(query, max(1, -(-len(found) // PER_PAGE)))
    return found[(page - 1) * PER_PAGE : page * PER_PAGE]


def _page(query: ContestQuery, count: int) -> int:
    """The one of ``count`` pages that is shown."""
    return min(max(query.page, 1), count)


def _address(election: Election, council_id: str, convention: Convention, asked: Mapping[str, str]) -> str:
    path, _, chosen = council_url(election, council_id, convention).partition("?")
    query = "&".join(part for part in (chosen, urlencode(asked)) if part)
    return f"{path}?{query}" if query else path


def _found(election: Election, state: CouncilState, query: ContestQuery) -> Iterator[tuple[ContestResult, str]]:
    """The contests asked for, by name, each with the candidates who were found in the place of its name."""
    words = _words(query.q)
    for contest in by_ward(state.council.contests):
        result = state.contests[contest.ballot_id]
        if not query.shows(result):
            continue
        if begin_words_of(words, contest.name):
            yield result, ""
        elif named := [it for it in result.candidates if begin_words_of(words, it.candidacy.name)]:
            yield (
                result,
                sentences.listed([sentences.named(election, result.contest, it) for it in named]),
            )


def begin_words_of(words: list[str], name: str) -> bool:
    """Whether each of ``words`` begins a word of ``name``."""
    own = _words(name)
    return all(any(begun.startswith(word) for begun in own) for word in words)


def _words(text: str) -> list[str]:
    return text.lower().replace("-", " ").split()
