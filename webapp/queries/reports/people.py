"""Graduates on their way: who may be counted, who is, how long it took, what they earn, who stayed."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, case, extract, func, select
from sqlalchemy.orm import Session

from webapp.domain.histogram import quantiles
from webapp.domain.retention import ClaimState
from webapp.models import Employer, FollowUpTotal, Graduate, LiveCount, Placement
from webapp.queries.reports.asked import (
    Asked,
    Cell,
    Gathered,
    Tables,
    crossed,
    digest_of_query,
    in_order,
    walk,
    whole,
)
from webapp.queries.reports.standing import standing

OPEN = (ClaimState.CLAIMED, ClaimState.EVIDENCED, ClaimState.PROVISIONAL)
"""States of a claim that may still be counted."""
SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)
PAID_BY = ("industry", "ownership", "degree", "cluster")


def tables(session: Session, asked: Asked) -> Tables:
    """Yield the graduates with a verified degree by how far they are, and the follow-ups."""
    facts = ("year", "degree", "institution_code")
    yield from crossed(
        session, _stages(asked), {f"graduates_by_{fact}_stage": (fact, "stage") for fact in facts}
    )
    yield "follow_ups", whole(session, _follow_ups(asked))


def walks(session: Session, asked: Asked) -> Tables:
    """Yield what needs quantiles: days from graduation to work, pay of the counted."""
    yield "days_to_work", _days(session, asked)
    yield from _pay(session, asked)


def _stages(asked: Asked) -> Select[Any]:
    """Select every graduate with a verified degree and their stage.

    It is a grade, ``earlier`` (counted in another period), ``claimed`` or ``none``.
    """
    counts = standing(asked)
    counted = (
        select(Placement.graduate_id, func.min(counts.c.grade).label("grade"))
        .join(counts, counts.c.placement_id == Placement.id)
        .group_by(Placement.graduate_id)
        .subquery("counted")
    )
    claimed = (
        select(Placement.graduate_id)
        .where(Placement.state.in_(OPEN), Placement.created_at < asked.after)
        .distinct()
        .subquery("claimed")
    )
    earlier = (
        select(Placement.graduate_id)
        .join(LiveCount, LiveCount.placement_id == Placement.id)
        .where(LiveCount.period_id != asked.period_id)
        .distinct()
        .subquery("earlier")
    )
    stage = case(
        (counted.c.grade.is_not(None), counted.c.grade),
        (earlier.c.graduate_id.is_not(None), "earlier"),
        (claimed.c.graduate_id.is_not(None), "claimed"),
        else_="none",
    )
    columns: list[Any] = [
        extract("year", Graduate.graduation_on).label("year"),
        Graduate.degree,
        Graduate.institution_code,
        stage.label("stage"),
    ]
    return (
        select(*columns)
        .select_from(Graduate)
        .outerjoin(counted, counted.c.graduate_id == Graduate.id)
        .outerjoin(earlier, earlier.c.graduate_id == Graduate.id)
        .outerjoin(claimed, claimed.c.graduate_id == Graduate.id)
        .where(Graduate.degree_verified_on <= asked.as_of, Graduate.graduation_on <= asked.as_of)
    )


def _follow_ups(asked: Asked) -> Select[Any]:
    columns: list[Any] = [FollowUpTotal.unit, FollowUpTotal.months, FollowUpTotal.result]
    return (
        select(*columns, func.sum(FollowUpTotal.total).label("people"))
        .where(FollowUpTotal.period_id == asked.period_id, FollowUpTotal.institution_code == "")
        .group_by(*columns)
    )


def _days(session: Session, asked: Asked) -> Gathered:
    counts = standing(asked)
    columns = [counts.c.degree, Graduate.graduation_on, Placement.started_on]
    wanted = (
        select(*columns, func.count())
        .join(Placement, Placement.id == counts.c.placement_id)
        .join(Graduate, Graduate.id == Placement.graduate_id)
        .where(Graduate.graduation_on.is_not(None))
        .group_by(*columns)
    )
    found: dict[str | None, Counter[int]] = defaultdict(Counter)
    for degree, graduation_on, started_on, people in walk(session, wanted):
        found[degree][max(0, (started_on - graduation_on).days)] += people
    rows: list[list[Cell]] = [
        [degree, sum(days.values()), *quantiles(days, SHARES[1:4])] for degree, days in found.items()
    ]
    return Gathered(("degree", "people", "p25", "p50", "p75"), in_order(rows), digest_of_query(wanted))


def _pay(session: Session, asked: Asked) -> Tables:
    """Walk once over everybody counted with an employer and a stated pay."""
    counts = standing(asked)
    wanted = (
        select(
            Employer.industry,
            Employer.kind.label("ownership"),
            counts.c.degree,
            counts.c.cluster,
            Placement.employer_id,
            Placement.pay,
        )
        .select_from(counts)
        .join(Placement, Placement.id == counts.c.placement_id)
        .join(Employer, Employer.id == Placement.employer_id)
        .where(Placement.pay.is_not(None), Placement.pay > 0)
    )
    pay: Mapping[str, dict[Any, Counter[int]]] = {name: defaultdict(Counter) for name in PAID_BY}
    firms: Mapping[str, dict[Any, Counter[int]]] = {name: defaultdict(Counter) for name in PAID_BY}
    for *keys, employer_id, amount in walk(session, wanted):
        for name, key in zip(PAID_BY, keys, strict=True):
            pay[name][key][amount] += 1
            firms[name][key][employer_id] += 1
    columns = ("people", "employers", "largest", "p10", "p25", "p50", "p75", "p90")
    for name in PAID_BY:
        rows = [[_said(key), *_paid(pay[name][key], firms[name][key])] for key in pay[name]]
        yield f"pay_by_{name}", Gathered((name, *columns), in_order(rows), digest_of_query(wanted))


def _paid(pay: Counter[int], firms: Counter[int]) -> Sequence[Cell]:
    """Return how many people, how many employers, the people of the largest one, and the quantiles."""
    return [pay.total(), len(firms), max(firms.values()), *quantiles(pay, SHARES)]


def _said(key: Any) -> str | None:
    return None if key is None else str(key)
