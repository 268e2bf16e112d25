"""Figures for operators, in Prometheus's text format. One registry per server, none of the module's own.

What they are called, and what each says, stands in ``docs/operating.md``, to which a test holds it.
"""

from collections import Counter

import prometheus_client
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.registry import Collector

POST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
LAG_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)

_ROUTES = (
    ("/api/", "api"),
    ("/elections/", "page"),
    ("/embed", "widget"),
    ("/static/", "static"),
    ("/desk", "desk"),
    ("/oembed", "oembed"),
)


class Metrics:
    """What is counted as it happens."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.posts = prometheus_client.Counter(
            "declared_posts", "Declarations that were posted or keyed.", ["via", "status"], registry=self.registry
        )
        self.post_seconds = Histogram(
            "declared_post_seconds",
            "From a post to its answer, where it was taken.",
            buckets=POST_BUCKETS,
            registry=self.registry,
        )
        self.loop_lag = Histogram(
            "declared_loop_lag_seconds",
            "How late the event loop came to what was due.",
            buckets=LAG_BUCKETS,
            registry=self.registry,
        )
        # Plain numbers: on the event loop nobody else counts meanwhile.
        self.requests: Counter[tuple[str, int]] = Counter()
        self.logins = prometheus_client.Counter(
            "declared_logins",
            "Sign-ins at the desk: signed_in, failed, or refused (too many tries).",
            ["outcome"],
            registry=self.registry,
        )

    def watch(self, collector: Collector) -> None:
        """Have its figures read whenever somebody asks."""
        self.registry.register(collector)

    def text(self) -> bytes:
        return generate_latest(self.registry)


def route_of(path: str) -> str:
    """What kind of thing a path asks for: one of a dozen words, whatever a stranger asks for."""
    if path.endswith(".png"):
        return "card" if path.startswith("/elections/") else "other"
    if path in {"/healthz", "/readyz", "/metrics"}:
        return "machines"
    if path in {"/", "/find", "/find.json"}:
        return "page"
    return next((kind for beginning, kind in _ROUTES if path.startswith(beginning)), "other")
