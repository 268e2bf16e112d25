"""One message of 1.5 kB to everybody: how soon the last watcher has it, and what an idle one holds of memory.

Ours is the real hub and the real live sockets on uvicorn, behind a publisher of a few lines: a post to the real server
waits for the disk, a fold and its templates, which no contestant has to do. (``burst`` and ``health`` use that one.)
All get the message as a POST and send out the same number of bytes. Each repetition starts every contestant afresh, one
after the other, so that what drifts on the machine hits all alike. The load client never sleeps while it waits: to wake
it up would be charged to the server, which sends within the same kernel.

Baseline: a loop in C over send(2), beside nginx with nchan, Node's ``ws``, websockets' ``broadcast`` and Starlette.
"""

from collections import defaultdict
from statistics import median
from typing import Any

from bench.contestants import CONTESTANTS, Contestant
from bench.goals import Goal, as_json, ratio
from bench.machine import Missing, processor_seconds, resident_kb, watchers_allowed
from bench.options import Options
from bench.processes import Watchers

SIZE = 1500
"""Bytes of a message."""
GOALS_AT = 10_000
"""Watchers that the goals are about."""
WARM_UP = 3
GAP_MS = 50.0

Figures = dict[str, float]


def run(options: Options) -> dict[str, Any]:
    sizes = options.watchers or ((50,) if options.quick else (1_000, GOALS_AT))
    measured = {str(count): _compared(count, options) for count in map(watchers_allowed, sizes)}
    most = measured[max(measured, key=int)]
    return {"size": SIZE, "watchers": measured, "goals": as_json(_goals(most, max(map(int, measured))))}


def _goals(results: dict[str, Figures], watchers: int) -> list[Goal]:
    last = {key: figures["last_ms"] for key, figures in results.items()}
    ours = last["declared"]
    told = f"{watchers:,} watchers: time to the last, against"
    return [
        Goal(f"{told} a C loop over send", ratio(ours, last.get("loop")), 1.25, "x"),
        Goal(f"{told} nginx with nchan", ratio(ours, last.get("nchan")), 0.95, "x"),
        Goal(f"{told} Starlette, faster by", ratio(last.get("starlette"), ours), 2.5, "x", at_least=True),
        Goal(f"{watchers:,} watchers: resident memory of an idle one", results["declared"]["resident_kb"], 4, "kB"),
    ]


def _compared(watchers: int, options: Options) -> dict[str, Figures]:
    """Medians over the repetitions by contestant, those left out that are not installed."""
    messages = 3 if options.quick else 12
    repeated: dict[str, list[Figures]] = defaultdict(list)
    missing: set[str] = set()
    for repetition in range(1, options.repetitions + 1):
        for contestant in CONTESTANTS:
            if contestant.key in missing:
                continue
            try:
                figures = _visit(contestant, watchers, messages, options)
            except Missing as error:
                print(f"  left out: {error}")
                missing.add(contestant.key)
                continue
            repeated[contestant.key].append(figures)
            print(f"  {watchers:,} watchers, {repetition}: {contestant.name}: {_told(figures)}", flush=True)
    return _medians(repeated)


def _visit(contestant: Contestant, watchers: int, messages: int, options: Options) -> Figures:
    """One contestant, fresh, with all its watchers."""
    with contestant.start(options) as server:
        before = resident_kb(server.pid)
        with Watchers(server.port, [server.path], watchers) as watching:
            resident = (resident_kb(server.pid) - before) / watchers
            size = SIZE - server.envelope
            watching.publish(server.publishing_port, "/publish", size=size, count=WARM_UP, gap_ms=GAP_MS)
            spent = processor_seconds(server.pid)
            times = watching.publish(server.publishing_port, "/publish", size=size, count=messages, gap_ms=GAP_MS)
            spent = processor_seconds(server.pid) - spent
    return {
        "last_ms": median(time["last"] for time in times),
        "half_ms": median(time["half"] for time in times),
        "first_ms": median(time["first"] for time in times),
        "processor_us": 1e6 * spent / (messages * watchers),
        "resident_kb": resident,
    }


def _medians(repeated: dict[str, list[Figures]]) -> dict[str, Figures]:
    medians = {
        key: {name: median(figures[name] for figures in visits) for name in visits[0]}
        for key, visits in repeated.items()
    }
    for figures in medians.values():
        figures["to_loop"] = figures["last_ms"] / medians["loop"]["last_ms"]
    for contestant in CONTESTANTS:
        if contestant.key in medians:
            figures = medians[contestant.key]
            print(f"  {contestant.name:24}{figures['to_loop']:5.2f} x the C loop, {_told(figures)}")
    return medians


def _told(figures: Figures) -> str:
    return (
        f"the last after {figures['last_ms']:.1f} ms, {figures['processor_us']:.1f} µs of processor a delivery, "
        f"{figures['resident_kb']:.1f} kB a watcher"
    )
