"""Published figures as officers see them: what stands, all it rests on, and counting it again."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_officer
from webapp.clock import now
from webapp.domain.definitions import definition
from webapp.domain.errors import NotFound
from webapp.domain.roles import Role
from webapp.models import Publication, PublishedFigure
from webapp.officers import blueprint
from webapp.officers.desk import asked_file, exports, note_deed, whole
from webapp.officers.forms import ConfirmForm
from webapp.officers.publications import CITY, Line, asked_columns, asked_line, said
from webapp.queries import publications as queries
from webapp.services import publications as deeds
from webapp.ui import filters
from webapp.ui.keyset import key_page
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db


@blueprint.get("/published", endpoint="published")
@audience(Role.OFFICER)
def listed() -> ResponseReturnValue:
    """List what is public, corrections beside what they corrected, and what still waits."""
    columns, rows = _columns(), queries.figures_listed()
    file = asked_file(columns, whole(rows, _line), name=_("已公布的留汉人数"))
    return file or render_template(
        "officers/published.html",
        columns=columns,
        page=key_page(db(), rows, by=(PublishedFigure.id,), falling=True, read=_line),
        waiting=[
            asked_line(row)
            for row in db().execute(queries.publications_listed().where(Publication.done.is_(None)))
        ],
        waiting_columns=asked_columns(),
        may_ask=my_officer().scope in CITY,
        exports=exports(),
    )


@blueprint.route("/published/<int:figure_id>", methods=["GET", "POST"])
@audience(Role.OFFICER)
def published_figure(figure_id: int) -> ResponseReturnValue:
    """Show a published figure with all it rests on; the button counts it again."""
    row = db().execute(queries.figures_listed().where(PublishedFigure.id == figure_id)).one_or_none()
    if row is None:
        raise NotFound
    found, later = row
    form = ConfirmForm()
    if form.validate_on_submit():
        with attempt(form) as tried:
            check = deeds.ask_check(db(), figure_id=found.id, by=me(), at=now())
        if tried.done:
            note_deed("recount_figure", f"figure:{found.id}", check=check.id)
            flash(_("正在从账本逐笔重新计算，过一会儿刷新页面就能看到结果。"))
            return redirect(url_for("officers.published_figure", figure_id=found.id))
    return render_template(
        "officers/published_figure.html",
        form=form,
        figure=found,
        later=later,
        title=said(found),
        rule=definition(found.definition_id),
        checks=queries.checks_of(db(), found.id),
        may_correct=later is None and my_officer().scope in CITY,
    )


def _line(row: Any) -> Line:
    found, later = row
    return {
        "id": found.id,
        "what": said(found),
        "period": found.period_id,
        "definition": filters.translated(definition(found.definition_id).name),
        "value": found.value,
        **{grade.lower(): found.by_grade.get(grade, 0) for grade in ("A", "B", "C")},
        "error_rate": found.error_rate,
        "published_at": found.published_at,
        "state": _("已更正") if later else _("现行"),
    }


def _columns() -> list[Column]:
    def link(line: Line) -> str:
        return url_for("officers.published_figure", figure_id=line["id"])

    return [
        Column("what", _("公布的数字"), link=link),
        Column("period", _("时期")),
        Column("definition", _("口径")),
        Column("value", _("人数"), Shown.NUMBER),
        *(Column(grade.lower(), _("%(grade)s 级", grade=grade), Shown.NUMBER) for grade in ("A", "B", "C")),
        Column("error_rate", _("误差率"), Shown.PERCENT),
        Column("published_at", _("公布时间"), Shown.MOMENT),
        Column("state", _("状态")),
    ]
