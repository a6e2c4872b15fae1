"""Who is matched at night, and what the last finished night found."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from webapp.domain.dates import city_date
from webapp.domain.degrees import Degree
from webapp.domain.pipeline import PROMISED
from webapp.domain.retention import ClaimState
from webapp.models import Application, Graduate, MarketList, MarketRun, Placement, Resume

READ_AT_ONCE = 10_000
_NO_LONGER = (ClaimState.RETURNED, ClaimState.REVERSED)


@dataclass(frozen=True, slots=True)
class Looking:
    """A graduate to be matched, and what decides which postings are left and which are near."""

    graduate_id: int
    kinds: tuple[str, ...]
    degree: int
    major: str


def looking(session: Session) -> Iterator[Looking]:
    """Yield who looks for work: with a resume and personalisation on, nowhere placed, promised to nobody."""
    placed = exists().where(
        Placement.graduate_id == Graduate.id,
        Placement.ended_on.is_(None),
        Placement.state.not_in(_NO_LONGER),
    )
    promised = exists().where(Application.graduate_id == Graduate.id, Application.stage.in_(PROMISED))
    rows = session.execute(
        select(Graduate.id, Graduate.kinds, Graduate.degree, Graduate.major_name)
        .join(Resume, Resume.graduate_id == Graduate.id)
        .where(*_MATCHED, ~placed, ~promised)
        .execution_options(yield_per=READ_AT_ONCE)
    )
    for id, kinds, degree, major in rows.tuples():
        yield Looking(id, tuple(sorted(kinds)), Degree(degree).level if degree else 0, major or "")


def matched(session: Session, graduate_ids: list[int]) -> list[tuple[Graduate, Resume]]:
    """Return those of some graduates who may still be matched, with their resumes, in the order of ids."""
    rows = session.execute(
        select(Graduate, Resume)
        .join(Resume, Resume.graduate_id == Graduate.id)
        .where(Graduate.id.in_(graduate_ids), *_MATCHED)
        .order_by(Graduate.id)
    )
    return [(graduate, resume) for graduate, resume in rows]


_MATCHED = (Graduate.personalised, Graduate.restricted_at.is_(None), Resume.is_current)


def last_run(session: Session) -> MarketRun | None:
    """Return the night whose lists show."""
    return session.scalar(_finished().limit(1))


def run_finished_on(session: Session, on: date) -> MarketRun | None:
    """Return the night whose lists were made on a day of the city, if they are the ones that show."""
    run = last_run(session)
    return run if run and run.finished_at and city_date(run.finished_at) == on else None


def unfinished_run(session: Session) -> MarketRun | None:
    """Return the night that is being worked on, or was when the worker was stopped."""
    wanted = select(MarketRun).where(MarketRun.finished_at.is_(None)).order_by(MarketRun.id.desc())
    return session.scalar(wanted.limit(1))


def picked(session: Session, graduate_id: int) -> list[int]:
    """Return the postings on a graduate's list, best first; whether they may still be shown is not asked."""
    newest = _finished().with_only_columns(MarketRun.id).limit(1).scalar_subquery()
    wanted = select(MarketList.posting_id).where(
        MarketList.run_id == newest, MarketList.graduate_id == graduate_id
    )
    return list(session.scalars(wanted.order_by(MarketList.rank)))


def _finished() -> Select[MarketRun]:
    return select(MarketRun).where(MarketRun.finished_at.is_not(None)).order_by(MarketRun.id.desc())
