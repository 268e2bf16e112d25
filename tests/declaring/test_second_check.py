"""The second check, on a real database: what one person keys waits until another keys the same."""

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.declaring.door import Accepted, Declaring, Posting
from app.declaring.second_check import CannotBeKeyed, KeyingAnswer, NotForACheck, NothingToCheck, SecondCheck
from app.domain.errors import KeyReused, Refused
from app.domain.second_check import AwaitsAnother, Keyed
from app.domain.subject import Subject
from app.domain.superseding import Superseded
from app.store import drafts, keyed, log, overruled, rules, tables
from app.store.engine import Store
from app.store.overruled import Overruled
from app.store.staff import Role, add_staff
from app.store.tables import ENTRY
from app.store.writer import Writer
from tests.builders import CON, LAB, a_contest, a_council, an_election, votes_for
from tests.running import load

NORTH, SOUTH = a_contest("north"), a_contest("south")
ELECTION = an_election(a_council(NORTH, SOUTH, a_contest("east")))
SUBJECT = Subject("ward", NORTH.ballot_id)
KEYED = frozenset({"W19"})
"""Confirmed by whoever declares over what somebody else has keyed otherwise."""
FLIP = frozenset({"W07"})


class Desk:
    """One election with its second check; each person a line long."""

    def __init__(self, store: Store, writer: Writer) -> None:
        self.store = store
        self.declaring = Declaring(writer, lambda night, change, epoch, findings: {"seq": change.entry.seq})
        self.check = SecondCheck(self.declaring)

    def key(
        self, person: str, body: dict[str, Any], *, checks: bool = False, revises: bool = False, **fields: Any
    ) -> KeyingAnswer:
        posting = Posting(ELECTION.slug, body, person, **fields)
        return self.check.key(posting, may_check=checks, may_revise=revises).result(10)

    def declare(self, person: str, body: dict[str, Any], **fields: Any) -> Accepted:
        return self.declaring.post(Posting(ELECTION.slug, body, person, **fields)).result(10)

    def waiting(self, subject: Subject = SUBJECT) -> Keyed | None:
        with self.store.reading() as connection:
            return keyed.find(connection, ELECTION.slug, subject)

    def entries(self) -> list[log.Logged]:
        with self.store.reading() as connection:
            return log.entries(connection, ELECTION.slug, after=0)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Path:
    """A database with the election, and nothing declared or keyed."""
    file = tmp_path_factory.mktemp("prepared") / "desk.db"
    load(f"sqlite:///{file}", ELECTION)
    return file


@pytest.fixture
def desk(prepared: Path, tmp_path) -> Iterator[Desk]:
    with Store.open(f"sqlite:///{shutil.copy(prepared, tmp_path)}") as store, Writer(store) as writer:
        yield Desk(store, writer)


def a_result(*winners: str, contest=NORTH, **fields: Any) -> dict[str, Any]:
    # The very votes of another contest would have to be confirmed.
    place = list(ELECTION.contests).index(contest.ballot_id)
    votes = {name: number + place for name, number in votes_for(contest, *(winners or (LAB, CON))).items()}
    return {"kind": "ward", "ballot_id": contest.ballot_id, "votes": votes, **fields}


def test_what_one_person_keys_waits_and_is_not_declared(desk: Desk) -> None:
    outcome = desk.key("ann", a_result())
    assert (outcome.status, outcome.read["state"]) == (202, "waiting")
    assert desk.entries() == []
    waiting = desk.waiting()
    assert waiting is not None
    assert (waiting.author.person, waiting.checker, waiting.state) == ("ann", None, "waiting")


def test_the_same_keyed_by_another_is_declared_at_once_with_both_names(desk: Desk) -> None:
    desk.key("ann", a_result(source="The returning officer"))
    outcome = desk.key("bob", a_result(source="heard it too"), checks=True)
    assert outcome.status == 201
    (logged,) = desk.entries()
    assert (logged.entry.author, logged.entry.checker) == ("ann", "bob")
    assert logged.body["source"] == "The returning officer"
    assert desk.waiting() is None


