"""Posting a recorded night through the API, line by line, so that nothing is lost and nothing is declared twice.

Every line has an idempotency key of its own, made from the election, its place in the file and its content. So a line
whose answer got lost is posted again under the same key, and a replay that was stopped can simply be run again: what
the log has already is answered as it was the first time.

A ``replaces`` in a recorded night is the sequence that the night's n-th declaration has, n, when the night is replayed
into an empty log. Where the log was not empty it is translated to the sequence which the server gave that declaration.
"""

import json
import re
import shutil
import time
import tomllib
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import accumulate, count
from pathlib import Path
from typing import Any, TextIO

import httpx2

from app.addresses import API_ELECTIONS, API_LOG
from app.bundles.recorded import RecordedLine, read_night
from app.process.failures import CommandFailed

Pace = Callable[[Sequence[RecordedLine]], Sequence[float]]
"""When each line is due, in seconds from the start; never earlier than the line before it."""

PATIENCE = 120.0
"""Seconds that a server may be away before the replay gives up."""

FIRST_PATIENCE = 15.0
"""The same before its first answer: a server that was never there has more likely a mistyped address."""

TIMEOUT = httpx2.Timeout(30.0, connect=5.0)
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
LONGEST_RETRY_AFTER = 60.0
PLAIN_LINES = 20
"""How often progress is told, at least, where it cannot be told on one line that updates."""

RUN_AGAIN = "Put that right and run it again: nothing is declared twice."
GO_ON = "Run it again to go on: nothing is declared twice."
MAY_DECLARE = "Give a token of this server that may declare, as `declared token add` prints it."
REHEARSE = "In a rehearsal, --before-polls-close has it posted all the same."
"""What to do where a replay stopped."""

_ELECTION_IN_PATH = re.compile(r"(?P<root>.*?)(?:/api/v1)?/elections/(?P<slug>[^/]+)(?:/.*)?")
_TOKEN = re.compile(r"[\x21-\x7e]+")
_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class ReplayStopped(CommandFailed):
    """Why a replay did not get to its end, and what to do about it, in one line."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A line that was taken. ``seq`` is None where it waits for a second check; ``flash`` where no badge changed."""

    number: int
    total: int
    line: RecordedLine
    seq: int | None
    flash: str | None


@dataclass(frozen=True, slots=True)
class ServerAway:
    """The server cannot answer just now; it is asked again in ``seconds``."""

    trouble: str
    seconds: float


Event = Posted | ServerAway


# when each line is due


def at_once(lines: Sequence[RecordedLine]) -> Sequence[float]:
    """As fast as it goes."""
    return [0.0] * len(lines)


def as_recorded(speed: float) -> Pace:
    """The real gaps between the lines' times, ``speed`` times faster."""

    def due(lines: Sequence[RecordedLine]) -> Sequence[float]:
        seconds = ((line.at - lines[0].at).total_seconds() / speed for line in lines)
        # A line that is timed before the one above it is due with that: the order of the file is that of the log.
        return list(accumulate(seconds, max))

    return due


def evenly(seconds: float) -> Pace:
    """Evenly spaced: the first line at once, the last one after ``seconds``."""

    def due(lines: Sequence[RecordedLine]) -> Sequence[float]:
        return [seconds * place / max(len(lines) - 1, 1) for place in range(len(lines))]

    return due


# the server, and the night on its way to it


