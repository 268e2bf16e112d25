"""Results in the columns of the Local Government Association's schema for election results, as councils publish them.

The names and the form of what they hold are those of files that its validator has passed
(``http://schemas.opendata.esd.org.uk/ElectionResults``). What nobody tells us is empty: who the returning officer was,
and why papers were rejected.
"""

import re
from collections.abc import Iterator, Mapping

from app.api.values import is_elected
from app.bundles.exporting import Cell, Export, heading, lines
from app.domain.contest import CandidateResult, ContestResult
from app.domain.council import CouncilState
from app.domain.election import Contest, Council, Election
from app.domain.matching import surname_and_forenames

LGA_COLUMNS = (
    "PublicationDate",
    "OrganisationURI",
    "OrganisationLabel",
    "ServiceTypeURI",
    "ServiceTypeLabel",
    "ElectionDate",
    "TypeofElection",
    "ElectedBodyURI",
    "ElectedBodyLabel",
    "ElectoralAreaURI",
    "ElectoralAreaLabel",
    "CandidateSurname",
    "CandidateForenames",
    "CommonlyUsedSurname",
    "CommonlyUsedForenames",
    "PoliticalPartyURI",
    "PoliticalPartyLabel",
    "CandidatesDescription",
    "VotesWon",
    "Elected",
    "VotesCast",
    "EligibleElectorate",
    "BallotsRejectedOfficialMark",
    "BallotsRejectedMultipleVote",
    "BallotsRejectedIdentification",
    "BallotsRejectedInPart",
    "BallotsRejectedUnmarked",
    "PercentageTurnout",
    "InfoURL",
    "ReturningOfficer",
    "ElectoralDept",
    "ContactEmail",
    "ContactTel",
)
"""The columns of :func:`lga_csv_export`."""

_SERVICE = {"ServiceTypeURI": "http://id.esd.org.uk/service/721", "ServiceTypeLabel": "Election Results"}
"""Of the LGA's list of services."""

_AREA_URI = "http://statistics.data.gov.uk/id/statistical-geography/"
_PARTY_URI = "http://search.electoralcommission.org.uk/English/Registrations/"
_GSS = re.compile(r"[EWSNK][0-9]{8}")
_REGISTERED = re.compile(r"PP[0-9]+")
_ELECTED = {True: "ELECTED", False: "NOT ELECTED"}


def lga_csv_export(election: Election, *, rehearsal: bool = False) -> Export:
    """A row per candidacy of every contest whose winners are known; for programs, without a byte order mark."""

    def council(state: CouncilState) -> Iterator[str]:
        for result in state.contests.values():
            cells = {**_council_cells(election, state.council), **_contest_cells(election, state.council, result)}
            known = (candidate for candidate in result.candidates if is_elected(result, candidate) is not None)
            rows = ({**cells, **_candidate_cells(election, result, candidate)} for candidate in known)
            yield lines(LGA_COLUMNS, rows, rehearsal=rehearsal)

    return Export(heading(LGA_COLUMNS, rehearsal=rehearsal), council)


def _council_cells(election: Election, council: Council) -> Mapping[str, Cell]:
    return {
        **_SERVICE,
        "OrganisationURI": _area_uri(council.gss),
        "OrganisationLabel": council.name,
        "ElectionDate": election.polling_date.isoformat(),
        "ElectedBodyURI": _area_uri(council.gss),
        "ElectedBodyLabel": council.name,
    }


def _contest_cells(election: Election, council: Council, result: ContestResult) -> Mapping[str, Cell]:
    contest, declaration, entry = result.contest, result.declaration, result.entry
    return {
        "PublicationDate": entry.at.astimezone(election.zone).date().isoformat() if entry else None,
        "TypeofElection": _type_of(council, contest),
        "ElectoralAreaURI": _area_uri(contest.gss),
        "ElectoralAreaLabel": contest.ward,
        "VotesCast": declaration.papers if declaration else None,
        "EligibleElectorate": contest.electorate,
        "PercentageTurnout": round(result.turnout.percentage, 2) if result.turnout else None,
    }


def _candidate_cells(election: Election, result: ContestResult, candidate: CandidateResult) -> Mapping[str, Cell]:
    candidacy = candidate.candidacy
    surname, forenames = surname_and_forenames(candidacy.name)
    return {
        "CandidateSurname": surname,
        "CandidateForenames": forenames,
        "PoliticalPartyURI": _party_uri(election, candidacy.party_id),
        "PoliticalPartyLabel": election.party(candidacy.party_id).name,
        "CandidatesDescription": candidacy.description,
        "VotesWon": candidate.votes,
        "Elected": _ELECTED[bool(is_elected(result, candidate))],
    }


def _type_of(council: Council, contest: Contest) -> str | None:
    """The schema's word for elections of districts and boroughs; its words for others are not known here."""
    if "district" not in council.kind and "borough" not in council.kind and "metropolitan" not in council.kind:
        return None
    return f"DistrictAndBorough{'ByElection' if contest.by_election else ''}"


def _area_uri(gss: str) -> str | None:
    return f"{_AREA_URI}{gss}" if _GSS.fullmatch(gss) else None


def _party_uri(election: Election, party_id: str) -> str | None:
    """Of the party, or of that which it is reported under: two that stand together are no entry of the register."""
    registered = (it for it in (party_id, election.group(party_id)) if _REGISTERED.fullmatch(it))
    return next((f"{_PARTY_URI}{it}" for it in registered), None)
