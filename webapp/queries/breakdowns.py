"""The retained count taken apart, and the rows behind each of its figures.

A whole breakdown is read from kept sums; where several facts are asked for at once, from the live counts
by their indexes. Both go through one filter, so that a figure and its rows cannot differ.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, func, not_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp.domain.counted import KEPT, SCHOOLS, UNITS, UNKNOWN
from webapp.domain.definitions import Definition, standard
from webapp.domain.evidence import VERIFIERS
from webapp.domain.words import N_
from webapp.models import Employer, Graduate, LiveCount, Placement, RetainedSum
from webapp.queries.counted import covers
from webapp.queries.counting import counted_up_to
from webapp.queries.officers import Reach


class Dimension(StrEnum):
    """By what the count can be taken apart."""

    UNIT = "unit"
    DISTRICT = "district"
    MONTH = "month"
    POSTED = "posted"
    INSTITUTION = "institution"
    DEGREE = "degree"
    CLUSTER = "cluster"
    OUTCOME = "outcome"
    YEAR = "year"
    GRADE = "grade"


LABELS: Mapping[Dimension, str] = {
    Dimension.UNIT: N_("填报单位"),
    Dimension.DISTRICT: N_("行政区"),
    Dimension.MONTH: N_("发生月份"),
    Dimension.POSTED: N_("入账月份"),
    Dimension.INSTITUTION: N_("毕业院校"),
    Dimension.DEGREE: N_("学历"),
    Dimension.CLUSTER: N_("产业"),
    Dimension.OUTCOME: N_("去向类别"),
    Dimension.YEAR: N_("毕业年份"),
    Dimension.GRADE: N_("证据等级"),
}

_COLUMNS: Mapping[Dimension, InstrumentedAttribute[Any]] = {
    Dimension.UNIT: LiveCount.unit,
    Dimension.DISTRICT: LiveCount.district,
    Dimension.MONTH: LiveCount.attributed_month,
    Dimension.POSTED: LiveCount.posted_month,
    Dimension.INSTITUTION: LiveCount.institution_code,
    Dimension.DEGREE: LiveCount.degree,
    Dimension.CLUSTER: LiveCount.cluster,
    Dimension.OUTCOME: LiveCount.outcome_code,
    Dimension.YEAR: LiveCount.graduated_in,
    Dimension.GRADE: LiveCount.grade,
}


@dataclass(frozen=True, slots=True)
class CountFilter:
    """Which live counts are meant; ``keys`` narrows to one value of some dimensions.

    ``outside`` leaves out whom another definition covers too: what is in one and not in the other.
    """

    period_id: str
    reach: Reach = field(default_factory=Reach)
    definition: Definition = field(default_factory=standard)
    unit: str | None = None
    keys: Mapping[Dimension, str] = field(default_factory=dict)
    outside: Definition | None = None

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
    seq: int


def breakdown(session: Session, wanted: CountFilter, dimension: Dimension) -> list[BreakdownRow]:
    """Return the count by one dimension; the totals of its rows add up to the whole count."""
    counted = _cells(session, replace(wanted, outside=None), dimension) if _subtracts(wanted) else None
    if counted is None:
        counted = _cells(session, wanted, dimension)
    elif wanted.outside:
        counted.subtract(_cells(session, replace(wanted, definition=wanted.outside, outside=None), dimension))
    keys = sorted({key for (key, _grade), total in counted.items() if total})
    split = [(key, [counted[key, grade.value] for grade in VERIFIERS]) for key in keys]
    return [BreakdownRow(key, sum(grades), *grades) for key, grades in split]


def totals_of(rows: Sequence[BreakdownRow]) -> BreakdownRow:
    """Return the sums of a breakdown's columns."""
    return BreakdownRow("", *(sum(getattr(row, name) for row in rows) for name in ("total", "a", "b", "c")))


def count_of(session: Session, wanted: CountFilter, *, most: int) -> int:
    """Return how many people a filter means, from kept sums, else counted no further than ``most``."""
    by = next((one for one in wanted.keys if one is not Dimension.GRADE), Dimension.GRADE)
    plain = replace(wanted, outside=None) if _subtracts(wanted) else wanted
    if _kept(plain, by) is None:
        return counted_up_to(session, _live(wanted), most)
    return totals_of(breakdown(session, wanted, by)).total


PEOPLE_BY = (LiveCount.attributed_month, LiveCount.seq)
"""What :func:`counted_people` is ordered by, falling; every index of the live counts ends with it."""


