import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import render_template, render_template_string

from webapp.domain.postings import PostingStatus
from webapp.ui.charts import bars, pace, steps
from webapp.ui.tables import Column, Shown
from webapp.ui.tones import TONES

STATIC = Path(__file__).parents[3] / "webapp" / "static"
ICONS = set(re.findall(r'<symbol id="([a-z]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
ROWS = [{"name": "洪山区<b>", "count": 7}, {"name": "江夏区", "count": 3}]


def test_every_tone_has_an_icon_that_exists():
    assert {tone.icon for tone in TONES.values()} <= ICONS


def test_every_icon_a_shared_template_names_exists():
    templates = (STATIC.parent / "templates").rglob("*.html")
    named = {
        name
        for path in templates
        for name in re.findall(r'icon\("([a-z]+)"', path.read_text(encoding="utf-8"))
    }
    assert named <= ICONS


def test_a_table_says_its_rows_totals_and_how_it_is_sorted(chinese):
    columns = [Column("name", "区", sortable=True), Column("count", "人数", Shown.SMALL, sortable=True)]
    page = render_template_string(
        "{% from 'macros/table.html' import table %}"
        "{{ table('各区', columns, rows, totals, 'count', true) }}",
        columns=columns,
        rows=ROWS,
        totals={"name": None, "count": 10},
    )
    assert "洪山区&lt;b&gt;" in page
    assert "＜5" in page
    assert 'aria-sort="descending"' in page
    assert 'href="/postings?kind=job&amp;sort=name"' in page
    assert "合计" in page


def test_an_empty_table_says_so(chinese):
    page = render_template_string(
        "{% from 'macros/table.html' import table %}{{ table('各区', columns, [], {'name': 1}) }}",
        columns=[Column("name", "区")],
    )
    assert "这里还没有记录。" in page
    assert "<tfoot>" not in page


def test_a_figure_and_what_nobody_has_said_are_marked_for_phones(chinese):
    page = render_template_string(
        "{% from 'macros/table.html' import table %}{{ table('各区', columns, rows) }}",
        columns=[Column("name", "区"), Column("count", "人数", Shown.NUMBER), Column("note", "备注")],
        rows=[
            {"name": "洪山区", "count": 0, "note": "补报"},
            {"name": "江夏区", "count": None, "note": None},
        ],
    )
    cells = BeautifulSoup(page, "html.parser").select("tbody td")
    assert [(cell.text, cell["class"]) for cell in cells] == [
        ("0", ["num"]),
        ("补报", []),
        ("—", ["num", "unsaid"]),
        ("—", ["unsaid"]),
    ]


def test_a_status_is_a_word_with_an_icon(chinese):
    page = render_template_string(
        "{% from 'macros/badges.html' import status %}{{ status(s) }}", s=PostingStatus.LIVE
    )
    assert "招聘中" in page
    assert "icons.svg#done" in page


@pytest.mark.parametrize("status", [400, 403, 404, 413, 429, 500])
def test_an_error_page_says_what_happened_and_leads_on(app, status):
    with app.test_request_context("/"):
        page = render_template("error.html", status=status, sentence="一句话")
    assert "一句话" in page
    assert "12333" in page


@pytest.mark.parametrize(
    "chart",
    [
        bars(ROWS, name="name", value="count", title='各区"人数"'),
        pace(
            [{"m": "1", "v": 3, "p": 2, "l": 1, "h": 4}, {"m": "2", "v": None, "p": 5, "l": 4, "h": 6}],
            time="m",
            value="v",
            title='各区"人数"',
            plan="p",
            bands=[("l", "h")],
        ),
    ],
)
def test_a_chart_obeys_the_content_policy_and_has_a_name(chart):
    assert "style=" not in chart
    assert "<script" not in chart
    assert "<b>" not in chart
    assert 'role="img" aria-label="各区&#34;人数&#34;"' in chart
    assert not re.search(r'(?:fill|stroke)="(?:#|rgb|white|black)', chart)


@pytest.mark.parametrize("most", [1, 2, 3, 20])
def test_an_axis_of_whole_numbers_says_each_of_them_once(most):
    charts = (
        pace([{"m": "初", "v": 0}, {"m": "末", "v": most}], time="m", value="v", title="人数"),
        steps([{"m": 0, "v": 1.0}, {"m": most, "v": 0.5}], time="m", value="v", title="在汉"),
    )
    for chart in charts:
        said = re.findall(r">([0-9,]+)</text>", chart)
        assert {"0", str(most)} <= set(said)
        assert len(said) == len(set(said)) > 1
