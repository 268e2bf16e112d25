"""A row a party: what the ids in the other files stand for."""

from collections.abc import Iterator

from app.bundles.columns import PARTIES, names
from app.bundles.exporting import BYTE_ORDER_MARK, YES_OR_NO, Export, heading, lines
from app.domain.council import CouncilState
from app.domain.election import Election, Party

PARTY_COLUMNS = names(PARTIES)
"""The columns of :func:`parties_csv_export`."""


def parties_csv_export(election: Election, *, rehearsal: bool = False) -> Export:
    """Every party of the election, in the order of its file; nothing in it comes of a council."""
    rows = lines(PARTY_COLUMNS, (_row(election, party) for party in election.parties.values()), rehearsal=rehearsal)
    return Export(f"{BYTE_ORDER_MARK}{heading(PARTY_COLUMNS, rehearsal=rehearsal)}{rows}", _nothing)


def _row(election: Election, party: Party) -> dict[str, str | None]:
    group = election.party(election.group(party.party_id))
    return {
        "party_id": party.party_id,
        "name": party.name,
        "short": party.short,
        "colour": party.colour,
        "group": group.party_id,
        "group_name": group.name,
        "umbrella": YES_OR_NO[party.umbrella],
    }


def _nothing(_: CouncilState) -> Iterator[str]:
    return iter(())
