"""Forms made out for others than stand by now: nothing of them is taken, and figures stay with their names."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.domain.election import Contest, Election
from app.store import loading, log
from tests.builders import CON, GRN, LAB, a_candidacy, a_contest, a_council, an_election
from tests.desks import Desk, Prepared, desk_on, prepared

ABEL, BYRNE, CARR = (
    a_candidacy("mancel", party, number, name=name)
    for number, (name, party) in enumerate([("Abel", CON), ("Byrne", LAB), ("Carr", GRN)], 1)
)
MANCEL = replace(a_contest("mancel", electorate=5000), candidacies=(ABEL, BYRNE, CARR))
OTHER = a_contest("other", electorate=5000)
VOTES = {"Abel": "812", "Byrne": "401", "Carr": "155"}
SCRIPT = {"Accept": "application/json"}
CHANGED = "The candidates changed: look again."


def with_mancel(mancel: Contest) -> Election:
    return an_election(a_council(mancel, OTHER))


def standing(*candidacies: Any, **fields: Any) -> Election:
    """The same election with others in Mancel, by the ids that are there in their order."""
    ids = (ABEL.candidacy_id, BYRNE.candidacy_id, CARR.candidacy_id, "late")
    numbered = tuple(replace(it, candidacy_id=one) for one, it in zip(ids, candidacies, strict=False))
    return with_mancel(replace(MANCEL, candidacies=numbered, **fields))


EXCHANGED = standing(BYRNE, ABEL, CARR)
WITHOUT_CARR = standing(BYRNE, ABEL)
URL = f"/desk/{EXCHANGED.slug}/contests/{MANCEL.ballot_id}"


@pytest.fixture(scope="module")
def ready(tmp_path_factory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("desk"), election=with_mancel(MANCEL))


@pytest.fixture
def desk(ready: Prepared, tmp_path) -> Iterator[Desk]:
    with desk_on(ready, tmp_path, poll_seconds=0.05) as opened:
        begin(opened)
        yield opened


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the form on ``page``: its hidden fields and its figures."""
    inputs = re.findall(r'<input [^>]*name="([^"]+)"[^>]*value="([^"]*)"', page.partition('id="entry"')[2])
    wanted = ("votes.", "for", "key", "mode", "replaces")
    return {name: value for name, value in inputs if name.startswith(wanted)}


def beside(page: str) -> dict[str, str]:
    """The figure beside each name on the form."""
    rows = re.findall(r'entry-person">([^<]+)</span>.*?name="votes\.[^"]+" value="([^"]*)"', page, re.DOTALL)
    return dict(rows)


def typed(browser: Any, votes: dict[str, str] = VOTES, **fields: str) -> dict[str, str]:
    """The form as it is opened, with a figure beside each name."""
    page = browser.get(URL).text
    form = fields_of(page)
    names = [name for name in form if name.startswith("votes.")]
    return {**form, **dict(zip(names, [votes.get(it, "") for it in beside(page)], strict=True)), **fields}


def load(desk: Desk, election: Election) -> None:
    """Put ``election`` in the place of what is known, and wait until this server shows that."""
    seq = loaded(desk, election).seq
    assert seq is not None
    desk.runner.portal.call(desk.parts.newsroom.shown, election.slug, seq)


def loaded(desk: Desk, election: Election) -> loading.Loading:
    with desk.store.writing() as connection:
        return loading.save_election(connection, election, repr(election), reason="The list was wrong")


def begin(desk: Desk) -> None:
    """An entry, so that whatever is loaded from now on is one as well."""
    noted = desk.signed_in("editor").post(f"/desk/{EXCHANGED.slug}/note", data={"text": "The count has begun"})
    assert noted.status_code == 303


def declared(desk: Desk) -> list[dict[str, Any]]:
    with desk.store.reading() as connection:
        entries = log.entries(connection, EXCHANGED.slug, after=0)
    return [dict(it.body["votes"]) for it in entries if it.about == "ward"]


