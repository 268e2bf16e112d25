"""One message of 1.5 kB to 10,000 watchers, from one process and from two on two cores.

As in ``fanout`` it is the real hub and the real live sockets. The clients stand still while it is sent, as there is no
third core for them: what is measured is from the first write until the last has gone to the kernel, which on loopback
does the receiver's part too. Afterwards each has to have got it. Baseline: one process, in the same repetition.
"""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from bench.goals import Goal, as_json, ratio
from bench.machine import free_port, watchers_allowed
from bench.options import Options
from bench.processes import Watchers
from bench.servers.hub import PATH, envelope_bytes

SIZE = 1500
GOAL = 1.7
WARM_UP = 3


def run(options: Options) -> dict[str, Any]:
    count = watchers_allowed(options.watchers_for(10_000))
    messages = 4 if options.quick else 20
    measured: dict[int, list[dict[str, Any]]] = {1: [], 2: []}
    for repetition in range(1, options.repetitions + 1):
        for workers, results in measured.items():
            results.append(_visit(workers, count, messages))
            print(f"  {count:,} watchers, {repetition}: {workers} at work: {_told(results[-1])}", flush=True)
    ratios = [ratio(one["median_ms"], two["median_ms"]) for one, two in zip(*measured.values(), strict=True)]
    faster = median(figure for figure in ratios if figure is not None)
    return {
        "watchers": count,
        "by_workers": {str(workers): results for workers, results in measured.items()},
        "goals": as_json([Goal(f"{count:,} watchers: two workers, faster by", faster, GOAL, "x", at_least=True)]),
    }


def _visit(workers: int, count: int, messages: int) -> dict[str, Any]:
    port = free_port()
    with _serving(port, workers) as server, Watchers(port, [PATH], count) as watching:
        answers = []
        for seq in range(1, WARM_UP + messages + 1):
            with watching.standing_still():
                answers.append(_obey(server, f"{seq} {SIZE - envelope_bytes()}"))
            watching.reach(seq, 60)
    kept = answers[WARM_UP:]
    return {
        "median_ms": median(answer["milliseconds"] for answer in kept),
        "processor_ms": median(answer["processor_milliseconds"] for answer in kept),
        "spread": kept[-1]["watchers"],
    }


@contextlib.contextmanager
def _serving(port: int, workers: int) -> "Iterator[subprocess.Popen[str]]":
    command = [sys.executable, "-m", "bench.servers.hubs", str(port), str(workers)]
    root = Path(__file__).parents[1]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root)
    try:
        assert process.stdout is not None
        process.stdout.readline()  # when all of them listen
        yield process
    finally:
        process.communicate(timeout=30)


def _obey(server: "subprocess.Popen[str]", order: str) -> dict[str, Any]:
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(order + "\n")
    server.stdin.flush()
    answer: dict[str, Any] = json.loads(server.stdout.readline())
    return answer


def _told(result: dict[str, Any]) -> str:
    spread = " and ".join(f"{watchers:,}" for watchers in result["spread"])
    return f"{result['median_ms']:.1f} ms, {result['processor_ms']:.1f} ms of the busier core; {spread} watchers"
