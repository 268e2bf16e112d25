"""A night of everything that is rare: what a council and its wards can look like apart from the plain case."""

import re
from datetime import UTC, datetime

import html5lib

from app.domain.declarations import (
    Correction,
    Entry,
    NoteDeclaration,
    StatusDeclaration,
    StatusValue,
    TallyDeclaration,
    WardDeclaration,
    Withdrawal,
)
from app.domain.election import Baseline, Cancellation, Contest, ControlSpell, Council, Cycle, Election
from app.domain.night import Night
from tests.builders import (
    CON,
    GRN,
    IND,
    LAB,
    LD,
    a_ballot,
    a_candidacy,
    a_contest,
    a_council,
    a_ward,
    an_election,
    an_entry,
)

ALL = (LAB, CON, LD, GRN, IND)


def _thirds() -> Council:
    """78 seats, 31 of them up in 30 wards, one long vacant; boundaries have changed."""
    special = (
        a_contest("lot", council_id="thirds", seats_up=2, parties=(LAB, CON)),
        a_contest("joint", council_id="thirds", parties=(LAB, CON, LD)),
        a_contest("corrected", council_id="thirds", parties=(LAB, CON)),
        a_contest("withdrawn", council_id="thirds", parties=(LAB, CON)),
        a_contest("unopposed", council_id="thirds", parties=(CON,), cancelled=Cancellation.EQUAL_CANDIDATES),
        a_contest("empty", council_id="thirds", parties=(), cancelled=Cancellation.NO_CANDIDATES),
        a_contest("death", council_id="thirds", parties=ALL, cancelled=Cancellation.CANDIDATE_DEATH),
        a_contest("postponed", council_id="thirds", parties=ALL),
        a_contest("recounted", council_id="thirds", parties=ALL),
        a_contest("delayed", council_id="thirds", parties=ALL),
        a_contest("counting", council_id="thirds", parties=ALL),
        a_contest(
            "leader",
            council_id="thirds",
            candidacies=(
                a_candidacy(
                    "leader",
                    CON,
                    note="Council leader",
                    defends=True,
                    name="Somebody with a Rather Long Double-Barrelled Name",
                ),
                a_candidacy("leader", LAB),
                a_candidacy("leader", GRN, note="Mayor of the town", role="Group leader"),
                a_candidacy("leader", LD, defends=True),
                a_candidacy("leader", IND, role="Portfolio holder"),
            ),
        ),
    )
    plain = tuple(a_contest(f"ward {number}", council_id="thirds", parties=ALL) for number in range(1, 19))
    return a_council(
        *special,
        *plain,
        council_id="thirds",
        name="Aylesham, Eythorne and Shepherdswell",
        total_seats=78,
        continuing={CON: 24, LAB: 14, LD: 5, IND: 3},
        kind="district",
        region="South East",
        cycle=Cycle.THIRDS,
        boundary_change=True,
        expected_at=datetime(2023, 5, 5, 5, 30, tzinfo=UTC),
        note="One councillor resigned in March.",
        history=(ControlSpell("1998-04-01", "NOC"), ControlSpell("2003-05-01", CON)),
        baselines={
            "eve": Baseline("eve", control=CON, seats={CON: 41, LAB: 22, LD: 9, IND: 5}),
            "notional": Baseline("notional", seats={CON: 43, LAB: 21, LD: 9, IND: 5}),
        },
    )


def _unknown() -> Council:
    """No baseline, no nominations in one ward, fewer candidates than seats in another."""
    return a_council(
        Contest(a_ballot("secret", "unknown"), "unknown", "Secret", 2, cancelled=Cancellation.EQUAL_CANDIDATES),
        Contest(a_ballot("quiet", "unknown"), "unknown", "Quiet", 3),
        a_contest(
            "short", council_id="unknown", seats_up=3, parties=(LAB,), each=1, cancelled=Cancellation.UNDER_CONTESTED
        ),
        council_id="unknown",
        name="Unknown",
        eve=None,
    )


def _phoned() -> Council:
    wards = (a_contest(f"ward {number}", council_id="phoned", seats_up=3, parties=ALL) for number in range(1, 8))
    return a_council(*wards, council_id="phoned", name="Phoned")


