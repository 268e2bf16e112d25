"""Replaying a recorded night, against a small server on a real socket."""

import io
import json
import signal
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest

from app.bundles.recorded import RecordedLine, read_night
from app.bundles.tables import BundleError
from app.commands.replaying import (
    MAY_DECLARE,
    RUN_AGAIN,
    Posted,
    Replay,
    ReplayStopped,
    ServerAway,
    TargetServer,
    address,
    as_recorded,
    at_once,
    evenly,
    replay_file,
    replay_key,
    slug_beside,
)
from tests.strictness import strict_client

TOKEN = "a-token-of-the-test-that-is-long-enough"
BALLOT = "local.medway.north.2023-05-04"


class FakeApi:
    """Takes declarations as the API does: a key is remembered, and the same key and body are answered the same again.

    ``faults`` are what happens to the next posts instead, one each: a status, ``(status, body, headers)``, ``"drop"``
    (the connection is cut without an answer) or ``"drop after"`` (it is cut once the declaration is in the log).
    """

    def __init__(self):
        self.log = []
        self.posts = []
        self.remembered = {}
        self.faults = []
        self.warnings = {}
        self.elections = ["kent-2023"]
        self.connections = set()
        self.first_seq = 1
        self.is_rehearsal = False

    def answer(self, path, headers, body):
        self.posts.append((path, headers, body))
        fault = self.faults.pop(0) if self.faults else None
        if fault == "drop":
            return None
        if isinstance(fault, int):
            return fault, {"detail": "as the test wants it"}, {}
        if isinstance(fault, tuple):
            return fault
        if headers["Authorization"] != f"Bearer {TOKEN}":
            return 401, {"detail": "This token is not known."}, {}
        unconfirmed = set(self.warnings.get(body.get("ballot_id"), ())) - set(body.pop("confirm", []))
        if unconfirmed:
            errors = [{"field": "votes", "code": code, "detail": "Unlikely."} for code in sorted(unconfirmed)]
            return 422, {"detail": "Unlikely.", "errors": errors}, {}
        known = self.remembered.get(headers["Idempotency-Key"])
        if known is None:
            self.log.append(body)
            seq = len(self.log) + self.first_seq - 1
            known = self.remembered[headers["Idempotency-Key"]] = (body, {"seq": seq, "flash": body.get("text")})
        assert known[0] == body, "the same key with another body"
        return None if fault == "drop after" else (201, known[1], {})


@pytest.fixture
def api():
    fake = FakeApi()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # It would hold the body back until the head was acknowledged, 40 ms later.

        def do_GET(self):
            assert self.path == "/api/v1/elections"
            listed = {"elections": [{"slug": slug, "name": slug} for slug in fake.elections]}
            self.send(200, {**({"rehearsal": True} if fake.is_rehearsal else {}), **listed}, {})

        def do_POST(self):
            fake.connections.add(self.client_address)
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = fake.answer(self.path, dict(self.headers), body)
            if answer is None:
                self.close_connection = True
            else:
                self.send(*answer)

        def send(self, status, body, headers):
            content = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_port}"
    yield fake
    server.shutdown()
    server.server_close()
    thread.join()


class Time:
    """A clock that only sleeping moves on."""

    def __init__(self):
        self.now = 1000.0
        self.slept = []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds

    def clock(self):
        return self.now


@pytest.fixture
def time_():
    return Time()


