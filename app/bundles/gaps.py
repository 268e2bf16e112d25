"""What a bundle leaves out that it may leave out, and what nobody will be told for want of it."""

from collections.abc import Callable, Collection, Iterable, Iterator

from app.bundles.postcodes import POSTCODES
from app.bundles.reading import NIGHT, BundleFiles
from app.bundles.shapes import SHAPES
from app.domain.election import Baseline, Contest, Council, Election

NAMED = 5
"""Councils that are named in a line; the others are counted."""

NOT_JOINED = "maps and other data cannot be joined to it"


def gaps(files: BundleFiles, election: Election) -> Iterator[str]:
    """A line for each: which file, what is not there, of whom, and what that costs."""
    councils = [council for council in election.councils.values() if not council.stands_apart]
    contests = [contest for council in election.councils.values() for contest in council.contests]
    yield from _without_baselines(election, councils)
    yield from _of(councils, "history.csv", lambda it: not it.history, "“first since …” is not told")
    yield from _of(
        councils,
        "councils.csv, contests.csv: expected_at",
        lambda it: it.expected_at is None and any(contest.expected_at is None for contest in it.contests),
        "nobody is told when it is due, and it is never overdue",
    )
    yield from _of(councils, "councils.csv: gss", lambda it: not it.gss, NOT_JOINED)
    yield from _of_contests(contests, "gss", [it for it in contests if not it.gss], NOT_JOINED)
    missing = [it for it in contests if it.electorate is None]
    yield from _of_contests(contests, "electorate", missing, "turnout is as announced, and is not checked")
    missing = [it for it in contests if not it.holder]
    yield from _of_contests(contests, "holder", missing, "no gain or hold of a seat is told, ward by ward")
    yield from _of_people(contests)
    costs = {SHAPES: "the map is by region", POSTCODES: "nobody is found by postcode", NIGHT: "nothing to replay"}
    there = files.counts
    missing_files = [f"{file} ({cost})" for file, cost in costs.items() if file not in there]
    if missing_files:
        yield f"Not there, and need not be: {', '.join(missing_files)}."


def _without_baselines(election: Election, councils: Collection[Council]) -> Iterator[str]:
    for convention in election.conventions.values():
        of_control = [it for it in councils if not any(_baseline(it, basis).control for basis in convention.control)]
        of_seats = [it for it in councils if not any(_baseline(it, basis).seats for basis in convention.seats)]
        compared = (
            ("controls.csv", convention.control, of_control, "no badge, gain or hold of a council"),
            ("seats.csv", convention.seats, of_seats, "no change of seats"),
        )
        for file, bases, lacking, cost in compared:
            told = f"{cost} by the convention {convention.key}, which compares with {' or '.join(bases) or 'nothing'}"
            yield from _told(file, lacking, councils, told)


def _baseline(council: Council, basis: str) -> Baseline:
    return council.baselines.get(basis) or Baseline(basis)


def _of(councils: Collection[Council], file: str, is_so: Callable[[Council], bool], cost: str) -> Iterator[str]:
    yield from _told(file, [it for it in councils if is_so(it)], councils, cost)


def _told(file: str, lacking: Collection[Council], councils: Collection[Council], cost: str) -> Iterator[str]:
    if lacking:
        whose = "all councils" if len(lacking) == len(councils) else _listed([it.name for it in lacking])
        yield f"{file}: nothing for {whose}: {cost}."


def _of_contests(contests: Collection[Contest], column: str, missing: Collection[Contest], cost: str) -> Iterator[str]:
    if missing:
        how_many = "all" if len(missing) == len(contests) else f"{len(missing):,} of {len(contests):,}"
        yield f"contests.csv: {column} is empty in {how_many} contests: {cost}."


def _of_people(contests: Iterable[Contest]) -> Iterator[str]:
    people = [candidacy for contest in contests for candidacy in contest.candidacies]
    if not people:
        yield "candidacies.csv: nobody stands anywhere: results give seats by party, and no names."
    elif not any(candidacy.defends for candidacy in people):
        yield "candidacies.csv: defends is 1 for nobody: that somebody loses a seat is not told."


def _listed(names: Collection[str]) -> str:
    first = [*names][:NAMED]
    more = len(names) - len(first)
    return ", ".join(first) + (f" and {more:,} more" if more else "")
