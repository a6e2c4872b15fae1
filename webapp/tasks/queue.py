"""The queue: Redis where one is set, a SQLite file otherwise. Start it with ``huey_consumer``."""

import logging

from huey import Huey, RedisHuey, SqliteHuey

from webapp import logs
from webapp.settings import Settings

NAME = "xuezi-liuhan"


def open_queue(settings: Settings) -> Huey:
    """Return the queue of an installation."""
    if settings.redis_url:
        return RedisHuey(NAME, url=settings.redis_url)
    settings.queue_file.parent.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(NAME, filename=str(settings.queue_file))


queue = open_queue(Settings.from_environment())


@queue.on_startup()
def speak_as_the_platform() -> None:
    """Let a worker's lines go through the platform's own log, which leaves out what errors quote."""
    logs.configure(production=Settings.from_environment().production)
    logging.getLogger("huey").handlers.clear()
