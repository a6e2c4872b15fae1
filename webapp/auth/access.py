"""Who may open a route: every view says so, and a view that says nothing opens to nobody."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webapp.domain.errors import NotAllowed
from webapp.domain.roles import Role, Scope

View = TypeVar("View", bound=Callable[..., Any])
EVERYONE: frozenset[Role] = frozenset()
STATIC = frozenset({"static", "bootstrap.static"})


def audience(*roles: Role, scopes: frozenset[Scope] = frozenset(Scope)) -> Callable[[View], View]:
    """Open a view to logged-in people of these roles; officers also need one of ``scopes``."""

    def declare(view: View) -> View:
        view.audience = frozenset(roles)  # type: ignore[attr-defined]
        view.scopes = scopes  # type: ignore[attr-defined]
        return view

    return declare


def public(view: View) -> View:
    """Open a view to everybody, logged in or not."""
    view.audience = EVERYONE  # type: ignore[attr-defined]
    return view


def register(app: Flask) -> None:
    """Check the declared audience before any view runs."""

    @app.before_request
    def admit() -> ResponseReturnValue | None:
        if request.endpoint is None or request.endpoint in STATIC:
            return None
        view: Any = current_app.view_functions[request.endpoint]
        allowed: frozenset[Role] | None = getattr(view, "audience", None)
        if allowed is None:
            raise NotAllowed
        if allowed == EVERYONE:
            return None
        if not current_user.is_authenticated:
            return redirect(url_for("auth.login", next=request.full_path.rstrip("?")))
        if current_user.role not in allowed:
            raise NotAllowed
        if current_user.role is Role.OFFICER and current_user.officer.scope not in view.scopes:
            raise NotAllowed
        return None
