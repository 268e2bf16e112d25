"""The checks of a declaration about to be made: F-codes never pass, W-codes pass once they are confirmed.

The codes are public (``docs/checks.md``) and are never renumbered. The hard checks compare with ballot papers given as
a count; a turnout given as a percentage is rounded and often published wrong, so it only warns.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

from app.domain.announced import figure_faults
from app.domain.contest import seats_to_fill, tied_across_last_seat
from app.domain.declarations import (
    Entry,
    StatusDeclaration,
    TallyDeclaration,
    WardDeclaration,
)
from app.domain.election import UNCONTESTED, Cancellation, Contest, Election
from app.domain.errors import Found, found
from app.domain.night import Night
from app.domain.papers import most_unpublished
from app.domain.subject import Subject


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
