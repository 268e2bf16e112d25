"""What the API answers, as values that ``json.dumps`` takes: councils, scoreboard, contests, the log.

Keys are reporting groups' party ids, every figure is a whole number unless it is a percentage, and what is not known is
null: never 0, never false.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from app.api.parties import parties_view, party_if_any, party_told
from app.domain.contest import CandidateResult, ContestResult, ContestState, Turnout
from app.domain.control import Control, Majority, NoOverallControl, Undecided
from app.domain.council import CouncilState
from app.domain.declarations import CatalogueChange, Entry, StatusDeclaration, WardDeclaration
from app.domain.election import NO_OVERALL_CONTROL, Convention, Election
from app.domain.figures import VoteSums, margin
from app.domain.night import Night
from app.domain.scoreboard import NO_HANDS, NO_TALLY, Scoreboard, changes_of_control, hands, known_changes
from app.wording.announced import impossible_figures
from app.wording.contest import contest_badge
from app.wording.control import badge
from app.wording.derived import since_when

JsonObject = dict[str, Any]


Moment = tuple[int, datetime | None]
"""An entry, and when it was announced; (0, None) is before the first."""


def marked(view: JsonObject, *, rehearsal: bool, past: Moment | None = None) -> JsonObject:
    """``view``; in a rehearsal with a first key that says so, so that nobody takes it for results.

    Of the night as it stood at an entry, with ``as_at`` before the rest.
    """
    test = {"rehearsal": True} if rehearsal else {}
    as_at = {"as_at": {"seq": past[0], "at": _time(past[1]) if past[1] else None}} if past is not None else {}
    return {**test, **as_at, **view}


def council_view(election: Election, state: CouncilState, convention: Convention) -> JsonObject:
    """One council, compared by ``convention``.

    ``continuing + declared_seats + seats_to_come + vacant`` is ``total_seats``, always; ``seats`` holds the continuing
    and the declared ones.
    """
    compared = state.comparisons[convention.key]
    before = compared.before
    return {
        "council_id": state.council_id,
        "name": state.council.name,
        "total_seats": state.council.total_seats,
        "majority": state.majority,
        "seats": dict(state.seats),
        "continuing": state.continuing,
        "declared_seats": state.declared_seats,
        "seats_to_come": state.seats_to_come,
        "vacant": state.vacant,
        "contests_declared": state.contests_declared,
        "contests_put_off": state.contests_put_off,
        "contests_total": state.contests_total,
        "complete": state.is_complete,
        "control": {
            **_control_view(state.control),
            "certain": state.is_certain,
            "since_seq": state.since.seq if state.since else None,
        },
        "before": {"control": before.control, "basis": before.basis} if before else None,
        "outcome": compared.outcome.value if compared.outcome else None,
        "badge": badge(election, compared),
        "change": dict(compared.change) if compared.change is not None else None,
        "change_basis": compared.change_basis,
        "largest": list(state.largest),
        "majority_over_others": state.majority_over_others,
        "needs": dict(state.needs),
        "boundary_change": state.council.boundary_change,
        "kind": state.council.kind or None,
        "cycle": state.council.cycle.value,
        "gss": state.council.gss or None,
        "region": state.council.region or None,
        "control_party": party_if_any(election, state.holder),
        "before_party": party_if_any(election, before.control if before else None),
        "first_since": first_since_view(election, state),
        **votes_view(state.votes),
    }


def votes_view(votes: VoteSums) -> JsonObject:
    """Turnout and share of several contests, each with ``[contests, of]``: of how many contests it is."""
    return {
        "turnout": _turnout_view(votes.turnout),
        "turnout_covers": list(votes.turnout_covers),
        "share": {group: round(part, 2) for group, part in votes.share.items()} if votes.share is not None else None,
        "covers": list(votes.share_covers),
    }


def scoreboard_view(night: Night, convention: Convention) -> list[JsonObject]:
    """The councils of the night: a row for every group that stands, sits or has a figure, and one for NOC.

    Most seats first, then most councils, then as in the party file. ``change_covers`` and ``control_covers`` are of how
    many councils the changes of seats and of control are, of how many there are.
    """
    total = night.election.added_up
    rows = _scoreboard_rows(night, convention, night.scoreboards[convention.key], apart=False)
    return [row | _covers(night.scoreboards[convention.key], seats_of=total, control_of=total) for row in rows]


def by_elections_view(night: Night, convention: Convention) -> list[JsonObject]:
    """The same of the councils where nothing but by-elections is up; empty where there are none.

    Seats change as wards change hands: here ``change_covers`` counts by-elections.
    """
    scoreboard, progress = night.scoreboards_apart[convention.key], night.progress_apart
    if not progress.councils_total:
        return []
    covers = _covers(scoreboard, seats_of=progress.contests_total, control_of=progress.councils_total)
    return [row | covers for row in _scoreboard_rows(night, convention, scoreboard, apart=True)]


def _scoreboard_rows(night: Night, convention: Convention, scoreboard: Scoreboard, *, apart: bool) -> list[JsonObject]:
    election, sums = night.election, scoreboard.rows
    states = [it for it in night.councils.values() if it.council.stands_apart is apart and election.adds_up(it.council)]
    handed = hands(states, convention.key)
    changes = known_changes(election, scoreboard, states, convention.key)
    present = election.groups_present | {group for group, tally in sums.items() if tally != NO_TALLY}
    rows = [
        {
            "party_id": group,
            "councils": tally.councils,
            "councils_change": change.councils,
            "seats": tally.seats,
            "seats_change": change.seats,
            "gained": list(own.gained),
            "lost": list(own.lost),
            "held": list(own.held),
            **party_told(election, group),
        }
        for group in (*election.groups, NO_OVERALL_CONTROL)
        if group in present or group == NO_OVERALL_CONTROL
        for tally, own, change in ((sums.get(group, NO_TALLY), handed.get(group, NO_HANDS), changes(group)),)
    ]
    # The sort keeps the order of the party file, and NOC last, among rows that are level.
    return sorted(rows, key=lambda row: (-row["seats"], -row["councils"]))


def control_changes_view(night: Night, convention: Convention) -> list[JsonObject]:
    """From whom councils of the night went to whom, and which: most councils first."""
    changes = changes_of_control(night.added_up(), convention.key)
    rows = [{"from": of.before, "to": of.now, "councils": list(councils)} for of, councils in changes.items()]
    return sorted(rows, key=lambda row: -len(row["councils"]))


def _covers(scoreboard: Scoreboard, *, seats_of: int, control_of: int) -> JsonObject:
    return {
        "change_covers": [scoreboard.compared_seats, seats_of],
        "control_covers": [scoreboard.compared_control, control_of],
    }


def election_view(night: Night, *, epoch: str, convention: Convention) -> JsonObject:
    """The whole election at one sequence."""
    return {
        **election_head_view(night, epoch=epoch, convention=convention),
        "councils": [council_view(night.election, state, convention) for state in night.councils.values()],
        **election_end_view(night, convention),
    }


def scoreboards_view(night: Night, convention: Convention) -> JsonObject:
    """What the councils of the night add up to, and beside it by-elections that stand apart."""
    return {
        "scoreboard": scoreboard_view(night, convention),
        "by_elections": by_elections_view(night, convention),
    }


def listed_election_view(election: Election, *, seq: int, epoch: str) -> JsonObject:
    """An election in the list of all, and where it stands."""
    return {
        "slug": election.slug,
        "id": election.election_id,
        "name": election.name,
        "polling_date": election.polling_date.isoformat(),
        "timezone": election.timezone,
        "convention": election.convention,
        "conventions": {key: it.label for key, it in election.conventions.items()},
        "seq": seq,
        "epoch": epoch,
    }


def election_head_view(night: Night, *, epoch: str, convention: Convention) -> JsonObject:
    """What is told of an election before its councils."""
    return {
        "slug": night.election.slug,
        "name": night.election.name,
        "seq": night.seq,
        "epoch": epoch,
        "convention": convention.key,
    }


def election_end_view(night: Night, convention: Convention) -> JsonObject:
    """What is told of an election after its councils: scoreboards, parties, turnout and share, and who took what."""
    return {
        **scoreboards_view(night, convention),
        "parties": parties_view(night.election),
        **votes_view(night.votes),
        "control_changes": control_changes_view(night, convention),
    }


def council_detail_view(election: Election, state: CouncilState, convention: Convention) -> JsonObject:
    """One council with its contests, and the parties of the election."""
    return {
        **council_head_view(election, state, convention),
        "parties": parties_view(election),
        "contests": [contest_view(election, result) for result in state.contests.values()],
    }


def council_head_view(election: Election, state: CouncilState, convention: Convention) -> JsonObject:
    """What is told of one council before its contests. ``seats_from``, wards or tally: where its seats come from."""
    return {
        **council_view(election, state, convention),
        "seats_from": state.count.source.value,
        "status": _status_view(state.status),
    }


def contest_view(election: Election, result: ContestResult) -> JsonObject:
    """One contest with its result, as far as there is one; ``history`` is what changed it since it was told.

    ``badge`` is that of its one seat: null of several, and where its holder is not known.
    """
    contest = result.contest
    return {
        "ballot_id": contest.ballot_id,
        "council_id": contest.council_id,
        "ward": contest.ward,
        "gss": contest.gss or None,
        "name": contest.name,
        "by_election": contest.by_election,
        "voting_system": contest.voting_system.value,
        "seats_up": contest.seats_up,
        "electorate": contest.electorate,
        "state": result.state.value,
        "cancelled": contest.cancelled.value if contest.cancelled else None,
        "seq": result.entry.seq if result.entry else None,
        "at": _time(result.entry.at) if result.entry else None,
        "candidates": [_candidate_view(election, result, candidate) for candidate in result.candidates],
        "seats": dict(result.seats),
        "vacant": result.vacant,
        "to_come": result.to_come,
        "holder": _holder_view(result),
        "outcome": result.outcome.value if result.outcome else None,
        "gained": dict(result.gained) if result.gained is not None else None,
        "later_poll": result.put_off is not None,
        "margin": margin(result),
        "turnout": _turnout_view(result.turnout),
        **announced_figures(result),
        **announced_so(result),
        "shares": [
            {
                "group": share.group,
                "candidates": share.candidates,
                "votes": share.votes,
                "best": share.best,
                "top_vote_share": round(share.top_vote_share, 2),
                "average_share": round(share.average_share, 2),
            }
            for share in result.shares
        ],
        "badge": contest_badge(election, result),
        "status": _status_view(result.status),
        "history": [_revision_view(result, entry) for entry in result.revisions],
    }


def _holder_view(result: ContestResult) -> list[str] | None:
    """The reporting groups that won last time, one for each seat; None where that is not known."""
    if result.won_last_time is None:
        return None
    return [group for group, seats in result.won_last_time.items() for _ in range(seats)]


def announced_figures(result: ContestResult) -> dict[str, int | None]:
    """The papers and the ``total`` of the votes as they were announced; null what was not."""
    declaration = result.declaration
    return {name: getattr(declaration, name, None) for name in ("ballots", "valid", "rejected", "total")}


def announced_so(result: ContestResult) -> dict[str, str | None]:
    """Why figures that cannot be right stand as they were announced, and in words which those are; null elsewhere."""
    reason = result.declaration.as_announced if result.declaration and result.is_as_announced else ""
    return {"as_announced": reason or None, "as_announced_figures": impossible_figures(result) or None}


def entry_view(logged: Mapping[str, Any], entry: Entry, flash: str | None) -> JsonObject:
    """One row of the public log: what places ``entry``, then every other field of ``logged``, the body as posted.

    ``confirm`` has the codes of the warnings that were confirmed; by whom is told at the desk alone.
    """
    placed = {
        "seq": entry.seq,
        "at": _time(entry.at),
        "kind": entry.kind,
        "council_id": entry.council_id,
        "ballot_id": entry.ballot_id,
        "replaces": entry.replaces,
        "reason": entry.reason,
    }
    posted = {key: value for key, value in logged.items() if key not in placed}
    return {**placed, **posted, "confirm": sorted(entry.confirmed), "flash": flash}


def is_elected(result: ContestResult, candidate: CandidateResult) -> bool | None:
    """Whether ``candidate`` was elected; None while nobody can say.

    “Not elected” is said of those alone who lost: not before a declaration, and not where only the parties' seats are
    known.
    """
    declaration = result.declaration
    told = declaration is not None and (declaration.votes is not None or declaration.elected is not None)
    return candidate.elected if told or result.state is ContestState.UNOPPOSED else None


def _turnout_view(turnout: Turnout | None) -> JsonObject | None:
    return {"percentage": round(turnout.percentage, 2), "counted": turnout.counted} if turnout else None


def first_since_view(election: Election, state: CouncilState) -> JsonObject | None:
    """How long ago the council was last controlled as it is, as words too; null where nobody knows."""
    first = state.first_since
    if first is None:
        return None
    told = {"control": first.control, "year": first.year, "reckoning": first.reckoning.value}
    return {**told, "text": since_when(election, state)}


def _control_view(control: Control) -> JsonObject:
    match control:
        case Majority(party_id=party_id):
            return {"state": "majority", "party": party_id}
        case NoOverallControl():
            return {"state": "noc", "party": None}
        case Undecided():
            return {"state": "undecided", "party": None}


def _candidate_view(election: Election, result: ContestResult, candidate: CandidateResult) -> JsonObject:
    party = party_told(election, candidate.candidacy.party_id)
    return {
        "candidacy_id": candidate.candidacy.candidacy_id,
        "name": candidate.candidacy.name,
        "party_id": candidate.candidacy.party_id,
        "party": party["name"],
        "colour": party["colour"],
        "group": candidate.group,
        "votes": candidate.votes,
        "rank": candidate.rank,
        "joint": candidate.joint,
        "elected": is_elected(result, candidate),
        "by_lot": candidate.by_lot,
        "by_announcement": candidate.by_announcement,
    }


def _status_view(entry: Entry | None) -> JsonObject | None:
    if entry is None or not isinstance(entry.content, StatusDeclaration):
        return None
    return {
        "seq": entry.seq,
        "at": _time(entry.at),
        "status": entry.content.status.value,
        "note": entry.content.note or None,
    }


def _revision_view(result: ContestResult, entry: Entry) -> JsonObject:
    replaced = next((earlier for earlier in result.history if earlier.seq == entry.replaces), None)
    return {
        "seq": entry.seq,
        "at": _time(entry.at),
        "kind": entry.kind,
        "replaces": entry.replaces,
        "reason": entry.reason,
        **_before_and_after(result.contest.ballot_id, replaced, entry),
    }


def _before_and_after(ballot_id: str, replaced: Entry | None, entry: Entry) -> JsonObject:
    """What ``entry`` changed: of the catalogue field by field, else what was declared."""
    if not isinstance(entry.declaration, CatalogueChange):
        return {"before": _declared_values(replaced), "after": _declared_values(entry)}
    own = [it for it in entry.declaration.alterations if it.ballot_id == ballot_id]
    return {"before": {it.field: it.before for it in own}, "after": {it.field: it.after for it in own}}


def _declared_values(entry: Entry | None) -> JsonObject | None:
    """What a ward declaration said, without what it did not say; None for a withdrawal, which says nothing."""
    if entry is None or not isinstance(entry.content, WardDeclaration):
        return None
    content = entry.content
    said = {part.name: getattr(content, part.name) for part in fields(content) if part.name != "ballot_id"}
    return {
        name: list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value
        for name, value in said.items()
        if value is not None and value != ""
    }


def _time(at: datetime) -> str:
    return at.isoformat()
