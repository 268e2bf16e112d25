"""The postcodes of an election in the database."""

from app.domain.postcodes import Postcodes
from app.store import loading
from app.store.engine import Store
from app.store.postcodes import load_postcodes, save_postcodes
from tests.builders import an_election

SOME = Postcodes({"CT1": "barton 2AB 2AD\nwestgate 2AB", "TN1": "park 1AA"})


def saved(store: Store, postcodes: Postcodes) -> bool:
    with store.writing() as connection:
        return save_postcodes(connection, "test-2023", postcodes)


def kept(store: Store, slug: str = "test-2023") -> Postcodes:
    with store.reading() as connection:
        return load_postcodes(connection, slug)


def test_they_are_kept_as_they_were_saved_and_each_election_has_its_own(store: Store) -> None:
    with store.writing() as connection:
        for slug in ("test-2023", "test-2027"):
            loading.save_election(connection, an_election(slug=slug), slug)
    assert kept(store) == Postcodes()
    assert saved(store, SOME)
    assert (kept(store), kept(store, "test-2027")) == (SOME, Postcodes())
    assert not saved(store, SOME)
    for others in (Postcodes({"CT1": "barton 2AB"}), Postcodes()):
        assert saved(store, others)
        assert kept(store) == others


def test_of_a_country_they_are_kept_whole(store: Store) -> None:
    with store.writing() as connection:
        loading.save_election(connection, an_election(), "digest")
    many = Postcodes({f"A{number}": "ward 1AA" for number in range(3_000)})
    assert saved(store, many)
    assert kept(store) == many
