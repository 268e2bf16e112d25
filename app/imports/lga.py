"""Results in the Local Government Association's schema: a CSV, a row a candidate, its columns named as there.

The schema and its guidance (version 1.03): https://github.com/esd-org-uk/schemas/tree/master/ElectionResults. There are
two lists of its columns, which call some of them by other names; either is read. It has no number of seats: that
follows from who was elected.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from app.bundles.recorded import read_text
from app.bundles.tables import LIKE_A_DATE, OPAQUE_ID, Columns, Record, cut, date_from, read_table
from app.imports.figures import count, one_line, percentage
from app.imports.ids import NotElected, apart, ballot_id_of, read_id, slug
from app.imports.night import LONGEST_SOURCE
from app.imports.parties import PartyNames
from app.imports.polls import Poll, PollCandidate, PolledBody, PollSource, SourceLine

COLUMNS = Columns(
    ("electiondate", "typeofelection", "candidatesurname", "candidateforenames"),
    optional=(
        "organisationuri",
        "organisationlabel",
        "organisationname",
        "electedbodylabel",
        "electedbodyname",
        "electoralareauri",
        "electoralareacode",
        "electoralarealabel",
        "electoralareaname",
        "commonlyusedsurname",
        "candidateusedsurname",
        "commonlyusedforenames",
        "candidateusedforenames",
        "politicalpartyuri",
        "politicalpartycode",
        "politicalpartylabel",
        "politicalpartyname",
        "candidatesdescription",
        "voteswon",
        "elected",
        "votescast",
        "eligibleelectorate",
        "ballotsrejectedofficialmark",
        "ballotsrejectedmultiplevote",
        "ballotsrejectedidentification",
        "ballotsrejectedunmarked",
        "percentageturnout",
        "infourl",
    ),
)
"""As they are read: in small letters."""

REJECTED = tuple(column for column in COLUMNS.optional if column.startswith("ballotsrejected"))
"""Why papers were rejected; those rejected in part were counted, and are none of these."""

KINDS: Mapping[str, str] = {
    "districtandborough": "local",
    "county": "local",
    "mayoral": "mayor",
    "parliamentary": "parl",
    "nationalparliamentary": "parl",
}
BY_ELECTION = "byelection"
NOT_TAKEN = frozenset({"parish", "europeanparliamentary"})

ELECTED: Mapping[str, bool | None] = {
    "elected": True,
    "elected unopposed": True,
    "true": True,
    "yes": True,
    "not elected": False,
    "false": False,
    "no": False,
    "": None,
}
UNOPPOSED = "elected unopposed"

_GSS = re.compile(r"[A-Z]\d{8}")


def read_lga(paths: Sequence[Path], names: PartyNames) -> PollSource:
    """The polls in the files ``paths``."""
    source = PollSource()
    rows: dict[str, list[Record]] = {}
    for path in paths:
        text = read_text(path, source.faults, source.remarks)
        if text is None:
            continue
        for row in read_table(path.name, text, COLUMNS, source.faults, [], may_be_empty=False).rows:
            ballot_id = _ballot_id(row, source)
            if ballot_id:
                rows.setdefault(ballot_id, []).append(row)
    for ballot_id, standing in rows.items():
        try:
            source.polls.append(_poll(ballot_id, standing, names))
        except NotElected as error:
            source.leave_out(f"as {error}", ballot_id)
    return source


def _ballot_id(row: Record, source: PollSource) -> str | None:
    """The id of the poll that a row is of; None where that is left out, or wrong."""
    told = row.cells["typeofelection"].casefold().replace("-", "").replace(" ", "")
    type_of = told.removesuffix(BY_ELECTION)
    if type_of in NOT_TAKEN:
        ward = _either(row, "electoralarealabel", "electoralareaname")
        source.leave_out(f"as elections of type {row.cells['typeofelection']} are", f"{ward} ({row.file})")
        return None
    day = date_from(row.cells["electiondate"][:10])
    if day is None:
        row.refuse(f"ElectionDate “{cut(row.cells['electiondate'])}” is not a date", LIKE_A_DATE)
    if type_of not in KINDS:
        row.refuse(
            f"TypeOfElection “{cut(told)}” is none of the schema’s", "write DistrictAndBorough, or another of them"
        )
    ward, council = _either(row, "electoralarealabel", "electoralareaname"), _council_id(row)
    if not slug(ward):
        row.refuse("ElectoralAreaLabel is empty", "write the ward’s name")
    if not council:
        row.refuse("neither OrganisationURI nor OrganisationLabel says which council this is", "fill one of them in")
    if not row.is_sound or day is None:
        return None
    return ballot_id_of(KINDS[type_of], council, ward, day, by=told.endswith(BY_ELECTION))


def _council_id(row: Record) -> str:
    """The last part of http://opendatacommunities.org/id/district-council/sedgemoor, else by the name."""
    of_uri = row.cells["organisationuri"].rstrip("/").rpartition("/")[2]
    if "opendatacommunities" in row.cells["organisationuri"] and slug(of_uri):
        return slug(of_uri)
    name = re.sub(
        r"\b(county|city|district|borough|metropolitan|council|of|the|london|royal)\b", " ", _name(row).casefold()
    )
    return slug(name.strip()) or slug(_name(row))


