"""A parliament, generated: one body of 650 one-seat constituencies, the same for the same seed.

The places are real, what they do is not.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

from app.domain.election import Baseline, Candidacy, Contest, Convention, Council, Election, Party, Words
from tests.builders import CON, GRN, IND, LAB, LD

SLUG, COMMONS = "parliament-2029", "house-of-commons"
REF, SNP, PC, DUP, SF, APNI, SDLP, WPB = "PP7931", "PP102", "PP77", "PP70", "PP39", "PP103", "PP55", "PP6838"

PARTIES = {
    party.party_id: party
    for party in (
        Party(LAB, "Labour Party", "LAB", "#E4003B"),
        Party("joint-party:53-119", "Labour and Co-operative Party", "LAB", "#E4003B", group=LAB),
        Party(CON, "Conservative and Unionist Party", "CON", "#0087DC"),
        Party(REF, "Reform UK", "REF", "#12B6CF"),
        Party(LD, "Liberal Democrats", "LD", "#FAA61A"),
        Party(GRN, "Green Party", "GRN", "#02A95B"),
        Party(SNP, "Scottish National Party", "SNP", "#FDF38E"),
        Party(PC, "Plaid Cymru", "PC", "#005B54"),
        Party(SF, "Sinn Féin", "SF", "#326760"),
        Party(DUP, "Democratic Unionist Party", "DUP", "#D46A4C"),
        Party(APNI, "Alliance Party of Northern Ireland", "APNI", "#F6CB2F"),
        Party(SDLP, "Social Democratic and Labour Party", "SDLP", "#2AA82C"),
        Party(WPB, "Workers Party of Britain", "WPB", "#780021"),
        Party(IND, "Independent", "IND", "#DCDCDC"),
    )
}

CONVENTIONS = {"usual": Convention("usual", "Against the last general election", ("last",), ("last",))}


NAMES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))

NATIONS = (
    (NAMES["english"], 543, {LAB: 36, CON: 24, REF: 16, LD: 12, GRN: 8, WPB: 2, IND: 2}),
    (NAMES["scottish"], 57, {LAB: 33, SNP: 32, CON: 14, REF: 10, LD: 9, GRN: 5, IND: 1}),
    (NAMES["welsh"], 32, {LAB: 36, PC: 18, CON: 16, REF: 17, LD: 7, GRN: 5, IND: 1}),
    (NAMES["irish"], 18, {SF: 27, DUP: 24, APNI: 15, SDLP: 11, CON: 2, GRN: 2, IND: 5}),
)
"""Places, constituencies, and by party the votes in a hundred that it has last time; there are 650."""

SWING = {LAB: -10, CON: -3, REF: 12, LD: 1, GRN: 3, SNP: 2, PC: 3, WPB: -1, SF: 1, DUP: -2, APNI: 1, SDLP: 0, IND: 0}
"""What has changed since, in points."""

PARTS = ("", "North", "South", "East", "West", "Central", "North and the Vale", "South and the Downs")


def parliament(*, seed: int = 2029) -> Election:
    """The House of Commons before the first declaration: about 4,300 candidates of thirteen parties."""
    random = Random(seed)  # the same parliament every time
    contests, holders = [], Counter[str]()
    for places, number, votes in NATIONS:
        names = [f"{place} {part}".rstrip() for part, place in product(PARTS, places)]
        for ward in sorted(names[:number]):
            contests.append(_contest(random, ward, votes))
            holders.update(contests[-1].holder)
    commons = Council(
        council_id=COMMONS,
        name="House of Commons",
        total_seats=len(contests),
        contests=tuple(sorted(contests, key=lambda contest: contest.ballot_id)),
        kind="parliament",
        baselines={"last": Baseline("last", "NOC" if max(holders.values()) < 326 else LAB, dict(holders))},
    )
    return Election(
        slug=SLUG,
        election_id="parl.2029-05-03",
        name="General election 2029",
        polling_date=date(2029, 5, 3),
        timezone="Europe/London",
        convention="usual",
        conventions=CONVENTIONS,
        parties=PARTIES,
        councils={COMMONS: commons},
        words=Words("parliament", "parliaments", "constituency", "constituencies"),
    )


def _contest(random: Random, ward: str, votes: dict[str, int]) -> Contest:
    name = ward.lower().replace(" ", "-")
    standing = [party for party, share in votes.items() if share > 5 or random.random() < 0.6]
    standing += [IND] * random.randrange(2)
    candidacies = tuple(
        Candidacy(f"{name}-{place}", f"{random.choice(NAMES['first'])} {random.choice(NAMES['last'])}", party_id)
        for place, party_id in enumerate(standing)
    )
    by_surname = tuple(sorted(candidacies, key=lambda it: it.name.split()[-1]))
    electorate = random.randrange(69_000, 77_000)
    contest = Contest(f"parl.{name}.2029-05-03", COMMONS, ward, 1, electorate=electorate, candidacies=by_surname)
    return replace(contest, holder=(_held_by(contest),))


def _shares(contest: Contest) -> dict[str, float]:
    """By candidacy the points it has last time: what its party has, and what is the place's own."""
    random = Random(contest.ballot_id)  # a place is what it is
    usual = next(votes for places, _, votes in NATIONS if contest.ward.startswith(tuple(places)))
    return {it.candidacy_id: usual.get(it.party_id, 1) * random.lognormvariate(0, 0.55) for it in contest.candidacies}


def _held_by(contest: Contest) -> str:
    shares = _shares(contest)
    return contest.candidacies_by_id[max(shares, key=shares.__getitem__)].party_id


def declarations(election: Election, *, seed: int = 3) -> Iterator[dict[str, Any]]:
    """The night, as it is posted: every constituency once, in an order of its own, twenty-five seconds apart."""
    random = Random(seed)  # the same night every time
    contests = list(election.contests.values())
    random.shuffle(contests)
    closed = datetime(2029, 5, 3, 21, tzinfo=UTC)
    for number, contest in enumerate(contests):
        votes = _votes(random, contest)
        at = closed + timedelta(hours=1, seconds=25 * number)
        yield {
            "kind": "ward",
            "ballot_id": contest.ballot_id,
            "votes": votes,
            "ballots": sum(votes.values()) + random.randrange(40, 160),
            "at": at.isoformat(),
        }


def _votes(random: Random, contest: Contest) -> dict[str, int]:
    """Without ties: a vote more for each that has as many as another."""
    party = {it.candidacy_id: it.party_id for it in contest.candidacies}
    swung = {
        one: max(0.4, share + SWING[party[one]] * random.uniform(0.4, 1.6)) for one, share in _shares(contest).items()
    }
    papers = int((contest.electorate or 0) * random.uniform(0.52, 0.7))
    votes: dict[str, int] = {}
    for one, share in swung.items():
        number = int(papers * share / sum(swung.values()))
        while number in votes.values():
            number += 1
        votes[one] = number
    return votes
