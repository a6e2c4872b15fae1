"""Boards and pages of the pipeline, each read in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from webapp.domain.pipeline import FINAL, Stage
from webapp.domain.pipeline_words import Next, Turn, next_of
from webapp.domain.roles import Role
from webapp.models import (
    Agreement,
    Application,
    ApplicationStep,
    Graduate,
    Interview,
    Offer,
    Placement,
    Posting,
)

AWAITING_EMPLOYER = (Stage.SUBMITTED, Stage.VIEWED, Stage.SCREENED_IN, Stage.ASSESSMENT, Stage.INTERVIEWED)
ANSWER_DAYS = 7
HABIT_DAYS = 90
"""An employer's habit is that of the last quarter: people improve."""

_Row = TypeVar("_Row", Interview, Offer, ApplicationStep)


@dataclass(frozen=True, slots=True)
class Card:
    """One application on an employer's board."""

    application: Application
    stage: Stage
    since_at: datetime
    next: Next
    interview: Interview | None
    offer: Offer | None

    @property
    def application_id(self) -> int:
        """Return the application's id, for links."""
        return self.application.id

    @property
    def graduate(self) -> Graduate:
        """Return the applicant, whose name is open: applying shares it."""
        return self.application.graduate


@dataclass(frozen=True, slots=True)
class GraduateCard:
    """One application on the graduate's own board, with the date of every stage."""

    application: Application
    stage: Stage
    since_at: datetime
    next: Next
    steps: Sequence[ApplicationStep]
    interview: Interview | None
    offer: Offer | None

    @property
    def application_id(self) -> int:
        """Return the application's id, for links."""
        return self.application.id

    @property
    def posting(self) -> Posting:
        """Return the posting, with its employer loaded."""
        return self.application.posting


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """Everything one application's page shows."""

    application: Application
    steps: Sequence[ApplicationStep]
    interviews: Sequence[Interview]
    offers: Sequence[Offer]
    agreement: Agreement | None
    placement: Placement | None

    @property
    def interview(self) -> Interview | None:
        """Return the latest appointment."""
        return self.interviews[-1] if self.interviews else None

    @property
    def offer(self) -> Offer | None:
        """Return the latest offer."""
        return self.offers[-1] if self.offers else None

    def next(self, audience: Role) -> Next:
        """Return whose turn it is, said to one side."""
        return next_of(self.application.stage, audience)


@dataclass(frozen=True, slots=True)
class AnswerRate:
    """How many of the applications due for an answer got one in time."""

    answered: int
    due: int

    @property
    def share(self) -> float | None:
        """Return the share, ``None`` where nothing was due yet."""
        return self.answered / self.due if self.due else None


def posting_board(session: Session, posting_id: int) -> Mapping[Stage, list[Card]]:
    """Return a posting's applications by stage, those that wait longest first; withdrawn ones are gone."""
    applications = _with_people(
        select(Application).where(Application.posting_id == posting_id, Application.stage != Stage.WITHDRAWN)
    )
    board: dict[Stage, list[Card]] = defaultdict(list)
    for card in _cards(session, applications):
        board[card.stage].append(card)
    return {stage: board[stage] for stage in Stage if stage in board}


def waiting_for_employer(session: Session, employer_id: int, limit: int = 50) -> list[Card]:
    """Return the applications an employer has to act on, the one that has waited longest first."""
    applications = _with_people(
        select(Application)
        .join(Posting)
        .where(Posting.employer_id == employer_id, Application.stage.in_(AWAITING_EMPLOYER))
    )
    return _cards(session, applications.limit(limit))


