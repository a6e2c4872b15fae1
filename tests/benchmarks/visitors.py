"""People of all audiences with a session and the pages they walk, for a benchmark of the whole platform."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from urllib.parse import quote

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_login.utils import _create_identifier
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from webapp.domain.postings import PostingStatus
from webapp.domain.roles import MemberRole, Role, Scope
from webapp.models import Employer, Graduate, Member, Officer, Posting, User
from webapp.settings import Settings

AGENT = "bench"
MIX = (
    *("graduate",) * 13, *("employer",) * 3, *("officer",) * 2, *("visitor",) * 2,
)  # fmt: skip
SEARCHES = ("数据分析 实习", "机械设计", "护士", "Java 后端", "会计 光谷", "土木 施工员")
BREAKDOWNS = ("unit", "month", "institution", "degree", "cluster", "grade")


@dataclass(frozen=True)
class Visitor:
    """Somebody with a session: the names of the pages they look at, and their addresses."""

    audience: str
    cookie: str
    pages: Sequence[tuple[str, str]]


def visitors(database: Engine, settings: Settings, people: int) -> list[Visitor]:
    """Return people in the mix of an ordinary day; members of employers are added where there are none."""
    with Session(database) as session:
        offered = list(
            session.scalars(select(Posting.id).where(Posting.status == PostingStatus.LIVE).limit(2_000))
        )
        ways = {
            "graduate": cycle(_graduates(session, offered)),
            "employer": cycle(_employers(session, people)),
            "officer": cycle(_officers(session)),
            "visitor": cycle([(None, _public(offered))]),
        }
        drawn = [(audience, *next(ways[audience])) for audience in islice(cycle(MIX), people)]
        session.commit()
    return [
        Visitor(audience, _cookie(settings, user) if user else "", pages) for audience, user, pages in drawn
    ]


def _graduates(session: Session, offered: Sequence[int]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    found = select(Graduate.user_id).where(Graduate.searchable).order_by(Graduate.id.desc()).limit(200)
    for number, user in enumerate(session.scalars(found)):
        postings = offered[number % 50 :: 50]
        yield (
            f"{user}.1",
            [
                ("graduate today", "/graduate/"),
                *[("graduate matches", "/graduate/matches")] * 3,
                *(("graduate matches asked", f"/graduate/matches?q={quote(one)}") for one in SEARCHES[:2]),
                *(("graduate posting", f"/graduate/postings/{one}") for one in postings[:4]),
                ("graduate applications", "/graduate/applications"),
                ("graduate resume", "/graduate/resume"),
            ],
        )


def _employers(session: Session, people: int) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    firms = session.scalars(
        select(Employer).join(Posting).distinct().order_by(Employer.id).limit(people)
    ).all()
    for firm in firms:
        member = session.scalar(select(Member).where(Member.employer_id == firm.id))
        user = session.get(User, member.user_id) if member else _member(session, firm)
        own = session.scalars(select(Posting.id).where(Posting.employer_id == firm.id).limit(3)).all()
        yield (
            f"{user.id}.1",
            [
                ("employer desk", "/employer/"),
                ("employer postings", "/employer/postings"),
                *[("employer candidates", f"/employer/postings/{one}/candidates") for one in own],
            ],
        )


def _member(session: Session, firm: Employer) -> User:
    at = datetime.now(UTC)
    user = User(
        role=Role.EMPLOYER, name="合成·招聘", email=f"member{firm.id}@city.example.com",
        password_hash="!", is_active=True, session_version=1, created_at=at,
    )  # fmt: skip
    session.add(user)
    session.flush()
    session.add(Member(user_id=user.id, employer_id=firm.id, role=MemberRole.OWNER, created_at=at))
    session.flush()
    return user


def _officers(session: Session) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    scopes = (
        select(Officer.user_id).where(Officer.scope.in_([Scope.CITY, Scope.UNIT])).order_by(Officer.scope)
    )
    for user in session.scalars(scopes.limit(20)):
        yield (
            f"{user}.1",
            [
                *[("officer overview", "/officer/")] * 2,
                *(("officer breakdown", f"/officer/retained?by={by}") for by in BREAKDOWNS),
                ("officer rows", "/officer/retained/rows?of_month=2026-07"),
                ("officer queue", "/officer/placements"),
            ],
        )


def _public(offered: Sequence[int]) -> list[tuple[str, str]]:
    return [
        ("public home", "/"),
        *(("public search", f"/postings?q={quote(one)}") for one in SEARCHES),
        ("public list", "/postings"),
        *(("public posting", f"/postings/{one}") for one in offered[:20]),
    ]


def _cookie(settings: Settings, user: str) -> str:
    """Sign the cookie a login would have set."""
    app = Flask(__name__)
    app.secret_key = settings.secret_key
    with app.test_request_context(headers={"User-Agent": AGENT}, environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        facts = {"_user_id": user, "_fresh": True, "_id": _create_identifier()}
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    return f"session={signer.dumps(facts)}"
