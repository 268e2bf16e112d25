"""A council's spreadsheet at the desk: looked at, keyed ward by ward, and nothing of it twice or in halves."""

import csv
import io
import re
from collections.abc import Iterator

import pytest

from app.domain.subject import Subject
from app.store import drafts, keyed, log, rules
from tests.builders import a_contest, a_council, an_election
from tests.desks import Desk, Prepared, desk_on, prepared
from tests.spreadsheets import as_csv, as_ods, as_xlsx

WARDS = ("north", "south", "east", "west", "centre")
COUNCIL = a_council(*(a_contest(name, electorate=5000) for name in WARDS))
ELECTION = an_election(COUNCIL)
URL = f"/desk/{ELECTION.slug}/councils/testshire/files"
HEAD = ["Ward", "Candidate", "Party", "Votes"]


@pytest.fixture(scope="module")
def ready(tmp_path_factory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("desk"), election=ELECTION)


@pytest.fixture
def desk(ready: Prepared, tmp_path) -> Iterator[Desk]:
    with desk_on(ready, tmp_path) as opened:
        yield opened


def rows(*wards, **votes):
    """A spreadsheet of ``wards``: LAB 901 and CON 702 in the first, a little more in each that follows."""
    table = [HEAD]
    for more, name in enumerate(wards):
        contest = ELECTION.contest(f"local.testshire.{name}.2023-05-04")
        given = votes.get(name, (901 + more, 702 + more))
        for candidacy, number in zip(contest.candidacies, given, strict=True):
            table.append([name.title(), candidacy.name, ELECTION.party(candidacy.party_id).name, number])
    return table


def hand_in(client, content, name="results.csv"):
    return client.post(URL, files={"file": (name, content)})


def hidden(html):
    """The fields of the preview's form as a browser sends them: what is hidden, and what is ticked."""
    fields: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", html.partition("/key")[2]):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if found["type"] == "hidden" or " checked" in tag:
            fields.setdefault(found["name"], []).append(found["value"])
    return fields


def taken(client, content, *, also=(), name="results.csv"):
    """What comes of a file whose ready wards are keyed, and those of ``also`` all the same."""
    fields = hidden(hand_in(client, content, name).text)
    fields.setdefault("ward", []).extend(f"local.testshire.{ward}.2023-05-04" for ward in also)
    return client.post(f"{URL}/key", data=fields)


def waiting(desk):
    with desk.store.reading() as connection:
        return {it.subject.identity.split(".")[2]: it for it in keyed.waiting(connection, ELECTION.slug)}


def entries(desk):
    with desk.store.reading() as connection:
        return log.entries(connection, ELECTION.slug, after=0)


def draft_of(desk, person, ward):
    with desk.store.reading() as connection:
        return drafts.find(connection, ELECTION.slug, Subject("ward", f"local.testshire.{ward}.2023-05-04"), person)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_a_whole_council_goes_into_the_queue_under_the_name_of_who_handed_it_in(desk, kind):
    table = rows("north", "south")
    content = {"csv": as_csv(table), "xlsx": as_xlsx({"Results": table}), "ods": as_ods(table)}[kind]
    answer = taken(desk.signed_in("keyer"), content, name=f"results.{kind}")
    assert answer.status_code == 200
    assert "Testshire: 2 of 2 keyed" in answer.text
    assert {ward: it.author.person for ward, it in waiting(desk).items()} == {"north": "keyer", "south": "keyer"}
    assert waiting(desk)["north"].author.body["votes"] == {"north-LAB-1": 901, "north-CON-1": 702}
    assert waiting(desk)["north"].author.body["source"] == f"results.{kind}"
    assert entries(desk) == []


def test_nothing_is_keyed_before_somebody_says_so(desk):
    answer = hand_in(desk.signed_in("keyer"), as_csv(rows("north", "south")))
    assert answer.status_code == 200
    assert "2 can be taken" in answer.text
    assert waiting(desk) == {}


def test_where_one_person_is_enough_it_goes_into_the_log(desk):
    with desk.store.writing() as connection:
        rules.set_persons(connection, ELECTION.slug, 1)
    taken(desk.signed_in("keyer"), as_csv(rows("north")))
    assert [(it.entry.kind, it.entry.author, it.entry.ballot_id) for it in entries(desk)] == [
        ("ward", "keyer", "local.testshire.north.2023-05-04")
    ]


