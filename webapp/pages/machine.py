"""What machines ask: does it live, is it ready, how is it, what may be crawled."""

from datetime import timedelta
from hmac import compare_digest
from http import HTTPStatus
from ipaddress import ip_address

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from webapp.auth.access import public
from webapp.clock import now
from webapp.domain.errors import NotFound
from webapp.extensions import limiter, platform
from webapp.metrics import exposition
from webapp.migrations import newest, revision_of
from webapp.pages import blueprint
from webapp.unit_of_work import db, undo

LONGEST_LAG = 30
"""Seconds the index may be behind before a process should get no more requests."""
WAITS = "waits for the worker's snapshot: see that the worker runs, or run python -m scripts build-index"


@blueprint.get("/healthz")
@public
@limiter.exempt
def healthz() -> ResponseReturnValue:
    """Answer 200 while the process lives; it asks nothing of the database."""
    return _plain({"alive": "ok"})


@blueprint.get("/readyz")
@public
@limiter.exempt
def readyz() -> ResponseReturnValue:
    """Answer 200 once this process can serve: database there, schema current, index loaded and close."""
    try:
        current = revision_of(db().connection()) == newest()
        lag = platform().matching.lag(db(), at=now()) if current else None
    except SQLAlchemyError:
        undo()
        return _plain({"database": "gone"})
    return _plain({"database": "ok", "schema": "ok" if current else "old", "index": _index(lag)})


@blueprint.get("/metrics")
@public
@limiter.exempt
def metrics() -> ResponseReturnValue:
    """Tell Prometheus; to all others this page is not there."""
    if not _may_watch():
        raise NotFound
    return Response(exposition(db(), platform().settings, at=now()), mimetype="text/plain; version=0.0.4")


@blueprint.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Let crawlers read public pages only."""
    return current_app.send_static_file("robots.txt")


def _index(lag: timedelta | None) -> str:
    if lag is None:
        return WAITS if platform().matching.waits else "not loaded"
    return "late" if lag.total_seconds() > LONGEST_LAG else "ok"


def _plain(states: dict[str, str]) -> ResponseReturnValue:
    ready = set(states.values()) == {"ok"}
    text = "".join(f"{name} {state}\n" for name, state in states.items())
    status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    return Response(text, status, mimetype="text/plain")


def _may_watch() -> bool:
    """Admit whoever shows the token; without one set, only this machine and no proxy on it."""
    token = platform().settings.metrics_token
    if token is not None:
        return compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    passed_on = {"X-Forwarded-For", "Forwarded"} & {name.title() for name, _ in request.headers}
    return not passed_on and ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104
