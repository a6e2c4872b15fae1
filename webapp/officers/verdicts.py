"""One way to give a verdict: the button says which, a refusal needs its reason, then comes the next."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select

from webapp.auth.attempt import attempt
from webapp.officers.forms import Verdict
from webapp.unit_of_work import db

REASONED = frozenset({"return", "suspend", "remove", "dispute"})
"""Verdicts against somebody, who reads why."""


def given(form: Verdict, deeds: Mapping[str, Callable[[], object]]) -> bool:
    """Do what the pressed button says; where it may not be done the form says why."""
    deed = deeds.get(form.verdict)
    if deed is None or not form.validate_on_submit():
        return False
    if form.verdict in REASONED and not form.words:
        form["reason"].errors = [_("请选择原因，或写明原因。")]
        return False
    with attempt(form) as tried:
        deed()
    return tried.done


def go_on(waiting: Select[Any], endpoint: str, name: str, sentence: str) -> ResponseReturnValue:
    """Say that it is done and open the next of the queue, or the queue when it is empty."""
    following = db().scalar(waiting.limit(1))
    if following is None:
        flash(_("%(done)s 这一类待办已全部办完。", done=sentence))
        return redirect(url_for("officers.queue"))
    flash(_("%(done)s 下面是下一个。", done=sentence))
    return redirect(url_for(endpoint, **{name: following.id}))
