"""Rows for tests: plain functions with sensible defaults, any of which a test may change."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from sqlalchemy.orm import Session

from webapp.domain.degrees import Degree
from webapp.domain.employers import EmployerKind, EmployerStatus
from webapp.domain.pipeline import Stage
from webapp.domain.postings import Kind, PostingStatus
from webapp.domain.roles import MemberRole, Role, Scope
from webapp.models import (
    Application,
    Employer,
    Graduate,
    MatchChange,
    Member,
    Officer,
    Period,
    Posting,
    Resume,
    User,
)
from webapp.models.matching import OwnerKind
from webapp.models.resume import ResumeSource

NOW = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
TODAY = date(2026, 6, 15)
PASSWORD = "一句容易记住的话"
PASSWORD_HASH = (
    "$argon2id$v=19$m=8,t=1,p=1$Ge+a4Ofg/saeKtFgbjwVbQ$LaaJ7C/xkgoMF/ETCt9Fn1Fj27K2FJMLjA38VFymupA"
)
"""argon2id of PASSWORD with the smallest parameters: tests need not wait."""
_numbers = count(1)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(number: int, authority: str = "91") -> str:
    """Return a valid synthetic credit code (GB 32100-2015)."""
    body = f"{authority}420100{number:08d}X"[:17]
    total = sum(_ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return body + _ALPHABET[(31 - total % 31) % 31]


def make_user(session: Session, role: Role = Role.GRADUATE, **changes: object) -> User:
    number = next(_numbers)
    user = User(
        **{
            "role": role,
            "name": f"演示{number}",
            "email": f"person{number}@example.com",
            "password_hash": PASSWORD_HASH,
            "created_at": NOW,
        }
        | changes
    )
    session.add(user)
    session.flush()
    return user


def make_graduate(session: Session, *, user: User | None = None, **changes: object) -> Graduate:
    user = user or make_user(session)
    graduate = Graduate(
        **{
            "user": user,
            "name": user.name,
            "institution_code": "4142010486",
            "major_name": "软件工程",
            "degree": Degree.BACHELOR,
            "graduation_on": date(2026, 6, 30),
            "wanted": ["软件工程师"],
            "kinds": [Kind.JOB],
            "districts": [],
            "clusters": [],
            "searchable": True,
            "personalised": True,
            "created_at": NOW,
        }
        | changes
    )
    session.add(graduate)
    session.flush()
    return graduate


def make_resume(session: Session, graduate: Graduate, **changes: object) -> Resume:
    text = "熟悉 Python 与 SQL，实习期间用 Flask 开发过校园二手交易平台，负责接口设计和数据库优化。"
    resume = Resume(
        **{
            "graduate_id": graduate.id,
            "version": 1,
            "source": ResumeSource.PASTE,
            "text": f"{graduate.name}\n{text}",
            "redacted_text": text,
            "skills": ["Python", "SQL", "Flask"],
            "fields": {},
            "is_current": True,
            "created_at": NOW,
        }
        | changes
    )
    session.add_all([resume, MatchChange(owner_kind=OwnerKind.RESUME, owner_id=graduate.id, at=NOW)])
    session.flush()
    return resume


def make_officer(session: Session, scope: Scope = Scope.CITY, **changes: object) -> Officer:
    user = make_user(session, Role.OFFICER)
    officer = Officer(**{"user": user, "scope": scope, "created_at": NOW} | changes)
    session.add(officer)
    session.flush()
    return officer


def make_employer(session: Session, *, approved: bool = True, **changes: object) -> Employer:
    number = next(_numbers)
    verified = {}
    if approved:
        officer = make_officer(session)
        verified = {
            "status": EmployerStatus.APPROVED,
            "verified_on": TODAY,
            "verified_by_id": officer.user_id,
            "verified_until_on": TODAY + timedelta(days=180),
        }
    employer = Employer(
        **{
            "name": f"演示{number}科技有限公司",
            "credit_code": credit_code(number),
            "kind": EmployerKind.COMPANY,
            "district": "WH-DHGX",
            "address": "光谷大道 1 号（演示）",
            "created_at": NOW,
        }
        | verified
        | changes
    )
    session.add(employer)
    session.flush()
    return employer


def make_member(session: Session, employer: Employer | None = None, **changes: object) -> Member:
    employer = employer or make_employer(session)
    user = make_user(session, Role.EMPLOYER)
    member = Member(
        **{
            "user": user,
            "employer": employer,
            "role": MemberRole.OWNER,
            "created_at": NOW,
        }
        | changes
    )
    session.add(member)
    session.flush()
    return member


def make_posting(session: Session, employer: Employer | None = None, **changes: object) -> Posting:
    employer = employer or make_employer(session)
    posting = Posting(
        **{
            "employer": employer,
            "kind": Kind.JOB,
            "status": PostingStatus.LIVE,
            "title": "Python 开发工程师",
            "duties": "负责政务数据平台后端接口的设计、开发与测试，参与数据库建模与性能优化，编写技术文档，"
            "配合前端和运维同事完成上线，处理用户反馈的问题并持续改进系统的稳定性与可用性。",
            "requirements": "熟悉 Python、SQL，了解 Flask 或 Django；有实习或项目经历。",
            "skills": ["Python", "SQL", "Flask"],
            "majors": ["软件工程", "计算机科学与技术"],
            "degree_min": Degree.BACHELOR,
            "headcount": 2,
            "filled": 0,
            "district": "WH-DHGX",
            "address": "光谷大道 1 号（演示）",
            "pay_min": 8000,
            "pay_max": 11000,
            "months": 13,
            "valid_until_on": TODAY + timedelta(days=60),
            "published_at": NOW,
            "created_at": NOW,
        }
        | changes
    )
    session.add(posting)
    session.flush()
    session.add(MatchChange(owner_kind=OwnerKind.POSTING, owner_id=posting.id, at=NOW))
    session.flush()
    return posting


def make_application(
    session: Session, graduate: Graduate | None = None, posting: Posting | None = None, **changes: object
) -> Application:
    graduate = graduate or make_graduate(session)
    posting = posting or make_posting(session)
    application = Application(
        **{
            "graduate": graduate,
            "posting": posting,
            "stage": Stage.SUBMITTED,
            "stage_since_at": NOW,
            "created_at": NOW,
        }
        | changes
    )
    session.add(application)
    session.flush()
    return application


def make_period(session: Session, **changes: object) -> Period:
    period = Period(
        **{
            "id": "P15",
            "name": "2026-2030",
            "start_on": date(2026, 1, 1),
            "end_on": date(2030, 12, 31),
            "status": "open",
            "ruleset_id": "RS-2026.1",
        }
        | changes
    )
    session.add(period)
    session.flush()
    return period
