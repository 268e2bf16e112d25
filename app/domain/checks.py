"""The checks of a declaration about to be made: F-codes never pass, W-codes pass once they are confirmed.

The codes are public (``docs/checks.md``) and are never renumbered. The hard checks compare with ballot papers given as
a count; a turnout given as a percentage is rounded and often published wrong, so it only warns.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from statistics import median, stdev

from app.domain.contest import ContestResult, seats_to_fill, tied_across_last_seat
from app.domain.declarations import (
    Entry,
    StatusDeclaration,
    StatusValue,
    TallyDeclaration,
    WardDeclaration,
)
from app.domain.election import INDEPENDENTS, NO_OVERALL_CONTROL, Cancellation, Contest, Election
from app.domain.errors import Finding, Superseded
from app.domain.night import Night
from app.domain.subject import Subject
from app.domain.ticker import Change, place_of
from app.domain.wording import plural

POLLS_CLOSE = time(22)


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
    rejected_share: float = 3.0


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry about to be made and what it would change in ``night``."""

    night: Night
    entry: Entry
    change: Change
    thresholds: Thresholds = Thresholds()


def refuse_superseded(night: Night, entry: Entry) -> None:
    """Raises Superseded where ``entry`` replaces what stands no more, or declares what has been declared already."""
    record = night.record_of(entry.council_id)
    standing = record.about(record.subject_of(entry)).standing
    if entry.replaces is not None and (standing is None or standing.seq != entry.replaces):
        now = f"entry {standing.seq} stands in its place" if standing else "nothing stands in its place"
        raise Superseded(
            f"Entry {entry.replaces} stands no more: {now}.", standing_seq=standing.seq if standing else None
        )
    if isinstance(entry.content, StatusDeclaration) and entry.ballot_id is not None:
        standing = record.about(Subject("ward", entry.ballot_id)).standing
    elif entry.replaces is not None or _may_be_superseded(standing):
        return
    if standing is not None:
        what = place_of(night.election, entry)
        raise Superseded(
            f"{what} is declared already, by entry {standing.seq}: correct or withdraw that.",
            standing_seq=standing.seq,
        )


def _may_be_superseded(standing: Entry | None) -> bool:
    """A status, or a tally that was not complete, gives way to a newer one without a correction."""
    match standing.content if standing else None:
        case WardDeclaration():
            return False
        case TallyDeclaration(complete=complete):
            return not complete
        case _:
            return True


def hard_findings(night: Night, entry: Entry) -> list[Finding]:
    """What makes ``entry`` impossible; only an entry without such findings may be applied to a night."""
    match entry.content:
        case WardDeclaration() as declaration:
            contest = night.election.contest(declaration.ballot_id)
            return list(_ward_faults(night, contest, declaration))
        case TallyDeclaration() as declaration:
            return list(_tally_faults(night, declaration))
        case StatusDeclaration(ballot_id=str(ballot_id)):
            return list(_no_poll(night.election.contest(ballot_id), None))
        case _:
            return []


def soft_findings(proposal: Proposal) -> list[Finding]:
    """What is unlikely about an entry that has no hard findings, one finding a code at most."""
    return [finding for check in SOFT_CHECKS if (finding := check(proposal)) is not None]


def _no_poll(contest: Contest, status: Entry | None) -> Iterator[Finding]:
    told = {
        Cancellation.NO_CANDIDATES: "nobody was nominated",
        Cancellation.CANDIDATE_DEATH: "the poll was countermanded after a candidate’s death",
    }
    if contest.cancelled in told:
        yield Finding("F01", "ballot_id", f"{contest.ward} has no poll tonight: {told[contest.cancelled]}.")
    elif contest.cancelled is not None and contest.has_nominations:
        yield Finding("F01", "ballot_id", f"{contest.ward} has no poll: its candidates are elected unopposed.")
    elif status is not None and _countermands(status):
        detail = f"{contest.ward} is countermanded (entry {status.seq}); withdraw that first if it is wrong."
        yield Finding("F01", "ballot_id", detail)


def _countermands(status: Entry) -> bool:
    return isinstance(status.content, StatusDeclaration) and status.content.status is StatusValue.COUNTERMANDED


