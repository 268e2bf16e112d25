"""A ranking as a file for spreadsheets: the same columns whatever is ranked, empty where they are not of it."""

from collections.abc import Mapping

from app.api.rankings import ranked_view
from app.bundles.exporting import YES_OR_NO, Cell
from app.domain.election import Election
from app.domain.rankings import Ranked, Ranking

RANKING_COLUMNS = (
    "place",
    "joint",
    "council_id",
    "council",
    "region",
    "ballot_id",
    "ward",
    "sequence",
    "margin",
    "turnout",
    "turnout_counted",
    "gained",
    "groups",
    "group_names",
    "candidate",
    "votes",
    "by_lot",
    "behind",
    "behind_votes",
    "role",
    "loses_seat",
    "council_gss",
    "ward_gss",
    "party_id",
    "party",
    "party_short",
    "party_colour",
)
"""docs/exports.md says what each holds."""

_AS_IN_JSON = (
    "place",
    "council_id",
    "council",
    "council_gss",
    "region",
    "ballot_id",
    "ward",
    "ward_gss",
    "margin",
    "gained",
)


def ranking_row(election: Election, row: Ranked, ranking: Ranking) -> Mapping[str, Cell]:
    """The cells of a row; of several who are level the names stand together."""
    view = ranked_view(election, row, ranking)
    turnout, candidates, behind = view["turnout"] or {}, view["candidates"], view["behind"]
    person = candidates[0] if candidates else {}
    return {
        **{name: view[name] for name in _AS_IN_JSON},
        "joint": YES_OR_NO[row.joint if row.place is not None else None],
        "sequence": row.seq,
        "turnout": turnout.get("percentage"),
        "turnout_counted": YES_OR_NO[turnout.get("counted")],
        "groups": "; ".join(view["groups"]),
        "group_names": "; ".join(election.party(group).name for group in view["groups"]),
        "candidate": "; ".join(it["name"] for it in candidates),
        "votes": person.get("votes"),
        "by_lot": YES_OR_NO[person.get("by_lot")],
        "behind": "; ".join(it["name"] for it in behind),
        "behind_votes": behind[0]["votes"] if behind else None,
        "role": person.get("role"),
        "loses_seat": YES_OR_NO[person.get("loses_seat")],
        **_party_cells(election, person.get("party_id") or (view["groups"][0] if len(view["groups"]) == 1 else None)),
    }


def _party_cells(election: Election, party_id: str | None) -> Mapping[str, Cell]:
    """Of whom the row is about; empty where that is nobody, or several parties."""
    if party_id is None:
        return {}
    party = election.party(party_id)
    return {
        "party_id": party_id,
        "party": party.name,
        "party_short": party.short,
        "party_colour": party.colour,
    }
