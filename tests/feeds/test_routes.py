"""Feeds and files from outside: a real server after a night of declarations, a correction and a withdrawal."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree as ET

import httpx2
import pytest

from app.addresses import FILES
from app.bundles.exporting import COLUMNS, DC_COLUMNS
from app.bundles.forms import FORMS
from app.domain.alerts import LOGGED
from app.feeds.routes import FeedKind
from app.wording.alerts import FEED_HEADINGS
from tests.running import KENT, Server, declare, declared

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
API = "/api/v1/elections/kent-2023"
ATOM = "{http://www.w3.org/2005/Atom}"
AT = "2023-05-05T07:10:00+01:00"


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    """Thirty declarations; then Strood Rural is corrected, and Watling withdrawn."""
    with Server(f"sqlite:///{tmp_path_factory.mktemp('feeds') / 'night.db'}") as running:
        with running.client() as client:
            for body in NIGHT[:30]:
                declare(client, body)
            strood = next(seq for seq, body in enumerate(NIGHT, 1) if ".strood-rural." in body["ballot_id"])
            original = NIGHT[strood - 1]
            swapped = dict(original["votes"])
            (first, most), *_, (last, least) = sorted(swapped.items(), key=lambda item: -item[1])
            swapped[first], swapped[last] = least, most
            correction = {**original, "kind": "correction", "replaces": strood, "at": AT, "votes": swapped}
            correction["reason"] = "two bundles <were> swapped & counted again"
            del correction["elected"]
            declare(client, correction)
            watling = next(seq for seq, body in enumerate(NIGHT, 1) if ".watling." in body["ballot_id"])
            declare(client, {"kind": "withdrawal", "replaces": watling, "reason": "read out too early", "at": AT})
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[httpx2.Client]:
    with server.client() as opened:
        yield opened


def feed(client: httpx2.Client, **query: object) -> ET.Element:
    answer = client.get(f"{API}/feed.atom", params=query)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    return ET.fromstring(answer.content)


def test_a_rehearsal_says_so_wherever_it_is_read_and_is_not_kept_for_the_night(tmp_path) -> None:
    database = f"sqlite:///{tmp_path / 'night.db'}"
    council = f"{API}/councils/medway"
    places = (API, council, f"{API}/declarations", f"{API}/export.json", f"{API}/feed.atom", "/elections/kent-2023")
    with Server(database, rehearsal=True) as rehearsal, rehearsal.client() as client:
        for body in NIGHT[:3]:
            declare(client, body)
        for path in ("/api/v1/elections", *places[:4]):
            assert next(iter(client.get(path).json().items())) == ("rehearsal", True)
        titles = [str(element.text) for element in feed(client).iter(f"{ATOM}title")]
        assert len(titles) == 4
        assert all(title.startswith("TEST: ") for title in titles)
        at = client.get(API).json()
        card = f"/elections/kent-2023/card.png?seq={at['seq']}&epoch={at['epoch']}"
        assert "immutable" not in client.get(card).headers["Cache-Control"]
        tags = {path: client.get(path).headers["ETag"] for path in (*places, card)}
        assert declared("verify", "--url", rehearsal.url, database=database).returncode == 0
    night = Server(database)
    night.port = rehearsal.port
    with night, night.client() as client:
        for path, etag in tags.items():
            answer = client.get(path, headers={"If-None-Match": etag})
            assert answer.status_code == 200, path
            assert b"rehearsal" not in answer.content
            assert b"TEST" not in answer.content


def titles(feed: ET.Element) -> list[str]:
    return [str(entry.findtext(f"{ATOM}title")) for entry in feed.findall(f"{ATOM}entry")]


@pytest.mark.parametrize(
    "query", [{}, {"council": "medway"}, {"flips": 1}, {"council": "medway", "flips": 1}, {"kind": "flip"}]
)
def test_a_feed_has_what_the_format_asks_for(client: httpx2.Client, query) -> None:
    """RFC 4287: one id, title and time each, an author, a link to itself, content or a link to it."""
    root = feed(client, **query)
    assert root.tag == f"{ATOM}feed"
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    itself = root.find(f"{ATOM}link[@rel='self']").get("href")
    assert client.get(itself).status_code == 200
    assert client.get(itself).content == client.get(f"{API}/feed.atom", params=query).content
    entries = root.findall(f"{ATOM}entry")
    ids = [node.findtext(f"{ATOM}id") for node in [root, *entries]]
    assert len(set(ids)) == len(ids)
    assert all(str(identity).startswith("tag:kent-2023,2023-05-04:") for identity in ids)
    times = [datetime.fromisoformat(str(node.findtext(f"{ATOM}updated"))) for node in [root, *entries]]
    assert all(time.tzinfo is not None for time in times)
    assert times[0] == max(times)
    for node in entries:
        for name in ("id", "title", "updated", "content"):
            assert len(node.findall(f"{ATOM}{name}")) == 1
            assert node.findtext(f"{ATOM}{name}")
        assert client.get(node.find(f"{ATOM}link").get("href")).status_code == 200


def test_a_correction_is_an_entry_of_its_own_that_says_what_changed(client: httpx2.Client) -> None:
    told = feed(client)
    withdrawal, correction, *others = told.findall(f"{ATOM}entry")
    title = str(correction.findtext(f"{ATOM}title"))
    assert title.startswith("Correction to Strood Rural (Medway): ")
    assert "gain a seat from" in title
    content = str(correction.findtext(f"{ATOM}content"))
    assert "Reason: two bundles <were> swapped & counted again." in content
    assert correction.find(f"{ATOM}category").get("term") == "correction"
    assert str(withdrawal.findtext(f"{ATOM}title")).startswith("Withdrawn: Watling (Medway) is undeclared again, ")
    assert len(others) == 30, "what was corrected stays as it was told"


def test_an_entry_links_to_what_its_title_is_about(client: httpx2.Client) -> None:
    links = {
        str(entry.findtext(f"{ATOM}title")): entry.find(f"{ATOM}link").get("href")
        for entry in feed(client).findall(f"{ATOM}entry")
    }
    assert links["LAB gain Medway from CON"].endswith("/elections/kent-2023/councils/medway")
    correction = next(link for title, link in links.items() if title.startswith("Correction to Strood Rural"))
    assert correction.endswith(".strood-rural.2023-05-04")


def test_ids_stay_when_more_is_declared(server: Server, client: httpx2.Client) -> None:
    before = [node.findtext(f"{ATOM}id") for node in feed(client).findall(f"{ATOM}entry")]
    declare(client, {"kind": "note", "text": "All quiet", "at": AT})
    after = [node.findtext(f"{ATOM}id") for node in feed(client).findall(f"{ATOM}entry")]
    assert after[1:] == before


def test_a_feed_of_one_council_or_of_flips_alone(client: httpx2.Client) -> None:
    assert "LAB gain Medway from CON" in titles(feed(client, flips=1))
    assert len(titles(feed(client, flips=1))) < 5
    assert len(titles(feed(client, council="medway"))) == 26
    assert titles(feed(client, council="thanet")) == []
    assert titles(feed(client, flips=0)) == titles(feed(client))


def test_a_feed_of_one_kind_of_alert_has_its_own_id_and_the_entries_theirs(client: httpx2.Client) -> None:
    assert titles(feed(client, kind="flip")) == titles(feed(client, flips=1))
    assert [title.split(",")[0].split(" to ")[0] for title in titles(feed(client, kind="correction"))] == [
        "Withdrawn: Watling (Medway) is undeclared again",
        "Correction",
    ]
    assert titles(feed(client, kind="certain", council="thanet")) == []
    assert set(FEED_HEADINGS) == {None, *LOGGED}
    assert set(get_args(FeedKind)) == {kind.value for kind in LOGGED}
    of_all = {node.findtext(f"{ATOM}id") for node in feed(client).findall(f"{ATOM}entry")}
    for kind in LOGGED:
        root = feed(client, kind=kind.value)
        assert root.findtext(f"{ATOM}id").endswith(f"/kent-2023/feed.atom?kind={kind}")
        assert root.findtext(f"{ATOM}title") == f"Kent council elections 2023: {FEED_HEADINGS[kind]}"
        assert {node.findtext(f"{ATOM}id") for node in root.findall(f"{ATOM}entry")} <= of_all


def test_the_page_of_changes_leads_to_the_feed_of_every_kind(client: httpx2.Client) -> None:
    page = client.get("/elections/kent-2023/flips").text
    for kind in LOGGED:
        assert f"{API}/feed.atom?kind={kind}" in page


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("council=atlantis", 404),
        ("council=", 404),
        ("flips=perhaps", 422),
        ("flips=2", 422),
        ("convention=x", 422),
        ("kind=overdue", 422),
        ("kind=x", 422),
    ],
)
def test_a_filter_that_cannot_be_is_said(client: httpx2.Client, query: str, status: int) -> None:
    answer = client.get(f"{API}/feed.atom?{query}")
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("application/problem+json")


def test_files_over_http_are_those_of_the_command(server: Server, client: httpx2.Client, tmp_path) -> None:
    assert FILES.keys() == FORMS.keys()
    for form, address in FILES.items():
        path = address.to(slug="kent-2023")
        answer = client.get(path)
        assert answer.status_code == 200
        written = declared(
            "export", "kent-2023", "--format", form, "--output", tmp_path, database=server.database
        ).stdout.strip()
        assert Path(written).read_bytes() == answer.content
        assert path.endswith("json") or answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert f'filename="{written.rpartition("/")[2]}"' in answer.headers["Content-Disposition"]
        assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_data_package_is_of_its_moment_and_stays_what_it_was(server: Server, client: httpx2.Client, tmp_path) -> None:
    answer = client.get(f"{API}/datapackage.json", params={"convention": "pa"})
    package = answer.json()
    assert package["id"] in package["citation"]
    written = declared(
        "export", "kent-2023", "--format", "datapackage", "--output", tmp_path, database=server.database
    ).stdout.strip()
    descriptor = json.loads(Path(written).read_text("utf-8"))
    assert [it["name"] for it in package["resources"]] == [it["name"] for it in descriptor["resources"]]
    for resource, own in zip(package["resources"], descriptor["resources"], strict=True):
        assert resource["schema"] == own["schema"]
        # The strict client has no other way to an address than its path.
        table = client.get(resource["path"].removeprefix(server.url))
        assert "immutable" in table.headers["Cache-Control"]
        if resource["name"] != "councils":
            assert table.content == (Path(written).parent / own["path"]).read_bytes()
    councils = next(it for it in package["resources"] if it["name"] == "councils")
    rows = csv.DictReader(io.StringIO(client.get(councils["path"].removeprefix(server.url)).text))
    assert {row["convention"] for row in rows} == {"pa"}


def test_democracy_clubs_columns_have_the_right_values(client: httpx2.Client) -> None:
    text = client.get(f"{API}/export.dc.csv").text
    assert text.splitlines()[0] == (
        "election_id,ballot_paper_id,person_id,party_id,party_name,person_name,ballots_cast,elected,"
        "spoilt_ballots,turnout,turnout_percentage,total_electorate,source"
    )
    assert text.splitlines()[0].split(",") == list(DC_COLUMNS)
    rows = list(csv.DictReader(io.StringIO(text)))
    first = NIGHT[0]
    own = [row for row in rows if row["ballot_paper_id"] == first["ballot_id"]]
    assert {row["person_id"]: int(row["ballots_cast"]) for row in own} == first["votes"]
    assert {row["person_id"] for row in own if row["elected"] == "t"} == set(first["elected"])
    assert {row["turnout"] for row in own} == {str(first["ballots"])}
    assert {row["election_id"] for row in own} == {"local.medway.2023-05-04"}
    assert not [row for row in rows if ".watling." in row["ballot_paper_id"]], "it was withdrawn"


def test_every_file_holds_everything(client: httpx2.Client) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(f"{API}/export.csv").content.decode("utf-8-sig"))))
    assert list(rows[0]) == list(COLUMNS)
    held = client.get(f"{API}/export.json").json()
    contests = {contest["ballot_id"]: contest for council in held["councils"] for contest in council["contests"]}
    assert {row["ballot_id"] for row in rows} == contests.keys()
    for row in rows:
        candidates = {it["candidacy_id"]: it for it in contests[row["ballot_id"]]["candidates"]}
        if row["candidacy_id"]:
            votes = candidates[row["candidacy_id"]]["votes"]
            assert row["votes"] == ("" if votes is None else str(votes))
    assert (held["slug"], held["convention"]) == ("kent-2023", "bbc")
    assert client.get(f"{API}/export.json?convention=pa").json()["convention"] == "pa"
