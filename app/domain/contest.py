"""One contest: who is elected, ties and lots, vote share, turnout, and contests without a poll."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from app.domain.announced import behind_losers, figure_faults
from app.domain.declarations import (
    NOTHING_ENTERED,
    CatalogueChange,
    Entry,
    StatusDeclaration,
    StatusValue,
    SubjectRecord,
    WardDeclaration,
    withdraws,
)
from app.domain.election import Cancellation, Candidacy, Contest, Election
from app.domain.errors import Found
from app.domain.holders import Holders, Outcome, seat_change


class ContestState(StrEnum):
    """Where a contest is; the last five have nothing more to come."""

    AWAITING = "awaiting"
    COUNTING = "counting"
    RECOUNT = "recount"
    DELAYED = "delayed"
    DECLARED = "declared"
    UNOPPOSED = "unopposed"
    NO_CANDIDATES = "no-candidates"
    COUNTERMANDED = "countermanded"
    POSTPONED = "postponed"


PUT_OFF = frozenset({ContestState.COUNTERMANDED, ContestState.POSTPONED})
"""No poll tonight, and one to come later: the seats are vacant until then."""

WITHOUT_WINNERS = PUT_OFF | {ContestState.NO_CANDIDATES}
"""No poll tonight, and nobody elected without one."""

DECIDED = frozenset({ContestState.DECLARED, ContestState.UNOPPOSED, ContestState.NO_CANDIDATES, *PUT_OFF})

_STATE_OF_STATUS = {
    StatusValue.COUNTING: ContestState.COUNTING,
    StatusValue.RECOUNT: ContestState.RECOUNT,
    StatusValue.DELAYED: ContestState.DELAYED,
    StatusValue.COUNTERMANDED: ContestState.COUNTERMANDED,
    StatusValue.POSTPONED: ContestState.POSTPONED,
}


@dataclass(frozen=True, slots=True)
class CandidateResult:
    """A candidacy with what is known of it. ``rank`` counts from 1; ``joint`` says others share it."""

    candidacy: Candidacy
    group: str
    votes: int | None = None
    rank: int | None = None
    joint: bool = False
    elected: bool | None = None
    """None while nobody can say: before a declaration, without a poll, and where only the parties’ seats are known."""
    by_lot: bool = False
    """Tied across the last seat: elected is who was drawn, the others who were not."""

    by_announcement: bool = False
    """Elected as it was announced, with fewer votes than somebody who is not."""

    @property
    def has_lost(self) -> bool:
        """Beaten in a count: not where only the parties’ seats are known."""
        return self.elected is False

    @property
    def loses_seat(self) -> bool:
        return self.has_lost and self.candidacy.defends


@dataclass(frozen=True, slots=True)
class PartyShare:
    """A reporting group's part of a contest. Both shares are percentages (0 to 100), by the two methods of rule 9."""

    group: str
    candidates: int
    votes: int
    best: int
    top_vote_share: float
    average_share: float


@dataclass(frozen=True, slots=True)
class Turnout:
    """``percentage`` of the electorate; ``counted`` when it is papers / electorate, else as it was announced."""

    percentage: float
    counted: bool


