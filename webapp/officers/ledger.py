"""The ledger as it stands: its head, its last entries, the last walk over all of it."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select

from webapp.auth.access import audience
from webapp.auth.identity import me
from webapp.domain.programme import unit_name
from webapp.domain.roles import Role, Scope
from webapp.models import LedgerEntry
from webapp.officers import blueprint
from webapp.officers.desk import asked_file, exports, note_deed, whole
from webapp.queries.ledger import head_now
from webapp.queries.registers import entries_listed
from webapp.queries.sealing import last_check
from webapp.tasks.sealing import check_ledger
from webapp.ui import filters
from webapp.ui.paging import Page, asked_page
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

READERS = frozenset({Scope.CITY, Scope.AUDITOR})
KEY_SHOWN = 8
SIZE = 50


@blueprint.get("/ledger")
@audience(Role.OFFICER, scopes=READERS)
def ledger() -> ResponseReturnValue:
    """Show the head of the chain and the last entries; persons appear by the start of their key."""
    columns = _columns()
    return asked_file(columns, whole(entries_listed(), _line), name=_("计数账本")) or render_template(
        "officers/ledger.html",
        head=head_now(db()),
        check=last_check(db()),
        columns=columns,
        page=_page(entries_listed()),
        exports=exports(),
    )


@blueprint.post("/ledger/verify", endpoint="verify_ledger")
@audience(Role.OFFICER, scopes=READERS)
def verify() -> ResponseReturnValue:
    """Have the whole ledger walked again behind the page: a million rows take half a minute."""
    note_deed("verify_ledger", "ledger")
    try:
        check_ledger(me().id)
    except Exception:  # noqa: BLE001 - Redis and SQLite fail in ways of their own
        flash(_("任务队列没有应答，核对没有开始。请稍后再试；每天夜里也会自动核对一次。"), "warning")
    else:
        flash(_("已开始逐笔核对，一般一分钟内完成，结果会显示在本页。"))
    return redirect(url_for("officers.ledger"))


def _page(rows: Select[LedgerEntry]) -> Page[dict[str, Any]]:
    """Return one page of the ledger: rows have no gaps, so that none has to be counted or skipped."""
    total = head_now(db()).seq
    number = min(asked_page(), max(1, -(-total // SIZE)))
    until = rows.where(LedgerEntry.seq <= total - (number - 1) * SIZE).limit(SIZE)
    return Page([_line(entry) for entry in db().scalars(until)], number, SIZE, total)


def _line(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "kind": entry.kind,
        "delta": entry.delta,
        "person": f"{entry.person_root[:KEY_SHOWN]}…",
        "period": entry.period_id,
        "unit": filters.translated(unit_name(entry.unit)),
        "month": filters.month(entry.attributed_month),
        "posted": filters.month(entry.posted_month),
        "grade": entry.grade,
        "cause": entry.cause,
        "created_at": entry.created_at,
        "hash": f"{entry.hash[:12]}…",
    }


def _columns() -> Sequence[Column]:
    return [
        Column("seq", _("序号"), Shown.NUMBER),
        Column("kind", _("类型")),
        Column("delta", _("增减"), Shown.NUMBER),
        Column("person", _("人员代码")),
        Column("period", _("时期")),
        Column("unit", _("填报单位")),
        Column("month", _("发生月份")),
        Column("posted", _("入账月份")),
        Column("grade", _("证据等级")),
        Column("cause", _("冲销原因")),
        Column("created_at", _("记账时间"), Shown.MOMENT),
        Column("hash", _("哈希")),
    ]
