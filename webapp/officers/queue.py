"""The work of the day: what waits, since when, and the next thing to do."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from webapp.auth.access import audience
from webapp.auth.identity import me, my_officer
from webapp.clock import today
from webapp.domain.errors import NotFound
from webapp.domain.roles import Role
from webapp.domain.words import N_
from webapp.officers import blueprint
from webapp.officers.desk import my_reach
from webapp.queries.queues import Waiting, queues, waiting
from webapp.unit_of_work import db

NAMES: Mapping[str, tuple[str, str]] = {
    "employers": (N_("用人单位待核验"), N_("对照证照，确认是真实的用人单位")),
    "postings": (N_("岗位待审核"), N_("确认内容合法、具体，薪酬写明")),
    "placements": (N_("去向待核验"), N_("对照证明材料，决定能否计入留汉人数")),
    "degrees": (N_("学历待核验"), N_("确认已经毕业，去向才能计入")),
    "reversals": (N_("冲销待复核"), N_("别的核验人提出冲销，等您确认或不同意")),
    "corrections": (N_("账本更正待确认"), N_("别的工作人员提出转移或合并，等您确认或撤下")),
    "disputes": (N_("复核中的计数"), N_("有人提出疑问，仍计入，等待裁定")),
    "reconciliations": (N_("上报数待说明"), N_("可追溯的人多于上报数，限期写明原因，再由另一人确认")),
}
PAGES: Mapping[str, tuple[str, str]] = {
    "employers": ("officers.employer", "employer_id"),
    "postings": ("officers.posting", "posting_id"),
    "placements": ("officers.placement", "placement_id"),
    "degrees": ("officers.graduate", "graduate_id"),
    "reversals": ("officers.placement", "placement_id"),
    "corrections": ("officers.correction", "correction_id"),
    "disputes": ("officers.placement", "placement_id"),
    "reconciliations": ("officers.reconciliation", "reconciliation_id"),
}


@blueprint.get("/queue")
@audience(Role.OFFICER)
def queue() -> ResponseReturnValue:
    """Show every queue with its count and its oldest item."""
    return render_template("officers/queue.html", queues=my_queues(), names=NAMES)


@blueprint.get("/queue/<key>/next", endpoint="next")
@audience(Role.OFFICER)
def following(key: str) -> ResponseReturnValue:
    """Open the item of a queue that has waited longest."""
    rows = _my_rows().get(key)
    if rows is None:
        raise NotFound
    oldest = db().scalar(rows.limit(1))
    endpoint, name = PAGES[key]
    return redirect(url_for(endpoint, **{name: oldest.id}) if oldest else url_for("officers.queue"))


def my_queues() -> list[Waiting]:
    """Return the queues of the logged-in officer."""
    return waiting(db(), _my_rows())


def _my_rows() -> Mapping[str, Select[Any]]:
    return queues(my_reach(), scope=my_officer().scope, by_id=me().id, on=today())