def test_the_checkers_source_stands_where_the_author_gave_none(desk: Desk) -> None:
    desk.key("ann", a_result())
    desk.key("bob", a_result(source="by phone"), checks=True)
    assert desk.entries()[0].body["source"] == "by phone"


def test_nobody_checks_what_they_keyed_themselves(desk: Desk) -> None:
    desk.key("ann", a_result(), checks=True)
    again = desk.key("ann", a_result(), checks=True)
    assert (again.status, again.read["state"]) == (202, "waiting")
    assert desk.entries() == []


def test_the_database_itself_refuses_an_author_who_checks(desk: Desk) -> None:
    with pytest.raises(IntegrityError):
        desk.declare("ann", a_result(), checker="ann")
    assert desk.entries() == []


def test_a_keyer_cannot_be_the_second_person(desk: Desk) -> None:
    desk.key("ann", a_result())
    with pytest.raises(AwaitsAnother, match="ann has keyed this already"):
        desk.key("cat", a_result(), checks=False)


def test_what_differs_is_disputed_and_only_the_fields_are_told(desk: Desk) -> None:
    desk.key("ann", a_result(ballots=2000))
    outcome = desk.key("bob", a_result(ballots=2010), checks=True)
    assert (outcome.status, outcome.read["state"], outcome.read["differing"]) == (202, "disputed", ["ballots"])
    assert "2000" not in outcome.answer
    waiting = desk.waiting()
    assert waiting is not None
    assert waiting.differing == {"ballots"}
    assert [waiting.of(name).body["ballots"] for name in ("ann", "bob")] == [2000, 2010]


@pytest.mark.parametrize(("person", "checks", "ballots"), [("bob", True, 2000), ("ann", False, 2010)])
def test_a_dispute_ends_when_either_keys_what_the_other_has(
    desk: Desk, person: str, checks: bool, ballots: int
) -> None:
    desk.key("ann", a_result(ballots=2000))
    desk.key("bob", a_result(ballots=2010), checks=True)
    assert desk.key(person, a_result(ballots=ballots), checks=checks).status == 201
    (logged,) = desk.entries()
    assert (logged.entry.author, logged.entry.checker, logged.body["ballots"]) == ("ann", "bob", ballots)


def test_a_dispute_goes_on_while_they_still_differ(desk: Desk) -> None:
    desk.key("ann", a_result(ballots=2000))
    desk.key("bob", a_result(ballots=2010), checks=True)
    assert desk.key("ann", a_result(ballots=2020)).read["differing"] == ["ballots"]
    assert desk.key("bob", a_result(ballots=2020), checks=True).status == 201


def test_a_third_person_settles_a_dispute_by_agreeing_with_one(desk: Desk) -> None:
    desk.key("ann", a_result(ballots=2000))
    desk.key("bob", a_result(ballots=2010), checks=True)
    with pytest.raises(AwaitsAnother, match="ann and bob have keyed this differently"):
        desk.key("cat", a_result(ballots=2030), checks=True)
    assert desk.key("cat", a_result(ballots=2010), checks=True).status == 201
    (logged,) = desk.entries()
    assert (logged.entry.author, logged.entry.checker) == ("bob", "cat")


def test_an_editor_declares_alone_and_the_queue_is_empty(desk: Desk) -> None:
    desk.key("ann", a_result(ballots=2000))
    desk.key("bob", a_result(ballots=2010), checks=True)
    desk.check.declare_alone(Posting(ELECTION.slug, a_result(ballots=2030), "eve", confirm=KEYED)).result(10)
    (logged,) = desk.entries()
    assert (logged.entry.author, logged.entry.checker) == ("eve", "")
    assert desk.waiting() is None
    with desk.store.reading() as connection:
        assert connection.execute(tables.KEYED.select()).one().state == "dropped"


def test_what_a_machine_declares_meanwhile_empties_the_queue(desk: Desk) -> None:
    desk.key("ann", a_result())
    desk.declare("token:wire", a_result(CON, LAB), confirm=KEYED)
    assert desk.waiting() is None
    with pytest.raises(Superseded):
        desk.key("bob", a_result(), checks=True)


