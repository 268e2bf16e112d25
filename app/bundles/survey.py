"""All that can be said of a bundle at once, whether it can be loaded or not: faults, sums, gaps, what looks wrong.

Each file is looked at whatever is wrong with the others. What rows without a fault make is summed up and remarked on;
the rest is among the faults.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from pathlib import Path

from app.bundles.gaps import gaps
from app.bundles.head import CONTINUING, BundleHead
from app.bundles.reading import BundleFiles, BundleRows, election_of, read_files
from app.bundles.remarks import remarks
from app.bundles.shapes import without_a_square
from app.bundles.tables import Fault, Record
from app.domain.election import Citation, Contest, Election, Words

UNREAD_HEAD = BundleHead("unread", "unread", "", date.min, "Europe/London", "", {}, Words(), time(), Citation())
"""Stands for an election.toml that cannot be read, so that the other files can be looked at all the same."""


@dataclass(frozen=True, slots=True)
class CouncilSums:
    """A council of the bundle in figures.

    ``total`` is its ``total_seats``, None where that is no number; ``vacant`` what is left of it after ``continuing``
    and ``up``, below 0 where these are more. ``bases`` are the seats on file by basis, ``faults`` the rows about the
    council that have one.
    """

    council_id: str
    name: str
    total: int | None
    continuing: int
    up: int
    contests: int
    without_poll: int
    candidacies: int
    bases: Mapping[str, int]
    faults: int
    is_whole: bool = True
    """Not of by-elections alone whose council's other seats are not on file."""

    @property
    def vacant(self) -> int | None:
        """Seats that nobody has and that are not up; None where that is not known."""
        return self.total - self.continuing - self.up if self.total is not None and self.is_whole else None

    @property
    def adds_up(self) -> bool:
        """Whether the seats that are up and those that stay fit into the council."""
        return self.total is not None and self.continuing + self.up <= self.total


@dataclass(frozen=True, slots=True)
class BundleSurvey:
    """What there is to say of the bundle in ``folder``. ``head`` is None where election.toml cannot be read."""

    folder: Path
    head: BundleHead | None
    counts: Mapping[str, int]
    faults: tuple[Fault, ...]
    remarks: tuple[str, ...]
    gaps: tuple[str, ...]
    councils: tuple[CouncilSums, ...]

    @property
    def can_be_loaded(self) -> bool:
        """Whether ``declared load`` takes it."""
        return self.head is not None and not self.faults

    @property
    def words(self) -> Words:
        """What the election calls things."""
        return self.head.words if self.head is not None else Words()

    @property
    def bases(self) -> tuple[str, ...]:
        """Every basis of which there are seats, in the order of the file."""
        return tuple(dict.fromkeys(basis for council in self.councils for basis in council.bases))


def survey_of(folder: Path, *, tell: Callable[[str], None]) -> BundleSurvey:
    """What there is to say of the bundle in ``folder``; raises BundleError where there is no such folder."""
    files = read_files(folder, tell=tell)
    election = election_of(files.head or UNREAD_HEAD, files.rows.sound())
    councils = tuple(_sums(files.rows))
    return BundleSurvey(
        folder=folder,
        head=files.head,
        counts=files.counts,
        faults=files.faults,
        remarks=tuple(_remarks(files, election, {it.council_id for it in councils if not it.faults})),
        gaps=tuple(gaps(files, election)),
        councils=councils,
    )


def _remarks(files: BundleFiles, election: Election, sound: Collection[str]) -> Iterator[str]:
    """Of the whole, and of the councils that are ``sound``: of the others it may be the faults that look wrong."""
    yield from files.told
    yield from files.rows.remarks()
    yield from without_a_square(election)
    broken = [file for file, table in files.rows.tables.items() if not table.is_whole and file in files.texts]
    if broken:
        yield f"Not all rows of {', '.join(broken)} could be read: what follows may come of that."
    councils = {key: council for key, council in election.councils.items() if key in sound}
    yield from remarks(replace(election, councils=councils))


def _sums(rows: BundleRows) -> Iterator[CouncilSums]:
    """Every council of councils.csv, with what the rows about it sum up to, those without a fault."""
    council_of = {contest.ballot_id: contest.council_id for _, contest in rows.contests}
    faults = _faults_by_council(rows, council_of)
    seats: dict[str, Counter[str]] = defaultdict(Counter)
    for row, number in rows.seats:
        if row.is_sound:
            seats[row.cells["council_id"]][row.cells["basis"]] += number
    contests: dict[str, list[Contest]] = defaultdict(list)
    for row, contest in rows.contests:
        if row.is_sound:
            contests[contest.council_id].append(contest)
    candidacies = Counter(council_of.get(row.cells["ballot_id"]) for row, _ in rows.candidacies)
    for row, council in rows.councils:
        total, up = row.cells["total_seats"], contests[council.council_id]
        bases = dict(seats[council.council_id])
        is_apart = bool(up) and all(contest.by_election for contest in up)
        yield CouncilSums(
            council_id=council.council_id,
            name=council.name or council.council_id,
            total=int(total) if total.isascii() and total.isdecimal() and len(total) < 10 else None,
            continuing=bases.pop(CONTINUING, 0),
            up=sum(contest.seats_up for contest in up),
            contests=len(up),
            without_poll=sum(contest.cancelled is not None for contest in up),
            candidacies=candidacies[council.council_id],
            bases=bases,
            faults=faults[council.council_id],
            is_whole=CONTINUING in seats[council.council_id] or not is_apart,
        )


def _faults_by_council(rows: BundleRows, council_of: Mapping[str, str]) -> Mapping[str, int]:
    """Rows that have a fault, by the council that they are about."""
    about: tuple[Sequence[tuple[Record, object]], ...] = (rows.councils, rows.contests, rows.candidacies, rows.controls)
    about += (rows.seats, rows.history, rows.squares)
    wrong = [row for table in about for row, _ in table if not row.is_sound]
    return Counter(row.cells.get("council_id") or council_of.get(row.cells["ballot_id"], "") for row in wrong)
