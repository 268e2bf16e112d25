"""Reading an election bundle: a folder with ``election.toml`` and its CSV files, checked as a whole.

A bundle is read or refused; nothing of it is used while anything is wrong. Baselines are facts as published: their sums
and controls are never checked against totals or each other (boundaries change, members defect), and a council may lack
any of them.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.bundles.head import CONTINUING, HEAD, BundleHead, read_head
from app.bundles.kinds import (
    LAST_POSITION,
    check_holders,
    check_positions,
    check_singles,
    check_umbrellas,
    in_order,
)
from app.bundles.postcodes import POSTCODES, PostcodesFile, read_postcodes
from app.bundles.recorded import RecordedLine, night_lines, read_text
from app.bundles.remarks import remarks
from app.bundles.shapes import SHAPES, check_squares, square_of, without_a_square
from app.bundles.tables import (
    BALLOT_ID,
    BASIS,
    LONGEST_NOTE,
    OPAQUE_ID,
    SLUG,
    YEARS,
    BundleError,
    Columns,
    Fault,
    Record,
    Table,
    cut,
    read_table,
)
from app.domain.election import (
    NO_OVERALL_CONTROL,
    Baseline,
    Cancellation,
    Candidacy,
    Contest,
    ControlSpell,
    Council,
    Cycle,
    Election,
    Party,
    VotingSystem,
)
from app.domain.postcodes import Postcodes

NIGHT = "night.jsonl"

COLUMNS: Mapping[str, Columns] = {
    "parties.csv": Columns(("party_id", "name", "group"), optional=("short", "colour", "umbrella")),
    "councils.csv": Columns(
        ("council_id", "name", "gss", "kind", "region", "total_seats", "expected_at", "note"),
        optional=("cycle", "boundary_change", "created", "aliases"),
    ),
    "controls.csv": Columns(("council_id", "basis", "control", "note")),
    "seats.csv": Columns(("council_id", "basis", "party_id", "seats")),
    "contests.csv": Columns(
        ("ballot_id", "council_id", "ward", "gss", "seats_up", "electorate", "cancelled"),
        optional=("voting_system", "holder", "expected_at", "label"),
    ),
    "candidacies.csv": Columns(
        ("ballot_id", "candidacy_id", "name", "party_id", "description", "note"),
        optional=("role", "defends", "position"),
    ),
    "history.csv": Columns(("council_id", "since", "control")),
    SHAPES: Columns(("council_id", "column", "row")),
}
"""The CSV files of a bundle and their columns."""

MAY_BE_MISSING = frozenset({SHAPES})

GREY = "#8C8C8C"
"""Of a party without a colour of its own."""

NEVER_EMPTY = frozenset({"parties.csv", "councils.csv", "contests.csv"})

# Far above any council or ward there is: what is larger is a slip of the keyboard.
MOST_SEATS = 2_000
MOST_ELECTORS = 50_000_000
LONGEST_LABEL = 40
LONGEST_ALIAS = 80
LONGEST_CIRCLE = 10
"""Parties that are named where groups go round in one."""

_NOT_IN_INITIALS = frozenset({"and", "for", "of", "party", "the"})
_LONGEST_INITIALS = 5


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a folder held.

    ``digest`` is the SHA-256, in hex, of the files that make the election (the recorded night is not one of them), with
    line ends made the same, so that a copy from another system is the same bundle. ``night`` are the declarations of
    ``night.jsonl`` as they would be posted, None where there is no such file. ``rows`` counts them by file.
    ``remarks`` say what was read otherwise than it stands there, and what is probably wrong though it can be loaded.
    ``postcodes``, none without their file, are no part of the election nor of its digest.
    """

    election: Election
    digest: str
    night: tuple[Mapping[str, Any], ...] | None
    rows: Mapping[str, int]
    remarks: tuple[str, ...]
    postcodes: Postcodes


