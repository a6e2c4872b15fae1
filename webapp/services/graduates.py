"""What graduates say about themselves, allow, save and report."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.domain.accounts import normal_name
from webapp.domain.catalogues import find_institutions, institution_by_name
from webapp.domain.concerns import LABELS, Concern
from webapp.domain.consent import Purpose
from webapp.domain.degrees import Degree
from webapp.domain.digests import Frequency
from webapp.domain.errors import NotFound, PlatformError
from webapp.domain.pipeline import Stage, allowed
from webapp.domain.postings import Kind
from webapp.domain.roles import Role, Scope
from webapp.domain.words import N_
from webapp.models import (
    Application,
    AuditEntry,
    Consent,
    Graduate,
    MarketList,
    Officer,
    Posting,
    SavedPosting,
    User,
)
from webapp.queries.postings import known_posting
from webapp.services import consents
from webapp.services.applications import withdraw
from webapp.services.audit import record_deed
from webapp.services.changes import graduate_changed
from webapp.services.digests import choose
from webapp.services.notifications import notify

SUGGESTIONS = 3


class InstitutionUnknown(PlatformError):
    """A school that is not in the catalogue, and nothing resembles it."""

    message = N_("没有找到“%(name)s”。请填写学校全称，例如“武汉理工大学”；海外院校请留空并联系工作人员。")


class InstitutionUnclear(PlatformError):
    """A school that is not in the catalogue, with those that resemble it."""

    message = N_("没有找到“%(name)s”。你是不是要填：%(suggestions)s？")


class StudiesVerified(PlatformError):
    """Facts that were checked may not be changed behind the verifier's back."""

    message = N_("学历已经核验，不能自行修改。如有错误，请联系学校工作站更正。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Studies:
    """Who a graduate is: name and highest degree; ``institution`` is a full name."""

    name: str
    institution: str | None
    major: str | None
    degree: Degree | None
    graduation_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a graduate is looking for; anything empty means no preference."""

    wanted: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    districts: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    pay_min: int | None = None
    start_on: date | None = None


def institution_code(name: str | None) -> str | None:
    """Return the code of a school's full name, or refuse with the names that resemble it."""
    if not name:
        return None
    known = institution_by_name(name)
    if known is not None:
        return known.code
    alike = find_institutions(name, limit=SUGGESTIONS)
    if not alike:
        raise InstitutionUnknown(name=name)
    raise InstitutionUnclear(name=name, suggestions="、".join(one.name for one in alike))


def set_studies(session: Session, *, graduate: Graduate, studies: Studies, at: datetime) -> None:
    """Keep name, school, major, degree and graduation; what an officer verified stays as it is."""
    code = institution_code(studies.institution)
    name = studies.name if studies.name == graduate.name else normal_name(studies.name)
    verified = (graduate.name, graduate.institution_code, graduate.degree, graduate.graduation_on)
    said = (name, code, studies.degree, studies.graduation_on)
    if graduate.degree_verified_on and said != verified:
        raise StudiesVerified
    graduate.name, graduate.institution_code, graduate.degree, graduate.graduation_on = said
    graduate.major_name = studies.major
    graduate.user.name = name
    graduate_changed(session, graduate.id, at)


def set_wishes(session: Session, *, graduate: Graduate, wishes: Wishes, at: datetime) -> None:
    """Keep what a graduate is looking for; the next ranking follows it."""
    graduate.wanted = list(wishes.wanted)
    graduate.kinds = [kind.value for kind in wishes.kinds]
    graduate.districts = list(wishes.districts)
    graduate.clusters = list(wishes.clusters)
    graduate.pay_min = wishes.pay_min
    graduate.start_on = wishes.start_on
    graduate_changed(session, graduate.id, at)


def set_searchable(session: Session, *, graduate: Graduate, searchable: bool, at: datetime) -> None:
    """Let employers find the profile without name and contact, or end that with the next search."""
    decide = consents.give if searchable else consents.withdraw
    decide(session, user_id=graduate.user_id, purpose=Purpose.BE_FOUND, at=at)
    graduate.searchable = searchable
    graduate_changed(session, graduate.id, at)


def set_personalised(session: Session, *, graduate: Graduate, personalised: bool) -> None:
    """Switch personal recommendations on or off (PIPL 24); the next list obeys, and last night's goes."""
    graduate.personalised = personalised
    if not personalised:
        session.execute(delete(MarketList).where(MarketList.graduate_id == graduate.id))
    session.flush()


def withdraw_consent(session: Session, *, graduate: Graduate, consent_id: int, at: datetime) -> None:
    """End one consent and what rests on it; the consent to the service ends with the account."""
    consent = session.get(Consent, consent_id)
    if consent is None or consent.user_id != graduate.user_id or consent.purpose is Purpose.SERVICE:
        raise NotFound
    if consent.purpose is Purpose.BE_FOUND:
        set_searchable(session, graduate=graduate, searchable=False, at=at)
    if consent.purpose is Purpose.DIGEST:
        choose(session, graduate=graduate, frequency=Frequency.OFF, at=at)
    if consent.purpose is Purpose.COUNTING:
        graduate.person_key = None
    if consent.purpose is Purpose.SHARE_WITH_EMPLOYER:
        _withdraw_from(session, graduate, consent.employer_id, at)
    consent.withdrawn_at = consent.withdrawn_at or at
    session.flush()


def _withdraw_from(session: Session, graduate: Graduate, employer_id: int | None, at: datetime) -> None:
    """Take back every application to an employer that can still be taken back."""
    applications = session.scalars(
        select(Application)
        .join(Posting)
        .where(Application.graduate_id == graduate.id, Posting.employer_id == employer_id)
    )
    for application in applications.all():
        if Stage.WITHDRAWN in allowed(application.stage, Role.GRADUATE):
            withdraw(session, by=graduate.user, application_id=application.id, at=at)


def save_posting(session: Session, *, graduate: Graduate, posting_id: int, at: datetime) -> None:
    """Bookmark a posting; a second time changes nothing."""
    posting = known_posting(session, posting_id)
    if session.get(SavedPosting, (graduate.id, posting.id)) is None:
        session.add(SavedPosting(graduate_id=graduate.id, posting_id=posting.id, created_at=at))
        session.flush()


def unsave_posting(session: Session, *, graduate: Graduate, posting_id: int) -> None:
    """Take a bookmark away."""
    saved = session.get(SavedPosting, (graduate.id, posting_id))
    if saved is not None:
        session.delete(saved)
        session.flush()


def report_posting(
    session: Session, *, by: User, posting: Posting, concern: Concern, note: str | None, at: datetime
) -> None:
    """Tell the city's officers what is wrong with a posting; once a person and posting."""
    subject = f"posting:{posting.id}"
    before = select(AuditEntry.id).where(AuditEntry.subject == subject, AuditEntry.actor_id == by.id)
    if session.scalar(before.where(AuditEntry.action == "posting reported")):
        return
    record_deed(
        session,
        by=by,
        action="posting reported",
        subject=subject,
        at=at,
        on_behalf_of=by.name,
        concern=concern.value,
        note=note,
    )
    for officer_id in session.scalars(select(Officer.user_id).where(Officer.scope == Scope.CITY)).all():
        notify(
            session,
            user_id=officer_id,
            message=N_("毕业生反映岗位“%(title)s”有问题：%(concern)s。请尽快核实。"),
            at=at,
            link=f"/officer/postings/{posting.id}",
            title=posting.title,
            concern=LABELS[concern],
        )
