"""Loading the programme's periods, targets and reported figures; doing it twice changes nothing."""

import itertools
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.catalogues import districts
from webapp.domain.dated import (
    PeriodFixed,
    RulesetInUse,
    check_partition,
    check_periods,
    digest_of,
    may_follow,
)
from webapp.domain.errors import PlatformError
from webapp.domain.plan import whole
from webapp.domain.programme import CITY, FOLDER, read_table
from webapp.domain.words import N_
from webapp.models import KeptRuleset, LedgerEntry, Period, ReportedFigure, Target
from webapp.services.definitions import keep_definition


class PeriodsOverlap(PlatformError):
    """Two periods share a day: nobody could say where that day counts."""

    message = N_("时期 %(one)s 与 %(other)s 的日期重叠。每一天只能属于一个时期，请更正起止日期。")


def load_programme(session: Session, *, at: datetime, folder: Path = FOLDER) -> dict[str, int]:
    """Write periods, targets and reported figures as the files state them; return how many of each.

    The dated files are checked first: a partition of places on every day, rules that exist, rules and
    periods in use unchanged, definitions in use too.
    Known rows are brought up to date in place, so that loading again changes nothing.
    """
    rulesets, rows = (read_table(f"{name}.json", folder)[name] for name in ("rulesets", "periods"))
    units = read_table("units.json", folder)
    check_partition(units, districts())
    check_periods(rows, rulesets={row["id"] for row in rulesets}, versions={units["version"]})
    for row in rulesets:
        _keep_ruleset(session, row, at)
    for row in read_table("definitions.json", folder)["definitions"]:
        keep_definition(session, row, at)
    periods = [_period(session, row) for row in rows]
    session.flush()
    _check_apart(session)
    targets = [_target(session, row) for row in read_table("targets.json", folder)["targets"]]
    figures = [_figure(session, row, at) for row in read_table("reported.json", folder)["reported"]]
    session.flush()
    return {"periods": len(periods), "targets": len(targets), "reported": len(figures)}


def _keep_ruleset(session: Session, row: Mapping[str, Any], at: datetime) -> None:
    """Keep the rules as they were when somebody was first counted by them."""
    kept, digest = session.get(KeptRuleset, row["id"]), digest_of(row)
    if kept is None:
        session.add(KeptRuleset(id=row["id"], content=dict(row), digest=digest, loaded_at=at))
    elif kept.digest != digest:
        if session.scalar(select(LedgerEntry.seq).where(LedgerEntry.ruleset_id == kept.id).limit(1)):
            raise RulesetInUse(ruleset=kept.id)
        kept.content, kept.digest, kept.loaded_at = dict(row), digest, at


def _period(session: Session, row: Mapping[str, Any]) -> Period:
    known = session.get(Period, row["id"])
    if known is not None:
        _check_fixed(session, known, row)
    return session.merge(
        Period(
            id=row["id"],
            name=row["name"],
            start_on=date.fromisoformat(row["start_on"]),
            end_on=date.fromisoformat(row["end_on"]),
            status=row["status"],
            ruleset_id=row["ruleset"],
        )
    )


def _check_fixed(session: Session, known: Period, row: Mapping[str, Any]) -> None:
    """Refuse to reopen a period, or to give one in which somebody was counted other days or rules."""
    written = (known.start_on.isoformat(), known.end_on.isoformat(), known.ruleset_id)
    edited = written != (row["start_on"], row["end_on"], row["ruleset"])
    counted = select(LedgerEntry.seq).where(LedgerEntry.period_id == known.id).limit(1)
    if not may_follow(known.status, row["status"]) or (edited and session.scalar(counted)):
        raise PeriodFixed(period=known.id)


def _check_apart(session: Session) -> None:
    ordered = session.scalars(select(Period).order_by(Period.start_on, Period.id)).all()
    for one, other in itertools.pairwise(ordered):
        if other.start_on <= one.end_on:
            raise PeriodsOverlap(one=one.id, other=other.id)


def _target(session: Session, row: Mapping[str, Any]) -> Target:
    known = session.scalar(
        select(Target).where(
            Target.period_id == row["period"],
            Target.indicator == row["id"],
            Target.unit == CITY,
            Target.year == 0,
        )
    )
    target = known or Target(period_id=row["period"], indicator=row["id"], unit=CITY, year=0)
    target.name, target.basis, target.op = row["name"], row["basis"], row["op"]
    value, target.measure = whole(row["value"], row["unit"])
    if known is None or value is not None:  # a file without a target keeps the one an officer has entered
        target.value, target.quote = value, row["quote"]
    target.subset_of = row["subset_of"]
    session.add(target)
    return target


def _figure(session: Session, row: Mapping[str, Any], at: datetime) -> ReportedFigure:
    label = _span(row["start_on"], row["end_on"])
    unit = row["unit"] or CITY
    known = session.scalar(
        select(ReportedFigure).where(
            ReportedFigure.period_id == row["period"],
            ReportedFigure.indicator == row["indicator"],
            ReportedFigure.unit == unit,
            ReportedFigure.label == label,
            ReportedFigure.source == row["source"],
        )
    )
    figure = known or ReportedFigure(
        period_id=row["period"],
        indicator=row["indicator"],
        unit=unit,
        label=label,
        source=row["source"],
        received_at=at,
    )
    figure.value = whole(row["value"], row["measure"])[0] or Decimal(0)
    figure.status = row["status"]
    session.add(figure)
    return figure


def _span(start_on: str, end_on: str) -> str:
    first, last = start_on[:4], end_on[:4]
    return first if first == last else f"{first}-{last}"
