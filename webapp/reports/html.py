"""A report as HTML: one article, within a page of the platform or alone as a file."""

from collections.abc import Callable, Iterable, Mapping

from markupsafe import Markup, escape

from webapp.reports.document import Column, Document, Row, Table

Address = Callable[[Mapping[str, str]], str | None]
"""Gives the address behind a line, from what the line says of itself."""
EMPTY = "没有可列的行。"
BARS = Markup('<td class="bars" aria-hidden="true">{}</td>')
STYLE = """
body{font:16px/1.7 "Songti SC","SimSun","Noto Serif CJK SC",serif;color:#1b2733}
body{margin:2rem auto;max-width:62rem;padding:0 1rem}
h1,h2,h3,th,caption{font-family:"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
table{border-collapse:collapse;width:100%;margin:.5rem 0 .25rem}
th,td{border-bottom:1px solid #c9d3dc;padding:.3rem .5rem;text-align:left;vertical-align:top}
caption{text-align:left;font-weight:700;padding:.4rem 0}
.num{text-align:right;white-space:nowrap}.quiet{color:#51606d;font-size:.9rem}tfoot{font-weight:700}
.bars{width:108px}.table-scroll{overflow-x:auto}
@media print{@page{size:A4}thead{display:table-header-group}tr{break-inside:avoid}
body{margin:0;max-width:none}}
"""


def page(document: Document) -> str:
    """Return a whole page that needs nothing beside itself."""
    return Markup(
        '<!doctype html>\n<html lang="zh-Hans"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        "<style>{style}</style></head><body><h1>{title}</h1><p>{subtitle}</p>{article}</body></html>\n"
    ).format(
        title=document.title,
        style=Markup(STYLE),  # noqa: S704 - our own
        subtitle=document.subtitle,
        article=article(document),
    )


def article(document: Document, address: Address | None = None) -> Markup:
    """Return the report without its title; with ``address`` its lines lead to what is behind them."""
    parts = [
        _sentences(document.reading),
        *(_table(table, address) for table in document.tables),
        Markup("<h2>{}</h2>").format("平台不知道的"),
        _list(document.unknown),
        Markup("<h2>{}</h2>").format("怎样得出"),
        _list(document.method),
        Markup("<h2>{}</h2>").format("出处"),
        _list(document.foot, "quiet"),
    ]
    return Markup("\n").join(parts)


def _sentences(sentences: Iterable[str]) -> Markup:
    return Markup("<p>{}</p>").format("".join(sentences))


def _list(sentences: Iterable[str], kind: str = "") -> Markup:
    lines = Markup("").join(Markup("<li>{}</li>").format(one) for one in sentences)
    return Markup('<ul class="{}">{}</ul>').format(kind, lines)


def _table(table: Table, address: Address | None) -> Markup:
    headings = Markup("").join(_heading(one) for one in table.columns)
    rows = Markup("\n").join(_row(table, row, address) for row in table.rows)
    width = len(table.columns) + sum(one.bar for one in table.columns)
    empty = Markup('<tr><td colspan="{}" class="quiet">{}</td></tr>').format(width, EMPTY)
    total = Markup("<tfoot>{}</tfoot>").format(_row(table, table.total, None)) if table.total else ""
    return Markup(
        '<div class="table-scroll" tabindex="0" role="region" aria-label="{title}">'
        '<table class="table cards-on-phone"><caption>{title}</caption><thead><tr>{headings}</tr></thead>'
        '<tbody>{rows}</tbody>{total}</table></div><p class="quiet small">{note}</p>'
    ).format(
        title=f"{table.name}　{table.title}",
        headings=headings,
        rows=rows or empty,
        total=total,
        note=f"{table.note}（n = {table.rests_on}，表摘要 {table.digest}）",
    )


def _heading(column: Column) -> Markup:
    """Return what stands above a column's figures; above its bars stands nothing."""
    heading = Markup('<th scope="col" class="{}">{}</th>').format(
        "num" if column.numeric else "", column.heading
    )
    return heading + BARS.format("") if column.bar else heading


def _row(table: Table, row: Row, address: Address | None) -> Markup:
    link = address(row.drill) if address and row.drill else None
    cells = Markup("").join(_cell(table, row, place, link) for place in range(len(table.columns)))
    return Markup("<tr>{}</tr>").format(cells)


def _cell(table: Table, row: Row, place: int, link: str | None) -> Markup:
    column = table.columns[place]
    text = escape(column.text(row.cells[place]))
    if place == 0:
        shown = Markup('<a href="{}">{}</a>').format(link, text) if link else text
        return Markup('<th scope="row">{}</th>').format(shown)
    cell = Markup('<td class="{}" data-label="{}">{}</td>').format(
        "num" if column.numeric else "", column.heading, text
    )
    return cell + _bar(table.bar(place, row)) if column.bar else cell


def _bar(length: float) -> Markup:
    """Draw how long a figure is beside the longest one; it says nothing the number does not."""
    drawn = Markup(
        '<svg width="100" height="10" viewBox="0 0 100 10"><rect width="{}" height="10" fill="currentColor"'
        ' opacity=".35"/></svg>'
    )
    return BARS.format(drawn.format(f"{100 * length:.1f}") if length else "")