@pytest.fixture
def client():
    with strict_client(headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        yield client


def a_line(number, body=None, *, minutes=None):
    at = datetime.fromisoformat("2023-05-05T02:00:00+01:00") + timedelta(minutes=number if minutes is None else minutes)
    return RecordedLine(number, at, {"kind": "note", "text": f"line {number}", **(body or {}), "at": at.isoformat()})


def a_night(length=3):
    return [a_line(number) for number in range(1, length + 1)]


def replay(api, client, time_, night, **fields):
    server = TargetServer(
        client, fields.pop("root", None) or api.url, fields.pop("patience", 120), time_.sleep, time_.clock
    )
    return list(Replay(server, night, fields.pop("slug", "kent-2023"), **fields).run())


def write_night(folder, night):
    path = folder / "night.jsonl"
    path.write_text("".join(json.dumps(dict(line.body)) + "\n" for line in night))
    return path


def test_every_line_is_posted_in_order_over_one_connection(api, client, time_):
    night = a_night(20)
    events = replay(api, client, time_, night)
    assert api.log == [dict(line.body) for line in night]
    assert [(event.number, event.total, event.seq) for event in events] == [(n, 20, n) for n in range(1, 21)]
    assert events[4].flash == "line 5"
    assert len(api.connections) == 1
    assert {path for path, _, _ in api.posts} == {"/api/v1/elections/kent-2023/declarations"}


def test_each_line_has_a_key_of_its_own_that_is_always_the_same(api, client, time_):
    night = [a_line(1), a_line(2, {"text": "line 1"}, minutes=1)]
    assert night[0].body == night[1].body
    replay(api, client, time_, night)
    keys = [headers["Idempotency-Key"] for _, headers, _ in api.posts]
    assert keys == [replay_key(line, "kent-2023") for line in night]
    assert keys[0] != keys[1], "the same declaration on two lines is made twice"
    assert replay_key(night[0], "kent-2023") != replay_key(night[0], "kent-2027")
    same = RecordedLine(1, night[0].at, dict(reversed(night[0].body.items())))
    assert replay_key(same, "kent-2023") == keys[0], "the order of its fields does not matter"


def test_a_replay_that_is_run_again_adds_nothing(api, client, time_):
    night = a_night()
    first = replay(api, client, time_, night)
    assert replay(api, client, time_, night) == first
    assert len(api.log) == 3


@pytest.mark.parametrize("fault", ["drop", "drop after", 500, 502, 503, 429])
def test_a_post_without_an_answer_is_made_again_under_the_same_key(api, client, time_, fault):
    api.faults = [None, fault, fault, None]
    events = replay(api, client, time_, a_night())
    assert [body["text"] for body in api.log] == ["line 1", "line 2", "line 3"], "nothing lost, nothing doubled"
    keys = [headers["Idempotency-Key"] for _, headers, _ in api.posts]
    assert keys[1] == keys[2] == keys[3]
    assert [type(event) for event in events] == [Posted, ServerAway, ServerAway, Posted, Posted]
    assert time_.slept == [0.2, 0.4], "each pause longer than the one before"
    assert api.url in events[1].trouble


def test_every_post_may_be_cut_once_and_nothing_is_lost_or_doubled(api, client, time_):
    night = a_night(30)
    api.faults = [fault for _ in night for fault in ("drop", "drop after", None)]
    replay(api, client, time_, night)
    assert api.log == [dict(line.body) for line in night]


def test_a_server_that_asks_to_wait_is_waited_for(api, client, time_):
    api.faults = [(503, {"detail": "Too many are waiting."}, {"Retry-After": "7"}), (503, {}, {"Retry-After": "soon"})]
    waiting = replay(api, client, time_, a_night(1))[:2]
    assert [event.seconds for event in waiting] == [7, 0.4]
    assert waiting[0].trouble == f"{api.url} answers 503: Too many are waiting."


def test_a_server_that_stays_away_is_given_up_on(api, client, time_):
    api.faults = [None, *[503] * 100]
    with pytest.raises(ReplayStopped, match=r"Given up after \d+ s: .* answers 503: as the test wants it"):
        replay(api, client, time_, a_night())
    assert sum(time_.slept) <= 120
    assert len(api.log) == 1


def test_a_server_that_was_never_there_is_given_up_on_sooner(client, time_):
    with pytest.raises(ReplayStopped, match=r"Given up after \d+ s: http://127.0.0.1:1 does not answer"):
        replay(None, client, time_, a_night(), root="http://127.0.0.1:1")
    assert sum(time_.slept) <= 15


def test_every_warning_is_confirmed_and_nothing_else(api, client, time_):
    api.warnings = {BALLOT: ["W02", "W07"]}
    night = [a_line(1), a_line(2, {"kind": "ward", "ballot_id": BALLOT, "confirm": ["W02"]})]
    events = replay(api, client, time_, night)
    assert [event.seq for event in events] == [1, 2]
    assert len(api.posts) == 3
    keys = [headers["Idempotency-Key"] for _, headers, _ in api.posts]
    assert keys[1] == keys[2]


def test_the_codes_that_came_back_are_those_that_are_confirmed(api, client, time_):
    confirmed = []
    answer = api.answer
    api.answer = lambda path, headers, body: confirmed.append(body.get("confirm")) or answer(path, headers, body)
    api.warnings = {BALLOT: ["W02", "W07"]}
    replay(api, client, time_, [a_line(1, {"kind": "ward", "ballot_id": BALLOT})])
    assert confirmed == [None, ["W02", "W07"]]


def test_that_the_polls_have_not_closed_is_not_confirmed_by_itself(api, client, time_):
    api.warnings = {BALLOT: ["W02", "W09"]}
    with pytest.raises(ReplayStopped, match=r"W09.* In a rehearsal, --before-polls-close has it posted all the same"):
        replay(api, client, time_, [a_line(1, {"kind": "ward", "ballot_id": BALLOT})])
    assert not api.log


def test_a_night_is_rehearsed_before_the_polls_close_on_no_other_server_than_a_rehearsal(api, client, time_):
    api.warnings = {BALLOT: ["W02", "W09"]}
    night = [a_line(1, {"kind": "ward", "ballot_id": BALLOT})]
    with pytest.raises(ReplayStopped, match="is not a rehearsal"):
        replay(api, client, time_, night, before_polls_close=True)
    assert not api.posts
    api.is_rehearsal = True
    assert [event.seq for event in replay(api, client, time_, night, before_polls_close=True)] == [1]


def test_a_warning_beside_an_error_is_not_confirmed(api, client, time_):
    errors = [{"code": "W07", "detail": "It flips."}, {"code": "F05", "detail": "Too many votes."}]
    api.faults = [(422, {"detail": "…", "errors": errors}, {})]
    with pytest.raises(ReplayStopped) as stopped:
        replay(api, client, time_, [a_line(1, {"kind": "ward", "ballot_id": BALLOT})])
    assert str(stopped.value) == f"night.jsonl:1: ward {BALLOT}: 422: W07: It flips. F05: Too many votes. {RUN_AGAIN}"
    assert len(api.posts) == 1


def test_a_warning_that_confirming_does_not_settle_stops_the_replay(api, client, time_):
    refused = (422, {"errors": [{"code": "W07", "detail": "It flips."}]}, {})
    api.faults = [refused, refused]
    with pytest.raises(ReplayStopped, match=r"422: W07: It flips\."):
        replay(api, client, time_, a_night(1))


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (400, {"detail": "This is not JSON."}, "400: This is not JSON."),
        (401, {"detail": "This token is not known."}, "401: This token is not known."),
        (403, {"detail": "There is no queue."}, "403: There is no queue."),
        (404, {"detail": "There is no\n contest."}, "404: There is no contest."),
        (409, {"detail": "It is declared already.", "seq": 12}, "409: It is declared already. Entry 12 stands."),
        (413, [], "413: Request Entity Too Large"),
        (418, {}, "418: I'm a Teapot"),
    ],
)
def test_a_refused_line_stops_the_replay_with_one_line_that_says_what_and_where(
    api, client, time_, status, body, reason
):
    api.faults = [None, (status, body, {})]
    with pytest.raises(ReplayStopped) as stopped:
        replay(api, client, time_, a_night(), file="kent.jsonl")
    told, what_to_do = f"kent.jsonl:2: note: {reason}".rstrip("."), MAY_DECLARE if status in {401, 403} else RUN_AGAIN
    assert str(stopped.value).lower() == f"{told}. {what_to_do}".lower()
    assert "\n" not in str(stopped.value)
    assert len(api.posts) == 2


