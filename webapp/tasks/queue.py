"""The queue: Redis where one is set, a SQLite file otherwise. Start it with ``huey_consumer``."""

from huey import Huey, RedisHuey, SqliteHuey

from webapp.settings import ROOT, Settings

NAME = "xuezi-liuhan"


def open_queue(settings: Settings) -> Huey:
    """Return the queue of an installation."""
    if settings.redis_url:
        return RedisHuey(NAME, url=settings.redis_url)
    file = ROOT / "var" / "queue.db"
    file.parent.mkdir(exist_ok=True)
    return SqliteHuey(NAME, filename=str(file))


queue = open_queue(Settings.from_environment())
