"""Reports: snapshots made and listed, each report as a page and as files, and let out by two officers."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_officer
from webapp.clock import now, today
from webapp.domain.definitions import definitions, standard
from webapp.domain.errors import NotFound
from webapp.domain.roles import Role, Scope
from webapp.models import Posting, ReportSnapshot
from webapp.officers import blueprint
from webapp.officers.desk import note_deed
from webapp.officers.forms import NEEDED, ConfirmForm
from webapp.queries.officers import names_of
from webapp.queries.periods import period_of, periods
from webapp.queries.reports.kept import (
    find_snapshot,
    orders_failed,
    orders_open,
    postings_named,
    releases_of,
    snapshots_listed,
)
from webapp.reports.document import Edition
from webapp.reports.files import formats
from webapp.reports.html import Address, article
from webapp.reports.names import TITLES, write
from webapp.reports.snapshot import Snapshot, read
from webapp.services import reports as deeds
from webapp.ui import filters
from webapp.ui.downloads import report_file
from webapp.ui.forms import Form
from webapp.ui.paging import paginate
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

CITY = frozenset({Scope.CITY})
INSIDE = frozenset({Scope.CITY, Scope.AUDITOR})
"""Scopes that see schools and small cells; others read the public edition."""


class OrderForm(Form):
    """What a snapshot is asked to hold."""

    period = SelectField(_l("时期"), [NEEDED])
    definition = SelectField(_l("口径"), [NEEDED])
    as_of = DateField(
        _l("截至"), [NEEDED], description=_l("计数按这一天结束时的账本；其他数据按现在所知、截至这一天。")
    )


@blueprint.route("/reports", methods=["GET", "POST"], endpoint="reports")
@audience(Role.OFFICER)
def listed() -> ResponseReturnValue:
    """List the snapshots; the city orders another one here."""
    form = _order_form() if my_officer().scope in CITY else None
    if form is not None and form.validate_on_submit():
        with attempt(form) as tried:
            order = deeds.order_snapshot(
                db(),
                by=me(),
                period_id=form.period.data,
                definition_id=form.definition.data,
                as_of=form.as_of.data,
                at=now(),
            )
        if tried.done:
            note_deed("order_snapshot", f"report_order:{order.id}", as_of=str(order.as_of))
            flash(_("已开始汇集数据，完成后会出现在列表里，一般需要几分钟。"))
            return redirect(url_for("officers.reports"))
    orders = db().scalars(orders_open()).all()
    return render_template(
        "officers/reports.html",
        form=form,
        columns=_columns(),
        page=paginate(db(), snapshots_listed(), read=_line),
        orders=orders,
        waits=orders and request.method == "GET" and "still" not in request.args,
        failed=orders_failed(db()),
    )


@blueprint.get("/reports/<snapshot_id>", endpoint="report_snapshot")
@audience(Role.OFFICER)
def chosen(snapshot_id: str) -> ResponseReturnValue:
    """Show a snapshot's reports, where each may be read or taken away, and which are public."""
    kept = find_snapshot(db(), snapshot_id)
    releases = releases_of(db(), snapshot_id)
    names = names_of(
        db(), [one for release in releases.values() for one in (release.asked_by_id, release.approved_by_id)]
    )
    return render_template(
        "officers/report_snapshot.html",
        kept=kept,
        titles=TITLES,
        formats=formats(),
        releases=releases,
        names=names,
        may_release=my_officer().scope in CITY,
        me_id=me().id,
        inside=my_officer().scope in INSIDE,
    )


@blueprint.get("/reports/<snapshot_id>/<name>", endpoint="report")
@audience(Role.OFFICER)
def shown(snapshot_id: str, name: str) -> ResponseReturnValue:
    """Show a report; its lines lead to the people or posts behind them."""
    kept, snapshot = _read(snapshot_id)
    document = write(name, snapshot, _edition())
    return render_template(
        "officers/report.html",
        kept=kept,
        name=name,
        document=document,
        article=article(document, _addresses(kept) if document.edition is Edition.INTERNAL else None),
        formats=formats(),
    )


@blueprint.get("/reports/<snapshot_id>/<name>.<form>", endpoint="report_file")
@audience(Role.OFFICER)
def file(snapshot_id: str, name: str, form: str) -> Response:
    """Give a report as a file; every file is logged."""
    _kept, snapshot = _read(snapshot_id)
    edition = _edition()
    note_deed("export", f"report:{snapshot_id}:{name}", format=form, edition=edition.value)
    return report_file(write(name, snapshot, edition), form)


