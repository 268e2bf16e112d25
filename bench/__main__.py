"""``make bench``: every benchmark, or those that are named; results as JSON in ``bench/results/``."""

import argparse
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from bench import (
    burst,
    declarations,
    fanout,
    finder,
    flat,
    health,
    held,
    night,
    page,
    past,
    publishing,
    reading,
    rendering,
    screen,
    slips,
    wire,
    workers,
)
from bench.machine import Missing, describe
from bench.options import Options, options_from

BENCHMARKS: dict[str, ModuleType] = {
    module.__name__.rpartition(".")[2]: module
    for module in (
        fanout,
        reading,
        declarations,
        night,
        past,
        screen,
        health,
        held,
        rendering,
        finder,
        flat,
        burst,
        workers,
        slips,
        wire,
        publishing,
        page,
    )
}
RESULTS = Path(__file__).parent / "results"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; none: all of them")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, to see that everything runs")
    parser.add_argument("--watchers", metavar="N[,N]", help="how many; the fan-out takes several numbers")
    parser.add_argument("--repetitions", type=int, metavar="N", help="what is measured is the median of so many: 5")
    arguments = parser.parse_args()
    options = options_from(quick=arguments.quick, watchers=arguments.watchers, repetitions=arguments.repetitions)
    results = run(arguments.names or list(BENCHMARKS), options)
    summarise(results)
    print(f"written to {written(results)}")


def run(names: list[str], options: Options) -> dict[str, Any]:
    """The results by name, beside what is to be known of the machine and the sizes."""
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        raise SystemExit(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    results: dict[str, Any] = {**describe(), "quick": options.quick, "repetitions": options.repetitions}
    for name in names:
        print(f"{name}: {str(BENCHMARKS[name].__doc__).splitlines()[0]}", flush=True)
        try:
            results[name] = BENCHMARKS[name].run(options)
        except Missing as error:
            print(f"  left out: {error}")
            results[name] = {"left_out": str(error)}
    return {**results, "load_at_the_end": [round(load, 2) for load in os.getloadavg()]}


def summarise(results: dict[str, Any]) -> None:
    """Every goal with its figure."""
    print("goals:")
    for result in results.values():
        for goal in result.get("goals", ()) if isinstance(result, dict) else ():
            print(f"  {goal['line']}")


def written(results: dict[str, Any]) -> Path:
    """The file that now holds ``results``."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    file.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return file


if __name__ == "__main__":
    main()
