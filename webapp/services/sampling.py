"""Random audits: freeze the count, draw when nobody can choose any more, write down what is found."""

import secrets
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, selectinload

from webapp.domain.dates import city_date
from webapp.domain.errors import Conflict, NotAllowed, NotFound, PlatformError
from webapp.domain.retention import LIVE, Cause, ClaimState, Event, move
from webapp.domain.roles import Scope
from webapp.domain.sampling import LEAST, MOST, AuditFinding, SampleTooSmall, draw, seed_of
from webapp.domain.words import N_
from webapp.models import AuditItem, AuditSample, Graduate, LedgerEntry, Period, Placement, User
from webapp.queries import ledger, sampling
from webapp.services.ledger import lock_ledger
from webapp.services.reversals import dispute_count
from webapp.services.verifications import check_uninvolved, officer_of


class NothingToAudit(PlatformError):
    """Nobody is counted in the part that was asked for."""

    message = N_("这个范围内还没有计入的人，没有可以抽查的。")


class AuditUnfinished(PlatformError):
    """A second sample before the first has been looked at: nobody may draw until they like what they see."""

    message = N_("同一范围的上一次抽查还没有完成。请先登记完全部结果，再发起新的抽查。")


class AuditorVerified(PlatformError):
    """The auditor has approved this very count."""

    message = N_("这条去向由您核验过，不能由您抽查。请由另一名审计人员登记。")


class CauseNeeded(PlatformError):
    """A wrong count without what is wrong with it."""

    message = N_("认为不应计入的，请选择原因并写明依据。")


def freeze(
    session: Session, *, by: User, period_id: str, size: int, at: datetime, unit: str | None = None
) -> AuditSample:
    """Fix what will be audited, of a period or of one unit in it; who is drawn nobody knows yet.

    ``size`` is cut to the population. Only auditors order an audit.
    """
    _check_auditor(session, by)
    if not LEAST <= size <= MOST:
        raise SampleTooSmall(least=LEAST, most=MOST)
    if session.get(Period, period_id) is None:
        raise NotFound
    lock_ledger(session)
    if sampling.unfinished(session, period_id, unit):
        raise AuditUnfinished
    head = ledger.head_now(session)
    population = sampling.population(session, period_id, unit)
    if population <= 0:
        raise NothingToAudit
    sample = AuditSample(
        period_id=period_id,
        unit=unit,
        population=population,
        size=min(size, population),
        frozen_at=at,
        frozen_by_id=by.id,
        frozen_seq=head.seq,
        frozen_hash=head.hash,
        secret=secrets.token_hex(32),
    )
    session.add(sample)
    session.flush()
    return sample


def draw_waiting(session: Session, *, at: datetime) -> list[AuditSample]:
    """Draw every frozen sample once the head at the end of its day has been made public.

    Nobody presses a button for it, so nobody chooses the moment or the head either.
    """
    drawn = []
    for sample in session.scalars(sampling.undrawn().with_for_update(skip_locked=True)).all():
        beacon = sampling.beacon_of(session, city_date(sample.frozen_at))
        if beacon is not None:
            _draw(session, sample, beacon, at)
            drawn.append(sample)
    return drawn


def record_finding(
    session: Session,
    *,
    by: User,
    item_id: int,
    finding: AuditFinding,
    at: datetime,
    cause: Cause | None = None,
    note: str = "",
) -> AuditItem:
    """Write down what an auditor found about one drawn person; once written it stays.

    A wrong count is disputed at once. It stays in the total until two officers reverse it, so an audit
    by itself changes no figure.
    """
    _check_auditor(session, by)
    item = session.scalar(
        select(AuditItem)
        .where(AuditItem.id == item_id)
        .options(selectinload(AuditItem.placement).joinedload(Placement.graduate).joinedload(Graduate.user))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if item is None:
        raise NotFound
    if item.finding is not None:
        raise Conflict
    if (finding is AuditFinding.WRONG) != (cause is not None) or (cause is not None and not note.strip()):
        raise CauseNeeded
    check_uninvolved(session, item.placement, by)
    if by.id in sampling.verifiers_of(session, item.placement_id):
        raise AuditorVerified
    item.finding, item.cause, item.note = finding, cause, note.strip() or None
    item.found_by_id, item.found_at = by.id, at
    session.flush()
    if finding is AuditFinding.WRONG and _can_be_disputed(item.placement.state):
        dispute_count(session, by=by, placement_id=item.placement_id, at=at, reason=note.strip())
    return item


def _draw(session: Session, sample: AuditSample, beacon: str, at: datetime) -> None:
    sample.seed = seed_of(secret=sample.secret, frozen_hash=sample.frozen_hash, beacon=beacon)
    sample.beacon, sample.drawn_at = beacon, at
    chosen = redraw(session, sample)
    wanted = select(LedgerEntry.seq, LedgerEntry.placement_id).where(LedgerEntry.seq.in_(chosen))
    placements = dict(session.execute(wanted).tuples().all())
    session.flush()
    session.execute(
        insert(AuditItem),
        [
            {"sample_id": sample.id, "position": place, "seq": seq, "placement_id": placements[seq]}
            for place, seq in enumerate(chosen, start=1)
        ],
    )


def redraw(session: Session, sample: AuditSample) -> list[int]:
    """Return the rows of the ledger a drawn sample holds, worked out again from its seed."""
    if sample.seed is None:
        raise NotFound
    rows = sampling.frozen_rows(session, sample)
    return draw(sample.seed, rows, sample.size)


def _check_auditor(session: Session, by: User) -> None:
    if officer_of(session, by).scope is not Scope.AUDITOR:
        raise NotAllowed


def _can_be_disputed(state: ClaimState) -> bool:
    return state in LIVE and state is not ClaimState.DISPUTED and bool(move(state, Event.DISPUTE))
