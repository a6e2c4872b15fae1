"""Getting in: registration, login, passwords, invitations, and who may open what."""

from flask import Blueprint

blueprint = Blueprint("auth", __name__, template_folder="templates")

from webapp.auth import identity, login, news, passwords, registration  # noqa: E402, F401 - routes
