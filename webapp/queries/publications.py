"""Published figures: what stands, what it superseded, what waits, and whether it can be told again."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from webapp.domain.definitions import Definition, definition, definitions
from webapp.domain.differences import Figure
from webapp.domain.errors import NotFound
from webapp.domain.evidence import VERIFIERS
from webapp.models import FigureCheck, Publication, PublishedFigure, User
from webapp.queries.asof import Answer, count_as_of, grades_as_of

_Asked, _Decided = aliased(User), aliased(User)


def find_figure(session: Session, figure_id: int) -> PublishedFigure:
    """Return a published figure or refuse."""
    found = session.get(PublishedFigure, figure_id)
    if found is None:
        raise NotFound
    return found


def count_again(session: Session, figure: PublishedFigure) -> tuple[Answer, bool]:
    """Count a published figure again from the ledger; ``True`` where question and answer are the same.

    The digest seals definition, rules, head of the ledger and every partial sum: no digit may differ.
    """
    answer = _counted(session, figure)
    return answer, answer.as_json()["digest"] == figure.query_digest


def answer_of(session: Session, asked: Publication) -> dict[str, Any]:
    """Return what the ledger answers, and beside it the grades of the day by definition and unit.

    What nobody has published must not come out either when the figure does.
    """
    answer = _counted(session, asked)
    grades = grades_as_of(session, period_id=asked.period_id, as_of=asked.as_of_on)
    return {**answer.as_json(), "asked": answer.asked, "grades": grades}


def _counted(session: Session, one: Publication | PublishedFigure) -> Answer:
    return count_as_of(
        session,
        period_id=one.period_id,
        definition=definition(one.definition_id),
        as_of=one.as_of_on,
        unit=one.unit,
    )


def figures_listed(period_id: str | None = None) -> Select[Any]:
    """Select published figures with the one that superseded each, the latest first."""
    later = aliased(PublishedFigure)
    rows = (
        select(PublishedFigure, later.id)
        .outerjoin(later, later.supersedes_id == PublishedFigure.id)
        .order_by(PublishedFigure.id.desc())
    )
    return cast(
        "Select[Any]", rows if period_id is None else rows.where(PublishedFigure.period_id == period_id)
    )


def as_seen(figure: PublishedFigure) -> Figure:
    """Return a figure as everybody may see it."""
    return Figure(
        definition(figure.definition_id), graded(figure.by_grade), figure.unit, frozenset(figure.hidden)
    )


def counted_at(
    grades: Mapping[str, Mapping[str, Mapping[str, int]]], rule: Definition, unit: str | None
) -> tuple[tuple[str, int], ...]:
    """Return what a definition counts at a unit or in the city, out of the grades of :func:`answer_of`."""
    at = grades[rule.id]
    return graded(at.get(unit, {}) if unit is not None else sum(map(Counter, at.values()), Counter[str]()))


def graded(by_grade: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Return the people of every grade, also of those that have none."""
    return tuple((grade.value, by_grade.get(grade.value, 0)) for grade in VERIFIERS)


def published_for(session: Session, period_id: str, as_of: date) -> Sequence[PublishedFigure]:
    """Return what was published for a day, in order."""
    wanted = select(PublishedFigure).where(
        PublishedFigure.period_id == period_id, PublishedFigure.as_of_on == as_of
    )
    return session.scalars(wanted.order_by(PublishedFigure.id)).all()


def publications_listed() -> Select[Any]:
    """Select what officers asked to publish, with who asked and who decided, the latest first."""
    rows = (
        select(Publication, _Asked.name, _Decided.name)
        .join(_Asked, _Asked.id == Publication.asked_by_id)
        .outerjoin(_Decided, _Decided.id == Publication.decided_by_id)
        .order_by(Publication.id.desc())
    )
    return cast("Select[Any]", rows)


def checks_of(session: Session, figure_id: int) -> Sequence[FigureCheck]:
    """Return the latest times a figure was counted again, the last first."""
    wanted = select(FigureCheck).where(FigureCheck.figure_id == figure_id).order_by(FigureCheck.id.desc())
    return session.scalars(wanted.limit(10)).all()


def unfigured(session: Session) -> Sequence[int]:
    """Return the publications whose figure has not been counted yet, or before a definition was added."""
    waiting = session.scalars(select(Publication).where(Publication.done.is_(None)).order_by(Publication.id))
    return [asked.id for asked in waiting if not is_counted(asked)]


def is_counted(asked: Publication) -> bool:
    """Say whether an answer is there that tells what all definitions count."""
    return asked.answer is not None and definitions().keys() <= asked.answer.get("grades", {}).keys()


def unchecked(session: Session) -> Sequence[int]:
    """Return the checks that wait to be made."""
    waiting = select(FigureCheck.id).where(FigureCheck.value.is_(None))
    return session.scalars(waiting.order_by(FigureCheck.id)).all()
