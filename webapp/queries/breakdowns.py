"""The retained count taken apart, and the rows behind each of its figures.

Both read the live counts of the ledger through one filter, so that a figure and its rows cannot differ.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, String, func, select, type_coerce
from sqlalchemy.orm import Session

from webapp.domain.evidence import VERIFIERS
from webapp.domain.retention import GRADES, Definition
from webapp.domain.words import N_
from webapp.models import Employer, Graduate, LedgerEntry, LiveCount, Placement
from webapp.queries.officers import Reach
from webapp.queries.retention import DIMENSIONS, GRADE, UNKNOWN


class Dimension(StrEnum):
    """By what the count can be taken apart."""

    UNIT = "unit"
    MONTH = "month"
    POSTED = "posted"
    INSTITUTION = "institution"
    DEGREE = "degree"
    CLUSTER = "cluster"
    GRADE = "grade"


LABELS: Mapping[Dimension, str] = {
    Dimension.UNIT: N_("填报单位"),
    Dimension.MONTH: N_("发生月份"),
    Dimension.POSTED: N_("入账月份"),
    Dimension.INSTITUTION: N_("毕业院校"),
    Dimension.DEGREE: N_("学历"),
    Dimension.CLUSTER: N_("产业"),
    Dimension.GRADE: N_("证据等级"),
}

_COLUMNS: Mapping[Dimension, ColumnElement[Any]] = {
    one: type_coerce(DIMENSIONS["posted_month" if one is Dimension.POSTED else one.value], String)
    for one in Dimension
}


@dataclass(frozen=True, slots=True)
class CountFilter:
    """Which live counts are meant; ``keys`` narrows to one value of some dimensions."""

    period_id: str
    reach: Reach = field(default_factory=Reach)
    definition: Definition = Definition.STANDARD
    unit: str | None = None
    keys: Mapping[Dimension, str] = field(default_factory=dict)

    def narrowed(self, dimension: Dimension, key: str) -> "CountFilter":
        """Return the filter of one figure of a breakdown."""
        return replace(self, keys={**self.keys, dimension: key})


@dataclass(frozen=True, slots=True)
class BreakdownRow:
    """One line of a breakdown: its count and what evidence it rests on."""

    key: str
    total: int
    a: int
    b: int
    c: int


@dataclass(frozen=True, slots=True)
class CountedPerson:
    """One person behind a figure; the name is shown by its first sign only."""

    placement_id: int
    name: str
    institution_code: str | None
    degree: str | None
    employer: str | None
    unit: str
    month: str
    posted_month: str
    grade: str
    state: str


def breakdown(session: Session, wanted: CountFilter, dimension: Dimension) -> list[BreakdownRow]:
    """Return the count by one dimension; the totals of its rows add up to the whole count."""
    column = _COLUMNS[dimension]
    cells = session.execute(
        _live(wanted)
        .with_only_columns(column.label("key"), GRADE.label("grade"), func.count())
        .group_by(column, GRADE)
    ).all()
    counted: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for key, grade, count in cells:
        counted[UNKNOWN if key is None else str(key)][str(grade)] += count
    return [
        BreakdownRow(key, sum(grades.values()), *(grades.get(grade.value, 0) for grade in VERIFIERS))
        for key, grades in sorted(counted.items())
    ]


def totals_of(rows: Sequence[BreakdownRow]) -> BreakdownRow:
    """Return the sums of a breakdown's columns."""
    return BreakdownRow("", *(sum(getattr(row, name) for row in rows) for name in ("total", "a", "b", "c")))


def counted_people(wanted: CountFilter) -> Select[Any]:
    """Return the select of the people behind a figure, the latest month first."""
    people = (
        _live(wanted)
        .outerjoin(Employer, Employer.id == Placement.employer_id)
        .with_only_columns(
            Placement.id.label("placement_id"),
            Graduate.name,
            Graduate.institution_code,
            Graduate.degree,
            Employer.name.label("employer"),
            LedgerEntry.unit,
            LedgerEntry.attributed_month.label("month"),
            LedgerEntry.posted_month,
            GRADE.label("grade"),
            Placement.state,
        )
        .order_by(LedgerEntry.attributed_month.desc(), LedgerEntry.seq.desc())
    )
    return cast("Select[Any]", people)


def counted_person(row: Any) -> CountedPerson:
    """Return one row of :func:`counted_people` as an officer may see it in a list."""
    person = CountedPerson(*row)
    return replace(person, name=masked(person.name))


def masked(name: str) -> str:
    """Return a name by its first sign: 张三 becomes 张＊; lists need no more."""
    return name[:1] + "＊" * max(1, min(len(name) - 1, 3))


def running_total(session: Session, wanted: CountFilter) -> list[tuple[str, int]]:
    """Return how many were retained by the end of each month in which somebody was."""
    total, reached = 0, []
    for row in breakdown(session, wanted, Dimension.MONTH):
        total += row.total
        reached.append((row.key, total))
    return reached


def _live(wanted: CountFilter) -> Select[Any]:
    rows = (
        select(LiveCount.seq)
        .select_from(LiveCount)
        .join(LedgerEntry, LedgerEntry.seq == LiveCount.seq)
        .join(Placement, Placement.id == LedgerEntry.placement_id)
        .join(Graduate, Graduate.id == Placement.graduate_id)
        .where(
            LiveCount.period_id == wanted.period_id,
            GRADE.in_(GRADES[wanted.definition]),
            *_within(wanted),
        )
    )
    for dimension, key in wanted.keys.items():
        column = _COLUMNS[dimension]
        rows = rows.where(column.is_(None) if key == UNKNOWN else column == key)
    return rows


def _within(wanted: CountFilter) -> list[ColumnElement[bool]]:
    """Keep to the officer's reach by the ledger's own unit, which a later move does not touch."""
    kept = [LedgerEntry.unit == unit for unit in (wanted.unit, wanted.reach.unit) if unit]
    if wanted.reach.institution_code:
        kept.append(Graduate.institution_code == wanted.reach.institution_code)
    return kept
