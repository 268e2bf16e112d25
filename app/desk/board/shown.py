"""All that the board shows as one value, in pieces: what a browser has already is not sent to it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple

from app.desk.board.councils import Board, Group
from app.desk.board.lines import OVERDUE, Work
from app.desk.board.needs import Needs
from app.desk.board.strip import Strip


class BoardPiece(NamedTuple):
    """A part of the page that is replaced as a whole: the template that makes it, and of what."""

    template: str
    it: Any


@dataclass(frozen=True)
class BoardShown:
    """The board at one moment, for one reader."""

    board: Board
    needs: Needs
    strip: Strip

    @cached_property
    def pieces(self) -> Mapping[str, BoardPiece]:
        """By the id of its element, every part of the board that changes by itself."""
        return {
            "desk-night": BoardPiece("desk/board/_night.html", self.strip),
            "desk-latest": BoardPiece("desk/board/_latest.html", self.strip.latest),
            "desk-people": BoardPiece("desk/board/_people.html", self.strip.people),
            "needs-told": BoardPiece("desk/board/_needs_told.html", self.needs),
            **{need.element: BoardPiece("desk/board/_need.html", need) for need in self.needs.rows},
            **{row_element(group): BoardPiece("desk/board/_council.html", group) for group in self.board.groups},
        }

    @cached_property
    def version(self) -> str:
        """Another one whenever anything of it is otherwise; the same in every process."""
        digest = sha256(b"".join(group.version for group in self.board.groups))
        digest.update(repr((self.needs, self.strip)).encode())
        return digest.hexdigest()[:16]

    @property
    def alerts(self) -> Mapping[str, int]:
        """How much there is of what somebody may want to be called for."""
        counts = self.board.counts
        decides = sum(line.decides for group in self.board.groups for line in group.all_lines)
        return {"disputed": counts[Work.DISPUTED], "overdue": counts[OVERDUE], "decides": decides}


def row_element(group: Group) -> str:
    """The id of the line that a council is folded to."""
    return f"{group.element}-line"
