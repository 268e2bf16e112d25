"""The plan of an exercise: what a bundle, a seed and a few wishes come to. The same of the same, always."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations
from random import Random
from typing import Any

from app.domain.contest import seats_to_fill
from app.domain.election import UNCONTESTED, Council, Election
from app.domain.subject import Subject
from app.exercise.mishaps import PLANTINGS, can_be_swapped, swapped, wrong_tally
from app.exercise.results import Result, results_of
from app.exercise.sheets import CountSheet, Mishap, Plan, Said

ONE_OF_EACH_PER = 40
"""Sheets for each of which every mishap happens once: one sheet in five has something wrong with it."""

LATER = timedelta(minutes=10)
"""Of the night: how long the rest of a sheet, a lot or a correction is in coming."""

COUNCILS_DRAWN, FEWEST_OF_A_COUNCIL = 4, 4
"""From how many councils a part of the night is drawn, and how many wards of each at least."""

SHORTEST_LATER = 2.0
"""Seconds: however fast the night goes, somebody has to see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What is wished of an exercise: its ``seed``, how many times faster than the night, how many wards (0: all)."""

    seed: int
    speed: float = 1.0
    wards: int = 0


def planned(election: Election, night: Sequence[Mapping[str, Any]], wishes: Wishes) -> Plan:
    """The sheets of ``election``; ``night`` are its recorded declarations, which may be none."""
    random = Random(wishes.seed)  # noqa: S311  # the same night again from the same seed, and no secret
    results = results_of(election, night, random)
    drawn = _drawn(election, results, wishes.wards, random) if wishes.wards else results
    order = sorted(drawn, key=lambda ballot_id: (results[ballot_id].at, ballot_id))
    sheets = {it: _sheet(election, it, results[it]) for it in order}
    planted, unplanted = _planted(election, sheets, random)
    true = {it: planted[it].last.body if it in planted else result.body for it, result in results.items()}
    begins = results[order[0]].at if order else election.polls_closed_at
    due = {it: (results[it].at - begins).total_seconds() / wishes.speed for it in order}
    wards = [replace(sheet, due=due[it]) for it, sheet in planted.items()]
    tallies = _tallies(election, wards, true, random)
    if not tallies:
        unplanted = [*unplanted, Mishap.WRONG_TALLY]
    in_order = sorted([*wards, *tallies], key=lambda sheet: sheet.due)
    numbered = [replace(sheet, number=number) for number, sheet in enumerate(in_order, start=1)]
    return Plan(numbered, max(LATER.total_seconds() / wishes.speed, SHORTEST_LATER), tuple(unplanted))


def moved(election: Election, plan: Plan, began: datetime) -> Election:
    """The same election on the day of the exercise, its counts expected when their last sheets come in.

    So the desk's clock, what is overdue and what is too early are those of a real night, and nothing is of another day.
    """
    local = began.astimezone(election.zone)
    is_over = local.time() >= election.polls_close
    councils = {it: _expected(election, council, plan, began) for it, council in election.councils.items()}
    polling_date = local.date() if is_over else local.date() - timedelta(days=1)
    return replace(election, polling_date=polling_date, councils=councils)


def _expected(election: Election, council: Council, plan: Plan, began: datetime) -> Council:
    due = [sheet.due for sheet in plan.sheets if sheet.subject.council_in(election).council_id == council.council_id]
    at = (began + timedelta(seconds=max(due))).replace(microsecond=0) if due else None
    contests = tuple(replace(contest, expected_at=None) for contest in council.contests)
    return replace(council, contests=contests, expected_at=at)


def _drawn(election: Election, results: Mapping[str, Result], wards: int, random: Random) -> list[str]:
    """Some of the wards, from few enough councils that their counts can be known apart, and from several."""
    councils = [
        [it.ballot_id for it in council.contests if it.ballot_id in results] for council in election.councils.values()
    ]
    random.shuffle(councils)
    each = max(FEWEST_OF_A_COUNCIL, wards // COUNCILS_DRAWN)
    first = [random.sample(polls, min(each, len(polls))) for polls in councils]
    drawn = [ballot_id for polls in first for ballot_id in polls]
    rest = [ballot_id for polls in councils for ballot_id in polls if ballot_id not in drawn]
    return [*drawn, *rest][:wards]


def _sheet(election: Election, ballot_id: str, result: Result) -> CountSheet:
    version = Said(result.body, election.contest(ballot_id).electorate)
    return CountSheet(0, Subject("ward", ballot_id), 0.0, version, version)


def _planted(
    election: Election, sheets: Mapping[str, CountSheet], random: Random
) -> tuple[dict[str, CountSheet], list[Mishap]]:
    """The sheets with their mishaps, and which mishaps found no place."""
    planted, missing = dict(sheets), []
    for _ in range(_of_each(sheets)):
        free = [it for it in planted if planted[it].mishap is None and planted[it].last.body.get("votes")]
        random.shuffle(free)
        for pair in _swapped(election, planted, free):
            planted[pair.subject.identity] = pair
        if not any(sheet.mishap is Mishap.SWAPPED for sheet in planted.values()):
            missing.append(Mishap.SWAPPED)
        for mishap, plant in PLANTINGS.items():
            untouched = (it for it in free if planted[it].mishap is None)
            made = (plant(election.contest(it), planted[it], random) for it in untouched)
            sheet = next((it for it in made if it is not None), None)
            if sheet is None:
                missing.append(mishap)
            else:
                planted[sheet.subject.identity] = sheet
    return planted, list(dict.fromkeys(missing))


def _of_each(sheets: Mapping[str, CountSheet]) -> int:
    return max(1, len(sheets) // ONE_OF_EACH_PER)


def _swapped(election: Election, sheets: Mapping[str, CountSheet], free: Sequence[str]) -> list[CountSheet]:
    pairs = ((election.contest(one), election.contest(other)) for one, other in combinations(free, 2))
    for one, other in pairs:
        alike = can_be_swapped(one, other)
        if alike and set(sheets[one.ballot_id].last.body) == set(sheets[other.ballot_id].last.body):
            return swapped([(one, sheets[one.ballot_id]), (other, sheets[other.ballot_id])])
    return []


def _tallies(
    election: Election, wards: Sequence[CountSheet], true: Mapping[str, Mapping[str, Any]], random: Random
) -> list[CountSheet]:
    """Councils that phone their seats halfway through their wards, and phone them wrong."""
    due: dict[str, list[float]] = {}
    for sheet in wards:
        due.setdefault(election.contest(sheet.subject.identity).council_id, []).append(sheet.due)
    whole = [it for it in due if election.council(it).has_chamber and not election.council(it).stands_apart]
    number = min(max(1, len(wards) // ONE_OF_EACH_PER), len(whole))
    found = []
    for council_id in sorted(random.sample(whole, number)):
        version = Said(_tally(election, election.council(council_id), true))
        at = sorted(due[council_id])[len(due[council_id]) // 2]
        found.append(wrong_tally(CountSheet(0, Subject("tally", council_id), at, version, version)))
    return found


def _tally(election: Election, council: Council, true: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    seats: Counter[str] = Counter(election.grouped(council.continuing))
    for contest in council.contests:
        body = true.get(contest.ballot_id, {})
        elected = body.get("elected") or _unopposed(council, contest.ballot_id)
        seats.update(election.group(contest.candidacies_by_id[it].party_id) for it in elected)
        seats.update(election.grouped(body.get("seats", {})))
    vacant = council.total_seats - seats.total()
    left = {"vacant": vacant} if vacant else {}
    return {"kind": "tally", "council_id": council.council_id, "seats": dict(seats), "complete": True, **left}


def _unopposed(council: Council, ballot_id: str) -> list[str]:
    contest = council.contests_by_id[ballot_id]
    if contest.cancelled not in UNCONTESTED:
        return []
    return [it.candidacy_id for it in contest.candidacies][: seats_to_fill(contest)]
