"""Valid-by-default values for tests: say only what the test is about."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.domain.declarations import Declaration, Entry, TallyDeclaration, WardDeclaration
from app.domain.election import (
    Baseline,
    Cancellation,
    Candidacy,
    Contest,
    Convention,
    Council,
    Election,
    Party,
)

LAB, CON, LD, GRN, IND = "PP53", "PP52", "PP90", "PP63", "ynmp-party:2"

POLLS_CLOSED = datetime(2023, 5, 4, 21, 0, tzinfo=UTC)
"""22:00 in Kent."""

PARTIES = {
    party.party_id: party
    for party in (
        Party(CON, "Conservative Party", "CON", "#0087DC"),
        Party(LAB, "Labour Party", "LAB", "#E4003B"),
        Party("joint-party:53-119", "Labour and Co-operative Party", "LAB", "#E4003B", group=LAB),
        Party(LD, "Liberal Democrats", "LD", "#FAA61A"),
        Party(GRN, "Green Party", "GRN", "#02A95B"),
        Party(IND, "Independent", "IND", "#DCDCDC"),
    )
}

CONVENTIONS = {
    "bbc": Convention("bbc", "BBC", control=("bbc", "eve"), seats=("notional", "last")),
    "pa": Convention("pa", "PA", control=("eve",), seats=("eve",)),
}


def a_ballot(ward: str, council_id: str = "testshire") -> str:
    return f"local.{council_id}.{ward}.2023-05-04"


def a_candidacy(ward: str, party_id: str, number: int = 1, **fields: Any) -> Candidacy:
    """Its id is ``ward-PARTY-number``."""
    short = PARTIES[party_id].short
    identifier = f"{ward}-{short}-{number}"
    return Candidacy(identifier, fields.pop("name", f"{short} {number} of {ward}"), party_id, **fields)


def a_contest(
    ward: str = "north",
    *,
    council_id: str = "testshire",
    seats_up: int = 1,
    parties: Iterable[str] = (LAB, CON),
    each: int | None = None,
    electorate: int | None = 5000,
    cancelled: Cancellation | None = None,
    candidacies: tuple[Candidacy, ...] | None = None,
    **fields: Any,
) -> Contest:
    """A ward in which every party stands ``each`` candidates: as many as there are seats, unless it is said.

    ``fields`` are others of a contest; ``by`` makes it a by-election, and ``name`` is what its ward is called.
    """
    if candidacies is None:
        candidacies = tuple(
            a_candidacy(ward, party_id, number)
            for party_id in parties
            for number in range(1, (seats_up if each is None else each) + 1)
        )
    return Contest(
        ballot_id=a_ballot(f"{ward}.by" if fields.pop("by", False) else ward, council_id),
        council_id=council_id,
        ward=fields.pop("name", ward.title()),
        seats_up=seats_up,
        electorate=electorate,
        cancelled=cancelled,
        candidacies=candidacies,
        **fields,
    )


def a_council(
    *contests: Contest,
    council_id: str = "testshire",
    name: str | None = None,
    total_seats: int | None = None,
    continuing: Mapping[str, int] | None = None,
    eve: str | None = CON,
    **fields: Any,
) -> Council:
    """A council of the contests given; its total is theirs and the continuing seats, unless it is said."""
    contests = contests or (a_contest(council_id=council_id),)
    continuing = continuing or {}
    if total_seats is None:
        total_seats = sum(continuing.values()) + sum(contest.seats_up for contest in contests)
    baselines = fields.pop("baselines", {"eve": Baseline("eve", control=eve)} if eve is not None else {})
    return Council(
        council_id=council_id,
        name=name or council_id.title(),
        total_seats=total_seats,
        contests=contests,
        continuing=continuing,
        baselines=baselines,
        **fields,
    )


def an_election(*councils: Council, **fields: Any) -> Election:
    councils = councils or (a_council(),)
    values: dict[str, Any] = {
        "slug": "test-2023",
        "election_id": "local.2023-05-04",
        "name": "Test elections 2023",
        "polling_date": date(2023, 5, 4),
        "timezone": "Europe/London",
        "convention": "bbc",
        "conventions": CONVENTIONS,
        "parties": PARTIES,
        "councils": {council.council_id: council for council in councils},
    }
    return Election(**{**values, **fields})


SHORTS = an_election()
"""An election that has the parties of all others here: what is told of control needs no more of it than their names."""


def votes_for(contest: Contest, *winners: str) -> dict[str, int]:
    """Votes by which the candidacies of the parties ``winners``, in this order, come first."""
    ranked = sorted(
        contest.candidacies,
        key=lambda candidacy: winners.index(candidacy.party_id) if candidacy.party_id in winners else len(winners),
    )
    return {candidacy.candidacy_id: 1000 - 7 * place for place, candidacy in enumerate(ranked)}


def a_ward(contest: Contest, *winners: str, **fields: Any) -> WardDeclaration:
    """A declaration of ``contest`` that the parties ``winners`` come first in."""
    fields.setdefault("votes", None if "seats" in fields else votes_for(contest, *winners))
    return WardDeclaration(contest.ballot_id, **fields)


def a_tally(seats: Mapping[str, int], *, council_id: str = "testshire", complete: bool = False, **fields: Any) -> Any:
    return TallyDeclaration(council_id, seats, complete, **fields)


def an_entry(seq: int, declaration: Declaration, election: Election | None = None, **fields: Any) -> Entry:
    """``declaration`` in the log, a minute after the one before it."""
    content = getattr(declaration, "content", declaration)
    ballot_id = fields.pop("ballot_id", getattr(content, "ballot_id", None))
    council_id = fields.pop("council_id", getattr(content, "council_id", None))
    if council_id is None and ballot_id is not None:
        council_id = ballot_id.split(".")[1]
    at = fields.pop("at", POLLS_CLOSED + timedelta(minutes=60 + seq))
    return Entry(seq, at, declaration, council_id, ballot_id, **fields)