@dataclass(frozen=True)
class ContestResult:
    """All that is known of one contest.

    ``seats`` are those filled, by reporting group; ``seats + vacant + to_come`` is always ``contest.seats_up``.
    """

    contest: Contest
    state: ContestState
    seats: Mapping[str, int]
    vacant: int
    to_come: int
    candidates: tuple[CandidateResult, ...]
    candidates_by_group: Mapping[str, int]
    shares: tuple[PartyShare, ...] = ()
    turnout: Turnout | None = None
    entry: Entry | None = None
    """The standing declaration."""
    status: Entry | None = None
    """The standing status."""
    history: tuple[Entry, ...] = ()
    """Every entry about this contest's result, oldest first, but for what was only rehearsed."""
    alterations: tuple[Entry, ...] = ()
    """The changes of the catalogue that altered this contest for a reason, oldest first."""
    won_last_time: Mapping[str, int] | None = None
    """Seats by reporting group; None where it is not known who holds this ward (rule 17)."""
    put_off: ContestState | None = None
    """What had become of the poll of the day, where the standing result is that of a later one."""

    @cached_property
    def declaration(self) -> WardDeclaration | None:
        """What stands, with the papers of what it added votes to, where it gives none itself."""
        return SubjectRecord(self.history).declaration if self.entry is not None else None

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All that its result has come of, oldest first."""
        return tuple(sorted((*self.history, *self.alterations), key=lambda entry: entry.seq))

    @property
    def revisions(self) -> tuple[Entry, ...]:
        """What changed it after it was told, oldest first: corrections, withdrawals, changes of the catalogue."""
        return tuple(entry for entry in self.entries if entry.is_revision)

    @property
    def seq(self) -> int:
        """The entry that made it what it is: the result, or what became of the poll; 0 where that was so before."""
        made = self.entry or (self.status if self.is_decided else None)
        return made.seq if made is not None else 0

    @property
    def is_decided(self) -> bool:
        return self.state in DECIDED

    @cached_property
    def gained(self) -> Mapping[str, int] | None:
        """Seats won less seats held, by reporting group; None without holders on file, and while nobody is elected."""
        if self.won_last_time is None or self.state not in {ContestState.DECLARED, ContestState.UNOPPOSED}:
            return None
        return seat_change(self.seats, self.won_last_time)

    @property
    def holders(self) -> Holders | None:
        """Who holds the one seat of this ward, and who did."""
        if self.gained is None or self.won_last_time is None or self.contest.seats_up != 1 or not self.seats:
            return None
        return Holders(*self.seats, *self.won_last_time)

    @property
    def outcome(self) -> Outcome | None:
        return self.holders.outcome if self.holders else None

    @property
    def is_as_announced(self) -> bool:
        """Whether anything of it stands only because it was announced so: figures may be right for all that."""
        return bool(self.announced_faults)

    @cached_property
    def announced_faults(self) -> tuple[Found, ...]:
        """Why the figures cannot be right, where they are taken as they were announced."""
        if self.declaration is None or not self.declaration.as_announced:
            return ()
        return tuple(figure_faults(self.contest, self.declaration))

    @cached_property
    def has_votes(self) -> bool:
        """Whether anybody's votes are known."""
        return any(candidate.votes is not None for candidate in self.candidates)

    @cached_property
    def elected(self) -> tuple[CandidateResult, ...]:
        return tuple(candidate for candidate in self.candidates if candidate.elected)

    @cached_property
    def vote_list(self) -> tuple[int, ...]:
        """The votes in the order of the nominations; empty where not all are known."""
        votes = self.declaration.published if self.declaration else {}
        nominated = self.contest.candidacies_by_id
        return tuple(votes[it] for it in nominated) if votes and votes.keys() >= nominated.keys() else ()

    @property
    def has_lot(self) -> bool:
        return any(candidate.by_lot for candidate in self.candidates)


class Beaten(NamedTuple):
    """Somebody who was not elected."""

    result: ContestResult
    candidate: CandidateResult

    @property
    def contest(self) -> Contest:
        return self.result.contest

    @property
    def seq(self) -> int:
        """The entry that made it so."""
        return self.result.seq


def seats_to_fill(contest: Contest) -> int:
    """Seats that candidates can take: not more than there are candidates, where the nominations are known."""
    return min(contest.seats_up, len(contest.candidacies)) if contest.has_nominations else contest.seats_up


def winners(votes: Mapping[str, int], seats: int) -> frozenset[str] | None:
    """The ``seats`` candidacies with most votes; None when a tie across the last seat needs a lot (rule 7)."""
    if tied_across_last_seat(votes, seats):
        return None
    return frozenset(sorted(votes, key=lambda candidacy_id: -votes[candidacy_id])[:seats])


def tied_across_last_seat(votes: Mapping[str, int], seats: int) -> frozenset[str]:
    """The candidacies that share the last winning number of votes, when not all of them can be elected."""
    if not 0 < seats < len(votes):
        return frozenset()
    ordered = sorted(votes.values(), reverse=True)
    if ordered[seats - 1] != ordered[seats]:
        return frozenset()
    return frozenset(candidacy_id for candidacy_id, number in votes.items() if number == ordered[seats - 1])


