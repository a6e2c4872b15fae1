"""Who is due, what was answered, how many stayed: reads of the follow-up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, type_coerce
from sqlalchemy.orm import Session, contains_eager, joinedload
from sqlalchemy.types import String

from webapp.domain.dates import city_date
from webapp.domain.followup import Answer, Rates, Result, reasons, settings_on
from webapp.domain.retention import LIVE
from webapp.domain.survival import Step, kaplan_meier
from webapp.models import (
    FollowUp,
    FollowUpAnswer,
    FollowUpTotal,
    Graduate,
    Member,
    Placement,
    StayMonth,
    User,
)
from webapp.queries.kept import differing
from webapp.queries.officers import Reach

_NOTHING = literal("")
_SUMMED: Sequence[Sequence[Any]] = (
    (_NOTHING.label("institution_code"), FollowUp.unit.label("unit")),
    (func.coalesce(Graduate.institution_code, "?").label("institution_code"), _NOTHING.label("unit")),
)
"""The two ways the sums are kept: by unit, and by institution."""
BY = ("unit", "cohort_month")
"""By what a checkpoint's rates can be taken apart."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Which follow-ups are meant: a period's, within an officer's reach, one unit's if ``unit`` is given."""

    period_id: str
    reach: Reach
    unit: str | None = None

    @property
    def only_unit(self) -> str | None:
        """Return the one unit that is meant; an officer's own comes first."""
        return self.reach.unit or self.unit


@dataclass(frozen=True, slots=True)
class LeavingReason:
    """How many left for a reason, and the lever of the programme it points to."""

    code: str
    name: str
    lever: str
    total: int


def rates(session: Session, cohort: Cohort, *, on: date) -> Mapping[int, Rates]:
    """Return what is known at each checkpoint, of the follow-ups whose window is over."""
    rows = _grouped(session, cohort, "months", "result")
    return {months: _rates(cells, on) for (months,), cells in _nested(rows).items()}


def rates_by(session: Session, cohort: Cohort, *, months: int, by: str, on: date) -> Mapping[str, Rates]:
    """Return the rates of one checkpoint taken apart; the lines add up to the whole."""
    rows = _grouped(session, cohort, by, "months", "result")
    return {key: _rates(cells, on) for (key, at), cells in _nested(rows).items() if at == months}


def leaving_reasons(session: Session, cohort: Cohort) -> list[LeavingReason]:
    """Return why people left, the most frequent reason first; every checkpoint's leavers together."""
    rows = _grouped(session, cohort, "reason", where={"result": Result.LEFT.value})
    known = reasons()
    found = [LeavingReason(code, known[code].name, known[code].lever, total) for code, total in rows]
    return sorted(found, key=lambda one: (-one.total, one.code))


def left_by(session: Session, period_id: str, by: str) -> Mapping[str, int]:
    """Return how many are known to have left, by ``unit`` or ``institution_code``, of the whole city."""
    key = getattr(FollowUpTotal, by)
    wanted = select(key, func.sum(FollowUpTotal.total)).where(
        FollowUpTotal.period_id == period_id, FollowUpTotal.result == Result.LEFT.value, key != ""
    )
    return {office: int(total) for office, total in session.execute(wanted.group_by(key))}


def curve(session: Session, cohort: Cohort) -> list[Step]:
    """Return the share still in the city month by month after the start (Kaplan-Meier)."""
    wanted = (
        select(StayMonth.month, func.sum(StayMonth.leavers), func.sum(StayMonth.last_seen))
        .where(*_meant(StayMonth, cohort))
        .group_by(StayMonth.month)
    )
    found = session.execute(wanted).all()
    return kaplan_meier({row[0]: int(row[1]) for row in found}, {row[0]: int(row[2]) for row in found})


