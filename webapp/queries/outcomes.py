"""How applications came out, with the resume that was sent: what ranking may learn from later."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from matcher.documents import PostingDocument, ResumeDocument
from webapp.domain.pipeline import EMPLOYED, PROMISED, Stage
from webapp.models import Application, ApplicationStep, Graduate, Posting
from webapp.queries.documents import posting_document, resume_document

TAKEN_UP = (
    frozenset(
        {
            Stage.SCREENED_IN,
            Stage.ASSESSMENT,
            Stage.INTERVIEW_SCHEDULED,
            Stage.INTERVIEWED,
            Stage.OFFER_MADE,
        }
    )
    | PROMISED
    | EMPLOYED
)
"""Stages that show an employer took an application up."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An application as it was sent, and whether the employer took it up or turned it down.

    The resume is the version that was sent. Wishes and the posting's words are read as they are now: the
    platform keeps no versions of them. Nothing the pipeline wrote is part of either document.
    """

    sent_at: datetime
    graduate_id: int
    resume: ResumeDocument
    posting: PostingDocument
    taken_up: bool


def outcomes(session: Session) -> Iterator[Outcome]:
    """Yield every application an employer has answered, in the order they were sent.

    Whoever has switched personalisation off or had their data erased is not learnt from.
    """
    reached: dict[int, set[Stage]] = {}
    for application_id, stage in session.execute(
        select(ApplicationStep.application_id, ApplicationStep.target)
    ):
        reached.setdefault(application_id, set()).add(stage)
    applications = session.scalars(
        select(Application)
        .options(
            contains_eager(Application.graduate),
            joinedload(Application.posting).joinedload(Posting.employer),
            joinedload(Application.resume),
        )
        .join(Application.graduate)
        .where(Application.resume_id.is_not(None), Graduate.personalised, Graduate.restricted_at.is_(None))
        .order_by(Application.created_at, Application.id)
    )
    for one in applications:
        stages = reached.get(one.id, set())
        if stages & TAKEN_UP or Stage.REJECTED in stages:
            yield Outcome(
                sent_at=one.created_at,
                graduate_id=one.graduate_id,
                resume=resume_document(one.graduate, one.resume),
                posting=posting_document(one.posting),
                taken_up=bool(stages & TAKEN_UP),
            )
