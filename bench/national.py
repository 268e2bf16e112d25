"""A national night, generated: any number of councils and contests, the same for the same seed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from app.domain.declarations import Entry, WardDeclaration
from app.domain.election import Baseline, Candidacy, Contest, Convention, Council, Election, Party

PARTIES = {
    party.party_id: party
    for party in (
        Party("PP52", "Conservative Party", "CON", "#0087DC"),
        Party("PP53", "Labour Party", "LAB", "#E4003B"),
        Party("PP90", "Liberal Democrats", "LD", "#FAA61A"),
        Party("PP63", "Green Party", "GRN", "#02A95B"),
        Party("ynmp-party:2", "Independent", "IND", "#DCDCDC"),
    )
}
CONVENTIONS = {
    "bbc": Convention("bbc", "Against the last time", ("eve",), ("last",)),
    "pa": Convention("pa", "Against the eve of poll", ("eve",), ("eve",)),
}
POLLING_DAY = date(2023, 5, 4)


def national_election(
    councils: int = 300, contests_each: int = 20, *, seats_each: int | None = None, seed: int = 2023
) -> Election:
    """``councils`` of ``contests_each`` wards; every party stands for every seat. ``seats_each`` None: one to three."""
    random = Random(seed)  # the same night every time
    return Election(
        slug="national-2023",
        election_id="local.2023-05-04",
        name="National council elections",
        polling_date=POLLING_DAY,
        timezone="Europe/London",
        convention="bbc",
        conventions=CONVENTIONS,
        parties=PARTIES,
        councils={
            it.council_id: it for it in (_council(random, n, contests_each, seats_each) for n in range(councils))
        },
    )


def _council(random: Random, number: int, contests: int, seats_each: int | None) -> Council:
    council_id = f"council-{number:03}"
    wards = tuple(_contest(random, council_id, ward, seats_each) for ward in range(contests))
    seats = sum(contest.seats_up for contest in wards)
    share = {"PP52": seats // 2, "PP53": seats // 3, "PP90": seats - seats // 2 - seats // 3}
    control = random.choice(["PP52", "PP53", "NOC"])
    return Council(
        council_id=council_id,
        name=f"Council {number:03}",
        total_seats=seats,
        contests=wards,
        kind="district",
        region=f"Region {number % 9}",
        baselines={basis: Baseline(basis, control, share) for basis in ("eve", "last")},
    )


def _contest(random: Random, council_id: str, number: int, seats_each: int | None) -> Contest:
    ballot_id = f"local.{council_id}.ward-{number:02}.2023-05-04"
    seats = seats_each or random.randint(1, 3)
    candidacies = tuple(
        Candidacy(f"{council_id}-{number}-{party_id}-{place}", f"Candidate {place} of {party_id}", party_id)
        for party_id in PARTIES
        for place in range(seats)
    )
    return Contest(ballot_id, council_id, f"Ward {number:02}", seats, electorate=5000, candidacies=candidacies)


def national_night(election: Election, *, seed: int = 4) -> Iterator[Entry]:
    """Every contest declared once, in an order that mixes the councils, ten seconds apart."""
    random = Random(seed)  # the same night every time
    contests = list(election.contests.values())
    random.shuffle(contests)
    close = datetime(2023, 5, 4, 22, tzinfo=UTC)
    for seq, contest in enumerate(contests, start=1):
        declaration = WardDeclaration(contest.ballot_id, votes=_votes(random, contest), ballots=4000, turnout=80.0)
        yield Entry(seq, close + timedelta(seconds=10 * seq), declaration, contest.council_id, contest.ballot_id)


def _votes(random: Random, contest: Contest) -> dict[str, int]:
    """Votes that 4,000 ballots can have, without ties: the parties are some way apart, running mates by one vote."""
    strength = dict(zip(PARTIES, random.sample(range(100, 900, 5), len(PARTIES)), strict=True))
    share = {party_id: 3900 * strength[party_id] // sum(strength.values()) for party_id in PARTIES}
    return {
        it.candidacy_id: share[it.party_id] - place % contest.seats_up for place, it in enumerate(contest.candidacies)
    }
