"""区就业综合指数, on trial and not official: scores, weights, what is missing, whether the order holds."""

from webapp.domain.followup import GONE, Result
from webapp.domain.index_score import SHIFT, index_named, score, scored, shifted, spans
from webapp.reports.counted import FIRST_CHECKPOINT, counts_of
from webapp.reports.document import NOTHING, Cell, Column, Edition, Row, Shown, Table
from webapp.reports.safe import Counts, added, share
from webapp.reports.snapshot import Snapshot
from webapp.reports.words import day

TITLE = "区就业综合指数（试算，非官方）"
UNKNOWN = (
    "规划没有公布就业综合指数的公式，这里的组成、目标值和权重都是平台的建议，不作为考核依据。",
    "缺少的数据按缺失处理，不当作 0；已知权重不足的不给出指数。",
)
SHORT = "数据不足"
FOLLOWED = f"followed_{FIRST_CHECKPOINT}"
STAYED = frozenset({Result.RETAINED_A, Result.RETAINED_C})
SOURCES = ("counted_by_unit_grade", "waiting_by_unit", "follow_ups", "posts_by_unit", "targets_by_unit")
Values = dict[str, dict[str, float]]


def tables(snapshot: Snapshot, edition: Edition) -> list[Table]:
    """Return the index by unit, the weights, and the places under shifted weights."""
    values = _values(snapshot, edition)
    return [_scores(snapshot, values), _weights(), _places(snapshot, values)]


def reading(snapshot: Snapshot, edition: Edition) -> list[str]:
    """Return the report in one paragraph."""
    index, values = index_named("district"), _values(snapshot, edition)
    known = {unit: scored(parts, index).value for unit, parts in values.items()}
    enough = {unit: value for unit, value in known.items() if value is not None}
    said = [f"截至{day(snapshot.as_of)}，{len(enough)} 个填报单位的数据够算出指数。"]
    if not enough:
        return [*said, f"其余单位已知的权重不到 {index.least_weight:g}，不给出指数。"]
    moved = sum(low != high for low, high in spans(values, index).values())
    return [*said, f"各权重加减 {SHIFT} 分时，{moved} 个单位的名次会变动。"]


def _values(snapshot: Snapshot, edition: Edition) -> Values:
    """Return what is known of each unit; a share of figures that are left out is not known."""
    counts = counts_of(snapshot, edition)
    targets = {row["unit"]: row["target"] for row in snapshot.rows("targets_by_unit")}
    posts = {row["unit"]: row for row in snapshot.rows("posts_by_unit")}
    units = {unit for (unit,) in snapshot.counts("counted_by_unit_grade", "unit")} | posts.keys()
    found: Values = {}
    for unit in sorted(units):
        shares = {
            **_shares(counts, unit),
            "retained": share(counts.shown("counted", unit=unit), targets.get(unit, 0)),
            "well_paid": share(*(posts[unit][one] for one in ("well_paid", "headcount")))
            if unit in posts
            else None,
        }
        found[unit] = {name: value for name, value in shares.items() if isinstance(value, float)}
    return found


def _shares(counts: Counts, unit: str) -> dict[str, float | str | None]:
    """Return the shares that rest on people: their figures are those of the other reports' tables."""
    people, waits = counts.shown("counted", unit=unit), counts.shown("waiting", unit=unit)
    asked = {one: counts.shown(FOLLOWED, unit=unit, result=one.value) for one in Result}
    stayed = added(asked[one] for one in STAYED)
    known = added(asked[one] for one in STAYED | GONE)
    return {
        "confirmed": share(counts.shown("counted", unit=unit, grade="A"), people),
        "waiting": share(waits, added([waits, people])),
        "stayed": share(stayed, known),
        "answered": share(known, counts.shown(FOLLOWED, unit=unit)),
    }


def _scores(snapshot: Snapshot, values: Values) -> Table:
    index = index_named("district")
    columns = [
        Column("填报单位", Shown.TEXT),
        Column("指数", Shown.DECIMAL, bar=True),
        Column("已知权重"),
        *(Column(one.name, Shown.DECIMAL) for one in index.components),
    ]
    rows = []
    for unit in sorted(values, key=lambda one: (-(scored(values[one], index).value or -1), one)):
        whole = scored(values[unit], index)
        scores: list[Cell] = [
            round(score(values[unit][one.id], one), 2) if one.id in values[unit] else NOTHING
            for one in index.components
        ]
        value: Cell = SHORT if whole.value is None else round(whole.value, 2)
        rows.append(Row([snapshot.name("unit", unit), value, round(whole.known), *scores]))
    enough = f"已知权重不足 {index.least_weight:g} 的写“{SHORT}”"
    note = f"各组成 0 至 100 分；“{NOTHING}”为缺失或人数过少。{enough}。"
    return Table("指数与组成得分", columns, rows, SOURCES, len(rows), note)


def _weights() -> Table:
    index = index_named("district")
    columns = [
        Column("组成", Shown.TEXT),
        Column("权重"),
        Column("满分时的数值", Shown.PERCENT),
        Column("方向", Shown.TEXT),
        Column("怎样算", Shown.TEXT),
    ]
    rows = [
        Row([one.name, one.weight, one.target, "越低越好" if one.falling else "越高越好", one.says])
        for one in index.components
    ]
    total = Row(["合计", sum(one.weight for one in index.components), None, None, None])
    return Table("权重", columns, rows, (), len(rows), f"版本 {index.version}，平台建议，非官方。", total)


def _places(snapshot: Snapshot, values: Values) -> Table:
    columns = [Column("填报单位", Shown.TEXT), Column("最好名次"), Column("最差名次")]
    found = sorted(spans(values, index_named("district")).items(), key=lambda item: (item[1], item[0]))
    rows = [Row([snapshot.name("unit", unit), low, high]) for unit, (low, high) in found]
    cases = len(shifted(index_named("district")))
    note = f"每个权重各加、减 {SHIFT} 分，其余权重按比例让出，共 {cases} 种情形。"
    return Table("权重变动时的名次", columns, rows, SOURCES, len(rows), note)
