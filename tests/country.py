"""A whole country's night, generated: 175 councils with 3,567 wards and 70 parties, the same for the same seed.

The places are real, what they do is not. It has what small nights have not: thirds beside whole councils, by-elections,
dozens of councils that change hands, parties that are called alike, and the longest names there are.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count, product
from pathlib import Path
from random import Random
from typing import Any

from app.domain.election import (
    Baseline,
    Cancellation,
    Candidacy,
    Contest,
    ControlSpell,
    Convention,
    Council,
    Cycle,
    Election,
    Party,
)
from tests.builders import CON, GRN, IND, LAB, LD

SLUG = "country-2023"
POLLING_DAY = date(2023, 5, 4)
CLOSE = datetime(2023, 5, 4, 21, tzinfo=UTC)
WARDS, BY_ELECTIONS = 3_567, 12
REF, UKIP, TUSC = "PP7931", "PP85", "PP804"

NAMES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))

NATIONAL = (
    Party(CON, "Conservative and Unionist Party", "CON", "#0087DC"),
    Party(LAB, "Labour Party", "LAB", "#E4003B"),
    Party("joint-party:53-119", "Labour and Co-operative Party", "LAB", "#E4003B", group=LAB),
    Party(LD, "Liberal Democrats", "LD", "#FAA61A"),
    Party(GRN, "Green Party", "GRN", "#02A95B"),
    Party(REF, "Reform UK", "REF", "#12B6CF"),
    Party(UKIP, "UK Independence Party", "UKIP", "#6D3177"),
    Party(TUSC, "Trade Unionist and Socialist Coalition", "TUSC", "#EC008C"),
    Party(IND, "Independent", "IND", "#DCDCDC"),
)
LOCALS = (("Residents’ Association", "RA"), ("Independents", "IND"), ("First", "FIRST"), ("Community Alliance", "COM"))
"""How parties of one place are called: by abbreviations that others have, too."""

CONVENTIONS = {
    "bbc": Convention("bbc", "Seats against the last time they were contested", ("last",), ("last",)),
    "pa": Convention("pa", "Everything against the eve of poll", ("eve",), ("eve",)),
}

STRENGTHS = {
    "North East": {LAB: 44, CON: 22, LD: 11, IND: 10, GRN: 6, REF: 3},
    "North West": {LAB: 42, CON: 27, LD: 11, IND: 7, GRN: 7, REF: 2},
    "Yorkshire and the Humber": {LAB: 37, CON: 26, LD: 15, GRN: 9, IND: 8, REF: 4},
    "East Midlands": {CON: 38, LAB: 31, LD: 10, IND: 10, GRN: 6, REF: 2},
    "West Midlands": {CON: 38, LAB: 33, LD: 9, GRN: 8, IND: 7, REF: 3},
    "East of England": {CON: 38, LAB: 26, LD: 17, IND: 8, GRN: 7, REF: 2},
    "South East": {CON: 37, LAB: 24, LD: 21, GRN: 8, IND: 6, REF: 2},
    "South West": {CON: 35, LD: 25, LAB: 18, IND: 10, GRN: 9, REF: 2},
}
"""By region, the votes in a hundred that each party has last time."""

SWING = {CON: -12, LAB: 1, LD: 7, GRN: 6, REF: 2, IND: 2}
"""What has changed since, in points."""


@dataclass(frozen=True)
class Place:
    """A council before its wards are drawn: who stands there, and the votes in a hundred that they have last time."""

    council_id: str
    name: str
    region: str
    thirds: bool
    votes: Mapping[str, float]


def country(*, seed: int = 2023) -> Election:
    """The country before its first declaration."""
    random = Random(seed)  # the same country every time
    places, parties = _places(random)
    wards = _shares_of(WARDS, [24 if place.thirds else random.choice((14, 18, 22, 26)) for place in places])
    councils = [_council(random, place, number) for place, number in zip(places, wards, strict=True)]
    councils += [_by_elections(random, number, place) for number, place in enumerate(places[::15], 1)]
    return Election(
        slug=SLUG,
        election_id="local.2023-05-04",
        name="English council elections 2023",
        polling_date=POLLING_DAY,
        timezone="Europe/London",
        convention="bbc",
        conventions=CONVENTIONS,
        parties={party.party_id: party for party in parties},
        councils={council.council_id: council for council in councils},
    )


def country_night(election: Election, *, seed: int = 4) -> Iterator[dict[str, Any]]:
    """What is posted, a declaration for each ward with a poll, with the time of each: small counts first."""
    random = Random(seed)  # the same night every time
    counts = []
    for council in election.councils.values():
        begun = random.gauss(4.5, 1.5) if random.random() < 0.6 else random.gauss(14, 2)  # overnight, or on Friday
        length = 0.1 * len(council.contests)
        polls = [contest for contest in council.contests if contest.cancelled is None]
        random.shuffle(polls)
        counts += [(max(1.0, begun) + length * place / len(polls), it) for place, it in enumerate(polls)]
    strengths = {council.council_id: _strengths(random, council) for council in election.councils.values()}
    for hours, contest in sorted(counts, key=lambda told: (told[0], told[1].ballot_id)):
        yield {
            "kind": "ward",
            "ballot_id": contest.ballot_id,
            **_figures(random, contest, strengths[contest.council_id]),
            "at": (CLOSE + timedelta(hours=hours)).isoformat(timespec="seconds"),
        }


def _places(random: Random) -> tuple[list[Place], list[Party]]:
    parties, places = list(NATIONAL), []
    listed = [(region, name) for region, names in NAMES["councils"].items() for name in names]
    with_locals = set(random.sample(range(len(listed)), 70 - len(NATIONAL)))
    for number, (region, marked) in enumerate(listed):
        name = marked.removesuffix("*")
        council_id = "".join(
            it for it in name.lower().replace(" ", "-") if it.isascii() and (it.isalpha() or it == "-")
        )
        votes = {it: mean * random.lognormvariate(0, 0.7) for it, mean in STRENGTHS[region].items()}
        if number in with_locals:
            of_place, short = LOCALS[number % len(LOCALS)]
            parties.append(Party(f"PP9{number:03}", f"{name.split(',')[0]} {of_place}", short, _colour(random)))
            votes[parties[-1].party_id] = random.uniform(8, 34)
        places.append(Place(council_id, name, region, marked.endswith("*"), votes))
    return places, parties


def _council(random: Random, place: Place, wards: int) -> Council:
    names = _ward_names(random, wards)
    contests = tuple(
        _contest(random, place, name, 1 if place.thirds else random.choice((1, 2, 2, 3))) for name in names
    )
    up = Counter(party for contest in contests for party in contest.holder)
    continuing: Counter[str] = Counter()
    if place.thirds:
        continuing.update(party for contest in contests for party in random.choices(*_weighed(place), k=2))
    last, total = up + continuing, sum((up + continuing).values())
    eve = last.copy()
    if not random.randrange(3) and len(last) > 1:  # somebody has changed sides since
        (first, _), (second, _) = last.most_common(2)
        eve.update({first: -1, second: 1})
    return Council(
        council_id=place.council_id,
        name=place.name,
        total_seats=total,
        contests=contests,
        gss=f"E0{random.randrange(10**7):07}",
        kind="metropolitan" if place.thirds else "district",
        region=place.region,
        cycle=Cycle.THIRDS if place.thirds else Cycle.ALL,
        boundary_change=not place.thirds and not random.randrange(8),
        expected_at=CLOSE + timedelta(hours=random.choice((4, 5, 6, 7, 15, 17, 19))),
        continuing=dict(continuing),
        baselines={
            basis: Baseline(basis, _control(seats), dict(seats)) for basis, seats in (("last", last), ("eve", eve))
        },
        history=(ControlSpell(f"{random.choice((1973, 1998, 2003, 2011, 2019))}-05-03", _control(last)),),
        created=1974,
    )


def _by_elections(random: Random, number: int, place: Place) -> Council:
    council_id = f"{place.council_id}-county"
    held = Place(council_id, f"{place.name} county", place.region, thirds=True, votes=place.votes)
    contest = _contest(random, held, _ward_names(random, 1)[0], 1, kind="by.")
    return Council(council_id, held.name, 60 + number, (contest,), region=place.region, cycle=Cycle.BY)


def _contest(random: Random, place: Place, ward: str, seats: int, *, kind: str = "") -> Contest:
    called = "".join(it for it in ward.lower().replace(" ", "-") if it.isascii() and (it.isalpha() or it == "-"))
    ballot_id = f"local.{place.council_id}.{called}.{kind}2023-05-04"
    people, candidacies = count(1), []
    for party in place.votes:
        stands = seats if party in (CON, LAB) else random.randint(0, seats)
        for _ in range(stands):
            name = f"{random.choice(NAMES['people']['first'])} {random.choice(NAMES['people']['last'])}"
            candidacies.append(Candidacy(f"{called}-{next(people)}", name, party))
    holder = (
        random.choices(*_weighed(place), k=1) * seats
        if random.random() < 0.8
        else random.choices(*_weighed(place), k=seats)
    )
    sitting = [it for it in candidacies if it.party_id in holder and random.random() < 0.7]
    cancelled = None if kind or random.randrange(150) else Cancellation.CANDIDATE_DEATH
    return Contest(
        ballot_id,
        place.council_id,
        ward,
        seats,
        gss=f"E0{random.randrange(10**7):07}",
        electorate=seats * random.randrange(1_900, 4_600),
        cancelled=cancelled,
        candidacies=tuple(
            Candidacy(
                it.candidacy_id,
                it.name,
                it.party_id,
                defends=it in sitting,
                role="Council leader" if it in sitting and not random.randrange(60) else "",
            )
            for it in sorted(candidacies, key=lambda it: it.name.rsplit(" ")[-1])
        ),
        holder=tuple(holder),
    )


def _strengths(random: Random, council: Council) -> Mapping[str, float]:
    """By party, how well it does in a council tonight."""
    seats: Counter[str] = Counter(party for contest in council.contests for party in contest.holder)
    standing = {it.party_id for contest in council.contests for it in contest.candidacies}
    most = sum(seats.values())
    usual = {party: 9 + 30 * (seats[party] / most) ** 0.7 for party in standing}
    return {party: max(2.0, usual[party] + SWING.get(party, 0) + random.gauss(0, 4)) for party in sorted(standing)}


def _figures(random: Random, contest: Contest, strengths: Mapping[str, float]) -> dict[str, Any]:
    """Votes that the papers can have; who sits there has more of them; running mates are a little way apart."""
    electorate = contest.electorate or 5_000
    valid = int(electorate * random.uniform(0.26, 0.41))
    standing = {it.party_id for it in contest.candidacies}
    weights = {
        party: max(1.0, strengths[party] + (9 if party in contest.holder else 0) + random.gauss(0, 7))
        for party in sorted(standing)
    }
    scale = valid / sum(weights.values())
    votes: dict[str, int] = {}
    for candidacy in contest.candidacies:
        counted = max(3, int(scale * weights[candidacy.party_id] * random.uniform(0.9, 1.0)))
        while counted in votes.values():
            counted -= 1
        votes[candidacy.candidacy_id] = max(1, counted)
    rejected = int(valid * random.uniform(0.003, 0.012))
    return {"votes": votes, "ballots": max(valid, *votes.values()) + rejected, "rejected": rejected}


def _ward_names(random: Random, number: int) -> list[str]:
    made = [
        f"{place}{end}" for place, end in product(NAMES["wards"]["places"], NAMES["wards"]["ends"]) if "’" not in place
    ]
    made += [f"{place} {end.title()}" for place, end in product(("King’s", "Queen’s"), NAMES["wards"]["ends"])]
    names = random.sample(made, number - min(number // 5, len(NAMES["wards"]["saints"])))
    names += random.sample(NAMES["wards"]["saints"], number - len(names))
    for place in range(0, number, 6):
        names[place] = random.choice((f"{names[place]} North", f"{names[place]} and {random.choice(made)}"))
    return sorted(names)


def _shares_of(total: int, wanted: Sequence[int]) -> list[int]:
    """Whole numbers about in the proportions of ``wanted`` that add up to ``total``."""
    scaled = [it * total // sum(wanted) for it in wanted]
    return [it + (place < total - sum(scaled)) for place, it in enumerate(scaled)]


def _weighed(place: Place) -> tuple[list[str], list[float]]:
    """The parties of a place, and how likely each has won a seat there: much better where it is strong."""
    return list(place.votes), [votes**1.9 for votes in place.votes.values()]


def _control(seats: Mapping[str, int]) -> str:
    party, most = max(seats.items(), key=lambda item: item[1])
    return party if most * 2 > sum(seats.values()) else "NOC"


def _colour(random: Random) -> str:
    return f"#{random.randrange(0x30, 0xC0):02X}{random.randrange(0x30, 0xC0):02X}{random.randrange(0x30, 0xC0):02X}"
