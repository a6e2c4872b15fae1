"""Targets: entered from a document by the city, every change kept in the log."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.errors import NotAllowed, NotFound, PlatformError
from webapp.domain.roles import Scope
from webapp.domain.words import N_
from webapp.models import Officer, Period, Target, User
from webapp.services.audit import record_deed
from webapp.services.employers import OFFICE


class PeriodClosed(PlatformError):
    """The targets of a closed period are history."""

    message = N_("“%(period)s”已经结束，它的目标不能再改。")


def set_target(
    session: Session, *, by: User, target_id: int, value: Decimal, document: str, at: datetime
) -> Target:
    """Enter what a document asks for; the value before it stays readable in the log."""
    officer = session.scalar(select(Officer).where(Officer.user_id == by.id))
    if officer is None or officer.scope is not Scope.CITY:
        raise NotAllowed
    target = session.get(Target, target_id, with_for_update=True)
    if target is None:
        raise NotFound
    period = session.get_one(Period, target.period_id)
    if period.status == "closed":
        raise PeriodClosed(period=period.name)
    before, target.value, target.quote = target.value, value, document
    session.flush()
    record_deed(
        session,
        by=by,
        action="set_target",
        subject=f"target:{target.id}",
        at=at,
        on_behalf_of=OFFICE,
        name=target.name,
        before=None if before is None else str(before),
        value=str(value),
        document=document,
    )
    return target
