"""The checks of a declaration about to be made: F-codes never pass, W-codes pass once they are confirmed.

The codes are public (``docs/checks.md``) and are never renumbered. The hard checks compare with ballot papers given as
a count; a turnout given as a percentage is rounded and often published wrong, so it only warns.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median, stdev

from app.domain.announced import figure_faults
from app.domain.contest import ContestResult, seats_to_fill, tied_across_last_seat
from app.domain.council import CouncilState
from app.domain.declarations import (
    Correction,
    Entry,
    StatusDeclaration,
    StatusValue,
    SubjectRecord,
    TallyDeclaration,
    WardDeclaration,
    Withdrawal,
    withdraws,
)
from app.domain.election import INDEPENDENTS, UNCONTESTED, Cancellation, Contest, Election
from app.domain.errors import DomainError, Found, UnknownSequence, found
from app.domain.night import Night
from app.domain.papers import fewer_votes_than_papers, more_votes_than_counted, most_unpublished, papers_of_turnout
from app.domain.subject import Subject
from app.domain.ticker import Change

AHEAD = timedelta(minutes=5)
"""How far ahead of ours a clock may be (rule 22)."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where a figure becomes unlikely enough to ask; each is a setting of the same name, and described there."""

    turnout_high: float = 80.0
    turnout_low: float = 10.0
    turnout_percent_of_others: float = 55.0
    turnout_deviations_from_others: float = 3.5
    turnout_points_from_others: float = 8.0
    turnout_others_needed: int = 5
    round_candidates_needed: int = 3
    running_mates_ratio: float = 1.75
    running_mates_apart: float = 3.0
    rejected_share: float = 3.0
    votes_percent_of_papers: float = 97.0
    party_percent_of_least: float = 40.0
    party_wards_needed: int = 8


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry about to be made and what it would change in ``night``."""

    night: Night
    entry: Entry
    change: Change
    thresholds: Thresholds = Thresholds()
    now: datetime | None = None
    """When it is made; None where times are not compared with it."""
    keyed_after: int | None = None
    """The last entry of the log when it was keyed, where it then waited for a check."""
    keyed_otherwise: Mapping[str, int] = field(default_factory=dict)
    """Who else has keyed something else of it, and in how many fields."""


class Superseded(DomainError):
    """What ``entry`` was to declare, correct or withdraw stands otherwise: ``standing`` does now, or nothing."""

    def __init__(self, election: Election, entry: Entry, standing: Entry | None) -> None:
        super().__init__(entry.replaces, standing)
        self.election = election
        self.entry = entry
        self.standing = standing

    @property
    def standing_seq(self) -> int | None:
        return self.standing.seq if self.standing else None


class DeclaredAlready(Superseded):
    """What ``entry`` is to declare anew stands, and has to be corrected or withdrawn."""


class OtherWinners(DeclaredAlready):
    """``entry`` has votes for what stands without, and they elect others: ``named`` stand, ``counted`` would."""

    def __init__(self, election: Election, entry: Entry, standing: Entry, results: Sequence[ContestResult]) -> None:
        super().__init__(election, entry, standing)
        self.named, self.counted = results


def refuse_superseded(night: Night, entry: Entry) -> None:
    """Raises Superseded where ``entry`` replaces what stands no more, or declares what has been declared already.

    Votes for a result that stands without are neither; :func:`refuse_other_winners` tells whether they belong to it.
    """
    if _withdraws_since(entry) is not None:
        return
    record = night.record_of(entry.council_id)
    standing = record.about(record.subject_of(entry)).standing
    if entry.replaces is not None and (standing is None or standing.seq != entry.replaces):
        raise Superseded(night.election, entry, standing)
    if isinstance(entry.content, StatusDeclaration) and entry.ballot_id is not None:
        standing = record.about(Subject("ward", entry.ballot_id)).standing
    elif entry.replaces is not None or _may_be_superseded(standing) or _adds_votes(standing, entry):
        return
    if standing is not None:
        raise DeclaredAlready(night.election, entry, standing)


def _may_be_superseded(standing: Entry | None) -> bool:
    """A status, or a tally that was not complete, gives way to a newer one without a correction."""
    match standing.content if standing else None:
        case WardDeclaration():
            return False
        case TallyDeclaration(complete=complete):
            return not complete
        case _:
            return True


def _withdraws_since(entry: Entry) -> int | None:
    return entry.declaration.since if isinstance(entry.declaration, Withdrawal) else None


def _adds_votes(standing: Entry | None, entry: Entry) -> bool:
    return standing is not None and SubjectRecord((standing, entry)).completed_by(entry) is not None


def refuse_other_winners(night: Night, change: Change) -> None:
    """Raises OtherWinners where a change adds votes to a result that stands without, and they give another result."""
    entry = change.entry
    if not change.adds_votes or entry.ballot_id is None or change.before is None or change.after is None:
        return
    named, counted = (state.contests[entry.ballot_id] for state in (change.before, change.after))
    assert named.entry is not None  # what votes are added to stands
    is_named = named.declaration is not None and named.declaration.elected is not None
    elected, electing = ({it.candidacy for it in one.elected} for one in (named, counted))
    if named.seats != counted.seats or (is_named and elected != electing):
        raise OtherWinners(night.election, entry, named.entry, (named, counted))


def unchanged(night: Night, entry: Entry) -> list[Found]:
    """That ``entry`` takes nothing back, or says no other than what stands; another time or reason is no change.

    What stands of votes that were added has the papers that were announced before them.

    Raises UnknownSequence where it is about what came after an entry that there is not.
    """
    since = _withdraws_since(entry)
    if since is not None:
        if since > night.seq:
            raise UnknownSequence(since)
        records = (night.notes, *(state.record for state in night.councils.values()))
        is_any = any(record.standing_since(since) for record in records)
        return [] if is_any else [found("unchanged", "since", "nothing_since", seq=since)]
    if not isinstance(entry.declaration, Correction):
        return []
    record = night.record_of(entry.council_id)
    about = record.about(record.subject_of(entry))
    if about.standing is None or (about.declaration or about.standing.content) != entry.content:
        return []
    return [found("unchanged", "", "changes_nothing", seq=about.standing.seq)]


def hard_findings(night: Night, entry: Entry) -> list[Found]:
    """What makes ``entry`` impossible; only an entry without such findings may be applied to a night."""
    match entry.content:
        case WardDeclaration() as declaration:
            contest = night.election.contest(declaration.ballot_id)
            ward = night.councils[contest.council_id].record.about(Subject("ward", contest.ballot_id))
            return list(_ward_faults(night, contest, ward.announced_with(entry) or declaration, entry.at))
        case TallyDeclaration() as declaration:
            return list(_tally_faults(night, declaration))
        case StatusDeclaration(ballot_id=str(ballot_id)):
            return list(_no_poll(night.election, night.election.contest(ballot_id), entry.at))
        case _:
            return []


def soft_findings(proposal: Proposal) -> list[Found]:
    """What is unlikely about an entry that has no hard findings, one finding a code at most."""
    return [finding for check in SOFT_CHECKS if (finding := check(proposal)) is not None]


def _no_poll(election: Election, contest: Contest, at: datetime, status: Entry | None = None) -> Iterator[Found]:
    """F01, unless a poll that was put off can have been held by the time ``at`` after all."""
    put_off = status if status is not None and _puts_off(status) else None
    later_from = election.later_poll_from(put_off.at if put_off else None)
    later = {"ward": contest.name, "later": later_from}
    if contest.cancelled is Cancellation.NO_CANDIDATES:
        yield found("F01", "ballot_id", "nobody_nominated", ward=contest.name)
    elif contest.cancelled in UNCONTESTED and contest.has_nominations:
        yield found("F01", "ballot_id", "unopposed", ward=contest.name)
    elif at >= later_from:
        return
    elif contest.cancelled is Cancellation.CANDIDATE_DEATH:
        yield found("F01", "ballot_id", "candidate_died", **later)
    elif contest.cancelled is Cancellation.POSTPONED:
        yield found("F01", "ballot_id", "poll_postponed", **later)
    elif put_off is not None:
        yield found("F01", "ballot_id", "put_off_by_a_status", **later, status=put_off)


def _puts_off(status: Entry) -> bool:
    return isinstance(status.content, StatusDeclaration) and status.content.status.puts_off_the_poll


def _ward_faults(night: Night, contest: Contest, declaration: WardDeclaration, at: datetime) -> Iterator[Found]:
    status = night.councils[contest.council_id].record.about(Subject("status", contest.ballot_id)).standing
    no_poll = list(_no_poll(night.election, contest, at, status))
    yield from no_poll
    if no_poll:
        return
    if declaration.seats is not None:
        yield from _ward_seats_faults(night.election, contest, declaration.seats)
    if declaration.votes is not None:
        yield from _votes_faults(night.election, contest, declaration)
    if declaration.elected is not None:
        yield from _elected_faults(night.election, contest, declaration)
    if not declaration.as_announced:
        yield from figure_faults(contest, declaration)


def _votes_faults(election: Election, contest: Contest, declaration: WardDeclaration) -> Iterator[Found]:
    votes = declaration.votes or {}
    if not contest.has_nominations:
        yield found("F02", "votes", "candidates_unknown", ward=contest.name)
        return
    for candidacy_id in votes:
        if candidacy_id not in contest.candidacies_by_id:
            field = f"votes.{candidacy_id}"
            yield found("F02", field, "does_not_stand", candidacy_id=candidacy_id, ward=contest.name)
    for candidacy_id, candidacy in contest.candidacies_by_id.items():
        if candidacy_id not in votes:
            field = f"votes.{candidacy_id}"
            yield found("F02", field, "votes_missing", name=candidacy.name, candidacy_id=candidacy_id)
    if set(votes) == set(contest.candidacies_by_id):
        yield from _unpublished_faults(contest, declaration)
        if declaration.elected is None:
            yield from _unnamed_faults(election, contest, declaration.published)


def _unnamed_faults(election: Election, contest: Contest, votes: Mapping[str, int]) -> Iterator[Found]:
    """Nobody says who is elected, and the votes do not: F07 of first preferences, F09 of a tie across the last seat."""
    if contest.is_stv:
        yield found("F07", "elected", "winners_to_be_named", ward=contest.name, seats=seats_to_fill(contest))
        return
    tied = tied_across_last_seat(votes, seats_to_fill(contest))
    if tied:
        yield found("F09", "elected", "tied", election=election, contest=contest, candidacies=tied)


def _unpublished_faults(contest: Contest, declaration: WardDeclaration) -> Iterator[Found]:
    """F02: votes that are not published, of somebody who is elected, or where nobody is named, could be."""
    votes, most = declaration.published, most_unpublished(contest, declaration)
    least = sorted(votes.values(), reverse=True)[seats_to_fill(contest) - 1 :][:1]
    for candidacy_id in declaration.unpublished:
        name, field = contest.candidacies_by_id[candidacy_id].name, f"votes.{candidacy_id}"
        if declaration.elected is None:
            if most is None or not least or most >= least[0]:
                yield found("F02", field, "may_be_elected", name=name)
        elif candidacy_id in declaration.elected:
            yield found("F02", field, "elected_unpublished", name=name)


def _elected_faults(election: Election, contest: Contest, declaration: WardDeclaration) -> Iterator[Found]:
    elected = declaration.elected or ()
    known = [contest.candidacies_by_id[it] for it in elected if it in contest.candidacies_by_id]
    for candidacy_id in elected:
        if candidacy_id not in contest.candidacies_by_id:
            yield found("F02", "elected", "does_not_stand", candidacy_id=candidacy_id, ward=contest.name)
    seats = seats_to_fill(contest)
    if len(set(elected)) != len(elected) or len(elected) != seats:
        named_apart = len(set(elected))
        yield found("F07", "elected", "elects_another_number", ward=contest.name, seats=seats, named=named_apart)
    elif declaration.seats is not None and len(known) == seats:
        named = Counter(election.group(candidacy.party_id) for candidacy in known)
        if named != _known_seats(election, declaration.seats):
            yield found("F07", "elected", "elected_of_other_parties")


def _known_seats(election: Election, seats: Mapping[str, int]) -> dict[str, int]:
    """Seats by reporting group, of the parties that the election has."""
    return election.grouped({party_id: number for party_id, number in seats.items() if party_id in election.parties})


def _ward_seats_faults(election: Election, contest: Contest, seats: Mapping[str, int]) -> Iterator[Found]:
    unknown = list(_unknown_parties(election, seats))
    yield from unknown
    total = sum(seats.values())
    under_contested = contest.cancelled is Cancellation.UNDER_CONTESTED
    if total > contest.seats_up or (total < seats_to_fill(contest) and not under_contested):
        seats_there = seats_to_fill(contest)
        yield found(
            "F07", "seats", "fills_another_number", election=election, ward=contest.name, seats=seats_there, given=total
        )
    if unknown or not contest.has_nominations:
        return
    standing: dict[str, int] = {}
    for candidacy in contest.candidacies:
        group = election.group(candidacy.party_id)
        standing[group] = standing.get(group, 0) + 1
    for group, number in election.grouped(seats).items():
        if number > standing.get(group, 0):
            stand = {"short": election.short(group), "candidates": standing.get(group, 0), "ward": contest.name}
            yield found("F12", f"seats.{group}", "too_few_candidates", **stand, seats=number)


def _tally_faults(night: Night, declaration: TallyDeclaration) -> Iterator[Found]:
    council = night.election.council(declaration.council_id)
    unknown = list(_unknown_parties(night.election, declaration.seats))
    yield from unknown
    seats, vacant = sum(declaration.seats.values()), declaration.vacant or 0
    sums = {"council": council.name, "total": council.total_seats, "seats": seats, "vacant": vacant}
    if seats + vacant > council.total_seats:
        yield found("F11", "seats", "tally_above_total", election=night.election, **sums)
    elif declaration.complete and seats + vacant != council.total_seats:
        yield found("F10", "seats", "complete_tally_short", **sums)
    if unknown:
        return
    continuing = council.continuing_seats
    if seats < continuing:
        fewer = {"council": council.name, "continuing": continuing, "seats": seats}
        yield found("F13", "seats", "tally_below_continuing", election=night.election, **fewer)


def _unknown_parties(election: Election, seats: Mapping[str, int]) -> Iterator[Found]:
    for party_id in seats:
        if party_id not in election.parties:
            yield found("F12", f"seats.{party_id}", "party_unknown", party_id=party_id)


# The soft checks -----------------------------------------------------------------------------------------------------


def _ward(proposal: Proposal) -> tuple[ContestResult, WardDeclaration] | None:
    declaration = proposal.entry.content
    if not isinstance(declaration, WardDeclaration) or proposal.change.after is None:
        return None
    result = proposal.change.after.contests[declaration.ballot_id]
    return result, result.declaration or declaration


def _unlikely_turnout(proposal: Proposal) -> Found | None:
    ward = _ward(proposal)
    if ward is None or ward[0].turnout is None:
        return None
    percentage, limits = ward[0].turnout.percentage, proposal.thresholds
    if limits.turnout_low <= percentage <= limits.turnout_high:
        return None
    usual = {"low": limits.turnout_low, "high": limits.turnout_high}
    return found("W01", "turnout", "turnout_unlikely", percentage=percentage, **usual)


def _turnout_far_from_others(proposal: Proposal) -> Found | None:
    ward = _ward(proposal)
    if ward is None or proposal.change.after is None:
        return None
    if ward[0].turnout is None:
        return _votes_far_from_others(ward[0], proposal.change.after, proposal.thresholds)
    others = [
        result.turnout.percentage
        for result in proposal.change.after.contests.values()
        if result.turnout is not None and result.contest.ballot_id != ward[0].contest.ballot_id
    ]
    own = ward[0].turnout.percentage
    if len(others) < max(2, proposal.thresholds.turnout_others_needed) or not _far(own, others, proposal.thresholds):
        return None
    council = proposal.change.after.council.name
    usual = median(others)
    return found("W02", "turnout", "turnout_far_from_others", percentage=own, usual=usual, council=council)


def _votes_far_from_others(own: ContestResult, state: CouncilState, limits: Thresholds) -> Found | None:
    """W02 where no turnout is given: votes of all that the electors have, which differ more than turnouts do."""
    cast, needed = _votes_cast(own), max(2, limits.turnout_others_needed)
    others = [share for result in state.contests.values() if result is not own and (share := _votes_cast(result))]
    if cast is None or len(others) < needed or not _out_of_proportion(cast, median(others), limits):
        return None
    values = {"percentage": cast, "usual": median(others), "council": state.council.name}
    return found("W02", "votes", "votes_far_from_others", **values)


def _votes_cast(result: ContestResult) -> float | None:
    """The percentage of the votes that all electors have together; None where votes or electors are not known."""
    contest = result.contest
    if not contest.electorate or not result.vote_list or (result.declaration and result.declaration.unpublished):
        return None
    return 100 * sum(result.vote_list) / (contest.votes_on_a_paper * contest.electorate)


def _out_of_proportion(own: float, usual: float, limits: Thresholds) -> bool:
    share = limits.turnout_percent_of_others / 100
    return own < share * usual or share * own > usual


def _far(own: float, others: Sequence[float], limits: Thresholds) -> bool:
    """Whether the turnout ``own`` is out of proportion with the others, or further away than they are from each other.

    Proportion finds half of the papers left out wherever turnouts differ much, as they do at local elections; the
    distance finds a sixth of them left out where they are alike, as at general elections.
    """
    usual = median(others)
    if _out_of_proportion(own, usual, limits):
        return True
    distance = abs(own - usual)
    if distance <= limits.turnout_points_from_others:
        return False
    return distance > limits.turnout_deviations_from_others * stdev(others)


def _all_round(proposal: Proposal) -> Found | None:
    ward = _ward(proposal)
    votes = list(ward[1].published.values()) if ward and not ward[0].contest.is_stv else []
    if len(votes) < proposal.thresholds.round_candidates_needed or any(number % 10 for number in votes):
        return None
    return found("W03", "votes", "all_round")


def _votes_on_wrong_names(proposal: Proposal) -> Found | None:
    """Votes read off a list in another order go to the wrong names, and so part the running mates of several parties.

    One party’s may be far apart because of one well-known name; two parties’ hardly ever are.
    """
    ward = _ward(proposal)
    ratio, election = proposal.thresholds.running_mates_ratio, proposal.night.election
    votes = _votes_by_group(ward[0]) if ward and not ward[0].contest.is_stv else {}
    mates = {group: numbers for group, numbers in votes.items() if len(numbers) > 1 and group != INDEPENDENTS}
    apart = [group for group, numbers in mates.items() if max(numbers) >= ratio * max(min(numbers), 1)]
    if len(apart) < 2:
        return None
    return found("W04", "votes", "mates_far_apart", apart=[(election.short(group), mates[group]) for group in apart])


def _mates_far_apart(proposal: Proposal) -> Found | None:
    """A digit too few or too many parts the running mates of one party by far more than a well-known name does."""
    ward = _ward(proposal)
    ratio, election = proposal.thresholds.running_mates_apart, proposal.night.election
    # Of first preferences a voter has one, and running mates compete for it.
    votes = _votes_by_group(ward[0]) if ward and not ward[0].contest.is_stv else {}
    apart = [
        (election.short(group), numbers)
        for group, numbers in votes.items()
        if group != INDEPENDENTS and max(numbers) > ratio * min(numbers)
    ]
    return found("W15", "votes", "mates_of_one_party_apart", apart=apart) if apart else None


def _votes_by_group(result: ContestResult) -> Mapping[str, list[int]]:
    votes: dict[str, list[int]] = {}
    for candidate in result.candidates:
        if candidate.votes is not None:
            votes.setdefault(candidate.group, []).append(candidate.votes)
    return votes


def _party_without_a_vote(proposal: Proposal) -> Found | None:
    ward = _ward(proposal)
    votes = _votes_by_group(ward[0]) if ward else {}
    empty = [proposal.night.election.short(group) for group, numbers in votes.items() if not any(numbers)]
    if not empty:
        return None
    return found("W05", "votes", "party_without_a_vote", shorts=empty)


def prepare(night: Night) -> None:
    """Have ready what declarations are compared with, which every council keeps: else the first works out all of it."""
    for state in night.councils.values():
        _ = state.vote_lists


def _same_votes_as_elsewhere(proposal: Proposal) -> Found | None:
    ward = _ward(proposal)
    numbers = ward[0].vote_list if ward else ()
    if ward is None or len(numbers) < 2:
        return None
    for state in proposal.night.councils.values():
        ballot_id = state.vote_lists.get(numbers)
        if ballot_id is not None and ballot_id != ward[1].ballot_id:
            same = state.contests[ballot_id].contest.name
            return found("W06", "votes", "same_votes_as_elsewhere", ward=same, council=state.council.name)
    return None


def _flips_control(proposal: Proposal) -> Found | None:
    election = proposal.night.election
    # Whatever is asked about leaves every council there: a change of the catalogue is not declared.
    moves = [(was, now) for was, now in proposal.change.moves if was and now and was.holder != now.holder]
    if not moves:
        return None
    was, now = (state.comparisons[election.convention] for state in moves[0])
    council, others = moves[0][1].council, [after.council.name for _, after in moves[1:]]
    return found("W07", "", "flips_control", election=election, council=council, before=was, after=now, others=others)


def _many_rejected(proposal: Proposal) -> Found | None:
    ward = _ward(proposal)
    if ward is None or not ward[1].papers or not ward[1].rejected:
        return None
    share, usual = 100 * ward[1].rejected / ward[1].papers, proposal.thresholds.rejected_share
    if share <= usual:
        return None
    papers = {"rejected": ward[1].rejected, "ballots": ward[1].papers}
    return found("W08", "rejected", "many_rejected", **papers, usual=usual)


def _before_polls_close(proposal: Proposal) -> Found | None:
    election = proposal.night.election
    close = election.polls_closed_at
    declared = isinstance(proposal.entry.content, WardDeclaration | TallyDeclaration)
    if not declared or proposal.entry.at >= close:
        return None
    return found("W09", "at", "before_polls_close", close=close)


def _time_ahead(proposal: Proposal) -> Found | None:
    at, now = proposal.entry.at, proposal.now
    if now is None or at - now <= AHEAD:
        return None
    return found("W17", "at", "time_ahead", at=at.astimezone(proposal.night.election.zone))


def _more_votes_than_turnout(proposal: Proposal) -> Found | None:
    ward = _ward(proposal)
    if ward is None or ward[1].votes is None or ward[1].papers is not None:
        return None
    contest, votes, announced = ward[0].contest, ward[1].published, ward[0].turnout
    if announced is None or not contest.electorate:
        return None
    _, papers, digits = papers_of_turnout(announced.percentage, contest.electorate)
    if sum(votes.values()) <= contest.votes_on_a_paper * papers and max(votes.values(), default=0) <= papers:
        return None
    return found("W10", "turnout", "more_votes_than_turnout", digits=digits, papers=papers)


def _fewer_votes_than_papers(proposal: Proposal) -> Found | None:
    ward = _ward(proposal)
    least = proposal.thresholds.votes_percent_of_papers
    return fewer_votes_than_papers(ward[0].contest, ward[1], least) if ward else None


def _more_votes_than_counted(proposal: Proposal) -> Found | None:
    ward = _ward(proposal)
    return more_votes_than_counted(ward[0].contest, ward[1]) if ward else None


def _votes_not_published(proposal: Proposal) -> Found | None:
    ward = _ward(proposal)
    if ward is None or not ward[1].unpublished:
        return None
    names = [ward[0].contest.candidacies_by_id[candidacy_id].name for candidacy_id in ward[1].unpublished]
    return found("W16", "votes", "votes_not_published", names=names)


def _party_far_below_other_wards(proposal: Proposal) -> Found | None:
    """W20. Compared with the least of the other wards, so that parties with strongholds are left alone."""
    ward, after, limits = _ward(proposal), proposal.change.after, proposal.thresholds
    if ward is None or after is None:
        return None
    own = {share.group: share.top_vote_share for share in ward[0].shares if share.group != INDEPENDENTS and share.best}
    others: dict[str, list[float]] = {group: [] for group in own}
    for result in after.contests.values():
        for share in result.shares if result is not ward[0] else ():
            if share.group in others:
                others[share.group].append(share.top_vote_share)
    short = proposal.night.election.short
    below = [
        (short(group), own[group], min(shares))
        for group, shares in others.items()
        if len(shares) >= max(1, limits.party_wards_needed)
        and own[group] < limits.party_percent_of_least / 100 * min(shares)
    ]
    if not below:
        return None
    return found("W20", "votes", "party_far_below_other_wards", council=after.council.name, below=below)


def _keyed_otherwise(proposal: Proposal) -> Found | None:
    """W19: never which fields, nor what is in them."""
    people = proposal.keyed_otherwise
    return found("W19", "", "keyed_otherwise", people=people) if people else None


_HELD_UP = frozenset({StatusValue.RECOUNT, StatusValue.DELAYED})


def _recount_since(proposal: Proposal) -> Found | None:
    """W18: later in the log than it was keyed, or at a later time than it is said to have been announced."""
    entry, night = proposal.entry, proposal.night
    if not isinstance(entry.declaration, WardDeclaration) or entry.council_id is None:
        return None
    record = night.record_of(entry.council_id)
    subjects = (Subject("status", entry.declaration.ballot_id), Subject("council-status", entry.council_id))
    entered = [status for subject in subjects for status in record.about(subject).entries]
    for status in entered:
        is_later = status.at > entry.at or (proposal.keyed_after is not None and status.seq > proposal.keyed_after)
        if is_later and _status(status) in _HELD_UP and not any(withdraws(later, status.seq) for later in entered):
            is_recount = _status(status) is StatusValue.RECOUNT
            return found("W18", "", "recount_since", election=night.election, at=status.at, is_recount=is_recount)
    return None


def _status(entry: Entry) -> StatusValue | None:
    return entry.content.status if isinstance(entry.content, StatusDeclaration) else None


def _tally_against_wards(proposal: Proposal) -> Found | None:
    after = proposal.change.after
    was = proposal.change.before
    if after is None or was is None or not after.tally_disagrees or was.tally_disagrees:
        return None
    return found("W11", "seats", "tally_against_wards", election=proposal.night.election, council=after.council.name)


def _below_continuing(proposal: Proposal) -> Found | None:
    declaration, after = proposal.entry.content, proposal.change.after
    if not isinstance(declaration, TallyDeclaration) or after is None:
        return None
    seats = proposal.night.election.grouped(declaration.seats)
    below = [
        (proposal.night.election.short(group), seats.get(group, 0), number)
        for group, number in after.council.continuing.items()
        if seats.get(group, 0) < number
    ]
    if not below:
        return None
    return found("W12", "seats", "below_continuing", election=proposal.night.election, below=below)


SOFT_CHECKS: tuple[Callable[[Proposal], Found | None], ...] = (
    _unlikely_turnout,
    _turnout_far_from_others,
    _all_round,
    _votes_on_wrong_names,
    _party_without_a_vote,
    _same_votes_as_elsewhere,
    _flips_control,
    _many_rejected,
    _before_polls_close,
    _more_votes_than_turnout,
    _tally_against_wards,
    _below_continuing,
    _fewer_votes_than_papers,
    _more_votes_than_counted,
    _mates_far_apart,
    _votes_not_published,
    _time_ahead,
    _recount_since,
    _keyed_otherwise,
    _party_far_below_other_wards,
)