def test_the_same_file_twice_keys_nothing_twice(desk):
    client, content = desk.signed_in("keyer"), as_csv(rows("north", "south"))
    fields = hidden(hand_in(client, content).text)
    client.post(f"{URL}/key", data=fields)
    before = waiting(desk)
    client.post(f"{URL}/key", data=fields)
    again = taken(client, content)
    assert "2 of 2 keyed" in again.text
    assert "You have keyed this already, with these figures." in again.text
    assert waiting(desk) == before


def test_what_was_taken_back_is_keyed_anew_by_the_same_file(desk):
    client, content = desk.signed_in("keyer"), as_csv(rows("north"))
    taken(client, content)
    client.post(f"/desk/{ELECTION.slug}/keyed/ward/local.testshire.north.2023-05-04/take-back")
    assert waiting(desk) == {}
    taken(client, content)
    assert set(waiting(desk)) == {"north"}


def test_a_ward_is_taken_whole_or_not_at_all(desk):
    table = rows("north", "south")
    table[2][1] = "Somebody Else"
    answer = taken(desk.signed_in("keyer"), as_csv(table))
    assert set(waiting(desk)) == {"south"}
    assert "1 of 2 keyed" in answer.text
    assert f"/desk/{ELECTION.slug}/contests/local.testshire.north.2023-05-04" in answer.text


def test_what_is_refused_is_in_the_form_as_a_draft(desk):
    client = desk.signed_in("keyer")
    taken(client, as_csv(rows("north", north=(9000, 12))))
    kept = draft_of(desk, "keyer", "north")
    assert kept is not None
    assert kept.body["votes.north-LAB-1"] == ["9000"]
    form = client.get(f"/desk/{ELECTION.slug}/contests/local.testshire.north.2023-05-04").text
    assert 'value="9000"' in form


def test_what_somebody_has_typed_is_never_overwritten_by_a_file(desk):
    client = desk.signed_in("keyer")
    client.put(f"/desk/{ELECTION.slug}/drafts/ward/local.testshire.north.2023-05-04", data={"votes.north-LAB-1": "17"})
    taken(client, as_csv(rows("north", north=(9000, 12))))
    assert draft_of(desk, "keyer", "north").body["votes.north-LAB-1"] == ["17"]


def test_the_checks_of_the_form_are_shown_and_what_they_ask_is_ticked_ward_by_ward(desk):
    client, content = desk.signed_in("keyer"), as_csv(rows("north", "south", north=(0, 702)))
    assert '<b class="review-code">W' in hand_in(client, content).text
    taken(client, content)
    assert set(waiting(desk)) == {"south"}
    taken(client, content, also=["north"])
    assert set(waiting(desk)) == {"south", "north"}
    assert waiting(desk)["north"].author.confirmed


def test_a_file_never_checks_what_another_has_keyed_and_says_nothing_of_it(desk):
    taken(desk.signed_in("keyer"), as_csv(rows("north")))
    checker = desk.signed_in("checker")
    for content in (as_csv(rows("north")), as_csv(rows("north", north=(803, 711)))):
        answer = taken(checker, content)
        assert "Another has keyed this" in answer.text
        assert "0 of 1 keyed" in answer.text
    assert entries(desk) == []
    assert waiting(desk)["north"].state == "waiting"
    assert draft_of(desk, "checker", "north") is None


def test_a_file_of_before_somebody_else_keyed_it_checks_nothing_either(desk):
    content = as_csv(rows("north"))
    checker = desk.signed_in("checker")
    fields = hidden(hand_in(checker, content).text)
    taken(desk.signed_in("keyer"), content)
    assert "0 of 1 keyed" in checker.post(f"{URL}/key", data=fields).text
    assert waiting(desk)["north"].state == "waiting"


def test_what_came_from_a_file_is_checked_blind(desk):
    taken(desk.signed_in("keyer"), as_csv(rows("north")))
    page = desk.signed_in("checker").get(f"/desk/{ELECTION.slug}/contests/local.testshire.north.2023-05-04").text
    assert "901" not in page
    assert "702" not in page


