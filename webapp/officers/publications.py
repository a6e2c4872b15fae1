"""Figures on their way to the public: asked by one officer of the city, confirmed by another."""

from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, TextAreaField
from wtforms.validators import Length, Optional

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_officer
from webapp.clock import now, today
from webapp.domain.definitions import definition, definitions
from webapp.domain.errors import NotFound
from webapp.domain.programme import unit_name, units
from webapp.domain.roles import Role, Scope
from webapp.models import Publication, PublishedFigure
from webapp.officers import blueprint
from webapp.officers.desk import note_deed
from webapp.officers.forms import LONGEST, NEEDED, ConfirmForm
from webapp.queries import publications as queries
from webapp.queries.periods import periods
from webapp.services import publications as deeds
from webapp.ui import filters
from webapp.ui.forms import Form, named
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

CITY = frozenset({Scope.CITY})
Line = dict[str, Any]


class PublicationForm(Form):
    """What is to be published, and for a correction why."""

    period = SelectField(_l("时期"), [NEEDED])
    definition = SelectField(_l("口径"), [NEEDED])
    unit = SelectField(_l("填报单位"), [Optional()])
    as_of = DateField(_l("截至"), [NEEDED], description=_l("按这一天结束时账本所知计算，须早于今天。"))


class CorrectionForm(PublicationForm):
    """The same, with the reason everybody will read."""

    reason = TextAreaField(
        _l("更正原因"), [NEEDED, Length(max=LONGEST)], description=_l("会和新旧数字一起公布。")
    )


@blueprint.route("/published/new", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=CITY)
def publish() -> ResponseReturnValue:
    """Ask that a figure be published, or corrected."""
    before = _corrected(request.args.get("corrects", type=int))
    known = (
        {"period": before.period_id, "unit": before.unit or "", "definition": before.definition_id}
        if before
        else {}
    )
    form: Any = (CorrectionForm if before else PublicationForm)(as_of=today() - timedelta(days=1), **known)
    form.period.choices = [(one.id, filters.translated(one.name)) for one in periods(db())]
    form.definition.choices = [(one.id, filters.translated(one.name)) for one in definitions().values()]
    form.unit.choices = named(units().values(), _("全市"))
    if before:
        del form.period, form.unit
    if form.validate_on_submit():
        with attempt(form) as tried:
            asked = _ask(form, before)
        if tried.done:
            note_deed("ask_publication", f"publication:{asked.id}")
            flash(_("已提出公布，正在从账本逐笔计算。算好之后由另一名市级工作人员确认。"))
            return redirect(url_for("officers.publication", publication_id=asked.id))
    return render_template("officers/publish.html", form=form, before=before, verb=_("提出公布"))


@blueprint.route("/publications/<int:publication_id>", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=CITY)
def publication(publication_id: int) -> ResponseReturnValue:
    """Show what would be published and take the second officer's word."""
    row = db().execute(queries.publications_listed().where(Publication.id == publication_id)).one_or_none()
    if row is None:
        raise NotFound
    asked = row[0]
    form = ConfirmForm()
    if form.validate_on_submit():
        deed = deeds.publish if request.form.get("verdict") == "do" else deeds.drop_publication
        with attempt(form) as tried:
            done = deed(db(), by=me(), publication_id=asked.id, at=now())
        if tried.done:
            note_deed("decide_publication", f"publication:{asked.id}", verdict=request.form.get("verdict"))
            flash(_("数字已公布。") if isinstance(done, PublishedFigure) else _("已撤下，没有公布。"))
            return redirect(url_for("officers.published"))
    return render_template(
        "officers/publication.html",
        form=form,
        asked=asked,
        asked_by=row[1],
        decided_by=row[2],
        own=asked.asked_by_id == me().id,
        title=said(asked),
        rule=definition(asked.definition_id),
        lines=_by_unit(asked.answer["by_unit"]) if asked.answer else [],
    )


def said(one: Publication | PublishedFigure) -> str:
    """Say of whom and when a figure speaks."""
    where = filters.translated(unit_name(one.unit)) if one.unit else _("全市")
    return _("%(where)s留汉人数，截至 %(day)s", where=where, day=filters.full_date(one.as_of_on))


def _ask(form: Any, before: PublishedFigure | None) -> Publication:
    as_of: date = form.as_of.data
    return deeds.ask_publication(
        db(),
        by=me(),
        period_id=before.period_id if before else form.period.data,
        definition_id=form.definition.data,
        unit=before.unit if before else form.unit.data or None,
        as_of=as_of,
        supersedes_id=before.id if before else None,
        reason=form.reason.data if before else None,
        at=now(),
    )


def _corrected(figure_id: int | None) -> PublishedFigure | None:
    return None if figure_id is None else queries.find_figure(db(), figure_id)


def _by_unit(sums: dict[str, int]) -> list[tuple[str, int]]:
    return [(filters.translated(unit_name(code)), total) for code, total in sums.items()]


def asked_line(row: Any) -> Line:
    """Return a figure that waits to be published as a list shows it."""
    asked, asked_by, _decided_by = row
    return {
        "id": asked.id,
        "what": said(asked),
        "definition": filters.translated(definition(asked.definition_id).name),
        "value": asked.answer["total"] if asked.answer else None,
        "asked_by": asked_by,
        "asked_at": asked.asked_at,
        "state": _("待确认") if asked.answer else _("正在计算"),
    }


def asked_columns() -> list[Column]:
    """Return the columns of what waits; only the city opens it."""
    may_decide = my_officer().scope in CITY

    def link(line: Line) -> str | None:
        return url_for("officers.publication", publication_id=line["id"]) if may_decide else None

    return [
        Column("what", _("待公布的数字"), link=link),
        Column("definition", _("口径")),
        Column("value", _("人数"), Shown.NUMBER),
        Column("asked_by", _("提出人")),
        Column("asked_at", _("提出时间"), Shown.MOMENT),
        Column("state", _("状态")),
    ]
