"""Rankings of the night as it stands: closest wards, largest margins, turnout, gains, who is out, who is elected.

Exact, and never cut among equals: who has the same figure shares a place. A row is of the facts that the story is told
from (:mod:`app.domain.highlights`), so that both say the same.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from app.domain.contest import CandidateResult, ContestResult, ContestState
from app.domain.council import CouncilState, SeatSource
from app.domain.election import Election
from app.domain.errors import UnknownRanking
from app.domain.figures import Covers, between
from app.domain.highlights import lots
from app.domain.night import Night
from app.domain.scoreboard import compared_changes


class Ranking(StrEnum):
    """What is ranked, by the name in its address."""

    CLOSEST = "closest"
    SAFEST = "safest"
    """By the largest margin."""
    HIGHEST_TURNOUT = "turnout-highest"
    LOWEST_TURNOUT = "turnout-lowest"
    GAINS = "gains"
    """Seats gained by a party in a council that is complete."""
    OUT = "out"
    """Who has a role or defends a seat, and was not elected: those with a role first, then in the order of the log."""
    ELECTED = "elected"
    """In the order of the files: contest by contest."""

    @classmethod
    def named(cls, name: str) -> "Ranking":
        """By the name in an address; raises UnknownRanking."""
        try:
            return cls(name)
        except ValueError:
            raise UnknownRanking(name, [it.value for it in cls]) from None


@dataclass(frozen=True, slots=True)
class RankingQuery:
    """What a ranking is narrowed to: a reporting group, a region, a council; each is empty where all are asked for."""

    party: str = ""
    region: str = ""
    council: str = ""

    def known_to(self, election: Election) -> "RankingQuery":
        """The same, with a party by the group it is reported under; what the election has not asks for nothing."""
        regions = {council.region for council in election.councils.values()}
        return RankingQuery(
            party=election.group_asked_for(self.party),
            region=self.region if self.region in regions else "",
            council=self.council if self.council in election.councils else "",
        )

    def takes(self, state: CouncilState) -> bool:
        """Whether the council is asked for."""
        return self.region in {"", state.council.region} and self.council in {"", state.council_id}


NOT_NARROWED = RankingQuery()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A row: what it is about, ``seq`` the entry that made it so (0: before the first), and its figure.

    ``result`` is None of what is about a whole council. ``figure`` is the margin in votes, the turnout as a percentage
    to its hundredth, or the seats gained; None where there is none to be ranked by, and no ``place`` then.
    ``candidates`` are the last elected of a margin, and whom any other row is about; ``behind`` the best of those not
    elected.
    """

    state: CouncilState
    seq: int
    groups: frozenset[str]
    result: ContestResult | None = None
    figure: float | None = None
    candidates: tuple[CandidateResult, ...] = ()
    behind: tuple[CandidateResult, ...] = ()
    place: int | None = None
    joint: bool = False


class RankingTable(NamedTuple):
    """All rows in order. ``covers`` says of how many contests, of gains of how many councils, the figure is known.

    It is of the region and the council that are asked for, whatever the party. ``drawn`` counts the contests among
    them that have no margin since a lot decided (rule 7).
    """

    rows: tuple[Ranked, ...]
    covers: Covers
    drawn: int = 0


def states_of(night: Night, ranking: Ranking) -> list[CouncilState]:
    """The councils that are ranked: those of the night, where there are none the by-elections; of people all."""
    of_people = ranking in {Ranking.OUT, Ranking.ELECTED}
    return (not of_people and night.added_up()) or list(night.councils.values())


def ranking_table(
    night: Night, ranking: Ranking, convention: str, query: RankingQuery = NOT_NARROWED
) -> Generator[None, None, RankingTable]:
    """The ranking, made in steps: it may be interrupted wherever it yields. ``query`` is one that is known."""
    rows: list[Ranked] = []
    known = of = drawn = 0
    no_party = night.election.umbrellas
    for state in filter(query.takes, states_of(night, ranking)):
        yield
        found = list(_gains(state, convention, no_party)) if ranking is Ranking.GAINS else list(_ROWS[ranking](state))
        rows += [row for row in found if query.party in {"", *row.groups}]
        covers = _covers(state, ranking, convention)
        known, of = known + covers.contests, of + covers.of
        drawn += len(lots(state.contests.values())) if ranking in {Ranking.CLOSEST, Ranking.SAFEST} else 0
    ordered: list[Ranked] = []
    for row in _in_order(ranking, rows):
        ordered.append(row)
        yield
    return RankingTable(tuple(ordered), Covers(known, of), drawn)


def first_rows(rows: Sequence[Ranked], most: int) -> Sequence[Ranked]:
    """The first ``most`` and all who share the last one's place; rows without places are all shown."""
    if len(rows) <= most or rows[most - 1].place is None:
        return rows
    last = rows[most - 1].place
    return [row for row in rows if row.place is not None and last is not None and row.place <= last]


