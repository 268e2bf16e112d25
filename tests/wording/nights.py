"""The nights of which every sentence is read: Kent's, a whole country's, a parliament's, and what is rare."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from app.bundles.reading import read_bundle
from app.domain.declarations import (
    Correction,
    Declaration,
    Entry,
    NoteDeclaration,
    StatusDeclaration,
    StatusValue,
    WardDeclaration,
    Withdrawal,
    declaration_from,
)
from app.domain.election import Baseline, Cancellation, Candidacy, ControlSpell, Cycle, Election, VotingSystem
from app.pages.environment import make_environment
from app.pages.rendering import Renderer
from app.process.turns import at_once
from app.projection.publication import Publication, Published
from tests import parliament
from tests.builders import (
    CON,
    GRN,
    IND,
    LAB,
    LD,
    a_ballot,
    a_contest,
    a_council,
    a_tally,
    a_ward,
    an_election,
    an_entry,
)
from tests.country import country, country_night
from tests.counts import IS_LONG_RUN
from tests.pages.edges import entries_at_the_edges, the_edges
from tests.running import KENT

AUGUST = datetime(2023, 8, 11, 13, 7, tzinfo=UTC)
"""14:07 in the summer after the poll: at no other time of any night is it seven past two in the afternoon."""


def publications(election: Election, entries: list[Entry], *points: int) -> Iterator[Publication]:
    """The night as it is published, after so many entries each: one publication, which goes on from one to the next."""
    publication = Publication(election, "epoch", rendering=Renderer(make_environment()))
    publication.begin([])
    for point in points:
        published = Published()
        publication.fold([(entry, {}) for entry in entries[publication.seq : point]], published)
        at_once(publication.publish(published))
        yield publication


def posted(election: Election, bodies: Iterable[Mapping[str, Any]]) -> list[Entry]:
    """What was posted, as entries of a log."""
    entries = []
    for seq, body in enumerate(bodies, 1):
        contest = election.contest(body["ballot_id"])
        declaration = declaration_from(body, about=body["kind"], ballot_id=contest.ballot_id)
        at = datetime.fromisoformat(body["at"])
        entries.append(Entry(seq, at, declaration, contest.council_id, contest.ballot_id))
    return entries


def kent() -> Iterator[Publication]:
    bundle = read_bundle(KENT)
    return publications(bundle.election, posted(bundle.election, bundle.night or ()), 100, 277)


def whole_country() -> Iterator[Publication]:
    election = country()
    entries = posted(election, country_night(election))
    half = len(entries) // 2
    return publications(election, entries, *((0, half, len(entries)) if IS_LONG_RUN else (half,)))


def a_parliament() -> Iterator[Publication]:
    election = parliament.parliament()
    return publications(election, posted(election, parliament.declarations(election)), 325, 650)


def edges() -> Iterator[Publication]:
    election = the_edges()
    entries = entries_at_the_edges(election)
    return publications(election, entries, 0, 12, len(entries))


def _log(*declarations: Declaration, **fields: Any) -> list[Entry]:
    return [an_entry(seq, declaration, **fields) for seq, declaration in enumerate(declarations, 1)]


def ties() -> Iterator[Publication]:
    """Four parties that need as many seats as each other, all night, and end level."""
    wards = [a_contest(f"ward {number}", parties=(LAB, CON, LD, GRN)) for number in range(12)]
    election = an_election(a_council(*wards, eve="NOC"))
    entries = _log(*(a_ward(ward, (LAB, CON, LD, GRN)[number % 4]) for number, ward in enumerate(wards)))
    return publications(election, entries, *range(len(entries) + 1))


def small_things() -> Iterator[Publication]:
    """A council of one seat, a mayor, preferences, a ward without an electorate, one by-election apart."""
    one = a_contest("only", council_id="one", electorate=None)
    mayor = a_contest("town", council_id="mayor")
    stv = a_contest(
        "glen", council_id="glen", seats_up=3, parties=(LAB, CON, LD), each=2, voting_system=VotingSystem.STV
    )
    apart = a_contest("dale", council_id="apart", by=True, holder=(CON,))
    election = an_election(
        a_council(one, council_id="one"),
        a_council(mayor, council_id="mayor", cycle=Cycle.SINGLE, kind="mayor", eve=LAB),
        a_council(stv, council_id="glen", eve=None),
        a_council(apart, council_id="apart", cycle=Cycle.BY, total_seats=30, eve=None),
        a_council(
            a_contest("low", council_id="kept", parties=(LAB,), cancelled=Cancellation.EQUAL_CANDIDATES),
            a_contest("high", council_id="kept"),
            council_id="kept",
            continuing={CON: 9, LAB: 1},
        ),
    )
    entries = _log(
        a_ward(one, LAB, votes={"only-LAB-1": 1, "only-CON-1": 0}),
        StatusDeclaration(StatusValue.RECOUNT, ballot_id=mayor.ballot_id),
        a_ward(mayor, CON),
        a_ward(stv, LAB, elected=("glen-LAB-1", "glen-CON-1", "glen-CON-2")),
        a_ward(apart, LAB),
    )
    return publications(election, entries, *range(len(entries) + 1))


def by_elections_alone() -> Iterator[Publication]:
    wards = [a_contest(f"dale {place}", council_id=f"c{place}", by=True, holder=(CON,)) for place in "abc"]
    councils = [a_council(it, council_id=it.council_id, cycle=Cycle.BY, total_seats=30, eve=None) for it in wards]
    entries = _log(*(a_ward(ward, party) for ward, party in zip(wards, (LAB, CON, LD), strict=True)))
    return publications(an_election(*councils), entries, *range(len(entries) + 1))


def safe_beforehand() -> Iterator[Publication]:
    """Who controls is certain before a vote is counted, by seats that are not up, and because nobody can get there."""
    safe = a_contest("up", council_id="safe")
    nobody = [a_contest(f"w{place}", council_id="nobody", parties=(LAB, CON)) for place in range(2)]
    election = an_election(
        a_council(safe, council_id="safe", continuing={LAB: 8, CON: 3}, eve=LAB),
        a_council(*nobody, council_id="nobody", continuing={LAB: 4, CON: 4, GRN: 4}, eve="NOC"),
        a_council(a_contest("up", council_id="open"), council_id="open", eve=CON),
    )
    return publications(election, _log(a_ward(safe, LAB), *(a_ward(it, CON) for it in nobody)), 0, 1, 2, 3)


def names_and_stops() -> Iterator[Publication]:
    """Names that end in a stop, reasons that do, and votes that were not published."""
    people = (("Currie, E.", CON), ("Smith, J. R.", LAB), ("O’Neill-Smythe, Ph.D.", LD), ("Jr.", IND))

    def contest(ward: str, seats: int = 2) -> Any:
        named = tuple(Candidacy(f"{ward}-{place}", name, party) for place, (name, party) in enumerate(people))
        return a_contest(ward, name=f"St. {ward.title()} St.", seats_up=seats, candidacies=named, holder=(CON,) * seats)

    lot, joint, hidden, announced = (contest(name) for name in ("lot", "joint", "hidden", "announced"))
    one = contest("one", 1)
    election = an_election(a_council(lot, joint, hidden, announced, one, name="King’s Lynn and St. Ives"))

    def votes(ward: str, *numbers: int | None) -> dict[str, int | None]:
        return {f"{ward}-{place}": number for place, number in enumerate(numbers)}

    entries = _log(
        WardDeclaration(lot.ballot_id, votes=votes("lot", 900, 825, 825, 1), elected=("lot-0", "lot-1")),
        WardDeclaration(joint.ballot_id, votes=votes("joint", 900, 825, 300, 300), source="Returning officer."),
        WardDeclaration(hidden.ballot_id, votes=votes("hidden", 900, 825, 300, None)),
        WardDeclaration(
            announced.ballot_id,
            votes=votes("announced", 900, 825, 300, 1),
            elected=("announced-0", "announced-2"),
            as_announced="Read out so, by the returning officer.",
        ),
        StatusDeclaration(StatusValue.RECOUNT, ballot_id=one.ballot_id, note="Three votes in it."),
        NoteDeclaration("The sports hall is cold.", council_id="testshire"),
        WardDeclaration(one.ballot_id, votes=votes("one", 900, 825, 300, 1)),
        Correction(2, "Two bundles were swapped.", WardDeclaration(joint.ballot_id, votes=votes("joint", 1, 2, 3, 4))),
        Correction(7, "Wrong seat", WardDeclaration(one.ballot_id, votes=votes("one", 1, 2, 4, 3))),
    )
    return publications(election, entries, *range(len(entries) + 1))


def the_summer_after() -> Iterator[Publication]:
    """Corrections, a withdrawal and a later poll, three months later."""
    wards = [a_contest(f"ward {place}", seats_up=2, parties=(LAB, CON, LD)) for place in range(5)]
    death = a_contest("death", cancelled=Cancellation.CANDIDATE_DEATH)
    council = a_council(
        *wards,
        death,
        boundary_change=True,
        expected_at=datetime(2023, 5, 5, 5, 47, tzinfo=UTC),
        history=(ControlSpell("1973", CON), ControlSpell("1995", "NOC"), ControlSpell("2003", CON)),
        baselines={"eve": Baseline("eve", CON, {CON: 11})},
    )
    entries = _log(StatusDeclaration(StatusValue.DELAYED, council_id="testshire"), *(a_ward(it, LAB) for it in wards))
    late = [
        Correction(2, "The court ruled.", a_ward(wards[0], CON)),
        Withdrawal(3, "The court ruled that, too."),
        a_ward(death, LD),
        Correction(4, "And that.", a_ward(wards[2], LD, CON, LAB)),
        Correction(5, "And that.", a_ward(wards[3], LD, CON, LAB)),
    ]
    of_withdrawal = {"council_id": "testshire", "ballot_id": a_ballot("ward 1")}
    entries += [
        an_entry(seq, it, at=AUGUST, **(of_withdrawal if isinstance(it, Withdrawal) else {}))
        for seq, it in enumerate(late, len(entries) + 1)
    ]
    return publications(an_election(council), entries, *range(len(entries) + 1))


def by_phone() -> Iterator[Publication]:
    """A tally that grows, and parties level in it."""
    wards = [a_contest(f"ward {place}", seats_up=3, parties=(LAB, CON, LD)) for place in range(4)]
    tallies = ({LAB: 1, CON: 1, LD: 1}, {LAB: 4, CON: 4}, {LAB: 6, CON: 5})
    entries = _log(
        a_ward(wards[0], LAB, CON, LD),
        *(a_tally(seats) for seats in tallies),
        a_tally({LAB: 6, CON: 6}, complete=True),
    )
    return publications(an_election(a_council(*wards)), entries, *range(len(entries) + 1))


RARE = (edges, ties, small_things, by_elections_alone, safe_beforehand, names_and_stops, the_summer_after, by_phone)
"""Each of them is read at every entry, or nearly so."""
