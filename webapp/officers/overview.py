"""The first page: one number that can be defended, its pace, and what needs an officer now."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from webapp.auth.access import audience
from webapp.clock import today
from webapp.domain.evidence import Grade
from webapp.domain.programme import Ruleset, rulesets
from webapp.domain.roles import Role
from webapp.models import Period
from webapp.officers import blueprint
from webapp.officers.city_map import columns_of, drawn, lines_of
from webapp.officers.queue import NAMES, my_queues
from webapp.officers.retained import rows_url
from webapp.officers.view import View, asked_view
from webapp.queries.breakdowns import BreakdownRow, Dimension, breakdown, totals_of
from webapp.queries.followups import Cohort, rates
from webapp.queries.funnel import funnel
from webapp.queries.indicators import programme_indicators
from webapp.queries.periods import RETAINED, reported_figures
from webapp.queries.projection import Course, course
from webapp.queries.sampling import ErrorRate, latest_error_rate
from webapp.ui import charts
from webapp.ui.forms import choices
from webapp.unit_of_work import db

SHOWN = ("posts", "well_paid_posts", "bases", "stations")
REGISTERED = frozenset({"bases", "stations"})
"""Indicators whose rows stand in a register of their own."""
MONTHS_SHOWN = 6


@blueprint.get("/")
@audience(Role.OFFICER)
def overview() -> ResponseReturnValue:
    """Show the count of the city, a unit or an institution, its pace and evidence, and the queues."""
    view = asked_view()
    counts = totals_of(breakdown(db(), view.wanted, Dimension.GRADE))
    progress = course(db(), view.wanted, on=today())
    past = [month for month in progress.months if month.reached is not None]
    return render_template(
        "officers/overview.html",
        view=view,
        on=today(),
        rules=_ruleset(view.period),
        counts=counts,
        course=progress,
        chart=_drawn(view, progress),
        months=past[-MONTHS_SHOWN:],
        evidence=_evidence(view, counts),
        rows_url=rows_url,
        error_rate=_error_rate(view),
        followed=rates(db(), Cohort(view.period.id, view.wanted.reach, view.wanted.unit), on=today()),
        queues=my_queues(),
        names=NAMES,
        dimensions=choices(Dimension),
        **(_whole_city(view) if view.whole_city else {}),
        funnel=_funnel(view),
    )


def _whole_city(view: View) -> dict[str, Any]:
    """Return what only the city as a whole has: its map, other people's figures, posts and bases."""
    lines = lines_of(view)
    return {
        "lines": lines,
        "columns": columns_of(view),
        "map": drawn(view, lines),
        "reported": reported_figures(db(), view.period.id, RETAINED),
        "indicators": _indicators(view),
    }


def _ruleset(period: Period) -> Ruleset:
    return rulesets()[period.ruleset_id]


def _drawn(view: View, progress: Course) -> Markup:
    """Draw the course: with a projection its bands, without one the plan's, without a plan what was."""
    title, rules = _("留汉人数逐月累计"), _ruleset(view.period)
    shared = {"time": "month", "value": "reached", "title": title}
    lines = [asdict(month) for month in progress.months]
    if progress.why_not is None:
        bands = [("low95", "high95"), ("low80", "high80")]
        return charts.pace(lines, plan="plan", ahead="point", bands=bands, **shared)
    if progress.pace.target is None:
        past = [line for line in lines if line["reached"] is not None]
        return charts.pace(past or lines[:1], **shared)
    for line in lines:
        line |= {"low": line["plan"] * rules.pace_watch, "high": line["plan"] * rules.pace_on}
    return charts.pace(lines, plan="plan", bands=[("low", "high")], **shared)


def _evidence(view: View, counts: BreakdownRow) -> list[dict[str, Any]]:
    """Return the grades with their part of the count and the address of its people."""
    return [
        {
            "grade": grade,
            "count": count,
            "share": count / counts.total if counts.total else 0,
            "url": rows_url(view, grade=grade.value) if count else None,
        }
        for grade, count in {Grade.A: counts.a, Grade.B: counts.b, Grade.C: counts.c}.items()
    ]


def _error_rate(view: View) -> ErrorRate | None:
    """Return the last finished audit of the city or of the unit; no institution is audited by itself."""
    reach = view.wanted.reach
    if reach.institution_code:
        return None
    return latest_error_rate(db(), view.period.id, view.wanted.unit or reach.unit)


def _funnel(view: View) -> Mapping[str, Any] | None:
    """Return the way of the graduates in reach; a unit has no graduates of its own before they start."""
    reach = view.wanted.reach
    if reach.unit or view.wanted.unit:
        return None
    found = funnel(db(), period_id=view.period.id, institution_code=reach.institution_code)
    most = max((stage.count for stage in found.stages), default=0)
    registered = found.stages[0].count if found.stages else 0
    stages = [
        {
            "name": _(stage.label),
            "count": stage.count,
            "share": stage.count / registered if registered else None,
            "part": stage.count / most if most else 0,
        }
        for stage in found.stages
    ]
    return {"stages": stages, "summed_at": found.summed_at}


def _indicators(view: View) -> Sequence[Mapping[str, Any]]:
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
