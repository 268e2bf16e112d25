"""Democracy Club's export of candidates with results (a CSV, a row a candidacy), made into a bundle and a night.

``python -m tests.nights.democracy_club EXPORT.csv FOLDER`` writes them for ``declared load`` and ``declared replay``.

The export says nothing of the seats that are not up, of who held what before, or of when anything was declared: a
is as large as what is up in it, nothing is compared, and one result follows another through the night. So what is told
of control by such a night is arithmetic, and not news.
"""

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import StringIO
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.bundles.reading import COLUMNS, read_bundle
from app.domain.announced import figure_faults
from app.domain.declarations import WardDeclaration
from app.domain.election import Cancellation, Contest, VotingSystem
from tests.builders import PARTIES

ZONE = ZoneInfo("Europe/London")
FIRST_AT = time(1)
"""On the night of a poll; the export has no times."""
APART = timedelta(seconds=10)

OFFICES = frozenset({"mayor", "pcc"})
"""What one person is elected to, by the first part of a ballot id; all else is a body with seats."""
FIRST_PREFERENCES = frozenset({"Scotland", "Northern Ireland"})
"""Where councils are elected by the single transferable vote."""

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ballot:
    """One poll: what its rows have alike, and ``rows``, one a candidacy, in the order of the export."""

    rows: tuple[Row, ...]

    def __getitem__(self, column: str) -> str:
        return self.rows[0][column].strip()

    @property
    def ballot_id(self) -> str:
        return self["ballot_paper_id"]

    @property
    def kind(self) -> str:
        return self.ballot_id.partition(".")[0]

    @property
    def council_id(self) -> str:
        kind, place, *_ = self.ballot_id.split(".")
        return place if kind == "local" else f"{kind}-{place}"

    @property
    def polled_on(self) -> date:
        return date.fromisoformat(self["election_date"])

    @property
    def seats_up(self) -> int:
        return int(self["seats_contested"])

    @property
    def area(self) -> tuple[str, str]:
        """Two polls of one area are one after the other, but for a by-election beside the ordinary one."""
        return self["post_id"], self["by_election"]

    @property
    def elected(self) -> list[str]:
        return [row["person_id"] for row in self.rows if row["elected"] == "t"]

    @property
    def cancelled(self) -> str:
        """The bundle's code. Of a poll that was not held the export gives no reason."""
        if self["cancelled_poll"] != "t":
            return ""
        if len(self.rows) > self.seats_up:
            return Cancellation.POSTPONED
        is_equal = len(self.rows) == self.seats_up
        return Cancellation.EQUAL_CANDIDATES if is_equal else Cancellation.UNDER_CONTESTED

    @property
    def voting_system(self) -> str:
        is_stv = self.kind == "local" and self["nuts1"].strip('"') in FIRST_PREFERENCES
        return VotingSystem.STV if is_stv else VotingSystem.PLURALITY


def ballots(export: Iterable[str]) -> tuple[Ballot, ...]:
    """The polls in the lines of an ``export``, in its order; one that was cancelled and held later is the later one."""
    rows = sorted(csv.DictReader(export), key=_ballot_id)
    found = [Ballot(tuple(group)) for _, group in groupby(rows, key=_ballot_id)]
    held = {(it.council_id, it.area): it.polled_on for it in found if it["cancelled_poll"] != "t"}
    return tuple(it for it in found if held.get((it.council_id, it.area), it.polled_on) == it.polled_on)


def _ballot_id(row: Row) -> str:
    return row["ballot_paper_id"]


# The bundle ----------------------------------------------------------------------------------------------------------


def bundle(found: Sequence[Ballot]) -> dict[str, str]:
    """Text by file name."""
    of: Mapping[str, Callable[[Sequence[Ballot]], Iterable[Mapping[str, object]]]] = {
        "parties.csv": _parties,
        "councils.csv": _councils,
        "contests.csv": _contests,
        "candidacies.csv": _candidacies,
    }
    files = {name: _table(name, of[name](found) if name in of else ()) for name in COLUMNS}
    return {"election.toml": _head(found), **files}


def _head(found: Sequence[Ballot]) -> str:
    polled_on = min(ballot.polled_on for ballot in found)
    return "\n".join(
        (
            f'slug = "elections-{polled_on}"',
            f'id = "local.{polled_on}"',
            f'name = "Elections of {_told(polled_on)}"',
            f"polling_date = {polled_on}",
            f'timezone = "{ZONE.key}"',
            'convention = "none"',
            "[conventions.none]",
            'label = "Nothing to compare with"',
            'control = ["eve"]',
            'seats = ["last"]',
            "",
        )
    )