@blueprint.route("/reports/<snapshot_id>/<name>/release", methods=["GET", "POST"], endpoint="release_report")
@audience(Role.OFFICER, scopes=CITY)
def release(snapshot_id: str, name: str) -> ResponseReturnValue:
    """Propose a report for the public, or let out what a colleague has proposed."""
    if name not in TITLES:
        raise NotFound
    form, asked = ConfirmForm(), releases_of(db(), find_snapshot(db(), snapshot_id).id).get(name)
    title = filters.translated(TITLES[name])
    back = url_for("officers.report_snapshot", snapshot_id=snapshot_id)
    deed = deeds.approve_release if asked else deeds.ask_release
    if form.validate_on_submit():
        with attempt(form) as tried:
            deed(db(), by=me(), snapshot_id=snapshot_id, name=name, at=now())
        if tried.done:
            flash(_("已公开。") if asked else _("已提出，由另一名市级工作人员批准后公开。"))
            return redirect(back)
    return render_template(
        "officers/release_report.html",
        form=form,
        asked=asked,
        title=title,
        back=back,
    )


@blueprint.get("/reports/<snapshot_id>/shortage/evidence", endpoint="shortage_evidence")
@audience(Role.OFFICER, scopes=INSIDE)
def evidence(snapshot_id: str) -> ResponseReturnValue:
    """List the posts a line of the catalogue rests on, and the graduates by major."""
    kept, snapshot = _read(snapshot_id)
    wanted = request.args.get("occupation", ""), request.args.get("cluster") or None
    lines = snapshot.rows("posts_by_occupation")
    row = next((one for one in lines if (one["occupation"], one["cluster"]) == wanted), None)
    if row is None:
        raise NotFound
    return render_template(
        "officers/shortage_evidence.html",
        kept=kept,
        row=row,
        title=f"{snapshot.name('occupation', wanted[0])} · {snapshot.name('cluster', wanted[1])}",
        columns=_post_columns(),
        posts=[_post(one) for one in postings_named(db(), row["evidence"])],
    )


def _read(snapshot_id: str) -> tuple[ReportSnapshot, Snapshot]:
    kept = find_snapshot(db(), snapshot_id)
    return kept, read(kept.id, kept.content)


def _edition() -> Edition:
    inside = my_officer().scope in INSIDE and request.args.get("edition") != Edition.PUBLIC.value
    return Edition.INTERNAL if inside else Edition.PUBLIC


def _order_form() -> Any:
    form: Any = OrderForm(as_of=today(), definition=standard().id)
    listed_periods = periods(db())
    form.period.choices = [(one.id, filters.translated(one.name)) for one in listed_periods]
    form.definition.choices = [(one.id, filters.translated(one.name)) for one in definitions().values()]
    standing = period_of(listed_periods, today())
    form.period.data = form.period.data or (standing.id if standing else None)
    return form


def _addresses(kept: ReportSnapshot) -> Address:
    """Say where a line leads: the rows at the snapshot's definition, the indicators, the evidence."""

    def address(drill: Mapping[str, str]) -> str:
        rest: dict[str, Any] = {name: value for name, value in drill.items() if name != "page"}
        match drill["page"]:
            case "rows":
                return url_for("officers.rows", period=kept.period_id, definition=kept.definition_id, **rest)
            case "shortage":
                return url_for("officers.shortage_evidence", snapshot_id=kept.id, **rest)
            case _:
                return url_for("officers.indicators", period=kept.period_id)

    return address


def _line(kept: ReportSnapshot) -> dict[str, Any]:
    return {
        "id": kept.id,
        "as_of": kept.as_of,
        "period": kept.period_id,
        "definition": kept.definition_id,
        "seq": kept.seq,
        "made_at": kept.made_at,
    }


def _columns() -> Sequence[Column]:
    def link(line: dict[str, Any]) -> str:
        return url_for("officers.report_snapshot", snapshot_id=line["id"])

    return [
        Column("id", _("快照"), link=link),
        Column("as_of", _("截至"), Shown.DATE),
        Column("period", _("时期")),
        Column("definition", _("口径")),
        Column("seq", _("账本行数"), Shown.NUMBER),
        Column("made_at", _("汇集于"), Shown.MOMENT),
    ]


def _post(post: Posting) -> dict[str, Any]:
    shown = ("id", "title", "headcount", "valid_until_on")
    return {**{name: getattr(post, name) for name in shown}, "employer": post.employer.name}


def _post_columns() -> Sequence[Column]:
    def link(line: dict[str, Any]) -> str:
        return url_for("officers.posting", posting_id=line["id"])

    return [
        Column("title", _("岗位"), link=link),
        Column("employer", _("用人单位")),
        Column("headcount", _("招聘人数"), Shown.NUMBER),
        Column("valid_until_on", _("有效期至"), Shown.DATE),
    ]
