"""Officers, employers with their members, graduates with their resumes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from webapp.domain.consent import Purpose
from webapp.domain.dates import city_date, start_of_day
from webapp.domain.degrees import Degree
from webapp.domain.digests import Frequency
from webapp.domain.employers import VERIFIED_DAYS, EmployerKind, EmployerStatus
from webapp.domain.identifiers import DocType
from webapp.domain.roles import MemberRole, Role, Scope
from webapp.models import Employer, Graduate, Member, Officer, Resume, User
from webapp.models.resume import ResumeSource
from webapp.reading.fields import ResumeFields, redacted
from webapp.reading.sections import Episode
from webapp.services import changes, consents
from webapp.services.accounts import HASHER
from webapp.services.demo.rows import Row, day, moment, read_list, read_rows
from webapp.services.digests import choose
from webapp.services.files import store_file
from webapp.services.identities import set_identity
from webapp.services.resumes import as_kept

BEGIN = datetime(2025, 9, 1, 1, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class People:
    """Everybody by the key the demo files use."""

    officers: Mapping[str, User]
    employers: Mapping[str, Employer]
    members: Mapping[str, User]
    graduates: Mapping[str, Graduate]
    users: Mapping[str, User]

    @property
    def city(self) -> User:
        """Return the first officer of the city."""
        return self.officers["O1"]


def load_people(
    session: Session, *, folder: Path, password: str, at: datetime, pepper: str, file_key: bytes
) -> People:
    """Open all accounts; they share one password, so it is hashed once."""
    hashed = HASHER.hash(password)
    joined = _joined(folder)
    officers = {row["key"]: _officer(session, row, hashed) for row in read_list(folder, "officers")}
    employers, members = {}, {}
    for row in read_rows(folder, "employers.jsonl"):
        employer = _employer(session, row, officers["O1"], at)
        employers[row["key"]] = employer
        members[row["key"]] = _member(session, row, employer, hashed)
        employer.licence_file_id = store_file(
            session,
            owner_id=members[row["key"]].id,
            purpose="licence",
            filename="licence.pdf",
            content=(folder / "licence.pdf").read_bytes(),
            media_type="application/pdf",
            at=BEGIN,
            key=file_key,
        ).id
    graduates, users = {}, {}
    for row in read_rows(folder, "graduates.jsonl"):
        known_since = joined.get(row["key"])
        at = known_since or start_of_day(date(2026, 3, 1) + timedelta(days=int(row["key"][1:])))
        user = _user(session, Role.GRADUATE, row, hashed, created_at=at)
        users[row["key"]] = user
        graduates[row["key"]] = _graduate(session, row, user, officers["O1"], pepper, known_since)
    return People(officers, employers, members, graduates, users)


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
            user=user,
            scope=Scope(row["scope"]),
            unit=row["unit"],
            institution_code=row["institution_code"],
            created_at=BEGIN,
        )
    )
    return user


def _employer(session: Session, row: Row, officer: User, at: datetime) -> Employer:
    verified_on = _renewed(day(row["verified_on"]), city_date(at))
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
    session.add(Member(user=user, employer=employer, role=MemberRole.OWNER, created_at=BEGIN))
    if row["recruiter_email"]:
        recruiter = {"name": row["recruiter_name"], "email": row["recruiter_email"]}
        colleague = _user(session, Role.EMPLOYER, recruiter, hashed)
        session.add(Member(user=colleague, employer=employer, role=MemberRole.RECRUITER, created_at=BEGIN))
    return user


def _joined(folder: Path) -> Mapping[str, datetime]:
    """Return the day before each graduate's first step: nobody acts before registering."""
    joined: dict[str, datetime] = {}
    for name, key in (("applications.jsonl", "started_at"), ("invitations.jsonl", "invited_at")):
        for row in read_rows(folder, name):
            before = moment(row[key]) - timedelta(days=1)
            joined[row["graduate"]] = min(before, joined.get(row["graduate"], before))
    return joined


def _renewed(verified_on: date | None, today: date) -> date | None:
    """Return the last of the half-yearly renewals that an approved employer has had."""
    while verified_on is not None and verified_on + timedelta(days=VERIFIED_DAYS) <= today:
        verified_on += timedelta(days=VERIFIED_DAYS)
    return verified_on


def _graduate(  # noqa: PLR0917 - one call above, one meaning each
    session: Session, row: Row, user: User, officer: User, pepper: str, joined: datetime | None
) -> Graduate:
    at, wishes = user.created_at, row["wishes"]
    verified_on = day(row["degree_verified_on"])
    graduate = Graduate(
        user=user,
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
        matched_at=joined,
        created_at=at,
    )
    session.add(graduate)
    session.flush()
    consents.give(session, user_id=user.id, purpose=Purpose.SERVICE, at=at)
    if graduate.searchable:
        consents.give(session, user_id=user.id, purpose=Purpose.BE_FOUND, at=at)
    if "digest" in row:
        choose(session, graduate=graduate, frequency=Frequency(row["digest"]), at=at)
    if row["id_number"]:
        set_identity(
            session,
            graduate=graduate,
            doc_type=DocType.IDENTITY_CARD,
            number=row["id_number"],
            pepper=pepper,
            at=at,
        )
    session.add(
        Resume(
            graduate_id=graduate.id,
            version=1,
            source=ResumeSource.PASTE,
            text=row["resume_text"],
            redacted_text=redacted(row["resume_text"], row["name"]),
            skills=row["skills"],
            fields=_confirmed(row),
            created_at=at,
        )
    )
    changes.graduate_changed(session, graduate.id, at)
    return graduate


def _confirmed(row: Row) -> dict[str, Any]:
    """Return what the graduate confirmed of the resume, as the reading of a file would have kept it."""
    told = row["resume"]
    fields = ResumeFields(
        name=row["name"],
        mobile=row["mobile"],
        email=row["email"],
        degree=Degree(row["degree"]),
        institution=row["institution_name"],
        institution_code=row["institution_code"],
        major=row["major_name"],
        graduation_on=day(row["graduation_on"]),
        wanted="、".join(row["wishes"]["wanted"]) or None,
        skills=tuple(row["skills"]),
        experiences=tuple(
            Episode(
                heading=f"{one['organisation']} {one['role']}",
                period=f"{one['start_on'][:7]} – {one['end_on'][:7]}",
                text=one["text"],
            )
            for one in told["experiences"]
        ),
        projects=tuple(Episode(one["name"], "", one["text"]) for one in told["projects"]),
        certificates=(*told["certificates"], *told["awards"]),
        doubtful=frozenset(),
    )
    return as_kept(fields)
