"""Audits as they stand: what was frozen, who was drawn, the error rate and how sure it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from webapp.domain.sampling import AuditFinding, error_interval
from webapp.models import (
    AuditItem,
    AuditSample,
    Employer,
    Graduate,
    LedgerEntry,
    LedgerTotal,
    Placement,
    PublishedHead,
    Verification,
)


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """What a finished audit says about everybody it was drawn from, at 95 %."""

    sample: AuditSample
    right: int
    wrong: int
    unverifiable: int
    open: int

    @property
    def finished(self) -> bool:
        """Say whether every drawn person was looked at; before that nothing can be said."""
        return self.sample.seed is not None and self.open == 0

    @property
    def rate(self) -> float | None:
        """Return the share of wrong counts among those that could be judged."""
        judged = self.right + self.wrong
        return self.wrong / judged if self.finished and judged else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return the exact interval of the error rate of the whole, unverifiable ones either way."""
        if not self.finished:
            return None
        return error_interval(
            self.wrong, self.unverifiable, size=self.sample.size, population=self.sample.population
        )


def population(session: Session, period_id: str, unit: str | None) -> int:
    """Return how many counts stand now, from the kept sums."""
    total = select(func.coalesce(func.sum(LedgerTotal.total), 0)).where(LedgerTotal.period_id == period_id)
    return session.scalar(total if unit is None else total.where(LedgerTotal.unit == unit)) or 0


def frozen_rows(session: Session, sample: AuditSample) -> Iterator[int]:
    """Yield the rows of the ledger that stood when a sample was frozen, some at a time."""
    undoing = aliased(LedgerEntry)
    undone = select(undoing.seq).where(
        undoing.cancels_seq == LedgerEntry.seq, undoing.seq <= sample.frozen_seq
    )
    rows = select(LedgerEntry.seq).where(
        LedgerEntry.seq <= sample.frozen_seq,
        LedgerEntry.period_id == sample.period_id,
        LedgerEntry.delta == 1,
        ~undone.exists(),
    )
    if sample.unit is not None:
        rows = rows.where(LedgerEntry.unit == sample.unit)
    session.flush()
    yield from session.connection().execute(rows, execution_options={"yield_per": 10_000}).scalars()


def beacon_of(session: Session, day: date) -> str | None:
    """Return the head of the ledger at the end of a day, once it was made public: never before midnight."""
    return session.scalar(select(PublishedHead.hash).where(PublishedHead.day == day))


def unfinished(session: Session, period_id: str, unit: str | None) -> bool:
    """Say whether an audit of the same people still waits for its draw or for findings."""
    same = (AuditSample.period_id == period_id, AuditSample.unit.is_not_distinct_from(unit))
    open_items = exists().where(AuditItem.sample_id == AuditSample.id, AuditItem.finding.is_(None))
    wanted = select(AuditSample.id).where(*same, or_(AuditSample.seed.is_(None), open_items))
    return session.scalar(wanted.limit(1)) is not None


def undrawn() -> Select[AuditSample]:
    """Select the samples that wait for their draw."""
    return select(AuditSample).where(AuditSample.seed.is_(None)).order_by(AuditSample.id)


def samples_listed() -> Select[AuditSample]:
    """Select all audits, the latest first."""
    return select(AuditSample).order_by(AuditSample.id.desc())


def error_rate(session: Session, sample: AuditSample) -> ErrorRate:
    """Return what an audit has found so far."""
    rows = session.execute(
        select(AuditItem.finding, func.count())
        .where(AuditItem.sample_id == sample.id)
        .group_by(AuditItem.finding)
    )
    found: dict[Any, int] = dict(rows.tuples().all())
    numbers = {one.value: found.get(one, 0) for one in AuditFinding}
    return ErrorRate(sample=sample, open=found.get(None, 0), **numbers)


def latest_error_rate(session: Session, period_id: str, unit: str | None = None) -> ErrorRate | None:
    """Return the last finished audit of a period, or of one unit in it: it stands beside the count."""
    wanted = samples_listed().where(
        AuditSample.period_id == period_id,
        AuditSample.unit.is_not_distinct_from(unit),
        AuditSample.seed.is_not(None),
    )
    found = (error_rate(session, sample) for sample in session.scalars(wanted).all())
    return next((one for one in found if one.finished), None)


def items_listed(sample_id: int) -> Select[Any]:
    """Select the people of a sample in the order they were drawn."""
    people = (
        select(AuditItem, Graduate.name, func.coalesce(Employer.name, Placement.employer_name))
        .join(Placement, Placement.id == AuditItem.placement_id)
        .join(Graduate, Graduate.id == Placement.graduate_id)
        .outerjoin(Employer, Employer.id == Placement.employer_id)
        .where(AuditItem.sample_id == sample_id)
        .order_by(AuditItem.position)
    )
    return cast("Select[Any]", people)


def find_item(session: Session, item_id: int) -> AuditItem | None:
    """Return a drawn person with the claim, its graduate and its employer."""
    claim = joinedload(AuditItem.placement)
    both = claim.joinedload(Placement.graduate), claim.joinedload(Placement.employer)
    return session.scalar(select(AuditItem).options(*both).where(AuditItem.id == item_id))


def verifiers_of(session: Session, placement_id: int) -> set[int]:
    """Return everybody who ever gave a verdict on a claim."""
    said = select(Verification.verifier_id).where(Verification.placement_id == placement_id)
    return set(session.scalars(said))
