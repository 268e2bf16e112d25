"""A country as files: made once, found unchanged by a restart, and followed; and what a page that is open asks for.

Wall and processor time of the command, in processes of its own, the start of Python among them. Baseline of a restart:
the same without the note of what was written, so that everything is made again to be compared. Bytes are those that a
real nginx with the documented configuration sends, head and all.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from app.bundles.reading import read_bundle
from app.domain.election import Election
from bench.goals import Goal, as_json, ratio
from bench.options import Options
from tests.country import country, country_night
from tests.logged import write_night
from tests.publishing.web_server import behind_nginx, on_the_wire
from tests.running import PROJECT, a_part_of_kent, load

UNCHANGED_SECONDS, FLIP_SECONDS = 2, 5
LOOK_BYTES, CHANGE_BYTES = 300, 4_000
FOLLOWED = 12
"""Entries that come while it follows, a moment after one another."""

PATIENCE_SECONDS = 1_800


class Site:
    """An election's database, and its files beside it."""

    def __init__(self, folder: Path, election: Election, bodies: Sequence[dict[str, Any]]) -> None:
        self.files = folder / "site"
        self.home = f"elections/{election.slug}"
        self._election = election
        self._database = f"sqlite:///{folder / 'night.db'}"
        self._command = [sys.executable, "-m", "app", "publish", election.slug, "--to", str(self.files)]
        load(self._database, election)
        self.declare(bodies)

    def declare(self, bodies: Sequence[dict[str, Any]]) -> None:
        write_night(self._database, self._election, bodies)

    def start(self, *options: str) -> subprocess.Popen[str]:
        command = [*self._command, "--database", self._database, *options]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=PROJECT, stdout=pipe, stderr=pipe, text=True)

    def published(self, *options: str) -> dict[str, float]:
        """What it takes to publish once."""
        began, before = time.perf_counter(), _processor_seconds()
        process = self.start(*options)
        _, said = process.communicate(timeout=PATIENCE_SECONDS)
        if process.returncode:
            raise SystemExit(said)
        return {"wall_s": time.perf_counter() - began, "processor_s": _processor_seconds() - before}

    @contextmanager
    def followed(self) -> Iterator[None]:
        """While the command follows the log; it has begun to."""
        process = self.start("--follow")
        assert process.stderr is not None
        for line in process.stderr:
            if "following the log" in line:
                break
        try:
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=PATIENCE_SECONDS)

    def stands_at(self, seq: int) -> bool:
        return f'"seq":{seq},' in (self.files / self.home / "published.json").read_text("utf-8")


def run(options: Options) -> dict[str, Any]:
    election, bodies = _kent() if options.quick else _country()
    first, last = bodies[:-FOLLOWED], bodies[-FOLLOWED:]
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder), election, first)
        told: dict[str, Any] = {"start": site.published("--help"), "whole": site.published()}
        files = [path for path in site.files.rglob("*") if path.is_file()]
        told["files"], told["megabytes"] = len(files), sum(path.stat().st_size for path in files) / 1e6
        told["unchanged"] = site.published()
        (site.files / site.home / "written.json").unlink()
        told["made again"] = site.published()
        told |= _followed(site, len(first), last)
    print(f"  {told['files']:,} files, {told['megabytes']:.0f} MB")
    for name in ("whole", "made again", "unchanged", "start"):
        print(f"  {name}: {told[name]['wall_s']:.1f} s, {told[name]['processor_s']:.1f} s of processor")
    print(f"  an entry: median {told['entry_s']:.1f} s, most {told['most_entry_s']:.1f} s", end="; ")
    print(f"a look {told['look_bytes']} B, what changed {told['change_bytes']:,.0f} B", end=" ")
    print(f"(most {told['most_change_bytes']:,} B), the page {told['page_bytes']:,} B")
    return {**told, "goals": as_json(_goals(told))}


def _country() -> tuple[Election, list[dict[str, Any]]]:
    election = country()
    return election, list(country_night(election))


def _kent() -> tuple[Election, list[dict[str, Any]]]:
    """Two councils of it."""
    with tempfile.TemporaryDirectory() as folder:
        read = read_bundle(a_part_of_kent(Path(folder), "medway", "maidstone"))
    return read.election, [dict(body) for body in read.night or ()]


def _followed(site: Site, seq: int, bodies: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Times from an entry in the log to the note that pages look at, and what they then ask for."""
    times, changes = [], []
    with site.followed(), behind_nginx(site.files) as url:
        page, _ = on_the_wire(url, f"/{site.home}")
        for body in bodies:
            began = time.perf_counter()
            site.declare([body])
            seq += 1
            while not site.stands_at(seq):
                time.sleep(0.01)
            times.append(time.perf_counter() - began)
            changes.append(on_the_wire(url, f"/{site.home}/changes/{(seq - 1) % 100}.json")[0])
        look, _ = on_the_wire(url, f"/{site.home}/published.json")
    return {
        "entry_s": median(times),
        "most_entry_s": max(times),
        "look_bytes": look,
        "change_bytes": median(changes),
        "most_change_bytes": max(changes),
        "page_bytes": page,
    }


def _goals(told: dict[str, Any]) -> list[Goal]:
    against = ratio(told["unchanged"]["processor_s"], told["made again"]["processor_s"])
    return [
        Goal("nothing has changed", told["unchanged"]["wall_s"], UNCHANGED_SECONDS, "s"),
        Goal("the same, processor time against making it all again", against, 0.1, "x"),
        Goal("an entry is in the files, the slowest", told["most_entry_s"], FLIP_SECONDS, "s"),
        Goal("a look of an open page", told["look_bytes"], LOOK_BYTES, "B"),
        Goal("what an open overview takes over, at the median", told["change_bytes"], CHANGE_BYTES, "B"),
    ]


def _processor_seconds() -> float:
    """Of the processes that have ended."""
    times = os.times()
    return times.children_user + times.children_system
