"""The way of graduates through the platform: registered to still here, in persons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from webapp.domain.dates import start_of_day
from webapp.domain.pipeline import EMPLOYED, Stage
from webapp.domain.retention import LIVE
from webapp.domain.words import N_
from webapp.models import Application, ApplicationStep, Graduate, Period, Placement

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


def funnel(
    session: Session, *, period: Period | None = None, institution_code: str | None = None
) -> list[FunnelStage]:
    """Return how many graduates reached each stage; ``period`` keeps those who registered within it.

    Persons are counted, never applications. A claim made without the platform's pipeline is counted
    where it stands, so a later stage may be larger than an earlier one.
    """
    people = select(func.count(Graduate.id)).where(Graduate.restricted_at.is_(None))
    if institution_code is not None:
        people = people.where(Graduate.institution_code == institution_code)
    if period is not None:
        people = people.where(
            Graduate.created_at >= start_of_day(period.start_on),
            Graduate.created_at < start_of_day(period.end_on + timedelta(days=1)),
        )
    return [
        FunnelStage(key, STAGES[key], session.scalar(people.where(reached)) or 0)
        for key, reached in _conditions().items()
    ]


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
