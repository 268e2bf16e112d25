"""The checks that compare a result with the other wards of its council: turnout, votes cast, a party's share."""

from collections.abc import Sequence
from statistics import median, stdev

from app.domain.contest import ContestResult
from app.domain.council import CouncilState
from app.domain.election import INDEPENDENTS
from app.domain.errors import Found, found
from app.domain.proposal import Proposal, Thresholds, ward_of


def turnout_far_from_others(proposal: Proposal) -> Found | None:
    """W02: of the turnout; where none is given, of the votes cast."""
    ward = ward_of(proposal)
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


def party_far_below_other_wards(proposal: Proposal) -> Found | None:
    """W20. Compared with the least of the other wards, so that parties with strongholds are left alone."""
    ward, after, limits = ward_of(proposal), proposal.change.after, proposal.thresholds
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