def _ward_faults(night: Night, contest: Contest, declaration: WardDeclaration) -> Iterator[Finding]:
    record = night.councils[contest.council_id].record
    no_poll = list(_no_poll(contest, record.about(Subject("status", contest.ballot_id)).standing))
    yield from no_poll
    if no_poll:
        return
    if declaration.seats is not None:
        yield from _ward_seats_faults(night.election, contest, declaration.seats)
    if declaration.votes is not None:
        yield from _votes_faults(contest, declaration)
    if declaration.elected is not None:
        yield from _elected_faults(night.election, contest, declaration)
    yield from _papers_faults(contest, declaration)


def _votes_faults(contest: Contest, declaration: WardDeclaration) -> Iterator[Finding]:
    votes = declaration.votes or {}
    if not contest.has_nominations:
        detail = f"The candidates of {contest.ward} are not on file: give its “seats” by party."
        yield Finding("F02", "votes", detail)
        return
    for candidacy_id in votes:
        if candidacy_id not in contest.candidacies_by_id:
            detail = f"Candidacy “{candidacy_id}” does not stand in {contest.ward}."
            yield Finding("F02", f"votes.{candidacy_id}", detail)
    for candidacy in contest.candidacies:
        if candidacy.candidacy_id not in votes:
            detail = f"Votes of {candidacy.name} ({candidacy.candidacy_id}) are missing."
            yield Finding("F02", f"votes.{candidacy.candidacy_id}", detail)
    if set(votes) == set(contest.candidacies_by_id):
        yield from _winners_faults(contest, votes, declaration.elected)


def _winners_faults(contest: Contest, votes: Mapping[str, int], elected: Sequence[str] | None) -> Iterator[Finding]:
    seats = seats_to_fill(contest)
    tied = tied_across_last_seat(votes, seats)
    if elected is None:
        if tied:
            names = ", ".join(contest.candidacies_by_id[candidacy_id].name for candidacy_id in sorted(tied))
            detail = (
                f"{names} are tied across the last seat of {contest.ward}: name every winner in “elected”, "
                f"the drawn one included."
            )
            yield Finding("F09", "elected", detail)
        return
    known = [candidacy_id for candidacy_id in elected if candidacy_id in votes]
    losers = [candidacy_id for candidacy_id in votes if candidacy_id not in elected]
    most_of_losers = max((votes[candidacy_id] for candidacy_id in losers), default=0)
    for candidacy_id in known:
        if votes[candidacy_id] < most_of_losers:
            name = contest.candidacies_by_id[candidacy_id].name
            detail = f"{name} is named as elected with {votes[candidacy_id]:,} votes; a loser has {most_of_losers:,}."
            yield Finding("F08", "elected", detail)


def _elected_faults(election: Election, contest: Contest, declaration: WardDeclaration) -> Iterator[Finding]:
    elected = declaration.elected or ()
    known = [contest.candidacies_by_id[it] for it in elected if it in contest.candidacies_by_id]
    for candidacy_id in elected:
        if candidacy_id not in contest.candidacies_by_id:
            yield Finding("F02", "elected", f"Candidacy “{candidacy_id}” does not stand in {contest.ward}.")
    seats = seats_to_fill(contest)
    if len(set(elected)) != len(elected) or len(elected) != seats:
        detail = f"{contest.ward} elects {seats}: “elected” names {plural(len(set(elected)), 'candidate')}."
        yield Finding("F07", "elected", detail)
    elif declaration.seats is not None and len(known) == seats:
        named = Counter(election.group(candidacy.party_id) for candidacy in known)
        if named != _known_seats(election, declaration.seats):
            yield Finding("F07", "elected", "“elected” names candidates of other parties than “seats” gives seats to.")


def _known_seats(election: Election, seats: Mapping[str, int]) -> dict[str, int]:
    """Seats by reporting group, of the parties that the election has."""
    return election.grouped({party_id: number for party_id, number in seats.items() if party_id in election.parties})


