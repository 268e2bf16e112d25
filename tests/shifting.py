"""How much of a page moves under its reader: what Chromium counts as layout shifts that nobody asked for."""

from collections.abc import Sequence

OBSERVED = """
    window.shifts = [];
    new PerformanceObserver((list) => {
        for (const it of list.getEntries()) if (!it.hadRecentInput) window.shifts.push(it.value);
    }).observe({type: "layout-shift", buffered: true});
"""
"""For a page before it is opened; from then on it keeps each shift, in shares of what is in sight."""

SHIFTS = "window.shifts"
"""What gives the shifts so far, a list of numbers."""

AT_ONCE, IN_A_NIGHT = 0.02, 1.0
"""The most that may move at once, and in the night of a whole country."""


def told(shifts: Sequence[float]) -> str:
    return f"{len(shifts)} shifts, {sum(shifts):.3f} in all, {max(shifts, default=0):.3f} at most at once"
