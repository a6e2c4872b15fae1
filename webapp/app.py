"""Putting the platform together."""

from datetime import timedelta

from flask import Flask, session
from flask_login import current_user
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import errors, headers, telemetry, unit_of_work
from webapp.auth import access
from webapp.auth import blueprint as auth
from webapp.database import open_engine, session_factory
from webapp.employers import blueprint as employers
from webapp.extensions import Platform, babel, bootstrap, csrf, limiter, login_manager
from webapp.graduates import blueprint as graduates
from webapp.officers import blueprint as officers
from webapp.pages import blueprint as pages
from webapp.services.matching import Matching
from webapp.settings import Settings
from webapp.ui import templating
from webapp.ui.addresses import RowNumber

CHINESE = "zh_Hans_CN"
MOST_BYTES = 11 * 1024 * 1024
"""A resume of 10 MB and the form around it."""


def create_app(settings: Settings, *, matching: Matching | None = None) -> Flask:
    """Return the application; ``matching`` can be handed over ready, otherwise it opens lazily."""
    app = Flask("webapp", static_folder="static", template_folder="templates")
    app.config.update(_flask_settings(settings))
    engine = open_engine(settings.database_url)
    app.extensions["platform"] = Platform(
        settings=settings,
        engine=engine,
        sessions=session_factory(engine),
        matching=matching
        or Matching(encoder=settings.encoder, folder=settings.snapshots, milvus=settings.milvus, waits=True),
    )
    if settings.proxy_hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxy_hops, x_proto=settings.proxy_hops, x_host=settings.proxy_hops
        )
    app.url_map.converters["int"] = RowNumber
    csrf.init_app(app)
    limiter.init_app(app)
    login_manager.init_app(app)
    bootstrap.init_app(app)
    babel.init_app(app, locale_selector=_reader_language, default_timezone="Asia/Shanghai")
    telemetry.register(app)
    headers.register(app, https=settings.production)
    unit_of_work.register(app)
    access.register(app)
    errors.register(app)
    templating.register(app)
    for blueprint in (auth, graduates, employers, officers, pages):
        app.register_blueprint(blueprint)
    return app


def _flask_settings(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "MAX_CONTENT_LENGTH": MOST_BYTES,
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(hours=1),
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "SESSION_COOKIE_NAME": "__Host-session" if settings.production else "session",
        "SESSION_COOKIE_SECURE": settings.production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        "BABEL_DEFAULT_LOCALE": CHINESE,
        "BOOTSTRAP_SERVE_LOCAL": True,
        "RATELIMIT_ENABLED": settings.rate_limits,
        "RATELIMIT_STORAGE_URI": settings.redis_url or "memory://",
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
    }


def _reader_language() -> str:
    """Return the language this reader chose, Chinese for everybody else."""
    chosen = session.get("language")
    if chosen is None and current_user.is_authenticated:
        chosen = current_user.user.language
    return "en" if chosen == "en" else CHINESE
