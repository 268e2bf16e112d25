"""An election to store in which nothing is left at its default."""

from datetime import datetime, time

from app.domain.election import (
    Baseline,
    Cancellation,
    Citation,
    CitedSource,
    Contest,
    ControlSpell,
    Convention,
    Cycle,
    Election,
    Party,
    Square,
    VotingSystem,
    Words,
)
from app.store import loading, tokens
from app.store.engine import Store
from tests.builders import CON, GRN, LAB, LD, PARTIES, a_ballot, a_candidacy, a_contest, a_council, an_election


def an_election_and_a_token(url: str) -> str:
    """Puts the simplest election into the database at ``url``, and a token: that, as it is posted with."""
    with Store.open(url) as store, store.writing() as connection:
        loading.save_election(connection, an_election(), "digest")
        return tokens.add_token(connection, "tests", tokens.Scope.DECLARE)


def an_election_with_everything() -> Election:
    """Every field says something, and every mapping is in an order that no database would give it."""
    odd = Contest(
        ballot_id=a_ballot("west", "zedshire"),
        council_id="zedshire",
        ward="West & “Łódź”",
        gss="E05000001",
        seats_up=2,
        electorate=0,
        cancelled=Cancellation.UNDER_CONTESTED,
        candidacies=(
            a_candidacy("west", LD, 2, name="O’Neill, Zoë", description="Liberal Democrat Focus Team"),
            a_candidacy("west", CON, 1, note="Since 2011", role="Council leader", defends=True),
        ),
        voting_system=VotingSystem.STV,
        holder=(LD, GRN),
        expected_at=datetime.fromisoformat("2023-05-05T04:00:00+01:00"),
        label="first poll",
    )
    unknown = a_contest(
        "east", council_id="zedshire", candidacies=(), electorate=None, cancelled=Cancellation.POSTPONED
    )
    first = a_council(
        odd,
        unknown,
        council_id="zedshire",
        name="Zedshire",
        total_seats=9,
        continuing={LD: 3, GRN: 1, CON: 2},
        gss="E07000001",
        kind="district",
        region="South East",
        cycle=Cycle.THIRDS,
        boundary_change=True,
        expected_at=datetime.fromisoformat("2023-05-05T03:30:00+01:00"),
        note="counts overnight",
        created=1974,
        square=Square(7, 0),
        aliases=("Zed", "Aber Zed"),
        baselines={
            "notional": Baseline("notional", None, {LD: 4, CON: 0, GRN: 5}),
            "eve": Baseline("eve", "NOC", None, "after a defection"),
            "last": Baseline("last", CON, {}),
        },
        history=(ControlSpell("2003-05-01", CON), ControlSpell("1998", "NOC"), ControlSpell("2003-05-01", LAB)),
    )
    return an_election(
        first,
        a_council(council_id="ayshire", eve=None, cycle=Cycle.SINGLE),
        slug="all-2023",
        timezone="Europe/Dublin",
        convention="pa",
        conventions={
            "pa": Convention("pa", "PA", ("eve",), ()),
            "bbc": Convention("bbc", "BBC", ("bbc", "eve"), ("notional", "last")),
        },
        parties={**dict(reversed(PARTIES.items())), "local:x": Party("local:x", "Locals", "", "", None, umbrella=True)},
        words=Words("land", "länder", "wahlkreis", "wahlkreise", "sitz", "sitze"),
        polls_close=time(20, 30),
        citation=Citation(
            "Die Post",
            "https://post.example",
            "CC-BY-4.0",
            "",
            (CitedSource("One", "https://one.example"), CitedSource("Two")),
        ),
    )