def test_what_waited_does_not_come_back_when_the_declaration_is_withdrawn(desk: Desk) -> None:
    desk.key("ann", a_result())
    desk.declare("eve", a_result(CON, LAB), confirm=KEYED)
    desk.declare("eve", {"kind": "withdrawal", "replaces": 1, "reason": "Too early."})
    assert desk.waiting() is None


def test_one_person_is_enough_where_the_rules_say_so_but_never_a_machine(desk: Desk) -> None:
    desk.check.set_persons(ELECTION.slug, 1, "eve").result(10)
    assert desk.key("ann", a_result()).status == 201
    south = a_result(CON, LAB, contest=SOUTH)
    assert desk.key("token:wire", south).status == 202
    assert desk.key("cat", south).status == 201
    logged = desk.entries()[1]
    assert (logged.entry.author, logged.entry.checker) == ("token:wire", "cat")


def test_what_waited_for_another_is_declared_by_its_author_once_one_is_enough(desk: Desk) -> None:
    desk.key("ann", a_result())
    desk.check.set_persons(ELECTION.slug, 1, "eve").result(10)
    assert desk.key("ann", a_result()).status == 201
    assert (desk.entries()[0].entry.checker, desk.waiting()) == ("", None)


def test_the_rules_are_two_persons_unless_it_is_said(desk: Desk) -> None:
    with desk.store.reading() as connection:
        assert rules.persons(connection, ELECTION.slug) == 2
    for number in (1, 2):
        desk.check.set_persons(ELECTION.slug, number, "eve").result(10)
        with desk.store.reading() as connection:
            assert rules.persons(connection, ELECTION.slug) == number


def test_a_machine_never_checks(desk: Desk) -> None:
    desk.key("ann", a_result())
    with pytest.raises(AwaitsAnother):
        desk.key("token:wire", a_result())


def test_the_same_key_is_answered_again_and_keyed_once(desk: Desk) -> None:
    first = desk.key("ann", a_result(), key="k1")
    assert desk.key("ann", a_result(), key="k1") == first
    with pytest.raises(KeyReused):
        desk.key("ann", a_result(CON, LAB), key="k1")
    declared = desk.key("bob", a_result(source="mine"), checks=True, key="k2")
    assert declared.status == 201
    assert desk.key("bob", a_result(source="mine"), checks=True, key="k2") == declared
    assert len(desk.entries()) == 1


@pytest.mark.parametrize("body", [a_result(), a_result(CON, LAB)])
def test_under_the_key_of_what_waits_it_can_be_declared(desk: Desk, body: dict[str, Any]) -> None:
    assert desk.key("ann", a_result(), key="k1").status == 202
    declared = desk.declare("eve", body, key="k1", confirm=KEYED)
    assert declared.seq == 1
    assert desk.declare("eve", body, key="k1") == declared
    with pytest.raises(KeyReused):
        desk.declare("eve", a_result(source="other"), key="k1")
    assert len(desk.entries()) == 1


def test_many_at_once_with_one_key_are_one_keying_and_one_declaration(desk: Desk) -> None:
    with ThreadPoolExecutor(8) as pool:
        keyed_once = set(pool.map(lambda _: desk.key("ann", a_result(), key="k1").answer, range(16)))
        declared_once = set(pool.map(lambda _: desk.key("bob", a_result(), key="k2", checks=True).answer, range(16)))
    assert len(keyed_once) == len(declared_once) == 1
    assert len(desk.entries()) == 1


