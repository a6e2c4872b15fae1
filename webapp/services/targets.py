"""Targets: entered from a document by the city, for the whole, a unit or a year; every change is logged."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.domain.errors import NotAllowed, NotFound, PlatformError
from webapp.domain.figure_rules import check_part
from webapp.domain.plan import indicators
from webapp.domain.programme import CITY, units
from webapp.domain.roles import Scope
from webapp.domain.words import N_
from webapp.models import Officer, Period, Target, User
from webapp.services.audit import record_deed
from webapp.services.employers import OFFICE


class PeriodClosed(PlatformError):
    """The targets of a closed period are history."""

    message = N_("“%(period)s”已经结束，它的目标不能再改。")


class TargetSlot(NamedTuple):
    """Which target is meant: ``unit`` may be the whole city, ``year`` 0 the whole period."""

    period_id: str
    indicator: str
    unit: str = CITY
    year: int = 0


def set_target(
    session: Session, *, by: User, slot: TargetSlot, value: Decimal, document: str, at: datetime
) -> Target:
    """Enter what a document asks for; the value before it stays readable in the log.

    A part of another indicator cannot be asked for in full above its whole.
    """
    officer = session.scalar(select(Officer).where(Officer.user_id == by.id))
    if officer is None or officer.scope is not Scope.CITY:
        raise NotAllowed
    period = session.get(Period, slot.period_id)
    if period is None:
        raise NotFound
    if period.status == "closed":
        raise PeriodClosed(period=period.name)
    target = _target(session, period, slot)
    before, target.value, target.quote = target.value, value, document
    _check_subsets(session, slot, value)
    session.flush()
    record_deed(
        session,
        by=by,
        action="set_target",
        subject=f"target:{target.id}",
        at=at,
        on_behalf_of=OFFICE,
        name=target.name,
        unit=slot.unit,
        year=slot.year,
        before=None if before is None else str(before),
        value=str(value),
        document=document,
    )
    return target


def _target(session: Session, period: Period, slot: TargetSlot) -> Target:
    """Return the row of a slot, made after the period's own row where nobody has set it yet."""
    rows = {TargetSlot(one.period_id, one.indicator, one.unit, one.year): one for one in _rows(session, slot)}
    whole = rows.get(TargetSlot(slot.period_id, slot.indicator))
    years = range(period.start_on.year, period.end_on.year + 1)
    if whole is None or slot.unit not in {CITY, *units()} or slot.year not in {0, *years}:
        raise NotFound
    if slot not in rows:
        said = {name: getattr(whole, name) for name in ("name", "measure", "basis", "op", "subset_of")}
        rows[slot] = Target(**slot._asdict(), **said)
        session.add(rows[slot])
    return rows[slot]


def _rows(session: Session, slot: TargetSlot) -> list[Target]:
    here = or_(
        (Target.unit == slot.unit) & (Target.year == slot.year), (Target.unit == CITY) & (Target.year == 0)
    )
    wanted = select(Target).where(
        Target.period_id == slot.period_id, Target.indicator == slot.indicator, here
    )
    return list(session.scalars(wanted.with_for_update()))


def _check_subsets(session: Session, slot: TargetSlot, value: Decimal) -> None:
    """Keep what is asked of a part within what is asked of its whole, in the same unit and year."""
    plan = indicators(slot.period_id)
    same = (Target.period_id == slot.period_id, Target.unit == slot.unit, Target.year == slot.year)
    known = {one.indicator: one.value for one in session.scalars(select(Target).where(*same))}
    for part in plan.values():
        if part.subset_of is None or part.basis is not plan[part.subset_of].basis:
            continue
        if part.id == slot.indicator:
            check_part(part, value, plan[part.subset_of], known.get(part.subset_of))
        elif part.subset_of == slot.indicator and (least := known.get(part.id)) is not None:
            check_part(part, least, plan[slot.indicator], value)
