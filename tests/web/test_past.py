"""The night as it stood after any entry, from outside: it is what was shown then, and is taken for nothing else."""

import csv
import io
import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree import ElementTree as ET

import httpx2
import pytest

from app.addresses import FOR_A_WHILE, FRESH, IMMUTABLE
from tests.asking import Line, Request
from tests.running import KENT, Server, declare

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
API, PAGES, WIDGETS = "/api/v1/elections/kent-2023", "/elections/kent-2023", "/embed/v1/kent-2023"
BEGUN = 20
"""Declarations before anybody looks: with one of the next ones Medway flips."""

FLIP = NIGHT[21]["ballot_id"]
RECOUNT = next(body["ballot_id"] for body in NIGHT[24:] if ".dover." in body["ballot_id"])
AT = "2023-05-05T07:10:00+01:00"

WHY = ("/why", "/parties/PP53/why", "/parties/NOC/why", "/councils/medway/why")
JSON = (
    *(f"{API}{why}" for why in WHY),
    *(
        API,
        f"{API}/next",
        f"{API}/councils/medway",
        f"{API}/councils/dover",
        f"{API}/declarations",
        f"{API}/export.json",
    ),
    *(f"{API}/rankings/closest", f"{API}/rankings/elected?council=medway", f"{API}/parties/LAB", f"{API}/series"),
)
TEXTS = (
    f"{API}/export.csv",
    f"{API}/councils.csv",
    f"{API}/export.dc.csv",
    f"{API}/rankings/safest.csv",
    f"{API}/series.csv",
)
HTML = (
    *(f"{PAGES}{why}" for why in WHY),
    *(PAGES, f"{PAGES}/next", f"{PAGES}/councils/medway", f"{PAGES}/councils/dover", f"{PAGES}/contests/{FLIP}"),
    *(f"{WIDGETS}/overview", f"{WIDGETS}/overview?councils=medway,dover", f"{WIDGETS}/council/medway"),
    f"{WIDGETS}/parties/LAB",
)
EVERY = (*JSON, *TEXTS, *HTML)


def with_query(path: str, **query: object) -> str:
    return f"{path}{'&' if '?' in path else '?'}{urlencode(query)}"


def a_night() -> Iterator[dict[str, object]]:
    """What is declared while somebody looks: wards, a recount, a note, a correction with which control goes, all."""
    yield from NIGHT[BEGUN:24]
    yield {"kind": "status", "ballot_id": RECOUNT, "status": "recount", "at": AT}
    yield {"kind": "note", "text": "Counting goes on in Dover.", "council_id": "dover", "at": AT}
    yield {"kind": "note", "text": "The bells ring.", "at": AT}
    yield {"kind": "withdrawal", "replaces": 22, "reason": "Read out too early.", "at": AT}
    votes = dict(NIGHT[4]["votes"])
    (first, most), *_, (last, least) = sorted(votes.items(), key=lambda item: -item[1])
    votes[first], votes[last] = least, most
    correction = {**NIGHT[4], "kind": "correction", "replaces": 5, "reason": "Two bundles.", "at": AT, "votes": votes}
    correction.pop("elected", None)
    yield correction
    yield NIGHT[21] | {"at": AT}


def shown(line: Line, path: str, at: int | None = None) -> object:
    """What it says: the JSON without its mark, the table, or what is in the page without where it leads."""
    answer = line.ask(Request("GET", (path if at is None else with_query(path, at=at)).encode()))
    text = answer.body.decode()
    assert answer.status == 200, text
    if path in JSON:
        told = json.loads(text)
        mark = told.pop("as_at", None)
        assert (mark or {}).get("seq") == at
        return told
    if path in TEXTS:
        return list(csv.reader(io.StringIO(text)))
    main = re.search(r"<main.*</main>", text, re.DOTALL)
    assert main is not None
    return _without_moment(main[0], at)


