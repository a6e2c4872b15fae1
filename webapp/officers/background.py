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
from webapp.models.background import RunState
from webapp.models.matching import OwnerKind
from webapp.officers import blueprint
from webapp.queries.background import TaskLine, failures, last_probes, task_lines, waiting
from webapp.tasks.queue import queue
from webapp.ui.filters import moment, translated
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

SILENCE = timedelta(minutes=10)
"""Some work begins every minute: a worker that begins nothing for so long is stopped, or stuck."""


@blueprint.get("/background")
@audience(Role.OFFICER, scopes=frozenset({Scope.CITY, Scope.AUDITOR}))
def background() -> ResponseReturnValue:
    """Show every task's last turn, recent failures with their remedy, the work that waits, and the index."""
    ran, failed = task_lines(db()), failures(db())
    return render_template(
        "officers/background.html",
        silent_since=_silent_since(ran),
        waiting=waiting(db()),
        queued=_queued(),
        columns=[
            Column("title", _("工作")),
            Column("state", _("最近一次"), Shown.STATUS),
            Column("turn", _("开始和用时")),
            *([Column("failures", _("30 天内失败"), Shown.NUMBER)] if failed else []),
        ],
        lines=[_line(one) for one in ran],
        never=[translated(TASKS[name]) for name in sorted(TASKS.keys() - {one.name for one in ran})],
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
        failed=[_failure(run) for run in failed],
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


def _line(one: TaskLine) -> dict[str, Any]:
    return {
        "title": translated(title_of(one.name)),
        "state": one.last.state,
        "turn": _turn(one),
        "failures": one.failures,
    }


def _turn(one: TaskLine) -> str:
    """Say when the last turn began and how long it took; where it is not done, when one last was."""
    said = [moment(one.last.started_at), _took(one.last.started_at, one.last.ended_at)]
    if one.last.state != RunState.DONE and one.done_at:
        said.append(_("上次完成于 %(when)s", when=moment(one.done_at)))
    return " · ".join(said)


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
