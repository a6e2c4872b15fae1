"""Background work: what ran and when, what failed and what to do, what waits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.clock import now
from webapp.domain.background import TASKS, remedy_of, title_of
from webapp.domain.roles import Role, Scope
from webapp.models import IndexProbe, TaskRun
from webapp.models.matching import OwnerKind
from webapp.officers import blueprint
from webapp.queries.background import TaskLine, failures, last_probes, task_lines, waiting
from webapp.tasks.queue import queue
from webapp.ui.filters import translated
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

SILENCE = timedelta(minutes=10)
"""Some work begins every minute: a worker that begins nothing for so long is stopped, or stuck."""


@blueprint.get("/background")
@audience(Role.OFFICER, scopes=frozenset({Scope.CITY, Scope.AUDITOR}))
def background() -> ResponseReturnValue:
    """Show every task's last turn, recent failures with their remedy, the work that waits, and the index."""
    ran = {one.name: one for one in task_lines(db())}
    return render_template(
        "officers/background.html",
        ran=ran,
        silent_since=_silent_since(list(ran.values())),
        waiting=waiting(db()),
        queued=_queued(),
        columns=[
            Column("title", _("工作")),
            Column("state", _("最近一次"), Shown.STATUS),
            Column("started_at", _("开始"), Shown.MOMENT),
            Column("took", _("用时")),
            Column("done_at", _("上次完成"), Shown.MOMENT),
            Column("failures", _("30 天内失败"), Shown.NUMBER),
        ],
        lines=[_line(name, ran.get(name)) for name in sorted({*TASKS, *ran})],
        failed_columns=[
            Column("title", _("工作")),
            Column("started_at", _("开始"), Shown.MOMENT),
            Column("remedy", _("发生了什么、怎么办")),
            Column("again", _("重试")),
        ],
        probe_columns=[
            Column("of", _("索引")),
            Column("at", _("抽查时间"), Shown.MOMENT),
            Column("entries", _("收录数量"), Shown.NUMBER),
            Column("queries", _("抽查次数"), Shown.NUMBER),
            Column("recall", _("找回比例"), Shown.PERCENT),
        ],
        probes=[_probed(one) for one in last_probes(db())],
        failed=[_failure(run) for run in failures(db())],
    )


def _queued() -> int | None:
    """Return how many tasks wait in the queue; nothing when it does not answer."""
    try:
        return int(queue.pending_count() + queue.scheduled_count())
    except Exception:  # noqa: BLE001 - Redis and SQLite fail in ways of their own
        return None


def _silent_since(ran: Sequence[TaskLine]) -> datetime | None:
    """Return when some work last began, if that was too long ago."""
    newest = max((one.last.started_at for one in ran), default=None)
    return newest if newest and newest < now() - SILENCE else None


def _line(name: str, one: TaskLine | None) -> dict[str, Any]:
    title = {"title": translated(title_of(name))}
    if one is None:
        never = dict.fromkeys(("started_at", "took", "done_at", "failures"))
        return {**title, "state": _("还没有运行过"), **never}
    return {
        **title,
        "state": one.last.state,
        "started_at": one.last.started_at,
        "took": _took(one.last.started_at, one.last.ended_at),
        "done_at": one.done_at,
        "failures": one.failures,
    }


def _failure(run: TaskRun) -> dict[str, Any]:
    return {
        "title": translated(title_of(run.name)),
        "started_at": run.started_at,
        "remedy": f"{translated(remedy_of(run.name, run.error or ''))} · {run.error}",
        "again": _("还会重试 %(count)s 次", count=run.tries_left) if run.tries_left else _("等下一轮"),
    }


def _probed(one: IndexProbe) -> dict[str, Any]:
    return {
        "of": _("岗位") if one.collection == OwnerKind.POSTING else _("简历"),
        "at": one.at,
        "entries": one.entries,
        "queries": one.queries,
        "recall": one.recall,
    }


def _took(began: datetime, ended: datetime | None) -> str:
    if ended is None:
        return _("正在运行")
    seconds = (ended - began).total_seconds()
    return _("%(count).1f 秒", count=seconds) if seconds < 60 else _("%(count)d 分钟", count=seconds // 60)  # noqa: PLR2004