@dataclass(slots=True)
class TargetServer:
    """A server that is asked until it answers. ``root`` is its address, without a slash at the end."""

    client: httpx2.Client
    root: str
    patience: float = PATIENCE
    sleep: Callable[[float], object] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _has_answered: bool = False

    def ask(
        self, method: str, path: str, *, content: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Generator[ServerAway, None, httpx2.Response]:
        """The answer, asked for again while the server is away, too busy or broken.

        Raises ReplayStopped when that lasts for longer than ``patience``.
        """
        since = self.clock()
        for attempt in count():
            pause = min(FIRST_PAUSE * 2 ** min(attempt, 10), LONGEST_PAUSE)
            try:
                response = self.client.request(method, self.root + path, content=content, headers=headers)
            except httpx2.RequestError as error:
                trouble = f"{self.root} does not answer ({str(error) or type(error).__name__})"
            else:
                self._has_answered = True
                if response.status_code < 500 and response.status_code != 429:
                    return response
                trouble = f"{self.root} answers {answered(response)}"
                pause = max(pause, _retry_after(response))
            away = self.clock() - since
            if away + pause > (self.patience if self._has_answered else min(self.patience, FIRST_PATIENCE)):
                raise ReplayStopped(f"Given up after {away:.0f} s: {trouble.rstrip('.')}. {GO_ON}")
            yield ServerAway(trouble, pause)
            self.sleep(pause)
        raise AssertionError("count() does not end")

    def has_to_rehearse(self) -> Generator[ServerAway, None, None]:
        """Raises ReplayStopped where the server is not a rehearsal."""
        answer = yield from self._elections()
        if not (isinstance(answer, dict) and answer.get("rehearsal") is True):
            raise ReplayStopped(
                f"{self.root} is not a rehearsal: --before-polls-close is for a server that runs with --rehearsal."
            )

    def _elections(self) -> Generator[ServerAway, None, Any]:
        response = yield from self.ask("GET", API_ELECTIONS.path)
        if response.status_code != 200:
            told = f"{self.root}{API_ELECTIONS.path} answers {answered(response).rstrip('.')}"
            raise ReplayStopped(f"{told}. Give the address of a server of Declared.")
        return _json(response)

    def only_election(self) -> Generator[ServerAway, None, str]:
        """The slug of the only election that the server has; raises ReplayStopped where there is none, or another."""
        answer = yield from self._elections()
        elections = answer.get("elections") if isinstance(answer, dict) else answer
        found = [str(election["slug"]) for election in elections or [] if "slug" in election]
        if len(found) != 1:
            there_are = ", ".join(found) or "none"
            raise ReplayStopped(
                f"Which election? {self.root} has: {there_are}. Give an address that ends in /elections/SLUG."
            )
        return found[0]


@dataclass(slots=True)
class Replay:
    """One recorded night on its way to a server. ``slug`` None: to the only election that is there."""

    server: TargetServer
    night: Sequence[RecordedLine]
    slug: str | None
    pace: Pace = at_once
    file: str = "night.jsonl"
    before_polls_close: bool = False
    """Results from before the polls close are confirmed, which only a rehearsal takes."""
    _sequences: dict[int, int] = field(default_factory=dict)
    """The sequence that the server gave to the night's n-th declaration."""

    def run(self) -> Iterator[Event]:
        """Post every line in turn, and give each event as it happens.

        Raises ReplayStopped when a line is refused, or when the server is away for longer than its patience.
        """
        if self.before_polls_close:
            yield from self.server.has_to_rehearse()
        slug = self.slug or (yield from self.server.only_election())
        started = self.server.clock()
        for number, (line, due) in enumerate(zip(self.night, self.pace(self.night), strict=True), start=1):
            ahead = started + due - self.server.clock()
            if ahead > 0:
                self.server.sleep(ahead)
            answer = yield from self._post(line, slug)
            seq = answer.get("seq")
            if isinstance(seq, int):
                self._sequences[number] = seq
            yield Posted(number, len(self.night), line, seq, answer.get("flash"))

    def _post(self, line: RecordedLine, slug: str) -> Generator[ServerAway, None, Mapping[str, Any]]:
        """Post ``line``, and again with every warning confirmed where nothing but warnings stands in its way.

        That the polls have not closed is not confirmed unless that was asked for.
        """
        body = dict(line.body)
        if isinstance(body.get("replaces"), int):
            body["replaces"] = self._sequences.get(body["replaces"], body["replaces"])
        path = API_LOG.to(slug=slug)
        headers = {"Idempotency-Key": replay_key(line, slug), "Content-Type": "application/json"}
        while True:
            content = json.dumps(body, ensure_ascii=False).encode()
            response = yield from self.server.ask("POST", path, content=content, headers=headers)
            if response.status_code in {201, 202}:
                return _problem(response)
            confirmed = list(body.get("confirm") or [])
            warnings = [code for code in warnings_of(response) if code not in confirmed]
            if "W09" in warnings and not self.before_polls_close:
                raise self._stopped(line, response, REHEARSE)
            if not warnings:
                raise self._stopped(line, response, MAY_DECLARE if response.status_code in {401, 403} else RUN_AGAIN)
            body["confirm"] = [*confirmed, *warnings]

    def _stopped(self, line: RecordedLine, response: httpx2.Response, remedy: str) -> ReplayStopped:
        return ReplayStopped(f"{self.file}:{line.line}: {_subject(line)}: {answered(response).rstrip('.')}. {remedy}")


def replay_key(line: RecordedLine, slug: str) -> str:
    """The idempotency key of a line: the same whenever the same line of the same night is posted."""
    content = json.dumps(line.body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(f"{slug}\n{line.line}\n{content}".encode()).hexdigest()


def answered(response: httpx2.Response) -> str:
    """What a refusal says, in one line, such as ``404: There is no contest “local.x” in this election``."""
    status, problem = response.status_code, _problem(response)
    if 300 <= status < 400:
        return f"{status}: the server is at {response.headers.get('Location', 'another address')}"
    details = [f"{error.get('code')}: {error.get('detail')}" for error in _errors(problem)]
    if not details:
        details = [str(problem.get("detail") or response.reason_phrase)]
    if status == 409 and isinstance(problem.get("seq"), int):
        details.append(f"Entry {problem['seq']} stands.")
    return " ".join(f"{status}: {' '.join(details)}".split())


def warnings_of(response: httpx2.Response) -> list[str]:
    """The codes of a refusal that consists of warnings alone; none where anything else stands in the way."""
    codes = [str(error.get("code")) for error in _errors(_problem(response))]
    return codes if response.status_code == 422 and all(code.startswith("W") for code in codes) else []


def _errors(problem: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    errors = problem.get("errors")
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []


def _problem(response: httpx2.Response) -> Mapping[str, Any]:
    body = _json(response)
    return body if isinstance(body, dict) else {}


def _json(response: httpx2.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


def _retry_after(response: httpx2.Response) -> float:
    """Seconds that the server asks to wait; 0 where it does not say, or says a date."""
    told = response.headers.get("Retry-After", "")
    return min(float(told), LONGEST_RETRY_AFTER) if re.fullmatch(r"[0-9]{1,6}", told) else 0.0


def _subject(line: RecordedLine) -> str:
    """What a line is about: ``ward local.medway.all-saints.2023-05-04``."""
    about = (line.body.get(key) for key in ("ballot_id", "council_id", "replaces"))
    named = next((str(value) for value in about if value is not None), "")
    return f"{line.body['kind']} {named}".strip()


# from the command line


def replay_file(  # noqa: PLR0913  # what the command takes, each by its name
    path: Path,
    *,
    to: str,
    token: str,
    pace: Pace,
    stream: TextIO,
    slug: str | None = None,
    before_polls_close: bool = False,
    patience: float = PATIENCE,
    is_over: Callable[[], bool] = lambda: False,
) -> None:
    """Replay the night in the file ``path`` to the server at ``to``, telling ``stream`` how far it is.

    ``to`` is the server's root, or an address that ends in ``/elections/{slug}``. Without a ``slug`` there, the
    election is the one of the bundle that the file is in, or else the only one that the server has. Once ``is_over``
    says so it ends quietly.

    Raises BundleError where the file is no recorded night, and ReplayStopped where the night was not replayed to its
    end, Ctrl-C included.
    """
    night = read_night(path)
    if not night:
        raise ReplayStopped(f"{path} holds no declaration: write one on each line.")
    root, named = address(to)
    progress = ReplayProgress(stream, len(night))
    with client_of(root, token) as client:
        replay = Replay(
            TargetServer(client, root, patience),
            night,
            slug or named or slug_beside(path),
            pace,
            path.name,
            before_polls_close=before_polls_close,
        )
        try:
            for event in replay.run():
                if is_over():
                    break
                progress.tell(event)
        except KeyboardInterrupt:
            told = f"Stopped after {progress.posted} of {len(night)} declarations"
            raise ReplayStopped(f"{told}. {GO_ON}") from None
        finally:
            progress.end()


def client_of(root: str, token: str) -> httpx2.Client:
    """Talks to the server at ``root`` as the bearer of ``token``; raises ReplayStopped for what is no token."""
    if not _TOKEN.fullmatch(token):
        raise ReplayStopped("The token has to be the one line that `declared token add` printed.")
    # No proxy stands between a machine and itself, whatever the environment says.
    own = httpx2.URL(root).host in _OWN_MACHINE
    return httpx2.Client(headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT, trust_env=not own)


def address(url: str) -> tuple[str, str | None]:
    """The server's root in ``url``, and the slug of the election that it names, or None.

    Raises ReplayStopped where it is no address.
    """
    try:
        parsed = httpx2.URL(url.strip())
    except httpx2.InvalidURL as error:
        raise ReplayStopped(f"“{url}” is not an address: {error}.") from None
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise ReplayStopped(f"“{url}” is not an address such as http://127.0.0.1:8000.")
    named = _ELECTION_IN_PATH.fullmatch(parsed.path)
    path = named["root"] if named else parsed.path.rstrip("/").removesuffix("/elections").removesuffix("/api/v1")
    root = parsed.copy_with(path=path or "/", query=None, fragment=None)
    return str(root).rstrip("/"), named["slug"] if named else None


def slug_beside(night: Path) -> str | None:
    """The slug of the bundle that the file ``night`` is in; None where there is none."""
    try:
        slug = tomllib.loads((night.parent / "election.toml").read_text("utf-8-sig")).get("slug")
    except (OSError, ValueError):
        return None
    return slug if isinstance(slug, str) else None


class ReplayProgress:
    """How far a replay is: one line that updates on a terminal, plain lines now and then anywhere else."""

    def __init__(self, stream: TextIO, total: int) -> None:
        self.posted = 0
        self._stream = stream
        self._total = total
        self._updates = stream.isatty()
        self._flash = ""
        self._is_inside_a_line = False

    def tell(self, event: Event) -> None:
        match event:
            case Posted():
                self._tell_posted(event)
            case ServerAway(trouble=trouble, seconds=seconds):
                self._write(f"{trouble}; trying again in {seconds:.1f} s")

    def end(self) -> None:
        """Leave the line that updates; what is written next begins on a line of its own."""
        if self._is_inside_a_line:
            self._stream.write("\n")
            self._stream.flush()

    def _tell_posted(self, event: Posted) -> None:
        self.posted = event.number
        self._flash = event.flash or self._flash
        every = max(self._total // PLAIN_LINES, 1)
        if self._updates or event.flash or event.number % every == 0 or event.number == self._total:
            told = f"{event.number} of {event.total}  {event.line.at:%H:%M}"
            flash = self._flash if self._updates else event.flash
            self._write(f"{told}  {flash}" if flash else told)

    def _write(self, text: str) -> None:
        if self._updates:
            # The end of a longer line is wiped out, and no line is so long that the terminal breaks it.
            text = f"\r{text[: shutil.get_terminal_size().columns - 1]}\x1b[K"
        self._is_inside_a_line = self._updates
        self._stream.write(text if self._updates else f"{text}\n")
        self._stream.flush()
