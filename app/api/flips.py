"""The decisions of a night as the API answers them."""

from app.api.parties import party_told
from app.api.values import JsonObject, first_since_view
from app.domain.decisions import Decision
from app.domain.election import Convention
from app.domain.night import Night
from app.wording.control import holders_badge
from app.wording.flips import decision_line


def flips_view(night: Night, *, epoch: str, convention: Convention) -> JsonObject:
    """Every change of control, newest first, and apart from them what was held; what was undone is among them.

    ``seq`` is 0 and ``at`` null of what was certain before the first entry. Seats are those of that moment.
    """
    decisions = night.decisions[convention.key]
    return {
        "slug": night.election.slug,
        "seq": night.seq,
        "epoch": epoch,
        "convention": convention.key,
        "flips": [decision_view(night, it) for it in decisions if it.is_flip],
        "holds": [decision_view(night, it) for it in decisions if not it.is_flip],
    }


def decision_view(night: Night, decision: Decision) -> JsonObject:
    """A decision, with the seats of that moment."""
    then, state, undone = night.election_at(decision.seq), decision.state, decision.undone_by
    return {
        "seq": decision.seq,
        "at": decision.at.isoformat() if decision.at is not None else None,
        "council_id": decision.council_id,
        "council": state.council.name,
        "gss": state.council.gss or None,
        "ballot_id": decision.ballot_id,
        "now": decision.holders.now,
        "now_party": party_told(then, decision.holders.now),
        "before": decision.holders.before,
        "before_party": party_told(then, decision.holders.before),
        "badge": holders_badge(then, decision.holders),
        "flash": decision_line(then, decision),
        "seats": dict(state.seats),
        "total_seats": state.council.total_seats,
        "seats_to_come": state.seats_to_come,
        "first_since": first_since_view(then, state) if decision.ballot_id is None else None,
        "undone": None
        if undone is None
        else {"seq": undone.seq, "at": undone.at.isoformat(), "reason": undone.reason or None},
    }
