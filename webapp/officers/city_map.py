"""The city at a glance: what each reporting unit has counted, on a schematic map and in a table."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.domain.programme import tiles, units
from webapp.domain.publication import LEAST_SHOWN, publishable
from webapp.domain.roles import Role
from webapp.officers import blueprint
from webapp.officers.desk import FigureColumn, asked_file, exports
from webapp.officers.ledger import READERS
from webapp.officers.retained import rows_url
from webapp.officers.view import View, asked_view
from webapp.queries.breakdowns import Dimension, breakdown
from webapp.ui.filters import percent, thousands, translated
from webapp.ui.maps import Place, bounds, level_of
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

Line = dict[str, Any]


@blueprint.get("/map", endpoint="map")
@audience(Role.OFFICER, scopes=READERS)
def city_map() -> ResponseReturnValue:
    """Show every unit's part of the count, or what of it may be published."""
    view, public = asked_view(), request.args.get("public") == "1"
    lines = lines_of(view, public=public)
    columns = columns_of(view)
    return asked_file(columns, lines, name=_("各区与功能区留汉人数")) or render_template(
        "officers/map.html",
        view=view,
        public=public,
        least=LEAST_SHOWN,
        lines=lines,
        columns=columns,
        map=drawn(view, lines),
        exports=exports(),
    )


def lines_of(view: View, *, public: bool = False) -> list[Line]:
    """Return every unit with its figure and share, those without anybody too; each person is in one line."""
    found = {row.key: row.total for row in breakdown(db(), view.wanted, Dimension.UNIT)}
    values = {code: found.pop(code, 0) for code in units()} | found
    total = sum(values.values())
    cells = publishable(list(values.values())) if public else list(values.values())
    return [
        {
            "key": code,
            "name": translated(units()[code].name) if code in units() else code,
            "total": cell,
            "share": value / total if total and isinstance(cell, int) else None,
            "zone": code in units() and units()[code].kind == "zone",
            "url": rows_url(view, unit=code) if value and not public else None,
        }
        for (code, value), cell in zip(values.items(), cells, strict=True)
    ]


def columns_of(view: View) -> Sequence[Column]:
    """Return the columns of the table beside the map; a name leads to the unit's own overview."""

    def overview(line: Line) -> str | None:
        return url_for("officers.overview", **{**view.arguments, "unit": line["key"]})

    return [
        Column("name", _("填报单位"), link=overview if view.wanted.reach.is_city else None),
        FigureColumn("total", _("留汉人数"), Shown.NUMBER, link=lambda line: line["url"]),
        Column("share", _("占比"), Shown.PERCENT),
    ]


def drawn(view: View, lines: Sequence[Line]) -> Mapping[str, Any]:
    """Return what the macro ``tile_map`` needs."""
    shown = [line["total"] for line in lines if isinstance(line["total"], int)]
    largest = max(shown, default=0)
    steps = bounds(largest)
    legend = [(f"shade-{level_of(high, largest)}", _range(low, high)) for low, high in steps]
    hidden = [("hidden-figure", _("隐去"))] if len(shown) < len(lines) else []
    return {
        "title": _("留汉人数示意图：%(period)s", period=translated(view.period.name)),
        "description": _(
            "每个格子是一个填报单位，颜色越深人数越多。虚线框是功能区。旁边的表格有同样的数字。"
        ),
        "places": [_place(line, largest) for line in lines if line["key"] in tiles()],
        "legend": [("shade-0", "0"), *legend, *hidden, ("zone", _("功能区"))],
    }


def _place(line: Line, largest: int) -> Place:
    total = line["total"]
    known = isinstance(total, int)
    return Place(
        name=line["name"],
        figure=thousands(total) if known else total,
        share=percent(line["share"]) if line["share"] is not None else None,
        level=level_of(total, largest) if known else None,
        zone=line["zone"],
        tile=tiles()[line["key"]],
        url=line["url"],
    )


def _range(low: int, high: int) -> str:
    return thousands(low) if low == high else f"{thousands(low)}–{thousands(high)}"
