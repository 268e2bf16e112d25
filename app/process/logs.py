"""What a server tells whoever runs it: a line on stderr for everything, and never more of one kind than can be read.

Whatever is logged comes here, uvicorn's lines and Python's warnings too. Each has its time, its level and, where there
is one, the request, the election and the sequence it is about::

    2026-05-08T03:12:09.123+01:00 ERROR app.projection.newsroom [request=5f0c… election=kent-2023 seq=41] …

A flood is summed up. What counts is the place in the code that it comes from, with the place that an exception was
raised at, and not the words, which a stranger may choose: of one place the first few different messages are written,
and once a minute how many more there were.
"""

import json
import logging
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from traceback import walk_tb
from typing import Any

TEXT, JSON = "text", "json"
FORMATS = (TEXT, JSON)

SUMMED_SECONDS = 60.0
"""How often it is told how many more there were."""

MOST_DIFFERENT = 5
"""Different messages of one place that are written until it has been silent for so long."""

MOST_PLACES = 1000
"""Places, each with the places that its exceptions come from, that are kept apart."""

LONGEST = 8000
"""Characters of a message or a traceback, of which the middle is left out where there are more."""

LONGEST_SUMMED = 400
"""Characters of the last message of a flood."""

About = Callable[[], Mapping[str, Any]]
"""What a line is about: ``request``, ``election``, ``seq``, as far as there is one. Asked only when one is written."""

_about: ContextVar[About] = ContextVar("declared_about", default=dict)

_NAMES = ("request", "election", "seq")


def about(told: About) -> None:
    """From now on, in this task or thread and those it begins, lines are about what ``told`` gives.

    A line of its own may say more of it, as ``extra={"election": slug, "seq": seq}``.
    """
    _about.set(told)


def keep_logs(log_format: str = TEXT) -> None:
    """Has everything that is logged in this process written to stderr, as ``text`` or as ``json``."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, Summing)]:
        root.removeHandler(handler)
        handler.close()
    summing = Summing()
    summing.setFormatter(JsonLines() if log_format == JSON else TextLines())
    root.addHandler(summing)
    root.setLevel(logging.WARNING)
    logging.getLogger("app").setLevel(logging.INFO)
    # At INFO the websockets library, whose handshake this logger is given to, has a line for every watcher.
    logging.getLogger("app.connections.socket").setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    threading.excepthook = _log_of_thread


def _log_of_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None:
        name = ended.thread.name if ended.thread is not None else "?"
        raised = (ended.exc_type, ended.exc_value, ended.exc_traceback)
        logging.getLogger(__name__).critical("The thread %s has died", name, exc_info=raised)


@dataclass(slots=True)
class _Source:
    """What came of one place lately; ``texts`` are the messages that were written, ``last`` the last that was not."""

    texts: set[str] = field(default_factory=set)
    held: int = 0
    last: logging.LogRecord | None = None


class Summing(logging.Handler):
    """Writes lines to stderr, and of those of one place that come again and again only how many there were."""

    def __init__(self, *, seconds: float = SUMMED_SECONDS) -> None:
        super().__init__()
        self._seconds = seconds
        self._places: dict[object, _Source] = {}
        self._began = time.monotonic()
        self._timer: threading.Timer | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write ``record``, or count it. The lock is held."""
        try:
            for name, value in _about.get()().items():
                if name not in record.__dict__:
                    setattr(record, name, value)
            if not getattr(record, "is_flood", True):
                # Whoever logs it sees to it that there is no flood.
                self._write(record)
                return
            place = self._place_of(record)
            text = _told(record)
            if text not in place.texts and len(place.texts) < MOST_DIFFERENT:
                place.texts.add(text)
                self._write(record)
            else:
                place.held += 1
                place.last = record
        except Exception:  # noqa: BLE001  # as every handler does: a line that cannot be written stops nothing
            self.handleError(record)

    def sum_up(self) -> None:
        """Tell how many more there were of each place; those that have been silent are begun anew."""
        with self._held():
            self._sum_up()
            self._timer = None
            if self._places:
                self._watch_the_clock()

    def close(self) -> None:
        """Tell what is still to be told."""
        with self._held():
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            self._sum_up()
        super().close()

    def _held(self) -> threading.RLock:
        """The lock under which records come."""
        assert self.lock is not None  # logging gives every handler one
        return self.lock

    def _place_of(self, record: logging.LogRecord) -> _Source:
        if self._timer is None or not self._timer.is_alive():
            # Not alive is also the clock of a process that this one was forked from.
            self._watch_the_clock()
        key = (record.name, record.levelno, record.pathname, record.lineno, *_raised_at(record))
        if key not in self._places and len(self._places) >= MOST_PLACES:
            self._sum_up()
            self._places.clear()
        return self._places.setdefault(key, _Source())

    def _watch_the_clock(self) -> None:
        self._began = time.monotonic()
        self._timer = threading.Timer(self._seconds, self.sum_up)
        self._timer.daemon = True
        self._timer.start()

    def _sum_up(self) -> None:
        seconds = time.monotonic() - self._began
        for key, place in list(self._places.items()):
            if place.last is None:
                del self._places[key]
                continue
            self._write(_summary(place.last, place.held, seconds))
            place.held, place.last = 0, None

    def _write(self, record: logging.LogRecord) -> None:
        # Not kept: whoever runs a command in the same process may give it another one.
        sys.stderr.write(f"{self.format(record)}\n")
        sys.stderr.flush()


