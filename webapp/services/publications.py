"""Making a figure public: one officer of the city asks, the ledger is counted, a second one confirms.

A published figure is never changed; a correction is a new one that names it.
"""

from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.dates import city_date
from webapp.domain.definitions import definition
from webapp.domain.differences import Figure, beside_reports, left_out
from webapp.domain.errors import Conflict, NotAllowed, NotFound, PlatformError
from webapp.domain.programme import units
from webapp.domain.roles import Scope
from webapp.domain.words import N_
from webapp.models import FigureCheck, KeptDefinition, Period, Publication, PublishedFigure, User
from webapp.queries.publications import as_seen, counted_at, graded, is_counted, published_for
from webapp.queries.reports.kept import public_definition
from webapp.queries.sampling import latest_error_rate
from webapp.services.verifications import officer_of, stated


class DayNotOver(PlatformError):
    """A figure as of a day that still takes entries."""

    message = N_("%(day)s 还没有过完，当天的数字还会变。请选择昨天或更早的一天。")


class DefinitionNotLoaded(PlatformError):
    """A figure can only be published by a definition that is kept as it was."""

    message = N_("口径 %(id)s 还没有载入，或与载入时不同。请先运行 python -m scripts load-programme。")


class AlreadyCorrected(PlatformError):
    """A figure is corrected once; the correction may be corrected in turn."""

    message = N_("这个数字已经更正过。请更正最后公布的那一个。")


class NotCountedYet(PlatformError):
    """The second officer cannot confirm a number nobody has seen."""

    message = N_("数字还在计算，算好之后才能确认公布。请过一会儿刷新页面。")


class SecondOfficerConfirms(PlatformError):
    """The officer who asked cannot be the one who confirms."""

    message = N_("您提出的公布须由另一名市级工作人员确认。")


class ReportsPublic(PlatformError):
    """A figure for a day whose public reports a reader could subtract from it."""

    message = N_(
        "%(day)s 的报告已按口径 %(id)s 公开，其他口径或单位的数字和报告的表相减，可能露出个别人。"
        "请改为公布全市按口径 %(id)s 的数字，或另选一天。"
    )


def ask_publication(
    session: Session,
    *,
    by: User,
    period_id: str,
    definition_id: str,
    as_of: date,
    at: datetime,
    unit: str | None = None,
    supersedes_id: int | None = None,
    reason: str | None = None,
) -> Publication:
    """Ask that a figure be made public; with ``supersedes_id`` as the correction of an earlier one."""
    _city(session, by)
    if session.get(Period, period_id) is None or (unit is not None and unit not in units()):
        raise NotFound
    if as_of >= city_date(at):
        raise DayNotOver(day=as_of)
    _check_kept(session, definition_id)
    _check_reports(session, period_id, definition_id, unit, as_of)
    if supersedes_id is not None:
        _check_correction(session, supersedes_id, period_id, unit, reason)
    asked = Publication(
        period_id=period_id,
        definition_id=definition_id,
        unit=unit,
        as_of_on=as_of,
        supersedes_id=supersedes_id,
        reason=(reason or "").strip() if supersedes_id is not None else None,
        asked_by_id=by.id,
        asked_at=at,
    )
    session.add(asked)
    session.flush()
    return asked


def keep_answer(
    session: Session, *, publication_id: int, answer: dict[str, Any], at: datetime
) -> Publication:
    """Keep what the ledger answered, until a second officer decides."""
    asked = session.get_one(Publication, publication_id, with_for_update=True, populate_existing=True)
    if asked.done is None:
        asked.answer, asked.figured_at = answer, at
        session.flush()
    return asked


def publish(session: Session, *, by: User, publication_id: int, at: datetime) -> PublishedFigure:
    """Confirm a figure: it stands from now on, with the last finished audit's error rate beside it."""
    asked = _waiting(session, by, publication_id)
    if asked.asked_by_id == by.id:
        raise SecondOfficerConfirms
    if asked.answer is None or not is_counted(asked):
        raise NotCountedYet
    _check_kept(session, asked.definition_id)
    session.get_one(Period, asked.period_id, with_for_update=True)  # of a day, one decision at a time
    _check_reports(session, asked.period_id, asked.definition_id, asked.unit, asked.as_of_on)
    if asked.supersedes_id is not None:
        _check_correction(session, asked.supersedes_id, asked.period_id, asked.unit, asked.reason)
    figure = PublishedFigure(
        **{name: getattr(asked, name) for name in _SAME},
        **_answered(asked.answer),
        hidden=_hidden(session, asked, asked.answer),
        **_error_rate(session, asked),
        published_by_id=asked.asked_by_id,
        confirmed_by_id=by.id,
        published_at=at,
    )
    session.add(figure)
    _decide(session, asked, by, at, done=True)
    return figure


