"""A party's night as the API answers it."""

from app.api.flips import decision_view
from app.api.rankings import ranked_view
from app.api.values import JsonObject
from app.domain.election import Convention
from app.domain.night import Night
from app.domain.party_night import PartyNight, PartySums
from app.domain.rankings import Ranking, first_rows
from app.wording.party_night import party_sentences

MOST_CLOSE = 10
"""Of its closest wins and losses; the rest are in the ranking, and nobody is cut off among equals."""


def party_view(night: Night, party: PartyNight, convention: Convention, *, epoch: str) -> JsonObject:
    """What the night is for a reporting group; councils are told by their ids."""
    election, own = night.election, night.election.party(party.group)
    return {
        "slug": election.slug,
        "seq": night.seq,
        "epoch": epoch,
        "convention": convention.key,
        "party": party.group,
        "name": own.name,
        "short": own.short,
        "colour": own.colour,
        "sentences": party_sentences(night, party),
        **_sums_view(party.sums),
        "by_elections": _sums_view(party.apart) if party.apart is not None else None,
        "regions": [{"region": name, **_sums_view(sums)} for name, sums in party.regions.items()],
        "flips_gained": [decision_view(night, it) for it in party.gained],
        "flips_lost": [decision_view(night, it) for it in party.lost],
        "leads": [
            {
                "council_id": it.council_id,
                "seats": it.seats.get(party.group, 0),
                "needs": it.needs.get(party.group),
                "to_come": it.seats_to_come,
            }
            for it in party.leads
        ],
        "largest": [it.council_id for it in party.largest],
        "moved": [{"council_id": it.state.council_id, "change": it.change} for it in party.moved],
        "closest_wins": [ranked_view(election, row, Ranking.CLOSEST) for row in first_rows(party.wins, MOST_CLOSE)],
        "closest_losses": [ranked_view(election, row, Ranking.CLOSEST) for row in first_rows(party.losses, MOST_CLOSE)],
        "elected": party.elected,
        "out": len(party.out),
        "out_with_a_role": [
            ranked_view(election, row, Ranking.OUT) for row in party.out if row.candidates[0].candidacy.role
        ],
    }


def _sums_view(sums: PartySums) -> JsonObject:
    """``change`` is of the ``compared_seats``, and of ``covers[0]`` of ``covers[1]`` councils; null where of none."""
    return {
        "seats": sums.tally.seats,
        "compared_seats": sums.tally.seats_compared,
        "change": sums.change,
        "covers": list(sums.covers),
        "councils": sums.tally.councils,
        "gained": list(sums.hands.gained),
        "held": list(sums.hands.held),
        "lost": list(sums.hands.lost),
    }