class TextLines(logging.Formatter):
    """A line for people; what has more lines, as a traceback does, goes on indented: no line of it begins as one."""

    def format(self, record: logging.LogRecord) -> str:
        """``TIME LEVEL LOGGER [request=… election=… seq=…] MESSAGE``."""
        found = " ".join(f"{name}={_printable(str(value))}" for name, value in _members(record, *_NAMES).items())
        head = f"{_time(record)} {record.levelname} {record.name} {f'[{found}] ' if found else ''}"
        more = f"\n{_cut(self.formatException(record.exc_info))}" if record.exc_info else ""
        lines = f"{_cut(record.getMessage())}{more}".splitlines()
        return head + "\n    ".join(map(_printable, lines))


class JsonLines(logging.Formatter):
    """A JSON object a line, for programs."""

    def format(self, record: logging.LogRecord) -> str:
        """With ``time``, ``level``, ``logger``, ``message`` and, where there is one, the rest."""
        told = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": _cut(record.getMessage()),
            **_members(record, *_NAMES, "more"),
        }
        if record.exc_info:
            told["traceback"] = _cut(self.formatException(record.exc_info))
        return json.dumps(told, default=str)


def _summary(last: logging.LogRecord, held: int, seconds: float) -> logging.LogRecord:
    told = f"… and {held:,} more like it in {seconds:.0f} s, the last: {_told(last)[:LONGEST_SUMMED]}"
    summary = logging.LogRecord(last.name, last.levelno, last.pathname, last.lineno, "%s", (told,), None)
    for name, value in _members(last, *_NAMES).items():
        setattr(summary, name, value)
    summary.more = held
    return summary


def _told(record: logging.LogRecord) -> str:
    """The message, and what an exception says."""
    message = record.getMessage().strip()
    error = record.exc_info[1] if record.exc_info else None
    return f"{message}: {type(error).__name__}: {error}" if error is not None else message


def _raised_at(record: logging.LogRecord) -> tuple[object, ...]:
    """The kind of an exception and the innermost place that it came through."""
    if not record.exc_info or record.exc_info[2] is None:
        return ()
    kind, _, traceback = record.exc_info
    *_, (frame, line) = walk_tb(traceback)
    return kind, frame.f_code.co_filename, line


def _members(record: logging.LogRecord, *names: str) -> dict[str, Any]:
    found = {name: getattr(record, name, None) for name in names}
    return {name: value for name, value in found.items() if value not in {None, ""}}


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")


def _cut(text: str) -> str:
    text = text.strip()
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]}\n…\n{text[-LONGEST // 2 :]}"


def _printable(line: str) -> str:
    """A line as one line, however it was made up: what a stranger typed must not look like one of ours."""
    if line.isprintable():
        return line
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in line)
