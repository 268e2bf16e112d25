"""How much a request may be, whom it makes room, and that what is in bounds is answered as if there were none."""

import resource
import time
from collections.abc import Iterator

import pytest

from tests import running
from tests.abusing import LIVE, LOGIN, NIGHT, POST, Stranger, get, many
from tests.api.test_routes import NIGHT as DECLARATIONS
from tests.promises import Reached
from tests.running import Server, declare, until

LARGEST = 16 * 1024
MOST = 100


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    database = f"sqlite:///{tmp_path_factory.mktemp('bounds') / 'night.db'}"
    with Server(database, stuck_seconds=0.5) as running:
        yield running


@pytest.fixture
def stranger(server: Server) -> Iterator[Stranger]:
    with Stranger(server.port) as one:
        yield one


def head_of(size: int, path: str = "/healthz") -> str:
    """A request of ``size`` bytes."""
    rest = size - len(get(path, "X: "))
    return get(path, f"X: {'x' * rest}")


def statuses(answers: bytes) -> list[int]:
    return [int(part.split(b" ", 1)[0]) for part in answers.split(b"HTTP/1.1 ")[1:]]


# Heads


@pytest.mark.parametrize("path", ["/healthz", NIGHT])
def test_a_head_of_16_kib_and_100_headers_is_answered(stranger: Stranger, path: str) -> None:
    assert stranger.say(head_of(LARGEST, path))
    assert stranger.head().startswith(b"HTTP/1.1 200 ")
    # With the Host.
    assert stranger.say(get(path, *["X: x"] * (MOST - 1)))
    assert stranger.head().startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(head_of(LARGEST + 1), id="one byte more"),
        pytest.param(head_of(LARGEST + 1, NIGHT), id="one byte more of a read"),
        pytest.param(get("/healthz", *["X: x"] * MOST), id="one header more"),
        pytest.param(get("/" + "a" * LARGEST), id="a long address"),
        pytest.param(get("/", "x" * LARGEST + ": x"), id="a long name"),
        pytest.param(LIVE + "X: x\r\n" * MOST + "\r\n", id="a live socket"),
        pytest.param("GET / HTTP/1.1\r\n" + "X: x\r\n" * 10_000, id="no end"),
    ],
)
def test_whoever_sends_more_is_told_how_much_is_allowed(stranger: Stranger, request_: str) -> None:
    assert stranger.say(request_)
    answer = stranger.answer()
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert b"at most 16,384 bytes and 100 headers" in answer


def test_a_head_is_as_large_in_pieces(stranger: Stranger) -> None:
    head = head_of(LARGEST + 1)
    for place in range(0, len(head), 3000):
        assert stranger.say(head[place : place + 3000])
        time.sleep(0.01)
    assert stranger.answer().startswith(b"HTTP/1.1 431 ")


def test_an_answer_comes_before_the_head_after_it_is_refused(stranger: Stranger) -> None:
    assert stranger.say(get("/healthz"), head_of(LARGEST + 1))
    assert statuses(stranger.answer()) == [200, 431]


def test_trailers_are_no_headers(server: Server, stranger: Stranger) -> None:
    """What comes after a body changes nothing of the request before it."""
    body = '{"kind": "note", "text": "a trailer follows"}'
    chunked = f"Transfer-Encoding: chunked\r\n\r\n{len(body):x}\r\n{body}\r\n0\r\n"
    assert stranger.say(f"{POST}{chunked}Authorization: Bearer {server.token}\r\n\r\n")
    assert stranger.head().startswith(b"HTTP/1.1 401 ")


# What comes one after the other


def test_many_requests_at_once_are_answered_in_their_order(stranger: Stranger) -> None:
    paths = ["/healthz", NIGHT, "/elections/nothing", f"{NIGHT}/councils/medway"] * 60
    assert stranger.say("".join(get(path) for path in paths), get("/healthz", "Connection: close"))
    assert statuses(stranger.answer()) == [200, 200, 404, 200] * 60 + [200]


def test_a_body_that_is_not_for_anybody_is_heard_out_and_the_next_request_answered(stranger: Stranger) -> None:
    body = "x" * 2_000_000
    assert stranger.say(f"{POST}Content-Length: {len(body)}\r\n\r\n", body, get("/healthz", "Connection: close"))
    assert statuses(stranger.answer()) == [401, 200]


def test_of_a_stranger_no_form_is_longer_than_8_kib(stranger: Stranger) -> None:
    assert stranger.say(f"{LOGIN}Content-Length: 9000\r\n\r\n{'a' * 9000}")
    assert stranger.head().startswith(b"HTTP/1.1 413 ")


