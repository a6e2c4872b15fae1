"""Flask extensions without an application, and what one application carries."""

from dataclasses import dataclass
from typing import cast

from flask import current_app
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from webapp.services.matching import Matching
from webapp.settings import Settings

babel = Babel()
bootstrap = Bootstrap5()
csrf = CSRFProtect()
limiter = Limiter(get_remote_address, headers_enabled=True)
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
