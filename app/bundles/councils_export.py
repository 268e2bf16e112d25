"""A row a council: what a journalist wants in a spreadsheet."""

from collections import Counter
from collections.abc import Iterator, Mapping

from app.api.values import JsonObject, council_view
from app.bundles.columns import COUNCIL_GROUPS, COUNCILS, names
from app.bundles.exporting import BYTE_ORDER_MARK, YES_OR_NO, Cell, Export, heading, lines
from app.domain.council import CouncilState
from app.domain.election import NO_OVERALL_CONTROL, Convention, Election

COUNCIL_COLUMNS, GROUP_COLUMNS = names(COUNCILS), names(COUNCIL_GROUPS)
"""The columns of :func:`councils_csv_export`: the same in every election, and of each reporting group."""


def councils_csv_export(election: Election, convention: Convention, *, rehearsal: bool = False) -> Export:
    """Every council, compared by ``convention``: numbers bare, yes or no, times in ISO 8601, percentages as numbers."""
    names = group_names(election)
    columns = (*COUNCIL_COLUMNS, *(f"{column}_{name}" for column in GROUP_COLUMNS for name in names.values()))

    def council(state: CouncilState) -> Iterator[str]:
        view = council_view(election, state, convention)
        cells = {"convention": convention.key, **_cells(election, state, view), **_group_cells(view, names)}
        yield lines(columns, [cells], rehearsal=rehearsal)

    return Export(f"{BYTE_ORDER_MARK}{heading(columns, rehearsal=rehearsal)}", council)


def group_names(election: Election) -> Mapping[str, str]:
    """What columns call each group that stands, sits or sat: its short name, with its id where others have that too."""
    sat = {
        group
        for council in election.councils.values()
        for baseline in council.baselines.values()
        for group in baseline.seats or {}
    }
    shown = [group for group in election.groups if group in sat or group in election.groups_present]
    shorts = {group: election.party(group).short for group in shown}
    times = Counter(shorts.values())
    return {group: short if times[short] == 1 else f"{short}_{group}" for group, short in shorts.items()}


_AS_IN_JSON = (
    "council_id",
    "gss",
    "total_seats",
    "majority",
    "continuing",
    "declared_seats",
    "seats_to_come",
    "vacant",
    "contests_declared",
    "contests_total",
    "contests_put_off",
    "outcome",
    "badge",
    "majority_over_others",
    "change_basis",
)


def _cells(election: Election, state: CouncilState, view: JsonObject) -> Mapping[str, Cell]:
    """The columns that are the same in every election, from what the API says of the council."""
    council, since = state.council, state.since
    before, first, turnout = (view[name] or {} for name in ("before", "first_since", "turnout"))
    return {
        **{name: view[name] for name in _AS_IN_JSON},
        "council": council.name,
        "kind": council.kind,
        "region": council.region,
        "cycle": council.cycle.value,
        "boundary_change": YES_OR_NO[council.boundary_change],
        "seats_up": council.seats_up,
        "complete": YES_OR_NO[state.is_complete],
        "control_before": before.get("control"),
        "control_before_name": _named(election, before.get("control")),
        "control_before_colour": (view["before_party"] or {}).get("colour"),
        "control_basis": before.get("basis"),
        "control": state.holder,
        "control_name": _named(election, state.holder),
        "control_colour": (view["control_party"] or {}).get("colour"),
        "certain": YES_OR_NO[state.is_certain],
        "certain_since": since.at.isoformat() if since and since.at else None,
        "first_since": first.get("text"),
        "largest": "; ".join(election.party(group).name for group in state.largest),
        "turnout": turnout.get("percentage"),
        "turnout_contests": state.votes.turnout_covers.contests,
        "share_contests": state.votes.share_covers.contests,
    }


def _named(election: Election, control: str | None) -> str | None:
    return control if control in (None, NO_OVERALL_CONTROL) else election.party(control).name


def _group_cells(view: JsonObject, names: Mapping[str, str]) -> Mapping[str, Cell]:
    """Nothing stands where nothing is known: no change before the council is complete, no share of no votes."""
    seats, change, share = view["seats"], view["change"], view["share"] or {}
    cells: dict[str, Cell] = {}
    for group, name in names.items():
        cells[f"seats_{name}"] = seats.get(group, 0)
        cells[f"change_{name}"] = change.get(group, 0) if change is not None else None
        cells[f"share_{name}"] = share.get(group)
    return cells
