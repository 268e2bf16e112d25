"""Democracy Club's ids of polls: what they are of, how such a poll is decided, and ids for what comes without one.

By the rules that Democracy Club publishes and keeps as a library: https://democracyclub.github.io/uk-election-ids/.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from uk_election_ids.election_ids import IdBuilder
from uk_election_ids.metadata_tools import VotingSystemMatcher
from uk_election_ids.slugger import slugify

from app.domain.election import VotingSystem

OFFICES = frozenset({"mayor", "pcc"})
"""What one person is elected to, by the first part of an id; all else is a body with seats."""
REFERENDUM = "ref"
NATIONS: Mapping[str, str] = {"Scotland": "SCT", "Northern Ireland": "NIR", "Wales": "WLS"}
"""By the region that a poll is in; all others are England's."""

_BY_LISTS = frozenset({"AMS", "PR-CL"})
_SYSTEMS = {"FPTP": VotingSystem.PLURALITY, "STV": VotingSystem.STV}


class NotElected(ValueError):
    """A poll that is no part of an election here; the message says why."""


class PollId(NamedTuple):
    """What an id says: the kind of election, what is elected to, and how."""

    kind: str
    council_id: str
    voting_system: VotingSystem
    by_lists: bool

    @property
    def is_office(self) -> bool:
        return self.kind in OFFICES


def read_id(ballot_id: str, region: str = "") -> PollId:
    """What ``ballot_id`` says; raises ValueError where it is none, and NotElected for what is not elected here."""
    built = IdBuilder.from_id(ballot_id)
    if built.ballot_id != ballot_id:
        raise ValueError("an id of several polls together")
    kind = built.election_type
    if kind == REFERENDUM:
        raise NotElected("referendums elect nobody")
    try:
        system = VotingSystemMatcher(ballot_id, nation=NATIONS.get(region, "ENG")).get_voting_system()
    except ValueError:
        raise NotElected("their voting system is not known") from None
    if system not in _SYSTEMS and system not in _BY_LISTS:
        raise NotElected("they are counted by the supplementary vote, in two rounds")
    # Seats of constituencies and those of regions are in one body: “gla” is the London Assembly.
    council_id = kind if not built.organisation else built.organisation
    if kind in OFFICES:
        council_id = f"{kind}-{built.organisation or built.division}"
    return PollId(kind, council_id, _SYSTEMS.get(system, VotingSystem.PLURALITY), system in _BY_LISTS)


def ballot_id_of(kind: str, council_id: str, ward: str, day: date, *, by: bool) -> str:
    """An id as Democracy Club would give it; raises ValueError where something that it needs is missing."""
    builder = IdBuilder(kind, day).with_contest_type("by" if by else "election")
    if kind == "parl":
        return str(builder.with_division(ward).ballot_id)
    builder = builder.with_organisation(council_id)
    return str((builder if kind in OFFICES else builder.with_division(ward)).ballot_id)


def slug(text: str) -> str:
    """``text`` in small letters, digits and hyphens, as ids have it."""
    return str(slugify(text)).replace("_", "-").strip("-")


def apart(wanted: str, taken: set[str]) -> str:
    """``wanted``, or with a number behind it where that is ``taken`` already; it is taken from now on."""
    found, number = wanted, 1
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    taken.add(found)
    return found