def _without_moment(html: str, at: int | None) -> str:
    """Without what is there of a moment alone, and what only a page of the present has."""
    html = re.sub(r'<p class="pill.*?</p>|<p class="board-links.*?</p>|\s+data-at="\d+"', "", html, flags=re.DOTALL)
    html = re.sub(
        r'<section class="needs-js" aria-labelledby="alerts-heading">.*?</section>', "", html, flags=re.DOTALL
    )
    html = re.sub(r'<a href="[^"]*view=wall[^"]*" data-keeps-query>Wall</a>', "", html)
    html = re.sub(r'<label class="filter"><span>Updates</span>.*?</label>', "", html, flags=re.DOTALL)
    # What an entry made true leads to that entry, on a page of the past as well.
    html = re.sub(r' data-story="[^"]*"', "", html)
    html = re.sub(r'<div id="story".*?(?=<fieldset|<section|</main>)', _without_entries, html, flags=re.DOTALL)
    html = re.sub(r'<section id="receipt".*?</section>', _without_entries, html, flags=re.DOTALL)
    # Nothing of the past is final.
    html = re.sub(r"\. (?:Final|As at \d\d:\d\d BST), \d+ May 2023(?=&lt;/a&gt;)", "", html)
    html = re.sub(r'<p class="receipt-past">.*?</p>', "", html)
    if at is not None:
        html = re.sub(rf"(?:\?|&(?:amp;)*|&amp;amp;)at={at}\b", "", html)
        html = re.sub(rf'<input type="hidden" name="at" value="{at}">', "", html)
    return re.sub(r"\s+", " ", html)


def _without_entries(told: re.Match[str]) -> str:
    return re.sub(r"(?:\?|&(?:amp;)*)at=\d+\b", "", told[0])


Recorded = dict[int, dict[str, object]]


@pytest.fixture(scope="module")
def night(tmp_path_factory) -> Iterator[tuple[Server, Recorded]]:
    """A server after the night, and what it showed after each entry of it, under both conventions."""
    recorded: Recorded = {}
    with Server(f"sqlite:///{tmp_path_factory.mktemp('past') / 'night.db'}") as running:
        with running.client() as client, Line(running.port) as line:
            for body in NIGHT[:BEGUN]:
                declare(client, body)
            for body in a_night():
                seq = declare(client, body)["seq"]
                recorded[seq] = {path: shown(line, path) for path in EVERY}
        yield running, recorded


@pytest.fixture
def client(night: tuple[Server, Recorded]) -> Iterator[httpx2.Client]:
    with night[0].client() as opened:
        yield opened


@pytest.mark.parametrize("path", EVERY)
def test_the_past_is_what_was_shown_then(night: tuple[Server, Recorded], path: str) -> None:
    server, recorded = night
    assert len(recorded) == 10
    then = {seq: told[path] for seq, told in recorded.items()}
    with Line(server.port) as line:
        assert {seq: shown(line, path, seq) for seq in recorded} == then
    assert any(one != other for one in then.values() for other in then.values()), "something has changed meanwhile"


def test_another_convention_is_compared_by_it_in_the_past_too(client: httpx2.Client) -> None:
    bbc, pa = (client.get(API, params={"at": 22, "convention": key}).json() for key in ("bbc", "pa"))
    assert (bbc["convention"], pa["convention"]) == ("bbc", "pa")
    assert bbc["councils"] != pa["councils"]


def test_the_log_of_the_past_ends_there(client: httpx2.Client) -> None:
    told = client.get(f"{API}/declarations", params={"at": 22, "after": 20, "limit": 1}).json()
    assert ([line["seq"] for line in told["declarations"]], told["next"]) == ([21], 21)
    last = client.get(f"{API}/declarations", params={"at": 22, "after": 21}).json()
    assert ([line["seq"] for line in last["declarations"]], last["next"]) == ([22], None)
    entries = ET.fromstring(client.get(f"{API}/feed.atom", params={"at": 22}).content).findall("{*}entry")
    assert [entry.findtext("{*}id").rsplit("/")[-1] for entry in entries] == [str(seq) for seq in range(22, 0, -1)]


def test_before_the_first_entry_there_is_nothing_yet(client: httpx2.Client) -> None:
    told = client.get(API, params={"at": 0}).json()
    assert (told["seq"], told["as_at"]) == (0, {"seq": 0, "at": None})
    page = client.get(PAGES, params={"at": 0}).text
    assert "As it stood before the first entry" in page
    assert "No flashes yet." in page


# What marks it


def test_a_program_is_told_the_moment(client: httpx2.Client) -> None:
    assert client.get(API, params={"at": 22}).json()["as_at"] == {"seq": 22, "at": NIGHT[21]["at"]}
    assert "as_at" not in client.get(API).json()


