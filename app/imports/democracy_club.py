"""Democracy Club's export of candidates: a CSV, a row a candidacy, with results where they are known.

Its columns are described at https://candidates.democracyclub.org.uk/data/. Those that no bundle needs are left alone,
and those that a bundle can do without may be missing.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from app.bundles.recorded import read_text
from app.bundles.tables import BALLOT_ID, LIKE_A_DATE, Columns, Record, cut, date_from, read_table
from app.imports.figures import count, one_line, percentage
from app.imports.ids import NotElected, PollId, read_id
from app.imports.night import LONGEST_SOURCE
from app.imports.polls import Poll, PollCandidate, PolledBody, PollSource, SourceLine

COLUMNS = Columns(
    (
        "person_id",
        "person_name",
        "ballot_paper_id",
        "election_date",
        "party_id",
        "party_name",
        "post_label",
        "cancelled_poll",
        "seats_contested",
    ),
    optional=(
        "organisation_name",
        "nuts1",
        "gss",
        "party_description_text",
        "votes_cast",
        "elected",
        "turnout_reported",
        "spoilt_ballots",
        "total_electorate",
        "turnout_percentage",
        "results_source",
    ),
)
OF_A_POLL = ("election_date", "post_label", "seats_contested", "cancelled_poll")
"""What all rows of a poll have alike."""

_YES, _NO = frozenset({"t", "true", "1"}), frozenset({"f", "false", "0", ""})


def read_democracy_club(paths: Sequence[Path]) -> PollSource:
    """The polls in the files ``paths``."""
    source = PollSource()
    rows: dict[str, list[Record]] = {}
    for path in paths:
        for row in _rows(path, source):
            rows.setdefault(row.cells["ballot_paper_id"], []).append(row)
    for ballot_id, standing in rows.items():
        read_poll(ballot_id, standing, source)
    return source


def _rows(path: Path, source: PollSource) -> Iterable[Record]:
    text = read_text(path, source.faults, source.remarks)
    if text is None:
        return ()
    # What an export has beyond these columns is no news.
    return read_table(path.name, text, COLUMNS, source.faults, [], may_be_empty=False).rows


def read_poll(ballot_id: str, rows: Sequence[Record], source: PollSource) -> None:
    """Adds the poll that ``rows`` are of to ``source``, or why it is left out, or what is wrong with it."""
    first = rows[0]
    region = first.cells["nuts1"].strip('"').removesuffix(" (England)")
    try:
        poll_id = read_id(ballot_id, region)
    except NotElected as error:
        source.leave_out(f"as {error}", ballot_id)
        return
    except ValueError:
        told = f"ballot_paper_id “{cut(ballot_id)}” is not one of Democracy Club’s"
        first.refuse(told, "write it like local.dover.deal.2023-05-04")
        return
    _check_alike(rows)
    polled_on = date_from(first.cells["election_date"])
    if polled_on is None:
        first.refuse(f"election_date “{cut(first.cells['election_date'])}” is not a date", LIKE_A_DATE)
    source.polls.append(_poll(poll_id, region, rows, polled_on or date.min))


def _check_alike(rows: Sequence[Record]) -> None:
    first, persons = rows[0], dict[str, int]()
    for row in rows:
        for column in OF_A_POLL:
            if row.cells[column] != first.cells[column]:
                there = (
                    f"{column} “{cut(row.cells[column])}” is not “{cut(first.cells[column])}” as on line {first.line}"
                )
                row.refuse(f"{there}, of the same poll", "correct one of the two")
        line = persons.setdefault(row.cells["person_id"], row.line)
        if line != row.line:
            row.refuse(
                f"person_id “{cut(row.cells['person_id'])}” stands on line {line} already, in the same poll",
                "take one of the two rows out",
            )


def _poll(poll_id: PollId, region: str, rows: Sequence[Record], polled_on: date) -> Poll:
    first = rows[0]
    name = first.cells["organisation_name"] or poll_id.council_id.replace("-", " ").title()
    body = PolledBody(poll_id.council_id, name, region=region, is_office=poll_id.is_office)
    return Poll(
        ballot_id=first.identity("ballot_paper_id", BALLOT_ID),
        polled_on=polled_on,
        body=body,
        ward=first.cells["post_label"] or name,
        place=SourceLine(first.file, first.line),
        candidates=tuple(_candidate(row) for row in rows),
        seats_up=first.whole_number("seats_contested", lowest=1, highest=2_000),
        gss=first.cells["gss"],
        electorate=count(first, "total_electorate"),
        was_cancelled=bool(_flag(first, "cancelled_poll")),
        voting_system=poll_id.voting_system,
        by_lists=poll_id.by_lists,
        ballots=count(first, "turnout_reported"),
        rejected=count(first, "spoilt_ballots"),
        turnout=percentage(first, "turnout_percentage"),
        source=one_line(first.cells["results_source"], LONGEST_SOURCE),
    )


def _candidate(row: Record) -> PollCandidate:
    return PollCandidate(
        candidacy_id=row.cells["person_id"],
        name=row.cells["person_name"],
        party_id=row.cells["party_id"],
        party_name=row.cells["party_name"],
        place=SourceLine(row.file, row.line),
        description=row.cells["party_description_text"],
        votes=count(row, "votes_cast"),
        elected=_flag(row, "elected") if row.cells["elected"] else None,
    )


def _flag(row: Record, column: str) -> bool:
    text = row.cells[column].lower()
    if text not in _YES | _NO:
        row.refuse(f"{column} “{cut(row.cells[column])}” is neither t nor f", "write t for yes, f for no")
    return text in _YES
