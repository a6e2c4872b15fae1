"""Drawing audit samples by the clock, so that nobody chooses the moment."""

from huey import crontab

from webapp.clock import now
from webapp.database import transaction_on
from webapp.services.sampling import draw_waiting
from webapp.settings import Settings
from webapp.tasks.queue import queue


@queue.periodic_task(crontab(minute="25"), retries=2, retry_delay=60)
def draw_samples() -> None:
    """Draw what was frozen on a day whose head has been made public since."""
    with transaction_on(Settings.from_environment().database_url) as session:
        draw_waiting(session, at=now())
