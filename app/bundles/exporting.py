"""Everything declared, for spreadsheets, for programs, and for Democracy Club.

Exports of a rehearsal are marked: CSV with a first column ``rehearsal`` that says TEST in every row, JSON with a first
key ``rehearsal``. Nothing that reads them by name breaks, and nobody takes them for results.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from app.bundles.json_views import council_detail_view, election_view, is_elected, marked
from app.domain.contest import CandidateResult, ContestResult
from app.domain.council import CouncilState
from app.domain.declarations import TallyDeclaration
from app.domain.election import Convention, Election
from app.domain.night import Night

Cell = str | int | float | None
"""A cell: text is made safe for spreadsheets, numbers are left alone, None is empty."""

_YES_OR_NO: Mapping[bool | None, str | None] = MappingProxyType({True: "yes", False: "no", None: None})

COLUMNS = (
    "council_id",
    "council",
    "ballot_id",
    "ward",
    "seats_up",
    "electorate",
    "state",
    "sequence",
    "declared_at",
    "corrected",
    "turnout",
    "turnout_counted",
    "candidacy_id",
    "candidate",
    "party_id",
    "party",
    "group",
    "votes",
    "rank",
    "joint",
    "elected",
    "by_lot",
    "seats",
)
"""The columns of :func:`export_csv`."""

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


def export_csv(night: Night, *, rehearsal: bool = False) -> str:
    """Everything declared, as CSV with ``COLUMNS``; numbers bare, yes or no, times in ISO 8601.

    A row per candidacy of every contest, declared or not. Where only seats are known a row per party instead, with
    ``seats``; where nothing is known, or nobody took a seat, a row for the contest. A council's standing tally by phone
    follows its contests, a row per party, without a ballot_id and with the state ``tally`` or ``tally-incomplete``.
    """
    rows = (row for state in night.councils.values() for row in _council_rows(night.election, state))
    return as_csv(COLUMNS, rows, rehearsal=rehearsal)


def export_json(night: Night, *, epoch: str, convention: Convention, rehearsal: bool = False) -> str:
    """The election with its parties, scoreboard and every council with its contests, as JSON."""
    view = {
        **election_view(night, epoch=epoch, convention=convention),
        "councils": [council_detail_view(state, convention) for state in night.councils.values()],
        "parties": [
            {
                "party_id": party.party_id,
                "name": party.name,
                "short": party.short,
                "colour": party.colour,
                "group": night.election.group(party.party_id),
            }
            for party in night.election.parties.values()
        ],
    }
    return json.dumps(marked(view, rehearsal=rehearsal), ensure_ascii=False, indent=1) + "\n"


def export_dc_csv(night: Night, *, rehearsal: bool = False) -> str:
    """Results in Democracy Club's columns: a row per candidacy of every contest whose winners are known.

    Contests of which only the parties' seats are known have no row: there is no person to name.
    """
    rows = (
        _dc_row(night.election, result, candidate)
        for state in night.councils.values()
        for result in state.contests.values()
        for candidate in result.candidates
        if is_elected(result, candidate) is not None
    )
    return as_csv(DC_COLUMNS, rows, rehearsal=rehearsal)


def neutralised(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula; numbers never come here."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Cell]], *, rehearsal: bool) -> str:
    """CSV as of RFC 4180; a column that a row does not have is empty there."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    mark = {"rehearsal": "TEST"} if rehearsal else {}
    writer.writerow([*mark, *columns])
    for row in rows:
        cells = [*mark.values(), *(row.get(column) for column in columns)]
        writer.writerow([neutralised(cell) if isinstance(cell, str) else cell for cell in cells])
    return written.getvalue()


def _council_rows(election: Election, state: CouncilState) -> Iterator[Mapping[str, Cell]]:
    council: Mapping[str, Cell] = {"council_id": state.council_id, "council": state.council.name}
    for result in state.contests.values():
        for row in _contest_rows(election, result):
            yield {**council, **_contest_cells(result), **row}
    if state.tally is not None and isinstance(state.tally.content, TallyDeclaration):
        told = state.tally.content
        tally: Mapping[str, Cell] = {
            "state": "tally" if told.complete else "tally-incomplete",
            "sequence": state.tally.seq,
            "declared_at": state.tally.at.isoformat(),
            "corrected": _YES_OR_NO[state.tally.replaces is not None],
        }
        for row in _party_rows(election, told.seats):
            yield {**council, **tally, **row}


def _contest_cells(result: ContestResult) -> Mapping[str, Cell]:
    contest, entry = result.contest, result.entry
    return {
        "ballot_id": contest.ballot_id,
        "ward": contest.ward,
        "seats_up": contest.seats_up,
        "electorate": contest.electorate,
        "state": result.state.value,
        "sequence": entry.seq if entry else None,
        "declared_at": entry.at.isoformat() if entry else None,
        "corrected": _YES_OR_NO[entry.replaces is not None if entry else None],
        "turnout": round(result.turnout.percentage, 2) if result.turnout else None,
        "turnout_counted": _YES_OR_NO[result.turnout.counted if result.turnout else None],
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
                "joint": _YES_OR_NO[candidate.joint if candidate.rank is not None else None],
                "elected": _YES_OR_NO[is_elected(result, candidate)],
                "by_lot": _YES_OR_NO[candidate.by_lot if candidate.rank is not None else None],
            }


def _party_rows(election: Election, seats: Mapping[str, int]) -> Iterator[Mapping[str, Cell]]:
    if not seats:
        yield {}  # Nobody took one: the row still says that this was declared.
    for party_id, number in seats.items():
        yield {**_party_cells(election, party_id), "seats": number}


def _party_cells(election: Election, party_id: str) -> Mapping[str, Cell]:
    return {"party_id": party_id, "party": election.party(party_id).name, "group": election.group(party_id)}


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
        "turnout": declaration.ballots if declaration else None,
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
