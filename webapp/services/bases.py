"""Bases and stations: registered when they are approved, closed when they end."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.bases import BaseTerms
from webapp.domain.dates import city_date
from webapp.domain.errors import NotAllowed, NotFound, PlatformError
from webapp.domain.programme import unit_of
from webapp.domain.roles import DECIDES, Scope
from webapp.domain.words import N_
from webapp.models import Officer, Station, TraineeshipBase, User
from webapp.services.audit import record_deed
from webapp.services.employers import OFFICE


class BaseKnown(PlatformError):
    """A second base of the same name would be counted twice."""

    message = N_("“%(name)s”已经登记过。同一个基地只登记一次；如已更名，请先停用原来的。")


class StationKnown(PlatformError):
    """One station a school."""

    message = N_("这所学校已经有工作站：“%(name)s”。")


class OrderOfDays(PlatformError):
    """An end before the beginning."""

    message = N_("有效期的截止日期早于认定日期，请检查。")


def register_base(session: Session, *, by: User, terms: BaseTerms, at: datetime) -> TraineeshipBase:
    """Register a base; its unit is the one that reports for its place on the day of approval."""
    unit = unit_of(terms.district, terms.approved_on)
    if unit is None:
        raise NotFound
    _check_reach(session, by, unit)
    if session.scalar(select(TraineeshipBase.id).where(TraineeshipBase.name == terms.name)):
        raise BaseKnown(name=terms.name)
    if terms.valid_to_on is not None and terms.valid_to_on < terms.approved_on:
        raise OrderOfDays
    base = TraineeshipBase(
        name=terms.name,
        kind=terms.kind.value,
        district=terms.district,
        unit=unit,
        capacity=terms.capacity,
        approved_on=terms.approved_on,
        address=terms.address,
        valid_to_on=terms.valid_to_on,
        created_at=at,
    )
    session.add(base)
    session.flush()
    _note(session, by, "register_base", f"base:{base.id}", at, name=base.name)
    return base


def close_base(session: Session, *, by: User, base_id: int, at: datetime) -> TraineeshipBase:
    """End a base today; it stays in the figures of the time it existed."""
    base = session.get(TraineeshipBase, base_id, with_for_update=True)
    if base is None:
        raise NotFound
    _check_reach(session, by, base.unit)
    base.valid_to_on = min(base.valid_to_on or date.max, max(city_date(at), base.approved_on))
    session.flush()
    _note(session, by, "close_base", f"base:{base.id}", at, name=base.name)
    return base


def open_station(
    session: Session, *, by: User, institution_code: str, name: str, opened_on: date, at: datetime
) -> Station:
    """Register the station of a school; only the city opens stations."""
    _check_reach(session, by, None)
    known = session.scalar(select(Station).where(Station.institution_code == institution_code))
    if known is not None:
        raise StationKnown(name=known.name)
    station = Station(institution_code=institution_code, name=name, opened_on=opened_on, created_at=at)
    session.add(station)
    session.flush()
    _note(session, by, "open_station", f"station:{station.id}", at, name=name)
    return station


def _check_reach(session: Session, by: User, unit: str | None) -> None:
    officer = session.scalar(select(Officer).where(Officer.user_id == by.id))
    if officer is None or officer.scope not in DECIDES:
        raise NotAllowed
    if officer.scope is Scope.UNIT and officer.unit != unit:
        raise NotAllowed


def _note(session: Session, by: User, action: str, subject: str, at: datetime, **facts: object) -> None:
    record_deed(session, by=by, action=action, subject=subject, at=at, on_behalf_of=OFFICE, **facts)