@pytest.mark.parametrize("path", HTML)
def test_a_page_of_the_past_says_so_and_is_not_live(client: httpx2.Client, path: str) -> None:
    page = client.get(with_query(path, at=22)).text
    title = re.search(r"<title>(.*?)</title>", page)
    assert title is not None
    assert title[1].startswith("At entry 22: ")
    assert "As it stood at entry 22" in page
    assert "5 May 2023" in page
    assert "hx-ws:connect" not in page
    assert "Reload for newer" not in page
    assert '<meta name="robots" content="noindex">' in page
    assert not re.search(r"\blive results", page, re.IGNORECASE)
    now = re.search(r'href="([^"]*)">See it now', page)
    assert now is not None
    assert "at=" not in now[1]
    assert f'<link rel="canonical" href="{now[1]}">' in page
    assert client.get(now[1]).status_code == 200


@pytest.mark.parametrize("path", HTML)
def test_every_way_to_what_has_a_past_leads_to_the_same_moment(client: httpx2.Client, path: str) -> None:
    page = client.get(with_query(path, at=22, convention="pa")).text
    links = [link for link in re.findall(r'<a [^>]*?href="([^"]*)"', page) if "/kent-2023" in link or link[0] == "?"]
    leading = [link for link in links if "at=22" in link]
    now = re.findall(r'href="([^"]*)">See it now', page)
    assert len(leading) >= 1
    # But to what an entry before that made true.
    earlier = {link for link in links if (entry := re.search(r"\bat=(\d+)$", link)) and int(entry[1]) < 22}
    assert set(links) - set(leading) - earlier == set(now)
    assert all(link.count("at=22") == 1 for link in leading)


def test_the_filters_stay_at_the_moment(client: httpx2.Client) -> None:
    assert '<input type="hidden" name="at" value="22">' in client.get(PAGES, params={"at": 22}).text
    assert 'name="at"' not in client.get(PAGES).text


def test_what_is_shared_of_a_page_of_the_past_is_the_past(client: httpx2.Client) -> None:
    page = client.get(f"{PAGES}/councils/medway", params={"at": 22}).text
    tags = dict(re.findall(r'<meta property="(og:[^"]+)" content="([^"]*)">', page))
    assert tags["og:title"].startswith("At entry 22: LAB gain Medway from CON")
    assert tags["og:url"].endswith("/councils/medway?at=22")
    assert "card.png?seq=22&amp;" in tags["og:image"]
    here = str(client.base_url).rstrip("/")
    told = client.get("/oembed", params={"url": f"{here}{PAGES}/councils/medway?at=22"}).json()
    assert told["title"] == "At entry 22: Medway: Kent council elections 2023"
    assert "/council/medway?at=22" in told["html"]
    assert "LAB gain Medway from CON" in told["html"]
    for at, status in (("31", 404), ("x", 422), ("-1", 422), ("1_0", 422), ("%2B3", 422), ("9" * 5000, 422)):
        url = f"{here}{PAGES}/councils/medway?at={at}"
        assert client.get("/oembed", params={"url": url}).status_code == status


def test_files_of_the_past_are_named_for_it(client: httpx2.Client) -> None:
    for kind, ending in (("csv", ".csv"), ("dc.csv", "-results.csv"), ("json", ".json")):
        told = client.get(f"{API}/export.{kind}", params={"at": 22}).headers["Content-Disposition"]
        assert told == f'attachment; filename="kent-2023-at-22{ending}"'


def test_a_card_of_the_past_is_that_of_its_entry_by_either_name(client: httpx2.Client) -> None:
    by_at, by_seq, now = (
        client.get(f"{PAGES}/councils/medway/card.png", params=query) for query in ({"at": 12}, {"seq": 12}, {})
    )
    assert by_at.content == by_seq.content != now.content
    assert by_at.headers["ETag"] == by_seq.headers["ETag"] != now.headers["ETag"]


# How long it may be held, and what there is not


