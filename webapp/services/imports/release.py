"""The second pair of eyes: claims a list has proved count once another officer has released it."""

from collections import Counter
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from webapp.domain.errors import NotAllowed, NotFound, PlatformError
from webapp.domain.lists import Finding, ListKind, MakerChecks, NothingToCheck
from webapp.domain.retention import LIVE
from webapp.domain.roles import DECIDES, Scope
from webapp.models import ImportMatch, ImportRun, Officer, Placement, ReportedFigure, User
from webapp.services.imports.figures import APPROVED
from webapp.services.verifications import approve_placement


def release_run(session: Session, *, run_id: int, by: User, at: datetime, most: int = 200) -> int:
    """Approve the claims a list has proved, ``most`` at a time; return how many were looked at.

    The releasing officer is the verifier of each: the same rule decides as on the page, every refusal is
    kept with its reasons, and whoever handed the list in can never release it. A unit's officer releases
    what lies in the unit.
    """
    run, officer = check_release(session, run_id=run_id, by=by)
    if run.kind == ListKind.FIGURES:
        return _approve_figures(session, run, officer)
    wanted = select(ImportMatch).where(ImportMatch.run_id == run.id, ImportMatch.finding == Finding.PROVED)
    if officer.scope is Scope.UNIT:
        here = exists().where(Placement.id == ImportMatch.placement_id, Placement.unit == officer.unit)
        wanted = wanted.where(here)
    rows = session.scalars(wanted.order_by(ImportMatch.id).limit(most).with_for_update()).all()
    came_to = Counter(_approve(session, match, by, at).value for match in rows)
    if rows:
        run.checked_by_id = by.id
        run.findings = dict(Counter(run.findings) - Counter({Finding.PROVED.value: len(rows)}) + came_to)
    session.flush()
    return len(rows)


def ask_release(session: Session, *, run_id: int, by: User, at: datetime) -> ImportRun:
    """Release a list: figures stand at once, proved claims are counted in the background in this name."""
    run, _officer = check_release(session, run_id=run_id, by=by)
    if run.kind == ListKind.FIGURES:
        release_run(session, run_id=run_id, by=by, at=at)
    run.checked_by_id = by.id
    session.flush()
    return run


def check_release(session: Session, *, run_id: int, by: User) -> tuple[ImportRun, Officer]:
    """Return a run this officer may release; refuse its maker, and whoever decides nothing."""
    run = session.get(ImportRun, run_id)
    if run is None:
        raise NotFound
    officer = session.scalar(select(Officer).where(Officer.user_id == by.id))
    if officer is None or officer.scope not in DECIDES:
        raise NotAllowed
    if by.id == run.asked_by_id:
        raise MakerChecks
    if run.finished_at is None:
        raise NothingToCheck
    return run, officer


def _approve_figures(session: Session, run: ImportRun, officer: Officer) -> int:
    """Let the figures of a list stand; only the city speaks for what districts report."""
    if officer.scope is not Scope.CITY:
        raise NotAllowed
    approved = session.execute(
        update(ReportedFigure)
        .where(ReportedFigure.run_id == run.id, ReportedFigure.approved_by_id.is_(None))
        .values(approved_by_id=officer.user_id, status=APPROVED)
    )
    if approved.rowcount:  # type: ignore[attr-defined]
        run.checked_by_id = officer.user_id
    session.flush()
    return 0


def _approve(session: Session, match: ImportMatch, by: User, at: datetime) -> Finding:
    try:
        with session.begin_nested():
            placement = approve_placement(session, by=by, placement_id=match.placement_id or 0, at=at)
    except PlatformError as refusal:
        match.finding, match.note = Finding.NOT_COUNTED, str(refusal)
    else:
        match.finding = Finding.COUNTED if placement.state in LIVE else Finding.NOT_COUNTED
    return match.finding
