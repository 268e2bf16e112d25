"""How often the trials are made: few times with every other test, very often by ``make torture``, or as you like.

Each is a variable of the environment; ``DECLARED_TORTURE=full`` stands for the full value of those that are not set.
"""

import os
from typing import NamedTuple


class Count(NamedTuple):
    """A variable, its values for every day and for the long run, and what it counts."""

    variable: str
    small: int
    full: int
    counts: str


COUNTS = (
    Count("DECLARED_TORTURE_KILLS", 3, 200, "kill −9 of a process that writes, on either database"),
    Count("DECLARED_TORTURE_SERVER_KILLS", 1, 20, "kill −9 of a server in the middle of the bundled night"),
    Count("DECLARED_TORTURE_POWER_CUTS", 20, 1000, "power cuts, modelled, under a SQLite that writes"),
    Count("DECLARED_TORTURE_DATABASE_KILLS", 2, 20, "PostgreSQL servers that are ended without a goodbye"),
    Count("DECLARED_TORTURE_LISTENER_CUTS", 3, 20, "cuts of every connection that hears of new entries"),
    Count("DECLARED_TORTURE_WATCHER_CUTS", 15, 1000, "cuts of a watcher's connection, in the middle of a message too"),
    Count("DECLARED_TORTURE_RACES", 2, 50, "races of eight who declare the same, on either database"),
    Count("DECLARED_TORTURE_ABUSE", 3, 10, "MiB, or dozens of connections and requests, of each anonymous attack"),
    Count("DECLARED_TORTURE_ROLLING_WATCHERS", 30, 2000, "watchers behind nginx while its nodes are restarted"),
    Count("DECLARED_TORTURE_ROLLING_POSTS", 20, 200, "posts at least meanwhile"),
    Count(
        "DECLARED_TORTURE_CLIPPED",
        4,
        40,
        "views of an article with a widget that is clipped away until it tells its height",
    ),
    Count("DECLARED_TORTURE_CASES", 3, 100, "requests made from the schema, for each operation of the API"),
    Count("DECLARED_TORTURE_NASTY", 1, 200, "listed nasty values for each place that takes one (200: all of them)"),
    Count("DECLARED_TORTURE_MUTATIONS", 40, 5000, "bundles with some bytes changed"),
    Count("DECLARED_TORTURE_EXAMPLES", 25, 1000, "examples of every Hypothesis property"),
)
"""Every count there is."""

IS_LONG_RUN = os.environ.get("DECLARED_TORTURE") == "full"
"""Then all of a kind is looked at, of which one is looked at every day: CONTRIBUTING.md says what."""


def count(variable: str) -> int:
    """The value of ``variable``: the environment's, else the full or the small one."""
    known = next(each for each in COUNTS if each.variable == variable)
    return int(os.environ.get(variable, known.full if IS_LONG_RUN else known.small))
