"""A catalogue that is loaded again: what it changes is listed, needs a reason, and is an entry of the log (rule 13)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.catalogue import alterations, exchanged
from app.domain.election import Candidacy, Election
from app.domain.night import Night
from app.store import catalogue, loading, log
from app.store.audit import Actor
from app.store.engine import Store
from app.store.errors import CatalogueExchanged, ReasonNeeded
from app.store.folding import folded
from app.store.loading import Loading, Saved
from tests.builders import CON, GRN, LAB, LD, a_contest, a_council, a_ward, an_election, an_entry
from tests.store.logs import declare, faults

HOLLIN = a_contest("hollin", parties=(LAB, CON, GRN, LD))
SADDLE = a_contest("saddle", parties=(LAB, CON))
FARAWAY = a_contest("faraway", council_id="elsewhere")
ELECTION = an_election(a_council(HOLLIN, SADDLE), a_council(FARAWAY, council_id="elsewhere"))
OF_TWO_SEATS = an_election(
    a_council(replace(HOLLIN, seats_up=2), SADDLE, total_seats=3), a_council(FARAWAY, council_id="elsewhere")
)


def save(store: Store, election: Election, *, reason: str = "") -> Loading:
    with store.writing() as connection:
        return loading.save_election(connection, election, repr(election), reason=reason, by=Actor("ann"))


def declared(store: Store) -> Mapping[str, Any]:
    body = {
        "kind": "ward",
        "ballot_id": HOLLIN.ballot_id,
        "votes": dict(zip(ids(HOLLIN), (1501, 1402, 603, 504), strict=True)),
    }
    with store.writing() as connection:
        declare(connection, ELECTION.slug, body=body, council_id="testshire", ballot_id=HOLLIN.ballot_id)
    return body


def ids(contest: Any) -> list[str]:
    return [candidacy.candidacy_id for candidacy in contest.candidacies]


def head(store: Store) -> log.Head:
    with store.reading() as connection:
        return log.head(connection, ELECTION.slug)


def night_of(store: Store) -> Night:
    with store.reading() as connection:
        return folded(connection, ELECTION.slug)


def test_without_a_reason_nothing_is_done_and_what_would_change_is_told(store: Store):
    save(store, ELECTION)
    declared(store)
    before = head(store)
    with pytest.raises(ReasonNeeded) as refused:
        save(store, OF_TWO_SEATS)
    assert [(it.ballot_id, it.field, it.before, it.after) for it in refused.value.alterations] == [
        (None, "total_seats", ELECTION.council("testshire").total_seats, 3),
        (HOLLIN.ballot_id, "seats_up", 1, 2),
    ]
    assert head(store) == before
    assert night_of(store).election == ELECTION


def test_with_a_reason_it_is_an_entry_and_what_came_before_is_as_it_was(store: Store):
    save(store, ELECTION)
    declared(store)
    before, earlier = head(store), night_of(store)
    loaded = save(store, OF_TWO_SEATS, reason="Two seats, not one")
    assert (loaded.saved, loaded.seq) == (Saved.REPLACED, 2)
    now = head(store)
    assert (now.seq, now.epoch) == (2, before.epoch)
    with store.reading() as connection:
        first, second = log.entries(connection, ELECTION.slug, after=0)
        assert log.entry(connection, ELECTION.slug, 2) == second
    assert (first.hash, second.entry.kind, second.entry.reason, second.entry.author) == (
        *(before.hash, "catalogue", "Two seats, not one"),
        "ann",
    )
    assert second.body["changes"][1] == {
        "council_id": "testshire",
        "ballot_id": HOLLIN.ballot_id,
        "field": "seats_up",
        "before": 1,
        "after": 2,
    }
    after = night_of(store)
    assert len(after.result(HOLLIN.ballot_id).elected) == 2
    assert after.election == OF_TWO_SEATS
    assert after.election_at(1) == ELECTION
    assert len(earlier.result(HOLLIN.ballot_id).elected) == 1
    assert faults(store, ELECTION.slug) == []


def test_an_hour_that_is_only_expected_needs_no_reason_and_is_an_entry_all_the_same(store: Store):
    save(store, ELECTION)
    declared(store)
    council = replace(ELECTION.council("testshire"), note="", expected_at=an_entry(1, a_ward(HOLLIN, LAB)).at)
    later = replace(ELECTION, councils={**ELECTION.councils, "testshire": council})
    assert save(store, later).seq == 2
    with store.reading() as connection:
        entry = log.entries(connection, ELECTION.slug, after=1)[0].entry
    assert (entry.kind, entry.reason, entry.is_revision) == ("catalogue", None, False)


def test_who_may_stand_needs_a_reason_also_before_the_first_entry_which_is_none_then(store: Store):
    save(store, ELECTION)
    late = replace(SADDLE, candidacies=(*SADDLE.candidacies, Candidacy("late", "Late Nomination", GRN)))
    more = an_election(a_council(HOLLIN, late), a_council(FARAWAY, council_id="elsewhere"))
    with pytest.raises(ReasonNeeded):
        save(store, more)
    before = head(store)
    assert save(store, more, reason="A late paper was found") == Loading(
        Saved.REPLACED, alterations(ELECTION, more), None
    )
    assert (head(store).seq, head(store).epoch) == (0, before.epoch)
    assert night_of(store).election == more


def test_an_id_that_means_another_person_of_another_party_is_refused_where_results_name_it(store: Store):
    save(store, ELECTION)
    declared(store)
    first, second, third, fourth = HOLLIN.candidacies
    swapped = replace(
        HOLLIN,
        candidacies=(
            replace(third, candidacy_id=first.candidacy_id),
            *(second, replace(first, candidacy_id=third.candidacy_id), fourth),
        ),
    )
    other = an_election(a_council(swapped, SADDLE), a_council(FARAWAY, council_id="elsewhere"))
    with pytest.raises(CatalogueExchanged, match=f"{first.candidacy_id} is {first.name}, and would be {third.name}"):
        save(store, other, reason="Sorted")
    assert night_of(store).election == ELECTION
    assert exchanged(ELECTION, other, [SADDLE.ballot_id]) == ()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE catalogue_version SET content = replace(content, 'hollin', 'hollow') WHERE since_seq = 2", "entry 2"),
        ("UPDATE catalogue_version SET content = replace(content, 'hollin', 'hollow') WHERE since_seq = 0", "begin"),
        ("DELETE FROM catalogue_version WHERE since_seq = 2", "entry 2"),
    ],
)
def test_a_catalogue_that_is_altered_behind_the_log_is_found(store: Store, statement: str, told: str):
    save(store, ELECTION)
    declared(store)
    save(store, OF_TWO_SEATS, reason="Two seats, not one")
    with store.writing() as connection:
        connection.execute(text(statement))
    assert any(told in fault for fault in faults(store, ELECTION.slug))


@pytest.mark.parametrize("statement", ["UPDATE council SET expected_at = 'at ten'", "UPDATE contest SET seats_up = 3"])
def test_files_that_are_loaded_again_mend_tables_that_were_altered(store: Store, statement: str):
    save(store, ELECTION)
    declared(store)
    with store.writing() as connection:
        connection.execute(text(statement))
    assert save(store, ELECTION) == Loading(Saved.UNCHANGED)
    assert night_of(store).election == ELECTION
    assert head(store).seq == 1


def test_a_log_from_before_catalogues_were_kept_goes_on(store: Store):
    save(store, ELECTION)
    with store.writing() as connection:
        connection.execute(text("DELETE FROM catalogue_version"))
        connection.execute(text("UPDATE head SET hash = :hash"), {"hash": log.genesis_hash(ELECTION.slug)})
    declared(store)
    assert faults(store, ELECTION.slug) == []
    save(store, OF_TWO_SEATS, reason="Two seats, not one")
    assert faults(store, ELECTION.slug) == []
    with store.reading() as connection:
        assert catalogue.opening_election(connection, ELECTION.slug) == ELECTION
