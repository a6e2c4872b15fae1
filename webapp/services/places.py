"""The places of a posting: promised to one person each, never more than there are."""

from datetime import datetime

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session, joinedload

from webapp.domain.agreements import BINDING, AgreementState
from webapp.domain.errors import PlatformError
from webapp.domain.pipeline import PROMISED
from webapp.domain.postings import EMPLOYMENT
from webapp.domain.words import N_
from webapp.models import Agreement, Application, Graduate, Posting
from webapp.services.changes import posting_changed


class HeadcountFull(PlatformError):
    """Somebody else took the last place."""

    message = N_("“%(title)s”的名额刚刚满了，这份录用暂时不能接受。请联系单位，名额空出后可以再接受。")


class AlreadyPromised(PlatformError):
    """The graduate has accepted another offer and not withdrawn from it."""

    message = N_("你已接受%(employer)s“%(title)s”的录用。同一时间只能接受一份；如要改选，请先撤回那一份。")


def take_place(session: Session, application: Application, *, at: datetime) -> None:
    """Take one place of the posting for this graduate, or refuse.

    The count is raised by one guarded UPDATE: of two people after the last place one is second, on
    SQLite as on PostgreSQL. The graduate's own row is locked first, so that two acceptances of the same
    person cannot pass each other.
    """
    session.execute(select(Graduate.id).where(Graduate.id == application.graduate_id).with_for_update())
    posting = application.posting
    if posting.kind in EMPLOYMENT and (other := _other_promise(session, application)):
        raise AlreadyPromised(employer=other.posting.employer.name, title=other.posting.title)
    taken = session.execute(
        update(Posting)
        .where(Posting.id == posting.id, Posting.filled < Posting.headcount)
        .values(filled=Posting.filled + 1)
        .execution_options(synchronize_session=False)
    )
    if not (isinstance(taken, CursorResult) and taken.rowcount == 1):
        raise HeadcountFull(title=posting.title)
    session.refresh(posting, ["filled"])
    posting_changed(session, posting.id, at)


def free_place(session: Session, application: Application, *, at: datetime) -> None:
    """Give a promised place back; the agreement that went with it no longer binds."""
    session.execute(
        update(Posting)
        .where(Posting.id == application.posting_id, Posting.filled > 0)
        .values(filled=Posting.filled - 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(application.posting, ["filled"])
    end_agreement(session, application, AgreementState.CANCELLED)
    posting_changed(session, application.posting_id, at)


def end_agreement(session: Session, application: Application, state: AgreementState) -> None:
    """Record that an application's agreement is over."""
    agreement = session.scalar(
        select(Agreement).where(
            Agreement.application_id == application.id,
            Agreement.state.in_({*BINDING, AgreementState.INVITED}),
        )
    )
    if agreement is not None:
        agreement.state = state
        session.flush()


def _other_promise(session: Session, application: Application) -> Application | None:
    return session.scalar(
        select(Application)
        .join(Posting)
        .where(
            Application.graduate_id == application.graduate_id,
            Application.id != application.id,
            Application.stage.in_(PROMISED),
            Posting.kind.in_(EMPLOYMENT),
        )
        .options(joinedload(Application.posting).joinedload(Posting.employer))
        .limit(1)
    )
