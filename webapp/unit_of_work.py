"""One transaction per request: committed after a good answer, rolled back otherwise."""

from flask import Flask, Response, g
from sqlalchemy.orm import Session

from webapp.extensions import platform

FIRST_ERROR = 400


def db() -> Session:
    """Return the request's session, opened on first use."""
    if "session" not in g:
        g.session = platform().sessions()
    session: Session = g.session
    return session


def release() -> None:
    """End the transaction so far before slow work outside the database, so that nobody waits for it."""
    db().commit()


def undo() -> None:
    """Roll back what failed, so that the page that says so can still read from the database."""
    if "session" in g:
        g.session.rollback()


def register(app: Flask) -> None:
    """Let every request end in a commit or a rollback, never in between."""

    @app.after_request
    def finish(response: Response) -> Response:
        if "session" in g:
            if response.status_code < FIRST_ERROR:
                g.session.commit()
            else:
                g.session.rollback()
        return response

    @app.teardown_request
    def close(_error: BaseException | None) -> None:
        session: Session | None = g.pop("session", None)
        if session is not None:
            session.close()
