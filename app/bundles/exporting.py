"""Everything declared, for spreadsheets, for programs, and for Democracy Club.

Exports of a rehearsal are marked: CSV with a first column ``rehearsal`` that says TEST in every row, JSON with a first
key ``rehearsal``. Nothing that reads them by name breaks, and nobody takes them for results.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from app.api.values import (
    JsonObject,
    Moment,
    announced_figures,
    announced_so,
    contest_view,
    council_head_view,
    election_end_view,
    election_head_view,
    is_elected,
    marked,
)
from app.bundles.columns import RESULTS, names
from app.domain.contest import CandidateResult, ContestResult
from app.domain.council import CouncilState
from app.domain.declarations import TallyDeclaration
from app.domain.election import Convention, Election
from app.domain.figures import margin
from app.domain.night import Night

Cell = str | int | float | None
"""A cell: text is made safe for spreadsheets, numbers are left alone, None is empty."""

YES_OR_NO: Mapping[bool | None, str | None] = MappingProxyType({True: "yes", False: "no", None: None})

REHEARSAL = "rehearsal"
"""The column that marks the file of one."""

BYTE_ORDER_MARK = "\ufeff"
"""Begins a file for spreadsheets: without it Excel does not take UTF-8 for what it is."""

COLUMNS = names(RESULTS)
"""The columns of :func:`csv_export`."""

DC_COLUMNS = (
    "election_id",
    "ballot_paper_id",
    "person_id",
    "party_id",
    "party_name",
    "person_name",
    "ballots_cast",
    "elected",
    "spoilt_ballots",
    "turnout",
    "turnout_percentage",
    "total_electorate",
    "source",
)
"""Democracy Club's columns of results: ``ballots_cast`` are one person's votes there, ``turnout`` the papers."""


@dataclass(frozen=True, slots=True)
class Export:
    """A file of everything declared: its beginning, a text for each council, and its end.

    ``council`` gives that text in parts, none of which takes long to make. It depends on the council's state alone.
    ``opening`` gives what stands before all of them and is too much for the beginning, in parts as well.
    """

    beginning: str
    council: Callable[[CouncilState], Iterator[str]]
    end: str = ""
    opening: Callable[[], Iterator[str]] = lambda: iter(())

    def whole(self, night: Night) -> str:
        """The file, of the night that the export is of."""
        texts = (text for state in night.councils.values() for text in self.council(state))
        return "".join((self.beginning, *self.opening(), *texts, self.end))


def csv_export(election: Election, *, rehearsal: bool = False) -> Export:
    """Everything declared, as CSV with ``COLUMNS``; numbers bare, yes or no, times in ISO 8601.

    A row per candidacy of every contest, declared or not. Where only seats are known a row per party instead, with
    ``seats``; where nothing is known, or nobody took a seat, a row for the contest. A council's standing tally by phone
    follows its contests, a row per party, without a ballot_id and with the state ``tally`` or ``tally-incomplete``.
    """

    def council(state: CouncilState) -> Iterator[str]:
        for rows in _council_rows(election, state):
            yield lines(COLUMNS, rows, rehearsal=rehearsal)

    return Export(f"{BYTE_ORDER_MARK}{heading(COLUMNS, rehearsal=rehearsal)}", council)


def dc_csv_export(election: Election, *, rehearsal: bool = False) -> Export:
    """Results in Democracy Club's columns: a row per candidacy of every contest whose winners are known.

    Contests of which only the parties' seats are known have no row: there is no person to name. It is for programs, and
    has no byte order mark.
    """

    def council(state: CouncilState) -> Iterator[str]:
        for result in state.contests.values():
            known = (candidate for candidate in result.candidates if is_elected(result, candidate) is not None)
            rows = (_dc_row(election, result, candidate) for candidate in known)
            yield lines(DC_COLUMNS, rows, rehearsal=rehearsal)

    return Export(heading(DC_COLUMNS, rehearsal=rehearsal), council)


def json_export(
    night: Night, *, epoch: str, convention: Convention, rehearsal: bool = False, past: Moment | None = None
) -> Export:
    """The election with its parties, scoreboard and every council with its contests, as JSON.

    The councils are those of the night, in its order; of ``night`` the beginning and the end are made. ``past`` is the
    moment that it is of, None where that is now.
    """
    election, first = night.election, next(iter(night.councils), None)

    def council(state: CouncilState) -> Iterator[str]:
        # Of each object the end is left away, for what comes within; the line breaks are those of its level.
        yield "" if state.council_id == first else ","
        yield _indented(f'\n{_json(council_head_view(election, state, convention))[:-2]},\n "contests": [', 2)
        for number, result in enumerate(state.contests.values()):
            yield _indented(f"{',' if number else ''}\n{_json(contest_view(election, result))}", 4)
        yield "\n   ]\n  }"

    head = election_head_view(night, epoch=epoch, convention=convention)
    beginning = _json(marked(head, rehearsal=rehearsal, past=past))
    end = _json(election_end_view(night, convention))
    return Export(f'{beginning[:-2]},\n "councils": [', council, f"\n ],\n{end[2:]}\n")


def neutralised(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula; numbers never come here."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Cell]], *, rehearsal: bool) -> str:
    """A CSV file for spreadsheets (RFC 4180); a column that a row does not have is empty there."""
    return BYTE_ORDER_MARK + heading(columns, rehearsal=rehearsal) + lines(columns, rows, rehearsal=rehearsal)


def heading(columns: Sequence[str], *, rehearsal: bool) -> str:
    """The first line of a CSV file."""
    return _written([[*_mark(rehearsal=rehearsal), *columns]])


def lines(columns: Sequence[str], rows: Iterable[Mapping[str, Cell]], *, rehearsal: bool) -> str:
    """``rows`` as the lines of a CSV file with ``columns``."""
    mark = _mark(rehearsal=rehearsal)
    return _written([*mark.values(), *(row.get(column) for column in columns)] for row in rows)


def _written(rows: Iterable[Sequence[Cell]]) -> str:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    for row in rows:
        writer.writerow([neutralised(cell) if isinstance(cell, str) else cell for cell in row])
    return written.getvalue()


def _mark(*, rehearsal: bool) -> Mapping[str, str]:
    """What stands before every row of a rehearsal, under its heading."""
    return {REHEARSAL: "TEST"} if rehearsal else {}


def _json(view: JsonObject) -> str:
    return json.dumps(view, ensure_ascii=False, indent=1)


def _indented(text: str, levels: int) -> str:
    """JSON so many levels further in: it has no line break but its own."""
    return text.replace("\n", "\n" + " " * levels)


def _council_rows(election: Election, state: CouncilState) -> Iterator[Iterable[Mapping[str, Cell]]]:
    """The rows of each contest, and of the tally."""
    council: Mapping[str, Cell] = {
        "council_id": state.council_id,
        "council": state.council.name,
        "council_gss": state.council.gss,
    }
    for result in state.contests.values():
        cells = {**council, **contest_cells(result)}
        yield [{**cells, **row} for row in _contest_rows(election, result)]
    if state.tally is not None and isinstance(state.tally.content, TallyDeclaration):
        told = state.tally.content
        tally: Mapping[str, Cell] = {
            "state": "tally" if told.complete else "tally-incomplete",
            "sequence": state.tally.seq,
            "declared_at": state.tally.at.isoformat(),
            "corrected": YES_OR_NO[state.tally.replaces is not None],
            "confirm": " ".join(sorted(state.tally.confirmed)),
        }
        yield [{**council, **tally, **row} for row in _party_rows(election, told.seats)]


def contest_cells(result: ContestResult) -> Mapping[str, Cell]:
    """What files say of a contest itself, whatever a row of theirs is."""
    contest, entry = result.contest, result.entry
    return {
        "ballot_id": contest.ballot_id,
        "ward": contest.ward,
        "ward_gss": contest.gss,
        "seats_up": contest.seats_up,
        "electorate": contest.electorate,
        "state": result.state.value,
        "sequence": entry.seq if entry else None,
        "declared_at": entry.at.isoformat() if entry else None,
        "corrected": YES_OR_NO[entry.replaces is not None if entry else None],
        "turnout": round(result.turnout.percentage, 2) if result.turnout else None,
        "turnout_counted": YES_OR_NO[result.turnout.counted if result.turnout else None],
        **announced_figures(result),
        "margin": margin(result),
        "as_announced": announced_so(result)["as_announced"],
        "confirm": " ".join(sorted(entry.confirmed)) if entry else None,
    }


def _contest_rows(election: Election, result: ContestResult) -> Iterator[Mapping[str, Cell]]:
    declaration = result.declaration
    if declaration is not None and declaration.seats is not None:
        yield from _party_rows(election, declaration.seats)
    elif not result.candidates:
        yield {}
    else:
        for candidate in result.candidates:
            yield {
                "candidacy_id": candidate.candidacy.candidacy_id,
                "candidate": candidate.candidacy.name,
                **_party_cells(election, candidate.candidacy.party_id),
                "votes": candidate.votes,
                "rank": candidate.rank,
                "joint": YES_OR_NO[candidate.joint if candidate.rank is not None else None],
                "elected": YES_OR_NO[is_elected(result, candidate)],
                "by_lot": YES_OR_NO[candidate.by_lot if candidate.rank is not None else None],
            }


def _party_rows(election: Election, seats: Mapping[str, int]) -> Iterator[Mapping[str, Cell]]:
    if not seats:
        yield {}  # Nobody took one: the row still says that this was declared.
    for party_id, number in seats.items():
        yield {**_party_cells(election, party_id), "seats": number}


def _party_cells(election: Election, party_id: str) -> Mapping[str, Cell]:
    party, group = election.party(party_id), election.party(election.group(party_id))
    return {
        "party_id": party_id,
        "party": party.name,
        "party_short": party.short,
        "party_colour": party.colour,
        "group": group.party_id,
        "group_name": group.name,
        "group_short": group.short,
        "group_colour": group.colour,
    }


def _dc_row(election: Election, result: ContestResult, candidate: CandidateResult) -> Mapping[str, Cell]:
    contest, candidacy, declaration = result.contest, candidate.candidacy, result.declaration
    return {
        "election_id": _dc_election_id(election, contest.ballot_id),
        "ballot_paper_id": contest.ballot_id,
        "person_id": candidacy.candidacy_id,
        "party_id": candidacy.party_id,
        "party_name": election.party(candidacy.party_id).name,
        "person_name": candidacy.name,
        "ballots_cast": candidate.votes,
        "elected": "t" if candidate.elected else "f",
        "spoilt_ballots": declaration.rejected if declaration else None,
        "turnout": declaration.papers if declaration else None,
        "turnout_percentage": f"{result.turnout.percentage:.2f}" if result.turnout else None,
        "total_electorate": contest.electorate,
        "source": declaration.source if declaration else None,
    }


def _dc_election_id(election: Election, ballot_id: str) -> str:
    """Democracy Club's election of one council: ``local.medway.2023-05-04`` of ``local.medway.all-saints.2023-05-04``.

    Where the ballot's id has no such form, the group of elections.
    """
    parts = ballot_id.split(".")
    return f"{parts[0]}.{parts[1]}.{parts[-1]}" if len(parts) >= 4 else election.election_id
