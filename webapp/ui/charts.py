"""Charts drawn on the server as SVG: they print, need no script and follow the theme.

Colours are the theme's own CSS names, so a chart is light or dark with its page, and so are its letters.
Every chart is a picture with a name; the page puts the table it was drawn from beside it. The same rows
are drawn once a process: a drawing costs some fifty milliseconds.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from markupsafe import Markup, escape

from webapp.settings import ROOT

RIVER = "var(--river)"
AMBER = "var(--amber-line)"
INK = "var(--ink-soft)"
LINE = "var(--line)"
WIDTH, HEIGHT = 640, 260
ROWS = "rows"
ROOM = {"left": 20, "top": 5, "right": 5, "bottom": 5}
"""The page's letters are wider than those the chart is measured with."""
WHOLE = {"format": ",d", "tickMinStep": 1, "labelExpr": "datum.value % 1 ? '' : datum.label"}
"""An axis of whole numbers: the least step still lets halves through where there are few, unnamed here."""
MOST_NAMED = 12
"""More moments than this stand too close to be named one by one."""
Row = Mapping[str, Any]


def bars(rows: Sequence[Row], *, name: str, value: str, title: str) -> Markup:
    """Draw one horizontal bar a row, its figure at its end."""
    import altair as alt

    base = _named(name).encode(x=alt.X(f"{value}:Q", axis=None))
    figures = base.mark_text(align="left", dx=6, color=INK).encode(text=alt.Text(f"{value}:Q", format=","))
    chart = base.mark_bar(color=RIVER, height=16) + figures
    return _drawn(chart.properties(width=WIDTH, height={"step": 28}), rows, title)


def pace(
    rows: Sequence[Row],
    *,
    time: str,
    value: str,
    title: str,
    plan: str | None = None,
    ahead: str | None = None,
    bands: Sequence[tuple[str, str]] = (),
) -> Markup:
    """Draw what was reached over time, beside the planned line and what is expected.

    ``plan``, ``ahead`` and the bands (low, high; the widest first) name further keys of the rows, which
    may lack any of them. Where there are many rows only every twelfth, or each January, is named.
    """
    import altair as alt

    def height(key: str) -> Any:
        return alt.Y(f"{key}:Q", title=None, axis=alt.Axis(**WHOLE))

    named = alt.Axis(labelAngle=0, values=_named_times([str(row[time]) for row in rows]))
    base = alt.Chart(alt.NamedData(name=ROWS)).encode(x=alt.X(f"{time}:O", title=None, axis=named))
    layers = []
    for low, high in bands:
        area = base.transform_filter(f"isValid(datum['{low}'])").mark_area(color=RIVER, opacity=0.14)
        layers.append(area.encode(y=height(low), y2=f"{high}:Q"))
    for key, colour, dash in ((plan, AMBER, [6, 4]), (ahead, RIVER, [2, 3])):
        if key:
            line = base.transform_filter(f"isValid(datum['{key}'])")
            line = line.mark_line(color=colour, strokeDash=dash, strokeWidth=2)
            layers.append(line.encode(y=height(key)))
    reached = base.transform_filter(f"isValid(datum['{value}'])")
    dots = {"color": RIVER, "size": 40} if len(rows) <= MOST_NAMED else False
    layers.append(reached.mark_line(color=RIVER, strokeWidth=3, point=dots).encode(y=height(value)))
    return _drawn(alt.layer(*layers).properties(width=WIDTH, height=HEIGHT), rows, title)


def _named_times(times: Sequence[str]) -> Sequence[str]:
    if len(times) <= MOST_NAMED:
        return times
    januaries = [one for one in times if one.endswith("-01")]
    return januaries if 0 < len(januaries) <= MOST_NAMED else times[:: -(-len(times) // MOST_NAMED)]


def steps(
    rows: Sequence[Row], *, time: str, value: str, title: str, band: tuple[str, str] | None = None
) -> Markup:
    """Draw a share that changes in steps, from 100 % at the start, with the band around it."""
    import altair as alt

    percent = alt.Axis(format="%")
    base = alt.Chart(alt.NamedData(name=ROWS)).encode(
        x=alt.X(f"{time}:Q", title=None, axis=alt.Axis(**WHOLE)),
    )
    scale = alt.Scale(domain=[0, 1])
    curve = base.mark_line(color=RIVER, strokeWidth=3, interpolate="step-after").encode(
        y=alt.Y(f"{value}:Q", title=None, axis=percent, scale=scale)
    )
    layers = [curve]
    if band:
        area = base.mark_area(color=RIVER, opacity=0.14, interpolate="step-after")
        layers.insert(0, area.encode(y=alt.Y(f"{band[0]}:Q", title=None, axis=percent), y2=f"{band[1]}:Q"))
    return _drawn(alt.layer(*layers).properties(width=WIDTH, height=HEIGHT), rows, title)


def _named(name: str) -> Any:
    """Begin a chart with one line a row, in the order given, long names cut with an ellipsis."""
    import altair as alt

    names = alt.Axis(labelLimit=220, labelPadding=8, ticks=False, domain=False)
    chart = alt.Chart(alt.NamedData(name=ROWS))
    return chart.encode(y=alt.Y(f"{name}:N", sort=None, title=None, axis=names))


def _drawn(chart: Any, rows: Sequence[Row], title: str) -> Markup:
    """Render a chart and name it; the names Vega gives its parts are English and say nothing more."""
    colours = dict.fromkeys(("gridColor", "domainColor", "tickColor"), LINE)
    themed = (
        chart.configure(background="transparent", padding=ROOM)
        .configure_view(stroke=None)
        .configure_axis(labelColor=INK, labelFontSize=13, **colours)
        .configure_text(fontSize=13)
    )
    specification = {**themed.to_dict(validate=False), "datasets": {ROWS: list(rows)}}
    svg = re.sub(r' (?:aria-[a-z]+|role)="[^"]*"', "", _rendered(json.dumps(specification, default=float)))
    named = svg.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)
    return Markup('<figure class="chart" tabindex="0">%s</figure>') % Markup(named)  # noqa: S704 - Vega escapes


@lru_cache(maxsize=256)
def _rendered(specification: str) -> str:
    """Return the SVG of a Vega-Lite chart; its letters are measured, not drawn: the page has them."""
    svg: str = _pen().vegalite_to_svg(specification)
    return svg


@cache
def _pen() -> Any:
    """Return what draws; it knows the bundled Chinese fonts, so that it measures alike where no other is."""
    import vl_convert

    vl_convert.register_font_directory(str(ROOT / "data" / "fonts"))
    return vl_convert
