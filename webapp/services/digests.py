"""Letters about new postings: wished for, written from the nightly lists, stopped by one press."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, joinedload

from webapp.domain.consent import Purpose
from webapp.domain.dates import city_date
from webapp.domain.digests import LESS, MOST, NEW_FOR, Frequency
from webapp.domain.errors import NotFound, PlatformError
from webapp.domain.words import N_
from webapp.models import Digest, DigestPosting, Graduate, Posting
from webapp.queries import digests as queries
from webapp.services import consents
from webapp.services.letters import call_back


class NoAddress(PlatformError):
    """Letters for an account that has a mobile number alone."""

    message = N_("你的账号没有邮箱，收不到邮件。新岗位请在“匹配”里看。")


class DigestLinkUnknown(NotFound):
    """A link that was changed or cut off on its way."""

    message = N_("这个链接不完整。请从邮件里重新打开，或登录平台后在“隐私与授权”里停止。")


@dataclass(frozen=True, slots=True)
class Summary:
    """Whom to write to, and the postings to name, best first."""

    graduate: Graduate
    postings: Sequence[Posting]


@dataclass(frozen=True, slots=True)
class Looked:
    """For how many people news was looked for, and the letters to write to those who have some."""

    people: int
    letters: Sequence[Summary]


def choose(session: Session, *, graduate: Graduate, frequency: Frequency, at: datetime) -> None:
    """Write to a graduate so often from now on, or no longer; the consent follows the wish.

    Whoever turns it on is told of what is published from then on, the first time a whole pause later.
    """
    if frequency is not Frequency.OFF and graduate.user.email is None:
        raise NoAddress
    decide = consents.withdraw if frequency is Frequency.OFF else consents.give
    decide(session, user_id=graduate.user_id, purpose=Purpose.DIGEST, at=at)
    digest = session.get(Digest, graduate.id) or Digest(graduate_id=graduate.id, frequency=Frequency.OFF)
    if Frequency.OFF in {digest.frequency, frequency}:
        digest.since_at, digest.looked_on = at, city_date(at)
        session.execute(delete(DigestPosting).where(DigestPosting.graduate_id == graduate.id))
    digest.frequency = frequency
    session.add(digest)
    session.flush()
    if frequency is Frequency.OFF:  # once a turn that is writing to them has let go of their row
        call_back(session, user_id=graduate.user_id, purpose=Purpose.DIGEST)


def link_token(graduate_id: int, *, secret: str) -> str:
    """Return what a letter's link carries: with it one may ask for fewer letters or none, for ever."""
    return _signer(secret).dumps(graduate_id)


def reader_of(token: str, *, secret: str) -> int:
    """Return the graduate to whom a link was written, or raise :class:`DigestLinkUnknown`."""
    try:
        return int(_signer(secret).loads(token))
    except BadSignature:
        raise DigestLinkUnknown from None


def choose_by_link(session: Session, *, reader: int, frequency: Frequency, at: datetime) -> None:
    """Write less often or no longer to the reader of a letter; a link turns nothing on."""
    whose = joinedload(Digest.graduate).joinedload(Graduate.user)
    digest = session.scalar(select(Digest).options(whose).where(Digest.graduate_id == reader))
    if digest is not None and frequency in LESS[digest.frequency]:
        choose(session, graduate=digest.graduate, frequency=frequency, at=at)


def look_for_news(session: Session, *, run_id: int, at: datetime, most: int) -> Looked:
    """Look for the news of some who are due, and note it; the letters are to be written at once.

    Whatever becomes of the transaction becomes of both: a letter that is written has been noted.
    """
    on = city_date(at)
    due = queries.due(session, on=on, most=most)
    _forget_told(session, due, at)
    found = queries.news(session, due, run_id=run_id, at=at)
    letters = [
        Summary(one.graduate, found[one.graduate_id][:MOST])
        for one in due
        if one.graduate_id in found and one.graduate.user.is_active and one.graduate.user.email
    ]
    for one in due:
        one.looked_on = on
    told = [
        {"graduate_id": letter.graduate.id, "posting_id": posting.id, "told_on": on}
        for letter in letters
        for posting in letter.postings
    ]
    if told:
        session.execute(insert(DigestPosting), told)
    session.flush()
    return Looked(len(due), letters)


def _forget_told(session: Session, digests: Iterable[Digest], at: datetime) -> None:
    """Forget what was named so long ago that it is news no more."""
    session.execute(
        delete(DigestPosting).where(
            DigestPosting.graduate_id.in_([one.graduate_id for one in digests]),
            DigestPosting.told_on < city_date(at - NEW_FOR),
        )
    )


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="digest")
