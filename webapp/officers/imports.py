"""Imports: lists handed in, how far they are, whom their rows found, and why a row was refused."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_officer
from webapp.clock import now
from webapp.domain.lists import Finding, ListKind
from webapp.domain.roles import DECIDES, Role
from webapp.extensions import platform
from webapp.models import ImportMatch, ImportProblem, ImportRun
from webapp.officers import blueprint
from webapp.officers.desk import asked_file, exports, note_deed, whole
from webapp.officers.forms import ConfirmForm
from webapp.queries.imports import (
    KINDS,
    find_run,
    matches_listed,
    problems_listed,
    runs_listed,
    waiting_for_release,
)
from webapp.queries.officers import names_of
from webapp.services.imports.files import hand_in
from webapp.services.imports.release import ask_release
from webapp.ui.filters import label
from webapp.ui.forms import Form
from webapp.ui.keyset import key_page
from webapp.ui.paging import paginate
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

MAKERS = frozenset(KINDS)
LARGEST_LIST = 64 * 1024 * 1024
"""Bytes of a list handed in on the page; longer ones come by command."""


class ListForm(Form):
    """A list and what it is."""

    kind = SelectField(_l("名单类型"))
    file = FileField(
        _l("名单文件"),
        [FileRequired(_l("请先选择文件。"))],
        description=_l("CSV 或 XLSX，第一行是列名，不超过 60 MB。证件号码一列请设为文本。"),
    )


@blueprint.url_value_preprocessor
def allow_a_long_list(endpoint: str | None, _values: object) -> None:
    """Let a list be longer than other uploads, before anything reads the request's body."""
    if endpoint == "officers.new_import":
        request.max_content_length = LARGEST_LIST


@blueprint.get("/imports")
@audience(Role.OFFICER)
def imports() -> ResponseReturnValue:
    """List the imports in sight with their counts."""
    rows, columns = runs_listed(my_officer()), _columns()
    return asked_file(columns, whole(rows, _line), name=_("导入记录")) or render_template(
        "officers/imports.html",
        columns=columns,
        page=paginate(db(), rows, read=_line),
        exports=exports(),
        may_hand_in=my_officer().scope in MAKERS,
    )


@blueprint.route("/imports/new", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=MAKERS)
def new_import() -> ResponseReturnValue:
    """Take a list; it is read in the background."""
    form: Any = ListForm()
    form.kind.choices = [(kind.value, label(kind)) for kind in KINDS[my_officer().scope]]
    if form.validate_on_submit():
        given = form.file.data
        with attempt(form) as tried:
            run = hand_in(
                db(),
                by=me(),
                kind=ListKind(form.kind.data),
                filename=given.filename or "",
                content=given.read(),
                at=now(),
                key=platform().settings.fernet_key,
            )
        if tried.done:
            note_deed("list handed in", f"import_run:{run.id}", kind=run.kind, digest=run.digest)
            flash(_("名单已收到，正在后台读取。读到哪里，这一页会告诉您。"))
            return redirect(url_for("officers.import_run", run_id=run.id))
    return render_template("officers/new_import.html", form=form)


@blueprint.route("/imports/<int:run_id>", methods=["GET", "POST"])
@audience(Role.OFFICER)
def import_run(run_id: int) -> ResponseReturnValue:
    """Show how far a list is and what it came to; a second officer releases what it has proved."""
    run, form = find_run(db(), my_officer(), run_id), ConfirmForm()
    if form.validate_on_submit():
        with attempt(form) as tried:
            ask_release(db(), run_id=run.id, by=me(), at=now())
        if tried.done:
            note_deed("list released", f"import_run:{run.id}")
            flash(_("已核对。符合规则的去向会在几分钟内计入，每一条都记在您名下。"))
            return redirect(url_for("officers.import_run", run_id=run.id))
    names = names_of(db(), [run.asked_by_id, run.checked_by_id])
    waiting = waiting_for_release(db(), my_officer(), run.id)
    return render_template(
        "officers/import_run.html",
        form=form,
        run=run,
        kind=_kind(run),
        maker=names.get(run.asked_by_id or 0),
        checker=names.get(run.checked_by_id or 0),
        waiting=waiting,
        may_release=_may_release(run, waiting),
        findings=_findings(run),
        finding_columns=[
            Column("finding", _("结果")),
            Column("number", _("行数"), Shown.NUMBER, link=_rows_of),
        ],
    )