def test_a_server_that_has_moved_is_named(api, client, time_):
    api.faults = [(308, {}, {"Location": "https://results.example.org/"})]
    with pytest.raises(ReplayStopped, match="the server is at https://results"):
        replay(api, client, time_, a_night())


def test_a_line_that_waits_for_a_second_check_has_no_sequence(api, client, time_):
    api.faults = [(202, {"queued": True}, {})]
    events = replay(api, client, time_, a_night())
    assert [event.seq for event in events] == [None, 1, 2]


def test_what_a_line_replaces_is_the_sequence_that_the_server_gave(api, client, time_):
    api.first_seq = 40
    night = [
        a_line(1),
        a_line(2, {"kind": "correction", "replaces": 1, "reason": "a slip"}),
        a_line(3, {"kind": "withdrawal", "replaces": 2, "reason": "too early"}),
        a_line(4, {"kind": "withdrawal", "replaces": 17, "reason": "from before the replay"}),
    ]
    replay(api, client, time_, night)
    assert [body.get("replaces") for body in api.log] == [None, 40, 41, 17]


def test_without_a_slug_the_only_election_is_taken(api, client, time_):
    replay(api, client, time_, a_night(1), slug=None)
    assert api.posts[0][0] == "/api/v1/elections/kent-2023/declarations"


