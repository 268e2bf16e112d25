"""Results pasted as text: read by the server, shown beside the names, and taken into the form as what is typed."""

from collections.abc import Iterator

import pytest

from app.desk.paste.view import fields_of, preview_of
from app.domain.election import Candidacy
from app.domain.subject import Subject
from app.domain.written import read_written
from app.store import drafts
from tests.builders import CON, LAB, a_contest, a_council, an_election
from tests.desks import Desk, Prepared, desk_on, prepared

CANDIDACIES = (
    Candidacy("smith", "John Smith", LAB),
    Candidacy("lee", "Ann Lee", CON),
    Candidacy("twin", "Ann Lee", CON),
)
NORTH = a_contest("north", candidacies=CANDIDACIES, electorate=5000)
UNKNOWN = a_contest("unknown", parties=())
ELECTION = an_election(a_council(NORTH, UNKNOWN))
FORM = f"/desk/{ELECTION.slug}/contests/{NORTH.ballot_id}"
TEXT = """SMITH, John (Labour Party)\t1,234\tElected
LEE, Ann (Conservative Party)\t987
Green, Joe (Green Party)\t45
Rejected papers: 17
Electorate: 6,000
Turnout: 45.4%"""


@pytest.fixture(scope="module")
def ready(tmp_path_factory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("paste"), election=ELECTION)


@pytest.fixture
def desk(ready: Prepared, tmp_path) -> Iterator[Desk]:
    with desk_on(ready, tmp_path) as opened:
        yield opened


def test_what_was_read_stands_beside_the_names_and_what_was_not_is_told_line_by_line() -> None:
    preview = preview_of(ELECTION, NORTH, read_written(ELECTION, NORTH, TEXT))
    assert preview.brief == "Read: the votes of 1 of 3 candidates, and 2 figures beside them."
    second, third = (f"Ann Lee (CON, {place} on the ballot paper)" for place in ("2nd", "3rd"))
    assert [(row.name, row.value) for row in preview.rows] == [("John Smith (LAB)", "1,234"), (second, ""), (third, "")]
    assert [(row.name, row.value) for row in preview.figures] == [
        ("Rejected papers", "17"),
        ("Turnout, per cent", "45.4"),
    ]
    assert preview.doubts == ("Electorate 6,000; on file it is 5,000. Is this the right ward?",)
    assert [(row.name, row.value) for row in preview.unread] == [
        ("LEE, Ann (Conservative Party)\t987", f"It may be of {second} and {third}."),
        ("Green, Joe (Green Party)\t45", "Nobody who stands here."),
    ]


def test_votes_that_do_not_come_to_the_total_of_the_text_are_told() -> None:
    contest = a_contest("north", candidacies=CANDIDACIES[:2])
    election = an_election(a_council(contest))
    preview = preview_of(election, contest, read_written(election, contest, "Smith 1,000\nLee 10\nTotal votes 1,100"))
    assert preview.doubts == ("These votes come to 1,010, and the text has a total of 1,100.",)


def test_the_form_gets_what_was_read_as_it_would_be_typed() -> None:
    read = read_written(ELECTION, NORTH, TEXT)
    assert fields_of(read) == {"votes.smith": "1,234", "rejected": "17", "turnout": "45.4"}


def test_without_scripts_a_text_is_read_looked_at_and_taken(desk: Desk) -> None:
    browser = desk.signed_in("keyer")
    assert f'href="{FORM}/paste"' in browser.get(FORM).text
    looked = browser.post(f"{FORM}/paste", data={"text": TEXT, "action": "read"})
    assert (looked.status_code, "Nobody who stands here." in looked.text) == (200, True)
    assert 'value="1,234"' not in browser.get(FORM).text, "nothing is in the form before it is taken"
    taken = browser.post(f"{FORM}/paste", data={"text": TEXT, "action": "take"})
    assert (taken.status_code, taken.headers["location"]) == (303, FORM)
    form = browser.get(FORM).text
    assert 'name="votes.smith" value="1,234"' in form
    assert 'name="turnout" value="45.4"' in form


def test_what_was_typed_before_stays_where_nothing_was_read(desk: Desk) -> None:
    browser = desk.signed_in("keyer")
    browser.put(f"/desk/{ELECTION.slug}/drafts/ward/{NORTH.ballot_id}", data={"votes.lee": "900", "votes.smith": "1"})
    browser.post(f"{FORM}/paste", data={"text": TEXT, "action": "take"})
    with desk.store.reading() as connection:
        kept = drafts.find(connection, ELECTION.slug, Subject("ward", NORTH.ballot_id), "keyer")
    assert kept is not None
    assert (kept.body["votes.lee"], kept.body["votes.smith"]) == (["900"], ["1,234"])


def test_a_script_is_told_what_to_show_and_what_to_fill_in(desk: Desk) -> None:
    told = desk.signed_in("keyer", Accept="application/json").post(f"{FORM}/paste", data={"text": TEXT}).json()
    assert told["fields"] == {"votes.smith": "1,234", "rejected": "17", "turnout": "45.4"}
    assert "It may be of" in told["html"]


def test_a_text_of_which_nothing_can_be_read_is_not_offered_to_be_taken(desk: Desk) -> None:
    page = desk.signed_in("keyer").post(f"{FORM}/paste", data={"text": "Dear desk, see you at 4"}).text
    assert "Read: the votes of 0 of 3 candidates." in page
    assert 'value="take"' not in page


def test_a_book_is_not_read_and_a_ward_without_names_has_nothing_to_read_beside(desk: Desk) -> None:
    browser = desk.signed_in("keyer")
    assert browser.post(f"{FORM}/paste", data={"text": "x" * 20_001}).status_code == 413
    assert browser.get(f"/desk/{ELECTION.slug}/contests/{UNKNOWN.ballot_id}/paste").status_code == 404


def test_a_text_cannot_bring_a_page_of_its_own(desk: Desk) -> None:
    text = "Smith <script>alert(1)</script> 12\nSmith 13"
    told = desk.signed_in("keyer", Accept="application/json").post(f"{FORM}/paste", data={"text": text}).json()
    assert "<script" not in told["html"]


def test_what_was_typed_otherwise_stands_beside_what_would_take_its_place(desk: Desk) -> None:
    typed = {"text": TEXT, "votes.smith": "999", "rejected": "17", "turnout": "45.4%"}
    told = desk.signed_in("keyer", Accept="application/json").post(f"{FORM}/paste", data=typed).json()["html"]
    assert "in place of 999" in told
    assert told.count("in place of") == 1, "what is the same replaces nothing"
