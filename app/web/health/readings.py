"""The figures that are read from a server's parts when somebody asks for them."""

import asyncio
import os
import resource
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import QueuePool

from app.store.engine import Store
from app.web.health.loop_lag import LoopLag
from app.web.parts import Parts
from app.web.reads.reading import PublicReads

Told = float | Mapping[Any, float]
"""One figure, or one for each combination of labels, a tuple of their values."""


@dataclass(frozen=True, slots=True)
class Process:
    """What the system says of this process; ``resident_bytes`` is None where it does not say so."""

    open_descriptors: int
    most_descriptors: int
    resident_bytes: int | None
    processor_seconds: float

    @classmethod
    def now(cls) -> "Process":
        """For a thread: with many thousand connections it takes milliseconds to count them."""
        limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        statm = Path("/proc/self/statm")
        pages = int(statm.read_text("ascii").split()[1]) if statm.exists() else None
        # Names alone: there may be many thousand.
        return cls(
            open_descriptors=len(os.listdir("/dev/fd")),  # noqa: PTH208
            most_descriptors=limit,
            resident_bytes=pages * resource.getpagesize() if pages is not None else None,
            processor_seconds=time.process_time(),
        )

    def collect(self) -> Iterator[Metric]:
        yield _gauge("declared_open_descriptors", "Files and connections that are open.", self.open_descriptors)
        yield _gauge("declared_open_descriptors_limit", "How many may be.", self.most_descriptors)
        if self.resident_bytes is not None:
            yield _gauge("declared_resident_bytes", "Memory that the process holds.", self.resident_bytes)
        yield _counter("declared_processor_seconds", "Processor time that it took.", self.processor_seconds)


@dataclass(slots=True, eq=False)
class Readings(Collector):
    """On the event loop's thread: nothing that it reads changes meanwhile. ``process`` is read before, elsewhere."""

    parts: Parts
    reads: PublicReads
    lag: LoopLag
    process: Process | None = None

    async def text(self) -> bytes:
        """Every figure as it is now."""
        self.process = await asyncio.to_thread(Process.now)
        return self.parts.metrics.text()

    def collect(self) -> Iterator[Metric]:
        yield from self._of_the_night()
        yield from self._of_the_database(self.parts.store)
        yield from self._of_the_caches()
        yield from self._of_requests()
        yield from self._of_hooks()
        if self.process is not None:
            yield from self.process.collect()

    def _of_the_night(self) -> Iterator[Metric]:
        hub, newsroom = self.parts.hub, self.parts.newsroom
        shown = {(publication.election.slug,): publication.seq for publication in newsroom.publications}
        yield _gauge("declared_sequence", "The newest entry shown here.", shown, ["election"])
        behind = {(slug,): entries for slug, entries in newsroom.behind().items()}
        yield _gauge("declared_log_behind", "Entries of the database's log not shown here.", behind, ["election"])
        unknown = {(slug,): seconds for slug, seconds in newsroom.uncertain_seconds().items()}
        help_text = "Seconds for which it has not been known what the log holds."
        yield _gauge("declared_log_uncertain_seconds", help_text, unknown, ["election"])
        yield _gauge("declared_following", "1 while every log has been read lately.", int(newsroom.is_following))
        watchers = {(channel,): number for channel, number in hub.watchers().items()}
        yield _gauge("declared_watchers", "Open live connections.", watchers, ["channel"])
        events = {(event,): getattr(hub.counts, event) for event in type(hub.counts).__dataclass_fields__}
        yield _counter("declared_live", "What happened on the live sockets.", events, ["event"])

    def _of_the_database(self, store: Store) -> Iterator[Metric]:
        yield _gauge("declared_waiting", "Declarations that wait to be written.", self.parts.declaring.writer.waiting)
        errors = store.outages.errors if store.outages is not None else {}
        told = {(use.value, kind): number for (use, kind), number in errors.items()}
        yield _counter("declared_database_errors", "When it could not be used.", told, ["use", "kind"])
        connections: dict[Any, float] = {}
        for name, engine in (("read", store.read_engine), ("write", store.write_engine)):
            if isinstance(engine.pool, QueuePool):
                connections[name, "in_use"] = engine.pool.checkedout()
                connections[name, "idle"] = engine.pool.checkedin()
        yield _gauge("declared_database_connections", "To the database.", connections, ["pool", "state"])

    def _of_the_caches(self) -> Iterator[Metric]:
        parts = self.parts
        entries: dict[Any, float] = {
            ("reads",): len(self.reads),
            ("pictures",): len(parts.pictures),
            ("history",): sum(len(publication.history) for publication in parts.newsroom.publications),
            ("tokens",): len(parts.tokens),
        }
        yield _gauge("declared_cache_entries", "What is kept in memory.", entries, ["cache"])
        sizes: dict[Any, float] = {("reads",): self.reads.size, ("pictures",): parts.pictures.size}
        yield _gauge("declared_cache_bytes", "Bytes of what is kept, where it is bounded by them.", sizes, ["cache"])

    def _of_hooks(self) -> Iterator[Metric]:
        """The same on every server, but for which of them sends."""
        sender, now = self.parts.hooks, datetime.now(UTC)
        by_id = {(str(hook.hook_id),): hook for hook in sender.hooks}
        behind: dict[Any, float] = {key: sender.behind(hook) for key, hook in by_id.items()}
        yield _gauge("declared_hook_behind", "Entries of the logs that a hook was not told yet.", behind, ["hook"])
        failing: dict[Any, float] = {
            key: (now - hook.failing_since).total_seconds() if hook.failing_since else 0 for key, hook in by_id.items()
        }
        help_text = "Seconds for which a hook has taken nothing that was sent."
        yield _gauge("declared_hook_failing_seconds", help_text, failing, ["hook"])
        stopped: dict[Any, float] = {key: int(hook.stopped_at is not None) for key, hook in by_id.items()}
        yield _gauge(
            "declared_hook_stopped", "1 where nothing is sent any more until somebody says so.", stopped, ["hook"]
        )
        yield _gauge("declared_hook_sender", "1 where it is this server that sends.", int(sender.is_sending))

    def _of_requests(self) -> Iterator[Metric]:
        answered = Counter(self.parts.metrics.requests)
        answered.update(self.reads.answered)
        told = {(route, str(status)): number for (route, status), number in answered.items()}
        yield _counter("declared_http_requests", "Requests, by what they were for.", told, ["route", "status"])
        worst = self.lag.worst
        yield _gauge("declared_loop_lag_worst_seconds", "The worst of the last half minute to minute.", worst)


def _gauge(name: str, help_text: str, told: Told, labels: Iterable[str] = ()) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help_text, labels=[*labels])
    for values, figure in _figures(told):
        family.add_metric(values, figure)
    return family


def _counter(name: str, help_text: str, told: Told, labels: Iterable[str] = ()) -> CounterMetricFamily:
    family = CounterMetricFamily(name, help_text, labels=[*labels])
    for values, figure in _figures(told):
        family.add_metric(values, figure)
    return family


def _figures(told: Told) -> list[tuple[list[str], float]]:
    """Each with the values of its labels."""
    return [([*values], told[values]) for values in told] if isinstance(told, Mapping) else [([], told)]