def summed(on: date) -> list[Select[Any]]:
    """Return selects of the sums, by unit and by institution, of what was over before ``on`` and stands."""
    what = [
        FollowUp.cohort_month,
        FollowUp.months,
        type_coerce(FollowUp.result, String).label("result"),
        func.coalesce(FollowUp.reason, "").label("reason"),
    ]
    return [
        _over(on)
        .with_only_columns(FollowUp.period_id, *whose, *what, func.count().label("total"))
        .group_by(FollowUp.period_id, *_named(whose), *what)
        for whose in _SUMMED
    ]


def stays(on: date) -> list[Select[Any]]:
    """Return selects of how many people left, or were last seen, by month after their start.

    Those of whom nothing was ever known stand in month 0.
    """
    return [_stays(on, whose) for whose in _SUMMED]


def differences(session: Session, *, on: date) -> list[str]:
    """Return where the kept sums differ from every single follow-up, as ``table key: kept, found``."""
    return [
        *differing(session, FollowUpTotal, summed(on)),
        *differing(session, StayMonth, stays(on)),
    ]


def summed_on(session: Session) -> date | None:
    """Return the day up to which the kept sums were made."""
    at = session.scalar(select(func.max(FollowUpTotal.built_at)))
    return city_date(at) if at else None


def due_listed(reach: Reach, *, on: date) -> Select[FollowUp]:
    """Select the open follow-ups in reach that nobody has answered, those that close first on top.

    A follow-up is a row only once its window has begun. Counts that were taken back leave at night.
    """
    shown = joinedload(FollowUp.placement)
    wanted = (
        select(FollowUp)
        .where(FollowUp.result.is_(None), FollowUp.closes_on >= on)
        .options(shown.joinedload(Placement.graduate), shown.joinedload(Placement.employer))
        .order_by(FollowUp.closes_on, FollowUp.id)
    )
    if reach.institution_code:
        wanted = wanted.join(Placement, Placement.id == FollowUp.placement_id)
        wanted = wanted.join(Graduate, Graduate.id == Placement.graduate_id)
        return wanted.where(_of_school(reach.institution_code))
    return wanted.where(FollowUp.unit == reach.unit) if reach.unit else wanted


def find(session: Session, reach: Reach, follow_up_id: int) -> FollowUp | None:
    """Return a follow-up in reach, with its person and employer."""
    wanted = _reached(reach).where(FollowUp.id == follow_up_id)
    return session.scalar(wanted.options(contains_eager(FollowUp.placement).joinedload(Placement.employer)))


def of_employer(user_id: int) -> Select[FollowUp]:
    """Select the follow-ups of people counted with the employer a user acts for, with these people."""
    return (
        select(FollowUp)
        .join(Placement, Placement.id == FollowUp.placement_id)
        .join(Member, Member.employer_id == Placement.employer_id)
        .options(contains_eager(FollowUp.placement).joinedload(Placement.graduate))
        .where(Member.user_id == user_id)
    )


def due_of_employer(user_id: int, *, on: date) -> Select[FollowUp]:
    """Select what an employer may still answer, those that close first on top."""
    open_now = (FollowUp.result.is_(None), FollowUp.closes_on >= on)
    return of_employer(user_id).where(*open_now).order_by(FollowUp.closes_on, FollowUp.id)


def count_due_of_employer(session: Session, user_id: int, *, on: date) -> int:
    """Return for how many people an employer may still answer."""
    rows = due_of_employer(user_id, on=on).order_by(None).with_only_columns(func.count(FollowUp.id))
    return session.scalar(rows) or 0


def to_ask(on: date) -> Select[FollowUp]:
    """Select the follow-ups to write letters for: due, open, unanswered, never asked, reachable."""
    return (
        _reached(Reach())
        .join(User, User.id == Graduate.user_id)
        .where(
            FollowUp.result.is_(None),
            FollowUp.asked_at.is_(None),
            FollowUp.due_on <= on,
            FollowUp.closes_on >= on,
            User.is_active,
        )
        .order_by(FollowUp.id)
    )