def test_a_ward_that_was_declared_meanwhile_is_told(desk):
    client = desk.signed_in("keyer")
    fields = hidden(hand_in(client, as_csv(rows("north", "south"))).text)
    body = {"kind": "ward", "ballot_id": "local.testshire.north.2023-05-04", "confirm": ["W02", "W03", "W04", "W09"]}
    headers = {"Authorization": f"Bearer {desk.tokens['declare']}"}
    posted = desk.client().post(
        f"/api/v1/elections/{ELECTION.slug}/declarations",
        json={**body, "votes": {"north-LAB-1": 611, "north-CON-1": 702}},
        headers=headers,
    )
    assert posted.status_code == 201, posted.text
    answer = client.post(f"{URL}/key", data=fields)
    assert "is declared already, by entry 1" in answer.text
    assert set(waiting(desk)) == {"south"}


def test_a_ward_that_decides_the_council_is_keyed_by_itself(desk):
    with desk.store.writing() as connection:
        rules.set_persons(connection, ELECTION.slug, 1)
    content = as_csv(rows(*WARDS))
    answer = taken(desk.signed_in("keyer"), content)
    assert len(entries(desk)) < len(WARDS)
    assert "left to be keyed" in answer.text.lower()


def test_the_template_is_read_once_it_is_filled_in(desk):
    client = desk.signed_in("keyer")
    table = list(csv.DictReader(io.StringIO(client.get(f"{URL}/template.csv").text.lstrip("\ufeff"))))
    assert len(table) == 2 * len(WARDS)
    assert "0 wards with figures" in hand_in(client, client.get(f"{URL}/template.csv").content).text
    for row in table:
        if row["ward"] == "North":
            row["votes"] = "801" if "LAB" in row["candidacy_id"] else "702"
    filled = [list(table[0]), *[list(row.values()) for row in table]]
    taken(client, as_csv(filled))
    assert set(waiting(desk)) == {"north"}


def test_columns_without_a_name_are_asked_about_and_then_read(desk):
    client = desk.signed_in("keyer")
    table = [["a", "b", "c", "d"], *rows("north")[1:]]
    asked = hand_in(client, as_csv(table))
    assert "Which column is which?" in asked.text
    packed = re.search(r'name="packed" value="([^"]*)"', asked.text)[1]
    named = {"column.0": "ward", "column.1": "candidate", "column.2": "party", "column.3": "votes"}
    preview = client.post(f"{URL}/preview", data={"packed": packed, "source": "results.csv", **named})
    assert "1 can be taken" in preview.text
    assert "Rows that fit nowhere" not in preview.text
    client.post(f"{URL}/key", data=hidden(preview.text))
    assert set(waiting(desk)) == {"north"}


@pytest.mark.parametrize(
    "named", [{}, {"column.0": "ward"}, {"column.0": "votes"}, {"column.x": "votes", "column.1": "?"}]
)
def test_columns_that_do_not_do_are_asked_about_again(desk, named):
    client = desk.signed_in("keyer")
    asked = hand_in(client, as_csv([["a", "b"], ["Hill", 3]]))
    packed = re.search(r'name="packed" value="([^"]*)"', asked.text)[1]
    again = client.post(f"{URL}/preview", data={"packed": packed, **{f"column.{it}": named[it] for it in named}})
    assert "Which column is which?" in again.text


@pytest.mark.parametrize("content", [b"", b"\0\1\2", b"PK\3\4"])
def test_what_is_no_spreadsheet_is_told_beside_the_form(desk, content):
    answer = hand_in(desk.signed_in("keyer"), content)
    assert answer.status_code == 422
    assert "was not read" in answer.text


def test_a_file_that_is_too_large_and_a_form_without_one_are_refused(desk):
    client = desk.signed_in("keyer")
    assert hand_in(client, bytes(3 * 1024 * 1024)).status_code == 413
    assert client.post(URL, data={"other": "x"}).status_code == 422
    assert client.post(f"{URL}/preview", data={"packed": "%%%"}).status_code == 422
    assert client.post(f"{URL}/key", data={"packed": "eJw="}).status_code == 422


def test_a_file_from_elsewhere_and_one_of_nobody_are_refused(desk):
    stranger = desk.signed_in("keyer", **{"Sec-Fetch-Site": "cross-site"})
    assert hand_in(stranger, as_csv(rows("north"))).status_code == 403
    assert hand_in(desk.client(), as_csv(rows("north"))).status_code == 401
    assert desk.signed_in("keyer").get(URL.replace("testshire", "nowhere")).status_code == 404
