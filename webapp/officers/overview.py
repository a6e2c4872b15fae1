"""The first page: one number that can be defended, its pace, and what needs an officer now."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from webapp.auth.access import audience
from webapp.clock import today
from webapp.domain.dates import month_of
from webapp.domain.evidence import Grade
from webapp.domain.indicators import Pace, months_elapsed, pace, planned
from webapp.domain.programme import Ruleset, rulesets
from webapp.domain.roles import Role
from webapp.models import Period
from webapp.officers import blueprint
from webapp.officers.queue import NAMES, my_queues
from webapp.officers.retained import rows_url
from webapp.officers.view import View, asked_view
from webapp.queries.breakdowns import Dimension, breakdown, running_total, totals_of
from webapp.queries.funnel import funnel
from webapp.queries.indicators import programme_indicators
from webapp.queries.periods import RETAINED, reported_figures, targets
from webapp.ui import charts
from webapp.ui.navigation import may_open
from webapp.unit_of_work import db

SHOWN = ("posts", "well_paid_posts", "bases", "stations")
REGISTERED = frozenset({"bases", "stations"})
"""Indicators whose rows stand in a register of their own."""
MONTHS_SHOWN = 6
YEAR_MONTHS = 12


@blueprint.get("/")
@audience(Role.OFFICER)
def overview() -> ResponseReturnValue:
    """Show the retained count against its target, its evidence, the funnel and the queues."""
    view = asked_view()
    counts = totals_of(breakdown(db(), view.wanted, Dimension.GRADE))
    progress = _pace(view, counts.total)
    lines = _course(view, progress.target)
    wide, stages = view.wanted.reach.is_city, _funnel(view)
    return render_template(
        "officers/overview.html",
        view=view,
        on=today(),
        rules=_ruleset(view.period),
        counts=counts,
        pace=progress,
        grades={Grade.A: counts.a, Grade.B: counts.b, Grade.C: counts.c},
        rows_url=rows_url,
        chart=_drawn(lines, progress),
        months=[line for line in lines if line["reached"] is not None][-MONTHS_SHOWN:],
        reported=reported_figures(db(), view.period.id, RETAINED) if wide else (),
        queues=my_queues(),
        names=NAMES,
        stages=stages,
        funnel_chart=_funnel_drawn(stages),
        indicators=_indicators(view) if wide else (),
        links=_links(),
    )


def _ruleset(period: Period) -> Ruleset:
    return rulesets()[period.ruleset_id]


def _pace(view: View, total: int) -> Pace:
    """Return the pace against the target of the city, or of the unit if it has one of its own."""
    unit = view.wanted.unit or view.wanted.reach.unit or "city"
    if view.wanted.reach.institution_code:
        unit = "none"
    value = next(
        (
            one.value
            for one in targets(db(), view.period.id)
            if (one.indicator, one.unit, one.year) == (RETAINED, unit, 0)
        ),
        None,
    )
    month, months = months_elapsed(view.period.start_on, view.period.end_on, today())
    rules = _ruleset(view.period)
    return pace(
        total,
        None if value is None else float(value),
        month=month,
        months=months,
        on=rules.pace_on,
        watch=rules.pace_watch,
    )


def _course(view: View, target: float | None) -> list[dict[str, Any]]:
    """Return month by month what was reached, what was planned and the band that still passes."""
    reached = dict(running_total(db(), view.wanted))
    rules, listed, standing = _ruleset(view.period), months_of(view.period), 0
    lines = []
    for number, month in enumerate(listed, start=1):
        before, standing = standing, reached.get(month, standing)
        plan = None if target is None else round(planned(target, number, len(listed)))
        over = month <= month_of(today())
        lines.append(
            {
                "month": month,
                "new": standing - before,
                "reached": standing if over else None,
                "plan": plan,
                "low": None if plan is None else round(plan * rules.pace_watch),
                "high": None if plan is None else round(plan * rules.pace_on),
            }
        )
    return lines


def months_of(period: Period) -> list[str]:
    """Return all months of a period, as 2026-01."""
    first = period.start_on.year * YEAR_MONTHS + period.start_on.month - 1
    last = period.end_on.year * YEAR_MONTHS + period.end_on.month - 1
    return [f"{number // YEAR_MONTHS}-{number % YEAR_MONTHS + 1:02d}" for number in range(first, last + 1)]


def _drawn(lines: Sequence[Mapping[str, Any]], progress: Pace) -> Markup:
    """Draw the course; without a target only what was reached, up to now."""
    title = _("留汉人数逐月累计")
    if progress.target is None:
        so_far = [line for line in lines if line["reached"] is not None]
        return charts.pace(so_far or lines[:1], time="month", value="reached", title=title)
    return charts.pace(lines, time="month", value="reached", title=title, plan="plan", band=("low", "high"))


def _funnel(view: View) -> list[dict[str, Any]]:
    """Return the way of the graduates in reach; a unit has no graduates of its own before they start."""
    reach = view.wanted.reach
    if reach.unit:
        return []
    stages = funnel(db(), institution_code=reach.institution_code)
    registered = stages[0].count
    return [
        {
            "name": _(stage.label),
            "count": stage.count,
            "share": stage.count / registered if registered else None,
        }
        for stage in stages
    ]


def _funnel_drawn(stages: Sequence[Mapping[str, Any]]) -> Markup | None:
    title = _("从注册到留下，各阶段人数")
    return charts.funnel(stages, name="name", value="count", title=title) if stages else None


def _indicators(view: View) -> list[dict[str, Any]]:
    rows = programme_indicators(db(), period_id=view.period.id, on=today())
    return [
        {
            "name": row.name,
            "actual": row.actual,
            "target": row.target,
            "measure": row.measure,
            "url": url_for("officers.bases") if row.indicator in REGISTERED and row.actual else None,
            "share": row.actual / float(row.target) if row.target and row.actual is not None else None,
        }
        for row in rows
        if row.indicator in SHOWN
    ]


def _links() -> list[tuple[str, str]]:
    """Return the pages that are not in the header and that this officer may open."""
    pages = (
        ("officers.graduates", _("学历核验")),
        ("officers.periods", _("时期与目标")),
        ("officers.ledger", _("计数账本")),
        ("officers.corrections", _("账本更正")),
        ("officers.follow_ups", _("留汉跟踪")),
        ("officers.audits", _("随机抽查")),
        ("officers.officers", _("工作人员名册")),
        ("officers.audit", _("审计日志")),
        ("officers.imports", _("导入记录")),
    )
    return [(text, url_for(endpoint)) for endpoint, text in pages if may_open(endpoint)]
