"""What the columns of the exported tables are called, what they hold, and of which type that is.

docs/exports.md says the same of each, and so does the data package; tests hold all of them together.
"""

from collections.abc import Iterable
from typing import NamedTuple

from app.domain.contest import ContestState


class ExportColumn(NamedTuple):
    """A column; ``type`` is one of Table Schema's. Booleans are written yes and no."""

    name: str
    holds: str
    type: str = "string"


def names(columns: Iterable[ExportColumn]) -> tuple[str, ...]:
    """What they are called, in order."""
    return tuple(column.name for column in columns)


STATES = ", ".join(f"`{state}`" for state in ContestState)

RESULTS = (
    ExportColumn("council_id", "the council’s id here"),
    ExportColumn("council", "its name"),
    ExportColumn("ballot_id", "Democracy Club’s id of the contest"),
    ExportColumn("ward", "the ward’s name"),
    ExportColumn("seats_up", "seats that are elected in it", "integer"),
    ExportColumn("electorate", "people who may vote in it", "integer"),
    ExportColumn("state", f"{STATES}; of a tally `tally` or `tally-incomplete`"),
    ExportColumn("sequence", "the entry of the log that stands", "integer"),
    ExportColumn("declared_at", "when that was announced", "datetime"),
    ExportColumn("corrected", "whether it is a correction", "boolean"),
    ExportColumn("turnout", "a percentage of the electorate", "number"),
    ExportColumn("turnout_counted", "whether that is papers by electorate, or as it was announced", "boolean"),
    ExportColumn("candidacy_id", "the candidacy’s id"),
    ExportColumn("candidate", "the candidate’s name"),
    ExportColumn("party_id", "the party the candidate stands for"),
    ExportColumn("party", "its name"),
    ExportColumn("group", "the id of the party it is reported under"),
    ExportColumn("votes", "the candidate’s votes; empty beside others’ where they were not published", "integer"),
    ExportColumn("rank", "the candidate’s place, from 1", "integer"),
    ExportColumn("joint", "whether others share that place", "boolean"),
    ExportColumn("elected", "whether the candidate was elected", "boolean"),
    ExportColumn("by_lot", "whether a lot decided between this candidate and another", "boolean"),
    ExportColumn("seats", "the party’s seats, where only those are known", "integer"),
    ExportColumn("ballots", "all ballot papers of the contest, the rejected ones included", "integer"),
    ExportColumn("valid", "the papers that were counted", "integer"),
    ExportColumn("rejected", "the papers that were not", "integer"),
    ExportColumn("total", "the sum of the votes, as it was read out", "integer"),
    ExportColumn("council_gss", "the council’s GSS code"),
    ExportColumn("ward_gss", "the ward’s GSS code"),
    ExportColumn("group_name", "the name of the party it is reported under"),
    ExportColumn("margin", "votes of the last winner less those of the best loser; 0 where a lot decided", "integer"),
    ExportColumn("as_announced", "why figures that cannot be right were taken as they were announced"),
    ExportColumn("confirm", "the warnings that were confirmed, with spaces between their codes"),
    ExportColumn("party_short", "the party’s short name"),
    ExportColumn("party_colour", "its colour, such as `#0087DC`"),
    ExportColumn("group_short", "the short name of the party it is reported under"),
    ExportColumn("group_colour", "its colour"),
)
"""Of ``export.csv``."""

COUNCILS = (
    ExportColumn("council_id", "the council’s id here"),
    ExportColumn("council", "its name"),
    ExportColumn("gss", "its GSS code"),
    ExportColumn("kind", "such as `unitary` or `district`"),
    ExportColumn("region", "where it is"),
    ExportColumn(
        "cycle",
        "how much of it is elected at once: `all`, `thirds`, `halves`; `by` where that is by-elections alone, "
        "`single` of one office",
    ),
    ExportColumn(
        "boundary_change", "whether its boundaries have changed: seats then and now are not like for like", "boolean"
    ),
    ExportColumn("total_seats", "all its seats", "integer"),
    ExportColumn("majority", "the seats that control it", "integer"),
    ExportColumn("seats_up", "seats elected tonight", "integer"),
    ExportColumn("continuing", "seats that are not up", "integer"),
    ExportColumn("declared_seats", "seats filled tonight, so far", "integer"),
    ExportColumn("seats_to_come", "seats that are still to come", "integer"),
    ExportColumn("vacant", "seats that stay empty", "integer"),
    ExportColumn("contests_declared", "wards from which nothing more is to come, those put off among them", "integer"),
    ExportColumn("contests_total", "wards there are", "integer"),
    ExportColumn("complete", "whether every seat is in", "boolean"),
    ExportColumn("convention", "by what it is compared"),
    ExportColumn("control_before", "who controlled it: a party’s id or `NOC`, no overall control"),
    ExportColumn("control_before_name", "the same by name; `NOC` as it is"),
    ExportColumn("control_basis", "what that is taken from, such as `eve`: the eve of poll"),
    ExportColumn("control", "who controls it now; empty while that is undecided"),
    ExportColumn("control_name", "the same by name; `NOC` as it is"),
    ExportColumn("certain", "whether nothing to come can change that", "boolean"),
    ExportColumn(
        "certain_since", "when that was announced; empty where it was certain before the first result", "datetime"
    ),
    ExportColumn("outcome", "`gain` or `hold`"),
    ExportColumn("badge", "such as `LAB gain from CON`"),
    ExportColumn("first_since", "how long ago it was last controlled so, in words"),
    ExportColumn("largest", "the largest party, or those that are level, with `; ` between them"),
    ExportColumn(
        "majority_over_others", "the controlling party’s seats less everybody else’s, once it is complete", "integer"
    ),
    ExportColumn("turnout", "all papers by all electors, in wards where both are known", "number"),
    ExportColumn("turnout_contests", "how many wards that is of", "integer"),
    ExportColumn("share_contests", "how many wards the shares are of", "integer"),
    ExportColumn("change_basis", "what the changes are measured against, such as `last`: the last election"),
    ExportColumn(
        "contests_put_off",
        "those of `contests_declared` whose poll was countermanded or postponed: nobody declared them",
        "integer",
    ),
    ExportColumn("control_colour", "the colour of who controls it now, such as `#0087DC`; grey of `NOC`"),
    ExportColumn("control_before_colour", "the colour of who controlled it"),
)
"""Of ``councils.csv``, those that are the same in every election."""

