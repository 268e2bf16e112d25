"""Finding a council, a ward, a candidate or a party among all of an election, by a few letters of its name.

What is typed means what it means at the desk (:mod:`app.domain.search`). It is of the catalogue alone: what is declared
changes nothing in it.
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Generic, TypeVar

from app.domain.election import Candidacy, Contest, Council, Election
from app.domain.matching import PARTY_ALIASES
from app.domain.name_index import Name, NameIndex
from app.domain.search import LEAST_LETTERS, aliases_of, asked_words

LONGEST_TYPED = 100
"""Characters that are read of what is typed."""

MOST_WORDS = 8
"""Words that are looked for; those behind them are left alone."""

AT_LEAST_EACH = 4
"""Of every kind that is found so many are shown, however many there are of the kinds before it."""

_WITHOUT_INITIAL = frozenset({"and", "in", "of", "on", "the", "upon"})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Standing:
    """A candidacy in its contest."""

    contest: Contest
    candidacy: Candidacy


@dataclass(frozen=True, slots=True)
class Hits(Generic[T]):
    """Of one kind: how many there are, and those that fit best, the best first."""

    total: int = 0
    first: tuple[T, ...] = ()


@dataclass(frozen=True, slots=True)
class Finds:
    """What was found, by kind; parties as reporting groups."""

    councils: Hits[Council]
    contests: Hits[Contest]
    standings: Hits[Standing]
    groups: Hits[str]


@dataclass(frozen=True, slots=True)
class Named(Generic[T]):
    """All ``things`` of one kind, and their names in the same order."""

    things: Sequence[T]
    index: NameIndex

    def hits(self, numbers: set[int], asked: Sequence[str], most: int) -> Hits[T]:
        return Hits(len(numbers), tuple(self.things[it] for it in self.index.best(numbers, asked, most)))


@dataclass(frozen=True, slots=True)
class Finder:
    """Everything in an election that has a name. :func:`finder_of` makes one."""

    councils: Named[Council]
    contests: Named[Contest]
    standings: Named[Standing]
    groups: Named[str]
    contests_of: Sequence[range]
    """By the number of a council, the numbers of its contests."""
    standings_of: Sequence[range]
    """By the number of a contest, the numbers of those who stand there."""
    standings_for: Sequence[Sequence[int]]
    """By the number of a group, the numbers of those who stand for it."""

    def find(self, typed: str, most: int) -> Finds:
        """What is meant by ``typed``, with so many of all at most; one wrong letter is forgiven where nothing is."""
        asked = [*dict.fromkeys(asked_words(typed[:LONGEST_TYPED]))][:MOST_WORDS]
        councils, contests, standings, groups = found = self._found(asked)
        if not any(found) and any(len(word) >= LEAST_LETTERS for word in asked):
            councils, contests, standings, groups = found = self._found(asked, forgiving=True)
        shares = shared([*map(len, found)], most)
        return Finds(
            self.councils.hits(councils, asked, shares[0]),
            self.contests.hits(contests, asked, shares[1]),
            self.standings.hits(standings, asked, shares[2]),
            self.groups.hits(groups, asked, shares[3]),
        )

    def _found(self, asked: Sequence[str], *, forgiving: bool = False) -> Sequence[set[int]]:
        """The numbers of councils, contests, standings and groups that are meant.

        Each word means the thing itself or what it belongs to (the council of a ward; the ward, council and party of a
        candidate), and at least one of them the thing itself.
        """
        if not asked:
            return set(), set(), set(), set()
        indexes = [kind.index for kind in (self.councils, self.contests, self.standings, self.groups)]
        councils, contests, standings, groups = (
            [index.begun_by(word, forgiving=forgiving) for word in asked] for index in indexes
        )
        # A word alone has to mean the thing itself, and so has a letter, which would mean most of a country.
        around = asked if len(asked) > 1 else []

        def beyond(within: Sequence[Iterable[int]], found: Iterable[set[int]]) -> list[set[int]]:
            pairs = zip(around, found, strict=False)
            return [_all(within, numbers) if len(word) > 1 else set() for word, numbers in pairs]

        in_councils = beyond(self.contests_of, councils)
        in_contests = beyond(self.standings_of, map(set.union, contests, in_councils))
        for_groups = beyond(self.standings_for, groups)
        meant = (
            set.intersection(*councils),
            _meant(contests, in_councils),
            _meant(standings, [one | other for one, other in zip(in_contests, for_groups, strict=True)]),
            set.intersection(*groups),
        )
        return [numbers | index.called(asked) for numbers, index in zip(meant, indexes, strict=True)]


def _meant(own: Sequence[set[int]], around: Sequence[set[int]]) -> set[int]:
    """What every word means by ``own`` name or by what is ``around``, and one of them by its own."""
    if not around:
        return own[0]
    meant = [one | other for one, other in zip(own, around, strict=True)]
    return set.intersection(*meant) & set[int]().union(*own)


def _all(within: Sequence[Iterable[int]], numbers: Iterable[int]) -> set[int]:
    return set[int]().union(*(within[number] for number in numbers))


def shared(totals: Sequence[int], most: int) -> list[int]:
    """How many of each kind are shown: a few of every one, then all of the first ones, ``most`` at once."""
    shares = [min(total, AT_LEAST_EACH) for total in totals]
    for kind, total in enumerate(totals):
        shares[kind] += max(0, min(total - shares[kind], most - sum(shares)))
    return shares


def finder_of(election: Election) -> Generator[None, None, Finder]:
    """The finder of ``election``; a country takes half a second, and may be interrupted wherever it yields."""
    councils = [*election.councils.values()]
    contests = [contest for council in councils for contest in council.contests]
    standings = [Standing(contest, it) for contest in contests for it in contest.candidacies]
    groups = [group for group in election.groups if group in election.groups_present]
    yield
    by_group: Mapping[str, list[int]] = {group: [] for group in groups}
    for number, standing in enumerate(standings):
        by_group[election.group(standing.candidacy.party_id)].append(number)
    yield
    return Finder(
        Named(councils, (yield from NameIndex.of(map(_name_of_council, councils)))),
        Named(contests, (yield from NameIndex.of(_name_of_contest(election, it) for it in contests))),
        Named(standings, (yield from NameIndex.of(Name(it.candidacy.name) for it in standings))),
        Named(groups, (yield from NameIndex.of(_name_of_group(election, it) for it in groups))),
        contests_of=_ranges(len(council.contests) for council in councils),
        standings_of=_ranges(len(contest.candidacies) for contest in contests),
        standings_for=[*by_group.values()],
    )


def _ranges(lengths: Iterable[int]) -> Sequence[range]:
    return [range(first, last) for first, last in pairwise(accumulate(lengths, initial=0))]


def _name_of_council(council: Council) -> Name:
    """A council goes by its initials, too: BCP, K&C, B&D."""
    words = asked_words(council.name)
    telling = [word for word in words if word not in _WITHOUT_INITIAL]
    initials = ["".join(word[0] for word in these) for these in (words, telling) if len(these) > 1]
    return Name(council.name, f"{aliases_of(council)} {' '.join(council.aliases)}", (*initials, *council.aliases))


def _name_of_contest(election: Election, contest: Contest) -> Name:
    """By what else its id calls it, but not by what else its council is called."""
    council = election.councils[contest.council_id]
    of_council = aliases_of(council).split()
    return Name(contest.name, " ".join(it for it in aliases_of(council, contest).split() if it not in of_council))


def _name_of_group(election: Election, group: str) -> Name:
    """By the names of all parties that are reported under it, and by what people call it."""
    parties = [party for party in election.parties.values() if election.group(party.party_id) == group]
    also = [it for party in parties for it in (party.name, party.short)]
    called = [alias for alias, party_id in PARTY_ALIASES.items() if election.parties.get(party_id) in parties]
    return Name(election.party(group).name, " ".join(also), (*also, *called))
