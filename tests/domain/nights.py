"""Generated nights: elections of every shape, and the declarations that could be made in them."""

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from app.domain.contest import seats_to_fill
from app.domain.declarations import (
    Content,
    StatusDeclaration,
    StatusValue,
    TallyDeclaration,
    WardDeclaration,
)
from app.domain.election import Cancellation, Contest, Council, Cycle, Election, VotingSystem
from tests.builders import CON, GRN, IND, LAB, LD, PARTIES, a_candidacy, a_contest, a_council, an_election

GROUPS = (LAB, CON, LD, GRN, IND)


@st.composite
def contests(draw: st.DrawFn, ward: str, council_id: str) -> Contest:
    """A ward of one to three seats; without nominations on file, uncontested or cancelled every now and then."""
    seats_up = draw(st.integers(1, 3))
    cancelled = draw(st.sampled_from([None] * 8 + list(Cancellation)))
    match cancelled:
        case Cancellation.NO_CANDIDATES:
            number = 0
        case Cancellation.EQUAL_CANDIDATES:
            number = seats_up
        case Cancellation.UNDER_CONTESTED:
            number = seats_up - 1
        case _:
            number = draw(st.sampled_from([0, *range(seats_up + 1, 8)]))
    parties = draw(st.lists(st.sampled_from(GROUPS), min_size=number, max_size=number))
    candidacies = tuple(a_candidacy(f"{council_id}-{ward}", party_id, n) for n, party_id in enumerate(parties))
    return a_contest(
        ward,
        council_id=council_id,
        seats_up=seats_up,
        cancelled=cancelled,
        candidacies=candidacies,
        by=draw(st.booleans()),
        voting_system=draw(st.sampled_from(VotingSystem)),
        holder=tuple(draw(st.lists(st.sampled_from(GROUPS), min_size=seats_up, max_size=seats_up)))
        if draw(st.booleans())
        else (),
    )


@st.composite
def councils(draw: st.DrawFn, council_id: str) -> Council:
    wards = [draw(contests(f"w{number}", council_id)) for number in range(draw(st.integers(1, 5)))]
    continuing = draw(st.dictionaries(st.sampled_from(GROUPS), st.integers(1, 5), max_size=3))
    seats = sum(continuing.values()) + sum(contest.seats_up for contest in wards) + draw(st.integers(0, 2))
    eve = draw(st.sampled_from([*GROUPS, "NOC", None]))
    cycle = draw(st.sampled_from([Cycle.ALL, Cycle.ALL, Cycle.BY]))
    return a_council(*wards, council_id=council_id, continuing=continuing, total_seats=seats, eve=eve, cycle=cycle)


@st.composite
def elections(draw: st.DrawFn) -> Election:
    """Some of them with the Greens for a collection that cannot control."""
    names = ("ashire", "bshire", "cshire")[: draw(st.integers(1, 3))]
    greens = replace(PARTIES[GRN], umbrella=draw(st.booleans()))
    return an_election(*(draw(councils(name)) for name in names), parties={**PARTIES, GRN: greens})


@st.composite
def results(draw: st.DrawFn, contest: Contest, election: Election) -> WardDeclaration:
    """A result that the checks let through: votes with lots where they are needed, papers now and then, or seats."""
    if not contest.has_nominations:
        seats = draw(seat_lists(contest.seats_up, exactly=contest.cancelled is not Cancellation.UNDER_CONTESTED))
        return WardDeclaration(contest.ballot_id, seats=seats)
    votes = {candidacy.candidacy_id: draw(st.integers(0, 6)) for candidacy in contest.candidacies}
    shuffled = draw(st.permutations(list(votes)))
    if not contest.is_stv:
        shuffled.sort(key=lambda candidacy_id: -votes[candidacy_id])
    elected = shuffled[: seats_to_fill(contest)]
    ballots = draw(st.sampled_from([None, sum(votes.values())]))
    return WardDeclaration(contest.ballot_id, votes=votes, elected=tuple(elected), ballots=ballots)


@st.composite
def seat_lists(draw: st.DrawFn, number: int, *, exactly: bool) -> dict[str, int]:
    count = number if exactly else draw(st.integers(0, number))
    drawn = draw(st.lists(st.sampled_from(GROUPS), min_size=count, max_size=count))
    return {group: drawn.count(group) for group in drawn}


@st.composite
def tallies(draw: st.DrawFn, council: Council) -> TallyDeclaration:
    """A tally that holds the continuing seats and some of the others; or as many, of whatever party they are by now."""
    left = council.total_seats - council.continuing_seats
    complete = draw(st.booleans())
    if draw(st.booleans()):
        number = council.total_seats if complete else council.continuing_seats + draw(st.integers(0, left))
        return TallyDeclaration(council.council_id, draw(seat_lists(number, exactly=True)), complete)
    declared = draw(seat_lists(left, exactly=complete))
    seats = {
        group: council.continuing.get(group, 0) + declared.get(group, 0) for group in {**council.continuing, **declared}
    }
    return TallyDeclaration(council.council_id, seats, complete)


@dataclass(frozen=True)
class Statement:
    """Something that can be declared, of the council it is about."""

    council_id: str
    ballot_id: str | None
    content: Content


@st.composite
def statements(draw: st.DrawFn, election: Election, *, with_tallies: bool = False) -> list[Statement]:
    """One statement or none for each contest that can be declared, in any order, some with a status before."""
    made: list[Statement] = []
    for council in election.councils.values():
        for contest in council.contests:
            if contest.cancelled is not None and (
                contest.has_nominations
                or contest.cancelled is Cancellation.NO_CANDIDATES
                or contest.cancelled.leads_to_a_later_poll
            ):
                continue
            what = draw(st.sampled_from(["result"] * 8 + ["countermanded", "postponed", "recount", "nothing"]))
            if what == "result":
                content: Content = draw(results(contest, election))
            elif what == "nothing":
                continue
            else:
                content = StatusDeclaration(StatusValue(what), ballot_id=contest.ballot_id)
            made.append(Statement(council.council_id, contest.ballot_id, content))
        if with_tallies and draw(st.booleans()):
            made.append(Statement(council.council_id, None, draw(tallies(council))))
    return draw(st.permutations(made))
