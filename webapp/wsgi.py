"""The server's door: ``gunicorn --config python:webapp.server webapp.wsgi:app``."""

from webapp import logs
from webapp.app import create_app
from webapp.settings import Settings

settings = Settings.from_environment()
logs.configure(production=settings.production)
app = create_app(settings)
