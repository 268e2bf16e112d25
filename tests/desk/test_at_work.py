"""Taking the next, holding on to it, letting it go, and being seen: as browsers ask for it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from app.domain.second_check import Keying
from app.domain.subject import Subject
from app.store import claims, keyed, presence
from app.store.tables import CLAIM
from tests.builders import CON, LAB, a_ballot, votes_for
from tests.desks import Desk, a_desk

DESK = "/desk/test-2023"
NORTH = Subject("ward", a_ballot("north"))


@pytest.fixture
def desk(tmp_path) -> Iterator[Desk]:
    """North waits for a check."""
    with a_desk(tmp_path) as desk:
        body = {"kind": "ward", "ballot_id": NORTH.identity}
        body["votes"] = votes_for(desk.election.contest(NORTH.identity), LAB, CON)
        with desk.store.writing() as connection:
            keying = Keying("keyer", body, frozenset(), datetime.now(UTC), 0)
            keyed.begin(connection, desk.election.slug, NORTH, keying, key=None)
        yield desk


def claimed(desk: Desk) -> list[claims.Claim]:
    with desk.store.reading() as connection:
        return claims.claims(connection, desk.election.slug, now=datetime.now(UTC))


def seen(desk: Desk) -> dict[str, Subject | None]:
    """What was noted, once whatever was to be written is."""
    desk.parts.declaring.writer.submit(lambda connection: None).result(30)
    with desk.store.reading() as connection:
        return {it.person: it.subject for it in presence.present(connection, desk.election.slug, now=datetime.now(UTC))}


def test_who_takes_the_next_is_led_to_it_and_others_are_told_that_nothing_is_left(desk: Desk) -> None:
    checker, editor = desk.signed_in("checker"), desk.signed_in("editor")
    assert checker.post(f"{DESK}/queue/next").headers["location"] == f"{DESK}/contests/{NORTH.identity}"
    assert editor.post(f"{DESK}/queue/next").headers["location"] == f"{DESK}/queue?order=impact&none=1"
    assert "Nothing waits for you that nobody else is at." in editor.get(f"{DESK}/queue?none=1").text
    assert "checker is checking this" in editor.get(f"{DESK}/queue").text
    assert "checker</b> is checking this" in editor.get(f"{DESK}/contests/{NORTH.identity}").text


def test_a_keyer_has_no_next(desk: Desk) -> None:
    assert desk.signed_in("keyer").post(f"{DESK}/queue/next").headers["location"].endswith("none=1")
    assert claimed(desk) == []


def test_a_claim_goes_on_while_the_form_is_open_and_nobody_renews_anothers(desk: Desk) -> None:
    checker, editor = desk.signed_in("checker"), desk.signed_in("editor")
    checker.post(f"{DESK}/queue/next")
    soon = datetime.now(UTC) + timedelta(seconds=30)
    with desk.store.writing() as connection:
        connection.execute(update(CLAIM).values(until=soon.isoformat()))
    editor.get(f"{DESK}/night.json?on={NORTH.path}")
    checker.get(f"{DESK}/night.json")
    seen(desk)
    assert [claim.until for claim in claimed(desk)] == [soon]
    checker.get(f"{DESK}/night.json?on={NORTH.path}&looking=0")
    seen(desk)
    assert [claim.until > soon for claim in claimed(desk)] == [True]


def test_who_has_it_and_editors_let_go_of_a_claim(desk: Desk) -> None:
    checker, editor = desk.signed_in("checker"), desk.signed_in("editor")
    for person in (checker, editor):
        checker.post(f"{DESK}/queue/next")
        assert desk.signed_in("keyer").post(f"{DESK}/claims/{NORTH.path}/release").status_code == 409
        assert person.post(f"{DESK}/claims/{NORTH.path}/release").headers["location"] == f"{DESK}/queue"
        assert claimed(desk) == []


def test_who_has_which_form_open_is_noted_and_told_to_the_others_there(desk: Desk) -> None:
    keyer, editor = desk.signed_in("keyer"), desk.signed_in("editor")
    keyer.get(f"{DESK}/contests/{NORTH.identity}")
    editor.get(f"{DESK}/night.json?on=ward/nowhere")
    assert seen(desk) == {"keyer": NORTH, "editor": None}
    told = editor.get(f"{DESK}/night.json?on={NORTH.path}").json()["here"]
    assert "<b>keyer</b>" in told
    assert "<b>editor</b>" not in told
    desk.signed_in("checker").get(f"{DESK}/night.json?on={NORTH.path}&looking=0")
    assert "checker" not in seen(desk), "a page that nobody looks at says nothing of where somebody is"


def test_what_a_page_has_is_not_sent_to_it_again(desk: Desk) -> None:
    checker = desk.signed_in("checker")
    first = checker.get(f"{DESK}/night.json").json()
    assert checker.get(f"{DESK}/night.json?after={first['version']}").status_code == 204
    desk.signed_in("editor").post(f"{DESK}/queue/next")
    told = checker.get(f"{DESK}/night.json?after={first['version']}&pieces={first['version']}").json()
    assert (told["all"], told["lines"], told["redrawn"]) == (False, [], False)
    assert "editor is checking this" in "".join(filter(None, told["pieces"].values()))
    anew = checker.get(f"{DESK}/night.json?after=lost&pieces=lost").json()
    assert (anew["all"], anew["redrawn"], len(anew["lines"]) > 0) == (True, True, True)


def test_the_wards_of_a_council_come_when_it_is_opened(desk: Desk) -> None:
    editor = desk.signed_in("editor")
    part = editor.get(f"{DESK}?part=wards&open=testshire").text
    assert part.count('class="work-line"') == len(desk.election.contests)
    assert editor.get(f"{DESK}?part=wards&open=nowhere").text == ""
    assert 'class="work-council"' in editor.get(f"{DESK}?part=councils&state=keyed").text
