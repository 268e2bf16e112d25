"""A council compared with the returning officer's totals: signed off where they agree, until something changes."""

from collections.abc import Iterator

import pytest

from tests.builders import CON, LAB, a_contest, a_council, an_election, votes_for
from tests.desks import Desk, Prepared, desk_on, prepared

NORTH, SOUTH = (a_contest(name, electorate=5000) for name in ("north", "south"))
ELECTION = an_election(a_council(NORTH, SOUTH), a_council(a_contest("east", council_id="other"), council_id="other"))
DESK = f"/desk/{ELECTION.slug}"
URL = f"{DESK}/councils/testshire/sign-off"
VOTES = sum(sum(votes_for(contest, LAB, CON).values()) for contest in (NORTH, SOUTH))
RIGHT = {"contests": "2", f"seats.{LAB}": "2", "votes": f"{VOTES:,}", "papers": "4,000"}


@pytest.fixture(scope="module")
def ready(tmp_path_factory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("desk"), election=ELECTION)


@pytest.fixture
def desk(ready: Prepared, tmp_path) -> Iterator[Desk]:
    with desk_on(ready, tmp_path) as opened:
        yield opened


def post(desk, **body):
    confirm = [f"W{number:02}" for number in range(1, 20)]
    headers = {"Authorization": f"Bearer {desk.tokens['declare']}"}
    path = f"/api/v1/elections/{ELECTION.slug}/declarations"
    answer = desk.client().post(path, json={"confirm": confirm, **body}, headers=headers)
    assert answer.status_code == 201, answer.text


def declare(desk, *contests, ballots=2000):
    for contest in contests:
        votes = votes_for(contest, LAB, CON)
        post(desk, kind="ward", ballot_id=contest.ballot_id, votes=votes, ballots=ballots)


def sign(desk, who="checker", **totals):
    return desk.signed_in(who).post(URL, data={**RIGHT, **totals})


def board(desk):
    """With the council open; that a sign-off was lifted is there when it is folded, too."""
    folded, opened = (desk.signed_in("keyer").get(f"{DESK}{query}").text for query in ("", "?open=testshire"))
    assert ("Sign-off lifted" in folded) is ("Sign-off lifted" in opened)
    return opened


def test_totals_that_agree_are_signed_off_and_the_board_says_who_did(desk):
    declare(desk, NORTH, SOUTH, ballots=2000)
    answer = sign(desk)
    assert (answer.status_code, answer.headers["Location"]) == (303, URL)
    assert "Signed off by checker," in board(desk)
    assert "Signed off" in desk.signed_in("editor").get(f"/desk/audit?election={ELECTION.slug}").text


@pytest.mark.parametrize(
    ("totals", "told"),
    [
        ({"contests": "3"}, "Number of wards"),
        ({f"seats.{LAB}": "1", f"seats.{CON}": "1"}, "Conservative Party, seats"),
        ({"votes": str(VOTES + 1)}, "Total of the votes"),
        ({"papers": "4001"}, "Total of ballot papers"),
    ],
)
def test_what_differs_is_shown_line_by_line_with_the_wards_it_may_be_in(desk, totals, told):
    declare(desk, NORTH, SOUTH)
    answer = sign(desk, **totals)
    assert answer.status_code == 422
    assert f'<tr class="is-different"><th scope="row">{told}</th>' in answer.text
    assert f'href="{DESK}/contests/{SOUTH.ballot_id}"' in answer.text
    assert next(iter(totals.values())) in answer.text
    assert "Signed off by" not in board(desk)


def test_what_was_not_published_is_not_compared(desk):
    declare(desk, NORTH, SOUTH)
    assert sign(desk, votes="", papers="").status_code == 303


def test_nothing_is_signed_off_while_a_ward_is_to_come(desk):
    declare(desk, NORTH)
    answer = sign(desk, contests="1", votes="", papers="", **{f"seats.{LAB}": "1"})
    assert answer.status_code == 422
    assert "1 ward still to come" in answer.text
    assert "Signed off by" not in board(desk)


def test_a_later_correction_lifts_it_and_says_so_and_it_is_signed_off_anew(desk):
    declare(desk, NORTH, SOUTH)
    sign(desk)
    votes = votes_for(SOUTH, CON, LAB)
    post(desk, kind="correction", replaces=2, reason="read out wrongly", votes=votes, ballots=2000)
    assert "Sign-off lifted by entry 3" in board(desk)
    assert sign(desk).status_code == 422
    assert sign(desk, **{f"seats.{LAB}": "1", f"seats.{CON}": "1"}).status_code == 303
    assert "lifted" not in board(desk)


def test_notes_and_other_councils_lift_nothing(desk):
    declare(desk, NORTH, SOUTH)
    sign(desk)
    post(desk, kind="note", council_id="testshire", text="Cheers in the hall")
    declare(desk, ELECTION.contest("local.other.east.2023-05-04"))
    assert "lifted" not in board(desk)


def test_who_keyed_the_last_of_it_signs_it_off_alone_and_it_says_so(desk):
    declare(desk, NORTH)
    form = {f"votes.{name}": number for name, number in votes_for(SOUTH, LAB, CON).items()}
    form |= {"ballots": "2000", "action": "alone", "key": "k", "flip": "LAB gain Testshire"}
    script = desk.signed_in("editor", Accept="application/json")
    asked = script.post(f"{DESK}/contests/{SOUTH.ballot_id}", data={**form, "action": "review"}).json()
    form |= {"confirm": [it["code"] for it in asked["warnings"]], "flip": asked["flip"]}
    told = script.post(f"{DESK}/contests/{SOUTH.ballot_id}", data=form).json()
    assert told["outcome"] == "declared", told
    sign(desk, "editor")
    assert "Signed off by editor, alone," in board(desk)


@pytest.mark.parametrize("totals", [{"contests": ""}, {"contests": "two"}, {"votes": "1e9"}, {"papers": "9" * 20}])
def test_what_is_no_number_is_told_beside_its_field_and_kept(desk, totals):
    declare(desk, NORTH, SOUTH)
    answer = sign(desk, **totals)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert f'value="{RIGHT[f"seats.{LAB}"]}"' in answer.text


def test_readers_are_told_nothing_of_it(desk):
    declare(desk, NORTH, SOUTH)
    api = f"/api/v1/elections/{ELECTION.slug}"
    paths = (api, f"{api}/councils/testshire", f"{api}/declarations", f"/elections/{ELECTION.slug}/councils/testshire")
    before = [desk.client().get(path).text for path in paths]
    sign(desk)
    assert [desk.client().get(path).text for path in paths] == before


def test_keyers_and_strangers_sign_nothing_off(desk):
    declare(desk, NORTH, SOUTH)
    assert sign(desk, "keyer").status_code == 403
    stranger = desk.signed_in("checker", **{"Sec-Fetch-Site": "cross-site"})
    assert stranger.post(URL, data=RIGHT).status_code == 403
