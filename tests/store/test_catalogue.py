from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.bundles.reading import read_bundle
from app.domain.declarations import declaration_from
from app.domain.election import Candidacy, Election
from app.domain.errors import UnknownElection
from app.domain.second_check import Keying
from app.domain.subject import Subject
from app.store import catalogue, keyed, loading, log
from app.store.engine import Store
from app.store.errors import CatalogueContradicted, CatalogueInUse
from app.store.folding import folded
from app.store.loading import Saved
from tests.builders import CON, GRN, LAB, LD, PARTIES, a_contest, a_council, an_election
from tests.store.elections import an_election_with_everything
from tests.store.logs import a_body, declare, faults

KENT = Path(__file__).parents[2] / "elections" / "kent-2023"


def save(store: Store, election: Election, digest: str = "digest") -> Saved:
    with store.writing() as connection:
        return loading.save_election(connection, election, digest, reason="The files were wrong").saved


def load(store: Store, slug: str) -> Election:
    with store.reading() as connection:
        return catalogue.load_election(connection, slug)


def head(store: Store, slug: str) -> log.Head:
    with store.reading() as connection:
        return log.head(connection, slug)


def orders(election: Election) -> list[list[str]]:
    """The order of every mapping, which comparing mappings doesn't see."""
    councils = election.councils.values()
    return [
        list(election.conventions),
        list(election.parties),
        list(election.councils),
        *(list(council.continuing) for council in councils),
        *(list(council.baselines) for council in councils),
        *(list(baseline.seats or ()) for council in councils for baseline in council.baselines.values()),
    ]


def test_an_election_comes_back_as_it_was(store: Store):
    election = an_election_with_everything()
    assert save(store, election) is Saved.LOADED
    loaded = load(store, election.slug)
    assert loaded == election
    assert orders(loaded) == orders(election)
    assert [type(value) for value in vars(loaded).values()] == [type(value) for value in vars(election).values()]


def test_a_time_keeps_its_offset(store: Store):
    election = an_election_with_everything()
    save(store, election)
    expected_at = load(store, election.slug).council("zedshire").expected_at
    assert expected_at is not None
    assert expected_at.isoformat() == "2023-05-05T03:30:00+01:00"


def test_the_night_of_kent_comes_back_as_it_was(store: Store):
    election = read_bundle(KENT).election
    save(store, election)
    loaded = load(store, election.slug)
    assert loaded == election
    assert orders(loaded) == orders(election)


def test_the_first_load_begins_a_log(store: Store, slug: str):
    begun = head(store, slug)
    with store.reading() as connection:
        opened_with = catalogue.content_digest(catalogue.content_of(an_election()))
        assert catalogue.opening_election(connection, slug) == an_election()
    assert (begun.seq, begun.hash) == (0, log.genesis_hash(slug, opened_with))
    assert len(begun.epoch) == 12
    assert faults(store, slug) == []


def test_the_same_digest_changes_nothing(store: Store, slug: str):
    begun = head(store, slug)
    assert save(store, an_election(name="Another name")) is Saved.UNCHANGED
    assert load(store, slug).name == "Test elections 2023"
    assert head(store, slug) == begun


def test_before_the_first_entry_the_catalogue_that_opens_the_log_is_replaced(store: Store, slug: str):
    begun = head(store, slug)
    replacement = an_election(a_council(a_contest("south")), a_council(council_id="other"), name="Another name")
    assert save(store, replacement, "other digest") is Saved.REPLACED
    assert load(store, slug) == replacement
    now = head(store, slug)
    assert (now.seq, now.epoch) == (0, begun.epoch)
    assert now.hash != begun.hash
    assert faults(store, slug) == []
    assert save(store, replacement, "other digest") is Saved.UNCHANGED


def test_a_replacement_touches_no_other_election(store: Store, slug: str):
    other = an_election_with_everything()
    save(store, other)
    begun = head(store, other.slug)
    save(store, an_election(a_council(a_contest("south"))), "other digest")
    assert load(store, other.slug) == other
    assert head(store, other.slug) == begun


NORTH = a_contest("north")
PARTS = {
    "contest": an_election(a_council(a_contest("south"))),
    "council": an_election(a_council(replace(NORTH, council_id="other"), council_id="other")),
    "candidacy": an_election(a_council(replace(NORTH, candidacies=NORTH.candidacies[:1]))),
    "party": an_election(parties={party_id: PARTIES[party_id] for party_id in (LAB, CON)}),
}


@pytest.mark.parametrize(
    ("replacement", "told"),
    [
        ("contest", f"contest {NORTH.ballot_id}"),
        ("council", f"council testshire; contest {NORTH.ballot_id}"),
        ("candidacy", f"candidacy north-CON-1 of {NORTH.ballot_id}"),
        ("party", "party PP63"),
    ],
)
def test_what_the_log_refers_to_cannot_vanish(store: Store, slug: str, replacement: str, told: str):
    with store.writing() as connection:
        declare(connection, slug, body=a_body(elected=["north-LAB-1"]))
        tally = {"kind": "tally", "council_id": "testshire", "seats": {LAB: 1, GRN: 0}, "complete": False}
        declare(connection, slug, body=tally)
    before = head(store, slug)
    with pytest.raises(CatalogueInUse, match=told):
        save(store, PARTS[replacement], "other digest")
    assert load(store, slug) == an_election()
    assert head(store, slug) == before
    assert faults(store, slug) == []


