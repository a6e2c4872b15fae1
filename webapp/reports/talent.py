"""武汉人才观察: posts and applicants by cluster, the skills asked for, where the counted come from."""

from webapp.reports.counted import counts_of, in_order
from webapp.reports.document import Cell, Column, Edition, Row, Shown, Table
from webapp.reports.firms import spread
from webapp.reports.safe import Counts, falling, share
from webapp.reports.shortage import applied
from webapp.reports.snapshot import UNSTATED, Snapshot
from webapp.reports.words import day, number

TITLE = "武汉人才观察"
UNKNOWN = (
    "离汉流向平台不登记，只知道回访中答复已离开的人数，不推算流出总量。",
    "同一岗位由不同来源发布的没有在本报告中归并，岗位数以在招条数计。",
)
MOST_SKILLS = 20


def tables(snapshot: Snapshot, edition: Edition) -> list[Table]:
    """Return the tables of the report."""
    counts = counts_of(snapshot, edition)
    return [
        _market(snapshot, edition),
        _counted(snapshot, counts),
        _skills(snapshot),
        _origins(snapshot, counts),
    ]


def reading(snapshot: Snapshot, _edition: Edition) -> list[str]:
    """Return the report in one paragraph."""
    ads, places = snapshot.total("posts_by_cluster", "ads"), snapshot.total("posts_by_cluster", "headcount")
    said = [f"{day(snapshot.as_of)}在招岗位 {number(ads)} 条，招聘 {number(places)} 人。"]
    known = [row for row in snapshot.rows("posts_by_cluster") if row["cluster"]]
    if known:
        largest = max(known, key=lambda row: (row["headcount"], row["cluster"]))
        name = snapshot.name("cluster", largest["cluster"])
        said.append(f"招聘人数最多的产业是{name}，{number(largest['headcount'])} 人。")
    skills = [row["skill"] for row in snapshot.rows("posts_by_skill")][:5]
    if skills:
        said.append(f"岗位提到最多的技能是{'、'.join(skills)}。")
    return said


def _market(snapshot: Snapshot, edition: Edition) -> Table:
    columns = [
        Column("产业", Shown.TEXT),
        Column("在招岗位"),
        Column("招聘人数", bar=True),
        Column("用人单位"),
        Column("投递人数"),
        Column("求人倍率", Shown.DECIMAL),
        Column("挂出天数中位数"),
        Column("月薪 P25"),
        Column("月薪 P50"),
        Column("月薪 P75"),
    ]
    rows = []
    for row in sorted(snapshot.rows("posts_by_cluster"), key=lambda row: -row["headcount"]):
        applicants = applied(snapshot, edition).shown("applied", cluster=row["cluster"] or "")
        pay = spread(row, ("p25", "p50", "p75"), edition)
        cells: list[Cell] = [
            snapshot.name("cluster", row["cluster"]),
            row["ads"],
            row["headcount"],
            row["employers"],
            applicants,
            share(row["headcount"], applicants),
            row["days_open"],
            *pay,
        ]
        rows.append(Row(cells))
    ratio = "求人倍率 = 招聘人数 ÷ 投递人数（同一人投多个岗位按岗位各计一次）"
    note = f"{ratio}。月薪取就业岗位写明的下限，不含实习、见习，单位元。"
    n, places = (snapshot.total("posts_by_cluster", one) for one in ("ads", "headcount"))
    total = Row(["合计", n, places, *[None] * (len(columns) - 3)]) if rows else None
    return Table("各产业的岗位与投递", columns, rows, ("posts_by_cluster",), n, note, total)


def _counted(snapshot: Snapshot, counts: Counts) -> Table:
    codes = in_order(snapshot, counts, "counted_by_cluster_degree", "cluster")
    levels = ("doctor", "master", "bachelor", "associate")
    columns = [
        Column("产业", Shown.TEXT),
        Column("留汉人数", bar=True),
        *(Column(snapshot.name("degree", level)) for level in levels),
    ]
    rows = [
        Row(
            [
                snapshot.name("cluster", code),
                counts.shown("counted", cluster=code),
                *(counts.shown("counted", cluster=code, degree=level) for level in levels),
            ],
            {"page": "rows", "of_cluster": code},
        )
        for code in codes
    ]
    total = Row(
        ["合计", counts.shown("counted"), *(counts.shown("counted", degree=level) for level in levels)]
    )
    sources = ("counted_by_cluster_degree",)
    note = f"按用人单位登记的产业；没有登记的写作“{UNSTATED}”。"
    return Table(
        "计入者进入的产业", columns, rows, sources, counts.shown("counted"), note, total if rows else None
    )


def _skills(snapshot: Snapshot) -> Table:
    columns = [Column("技能", Shown.TEXT), Column("提到它的岗位", bar=True)]
    rows = [Row([row["skill"], row["ads"]]) for row in snapshot.rows("posts_by_skill")][:MOST_SKILLS]
    n = snapshot.total("posts_by_cluster", "ads")
    return Table(f"岗位提到最多的 {len(rows)} 项技能", columns, rows, ("posts_by_skill",), n)


def _origins(snapshot: Snapshot, counts: Counts) -> Table:
    found = snapshot.counts("counted_by_institution_code_degree", "institution_code")
    places = {snapshot.name("province", code) for (code,) in found}
    columns = [Column("毕业院校所在地", Shown.TEXT), Column("留汉人数", bar=True)]
    names = sorted(places, key=lambda name: falling(counts.shown("counted", province=name), name))
    rows = [Row([name or "境外或未列入名单", counts.shown("counted", province=name)]) for name in names]
    total = Row(["合计", counts.shown("counted")]) if rows else None
    sources = ("counted_by_institution_code_degree",)
    return Table("计入者从哪里的院校毕业", columns, rows, sources, counts.shown("counted"), "", total)
