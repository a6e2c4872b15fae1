"""One observation and one log line a request; both name the template of the address, not the address."""

from contextlib import ExitStack
from http import HTTPMethod
from time import perf_counter

import structlog
from flask import Flask, Response, g, request

from matcher.steps import watched
from webapp.metrics import REQUESTS, STEPS

log = structlog.get_logger()
QUIET = frozenset({"pages.healthz", "pages.readyz", "pages.metrics", "static", "bootstrap.static"})
METHODS = frozenset(HTTPMethod)
"""What anybody else invents would be a figure of its own."""
SLOW = 1.0
"""Seconds from which on a request is worth a second look."""


def register(app: Flask) -> None:
    """Time every request and every step of the engine in it."""

    @app.before_request
    def begin() -> None:
        g.watching = ExitStack()
        g.watch = g.watching.enter_context(watched())
        g.began = perf_counter()

    @app.after_request
    def remember(response: Response) -> Response:
        g.status = response.status_code
        return response

    @app.teardown_request
    def observe(error: BaseException | None) -> None:
        watching: ExitStack | None = g.pop("watching", None)
        if watching is None:
            return
        watching.close()
        spent, status = perf_counter() - g.began, g.get("status", 500)
        route = request.url_rule.rule if request.url_rule else "none"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(method, route, status).observe(spent)
        for name, seconds in g.watch.seconds.items():
            STEPS.labels(name).observe(seconds)
        if request.endpoint not in QUIET:
            say = log.warning if error or status >= 500 or spent > SLOW else log.info  # noqa: PLR2004
            say("request", method=method, route=route, status=status, ms=round(spent * 1000))
