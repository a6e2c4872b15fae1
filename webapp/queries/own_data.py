"""All that is kept about a graduate, to take along (PIPL 45): one query a part, codes in words."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, select
from sqlalchemy.orm import Session

from webapp.domain.catalogues import district_name, institution_name
from webapp.domain.clusters import cluster_name
from webapp.domain.degrees import Degree
from webapp.domain.evidence import Grade, evidence_type
from webapp.domain.followup import reasons
from webapp.domain.interviews import Mode, Report
from webapp.domain.offers import ContractType
from webapp.domain.postings import Kind
from webapp.domain.programme import outcome_code, unit_name
from webapp.domain.rejection import RejectReason
from webapp.models import (
    Agreement,
    Application,
    ApplicationStep,
    AuditEntry,
    AuditItem,
    Confirmation,
    Consent,
    CountFacts,
    Digest,
    DigestPosting,
    Employer,
    Evidence,
    FollowUp,
    FollowUpAnswer,
    Graduate,
    ImportMatch,
    Interview,
    Invitation,
    LedgerCorrection,
    LedgerEntry,
    MarketList,
    Notification,
    Offer,
    OutgoingLetter,
    Placement,
    Posting,
    RegisteredOutcome,
    Resume,
    SavedPosting,
    StoredFile,
    User,
    Verification,
)
from webapp.models.base import Base

_ME: BindParameter[int] = bindparam("graduate")
_ACCOUNT: BindParameter[int] = bindparam("account")
_APPLICATIONS = select(Application.id).where(Application.graduate_id == _ME)
_PLACEMENTS = select(Placement.id).where(Placement.graduate_id == _ME)
_FOLLOW_UPS = select(FollowUp.id).where(FollowUp.placement_id.in_(_PLACEMENTS))

PARTS: Mapping[str, tuple[type[Base], ColumnElement[bool]]] = {
    "account": (User, User.id == _ACCOUNT),
    "profile": (Graduate, Graduate.id == _ME),
    "resumes": (Resume, Resume.graduate_id == _ME),
    "files": (StoredFile, StoredFile.owner_id == _ACCOUNT),
    "consents": (Consent, Consent.user_id == _ACCOUNT),
    "saved": (SavedPosting, SavedPosting.graduate_id == _ME),
    "nightly_list": (MarketList, MarketList.graduate_id == _ME),
    "invitations": (Invitation, Invitation.graduate_id == _ME),
    "applications": (Application, Application.graduate_id == _ME),
    "steps": (ApplicationStep, ApplicationStep.application_id.in_(_APPLICATIONS)),
    "interviews": (Interview, Interview.application_id.in_(_APPLICATIONS)),
    "offers": (Offer, Offer.application_id.in_(_APPLICATIONS)),
    "agreements": (Agreement, Agreement.graduate_id == _ME),
    "placements": (Placement, Placement.graduate_id == _ME),
    "evidence": (Evidence, Evidence.placement_id.in_(_PLACEMENTS)),
    "verifications": (Verification, Verification.placement_id.in_(_PLACEMENTS)),
    "counts": (LedgerEntry, LedgerEntry.placement_id.in_(_PLACEMENTS)),
    "counted_as": (CountFacts, CountFacts.placement_id.in_(_PLACEMENTS)),
    "confirmations": (Confirmation, Confirmation.placement_id.in_(_PLACEMENTS)),
    "corrections": (
        LedgerCorrection,
        LedgerCorrection.placement_id.in_(_PLACEMENTS) & LedgerCorrection.done.is_not(None),
    ),
    "audits": (AuditItem, AuditItem.placement_id.in_(_PLACEMENTS) & AuditItem.found_at.is_not(None)),
    "follow_ups": (FollowUp, FollowUp.placement_id.in_(_PLACEMENTS)),
    "follow_up_answers": (FollowUpAnswer, FollowUpAnswer.follow_up_id.in_(_FOLLOW_UPS)),
    "registered_outcome": (RegisteredOutcome, RegisteredOutcome.graduate_id == _ME),
    "found_in_lists": (ImportMatch, ImportMatch.graduate_id == _ME),
    "digest": (Digest, Digest.graduate_id == _ME),
    "told": (DigestPosting, DigestPosting.graduate_id == _ME),
    "notifications": (Notification, Notification.user_id == _ACCOUNT),
    "letters_on_their_way": (OutgoingLetter, OutgoingLetter.user_id == _ACCOUNT),
    "looks": (AuditEntry, AuditEntry.graduate_id == _ME),
    "deeds": (AuditEntry, AuditEntry.actor_id == _ACCOUNT),
}
"""Each part of the record: its table, and which rows are the graduate's.