@blueprint.get("/imports/<int:run_id>/rows")
@audience(Role.OFFICER)
def import_rows(run_id: int) -> ResponseReturnValue:
    """List the rows that found a person: how surely, and what became of them."""
    run = find_run(db(), my_officer(), run_id)
    finding = next((one for one in Finding if one.value == request.args.get("finding")), None)
    rows, columns = matches_listed(my_officer(), run.id, finding), _match_columns()
    name = _("名单比对 %(number)d", number=run.id)
    return asked_file(columns, whole(rows, _match), name=name) or render_template(
        "officers/list.html",
        title=_("“%(file)s”比对到的人", file=run.filename),
        lead=label(finding) if finding else _("只列出有变化、有出入或需要人工核对的行。"),
        back=(run.filename, url_for("officers.import_run", run_id=run.id)),
        filters=None,
        columns=columns,
        page=key_page(db(), rows, by=[ImportMatch.id], size=50, read=_match),
        exports=exports(),
    )


@blueprint.get("/imports/<int:run_id>/problems")
@audience(Role.OFFICER)
def import_problems(run_id: int) -> ResponseReturnValue:
    """List the rows an import refused, each with its number and the reason."""
    run = find_run(db(), my_officer(), run_id)
    rows = problems_listed(run.id)
    columns = [Column("row_number", _("行号")), Column("reason", _("原因"))]
    name = _("导入问题 %(number)d", number=run.id)
    return asked_file(columns, whole(rows), name=name) or render_template(
        "officers/list.html",
        title=_("“%(file)s”中被拒绝的行", file=run.filename),
        lead=_("行号与原文件一致。改好后重新导入同一类文件即可，已导入的行不会重复。"),
        back=(run.filename, url_for("officers.import_run", run_id=run.id)),
        filters=None,
        columns=columns,
        page=key_page(db(), rows, by=[ImportProblem.row_number, ImportProblem.id], size=50),
        exports=exports(),
    )


def _kind(run: ImportRun) -> str:
    known = next((kind for kind in ListKind if kind.value == run.kind), None)
    return label(known) if known else _("招聘岗位")


def _may_release(run: ImportRun, waiting: int) -> bool:
    """Say whether the button is offered; the deed itself asks again."""
    decides = my_officer().scope in DECIDES and run.asked_by_id != me().id and run.finished_at is not None
    figures = run.kind == ListKind.FIGURES and run.checked_by_id is None
    return decides and (waiting > 0 or figures) and run.checked_by_id != me().id


def _findings(run: ImportRun) -> Sequence[dict[str, Any]]:
    tally = run.findings or {}
    return [
        {"run": run.id, "finding": label(one), "key": one.value, "number": tally[one.value]}
        for one in Finding
        if tally.get(one.value)
    ]


def _rows_of(line: dict[str, Any]) -> str:
    return url_for("officers.import_rows", run_id=line["run"], finding=line["key"])


def _line(run: ImportRun) -> dict[str, Any]:
    names = ("id", "filename", "imported", "merged", "unmatched", "refused", "started_at", "finished_at")
    return {name: getattr(run, name) for name in names} | {"kind": _kind(run)}


def _columns() -> Sequence[Column]:
    return [
        Column("filename", _("文件"), link=lambda run: url_for("officers.import_run", run_id=run["id"])),
        Column("kind", _("类型")),
        Column("imported", _("导入"), Shown.NUMBER),
        Column("merged", _("合并"), Shown.NUMBER),
        Column("unmatched", _("不在平台"), Shown.NUMBER),
        Column("refused", _("拒绝"), Shown.NUMBER),
        Column("started_at", _("开始"), Shown.MOMENT),
        Column("finished_at", _("完成"), Shown.MOMENT),
    ]


def _match(row: Any) -> dict[str, Any]:
    match, name = row
    return {
        "row_number": match.row_number,
        "name": name,
        "grade": match.grade,
        "finding": match.finding,
        "note": match.note,
        "graduate_id": match.graduate_id,
        "placement_id": match.placement_id,
    }


def _match_columns() -> Sequence[Column]:
    return [
        Column("row_number", _("行号")),
        Column(
            "name", _("姓名"), link=lambda row: url_for("officers.graduate", graduate_id=row["graduate_id"])
        ),
        Column("grade", _("比对方式")),
        Column("finding", _("结果"), link=_placement_of),
        Column("note", _("说明")),
    ]


def _placement_of(row: dict[str, Any]) -> str | None:
    number = row["placement_id"]
    return url_for("officers.placement", placement_id=number) if number else None