def _name(row: Record) -> str:
    return _either(row, "organisationlabel", "organisationname") or _either(row, "electedbodylabel", "electedbodyname")


def _either(row: Record, *columns: str) -> str:
    return next((row.cells[column] for column in columns if row.cells[column]), "")


def _poll(ballot_id: str, rows: Sequence[Record], names: PartyNames) -> Poll:
    first, taken = rows[0], set[str]()
    poll_id = read_id(ballot_id)
    people = tuple(_candidate(row, names, taken) for row in rows)
    rejected = [number for column in REJECTED if (number := count(first, column)) is not None]
    gss = _either(first, "electoralareacode", "electoralareauri").rstrip("/").rpartition("/")[2]
    return Poll(
        ballot_id=ballot_id,
        polled_on=date_from(first.cells["electiondate"][:10]) or date.min,
        body=PolledBody(poll_id.council_id, _name(first), is_office=poll_id.is_office),
        ward=_either(first, "electoralarealabel", "electoralareaname"),
        place=SourceLine(first.file, first.line),
        candidates=people,
        seats_up=sum(it.elected is True for it in people) or None,
        gss=gss if _GSS.fullmatch(gss) else "",
        electorate=count(first, "eligibleelectorate") or None,
        was_cancelled=any(row.cells["elected"].casefold() == UNOPPOSED for row in rows),
        ballots=count(first, "votescast") or None,
        rejected=sum(rejected) if rejected else None,
        turnout=percentage(first, "percentageturnout"),
        source=one_line(first.cells["infourl"], LONGEST_SOURCE),
    )


def _candidate(row: Record, names: PartyNames, taken: set[str]) -> PollCandidate:
    surname = _either(row, "commonlyusedsurname", "candidateusedsurname", "candidatesurname")
    forenames = _either(row, "commonlyusedforenames", "candidateusedforenames", "candidateforenames")
    party = _either(row, "politicalpartylabel", "politicalpartyname")
    told = " ".join(row.cells["elected"].casefold().split())
    if told not in ELECTED:
        row.refuse(f"Elected “{cut(row.cells['elected'])}” is none of the schema’s", "write ELECTED or NOT ELECTED")
    registered = _either(row, "politicalpartycode", "politicalpartyuri").rstrip("/").rpartition("/")[2]
    return PollCandidate(
        candidacy_id=apart(slug(f"{row.cells['candidateforenames']} {row.cells['candidatesurname']}")[:60], taken),
        name=f"{forenames} {surname}".strip(),
        party_id=registered if OPAQUE_ID.pattern.fullmatch(registered) else names.id_of(party),
        party_name=party or "Independent",
        place=SourceLine(row.file, row.line),
        description=row.cells["candidatesdescription"],
        votes=count(row, "voteswon"),
        elected=ELECTED.get(told),
    )
