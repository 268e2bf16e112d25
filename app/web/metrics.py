"""Figures for operators, in Prometheus's text format. One registry per server, none of the module's own."""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from app.live.hub import Hub
from app.newsroom import Newsroom
from app.store.writer import Writer


class Metrics:
    """What is counted as it happens."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.posts = Counter("declared_posts", "Declarations posted, by answer.", ["status"], registry=self.registry)
        self.post_seconds = Histogram(
            "declared_post_seconds",
            "From a post to its answer: durable, and readable here.",
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
            registry=self.registry,
        )

        self.logins = Counter(
            "declared_logins",
            "Sign-ins at the desk: signed_in, failed, or refused (too many tries).",
            ["outcome"],
            registry=self.registry,
        )

    def watch(self, hub: Hub, newsroom: Newsroom, writer: Writer) -> None:
        """Have their figures read whenever somebody asks."""
        self.registry.register(_Readings(hub, newsroom, writer))

    def text(self) -> bytes:
        return generate_latest(self.registry)


class _Readings(Collector):
    def __init__(self, hub: Hub, newsroom: Newsroom, writer: Writer) -> None:
        self._hub = hub
        self._newsroom = newsroom
        self._writer = writer

    def collect(self) -> list[GaugeMetricFamily | CounterMetricFamily]:
        watchers = GaugeMetricFamily("declared_watchers", "Open live connections, by channel.", labels=["channel"])
        for channel, number in self._hub.watchers().items():
            watchers.add_metric([channel], number)
        sequence = GaugeMetricFamily("declared_sequence", "The newest entry published here.", labels=["election"])
        for publication in self._newsroom.publications:
            sequence.add_metric([publication.election.slug], publication.seq)
        following = GaugeMetricFamily("declared_following", "1 while every log has been read lately.")
        following.add_metric([], int(self._newsroom.is_following))
        waiting = GaugeMetricFamily("declared_waiting", "Declarations that wait to be written.")
        waiting.add_metric([], self._writer.waiting)
        counts = CounterMetricFamily("declared_live", "What happened on the live sockets.", labels=["event"])
        for event in type(self._hub.counts).__dataclass_fields__:
            counts.add_metric([event], getattr(self._hub.counts, event))
        return [watchers, sequence, following, waiting, counts]
