"""Every graduate of the cohort window once, where they are nearest to being counted; what a year brings.

Sweeps over the whole city, for the night: pages read the sums kept of them.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, or_, select
from sqlalchemy.orm import aliased

from webapp.domain.dates import month_of
from webapp.domain.planner import Place
from webapp.domain.programme import outcome_codes, rulesets
from webapp.domain.projection import months_before
from webapp.domain.retention import Cause, ClaimState, EntryKind
from webapp.models import CountFacts, Graduate, LedgerEntry, LiveCount, Period, PersonAlias, Placement

LOST = (Cause.R3, Cause.R4)
"""Causes of reversals that are losses: not onboarded, or gone within the first days."""
YEAR = 12
_CLAIMED = (ClaimState.CLAIMED, ClaimState.RETURNED)
_PENDING = (ClaimState.EVIDENCED, ClaimState.PROVISIONAL, *_CLAIMED)
_RANKS: Mapping[Place, int] = {place: rank for rank, place in enumerate(Place)}
"""Places from the nearest to being counted to the farthest, as :class:`Place` lists them."""


def people(period: Period, on: date) -> Select[Any]:
    """Select unit, institution, cluster, place, late, grown and how many people are like that.

    A person with several claims, accounts or documents is one: documents are followed over two joints.
    """
    rank = _rank(period)
    claims = rank.in_([_RANKS[one] for one in (Place.WAITING, Place.PROVISIONAL, Place.CLAIMED)])
    nearest = func.row_number().over(
        partition_by=func.coalesce(_ROOT, cast(Graduate.id, String)),
        order_by=(rank, Placement.id.desc(), Graduate.id.desc()),
    )
    person = (
        _everybody(period, on)
        .with_only_columns(
            func.coalesce(LiveCount.unit, case((claims, Placement.unit))).label("unit"),
            func.coalesce(LiveCount.institution_code, Graduate.institution_code).label("institution"),
            func.coalesce(LiveCount.cluster, case((claims, Placement.cluster))).label("cluster"),
            rank.label("rank"),
            case((and_(claims, Placement.started_on < _settled_on(period, on)), 1), else_=0).label("late"),
            case((Graduate.graduation_on < date(on.year, 1, 1), 1), else_=0).label("grown"),
            nearest.label("nearest"),
        )
        .subquery()
    )
    named = case(*((person.c.rank == rank, place.value) for place, rank in _RANKS.items()))
    key = [person.c[name] for name in ("unit", "institution", "cluster", "rank", "late", "grown")]
    return (
        select(*key[:3], named.label("place"), *key[4:], func.count())
        .where(person.c.nearest == 1)
        .group_by(*key)
    )


def flow(on: date) -> Select[Any]:
    """Select unit, institution, cluster and how many outcomes began in the last twelve full months."""
    key: list[Any] = [LiveCount.unit, LiveCount.institution_code, LiveCount.cluster]
    months = LiveCount.attributed_month.in_(months_before(month_of(on), YEAR))
    return select(*key, func.count()).where(months).group_by(*key)


def broken(on: date) -> Select[Any]:
    """Select unit, institution, cluster and how many counts the last twelve full months lost."""
    key: list[Any] = [LedgerEntry.unit, CountFacts.institution_code, CountFacts.cluster]
    return (
        select(*key, func.count())
        .join(CountFacts, CountFacts.placement_id == LedgerEntry.placement_id)
        .where(
            LedgerEntry.kind == EntryKind.REVERSE,
            LedgerEntry.cause.in_(LOST),
            LedgerEntry.posted_month.in_(months_before(month_of(on), YEAR)),
        )
        .group_by(*key)
    )


_ALIAS, _FURTHER = aliased(PersonAlias), aliased(PersonAlias)
_ROOT: ColumnElement[str] = func.coalesce(_FURTHER.joined_to, _ALIAS.joined_to, Graduate.person_key)


def _everybody(period: Period, on: date) -> Select[Any]:
    """Select graduates in the window with their count, if any, and their open claims."""
    rules = rulesets()[period.ruleset_id]
    this_degree = LiveCount.graduated_in == func.substr(cast(Graduate.graduation_on, String), 1, 4)
    counted = and_(LiveCount.person_root == _ROOT, or_(LiveCount.period_id == period.id, this_degree))
    claimed = and_(Placement.graduate_id == Graduate.id, Placement.state.in_(_PENDING))
    first = date(on.year - rules.cohort_years, on.month, 1)
    return (
        select(Graduate.id)
        .outerjoin(_ALIAS, _ALIAS.person_key == Graduate.person_key)
        .outerjoin(_FURTHER, _FURTHER.person_key == _ALIAS.joined_to)
        .outerjoin(LiveCount, counted)
        .outerjoin(Placement, claimed)
        .where(
            Graduate.restricted_at.is_(None),
            Graduate.graduation_on.between(first, on),
            or_(
                Graduate.degree_verified_on.is_not(None),
                Placement.id.is_not(None),
                LiveCount.seq.is_not(None),
            ),
        )
    )


def _rank(period: Period) -> ColumnElement[int]:
    """Say in SQL where a row puts its person, as a number; the nearest place is the smallest."""
    codes = [code for code, one in outcome_codes().items() if one.counts]
    countable = and_(Placement.unit.is_not(None), func.substr(Placement.outcome_code, 1, 2).in_(codes))
    open_here = and_(countable, Placement.started_on.between(period.start_on, period.end_on))
    return case(
        (LiveCount.seq.is_not(None), _RANKS[Place.RETAINED]),
        (and_(open_here, Placement.state == ClaimState.EVIDENCED), _RANKS[Place.WAITING]),
        (and_(open_here, Placement.state == ClaimState.PROVISIONAL), _RANKS[Place.PROVISIONAL]),
        (and_(open_here, Placement.state.in_(_CLAIMED)), _RANKS[Place.CLAIMED]),
        (and_(Placement.id.is_not(None), ~countable), _RANKS[Place.ELSEWHERE]),
        else_=_RANKS[Place.UNPLACED],
    )


def _settled_on(period: Period, on: date) -> date:
    """Return the first day of the months that are still filling up: claims before it are late."""
    lag = rulesets()[period.ruleset_id].insurance_lag_months
    return date.fromisoformat(f"{months_before(month_of(on), lag)[0]}-01") if lag else on
