"""The ledger as it stands: its head, its last entries, and adding it all up again."""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.domain.programme import unit_name
from webapp.domain.roles import Role, Scope
from webapp.models import LedgerEntry
from webapp.officers import blueprint
from webapp.officers.desk import asked_file, exports, note_deed, whole
from webapp.queries.ledger import head
from webapp.queries.registers import entries_listed
from webapp.services.ledger import verify_chain
from webapp.ui import filters
from webapp.ui.paging import paginate
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

READERS = frozenset({Scope.CITY, Scope.AUDITOR})
KEY_SHOWN = 8


@blueprint.get("/ledger")
@audience(Role.OFFICER, scopes=READERS)
def ledger() -> ResponseReturnValue:
    """Show the head of the chain and the last entries; persons appear by the start of their key."""
    rows, columns = entries_listed(), _columns()
    return asked_file(columns, whole(rows, _line), name=_("计数账本")) or _page()


@blueprint.post("/ledger/verify", endpoint="verify_ledger")
@audience(Role.OFFICER, scopes=READERS)
def verify() -> ResponseReturnValue:
    """Walk the whole ledger again and say what was found."""
    problems = verify_chain(db())
    note_deed("verify_ledger", "ledger", problems=len(problems))
    return _page(problems=problems)


def _page(**found: Any) -> str:
    return render_template(
        "officers/ledger.html",
        head=head(db()),
        columns=_columns(),
        page=paginate(db(), entries_listed(), size=50, read=_line),
        exports={} if found else exports(),
        **found,
    )


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
        Column("seq", _("序号")),
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
