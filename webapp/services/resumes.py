"""Resumes: handed in, read, checked by their owner, and only then kept."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from matcher.documents import ResumeDocument
from matcher.skills import Vocabulary
from matcher.text import without_personal_marks
from webapp.domain.catalogues import institution_by_name, institutions, majors
from webapp.domain.degrees import Degree
from webapp.domain.errors import NotFound
from webapp.models import Graduate, Resume, StoredFile
from webapp.models.resume import ResumeSource
from webapp.reading.catalogue import Catalogue
from webapp.reading.fields import ResumeFields, read_fields, redacted
from webapp.reading.plain import listed
from webapp.reading.sections import Episode
from webapp.services.changes import graduate_changed
from webapp.services.files import store_file
from webapp.settings import ROOT

KEPT = "resume"
DRAFTS: Mapping[ResumeSource, str] = {
    ResumeSource.UPLOAD: "resume draft: upload",
    ResumeSource.PASTE: "resume draft: paste",
}
"""What a stored file is while its owner has not confirmed what was read from it."""

DRAFT_LIFE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Draft:
    """A resume that was handed in and is not confirmed yet."""

    file: StoredFile
    source: ResumeSource


def read_person(text: str) -> ResumeFields:
    """Read a person's fields from a resume by the platform's catalogues and vocabulary."""
    return read_fields(text, catalogue=_catalogue(), find_skills=skills_in)


def read_document(text: str, profile: ResumeDocument | None = None, *, name: str = "") -> ResumeDocument:
    """Return a resume as the matcher reads it once its owner, registered as ``name``, confirms it.

    What the profile says already stays.
    """
    known, fields = profile or ResumeDocument(0), read_person(text)
    return replace(
        known,
        wanted=known.wanted or listed(fields.wanted),
        major=known.major or fields.major or "",
        degree=known.degree or (fields.degree.level if fields.degree else 0),
        graduation_year=known.graduation_year
        or (fields.graduation_on.year if fields.graduation_on else None),
        skills=tuple(dict.fromkeys((*known.skills, *fields.skills))),
        text=redacted(text, name if name and name in text else fields.name),
    )


def skills_in(text: str) -> Iterable[str]:
    """Return the skills a text names, in the vocabulary's usual spelling; 武汉纺织大学 names none."""
    mentions = _vocabulary().mentions(without_personal_marks(text))
    return dict.fromkeys(mention.term for mention in mentions)


def keep_draft(
    session: Session,
    *,
    owner_id: int,
    source: ResumeSource,
    filename: str,
    content: bytes,
    media_type: str,
    at: datetime,
    key: bytes,
) -> StoredFile:
    """Keep what was handed in until its owner confirms; drafts left lying for a day are dropped."""
    _drop_drafts(session, owner_id, before=at - DRAFT_LIFE)
    return store_file(
        session,
        owner_id=owner_id,
        purpose=DRAFTS[source],
        filename=filename,
        content=content,
        media_type=media_type,
        at=at,
        key=key,
    )


def find_draft(session: Session, *, owner_id: int, draft_id: int) -> Draft:
    """Return an own draft, also one confirmed a moment ago: a second click must not fail."""
    file = session.get(StoredFile, draft_id)
    if file is None or file.owner_id != owner_id:
        raise NotFound
    if file.purpose == KEPT:
        kept = session.scalar(select(Resume).where(Resume.file_id == file.id).limit(1))
        return Draft(file, kept.source if kept else ResumeSource.UPLOAD)
    source = next((source for source, purpose in DRAFTS.items() if purpose == file.purpose), None)
    if source is None:
        raise NotFound
    return Draft(file, source)


def confirm_resume(
    session: Session,
    *,
    graduate: Graduate,
    source: ResumeSource,
    text: str,
    fields: ResumeFields,
    at: datetime,
    file: StoredFile | None = None,
    fill_profile: bool = False,
) -> Resume:
    """Keep a resume its owner has checked as the new current version, and match by it from now on.

    Confirming once more what is current already changes nothing. ``fill_profile`` copies what the resume
    says into the empty fields of the profile.
    """
    session.execute(select(Graduate.id).where(Graduate.id == graduate.id).with_for_update())
    current = session.scalar(select(Resume).where(Resume.graduate_id == graduate.id, Resume.is_current))
    content = as_kept(fields)
    if current and (current.text, current.fields) == (text, content):
        return current
    if current:
        current.is_current = False
        session.flush()
    latest = session.scalar(select(func.max(Resume.version)).where(Resume.graduate_id == graduate.id))
    resume = Resume(
        graduate_id=graduate.id,
        version=(latest or 0) + 1,
        source=source,
        filename=file.filename if file else None,
        file_id=file.id if file else None,
        text=text,
        redacted_text=redacted(redacted(text, fields.name), graduate.name),
        skills=list(dict.fromkeys([*fields.skills, *skills_in(text)])),
        fields=content,
        is_current=True,
        created_at=at,
    )
    session.add(resume)
    if file:
        file.purpose = KEPT
    session.flush()
    _drop_drafts(session, graduate.user_id, before=at)
    if fill_profile:
        _fill(graduate, fields)
    graduate_changed(session, graduate.id, at)
    return resume


def as_kept(fields: ResumeFields) -> dict[str, Any]:
    """Return fields as they are kept in JSON: only what the resume says, dates as text."""
    said = {name: value for name, value in asdict(fields).items() if value and name != "doubtful"}
    if fields.graduation_on:
        said["graduation_on"] = fields.graduation_on.isoformat()
    return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}


def from_kept(kept: Mapping[str, Any]) -> ResumeFields:
    """Return fields as they were confirmed."""
    return ResumeFields(
        name=kept.get("name"),
        mobile=kept.get("mobile"),
        email=kept.get("email"),
        degree=Degree(kept["degree"]) if kept.get("degree") else None,
        institution=kept.get("institution"),
        institution_code=kept.get("institution_code"),
        major=kept.get("major"),
        graduation_on=date.fromisoformat(kept["graduation_on"]) if kept.get("graduation_on") else None,
        wanted=kept.get("wanted"),
        skills=tuple(kept.get("skills", ())),
        experiences=tuple(Episode(**episode) for episode in kept.get("experiences", ())),
        projects=tuple(Episode(**episode) for episode in kept.get("projects", ())),
        certificates=tuple(kept.get("certificates", ())),
        doubtful=frozenset(),
    )


def _fill(graduate: Graduate, fields: ResumeFields) -> None:
    """Copy into a profile what it does not say yet; a verified degree is left alone."""
    if not graduate.degree_verified_on:
        known = institution_by_name(fields.institution or "")
        graduate.institution_code = graduate.institution_code or (known.code if known else None)
        graduate.degree = graduate.degree or fields.degree
        graduate.graduation_on = graduate.graduation_on or fields.graduation_on
    graduate.major_name = graduate.major_name or fields.major
    if not graduate.wanted and fields.wanted:
        graduate.wanted = list(listed(fields.wanted))


def _drop_drafts(session: Session, owner_id: int, *, before: datetime) -> None:
    session.execute(
        delete(StoredFile).where(
            StoredFile.owner_id == owner_id,
            StoredFile.purpose.in_(DRAFTS.values()),
            StoredFile.created_at < before,
        )
    )


@cache
def _catalogue() -> Catalogue:
    return Catalogue(tuple(institutions().values()), majors())


@cache
def _vocabulary() -> Vocabulary:
    return Vocabulary.load(ROOT / "data" / "taxonomy" / "skills.csv")