def _ward_seats_faults(election: Election, contest: Contest, seats: Mapping[str, int]) -> Iterator[Finding]:
    unknown = list(_unknown_parties(election, seats))
    yield from unknown
    total = sum(seats.values())
    under_contested = contest.cancelled is Cancellation.UNDER_CONTESTED
    if total > contest.seats_up or (total < seats_to_fill(contest) and not under_contested):
        detail = f"{contest.ward} fills {plural(seats_to_fill(contest), 'seat')}: these are {total}."
        yield Finding("F07", "seats", detail)
    if unknown or not contest.has_nominations:
        return
    standing: dict[str, int] = {}
    for candidacy in contest.candidacies:
        group = election.group(candidacy.party_id)
        standing[group] = standing.get(group, 0) + 1
    for group, number in election.grouped(seats).items():
        if number > standing.get(group, 0):
            stand = plural(standing.get(group, 0), "candidate")
            detail = f"{election.short(group)} has {stand} in {contest.ward}: it cannot take {number}."
            yield Finding("F12", f"seats.{group}", detail)


def _papers_faults(contest: Contest, declaration: WardDeclaration) -> Iterator[Finding]:
    ballots, rejected = declaration.ballots, declaration.rejected or 0
    if ballots is None:
        return
    if contest.electorate and ballots > contest.electorate:
        detail = f"{ballots:,} ballot papers are more than the electorate of {contest.electorate:,}."
        yield Finding("F06", "ballots", detail)
    if rejected > ballots:
        detail = f"{rejected:,} rejected papers are more than the {ballots:,} papers, rejected ones included."
        yield Finding("F06", "rejected", detail)
        return
    valid, votes = ballots - rejected, declaration.votes or {}
    for candidacy_id, number in votes.items():
        if number > valid:
            candidacy = contest.candidacies_by_id.get(candidacy_id)
            name = candidacy.name if candidacy else candidacy_id
            detail = f"{name} has {number:,} votes from {valid:,} valid ballot papers."
            yield Finding("F04", f"votes.{candidacy_id}", detail)
    if sum(votes.values()) > contest.seats_up * valid:
        detail = (
            f"{sum(votes.values()):,} votes are more than {contest.seats_up} × {valid:,}: "
            f"each of the {valid:,} valid papers has at most {plural(contest.seats_up, 'vote')}."
        )
        if sum(votes.values()) <= contest.seats_up * ballots:
            detail += " “ballots” counts the rejected papers too: were they left out of it?"
        yield Finding("F05", "votes", detail)


def _tally_faults(night: Night, declaration: TallyDeclaration) -> Iterator[Finding]:
    council = night.election.council(declaration.council_id)
    unknown = list(_unknown_parties(night.election, declaration.seats))
    yield from unknown
    seats, vacant = sum(declaration.seats.values()), declaration.vacant or 0
    beside = f" and {vacant} vacant" if vacant else ""
    if seats + vacant > council.total_seats:
        detail = f"{council.name} has {council.total_seats} seats: this tally sums to {seats}{beside}."
        yield Finding("F11", "seats", detail)
    elif declaration.complete and seats + vacant != council.total_seats:
        detail = (
            f"A complete tally of {council.name} sums to {seats}{beside} of {council.total_seats}. "
            f"Add what is missing, give “vacant”, or post it with complete: false."
        )
        yield Finding("F10", "seats", detail)
    if unknown:
        return
    if seats < council.continuing_seats:
        detail = (
            f"{council.name} has {council.continuing_seats} continuing seats and a tally counts them: "
            f"this one has {seats} in all."
        )
        yield Finding("F13", "seats", detail)


def _unknown_parties(election: Election, seats: Mapping[str, int]) -> Iterator[Finding]:
    for party_id in seats:
        if party_id not in election.parties:
            detail = f"There is no party “{party_id}” in this election."
            if party_id == NO_OVERALL_CONTROL:
                detail += " NOC is a value of control, not a party."
            yield Finding("F12", f"seats.{party_id}", detail)


# The soft checks -----------------------------------------------------------------------------------------------------


