"""Destination rates of graduates: the ministry's and NACE's of the same persons; for officers only."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import Optional

from webapp.auth.access import audience
from webapp.clock import today
from webapp.domain.catalogues import institution_name
from webapp.domain.degrees import Degree
from webapp.domain.followup import settings_on
from webapp.domain.publication import LEAST_SHOWN, publishable
from webapp.domain.rates import (
    NACE,
    Destinations,
    Rate,
    Scheme,
    career_outcomes_rate,
    formulas,
    group_rates,
    placement_rate,
    schemes,
)
from webapp.domain.roles import Role, Scope
from webapp.officers import blueprint
from webapp.officers.desk import FigureColumn, asked_file, exports, my_reach
from webapp.queries import rates as queries
from webapp.queries.rates import RateDimension, RateFilter
from webapp.ui import filters
from webapp.ui.forms import Form
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

Line = dict[str, Any]
READERS = frozenset({Scope.CITY, Scope.STATION, Scope.AUDITOR})
"""Who reads rates of schools; a district has no school of its own."""


class RatesForm(Form):
    """Which graduates, and by which formula; an odd value in the address is the default."""

    class Meta(Form.Meta):
        """Looking changes nothing, so it needs no token."""

        csrf = False

    year = SelectField(_l("毕业年份"), validators=[Optional()])
    by = SelectField(_l("按什么分"), validators=[Optional()])
    formula = SelectField(_l("公式"), validators=[Optional()])


@blueprint.get("/rates", endpoint="rates")
@audience(Role.OFFICER, scopes=READERS)
def rates() -> ResponseReturnValue:
    """Show the rates of all graduates in reach, by group, and by school, degree or year."""
    form, reach = _asked(), my_reach()
    school = None if reach.institution_code else request.args.get("of")
    wanted = RateFilter(reach, school, int(form.year.data) if form.year.data else None)
    people, scheme = queries.people_of(db(), wanted), schemes()[form.formula.data]
    lines = _lines(wanted, RateDimension(form.by.data), scheme)
    columns = _columns(RateDimension(form.by.data), form)
    seen = [line for line in lines if line["known"] is not None]
    return asked_file(columns, seen, name=_("毕业去向")) or render_template(
        "officers/rates.html",
        form=form,
        school=reach.institution_code or school,
        people=people,
        placed=placement_rate(people, scheme, threshold=_threshold()),
        outcomes=career_outcomes_rate(people, threshold=_threshold()),
        scheme=scheme,
        groups=[_groups(people, one) for one in (scheme, schemes()[NACE])],
        group_columns=_group_columns(),
        columns=columns,
        lines=seen,
        left_out=len(lines) - len(seen),
        title=_("毕业去向，按%(by)s", by=filters.label(RateDimension(form.by.data))),
        threshold=_threshold(),
        summed_on=queries.summed_on(db()),
        least=LEAST_SHOWN,
        exports=exports(),
    )


def _asked() -> Any:
    listed = queries.years(db(), my_reach())
    form: Any = RatesForm(request.args)
    form.year.choices = [("", _("全部年份")), *((str(year), _("%(year)s 届", year=year)) for year in listed)]
    own = my_reach().institution_code is not None
    form.by.choices = [
        (by.value, filters.label(by)) for by in RateDimension if not (own and by is RateDimension.INSTITUTION)
    ]
    form.formula.choices = [(one.version, filters.translated(one.name)) for one in formulas()]
    defaults = {
        "year": str(listed[0]) if listed else "",
        "by": form.by.choices[0][0],
        "formula": form.formula.choices[0][0],
    }
    for name, default in defaults.items():
        if form[name].data not in {value for value, _text in form[name].choices}:
            form[name].data = default
    return form


def _threshold() -> float:
    return settings_on(today()).knowledge_threshold


def _lines(wanted: RateFilter, by: RateDimension, scheme: Scheme) -> list[Line]:
    """Return the lines of the table, schools by size; few persons hidden."""
    parts = queries.people_by(db(), wanted, by)
    shown = publishable([part.total for part in parts.values()])
    lines = [
        {"key": key, "name": _name(by, key), **_rates_of(part, scheme, shown=cell)}
        for (key, part), cell in zip(parts.items(), shown, strict=True)
    ]
    if by is RateDimension.INSTITUTION:
        lines.sort(key=lambda line: -parts[line["key"]].total)
    return lines


def _rates_of(people: Destinations, scheme: Scheme, *, shown: int | str) -> Line:
    if shown != people.total:
        return dict.fromkeys(("total", "known", "knowledge", "lower", "upper", "point", "outcomes"))
    placed = placement_rate(people, scheme, threshold=_threshold())
    return {
        "total": people.total,
        "known": people.known,
        "knowledge": people.knowledge,
        "lower": placed.lower,
        "upper": placed.upper,
        "point": placed.point,
        "outcomes": career_outcomes_rate(people, threshold=_threshold()).point,
    }


def _groups(people: Destinations, scheme: Scheme) -> Mapping[str, Any]:
    """Return the rates of every group of a scheme, small groups hidden with what would give them away.

    The sums of those who have landed and of those who have not are on the page too.
    """
    found = group_rates(people, scheme, threshold=_threshold())
    lines = []
    for landed in (True, False):
        part = [group for group in scheme.groups if group.landed is landed]
        shown = publishable([found[group.id].count for group in part])
        lines += [
            _group(filters.translated(group.name), cell, found[group.id])
            for group, cell in zip(part, shown, strict=True)
        ]
    return {"name": filters.translated(scheme.name), "source": scheme.source, "lines": lines}


def _group(name: str, cell: int | str, rate: Rate) -> Line:
    if cell != rate.count:
        return {"name": name, "count": cell, "lower": None, "upper": None, "point": None}
    return {"name": name, "count": cell, "lower": rate.lower, "upper": rate.upper, "point": rate.point}


def _name(by: RateDimension, key: str) -> str:
    match by:
        case RateDimension.INSTITUTION:
            return institution_name(key)
        case RateDimension.DEGREE:
            return filters.label(Degree(key)) if key in set(Degree) else _("未填写")
        case _:
            return _("%(year)s 届", year=key)


def _columns(by: RateDimension, form: Any) -> Sequence[Column]:
    def link(line: Line) -> str | None:
        if by is not RateDimension.INSTITUTION:
            return None
        kept = {"year": form.year.data, "formula": form.formula.data, "by": RateDimension.DEGREE.value}
        return url_for("officers.rates", of=line["key"], **kept)

    return [
        Column("name", filters.label(by), link=link),
        Column("total", _("毕业生"), Shown.NUMBER),
        Column("known", _("已知去向"), Shown.NUMBER),
        Column("knowledge", _("知晓率"), Shown.PERCENT),
        Column("lower", _("落实率下界"), Shown.PERCENT),
        Column("upper", _("落实率上界"), Shown.PERCENT),
        Column("point", _("落实率"), Shown.PERCENT),
        Column("outcomes", _("职业成果率（NACE）"), Shown.PERCENT),
    ]


def _group_columns() -> Sequence[Column]:
    return [
        Column("name", _("类别")),
        FigureColumn("count", _("人数"), Shown.NUMBER),
        Column("lower", _("下界"), Shown.PERCENT),
        Column("upper", _("上界"), Shown.PERCENT),
        Column("point", _("占毕业生"), Shown.PERCENT),
    ]
