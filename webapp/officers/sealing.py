"""Months of the ledger both ways, and closing one for good."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_officer
from webapp.clock import now, today
from webapp.domain.errors import NotFound
from webapp.domain.roles import Role, Scope
from webapp.officers import blueprint
from webapp.officers.desk import asked_file, exports, note_deed
from webapp.officers.forms import ConfirmForm
from webapp.officers.ledger import READERS
from webapp.officers.view import asked_view
from webapp.queries.periods import periods
from webapp.queries.sealing import MonthLine, closed_months, months_of, next_to_close
from webapp.services.closing import close_month
from webapp.ui import filters
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db


@blueprint.get("/ledger/months", endpoint="ledger_months")
@audience(Role.OFFICER, scopes=READERS)
def months() -> ResponseReturnValue:
    """Show each month by occurrence and by posting; both add up to the same total."""
    view = asked_view()
    lines = [_line(one) for one in months_of(db(), view.period.id)]
    columns = _columns()
    sums = {name: sum(line[name] for line in lines) for name in ("occurred", "posted")}
    totals = {"month": _("合计"), **sums, "posted_by_end": sums["posted"], "state": ""}
    file = asked_file(columns, [*lines, totals], name=_("按发生与按入账的月份"))
    return file or render_template(
        "officers/months.html",
        period=view.period,
        periods=periods(db()),
        columns=columns,
        lines=lines,
        totals=totals,
        closed=closed_months(db()),
        next_month=next_to_close(db(), today()) if my_officer().scope is Scope.CITY else None,
        exports=exports(),
    )


@blueprint.route("/ledger/months/<month>/close", methods=["GET", "POST"], endpoint="close_month")
@audience(Role.OFFICER, scopes=frozenset({Scope.CITY}))
def close(month: str) -> ResponseReturnValue:
    """Ask once more, then close the month whose turn it is."""
    if month != next_to_close(db(), today()):
        raise NotFound
    form = ConfirmForm()
    if form.validate_on_submit():
        with attempt(form) as tried:
            close_month(db(), month=month, at=now(), by_id=me().id)
        if tried.done:
            note_deed("close_month", f"month:{month}")
            flash(_("%(month)s已结账。以后发现的事实记入其后的月份。", month=filters.month(month)))
            return redirect(url_for("officers.ledger_months"))
    return render_template("officers/close_month.html", form=form, month=month)


def _line(one: MonthLine) -> dict[str, Any]:
    return {
        "month": filters.month(one.month),
        "occurred": one.occurred,
        "posted": one.posted,
        "posted_by_end": one.posted_by_end,
        "state": _("已结账") if one.closed else _("未结账"),
    }


def _columns() -> list[Column]:
    return [
        Column("month", _("月份")),
        Column("occurred", _("按发生月份"), Shown.NUMBER),
        Column("posted", _("按入账月份"), Shown.NUMBER),
        Column("posted_by_end", _("入账累计"), Shown.NUMBER),
        Column("state", _("状态")),
    ]