def contest_result(
    election: Election,
    contest: Contest,
    ward: SubjectRecord = NOTHING_ENTERED,
    status: SubjectRecord = NOTHING_ENTERED,
    catalogue: SubjectRecord = NOTHING_ENTERED,
) -> ContestResult:
    """What ``contest`` stands at, from the entries about its result, about its status and about the catalogue."""
    by_group: dict[str, int] = {}
    for candidacy in contest.candidacies:
        group = election.group(candidacy.party_id)
        by_group[group] = by_group.get(group, 0) + 1
    state = _state(contest, ward.standing, status.standing)
    declaration = ward.declaration if state is ContestState.DECLARED else None
    candidates = _candidates(election, contest, state, declaration)
    if declaration is not None and declaration.seats is not None:
        seats = election.grouped(declaration.seats)
    else:
        seats = _count(candidate.group for candidate in candidates if candidate.elected)
    decided = state in DECIDED
    return ContestResult(
        contest=contest,
        state=state,
        seats=seats,
        vacant=contest.seats_up - sum(seats.values()) if decided else 0,
        to_come=0 if decided else contest.seats_up,
        candidates=candidates,
        candidates_by_group=by_group,
        shares=()
        if declaration is not None and declaration.unpublished
        else vote_shares(candidates, first_preferences=contest.is_stv),
        turnout=turnout(contest, declaration) if declaration is not None else None,
        entry=ward.standing if state is ContestState.DECLARED else None,
        status=status.standing,
        history=ward.since_rehearsal(election.polls_closed_at).entries,
        alterations=tuple(entry for entry in catalogue.revisions if _alters(entry, contest.ballot_id)),
        won_last_time=election.grouped(_count(contest.holder)) if contest.holder else None,
        put_off=_put_off(contest, status) if state is ContestState.DECLARED else None,
    )


def _alters(entry: Entry, ballot_id: str) -> bool:
    return isinstance(entry.declaration, CatalogueChange) and ballot_id in entry.declaration.ballot_ids


def _put_off(contest: Contest, status: SubjectRecord) -> ContestState | None:
    """What became of the poll of the day, by the nominations or by a status that nobody took back."""
    told = (
        _STATE_OF_STATUS[entry.content.status]
        for entry in status.entries
        if isinstance(entry.content, StatusDeclaration)
        and not any(withdraws(later, entry.seq) for later in status.entries)
    )
    return next((state for state in (_without_poll(contest), *told) if state in PUT_OFF), None)


def _state(contest: Contest, ward: Entry | None, status: Entry | None) -> ContestState:
    without_poll = _without_poll(contest)
    if without_poll is not None and without_poll not in PUT_OFF:
        return without_poll
    if ward is not None:
        return ContestState.DECLARED
    if status is not None and isinstance(status.content, StatusDeclaration):
        return _STATE_OF_STATUS[status.content.status]
    return without_poll or ContestState.AWAITING


def _without_poll(contest: Contest) -> ContestState | None:
    """What a contest is from the start that has no poll on the day."""
    match contest.cancelled:
        case Cancellation.CANDIDATE_DEATH:
            return ContestState.COUNTERMANDED
        case Cancellation.POSTPONED:
            return ContestState.POSTPONED
        case Cancellation.NO_CANDIDATES:
            return ContestState.NO_CANDIDATES
        case Cancellation.EQUAL_CANDIDATES | Cancellation.UNDER_CONTESTED if contest.has_nominations:
            return ContestState.UNOPPOSED
    return None