def _told(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _parties(found: Sequence[Ballot]) -> Iterator[Mapping[str, object]]:
    """Those that stand, and what they are reported under; a short name and a colour where they are well known."""
    names = {row["party_id"]: row["party_name"] for ballot in found for row in ballot.rows}
    groups = [PARTIES[party_id].group for party_id in names if party_id in PARTIES]
    missing = {group: PARTIES[group].name for group in groups if group and group not in names}
    for party_id, name in {**names, **missing}.items():
        party = {"party_id": party_id, "name": name}
        if known := PARTIES.get(party_id):
            party |= {"short": known.short, "colour": known.colour, "group": known.group or ""}
        yield party


def _councils(found: Sequence[Ballot]) -> Iterator[Mapping[str, object]]:
    for council_id, group in groupby(sorted(found, key=_council_id), key=_council_id):
        polls = tuple(group)
        yield {
            "council_id": council_id,
            "name": polls[0]["organisation_name"],
            "region": polls[0]["nuts1"].strip('"'),
            "cycle": "single" if polls[0].kind in OFFICES else "",
            "total_seats": sum(ballot.seats_up for ballot in polls),
        }


def _council_id(ballot: Ballot) -> str:
    return ballot.council_id


def _contests(found: Sequence[Ballot]) -> Iterator[Mapping[str, object]]:
    first_day = min(ballot.polled_on for ballot in found)
    for ballot in found:
        yield {
            "ballot_id": ballot.ballot_id,
            "council_id": ballot.council_id,
            "ward": ballot["post_label"],
            "gss": ballot["gss"],
            "seats_up": ballot.seats_up,
            "electorate": ballot["total_electorate"],
            "cancelled": ballot.cancelled,
            "voting_system": ballot.voting_system,
            "label": "" if ballot.polled_on == first_day else f"poll of {_told(ballot.polled_on)}",
        }


def _candidacies(found: Sequence[Ballot]) -> Iterator[Mapping[str, object]]:
    for ballot in found:
        for row in ballot.rows:
            yield {
                "ballot_id": ballot.ballot_id,
                "candidacy_id": row["person_id"],
                "name": row["person_name"],
                "party_id": row["party_id"],
            }


def _table(name: str, rows: Iterable[Mapping[str, object]]) -> str:
    out = StringIO()
    columns = [*COLUMNS[name].required, *COLUMNS[name].optional]
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


# The night -----------------------------------------------------------------------------------------------------------


def night(found: Sequence[Ballot], contests: Mapping[str, Contest]) -> Iterator[dict[str, Any]]:
    """What to post, a result each; ``contests`` by ballot id are those of the bundle.

    Figures that cannot be right stand as they were published (rule 14).
    """
    declared = [ballot for ballot in found if ballot.elected and not ballot.cancelled]
    for number, ballot in enumerate(sorted(declared, key=lambda ballot: ballot.polled_on)):
        begins = datetime.combine(ballot.polled_on + timedelta(days=1), FIRST_AT, ZONE)
        body = {"kind": "ward", "ballot_id": ballot.ballot_id, **_figures(ballot)}
        faults = figure_faults(contests[ballot.ballot_id], WardDeclaration(ballot.ballot_id, **_figures(ballot)))
        if any(faults):
            body["as_announced"] = "So they were published"
        yield {"at": (begins + number * APART).isoformat(), **body}


def _figures(ballot: Ballot) -> dict[str, Any]:
    """Of a body; votes that nobody has published are null, and without any the winners are named alone."""
    votes = {row["person_id"]: int(row["votes_cast"]) if row["votes_cast"] else None for row in ballot.rows}
    figures = {
        "votes": votes if any(number is not None for number in votes.values()) else None,
        "elected": ballot.elected,
        "ballots": int(ballot["turnout_reported"]) if ballot["turnout_reported"] else None,
        "rejected": int(ballot["spoilt_ballots"]) if ballot["spoilt_ballots"] else None,
        "turnout": float(ballot["turnout_percentage"]) if ballot["turnout_percentage"] else None,
        "source": ballot["results_source"][:500],
    }
    return {name: figure for name, figure in figures.items() if figure not in (None, "")}


def write(export: Path, folder: Path) -> None:
    """The bundle and the night of the file ``export`` in ``folder``."""
    with export.open(encoding="utf-8-sig", newline="") as lines:
        found = ballots(lines)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in bundle(found).items():
        (folder / name).write_text(text, "utf-8")
    bodies = night(found, read_bundle(folder).election.contests)
    (folder / "night.jsonl").write_text("".join(json.dumps(body) + "\n" for body in bodies), "utf-8")


if __name__ == "__main__":
    write(*map(Path, sys.argv[1:3]))