def counted_people(wanted: CountFilter) -> Select[Any]:
    """Return the select of the people behind a figure, the latest month first."""
    people = (
        _live(wanted)
        .join(Placement, Placement.id == LiveCount.placement_id)
        .join(Graduate, Graduate.id == Placement.graduate_id)
        .outerjoin(Employer, Employer.id == Placement.employer_id)
        .with_only_columns(
            LiveCount.placement_id,
            Graduate.name,
            LiveCount.institution_code,
            LiveCount.degree,
            func.coalesce(Employer.name, Placement.employer_name).label("employer"),
            LiveCount.unit,
            LiveCount.attributed_month,
            LiveCount.posted_month,
            LiveCount.grade,
            Placement.state,
            LiveCount.seq,
        )
        .order_by(LiveCount.attributed_month.desc(), LiveCount.seq.desc())
    )
    return cast("Select[Any]", people)


def counted_person(row: Any) -> CountedPerson:
    """Return one row of :func:`counted_people` as an officer may see it in a list."""
    person = CountedPerson(*row)
    return replace(person, name=masked(person.name))


def masked(name: str) -> str:
    """Return a name by its first sign: 张三 becomes 张＊; lists need no more."""
    return name[:1] + "＊" * max(1, min(len(name) - 1, 3))


def _subtracts(wanted: CountFilter) -> bool:
    """Say whether what another definition leaves out is simply the difference of two sums."""
    return wanted.outside is not None and wanted.outside.within(wanted.definition)


def _cells(session: Session, wanted: CountFilter, dimension: Dimension) -> Counter[tuple[str, str]]:
    """Return the count by value and grade, from kept sums where there are any."""
    column = _COLUMNS[dimension]
    cells = _kept(wanted, dimension)
    if cells is None:
        rows = _live(wanted).with_only_columns(column, LiveCount.grade, func.count())
        cells = cast("Select[Any]", rows.group_by(column, LiveCount.grade))
    found: Counter[tuple[str, str]] = Counter()
    for key, grade, total in session.execute(cells):
        found[key or UNKNOWN, grade] += int(total)
    return found


def _kept(wanted: CountFilter, dimension: Dimension) -> Select[Any] | None:
    """Return the kept sums that answer a breakdown, ``None`` where no single fact is asked for."""
    units, school = _units(wanted), wanted.reach.institution_code
    scope, offices = (SCHOOLS, [school]) if school else (UNITS, units)
    facts = {dimension, *wanted.keys} - {Dimension.GRADE} or {Dimension.MONTH}
    kept = {(scope, _COLUMNS[fact].key) for fact in facts} <= set(KEPT)
    if wanted.outside or not kept or len(facts) > 1 or (school and units) or len(units) > 1:
        return None
    (fact,) = facts
    rows = select(
        RetainedSum.grade if dimension is Dimension.GRADE else RetainedSum.key,
        RetainedSum.grade,
        func.sum(RetainedSum.total),
    ).where(
        RetainedSum.period_id == wanted.period_id,
        RetainedSum.definition_id == wanted.definition.id,
        RetainedSum.scope == scope,
        RetainedSum.dimension == _COLUMNS[fact].key,
        *([RetainedSum.office.in_(offices)] if offices else []),
    )
    for one, key in wanted.keys.items():
        rows = rows.where((RetainedSum.grade if one is Dimension.GRADE else RetainedSum.key) == key)
    return cast("Select[Any]", rows.group_by(RetainedSum.key, RetainedSum.grade))


def _live(wanted: CountFilter) -> Select[Any]:
    rows = (
        select(LiveCount.seq)
        .select_from(LiveCount)
        .where(
            LiveCount.period_id == wanted.period_id,
            covers(wanted.definition, LiveCount),
            *([not_(covers(wanted.outside, LiveCount))] if wanted.outside else []),
            *_within(wanted),
        )
    )
    for dimension, key in wanted.keys.items():
        column = _COLUMNS[dimension]
        rows = rows.where(column.is_(None) if key == UNKNOWN else column == key)
    return rows


def _within(wanted: CountFilter) -> Iterable[ColumnElement[bool]]:
    """Keep to the officer's reach by the ledger's own unit, which a later move does not touch."""
    yield from (LiveCount.unit == unit for unit in _units(wanted))
    if wanted.reach.institution_code:
        yield LiveCount.institution_code == wanted.reach.institution_code


def _units(wanted: CountFilter) -> list[str]:
    return sorted({unit for unit in (wanted.unit, wanted.reach.unit) if unit})
