"""The count in tables: every table of a report takes its figures from one net of guarded counts."""

from collections.abc import Mapping
from functools import lru_cache

from webapp.reports.document import Cell, Column, Edition, Row, Shown, Table
from webapp.reports.safe import Counts, added, falling, share
from webapp.reports.snapshot import GRADES, Snapshot

CROSSED: Mapping[str, tuple[str, ...]] = {
    "counted_by_unit_grade": ("unit", "grade"),
    "counted_by_degree_grade": ("degree", "grade"),
    "counted_by_outcome_code_grade": ("outcome_code", "grade"),
    "counted_by_cluster_degree": ("cluster", "degree"),
    "counted_by_attributed_month": ("attributed_month",),
}
STAGES: Mapping[str, str] = {
    "A": "已计入 A",
    "B": "已计入 B",
    "C": "已计入 C",
    "earlier": "其他时期已计入",
    "claimed": "待核验",
    "none": "其他",
}
PAID_BY = ("industry", "ownership", "degree", "cluster")
FIRST_CHECKPOINT = 6
WHOLES = ("counted", "graduates", "paid")
"""Populations whose size is public. How many counted people lack a record of pay tells nothing of them."""
_DRILLS: Mapping[str, str] = {
    "unit": "of_unit", "degree": "of_degree", "outcome_code": "of_outcome", "cluster": "of_cluster",
}  # fmt: skip


@lru_cache(maxsize=8)
def counts_of(snapshot: Snapshot, edition: Edition) -> Counts:
    """Return everything a snapshot counts, in one net: all six reports leave the same cells out."""
    counts = Counts(least=snapshot.least, edition=edition, known=WHOLES)
    for table, facts in CROSSED.items():
        counts.cross("counted", facts, snapshot.counts(table, *facts))
    provinces: dict[tuple[str, ...], int] = {}
    for (code,), people in snapshot.counts("counted_by_institution_code_degree", "institution_code").items():
        key = (snapshot.name("province", code),)
        provinces[key] = provinces.get(key, 0) + people
    counts.cross("counted", ("province",), provinces)
    for table, fact in (("graduates_by_year_stage", "year"), ("graduates_by_degree_stage", "degree")):
        counts.cross("graduates", (fact, "stage"), snapshot.counts(table, fact, "stage"))
    counts.single("waiting", "unit", snapshot.counts("waiting_by_unit", "unit"))
    _follow_ups(snapshot, counts)
    for by in PAID_BY:
        counts.cross("paid", (by,), snapshot.counts(f"pay_by_{by}", by))
    _link(snapshot, counts)
    return counts


def by_grade(snapshot: Snapshot, counts: Counts, fact: str, title: str, heading: str) -> Table:
    """Return the count by one fact with its evidence, the largest first."""
    table = f"counted_by_{fact}_grade"
    codes = in_order(snapshot, counts, table, fact)
    columns = [
        Column(heading, Shown.TEXT),
        Column("合计", bar=True),
        *(Column(f"{grade} 级") for grade in GRADES),
        Column("A 级占比", Shown.PERCENT),
    ]
    rows = [
        Row([snapshot.name(fact, code), *_cells(counts, **{fact: code})], _drill(fact, code))
        for code in codes
    ]
    total = Row(["合计", *_cells(counts)])
    note = "A 级为参保等行政记录，B 级为合同协议，C 级为两名核验人看过的证明材料。"
    return Table(title, columns, rows, (table,), counts.shown("counted"), note, total if rows else None)


def by_stage(
    snapshot: Snapshot, counts: Counts, fact: str, *, title: str, heading: str, codes: list[str]
) -> Table:
    """Return the graduates with a verified degree by how far they are."""
    columns = [Column(heading, Shown.TEXT), Column("学历已核验", bar=True), *map(Column, STAGES.values())]
    columns.append(Column("已计入占比", Shown.PERCENT))
    rows = [Row([_named(snapshot, fact, code), *_stages(counts, **{fact: code})]) for code in codes]
    total = Row(["合计", *_stages(counts)])
    note = "待核验：去向材料待补、待核验或待到岗。其他：没有登记去向，或去向按口径不计；不等于没有工作。"
    table = f"graduates_by_{fact}_stage"
    return Table(title, columns, rows, (table,), counts.shown("graduates"), note, total if rows else None)


def in_order(snapshot: Snapshot, counts: Counts, table: str, fact: str) -> list[str]:
    """Return the values of a fact, the one with most of the counted first."""
    codes = [code for (code,) in snapshot.counts(table, fact)]
    return sorted(codes, key=lambda code: falling(counts.shown("counted", **{fact: code}), code))


def _follow_ups(snapshot: Snapshot, counts: Counts) -> None:
    """Add the follow-ups: at the first checkpoint by unit as well, which the districts' index needs."""
    found: dict[int, dict[tuple[str, ...], int]] = {}
    for row in snapshot.rows("follow_ups"):
        first = row["months"] == FIRST_CHECKPOINT
        key = (row["unit"], row["result"]) if first else (row["result"],)
        cells = found.setdefault(row["months"], {})
        cells[key] = cells.get(key, 0) + row["people"]
    for months, cells in found.items():
        facts = ("unit", "result") if months == FIRST_CHECKPOINT else ("result",)
        counts.cross(f"followed_{months}", facts, cells)


def _link(snapshot: Snapshot, counts: Counts) -> None:
    """Say which figures hold others, so that their differences are guarded too."""
    for grade in GRADES:
        counts.part("counted", {"grade": grade}, "graduates", {"stage": grade})
    for (degree,) in snapshot.counts("counted_by_degree_grade", "degree"):
        for grade in GRADES:
            of = {"degree": degree, "grade": grade}
            counts.part("counted", of, "graduates", {"degree": degree, "stage": grade})


def _cells(counts: Counts, **facts: str) -> list[Cell]:
    total = counts.shown("counted", **facts)
    grades = [counts.shown("counted", **facts, grade=grade) for grade in GRADES]
    return [total, *grades, share(grades[0], total)]


def _stages(counts: Counts, **facts: str) -> list[Cell]:
    total = counts.shown("graduates", **facts)
    found = {stage: counts.shown("graduates", **facts, stage=stage) for stage in STAGES}
    return [total, *found.values(), share(added(found[grade] for grade in GRADES), total)]


def _named(snapshot: Snapshot, fact: str, code: str) -> str:
    return f"{code}年" if fact == "year" else snapshot.name(fact, code)


def _drill(fact: str, code: str) -> Mapping[str, str] | None:
    return {"page": "rows", _DRILLS[fact]: code} if fact in _DRILLS else None