def graduate_board(session: Session, graduate_id: int) -> list[GraduateCard]:
    """Return a graduate's applications: theirs to act on first, then open, then ended, newest first."""
    applications = session.scalars(
        select(Application)
        .where(Application.graduate_id == graduate_id)
        .options(joinedload(Application.posting).joinedload(Posting.employer))
        .order_by(Application.stage_since_at.desc(), Application.id.desc())
    ).all()
    ids = [one.id for one in applications]
    steps = _by_application(session, ApplicationStep, ApplicationStep.application_id, ids)
    interviews = _by_application(session, Interview, Interview.application_id, ids)
    offers = _by_application(session, Offer, Offer.application_id, ids)
    cards = [
        GraduateCard(
            application=one,
            stage=one.stage,
            since_at=one.stage_since_at,
            next=next_of(one.stage, Role.GRADUATE),
            steps=steps[one.id],
            interview=interviews[one.id][-1] if interviews[one.id] else None,
            offer=offers[one.id][-1] if offers[one.id] else None,
        )
        for one in applications
    ]
    cards.sort(key=lambda card: (card.stage in FINAL, card.next.turn is not Turn.GRADUATE))
    return cards


def application_page(session: Session, application_id: int) -> ApplicationPage | None:
    """Return one application with its people, steps, interviews, offers, agreement and placement."""
    application = session.scalar(
        select(Application)
        .where(Application.id == application_id)
        .options(
            joinedload(Application.posting).joinedload(Posting.employer),
            joinedload(Application.graduate).joinedload(Graduate.user),
            joinedload(Application.resume),
        )
    )
    if application is None:
        return None
    ids = [application_id]
    return ApplicationPage(
        application=application,
        steps=_by_application(session, ApplicationStep, ApplicationStep.application_id, ids)[application_id],
        interviews=_by_application(session, Interview, Interview.application_id, ids)[application_id],
        offers=_by_application(session, Offer, Offer.application_id, ids)[application_id],
        agreement=session.scalar(
            select(Agreement).where(Agreement.application_id == application_id).order_by(Agreement.id.desc())
        ),
        placement=session.scalar(select(Placement).where(Placement.application_id == application_id)),
    )


def answer_rate(
    session: Session, *, at: datetime, employer_id: int | None = None, days: int = ANSWER_DAYS
) -> AnswerRate:
    """Return how many of the last quarter's applications older than ``days`` were answered within them.

    An application withdrawn before its answer was due counts for neither side.
    """
    rows = select(Application.created_at, Application.answered_at, Application.stage).where(
        Application.created_at <= at - timedelta(days=days),
        Application.created_at >= at - timedelta(days=HABIT_DAYS),
    )
    if employer_id is not None:
        rows = rows.join(Posting).where(Posting.employer_id == employer_id)
    answered = due = 0
    for created_at, answered_at, stage in session.execute(rows):
        if stage is Stage.WITHDRAWN and answered_at is None:
            continue
        due += 1
        answered += answered_at is not None and answered_at - created_at <= timedelta(days=days)
    return AnswerRate(answered, due)


def _with_people(applications: Select[Application]) -> Select[Application]:
    return applications.options(
        joinedload(Application.graduate), joinedload(Application.posting), selectinload(Application.resume)
    ).order_by(Application.stage_since_at, Application.id)


def _cards(session: Session, applications: Select[Application]) -> list[Card]:
    rows = session.scalars(applications).all()
    ids = [one.id for one in rows]
    interviews = _by_application(session, Interview, Interview.application_id, ids)
    offers = _by_application(session, Offer, Offer.application_id, ids)
    return [
        Card(
            application=one,
            stage=one.stage,
            since_at=one.stage_since_at,
            next=next_of(one.stage, Role.EMPLOYER),
            interview=interviews[one.id][-1] if interviews[one.id] else None,
            offer=offers[one.id][-1] if offers[one.id] else None,
        )
        for one in rows
    ]


def _by_application(
    session: Session, model: type[_Row], column: InstrumentedAttribute[Any], ids: Sequence[int]
) -> Mapping[int, list[_Row]]:
    """Return the rows of several applications in one statement, oldest first."""
    found: dict[int, list[_Row]] = defaultdict(list)
    for row in session.scalars(select(model).where(column.in_(ids)).order_by(model.id)):
        found[row.application_id].append(row)
    return found