def test_who_does_not_read_an_answer_is_not_waited_for(server: Server) -> None:
    def is_cut_off(seconds: float) -> bool:
        with Stranger(server.port, window=4096) as deaf:
            assert deaf.say(get(NIGHT) * 100)
            time.sleep(seconds)
            return len(statuses(deaf.answer())) < 100

    # A busy machine may be late with it.
    assert any(is_cut_off(seconds) for seconds in (1, 2, 4, 8, 16))


# Hosts


@pytest.mark.parametrize("host", ["a" * 255, "results.example.org:8000", "localhost", "127.0.0.1:1", "[::1]:8000"])
def test_a_host_is_a_name_or_an_address(stranger: Stranger, host: str) -> None:
    for _ in range(2):
        assert stranger.say(get(NIGHT, host=host))
        assert stranger.head().startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("host", ["a" * 256, "", "a b", "a/b", 'a"b', "<b>", "a:b", "a@b", "a,b", "[::1", "ä.example"])
@pytest.mark.parametrize("path", [NIGHT, "/healthz"])
def test_anything_else_is_no_host(stranger: Stranger, host: str, path: str) -> None:
    assert stranger.say(get(path, host=host))
    assert stranger.head().startswith(b"HTTP/1.1 400 ")


# Queries


def test_what_a_page_does_not_know_makes_no_other_page_of_it(server: Server) -> None:
    with server.client() as client:
        plain = client.get(NIGHT)
        for query in ("fbclid=IwAR0", "utm_source=a&utm_medium=b", "after=3", "&&&", "=", "a" * 8000, "%66bclid=1"):
            marked = client.get(f"{NIGHT}?{query}")
            assert (marked.text, marked.headers["ETag"]) == (plain.text, plain.headers["ETag"]), query


def test_what_it_knows_it_knows_in_any_words(server: Server) -> None:
    with server.client() as client:
        asked = client.get(f"{NIGHT}?convention=bbc&state=declared")
        others = (
            "state=declared&convention=bbc",
            "convention=pa&fbclid=1&state=%64eclared&convention=bbc",
            "st%61te=declared&convention=bbc",
        )
        assert {client.get(f"{NIGHT}?{query}").headers["ETag"] for query in others} == {asked.headers["ETag"]}
        assert asked.headers["ETag"] != client.get(NIGHT).headers["ETag"]


@pytest.mark.parametrize("path", [NIGHT, f"{NIGHT}/councils/medway", "/embed/v1/kent-2023/overview"])
def test_no_page_says_after_its_reader_what_it_does_not_know(server: Server, path: str) -> None:
    with server.client() as client:
        page = client.get(f"{path}?convention=bbc&fbclid=IwAR0&utm_source=somebody").text
    assert "convention=bbc" in page
    assert "fbclid" not in page
    assert "somebody" not in page


def test_a_file_of_another_version_is_the_newest(server: Server) -> None:
    with server.client() as client:
        unversioned = client.get("/static/css/fonts.css")
        other = client.get("/static/v-0123456789ab/css/fonts.css")
    assert (other.text, other.headers["ETag"]) == (unversioned.text, unversioned.headers["ETag"])
    assert other.headers["Cache-Control"] == "no-cache"


# Descriptors


def test_a_server_asks_for_as_many_descriptors_as_there_are(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(running, "start", running.start_anew)  # It inherits the limit of this process.
    before, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    server = Server(f"sqlite:///{tmp_path / 'night.db'}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, most))
    try:
        server.start()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (before, most))
    try:
        assert resource.prlimit(server.pid, resource.RLIMIT_NOFILE) == (most, most)
        said = f"Up to {most:,} open files, raised from 512"
        until(lambda: any(said in line for line in server.errors), "it is said")
    finally:
        server.stop()


@pytest.mark.promise(
    "Watchers leave room: who declares gets in when descriptors run out", wanted="3 of 3 posts, the desk answers"
)
def test_watchers_leave_room_and_who_declares_gets_in(tmp_path, reached: Reached) -> None:
    """Of 400 descriptors half: and where those who say nothing take the rest, the oldest of them make room."""
    crowded = Server(f"sqlite:///{tmp_path / 'night.db'}", descriptors=400)
    with crowded as server, many(server.port, 300, LIVE + "\r\n"):
        with Stranger(server.port) as late:
            assert late.say(LIVE + "\r\n")
            assert late.head().startswith(b"HTTP/1.1 503 ")
        with many(server.port, 400), many(server.port, 400, get("/healthz")[:-2]):
            for body in DECLARATIONS[:3]:
                with server.client() as client:
                    declare(client, body)
            with server.client() as client:
                assert client.get("/desk/login").status_code == 200
    reached("400 descriptors, 300 watchers: more are refused with 503, 3 of 3 posts declared, the desk answers")
