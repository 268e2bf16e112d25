"""``python -m bench.plot [FILE]``: the newest results of a whole run, or FILE's, as ``docs/images/performance.svg``.

Horizontal bars, readable in light and dark and without colour: every bar has its name and its figure beside it.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from bench.__main__ import RESULTS
from bench.contestants import CONTESTANTS

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "performance.svg"

WIDTH, NAMES, FIGURES = 720, 190, 150
"""Pixels: of the whole, of the column of names, and kept free for the figures behind the bars."""
ROW, HEADING, GAP = 26, 34, 18
"""Pixels of height: of a bar, of a panel's title, and between panels."""

STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1d2430; }
.title { font-weight: 600; font-size: 14px; }
.figure { font-variant-numeric: tabular-nums; }
.bar { fill: #9aa7b8; }
.ours { fill: #0b6bcb; }
.ours-text { font-weight: 600; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6eaf0; }
  .bar { fill: #66758a; }
  .ours { fill: #58a6ff; }
}
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the length ``value``, named on its left, with its figure as ``text`` on its right."""

    name: str
    value: float
    text: str
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """Bars on one scale, under a title."""

    title: str
    bars: Sequence[Bar]


def panels(results: dict[str, Any]) -> list[Panel]:
    """What there is to show of ``results``."""
    found = []
    if "watchers" in results.get("fanout", {}):
        found += _fanout_panels(results["fanout"]["watchers"])
    names = {"declared": "Declared", "nginx": "nginx, from disk", "fastapi": "a FastAPI route"}
    for read, title in (("page", "Cached page"), ("json", "Cached JSON")):
        if read in results.get("reading", {}):
            rates: dict[str, float] = results["reading"][read]["per_second"]
            bars = [Bar(names[key], rate, f"{rate:,.0f}", key == "declared") for key, rate in rates.items()]
            bars.sort(key=lambda bar: -bar.value)
            found.append(Panel(f"{title}: answers a second, one core (longer is better)", bars))
    return found


def _fanout_panels(watchers: dict[str, dict[str, Any]]) -> list[Panel]:
    """Time and memory at the largest number of watchers."""
    most = max(watchers, key=int)
    measured = [(it, watchers[most][it.key]) for it in CONTESTANTS if it.key in watchers[most]]
    measured.sort(key=lambda pair: float(pair[1]["last_ms"]))
    times = [
        Bar(
            it.name,
            figures["last_ms"],
            f"{figures['last_ms']:.0f} ms, {figures['to_loop']:.2f} x",
            it.key == "declared",
        )
        for it, figures in measured
    ]
    memory = [
        Bar(it.name, figures["resident_kb"], f"{figures['resident_kb']:.1f} kB", it.key == "declared")
        for it, figures in measured
    ]
    return [
        Panel(f"1.5 kB to {int(most):,} watchers: until the last has it (shorter is better)", times),
        Panel("Resident memory for each idle watcher (shorter is better)", memory),
    ]


def drawn(shown: Sequence[Panel], caption: str) -> str:
    """The picture as SVG."""
    parts, top = [], 8
    for panel in shown:
        parts.append(f'<text class="title" x="0" y="{top + 16}">{escape(panel.title)}</text>')
        longest = max(bar.value for bar in panel.bars)
        for index, bar in enumerate(panel.bars):
            length = max(1, round((WIDTH - NAMES - FIGURES) * bar.value / longest))
            parts.append(_row(bar, top + HEADING + index * ROW, length))
        top += HEADING + ROW * len(panel.bars) + GAP
    parts.append(f'<text x="0" y="{top + 8}">{escape(caption)}</text>')
    height = top + 20
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-label="Benchmarks: Declared beside others">\n<style>{STYLE}</style>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _row(bar: Bar, y: int, length: int) -> str:
    own, own_text = (" ours", " ours-text") if bar.is_ours else ("", "")
    return (
        f'<text class="{own_text.strip()}" x="{NAMES - 8}" y="{y + 14}" text-anchor="end">{escape(bar.name)}</text>'
        f'<rect class="bar{own}" x="{NAMES}" y="{y}" width="{length}" height="{ROW - 8}" rx="2"/>'
        f'<text class="figure{own_text}" x="{NAMES + length + 8}" y="{y + 14}">{escape(bar.text)}</text>'
    )


def newest() -> Path:
    """The last results of everything in full size."""
    for file in sorted(RESULTS.glob("*.json"), reverse=True):
        results = json.loads(file.read_text("utf-8"))
        if {"fanout", "reading"} <= results.keys() and not results["quick"]:
            return file
    raise SystemExit("there are no results of a whole run: make bench")


def main() -> None:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else newest()
    results = json.loads(file.read_text("utf-8"))
    caption = f"{results['at'][:10]}, {results['processor']}, {results['machine'].rpartition(', ')[2]}"
    PICTURE.write_text(drawn(panels(results), caption), "utf-8")
    print(f"{PICTURE} from {file}")


if __name__ == "__main__":
    main()
