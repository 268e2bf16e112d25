"""The board of councils: where each stands, and which of them a reader wants to see in which order.

The rows themselves are the same for every reader; what a reader asks for only hides and orders them. The same facts
stand on each row as data attributes, so that a browser (``js/overview/filters.js``) can do it again after a message.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from app.domain.contest import ContestResult, ContestState
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

NOW = "now"
"""The order of a board that nobody asked to be otherwise: what has just happened, what is about to, and the rest."""

SORTS: Mapping[str, str] = {
    NOW: "News first",
    "name": "Name",
    "state": "State",
    "updated": "Last update",
    "expected": "Expected",
    "line": "Closest to the line",
}

VIEWS: Mapping[str, str] = {"rows": "Rows", "dense": "Dense", "tiles": "Map", "wall": "Wall"}
"""How a board can be shown, with the words of the link that shows it so."""

MOST_IN_ROWS = 40
"""Councils of the longest board that is shown in rows unless another view is asked for."""
JUST_HAPPENED = 6
"""Councils of each kind that stand first in that order: those that changed hands, and others that were decided."""

_STAGE_ORDER = (Stage.CERTAIN, Stage.COUNTING, Stage.AWAITING, Stage.DECLARED)
_LAST = 10**12
_DECIDED = 10**4


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What rows are filtered and sorted by. The numbers are sort keys, the smallest first.

    ``gained`` and ``lost`` are who gained it and who lost it, empty where it did not change hands. ``happened`` is the
    entry with which it was decided or, once it is complete, the last about it; 0 where nothing has.
    """

    name: str
    stage: Stage
    gained: str
    lost: str
    parties: tuple[str, ...]
    region: str
    updated: int
    expected: int
    line: int
    happened: int

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
    gained: str = ""
    lost: str = ""
    state: str = ""
    region: str = ""
    sort: str = NOW
    view: str = ""
    theme: str = ""
    watch: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "BoardQuery":
        """From the query of a URL. What is not known there asks for nothing: an old link still shows the board."""
        given = {field.name: legible(query.get(field.name, "")).strip() for field in fields(cls)}
        return cls(
            q=given["q"][:100],
            party=given["party"],
            gained=given["gained"],
            lost=given["lost"],
            state=given["state"] if given["state"] in STATES else "",
            region=given["region"],
            sort=given["sort"] if given["sort"] in SORTS else NOW,
            view=given["view"] if given["view"] in VIEWS else "",
            theme=given["theme"] if given["theme"] in {"light", "dark"} else "",
            watch=given["watch"],
        )

    def known_to(self, election: Election) -> "BoardQuery":
        """The same, with parties by the group they are reported under; what the election has not asks for nothing.

        A party may be asked for by its abbreviation as well.
        """

        def group(asked: str) -> str:
            return asked if asked == NO_OVERALL_CONTROL else election.group_asked_for(asked)

        regions = {council.region for council in election.councils.values()}
        return replace(
            self,
            party=group(self.party),
            gained=group(self.gained),
            lost=group(self.lost),
            region=self.region if self.region in regions else "",
        )

    @property
    def narrows(self) -> bool:
        """Whether not every council is asked for."""
        return any((self.q, self.party, self.gained, self.lost, self.state, self.region))

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
            and (not self.gained or self.gained == facts.gained)
            and (not self.lost or self.lost == facts.lost)
            and (not self.state or (bool(facts.gained) if self.state == FLIPPED else facts.stage == self.state))
            and (not self.region or self.region == facts.region)
        )

    def key(self, rows: Sequence[RowFacts]) -> Callable[[RowFacts], tuple[int | str, ...]]:
        """What each of ``rows`` is sorted by; names decide between equals."""
        of_now = order_of_now(rows)
        numbers: Mapping[str, Callable[[RowFacts], tuple[int, ...]]] = {
            NOW: of_now,
            "state": lambda facts: (facts.stage_order,),
            "updated": lambda facts: (-facts.updated,),
            "expected": lambda facts: (facts.expected,),
            "line": lambda facts: (facts.line,),
        }
        number = numbers.get(self.sort)
        return lambda facts: (*(number(facts) if number is not None else ()), facts.name)


def order_of_now(rows: Sequence[RowFacts]) -> Callable[[RowFacts], tuple[int, ...]]:
    """The sort key of the order of now among ``rows``.

    First the newest that changed hands, and the newest others that were decided; then what is being counted, the
    closest first; then what is to come, as it is expected; then the rest by name, as all is once it is declared.
    """
    is_over = all(row.stage is Stage.DECLARED for row in rows)
    newest = sorted((row for row in rows if row.happened and not is_over), key=lambda row: (-row.happened, row.name))
    changed, others = (
        [row for row in newest if bool(row.gained) is flipped][:JUST_HAPPENED] for flipped in (True, False)
    )
    places = {row: place for place, row in enumerate([*changed, *others])}

    def key(facts: RowFacts) -> tuple[int, ...]:
        if facts in places:
            return 0, places[facts]
        match facts.stage:
            case Stage.COUNTING:
                return 1, facts.line
            case Stage.DECLARED:
                return 3, 0
        return 2, facts.expected

    return key


def stage_of(state: CouncilState) -> Stage:
    """Where a council is. Uncontested wards alone are no beginning of the count."""
    if state.is_complete:
        return Stage.DECLARED
    if state.is_certain:
        return Stage.CERTAIN
    return Stage.COUNTING if _has_begun(state) else Stage.AWAITING


def row_facts(state: CouncilState, convention: Convention) -> RowFacts:
    """The facts of one council under one convention."""
    gain, updated = state.comparisons[convention.key].gain, state.last.seq if state.last else 0
    return RowFacts(
        name=state.council.name.lower(),
        stage=stage_of(state),
        gained=gain.now if gain else "",
        lost=gain.before if gain else "",
        parties=_controls_or_leads(state),
        region=state.council.region,
        updated=updated,
        expected=_expected(state),
        line=distance_to_line(state),
        happened=updated if state.is_complete else state.since.seq if state.since else 0,
    )


def by_election_facts(state: CouncilState, result: ContestResult) -> RowFacts:
    """The same of a by-election: found by its ward and its council, held and lost by who won it and who had it."""
    begun, holders = {ContestState.COUNTING, ContestState.RECOUNT}, result.holders
    gain = holders if holders is not None and holders.outcome is Outcome.GAIN else None
    stage = Stage.COUNTING if result.state in begun else Stage.AWAITING
    return RowFacts(
        name=f"{result.contest.ward} {state.council.name}".lower(),
        stage=Stage.DECLARED if result.is_decided else stage,
        gained=gain.now if gain else "",
        lost=gain.before if gain else "",
        parties=tuple(result.seats),
        region=state.council.region,
        updated=result.seq,
        expected=_expected(state),
        line=0,
        happened=result.seq,
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
    key = query.key([facts for _, facts in rows])
    rows.sort(key=lambda row: key(row[1]))
    return [(state, query.shows(facts)) for state, facts in rows]


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
