"""A party's night as it is read: page, JSON, card, feed and widget of Kent's, held to what the night's own say."""

import html
import json
import re
from collections.abc import Iterator
from shutil import copytree
from typing import Any
from xml.etree import ElementTree as ET

import httpx2
import pytest

from tests.builders import CON, LAB
from tests.running import KENT, Server, declare

PAGES, API, WIDGETS = "/elections/kent-2023", "/api/v1/elections/kent-2023", "/embed/v1/kent-2023"
NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
DECLARED = 180
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """In Kent's night, where two small parties are called alike."""
    folder = tmp_path_factory.mktemp("parties")
    bundle = copytree(KENT, folder / "bundle")
    parties = (bundle / "parties.csv").read_text("utf-8")
    (bundle / "parties.csv").write_text(parties.replace(",HER,", ",BF,"), "utf-8")
    with (
        Server(f"sqlite:///{folder / 'night.db'}", bundle=bundle) as server,
        server.client() as client,
    ):
        for body in NIGHT[:DECLARED]:
            declare(client, body)
        yield client


def read(client: httpx2.Client, party: str, **query: Any) -> Any:
    answer = client.get(f"{API}/parties/{party}", params=query)
    assert answer.status_code == 200
    return answer.json()


def text_of(client: httpx2.Client, path: str, **query: Any) -> str:
    answer = client.get(path, params=query)
    assert answer.status_code == 200
    return str(answer.text)


def scores(client: httpx2.Client, convention: str) -> dict[str, Any]:
    view = client.get(API, params={"convention": convention}).json()
    return {row["party_id"]: row for row in view["scoreboard"]}


@pytest.mark.parametrize("convention", ["bbc", "pa"])
def test_its_figures_are_those_of_the_scoreboard(client: httpx2.Client, convention: str) -> None:
    for party, row in scores(client, convention).items():
        if party != "NOC":
            view = read(client, party, convention=convention)
            assert (view["seats"], view["councils"]) == (row["seats"], row["councils"])
            assert view["change"] == row["seats_change"]
            why = client.get(f"{API}/parties/{party}/why", params={"convention": convention}).json()
            assert {key: row[key] for key in why["row"]} == why["row"]


def test_what_it_gained_and_lost_is_what_changed_hands(client: httpx2.Client) -> None:
    flips = [it for it in client.get(f"{API}/flips").json()["flips"] if it["undone"] is None]
    assert len(flips) > 1
    for party in (LAB, CON):
        view = read(client, party)
        for which, side in (("gained", "now"), ("lost", "before")):
            own = {it["seq"]: it["council_id"] for it in flips if it[side] == party}
            assert {it["seq"]: it["council_id"] for it in view[f"flips_{which}"]} == own
            assert sorted(view[which]) == sorted(own.values())


def test_its_change_of_seats_is_told_of_the_same_councils(client: httpx2.Client) -> None:
    view = read(client, "LAB")
    complete = [it for it in client.get(API).json()["councils"] if it["change"] is not None]
    assert view["covers"] == [len(complete), 13]
    assert (
        view["change"] == sum(it["change"].get(LAB, 0) for it in complete) == sum(it["change"] for it in view["moved"])
    )
    assert f"in the {len(complete)} of 13 councils that can be compared" in view["sentences"][0]


def test_where_it_leads_says_what_it_needs_there(client: httpx2.Client) -> None:
    councils = {it["council_id"]: it for it in client.get(API).json()["councils"]}
    view = read(client, "CON")
    assert view["leads"]
    for it in view["leads"]:
        assert councils[it["council_id"]]["control"]["state"] == "undecided"
        assert it["seats"] == max(councils[it["council_id"]]["seats"].values())


def test_its_closest_are_those_of_the_ranking(client: httpx2.Client) -> None:
    rows = client.get(f"{API}/rankings/closest", params={"party": "LAB"}).json()["rows"]
    view = read(client, "LAB")
    wins = [it["ballot_id"] for it in rows if any(one["group"] == LAB for one in it["candidates"])]
    losses = [it["ballot_id"] for it in rows if any(one["group"] == LAB for one in it["behind"])]
    assert [it["ballot_id"] for it in view["closest_wins"]][:5] == wins[:5]
    assert [it["ballot_id"] for it in view["closest_losses"]][:5] == losses[:5]
    lot = "by lot, after a tie at 825 votes, in Seasalter, Canterbury."
    for party, told in (("LAB", f"Its closest win: {lot}"), ("IND", f"Its closest loss: {lot}")):
        assert told in text_of(client, f"{PAGES}/parties/{party}"), "closer than any that votes decided"
    out = client.get(f"{API}/rankings/out", params={"party": "CON"}).json()["rows"]
    assert read(client, "CON")["out"] == len(out) > 0


def test_a_party_is_asked_for_by_id_by_short_name_and_by_one_that_is_reported_under_it(client: httpx2.Client) -> None:
    assert read(client, LAB) == read(client, "LAB") == read(client, "joint-party:53-119")