@pytest.mark.parametrize("action", ["review", "key", "declare", "alone"])
def test_without_scripts_figures_come_back_beside_the_names_they_were_typed_for(desk: Desk, action: str) -> None:
    browser = desk.signed_in("editor")
    form = typed(browser)
    load(desk, EXCHANGED)
    again = browser.post(URL, data={**form, "action": action})
    assert (again.status_code, CHANGED in again.text, declared(desk)) == (409, True, [])
    assert beside(again.text) == VOTES
    form = fields_of(again.text)
    done = browser.post(URL, data={**form, "action": "alone"})
    assert (done.status_code, declared(desk)) == (
        303,
        [{BYRNE.candidacy_id: 812, ABEL.candidacy_id: 401, CARR.candidacy_id: 155}],
    )


def test_a_script_is_told_and_the_form_is_opened_with_what_was_sent(desk: Desk) -> None:
    browser = desk.signed_in("editor")
    form = typed(browser)
    load(desk, WITHOUT_CARR)
    asked = browser.post(URL, data={**form, "action": "review"}, headers=SCRIPT)
    assert (asked.status_code, asked.json()["outcome"], asked.json()["detail"]) == (200, "changed", CHANGED)
    assert "Typed for Carr (GRN), who does not stand any more: 155" in asked.json()["html"]
    told = browser.post(URL, data={**form, "action": "alone"}, headers=SCRIPT)
    assert (told.status_code, told.json()["outcome"], declared(desk)) == (409, "changed", [])
    page = browser.get(URL).text
    assert CHANGED in page
    assert "Typed for Carr (GRN), who does not stand any more: 155" in page
    assert beside(page) == {"Byrne": "401", "Abel": "812"}
    sent = browser.post(URL, data={**fields_of(page), "action": "alone"}, headers=SCRIPT)
    assert (sent.json()["outcome"], len(declared(desk))) == ("declared", 1)
    assert CHANGED not in browser.get(URL).text


def test_before_the_first_entry_the_writer_knows_who_stands(ready: Prepared, tmp_path) -> None:
    with desk_on(ready, tmp_path, poll_seconds=60) as desk:
        browser = desk.signed_in("editor")
        form = typed(browser)
        assert loaded(desk, EXCHANGED).seq is None
        told = browser.post(URL, data={**form, "action": "alone"})
        assert (told.status_code, CHANGED in told.text, declared(desk)) == (409, True, [])


def test_a_draft_is_opened_beside_the_names_it_was_typed_for(desk: Desk) -> None:
    browser, drafts = desk.signed_in("keyer"), f"/desk/{EXCHANGED.slug}/drafts/ward/{MANCEL.ballot_id}"
    assert browser.put(drafts, data={**typed(browser), "drawn": ABEL.candidacy_id, "saved": "1"}).status_code == 204
    load(desk, standing(replace(ABEL, party_id=LAB), replace(CARR, name="Dodd"), CARR, BYRNE))
    page = browser.get(URL).text
    assert CHANGED in page
    assert beside(page) == {"Abel": "", "Dodd": "", "Carr": "155", "Byrne": "401"}
    assert "Typed for Abel (CON), who stands for LAB now: 812" in page
    assert "New here: Abel (LAB), Dodd (GRN)." in page


def test_who_comes_late_is_a_change_too(desk: Desk) -> None:
    browser = desk.signed_in("editor")
    form = typed(browser)
    load(desk, standing(ABEL, BYRNE, CARR, replace(ABEL, name="Dodd")))
    told = browser.post(URL, data={**form, "action": "alone"})
    assert (told.status_code, "New here: Dodd (CON)." in told.text) == (409, True)
    assert beside(told.text) == {**VOTES, "Dodd": ""}


def test_other_seats_are_told_and_nothing_is_moved(desk: Desk) -> None:
    browser = desk.signed_in("editor")
    form = typed(browser)
    council = with_mancel(replace(MANCEL, seats_up=2)).councils["testshire"]
    load(desk, an_election(replace(council, total_seats=council.total_seats + 1)))
    told = browser.post(URL, data={**form, "action": "alone"})
    assert (told.status_code, declared(desk)) == (409, [])
    assert "The seats changed: look again." in told.text
    assert "There are 2 seats now; the form was made out for 1." in told.text
    assert beside(told.text) == VOTES
    assert browser.post(URL, data={**fields_of(told.text), "action": "alone"}).status_code == 303


