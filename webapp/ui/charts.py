"""Charts drawn on the server as SVG: they print, need no script and follow the theme.

Colours are the theme's own CSS names, so a chart is light or dark with its page. Every chart is a
picture with a name; the page puts the table it was drawn from beside it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

FONT = "PingFang SC, HarmonyOS Sans SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"
RIVER = "var(--river)"
AMBER = "var(--amber-line)"
INK = "var(--ink-soft)"
LINE = "var(--line)"
WIDTH, HEIGHT = 640, 260
Row = Mapping[str, Any]


def bars(rows: Sequence[Row], *, name: str, value: str, title: str) -> Markup:
    """Draw one horizontal bar a row, its figure at its end."""
    import altair as alt

    base = _named(rows, name).encode(x=alt.X(f"{value}:Q", axis=None))
    figures = base.mark_text(align="left", dx=6, color=INK).encode(text=alt.Text(f"{value}:Q", format=","))
    chart = base.mark_bar(color=RIVER, height=16) + figures
    return _drawn(chart.properties(width=WIDTH, height={"step": 28}), title)


def funnel(rows: Sequence[Row], *, name: str, value: str, title: str) -> Markup:
    """Draw the stages of a way, each as wide as the people who reached it."""
    import altair as alt

    base = _named(rows, name).transform_calculate(
        left=f"-datum['{value}'] / 2", right=f"datum['{value}'] / 2"
    )
    bands = base.mark_bar(color=RIVER, height=20).encode(x=alt.X("left:Q", axis=None), x2="right:Q")
    figures = base.mark_text(align="left", dx=8, color=INK).encode(
        x="right:Q", text=alt.Text(f"{value}:Q", format=",")
    )
    return _drawn((bands + figures).properties(width=WIDTH, height={"step": 32}), title)


def pace(
    rows: Sequence[Row],
    *,
    time: str,
    value: str,
    title: str,
    plan: str | None = None,
    band: tuple[str, str] | None = None,
) -> Markup:
    """Draw what was reached over time, beside the planned line and the band around it.

    ``plan`` and ``band`` (low, high) name further keys of the rows; rows without ``value`` lie ahead.
    """
    import altair as alt

    def height(key: str) -> Any:
        return alt.Y(f"{key}:Q", title=None, axis=alt.Axis(format=",d"))

    base = alt.Chart(alt.Data(values=list(rows))).encode(
        x=alt.X(f"{time}:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap="greedy")),
    )
    layers = []
    if band:
        layers.append(base.mark_area(color=RIVER, opacity=0.14).encode(y=height(band[0]), y2=f"{band[1]}:Q"))
    if plan:
        dashes = {"strokeDash": [6, 4], "strokeWidth": 2}
        layers.append(base.mark_line(color=AMBER, **dashes).encode(y=height(plan)))
    reached = base.transform_filter(f"isValid(datum['{value}'])")
    dots = {"color": RIVER, "size": 40}
    layers.append(reached.mark_line(color=RIVER, strokeWidth=3, point=dots).encode(y=height(value)))
    return _drawn(alt.layer(*layers).properties(width=WIDTH, height=HEIGHT), title)


def steps(
    rows: Sequence[Row], *, time: str, value: str, title: str, band: tuple[str, str] | None = None
) -> Markup:
    """Draw a share that changes in steps, from 100 % at the start, with the band around it."""
    import altair as alt

    percent = alt.Axis(format="%")
    base = alt.Chart(alt.Data(values=list(rows))).encode(
        x=alt.X(f"{time}:Q", title=None, axis=alt.Axis(format="d", tickMinStep=1)),
    )
    scale = alt.Scale(domain=[0, 1])
    curve = base.mark_line(color=RIVER, strokeWidth=3, interpolate="step-after").encode(
        y=alt.Y(f"{value}:Q", title=None, axis=percent, scale=scale)
    )
    layers = [curve]
    if band:
        area = base.mark_area(color=RIVER, opacity=0.14, interpolate="step-after")
        layers.insert(0, area.encode(y=alt.Y(f"{band[0]}:Q", title=None, axis=percent), y2=f"{band[1]}:Q"))
    return _drawn(alt.layer(*layers).properties(width=WIDTH, height=HEIGHT), title)


def _named(rows: Sequence[Row], name: str) -> Any:
    """Begin a chart with one line a row, in the order given, long names cut with an ellipsis."""
    import altair as alt

    names = alt.Axis(labelLimit=220, labelPadding=8, ticks=False, domain=False)
    chart = alt.Chart(alt.Data(values=list(rows)))
    return chart.encode(y=alt.Y(f"{name}:N", sort=None, title=None, axis=names))


def _drawn(chart: Any, title: str) -> Markup:
    """Render a chart and name it; the names Vega gives its parts are English and say nothing more."""
    import vl_convert

    colours = dict.fromkeys(("gridColor", "domainColor", "tickColor"), LINE)
    themed = (
        chart.configure(font=FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(labelColor=INK, labelFontSize=13, **colours)
        .configure_text(fontSize=13)
    )
    svg = re.sub(r' (?:aria-[a-z]+|role)="[^"]*"', "", vl_convert.vegalite_to_svg(themed.to_dict()))
    named = svg.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)
    return Markup('<figure class="chart" tabindex="0">%s</figure>') % Markup(named)  # noqa: S704 - Vega escapes