def answers_of(session: Session, follow_up_id: int) -> list[Answer]:
    """Return every answer of a follow-up in the order it came."""
    wanted = select(FollowUpAnswer).where(FollowUpAnswer.follow_up_id == follow_up_id)
    return [
        Answer(source=one.source, result=one.result, at=one.at, left_on=one.left_on, reason=one.reason)
        for one in session.scalars(wanted.order_by(FollowUpAnswer.id))
    ]


def _reached(reach: Reach) -> Select[FollowUp]:
    whose = contains_eager(FollowUp.placement).contains_eager(Placement.graduate)
    rows = (
        select(FollowUp)
        .join(Placement, Placement.id == FollowUp.placement_id)
        .join(Graduate, Graduate.id == Placement.graduate_id)
        .options(whose.joinedload(Graduate.user))
        .where(Placement.state.in_(LIVE))
    )
    if reach.institution_code:
        return rows.where(_of_school(reach.institution_code))
    return rows.where(FollowUp.unit == reach.unit) if reach.unit else rows


def _stays(on: date, whose: Sequence[ColumnElement[str]]) -> Select[Any]:
    left = func.min(FollowUp.observed_months).filter(FollowUp.result == Result.LEFT)
    seen = func.coalesce(func.max(FollowUp.observed_months), 0)
    people = (
        _over(on)
        .with_only_columns(FollowUp.period_id, *whose, left.label("left"), seen.label("seen"))
        .group_by(FollowUp.placement_id, FollowUp.period_id, *_named(whose))
        .subquery()
    )
    month = func.coalesce(people.c.left, people.c.seen).label("month")
    leavers = func.count(people.c.left).label("leavers")
    last_seen = (func.count() - func.count(people.c.left)).label("last_seen")
    key = [people.c.period_id, people.c.institution_code, people.c.unit, month]
    return select(*key, leavers, last_seen).group_by(*key)


def _over(on: date) -> Select[Any]:
    return (
        select(FollowUp.id)
        .join(Placement, Placement.id == FollowUp.placement_id)
        .join(Graduate, Graduate.id == Placement.graduate_id)
        .where(FollowUp.closes_on < on, FollowUp.result.is_not(None), Placement.state.in_(LIVE))
    )


def _named(columns: Sequence[ColumnElement[str]]) -> list[ColumnElement[str]]:
    """Return the columns of a key that are not an empty text: PostgreSQL groups by no constant."""
    return [column.element for column in columns if column.element is not _NOTHING]


def _of_school(institution_code: str) -> ColumnElement[bool]:
    return Graduate.institution_code == institution_code


def _meant(table: type[FollowUpTotal | StayMonth], cohort: Cohort) -> list[ColumnElement[bool]]:
    """Keep to the rows of one kind: the officer's institution, or units, one of them or all."""
    school = cohort.reach.institution_code or ""
    kept = [table.period_id == cohort.period_id, table.institution_code == school]
    return [*kept, table.unit == cohort.only_unit] if cohort.only_unit and not school else kept


def _grouped(
    session: Session, cohort: Cohort, *names: str, where: Mapping[str, str] | None = None
) -> list[Any]:
    """Return the kept sums by some columns."""
    key = [getattr(FollowUpTotal, name) for name in names]
    wanted = select(*key, func.sum(FollowUpTotal.total)).where(
        *_meant(FollowUpTotal, cohort),
        *(getattr(FollowUpTotal, name) == value for name, value in (where or {}).items()),
    )
    return [(*row[:-1], int(row[-1])) for row in session.execute(wanted.group_by(*key).order_by(*key))]


def _nested(rows: list[Any]) -> dict[tuple[Any, ...], dict[str, int]]:
    """Return rows of (key…, result, total) as totals by result under each key."""
    found: dict[tuple[Any, ...], dict[str, int]] = {}
    for *key, result, total in rows:
        found.setdefault(tuple(key), {})[result] = total
    return found


def _rates(cells: Mapping[str, int], on: date) -> Rates:
    return Rates(threshold=settings_on(on).knowledge_threshold, **cells)
