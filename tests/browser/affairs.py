"""What officers of the city have before them: figures and reports on their way out, posts to judge."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.snapshots import make_content
from webapp.clock import now, today
from webapp.domain.definitions import standard
from webapp.domain.roles import Scope
from webapp.models import (
    Officer,
    PostOffer,
    PostQuestion,
    PostSeparation,
    Publication,
    Reconciliation,
    ReportedFigure,
    User,
)
from webapp.queries.publications import answer_of
from webapp.services.publications import ask_publication, keep_answer, publish
from webapp.services.reports import approve_release, ask_release, keep_snapshot


def lay_before_the_city(session: Session) -> None:
    """Publish a figure and a report; leave of every other affair one that waits."""
    one, two = session.scalars(
        select(User).join(Officer, Officer.user_id == User.id).where(Officer.scope == Scope.CITY).limit(2)
    )
    _ask(session, one)
    publish(session, by=two, publication_id=_ask(session, one).id, at=now())
    kept = keep_snapshot(session, make_content(), at=now(), by_id=one.id)
    wanted = {"snapshot_id": kept.id, "name": "shortage", "at": now()}
    ask_release(session, by=one, **wanted)
    approve_release(session, by=two, **wanted)
    figure = session.scalars(select(ReportedFigure).where(ReportedFigure.unit == "city")).first()
    first, second = session.scalars(select(PostOffer.posting_id).order_by(PostOffer.posting_id).limit(2))
    session.add_all(
        [
            Reconciliation(
                figure_id=figure.id,
                unit=figure.unit,
                reported=int(figure.value),
                platform=int(figure.value) + 1,
                opened_at=now(),
                due_on=today(),
            ),
            PostQuestion(one_id=first, other_id=second, likeness=0.6, asked_at=now()),
            PostSeparation(posting_id=first, reason="工作地点不同", asked_by_id=one.id, asked_at=now()),
        ]
    )
    session.flush()


def _ask(session: Session, officer: User) -> Publication:
    """Ask for a figure and count it as the background does."""
    yesterday = today() - timedelta(days=1)
    asked = ask_publication(
        session, by=officer, period_id="P15", definition_id=standard().id, as_of=yesterday, at=now()
    )
    return keep_answer(session, publication_id=asked.id, answer=answer_of(session, asked), at=now())
