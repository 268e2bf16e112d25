"""The checks whose findings pass once they are confirmed, the W-codes (``docs/checks.md``); they are never renumbered.

A turnout given as a percentage is rounded and often published wrong, so it only warns.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from app.domain.against_other_wards import party_far_below_other_wards, turnout_far_from_others
from app.domain.contest import ContestResult
from app.domain.declarations import (
    Entry,
    StatusDeclaration,
    StatusValue,
    TallyDeclaration,
    WardDeclaration,
    withdraws,
)
from app.domain.election import INDEPENDENTS
from app.domain.errors import Found, found
from app.domain.night import Night
from app.domain.papers import fewer_votes_than_papers, more_votes_than_counted, papers_of_turnout
from app.domain.proposal import Proposal, ward_of
from app.domain.subject import Subject

AHEAD = timedelta(minutes=5)
"""How far ahead of ours a clock may be (rule 22)."""


def soft_findings(proposal: Proposal) -> list[Found]:
    """What is unlikely about an entry that has no hard findings, one finding a code at most."""
    return [finding for check in SOFT_CHECKS if (finding := check(proposal)) is not None]


def _unlikely_turnout(proposal: Proposal) -> Found | None:
    ward = ward_of(proposal)
    if ward is None or ward[0].turnout is None:
        return None
    percentage, limits = ward[0].turnout.percentage, proposal.thresholds
    if limits.turnout_low <= percentage <= limits.turnout_high:
        return None
    usual = {"low": limits.turnout_low, "high": limits.turnout_high}
    return found("W01", "turnout", "turnout_unlikely", percentage=percentage, **usual)


def _all_round(proposal: Proposal) -> Found | None:
    ward = ward_of(proposal)
    votes = list(ward[1].published.values()) if ward and not ward[0].contest.is_stv else []
    if len(votes) < proposal.thresholds.round_candidates_needed or any(number % 10 for number in votes):
        return None
    return found("W03", "votes", "all_round")


def _votes_on_wrong_names(proposal: Proposal) -> Found | None:
    """Votes read off a list in another order go to the wrong names, and so part the running mates of several parties.

    One party’s may be far apart because of one well-known name; two parties’ hardly ever are.
    """
    ward = ward_of(proposal)
    ratio, election = proposal.thresholds.running_mates_ratio, proposal.night.election
    votes = _votes_by_group(ward[0]) if ward and not ward[0].contest.is_stv else {}
    mates = {group: numbers for group, numbers in votes.items() if len(numbers) > 1 and group != INDEPENDENTS}
    apart = [group for group, numbers in mates.items() if max(numbers) >= ratio * max(min(numbers), 1)]
    if len(apart) < 2:
        return None
    return found("W04", "votes", "mates_far_apart", apart=[(election.short(group), mates[group]) for group in apart])


def _mates_far_apart(proposal: Proposal) -> Found | None:
    """A digit too few or too many parts the running mates of one party by far more than a well-known name does."""
    ward = ward_of(proposal)
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
    ward = ward_of(proposal)
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
    ward = ward_of(proposal)
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
    ward = ward_of(proposal)
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
    ward = ward_of(proposal)
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
    ward = ward_of(proposal)
    least = proposal.thresholds.votes_percent_of_papers
    return fewer_votes_than_papers(ward[0].contest, ward[1], least) if ward else None


def _more_votes_than_counted(proposal: Proposal) -> Found | None:
    ward = ward_of(proposal)
    return more_votes_than_counted(ward[0].contest, ward[1]) if ward else None


def _votes_not_published(proposal: Proposal) -> Found | None:
    ward = ward_of(proposal)
    if ward is None or not ward[1].unpublished:
        return None
    names = [ward[0].contest.candidacies_by_id[candidacy_id].name for candidacy_id in ward[1].unpublished]
    return found("W16", "votes", "votes_not_published", names=names)


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
    turnout_far_from_others,
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
    party_far_below_other_wards,
)
