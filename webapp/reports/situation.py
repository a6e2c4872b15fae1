"""就业形势分析: the plan's indicators, what others report, the count by unit and by month."""

from collections.abc import Mapping
from typing import Any

from webapp.domain.indicators import LABELS as STATUSES
from webapp.domain.indicators import Status
from webapp.domain.publication import HIDDEN
from webapp.domain.suppression import is_small
from webapp.reports.counted import by_grade, counts_of, in_order
from webapp.reports.document import Cell, Column, Edition, Row, Shown, Table
from webapp.reports.safe import Counts, share
from webapp.reports.snapshot import Snapshot
from webapp.reports.words import day, month, number, percent

MONTHS = 24
PERSONS = "人"
TITLE = "就业形势分析"
UNKNOWN = (
    "城镇调查失业率、登记失业率由统计和人社部门发布，平台没有这两个数，不作估计。",
    "规划没有给出各年的分年目标和各区目标；没有录入的目标写作“目标待录入”，不推算。",
)


def tables(snapshot: Snapshot, edition: Edition) -> list[Table]:
    """Return the tables of the report."""
    counts = counts_of(snapshot, edition)
    return [
        _indicators(snapshot, edition),
        *_reported(snapshot),
        by_grade(snapshot, counts, "unit", "各填报单位留汉人数", "填报单位"),
        _months(snapshot, counts),
    ]


def reading(snapshot: Snapshot, edition: Edition) -> list[str]:
    """Return the report in one paragraph."""
    counts = counts_of(snapshot, edition)
    total = counts.shown("counted")
    target = next((row["target"] for row in snapshot.rows("indicators") if row["id"] == "retained"), None)
    wanted = f"本时期目标 {number(target)} 人" if target else "本时期留汉目标尚未录入"
    said = [f"截至{day(snapshot.as_of)}，平台可追溯的留汉就业创业高校毕业生 {number(total)} 人，{wanted}。"]
    if snapshot.total("counted_by_unit_grade"):
        confirmed = share(counts.shown("counted", grade="A"), total)
        said.append(f"其中有参保等行政记录确认的占 {percent(confirmed)}。")
        first = in_order(snapshot, counts, "counted_by_unit_grade", "unit")[0]
        people = counts.shown("counted", unit=first)
        if people != HIDDEN:
            said.append(f"人数最多的填报单位是{snapshot.name('unit', first)}，{number(people)} 人。")
    return said


def _indicators(snapshot: Snapshot, edition: Edition) -> Table:
    columns = [
        Column("指标", Shown.TEXT),
        Column("单位", Shown.TEXT),
        Column("目标"),
        Column("平台可追溯"),
        Column("应达进度"),
        Column("差距"),
        Column("状态", Shown.TEXT),
    ]
    rows = [
        Row(
            [
                row["name"],
                row["measure"],
                "目标待录入" if row["target"] is None else row["target"],
                "平台不统计" if row["actual"] is None else _unless_few(row, snapshot, edition),
                row["plan"],
                row["gap"],
                STATUSES[Status(row["status"])] if row["status"] else None,
            ],
            {"page": "indicators"},
        )
        for row in snapshot.rows("indicators")
    ]
    return Table(
        "规划指标与进度",
        columns,
        rows,
        ("indicators",),
        len(rows),
        "应达进度按时间均分；没有目标的不算进度。指标均为预期性。",
    )


def _reported(snapshot: Snapshot) -> list[Table]:
    names = {row["id"]: row["name"] for row in snapshot.rows("indicators")}
    rows = [
        Row([names[row["indicator"]], row["label"], row["value"], row["measure"], row["source"]])
        for row in snapshot.rows("reported")
    ]
    columns = [
        Column("指标", Shown.TEXT),
        Column("时间", Shown.TEXT),
        Column("上报数"),
        Column("单位", Shown.TEXT),
        Column("来源", Shown.TEXT),
    ]
    note = "上报数未经平台核实，只作对照，不与平台可追溯数相加。"
    return [Table("其他部门的上报数", columns, rows, ("reported",), len(rows), note)] if rows else []


def _months(snapshot: Snapshot, counts: Counts) -> Table:
    months = sorted(key for (key,) in snapshot.counts("counted_by_attributed_month", "attributed_month"))
    shown: Mapping[str, Cell] = {one: counts.shown("counted", attributed_month=one) for one in months}
    rows = [
        Row(
            [
                month(one),
                shown[one],
                _change(shown, one, _earlier(one, 1)),
                _change(shown, one, _earlier(one, 12)),
            ],
            {"page": "rows", "of_month": one},
        )
        for one in months[-MONTHS:]
    ]
    columns = [
        Column("开始工作的月份", Shown.TEXT),
        Column("人数", bar=True),
        Column("环比", Shown.PERCENT),
        Column("同比", Shown.PERCENT),
    ]
    note = f"按工作开始的月份，最近 {MONTHS} 个有人计入的月份。核验晚于开始，近几个月的数还会增加。"
    return Table(
        "各月留汉人数", columns, rows, ("counted_by_attributed_month",), counts.shown("counted"), note
    )


def _unless_few(row: dict[str, Any], snapshot: Snapshot, edition: Edition) -> Cell:
    few = row["measure"] == PERSONS and is_small(row["actual"], snapshot.least)
    actual: int = row["actual"]
    return HIDDEN if few and edition is Edition.PUBLIC else actual


def _change(shown: Mapping[str, Cell], one: str, before: str) -> Cell:
    ratio = share(shown.get(one, 0), shown.get(before, 0))  # type: ignore[arg-type]
    return ratio - 1 if isinstance(ratio, float) else ratio


def _earlier(one: str, months: int) -> str:
    year, number_of_month = map(int, one.split("-"))
    index = year * 12 + number_of_month - 1 - months
    return f"{index // 12}-{index % 12 + 1:02}"
