"""The results of the night to practise on: those of its recording, and plausible ones where there is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.domain.contest import seats_to_fill, tied_across_last_seat
from app.domain.election import Contest, Council, Election
from app.exercise.sheets import ResultBody

FIRST_COUNT = timedelta(hours=4)
"""After the polls close, where nothing says when a council is expected."""

COUNTS_LAST = timedelta(hours=2)
"""Between the first and the last ward of a council of which only the end is expected."""

USUAL_ELECTORATE = 2_400
"""For each seat, where a ward has none on file."""


@dataclass(frozen=True, slots=True)
class Result:
    """What is true of a ward, and when it is declared."""

    body: ResultBody
    at: datetime


def results_of(election: Election, night: Sequence[Mapping[str, Any]], random: Random) -> dict[str, Result]:
    """By ballot id, of every contest that has a poll; ``night`` are the declarations as they were recorded."""
    recorded = _recorded(election, night)
    found: dict[str, Result] = {}
    for council in election.councils.values():
        strengths = {party_id: random.gammavariate(1.5, 1) for party_id in election.parties}
        polls = [contest for contest in council.contests if contest.cancelled is None]
        for place, contest in enumerate(polls):
            result = recorded.get(contest.ballot_id)
            at = _expected(election, council, contest, place, len(polls))
            found[contest.ballot_id] = result or Result(_made_up(election, contest, strengths, random), at)
    return found


def winners_first(contest: Contest, votes: Mapping[str, int]) -> list[str]:
    """Every candidacy, most votes first, ties as on the ballot paper."""
    return sorted(contest.candidacies_by_id, key=lambda candidacy_id: -votes[candidacy_id])


def _recorded(election: Election, night: Sequence[Mapping[str, Any]]) -> dict[str, Result]:
    """What stood in the end of a recorded night, of wards whose votes were all told."""
    subjects: dict[int, str] = {}
    found: dict[str, Result] = {}
    for number, line in enumerate(night, start=1):
        ballot_id = line.get("ballot_id") or subjects.get(line.get("replaces", 0), "")
        if line["kind"] not in {"ward", "correction"} or ballot_id not in election.contests:
            continue
        subjects[number] = ballot_id
        contest, votes = election.contests[ballot_id], line.get("votes")
        is_whole = votes and set(votes) == set(contest.candidacies_by_id) and None not in votes.values()
        if is_whole and contest.cancelled is None:
            first = found.get(ballot_id)
            at = first.at if first is not None else datetime.fromisoformat(line["at"])
            found[ballot_id] = Result(_told(contest, line), at)
    return found


def _told(contest: Contest, line: Mapping[str, Any]) -> ResultBody:
    votes = line["votes"]
    names = ("ballots", "rejected", "valid", "turnout")
    papers = {name: line[name] for name in names if line.get(name) is not None}
    elected = line.get("elected") or winners_first(contest, votes)[: seats_to_fill(contest)]
    return ward(contest, votes, elected=elected, **papers)


def ward(contest: Contest, votes: Mapping[str, int], *, elected: Sequence[str], **papers: Any) -> ResultBody:
    """The result of a ward with all that a sheet tells of it."""
    return {
        "kind": "ward",
        "ballot_id": contest.ballot_id,
        "votes": dict(votes),
        "elected": list(elected),
        "total": sum(votes.values()),
        **papers,
    }


def _expected(election: Election, council: Council, contest: Contest, place: int, wards: int) -> datetime:
    if contest.expected_at is not None:
        return contest.expected_at
    last = council.expected_at or election.polls_closed_at + FIRST_COUNT
    return last - COUNTS_LAST * (wards - 1 - place) / max(wards, 1)


# Made up


def _made_up(election: Election, contest: Contest, strengths: Mapping[str, float], random: Random) -> ResultBody:
    electorate = contest.electorate or USUAL_ELECTORATE * contest.seats_up
    ballots = max(round(electorate * random.uniform(0.24, 0.46)), 1)
    rejected = min(round(ballots * random.uniform(0.001, 0.012)), ballots - 1)
    if not contest.has_nominations:
        return {"kind": "ward", "ballot_id": contest.ballot_id, "seats": _seats(election, contest, strengths, random)}
    votes = _votes(contest, strengths, ballots - rejected, random)
    elected = winners_first(contest, votes)[: seats_to_fill(contest)]
    return ward(contest, votes, elected=elected, ballots=ballots, rejected=rejected)


def _votes(contest: Contest, strengths: Mapping[str, float], valid: int, random: Random) -> dict[str, int]:
    """Every party's share of the papers for each of its candidates, more or less; on one seat's papers no vote less."""
    parties = {candidacy.party_id for candidacy in contest.candidacies}
    # Where only one vote is on a paper, running mates share those of their party.
    mates = {it: sum(one.party_id == it for one in contest.candidacies) for it in parties}
    each = {it: (1 / mates[it] if contest.votes_on_a_paper == 1 else 1) for it in parties}
    whole = sum(0.1 + strengths[party_id] for party_id in parties)
    shares = {
        it.candidacy_id: (0.1 + strengths[it.party_id]) / whole * each[it.party_id] * random.uniform(0.93, 1)
        for it in contest.candidacies
    }
    # Some parties, and independents, stand more candidates than there are seats.
    fits = min(1.0, contest.votes_on_a_paper / sum(shares.values()))
    shares = {candidacy_id: share * fits for candidacy_id, share in shares.items()}
    votes = {candidacy_id: int(valid * share) for candidacy_id, share in shares.items()}
    missing = valid - sum(votes.values())
    if missing > 0:
        votes[max(votes, key=lambda one: votes[one])] += missing
    return _untied(contest, votes)


def _untied(contest: Contest, votes: dict[str, int]) -> dict[str, int]:
    """No lot where none is planned: one vote from who has fewest, or from who comes just behind."""
    while tied := tied_across_last_seat(votes, seats_to_fill(contest)):
        first, *others = sorted(tied)
        votes[others[-1]] -= 1
        votes[first] += 1
        if votes[others[-1]] < 0:
            return {one: number + 1 for one, number in votes.items()}
    return votes


def _seats(election: Election, contest: Contest, strengths: Mapping[str, float], random: Random) -> dict[str, int]:
    """Of a ward whose candidates are not on file."""
    parties = [it for it, party in election.parties.items() if party.group is None and not party.umbrella]
    weights = [strengths[party_id] + 0.01 for party_id in parties]
    drawn = random.choices(parties, weights, k=seats_to_fill(contest))
    return {party_id: drawn.count(party_id) for party_id in dict.fromkeys(drawn)}
