"""Every benchmark from end to end with few watchers: that its figures make sense, not how good they are."""

import math
import shutil
import sys
from xml.etree import ElementTree as ET

import pytest

from bench import __main__ as bench
from bench import plot
from bench.goals import Goal
from bench.options import options_from
from tests.counts import IS_LONG_RUN

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the load clients need Linux"),
    pytest.mark.skipif(shutil.which("cc") is None, reason="the load clients need a C compiler"),
]

LONG = frozenset() if IS_LONG_RUN else frozenset({"workers", "held", "page", "publishing"})
"""Those that take longest, and are tried in the long run alone."""

NAMES = [name for name in bench.BENCHMARKS if name not in {"screen", "slips"} | LONG]
"""All but those that have a test of their own."""


def numbers_of(value):
    """Every number in some JSON."""
    if isinstance(value, dict):
        return [number for part in value.values() for number in numbers_of(part)]
    if isinstance(value, list):
        return [number for part in value for number in numbers_of(part)]
    return [value] if isinstance(value, int | float) else []


def measured(name):
    results = bench.run([name], options_from(quick=True, watchers=None, repetitions=1))
    numbers = numbers_of(results[name])
    assert numbers
    assert all(math.isfinite(number) for number in numbers)
    return results


@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_yields_figures(name):
    result = measured(name)[name]
    assert all(goal["figure"] > 0 for goal in result["goals"] if goal["figure"] is not None)
    if name == "fanout":
        assert {"loop", "declared", "broadcast", "starlette"} <= result["watchers"]["50"].keys()


@pytest.mark.browser
def test_the_way_to_the_screen_yields_figures():
    assert measured("screen")["screen"]["painted_p50_ms"] > 0


def test_results_are_written_and_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(bench, "RESULTS", tmp_path / "results")
    goal = Goal("the last of ten thousand", 1.1, 1.25, "x")
    bench.summarise({"fanout": {"goals": [goal.as_json()]}})
    assert "met" in capsys.readouterr().out
    assert bench.written({"at": "now"}).read_text("utf-8") == '{\n "at": "now"\n}\n'


@pytest.mark.parametrize(
    ("goal", "is_met"),
    [
        (Goal("at most", 1.0, 1.0), True),
        (Goal("at most", 1.1, 1.0), False),
        (Goal("at least", 1.1, 1.0, at_least=True), True),
        (Goal("at least", 0.9, 1.0, at_least=True), False),
        (Goal("nobody to compare with", None, 1.0), None),
    ],
)
def test_a_goal_is_met_or_not(goal: Goal, is_met: bool | None):
    assert goal.is_met is is_met


def test_sizes_come_from_the_command_or_the_environment(monkeypatch):
    monkeypatch.setenv("DECLARED_BENCH_WATCHERS", "100,200")
    monkeypatch.setenv("DECLARED_BENCH_REPETITIONS", "3")
    assert options_from(quick=False, watchers=None, repetitions=None).watchers == (100, 200)
    assert options_from(quick=False, watchers="7", repetitions=2).watchers_for(1000) == 7
    assert options_from(quick=False, watchers=None, repetitions=None).repetitions == 3


def test_an_unknown_benchmark_is_named():
    with pytest.raises(SystemExit, match="nonsense"):
        bench.run(["nonsense"], options_from(quick=True, watchers=None, repetitions=1))


def test_results_can_be_drawn():
    fanout = {
        key: {"last_ms": last, "to_loop": last / 80, "resident_kb": 2.0}
        for key, last in (("loop", 80), ("declared", 96))
    }
    reading = {read: {"per_second": {"declared": 8000, "nginx": 20000}} for read in ("page", "json")}
    panels = plot.panels({"fanout": {"watchers": {"10000": fanout}}, "reading": reading})
    picture = ET.fromstring(plot.drawn(panels, "Then & there"))
    words = [element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Declared", "96 ms, 1.20 x", "8,000", "Then & there"} <= set(words)


def test_what_was_not_measured_is_not_drawn():
    assert plot.panels({"at": "now", "fanout": {"left_out": "there is no C compiler"}}) == []
