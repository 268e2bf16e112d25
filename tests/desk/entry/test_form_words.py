"""What the form says: findings beside their fields, the ward by its name, what stood before, and what comes next."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from app.desk.entry.before import before_ward, beside_parties
from app.desk.entry.following import following
from app.domain.declarations import Withdrawal
from app.domain.election import Baseline
from app.domain.night import Night
from app.domain.second_check import Keying, Waiting
from app.domain.subject import Subject
from tests.builders import CON, LAB, POLLS_CLOSED, a_candidacy, a_contest, a_council, a_ward, an_election, an_entry
from tests.desks import Desk, Prepared, desk_on, prepared

SITS, TWIN, OTHER = (
    a_candidacy("north", LAB, 1, name="John Smith", defends=True),
    a_candidacy("north", LAB, 2, name="John Smith"),
    a_candidacy("north", CON, 1, name="Ann Lee"),
)
NORTH = a_contest("north", candidacies=(SITS, TWIN, OTHER), holder=(LAB,))
SOUTH, EAST, WEST = (a_contest(name) for name in ("south", "east", "west"))
ELECTION = an_election(a_council(NORTH, SOUTH, EAST, WEST, baselines={"last": Baseline("last", CON, {CON: 3, LAB: 1})}))
BEGUN = Night.before_first(ELECTION)
ADDRESS = f"/desk/{ELECTION.slug}/contests/{NORTH.ballot_id}"


@pytest.fixture(scope="module")
def ready(tmp_path_factory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("words"), election=ELECTION)


@pytest.fixture
def desk(ready: Prepared, tmp_path) -> Iterator[Desk]:
    with desk_on(ready, tmp_path) as opened:
        yield opened


def a_form(*votes: int, **fields: str) -> dict[str, str]:
    names = (f"votes.{it.candidacy_id}" for it in NORTH.candidacies)
    return {**dict(zip(names, map(str, votes), strict=True)), "action": "review", "key": f"{votes}{fields}", **fields}


def words_of(html: str) -> str:
    """What is read on a page."""
    return " ".join(unescape(re.sub(r"<(script|title)\b.*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)).split())


def test_a_warning_stands_beside_its_field_and_where_it_is_confirmed(desk: Desk) -> None:
    page = desk.signed_in("keyer").post(ADDRESS, data=a_form(500, 300, 201, ballots="1,091", rejected="90")).text
    beside = re.search(r'data-error-of="rejected" data-asks>([^<]+)', page)
    assert beside, "what is asked about is told beside its field"
    assert page.count(beside[1]) == 2, "and where it is confirmed"
    assert 'aria-invalid="true"' not in page, "nothing is wrong"


def test_a_fault_is_told_at_the_top_with_a_link_to_its_field_and_beside_it(desk: Desk) -> None:
    page = desk.signed_in("keyer").post(ADDRESS, data=a_form(500, 300, 201, total="1,000")).text
    told = "These votes sum to 1,001: 1 more than the total of 1,000 that was read out."
    summary = page[page.index("data-summary") :]
    assert f'<a href="#field-total">{told}</a>' in summary[: summary.index("entry-columns")]
    assert f'data-error-of="total">{told}' in page
    assert 'href="/desk/help#f15"' in page


def test_a_tie_is_told_below_the_figures_and_tells_namesakes_apart(desk: Desk) -> None:
    page = desk.signed_in("keyer").post(ADDRESS, data=a_form(400, 400, 201)).text
    first, second = (f"John Smith (LAB, {place} on the ballot paper)" for place in ("1st", "2nd"))
    assert re.search(rf'data-error-of="elected">{re.escape(first)} and {re.escape(second)} are tied', page)


def test_a_form_says_nothing_in_the_words_of_programs(desk: Desk) -> None:
    browser = desk.signed_in("editor")
    for form in (a_form(400, 400, 201), a_form(9_000, 1, 1), a_form(5, 4, 3, elected=OTHER.candidacy_id)):
        told = words_of(browser.post(ADDRESS, data=form).text)
        for word in ("ballot_id", "as_announced", "candidacy", "“elected”", "“votes”", "confirm:", SITS.candidacy_id):
            assert word not in told, f"{word} in {told}"


def test_the_buttons_name_the_ward_by_what_they_do_to_it(desk: Desk) -> None:
    assert ">Send North</button>" in desk.signed_in("keyer").get(ADDRESS).text
    desk.signed_in("keyer").post(ADDRESS, data=a_form(500, 300, 201, action="key"))
    assert ">Check North</button>" in desk.signed_in("checker").get(ADDRESS).text
    assert ">Declare alone: North</button>" in desk.signed_in("editor").get(ADDRESS).text


def test_who_sits_who_held_it_and_who_is_a_namesake_stands_beside_the_fields(desk: Desk) -> None:
    told = words_of(desk.signed_in("keyer").get(ADDRESS).text)
    assert "Won last time by LAB." in told
    assert "John Smith 1st on the ballot paper, sits here now" in told
    assert "John Smith 2nd on the ballot paper" in told
    assert told.count("sits here now") == 1


def test_a_tally_has_the_seats_of_before_beside_its_parties() -> None:
    assert beside_parties(ELECTION, ELECTION.council("testshire")) == {CON: "had 3", LAB: "had 1"}
    assert beside_parties(ELECTION, ELECTION.council("testshire"), NORTH) == {LAB: "had 1"}
    assert beside_parties(ELECTION, ELECTION.council("testshire"), SOUTH) == {}, "never guessed"


def test_what_was_withdrawn_is_told_without_its_figures() -> None:
    withdrawn = [
        an_entry(1, a_ward(SOUTH, LAB)),
        an_entry(2, Withdrawal(1, "The wrong ward"), ballot_id=SOUTH.ballot_id),
    ]
    told = before_ward(ELECTION, BEGUN.fold(withdrawn).result(SOUTH.ballot_id))
    assert told == "Declared 23:01 BST. Withdrawn 23:02 BST: The wrong ward."
    assert before_ward(ELECTION, BEGUN.result(SOUTH.ballot_id)) == ""


def keyed(contest, person: str) -> Waiting:
    subject = Subject("ward", contest.ballot_id)
    return Waiting(subject, Keying(person, {"kind": "ward"}, frozenset(), POLLS_CLOSED))


def goes_on(free, *waiting: Waiting, person: str = "ann", checks: bool = True):
    """What ``person`` goes on with after North: the ward, and whether it is to be checked."""
    after = following(BEGUN, NORTH.ballot_id, free, waiting, person=person, checks=checks)
    return after and (after.name, after.is_check)


def test_after_a_ward_comes_the_next_of_its_council_that_nobody_has_keyed() -> None:
    assert goes_on(SOUTH, keyed(EAST, "bob")) == ("South", False)


def test_what_others_keyed_comes_last_and_for_who_may_check() -> None:
    assert goes_on(None, keyed(WEST, "bob")) == ("West", True)
    assert goes_on(None, keyed(WEST, "bob"), checks=False) is None
    assert goes_on(None, keyed(WEST, "bob"), person="bob") is None, "nobody checks themselves"
    assert goes_on(None, keyed(NORTH, "bob")) is None, "this one was just sent"


def test_once_it_is_sent_the_next_ward_is_one_link_away(desk: Desk) -> None:
    browser = desk.signed_in("keyer")
    browser.post(ADDRESS, data=a_form(500, 300, 201, action="key"))
    page = browser.get(ADDRESS, params={"done": "waiting"}).text
    assert f'href="/desk/{ELECTION.slug}/contests/{SOUTH.ballot_id}" data-next>Next: South</a>' in page


def test_the_keys_and_the_codes_are_a_page_without_scripts(desk: Desk) -> None:
    browser = desk.signed_in("keyer")
    assert '<a href="/desk/help" data-keys>' in browser.get(ADDRESS).text
    told = browser.get("/desk/help").text
    assert '<div id="w13"><dt>W13</dt><dd><b>Fewer votes than papers</b>' in told
    assert "next field" in told
