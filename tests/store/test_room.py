"""Who covers which count, moved times, calls, the note for the next shift, and how long keying took."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import DatabaseError

from app.domain.expected import MovedTimes
from app.domain.subject import Subject
from app.store import audit, drafts, keying_times, room, staff
from app.store.audit import Actor, ActsWanted
from app.store.engine import Store
from app.store.room import NOTHING, Call, Covered, RowKey
from app.store.tables import AUDIT, CALL_NOTE, KEYING_TIME
from tests.store.logs import BALLOT_ID

COUNCIL, WARD = RowKey("council", "testshire"), RowKey("contest", BALLOT_ID)
AT = datetime(2023, 5, 5, 2, 30, tzinfo=UTC)
EVE, ANN = Actor("Eve", "192.0.2.1"), Actor("Ann", "192.0.2.2")
NUMBER = "01632 960001"
JO = Covered("Jo", (NUMBER, "07700 900001 after two"), "Leisure Centre", AT)


def keep(store: Store, slug: str, key: RowKey, now: Covered, by: Actor = EVE) -> None:
    with store.writing() as connection:
        room.keep(connection, slug, key, now, before=kept(store, slug).get(key, NOTHING), by=by)


def kept(store: Store, slug: str) -> dict[RowKey, Covered]:
    with store.reading() as connection:
        return room.covered(connection, slug)


def acts(store: Store, slug: str) -> list[audit.Audited]:
    with store.reading() as connection:
        return audit.search(connection, ActsWanted(slug), before=None, limit=None)


def test_what_is_kept_of_a_count_is_found_again(store: Store, slug: str):
    keep(store, slug, COUNCIL, JO)
    keep(store, slug, WARD, Covered(moved=AT + timedelta(hours=1)))
    found = kept(store, slug)
    assert found[COUNCIL].digest == JO.digest
    assert found[COUNCIL].changed[0] == "Eve"
    assert found[WARD].moved == AT + timedelta(hours=1)
    with store.reading() as connection:
        moved = room.moved_times(connection, slug)
    assert moved == MovedTimes({"testshire": AT}, {BALLOT_ID: AT + timedelta(hours=1)})


def test_what_is_kept_is_changed_and_who_did_so_last_is_told(store: Store, slug: str):
    keep(store, slug, COUNCIL, JO)
    keep(store, slug, COUNCIL, replace(JO, covers="Kim", moved=None), by=ANN)
    found = kept(store, slug)[COUNCIL]
    assert (found.covers, found.place, found.moved) == ("Kim", "Leisure Centre", None)
    assert found.changed[0] == "Ann"


def test_the_same_content_has_the_same_digest_whoever_wrote_it_and_another_has_not():
    assert replace(JO, changed=("Eve", AT)).digest == JO.digest
    others = (replace(JO, covers="Kim"), replace(JO, telephones=()), replace(JO, place=""), replace(JO, moved=None))
    assert len({JO.digest, NOTHING.digest, *(it.digest for it in others)}) == 6


def test_the_audit_has_that_it_was_changed_and_no_number(store: Store, slug: str):
    keep(store, slug, COUNCIL, JO)
    moved, covered = acts(store, slug)
    assert (covered.kind, covered.subject, covered.details) == (
        "cover changed",
        "testshire",
        {"fields": ["covers", "telephones", "place"]},
    )
    assert (moved.kind, moved.details) == ("time moved", {"before": None, "after": AT.isoformat()})
    with store.reading() as connection:
        assert NUMBER not in str(connection.execute(AUDIT.select()).all())


def test_telephone_numbers_are_deleted_and_nothing_else(store: Store, slug: str):
    keep(store, slug, COUNCIL, JO)
    with store.writing() as connection:
        assert room.forget_telephones(connection, slug, by=EVE) == 1
        assert room.forget_telephones(connection, slug, by=EVE) == 0
    found = kept(store, slug)[COUNCIL]
    assert found.digest == replace(JO, telephones=()).digest
    assert [it.kind for it in acts(store, slug)][:2] == ["telephones forgotten"] * 2


def test_a_call_is_kept_once_however_often_it_is_sent_and_moves_the_time(store: Store, slug: str):
    call = Call("testshire", AT, "Ann", "Counting, an hour more", AT + timedelta(hours=1))
    with store.writing() as connection:
        assert room.note_call(connection, slug, call, key="k", by=ANN)
        assert not room.note_call(connection, slug, replace(call, said="again"), key="k", by=ANN)
        assert room.last_calls(connection, slug) == {"testshire": call}
    assert kept(store, slug)[COUNCIL].moved == AT + timedelta(hours=1)


def test_the_last_call_to_each_council_is_the_one_told_and_without_a_time_it_moves_none(store: Store, slug: str):
    with store.writing() as connection:
        for number, (council_id, said) in enumerate(
            (("testshire", "one"), ("elsewhere", "two"), ("testshire", "three"))
        ):
            room.note_call(connection, slug, Call(council_id, AT, "Ann", said), key=str(number), by=ANN)
        assert {name: call.said for name, call in room.last_calls(connection, slug).items()} == {
            "testshire": "three",
            "elsewhere": "two",
        }
    assert kept(store, slug) == {}


def test_every_version_of_the_note_is_kept_and_none_is_written_over_one_that_was_not_read(store: Store, slug: str):
    with store.writing() as connection:
        first = room.write_handover(connection, slug, "Dover is slow.", after=0, by=ANN)
        assert room.write_handover(connection, slug, "Dover is slow.", after=0, by=ANN) == first
        assert room.write_handover(connection, slug, "All is well.", after=0, by=EVE) is None
        room.write_handover(connection, slug, "Dover is slow. So is Deal.", after=1, by=EVE)
        told = [(it.version, it.author, it.note) for it in room.handovers(connection, slug)]
    assert told == [(2, "Eve", "Dover is slow. So is Deal."), (1, "Ann", "Dover is slow.")]


def test_how_long_somebody_keyed_is_known_once_it_is_handed_in(store: Store, slug: str):
    ward = Subject("ward", BALLOT_ID)
    with store.writing() as connection:
        staff.add_hashed(connection, "Ann", staff.Role.KEYER, "a hash")
        drafts.keep(connection, slug, ward, "Ann", {"total": "1"})
        drafts.keep(connection, slug, ward, "Ann", {"total": "12"})
        assert keying_times.seconds(connection, slug) == {}
        begun = (datetime.now(UTC) - timedelta(seconds=90)).isoformat()
        connection.execute(update(KEYING_TIME).values(begun_at=begun))
        drafts.hand_in(connection, slug, ward, "Ann")
        [took] = keying_times.seconds(connection, slug)["Ann"]
    assert 90 <= took < 150


def test_what_is_forgotten_or_was_never_kept_took_no_time(store: Store, slug: str):
    ward = Subject("ward", BALLOT_ID)
    with store.writing() as connection:
        staff.add_hashed(connection, "Ann", staff.Role.KEYER, "a hash")
        drafts.keep(connection, slug, ward, "Ann", {"total": "1"})
        drafts.drop(connection, slug, ward, "Ann")
        drafts.hand_in(connection, slug, ward, "Ann")
        assert keying_times.seconds(connection, slug) == {}


@pytest.mark.parametrize("wrong", [{"said": ""}, {"slug": "nowhere"}, {"said": None}])
def test_no_call_without_a_word_or_an_election(store: Store, slug: str, wrong: dict[str, str]):
    row = {"slug": slug, "council_id": "testshire", "at": AT.isoformat(), "author": "Ann", "said": "x", "key": "k"}
    with pytest.raises(DatabaseError), store.writing() as connection:
        connection.execute(insert(CALL_NOTE), {**row, **wrong})
