"""The board of councils: where each stands, and which of them a reader wants to see in which order.

The rows themselves are the same for every reader; what a reader asks for only hides and orders them. The same facts
stand on each row as data attributes, so that a browser (``js/overview/filters.js``) can do it again after a message.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from app.domain.contest import ContestState
from app.domain.council import CouncilState
from app.domain.declarations import StatusDeclaration, StatusValue
from app.domain.election import NO_OVERALL_CONTROL, Convention, Election
from app.domain.holders import Outcome
from app.domain.letters import legible
from app.domain.night import Night


class Stage(StrEnum):
    """How far a council is."""

    AWAITING = "awaiting"
    COUNTING = "counting"
    CERTAIN = "certain"
    DECLARED = "declared"


FLIPPED = "flipped"

STATES: Mapping[str, str] = {
    Stage.AWAITING: "Awaiting",
    Stage.COUNTING: "Counting",
    Stage.CERTAIN: "Certain, {seats} to come",
    Stage.DECLARED: "Declared",
    FLIPPED: "Flipped",
}

SORTS: Mapping[str, str] = {
    "name": "Name",
    "state": "State",
    "updated": "Last update",
    "expected": "Expected",
    "line": "Closest to the line",
}

VIEWS: Mapping[str, str] = {"rows": "Rows", "dense": "Dense", "wall": "Wall"}
"""How a board can be shown, with the words of the link that shows it so."""

MOST_IN_ROWS = 40
"""Councils of the longest board that is shown in rows unless another view is asked for."""

_STAGE_ORDER = (Stage.CERTAIN, Stage.COUNTING, Stage.AWAITING, Stage.DECLARED)
_LAST = 10**12
_DECIDED = 10**4


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What rows are filtered and sorted by. The numbers are sort keys, the smallest first."""

    name: str
    stage: Stage
    flipped: bool
    parties: tuple[str, ...]
    region: str
    updated: int
    expected: int
    line: int

    @property
    def stage_order(self) -> int:
        return _STAGE_ORDER.index(self.stage)


def states(election: Election) -> dict[str, str]:
    """What can be asked for as ``state``, with its label."""
    return {state: label.format(seats=election.words.seats) for state, label in STATES.items()}


@dataclass(frozen=True, slots=True)
class BoardQuery:
    """What a reader asked for; every field but ``sort`` is empty where nothing was asked."""

    q: str = ""
    party: str = ""
    state: str = ""
    region: str = ""
    sort: str = "name"
    view: str = ""
    theme: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "BoardQuery":
        """From the query of a URL. What is not known there asks for nothing: an old link still shows the board."""
        given = {field.name: legible(query.get(field.name, "")).strip() for field in fields(cls)}
        return cls(
            q=given["q"][:100],
            party=given["party"],
            state=given["state"] if given["state"] in STATES else "",
            region=given["region"],
            sort=given["sort"] if given["sort"] in SORTS else "name",
            view=given["view"] if given["view"] in VIEWS else "",
            theme=given["theme"] if given["theme"] in {"light", "dark"} else "",
        )

    def asked(self) -> dict[str, str]:
        """The fields that are not at their default, for links."""
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name) != field.default
        }

    def view_of(self, councils: int) -> str:
        """How a board of so many councils is shown: as asked, else by their number alone."""
        return self.view or ("rows" if councils <= MOST_IN_ROWS else "dense")

    def shows(self, facts: RowFacts) -> bool:
        return (
            (not self.q or self.q.lower() in facts.name)
            and (not self.party or self.party in facts.parties)
            and (not self.state or (facts.flipped if self.state == FLIPPED else facts.stage == self.state))
            and (not self.region or self.region == facts.region)
        )

    def key(self, facts: RowFacts) -> tuple[int, str]:
        """What the board is sorted by; names decide between equals."""
        numbers = {
            "state": facts.stage_order,
            "updated": -facts.updated,
            "expected": facts.expected,
            "line": facts.line,
        }
        return numbers.get(self.sort, 0), facts.name


def stage_of(state: CouncilState) -> Stage:
    """Where a council is. Uncontested wards alone are no beginning of the count."""
    if state.is_complete:
        return Stage.DECLARED
    if state.is_certain:
        return Stage.CERTAIN
    return Stage.COUNTING if _has_begun(state) else Stage.AWAITING


def row_facts(state: CouncilState, convention: Convention) -> RowFacts:
    """The facts of one council under one convention."""
    return RowFacts(
        name=state.council.name.lower(),
        stage=stage_of(state),
        flipped=state.comparisons[convention.key].outcome is Outcome.GAIN,
        parties=_controls_or_leads(state),
        region=state.council.region,
        updated=state.last.seq if state.last else 0,
        expected=_expected(state),
        line=distance_to_line(state),
    )


def distance_to_line(state: CouncilState) -> int:
    """Seats the nearest party needs; decided councils come after these, those with the slightest margin first."""
    if not state.is_certain:
        return min(state.needs.values(), default=0)
    return _DECIDED + abs(max(state.seats.values(), default=0) - state.majority)


def ordered(night: Night, convention: Convention, query: BoardQuery) -> list[tuple[CouncilState, bool]]:
    """Every council of the night in the order asked for, and whether it is shown."""
    rows = [
        (state, row_facts(state, convention)) for state in night.councils.values() if not state.council.stands_apart
    ]
    rows.sort(key=lambda row: query.key(row[1]))
    return [(state, query.shows(facts)) for state, facts in rows]


def parties_to_ask_for(night: Night) -> list[str]:
    """The groups that could control or lead somewhere: those with a seat, or that the councils had before; then NOC."""
    seated: set[str] = set()
    for state in night.councils.values():
        seated |= state.seats.keys()
        for baseline in state.council.baselines.values():
            seated |= (baseline.seats or {}).keys()
    return [*(group for group in night.election.groups if group in seated), NO_OVERALL_CONTROL]


def regions(states: Iterable[CouncilState]) -> list[str]:
    """The regions there are, where there is more than one."""
    found = sorted({state.council.region for state in states} - {""})
    return found if len(found) > 1 else []


def _controls_or_leads(state: CouncilState) -> tuple[str, ...]:
    if state.holder is None:
        return state.largest
    return (state.holder, *(group for group in state.largest if group != state.holder))


def _expected(state: CouncilState) -> int:
    at = state.next_expected_at
    return int(at.timestamp()) if at is not None else _LAST


def _has_begun(state: CouncilState) -> bool:
    content = state.status.content if state.status else None
    if isinstance(content, StatusDeclaration) and content.status in {StatusValue.COUNTING, StatusValue.RECOUNT}:
        return True
    begun = {ContestState.COUNTING, ContestState.RECOUNT}
    return state.tally is not None or any(
        result.entry is not None or result.state in begun for result in state.contests.values()
    )
