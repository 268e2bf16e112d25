"""The public reads in front of the app: made once per sequence and variant, compressed, known again."""

import asyncio
import gzip
from collections.abc import Callable, Sequence
from typing import Any

import brotli
import pytest
from starlette.types import Message, Receive, Scope, Send

from app.web.reading import PublicReads, Version, _coding

NIGHT = "/elections/kent"
PAGE = b"<p>LAB gain from CON</p>" * 100


class Behind:
    """An app that counts what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.status = 200
        self.body = PAGE
        self.headers = [(b"content-type", b"text/html"), (b"cache-control", b"public"), (b"content-length", b"1")]
        self.fault: Exception | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append((scope["method"], scope["path"]))
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        half = len(self.body) // 2
        await send({"type": "http.response.body", "body": self.body[:half], "more_body": True})
        await send({"type": "http.response.body", "body": self.body[half:]})
        if self.fault is not None:
            raise self.fault


class Reads:
    """The layer before an app, and what a client sees of it."""

    def __init__(self, **options: Any) -> None:
        self.behind = Behind()
        self.version: Version | None = "e.1"
        self.layer = PublicReads(self.behind, version_of=lambda names: self.version, build="b", **options)
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
        self.sent = []

        async def receive() -> Message:
            raise AssertionError("a read has no body")

        async def send(message: Message) -> None:
            self.sent.append(message)

        asyncio.run(self.layer(scope, receive, send))
        return self.answer

    @property
    def answer(self) -> "Answer":
        start, *bodies = self.sent
        return Answer(start["status"], dict(start["headers"]), b"".join(it["body"] for it in bodies))


class Answer:
    def __init__(self, status: int, headers: dict[bytes, bytes], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def etag(self) -> str:
        return self.headers[b"etag"].decode()


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
    reads = Reads()
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


@pytest.mark.parametrize("asked", [{"method": "POST"}, {"path": "/desk"}, {"path": "/healthz"}, {"query": "q" * 513}])
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
    reads = Reads(most=3 * len(PAGE))
    for query in ("a", "b", "c", "a", "d"):
        reads.ask(query=query)
    assert len(reads.behind.asked) == 4
    reads.ask(query="a")
    assert len(reads.behind.asked) == 4
    reads.ask(query="b")
    assert len(reads.behind.asked) == 5


def test_what_is_larger_than_all_the_room_is_answered_and_not_kept() -> None:
    reads = Reads(most=len(PAGE))
    reads.behind.body = PAGE * 2
    assert [reads.ask(accept_encoding="br").status for _ in range(3)] == [200] * 3
    assert len(reads.behind.asked) == 3
    # And it has left no trace in what is counted.
    reads.behind.body = PAGE[:-100]
    for _ in range(2):
        reads.ask(query="small")
    assert len(reads.behind.asked) == 4


@pytest.mark.parametrize("quality", ["²", "1.0001", "-1", "inf", "nan", "1e0", "2"])
def test_a_weight_that_is_none_is_a_refusal(quality: str) -> None:
    assert _coding(f"br;q={quality}, gzip".encode("latin-1")) == "gzip"
