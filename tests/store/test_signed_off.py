"""Councils that were signed off: the newest counts."""

from datetime import UTC, datetime

from app.store import signed_off
from app.store.signed_off import SignedOff

AT = datetime(2023, 5, 5, 3, 12, tzinfo=UTC)


def test_the_newest_of_a_council_counts(store, slug):
    first = SignedOff("testshire", 0, "ann", AT, is_alone=True)
    again = SignedOff("testshire", 7, "bob", AT, is_alone=False)
    with store.writing() as connection:
        for signed in (first, again):
            signed_off.sign(connection, slug, signed, {"contests": 3})
    with store.reading() as connection:
        assert signed_off.newest(connection, slug) == {"testshire": again}
        assert signed_off.newest(connection, "another") == {}
