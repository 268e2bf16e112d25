"""The watch list: councils and parties that a reader follows, by their ids in the address of the dashboard.

It stands above the board, and needs no script; ``js/overview/watch.js`` keeps it as current as the rows are.
"""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.council import CouncilState
from app.domain.election import Convention, Election
from app.domain.night import Night
from app.pages.addresses import council_url
from app.pages.components.badge import Badge, badge_of
from app.wording.night import name_of

MOST_WATCHED = 40
"""What comes after them in an address is not watched."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A council, with its badge and how far its count is; or a party, which has neither, nor an ``address``.

    ``others`` is the list without it, as it stands in an address.
    """

    identity: str
    name: str
    others: str
    address: str = ""
    badge: Badge | None = None
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Watchable:
    """What can be put on the list: ids and names."""

    councils: list[tuple[str, str]]
    parties: list[tuple[str, str]]


def watched(
    night: Night, convention: Convention, asked: str, standing: Callable[[Election, CouncilState], str]
) -> list[Watched]:
    """What ``asked`` names, ids with commas between them, in that order; what the election has not is left out."""
    election = night.election
    ids = [it for it in dict.fromkeys(asked.split(",")) if it in night.councils or it in election.groups]
    found = []
    for identity in ids[:MOST_WATCHED]:
        others, state = ",".join(it for it in ids if it != identity), night.councils.get(identity)
        if state is None:
            found.append(Watched(identity, name_of(election, identity), others))
            continue
        badge = badge_of(election, state, convention.key)
        address = council_url(election, identity, convention)
        found.append(Watched(identity, state.council.name, others, address, badge, standing(election, state)))
    return found


def watchable(night: Night) -> Watchable:
    """Every council by name, and the parties that have a seat or had one, in the order of the party file."""
    election = night.election
    seated = {group for state in night.councils.values() for group in state.seats}
    before = {
        group
        for state in night.councils.values()
        for it in state.council.baselines.values()
        for group in it.seats or ()
    }
    return Watchable(
        sorted(((council_id, council.name) for council_id, council in election.councils.items()), key=lambda it: it[1]),
        [(group, name_of(election, group)) for group in election.groups if group in seated | before],
    )
