"""What every template may use: words, ways around, tones, the operator's settings."""

from typing import Any

from flask import Flask
from flask_babel import get_locale

from webapp.extensions import platform
from webapp.ui import filters, navigation
from webapp.ui.tones import tone


def register(app: Flask) -> None:
    """Furnish the templates of an application."""
    filters.register(app)
    navigation.register(app)
    app.jinja_env.filters["flat_errors"] = flat_errors
    app.jinja_env.globals.update(tone=tone, get_locale=get_locale)

    @app.context_processor
    def facts() -> dict[str, Any]:
        return {"settings": platform().settings}


def flat_errors(errors: Any) -> list[str]:
    """Return the sentences of a field's errors, which nest where fields do."""
    if isinstance(errors, dict):
        errors = list(errors.values())
    if not isinstance(errors, (list, tuple)):  # a lazy sentence is iterable too, sign by sign
        return [str(errors)]
    return [sentence for error in errors for sentence in flat_errors(error)]
