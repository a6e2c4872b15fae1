"""The retained count taken apart, and the people behind each figure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from webapp.auth.access import audience
from webapp.domain.catalogues import districts, institution_name
from webapp.domain.clusters import cluster_name
from webapp.domain.counted import UNKNOWN
from webapp.domain.definitions import definition
from webapp.domain.degrees import Degree
from webapp.domain.evidence import Grade
from webapp.domain.programme import outcome_codes, unit_name, units
from webapp.domain.publication import LEAST_SHOWN, publishable
from webapp.domain.roles import Role
from webapp.officers import blueprint
from webapp.officers.desk import FigureColumn, asked_file, exports, whole
from webapp.officers.view import View, asked_breakdown, asked_keys, asked_view
from webapp.queries.breakdowns import (
    PEOPLE_BY,
    BreakdownRow,
    Dimension,
    breakdown,
    count_of,
    counted_people,
    counted_person,
    totals_of,
)
from webapp.ui import charts, filters
from webapp.ui.keyset import MOST_COUNTED, key_page
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

MOST_BARS = 20
"""A chart of more lines than this is no picture any more; the table has them all."""
MONTHS = frozenset({Dimension.MONTH, Dimension.POSTED})
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
Line = dict[str, Any]


@blueprint.get("/retained", endpoint="breakdown")
@audience(Role.OFFICER)
def retained() -> ResponseReturnValue:
    """Show the count by unit, month, institution, degree, cluster or grade, as a page or a file."""
    view, dimension, public = asked_breakdown()
    rows = breakdown(db(), view.wanted, dimension)
    total = totals_of(rows)
    lines = in_order(rows, dimension)
    columns = _columns(view, dimension)
    totals = {**asdict(total), "name": _("合计"), "share": 1.0 if total.total else None}
    if public:
        lines, columns = _published(lines), [columns[0], FigureColumn("total", _("留汉人数"), Shown.NUMBER)]
        (totals["total"],) = publishable([total.total])
    file = asked_file(columns, [*lines, totals], name=_("留汉人数（%(by)s）", by=filters.label(dimension)))
    return file or render_template(
        "officers/retained.html",
        view=view,
        dimension=dimension,
        public=public,
        least=LEAST_SHOWN,
        columns=columns,
        rows=lines,
        totals=totals,
        chart=None if public else _chart(lines, dimension),
        exports=exports(),
    )


@blueprint.get("/retained/rows", endpoint="rows")
@audience(Role.OFFICER)
def retained_rows() -> ResponseReturnValue:
    """Show the people behind one figure of the count, names masked, as a page or a file."""
    view, keys = asked_view(), asked_keys()
    outside = request.args.get("outside")
    wanted = replace(view.wanted, keys=keys, outside=definition(outside) if outside else None)
    people, total = counted_people(wanted), count_of(db(), wanted, most=MOST_COUNTED + 1)
    columns = _people_columns()
    file = asked_file(columns, whole(people, _person), name=_("留汉人员明细"))
    return file or render_template(
        "officers/rows.html",
        view=view,
        keys={dimension: name_of(dimension, key) for dimension, key in keys.items()},
        outside=wanted.outside,
        keep_keys={
            **{f"of_{dimension.value}": key for dimension, key in keys.items()},
            **({"outside": outside} if outside else {}),
        },
        columns=columns,
        page=key_page(db(), people, by=PEOPLE_BY, falling=True, size=50, read=_person, counted=total),
        total=total,
        more=total == MOST_COUNTED + 1,
        exports=exports(),
    )


def name_of(dimension: Dimension, key: str) -> str:
    """Say one value of a dimension."""
    return NAMES[dimension](key) if key != UNKNOWN else _("未填写")


def _month(key: str) -> str:
    return filters.month(key) if MONTH.fullmatch(key) else key


def _unit(key: str | None) -> str:
    return filters.translated(unit_name(key))


def _cluster(key: str) -> str:
    return filters.translated(cluster_name(key))


def _outcome(key: str) -> str:
    known = outcome_codes().get(key)
    return f"{key} {filters.translated(known.name)}" if known else key


def _year(key: str) -> str:
    return _("%(year)s 年", year=key)


def _degree(key: str) -> str:
    return filters.label(Degree(key)) if key in set(Degree) else key


def _grade(key: str) -> str:
    return filters.label(Grade(key)) if key in set(Grade) else key


NAMES: Mapping[Dimension, Callable[[str], str]] = {
    Dimension.UNIT: _unit,
    Dimension.DISTRICT: filters.district,
    Dimension.MONTH: _month,
    Dimension.POSTED: _month,
    Dimension.INSTITUTION: institution_name,
    Dimension.DEGREE: _degree,
    Dimension.CLUSTER: _cluster,
    Dimension.OUTCOME: _outcome,
    Dimension.YEAR: _year,
    Dimension.GRADE: _grade,
}


def in_order(rows: Sequence[BreakdownRow], dimension: Dimension) -> list[Line]:
    """Return the lines of a table as people expect them: units as listed, months by time, schools by size."""
    listed: Mapping[Dimension, Sequence[str]] = {
        Dimension.UNIT: list(units()),
        Dimension.DISTRICT: list(districts()),
        Dimension.DEGREE: [degree.value for degree in Degree],
    }
    whole = sum(row.total for row in rows)
    lines = [{**asdict(row), "name": name_of(dimension, row.key), "share": row.total / whole} for row in rows]
    if order := listed.get(dimension):
        return sorted(lines, key=lambda line: (_place(order, line["key"]), line["key"]))
    if dimension in {Dimension.INSTITUTION, Dimension.CLUSTER}:
        return sorted(lines, key=lambda line: (-line["total"], line["key"]))
    return lines


def rows_url(view: View, **keys: str) -> str:
    """Return the address of the people behind a figure."""
    narrowed: dict[str, Any] = {f"of_{name}": key for name, key in keys.items()}
    return url_for("officers.rows", **{**view.arguments, **narrowed})


def _place(order: Sequence[str], key: str) -> int:
    return order.index(key) if key in order else len(order)


def _columns(view: View, dimension: Dimension) -> list[Column]:
    def link(grade: Grade | None = None) -> Any:
        narrowed = {"grade": grade.value} if grade else {}

        def address(line: Line) -> str | None:
            keys = {**({dimension.value: line["key"]} if "key" in line else {}), **narrowed}
            return rows_url(view, **keys) if line[grade.value.lower() if grade else "total"] else None

        return address

    return [
        Column("name", filters.label(dimension)),
        Column("total", _("留汉人数"), Shown.NUMBER, link=link()),
        Column("share", _("占比"), Shown.PERCENT),
        *(
            Column(grade.value.lower(), filters.label(grade), Shown.NUMBER, link=link(grade))
            for grade in (Grade.A, Grade.B, Grade.C)
        ),
    ]


def _published(lines: Sequence[Line]) -> list[Line]:
    shown = publishable([line["total"] for line in lines])
    return [{"name": line["name"], "total": cell} for line, cell in zip(lines, shown, strict=True)]


def _chart(lines: Sequence[Line], dimension: Dimension) -> Markup | None:
    title = _("留汉人数，按%(by)s", by=filters.label(dimension))
    if not lines:
        return None
    if dimension in MONTHS:
        return charts.pace(lines, time="key", value="total", title=title)
    return charts.bars(lines[:MOST_BARS], name="name", value="total", title=title)


def _people_columns() -> list[Column]:
    def link(line: Line) -> str:
        return url_for("officers.placement", placement_id=line["placement_id"])

    return [
        Column("name", _("姓名"), link=link),
        Column("institution", _("毕业院校")),
        Column("degree", _("学历")),
        Column("employer", _("就业单位")),
        Column("unit", _("填报单位")),
        Column("month", _("发生月份")),
        Column("posted_month", _("入账月份")),
        Column("grade", _("证据等级")),
        Column("state", _("状态"), Shown.STATUS),
    ]


def _person(row: Any) -> Line:
    person = counted_person(row)
    return {
        **asdict(person),
        "institution": institution_name(person.institution_code),
        "unit": _unit(person.unit),
        "month": filters.month(person.month),
        "posted_month": filters.month(person.posted_month),
        "employer": person.employer or _("自主创业或自由职业"),
    }
