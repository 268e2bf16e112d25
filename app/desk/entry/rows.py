"""The rows of a form: a candidate or a party each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.desk.entry.before import beside_candidates
from app.desk.entry.form import Field, Filled, FormAsked, TypedForm
from app.domain.contest import seats_to_fill, tied_across_last_seat
from app.domain.election import Candidacy, Contest, Council, Election, Party
from app.domain.second_check import count


@dataclass(frozen=True, slots=True)
class FormRow:
    """A candidate, or a party where seats are given, with its field."""

    party: Party
    field: Field
    candidacy: Candidacy | None = None
    beside: str = ""
    """What is told beside its name."""
    tied: bool = False
    drawn: bool = False
    named: bool = False
    """Whether it was declared elected is asked for: first preferences do not say it."""
    announced: bool = False
    """As elected, whatever the votes say."""


def is_by_seats(contest: Contest, form: TypedForm, asked: FormAsked) -> bool:
    """Whether seats by party are asked for: where the nominations are unknown, or the desk chooses it."""
    if not contest.has_nominations:
        return True
    if asked.mode:
        return asked.mode == "seats"
    return [*form.get("mode", ())][-1:] == ["seats"]


def candidate_rows(election: Election, contest: Contest, filled: Filled) -> list[FormRow]:
    """The candidates in the order of the ballot paper."""
    votes = _votes(contest, filled)
    is_whole = len(votes) == len(contest.candidacies) and not contest.is_stv
    tied = tied_across_last_seat(votes, seats_to_fill(contest)) if is_whole else ()
    beside = beside_candidates(election, contest)
    return [
        FormRow(
            party=election.party(candidacy.party_id),
            field=filled.field(f"votes.{candidacy.candidacy_id}"),
            candidacy=candidacy,
            beside=beside[candidacy.candidacy_id],
            tied=candidacy.candidacy_id in tied,
            drawn=candidacy.candidacy_id in filled.form.get("drawn", ()),
            named=contest.is_stv,
            announced=candidacy.candidacy_id in filled.form.get("elected", ()),
        )
        for candidacy in contest.candidacies
    ]


def _votes(contest: Contest, filled: Filled) -> dict[str, int]:
    """What was typed, as far as it is a number."""
    typed = {it.candidacy_id: count(filled.value(f"votes.{it.candidacy_id}").strip()) for it in contest.candidacies}
    return {candidacy_id: number for candidacy_id, number in typed.items() if number is not None}


def party_rows(election: Election, groups: Iterable[str], filled: Filled, had: Mapping[str, str]) -> list[FormRow]:
    """A field for the seats of each party; ``had`` tells of those before."""
    return [
        FormRow(election.party(group), filled.field(f"seats.{group}"), beside=had.get(group, "")) for group in groups
    ]


def parties_in(election: Election, contest: Contest) -> list[str]:
    """The groups that can take a seat: those that stand, or all of them where the nominations are unknown."""
    standing = [election.group(candidacy.party_id) for candidacy in contest.candidacies]
    return list(dict.fromkeys(standing)) or list(election.groups)


def parties_of(election: Election, council: Council) -> list[str]:
    """The groups that a council's tally is likely to have: those that stand there, sit there or sat there."""
    found: set[str] = {*council.continuing}
    for baseline in council.baselines.values():
        found |= {group for group, seats in (baseline.seats or {}).items() if seats}
    for contest in council.contests:
        found |= {election.group(candidacy.party_id) for candidacy in contest.candidacies}
    return [group for group in election.groups if group in found]
