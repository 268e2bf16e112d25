"""The wall: what a screen across the room shows. Everything is there at once, so that nobody waits for a round."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.council import CouncilState
from app.domain.election import Convention
from app.domain.night import Night
from app.pages.components.badge import badge_of
from app.pages.overview.board import RowFacts, Stage, row_facts
from app.wording.figures import clock

NEXT = 7
"""Councils that are named as the next to be decided."""

_UNDECIDED = (Stage.COUNTING, Stage.AWAITING)


@dataclass(frozen=True, slots=True)
class NextDecided:
    """A council whose control is not certain yet.

    ``far`` is ``18 of 24 wards``, ``waits`` what it waits for: ``LAB needs 3 of 9 to come``, ``due 06:30 BST``.
    """

    council_id: str
    name: str
    far: str
    waits: str


def next_decided(night: Night, convention: Convention, states: Iterable[CouncilState]) -> list[NextDecided]:
    """Of ``states`` those that are counting, the nearest to the line first, and then those that are expected next.

    ``js/overview/wall.js`` does the same with the rows.
    """
    undecided = [(row_facts(state, convention), state) for state in states if not state.is_certain]
    undecided.sort(key=lambda row: _soonest(row[0]))
    return [_next(night, facts, state, convention) for facts, state in undecided[:NEXT]]


def _soonest(facts: RowFacts) -> tuple[int, int, str]:
    key = facts.expected if facts.stage is Stage.AWAITING else facts.line
    return _UNDECIDED.index(facts.stage), key, facts.name


def _next(night: Night, facts: RowFacts, state: CouncilState, convention: Convention) -> NextDecided:
    badge, at = badge_of(night.election, state, convention.key), state.next_expected_at
    due = f"due {clock(night.election, at)}" if at is not None and state.last is None else ""
    waits = due if facts.stage is Stage.AWAITING else badge.needs
    return NextDecided(state.council_id, state.council.name, badge.text, waits)
