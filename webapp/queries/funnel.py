"""The way of graduates through the platform: registered to still here, in persons, from kept sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select
from sqlalchemy.orm import Session

from webapp.domain.dates import start_of_day
from webapp.domain.pipeline import EMPLOYED, Stage
from webapp.domain.retention import LIVE
from webapp.domain.words import N_
from webapp.models import Application, ApplicationStep, FunnelTotal, Graduate, Period, Placement

STAGES: Mapping[str, str] = {
    "registered": N_("已注册"),
    "matched": N_("看过匹配"),
    "applied": N_("已投递"),
    "answered": N_("得到答复"),
    "offered": N_("收到录用"),
    "onboarded": N_("已到岗"),
    "counted": N_("已计入"),
    "still_here": N_("仍在汉"),
}


@dataclass(frozen=True, slots=True)
class FunnelStage:
    """One stage: how many persons reached it, on the platform or beside it."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """All stages in order, as they stood when the sums were made; no stages where none ever were."""

    stages: Sequence[FunnelStage]
    summed_at: datetime | None


def funnel(session: Session, *, period_id: str, institution_code: str | None = None) -> Funnel:
    """Return how many of those who registered within a period reached each stage.

    Persons are counted, never applications. A claim made without the platform's pipeline is counted
    where it stands, so a later stage may be larger than an earlier one.
    """
    wanted = select(FunnelTotal.stage, func.sum(FunnelTotal.total)).where(FunnelTotal.period_id == period_id)
    if institution_code is not None:
        wanted = wanted.where(FunnelTotal.institution_code == institution_code)
    found = dict(session.execute(wanted.group_by(FunnelTotal.stage)).tuples().all())
    stages = [FunnelStage(key, label, int(found.get(key, 0))) for key, label in STAGES.items()]
    return Funnel(stages if found else [], summed_at(session))


def summed_at(session: Session) -> datetime | None:
    """Return when the sums were last made."""
    return session.scalar(select(func.max(FunnelTotal.built_at)))


def summed(periods: Sequence[Period]) -> list[Select[Any]]:
    """Return selects of the sums, one a stage, by the period of registration and the institution."""
    period = _period_of_registration(periods).label("period_id")
    school = func.coalesce(Graduate.institution_code, "").label("institution_code")
    found: list[Select[Any]] = []
    for stage, reached in _conditions().items():
        columns: tuple[Any, ...] = (
            period,
            school,
            literal(stage).label("stage"),
            func.count().label("total"),
        )
        people = select(*columns).where(Graduate.restricted_at.is_(None), reached)
        found.append(people.group_by("period_id", Graduate.institution_code))
    return found


def _period_of_registration(periods: Sequence[Period]) -> ColumnElement[str]:
    within = [
        (
            and_(
                Graduate.created_at >= start_of_day(one.start_on),
                Graduate.created_at < start_of_day(one.end_on + timedelta(days=1)),
            ),
            literal(one.id),
        )
        for one in periods
    ]
    return case(*within, else_="") if within else literal("")


def _conditions() -> Mapping[str, ColumnElement[bool]]:
    """Return for each stage what says that a graduate has reached it."""
    counted = _placements().where(Placement.state.in_(LIVE))
    return {
        "registered": Graduate.id.is_not(None),
        "matched": Graduate.matched_at.is_not(None),
        "applied": _applications().exists(),
        "answered": _applications().where(Application.answered_at.is_not(None)).exists(),
        "offered": _passed(Stage.OFFER_MADE),
        "onboarded": _passed(*EMPLOYED),
        "counted": counted.exists(),
        "still_here": counted.where(Placement.ended_on.is_(None)).exists(),
    }


def _applications() -> Select[Any]:
    return select(Application.id).where(Application.graduate_id == Graduate.id)


def _placements() -> Select[Any]:
    return select(Placement.id).where(Placement.graduate_id == Graduate.id)


def _passed(*stages: Stage) -> ColumnElement[bool]:
    steps = _applications().join(ApplicationStep, ApplicationStep.application_id == Application.id)
    return steps.where(ApplicationStep.target.in_(stages)).exists()