@pytest.mark.parametrize(("elections", "there_are"), [([], "none"), (["a", "b"], "a, b")])
def test_where_there_is_not_one_election_the_replay_asks_which(api, client, time_, elections, there_are):
    api.elections = elections
    with pytest.raises(ReplayStopped, match=f"has: {there_are}. Give an address that ends in /elections/SLUG"):
        replay(api, client, time_, a_night(1), slug=None)


@pytest.mark.parametrize(
    ("url", "root", "slug"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", None),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000", None),
        (" https://results.example.org/api/v1/ ", "https://results.example.org", None),
        ("https://results.example.org/api/v1/elections", "https://results.example.org", None),
        ("http://[::1]:8000/elections/kent-2023", "http://[::1]:8000", "kent-2023"),
        ("http://h/elections/kent-2023/councils/medway?convention=pa", "http://h", "kent-2023"),
        ("http://h/results/api/v1/elections/kent-2023/declarations", "http://h/results", "kent-2023"),
    ],
)
def test_the_address_may_be_of_the_server_or_of_an_election(url, root, slug):
    assert address(url) == (root, slug)


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "localhost:8000", "ftp://h", "http://", "http://h:port", ""])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(ReplayStopped, match="is not an address"):
        address(url)


def test_the_slug_is_that_of_the_bundle_around_the_night(tmp_path):
    assert slug_beside(tmp_path / "night.jsonl") is None
    (tmp_path / "election.toml").write_text('slug = "kent-2023"')
    assert slug_beside(tmp_path / "night.jsonl") == "kent-2023"
    (tmp_path / "election.toml").write_text("slug =")
    assert slug_beside(tmp_path / "night.jsonl") is None


def test_paces():
    night = [a_line(1, minutes=0), a_line(2, minutes=10), a_line(3, minutes=4), a_line(4, minutes=30)]
    assert at_once(night) == [0, 0, 0, 0]
    assert as_recorded(60)(night) == [0, 10, 10, 30], "a line is never before the one above it"
    assert evenly(90)(night) == [0, 30, 60, 90]
    assert evenly(90)(night[:1]) == [0]


def test_the_pace_is_kept_whatever_the_posts_take(api, client, time_):
    answer = api.answer

    def slow(path, headers, body):
        time_.now += 4
        return answer(path, headers, body)

    api.answer = slow
    replay(api, client, time_, a_night(3), pace=evenly(20))
    assert time_.slept == [6, 6], "ten seconds apart, less the four that each post took"


def test_a_file_is_replayed_with_its_bundles_slug_and_progress_in_plain_lines(api, tmp_path):
    (tmp_path / "election.toml").write_text('slug = "kent-2027"')
    out = io.StringIO()
    quiet = [a_line(number, {"text": ""}) for number in range(1, 42)]
    path = write_night(tmp_path, [*quiet[:40], a_line(41, {"text": "LAB gain Medway from CON"})])
    replay_file(path, to=api.url, token=TOKEN, pace=at_once, stream=out)
    assert api.posts[0][0] == "/api/v1/elections/kent-2027/declarations"
    lines = out.getvalue().splitlines()
    assert lines[0] == "2 of 41  02:02"
    assert lines[-1] == "41 of 41  02:41  LAB gain Medway from CON"
    assert len(lines) == 21


def test_the_address_goes_before_the_bundle(api, tmp_path):
    (tmp_path / "election.toml").write_text('slug = "kent-2027"')
    path = write_night(tmp_path, a_night(1))
    replay_file(path, to=f"{api.url}/elections/kent-2031", token=TOKEN, pace=at_once, stream=io.StringIO())
    assert api.posts[0][0] == "/api/v1/elections/kent-2031/declarations"


