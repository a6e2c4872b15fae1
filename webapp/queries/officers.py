"""What an officer may see: every select here keeps to their reach."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, exists, false, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from webapp.domain.catalogues import districts
from webapp.domain.employers import EmployerStatus
from webapp.domain.errors import NotFound
from webapp.domain.postings import PostingStatus
from webapp.domain.programme import unit_of
from webapp.domain.retention import ClaimState
from webapp.models import (
    AuditEntry,
    Employer,
    Evidence,
    Graduate,
    Officer,
    Placement,
    Posting,
    StoredFile,
    User,
)
from webapp.queries.texts import MOST_NAMED, begins

MOST_TITLED = 5000
Row = TypeVar("Row", Employer, Posting, Placement, Graduate)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an officer sees: one unit, one institution, or everything where both are missing."""

    unit: str | None = None
    institution_code: str | None = None

    @property
    def is_city(self) -> bool:
        """Say whether nothing is out of sight."""
        return self.unit is None and self.institution_code is None

    def employers(self, on: date) -> ColumnElement[bool]:
        """Keep employers of the unit; a station deals with none."""
        if self.institution_code:
            return false()
        return Employer.district.in_(places_of(self.unit, on)) if self.unit else true()

    def placements(self) -> ColumnElement[bool]:
        """Keep outcomes in the unit, or of the institution's graduates; needs Graduate joined."""
        if self.institution_code:
            return Graduate.institution_code == self.institution_code
        return Placement.unit == self.unit if self.unit else true()

    def graduates(self) -> ColumnElement[bool]:
        """Keep the institution's graduates, or those with an outcome in the unit."""
        if self.institution_code:
            return Graduate.institution_code == self.institution_code
        if self.unit:
            return exists().where(Placement.graduate_id == Graduate.id, Placement.unit == self.unit)
        return true()


def reach_of(officer: Officer) -> Reach:
    """Return an officer's reach; auditors see everything and decide nothing."""
    return Reach(unit=officer.unit, institution_code=officer.institution_code)


def places_of(unit: str, on: date) -> list[str]:
    """Return the districts and zones a unit reports for on a day."""
    return [place for place in districts() if unit_of(place, on) == unit]


def placements_in_reach(reach: Reach) -> Select[Placement]:
    """Return outcomes in reach with their graduate and employer, the one that has waited longest first."""
    return (
        select(Placement)
        .join(Placement.graduate)
        .options(contains_eager(Placement.graduate), joinedload(Placement.employer))
        .where(reach.placements())
        .order_by(Placement.state_since_at, Placement.id)
    )


def employers_listed(reach: Reach, on: date, *, status: EmployerStatus | None, text: str) -> Select[Employer]:
    """Return employers in reach by status and by name or credit code, the latest first."""
    rows = select(Employer).where(reach.employers(on)).order_by(Employer.id.desc())
    if status:
        rows = rows.where(Employer.status == status)
    if text:
        like = f"%{text}%"
        rows = rows.where(or_(Employer.name.like(like), Employer.credit_code.like(like.upper())))
    return rows


def postings_listed(
    reach: Reach,
    on: date,
    *,
    status: PostingStatus | None,
    employers: Collection[int] = (),
    titled: Collection[int] | None = None,
    text: str = "",
) -> Select[Posting]:
    """Return postings of employers in reach by status and by title or employer, the latest first.

    ``employers`` and ``titled`` are those of :func:`employers_named` and :func:`postings_titled`.
    """
    rows = (
        select(Posting)
        .join(Posting.employer)
        .options(contains_eager(Posting.employer))
        .where(reach.employers(on))
        .order_by(Posting.id.desc())
    )
    if status:
        rows = rows.where(Posting.status == status)
    if text:
        often = Posting.title.contains(text, autoescape=True) if titled is None else Posting.id.in_(titled)
        rows = rows.where(or_(often, Posting.employer_id.in_(employers)))
    return rows


def postings_titled(session: Session, text: str) -> Sequence[int] | None:
    """Return the postings whose title holds a text, from the index of titles.

    ``None`` where so many do that a walk from the latest one finds them sooner.
    """
    rows = select(Posting.id).where(Posting.title.contains(text, autoescape=True))
    found = session.scalars(rows.limit(MOST_TITLED + 1)).all() if text else ()
    return found if len(found) <= MOST_TITLED else None


def placements_listed(
    reach: Reach, *, state: ClaimState | None, employers: Collection[int] = (), text: str = ""
) -> Select[Placement]:
    """Return outcomes in reach by state and by employer, the latest first.

    ``employers`` are those of :func:`employers_named`; employers that are not on the platform are found
    by how their name begins.
    """
    rows = placements_in_reach(reach).order_by(None).order_by(Placement.id.desc())
    if state:
        rows = rows.where(Placement.state == state)
    if text:
        elsewhere = begins(Placement.employer_name, text)
        rows = rows.where(or_(Placement.employer_id.in_(employers), elsewhere))
    return rows


def employers_named(session: Session, text: str) -> Sequence[int]:
    """Return the employers whose name holds a text, the latest first, no more than ``MOST_NAMED``."""
    rows = select(Employer.id).where(Employer.name.contains(text, autoescape=True))
    return session.scalars(rows.order_by(Employer.id.desc()).limit(MOST_NAMED)).all() if text else ()


def find_employer(session: Session, reach: Reach, employer_id: int, on: date) -> Employer:
    """Return an employer in reach; to others it does not exist."""
    return _found(session.scalar(select(Employer).where(Employer.id == employer_id, reach.employers(on))))


def find_posting(session: Session, reach: Reach, posting_id: int, on: date) -> Posting:
    """Return a posting of an employer in reach; to others it does not exist."""
    rows = select(Posting).join(Posting.employer).options(contains_eager(Posting.employer))
    return _found(session.scalar(rows.where(Posting.id == posting_id, reach.employers(on))))


def find_placement(session: Session, reach: Reach, placement_id: int) -> Placement:
    """Return an outcome in reach; to others it does not exist."""
    return _found(session.scalar(placements_in_reach(reach).where(Placement.id == placement_id)))


def find_graduate(session: Session, reach: Reach, graduate_id: int) -> Graduate:
    """Return a graduate in reach; to others they do not exist."""
    return _found(session.scalar(select(Graduate).where(Graduate.id == graduate_id, reach.graduates())))


def files_behind(session: Session, placement_id: int) -> Mapping[int, StoredFile]:
    """Return the files of a placement's evidence by their id, contents left sealed."""
    rows = (
        select(StoredFile)
        .join(Evidence, Evidence.file_id == StoredFile.id)
        .where(Evidence.placement_id == placement_id)
    )
    return {kept.id: kept for kept in session.scalars(rows)}


def names_of(session: Session, user_ids: Collection[int | None]) -> Mapping[int, str]:
    """Return people's names by their user id."""
    rows = session.execute(select(User.id, User.name).where(User.id.in_({*user_ids} - {None})))
    return {row.id: row.name for row in rows}


def concerns_about(session: Session, posting_id: int) -> Sequence[AuditEntry]:
    """Return what graduates have reported about a posting, the latest first."""
    return session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject == f"posting:{posting_id}", AuditEntry.action == "posting reported")
        .order_by(AuditEntry.id.desc())
    ).all()


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row
