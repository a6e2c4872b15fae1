"""Asking the index by the clock what it should know."""

from huey import crontab

from webapp.clock import now
from webapp.database import opened, reading_scope, session_factory, session_scope
from webapp.models.matching import OwnerKind
from webapp.services.index_probe import probe
from webapp.services.matching import Matching
from webapp.settings import Settings
from webapp.tasks.queue import queue


@queue.periodic_task(crontab(hour="20", minute="30"), retries=2, retry_delay=600)
def probe_index() -> None:
    """Search with stored vectors and compare with every vector, at half past four at night in Wuhan."""
    settings = Settings.from_environment()
    matching = Matching(encoder=settings.encoder, folder=settings.snapshots, milvus=settings.milvus)
    with opened(settings.database_url) as engine:
        with session_scope(session_factory(engine)) as session:
            matching.refresh(session)
        with reading_scope(engine) as reading:
            found = [probe(reading, matching.engine, kind, at=now()) for kind in OwnerKind]
        with session_scope(session_factory(engine)) as session:
            session.add_all(one for one in found if one is not None)
