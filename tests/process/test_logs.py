"""What a server writes to stderr: lines that say when, how grave and about what, and never a flood of them."""

import json
import logging
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.process.logs import MOST_DIFFERENT, JsonLines, Summing, TextLines, about
from app.web.incoming import SANE
from tests.promises import Reached
from tests.running import PROJECT, Server

LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d (?P<level>[A-Z]+) (?P<logger>[\w.]+) "
    r"(?:\[(?P<about>[^\]]*)\] )?(?P<message>.*)"
)


@pytest.fixture
def summing() -> Iterator[Summing]:
    handler = Summing()
    handler.setFormatter(TextLines())
    yield handler
    handler.close()


@pytest.fixture
def logger(summing: Summing) -> Iterator[logging.Logger]:
    one = logging.getLogger("tests.logs")
    one.propagate = False
    one.addHandler(summing)
    yield one
    one.removeHandler(summing)


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def fail(text: str) -> None:
    raise ValueError(text)


def test_a_line_has_its_time_with_the_zone_its_level_and_what_it_is_about(logger, capsys) -> None:
    def run() -> None:
        about(lambda: {"request": "abc-123", "election": "kent-2023", "seq": None})
        logger.warning("A %s went wrong", "thing", extra={"seq": 41})

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    logger.error("Another one")
    first, second = (LINE.fullmatch(line) for line in lines(capsys))
    assert first is not None
    assert second is not None
    assert first.groupdict() == {
        "level": "WARNING",
        "logger": "tests.logs",
        "about": "request=abc-123 election=kent-2023 seq=41",
        "message": "A thing went wrong",
    }
    assert (second["about"], second["message"]) == (None, "Another one")


def test_the_same_again_and_again_is_the_first_and_how_many_more_there_were(logger, summing, capsys) -> None:
    for _ in range(9468):
        logger.error("The database is away")
    assert len(lines(capsys)) == 1
    summing.sum_up()
    [summary] = lines(capsys)
    assert re.search(r"logs … and 9,467 more like it in \d+ s, the last: The database is away$", summary)
    summing.sum_up()
    assert lines(capsys) == []
    logger.error("The database is away")
    assert len(lines(capsys)) == 1, "after a silence it is news again"


def test_what_is_no_flood_by_itself_is_told_each_time(logger, summing, capsys) -> None:
    for _ in range(3):
        logger.error("the database is away", extra={"is_flood": False})
    assert len(lines(capsys)) == 3


def test_whoever_varies_the_words_floods_nothing_either(logger, summing, capsys) -> None:
    for number in range(1000):
        logger.error("There is no election “%s”", "x" * number)
    assert len(lines(capsys)) == MOST_DIFFERENT
    summing.sum_up()
    [summary] = lines(capsys)
    assert "… and 995 more like it" in summary
    assert summary.endswith("x")


def test_tracebacks_of_one_place_are_summed_up_and_those_of_another_are_not(logger, summing, capsys) -> None:
    def log(text: str) -> None:
        try:
            fail(text)
        except ValueError:
            logger.exception("It failed")

    for number in range(200):
        log(f"text {number}")
    try:
        int("x")
    except ValueError:
        logger.exception("It failed")
    told = lines(capsys)
    assert sum(line.startswith("    Traceback") for line in told) == MOST_DIFFERENT + 1
    summing.sum_up()
    [summary] = lines(capsys)
    assert re.search(r"… and 195 more like it in \d+ s, the last: It failed: ValueError: text 199$", summary)


def test_what_is_still_held_is_told_at_the_end(logger, summing, capsys) -> None:
    for _ in range(3):
        logger.error("Again")
    summing.close()
    assert "… and 2 more like it" in lines(capsys)[-1]


def test_it_is_told_by_the_clock_even_where_nothing_more_comes(capsys) -> None:
    summing, told = Summing(seconds=0.01), threading.Event()
    summing.setFormatter(TextLines())
    summing._write = lambda record: told.set() if "more like it" in record.getMessage() else None
    for _ in range(2):
        summing.handle(logging.LogRecord("tests", logging.ERROR, "here", 1, "Again", (), None))
    assert told.wait(10)
    summing.close()


def test_what_a_stranger_typed_looks_like_no_line_of_ours(logger, capsys) -> None:
    forged = "x\n2026-05-08T03:12:09.123+01:00 ERROR app.web All is well\x1b[2J"
    logger.error("%s", forged)
    try:
        fail(forged)
    except ValueError:
        logger.exception("It failed")
    told = lines(capsys)
    ours = [line for line in told if not line.startswith("    ")]
    assert [line.rpartition(" ")[2] for line in ours] == ["x", "failed"]
    assert not any("\x1b" in line for line in told)


