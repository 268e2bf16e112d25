"""The figures of several workers as one answer: whichever is asked asks the others, and names each in a label."""

import asyncio
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx2
from prometheus_client import generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

PATIENCE = 2.0
"""Seconds that a worker has to tell its figures; one that does not is told to be down."""


@dataclass(frozen=True, slots=True)
class Siblings:
    """The workers 1 to ``count`` of one port, of which this is ``own``: each listens in ``folder`` too, by number."""

    folder: Path
    own: int
    count: int

    def listening(self) -> socket.socket:
        """Where the others ask this one: a Unix socket, in the place of a dead worker's."""
        path = self._path(self.own)
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        return listener

    async def figures(self, own: bytes) -> bytes:
        """Those of all, in Prometheus's text format; ``own`` are this one's."""
        numbers = [number for number in range(1, self.count + 1) if number != self.own]
        asked = await asyncio.gather(*(self._asked(number) for number in numbers))
        told = {self.own: own.decode(), **dict(zip(numbers, asked, strict=True))}
        return await asyncio.to_thread(generate_latest, _Told(told))

    async def _asked(self, number: int) -> str | None:
        transport = httpx2.AsyncHTTPTransport(uds=str(self._path(number)))
        try:
            async with httpx2.AsyncClient(transport=transport, timeout=PATIENCE, trust_env=False) as client:
                answer = await client.get("http://worker/metrics")
        except httpx2.HTTPError:
            return None
        return answer.text if answer.is_success else None

    def _path(self, number: int) -> Path:
        return self.folder / str(number)


class _Told(Collector):
    """What each worker has told, as one registry's."""

    def __init__(self, told: Mapping[int, str | None]) -> None:
        self._told = told

    def collect(self) -> Iterable[Metric]:
        up = GaugeMetricFamily("declared_worker_up", "1 for a worker that tells its figures.", labels=["worker"])
        families: dict[str, Metric] = {}
        for number, text in sorted(self._told.items()):
            up.add_metric([str(number)], int(text is not None))
            for family in text_string_to_metric_families(text or ""):
                merged = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                for sample in family.samples:
                    merged.samples.append(sample._replace(labels={"worker": str(number), **sample.labels}))
        return [up, *families.values()]
