"""Officers, employers with their members, graduates with their resumes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from webapp.domain.consent import Purpose
from webapp.domain.dates import start_of_day
from webapp.domain.degrees import Degree
from webapp.domain.employers import VERIFIED_DAYS, EmployerKind, EmployerStatus
from webapp.domain.identifiers import DocType
from webapp.domain.roles import MemberRole, Role, Scope
from webapp.models import Employer, Graduate, Member, Officer, Resume, User
from webapp.models.resume import ResumeSource
from webapp.reading.fields import redacted
from webapp.services import changes, consents
from webapp.services.accounts import HASHER
from webapp.services.demo.rows import Row, day, read_list, read_rows
from webapp.services.identities import set_identity

BEGIN = datetime(2025, 9, 1, 1, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class People:
    """Everybody by the key the demo files use."""

    officers: Mapping[str, User]
    employers: Mapping[str, Employer]
    members: Mapping[str, User]
    graduates: Mapping[str, Graduate]

    @property
    def city(self) -> User:
        """Return the first officer of the city."""
        return self.officers["O1"]


def load_people(session: Session, *, folder: Path, password: str, pepper: str) -> People:
    """Open all accounts; they share one password, so it is hashed once."""
    hashed = HASHER.hash(password)
    officers = {row["key"]: _officer(session, row, hashed) for row in read_list(folder, "officers")}
    employers, members = {}, {}
    for row in read_rows(folder, "employers.jsonl"):
        employer = _employer(session, row, officers["O1"])
        employers[row["key"]] = employer
        members[row["key"]] = _member(session, row, employer, hashed)
    graduates = {
        row["key"]: _graduate(session, row, hashed, officers["O1"], pepper)
        for row in read_rows(folder, "graduates.jsonl")
    }
    return People(officers, employers, members, graduates)


def _user(session: Session, role: Role, row: Row, hashed: str, **changed: object) -> User:
    user = User(
        **{
            "role": role,
            "name": row["name"],
            "email": row["email"],
            "mobile": row.get("mobile"),
            "password_hash": hashed,
            "created_at": BEGIN,
        }
        | changed
    )
    session.add(user)
    session.flush()
    return user


def _officer(session: Session, row: Row, hashed: str) -> User:
    user = _user(session, Role.OFFICER, row, hashed)
    session.add(
        Officer(
            user_id=user.id,
            scope=Scope(row["scope"]),
            unit=row["unit"],
            institution_code=row["institution_code"],
            created_at=BEGIN,
        )
    )
    return user


def _employer(session: Session, row: Row, officer: User) -> Employer:
    verified_on = day(row["verified_on"])
    submitted_on = day(row["submitted_on"])
    employer = Employer(
        **{name: row[name] for name in ("name", "credit_code", "cluster", "district", "address", "intro")},
        **{name: row[name] for name in ("contact_name", "contact_phone", "return_reason")},
        kind=EmployerKind(row["kind"]),
        status=EmployerStatus(row["status"]),
        industry=row["industry_name"],
        submitted_at=start_of_day(submitted_on) if submitted_on and row["status"] == "submitted" else None,
        verified_on=verified_on,
        verified_by_id=officer.id if verified_on else None,
        verified_until_on=verified_on + timedelta(days=VERIFIED_DAYS) if verified_on else None,
        origin="demo",
        created_at=BEGIN,
    )
    session.add(employer)
    session.flush()
    return employer


def _member(session: Session, row: Row, employer: Employer, hashed: str) -> User:
    user = _user(session, Role.EMPLOYER, row, hashed, name=row["contact_name"])
    session.add(Member(user_id=user.id, employer_id=employer.id, role=MemberRole.OWNER, created_at=BEGIN))
    if row["recruiter_email"]:
        recruiter = {"name": row["recruiter_name"], "email": row["recruiter_email"]}
        colleague = _user(session, Role.EMPLOYER, recruiter, hashed)
        session.add(
            Member(user_id=colleague.id, employer_id=employer.id, role=MemberRole.RECRUITER, created_at=BEGIN)
        )
    return user


def _graduate(session: Session, row: Row, hashed: str, officer: User, pepper: str) -> Graduate:
    user = _user(session, Role.GRADUATE, row, hashed)
    wishes = row["wishes"]
    verified_on = day(row["degree_verified_on"])
    graduate = Graduate(
        user_id=user.id,
        name=row["name"],
        institution_code=row["institution_code"],
        major_name=row["major_name"],
        degree=Degree(row["degree"]),
        graduation_on=day(row["graduation_on"]),
        degree_verified_on=verified_on,
        degree_verified_by_id=officer.id if verified_on else None,
        **{name: wishes[name] for name in ("wanted", "kinds", "districts", "clusters", "pay_min")},
        start_on=day(wishes["start_on"]),
        searchable=row["searchable"],
        created_at=BEGIN,
    )
    session.add(graduate)
    session.flush()
    consents.give(session, user_id=user.id, purpose=Purpose.SERVICE, at=BEGIN)
    if graduate.searchable:
        consents.give(session, user_id=user.id, purpose=Purpose.BE_FOUND, at=BEGIN)
    if row["id_number"]:
        set_identity(
            session,
            graduate=graduate,
            doc_type=DocType.IDENTITY_CARD,
            number=row["id_number"],
            pepper=pepper,
            at=BEGIN,
        )
    session.add(
        Resume(
            graduate_id=graduate.id,
            version=1,
            source=ResumeSource.PASTE,
            text=row["resume_text"],
            redacted_text=redacted(row["resume_text"], row["name"]),
            skills=row["skills"],
            fields=row["resume"],
            created_at=BEGIN,
        )
    )
    changes.graduate_changed(session, graduate.id, BEGIN)
    return graduate
