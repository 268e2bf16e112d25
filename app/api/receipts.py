"""Receipts as the API answers them: what a badge, a row of the scoreboard and the figures of the night are made of."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from app.api.parties import party_told
from app.api.values import JsonObject, council_view, votes_view
from app.domain.council import Comparison, CouncilState
from app.domain.election import Convention, Election
from app.domain.figures import VoteSums
from app.domain.night import Night, Progress
from app.domain.receipts import council_receipt, night_receipt, party_receipt
from app.domain.scoreboard import KnownChange, Tally
from app.wording.receipts import council_reasons, houses_differ, night_reasons, party_houses, party_reasons

TimeOf = Callable[[int], datetime | None]
"""When an entry was announced."""

OF_A_COUNCIL = ("council_id", "name", "total_seats", "majority", "seats_to_come", "vacant", "control", "badge", "gss")


def council_why_view(night: Night, council_id: str, convention: Convention, time_of: TimeOf) -> JsonObject:
    """Why a council's badge and change are what they are; everything in ``counted`` adds up to its ``seats``."""
    election, receipt = night.election, council_receipt(night, council_id, convention)
    state, view = receipt.state, council_view(night.election, receipt.state, convention)
    return {
        "slug": election.slug,
        "seq": state.last.seq if state.last is not None else 0,
        "convention": convention.key,
        **{key: view[key] for key in OF_A_COUNCIL},
        "text": " ".join(council_reasons(election, receipt)),
        **_since(receipt.since, time_of),
        "source": state.count.source.value,
        "seats": [
            {
                "party_id": it.group,
                **party_told(election, it.group),
                "seats": it.seats,
                "continuing": it.continuing,
                "most": it.most,
                "before": it.before,
                "change": it.change,
            }
            for it in receipt.seats
        ],
        "counted": [
            {
                "kind": it.kind.value,
                "ballot_id": it.ballot_id or None,
                "seats": dict(it.seats),
                "vacant": it.vacant,
                "to_come": it.to_come,
                **_entry(it.seq, time_of),
            }
            for it in receipt.counted
        ],
        "change_since_seq": receipt.change_since,
        "houses": [_house_view(election, state, it) for it in election.conventions.values()],
        "houses_differ": {
            "control": receipt.differs_in_control,
            "seats": receipt.differs_in_seats,
            "text": houses_differ(election, receipt) or None,
        },
    }


def _house_view(election: Election, state: CouncilState, convention: Convention) -> JsonObject:
    """What a convention makes of the same seats."""
    view = council_view(election, state, convention)
    told = {key: view[key] for key in ("before", "outcome", "badge", "change", "change_basis")}
    return {"convention": convention.key, "label": convention.label, **told}


def party_why_view(night: Night, group: str, convention: Convention, time_of: TimeOf) -> JsonObject:
    """Why a party, or NOC, has its row of the scoreboard; ``parts`` add up to ``row``."""
    receipt = party_receipt(night, group, convention)
    return {
        "slug": night.election.slug,
        "seq": night.seq,
        "convention": convention.key,
        "party_id": group,
        **party_told(night.election, group),
        "text": " ".join(party_reasons(night, receipt, time_of(receipt.since))),
        **_since(receipt.since, time_of),
        "row": _row_view(receipt.row, receipt.changes[convention.key]),
        "parts": [
            {
                "council_id": council_id,
                **_part_of_row_view(part, night.councils[council_id].comparisons[convention.key]),
            }
            for council_id, part in receipt.parts.items()
        ],
        "contests": [
            {"ballot_id": ballot_id, "seats": won, "gained": gained}
            for ballot_id, (won, gained) in receipt.contests.items()
        ],
        "houses": [{"convention": key, **_row_view(receipt.row, it)} for key, it in receipt.changes.items()],
        "houses_differ": {
            "councils": list(receipt.differing),
            "text": " ".join(party_houses(night.election, receipt)) or None,
        },
    }


def _row_view(row: Tally, change: KnownChange) -> JsonObject:
    """The same number of councils and seats whoever compares; a change is null where nothing is known of it."""
    return {
        "councils": row.councils,
        "councils_change": change.councils,
        "seats": row.seats,
        "seats_change": change.seats,
    }


def _part_of_row_view(part: Tally, comparison: Comparison) -> JsonObject:
    """What a council adds; a change is null where there is nothing to compare with, or not yet."""
    change = KnownChange(
        part.councils_change if comparison.holders is not None else None,
        part.seats_change if comparison.change is not None else None,
    )
    return _row_view(part, change)


def night_why_view(night: Night, convention: Convention, time_of: TimeOf) -> JsonObject:
    """Why the night is as far as it is, and its turnout; ``parts`` add up to both."""
    receipt = night_receipt(night)
    return {
        "slug": night.election.slug,
        "seq": night.seq,
        "convention": convention.key,
        "text": " ".join(night_reasons(night, receipt, time_of(receipt.since))),
        **_since(receipt.since, time_of),
        "progress": asdict(receipt.progress),
        "turnout": _turnout_view(receipt.votes),
        "parts": [_part_view(council_id, *part) for council_id, part in receipt.parts.items()],
    }


def _part_view(council_id: str, progress: Progress, votes: VoteSums) -> JsonObject:
    return {"council_id": council_id, **asdict(progress), "turnout": _turnout_view(votes)}


def _turnout_view(votes: VoteSums) -> JsonObject:
    view = votes_view(votes)
    return {
        "turnout": view["turnout"],
        "covers": view["turnout_covers"],
        "papers": votes.papers,
        "electorate": votes.electorate,
    }


def _since(seq: int, time_of: TimeOf) -> JsonObject:
    """The first entry from which it has been so without a break; 0 and null before the first."""
    entry = _entry(seq, time_of)
    return {"since_seq": seq, "since": entry["at"]}


def _entry(seq: int, time_of: TimeOf) -> JsonObject:
    at = time_of(seq) if seq else None
    return {"seq": seq or None, "at": at.isoformat() if at is not None else None}
