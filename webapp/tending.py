"""A thread of a web process that keeps its index up with the database, so that no search waits for it."""

import math
import threading

import structlog

from webapp.clock import now
from webapp.extensions import Platform
from webapp.metrics import LAG, ROWS
from webapp.services.following import IndexNotReady

log = structlog.get_logger()
EVERY = 1.0
"""Seconds between two looks: every change is applied within two."""


class Tending(threading.Thread):
    """Follows the feed until it is told to stop."""

    def __init__(self, platform: Platform) -> None:
        super().__init__(name="tending", daemon=True)
        self._platform = platform
        self._stopped = threading.Event()

    def run(self) -> None:
        """Look at once, so that the first search finds everything ready, then every second."""
        LAG.set(math.nan)
        while True:
            lag = math.nan
            try:
                lag = self._look()
            except IndexNotReady:
                log.debug("the index waits for a snapshot")
            except Exception:
                log.exception("the index could not be brought up to date")
            LAG.set(lag)
            if self._stopped.wait(EVERY):
                return

    def stop(self) -> None:
        """End after the look that is going on."""
        self._stopped.set()

    def _look(self) -> float:
        """Follow, and return the lag in seconds."""
        matching = self._platform.matching
        with self._platform.sessions() as session, session.begin():
            matching.tend(session)
            lag = matching.lag(session, at=now())
        for name, rows in (("postings", matching.engine.postings), ("resumes", matching.engine.resumes)):
            ROWS.labels(name).set(len(rows))
        return math.nan if lag is None else lag.total_seconds()