def _ward(proposal: Proposal) -> tuple[ContestResult, WardDeclaration] | None:
    declaration = proposal.entry.content
    if not isinstance(declaration, WardDeclaration) or proposal.change.after is None:
        return None
    return proposal.change.after.contests[declaration.ballot_id], declaration


def _unlikely_turnout(proposal: Proposal) -> Finding | None:
    ward = _ward(proposal)
    if ward is None or ward[0].turnout is None:
        return None
    percentage, limits = ward[0].turnout.percentage, proposal.thresholds
    if limits.turnout_low <= percentage <= limits.turnout_high:
        return None
    detail = f"A turnout of {percentage:.1f}% is outside {limits.turnout_low:g} to {limits.turnout_high:g}%."
    return Finding("W01", "turnout", detail)


def _turnout_far_from_others(proposal: Proposal) -> Finding | None:
    ward = _ward(proposal)
    if ward is None or ward[0].turnout is None or proposal.change.after is None:
        return None
    others = [
        result.turnout.percentage
        for result in proposal.change.after.contests.values()
        if result.turnout is not None and result.contest.ballot_id != ward[0].contest.ballot_id
    ]
    own = ward[0].turnout.percentage
    if len(others) < max(2, proposal.thresholds.turnout_others_needed) or not _far(own, others, proposal.thresholds):
        return None
    council = proposal.change.after.council.name
    detail = f"A turnout of {own:.1f}% is far from the {median(others):.1f}% usual in {council} tonight."
    return Finding("W02", "turnout", detail)


def _far(own: float, others: Sequence[float], limits: Thresholds) -> bool:
    """Whether the turnout ``own`` is out of proportion with the others, or further away than they are from each other.

    Proportion finds half of the papers left out wherever turnouts differ much, as they do at local elections; the
    distance finds a sixth of them left out where they are alike, as at general elections.
    """
    usual, share = median(others), limits.turnout_percent_of_others / 100
    if own < share * usual or share * own > usual:
        return True
    distance = abs(own - usual)
    if distance <= limits.turnout_points_from_others:
        return False
    return distance > limits.turnout_deviations_from_others * stdev(others)


def _all_round(proposal: Proposal) -> Finding | None:
    ward = _ward(proposal)
    votes = list((ward[1].votes or {}).values()) if ward else []
    if len(votes) < proposal.thresholds.round_candidates_needed or any(number % 10 for number in votes):
        return None
    return Finding("W03", "votes", "Every candidate’s votes end in 0: are these estimates?")


def _votes_on_wrong_names(proposal: Proposal) -> Finding | None:
    """Votes read off a list in another order go to the wrong names, and so part the running mates of several parties.

    One party’s may be far apart because of one well-known name; two parties’ hardly ever are.
    """
    ward = _ward(proposal)
    ratio, election = proposal.thresholds.running_mates_ratio, proposal.night.election
    votes = _votes_by_group(ward[0]) if ward else {}
    mates = {group: numbers for group, numbers in votes.items() if len(numbers) > 1 and group != INDEPENDENTS}
    apart = [group for group, numbers in mates.items() if max(numbers) >= ratio * max(min(numbers), 1)]
    if len(apart) < 2:
        return None
    told = " and of ".join(
        f"{election.short(group)} ({max(mates[group]):,} to {min(mates[group]):,})" for group in apart
    )
    detail = f"Running mates are far apart, those of {told}: are the votes on the right names?"
    return Finding("W04", "votes", detail)


def _votes_by_group(result: ContestResult) -> Mapping[str, list[int]]:
    votes: dict[str, list[int]] = {}
    for candidate in result.candidates:
        if candidate.votes is not None:
            votes.setdefault(candidate.group, []).append(candidate.votes)
    return votes


def _party_without_a_vote(proposal: Proposal) -> Finding | None:
    ward = _ward(proposal)
    votes = _votes_by_group(ward[0]) if ward else {}
    empty = [proposal.night.election.short(group) for group, numbers in votes.items() if not any(numbers)]
    if not empty:
        return None
    return Finding("W05", "votes", f"No votes at all for {', '.join(empty)}.")


def prepare(night: Night) -> None:
    """Have ready what declarations are compared with, which every council keeps: else the first works out all of it."""
    for state in night.councils.values():
        _ = state.vote_lists


