"""企业薪酬调查: what the counted earn, by industry, ownership, degree and cluster."""

from typing import Any

from webapp.domain.employers import LABELS as KINDS
from webapp.domain.employers import EmployerKind
from webapp.domain.publication import HIDDEN
from webapp.reports.counted import counts_of
from webapp.reports.document import Cell, Column, Edition, Row, Shown, Table
from webapp.reports.firms import LARGEST_SHARE, LEAST_FIRMS, is_open, spread
from webapp.reports.safe import Counts, falling
from webapp.reports.snapshot import UNSTATED, Snapshot
from webapp.reports.words import day, number

TITLE = "企业薪酬调查"
UNKNOWN = (
    "平台没有单位规模、工作年限和基本工资与浮动工资之分，这几栏不列。",
    "薪酬是登记去向时写明的税前月薪，不是统计调查数据，不代表全市企业的平均工资。",
)
BY = {"industry": "行业", "ownership": "单位性质", "degree": "学历", "cluster": "产业"}
QUANTILES = ("p10", "p25", "p50", "p75", "p90")


def tables(snapshot: Snapshot, edition: Edition) -> list[Table]:
    """Return one table for each way the people are divided."""
    counts = counts_of(snapshot, edition)
    return [_table(snapshot, counts, by, edition) for by in BY]


def reading(snapshot: Snapshot, edition: Edition) -> list[str]:
    """Return the report in one paragraph."""
    counts = counts_of(snapshot, edition)
    said = [f"截至{day(snapshot.as_of)}，计入者中有单位、有薪酬记录的 {number(counts.shown('paid'))} 人。"]
    for row in snapshot.rows("pay_by_degree"):
        people = counts.shown("paid", degree=row["degree"] or "")
        if row["degree"] and people != HIDDEN and is_open(row, edition):
            name = snapshot.name("degree", row["degree"])
            said.append(f"{name}毕业生月薪中位数 {number(row['p50'])} 元（{number(people)} 人）。")
    return said


def _table(snapshot: Snapshot, counts: Counts, by: str, edition: Edition) -> Table:
    columns = [
        Column(BY[by], Shown.TEXT),
        Column("用人单位"),
        Column("人数"),
        *(Column(name.upper(), bar=name == "p50") for name in QUANTILES),
    ]
    rows = sorted(
        snapshot.rows(f"pay_by_{by}"),
        key=lambda row: falling(counts.shown("paid", **{by: row[by] or ""}), row[by] or ""),
    )
    lines = [_line(snapshot, counts, by, row, edition) for row in rows]
    total = Row(["合计", None, counts.shown("paid"), *[None] * len(QUANTILES)])
    note = f"税前月薪，元。单位少于 {LEAST_FIRMS} 家、或一家占人数过 {LARGEST_SHARE:.0%} 的，不公布薪酬。"
    title, source = f"按{BY[by]}", (f"pay_by_{by}",)
    n = counts.shown("paid")
    return Table(title, columns, lines, source, n, note, total if lines else None)


def _line(snapshot: Snapshot, counts: Counts, by: str, row: dict[str, Any], edition: Edition) -> Row:
    people = counts.shown("paid", **{by: row[by] or ""})
    few = edition is Edition.PUBLIC and row["employers"] < LEAST_FIRMS
    pay: list[Cell] = [HIDDEN] * len(QUANTILES) if people == HIDDEN else spread(row, QUANTILES, edition)
    return Row([_named(snapshot, by, row[by]), HIDDEN if few else row["employers"], people, *pay])


def _named(snapshot: Snapshot, by: str, key: str | None) -> str:
    if by == "ownership" and key:
        return KINDS[EmployerKind(key)]
    return snapshot.name(by, key) if key else UNSTATED
