"""What is promised, and how a run of the tests tells what it found of it.

A test that tries a promise says so, and tells the figure it reached::

    @pytest.mark.promise("No acknowledged declaration is lost when the process is killed", wanted="0 lost")
    def test_…(trials, reached):
        for _ in trials(count("DECLARED_TORTURE_KILLS")):
            …
        reached("200 kills, 9,314 acknowledged: 0 lost")

Hypothesis takes no such fixture: there the marker says what was ``tried``, and stands for it where that passed.

``pytest -m promise --promises FILE`` writes all of them to FILE; ``make torture`` is that, with full counts.
"""

import os
import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.counts import COUNTS, count

TELL_EVERY = 5.0
"""Seconds after which it is told again how far a trial is."""

REACHED = "reached"

Trials = Callable[[int], Iterator[int]]
Reached = Callable[[str], None]


@dataclass
class Found:
    """What the tests of one promise found. ``reached`` and ``failed`` are by the name of the test."""

    wanted: str
    reached: dict[str, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    functions: dict[str, None] = field(default_factory=dict)
    seconds: float = 0


class Promises:
    """Gathers what every test that tries a promise reports; tells it as a page at the end."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.found: dict[str, Found] = {}
        self._promise_of: dict[str, str] = {}
        self._tried: dict[str, str] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            marker = item.get_closest_marker("promise")
            if marker is not None:
                self.found.setdefault(marker.args[0], Found(marker.kwargs["wanted"]))
                self._promise_of[item.nodeid] = marker.args[0]
                self._tried[item.nodeid] = marker.kwargs.get("tried", "")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        promise = self._promise_of.get(report.nodeid)
        if promise is None:
            return
        found, name = self.found[promise], report.nodeid.rpartition("::")[2]
        found.seconds += report.duration
        found.functions[name.partition("[")[0]] = None
        if report.failed:
            found.failed.append(name)
        elif self._tried[report.nodeid]:
            found.reached[name] = self._tried[report.nodeid]
        for key, figure in report.user_properties if report.when == "call" else ():
            if key == REACHED:
                found.reached[name] = str(figure)

    def pytest_sessionfinish(self) -> None:
        tried = {promise: found for promise, found in self.found.items() if found.functions}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(page(tried, at=datetime.now(UTC)), "utf-8")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.write_line(f"What was promised and what was reached: {self.file}")


def page(tried: dict[str, Found], *, at: datetime) -> str:
    """``docs/promises.md``."""
    rows = []
    for promise, found in tried.items():
        labels = found.reached if len(set(found.reached.values())) > 1 else dict(list(found.reached.items())[:1])
        figures = [f"{_label(name)}{figure}" for name, figure in labels.items()] or ["as wanted"]
        verdict = f"**failed**: {', '.join(found.failed)}" if found.failed else "kept"
        command = f"`make torture ARGS=\"-k '{' or '.join(found.functions)}'\"`"
        cells = [promise, found.wanted, "<br>".join(figures), verdict, f"{found.seconds:.0f} s", command]
        rows.append(" | ".join(cell.replace("|", "\\|") for cell in cells))
    kept = sum(not found.failed for found in tried.values())
    counts = [f"| `{it.variable}` | {it.small} | {it.full} | {count(it.variable)} | {it.counts} |" for it in COUNTS]
    return "\n".join(
        [
            "# What is promised, and what was reached",
            "",
            f"{kept} of {len(tried)} kept on {at:%-d %B %Y} at {at:%H:%M} UTC, on {_machine()}.",
            "",
            "`make torture` wrote this page. It runs the tests that try a promise, as `make test` does, but far more",
            "often, and tells how far they are. `make torture QUICK=1` tries each of them briefly, and writes to",
            "`build/promises.md` instead, as do the commands for one promise.",
            "",
            "| promise | wanted | reached | | took | the command for this one |",
            "|---|---|---|---|---|---|",
            *(f"| {row} |" for row in rows),
            "",
            "## How often",
            "",
            "Each is a variable of the environment: `DECLARED_TORTURE_KILLS=1000 make torture`.",
            "",
            "| variable | `make test` | `make torture` | here | of what |",
            "|---|---|---|---|---|",
            *counts,
            "",
        ]
    )


def _label(name: str) -> str:
    """What tells apart the tests of a promise: ``sqlite: `` of ``test_x[sqlite]``."""
    parameter = name.partition("[")[2].removesuffix("]")
    return f"{parameter}: " if parameter else ""


def _machine() -> str:
    return (
        f"{platform.system()} {platform.machine()} with {os.cpu_count()} cores and Python {platform.python_version()}"
    )


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--promises", metavar="FILE", type=Path, help="tell of every promise and its figure in FILE")


def pytest_configure(config: pytest.Config) -> None:
    file = config.getoption("--promises")
    if file is not None:
        config.pluginmanager.register(Promises(file))


@pytest.fixture
def reached(record_property: Callable[[str, object], None]) -> Reached:
    """Tells the figure that a promise's test reached, whether or not that is enough."""
    return lambda figure: record_property(REACHED, figure)


@pytest.fixture
def trials(request: pytest.FixtureRequest) -> Trials:
    """0, 1, 2 … up to a number, telling now and then how far that is, where promises are tried."""
    is_told = request.config.getoption("--promises") is not None
    capture = request.config.pluginmanager.getplugin("capturemanager")
    terminal = request.config.pluginmanager.getplugin("terminalreporter")

    def numbers(many: int) -> Iterator[int]:
        told = time.monotonic()
        for number in range(many):
            if is_told and time.monotonic() - told > TELL_EVERY:
                told = time.monotonic()
                with capture.global_and_fixture_disabled():
                    terminal.write(f" {number}/{many}", flush=True)
            yield number

    return numbers
