"""Still in Wuhan? The question a letter asks; opening the link changes nothing, a press answers."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import public
from webapp.auth.attempt import attempt
from webapp.clock import now, today
from webapp.domain.followup import SAYS, Result, Source
from webapp.extensions import limiter, platform
from webapp.graduates import blueprint
from webapp.services.followups import answer_by_link, follow_up_of
from webapp.ui.answers import AnswerForm
from webapp.ui.filters import full_date
from webapp.unit_of_work import db


@blueprint.route("/follow-ups/<token>", methods=["GET", "POST"], endpoint="follow_up")
@public
@limiter.limit("60/minute", methods=["POST"])
def answer(token: str) -> ResponseReturnValue:
    """Show the question with the answer the letter's link names chosen already, and take the press."""
    secret = platform().settings.secret_key
    found = follow_up_of(db(), token=token, secret=secret)
    form: Any = AnswerForm(SAYS[Source.GRADUATE], chosen=request.args.get("answer"))
    if form.validate_on_submit():
        with attempt(form) as tried:
            said: dict[str, Any] = {"result": Result(form.result.data), "at": now()}
            answer_by_link(db(), token=token, secret=secret, **said, **form.leaving)
        if tried.done:
            flash(_("已记下，谢谢。%(day)s之前还可以改。", day=full_date(found.closes_on)))
            return redirect(url_for("graduates.follow_up", token=token))
    return render_template(
        "graduates/follow_up.html",
        form=form,
        found=found,
        open=found.opens_on <= today() <= found.closes_on,
    )
