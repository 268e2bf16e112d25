"""How much of a page moves under its reader: what Chromium counts as layout shifts that nobody asked for."""

from collections.abc import Sequence

OBSERVED = """
    window.shifts = [];
    window.shifted = [];
    new PerformanceObserver((list) => {
        for (const it of list.getEntries().filter((it) => !it.hadRecentInput)) {
            window.shifts.push(it.value);
            window.shifted.push(it.sources.slice(0, 3).map(({node, previousRect: was, currentRect: is}) => {
                const id = (node?.closest ? node : node?.parentElement)?.closest("[id]")?.id;
                return `#${id} ${node?.className ?? node?.nodeName} ${was.x},${was.y} → ${is.x},${is.y}`;
            }).join("; "));
        }
    }).observe({type: "layout-shift", buffered: true});
"""
"""For a page before it is opened; from then on it keeps each shift, in shares of what is in sight."""

SHIFTS = "window.shifts"
"""What gives the shifts so far, a list of numbers."""

SHIFTED = "window.shifted"
"""What gives, for each of them, what moved from where to where."""

AT_ONCE, IN_A_NIGHT = 0.02, 1.0
"""The most that may move at once, and in the night of a whole country."""


def told(shifts: Sequence[float], moved: Sequence[str] = ()) -> str:
    """How much has moved, and what moved in the greatest three where that is known."""
    greatest = sorted(zip(shifts, moved, strict=False), reverse=True)[:3]
    return "\n".join(
        [
            f"{len(shifts)} shifts, {sum(shifts):.3f} in all, {max(shifts, default=0):.3f} at most at once",
            *(f"{shift:.3f}: {what}" for shift, what in greatest),
        ]
    )