def test_of_what_is_too_long_the_middle_is_left_out(logger, capsys) -> None:
    logger.error("the beginning %s the end", "x" * 100_000)
    told = lines(capsys)
    assert "the beginning" in told[0]
    assert told[1:2] == ["    …"]
    assert told[-1].endswith("the end")
    assert sum(map(len, told)) < 9000


def test_as_json_each_line_is_an_object(capsys) -> None:
    summing = Summing()
    summing.setFormatter(JsonLines())
    try:
        fail("two\nlines")
    except ValueError:
        record = logging.LogRecord("tests", logging.ERROR, "here", 1, "It %s", ("failed",), sys.exc_info())
    record.election, record.seq = "kent-2023", 41
    for _ in range(3):
        summing.handle(record)
    summing.close()
    first, summary = map(json.loads, lines(capsys))
    assert (first["level"], first["logger"], first["message"]) == ("ERROR", "tests", "It failed")
    assert (first["election"], first["seq"]) == ("kent-2023", 41)
    assert first["traceback"].endswith("ValueError: two\nlines")
    assert summary["more"] == 2
    assert "traceback" not in summary


def test_a_line_after_a_fork_is_summed_up_by_a_clock_of_its_own() -> None:
    code = """
import logging, os, sys
from app.process.logs import Summing, TextLines
summing = Summing(seconds=0.2)
summing.setFormatter(TextLines())
record = logging.LogRecord("tests", logging.ERROR, "here", 1, "Again", (), None)
summing.handle(record)
if os.fork() == 0:
    import time
    for _ in range(3):
        summing.handle(record)
    time.sleep(2)
    os._exit(0)
os.wait()
os._exit(0)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert "… and 3 more like it" in done.stderr


@pytest.mark.parametrize(
    ("given", "sane"),
    [
        (b"5f0c2a9b-1f6e-4a43-8d8e-3c1f4d9b2a10", True),
        (b"Root=1-67891233-abcdef012345678912345678", True),
        (b"short", False),
        (b"x" * 65, False),
        (b"with a space", False),
        (b"12345678\x00", False),
        ("é".encode() * 8, False),
    ],
)
def test_a_request_keeps_an_id_that_is_sane(given: bytes, *, sane: bool) -> None:
    assert bool(SANE.fullmatch(given)) is sane


@pytest.mark.promise("A flood in the log is summed up", wanted="2 lines")
def test_a_server_tells_every_failure_with_its_request_and_a_flood_of_them_in_two_lines(
    tmp_path: Path, reached: Reached
) -> None:
    file = tmp_path / "night.db"
    with Server(f"sqlite:///{file}", log_format="json") as server, server.client() as client:
        connection = sqlite3.connect(file)
        connection.execute("UPDATE token SET created_at = 'nonsense'")
        connection.commit()
        connection.close()
        path = "/api/v1/elections/kent-2023/declarations"
        # uvicorn hangs up after an error of ours.
        client.headers["Connection"] = "close"
        answers = [client.post(path, json={"kind": "note", "text": "x"}) for _ in range(50)]
        own = client.post(path, json={}, headers={"X-Request-ID": "from-the-proxy-1"})
        forged = client.post(path, json={}, headers={"X-Request-ID": "a b"})
        assert "X-Request-ID" in client.get("/nothing").headers
        assert "X-Request-ID" in client.get("/desk/login").headers
        assert "X-Request-ID" not in client.get("/elections/kent-2023").headers
        server.stop()
    assert {answer.status_code for answer in answers} == {500}
    ids = [answer.headers["X-Request-ID"] for answer in answers]
    assert len(set(ids)) == 50
    assert own.headers["X-Request-ID"] == "from-the-proxy-1"
    assert re.fullmatch("[0-9a-f]{16}", forged.headers["X-Request-ID"])
    told = [json.loads(line) for line in server.errors if line.startswith("{")]
    assert [line["level"] for line in told] == ["ERROR", "ERROR"], server.errors
    first, summary = told
    assert (first["request"], first["election"], first["logger"]) == (ids[0], "kent-2023", "uvicorn.error")
    assert "nonsense" in first["traceback"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d", first["time"])
    assert summary["more"] == 51
    reached("51 failures of one kind: 2 lines")
