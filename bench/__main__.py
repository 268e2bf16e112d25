"""``make bench``: every benchmark, or those that are named; results as JSON in ``bench/results/``."""

import argparse
import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from bench import flat, screen

BENCHMARKS = {"flat": flat.run, "screen": screen.run}
RESULTS = Path(__file__).parent / "results"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; none: all of them")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, to see that everything runs")
    arguments = parser.parse_args()
    results: dict[str, object] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.platform()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
    }
    for name in arguments.names or BENCHMARKS:
        print(f"{name}: {(BENCHMARKS[name].__module__)}")
        results[name] = BENCHMARKS[name](quick=arguments.quick)
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    file.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    print(f"written to {file}")


if __name__ == "__main__":
    main()
