"""Councils to watch as the API answers them: what every party needs where, and how early control was certain."""

from app.api.parties import party_if_any, party_told
from app.api.values import JsonObject
from app.domain.election import Convention, Election
from app.domain.night import Night
from app.domain.to_watch import Contender, CouncilToWatch, Defence, Lead, leads, order_of, to_watch
from app.wording.story.text import together
from app.wording.to_watch import defence_told, lead_told, nearness_told, needs_told, nobody_told


def to_watch_view(night: Night, convention: Convention, *, epoch: str, region: str = "", order: str = "") -> JsonObject:
    """The councils whose control is undecided, the nearest first; a ``region`` that there is not asks for nothing."""
    known = {state.council.region for state in night.councils.values()}
    region = region if region in known else ""
    return {
        "slug": night.election.slug,
        "seq": night.seq,
        "epoch": epoch,
        "convention": convention.key,
        "region": region or None,
        "councils": [_watched_view(night, it) for it in to_watch(night, convention, region, order_of(order))],
        "leads": [_lead_view(night, it) for it in leads(night, region)],
    }


def _watched_view(night: Night, watched: CouncilToWatch) -> JsonObject:
    state, election, before = watched.state, night.election, watched.comparison.before
    told = [
        nearness_told(election, watched),
        *(needs_told(election, watched, it) for it in watched.contenders),
        nobody_told(watched),
        *defence_told(election, watched),
    ]
    return {
        "council_id": state.council_id,
        "name": state.council.name,
        "gss": state.council.gss or None,
        "seats": dict(state.seats),
        "total_seats": state.council.total_seats,
        "majority": state.majority,
        "seats_to_come": state.seats_to_come,
        "contests_to_come": sum(not it.is_decided for it in state.contests.values()),
        "source": state.count.source.value,
        "before": {"control": before.control, "basis": before.basis} if before else None,
        "before_party": party_if_any(election, before.control if before else None),
        "at_least": watched.at_least,
        "deciding": [contest.ballot_id for contest in watched.deciding],
        "noc_possible": watched.can_be_nobody,
        "parties": [_contender_view(election, it) for it in watched.contenders],
        "seats_to_change": watched.seats_to_change,
        "defence": _defence_view(watched.defence) if watched.defence else None,
        "text": together(told),
    }


def _contender_view(election: Election, contender: Contender) -> JsonObject:
    return {
        "party_id": contender.group,
        **party_told(election, contender.group),
        "needs": contender.needs,
        "can_take": contender.can_take,
        "contests": [
            {"ballot_id": it.contest.ballot_id, "can_take": it.most, "needs_at_least": it.needed}
            for it in contender.places
        ],
    }


def _defence_view(defence: Defence) -> JsonObject:
    return {
        "basis": defence.basis,
        "seats": dict(defence.seats_up),
        "no_poll": dict(defence.no_poll),
        "control": defence.controls,
        "majority_over_others": defence.majority,
        "can_lose": defence.can_lose,
        "largest": list(defence.largest),
        "short_by": defence.short,
    }


def _lead_view(night: Night, lead: Lead) -> JsonObject:
    since_at = lead.since.at
    return {
        "council_id": lead.state.council_id,
        "control": lead.state.holder,
        "certain": {"seq": lead.since.seq, "at": since_at.isoformat() if since_at else None},
        "last": {"seq": lead.last.seq, "at": lead.last.at.isoformat(), "ballot_id": lead.contest.ballot_id},
        "minutes": lead.minutes,
        "seats_to_come": lead.since.seats_to_come,
        "text": lead_told(night.election, lead).text,
    }
