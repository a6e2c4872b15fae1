"""The server's door: ``gunicorn webapp.wsgi:app``."""

from webapp.app import create_app
from webapp.settings import Settings

app = create_app(Settings.from_environment())