def _in_order(ranking: Ranking, rows: list[Ranked]) -> Iterable[Ranked]:
    if ranking is Ranking.ELECTED:
        return rows
    if ranking is Ranking.OUT:
        return sorted(rows, key=lambda row: (not row.candidates[0].candidacy.role, row.seq))
    sign = 1 if ranking in {Ranking.CLOSEST, Ranking.LOWEST_TURNOUT} else -1
    return _placed(sorted(rows, key=lambda row: sign * (row.figure or 0)))


def _placed(rows: Sequence[Ranked]) -> Iterator[Ranked]:
    """The rows with their places: equal figures share one, and the next counts on from all of them."""
    times: dict[float | None, int] = {}
    first: dict[float | None, int] = {}
    for place, row in enumerate(rows, start=1):
        first.setdefault(row.figure, place)
        times[row.figure] = times.get(row.figure, 0) + 1
    for row in rows:
        yield replace(row, place=first[row.figure], joint=times[row.figure] > 1)


def _margins(state: CouncilState, *, of_both: bool) -> Iterator[Ranked]:
    """``of_both``: a close result concerns who won and who lost; a large margin is the winner's alone."""
    for ballot_id, votes in state.margins.items():
        result = state.contests[ballot_id]
        won, behind = between(result)
        groups = frozenset(it.group for it in (*won, *(behind if of_both else ())))
        yield Ranked(state, result.seq, groups, result, votes, won, behind)


def _closest(state: CouncilState) -> Iterator[Ranked]:
    return _margins(state, of_both=True)


def _safest(state: CouncilState) -> Iterator[Ranked]:
    return _margins(state, of_both=False)


def _turnouts(state: CouncilState) -> Iterator[Ranked]:
    """By papers / electorate, or as it was announced where papers are not given (rule 9); for who won there.

    To the hundredth of a percentage, as it is told: what reads the same is ranked the same.
    """
    for result in state.contests.values():
        if result.turnout is not None:
            yield Ranked(state, result.seq, frozenset(result.seats), result, round(result.turnout.percentage, 2))


def _gains(state: CouncilState, convention: str, no_party: Iterable[str]) -> Iterator[Ranked]:
    """Its newest result is what made a council's change what it is."""
    gained: dict[str, int] = {}
    for change in compared_changes(state, convention):
        for group, number in change.items():
            gained[group] = gained.get(group, 0) + number
    by_tally = state.count.source is SeatSource.TALLY and state.tally is not None
    entries = [state.tally] if by_tally else [result.entry for result in state.contests.values()]
    seq = max((entry.seq for entry in entries if entry is not None), default=0)
    for group, number in gained.items():
        if number > 0 and group not in no_party:
            yield Ranked(state, seq, frozenset({group}), figure=number)


def _out(state: CouncilState) -> Iterator[Ranked]:
    for out in state.beaten:
        yield Ranked(state, out.seq, frozenset({out.candidate.group}), out.result, candidates=(out.candidate,))


def _elected(state: CouncilState) -> Iterator[Ranked]:
    for result in state.contests.values():
        for candidate in result.elected:
            yield Ranked(state, result.seq, frozenset({candidate.group}), result, candidates=(candidate,))


_ROWS: Mapping[Ranking, Callable[[CouncilState], Iterator[Ranked]]] = MappingProxyType(
    {
        Ranking.CLOSEST: _closest,
        Ranking.SAFEST: _safest,
        Ranking.HIGHEST_TURNOUT: _turnouts,
        Ranking.LOWEST_TURNOUT: _turnouts,
        Ranking.OUT: _out,
        Ranking.ELECTED: _elected,
    }
)


def _covers(state: CouncilState, ranking: Ranking, convention: str) -> Covers:
    """Of how many of its declared contests the figure, or who was elected, is known; of gains see there."""
    results = [it for it in state.contests.values() if it.state is ContestState.DECLARED]
    match ranking:
        case Ranking.GAINS:
            of = state.contests_total if state.council.stands_apart else 1
            return Covers(len(compared_changes(state, convention)), of)
        case Ranking.CLOSEST | Ranking.SAFEST:
            return Covers(len(state.margins), len(results))
        case Ranking.HIGHEST_TURNOUT | Ranking.LOWEST_TURNOUT:
            return Covers(sum(it.turnout is not None for it in results), len(results))
        case Ranking.OUT:
            return Covers(sum(bool(it.elected) for it in results), len(results))
        case _:
            filled = [it for it in state.contests.values() if it.seats]
            return Covers(sum(bool(it.elected) for it in filled), len(filled))