def _candidates(
    election: Election, contest: Contest, state: ContestState, declaration: WardDeclaration | None
) -> tuple[CandidateResult, ...]:
    """The candidacies: by votes where there are any, else in the order of the nominations."""
    if declaration is not None and declaration.votes is not None:
        return _by_votes(election, contest, declaration)
    named = declaration.elected if declaration else None
    elected = {candidacy_id: candidacy_id in named for candidacy_id in contest.candidacies_by_id} if named else {}
    if state is ContestState.UNOPPOSED:
        elected = dict.fromkeys(contest.candidacies_by_id, True)
    return tuple(
        CandidateResult(candidacy, election.group(candidacy.party_id), elected=elected.get(candidacy.candidacy_id))
        for candidacy in contest.candidacies
    )


def _by_votes(election: Election, contest: Contest, declaration: WardDeclaration) -> tuple[CandidateResult, ...]:
    """The candidacies with their places, those whose votes were not published at the end.

    Who is named as elected is: by first preferences, drawn across the last seat, or as it was announced. Among losers
    there is no place where the votes of one are not published.
    """
    votes, seats = declaration.published, seats_to_fill(contest)
    chosen = frozenset(declaration.elected or ())
    if not chosen and not contest.is_stv:
        chosen = winners(votes, seats) or frozenset()
    behind = frozenset[str]() if contest.is_stv else behind_losers(votes, chosen)
    tied = frozenset[str]() if contest.is_stv or behind else tied_across_last_seat(votes, seats)

    # The drawn candidate counts as having one more vote, which puts it before those it tied with.
    place = {one: (-number, one in tied and one not in chosen) for one, number in votes.items()}
    order = sorted(place.values())

    def result(candidacy: Candidacy) -> CandidateResult:
        candidacy_id, group = candidacy.candidacy_id, election.group(candidacy.party_id)
        elected = candidacy_id in chosen
        if candidacy_id not in votes:
            # Not published; or in an entry of before the nominations were mended, which stands no more.
            return CandidateResult(candidacy, group, elected=elected)
        has_place = elected or not declaration.unpublished
        return CandidateResult(
            candidacy=candidacy,
            group=group,
            votes=votes[candidacy_id],
            rank=1 + order.index(place[candidacy_id]) if has_place else None,
            joint=has_place and order.count(place[candidacy_id]) > 1,
            elected=elected,
            by_lot=candidacy_id in tied,
            by_announcement=candidacy_id in behind,
        )

    last = (1, False)
    return tuple(sorted(map(result, contest.candidacies), key=lambda it: place.get(it.candidacy.candidacy_id, last)))


def vote_shares(candidates: Sequence[CandidateResult], *, first_preferences: bool = False) -> tuple[PartyShare, ...]:
    """Vote share of every group, by its best candidate and by the average of its candidates (rule 9).

    Source of both methods: Rallings and Thrasher, *Local Elections Handbook*. Of ``first_preferences`` each voter has
    one: both shares are of all of them (rule 18). Empty where no votes are known, or where nobody has a vote.
    """
    by_group: dict[str, list[int]] = {}
    for candidate in candidates:
        if candidate.votes is not None:
            by_group.setdefault(candidate.group, []).append(candidate.votes)
    best, average = (sum, sum) if first_preferences else (max, _average)
    best_votes = sum(map(best, by_group.values()))
    if best_votes == 0:
        return ()
    average_votes = sum(map(average, by_group.values()))
    shares = [
        PartyShare(
            group=group,
            candidates=len(votes),
            votes=sum(votes),
            best=max(votes),
            top_vote_share=100 * best(votes) / best_votes,
            average_share=100 * average(votes) / average_votes,
        )
        for group, votes in by_group.items()
    ]
    return tuple(sorted(shares, key=lambda share: -best(by_group[share.group])))


def _average(votes: Sequence[int]) -> float:
    return sum(votes) / len(votes)


def turnout(contest: Contest, declaration: WardDeclaration) -> Turnout | None:
    """Papers / electorate where both are known, else the percentage announced, else unknown; never a sum of votes."""
    if declaration.papers is not None and contest.electorate:
        return Turnout(100 * declaration.papers / contest.electorate, counted=True)
    if declaration.turnout is not None:
        return Turnout(declaration.turnout, counted=False)
    return None


def _count(groups: Iterable[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for group in groups:
        counted[group] = counted.get(group, 0) + 1
    return counted
