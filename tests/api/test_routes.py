"""The API from outside: a real server, real sockets, a real database file."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from tests.running import KENT, Server, declare, declared, post
from tests.strictness import strict_client

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
SLUG = "kent-2023"


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    with Server(f"sqlite:///{tmp_path / 'night.db'}") as running:
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[httpx2.Client]:
    with server.client() as opened:
        yield opened


@pytest.fixture(scope="module")
def read_server(tmp_path_factory) -> Iterator[Server]:
    """One that the tests only read from, after the first thirty declarations."""
    with Server(f"sqlite:///{tmp_path_factory.mktemp('read') / 'night.db'}") as running:
        with running.client() as client:
            for body in NIGHT[:30]:
                declare(client, body)
        yield running


@pytest.fixture
def reader(read_server: Server) -> Iterator[httpx2.Client]:
    with read_server.client() as opened:
        yield opened


def ward_of(night: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(body for body in night if f".{name}." in body["ballot_id"])


# Posting


def test_a_declaration_answers_what_it_did(client: httpx2.Client) -> None:
    answer = declare(client, NIGHT[0])
    assert (answer["seq"], answer["flipped"], answer["flash"]) == (1, False, None)
    council = answer["council"]
    assert list(council) == [
        "council_id",
        "name",
        "total_seats",
        "majority",
        "seats",
        "continuing",
        "declared_seats",
        "seats_to_come",
        "vacant",
        "contests_declared",
        "contests_put_off",
        "contests_total",
        "complete",
        "control",
        "before",
        "outcome",
        "badge",
        "change",
        "change_basis",
        "largest",
        "majority_over_others",
        "needs",
        "boundary_change",
        "kind",
        "cycle",
        "gss",
        "region",
        "control_party",
        "before_party",
        "first_since",
        "turnout",
        "turnout_covers",
        "share",
        "covers",
    ]
    assert council["seats"] == {"PP53": 3}
    assert council["control"] == {"state": "undecided", "party": None, "certain": False, "since_seq": None}
    assert council["needs"] == {"PP53": 27, "PP52": 30}
    assert council["before"] == {"control": "PP52", "basis": "eve"}


def test_the_first_flip_is_answered_with_its_flash_line(reader: httpx2.Client) -> None:
    log = reader.get(f"/api/v1/elections/{SLUG}/declarations").json()
    flashes = [(row["seq"], row["flash"]) for row in log["declarations"] if row["flash"]]
    assert flashes == [(22, "LAB gain Medway from CON")]
    medway = reader.get(f"/api/v1/elections/{SLUG}/councils/medway").json()
    assert medway["control"] == {"state": "majority", "party": "PP53", "certain": True, "since_seq": 22}
    assert (medway["badge"], medway["outcome"], medway["majority_over_others"]) == ("LAB gain from CON", "gain", 7)


def test_a_flip_is_asked_about_before_it_goes_on_air(client: httpx2.Client) -> None:
    for body in NIGHT[:21]:
        declare(client, body)
    refused = post(client, NIGHT[21])
    assert refused.status_code == 422
    assert [error["code"] for error in refused.json()["errors"]] == ["W07"]
    assert "LAB gain from CON" in refused.json()["detail"]
    accepted = post(client, {**NIGHT[21], "confirm": ["W07"]})
    assert accepted.status_code == 201
    assert accepted.json()["flipped"] is True
    assert [warning["code"] for warning in accepted.json()["warnings"]] == ["W07"]


def test_the_public_log_says_what_was_confirmed_and_not_by_whom(client: httpx2.Client) -> None:
    for body in NIGHT[:21]:
        declare(client, body)
    post(client, {**NIGHT[21], "confirm": ["W07", "W01"]})
    answer = client.get(f"/api/v1/elections/{SLUG}/declarations?after=20&limit=2")
    assert [row["confirm"] for row in answer.json()["declarations"]] == [[], ["W07"]]
    assert "confirmed" not in answer.text
    assert "token:" not in answer.text


def test_an_incomplete_complete_tally_is_refused_and_says_what_it_sums_to(client: httpx2.Client) -> None:
    seats = {"PP52": 23, "PP90": 11, "ynmp-party:2": 10, "PP53": 5, "PP63": 3}
    refused = post(client, {"kind": "tally", "council_id": "maidstone", "seats": seats, "complete": True})
    assert refused.status_code == 422
    assert refused.headers["Content-Type"].startswith("application/problem+json")
    (error,) = refused.json()["errors"]
    assert error["code"] == "F10"
    assert "sums to 52 of 55" in error["detail"]
    assert client.get(f"/api/v1/elections/{SLUG}").json()["seq"] == 0


def test_a_time_that_is_still_to_come_is_asked_about(client: httpx2.Client) -> None:
    asked = post(client, {**NIGHT[0], "at": "2099-05-05T03:12:00+01:00"})
    assert [(error["code"], error["field"]) for error in asked.json()["errors"]] == [("W17", "at")]
    assert post(client, {**NIGHT[0], "at": "2099-05-05T03:12:00+01:00", "confirm": ["W17"]}).status_code == 201


def test_the_total_that_was_read_out_is_compared_kept_and_exported(client: httpx2.Client) -> None:
    figures = {"valid": NIGHT[0]["ballots"] - 5, "rejected": 5, "total": sum(NIGHT[0]["votes"].values())}
    refused = post(client, {**NIGHT[0], **figures, "total": figures["total"] + 9})
    assert [(error["code"], error["field"]) for error in refused.json()["errors"]] == [("F15", "total")]
    declare(client, {**NIGHT[0], **figures})
    (row,) = client.get(f"/api/v1/elections/{SLUG}/declarations").json()["declarations"]
    assert {name: row[name] for name in figures} == figures
    council = client.get(f"/api/v1/elections/{SLUG}/councils/medway").json()
    contest = next(it for it in council["contests"] if it["ballot_id"] == NIGHT[0]["ballot_id"])
    assert {name: contest[name] for name in figures} == figures


def test_the_same_key_and_body_is_answered_again_and_adds_nothing(client: httpx2.Client) -> None:
    first = post(client, NIGHT[0], key="k1")
    again = post(client, {**NIGHT[0], "confirm": ["W01"]}, key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    other = post(client, NIGHT[1], key="k1")
    assert other.status_code == 422
    assert client.get(f"/api/v1/elections/{SLUG}").json()["seq"] == 1


def test_a_refused_post_leaves_its_key_free(client: httpx2.Client) -> None:
    wrong = {**NIGHT[0], "votes": {**NIGHT[0]["votes"], "k23-b1c94a6e": 99999}}
    assert post(client, wrong, key="k1").status_code == 422
    assert post(client, NIGHT[0], key="k1").status_code == 201


def test_a_contest_is_declared_once_and_the_second_is_told_what_stands(client: httpx2.Client) -> None:
    declare(client, NIGHT[0])
    again = post(client, NIGHT[0])
    assert again.status_code == 409
    assert again.json()["seq"] == 1


def test_many_at_once_with_the_same_key_declare_once(client: httpx2.Client) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: post(client, NIGHT[0], key="same"), range(32)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert client.get(f"/api/v1/elections/{SLUG}").json()["seq"] == 1


def test_many_at_once_without_a_key_declare_once_and_the_rest_are_told(client: httpx2.Client) -> None:
    with ThreadPoolExecutor(16) as pool:
        statuses = sorted(pool.map(lambda _: post(client, NIGHT[0]).status_code, range(16)))
    assert statuses == [201] + [409] * 15


def test_a_correction_moves_everything_and_a_withdrawal_moves_it_back(client: httpx2.Client) -> None:
    for body in NIGHT[:24]:
        declare(client, body)
    before = client.get(f"/api/v1/elections/{SLUG}/councils/medway").json()
    votes = dict(NIGHT[0]["votes"])
    labour, liberal = "k23-b0547787", "k23-c8637069"
    votes[labour], votes[liberal] = votes[liberal], votes[labour]
    elected = ["k23-17bbf00c", "k23-4ed3573f", liberal]
    correction = {**NIGHT[0], "kind": "correction", "replaces": 1, "reason": "Two piles exchanged.", "votes": votes}
    same = post(client, {**correction, "votes": NIGHT[0]["votes"]})
    assert (same.status_code, [error["code"] for error in same.json()["errors"]]) == (422, ["unchanged"])
    answer = declare(client, {**correction, "elected": elected})
    assert answer["council"]["seats"] == {"PP53": 32, "PP52": 22, "ynmp-party:2": 4, "PP90": 1}
    medway = client.get(f"/api/v1/elections/{SLUG}/councils/medway").json()
    contest = next(it for it in medway["contests"] if it["ballot_id"] == NIGHT[0]["ballot_id"])
    assert {it["candidacy_id"] for it in contest["candidates"] if it["elected"]} == {*elected}
    assert [(it["kind"], it["reason"]) for it in contest["history"]] == [("correction", "Two piles exchanged.")]
    stale = post(client, {"kind": "withdrawal", "replaces": 1, "reason": "x"})
    assert (stale.status_code, stale.json()["seq"]) == (409, 25)
    declare(client, {"kind": "withdrawal", "replaces": 25, "reason": "Announced for the wrong ward."})
    medway = client.get(f"/api/v1/elections/{SLUG}/councils/medway").json()
    assert medway["seats_to_come"] == 3
    assert medway["seats"] == {"PP53": 30, "PP52": 22, "ynmp-party:2": 4}
    declare(client, NIGHT[0])
    after = client.get(f"/api/v1/elections/{SLUG}/councils/medway").json()
    assert {**after, "contests": 0, "control": 0} == {**before, "contests": 0, "control": 0}
    assert after["control"]["since_seq"] == before["control"]["since_seq"] == 22, "it stood unbroken"


def test_withdrawing_the_deciding_ward_takes_the_badge_back(client: httpx2.Client) -> None:
    for body in NIGHT[:22]:
        declare(client, body)
    gone = post(client, {"kind": "withdrawal", "replaces": 22, "reason": "Read out too early."})
    assert [error["code"] for error in gone.json()["errors"]] == ["W07"]
    answer = declare(client, {"kind": "withdrawal", "replaces": 22, "reason": "Read out too early."})
    assert (answer["flipped"], answer["flash"], answer["council"]["badge"]) == (True, None, None)
    assert answer["council"]["control"]["state"] == "undecided"


def test_statuses_and_notes_are_entries_of_the_log(client: httpx2.Client) -> None:
    ballot = NIGHT[0]["ballot_id"]
    assert declare(client, {"kind": "status", "ballot_id": ballot, "status": "recount", "note": "Two votes in it"})
    assert (
        declare(client, {"kind": "status", "council_id": "swale", "status": "counting"})["council"]["council_id"]
        == "swale"
    )
    night_note = declare(client, {"kind": "note", "text": "Turnout looks high in Thanet."})
    assert night_note["council"] is None
    rows = client.get(f"/api/v1/elections/{SLUG}/declarations").json()["declarations"]
    assert [(row["seq"], row["kind"]) for row in rows] == [(1, "status"), (2, "status"), (3, "note")]
    assert rows[0]["status"] == "recount"
    assert rows[2]["text"] == "Turnout looks high in Thanet."


def test_a_countermanded_contest_has_vacant_seats_and_takes_no_result(client: httpx2.Client) -> None:
    body = ward_of(NIGHT, "seasalter")
    answer = declare(client, {"kind": "status", "ballot_id": body["ballot_id"], "status": "countermanded"})
    assert (answer["council"]["vacant"], answer["council"]["seats_to_come"]) == (2, 37)
    refused = post(client, body)
    assert [error["code"] for error in refused.json()["errors"]] == ["F01"]


def test_a_tie_across_the_last_seat_needs_the_drawn_name(client: httpx2.Client) -> None:
    body = ward_of(NIGHT, "seasalter")
    unnamed = {key: value for key, value in body.items() if key != "elected"}
    refused = post(client, unnamed)
    assert [error["code"] for error in refused.json()["errors"]] == ["F09"]
    declare(client, body)
    council = client.get(f"/api/v1/elections/{SLUG}/councils/canterbury").json()
    contest = next(it for it in council["contests"] if it["ballot_id"] == body["ballot_id"])
    tied = [it for it in contest["candidates"] if it["by_lot"]]
    assert [(it["votes"], it["rank"], it["elected"]) for it in tied] == [(825, 2, True), (825, 3, False)]


def test_an_incomplete_tally_gives_way_and_a_complete_one_needs_a_correction(client: httpx2.Client) -> None:
    tally = {"kind": "tally", "council_id": "swale", "complete": False}
    declare(client, {**tally, "seats": {"PP53": 5}})
    declare(client, {**tally, "seats": {"PP53": 10, "PP52": 5}})
    complete = {**tally, "complete": True, "seats": {"PP53": 20, "PP52": 20, "PP90": 7}}
    answer = declare(client, complete)
    assert answer["council"]["badge"] == "NOC hold"
    again = post(client, complete)
    assert (again.status_code, again.json()["seq"]) == (409, 3)
    correction = {"kind": "correction", "replaces": 3, "reason": "Misheard.", "complete": True}
    answer = declare(client, {**correction, "seats": {"PP53": 24, "PP52": 16, "PP90": 7}})
    assert answer["council"]["badge"] == "LAB gain from NOC"


# Refusing

BALLOT = NIGHT[0]["ballot_id"]
UNDECLARED = NIGHT[40]["ballot_id"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (b"\xff\xfe", 400),
        (b'{"kind": "note", "text": NaN}', 400),
        (b'{"kind": "note", "kind": "note", "text": "x"}', 400),
        (b'{"kind": "note", "text": "\\ud800"}', 400),
        (b"[" * 30_000, 400),
        (b"[]", 422),
        (b"null", 422),
        (b'{"kind": "coup"}', 422),
        (b'{"kind": "note"}', 422),
        (b'{"kind": "note", "text": ""}', 422),
        (b'{"kind": "note", "text": "x", "at": "yesterday"}', 422),
        (b'{"kind": "note", "text": "x", "at": "2023-05-05T02:00:00"}', 422),
        (b'{"kind": "note", "text": "x", "council_id": "atlantis"}', 404),
        (b'{"kind": "withdrawal", "replaces": 99, "reason": "x"}', 404),
        (b'{"kind": "withdrawal", "replaces": 99}', 422),
        (json.dumps({"kind": "ward", "ballot_id": "local.nowhere.2023-05-04", "votes": {}}).encode(), 404),
        (json.dumps({"kind": "ward", "ballot_id": UNDECLARED}).encode(), 422),
        (json.dumps({"kind": "ward", "ballot_id": UNDECLARED, "votes": {"a": -1}}).encode(), 422),
        (json.dumps({"kind": "ward", "ballot_id": UNDECLARED, "votes": {"a": 1.5}}).encode(), 422),
        (json.dumps({"kind": "ward", "ballot_id": UNDECLARED, "votes": {"a": "12abc"}}).encode(), 422),
        (json.dumps({"kind": "ward", "ballot_id": UNDECLARED, "seats": {"NOC": 3}}).encode(), 422),
        (json.dumps({"kind": "ward", "ballot_id": UNDECLARED, "seats": {"PP53": 4}}).encode(), 422),
        (json.dumps({"kind": "status", "status": "counting"}).encode(), 422),
        (json.dumps({"kind": "status", "council_id": "swale", "status": "countermanded"}).encode(), 422),
        (json.dumps({"kind": "tally", "council_id": "swale", "seats": {"PP53": 48}, "complete": False}).encode(), 422),
    ],
)
def test_what_cannot_be_declared_is_refused_and_nothing_is_half_made(
    reader: httpx2.Client, body: bytes, status: int
) -> None:
    headers = {"Content-Type": "application/json"}
    refused = reader.post(f"/api/v1/elections/{SLUG}/declarations", content=body, headers=headers)
    assert refused.status_code == status, refused.text
    problem = refused.json()
    assert {"type", "title", "status", "detail", "errors"} <= set(problem)
    assert problem["status"] == status
    assert problem["detail"]
    assert reader.get(f"/api/v1/elections/{SLUG}").json()["seq"] == 30


def test_all_that_is_wrong_is_said_at_once(reader: httpx2.Client) -> None:
    refused = post(reader, {"kind": "ward", "ballot_id": 3, "votes": {"a": -1, "b": 2.5}, "unheard": 1})
    assert [error["field"] for error in refused.json()["errors"]] == ["ballot_id", "votes.a", "votes.b", "unheard"]
    body = NIGHT[40]
    first, *_ = body["votes"]
    wrong = {**body, "votes": {**body["votes"], first: 90_000}, "ballots": 100, "elected": ["nobody"]}
    codes = {error["code"] for error in post(reader, wrong).json()["errors"]}
    assert codes == {"F02", "F04", "F05", "F07"}


def test_who_may_not_post_is_told_so(read_server: Server, reader: httpx2.Client) -> None:
    path = f"/api/v1/elections/{SLUG}/declarations"
    with strict_client(read_server.url) as stranger:
        anonymous = stranger.post(path, json=NIGHT[30])
    assert anonymous.status_code == 401
    assert anonymous.headers["WWW-Authenticate"] == "Bearer"
    forged = reader.post(path, json=NIGHT[30], headers={"Authorization": "Bearer nonsense"})
    assert forged.status_code == 401
    key = declared("token", "add", "a keyer", "--scope", "key", database=read_server.database).stdout.strip()
    queued = reader.post(path, json=NIGHT[30], headers={"Authorization": f"Bearer {key}"})
    assert queued.status_code == 202, "it waits for a second check"
    assert reader.get(f"/api/v1/elections/{SLUG}").json()["seq"] == 30


def test_other_types_and_sizes_are_refused(reader: httpx2.Client) -> None:
    path = f"/api/v1/elections/{SLUG}/declarations"
    assert reader.post(path, content=b"x=1", headers={"Content-Type": "text/plain"}).status_code == 415
    large = json.dumps({"kind": "note", "text": "x" * 70_000}).encode()
    assert reader.post(path, content=large, headers={"Content-Type": "application/json"}).status_code == 413
    assert post(reader, NIGHT[30], slug="atlantis").status_code == 404


# Reading


def test_the_elections_are_listed(reader: httpx2.Client) -> None:
    (election,) = reader.get("/api/v1/elections").json()["elections"]
    assert (election["slug"], election["seq"], election["convention"]) == (SLUG, 30, "bbc")


def test_an_election_has_its_councils_and_scoreboard_under_a_convention(reader: httpx2.Client) -> None:
    bbc = reader.get(f"/api/v1/elections/{SLUG}").json()
    pa = reader.get(f"/api/v1/elections/{SLUG}", params={"convention": "pa"}).json()
    assert list(bbc)[:7] == ["slug", "name", "seq", "epoch", "convention", "councils", "scoreboard"]
    assert (bbc["convention"], pa["convention"]) == ("bbc", "pa")
    assert len(bbc["councils"]) == 13
    maidstone = {
        key: next(it for it in view["councils"] if it["council_id"] == "maidstone")
        for key, view in {"bbc": bbc, "pa": pa}.items()
    }
    assert maidstone["bbc"]["before"] == {"control": "PP52", "basis": "bbc"}
    assert maidstone["pa"]["before"] == {"control": "NOC", "basis": "eve"}
    for council in bbc["councils"]:
        parts = ("continuing", "declared_seats", "seats_to_come", "vacant")
        assert sum(council[part] for part in parts) == council["total_seats"]
    labour = next(row for row in bbc["scoreboard"] if row["party_id"] == "PP53")
    assert list(labour)[:5] == ["party_id", "councils", "councils_change", "seats", "seats_change"]
    assert (labour["councils"], labour["councils_change"]) == (1, 1)


def test_the_log_is_read_in_pages(reader: httpx2.Client) -> None:
    path = f"/api/v1/elections/{SLUG}/declarations"
    seen, after = [], 0
    while after is not None:
        page = reader.get(path, params={"after": after, "limit": 7}).json()
        seen += [row["seq"] for row in page["declarations"]]
        after = page["next"]
    assert seen == list(range(1, 31))
    row = reader.get(path, params={"after": 0, "limit": 1}).json()["declarations"][0]
    assert row["votes"] == NIGHT[0]["votes"]
    assert (row["at"], row["council_id"], row["replaces"]) == (NIGHT[0]["at"], "medway", None)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/elections/atlantis", 404),
        (f"/api/v1/elections/{SLUG}?convention=nbc", 422),
        (f"/api/v1/elections/{SLUG}/councils/atlantis", 404),
        (f"/api/v1/elections/{SLUG}/councils/medway?convention=nbc", 422),
        (f"/api/v1/elections/{SLUG}/declarations?after=-1", 422),
        (f"/api/v1/elections/{SLUG}/declarations?limit=0", 422),
        (f"/api/v1/elections/{SLUG}/declarations?limit=1001", 422),
        (f"/api/v1/elections/{SLUG}/declarations?after=x", 422),
        (f"/api/v1/elections/{SLUG}/declarations?after=1_0", 422),
        (f"/api/v1/elections/{SLUG}/declarations?limit=%2B3", 422),
        ("/api/v1/nothing", 404),
    ],
)
def test_what_cannot_be_read_is_a_problem(reader: httpx2.Client, path: str, status: int) -> None:
    answer = reader.get(path)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("application/problem+json")


PUBLIC = [
    "/api/v1/elections",
    f"/api/v1/elections/{SLUG}",
    f"/api/v1/elections/{SLUG}/councils/medway",
    f"/api/v1/elections/{SLUG}/declarations",
    f"/api/v1/elections/{SLUG}/export.csv",
    f"/api/v1/elections/{SLUG}/councils.csv",
    f"/api/v1/elections/{SLUG}/feed.atom",
    f"/elections/{SLUG}",
    f"/elections/{SLUG}?convention=pa&state=flipped",
    f"/elections/{SLUG}/councils/medway",
    f"/elections/{SLUG}/contests/{BALLOT}",
]


@pytest.mark.parametrize("path", PUBLIC)
def test_public_reads_carry_an_etag_and_answer_304(reader: httpx2.Client, path: str) -> None:
    first = reader.get(path)
    assert first.status_code == 200
    assert "Set-Cookie" not in first.headers
    again = reader.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    assert reader.get(path, headers={"If-None-Match": '"something else"'}).status_code == 200
    plain = reader.get(path, headers={"Accept-Encoding": "identity"})
    assert plain.content == first.content
    assert "Content-Encoding" not in plain.headers
    assert reader.head(path).headers["ETag"] == first.headers["ETag"]


def test_an_etag_changes_with_what_it_stands_for_and_not_otherwise(client: httpx2.Client) -> None:
    paths = [f"/elections/{SLUG}", f"/elections/{SLUG}/councils/medway", f"/elections/{SLUG}/councils/swale"]
    before = [client.get(path).headers["ETag"] for path in paths]
    declare(client, NIGHT[0])
    after = [client.get(path).headers["ETag"] for path in paths]
    assert [old != new for old, new in zip(before, after, strict=True)] == [True, True, False]


def test_after_a_201_every_read_is_at_that_sequence_or_later(client: httpx2.Client) -> None:
    for body in NIGHT[:12]:
        seq = declare(client, body)["seq"]
        assert client.get(f"/api/v1/elections/{SLUG}").json()["seq"] >= seq
        assert f"since={seq}&amp;" in client.get(f"/elections/{SLUG}").text


def test_machines_find_health_readiness_metrics_and_the_schema(reader: httpx2.Client) -> None:
    assert reader.get("/healthz").status_code == 200
    ready = {"ready": True, "reasons": [], "read_only": False, "warnings": []}
    assert reader.get("/readyz").json() == ready
    assert 'declared_sequence{election="kent-2023"} 30.0' in reader.get("/metrics").text
    schema = reader.get("/openapi.json").json()
    post_schema = schema["paths"]["/api/v1/elections/{slug}/declarations"]["post"]
    assert len(post_schema["requestBody"]["content"]["application/json"]["schema"]["oneOf"]) == 6
    assert {"WardBody", "TallyBody", "CorrectionBody"} <= set(schema["components"]["schemas"])


def test_every_answer_carries_the_strict_headers(reader: httpx2.Client) -> None:
    for path in [f"/elections/{SLUG}", "/api/v1/elections", "/elections/nothing", "/healthz"]:
        headers = reader.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


ELSEWHERE = ["/api/v1/elections", f"/api/v1/elections/{SLUG}", "/api/v1/elections/nothing", "/openapi.json"]


@pytest.mark.parametrize("path", ELSEWHERE)
def test_what_the_api_tells_any_page_may_read(reader: httpx2.Client, path: str) -> None:
    answer = reader.get(path, headers={"Origin": "null"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {"ETag", "Retry-After"} <= set(answer.headers["Access-Control-Expose-Headers"].split(", "))
    if answer.is_success:
        assert "s-maxage" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", [*PUBLIC[:7], f"/live/{SLUG}/events", f"/elections/{SLUG}/card.png", "/embed.js"])
def test_any_page_may_ask_for_what_it_has_not_got_and_may_not_declare(reader: httpx2.Client, path: str) -> None:
    asks = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    answer = reader.options(path, headers={**asks, "Access-Control-Request-Headers": "if-none-match"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    allowed = answer.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert {"if-none-match", "last-event-id"} <= set(allowed)
    assert "authorization" not in allowed