def _county() -> Council:
    wards = (a_contest(f"division {number}", council_id="county", seats_up=3, parties=ALL) for number in range(1, 51))
    return a_council(*wards, council_id="county", name="County", kind="county", eve="NOC")


def the_edges() -> Election:
    return an_election(_thirds(), _unknown(), _phoned(), _county(), slug="edges-2023", name="Edges 2023")


def a_night_at_the_edges() -> Night:
    """The night with everything in it."""
    election = the_edges()
    return Night.before_first(election).fold(entries_at_the_edges(election))


def entries_at_the_edges(election: Election) -> list[Entry]:
    """What is declared in it."""

    def contest(ward: str, council_id: str = "thirds") -> Contest:
        return election.contest(a_ballot(ward, council_id))

    lot, joint = contest("lot"), contest("joint")
    tied = {"lot-LAB-1": 900, "lot-CON-1": 825, "lot-CON-2": 825, "lot-LAB-2": 300}
    wrong = a_ward(contest("corrected"), LAB, CON, ballots=2001, rejected=12)
    right = a_ward(contest("corrected"), CON, LAB, ballots=2011, rejected=12)
    declarations = [
        WardDeclaration(lot.ballot_id, votes=tied, elected=("lot-LAB-1", "lot-CON-2"), turnout=31.2),
        WardDeclaration(
            joint.ballot_id, votes={"joint-LAB-1": 812, "joint-CON-1": 400, "joint-LD-1": 400}, ballots=1620
        ),
        wrong,
        Correction(3, "Two bundles were counted for the wrong candidate.", right),
        a_ward(contest("withdrawn"), LAB),
        Withdrawal(5, "Declared for the wrong ward."),
        StatusDeclaration(
            StatusValue.COUNTERMANDED, ballot_id=contest("postponed").ballot_id, note="Flood at the count"
        ),
        StatusDeclaration(
            StatusValue.RECOUNT, ballot_id=contest("recounted").ballot_id, note="Second recount, 3 votes in it"
        ),
        StatusDeclaration(StatusValue.DELAYED, ballot_id=contest("delayed").ballot_id),
        StatusDeclaration(StatusValue.COUNTING, ballot_id=contest("counting").ballot_id),
        StatusDeclaration(StatusValue.RECOUNT, council_id="thirds", note="in two wards"),
        NoteDeclaration("The leader of the council is expected to lose.", council_id="thirds"),
        a_ward(contest("leader"), LAB, CON, ballots=1900),
        a_ward(contest("ward 1"), LAB, ballots=3000),
        a_ward(contest("ward 2"), GRN, ballots=3000, source="Returning officer"),
        WardDeclaration(contest("secret", "unknown").ballot_id, seats={CON: 2}),
        WardDeclaration(contest("quiet", "unknown").ballot_id, seats={CON: 2, LAB: 1}),
        a_ward(contest("ward 1", "phoned"), LAB, ballots=3000),
        TallyDeclaration("phoned", {CON: 13, LAB: 2, LD: 1}, complete=False, source="Town hall switchboard"),
        TallyDeclaration("phoned", {CON: 18, LAB: 2, LD: 1}, complete=True),
    ]
    declarations += [
        a_ward(contest(f"division {number}", "county"), ALL[number % 3], ballots=4100) for number in range(1, 26)
    ]
    of_withdrawal = {"council_id": "thirds", "ballot_id": a_ballot("withdrawn", "thirds")}
    return [
        an_entry(seq, declaration, **(of_withdrawal if isinstance(declaration, Withdrawal) else {}))
        for seq, declaration in enumerate(declarations, 1)
    ]


def text_of(html: str) -> str:
    """What a reader reads of a fragment: one space for all white space, and one between cells."""
    container = "tbody" if html.startswith("<tr") else "div"
    apart = re.sub(r"</(td|th|dt|dd|p|li|caption)>", r" </\1>", html)
    return " ".join("".join(html5lib.parseFragment(apart, container=container).itertext()).split())


__all__ = ["ALL", "a_night_at_the_edges", "entries_at_the_edges", "text_of", "the_edges"]