def test_a_form_of_before_forms_said_whom_they_are_for_is_taken_as_it_is(desk: Desk) -> None:
    browser = desk.signed_in("editor")
    form = {name: value for name, value in typed(browser).items() if not name.startswith("for")}
    assert browser.post(URL, data={**form, "action": "alone"}).status_code == 303


def test_what_was_taken_before_the_change_is_answered_as_it_was(desk: Desk) -> None:
    browser = desk.signed_in("editor")
    form = {**typed(browser), "action": "alone"}
    assert browser.post(URL, data=form, headers=SCRIPT).status_code == 201
    load(desk, standing(replace(ABEL, name="Abell"), BYRNE, CARR))
    assert browser.post(URL, data=form, headers=SCRIPT).json()["outcome"] == "declared"
    assert len(declared(desk)) == 1


def test_a_correction_that_was_typed_for_others_is_opened_as_one(desk: Desk) -> None:
    browser = desk.signed_in("editor")
    browser.post(URL, data={**typed(browser), "action": "alone"})
    seq = 2
    page = browser.get(f"{URL}?correct={seq}").text
    form = {**fields_of(page), f"votes.{CARR.candidacy_id}": "165", "reason": "Misread", "action": "alone"}
    load(desk, standing(replace(ABEL, name="Abell"), BYRNE, CARR))
    told = browser.post(URL, data=form)
    assert (told.status_code, "Typed for Abel (CON), who does not stand any more: 812" in told.text) == (409, True)
    assert (f"Correct entry {seq}" in told.text, beside(told.text)) == (
        True,
        {"Abell": "", "Byrne": "401", "Carr": "165"},
    )
    corrected = {**fields_of(told.text), f"votes.{ABEL.candidacy_id}": "812", "reason": "Misread", "action": "alone"}
    assert browser.post(URL, data=corrected).status_code == 303
    assert declared(desk)[-1][CARR.candidacy_id] == 165


def test_a_check_is_made_out_for_those_who_stand_when_it_is_sent(desk: Desk) -> None:
    keyer, checker = desk.signed_in("keyer"), desk.signed_in("checker")
    form = typed(checker)
    assert keyer.post(URL, data={**typed(keyer), "action": "key"}).status_code == 303
    load(desk, standing(replace(ABEL, name="Abell"), BYRNE, CARR))
    told = checker.post(URL, data={**form, "action": "key"}, headers=SCRIPT)
    assert (told.json()["outcome"], declared(desk)) == ("changed", [])
    page = checker.get(URL).text
    assert beside(page) == {"Abell": "", "Byrne": "401", "Carr": "155"}
    again = {**fields_of(page), f"votes.{ABEL.candidacy_id}": "812", "action": "key"}
    assert checker.post(URL, data=again, headers=SCRIPT).json()["outcome"] == "declared"


def test_a_tally_is_for_a_number_of_seats(desk: Desk) -> None:
    browser, url = desk.signed_in("editor"), f"/desk/{EXCHANGED.slug}/councils/testshire/tally"
    form = {**fields_of(browser.get(url).text), f"seats.{LAB}": "1"}
    council = with_mancel(MANCEL).councils["testshire"]
    load(desk, an_election(replace(council, total_seats=council.total_seats + 1)))
    told = browser.post(url, data={**form, "action": "alone"})
    assert (told.status_code, "The seats changed: look again." in told.text) == (409, True)
    assert f'name="seats.{LAB}" value="1"' in told.text


def test_who_was_named_as_elected_goes_with_their_name(desk: Desk) -> None:
    browser = desk.signed_in("editor")
    form = typed(browser, {}, elected=ABEL.candidacy_id)
    load(desk, WITHOUT_CARR)
    told = browser.post(URL, data={**form, "action": "alone"})
    assert (told.status_code, declared(desk)) == (409, [])
    ticked = re.findall(r'name="elected" value="([^"]+)"[^>]* checked', told.text)
    assert ticked == [BYRNE.candidacy_id], "the id that Abel has now"
