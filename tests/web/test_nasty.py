"""Nasty values in every field, form, query, path and header of a real server: refused in words, nothing half-made."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from sqlalchemy import text

from app.commands.verifying import verify_server
from app.store import log, sessions
from app.store.engine import Store
from tests.asking import Answer, Header, Line, Request
from tests.builders import a_contest, a_council, an_election
from tests.counts import count
from tests.desks import prepared
from tests.nasty import json_tokens, raw_texts, with_token
from tests.promises import Reached, Trials
from tests.running import Server

SLUG, COUNCIL, BALLOT = "test-2023", "testshire", "local.testshire.north.2023-05-04"
API = f"/api/v1/elections/{SLUG}"
PAGES = f"/elections/{SLUG}"
DESK = f"/desk/{SLUG}"
KEPT = ("head", "entry", "idempotency", "keyed", "staff", "election_rules", "token", "election")
"""The tables in which a refusal leaves nothing; those that count tries, sessions and drafts are not among them."""

VOTES = {"north-LAB-1": 1000, "north-CON-1": 900}
BODIES: Mapping[str, dict[str, Any]] = {
    "ward": {
        "kind": "ward",
        "ballot_id": BALLOT,
        "votes": VOTES,
        "elected": ["north-LAB-1"],
        "ballots": 1910,
        "rejected": 10,
        "turnout": 38.2,
        "source": "the returning officer",
        "at": "2023-05-05T02:20:01+01:00",
        "confirm": ["W01", "W02", "W04", "W07", "W08", "W11"],
    },
    "seats": {"kind": "ward", "ballot_id": BALLOT, "seats": {"PP53": 1}, "confirm": ["W01"]},
    "tally": {"kind": "tally", "council_id": COUNCIL, "seats": {"PP53": 1}, "complete": False, "vacant": 0},
    "status": {"kind": "status", "ballot_id": BALLOT, "status": "recount", "note": "Close."},
    "council status": {"kind": "status", "council_id": COUNCIL, "status": "delayed"},
    "note": {"kind": "note", "council_id": COUNCIL, "text": "Polls have closed."},
    "withdrawal": {"kind": "withdrawal", "replaces": 1, "reason": "Too early."},
    "correction": {"kind": "correction", "replaces": 1, "reason": "A slip.", "text": "Polls closed.", "x": 1},
}
INSIDE = {"votes": "north-LAB-1", "seats": "PP53", "elected": 0, "confirm": 0}
"""What is within a field that is no plain value."""

FORMS: Mapping[str, dict[str, str]] = {
    f"{DESK}/contests/{BALLOT}": {
        **{f"votes.{candidacy}": str(votes) for candidacy, votes in VOTES.items()},
        **dict.fromkeys(
            ("seats.PP53", "ballots", "rejected", "turnout", "source", "at", "drawn", "mode", "person"), ""
        ),
        **dict.fromkeys(("key", "confirm", "flip", "replaces", "reason", "complete", "saved"), ""),
        "action": "review",
    },
    f"{DESK}/councils/{COUNCIL}/tally": {
        "seats.PP53": "1",
        **dict.fromkeys(("vacant", "complete", "source", "at", "key", "confirm", "flip", "replaces", "reason"), ""),
        "action": "review",
    },
    f"{DESK}/contests/{BALLOT}/status": {"status": "recount", "note": "x", "action": "review", "key": "", "person": ""},
    f"{DESK}/councils/{COUNCIL}/status": {"status": "delayed", "note": "x", "action": "", "key": "", "flip": ""},
    f"{DESK}/note": {"text": "x", "action": "", "key": "", "confirm": "", "person": ""},
    f"{DESK}/entries/1/withdraw": {"reason": "x", "action": "review", "key": "", "confirm": "", "flip": ""},
    f"{DESK}/rules": {"persons": "2"},
    "/desk/staff": {"name": "Zoë", "role": "keyer", "password": "a long password"},
    "/desk/staff/keyer/role": {"role": "keyer"},
    "/desk/staff/keyer/password": {"password": "a long password"},
    "/desk/tokens": {"name": "x", "scope": "declare", "election": SLUG, "expires": "12h"},
    "/desk/audit/verify": {"election": SLUG},
    "/desk/login": {"name": "keyer", "password": "a long password", "next": "/desk"},
}
BOARD = ("q", "party", "state", "region", "sort", "view", "theme")
QUERIES: Mapping[str, tuple[str, ...]] = {
    "/": ("x",),
    PAGES: ("convention", *BOARD),
    f"{PAGES}/councils/{COUNCIL}": ("convention",),
    f"{PAGES}/contests/{BALLOT}": ("convention",),
    f"{PAGES}/parties.css": ("convention",),
    f"{PAGES}/rankings/closest": ("convention", "party", "region", "council"),
    f"{API}/rankings/closest": ("convention", "party", "region", "council"),
    f"{API}/rankings/closest.csv": ("convention", "party", "region", "council"),
    f"{PAGES}/parties": ("convention",),
    f"{PAGES}/parties/LAB": ("convention",),
    f"{API}/parties/LAB": ("convention",),
    f"/embed/v1/{SLUG}/parties/LAB": ("convention", "theme", "live"),
    f"{PAGES}/parties/LAB/card.png": ("convention", "size", "seq", "epoch"),
    f"{PAGES}/card.png": ("convention", "size", "seq", "epoch"),
    f"{PAGES}/councils/{COUNCIL}/card.png": ("convention", "size", "seq", "epoch"),
    f"/embed/v1/{SLUG}/overview": ("convention", "theme", "live", "region", "councils"),
    f"/embed/v1/{SLUG}/council/{COUNCIL}": ("convention", "theme", "live"),
    "/oembed": ("url", "format", "maxwidth", "maxheight"),
    "/embed.js": ("x",),
    "/api/v1/elections": ("x",),
    API: ("convention",),
    f"{API}/councils/{COUNCIL}": ("convention",),
    f"{API}/declarations": ("after", "limit", "convention"),
    f"{API}/export.csv": ("convention",),
    f"{API}/councils.csv": ("convention",),
    f"{API}/export.dc.csv": ("convention",),
    f"{API}/export.json": ("convention",),
    f"{API}/feed.atom": ("council", "party", "flips", "kind", "convention"),
    "/healthz": ("x",),
    "/readyz": ("x",),
    "/metrics": ("x",),
    "/desk/login": ("next",),
    "/desk": ("x",),
    DESK: BOARD,
    f"{DESK}/queue": ("x",),
    f"{DESK}/night.json": ("x",),
    f"{DESK}/note": ("council",),
    f"{DESK}/contests/{BALLOT}": ("mode", "correct", "again", "take", "done"),
    f"{DESK}/councils/{COUNCIL}/tally": ("mode", "correct", "again", "take", "done"),
    "/desk/audit": ("person", "council", "kind", "from", "to", "source", "alone", "before", "row", "election"),
    "/desk/audit.csv": ("person", "council", "kind", "from", "to", "source", "alone", "before", "row", "election"),
}
PATHS = (
    "/{}",
    "/static/{}",
    "/elections/{}",
    PAGES + "/{}",
    PAGES + "/councils/{}",
    PAGES + "/contests/{}",
    PAGES + "/councils/{}/card.png",
    "/embed/v1/{}/overview",
    f"/embed/v1/{SLUG}/council/{{}}",
    "/api/v1/elections/{}",
    "/api/v1/elections/{}/declarations",
    API + "/councils/{}",
    "/desk/{}",
    DESK + "/contests/{}",
    DESK + "/councils/{}/tally",
    DESK + "/entries/{}/withdraw",
    "/desk/staff/{}",
)
POSTED_PATHS = (
    "/api/v1/elections/{}/declarations",
    DESK + "/contests/{}",
    DESK + "/councils/{}/status",
    DESK + "/entries/{}/withdraw",
    DESK + "/keyed/ward/{}/take-back",
    DESK + "/keyed/{}/x/take-back",
    "/desk/staff/{}/role",
    "/desk/staff/{}/disable",
    "/desk/sessions/{}/revoke",
    "/desk/tokens/{}/revoke",
)
HEADERS = (
    *("Host", "Accept", "Accept-Encoding", "Accept-Language", "If-None-Match", "If-Modified-Since", "Range", "Cookie"),
    *("Origin", "Referer", "User-Agent", "X-Request-ID", "X-Forwarded-For", "X-Forwarded-Proto", "Forwarded"),
    *("Sec-Fetch-Site", "HX-Request", "Expect", "Connection", "Upgrade", "TE", "Via", "X"),
)
POSTED_HEADERS = ("Authorization", "Content-Type", "Idempotency-Key", "Content-Length", "Transfer-Encoding", "Cookie")
UPGRADE: tuple[Header, ...] = (
    (b"Connection", b"Upgrade"),
    (b"Upgrade", b"websocket"),
    (b"Sec-WebSocket-Key", b"dGhlIHNhbXBsZSBub25jZQ=="),
    (b"Sec-WebSocket-Version", b"13"),
)


@dataclass(frozen=True)
class Place:
    """Somewhere a value is taken: the request that brings one there, and the values there are for it."""

    name: str
    request: Callable[[bytes], Request]
    values: Mapping[str, bytes]

    def some(self, first: int, many: int) -> list[tuple[str, bytes]]:
        """``many`` of the values, beginning with another one in each place."""
        values = list(self.values.items())
        return [values[(first + number) % len(values)] for number in range(min(many, len(values)))]


@dataclass(frozen=True)
class Served:
    """A server with an election whose first entry is a note, an editor who is signed in, and a token."""

    server: Server
    store: Store
    token: bytes
    session: bytes

    @property
    def posts(self) -> tuple[Header, ...]:
        return ((b"Authorization", b"Bearer " + self.token), (b"Content-Type", b"application/json"))

    @property
    def at_desk(self) -> tuple[Header, ...]:
        return (
            (b"Cookie", b"declared=" + self.session),
            (b"Sec-Fetch-Site", b"same-origin"),
            (b"Accept", b"text/html"),
        )

    def footprint(self) -> str:
        """All that is kept, as one hash."""
        hashed = sha256()
        with self.store.reading() as connection:
            for table in KEPT:
                # When a token was used last is no part of it.
                rows = connection.execute(text(f"SELECT * FROM {table}")).mappings()
                kept = [{name: value for name, value in row.items() if name != "last_used_at"} for row in rows]
                hashed.update(repr(kept).encode())
        return hashed.hexdigest()

    def declared(self) -> int:
        with self.store.reading() as connection:
            return log.head(connection, SLUG).seq


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("nasty")
    election = an_election(a_council(a_contest("north"), a_contest("south"), region="South East"))
    ready = prepared(folder, election=election)
    url = f"sqlite:///{ready.file}"
    with Store.open(url) as store:
        with store.writing() as connection:
            session = sessions.open_session(connection, "editor", now=datetime.now(UTC))
        with Server(url, token=ready.tokens["declare"]) as server, Line(server.port) as line:
            served = Served(server, store, ready.tokens["declare"].encode(), session.encode())
            assert line.ask(post(served, json.dumps(BODIES["note"]).encode())).status == 201
            yield served


def post(served: Served, body: bytes, *more: Header) -> Request:
    return Request("POST", f"{API}/declarations".encode(), (*served.posts, *more), body)


def escaped(value: bytes) -> bytes:
    return quote_from_bytes(value, safe="").encode()


def in_a_path(value: bytes) -> bytes:
    """Short enough for a request line, escaped."""
    return escaped(value[:2000])


def typed(fields: Mapping[str, str], name: str, value: bytes) -> bytes:
    """A form with ``value`` in one field."""
    pairs = {**{key: given.encode() for key, given in fields.items()}, name: value}
    return b"&".join(escaped(key.encode()) + b"=" + escaped(given) for key, given in pairs.items())


# Where values are taken


def api_places(served: Served) -> Iterator[Place]:
    values = json_tokens()
    for kind, body in BODIES.items():
        for field in body:
            paths = [(field,), (field, INSIDE[field])] if field in INSIDE else [(field,)]
            for path in paths:
                name = f"a {kind}’s {'.'.join(map(str, path))}"
                yield Place(
                    name, lambda value, body=body, path=path: post(served, with_token(body, path, value)), values
                )
    names = raw_texts()
    yield Place("a body", lambda value: post(served, value), values)
    yield Place("a name", lambda value: post(served, b'{"kind":"note","text":"x","' + value + b'":1}'), names)
    votes = b'{"kind":"ward","ballot_id":"' + BALLOT.encode() + b'","votes":{"'
    yield Place("a candidacy’s id", lambda value: post(served, votes + value + b'":1}}'), names)


def form_places(served: Served) -> Iterator[Place]:
    for path, fields in FORMS.items():
        for action in ("review", "declare") if "action" in fields and path.startswith(DESK) else ("",):
            sent = {**fields, "action": action} if action else fields
            for field in fields:

                def request(value: bytes, path=path, sent=sent, field=field) -> Request:
                    return Request("POST", path.encode(), served.at_desk, typed(sent, field, value))

                yield Place(f"{field} at {path} ({action or 'sent'})", request, raw_texts())
        yield Place(
            f"a form at {path}",
            lambda value, path=path: Request("POST", path.encode(), served.at_desk, value),
            raw_texts(),
        )
    draft = f"{DESK}/drafts/ward/{BALLOT}".encode()
    for field in ("votes.north-LAB-1", "source", "saved", "key"):
        yield Place(
            f"{field} of a draft",
            lambda value, field=field: Request("PUT", draft, served.at_desk, typed({}, field, value)),
            raw_texts(),
        )


def address_places(served: Served) -> Iterator[Place]:
    values = raw_texts()
    for path, names in QUERIES.items():
        for name in names:

            def request(value: bytes, path=path, name=name) -> Request:
                target = f"{path}?{name}=".encode() + in_a_path(value)
                return Request("GET", target, served.at_desk if path.startswith("/desk") else ())

            yield Place(f"?{name} of {path}", request, values)
        yield Place(f"a query of {path}", lambda value, path=path: get(path.encode() + b"?" + in_a_path(value)), values)
    for path in PATHS:
        before, _, after = path.encode().partition(b"{}")
        headers = served.at_desk if path.startswith("/desk") else ()
        yield Place(
            path, lambda value, it=(before, after, headers): get(it[0] + in_a_path(value) + it[1], *it[2]), values
        )
    for path in POSTED_PATHS:
        before, _, after = path.encode().partition(b"{}")
        headers = served.at_desk if path.startswith("/desk") else served.posts

        def request(value: bytes, it=(before, after, headers)) -> Request:
            return Request("POST", it[0] + in_a_path(value) + it[1], it[2], b"action=review")

        yield Place(f"POST {path}", request, values)


def get(target: bytes, *headers: Header) -> Request:
    return Request("GET", target, headers)


def header_places(served: Served) -> Iterator[Place]:
    # As it is, but for what would be another request, or none yet.
    values = {name: value.replace(b"\r\n", b"\n ")[:8000] for name, value in raw_texts().items()}
    for target in (PAGES.encode(), API.encode(), b"/desk", b"/static/css/base.css"):
        for name in HEADERS:
            where, given = f"{name} of {target.decode()}", name.encode()
            yield Place(where, lambda value, it=(target, given): get(it[0], (it[1], value)), values)
    for name in POSTED_HEADERS:
        given, body = name.encode(), json.dumps({"kind": "note"}).encode()

        def request(value: bytes, given=given, body=body) -> Request:
            others = tuple(header for header in served.posts if header[0] != given)
            return Request("POST", f"{API}/declarations".encode(), (*others, (given, value)), body)

        yield Place(f"{name} of a post", request, values)
    yield Place("a header’s name", lambda value: get(PAGES.encode(), (value, b"1")), values)
    yield Place("a method", lambda value: Request(value[:20].decode("latin-1"), PAGES.encode()), values)


def socket_places(served: Served) -> Iterator[Place]:
    values = raw_texts()
    overview = f"/live/{SLUG}/overview"
    for name in ("convention", "since", "epoch", "x"):
        query = f"{overview}?{name}=".encode()
        yield Place(f"?{name} of a socket", lambda value, it=query: get(it + in_a_path(value), *UPGRADE), values)
    for before, after in ((b"/live/", b"/overview"), (f"/live/{SLUG}/council/".encode(), b""), (b"/live/", b"")):
        yield Place(
            "the path of a socket",
            lambda value, it=(before, after): get(it[0] + in_a_path(value) + it[1], *UPGRADE),
            values,
        )
    lines = {name: value.replace(b"\r\n", b"\n ")[:8000] for name, value in values.items()}
    for name in (
        "Connection",
        "Upgrade",
        "Sec-WebSocket-Key",
        "Sec-WebSocket-Version",
        "Sec-WebSocket-Protocol",
        "Origin",
    ):
        given = name.encode()
        others = tuple(header for header in UPGRADE if header[0] != given)
        yield Place(
            f"{name} of a socket",
            lambda value, it=(given, others): get(overview.encode(), *it[1], (it[0], value)),
            lines,
        )


# What has to be of every answer


def complaint(request: Request, answer: Answer) -> str | None:
    """What is wrong with an answer; None where nothing is."""
    refused, is_page = answer.status >= 400, answer.media_type in {"text/html", "image/svg+xml"}
    is_problem = refused and answer.media_type == "application/problem+json"
    # oEmbed has it that another format than those there are is answered 501.
    is_of_oembed = answer.status == 501 and request.target.startswith(b"/oembed?format=")
    wrong = {
        f"a {answer.status}": answer.status >= 500 and not is_of_oembed,
        "a traceback": b"Traceback" in answer.body,
        "a header of the client’s own": "declared=1" in answer.headers,
        "markup as it was sent": is_page and any(each in answer.body for each in (b"<script>alert(1)", b"<svg onload")),
        "no word of what is wrong": is_problem and not json.loads(answer.body)["detail"],
        "an empty refusal": refused and not answer.body and not is_upgrade(request),
    }
    return next((words for words, holds in wrong.items() if holds), None)


def is_upgrade(request: Request) -> bool:
    """For a socket, where there is none and nobody would see the words."""
    return any(name == b"Upgrade" for name, _ in request.headers)


def tried(served: Served, place: Place, values: list[tuple[str, bytes]]) -> list[str]:
    """What is wrong with ``place``, given ``values``."""
    wrong = []
    was = served.footprint()
    with Line(served.server.port) as line:
        for name, value in values:
            request = place.request(value)
            before = served.declared()
            answer = line.ask(request)
            found = complaint(request, answer)
            if found:
                wrong.append(f"{place.name}, given {name}: {found} ({answer.status}): {answer.body[:300]!r}")
            is_accepted = answer.status in {201, 202, 303} or (request.method == "POST" and answer.status == 200)
            if is_accepted:
                take_back(served, line, answer, before)
                was = served.footprint()
        if served.footprint() != was:
            wrong.append(f"{place.name}: something was left by what was refused")
    return wrong


def take_back(served: Served, line: Line, answer: Answer, before: int) -> None:
    """Withdraws what was declared, so that the next value is judged and does not find something standing."""
    for seq in range(before + 1, served.declared() + 1):
        if seq > 1:
            body = {"kind": "withdrawal", "replaces": seq, "reason": "Only tried."}
            line.ask(post(served, json.dumps(body).encode()))


ALL = (api_places, form_places, address_places, header_places, socket_places)


@pytest.mark.promise("Nasty input never gives a 5xx, a traceback or a half-made change", wanted="0 of at least 500")
@pytest.mark.parametrize("places", ALL, ids=lambda places: places.__name__.removesuffix("_places"))
def test_what_nobody_should_send_is_answered_in_words_and_leaves_nothing(
    served: Served, places: Callable[[Served], Iterator[Place]], trials: Trials, reached: Reached
) -> None:
    there, said_before = list(places(served)), len(served.server.errors)
    many = count("DECLARED_TORTURE_NASTY")
    wrong, sent = [], 0
    for number in trials(len(there)):
        values = there[number].some(number * many, many)
        sent += len(values)
        wrong += tried(served, there[number], values)
    wrong += [fault for *_, faults in verify_server(served.store, served.server.url) for fault in faults]
    reached(f"{sent:,} requests, {len(there)} places: {len(wrong)} wrong")
    assert not wrong, "\n".join(wrong)
    said = "".join(served.server.errors[said_before:])
    assert "ERROR" not in said, said
    assert "Traceback" not in said, said
