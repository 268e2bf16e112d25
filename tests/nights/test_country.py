"""The generated night of a whole country is one that a server takes, and has what small ones have not."""

from collections import Counter
from datetime import datetime

from app.declaring.door import judge
from app.domain.election import Cycle
from app.domain.night import Night
from app.store import log
from app.store.engine import Store
from app.store.folding import folded
from tests.country import BY_ELECTIONS, CLOSE, WARDS, country, country_night
from tests.logged import write_country


def test_the_country_is_of_the_size_and_the_variety_of_a_real_one() -> None:
    election = country()
    assert Counter(council.cycle for council in election.councils.values()) == {
        Cycle.ALL: 96,
        Cycle.THIRDS: 79,
        Cycle.BY: BY_ELECTIONS,
    }
    assert len(election.contests) == WARDS + BY_ELECTIONS
    assert len(election.parties) == 70
    assert Counter(party.short for party in election.parties.values())["RA"] > 10
    assert max(len(council.name) for council in election.councils.values()) == len(
        "Bournemouth, Christchurch and Poole"
    )
    assert country() == election


def test_its_declarations_are_without_faults_in_the_order_of_the_night() -> None:
    election = country()
    night = Night.before_first(election)
    bodies = list(country_night(election))
    assert len(bodies) > WARDS - 40
    assert sorted(body["at"] for body in bodies) == [body["at"] for body in bodies]
    for body in bodies[::12]:
        verdict = judge(night, body, author="desk", now=CLOSE)
        assert verdict.hard == ()
        assert datetime.fromisoformat(body["at"]) > election.polls_closed_at


def test_written_at_once_it_is_a_sound_log_of_what_was_declared(tmp_path) -> None:
    database = f"sqlite:///{tmp_path / 'night.db'}"
    slug = write_country(database, declared=0.02)
    with Store.open(database) as store, store.reading() as connection:
        assert list(log.verify_chain(connection, slug)) == []
        assert folded(connection, slug).seq == round(0.02 * len(list(country_night(country()))))
