"""The count as it was known on a day: from every entry until its end, never from kept sums."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session

from webapp.domain.dated import digest_of
from webapp.domain.dates import start_of_day
from webapp.domain.definitions import Definition, definitions
from webapp.domain.errors import NotFound, PlatformError
from webapp.domain.evidence import Grade
from webapp.domain.words import N_
from webapp.models import Confirmation, CountFacts, LedgerEntry, Period
from webapp.queries import ledger
from webapp.queries.counted import covers
from webapp.queries.ledger import Head

PLATFORM = "platform"
"""The basis of whatever is counted here; figures of others have their own (DOMAIN 1.11)."""
VIEWS = ("unit", "attributed_month", "grade")


class FoldsDiffer(PlatformError):
    """Two ways of adding up the same entries that must agree."""

    message = N_("逐笔重算与数据库合计不一致，这个数字不能使用。请运行 ledger verify 找出原因。")


class _Step(NamedTuple):
    """One entry: what it adds, where, and what a definition looks at."""

    unit: str
    attributed_month: str
    grade: str
    outcome_code: str
    graduated_in: str | None
    delta: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A count that can be told again to the digit; ``head`` seals the entries it rests on."""

    period_id: str
    definition: Definition
    ruleset_id: str
    unit: str | None
    as_of: date
    head: Head
    by_unit: Mapping[str, int]
    by_month: Mapping[str, int]
    by_grade: Mapping[str, int]

    @property
    def total(self) -> int:
        """Return how many people it is."""
        return sum(self.by_unit.values())

    @property
    def asked(self) -> dict[str, Any]:
        """Return the question: all that must be known to ask it again."""
        return {
            "period": self.period_id,
            "definition": self.definition.digest,
            "ruleset": self.ruleset_id,
            "unit": self.unit,
            "as_of": self.as_of.isoformat(),
            "head": {"seq": self.head.seq, "hash": self.head.hash},
        }

    def as_json(self) -> dict[str, Any]:
        """Return the answer under fixed keys; ``digest`` seals it together with the question."""
        told = {
            "period": self.period_id,
            "definition": self.definition.id,
            "ruleset": self.ruleset_id,
            "total": self.total,
            "by_unit": dict(self.by_unit),
            "by_month": dict(self.by_month),
            "by_grade": dict(self.by_grade),
            "basis": PLATFORM,
        }
        return {**told, "digest": digest_of({"asked": self.asked, "answer": told})}


def count_as_of(
    session: Session, *, period_id: str, definition: Definition, as_of: date, unit: str | None = None
) -> Answer:
    """Return the count of a period, or of one unit in it, as it was known at the end of a day in Wuhan.

    Every entry until then is taken by itself, with the grade its evidence had by then; few are in memory
    at a time. The database adds the same entries up on its own, and :class:`FoldsDiffer` is raised where
    the two differ.
    """
    period = session.get(Period, period_id)
    if period is None:
        raise NotFound
    head = ledger.head_on(session, as_of)
    steps = _steps(period_id, head, as_of, unit)
    sums = {view: Counter[str]() for view in VIEWS}
    for step in _read(session, steps):
        if definition.covers(step):
            for view in VIEWS:
                sums[view][getattr(step, view)] += step.delta
    unit_sums, month_sums, grade_sums = (_told(sums[view]) for view in VIEWS)
    if unit_sums != _added_up(session, steps, definition):
        raise FoldsDiffer
    return Answer(
        period_id=period_id,
        definition=definition,
        ruleset_id=period.ruleset_id,
        unit=unit,
        as_of=as_of,
        head=head,
        by_unit=unit_sums,
        by_month=month_sums,
        by_grade=grade_sums,
    )


def grades_as_of(session: Session, *, period_id: str, as_of: date) -> dict[str, dict[str, dict[str, int]]]:
    """Return the people of each grade by definition and unit as they were known at the end of a day.

    One walk of the database over the entries; nobody is left out.
    """
    inside = _steps(period_id, ledger.head_on(session, as_of), as_of, None).subquery()
    facts, rules = SimpleNamespace(**dict(inside.c)), definitions()
    sums = [func.sum(case((covers(rule, facts), inside.c.delta), else_=0)) for rule in rules.values()]
    rows = session.execute(
        select(inside.c.unit, inside.c.grade, *sums).group_by(inside.c.unit, inside.c.grade)
    )
    found: dict[str, dict[str, dict[str, int]]] = {key: {} for key in rules}
    for unit, grade, *people in rows:
        for key, count in zip(rules, people, strict=True):
            if count:
                found[key].setdefault(unit, {})[grade] = count
    return found


def _steps(period_id: str, head: Head, as_of: date, unit: str | None) -> Select[Any]:
    until = start_of_day(as_of + timedelta(days=1))
    confirmed = and_(Confirmation.placement_id == LedgerEntry.placement_id, Confirmation.at < until)
    rows = (
        select(
            LedgerEntry.unit,
            LedgerEntry.attributed_month,
            case((Confirmation.placement_id.is_(None), LedgerEntry.grade), else_=Grade.A.value).label(
                "grade"
            ),
            CountFacts.outcome_code,
            CountFacts.graduated_in,
            LedgerEntry.delta,
        )
        .join(CountFacts, CountFacts.placement_id == LedgerEntry.placement_id)
        .outerjoin(Confirmation, confirmed)
        .where(LedgerEntry.period_id == period_id, LedgerEntry.seq <= head.seq)
    )
    return rows if unit is None else rows.where(LedgerEntry.unit == unit)


def _read(session: Session, steps: Select[Any]) -> Iterator[_Step]:
    session.flush()
    rows = session.connection().execute(steps, execution_options={"yield_per": ledger.BATCH})
    return map(_Step._make, rows)


def _added_up(session: Session, steps: Select[Any], definition: Definition) -> Mapping[str, int]:
    """Return the same sums by unit as the database has them, by the rule as it is said in SQL."""
    inside = steps.subquery()
    facts = SimpleNamespace(**dict(inside.c))
    rows = session.execute(
        select(inside.c.unit, func.sum(inside.c.delta))
        .where(covers(definition, facts))
        .group_by(inside.c.unit)
    )
    return _told(Counter(dict(rows.tuples().all())))


def _told(sums: Counter[str]) -> dict[str, int]:
    return {key: total for key, total in sorted(sums.items()) if total}
