"""How gunicorn serves the platform: ``gunicorn --config python:webapp.server webapp.wsgi:app``.

On SIGTERM a process takes no more requests and finishes those it has. What is set here may be set
otherwise on the command line.
"""

from typing import Any

from prometheus_client.multiprocess import mark_process_dead

from webapp.settings import Settings

worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 30
control_socket_disable = True
"""Nobody steers it but by signals, and its home folder may be read-only."""
logconfig_dict: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "root": {"level": "WARNING", "handlers": ["console"]},
    "loggers": {
        "gunicorn.error": {"level": "WARNING", "handlers": [], "propagate": True},
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    },
}
"""The platform writes its own line a request: gunicorn's would hold addresses and who asked."""


def on_starting(_server: Any) -> None:
    """Forget the figures of processes of an earlier start."""
    folder = Settings.from_environment().metrics_folder
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.glob("*.db"):
            file.unlink()


def post_worker_init(worker: Any) -> None:
    """Begin to follow the feed, in the process that serves: after the fork, never before."""
    from webapp.tending import Tending  # figures belong to the process that imports them

    worker.tending = Tending(worker.wsgi.extensions["platform"])
    worker.tending.start()


def worker_exit(_server: Any, worker: Any) -> None:
    """Let go of the database."""
    worker.tending.stop()


def child_exit(_server: Any, worker: Any) -> None:
    """Count the figures of a process that is gone no longer as those of a living one."""
    folder = Settings.from_environment().metrics_folder
    if folder is not None:
        mark_process_dead(worker.pid, path=str(folder))  # type: ignore[no-untyped-call]
