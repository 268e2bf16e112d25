"""A row a contest: for maps and tables of wards."""

from collections.abc import Iterator, Mapping

from app.api.values import contest_view, is_elected
from app.bundles.columns import CONTESTS, names
from app.bundles.exporting import BYTE_ORDER_MARK, YES_OR_NO, Cell, Export, contest_cells, heading, lines
from app.domain.contest import ContestResult
from app.domain.council import CouncilState
from app.domain.election import Election

CONTEST_COLUMNS = names(CONTESTS)
"""The columns of :func:`contests_csv_export`."""


def contests_csv_export(election: Election, *, rehearsal: bool = False) -> Export:
    """Every contest, declared or not: numbers bare, yes or no, times in ISO 8601, percentages as numbers."""

    def council(state: CouncilState) -> Iterator[str]:
        for result in state.contests.values():
            yield lines(CONTEST_COLUMNS, [_row(election, state, result)], rehearsal=rehearsal)

    return Export(f"{BYTE_ORDER_MARK}{heading(CONTEST_COLUMNS, rehearsal=rehearsal)}", council)


def _row(election: Election, state: CouncilState, result: ContestResult) -> Mapping[str, Cell]:
    contest, council = result.contest, state.council
    view = contest_view(election, result)
    elected = [it.candidacy.name for it in result.candidates if is_elected(result, it)]
    return {
        **contest_cells(result),
        "council_id": council.council_id,
        "council": council.name,
        "council_gss": council.gss,
        "region": council.region,
        "contest": contest.name,
        "by_election": YES_OR_NO[contest.by_election],
        "voting_system": contest.voting_system.value,
        "candidates": len(contest.candidacies),
        "elected": "; ".join(elected),
        "held_by": "; ".join(view["holder"] or ()),
        "outcome": view["outcome"],
        "badge": view["badge"],
        "vacant": result.vacant,
        "to_come": result.to_come,
        **_winner_cells(election, result),
    }


def _winner_cells(election: Election, result: ContestResult) -> Mapping[str, Cell]:
    """Who took seats, and which group most of them; nobody where several are level."""
    won = sorted((group for group, seats in result.seats.items() if seats), key=lambda group: -result.seats[group])
    most = [group for group in won if result.seats[group] == result.seats[won[0]]]
    groups: Mapping[str, Cell] = {"groups": "; ".join(won)}
    if len(most) != 1:
        return groups
    party = election.party(most[0])
    return {
        **groups,
        "winner": party.party_id,
        "winner_name": party.name,
        "winner_short": party.short,
        "winner_colour": party.colour,
    }
