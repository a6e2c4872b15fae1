"""How often somebody may try to get in: strictly for each account, widely for an address many may share."""

import hmac

from flask import Response, request

from webapp.domain.accounts import LoginNameInvalid, normal_login
from webapp.extensions import platform, taken


def account() -> str:
    """Return the account a form names, however its name is written, as a keyed digest: counts name nobody."""
    written = request.form.get("login", "")
    try:
        name = str(normal_login(written))
    except LoginNameInvalid:
        name = written
    return hmac.new(platform().settings.secret_key.encode(), name.encode(), "sha256").hexdigest()


def refused(response: Response) -> bool:
    """Say whether a form came back: who gets in by the first password never waits."""
    return not taken(response)