def test_what_is_impossible_never_waits(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        desk.key("ann", a_result(ballots=10))
    assert {finding.code for finding in refused.value.findings} == {"F04", "F05"}
    assert desk.waiting() is None


def test_a_warning_is_confirmed_by_the_author_for_both(desk: Desk) -> None:
    unlikely = a_result(ballots=2060, rejected=66)
    with pytest.raises(Refused) as refused:
        desk.key("ann", unlikely)
    assert [finding.code for finding in refused.value.findings] == ["W08"]
    desk.key("ann", unlikely, confirm=frozenset({"W08"}))
    assert desk.key("bob", unlikely, checks=True).status == 201
    assert desk.entries()[0].entry.confirmed == {"W08": ["ann"]}


def test_the_log_says_who_confirmed_what_was_asked_about_and_nothing_else(desk: Desk) -> None:
    unlikely = a_result(ballots=2060, rejected=66)
    desk.key("ann", unlikely, confirm=frozenset({"W08", "W02"}))
    desk.key("bob", unlikely, checks=True, confirm=frozenset({"W08", "W07"}))
    desk.declare("eve", a_result(contest=SOUTH), confirm=frozenset({"W08", "W07"}))
    first, second = desk.entries()
    assert (first.entry.confirmed, second.entry.confirmed) == ({"W08": ["ann", "bob"]}, {"W07": ["eve"]})
    assert first.body == unlikely


def test_what_was_confirmed_is_part_of_what_is_hashed(desk: Desk) -> None:
    desk.declare("eve", a_result(ballots=2060, rejected=66), confirm=frozenset({"W08"}))
    with desk.store.writing() as connection:
        assert list(log.verify_chain(connection, ELECTION.slug)) == []
        [stored] = connection.scalars(select(ENTRY.c.body))
        connection.execute(update(ENTRY).values(body=stored.replace('{"W08":["eve"]}', '{"W08":["ann"]}')))
        assert list(log.verify_chain(connection, ELECTION.slug)) == [
            "Entry 1 of “test-2023” was altered: its hash is not that of what it holds."
        ]


def test_a_flip_is_confirmed_by_whoever_makes_it(desk: Desk) -> None:
    desk.declare("eve", a_result(contest=SOUTH))
    desk.key("ann", a_result(), confirm=frozenset({"W07"}))
    with pytest.raises(Refused) as refused:
        desk.key("bob", a_result(), checks=True)
    assert [finding.code for finding in refused.value.findings] == ["W07"]
    assert desk.waiting() is not None
    assert desk.waiting().state == "waiting"
    assert desk.key("bob", a_result(), checks=True, confirm=frozenset({"W07"})).status == 201
    assert desk.entries()[-1].entry.confirmed == {"W07": ["bob"]}


def test_only_results_and_tallies_are_keyed_twice(desk: Desk) -> None:
    with pytest.raises(CannotBeKeyed):
        desk.key("ann", {"kind": "note", "text": "x"})
    tally = {"kind": "tally", "council_id": "testshire", "seats": {LAB: 2, CON: 1}, "complete": True}
    again = {**tally, "seats": {LAB: 2, CON: 1, "PP63": 0}}
    desk.key("ann", tally, confirm=frozenset({"W07"}))
    assert desk.key("bob", again, checks=True, confirm=frozenset({"W07"})).status == 201


def test_a_keying_is_taken_back_by_its_author_or_an_editor(desk: Desk) -> None:
    desk.key("ann", a_result())
    take_back = desk.check.take_back
    assert take_back(ELECTION.slug, SUBJECT, "bob", is_editor=False).result(10) is False
    assert take_back(ELECTION.slug, SUBJECT, "ann", is_editor=False).result(10) is True
    assert take_back(ELECTION.slug, SUBJECT, "ann", is_editor=False).result(10) is False
    desk.key("ann", a_result())
    assert take_back(ELECTION.slug, SUBJECT, "eve", is_editor=True).result(10) is True
    assert desk.waiting() is None


def test_a_draft_is_each_persons_own_and_goes_when_it_is_handed_in(desk: Desk) -> None:
    with desk.store.writing() as connection:
        for name in ("ann", "bob"):
            add_staff(connection, name, Role.CHECKER, "long enough to be taken")
    for name, typed in (("ann", "1,2"), ("ann", "1,234"), ("bob", "9\x00")):
        desk.check.keep_draft(ELECTION.slug, SUBJECT, name, {"votes.x": [typed]}).result(10)
    with desk.store.reading() as connection:
        found = {name: drafts.find(connection, ELECTION.slug, SUBJECT, name) for name in ("ann", "bob", "cat")}
        assert drafts.subjects(connection, ELECTION.slug, "ann") == [SUBJECT]
    assert found["ann"].body == {"votes.x": ["1,234"]}
    assert found["bob"].body == {"votes.x": ["9\x00"]}
    assert found["cat"] is None
    desk.key("ann", a_result())
    desk.check.keep_draft(ELECTION.slug, SUBJECT, "bob", None).result(10)
    with desk.store.reading() as connection:
        assert drafts.subjects(connection, ELECTION.slug, "ann") == []
        assert drafts.subjects(connection, ELECTION.slug, "bob") == []


def test_what_waits_is_listed_the_longest_first(desk: Desk) -> None:
    desk.key("ann", a_result(contest=SOUTH))
    desk.key("bob", a_result())
    with desk.store.reading() as connection:
        waiting = keyed.waiting(connection, ELECTION.slug)
    assert [one.subject.identity for one in waiting] == [SOUTH.ballot_id, NORTH.ballot_id]
    assert json.loads(desk.key("ann", a_result(contest=SOUTH)).answer)["author"] == "ann"


def test_a_draft_that_arrives_after_its_form_was_handed_in_is_not_kept(desk: Desk) -> None:
    with desk.store.writing() as connection:
        add_staff(connection, "ann", Role.KEYER, "long enough to be taken")
    desk.key("ann", a_result(), key="k1")
    desk.check.keep_draft(ELECTION.slug, SUBJECT, "ann", {"votes.x": ["1"]}, key="k1").result(10)
    with desk.store.reading() as connection:
        assert drafts.subjects(connection, ELECTION.slug, "ann") == []


# Announced figures


AS_ANNOUNCED = {"ballots": 1100, "as_announced": "So read out, and stands in law"}


def test_what_is_taken_as_announced_is_not_keyed_for_a_check(desk: Desk) -> None:
    with pytest.raises(NotForACheck):
        desk.key("ann", a_result(**AS_ANNOUNCED))
    assert desk.waiting() is None
    accepted = desk.check.declare_alone(Posting(ELECTION.slug, a_result(**AS_ANNOUNCED), "eve")).result(10)
    assert desk.entries()[accepted.seq - 1].entry.content.as_announced == "So read out, and stands in law"


@pytest.mark.parametrize("status", ["recount", "delayed"])
def test_a_recount_after_it_was_keyed_is_asked_about_when_it_is_checked(desk: Desk, status: str) -> None:
    desk.key("ann", a_result())
    desk.declare("eve", {"kind": "status", "ballot_id": NORTH.ballot_id, "status": status})
    with pytest.raises(Refused) as refused:
        desk.key("bob", a_result(), checks=True)
    assert [finding.code for finding in refused.value.findings] == ["W18"]
    assert desk.key("bob", a_result(), checks=True, confirm=frozenset({"W18"})).status == 201
    assert desk.entries()[-1].entry.confirmed == {"W18": ["bob"]}


def test_keyed_again_after_the_recount_is_not_asked_about(desk: Desk) -> None:
    desk.key("ann", a_result())
    desk.declare("eve", {"kind": "status", "ballot_id": NORTH.ballot_id, "status": "recount"})
    desk.key("ann", a_result())
    assert desk.key("bob", a_result(), checks=True).status == 201


def test_of_what_was_keyed_before_the_place_in_the_log_was_kept_nothing_is_asked(desk: Desk) -> None:
    desk.key("ann", a_result())
    with desk.store.writing() as connection:
        body = json.loads(connection.execute(select(tables.KEYED.c.body)).scalar_one())
        assert body.pop("after") == 0
        connection.execute(update(tables.KEYED).values(body=json.dumps(body)))
    desk.declare("eve", {"kind": "status", "ballot_id": NORTH.ballot_id, "status": "recount"})
    assert desk.key("bob", a_result(), checks=True).status == 201


def test_winners_without_figures_are_checked_and_differ_by_who_is_named(desk: Desk) -> None:
    alone = {"kind": "ward", "ballot_id": NORTH.ballot_id, "elected": ["north-LAB-1"]}
    desk.key("ann", alone)
    assert desk.key("bob", {**alone, "elected": ["north-CON-1"]}, checks=True).read["differing"] == ["elected"]
    assert desk.key("bob", a_result(), checks=True).read["differing"] == ["mode"]
    assert desk.key("bob", alone, checks=True).status == 201


def test_what_is_not_published_differs_from_any_number(desk: Desk) -> None:
    votes = {"north-LAB-1": 900, "north-CON-1": None}
    body = {"kind": "ward", "ballot_id": NORTH.ballot_id, "votes": votes, "elected": ["north-LAB-1"]}
    desk.key("ann", body, confirm=frozenset({"W16"}))
    other = {**body, "votes": {**votes, "north-CON-1": 0}}
    confirmed = frozenset({"W03", "W05", "W16"})
    assert desk.key("bob", other, checks=True, confirm=confirmed).read["differing"] == ["votes.north-CON-1"]
    assert desk.key("bob", body, checks=True, confirm=confirmed).status == 201


def test_votes_that_are_keyed_for_a_result_without_are_declared_by_the_second_person(desk: Desk) -> None:
    desk.declare("eve", {"kind": "ward", "ballot_id": NORTH.ballot_id, "seats": {LAB: 1}})
    assert desk.key("ann", a_result()).status == 202
    assert desk.key("bob", a_result(), checks=True).status == 201
    assert [logged.entry.kind for logged in desk.entries()] == ["ward", "ward"]


# Optional figures that one of the two has


def test_an_optional_figure_that_one_of_the_two_has_counts(desk: Desk) -> None:
    desk.key("ann", a_result(ballots=2000))
    assert desk.key("bob", a_result(rejected=5), checks=True).status == 201
    assert [desk.entries()[0].body[name] for name in ("ballots", "rejected")] == [2000, 5]


def test_what_one_of_the_two_has_confirmed_of_their_papers_is_not_asked_of_the_other(desk: Desk) -> None:
    desk.key("ann", a_result(ballots=2060, rejected=66), confirm=frozenset({"W08"}))
    assert desk.key("bob", a_result(), checks=True).status == 201
    assert desk.entries()[0].entry.confirmed == {"W08": ["ann"]}


@pytest.mark.parametrize(
    ("author", "checker"),
    [
        ({"ballots": 2000}, {"rejected": 1900}),
        ({"ballots": 2000, "rejected": 7}, {"valid": 1999}),
        ({"ballots": 2000}, {"rejected": 66}),
    ],
)
def test_papers_that_cannot_be_taken_beside_the_others_are_disputed_and_not_told(
    desk: Desk, author: dict[str, int], checker: dict[str, int]
) -> None:
    desk.key("ann", a_result(**author))
    outcome = desk.key("bob", a_result(**checker), checks=True)
    assert (outcome.status, outcome.read["differing"]) == (202, sorted({*author, *checker}))
    assert not [figure for figure in author.values() if str(figure) in outcome.answer]
    waiting = desk.waiting()
    assert waiting is not None
    assert waiting.differing == {*author, *checker}
    assert desk.key("bob", a_result(**checker), checks=True).status == 202, "as long as they leave it out"
    assert desk.key("bob", a_result(**author), checks=True).status == 201


# Declared over what somebody else has keyed


def test_who_declares_alone_over_what_another_keyed_is_asked_and_that_is_kept(desk: Desk) -> None:
    desk.key("ann", a_result(ballots=2000))
    with pytest.raises(Refused) as refused:
        desk.declare("eve", a_result(CON, LAB, ballots=2000))
    assert [(it.code, it.detail[:42]) for it in refused.value.findings] == [
        ("W19", "ann keyed this differently in 2 fields. Is")
    ]
    desk.declare("eve", a_result(CON, LAB, ballots=2000), confirm=KEYED)
    assert desk.entries()[0].entry.confirmed == {"W19": ["eve"]}
    with desk.store.reading() as connection:
        assert overruled.told_to(connection, ELECTION.slug, "ann") == [Overruled(1, SUBJECT, 2)]
        assert overruled.told_to(connection, ELECTION.slug, "eve") == []
    with desk.store.writing() as connection:
        overruled.seen(connection, ELECTION.slug, 1, "ann")
        assert overruled.told_to(connection, ELECTION.slug, "ann") == []


@pytest.mark.parametrize("who", ["ann", "bob", "eve", "token:wire"])
def test_each_of_the_others_in_a_dispute_is_named_and_told(desk: Desk, who: str) -> None:
    desk.key("ann", a_result(ballots=2000))
    desk.key("bob", a_result(ballots=2010), checks=True)
    desk.declare(who, a_result(ballots=2020), confirm=KEYED)
    told = {name for name in ("ann", "bob", "eve") if _told_to(desk, name)}
    assert told == {"ann", "bob"} - {who}


def _told_to(desk: Desk, name: str) -> list[Overruled]:
    with desk.store.reading() as connection:
        return overruled.told_to(connection, ELECTION.slug, name)


def test_what_is_the_same_or_a_machines_is_declared_over_without_telling(desk: Desk) -> None:
    desk.key("ann", a_result())
    desk.declare("eve", a_result(ballots=2000))
    desk.key("token:wire", a_result(CON, LAB, contest=SOUTH))
    desk.declare("eve", a_result(contest=SOUTH), confirm=KEYED | {"W07"})
    assert [_told_to(desk, name) for name in ("ann", "eve", "token:wire")] == [[], [], []]
    assert [it.entry.confirmed for it in desk.entries()] == [{}, {"W07": ["eve"], "W19": ["eve"]}]


def test_whoever_keys_one_of_the_two_is_never_told_that_the_other_differs_before(desk: Desk) -> None:
    desk.key("ann", a_result())
    assert desk.key("bob", a_result(CON, LAB), checks=True).read["state"] == "disputed"
    assert desk.key("ann", a_result(LAB, CON, ballots=2010)).read["state"] == "disputed"


# Corrections and withdrawals by two


def a_correction(**fields: Any) -> dict[str, Any]:
    return {**a_result(**fields), "kind": "correction", "replaces": 1, "reason": "A bundle was counted twice."}


WITHDRAWAL = {"kind": "withdrawal", "replaces": 1, "reason": "Read out too early."}


@pytest.mark.parametrize("body", [a_correction(ballots=2000), WITHDRAWAL])
def test_a_correction_or_withdrawal_waits_and_another_makes_it(desk: Desk, body: dict[str, Any]) -> None:
    desk.declare("eve", a_result())
    assert desk.key("eve", body, checks=True, revises=True).read["state"] == "waiting"
    assert len(desk.entries()) == 1
    assert desk.key("eve", body, checks=True, revises=True).read["state"] == "waiting", "nobody checks themselves"
    assert desk.key("bob", {**body, "reason": "Heard so."}, checks=True).status == 201
    made = desk.entries()[1]
    assert (made.entry.kind, made.entry.author, made.entry.checker) == (body["kind"], "eve", "bob")
    assert made.entry.reason == body["reason"]
    assert desk.waiting() is None


def test_a_correction_that_another_keys_otherwise_is_disputed(desk: Desk) -> None:
    desk.declare("eve", a_result())
    desk.key("eve", a_correction(ballots=2000), checks=True, revises=True)
    assert desk.key("bob", a_correction(ballots=2010), checks=True).read["differing"] == ["ballots"]
    assert desk.key("eve", a_correction(ballots=2010), checks=True, revises=True).status == 201


@pytest.mark.parametrize("body", [a_correction(ballots=2000), WITHDRAWAL])
def test_who_may_not_correct_only_checks_what_waits(desk: Desk, body: dict[str, Any]) -> None:
    desk.declare("eve", a_result())
    with pytest.raises(NothingToCheck):
        desk.key("bob", body, checks=True)
    desk.key("eve", body, checks=True, revises=True)
    with pytest.raises(AwaitsAnother):
        desk.key("kim", body)
    with pytest.raises(CannotBeKeyed):
        desk.key("token:wire", body)


def test_a_correction_is_declared_at_once_where_one_is_enough(desk: Desk) -> None:
    desk.check.set_persons(ELECTION.slug, 1, "eve").result(10)
    desk.declare("eve", a_result())
    assert desk.key("eve", a_correction(ballots=2000), checks=True, revises=True).status == 201


def test_what_waits_of_an_entry_goes_when_that_is_corrected_or_withdrawn_otherwise(desk: Desk) -> None:
    desk.declare("eve", a_result())
    desk.key("eve", a_correction(ballots=2000), checks=True, revises=True)
    with pytest.raises(Refused) as refused:
        desk.declare("zoe", WITHDRAWAL)
    assert [finding.code for finding in refused.value.findings] == ["W19"]
    desk.declare("zoe", WITHDRAWAL, confirm=KEYED)
    assert desk.waiting() is None
    assert [it.seq for it in _told_to(desk, "eve")] == [2]


def test_what_waits_of_an_entry_goes_with_everything_that_came_after_another(desk: Desk) -> None:
    desk.declare("eve", a_result())
    desk.key("eve", a_correction(ballots=2000), checks=True, revises=True)
    desk.declare("zoe", {"kind": "withdrawal", "since": 0, "reason": "A rehearsal."})
    assert desk.waiting() is None


def test_who_has_seen_both_versions_does_not_settle_them_but_may_declare_alone(desk: Desk) -> None:
    desk.key("ann", a_result(ballots=2000))
    desk.key("bob", a_result(ballots=2010), checks=True)
    assert desk.check.see_versions(ELECTION.slug, SUBJECT, "ann").result(10) is None, "one of the two"
    seen = desk.check.see_versions(ELECTION.slug, SUBJECT, "eve").result(10)
    assert seen is not None
    assert seen.differing == {"ballots"}
    with pytest.raises(AwaitsAnother, match="You have seen what others keyed"):
        desk.key("eve", a_result(ballots=2000), checks=True)
    desk.declare("eve", a_result(ballots=2000), confirm=KEYED)
    assert desk.entries()[0].entry.confirmed == {"W19": ["eve"]}
    desk.declare("zoe", WITHDRAWAL)
    desk.key("ann", a_result())
    assert desk.key("eve", a_result(), checks=True).status == 201, "it was declared since"


# W07, at every way into the log


def _tally(*, complete: bool) -> dict[str, Any]:
    return {"kind": "tally", "council_id": "testshire", "seats": {CON: 2, LAB: 1}, "complete": complete}


SECOND_WIN = a_result(CON, LAB, contest=SOUTH)
HOLDING = [a_result(CON, LAB), SECOND_WIN]
CALLS = {
    "a hold by wards": ([a_result(CON, LAB)], SECOND_WIN),
    "a gain by wards": ([a_result()], a_result(contest=SOUTH)),
    "a hold by a tally": ([], _tally(complete=True)),
    "no overall control by wards put off": (
        [a_result(), a_result(CON, LAB, contest=SOUTH)],
        {"kind": "status", "ballot_id": ELECTION.council("testshire").contests[2].ballot_id, "status": "countermanded"},
    ),
    "changed by a correction": (
        HOLDING,
        {**a_result(contest=SOUTH), "kind": "correction", "replaces": 2, "reason": "x"},
    ),
    "undone by a withdrawal": (HOLDING, {"kind": "withdrawal", "replaces": 2, "reason": "x"}),
    "undone by withdrawing all": (HOLDING, {"kind": "withdrawal", "since": 1, "reason": "x"}),
}


@pytest.mark.parametrize(("before", "body"), CALLS.values(), ids=CALLS)
def test_w07_asks_of_every_call_however_it_comes(desk: Desk, before: list[Any], body: dict[str, Any]) -> None:
    for earlier in before:
        desk.declare("eve", earlier, confirm=FLIP)
    with pytest.raises(Refused) as refused:
        desk.declare("eve", body)
    assert [finding.code for finding in refused.value.findings] == ["W07"]
    keyed_by_two = body["kind"] != "status" and "since" not in body
    if keyed_by_two:
        with pytest.raises(Refused, match="Testshire"):
            desk.key("eve", body, revises=True)
        assert desk.key("eve", body, revises=True, confirm=FLIP).status == 202
        with pytest.raises(Refused, match="Testshire"):
            desk.key("bob", body, checks=True)
        assert desk.key("bob", body, checks=True, confirm=FLIP).status == 201
    else:
        desk.declare("eve", body, confirm=FLIP)
    assert desk.entries()[-1].entry.confirmed == {"W07": ["bob" if keyed_by_two else "eve"]}
