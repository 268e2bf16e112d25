"""The board: what needs a person, then every council, folded to a line that opens to what its contests wait for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from jinja2 import Environment

from app.desk.board.councils import Board, Group
from app.desk.board.lines import FILTERS, WorkLine, is_shown
from app.desk.board.shown import BoardShown
from app.desk.frame import DeskFrame
from app.desk.notes.view import ShownNote
from app.domain.election import Election
from app.domain.letters import legible
from app.domain.night import Night
from app.pages.environment import render, rendering
from app.process.turns import Steps

OPENED_AT_ONCE = 60
"""Contests that come under what was asked for, at most, for their councils to be open from the start."""

Notes = Mapping[str, Sequence[ShownNote]]
"""Internal notes by council."""


@dataclass(frozen=True, slots=True)
class Row:
    """A council on the page. ``lines`` is None while it is folded: its contests are not sent before it is opened."""

    group: Group
    lines: tuple[WorkLine, ...] | None


def board_page(
    environment: Environment,
    night: Night,
    shown: BoardShown,
    frame: DeskFrame,
    *,
    asked: Mapping[str, str],
    notes: Notes | None = None,
    part: str = "",
) -> Steps[str]:
    """The page; ``asked`` has the reader's ``state`` and ``q``, and in ``open`` councils that are not to be folded.

    ``notes`` are those about councils and their wards. ``part`` asks for the councils alone.
    """
    state = asked.get("state", "") if asked.get("state", "") in FILTERS else ""
    words = legible(asked.get("q", ""))[:100].strip()
    rows = yield from _rows(shown.board, state, words, opened=asked.get("open", "").split(","))
    values = {
        "frame": frame,
        "election": night.election,
        "board": shown.board,
        "shown": shown,
        "filters": FILTERS,
        "state": state,
        "q": words,
        "done": asked.get("done", ""),
        "rows": rows,
        "notes": notes or {},
    }
    template = "desk/board/_councils.html" if part else "desk/board/board.html"
    return (yield from rendering(environment, template, values))


def wards_part(environment: Environment, election: Election, group: Group, frame: DeskFrame, notes: Notes) -> str:
    """What is in a council that is opened."""
    values = {"election": election, "frame": frame, "group": group, "lines": group.lines, "notes": notes}
    return render(environment, "desk/board/_wards.html", values)


def _rows(board: Board, state: str, words: str, *, opened: Collection[str]) -> Steps[list[Row]]:
    """The councils with something that comes under what was asked for; all, where nothing was."""
    if not state and not words:
        is_alone = len(board.groups) == 1
        return [Row(it, it.lines if is_alone or it.council_id in opened else None) for it in board.groups]
    found: list[Row] = []
    for forgiving in (False, True):
        for group in board.groups if not found else ():
            lines = tuple(line for line in group.lines if is_shown(line, state, words, forgiving=forgiving))
            is_asked = is_shown(group.tally, state, words, forgiving=forgiving) or state in group.tags
            if lines or is_asked:
                found.append(Row(group, lines))
            yield
    if sum(len(row.lines or ()) for row in found) <= OPENED_AT_ONCE:
        return found
    return [row if row.group.council_id in opened else Row(row.group, None) for row in found]