Of an audit only what was found: nobody learns beforehand that they were drawn.
"""

SECRETS = frozenset(
    {"person_key", "person_root", "joined_to", "password_hash", "session_version", "sealed"}
    | {"event_id", "idempotency_key", "message_id", "prev_hash", "hash"}
)
"""Keys, and what nobody can read; a file's content is handed out where it was handed in."""
_LINKED = {table.__tablename__ for table, _own in PARTS.values()} - {"user", "graduate"} | {
    "period",
    "market_run",
}
"""Tables whose numbers tie rows together; all other numbers would name other people, or nothing."""


def _outcome(code: str) -> str:
    known = outcome_code(code)
    return known.name if known else code


def _reason(said: str) -> object:
    """Return a coded reason in words; a written one stays as it is."""
    known = reasons().get(said)
    return known.name if known else RejectReason(said) if said in list(RejectReason) else said


WORDS: Mapping[str, Callable[[Any], object]] = {
    "institution_code": institution_name,
    "district": district_name,
    "districts": district_name,
    "unit": unit_name,
    "cluster": cluster_name,
    "clusters": cluster_name,
    "kinds": Kind,
    "degree": Degree,
    "outcome_code": _outcome,
    "code": _outcome,
    "type": lambda key: evidence_type(key).name,
    "grade": lambda grade: Grade(grade) if grade in list(Grade) else grade,
    "contract_type": ContractType,
    "mode": Mode,
    "employer_report": Report,
    "graduate_report": Report,
    "reason": _reason,
}
"""What codes stand for, by column."""


def everything_about(session: Session, graduate: Graduate) -> dict[str, Any]:
    """Return all that is kept about a graduate, part by part.

    The account and the profile are one row each, every other part is a list of rows, the oldest first.
    Members of enums and sentences with their facts are left to be said in the reader's language.
    """
    who = {"graduate": graduate.id, "account": graduate.user_id}
    kept = {
        part: [_row(dict(one)) for one in session.execute(_select(*which), who).mappings()]
        for part, which in PARTS.items()
    }
    return {**kept, "account": kept["account"][0], "profile": kept["profile"][0]}


def _select(table: type[Base], own: ColumnElement[bool]) -> Select[Any]:
    """Return the select of a part, with the posting and the employer by name."""
    columns = table.__table__.c
    shown = [column for column in columns if _shown(column)]
    asked: Select[Any] = select(*shown).where(own).order_by(*table.__table__.primary_key)
    employer_id: ColumnElement[Any] | None = columns.get("employer_id")
    if "posting_id" in columns:
        asked = asked.add_columns(Posting.title.label("posting"))
        asked = asked.outerjoin(Posting, Posting.id == columns.posting_id)
        employer_id = Posting.__table__.c.employer_id
    if employer_id is not None:
        asked = asked.add_columns(Employer.name.label("employer"))
        asked = asked.outerjoin(Employer, Employer.id == employer_id)
    return asked


def _shown(column: ColumnElement[Any]) -> bool:
    linked = all(key.column.table.name in _LINKED for key in column.foreign_keys)
    return linked and column.key not in SECRETS | {"posting_id"}


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name.removesuffix("_code") if name in WORDS else name: _in_words(WORDS.get(name), value)
        for name, value in row.items()
    }


def _in_words(word: Callable[[Any], object] | None, value: Any) -> Any:
    if word is None or value is None:
        return value
    return [word(one) for one in value] if isinstance(value, list) else word(value)
