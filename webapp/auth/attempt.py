"""Doing a deed for a form: a refusal is shown in the form and nothing typed is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask_wtf import FlaskForm

from webapp.domain.errors import PlatformError
from webapp.ui.forms import refuse
from webapp.unit_of_work import db


@dataclass(slots=True)
class Attempt:
    """Whether the deed was done."""

    done: bool = False


@contextmanager
def attempt(form: FlaskForm) -> Iterator[Attempt]:
    """Run a deed in a savepoint; a refusal undoes it and becomes an error of ``form``.

    >>> with attempt(form) as tried:
    ...     submit_application(db(), ...)
    >>> if tried.done:
    ...     return redirect(...)
    """
    attempted = Attempt()
    db().info["shown"] = list(db())  # a refusal makes rows forget their relations: hold what those are
    try:
        with db().begin_nested():
            yield attempted
        attempted.done = True
    except PlatformError as error:
        refuse(form, error)