def _unheard(_: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class BundleFiles:
    """What the files of a folder say, right or wrong: ``faults`` is all that was found, in the order of the files.

    ``head`` is None where there is none that can be read; ``texts`` are those of the files that make the election, and
    ``told`` says what was read otherwise than it stands there.
    """

    head: BundleHead | None
    texts: Mapping[str, str | None]
    rows: "BundleRows"
    night: tuple[RecordedLine, ...] | None
    postcodes: PostcodesFile | None
    faults: tuple[Fault, ...]
    told: tuple[str, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """Rows by file, of those that are there."""
        counts = {file: len(table.rows) for file, table in self.rows.tables.items() if file in self.texts}
        if self.postcodes is not None:
            counts[POSTCODES] = self.postcodes.rows
        return counts if self.night is None else {**counts, NIGHT: len(self.night)}


def read_bundle(folder: Path, *, tell: Callable[[str], None] = _unheard) -> Bundle:
    """The election bundle in ``folder``. Raises BundleError, with every fault that was found.

    ``tell`` hears how far it is with what takes long.
    """
    files = read_files(folder, tell=tell)
    if files.head is None or files.faults:
        raise BundleError(files.faults)
    election = election_of(files.head, files.rows)
    return Bundle(
        election=election,
        digest=_digest(files.texts),
        night=None if files.night is None else tuple(line.body for line in files.night),
        rows=files.counts,
        remarks=(*files.told, *files.rows.remarks(), *without_a_square(election), *remarks(election)),
        postcodes=files.postcodes.postcodes if files.postcodes is not None else Postcodes(),
    )


def read_files(folder: Path, *, tell: Callable[[str], None] = _unheard) -> BundleFiles:
    """The same with whatever is wrong in it. Raises BundleError where there is no folder to look at."""
    if not folder.is_dir():
        reason = "is not a folder" if folder.exists() else "does not exist"
        raise BundleError([Fault(str(folder), None, reason, f"give the folder that holds {HEAD}")])
    faults: list[Fault] = []
    told: list[str] = []
    names = (file for file in (HEAD, *COLUMNS) if file not in MAY_BE_MISSING or (folder / file).exists())
    texts = {file: read_text(folder / file, faults, told) for file in names}
    head = read_head(texts[HEAD], faults, told)
    rows = BundleRows({file: _table(file, texts.get(file, ""), faults, told) for file in COLUMNS})
    _check_whole(rows)
    night = _read_night(folder / NIGHT, rows, faults)
    postcodes = _read_postcodes(folder / POSTCODES, rows, faults, told, tell)
    order = [HEAD, *COLUMNS, POSTCODES, NIGHT]
    faults.sort(key=lambda fault: (order.index(fault.file), fault.line or 0))
    return BundleFiles(head, texts, rows, night, postcodes, tuple(faults), tuple(told))


def _table(file: str, text: str | None, faults: list[Fault], told: list[str]) -> Table:
    if text is None:
        return Table(file, (), is_whole=False)
    return read_table(file, text, COLUMNS[file], faults, told, may_be_empty=file not in NEVER_EMPTY)


def _digest(texts: Mapping[str, str | None]) -> str:
    hashed = hashlib.sha256()
    for file, text in texts.items():
        content = (text or "").replace("\r\n", "\n").encode()
        # Name and length before the content: no two different bundles run into the same bytes.
        hashed.update(f"{file} {len(content)}\n".encode() + content)
    return hashed.hexdigest()


# the CSV files


class BundleRows:
    """Every row of a bundle as a value, checked by itself and against the ids of the other files."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self.tables = tables
        self.party_ids = tables["parties.csv"].known("party_id")
        self.council_ids = tables["councils.csv"].known("council_id")
        self.ballot_ids = tables["contests.csv"].known("ballot_id")
        self.parties = [(row, self._party(row)) for row in self._unique("parties.csv", "party_id")]
        self.councils = [(row, _council(row)) for row in self._unique("councils.csv", "council_id")]
        self.contests = [(row, self._contest(row)) for row in self._unique("contests.csv", "ballot_id")]
        self.candidacies = [
            (row, self._candidacy(row)) for row in self._unique("candidacies.csv", "ballot_id", "candidacy_id")
        ]
        self.controls = [(row, self._control(row)) for row in self._unique("controls.csv", "council_id", "basis")]
        self.seats = [(row, self._seats(row)) for row in self._unique("seats.csv", "council_id", "basis", "party_id")]
        self.history = [(row, self._spell(row)) for row in self._unique("history.csv", "council_id", "since")]
        self.squares = [(row, square_of(row, self.council_ids)) for row in self._unique(SHAPES, "council_id")]

    def sound(self) -> "BundleRows":
        """Those that are right, and about others that are: of files with faults as much of an election as there is."""
        kept = copy(self)
        parties = {party.party_id: row for row, party in self.parties if row.is_sound}
        kept.parties = [
            (row, party if party.group in parties else replace(party, group=None))
            for row, party in self.parties
            if row.is_sound
        ]
        kept.councils = [(row, it) for row, it in self.councils if row.is_sound]
        councils = {council.council_id for _, council in kept.councils}
        kept.contests = [(row, it) for row, it in self.contests if row.is_sound and it.council_id in councils]
        ballots = {contest.ballot_id for _, contest in kept.contests}
        controls = {*parties, NO_OVERALL_CONTROL}
        known = {"council_id": councils, "ballot_id": ballots, "party_id": parties, "control": controls}

        def is_kept(row: Record) -> bool:
            return row.is_sound and all(row.cells[name] in ids for name, ids in known.items() if name in row.cells)

        kept.candidacies = [pair for pair in self.candidacies if is_kept(pair[0])]
        kept.controls = [pair for pair in self.controls if is_kept(pair[0])]
        kept.seats = [pair for pair in self.seats if is_kept(pair[0])]
        kept.history = [pair for pair in self.history if is_kept(pair[0])]
        kept.squares = [pair for pair in self.squares if is_kept(pair[0])]
        return kept

    def _unique(self, file: str, *columns: str) -> Iterator[Record]:
        return (row for row, is_first in self.tables[file].unique(*columns) if is_first)

    def _party(self, row: Record) -> Party:
        party_id = row.identity("party_id", OPAQUE_ID)
        if party_id == NO_OVERALL_CONTROL:
            told = f"party_id {NO_OVERALL_CONTROL} is taken, to say that nobody controls a council"
            row.refuse(told, "give the party another id")
        group = row.cells["group"]
        name = row.text("name")
        return Party(
            party_id=party_id,
            name=name,
            short=row.text("short", required=False, longest=20) or _initials(name),
            colour=row.colour("colour") if row.cells["colour"] else GREY,
            group=row.reference("group", self.party_ids, "parties.csv") if group else None,
            umbrella=bool(row.cells["umbrella"]) and row.flag("umbrella"),
        )

    def remarks(self) -> Iterator[str]:
        """What was made up where a row does not say it."""
        shorts = [f"{party.name} is {party.short}" for row, party in self.parties if not row.cells["short"]]
        greys = [party.short for row, party in self.parties if not row.cells["colour"]]
        if shorts:
            yield f"parties.csv has no short for some, which are called by their initials: {', '.join(shorts)}."
            yield from self._shared_initials()
        if greys:
            yield f"parties.csv has no colour for some, which are grey: {', '.join(greys)}."

    def _shared_initials(self) -> Iterator[str]:
        """Initials that say another party, or none at all: of 102 parties of May 2024 “Confelicity” was CON."""
        bearers = Counter({NO_OVERALL_CONTROL: 1})
        bearers.update(party.short for _, party in self.parties)
        shared = [
            f"{party.name} is {party.short}"
            for row, party in self.parties
            if not row.cells["short"] and bearers[party.short] > 1
        ]
        if shared:
            yield f"parties.csv: give these a short of their own, as their initials are taken: {', '.join(shared)}."

    def _contest(self, row: Record) -> Contest:
        return Contest(
            ballot_id=row.identity("ballot_id", BALLOT_ID),
            council_id=row.reference("council_id", self.council_ids, "councils.csv"),
            ward=row.text("ward"),
            gss=row.gss("gss"),
            seats_up=row.whole_number("seats_up", lowest=1, highest=MOST_SEATS),
            electorate=row.optional_whole_number("electorate", lowest=1, highest=MOST_ELECTORS),
            cancelled=row.optional_code("cancelled", Cancellation),
            voting_system=row.optional_code("voting_system", VotingSystem) or VotingSystem.PLURALITY,
            holder=row.references("holder", self.party_ids, "parties.csv"),
            expected_at=row.optional_moment("expected_at"),
            label=row.text("label", required=False, longest=LONGEST_LABEL),
        )

    def _candidacy(self, row: Record) -> Candidacy:
        row.reference("ballot_id", self.ballot_ids, "contests.csv")
        row.optional_whole_number("position", lowest=1, highest=LAST_POSITION - 1)
        note = row.text("note", required=False)
        # Bundles made before there was the column tell a role by its word in the note.
        role = note if "leader" in note.lower() else ""
        return Candidacy(
            candidacy_id=row.identity("candidacy_id", OPAQUE_ID),
            name=row.text("name"),
            party_id=row.reference("party_id", self.party_ids, "parties.csv"),
            description=row.text("description", required=False),
            note=note,
            role=role if "role" in row.left_out else row.text("role", required=False),
            defends=bool(row.cells["defends"]) and row.flag("defends"),
        )

    def _control(self, row: Record) -> Baseline:
        row.reference("council_id", self.council_ids, "councils.csv")
        basis = row.identity("basis", BASIS)
        if basis == CONTINUING:
            row.refuse(
                f"basis {CONTINUING} is one of seats, which has no control", "take the row out, or correct basis"
            )
        return Baseline(basis, self._value_of_control(row), note=row.text("note", required=False, longest=LONGEST_NOTE))

    def _seats(self, row: Record) -> int:
        row.reference("council_id", self.council_ids, "councils.csv")
        row.identity("basis", BASIS)
        row.reference("party_id", self.party_ids, "parties.csv")
        return row.whole_number("seats", lowest=0, highest=MOST_SEATS)

    def _spell(self, row: Record) -> ControlSpell:
        row.reference("council_id", self.council_ids, "councils.csv")
        return ControlSpell(row.day("since"), self._value_of_control(row))

    def _value_of_control(self, row: Record) -> str:
        known = None if self.party_ids is None else {*self.party_ids, NO_OVERALL_CONTROL}
        return row.reference("control", known, f"parties.csv, nor is it {NO_OVERALL_CONTROL}")


def _council(row: Record) -> Council:
    return Council(
        council_id=row.identity("council_id", SLUG),
        name=row.text("name"),
        total_seats=row.whole_number("total_seats", lowest=1, highest=MOST_SEATS),
        contests=(),
        gss=row.gss("gss"),
        kind=row.text("kind", required=False),
        region=row.text("region", required=False),
        cycle=row.optional_code("cycle", Cycle) or Cycle.ALL,
        boundary_change=bool(row.cells["boundary_change"]) and row.flag("boundary_change"),
        expected_at=row.optional_moment("expected_at"),
        note=row.text("note", required=False, longest=LONGEST_NOTE),
        created=row.optional_whole_number("created", lowest=YEARS[0], highest=YEARS[-1]),
        aliases=row.texts("aliases", longest=LONGEST_ALIAS),
    )


# what only shows in several rows together


def _check_whole(rows: BundleRows) -> None:
    """Faults between rows; rows that are wrong by themselves are left alone, to name each mistake once."""
    _check_groups(rows)
    _check_total_seats(rows)
    check_holders(rows.contests)
    if rows.tables["contests.csv"].is_whole:
        check_singles(rows.councils, rows.contests)
    check_umbrellas(rows.parties, rows.controls, rows.history)
    check_positions(rows.candidacies)
    check_squares(rows.squares)
    if rows.tables["candidacies.csv"].is_whole:
        _check_cancelled(rows)


def _check_groups(rows: BundleRows) -> None:
    groups = {party.party_id: party.group for _, party in rows.parties if party.group != party.party_id}
    row_of = {party.party_id: row for row, party in rows.parties}
    settled: set[str] = set()
    for party_id in groups:
        path: dict[str, None] = {}
        group: str | None = party_id
        while group is not None and group not in path and group not in settled:
            path[group] = None
            group = groups.get(group)
        if group in path:
            members = list(path)
            _refuse_circle(members[members.index(group) :], row_of)
        settled.update(path)


def _refuse_circle(members: Sequence[str], row_of: Mapping[str, Record]) -> None:
    """Each of ``members`` has the next one for its group, and the last one the first."""
    for place, party_id in enumerate(members):
        around = [members[(place + step) % len(members)] for step in range(min(len(members), LONGEST_CIRCLE))]
        told = [*around, "…"] if len(members) > LONGEST_CIRCLE else around
        circle = " → ".join([*told, party_id])
        row_of[party_id].refuse(f"group goes round in a circle ({circle})", "leave it empty for one of them")


def _check_total_seats(rows: BundleRows) -> None:
    up: dict[str, int] = {}
    for _, contest in rows.contests:
        up[contest.council_id] = up.get(contest.council_id, 0) + contest.seats_up
    continuing: dict[str, int] = {}
    for row, seats in rows.seats:
        if row.cells["basis"] == CONTINUING:
            continuing[row.cells["council_id"]] = continuing.get(row.cells["council_id"], 0) + seats
    for row, council in rows.councils:
        seats_up, stay = up.get(council.council_id, 0), continuing.get(council.council_id, 0)
        if row.is_sound and stay + seats_up > council.total_seats:
            row.refuse(
                f"total_seats {council.total_seats} is less than {stay} continuing and {seats_up} up tonight",
                "correct it, or continuing in seats.csv, or seats_up in contests.csv",
            )


def _check_cancelled(rows: BundleRows) -> None:
    standing: dict[str, int] = {}
    for row, _ in rows.candidacies:
        standing[row.cells["ballot_id"]] = standing.get(row.cells["ballot_id"], 0) + 1
    for row, contest in rows.contests:
        reason = _contradiction(contest, standing.get(contest.ballot_id, 0))
        if row.is_sound and reason:
            row.refuse(f"cancelled {contest.cancelled}, but {reason}", "correct the code, or the rows there")


def _contradiction(contest: Contest, candidacies: int) -> str | None:
    """What in the nominations speaks against the code of a contest without a poll."""
    if not candidacies:
        # No nominations on file: its declaration will give seats.
        return None
    there_are = f"candidacies.csv has {candidacies} for {contest.seats_up} up"
    match contest.cancelled:
        case Cancellation.NO_CANDIDATES:
            return there_are
        case Cancellation.EQUAL_CANDIDATES if candidacies != contest.seats_up:
            return there_are
        case Cancellation.UNDER_CONTESTED if candidacies >= contest.seats_up:
            return there_are
    return None


# postcodes.csv


def _read_postcodes(
    path: Path, rows: BundleRows, faults: list[Fault], told: list[str], tell: Callable[[str], None]
) -> PostcodesFile | None:
    return read_postcodes(path, rows.ballot_ids, faults, told, tell=tell) if path.exists() else None


# night.jsonl


def _read_night(path: Path, rows: BundleRows, faults: list[Fault]) -> tuple[RecordedLine, ...] | None:
    if not path.exists():
        return None
    text = read_text(path, faults)
    lines = night_lines(path.name, text or "", faults)
    for line in lines:
        for key, known in (("ballot_id", rows.ballot_ids), ("council_id", rows.council_ids)):
            _check_mention(path.name, line, key, known, faults)
    return lines


def _check_mention(file: str, line: RecordedLine, key: str, known: Collection[str] | None, faults: list[Fault]) -> None:
    named = line.body.get(key)
    if named is not None and known is not None and (not isinstance(named, str) or named not in known):
        told = f"{key} “{cut(str(named))}” is not in this election"
        faults.append(Fault(file, line.line, told, "correct it, or take the line out"))


# the election, from rows without a fault


def election_of(head: BundleHead, rows: BundleRows) -> Election:
    """The election that ``rows`` without a fault make."""
    election = Election(
        slug=head.slug,
        election_id=head.election_id,
        name=head.name,
        polling_date=head.polling_date,
        timezone=head.timezone,
        convention=head.convention,
        conventions=head.conventions,
        parties={party.party_id: party for _, party in rows.parties},
        councils={},
        words=head.words,
        polls_close=head.polls_close,
        citation=head.citation,
    )
    candidacies: dict[str, list[Candidacy]] = {}
    for row, candidacy in in_order(rows.candidacies):
        candidacies.setdefault(row.cells["ballot_id"], []).append(candidacy)
    contests: dict[str, list[Contest]] = {}
    for _, contest in rows.contests:
        filled = replace(contest, candidacies=tuple(candidacies.get(contest.ballot_id, ())))
        contests.setdefault(contest.council_id, []).append(filled)
    seats, controls = _seats_by_basis(rows), _controls_by_basis(election, rows)
    history: dict[str, list[ControlSpell]] = {}
    for row, spell in rows.history:
        grouped = replace(spell, control=_control_group(election, spell.control))
        history.setdefault(row.cells["council_id"], []).append(grouped)
    squares = {row.cells["council_id"]: square for row, square in rows.squares}
    councils = {}
    for row, council in rows.councils:
        council_id = council.council_id
        by_basis = seats.get(council_id, {})
        continuing = election.grouped(by_basis.get(CONTINUING, {}))
        up = contests.get(council_id, ())
        councils[council_id] = replace(
            council,
            contests=tuple(up),
            cycle=council.cycle if row.cells["cycle"] else _cycle(up, continuing),
            continuing=continuing,
            baselines=_baselines(election, controls.get(council_id, {}), by_basis),
            history=tuple(sorted(history.get(council_id, ()), key=lambda spell: spell.since)),
            square=squares.get(council_id),
        )
    return replace(election, councils=councils)


def _cycle(up: Collection[Contest], continuing: Mapping[str, int]) -> Cycle:
    """By what is up, and how many seats continue beside it, where the bundle does not say it."""
    if up and all(contest.by_election for contest in up):
        return Cycle.BY
    if not any(continuing.values()):
        return Cycle.ALL
    seats_up, stay = sum(contest.seats_up for contest in up), sum(continuing.values())
    # Below the middle of a third and a half: vacancies, and wards of several seats, make it neither exactly.
    return Cycle.THIRDS if seats_up * 12 < (seats_up + stay) * 5 else Cycle.HALVES


def _initials(name: str) -> str:
    """A party without a short name: “Liberal Democrats” is LD, “Labour Party” LAB."""
    words = [word for word in re.findall(r"\w+", name) if word.lower() not in _NOT_IN_INITIALS]
    short = "".join(word[0] for word in words) if len(words) > 1 else "".join(words)[:3]
    return short[:_LONGEST_INITIALS].upper() or "?"


def _seats_by_basis(rows: BundleRows) -> Mapping[str, Mapping[str, Mapping[str, int]]]:
    """Seats by council, basis and party, as published."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for row, seats in rows.seats:
        council_id, basis, party_id = (row.cells[column] for column in ("council_id", "basis", "party_id"))
        found.setdefault(council_id, {}).setdefault(basis, {})[party_id] = seats
    return found


def _baselines(
    election: Election, controls: Mapping[str, Baseline], seats: Mapping[str, Mapping[str, int]]
) -> Mapping[str, Baseline]:
    """What a council is compared with, by basis: control, seats, or both."""
    found = dict(controls)
    for basis, by_party in seats.items():
        if basis != CONTINUING:
            found[basis] = replace(found.get(basis, Baseline(basis)), seats=election.grouped(by_party))
    return found


def _controls_by_basis(election: Election, rows: BundleRows) -> Mapping[str, Mapping[str, Baseline]]:
    """Who controlled, by council and basis."""
    found: dict[str, dict[str, Baseline]] = {}
    for row, published in rows.controls:
        control = _control_group(election, published.control or NO_OVERALL_CONTROL)
        found.setdefault(row.cells["council_id"], {})[published.basis] = replace(published, control=control)
    return found


def _control_group(election: Election, control: str) -> str:
    return control if control == NO_OVERALL_CONTROL else election.group(control)