def test_a_wait_is_told(api, tmp_path):
    out = io.StringIO()
    api.faults = ["drop"]
    replay_file(write_night(tmp_path, a_night(1)), to=api.url, token=TOKEN, pace=at_once, stream=out)
    assert "does not answer" in out.getvalue()
    assert "trying again in 0.2 s" in out.getvalue()


def test_on_a_terminal_progress_is_one_line_that_updates(api, tmp_path):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    out = Terminal()
    night = [a_line(1, {"text": "LAB gain Medway from CON"}), a_line(2, {"text": ""}), a_line(3, {"text": "x" * 500})]
    replay_file(write_night(tmp_path, night), to=api.url, token=TOKEN, pace=at_once, stream=out)
    assert out.getvalue().count("\n") == 1
    assert out.getvalue().endswith("\n")
    first, second, third = out.getvalue().strip().split("\x1b[K")[:3]
    assert first.strip() == "1 of 3  02:01  LAB gain Medway from CON"
    assert second == "\r2 of 3  02:02  LAB gain Medway from CON", "the last flash stays"
    assert len(third) <= 80


def test_a_night_that_is_empty_or_no_night_is_refused(api, tmp_path):
    path = write_night(tmp_path, [])
    with pytest.raises(ReplayStopped, match="holds no declaration"):
        replay_file(path, to=api.url, token=TOKEN, pace=at_once, stream=io.StringIO())
    path.write_text("{}\n")
    with pytest.raises(BundleError, match=r"night\.jsonl:1: kind is missing"):
        replay_file(path, to=api.url, token=TOKEN, pace=at_once, stream=io.StringIO())
    with pytest.raises(BundleError, match=r"nowhere\.jsonl: is missing"):
        read_night(tmp_path / "nowhere.jsonl")
    assert api.posts == []


@pytest.mark.parametrize("token", ["", "two words", "line\n", "zoë"])
def test_what_cannot_be_a_token_is_refused_and_not_shown(api, tmp_path, token):
    with pytest.raises(ReplayStopped) as stopped:
        replay_file(write_night(tmp_path, a_night(1)), to=api.url, token=token, pace=at_once, stream=io.StringIO())
    assert str(stopped.value) == "The token has to be the one line that `declared token add` printed."


def test_no_proxy_is_asked_for_the_own_machine(api, tmp_path, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    replay_file(write_night(tmp_path, a_night(1)), to=api.url, token=TOKEN, pace=at_once, stream=io.StringIO())
    assert len(api.log) == 1


def test_a_replay_stopped_by_hand_says_so_in_one_line_and_can_go_on(api, tmp_path):
    program = f"""
import signal
import sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # Ignored, where a shell runs the tests in the background.
from app.commands.replaying import ReplayStopped, evenly, replay_file
try:
    replay_file(Path(sys.argv[1]), to=sys.argv[2], token={TOKEN!r}, pace=evenly(100), stream=sys.stdout)
except ReplayStopped as stopped:
    sys.exit(str(stopped))
"""
    path = write_night(tmp_path, a_night(3))
    replaying = subprocess.Popen(
        [sys.executable, "-u", "-c", program, str(path), api.url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert replaying.stdout is not None
    told = next((line for line in replaying.stdout if "1 of 3" in line), "")
    assert told, replaying.communicate()
    replaying.send_signal(signal.SIGINT)
    _, errors = replaying.communicate(timeout=60)
    assert replaying.returncode == 1
    assert errors == "Stopped after 1 of 3 declarations. Run it again to go on: nothing is declared twice.\n"
    replay_file(path, to=f"{api.url}/elections/kent-2023", token=TOKEN, pace=at_once, stream=io.StringIO())
    assert [body["text"] for body in api.log] == ["line 1", "line 2", "line 3"]


def test_real_gaps_are_kept_line_by_line(api, client, time_):
    night = a_night(200)
    posted_at = []
    answer = api.answer
    api.answer = lambda *post: posted_at.append(time_.now) or answer(*post)
    replay(api, client, time_, night, pace=as_recorded(60))
    assert all(later - earlier == pytest.approx(1) for earlier, later in pairwise(posted_at))
