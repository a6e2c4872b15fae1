"""Definitions side by side, over the same people: what each counts, and who is in one and not in another."""

from dataclasses import replace
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.domain.definitions import Definition, definitions, standard
from webapp.domain.roles import Role
from webapp.officers import blueprint
from webapp.officers.desk import asked_file, exports
from webapp.officers.retained import in_order
from webapp.officers.view import View, asked_view
from webapp.queries.breakdowns import Dimension, breakdown, totals_of
from webapp.ui import filters
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

Line = dict[str, Any]


@blueprint.get("/definitions", endpoint="definitions")
@audience(Role.OFFICER)
def side_by_side() -> ResponseReturnValue:
    """Show what every definition makes of one period, by unit, each figure leading to its people."""
    view = asked_view()
    del view.form.definition
    parts = {
        one.id: {
            row.key: row for row in breakdown(db(), replace(view.wanted, definition=one), Dimension.UNIT)
        }
        for one in definitions().values()
    }
    totals = {key: totals_of(list(rows.values())).total for key, rows in parts.items()}
    lines = [
        {
            **line,
            **{key: rows[line["key"]].total if line["key"] in rows else 0 for key, rows in parts.items()},
        }
        for line in in_order(list(parts[standard().id].values()), Dimension.UNIT)
    ]
    columns, summed = _columns(view), {"name": _("合计"), **totals}
    file = asked_file(columns, [*lines, summed], name=_("口径对照"))
    return file or render_template(
        "officers/definitions.html",
        view=view,
        rules=[_rule(view, one, totals) for one in definitions().values()],
        columns=columns,
        lines=lines,
        totals=summed,
        exports=exports(),
    )


def _rule(view: View, one: Definition, totals: dict[str, int]) -> Line:
    """Say what a definition counts, what it leaves out of the standard one, and where to see whom."""
    return {
        "rule": one,
        "total": totals[one.id],
        "left_out": totals[standard().id] - totals[one.id],
        "why": _leaves_out(one),
        "people": _people(view, one),
        "others": _people(view, standard(), outside=one.id),
    }


def _leaves_out(one: Definition) -> list[str]:
    grades = sorted(standard().grades - one.grades)
    found = [_("%(grades)s 级证据", grades=_("、").join(grades))] if grades else []
    if one.without_codes:
        found.append(_("去向代码 %(codes)s", codes=_("、").join(sorted(one.without_codes))))
    if one.in_graduation_year:
        found.append(_("毕业当年以外开始的"))
    return found


def _people(view: View, one: Definition, **keys: str) -> str:
    arguments: dict[str, Any] = {**view.arguments, "definition": one.id, **keys}
    return url_for("officers.rows", **arguments)


def _columns(view: View) -> list[Column]:
    def link(one: Definition) -> Any:
        def address(line: Line) -> str | None:
            return _people(view, one, of_unit=line["key"]) if "key" in line and line[one.id] else None

        return address

    return [
        Column("name", filters.label(Dimension.UNIT)),
        *(Column(one.id, one.id, Shown.NUMBER, link=link(one)) for one in definitions().values()),
    ]
