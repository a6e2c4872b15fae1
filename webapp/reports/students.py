"""大学生就业分析: how far graduates are, by which outcome they count, how long it took, who stayed."""

from datetime import date

from webapp.domain.followup import Rates, Result, settings_on
from webapp.domain.publication import HIDDEN
from webapp.reports.counted import by_grade, by_stage, counts_of
from webapp.reports.document import Cell, Column, Edition, Row, Shown, Table
from webapp.reports.safe import Counts, added
from webapp.reports.snapshot import Snapshot, degrees
from webapp.reports.words import day, number

TITLE = "大学生就业分析"
UNKNOWN = (
    "院校毕业去向落实率按规定由教育部门核定后公布，公开版不列院校。",
    "没有登记去向的毕业生可能已经就业，平台不知道的，不作估计。",
)


def tables(snapshot: Snapshot, edition: Edition) -> list[Table]:
    """Return the tables of the report; schools only in the internal edition."""
    counts = counts_of(snapshot, edition)
    years = sorted({key for (key,) in snapshot.counts("graduates_by_year_stage", "year")}, reverse=True)
    levels = degrees([key for (key,) in snapshot.counts("graduates_by_degree_stage", "degree")])
    found = [
        by_stage(snapshot, counts, "year", title="各毕业年份的进展", heading="毕业年份", codes=years),
        by_stage(snapshot, counts, "degree", title="各学历的进展", heading="学历", codes=levels),
        by_grade(snapshot, counts, "outcome_code", "计入者的去向类别", "去向类别"),
        _days(snapshot, counts),
        _stayed(snapshot, counts),
    ]
    return [*found, _schools(snapshot)] if edition is Edition.INTERNAL else found


def reading(snapshot: Snapshot, edition: Edition) -> list[str]:
    """Return the report in one paragraph."""
    counts = counts_of(snapshot, edition)
    total, free = counts.shown("graduates"), counts.shown("graduates", stage="none")
    waiting = counts.shown("graduates", stage="claimed")
    said = [
        f"截至{day(snapshot.as_of)}，平台上学历已核验的毕业生 {number(total)} 人。",
        f"按本口径计入留汉就业创业 {number(counts.shown('counted'))} 人。",
    ]
    if waiting != HIDDEN:
        said.append(f"另有 {number(waiting)} 人的去向待核验。")
    if free != HIDDEN:
        said.append(f"没有登记去向、或去向按口径不计的 {number(free)} 人。")
    return said


def _days(snapshot: Snapshot, counts: Counts) -> Table:
    columns = [
        Column("学历", Shown.TEXT),
        Column("人数", bar=True),
        Column("四分之一的人（天）"),
        Column("中位数（天）"),
        Column("四分之三的人（天）"),
    ]
    by = {row["degree"] or "": row for row in snapshot.rows("days_to_work")}
    rows = []
    for degree in degrees(list(by)):
        row, people = by[degree], counts.shown("counted", degree=degree)
        spans = [row["p25"], row["p50"], row["p75"]]
        rows.append(Row([snapshot.name("degree", degree), people, *_unless_hidden(people, spans)]))
    note = "从毕业之日到开始工作之日；毕业前已开始的记为 0 天。"
    return Table("毕业到开始工作的天数", columns, rows, ("days_to_work",), counts.shown("counted"), note)


def _stayed(snapshot: Snapshot, counts: Counts) -> Table:
    columns = [
        Column("满几个月", Shown.TEXT),
        Column("应回访人数", bar=True),
        Column("知晓率", Shown.PERCENT),
        Column("留汉率下限", Shown.PERCENT),
        Column("已知去向者的留汉率", Shown.PERCENT),
        Column("留汉率上限", Shown.PERCENT),
    ]
    found = sorted({row["months"] for row in snapshot.rows("follow_ups")})
    rows = [Row([f"{months} 个月", *_rates(snapshot, counts, months)]) for months in found]
    note = "下限把未知的都算离开，上限把未知的都算留下；知晓率不足时不给出中间的数。回访不改变计数。"
    n = added(counts.shown(f"followed_{months}") for months in found)
    return Table("6、12、24 个月后仍在武汉的", columns, rows, ("follow_ups",), n, note)


def _rates(snapshot: Snapshot, counts: Counts, months: int) -> list[Cell]:
    cells = {one.value: counts.shown(f"followed_{months}", result=one.value) for one in Result}
    known = {name: figure for name, figure in cells.items() if isinstance(figure, int)}
    if len(known) < len(cells):
        return [counts.shown(f"followed_{months}"), *[HIDDEN] * 4]
    threshold = settings_on(date.fromisoformat(snapshot.as_of)).knowledge_threshold
    rates = Rates(threshold=threshold, **known)
    middle = rates.responders if rates.responders is not None else "数据不足"
    return [rates.n, rates.coverage, rates.lower, middle, rates.upper]


def _schools(snapshot: Snapshot) -> Table:
    found = snapshot.counts("graduates_by_institution_code_stage", "institution_code", "stage")
    schools: dict[str, list[int]] = {}
    for (code, stage), people in found.items():
        line = schools.setdefault(code, [0, 0])
        line[0] += people
        line[1] += people if stage in {"A", "B", "C"} else 0
    ordered = sorted(schools.items(), key=lambda item: (-item[1][0], item[0]))
    rows = [
        Row(
            [snapshot.name("institution_code", code), total, counted, counted / total],
            {"page": "rows", "of_institution": code},
        )
        for code, (total, counted) in ordered
    ]
    columns = [
        Column("毕业院校", Shown.TEXT),
        Column("学历已核验", bar=True),
        Column("已计入"),
        Column("已计入占比", Shown.PERCENT),
    ]
    sources = ("graduates_by_institution_code_stage",)
    note = "仅供内部使用：院校数据未经教育部门核定，不得公开。"
    return Table(
        "各院校的进展（内部）", columns, rows, sources, sum(total for total, _c in schools.values()), note
    )


def _unless_hidden(people: Cell, cells: list[Cell]) -> list[Cell]:
    return [HIDDEN for _cell in cells] if people == HIDDEN else cells