COUNCIL_GROUPS = (
    ExportColumn("seats", "its seats, continuing and declared", "integer"),
    ExportColumn("change", "seats gained or lost, once the council is complete", "integer"),
    ExportColumn(
        "share",
        "its share of the vote, a percentage: its best candidate’s votes in each ward, by those of all groups",
        "number",
    ),
)
"""After them, each of these for every reporting group: ``seats_LAB``, ``change_LAB``, ``share_LAB``."""

CONTESTS = (
    ExportColumn("council_id", "the council’s id here"),
    ExportColumn("council", "its name"),
    ExportColumn("council_gss", "its GSS code"),
    ExportColumn("region", "where it is"),
    ExportColumn("ballot_id", "Democracy Club’s id of the contest"),
    ExportColumn("ward", "the ward’s name"),
    ExportColumn("contest", "the same, and what tells two polls in it apart"),
    ExportColumn("ward_gss", "the ward’s GSS code"),
    ExportColumn("by_election", "whether it is a by-election", "boolean"),
    ExportColumn("voting_system", "`plurality` or `stv`: then votes are first preferences"),
    ExportColumn("seats_up", "seats that are elected in it", "integer"),
    ExportColumn("electorate", "people who may vote in it", "integer"),
    ExportColumn("candidates", "how many stand; 0 where the nominations are not on file", "integer"),
    ExportColumn("state", STATES),
    ExportColumn("sequence", "the entry of the log that stands", "integer"),
    ExportColumn("declared_at", "when that was announced", "datetime"),
    ExportColumn("corrected", "whether it is a correction", "boolean"),
    ExportColumn(
        "elected", "who was elected, with `; ` between the names; empty where only the parties’ seats are known"
    ),
    ExportColumn("groups", "the ids of the groups that took seats, most seats first, with `; ` between them"),
    ExportColumn("winner", "the id of the group that took most of the seats; empty where several are level"),
    ExportColumn("winner_name", "its name"),
    ExportColumn("winner_short", "its short name"),
    ExportColumn("winner_colour", "its colour, such as `#0087DC`"),
    ExportColumn("held_by", "the groups that won last time, one for each seat, with `; ` between them"),
    ExportColumn("outcome", "`gain` or `hold`, of one seat whose holder is known"),
    ExportColumn("badge", "such as `LAB gain from CON`"),
    ExportColumn("margin", "votes of the last winner less those of the best loser; 0 where a lot decided", "integer"),
    ExportColumn("turnout", "a percentage of the electorate", "number"),
    ExportColumn("turnout_counted", "whether that is papers by electorate, or as it was announced", "boolean"),
    ExportColumn("ballots", "all ballot papers of the contest, the rejected ones included", "integer"),
    ExportColumn("valid", "the papers that were counted", "integer"),
    ExportColumn("rejected", "the papers that were not", "integer"),
    ExportColumn("total", "the sum of the votes, as it was read out", "integer"),
    ExportColumn("vacant", "seats that stay empty", "integer"),
    ExportColumn("to_come", "seats that are still to come", "integer"),
    ExportColumn("as_announced", "why figures that cannot be right were taken as they were announced"),
)
"""Of ``contests.csv``."""

PARTIES = (
    ExportColumn(
        "party_id", "the party’s id: the Electoral Commission’s, such as `PP52`; `ynmp-party:2` of independents"
    ),
    ExportColumn("name", "its name"),
    ExportColumn("short", "its short name"),
    ExportColumn("colour", "its colour, such as `#0087DC`"),
    ExportColumn("group", "the id of the party it is reported under, which may be itself"),
    ExportColumn("group_name", "that one’s name"),
    ExportColumn("umbrella", "whether it is a collection, such as “others”, that cannot control", "boolean"),
)
"""Of ``parties.csv``."""
