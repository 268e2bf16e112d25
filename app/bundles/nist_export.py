"""A night in NIST's Common Data Format for election results: JSON by SP 1500-100, version 2.

Each council is an election of its own in it, as it is in law, with its contests, candidates and papers. What the format
has no place for is left out: a council's tally by phone, control, and what anything is compared with.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from app.api.values import is_elected
from app.bundles.exporting import Export
from app.domain.contest import CandidateResult, ContestResult, ContestState
from app.domain.council import CouncilState
from app.domain.election import Contest, Council, Election, Party, VotingSystem
from app.domain.night import Night
from app.process.version import VERSION

_Object = dict[str, Any]

_LANGUAGE = "en-GB"
_COUNTS = {ContestState.COUNTING: "in-process", ContestState.RECOUNT: "in-process"}
"""Where a count is that has neither begun nor ended."""


def nist_export(night: Night, *, at: datetime | None, rehearsal: bool = False) -> Export:
    """The report of ``night``; ``at`` is when its newest entry was announced: before the first, when polls close."""
    election, first = night.election, next(iter(night.councils), None)
    head = _head(night, at or election.polls_closed_at, rehearsal=rehearsal)

    def opening() -> Iterator[str]:
        yield from _member("GpUnit", (_units(election, council) for council in election.councils.values()))
        yield ',"Election":['

    def council(state: CouncilState) -> Iterator[str]:
        yield f"{'' if state.council_id == first else ','}{_json(_election(election, state))[:-1]}"
        for name, made in (("Candidate", _candidates), ("Contest", _contests), ("BallotCounts", _ballots)):
            yield from _member(name, map(made, state.contests.values()))
        yield "}"

    return Export(_json(head)[:-1], council, "]}\n", opening)


def _member(name: str, groups: Iterable[Sequence[_Object]]) -> Iterator[str]:
    """A member that is a list, in parts: some of its objects at a time."""
    yield f',"{name}":['
    between = ""
    for group in filter(None, groups):
        yield between + _json(group)[1:-1]
        between = ","
    yield "]"


def _json(value: _Object | Sequence[_Object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _typed(kind: str, **values: Any) -> _Object:
    """An object of the format, without what is None or an empty list; ``id`` is its ``@id``."""
    identity = values.pop("id", None)
    named = {"@type": f"ElectionResults.{kind}"} | ({"@id": identity} if identity is not None else {})
    return named | {name: value for name, value in values.items() if value is not None and value != []}


def _head(night: Night, at: datetime, *, rehearsal: bool) -> _Object:
    election = night.election
    issuer = election.citation.publisher or "Declared"
    return _typed(
        "ElectionReport",
        Format="summary-contest",
        GeneratedDate=at.isoformat(timespec="seconds"),
        Issuer=issuer,
        IssuerAbbreviation=issuer,
        SequenceStart=1,
        SequenceEnd=1,
        Status=_status(night),
        VendorApplicationId=f"Declared {VERSION}",
        IsTest=rehearsal,
        TestType="rehearsal" if rehearsal else None,
        Notes=f"{election.name}, as at entry {night.seq} of its log",
        Party=[_party(party) for party in election.parties.values()],
    )


def _status(night: Night) -> str:
    if all(state.is_complete for state in night.councils.values()):
        return "unofficial-complete"
    return "unofficial-partial" if night.seq else "pre-election"


def _units(election: Election, council: Council) -> list[_Object]:
    """A council and its wards."""
    kind = council.kind or election.words.body
    wards = (_unit(_ward_id(it), it.name, "ward", it.gss, VotersRegistered=it.electorate) for it in council.contests)
    return [_unit(_council_id(council), council.name, "other", council.gss, OtherType=kind), *wards]


def _unit(identity: str, name: str, kind: str, gss: str, **more: Any) -> _Object:
    return _typed(
        "ReportingUnit",
        id=identity,
        Type=kind,
        Name=_text(name),
        ExternalIdentifier=[_identifier("gss", gss)] if gss else None,
        **more,
    )


def _party(party: Party) -> _Object:
    return _typed(
        "Party",
        id=_party_id(party.party_id),
        Name=_text(party.name),
        Abbreviation=_text(party.short),
        Color=party.colour.removeprefix("#").lower(),
        ExternalIdentifier=[_identifier("electoral-commission", party.party_id)],
    )


def _election(election: Election, state: CouncilState) -> _Object:
    council, day = state.council, election.polling_date.isoformat()
    return _typed(
        "Election",
        ElectionScopeId=_council_id(council),
        Name=_text(f"{council.name}, {election.name}"),
        StartDate=day,
        EndDate=day,
        Type="special" if council.stands_apart else "general",
    )


def _candidates(result: ContestResult) -> list[_Object]:
    return [_candidate(result, it) for it in result.candidates]


def _candidate(result: ContestResult, candidate: CandidateResult) -> _Object:
    candidacy, elected = candidate.candidacy, is_elected(result, candidate)
    return _typed(
        "Candidate",
        id=_candidate_id(result, candidate),
        BallotName=_text(candidacy.name),
        PartyId=_party_id(candidacy.party_id),
        IsIncumbent=True if candidacy.defends else None,
        PreElectionStatus="qualified",
        PostElectionStatus=None if elected is None else "winner" if elected else "defeated",
        ExternalIdentifier=[_identifier("declared", candidacy.candidacy_id)],
    )


def _contests(result: ContestResult) -> list[_Object]:
    contest = result.contest
    is_stv = contest.voting_system is VotingSystem.STV
    told = _typed(
        "CandidateContest",
        id=f"contest-{contest.ballot_id}",
        Name=contest.name,
        ElectionDistrictId=_ward_id(contest),
        NumberElected=contest.seats_up,
        # By single transferable vote as many preferences as there are candidates.
        VotesAllowed=len(contest.candidacies) if is_stv else contest.seats_up,
        VoteVariation="other" if is_stv else "plurality" if contest.seats_up == 1 else "n-of-m",
        OtherVoteVariation="stv" if is_stv else None,
        CountStatus=[_typed("CountStatus", Type="total", Status=_count(result))],
        ContestSelection=_selections(result),
        ExternalIdentifier=[_identifier("democracy-club", contest.ballot_id)],
    )
    return [told]


def _count(result: ContestResult) -> str:
    return "completed" if result.is_decided else _COUNTS.get(result.state, "not-processed")


def _selections(result: ContestResult) -> Sequence[_Object]:
    """Of each candidate with the votes, or of each party with its seats, where those alone are known."""
    declaration, ward = result.declaration, _ward_id(result.contest)
    if declaration is not None and declaration.seats is not None:
        return [
            _typed(
                "PartySelection",
                id=f"selection-{result.contest.ballot_id}-{party_id}",
                PartyIds=[_party_id(party_id)],
                VoteCounts=[_typed("VoteCounts", GpUnitId=ward, Type="seats", Count=seats)],
            )
            for party_id, seats in declaration.seats.items()
        ]
    return [_selection(result, candidate) for candidate in result.candidates]


def _selection(result: ContestResult, candidate: CandidateResult) -> _Object:
    counts = _typed("VoteCounts", GpUnitId=_ward_id(result.contest), Type="total", Count=candidate.votes)
    return _typed(
        "CandidateSelection",
        id=f"selection-{_candidate_id(result, candidate)}",
        CandidateIds=[_candidate_id(result, candidate)],
        VoteCounts=[counts] if candidate.votes is not None else None,
    )


def _ballots(result: ContestResult) -> list[_Object]:
    declaration = result.declaration
    if declaration is None or declaration.papers is None:
        return []
    told = _typed(
        "BallotCounts",
        GpUnitId=_ward_id(result.contest),
        Type="total",
        BallotsCast=declaration.papers,
        BallotsRejected=declaration.rejected,
    )
    return [told]


def _text(content: str) -> _Object:
    return _typed("InternationalizedText", Text=[_typed("LanguageString", Content=content, Language=_LANGUAGE)])


def _identifier(kind: str, value: str) -> _Object:
    return _typed("ExternalIdentifier", Type="other", OtherType=kind, Value=value)


def _council_id(council: Council) -> str:
    return f"council-{council.council_id}"


def _ward_id(contest: Contest) -> str:
    return f"ward-{contest.ballot_id}"


def _party_id(party_id: str) -> str:
    return f"party-{party_id}"


def _candidate_id(result: ContestResult, candidate: CandidateResult) -> str:
    return f"candidate-{result.contest.ballot_id}-{candidate.candidacy.candidacy_id}"
