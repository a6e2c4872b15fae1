"""Imports: what came in, and why a row did not."""

from collections.abc import Sequence

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.domain.errors import NotFound
from webapp.domain.roles import Role, Scope
from webapp.models import ImportRun
from webapp.officers import blueprint
from webapp.officers.desk import asked_file, exports, whole
from webapp.queries.registers import problems_listed, runs_listed
from webapp.ui.paging import paginate
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

READERS = frozenset({Scope.CITY, Scope.AUDITOR})


@blueprint.get("/imports")
@audience(Role.OFFICER, scopes=READERS)
def imports() -> ResponseReturnValue:
    """List the imports with their counts."""
    rows, columns = runs_listed(), _columns()
    return asked_file(columns, whole(rows), name=_("导入记录")) or render_template(
        "officers/list.html",
        title=_("导入记录"),
        lead=_("批量导入由运维人员用命令 import-postings 执行；这里能看到每次的结果和被拒绝的行。"),
        filters=None,
        columns=columns,
        page=paginate(db(), rows),
        exports=exports(),
    )


@blueprint.get("/imports/<int:run_id>")
@audience(Role.OFFICER, scopes=READERS)
def import_run(run_id: int) -> ResponseReturnValue:
    """List the rows an import refused, each with its number and the reason."""
    run = db().get(ImportRun, run_id)
    if run is None:
        raise NotFound
    rows = problems_listed(run_id)
    columns = [Column("row_number", _("行号")), Column("reason", _("原因"))]
    name = _("导入问题 %(number)d", number=run.id)
    return asked_file(columns, whole(rows), name=name) or render_template(
        "officers/list.html",
        title=_("“%(file)s”中被拒绝的行", file=run.filename),
        lead=_("行号与原文件一致。改好后重新导入同一类文件即可，已导入的行不会重复。"),
        back=(_("导入记录"), url_for("officers.imports")),
        filters=None,
        columns=columns,
        page=paginate(db(), rows, size=50),
        exports=exports(),
    )


def _columns() -> Sequence[Column]:
    return [
        Column("filename", _("文件"), link=lambda run: url_for("officers.import_run", run_id=run.id)),
        Column("kind", _("类型")),
        Column("imported", _("导入"), Shown.NUMBER),
        Column("merged", _("合并"), Shown.NUMBER),
        Column("refused", _("拒绝"), Shown.NUMBER),
        Column("started_at", _("开始"), Shown.MOMENT),
        Column("finished_at", _("完成"), Shown.MOMENT),
    ]
