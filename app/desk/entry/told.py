"""What stands, and what came of it, as the desk tells it beside a form."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from app.domain.declarations import (
    Entry,
    StatusDeclaration,
    TallyDeclaration,
    WardDeclaration,
)
from app.domain.election import Contest, Election
from app.domain.second_check import is_machine
from app.wording import sentences
from app.wording.names import named_with_party


@dataclass(frozen=True, slots=True)
class ToldFigure:
    """One figure of a declaration in words, and of another one beside it."""

    label: str
    value: str
    other: str = ""

    @property
    def differs(self) -> bool:
        return self.value != self.other


def told_figures(
    election: Election, contest: Contest | None, content: object, other: object = None
) -> tuple[ToldFigure, ...]:
    """What a declaration says, figure by figure; with ``other``, both beside one another."""
    ours, theirs = dict(_figures(election, contest, content)), dict(_figures(election, contest, other))
    return tuple(ToldFigure(label, ours.get(label, ""), theirs.get(label, "")) for label in {**ours, **theirs})


def _figures(election: Election, contest: Contest | None, content: object) -> Iterator[tuple[str, str]]:
    match content:
        case WardDeclaration():
            yield from _result_figures(election, contest, content)
        case TallyDeclaration():
            for party_id, number in content.seats.items():
                yield f"{election.party(party_id).name}, {election.words.seats}", str(number)
            if content.vacant is not None:
                yield "Vacant", str(content.vacant)
            yield "Complete", "yes" if content.complete else "no"
            if content.source:
                yield "Source", content.source
        case StatusDeclaration():
            yield "Status", content.status.value
            if content.note:
                yield "Note", content.note


def _result_figures(election: Election, contest: Contest | None, content: WardDeclaration) -> Iterator[tuple[str, str]]:
    named = named_with_party(election, contest) if contest else {}
    for candidacy_id, name in named.items():
        if content.votes is not None:
            votes = content.votes.get(candidacy_id)
            yield name, sentences.votes_told(votes) if candidacy_id in content.unpublished else _number(votes)
    for party_id, number in (content.seats or {}).items():
        yield f"{election.party(party_id).name}, {election.words.seats}", str(number)
    if content.elected is not None:
        elected = [name for candidacy_id, name in named.items() if candidacy_id in content.elected]
        yield "Named as elected", sentences.listed(elected)
    if content.total is not None:
        yield "Total as read out", _number(content.total)
    yield "Rejected papers", _number(content.rejected)
    yield "Ballot papers", _number(content.ballots)
    if content.valid is not None:
        yield "Valid papers", _number(content.valid)
    yield "Turnout, per cent", f"{content.turnout:g}" if content.turnout is not None else "–"
    if content.as_announced:
        yield "As announced", content.as_announced
    if content.source:
        yield "Source", content.source


def _number(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


def told_entries(election: Election, entries: Collection[Entry]) -> tuple[tuple[Entry, str], ...]:
    """Every entry about a subject, newest first, with what it did in words."""
    return tuple(
        (entry, f"{sentences.done(entries, entry)} {sentences.clock(election, entry.at)}")
        for entry in sorted(entries, key=lambda entry: -entry.seq)
    )


def who(entry: Entry, *, persons: int) -> str:
    """``ann, checked by bob``; ``ann, alone`` for a result or its correction where it takes two and nobody checked."""
    if entry.checker:
        return f"{entry.author}, checked by {entry.checker}"
    is_result = isinstance(entry.content, WardDeclaration | TallyDeclaration)
    takes_two = persons == 2 and is_result and not is_machine(entry.author)
    return f"{entry.author}, alone" if takes_two else entry.author
