"""急需紧缺人才目录: occupations by how hard posts are to fill, each line with the evidence it rests on."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from webapp.domain.index_score import index_named, scored
from webapp.domain.publication import HIDDEN
from webapp.domain.suppression import is_small
from webapp.reports.document import NOTHING, Cell, Column, Edition, Row, Shown, Table
from webapp.reports.firms import spread
from webapp.reports.safe import Counts
from webapp.reports.snapshot import Snapshot
from webapp.reports.words import day, number

TITLE = "急需紧缺人才目录"
UNKNOWN = (
    "紧缺指数是平台按公开的公式试算的，非官方；公布前须由主管部门人员逐条核准。",
    "岗位名称与《职业分类大典》职业的对应按常用名称匹配，对不上的岗位不列入。",
)
MOST_LINES = 50
LONG_DAYS = 60
"""Days after which a post counts as fully hard to fill."""


@dataclass(frozen=True, slots=True)
class Line:
    """An occupation in a cluster: its urgency from 0 to 100 and the row it was worked out from."""

    urgency: float
    row: dict[str, Any]


@lru_cache(maxsize=8)
def applied(snapshot: Snapshot, edition: Edition) -> Counts:
    """Return who applied, by cluster and by line of the catalogue, as far as it may be shown.

    Lines with few applicants are no part of the public one; they are in what is left of their cluster.
    """
    counts = Counts(least=snapshot.least, edition=edition)
    clusters = {row["cluster"] or "": row["applicants"] for row in snapshot.rows("posts_by_cluster")}
    counts.single("applied", "cluster", {(cluster,): people for cluster, people in clusters.items()})
    parts: dict[str, dict[str, int]] = {cluster: {} for cluster in clusters}
    for row in _proved(snapshot, edition):
        parts[row["cluster"] or ""][row["occupation"]] = row["applicants"]
    for cluster, applicants in parts.items():
        counts.divide("applied", {"cluster": cluster}, "occupation", applicants)
    return counts


def lines(snapshot: Snapshot, edition: Edition) -> tuple[list[Line], int]:
    """Return the catalogue, the most urgent first, and how many lines lacked evidence.

    A line needs at least ``least`` posts and as many graduates of the majors that lead to it. One whose
    applicants may not be told is left out whole: its index would tell them.
    """
    counts, rows = applied(snapshot, edition), list(snapshot.rows("posts_by_occupation"))
    enough = [
        row
        for row in _proved(snapshot, edition)
        if counts.shown("applied", cluster=row["cluster"] or "", occupation=row["occupation"]) != HIDDEN
    ]
    found = [Line(_urgency(row), row) for row in enough]
    found.sort(key=lambda line: (-line.urgency, line.row["occupation"], line.row["cluster"] or ""))
    return found, len(rows) - len(enough)


def tables(snapshot: Snapshot, edition: Edition) -> list[Table]:
    """Return the catalogue and the formula of its index."""
    found, lacking = lines(snapshot, edition)
    columns = [
        Column("职业", Shown.TEXT),
        Column("编码", Shown.TEXT),
        Column("产业", Shown.TEXT),
        Column("紧缺指数", Shown.DECIMAL, bar=True),
        Column("在招岗位"),
        Column("招聘人数"),
        Column("用人单位"),
        Column("对口毕业生"),
        Column("投递人数"),
        Column("挂出天数"),
        Column("学历", Shown.TEXT),
        Column("月薪", Shown.TEXT),
        Column("技能", Shown.TEXT),
    ]
    rows = [
        Row(
            _cells(snapshot, line, edition),
            {"page": "shortage", "occupation": line.row["occupation"], "cluster": line.row["cluster"] or ""},
        )
        for line in found[:MOST_LINES]
    ]
    rule = f"只列岗位和对口毕业生都不少于 {snapshot.least} 的职业"
    listed = f"共 {len(found):,} 行，列出前 {len(rows)} 行" if found else "目前没有这样的职业"
    note = f"{rule}，{listed}；另有 {lacking:,} 行证据不足或投递人数过少。"
    n = sum(line.row["ads"] for line in found[:MOST_LINES])
    return [Table("目录", columns, rows, ("posts_by_occupation",), n, note), _formula()]


def reading(snapshot: Snapshot, edition: Edition) -> list[str]:
    """Return the report in one paragraph."""
    found, _lacking = lines(snapshot, edition)
    said = [f"截至{day(snapshot.as_of)}，证据足够列入目录的职业 {number(len(found))} 行。"]
    if found:
        row = found[0].row
        said.append(
            f"紧缺指数最高的是{snapshot.name('occupation', row['occupation'])}"
            f"（{snapshot.name('cluster', row['cluster'])}），{found[0].urgency:.2f}："
            f"在招 {number(row['headcount'])} 人，对口专业的毕业生 {number(row['graduates'])} 人。"
        )
    return said


def _proved(snapshot: Snapshot, edition: Edition) -> list[dict[str, Any]]:
    return [
        row
        for row in snapshot.rows("posts_by_occupation")
        if min(row["ads"], row["graduates"]) >= snapshot.least
        and not (edition is Edition.PUBLIC and is_small(row["applicants"], snapshot.least))
    ]


def _urgency(row: dict[str, Any]) -> float:
    heads = row["headcount"]
    values = {
        "tight": heads / (heads + row["graduates"]),
        "open": min(1.0, row["days_open"] / LONG_DAYS),
        "unsought": heads / (heads + row["applicants"]),
    }
    return round(scored(values, index_named("shortage")).value or 0.0, 2)


def _cells(snapshot: Snapshot, line: Line, edition: Edition) -> list[Cell]:
    row = line.row
    low, high = spread(row, ("p25", "p75"), edition)
    pay = low if low == HIDDEN else NOTHING if low is None else f"{low:,}—{high:,}"
    return [
        snapshot.name("occupation", row["occupation"]),
        row["occupation"],
        snapshot.name("cluster", row["cluster"]),
        line.urgency,
        row["ads"],
        row["headcount"],
        row["employers"],
        row["graduates"],
        row["applicants"],
        row["days_open"],
        snapshot.name("degree", row["degree"]) if row["degree"] else "不限",
        pay,
        row["skills"],
    ]


def _formula() -> Table:
    index = index_named("shortage")
    columns = [Column("组成", Shown.TEXT), Column("权重"), Column("怎样算", Shown.TEXT)]
    rows = [Row([one.name, one.weight, one.says]) for one in index.components]
    note = f"紧缺指数 = 100 ×（各组成 × 权重 ÷ 100 之和），版本 {index.version}，试算，非官方。"
    return Table("紧缺指数的公式", columns, rows, (), len(rows), note)