def drop_publication(session: Session, *, by: User, publication_id: int, at: datetime) -> Publication:
    """Take a figure off the table before it is public."""
    asked = _waiting(session, by, publication_id)
    _decide(session, asked, by, at, done=False)
    return asked


def ask_check(session: Session, *, figure_id: int, by: User, at: datetime) -> FigureCheck:
    """Ask that a published figure be counted again; one question at a time is enough."""
    officer_of(session, by)
    if session.get(PublishedFigure, figure_id) is None:
        raise NotFound
    waiting = select(FigureCheck).where(FigureCheck.figure_id == figure_id, FigureCheck.value.is_(None))
    check = session.scalar(waiting) or FigureCheck(figure_id=figure_id, asked_by_id=by.id, asked_at=at)
    session.add(check)
    session.flush()
    return check


def keep_check(session: Session, *, check_id: int, value: int, agrees: bool, at: datetime) -> None:
    """Keep what counting again has found."""
    check = session.get_one(FigureCheck, check_id)
    check.value, check.agrees, check.checked_at = value, agrees, at
    session.flush()


_SAME = ("period_id", "definition_id", "unit", "as_of_on", "supersedes_id", "reason")


def _answered(answer: dict[str, Any]) -> dict[str, Any]:
    asked = answer["asked"]
    return {
        "definition_digest": asked["definition"],
        "ruleset_id": answer["ruleset"],
        "seq": asked["head"]["seq"],
        "hash": asked["head"]["hash"],
        "query_digest": answer["digest"],
        "value": answer["total"],
        "by_grade": answer["by_grade"],
    }


def _hidden(session: Session, asked: Publication, answer: dict[str, Any]) -> list[str]:
    """Decide once and for all what the public does not see."""
    public = [as_seen(one) for one in published_for(session, asked.period_id, asked.as_of_on)]
    figure = Figure(definition(asked.definition_id), graded(answer["by_grade"]), asked.unit)
    return sorted(left_out(figure, public, partial(counted_at, answer["grades"])))


def _error_rate(session: Session, asked: Publication) -> dict[str, Any]:
    found = latest_error_rate(session, asked.period_id, asked.unit)
    low, high = (found.interval if found else None) or (None, None)
    return {
        "audit_sample_id": found.sample.id if found else None,
        "error_rate": found.rate if found else None,
        "error_low": low,
        "error_high": high,
    }


def _check_kept(session: Session, definition_id: str) -> None:
    kept = session.get(KeptDefinition, definition_id)
    if kept is None or kept.digest != definition(definition_id).digest:
        raise DefinitionNotLoaded(id=definition_id)


def _check_reports(
    session: Session, period_id: str, definition_id: str, unit: str | None, as_of: date
) -> None:
    public = public_definition(session, period_id, as_of)
    if public is not None and not beside_reports(definition_id, unit, public):
        raise ReportsPublic(day=as_of, id=public)


def _check_correction(
    session: Session, supersedes_id: int, period_id: str, unit: str | None, reason: str | None
) -> None:
    before = session.get(PublishedFigure, supersedes_id)
    if before is None or (before.period_id, before.unit) != (period_id, unit):
        raise NotFound
    stated(reason or "")
    corrected = select(PublishedFigure.id).where(PublishedFigure.supersedes_id == supersedes_id)
    if session.scalar(corrected) is not None:
        raise AlreadyCorrected


def _waiting(session: Session, by: User, publication_id: int) -> Publication:
    _city(session, by)
    asked = session.get(Publication, publication_id, with_for_update=True, populate_existing=True)
    if asked is None:
        raise NotFound
    if asked.done is not None:
        raise Conflict
    return asked


def _decide(session: Session, asked: Publication, by: User, at: datetime, *, done: bool) -> None:
    asked.done, asked.decided_by_id, asked.decided_at = done, by.id, at
    session.flush()


def _city(session: Session, by: User) -> None:
    if officer_of(session, by).scope is not Scope.CITY:
        raise NotAllowed
