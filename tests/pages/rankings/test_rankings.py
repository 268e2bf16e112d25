"""Rankings as they are read: pages, copied tables, JSON and files of Kent's night, held to the files it is made of."""

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from app.bundles.rankings_export import RANKING_COLUMNS
from app.domain.rankings import Ranking
from tests.running import KENT, Server, declare

PAGES, API = "/elections/kent-2023", "/api/v1/elections/kent-2023"
NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
DECLARED = 120
SEATS = {
    row["ballot_id"]: int(row["seats_up"])
    for row in csv.DictReader((KENT / "contests.csv").read_text("utf-8").splitlines())
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    with (
        Server(f"sqlite:///{tmp_path_factory.mktemp('rankings') / 'night.db'}") as server,
        server.client() as client,
    ):
        for body in NIGHT[:DECLARED]:
            declare(client, body)
        yield client


def read(client: httpx2.Client, ranking: str, **query: Any) -> Any:
    answer = client.get(f"{API}/rankings/{ranking}", params=query)
    assert answer.status_code == 200
    return answer.json()


def page(client: httpx2.Client, ranking: str, **query: Any) -> str:
    answer = client.get(f"{PAGES}/rankings/{ranking}", params=query)
    assert answer.status_code == 200
    return str(answer.text)


def margins() -> dict[str, int]:
    """As the files have them: votes of the last winner less those of the best loser, where no lot was drawn."""
    found = {}
    for body in NIGHT[:DECLARED]:
        votes, seats = sorted(body["votes"].values(), reverse=True), SEATS[body["ballot_id"]]
        if len(votes) > seats and votes[seats - 1] > votes[seats]:
            found[body["ballot_id"]] = votes[seats - 1] - votes[seats]
    return found


def test_margins_are_those_of_the_files(client: httpx2.Client) -> None:
    for ranking, is_falling in (("closest", False), ("safest", True)):
        rows = read(client, ranking)["rows"]
        assert {row["ballot_id"]: row["margin"] for row in rows} == margins()
        assert [row["margin"] for row in rows] == sorted(margins().values(), reverse=is_falling)


def test_the_closest_of_the_night_is_kemsley_by_one_vote(client: httpx2.Client) -> None:
    first = read(client, "closest")["rows"][0]
    assert (first["place"], first["joint"], first["ward"], first["council"]) == (1, False, "Kemsley", "Swale")
    assert (first["margin"], first["seq"]) == (1, 105)
    assert [it["name"] for it in first["candidates"]] == ["Wise, A."]
    assert [it["name"] for it in first["behind"]] == ["Gent, S."]


def test_turnouts_are_those_that_were_published(client: httpx2.Client) -> None:
    told = {body["ballot_id"]: body["turnout"] for body in NIGHT[:DECLARED] if "ballots" not in body}
    rows = read(client, "turnout-highest")["rows"]
    assert told
    assert {row["ballot_id"]: row["turnout"]["percentage"] for row in rows if not row["turnout"]["counted"]} == told
    assert rows[0]["turnout"]["percentage"] == max(row["turnout"]["percentage"] for row in rows)
    assert [row["seq"] for row in read(client, "turnout-lowest")["rows"]][:1] == [rows[-1]["seq"]]


def test_gains_are_the_changes_of_the_councils_that_are_complete(client: httpx2.Client) -> None:
    for convention in ("bbc", "pa"):
        councils = client.get(API, params={"convention": convention}).json()["councils"]
        gained = {
            (council["council_id"], group): number
            for council in councils
            for group, number in (council["change"] or {}).items()
            if number > 0
        }
        view = read(client, "gains", convention=convention)
        assert gained
        assert {(row["council_id"], *row["groups"]): row["gained"] for row in view["rows"]} == gained
        assert view["covers"] == [sum(council["change"] is not None for council in councils), 13]


def test_who_is_elected_in_a_council_is_what_its_own_page_of_the_api_says(client: httpx2.Client) -> None:
    council = client.get(f"{API}/councils/medway").json()
    own = [it["candidacy_id"] for each in council["contests"] for it in each["candidates"] if it["elected"]]
    view = read(client, "elected", council="medway")
    assert [it["candidacy_id"] for row in view["rows"] for it in row["candidates"]] == own
    assert (view["council_id"], view["party"]) == ("medway", None)


def test_a_party_is_asked_for_by_id_and_by_short_name_and_a_stranger_asks_for_nothing(client: httpx2.Client) -> None:
    by_id, by_short = read(client, "safest", party="PP53"), read(client, "safest", party="LAB")
    assert by_id == by_short
    assert by_id["party"] == "PP53"
    assert {group for row in by_id["rows"] for group in row["groups"]} == {"PP53"}
    assert read(client, "safest", party="nobody") == read(client, "safest")


@pytest.mark.parametrize("ranking", Ranking)
def test_the_file_has_the_rows_of_the_json(client: httpx2.Client, ranking: Ranking) -> None:
    answer = client.get(f"{API}/rankings/{ranking}.csv", params={"party": "LAB"})
    assert answer.headers["Content-Disposition"] == f'attachment; filename="kent-2023-{ranking}.csv"'
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    reader = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert tuple(reader.fieldnames or ()) == RANKING_COLUMNS
    rows = read(client, ranking, party="LAB")["rows"]
    assert [(it["ballot_id"], it["sequence"]) for it in reader] == [
        (it["ballot_id"] or "", str(it["seq"])) for it in rows
    ]


@pytest.mark.parametrize("ranking", Ranking)
def test_every_ranking_is_a_page_that_leads_to_the_others_and_to_its_files(
    client: httpx2.Client, ranking: Ranking
) -> None:
    text = page(client, ranking, party="LAB", council="medway")
    for other in Ranking:
        assert f'href="{PAGES}/rankings/{other}?party=PP53&amp;council=medway"' in text
    assert f'href="{API}/rankings/{ranking}.csv?party=PP53&amp;council=medway"' in text
    assert re.findall(r'aria-current="page">([^<]+)</a>', text) == ["Rankings"]
    assert text.count(" selected>") == 2


def test_the_list_leads_to_all_of_them(client: httpx2.Client) -> None:
    text = client.get(f"{PAGES}/rankings").text
    assert re.findall(rf'<li><a href="{PAGES}/rankings/([a-z-]+)"', text) == [it.value for it in Ranking]


def test_a_page_has_the_first_and_says_of_how_many(client: httpx2.Client) -> None:
    text = page(client, "closest")
    total = len(margins())
    shown = int(re.search(rf"The first (\d+) of {total} rows", text)[1])
    assert 50 <= shown < total
    assert text.count('<td class="place">') == shown
    assert f"Covers {total} of {DECLARED} declared wards." in text


def test_what_is_copied_is_the_table_that_is_shown(client: httpx2.Client) -> None:
    text = page(client, "closest", council="swale")
    copied = html.unescape(re.search(r'data-copy="([^"]*)" data-copy-name="the table"', text)[1])
    heads, first, *others = [line.split("\t") for line in copied.split("\n")]
    assert heads == ["Place", "Ward", "Council", "Margin", "Last elected", "Next", "Entry"]
    assert first == ["1", "Kemsley", "Swale", "1", "Wise, A. (LAB)", "Gent, S. (CON)", "105"]
    assert len(others) + 1 == text.count('<td class="place">')


def test_the_form_keeps_what_was_chosen_and_the_moment(client: httpx2.Client) -> None:
    text = page(client, "closest", convention="pa", at=20)
    assert '<input type="hidden" name="convention" value="pa">' in text
    assert '<input type="hidden" name="at" value="20">' in text
    assert f'action="{PAGES}/rankings/closest"' in text


def test_the_past_is_ranked_as_it_stood(client: httpx2.Client) -> None:
    view = read(client, "closest", at=20)
    assert (view["seq"], view["as_at"]["seq"], view["covers"][1]) == (20, 20, 20)
    assert max(row["seq"] for row in view["rows"]) <= 20
    answer = client.get(f"{API}/rankings/closest.csv", params={"at": 20})
    assert 'filename="kent-2023-at-20-closest.csv"' in answer.headers["Content-Disposition"]
    assert f'href="{API}/rankings/closest.csv?at=20"' in page(client, "closest", at=20)
    assert "Nothing is declared so far." in page(client, "closest", at=0)


def test_who_is_elected_is_told_of_one_council_at_a_time(client: httpx2.Client) -> None:
    assert "Choose a council to see who is elected there." in page(client, "elected")
    assert '<td class="text">' not in page(client, "elected")
    assert '<td class="text">' in page(client, "elected", council="medway")


@pytest.mark.parametrize(
    "path", [f"{PAGES}/rankings/longest", f"{API}/rankings/longest", f"{API}/rankings/longest.csv"]
)
def test_a_ranking_that_there_is_not_is_404_and_says_which_there_are(client: httpx2.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "turnout-highest" in answer.text
