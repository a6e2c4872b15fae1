"""Evidence of a claim: its paper is sealed and attached, and the claim is put up for verification."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from webapp.domain.errors import PlatformError
from webapp.domain.evidence import Grade, check_fitting
from webapp.domain.retention import LIVE, ClaimState, Event, move
from webapp.domain.words import N_
from webapp.models import Evidence, StoredFile, User
from webapp.services.files import Paper, store_file
from webapp.services.placements import own_placement


class FileMissing(PlatformError):
    """Evidence that is said to be uploaded, without the file."""

    message = N_("请上传证明材料的文件。")


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a paper is, a key of ``data/programme/evidence_types.json``, and what it says of itself."""

    type: str
    issuer: str | None = None
    valid_from_on: date | None = None
    valid_to_on: date | None = None
    method: str = "upload"


def hand_in_paper(
    session: Session,
    *,
    by: User,
    placement_id: int,
    particulars: Particulars,
    paper: Paper,
    at: datetime,
    key: bytes,
) -> Evidence:
    """Seal a paper with a Fernet key and attach it to a claim as evidence, see :func:`add_evidence`."""
    kept = store_file(
        session,
        owner_id=by.id,
        purpose="evidence",
        filename=paper.filename,
        content=paper.content,
        media_type=paper.media_type,
        at=at,
        key=key,
    )
    return add_evidence(
        session, by=by, placement_id=placement_id, particulars=particulars, at=at, file_id=kept.id
    )


def add_evidence(
    session: Session,
    *,
    by: User,
    placement_id: int,
    particulars: Particulars,
    at: datetime,
    file_id: int | None = None,
) -> Evidence:
    """Attach one piece of evidence; anything above a mere statement puts the claim up for verification.

    An uploaded file must be the claimant's own; its digest is kept beside the evidence.
    """
    placement = own_placement(session, placement_id, by)
    kind = check_fitting(particulars.type, placement.outcome_code)
    state = placement.state if kind.grade is Grade.D else _after_proof(placement.state)
    kept = session.get(StoredFile, file_id) if file_id is not None else None
    own = kept is not None and kept.owner_id == by.id
    if particulars.method == "upload" and kind.grade is not Grade.D and not own:
        raise FileMissing
    evidence = Evidence(
        placement=placement,
        type=kind.key,
        grade=kind.grade,
        issuer=particulars.issuer or kind.issuer,
        method=particulars.method,
        file_id=kept.id if kept else None,
        sha256=kept.sha256 if kept else None,
        valid_from_on=particulars.valid_from_on,
        valid_to_on=particulars.valid_to_on,
        submitted_by_id=by.id,
        created_at=at,
    )
    session.add(evidence)
    if state is not placement.state:
        placement.state, placement.state_since_at, placement.return_reason = state, at, None
    session.flush()
    return evidence


def _after_proof(state: ClaimState) -> ClaimState:
    """Return the state after new evidence; a live count only gets stronger by an officer's word."""
    return state if state in LIVE else move(state, Event.PROVE)
