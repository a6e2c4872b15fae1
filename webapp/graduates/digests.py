"""Letters about new postings: how often, chosen here or from a letter without signing in."""

from http import HTTPStatus

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience, public
from webapp.auth.identity import my_graduate
from webapp.clock import now
from webapp.domain.digests import LESS, Frequency
from webapp.domain.roles import Role
from webapp.extensions import csrf, limiter, platform
from webapp.graduates import blueprint
from webapp.queries.digests import wish_of
from webapp.services.digests import choose, choose_by_link, reader_of
from webapp.ui.filters import label
from webapp.ui.navigation import local_address
from webapp.unit_of_work import db

ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""What a mail program posts when its reader presses its own button (RFC 8058)."""


@blueprint.post("/privacy/letters")
@audience(Role.GRADUATE)
def letters() -> ResponseReturnValue:
    """Write to me so often about new postings, or no longer."""
    wish = _asked()
    if wish is None:
        abort(HTTPStatus.BAD_REQUEST)
    choose(db(), graduate=my_graduate(), frequency=wish, at=now())
    if wish is Frequency.OFF:
        flash(_("好的，不发新岗位邮件。需要时可以在“隐私与授权”里打开。"))
    else:
        flash(_("已打开新岗位邮件：%(frequency)s。", frequency=label(wish)))
    return redirect(
        local_address(request.form.get("next") or url_for("graduates.privacy", _anchor="letters"))
    )


@blueprint.route("/digests/<token>", methods=["GET", "POST"])
@public
@csrf.exempt
@limiter.limit("300/minute", methods=["POST"])
def digest(token: str) -> ResponseReturnValue:
    """Let the reader of a letter stop letters by one press; opening the link changes nothing.

    The link is the key, so a press needs neither session nor token, and it is answered here: mail programs
    that press for their readers follow nowhere. A mail provider is one address for all of these.
    """
    secret = platform().settings.secret_key
    reader, wish = reader_of(token, secret=secret), _asked()
    if wish is not None:
        choose_by_link(db(), reader=reader, frequency=wish, at=now())
    frequency = wish_of(db(), reader) or Frequency.OFF
    return render_template(
        "graduates/digest.html", frequency=frequency, less=LESS[frequency], pressed=wish is not None
    )


def _asked() -> Frequency | None:
    """Return how often a form, or a mail program, asks us to write."""
    if ONE_CLICK in request.form.items():
        return Frequency.OFF
    try:
        return Frequency(request.form.get("frequency", ""))
    except ValueError:
        return None