@pytest.mark.parametrize("path", [f"{PAGES}/parties/XYZ", f"{API}/parties/XYZ", f"{WIDGETS}/parties/XYZ"])
def test_a_party_that_there_is_not_is_404(client: httpx2.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "no party “XYZ”" in html.unescape(answer.text)


def test_a_short_name_of_several_leads_to_each_of_them_and_stands_for_none(client: httpx2.Client) -> None:
    answer = client.get(f"{PAGES}/parties/BF", params={"convention": "pa"})
    assert answer.status_code == 404
    text = html.unescape(answer.text)
    assert "2 parties of this election are called “BF”" in text
    for party, name in (("PP12550", "Heritage Party"), ("PP12823", "Britain First")):
        assert f'<a href="{PAGES}/parties/{party}?convention=pa">{name}</a>' in text
    problem = client.get(f"{API}/parties/BF").json()
    assert [it["party_id"] for it in problem["parties"]] == ["PP12550", "PP12823"]
    assert client.get(f"{API}/rankings/closest", params={"party": "BF"}).json()["party"] in (None, "")


def test_what_has_come_since_an_entry_is_asked_of_a_later_moment(client: httpx2.Client) -> None:
    answer = client.get(f"{PAGES}/since", params={"since": 57, "at": 50})
    assert answer.status_code == 422
    assert "Entry 57 came after entry 50" in answer.text
    assert client.get(f"{PAGES}/since", params={"since": 50, "at": 57}).status_code == 200


def test_the_page_has_what_the_json_has_and_works_without_scripts(client: httpx2.Client) -> None:
    text, view = html.unescape(text_of(client, f"{PAGES}/parties/LAB")), read(client, "LAB")
    for sentence in view["sentences"]:
        assert f"<p>{sentence}</p>" in text
    for flip in view["flips_gained"]:
        assert f'id="flip-{flip["seq"]}-{flip["council_id"]}"' in text
    assert f'href="{API}/feed.atom?party={LAB}"' in text
    assert f'href="{PAGES}/rankings/closest?party={LAB}"' in text
    assert f'href="{PAGES}/next"' in text.partition('<div id="party" data-again>')[2]


def test_the_page_of_a_moment_is_as_it_stood_then(client: httpx2.Client) -> None:
    view, text = read(client, "LAB", at=30), text_of(client, f"{PAGES}/parties/LAB", at=30)
    assert (view["seq"], view["seats"]) == (30, sum(row["seats"] for row in [scores_at(client, 30)]))
    assert html.escape(view["sentences"][0], quote=False).replace("&#39;", "'") in text
    assert f'href="{PAGES}/parties?at=30"' in text
    assert "nothing is declared so far" in read(client, "LAB", at=0)["sentences"][0]


def scores_at(client: httpx2.Client, at: int) -> Any:
    rows = client.get(API, params={"at": at}).json()["scoreboard"]
    return next(row for row in rows if row["party_id"] == LAB)


def test_the_list_leads_to_each_and_so_do_gains_and_the_scoreboard_that_is_asked_for(client: httpx2.Client) -> None:
    text = text_of(client, f"{PAGES}/parties")
    for party in scores(client, "bbc"):
        assert (f'<a href="{PAGES}/parties/{party}">' in text) is (party != "NOC")
    assert f'href="{PAGES}/parties/{LAB}"' in text_of(client, f"{PAGES}/rankings/gains")
    assert f'href="{PAGES}/parties/{LAB}?convention=pa"' in text_of(
        client, f"{PAGES}/scoreboard", state="declared", convention="pa"
    )
    assert (
        f"{PAGES}/parties/{LAB}"
        not in text_of(client, PAGES).partition('<tbody id="scoreboard">')[2].partition("</table>")[0]
    )


def test_its_card_is_that_of_a_link_to_it(client: httpx2.Client) -> None:
    text = text_of(client, f"{PAGES}/parties/LAB")
    (image,) = re.findall(r'<meta property="og:image" content="http://[^/"]+([^"]+)"', text)
    assert image.startswith(f"{PAGES}/parties/{LAB}/card.png?seq={DECLARED}")
    answer = client.get(html.unescape(image))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert "immutable" in answer.headers["Cache-Control"]
    (alt,) = re.findall(r'<meta property="og:image:alt" content="([^"]+)"', text)
    assert f"{read(client, 'LAB')['seats']} seats" in alt


def test_its_feed_tells_of_control_and_of_its_people(client: httpx2.Client) -> None:
    root = ET.fromstring(client.get(f"{API}/feed.atom", params={"party": "CON"}).content)
    titles = [str(it.findtext(f"{ATOM}title")) for it in root.iter(f"{ATOM}entry")]
    assert root.findtext(f"{ATOM}title") == "Kent council elections 2023: Conservative Party"
    assert "LAB gain Medway from CON" in titles
    assert any(title.startswith("Council leader loses seat: ") for title in titles)
    assert all("CON" in title for title in titles)
    assert client.get(f"{API}/feed.atom", params={"party": "XYZ"}).status_code == 404


def test_its_widget_asks_for_itself_and_leads_to_the_page(client: httpx2.Client) -> None:
    text = text_of(client, f"{WIDGETS}/parties/LAB", theme="dark")
    assert 'data-theme="dark" data-live="poll"' in text
    assert 'data-fragments="party-widget"' in text
    assert html.escape(read(client, "LAB")["sentences"][1], quote=False) in text
    assert f'{PAGES}/parties/{LAB}"' in text
    assert 'data-live="off"' in text_of(client, f"{WIDGETS}/parties/LAB", live="off")


def test_its_code_to_paste_is_on_the_page_and_in_what_oembed_tells(client: httpx2.Client) -> None:
    text = text_of(client, f"{PAGES}/parties/LAB")
    assert f"{WIDGETS}/parties/{LAB}" in text
    base = str(client.base_url).rstrip("/")
    told = client.get("/oembed", params={"url": f"{base}{PAGES}/parties/LAB"}).json()
    assert (told["title"], told["type"]) == ("Labour Party: Kent council elections 2023", "rich")
    assert f"{WIDGETS}/parties/{LAB}" in told["html"]
