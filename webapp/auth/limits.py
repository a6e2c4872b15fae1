"""How often somebody may try to get in: strictly for each account, widely for an address many may share."""

import hmac

from flask import Response, request

from webapp.domain.accounts import sought_login
from webapp.extensions import platform, taken


def account() -> str:
    """Return the account a form names, however its name is written, as a keyed digest: counts name nobody."""
    name = str(sought_login(request.form.get("login", "")))
    return hmac.new(platform().settings.secret_key.encode(), name.encode(), "sha256").hexdigest()


def refused(response: Response) -> bool:
    """Say whether a form came back: who gets in by the first password never waits."""
    return not taken(response)