def test_what_waits_for_a_check_cannot_vanish(store: Store, slug: str):
    keying = Keying("ann", {"votes": {"north-LAB-1": 7, "north-CON-1": 3}}, frozenset(), datetime.now(UTC))
    with store.writing() as connection:
        keyed.begin(connection, slug, Subject("ward", NORTH.ballot_id), keying, key=None)
    for replacement, told in (("contest", "contest"), ("candidacy", "candidacy north-CON-1")):
        with pytest.raises(CatalogueInUse, match=told):
            save(store, PARTS[replacement], "other digest")
    with store.writing() as connection:
        keyed.drop(connection, slug, Subject("ward", NORTH.ballot_id))
    assert save(store, PARTS["contest"], "other digest") is Saved.REPLACED


WITH_ONE_MORE = an_election(
    a_council(replace(NORTH, candidacies=(*NORTH.candidacies, Candidacy("late", "Late Nomination", GRN))))
)
OF_TWO_SEATS = an_election(a_council(replace(NORTH, seats_up=2), total_seats=2))


@pytest.mark.parametrize(
    ("replacement", "body", "told"),
    [
        (WITH_ONE_MORE, a_body(), r"entry 1: Votes of Late Nomination \(late\) are missing\."),
        (OF_TWO_SEATS, a_body(votes=None, seats={LAB: 1}), r"entry 1: North fills 2 seats: these are 1\."),
    ],
)
def test_what_stands_cannot_be_contradicted(
    store: Store, slug: str, replacement: Election, body: dict[str, object], told: str
):
    with store.writing() as connection:
        declare(connection, slug, body={name: value for name, value in body.items() if value is not None})
    before = head(store, slug)
    with pytest.raises(CatalogueContradicted, match=told):
        save(store, replacement, "other digest")
    assert head(store, slug) == before
    with store.writing() as connection:
        declare(
            connection,
            slug,
            body={"kind": "withdrawal", "replaces": 1, "reason": "The nominations were wrong."},
            about="ward",
            ballot_id=NORTH.ballot_id,
        )
    assert save(store, replacement, "other digest") is Saved.REPLACED
    with store.reading() as connection:
        night = folded(connection, slug)
    assert night.councils["testshire"].seats_to_come == replacement.councils["testshire"].total_seats


def test_figures_that_stand_as_announced_contradict_no_catalogue(store: Store, slug: str):
    body = a_body(votes={"north-LAB-1": 700, "north-CON-1": 300}, elected=["north-CON-1"], ballots=10)
    with store.writing() as connection:
        declare(connection, slug, body={**body, "as_announced": "So read out, and stands in law"})
    assert save(store, an_election(name="Renamed"), "more") is Saved.REPLACED


def test_what_the_log_does_not_refer_to_may_vanish(store: Store, slug: str):
    save(store, an_election(a_council(NORTH, a_contest("south")), a_council(council_id="other")), "more")
    with store.writing() as connection:
        declare(connection, slug, body=a_body(votes={"north-LAB-1": 7, "north-CON-1": 3}))
        declare(connection, slug, body={"kind": "note", "text": "Good evening"}, council_id=None)
    before = head(store, slug)
    assert save(store, an_election(), "less") is Saved.REPLACED
    assert load(store, slug) == an_election()
    assert head(store, slug).seq == before.seq + 1
    with store.reading() as connection:
        first = log.entries(connection, slug, after=0)[0]
    assert first.entry.declaration == declaration_from(first.body, about="ward")
    assert faults(store, slug) == []


def test_many_things_that_would_vanish_are_told_in_one_line():
    told = str(CatalogueInUse("x", [f"contest {number}" for number in range(25)]))
    assert "contest 9; and 15 more." in told
    assert "contest 10" not in told


def test_the_newest_election_is_listed_first(store: Store):
    for slug, day in (("old", 3), ("b-new", 4), ("a-new", 4)):
        save(store, an_election(slug=slug, name=slug.title(), polling_date=date(2023, 5, day)))
    with store.reading() as connection:
        listed = catalogue.elections(connection)
    assert [election.slug for election in listed] == ["a-new", "b-new", "old"]
    assert listed[2] == catalogue.ElectionListed(
        "old", "local.2023-05-04", "Old", date(2023, 5, 3), head(store, "old").epoch
    )


def test_an_election_that_was_never_loaded_is_unknown(store: Store):
    with pytest.raises(UnknownElection):
        load(store, "nowhere")


def test_a_whole_country_is_saved_and_replaced(store: Store):
    councils = [
        a_council(
            *(
                a_contest(f"w{number}", council_id=f"c{council}", seats_up=2, parties=(LAB, CON, LD))
                for number in range(60)
            ),
            council_id=f"c{council}",
        )
        for council in range(30)
    ]
    country = an_election(*councils)
    save(store, country)
    assert load(store, country.slug) == country
    renamed = replace(country, name="The same country")
    assert save(store, renamed, "other digest") is Saved.REPLACED
    assert len(load(store, country.slug).contests) == 1800
