"""Nights on which something is otherwise than usual, each as it stands at the moment that is worth reading."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from app.domain.declarations import (
    Correction,
    Declaration,
    Entry,
    StatusDeclaration,
    StatusValue,
    WardDeclaration,
    Withdrawal,
)
from app.domain.election import Baseline, Cancellation, Contest, ControlSpell, Cycle, Election, VotingSystem
from app.domain.night import Night
from tests.builders import (
    CON,
    GRN,
    IND,
    LAB,
    LD,
    POLLS_CLOSED,
    a_candidacy,
    a_contest,
    a_council,
    a_tally,
    a_ward,
    an_election,
    an_entry,
)

SEATS = {"eve": Baseline("eve", CON, {CON: 5, LAB: 1}), "last": Baseline("last", CON, {CON: 4, LAB: 2})}


def _after(election: Election, *declarations: Declaration) -> Night:
    log: list[Entry] = []
    for seq, declaration in enumerate(declarations, 1):
        about = log[declaration.replaces - 1] if isinstance(declaration, Withdrawal) and declaration.replaces else None
        where = {"council_id": about.council_id, "ballot_id": about.ballot_id} if about is not None else {}
        log.append(an_entry(seq, declaration, **where))
    return Night.before_first(election).fold(log)


def _wards(number: int, council_id: str = "testshire", **fields: object) -> list[Contest]:
    parties = fields.pop("parties", (LAB, CON, LD))
    return [
        a_contest(f"{council_id} {place}", council_id=council_id, parties=parties, **fields)
        for place in ("north", "south", "east", "west", "hill", "dale")[:number]
    ]


def nothing_yet() -> Night:
    """Before the count: two councils, one of them with a history."""
    history = (ControlSpell("1973", LAB), ControlSpell("1999", CON))
    return _after(
        an_election(
            a_council(*_wards(6), history=history),
            a_council(*_wards(3, "otherham"), council_id="otherham", eve="NOC", continuing={LAB: 4, CON: 4}),
        )
    )


def nobody_wins() -> Night:
    """Every council ends without anybody in control, one of them for the first time ever."""
    wards, others = _wards(6), _wards(3, "otherham")
    election = an_election(
        a_council(*wards, baselines=SEATS, history=(ControlSpell("1973", CON),), created=1973),
        a_council(*others, council_id="otherham", eve="NOC"),
    )
    won = (LAB, LAB, LAB, CON, CON, LD, LAB, CON, LD)
    return _after(election, *(a_ward(it, party) for it, party in zip([*wards, *others], won, strict=True)))


def all_unopposed() -> Night:
    """No poll anywhere: all are elected when nominations close."""
    wards = _wards(6, parties=(CON,), cancelled=Cancellation.EQUAL_CANDIDATES)
    others = _wards(1, "otherham", parties=(LAB,), cancelled=Cancellation.EQUAL_CANDIDATES)
    councils = a_council(*wards, baselines=SEATS), a_council(*others, council_id="otherham", eve=LAB)
    return _after(an_election(*councils))


def all_lots() -> Night:
    """Every seat is drawn."""
    wards = _wards(3, parties=(LAB, CON))
    drawn = (
        WardDeclaration(
            it.ballot_id,
            votes=dict.fromkeys(it.candidacies_by_id, 825),
            elected=(it.candidacies[place].candidacy_id,),
        )
        for it, place in zip(wards, (0, 0, 1), strict=True)
    )
    return _after(an_election(a_council(*wards)), *drawn)


def a_corrected_flip() -> Night:
    """What changed hands did not after all."""
    wards = _wards(3)
    first = (a_ward(wards[0], LAB), a_ward(wards[1], LAB), a_ward(wards[2], CON))
    corrected = Correction(2, "Two bundles were swapped.", a_ward(wards[1], CON))
    return _after(an_election(a_council(*wards, baselines=SEATS)), *first, corrected)


def a_flip_regained() -> Night:
    """What changed hands was undecided once more, by a ward that was withdrawn, and changed hands again."""
    wards = _wards(3)
    withdrawn = Withdrawal(2, "Another ward was read out.")
    declared = (a_ward(wards[0], LAB), a_ward(wards[1], LAB), withdrawn, a_ward(wards[2], CON), a_ward(wards[1], LAB))
    return _after(an_election(a_council(*wards, baselines=SEATS)), *declared)


def a_tally_withdrawn() -> Night:
    """A tally by phone made it certain, and was withdrawn before a ward was in."""
    election = an_election(a_council(*_wards(3), baselines=SEATS))
    tally = a_tally({LAB: 2, CON: 1}, complete=True)
    withdrawn = an_entry(2, Withdrawal(1, "Of another council."), council_id="testshire")
    return Night.before_first(election).fold([an_entry(1, tally), withdrawn])


def one_seat() -> Night:
    """A council of one seat, and a mayor."""
    one, mayor = a_contest("only", council_id="one"), a_contest("town", council_id="mayor")
    election = an_election(
        a_council(one, council_id="one", baselines={"eve": Baseline("eve", CON, {CON: 1})}),
        a_council(mayor, council_id="mayor", name="Mayor of Testshire", cycle=Cycle.SINGLE, kind="mayor", eve=LAB),
    )
    votes = {"only-LAB-1": 101, "only-CON-1": 100}
    return _after(election, WardDeclaration(one.ballot_id, votes=votes), a_ward(mayor, CON))


def by_elections_only() -> Night:
    """Two of three by-elections: one gained, one held."""
    wards = [a_contest(f"dale {it}", council_id=f"{it}ham", by=True, holder=(CON,)) for it in ("ash", "bix", "cob")]
    councils = [a_council(it, council_id=it.council_id, cycle=Cycle.BY, total_seats=30, eve=None) for it in wards]
    return _after(an_election(*councils), a_ward(wards[0], LAB), a_ward(wards[1], CON))


def by_elections_for_several() -> Night:
    """Two seats at each: one moved, both moved to and from several, both held, and nobody knows who held them."""
    holders = {"ash": (CON, CON), "bix": (LD, CON), "cob": (CON, LAB), "dun": ()}
    wards = [
        a_contest(
            f"dale {it}", council_id=f"{it}ham", seats_up=2, parties=(LAB, CON, LD, GRN), each=1, by=True, holder=had
        )
        for it, had in holders.items()
    ]
    councils = [a_council(it, council_id=it.council_id, cycle=Cycle.BY, total_seats=30, eve=None) for it in wards]
    won = zip(wards, ((LD, CON), (LAB, GRN), (CON, LAB), (LD, CON)), strict=True)
    return _after(an_election(*councils), *(a_ward(it, *parties) for it, parties in won))


def all_vacant() -> Night:
    """Nobody stood, or every poll was put off."""
    wards = _wards(2, cancelled=Cancellation.CANDIDATE_DEATH)
    nobody = a_contest("moor", parties=(), cancelled=Cancellation.NO_CANDIDATES)
    put_off = a_contest("fen", parties=(LAB, CON))
    return _after(
        an_election(a_council(*wards, nobody, put_off)),
        StatusDeclaration(StatusValue.POSTPONED, ballot_id=put_off.ballot_id),
    )


def a_tie_for_largest() -> Night:
    """Two are level at the end, and three others behind them."""
    parties = (LAB, CON, LD, GRN, IND)
    wards = [*_wards(6, parties=parties), a_contest("moor", parties=parties)]
    won = (LAB, CON, LAB, CON, LD, GRN, IND)
    election = an_election(a_council(*wards, eve="NOC"))
    return _after(election, *(a_ward(it, party) for it, party in zip(wards, won, strict=True)))


def some_put_off() -> Night:
    """Nothing more is to come, and in two councils a poll was put off: one has a majority all the same."""
    first, second = _wards(4, "ashham"), _wards(3, "bixham")
    off = [StatusDeclaration(StatusValue.COUNTERMANDED, ballot_id=it.ballot_id) for it in (first[3], second[2])]
    won = zip((*first[:3], *second[:2]), (LAB, LAB, LAB, LAB, CON), strict=True)
    councils = a_council(*first, council_id="ashham"), a_council(*second, council_id="bixham")
    return _after(an_election(*councils), *off, *(a_ward(it, party) for it, party in won))


def many_out() -> Night:
    """All who sat are beaten, the leader and seven others."""
    wards = []
    for place, name in enumerate(("north", "south", "east", "west")):
        sat = [a_candidacy(name, CON if place < 3 else LD, it, defends=True) for it in (1, 2)]
        sat[0] = replace(sat[0], role="Council leader") if not place else sat[0]
        others = [a_candidacy(name, LAB, it) for it in (1, 2)]
        wards.append(a_contest(name, seats_up=2, candidacies=(*sat, *others)))
    return _after(an_election(a_council(*wards)), *(a_ward(it, LAB) for it in wards))


def as_announced() -> Night:
    """More votes than papers in one ward, and in another the wrong person read out."""
    first, second, _ = wards = _wards(3)

    def announced(ward: Contest, *votes: int, **fields: Any) -> WardDeclaration:
        return WardDeclaration(ward.ballot_id, votes=dict(zip(ward.candidacies_by_id, votes, strict=True)), **fields)

    behind = second.candidacies[0].candidacy_id
    return _after(
        an_election(a_council(*wards)),
        announced(first, 300, 200, 59, ballots=555, as_announced="On the notice of the returning officer."),
        announced(second, 200, 300, 1, elected=(behind,), as_announced="Read out so at 02:10."),
    )


def by_preferences() -> Night:
    """Single transferable vote: one ward of two, with a leader who is out."""
    people = (
        a_candidacy("glen", LAB, name="Ann Archer", defends=True, role="Council leader"),
        a_candidacy("glen", CON, name="Bob Butt"),
        a_candidacy("glen", CON, 2, name="Cat Cole"),
        a_candidacy("glen", LD, name="Dan Dean", defends=True),
    )
    glen = a_contest("glen", seats_up=2, candidacies=people, voting_system=VotingSystem.STV)
    loch = a_contest("loch", seats_up=3, parties=(LAB, CON, LD), each=2, voting_system=VotingSystem.STV)
    election = an_election(a_council(glen, loch, eve="NOC"))
    return _after(election, a_ward(glen, LAB, elected=("glen-CON-1", "glen-CON-2")))


def late_wards() -> Night:
    """A ward of each of three councils is out, later than any was expected; what one of them becomes hangs on it."""
    councils = [
        a_council(*_wards(3, it), council_id=it, expected_at=POLLS_CLOSED + timedelta(minutes=minutes))
        for it, minutes in (("ashham", 10), ("bixham", 20), ("cobham", 30))
    ]
    wards = [ward for council in councils for ward in council.contests[:2]]
    won = (LAB, LAB, LAB, CON, CON, CON)
    return _after(an_election(*councils), *(a_ward(it, party) for it, party in zip(wards, won, strict=True)))


def beside_councils() -> Night:
    """Two councils, a mayor and two by-elections; a result was withdrawn, and another declared anew."""
    first, second, mayor = _wards(2, "ashham"), _wards(2, "bixham"), a_contest("town", council_id="mayor")
    apart = [a_contest("elm", council_id=it, by=True, holder=(CON,)) for it in ("cobham", "dunham")]
    seats = {"last": Baseline("last", seats={CON: 10}), "eve": Baseline("eve", CON)}
    election = an_election(
        a_council(*first, council_id="ashham"),
        a_council(*second, council_id="bixham"),
        a_council(mayor, council_id="mayor", name="Mayor of Testshire", cycle=Cycle.SINGLE, kind="mayor", eve=LAB),
        *(a_council(it, council_id=it.council_id, cycle=Cycle.BY, total_seats=30, baselines=seats) for it in apart),
    )
    declared = [*(a_ward(it, LAB) for it in first), a_ward(second[0], CON), a_ward(mayor, CON)]
    declared += [a_ward(apart[0], LAB), a_ward(apart[1], CON)]
    withdrawn = [Withdrawal(1, "Another ward was read out."), Withdrawal(3, "A box was found.")]
    return _after(election, *declared, *withdrawn, a_ward(first[0], CON))


ODD: Mapping[str, Callable[[], Night]] = MappingProxyType(
    {
        night.__name__.replace("_", "-"): night
        for night in (
            nothing_yet,
            late_wards,
            nobody_wins,
            all_unopposed,
            all_lots,
            a_corrected_flip,
            a_flip_regained,
            a_tally_withdrawn,
            one_seat,
            by_elections_only,
            by_elections_for_several,
            all_vacant,
            a_tie_for_largest,
            some_put_off,
            many_out,
            as_announced,
            by_preferences,
            beside_councils,
        )
    }
)
