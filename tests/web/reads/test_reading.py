"""The public reads in front of the app: made once per sequence and variant, compressed, known again."""

import asyncio
import gzip
import tracemalloc
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import brotli
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.headers import SecureHeaders
from app.web.negotiating import best_coding
from app.web.reads.reading import AROUND, PublicReads, Version

NIGHT = "/elections/kent"
PAGE = b"<p>LAB gain from CON</p>" * 100
WHOLE = len(PAGE) + AROUND + 1024
"""Bytes that the page takes, with what stands around it."""


class Behind:
    """An app that counts what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.queries: list[bytes] = []
        self.status = 200
        self.body = PAGE
        self.headers = [(b"content-type", b"text/html"), (b"cache-control", b"public"), (b"content-length", b"1")]
        self.fault: Exception | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append((scope["method"], scope["path"]))
        self.queries.append(scope["query_string"])
        await asyncio.sleep(0)
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        half = len(self.body) // 2
        await send({"type": "http.response.body", "body": self.body[:half], "more_body": True})
        await send({"type": "http.response.body", "body": self.body[half:]})
        if self.fault is not None:
            raise self.fault


class Reads:
    """The layer before an app, and what a client sees of it."""

    def __init__(self, around: Callable[[ASGIApp], ASGIApp] = lambda behind: behind, **options: Any) -> None:
        self.behind = Behind()
        self.version: Version | None = "e.1"
        self.layer = PublicReads(around(self.behind), version_of=lambda _: self.version, build="b", **options)
        self.sent: list[Message] = []

    def ask(
        self,
        path: str = NIGHT,
        query: str = "",
        method: str = "GET",
        host: str = "a",
        more: Sequence[tuple[bytes, bytes]] = (),
        **headers: str,
    ) -> "Answer":
        named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": "http",
            "method": method,
            "scheme": "http",
            "path": path,
            "query_string": query.encode(),
            "headers": [(b"host", host.encode()), *named, *more],
        }
        asyncio.run(self._ask(scope, self.sent))
        return self.answer

    def ask_at_once(self, number: int, **headers: str) -> "list[Answer]":
        scope = _scope(**headers)
        sent: list[list[Message]] = [[] for _ in range(number)]

        async def all_of_them() -> None:
            await asyncio.gather(*(self._ask(scope, each) for each in sent))

        asyncio.run(all_of_them())
        return [_answer(each) for each in sent]

    async def _ask(self, scope: Scope, sent: list[Message]) -> None:
        sent.clear()

        async def receive() -> Message:
            raise AssertionError("a read has no body")

        async def send(message: Message) -> None:
            sent.append(message)

        await self.layer(scope, receive, send)

    @property
    def answer(self) -> "Answer":
        return _answer(self.sent)


class Answer:
    def __init__(self, status: int, headers: dict[bytes, bytes], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def etag(self) -> str:
        return self.headers[b"etag"].decode()


def _scope(**headers: str) -> Scope:
    """That of the night."""
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": "GET", "scheme": "http", "path": NIGHT, "query_string": b"", "headers": named}


def _answer(sent: list[Message]) -> Answer:
    start, *bodies = sent
    return Answer(start["status"], dict(start["headers"]), b"".join(it["body"] for it in bodies))


def test_a_page_is_made_once_for_every_sequence() -> None:
    reads = Reads()
    first = reads.ask()
    assert (first.status, first.body) == (200, PAGE)
    assert (first.headers[b"cache-control"], first.headers[b"content-type"]) == (b"public", b"text/html")
    assert first.headers[b"content-length"] == str(len(PAGE)).encode()
    assert reads.ask().etag == first.etag
    assert len(reads.behind.asked) == 1
    reads.version, reads.behind.body = "e.2", PAGE + b"!"
    second = reads.ask()
    assert (second.body, len(reads.behind.asked)) == (PAGE + b"!", 2)
    assert second.etag != first.etag


def test_a_cdn_may_hold_what_says_nothing_else() -> None:
    reads = Reads(around=SecureHeaders)
    reads.behind.headers.remove((b"cache-control", b"public"))
    assert b"s-maxage=2" in reads.ask().headers[b"cache-control"]


def test_what_differs_in_anything_it_depends_on_is_another_variant() -> None:
    reads = Reads()
    answers = [
        reads.ask(),
        reads.ask(query="convention=bbc"),
        reads.ask(host="b"),
        reads.ask(f"{NIGHT}/councils/medway"),
    ]
    assert len({answer.etag for answer in answers}) == len(reads.behind.asked) == 4


def test_of_two_hosts_it_is_the_first_that_the_app_has_read() -> None:
    reads = Reads()
    reads.ask(host="evil", more=[(b"host", b"good")])
    reads.ask(host="good")
    assert len(reads.behind.asked) == 2


@pytest.mark.parametrize(
    ("accepts", "coding", "decode"),
    [
        ("", None, bytes),
        ("identity", None, bytes),
        ("gzip", b"gzip", gzip.decompress),
        ("gzip, deflate, br, zstd", b"br", brotli.decompress),
        ("br;q=0, gzip;q=0.5", b"gzip", gzip.decompress),
        ("br; q=0.1", b"br", brotli.decompress),
        ("gzip;q=0, br;q=0.000", None, bytes),
        ("BR;q=what, GZIP", b"gzip", gzip.decompress),
    ],
)
def test_it_is_compressed_as_the_client_likes(
    accepts: str, coding: bytes | None, decode: Callable[[bytes], bytes]
) -> None:
    answer = Reads().ask(accept_encoding=accepts)
    assert answer.headers.get(b"content-encoding") == coding
    assert answer.headers[b"vary"] == b"Accept-Encoding"
    assert answer.headers[b"content-length"] == str(len(answer.body)).encode()
    assert decode(answer.body) == PAGE


def test_what_is_small_is_not_compressed() -> None:
    reads = Reads()
    reads.behind.body = b"{}"
    assert b"content-encoding" not in reads.ask(accept_encoding="br").headers


def test_whoever_has_it_is_told_so() -> None:
    reads = Reads()
    etag = reads.ask().etag
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = reads.ask(if_none_match=known, accept_encoding="gzip")
        assert (answer.status, answer.body, answer.etag) == (304, b"", etag)
        assert b"content-type" not in answer.headers
        assert answer.headers[b"cache-control"] == b"public"
    assert reads.ask(if_none_match='"other"').status == 200
    reads.version = "e.2"
    assert reads.ask(if_none_match=etag).status == 200


def test_a_head_is_a_get_without_the_body() -> None:
    reads = Reads()
    head = reads.ask(method="HEAD")
    assert (head.status, head.body, reads.behind.asked) == (200, b"", [("GET", NIGHT)])
    assert head.headers == reads.ask().headers
    assert len(reads.behind.asked) == 1


@pytest.mark.parametrize(
    "asked", [{"method": "POST"}, {"path": "/desk"}, {"path": "/healthz"}, {"query": f"q={'q' * 4096}"}]
)
def test_nothing_else_is_kept(asked: dict[str, str]) -> None:
    reads = Reads()
    for _ in range(2):
        assert reads.ask(**asked).body == PAGE
    assert len(reads.behind.asked) == 2
    assert b"etag" not in reads.answer.headers


def test_what_is_not_there_and_what_went_wrong_are_passed_on_and_not_kept() -> None:
    reads = Reads()
    reads.version = None
    reads.ask()
    reads.version, reads.behind.status = "e.1", 422
    assert reads.ask().status == 422
    reads.behind.status, reads.behind.fault = 500, RuntimeError("broken")
    with pytest.raises(RuntimeError, match="broken"):
        reads.ask()
    assert (reads.answer.status, reads.answer.body) == (500, PAGE)
    reads.behind.status, reads.behind.fault = 200, None
    reads.ask()
    reads.ask()
    assert len(reads.behind.asked) == 4


def test_what_was_asked_for_longest_ago_makes_room() -> None:
    reads = Reads(most=3 * WHOLE)
    for name in ("a", "b", "c", "a", "d"):
        reads.ask(query=f"q={name}")
    assert len(reads.behind.asked) == 4
    reads.ask(query="q=a")
    assert len(reads.behind.asked) == 4
    reads.ask(query="q=b")
    assert len(reads.behind.asked) == 5


def test_what_is_larger_than_all_the_room_is_answered_and_not_kept() -> None:
    reads = Reads(most=WHOLE)
    reads.behind.body = PAGE * 2
    assert [reads.ask(accept_encoding="br").status for _ in range(3)] == [200] * 3
    assert len(reads.behind.asked) == 3
    # And it has left no trace in what is counted.
    reads.behind.body = PAGE[:-100]
    for _ in range(2):
        reads.ask(query="q=small")
    assert len(reads.behind.asked) == 4


@pytest.mark.parametrize(
    ("query", "alike"),
    [
        ("", "fbclid=IwAR0&utm_source=x"),
        ("", "&&=&a"),
        ("", "after=1"),
        ("convention=bbc", "fbclid=1&convention=bbc"),
        ("convention=bbc&q=a", "q=a&convention=bbc"),
        ("convention=bbc", "convention=pa&convention=bbc"),
        ("q=a%20b", "q=a+b"),
        ("q=%C3%A9", "%71=%c3%a9"),
        ("q=", "q"),
        ("", "&" * 100 + "q=a"),
    ],
)
def test_what_asks_for_the_same_is_the_same(query: str, alike: str) -> None:
    reads = Reads()
    assert reads.ask(query=query).etag == reads.ask(query=alike).etag
    assert reads.behind.asked == [("GET", NIGHT)]


def test_the_app_is_not_told_what_it_does_not_know() -> None:
    reads = Reads()
    reads.ask(query="utm_source=x&q=%61&q=b&convention=bbc")
    assert reads.behind.queries == [b"convention=bbc&q=b"]


def test_where_our_address_is_a_setting_the_host_makes_no_difference() -> None:
    reads = Reads(by_host=False)
    assert reads.ask(host="a").etag == reads.ask(host="b").etag
    assert len(reads.behind.asked) == 1


def test_a_file_of_an_older_version_is_kept_once() -> None:
    reads = Reads()
    reads.version = "v-2"
    first, *others = [reads.ask(f"/static/{part}js/live.js") for part in ("", "v-1/", "v-0/", "v-2/")]
    assert [answer.etag == first.etag for answer in others] == [True, True, False]
    assert len(reads.behind.asked) == 2


def test_what_is_kept_is_bounded_in_number() -> None:
    reads = Reads(most_answers=10)
    for number in range(30):
        reads.ask(query=f"q={number}")
    assert len(reads.layer) == 10
    empty = reads.layer.size // 10
    reads.ask(query="q=29", accept_encoding="br")
    assert reads.layer.size > 10 * empty, "another coding weighs too"


def test_what_is_kept_is_weighed_whole() -> None:
    """What Python takes for small answers is no more than what was counted."""
    reads = Reads(most=10**9, most_answers=10**6)
    reads.behind.body = b"{}"
    reads.ask(query="q=first", accept_encoding="gzip")
    tracemalloc.start()
    try:
        counted, began = reads.layer.size, tracemalloc.get_traced_memory()[0]
        for number in range(300):
            reads.ask(query=f"q={number}{'x' * 1000}", accept_encoding="gzip")
        taken = tracemalloc.get_traced_memory()[0] - began
    finally:
        tracemalloc.stop()
    assert taken <= reads.layer.size - counted <= 3 * taken


def test_what_many_ask_for_at_once_is_made_once() -> None:
    reads = Reads()
    answers = reads.ask_at_once(20)
    assert {answer.status for answer in answers} == {200}
    assert len(reads.behind.asked) == 1


def test_what_came_to_nothing_is_asked_for_by_each() -> None:
    reads = Reads()
    reads.behind.status = 503
    assert {answer.status for answer in reads.ask_at_once(3)} == {503}
    assert len(reads.behind.asked) == 3


def test_who_says_too_much_of_what_it_accepts_is_answered_as_it_is() -> None:
    assert best_coding(b"br," * 85) == "br"
    assert best_coding(b"br," * 86) == "identity"


def test_who_says_too_much_of_what_it_has_gets_it_again() -> None:
    reads = Reads()
    etag = reads.ask().etag
    assert reads.ask(if_none_match=f"{'x,' * 1000}{etag}").status == 304
    assert reads.ask(if_none_match=f"{'x,' * 1100}{etag}").status == 200


@pytest.mark.parametrize("quality", ["²", "1.0001", "-1", "inf", "nan", "1e0", "2"])
def test_a_weight_that_is_none_is_a_refusal(quality: str) -> None:
    assert best_coding(f"br;q={quality}, gzip".encode("latin-1")) == "gzip"


class Counting(ThreadPoolExecutor):
    """A thread, and how often it was asked for something."""

    asked = 0

    def submit(self, *job: Any, **named: Any) -> Any:
        self.asked += 1
        return super().submit(*job, **named)


def test_what_is_large_is_compressed_in_a_thread_once_for_all_who_wait() -> None:
    reads = Reads()
    reads.behind.body = PAGE * 100
    reads.layer._compressing = Counting(1)
    answers = reads.ask_at_once(50, accept_encoding="gzip")
    assert {gzip.decompress(answer.body) for answer in answers} == {PAGE * 100}
    assert (reads.layer._compressing.asked, len(reads.behind.asked)) == (1, 1)
    assert reads.layer.sent(_scope(accept_encoding="gzip")) is not None
    assert reads.layer.sent(_scope(accept_encoding="br")) is None, "that is not made on the loop"
    reads.layer.close()


def test_what_was_made_of_an_older_night_does_not_take_the_place_of_a_newer_one() -> None:
    reads = Reads()
    behind = reads.behind.__call__

    async def overtaken(scope: Scope, receive: Receive, send: Send) -> None:
        reads.layer._app, reads.version = behind, "e.2"
        await reads._ask(scope, [])
        await behind(scope, receive, send)

    reads.layer._app = overtaken
    assert reads.ask().etag.startswith('"e.1-')
    assert reads.ask().etag.startswith('"e.2-')
    assert len(reads.behind.asked) == 2
