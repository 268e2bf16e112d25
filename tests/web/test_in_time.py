"""The night in time over HTTP: its page, its series, what has come since, and from one moment to another."""

import csv
import io
import json
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import httpx2
import pytest

from tests.logged import server_after
from tests.running import KENT, declare

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
API, PAGES = "/api/v1/elections/kent-2023", "/elections/kent-2023"
TIME, MOMENT, SINCE, MEDWAY = f"{PAGES}/time", f"{PAGES}/moment", f"{PAGES}/since", f"{PAGES}/councils/medway"
DECLARED, FLIP = 60, 22
"""Declarations, with one of which alone a council changed hands."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    with server_after(DECLARED, tmp_path_factory.mktemp("time")) as server, server.client() as client:
        yield client


def moment(client: httpx2.Client, **query: object) -> str:
    answer = client.get(f"{MOMENT}?{urlencode(query)}", follow_redirects=False)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (307, "no-store")
    return answer.headers["Location"]


def test_the_series_ends_with_the_scoreboard_and_every_point_is_that_of_its_entry(client: httpx2.Client):
    told = client.get(f"{API}/series").json()
    assert len(told["points"]) == told["changes"] == DECLARED + 1
    for point in (told["points"][-1], told["points"][30]):
        rows = client.get(API, params={"at": point["seq"]}).json()["scoreboard"]
        assert point["seats"] == {row["party_id"]: row["seats"] for row in rows if row["seats"]}
        assert point["councils"] == {row["party_id"]: row["councils"] for row in rows if row["councils"]}
    assert told["points"][0]["at"] is None
    assert [(flip["seq"], flip["flash"]) for flip in told["flips"]] == [(FLIP, "LAB gain Medway from CON")]


def test_fewer_points_are_some_of_them_and_the_last(client: httpx2.Client):
    every = {it["seq"]: it for it in client.get(f"{API}/series").json()["points"]}
    few = client.get(f"{API}/series", params={"points": 5}).json()["points"]
    assert [it["seq"] for it in few] == [0, 15, 30, 45, 60]
    assert all(every[it["seq"]] == it for it in few)
    assert client.get(f"{API}/series", params={"points": 1}).status_code == 422


def test_the_file_has_a_row_a_point_with_the_changes_since_the_row_before(client: httpx2.Client):
    answer = client.get(f"{API}/series.csv", params={"points": 4})
    assert 'filename="kent-2023-series.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["sequence"], row["changes"]) for row in rows] == [
        ("0", ""),
        ("20", ""),
        ("40", "LAB gain Medway from CON"),
        ("60", ""),
    ]
    last = client.get(f"{API}/series").json()["points"][-1]
    assert int(rows[-1]["seats_LAB"]) == last["seats"]["PP53"]
    assert rows[-1]["councils_LAB"] == "1"


def test_the_page_tells_its_moment_and_its_table_says_what_the_series_does(client: httpx2.Client):
    page = client.get(TIME, params={"by": "entries"}).text
    assert '<th scope="col">Entry</th>' in page
    assert 'data-copy="Entry\t' in page
    assert '<th scope="col">Time</th>' in client.get(TIME, params={"by": "time"}).text
    told = re.search(r'id="moment-told">([^<]*)<', page)
    assert told is not None
    assert "with 60 of 277 wards declared" in told[1]
    assert told[1].endswith("; one council had changed hands.")
    points = {it["seq"]: it for it in client.get(f"{API}/series").json()["points"]}
    rows = re.findall(r'<tr><th scope="row"><a href="[^"]*at=(\d+)">.*?</th>(.*?)</tr>', page)
    assert [int(seq) for seq, _ in rows] == [10, 20, 30, 40, 50, 60]
    for seq, cells in rows:
        declared, *figures = (int(it) for it in re.findall(r'<td class="figure">(\d+)</td>', cells))
        assert (declared, sum(figures)) == (int(seq), sum(points[int(seq)]["seats"].values()))
    assert "LAB gain Medway from CON" in page


def test_a_moment_is_a_page_with_its_sentence_and_its_picture(client: httpx2.Client):
    page = client.get(TIME, params={"at": FLIP}).text
    tags = dict(re.findall(r'<meta property="(og:[^"]+)" content="([^"]*)">', page))
    assert tags["og:description"].startswith("At 06:22 BST, with 22 of 277 wards declared, Labour had ")
    assert tags["og:url"].endswith(f"/time?at={FLIP}")
    assert f"seq={FLIP}&amp;" in tags["og:image"]
    assert client.get(tags["og:image"].replace("&amp;", "&")).headers["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    ("query", "leads_to"),
    [
        ({"page": PAGES, "wards": 22}, f"{PAGES}?at=22"),
        ({"page": f"{PAGES}?view=tiles", "wards": 1}, f"{PAGES}?view=tiles&at=1"),
        ({"page": PAGES, "wards": 0}, f"{PAGES}?at=0"),
        ({"page": PAGES, "wards": 60}, PAGES),
        ({"page": PAGES, "wards": 277}, PAGES),
        ({"page": PAGES, "at": 30, "go": "previous"}, f"{PAGES}?at={FLIP}"),
        ({"page": PAGES, "at": FLIP, "go": "previous"}, f"{PAGES}?at=0"),
        ({"page": PAGES, "at": 0, "go": "next"}, f"{PAGES}?at={FLIP}"),
        ({"page": PAGES, "at": FLIP, "go": "next"}, PAGES),
        ({"page": MEDWAY, "at": FLIP, "go": "previous"}, f"{MEDWAY}?at=21"),
        ({"page": f"{PAGES}/contests/{NIGHT[21]['ballot_id']}", "at": 0, "go": "next"}, None),
    ],
)
def test_a_slider_and_what_is_before_and_after_lead_to_moments(client: httpx2.Client, query, leads_to):
    led = moment(client, **query)
    assert client.get(led).status_code == 200
    if leads_to is not None:
        assert led == leads_to
    else:
        first = next(seq for seq, body in enumerate(NIGHT, 1) if ".medway." in body["ballot_id"])
        assert led.endswith(f"?at={first}")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"page": "https://example.org/elections/kent-2023"}, 404),
        ({"page": "//example.org"}, 404),
        ({"page": "/elections/other-2023"}, 404),
        ({"page": "/healthz"}, 404),
        ({"page": f"{API}/"}, 404),
        ({"page": PAGES, "at": 9999, "go": "next"}, 404),
        ({"page": PAGES, "at": 3, "go": "away"}, 422),
        ({"page": PAGES, "wards": "many"}, 422),
        ({}, 422),
    ],
)
def test_nobody_is_led_elsewhere(client: httpx2.Client, query, status):
    assert client.get(f"{MOMENT}?{urlencode(query)}", follow_redirects=False).status_code == status


def test_every_page_of_the_past_leads_to_other_moments_of_itself(client: httpx2.Client):
    for page in (f"{PAGES}?view=tiles", MEDWAY, TIME):
        html = client.get(f"{page}{'&' if '?' in page else '?'}at=30").text
        assert f'name="page" value="{page}"' in html
        assert 'name="wards" min="0" max="277" value="30"' in html
    found = client.get(f"{PAGES}/find", params={"q": "ME4 4AA", "at": 30}).text
    assert f'name="page" value="{PAGES}/find"' in found, "what somebody looks for is in no other address"
    assert "data-moments" not in client.get(PAGES).text


def test_what_has_come_since_is_told(client: httpx2.Client):
    page = client.get(SINCE, params={"since": 21}).text
    assert re.search(r'id="since-told">Since 06:19 BST: 39 wards, 1 council changed hands<', page)
    assert "LAB gain Medway from CON" in page
    assert "changed hands" not in client.get(SINCE, params={"since": FLIP}).text.partition("<main")[2]
    assert "29 wards" in client.get(SINCE, params={"since": 21, "at": 50}).text
    assert client.get(SINCE, params={"since": 9999}).status_code == 404
    assert "Since the beginning: 60 wards" in client.get(SINCE).text


def test_the_page_goes_on_with_the_night(client: httpx2.Client):
    declare(client, NIGHT[DECLARED])
    assert "with 61 of 277 wards declared" in client.get(TIME).text
    assert len(client.get(f"{API}/series").json()["points"]) == DECLARED + 2
    assert len(client.get(f"{API}/series", params={"at": DECLARED}).json()["points"]) == DECLARED + 1
