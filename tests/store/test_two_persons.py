"""Who is told that theirs was declared over, and who has seen both versions of a dispute, in either database."""

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import DatabaseError

from app.domain.subject import Subject
from app.store import overruled, versions
from app.store.engine import Store
from app.store.overruled import Overruled
from app.store.tables import OVERRULED
from tests.store.logs import BALLOT_ID, declare

WARD, TALLY = Subject("ward", BALLOT_ID), Subject("tally", "medway")


def test_each_is_told_of_theirs_the_newest_first_until_they_have_seen_it(store: Store, slug: str):
    with store.writing() as connection:
        for seq, (subject, person) in enumerate([(WARD, "Ann"), (TALLY, "Ann"), (WARD, "Bob")], 1):
            declare(connection, slug, author="Eve")
            overruled.tell(connection, slug, subject, person, seq=seq, differing=seq)
        overruled.tell(connection, slug, WARD, "Ann", seq=3, differing=1)
    with store.writing() as connection:
        assert [it.seq for it in overruled.told_to(connection, slug, "Ann")] == [3, 2, 1]
        assert overruled.told_to(connection, slug, "Bob") == [Overruled(3, WARD, 3)]
        assert overruled.told_to(connection, "another", "Ann") == []
        overruled.seen(connection, slug, 3, "Ann")
        overruled.seen(connection, slug, 99, "Ann")
        assert [it.seq for it in overruled.told_to(connection, slug, "Ann")] == [2, 1]
        assert [it.seq for it in overruled.told_to(connection, slug, "Bob")] == [3]


@pytest.mark.parametrize("wrong", [{"differing": 0}, {"subject_kind": "note"}, {"seq": 7}])
def test_nobody_is_told_of_what_there_is_not(store: Store, slug: str, wrong: dict[str, object]):
    row = {"slug": slug, "seq": 1, "person": "Ann", "subject_kind": "ward", "subject_id": BALLOT_ID, "differing": 1}
    with store.writing() as connection:
        declare(connection, slug)
    with pytest.raises(DatabaseError), store.writing() as connection:
        connection.execute(insert(OVERRULED), {**row, **wrong})


def test_who_has_seen_both_versions_has_until_it_is_declared_however_their_name_is_typed(store: Store, slug: str):
    with store.writing() as connection:
        for _ in range(2):
            versions.see(connection, slug, WARD, "Eve")
        versions.see(connection, slug, TALLY, "Zoe")
    with store.writing() as connection:
        seen = [versions.has_seen(connection, slug, WARD, name) for name in ("Eve", "EVE", "Zoe")]
        assert seen == [True, True, False]
        versions.forget(connection, slug, WARD)
        assert not versions.has_seen(connection, slug, WARD, "Eve")
        assert versions.has_seen(connection, slug, TALLY, "Zoe")
