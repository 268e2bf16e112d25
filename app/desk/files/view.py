"""The pages of a council's spreadsheet: handing it in, which column is which, what would come of it, what came."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment

from app.bundles.exporting import Cell, as_csv
from app.desk.addresses import desk_url
from app.desk.files.columns import LABELS
from app.desk.files.preview import Prospect, WardPreview
from app.desk.files.ward_rows import Mismatch
from app.desk.frame import DeskFrame
from app.domain.contest import ContestState
from app.domain.council import CouncilState
from app.domain.election import Council, Election
from app.pages.environment import render

TEMPLATE_COLUMNS = (
    "ward",
    "ballot_id",
    "candidacy_id",
    "candidate",
    "party",
    "votes",
    "elected",
    "ballots",
    "rejected",
)


def files_url(election: Election, council_id: str) -> str:
    """The page of a council's spreadsheet."""
    return f"{desk_url(election)}/councils/{council_id}/files"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A spreadsheet on its way through the pages: what of it is sent again with each form."""

    packed: str = ""
    source: str = ""
    columns: Mapping[int, str] | None = None
    """What each column was said to be; None where the file says it."""


@dataclass(frozen=True, slots=True)
class WardOutcome:
    """What came of a ward: ``told`` in words; ``is_taken`` where it waits, or is declared."""

    name: str
    url: str
    is_taken: bool
    told: str


def template_csv(election: Election, state: CouncilState, *, rehearsal: bool) -> str:
    """A CSV file with every candidate of the wards that are still to be declared, to be filled in."""
    return as_csv(TEMPLATE_COLUMNS, _template_rows(election, state), rehearsal=rehearsal)


def _template_rows(election: Election, state: CouncilState) -> Iterator[Mapping[str, Cell]]:
    for result in state.contests.values():
        if result.state is ContestState.DECLARED or result.is_decided:
            continue
        for candidacy in result.contest.candidacies:
            yield {
                "ward": result.contest.name,
                "ballot_id": result.contest.ballot_id,
                "candidacy_id": candidacy.candidacy_id,
                "candidate": candidacy.name,
                "party": election.party(candidacy.party_id).name,
            }


def upload_page(
    environment: Environment, election: Election, council: Council, frame: DeskFrame, *, wrong: str = ""
) -> str:
    """Where a file is handed in; ``wrong`` is why the last one was not taken."""
    return _page(environment, "upload", election, council, frame, wrong=wrong)


def columns_page(
    environment: Environment,
    election: Election,
    council: Council,
    frame: DeskFrame,
    *,
    handed: HandedIn,
    row: Sequence[str],
    wrong: str = "",
) -> str:
    """Asks which column is which; ``row`` is the first one."""
    return _page(environment, "columns", election, council, frame, handed=handed, row=row, labels=LABELS, wrong=wrong)


def preview_page(
    environment: Environment,
    election: Election,
    council: Council,
    frame: DeskFrame,
    *,
    handed: HandedIn,
    wards: Sequence[WardPreview],
    unplaced: Sequence[Mismatch],
) -> str:
    """Ward by ward what would come of it."""
    counts = {it.value: sum(ward.prospect is it for ward in wards) for it in Prospect}
    return _page(
        environment, "preview", election, council, frame, handed=handed, wards=wards, unplaced=unplaced, counts=counts
    )


def outcome_page(
    environment: Environment,
    election: Election,
    council: Council,
    frame: DeskFrame,
    *,
    outcomes: Sequence[WardOutcome],
    unplaced: Sequence[Mismatch],
) -> str:
    """What came of it, and what is left."""
    return _page(environment, "outcome", election, council, frame, outcomes=outcomes, unplaced=unplaced)


def _page(
    environment: Environment, name: str, election: Election, council: Council, frame: DeskFrame, **values: Any
) -> str:
    url = files_url(election, council.council_id)
    shared = {"frame": frame, "election": election, "council": council, "url": url, "desk_url": desk_url(election)}
    return render(environment, f"desk/files/{name}.html", {**shared, **values})
