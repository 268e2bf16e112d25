"""Rankings as the API answers them: what of a row is not known, or not asked by its ranking, is null."""

from app.api.parties import party_told
from app.api.values import JsonObject
from app.domain.contest import CandidateResult, ContestResult
from app.domain.election import Convention, Election
from app.domain.night import Night
from app.domain.rankings import Ranked, Ranking, RankingQuery, RankingTable

_OF_MARGINS = frozenset({Ranking.CLOSEST, Ranking.SAFEST})


def ranking_head_view(
    night: Night, ranking: Ranking, convention: Convention, query: RankingQuery, table: RankingTable, *, epoch: str
) -> JsonObject:
    """What stands before the rows; what is not narrowed is null."""
    return {
        "slug": night.election.slug,
        "seq": night.seq,
        "epoch": epoch,
        "convention": convention.key,
        "ranking": ranking.value,
        "party": query.party or None,
        "region": query.region or None,
        "council_id": query.council or None,
        "covers": list(table.covers),
        "drawn": table.drawn,
    }


def ranked_view(election: Election, row: Ranked, ranking: Ranking) -> JsonObject:
    """A row. ``margin`` is in votes, ``gained`` in seats; ``behind`` are the best of those not elected."""
    result, council = row.result, row.state.council
    return {
        "place": row.place,
        "joint": row.joint,
        "council_id": council.council_id,
        "council": council.name,
        "council_gss": council.gss or None,
        "region": council.region or None,
        "ballot_id": result.contest.ballot_id if result else None,
        "ward": result.contest.name if result else None,
        "ward_gss": (result.contest.gss or None) if result else None,
        "seq": row.seq,
        "margin": row.figure if ranking in _OF_MARGINS else None,
        "turnout": _turnout_view(row, result, ranking),
        "gained": row.figure if ranking is Ranking.GAINS else None,
        "groups": sorted(row.groups),
        "candidates": [_person_view(election, it) for it in row.candidates],
        "behind": [_person_view(election, it) for it in row.behind],
    }


def _turnout_view(row: Ranked, result: ContestResult | None, ranking: Ranking) -> JsonObject | None:
    is_of_turnout = ranking in {Ranking.HIGHEST_TURNOUT, Ranking.LOWEST_TURNOUT}
    if not is_of_turnout or row.figure is None or result is None or result.turnout is None:
        return None
    return {"percentage": row.figure, "counted": result.turnout.counted}


def _person_view(election: Election, candidate: CandidateResult) -> JsonObject:
    candidacy = candidate.candidacy
    party = party_told(election, candidacy.party_id)
    return {
        "candidacy_id": candidacy.candidacy_id,
        "name": candidacy.name,
        "party_id": candidacy.party_id,
        "party": party["name"],
        "colour": party["colour"],
        "group": candidate.group,
        "votes": candidate.votes,
        "by_lot": candidate.by_lot,
        "role": candidacy.role or None,
        "loses_seat": candidate.loses_seat,
    }
