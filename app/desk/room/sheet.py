"""Sheets to phone from, on paper: a council each, with whom to phone, what is up, and space to write."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jinja2 import Environment

from app.desk.frame import DeskFrame
from app.desk.room.typed import told_time
from app.desk.room.view import Telephone, room_url, telephones
from app.domain.contest import ContestState
from app.domain.council import CouncilState
from app.domain.election import Contest, Election
from app.domain.expected import MovedTimes, expected, expected_of_contest
from app.pages.addresses import element_id
from app.pages.contest.view import by_ward
from app.pages.environment import rendering
from app.process.turns import Steps
from app.store.room import NOTHING, Covered, RowKey
from app.wording import sentences
from app.wording.figures import plural_contests, plural_seats


@dataclass(frozen=True, slots=True)
class CallSheetLine:
    """A ward on a sheet: ``told`` is empty where there is nothing known, and space to write instead."""

    name: str
    seats: int
    electorate: int | None
    expected: str
    told: str


@dataclass(frozen=True, slots=True)
class CallSheet:
    """What is needed to phone a count, on paper: a page a council."""

    council_id: str
    element: str
    name: str
    covers: str
    place: str
    telephones: tuple[Telephone, ...]
    expected: str
    summary: str
    lines: tuple[CallSheetLine, ...]


def sheets(
    election: Election, states: Iterable[CouncilState], kept: Mapping[RowKey, Covered], moved: MovedTimes
) -> Steps[list[CallSheet]]:
    """One for each council, as the night is by now."""
    made = []
    for state in states:
        made.append(_sheet(election, state, kept.get(RowKey("council", state.council_id), NOTHING), moved))
        yield
    return made


def sheets_page(
    environment: Environment, election: Election, made: Sequence[CallSheet], frame: DeskFrame
) -> Steps[str]:
    """The page that is printed."""
    values = {"frame": frame, "election": election, "sheets": made, "room_url": room_url(election)}
    return (yield from rendering(environment, "desk/room/sheet.html", values))


def _sheet(election: Election, state: CouncilState, covered: Covered, moved: MovedTimes) -> CallSheet:
    council, at = state.council, expected(state, moved)
    seats = plural_seats(election, council.seats_up)
    return CallSheet(
        council_id=council.council_id,
        element=element_id("sheet", council.council_id),
        name=council.name,
        covers=covered.covers,
        place=covered.place,
        telephones=telephones(covered.telephones),
        expected=told_time(election, at) if at else "",
        summary=f"{plural_contests(election, len(council.contests))}, {seats} up of {council.total_seats}",
        lines=tuple(_sheet_line(election, state, contest, moved) for contest in by_ward(council.contests)),
    )


def _sheet_line(election: Election, state: CouncilState, contest: Contest, moved: MovedTimes) -> CallSheetLine:
    result = state.contests[contest.ballot_id]
    at = None if result.is_decided else expected_of_contest(contest, state.council, moved)
    own = at if contest.expected_at is not None or contest.ballot_id in moved.contests else None
    is_known = result.is_decided or result.state is not ContestState.AWAITING
    return CallSheetLine(
        name=contest.name,
        seats=contest.seats_up,
        electorate=contest.electorate,
        expected=told_time(election, own) if own else "",
        told=sentences.contest_summary(election, result) if is_known else "",
    )
