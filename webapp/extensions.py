"""Flask extensions without an application, and what one application carries."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from flask import Response, current_app
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from webapp.services.matching import Matching
from webapp.settings import Settings


def caller() -> str:
    """Return whose requests count together: a person's own, an address's while nobody is logged in.

    A school or a job fair is one address: visitors are limited widely, people narrowly.
    """
    return current_user.get_id() if current_user.is_authenticated else get_remote_address()


def taken(response: Response) -> bool:
    """Say whether a form was taken: one that comes back with its errors costs nothing of a limit."""
    return response.status_code == HTTPStatus.FOUND


babel = Babel()
bootstrap = Bootstrap5()
csrf = CSRFProtect()
limiter = Limiter(caller, headers_enabled=True)
login_manager = LoginManager()


@dataclass(frozen=True, slots=True)
class Platform:
    """What a request needs beside its session: settings, database, matching."""

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    matching: Matching


def platform() -> Platform:
    """Return the running application's parts."""
    return cast("Platform", current_app.extensions["platform"])
