"""What every page of the desk asks for every few seconds: what is otherwise since it last asked, and nothing else.

Nothing of it is ever put into a form.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Environment

from app.desk.addresses import council_on_board
from app.desk.board.councils import Group
from app.desk.board.shown import BoardPiece, BoardShown
from app.domain.election import Election
from app.pages.environment import render
from app.process.strict_json import compact_json
from app.process.turns import Steps

KEPT = 64
"""Versions of the board of an election that are kept, to tell browsers what is otherwise since."""


@dataclass(slots=True)
class Looks:
    """What has been shown lately, by its version. Who has one that is not kept any more gets everything anew."""

    _kept: dict[str, OrderedDict[str, BoardShown]] = field(default_factory=dict)

    def keep(self, slug: str, version: str, shown: BoardShown) -> None:
        """Remember what was shown."""
        kept = self._kept.setdefault(slug, OrderedDict())
        kept[version] = shown
        kept.move_to_end(version)
        while len(kept) > KEPT:
            kept.popitem(last=False)

    def find(self, slug: str, version: str) -> BoardShown | None:
        """What was shown as ``version``."""
        kept = self._kept.get(slug)
        return kept.get(version) if kept is not None else None


def board_json(
    environment: Environment,
    election: Election,
    shown: BoardShown,
    before: BoardShown | None,
    *,
    page: BoardShown | None = None,
    with_pieces: bool = False,
    more: Mapping[str, Any],
) -> Steps[str]:
    """The night for the pages of the desk as JSON, with what changed since ``before``; everything where that is None.

    ``lines`` are those of contests and tallies, for the finder and the councils that are open; ``councils``, for the
    finder as well, are there with all lines: name, address and what else each is found by. ``pieces``, where they
    are asked for, are HTML by the id of the element, null where it is gone since ``page`` was drawn; ``redrawn``
    says that all are there, and ``all`` that all lines are.
    """
    known = before if before is not None and _has_the_same_lines(before, shown) else None
    lines: list[str] = []
    for group in shown.board.groups:
        lines += _changed(group, known.board.by_id[group.council_id] if known is not None else None)
        yield
    pieces: dict[str, str | None] = {}
    if with_pieces:
        drawn = page.pieces if page is not None else {}
        pieces = dict.fromkeys(sorted(drawn.keys() - shown.pieces.keys()))
        for element, piece in shown.pieces.items():
            if drawn.get(element) != piece:
                pieces[element] = draw_piece(environment, election, piece)
                yield
    told = {
        "all": known is None,
        "counts": dict(shown.board.counts),
        "alerts": dict(shown.alerts),
        "zone": election.timezone,
        "pieces": pieces,
        "redrawn": page is None,
        **({} if known is not None else {"councils": [_found(election, group) for group in shown.board.groups]}),
        **more,
    }
    return f'{{"lines":[{",".join(lines)}],{compact_json(told)[1:]}'


def draw_piece(environment: Environment, election: Election, piece: BoardPiece) -> str:
    """A part of the board."""
    return render(environment, piece.template, {"election": election, "it": piece.it})


def _found(election: Election, group: Group) -> tuple[str, str, str]:
    return group.name, council_on_board(election, group.council_id), group.tally.aliases


def _has_the_same_lines(before: BoardShown, now: BoardShown) -> bool:
    """Whether both are of the same contests: after a change of the catalogue everything is told anew."""
    was, groups = before.board.by_id, now.board.groups
    return len(was) == len(groups) and all(
        (known := was.get(group.council_id)) is group or (known is not None and _elements(known) == _elements(group))
        for group in groups
    )


def _elements(group: Group) -> list[str]:
    return [line.element for line in group.all_lines]


def _changed(group: Group, before: Group | None) -> Iterable[str]:
    if before is None:
        return group.told
    if before is group:
        return ()
    return (line for line, was in zip(group.told, before.told, strict=True) if line != was)
