"""What the checks catch of one random slip in each ward of the night of Kent, and what they ask about true results.

Each ward is keyed in its turn, with the night as it stood then. A slip is caught where something is found that is not
found of the true result keyed in the same way; W07 is no catch and no false alarm.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from app.bundles.reading import read_bundle
from app.declaring.door import Verdict, judge
from app.domain.contest import seats_to_fill, tied_across_last_seat
from app.domain.election import Election
from app.domain.night import Night
from bench.goals import Goal, as_json
from bench.keying import PAPERS, SLIPS, Body, Keying
from bench.options import Options
from bench.real import CONFIRMED
from tests.running import KENT

WAYS: Mapping[str, Sequence[str]] = {"votes only": (), "with turnout": PAPERS, "with total": ("total",)}
"""What is keyed beside the votes: nothing, the papers and the turnout as announced, or the votes’ sum as read out."""

WANTED = {
    ("dropped digit", "votes only"): 50,
    ("dropped digit", "with turnout"): 80,
    ("dropped digit", "with total"): 100,
    ("doubled digit", "votes only"): 40,
    ("doubled digit", "with total"): 100,
    ("transposed digits", "with total"): 100,
    ("wrong ward", "votes only"): 40,
    ("wrong ward", "with turnout"): 70,
    ("wrong ward", "with total"): 100,
}
"""The percentage that is to be caught at least."""

FALSE_ALARMS = 3
"""The percentage of true results that may be asked about."""

CONTRADICTIONS = frozenset({"W10", "W13"})
"""What is asked of votes and a turnout that cannot both be right: of a true result, where one was published wrong."""


@dataclass(slots=True)
class Tally:
    """Of ``keyed`` results so many were found something of that counts, and by which codes."""

    keyed: int = 0
    found: int = 0
    codes: Counter[str] = field(default_factory=Counter)

    def count(self, codes: frozenset[str]) -> None:
        self.keyed += 1
        self.found += bool(codes)
        self.codes.update(codes)

    @property
    def percentage(self) -> float:
        return 100 * self.found / self.keyed if self.keyed else 0.0

    def as_json(self) -> dict[str, Any]:
        codes = dict(sorted(self.codes.items()))
        return {"keyed": self.keyed, "found": self.found, "percentage": self.percentage, "codes": codes}


@dataclass(frozen=True, slots=True)
class Measured:
    """What is found of slips, by slip and way of keying; and by way, of true results, and what is no contradiction."""

    caught: Mapping[tuple[str, str], Tally]
    asked: Mapping[str, Tally]
    false_alarms: Mapping[str, Tally]


def run(_: Options) -> dict[str, Any]:
    bundle = read_bundle(KENT)
    assert bundle.night is not None  # Kent is bundled with its night
    measured = measure(bundle.election, bundle.night)
    print("\n".join(table(measured)))
    goals = [
        Goal(f"{slip}, {way}", measured.caught[slip, way].percentage, wanted, "%", at_least=True)
        for (slip, way), wanted in WANTED.items()
    ]
    goals += [
        Goal(f"false alarms, {way}", tally.percentage, FALSE_ALARMS, "%")
        for way, tally in measured.false_alarms.items()
    ]
    return {
        "caught": {slip: {way: measured.caught[slip, way].as_json() for way in WAYS} for slip in SLIPS},
        "asked": {way: tally.as_json() for way, tally in measured.asked.items()},
        "false_alarms": {way: tally.as_json() for way, tally in measured.false_alarms.items()},
        "goals": as_json(goals),
    }


def measure(election: Election, bodies: Sequence[Body]) -> Measured:
    """One slip of each kind in each ward of a night, the same every time."""
    measured = Measured(
        {(slip, way): Tally() for slip in SLIPS for way in WAYS},
        {way: Tally() for way in WAYS},
        {way: Tally() for way in WAYS},
    )
    for keying in keyings(election, bodies):
        true = {way: codes(keying, keying.true, way) for way in WAYS}
        for way in WAYS:
            measured.asked[way].count(true[way])
            measured.false_alarms[way].count(true[way] - CONTRADICTIONS)
        for slip, made in SLIPS.items():
            keyed = made(keying, Random(f"{slip} {keying.contest.ballot_id}"))
            for way in WAYS if keyed is not None else ():
                measured.caught[slip, way].count(codes(keying, keyed, way) - true[way])
    return measured


def keyings(election: Election, bodies: Sequence[Body]) -> Iterator[Keying]:
    """The wards of a night in the order of their announcement."""
    night, every_warning = Night.before_first(election), frozenset(CONFIRMED)
    councils = [election.contest(body["ballot_id"]).council_id for body in bodies]
    for place, body in enumerate(bodies):
        later = [
            it
            for it, council in zip(bodies[place + 1 :], councils[place + 1 :], strict=True)
            if council == councils[place]
        ]
        yield Keying(night, election.contest(body["ballot_id"]), body, later)
        night, _ = judged(night, body).passed(every_warning)


def codes(keying: Keying, keyed: Body, way: str) -> frozenset[str]:
    """What is found, but for W07, where nothing is keyed beside the votes but what the way says."""
    names = ("kind", "ballot_id", "at", "votes", *WAYS[way])
    body = {name: keyed[name] for name in names if keyed.get(name) is not None}
    contest = keying.contest
    # As on the form, which asks for who was drawn where the votes are tied.
    if tied_across_last_seat(keyed["votes"], seats_to_fill(contest)):
        body["elected"] = keying.announced["elected"]
    verdict = judged(keying.night, body)
    return frozenset(finding.code for finding in (*verdict.hard, *verdict.soft)) - {"W07"}


def judged(night: Night, body: Body) -> Verdict:
    return judge(night, body, author="bench", now=datetime.fromisoformat(body["at"]))


def table(measured: Measured) -> Iterator[str]:
    """A line for each slip, with the percentage caught in each way and the codes that caught most."""
    yield f"  {'':24}{''.join(f'{way:>16}' for way in WAYS)}"
    rows = [(slip, {way: measured.caught[slip, way] for way in WAYS}) for slip in SLIPS]
    for name, tallies in (*rows, ("true results asked about", measured.asked), ("false alarms", measured.false_alarms)):
        yield f"  {name:24}{''.join(f'{it.percentage:9.1f} % {it.keyed:4}' for it in tallies.values())}"
        for way, tally in tallies.items():
            by_code = ", ".join(f"{code} {number}" for code, number in tally.codes.most_common())
            yield f"      {way}: {by_code or 'none'}"
