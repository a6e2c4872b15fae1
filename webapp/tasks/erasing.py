"""Keeping the list of erased accounts, outside the database, complete."""

from huey import crontab

from webapp.database import opened, reading_scope
from webapp.services.erasures import list_missing
from webapp.settings import Settings
from webapp.tasks.queue import queue


@queue.periodic_task(crontab(minute="*/10"), retries=0)
def list_erased() -> None:
    """Add whoever a killed process erased without adding."""
    settings = Settings.from_environment()
    with opened(settings.database_url) as engine, reading_scope(engine) as session:
        list_missing(session, file=settings.erasures, pepper=settings.pepper)
