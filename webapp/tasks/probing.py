"""Asking the index by the clock what it should know."""

from huey import crontab

from webapp.clock import now
from webapp.database import opened, session_factory, session_scope
from webapp.models.matching import OwnerKind
from webapp.services.index_probe import probe
from webapp.services.matching import Matching
from webapp.settings import Settings
from webapp.tasks.queue import queue


@queue.periodic_task(crontab(hour="20", minute="30"), retries=2, retry_delay=600)
def probe_index() -> None:
    """Search with stored vectors and compare with every vector, at half past four at night in Wuhan."""
    settings = Settings.from_environment()
    matching = Matching(encoder=settings.encoder, folder=settings.snapshots)
    with opened(settings.database_url) as engine:
        with session_scope(session_factory(engine)) as session:
            matching.refresh(session)
        with session_scope(session_factory(engine)) as session:
            for kind in OwnerKind:
                probe(session, matching.engine, kind, at=now())
