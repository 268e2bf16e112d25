"""What the ids of parties stand for, as the API answers them: names, short names and colours."""

from collections.abc import Iterable
from typing import Any

from app.domain.election import NO_CONTROL_COLOUR, NO_OVERALL_CONTROL, Election
from app.wording.control import NO_CONTROL_NAME


def party_told(election: Election, control: str) -> dict[str, Any]:
    """What a party id, or NOC, is called, and its colour as ``#rrggbb``."""
    if control == NO_OVERALL_CONTROL:
        return {"name": NO_CONTROL_NAME, "short": NO_OVERALL_CONTROL, "colour": NO_CONTROL_COLOUR}
    party = election.party(control)
    return {"name": party.name, "short": party.short, "colour": party.colour}


def party_if_any(election: Election, control: str | None) -> dict[str, Any] | None:
    """The same; null where nobody is meant."""
    return party_told(election, control) if control is not None else None


def parties_view(election: Election) -> dict[str, Any]:
    """Every party by its id: what the ids in an answer stand for."""
    return {it: {**party_told(election, it), "group": election.group(it)} for it in election.parties}


def groups_view(election: Election, groups: Iterable[str]) -> dict[str, Any]:
    """These reporting groups by their ids, NOC among them; one that the catalogue has no more is left out."""
    known = {*election.groups, NO_OVERALL_CONTROL}
    return {group: party_told(election, group) for group in groups if group in known}