def _same_votes_as_elsewhere(proposal: Proposal) -> Finding | None:
    ward = _ward(proposal)
    if ward is None or ward[1].votes is None or len(ward[1].votes) < 2:
        return None
    numbers = ward[0].vote_list
    for state in proposal.night.councils.values():
        ballot_id = state.vote_lists.get(numbers)
        if ballot_id is not None and ballot_id != ward[1].ballot_id:
            same = state.contests[ballot_id].contest.ward
            return Finding("W06", "votes", f"These are the very votes of {same} ({state.council.name}).")
    return None


def _flips_control(proposal: Proposal) -> Finding | None:
    convention = proposal.night.election.convention
    before, after = proposal.change.before, proposal.change.after
    if before is None or after is None or not proposal.change.flipped(convention):
        return None
    badge = after.comparisons[convention].badge
    becomes = f"This makes {after.council.name} {badge}" if badge else f"{after.council.name} goes back to undecided"
    was = before.comparisons[convention].badge
    return Finding("W07", "", f"{becomes}; it is {was} now." if was else f"{becomes}.")


def _many_rejected(proposal: Proposal) -> Finding | None:
    ward = _ward(proposal)
    if ward is None or not ward[1].ballots or not ward[1].rejected:
        return None
    share, usual = 100 * ward[1].rejected / ward[1].ballots, proposal.thresholds.rejected_share
    if share <= usual:
        return None
    detail = f"{ward[1].rejected:,} of {ward[1].ballots:,} ballot papers rejected are more than {usual:g}%."
    return Finding("W08", "rejected", detail)


def _before_polls_close(proposal: Proposal) -> Finding | None:
    election = proposal.night.election
    close = datetime.combine(election.polling_date, POLLS_CLOSE, election.zone)
    declared = isinstance(proposal.entry.content, WardDeclaration | TallyDeclaration)
    if not declared or proposal.entry.at >= close:
        return None
    return Finding("W09", "at", f"Polls close at {close:%H:%M on %-d %B %Y}: this was announced before.")


def _more_votes_than_turnout(proposal: Proposal) -> Finding | None:
    """A percentage is rounded: half of its last digit is allowed. 38 and 38.0 are one number, so that is half of 1."""
    ward = _ward(proposal)
    if ward is None or ward[1].votes is None or ward[1].ballots is not None:
        return None
    contest, votes, announced = ward[0].contest, ward[1].votes, ward[0].turnout
    if announced is None or not contest.electorate:
        return None
    digits = f"{announced.percentage}".removesuffix(".0")
    half_a_digit = Decimal(5).scaleb(-1 - len(digits.partition(".")[2]))
    papers = int((Decimal(digits) + half_a_digit) / 100 * contest.electorate) + 1
    if sum(votes.values()) <= contest.seats_up * papers and max(votes.values(), default=0) <= papers:
        return None
    detail = f"A turnout of {digits}% is at most {papers:,} papers: too few for these votes."
    return Finding("W10", "turnout", detail)


def _tally_against_wards(proposal: Proposal) -> Finding | None:
    after = proposal.change.after
    was = proposal.change.before
    if after is None or was is None or not after.tally_disagrees or was.tally_disagrees:
        return None
    detail = f"The tally of {after.council.name} and its declared wards cannot both be right: the wards stand."
    return Finding("W11", "seats", detail)


def _below_continuing(proposal: Proposal) -> Finding | None:
    declaration, after = proposal.entry.content, proposal.change.after
    if not isinstance(declaration, TallyDeclaration) or after is None:
        return None
    seats = proposal.night.election.grouped(declaration.seats)
    below = [
        f"{proposal.night.election.short(group)} {seats.get(group, 0)} of {number}"
        for group, number in after.council.continuing.items()
        if seats.get(group, 0) < number
    ]
    if not below:
        return None
    return Finding(
        "W12", "seats", f"Fewer seats than continue: {', '.join(below)}. A tally counts the continuing ones."
    )


SOFT_CHECKS: tuple[Callable[[Proposal], Finding | None], ...] = (
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
)
