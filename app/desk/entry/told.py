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
    """One figure of a declaration in words, and of another one beside it; ``field`` is what it is compared by."""

    field: str
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
    ours = {figure.field: figure for figure in _figures(election, contest, content)}
    theirs = {figure.field: figure for figure in _figures(election, contest, other)}
    return tuple(
        ToldFigure(field, figure.label, *(it[field].value if field in it else "" for it in (ours, theirs)))
        for field, figure in (ours | theirs).items()
    )


def _figures(election: Election, contest: Contest | None, content: object) -> Iterator[ToldFigure]:
    match content:
        case WardDeclaration():
            yield from _result_figures(election, contest, content)
        case TallyDeclaration():
            for party_id, number in content.seats.items():
                yield _seats(election, party_id, number)
            if content.vacant is not None:
                yield ToldFigure("vacant", "Vacant", str(content.vacant))
            yield ToldFigure("complete", "Complete", "yes" if content.complete else "no")
            if content.source:
                yield ToldFigure("source", "Source", content.source)
        case StatusDeclaration():
            yield ToldFigure("status", "Status", content.status.value)
            if content.note:
                yield ToldFigure("note", "Note", content.note)


def _seats(election: Election, party_id: str, number: int) -> ToldFigure:
    return ToldFigure(f"seats.{party_id}", f"{election.party(party_id).name}, {election.words.seats}", str(number))


def _result_figures(election: Election, contest: Contest | None, content: WardDeclaration) -> Iterator[ToldFigure]:
    named = named_with_party(election, contest) if contest else {}
    for candidacy_id, name in named.items():
        if content.votes is not None:
            votes = content.votes.get(candidacy_id)
            told = sentences.votes_told(votes) if candidacy_id in content.unpublished else _number(votes)
            yield ToldFigure(f"votes.{candidacy_id}", name, told)
    for party_id, number in (content.seats or {}).items():
        yield _seats(election, party_id, number)
    if content.elected is not None:
        elected = [name for candidacy_id, name in named.items() if candidacy_id in content.elected]
        yield ToldFigure("elected", "Named as elected", sentences.listed(elected))
    if content.total is not None:
        yield ToldFigure("total", "Total as read out", _number(content.total))
    yield ToldFigure("rejected", "Rejected papers", _number(content.rejected))
    yield ToldFigure("ballots", "Ballot papers", _number(content.ballots))
    if content.valid is not None:
        yield ToldFigure("valid", "Valid papers", _number(content.valid))
    turnout = f"{content.turnout:g}" if content.turnout is not None else "–"
    yield ToldFigure("turnout", "Turnout, per cent", turnout)
    if content.as_announced:
        yield ToldFigure("as_announced", "As announced", content.as_announced)
    if content.source:
        yield ToldFigure("source", "Source", content.source)


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
