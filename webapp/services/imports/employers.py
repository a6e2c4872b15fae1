"""Employers of imported postings: one a name, with a made-up credit code and a visible origin."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from webapp.domain.dates import city_date
from webapp.domain.employers import VERIFIED_DAYS, EmployerKind, EmployerStatus
from webapp.domain.identifiers import CODE_ALPHABET, credit_code_digit
from webapp.domain.roles import Role
from webapp.models import Employer, User
from webapp.reading.postings import RawPosting

ORIGIN = "import"
NO_NAME = "未注明单位"
VERIFIER = "import@platform.invalid"
"""A login nobody can use: it stands as the verifier of imported employers."""
UNUSABLE = "!"
"""No password has this as its hash."""

_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_WUHAN_COMPANY = "91420100"


def employer_ids(session: Session, postings: Sequence[RawPosting], at: datetime) -> Mapping[str | None, int]:
    """Return the employer of each name in these postings, making those that are new."""
    first = {posting.employer: posting for posting in reversed(postings)}
    codes = {name: made_up_code(name or NO_NAME) for name in first}
    known = _by_code(session, codes.values())
    new = [
        {
            "name": name or NO_NAME,
            "credit_code": codes[name],
            "kind": EmployerKind.COMPANY,
            "industry": posting.industry,
            "origin": f"{ORIGIN}:{posting.source}",
            "created_at": at,
        }
        for name, posting in sorted(first.items(), key=lambda pair: pair[0] or "")
        if codes[name] not in known
    ]
    if new:
        session.execute(insert(Employer), new)
        known = _by_code(session, codes.values())
    return {name: known[code] for name, code in codes.items()}


def approve(session: Session, ids: Collection[int], at: datetime) -> None:
    """Let these employers' live postings be seen: verified today, to be renewed like all others."""
    waiting = (Employer.id.in_(ids), Employer.status != EmployerStatus.APPROVED)
    if not ids or session.scalar(select(Employer.id).where(*waiting).limit(1)) is None:
        return
    today = city_date(at)
    session.execute(
        update(Employer)
        .where(*waiting)
        .values(
            status=EmployerStatus.APPROVED,
            verified_on=today,
            verified_until_on=today + timedelta(days=VERIFIED_DAYS),
            verified_by_id=import_login(session, at).id,
        )
    )


def made_up_code(name: str) -> str:
    """Return a credit code that is valid by its two checks and always the same for a name.

    Structure and weights: GB 32100-2015 and GB 11714-1997.
    """
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    body = "".join(CODE_ALPHABET[number // 31**place % 31] for place in range(8))
    total = sum(int(sign, 36) * weight for sign, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    code = _WUHAN_COMPANY + body + "0123456789X"[-total % 11]
    return code + credit_code_digit(code)


def _by_code(session: Session, codes: Collection[str]) -> dict[str, int]:
    rows = session.execute(select(Employer.credit_code, Employer.id).where(Employer.credit_code.in_(codes)))
    return dict(rows.tuples().all())


def import_login(session: Session, at: datetime) -> User:
    """Return the login that stands for the import."""
    user = session.scalar(select(User).where(User.email == VERIFIER))
    if user is None:
        user = User(
            role=Role.OFFICER,
            name="批量导入",
            email=VERIFIER,
            password_hash=UNUSABLE,
            is_active=False,
            created_at=at,
        )
        session.add(user)
        session.flush()
    return user