@pytest.mark.parametrize("path", [*EVERY, f"{API}/feed.atom", f"{PAGES}/parties.css", f"{PAGES}/card.png"])
def test_what_never_changes_is_held_for_good_where_the_log_is_named(client: httpx2.Client, path: str) -> None:
    epoch = client.get(API).json()["epoch"]
    fixed, loose = client.get(with_query(path, at=22, epoch=epoch)), client.get(with_query(path, at=22))
    assert fixed.headers["Cache-Control"] == IMMUTABLE
    assert loose.headers["Cache-Control"] == FOR_A_WHILE, "another log may have another entry 22"
    assert client.get(path).headers["Cache-Control"] not in {IMMUTABLE, FOR_A_WHILE}
    for answer in (fixed, loose):
        assert epoch in answer.headers["ETag"]
        assert ".22" in answer.headers["ETag"] or path.endswith(".png")
        known = client.get(answer.url, headers={"If-None-Match": answer.headers["ETag"]})
        assert (known.status_code, known.content) == (304, b"")
    assert client.get(path).headers["ETag"] != loose.headers["ETag"]


def test_before_the_first_entry_the_catalogue_may_still_be_mended(client: httpx2.Client) -> None:
    epoch = client.get(API).json()["epoch"]
    assert client.get(API, params={"at": 0, "epoch": epoch}).headers["Cache-Control"] == FOR_A_WHILE


def test_the_past_is_the_same_answer_whatever_is_declared_afterwards(client: httpx2.Client) -> None:
    newest = client.get(API).json()["seq"]
    before = {path: client.get(with_query(path, at=newest)) for path in EVERY}
    declare(client, NIGHT[60])
    for path, answer in before.items():
        again = client.get(with_query(path, at=newest))
        assert (again.content, again.headers["ETag"]) == (answer.content, answer.headers["ETag"])
    assert client.get(API).json()["seq"] == newest + 1


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("at=9999", 404),
        ("at=22&epoch=other", 404),
        ("at=-1", 422),
        ("at=x", 422),
        ("at=", 422),
        ("at=1.5", 422),
        ("at=1_0", 422),
        ("at=%2B3", 422),
        ("at=3.0", 422),
        ("at=%203", 422),
        ("at=%D9%A3", 422),
        ("at=99999999999999999999", 422),
        ("at=22&convention=other", 422),
    ],
)
def test_an_entry_that_there_is_not_is_said(client: httpx2.Client, query: str, status: int) -> None:
    for path in (*EVERY, f"{API}/feed.atom", f"{PAGES}/card.png", f"{PAGES}/councils/medway/card.png"):
        answer = client.get(f"{path}{'&' if '?' in path else '?'}{query}")
        assert answer.status_code == status
        assert "Cache-Control" not in answer.headers
        if query == "at=9999":
            assert re.search(r"The log ends at entry \d+: there is no entry 9999 yet\.", answer.text)


def test_what_is_no_moment_is_nothing(client: httpx2.Client) -> None:
    """The list of elections has no past, and what else stands in a query says nothing."""
    now = client.get(PAGES, headers={"Accept-Encoding": "identity"})
    for query in ("At=22", "att=22", "seq=22"):
        assert client.get(f"{PAGES}?{query}").headers["ETag"] == now.headers["ETag"]
    assert client.get("/api/v1/elections?at=3").json() == client.get("/api/v1/elections").json()


def test_the_address_of_the_only_election_leads_to_the_same_moment(client: httpx2.Client) -> None:
    for query in ("at=22", "at=9999", "at=22&epoch=other&convention=pa", "party=LAB"):
        led = client.get(f"/?{query}&utm_source=letter", follow_redirects=False)
        assert dict(parse_qsl(urlsplit(led.headers["Location"]).query)) == dict(parse_qsl(query))
        assert (led.status_code, led.headers["Cache-Control"]) == (307, FRESH)
        assert client.get(f"/?{query}", follow_redirects=True).text == client.get(f"{PAGES}?{query}").text
    assert client.get("/", follow_redirects=False).headers["Location"] == PAGES


def test_a_rehearsal_of_the_past_is_not_held_for_the_night_itself(tmp_path) -> None:
    with Server(f"sqlite:///{tmp_path / 'night.db'}", rehearsal=True) as running, running.client() as client:
        declare(client, NIGHT[0])
        epoch = client.get(API).json()["epoch"]
        answer = client.get(API, params={"at": 1, "epoch": epoch})
        assert answer.headers["Cache-Control"] == FOR_A_WHILE
        assert list(answer.json())[:2] == ["rehearsal", "as_at"]
        assert client.get(API).headers["Cache-Control"] == FRESH
        page = client.get(PAGES, params={"at": 1}).text
        assert "TEST: At entry 1: " in page
