"""What is counted and timed for Prometheus; with several processes each writes its own files."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from prometheus_client import REGISTRY, CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from webapp.queries.health import Figure, figures
from webapp.settings import Settings
from webapp.tasks.queue import queue

PREFIX = "platform_"
REQUESTS = Histogram(
    f"{PREFIX}request_seconds",
    "Time to answer, by the template of the address",
    ["method", "route", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10),
)
STEPS = Histogram(
    f"{PREFIX}engine_step_seconds",
    "Time of one step of the matching engine in a request",
    ["step"],
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1),
)
ROWS = Gauge(
    f"{PREFIX}index_rows", "Entries in a process's index", ["collection"], multiprocess_mode="liveall"
)
LAG = Gauge(
    f"{PREFIX}index_lag_seconds",
    "Age of the oldest change not applied; NaN while it is not known",
    multiprocess_mode="liveall",
)


class FromDatabase(Collector):
    """Figures read when they are asked for, the same from every process."""

    def __init__(self, session: Session, at: datetime) -> None:
        self._session, self._at = session, at

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield a family of gauges for each name."""
        for name, several in groupby([*figures(self._session, at=self._at), *_queue()], lambda one: one.name):
            found = list(several)
            labels = ["of"] if found[0].of else []
            family = GaugeMetricFamily(PREFIX + name, found[0].help, labels=labels)
            for figure in found:
                family.add_metric([figure.of] if figure.of else [], figure.value)
            yield family


def exposition(session: Session, settings: Settings, *, at: datetime) -> bytes:
    """Return everything in Prometheus's text format."""
    asked = CollectorRegistry()
    asked.register(FromDatabase(session, at))
    if settings.metrics_folder is None:
        return bytes(generate_latest(REGISTRY) + generate_latest(asked))
    MultiProcessCollector(asked, path=str(settings.metrics_folder))  # type: ignore[no-untyped-call]
    return bytes(generate_latest(asked))


def _queue() -> Iterator[Figure]:
    """Yield how many tasks wait; nothing while the queue does not answer."""
    try:
        waiting = {"now": queue.pending_count(), "later": queue.scheduled_count()}
    except Exception:  # noqa: BLE001 - Redis and SQLite fail in ways of their own
        return
    for when, count in waiting.items():
        yield Figure("queue_waiting", "Tasks that wait in the queue", count, when)
