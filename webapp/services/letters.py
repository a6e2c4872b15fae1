"""Letters on their way: kept sealed with the deed that wrote them, delivered by the worker.

Each is handed over at least once. A worker killed between handing over and forgetting hands it over
again, under the same Message-ID, by which mail programs recognise a copy.
"""

import json
import uuid
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta

import structlog
from cryptography.fernet import Fernet
from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from webapp.database import Transaction
from webapp.domain.consent import Purpose
from webapp.models import OutgoingLetter, User
from webapp.services.mail import Letter, LetterRefused, Mailer

log = structlog.get_logger()
LEASE = timedelta(minutes=5)
"""For so long a letter that is being handed over is nobody else's."""
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
KEPT, NEWS_KEPT = timedelta(days=3), timedelta(days=1)
"""After so long a letter is dropped: its links have run out, or its news is old."""
AT_ONCE, MOST_FAILURES = 500, 5
"""A turn ends after so many letters, or failures: a server that does not answer is left alone for a while.

A recipient that is refused is none: somebody's wrong address keeps nobody else's letter waiting.
"""


def post_letter(
    session: Session,
    letter: Letter,
    *,
    key: bytes,
    at: datetime,
    user_id: int | None = None,
    purpose: Purpose | None = None,
) -> OutgoingLetter:
    """Keep a letter, sealed with a Fernet key, for the worker to deliver once the transaction stands.

    Until it has left it can be called back by whose it is and by the consent it rests on.
    """
    kept = OutgoingLetter(
        message_id=uuid.uuid4().hex,
        sealed=Fernet(key).encrypt(json.dumps(asdict(letter)).encode()),
        user_id=user_id,
        purpose=purpose,
        written_at=at,
        due_at=at,
    )
    session.add(kept)
    session.flush()
    return kept


def open_letter(kept: OutgoingLetter, *, key: bytes) -> Letter:
    """Return what a kept letter says; a wrong key raises ``InvalidToken``."""
    return Letter(**json.loads(Fernet(key).decrypt(kept.sealed)))


def call_back(session: Session, *, user_id: int, purpose: Purpose | None = None) -> None:
    """Drop somebody's letters that have not left yet: all, or those that rest on one consent."""
    waiting = delete(OutgoingLetter).where(OutgoingLetter.user_id == user_id)
    session.execute(waiting if purpose is None else waiting.where(OutgoingLetter.purpose == purpose))


def count_untried(session: Session) -> int:
    """Return how many letters wait to be tried for the first time."""
    return session.scalar(select(func.count(OutgoingLetter.id)).where(OutgoingLetter.tries == 0)) or 0


def deliver_due(
    transaction: Transaction, mailer: Mailer, *, key: bytes, clock: Callable[[], datetime]
) -> list[OSError]:
    """Hand over what is due; return what went wrong with the server.

    What could not be handed over is tried again later, unless its recipient is refused for good.
    """
    failures: list[OSError] = []
    with transaction() as session:
        _drop_stale(session, clock())
    for _ in range(AT_ONCE):
        with transaction() as session:
            kept = _claim(session, clock())
        if kept is None:
            break
        error = _hand_over(mailer, open_letter(kept, key=key), kept.message_id)
        with transaction() as session:
            if error is None:
                session.execute(delete(OutgoingLetter).where(OutgoingLetter.id == kept.id))
            else:
                _put_off(session, kept, error, clock())
        if error is not None and not isinstance(error, LetterRefused):
            failures.append(error)
        if len(failures) == MOST_FAILURES:
            break
    return failures


def _drop_stale(session: Session, at: datetime) -> None:
    """Drop what is old, and what was still being written to somebody while they left."""
    news = and_(OutgoingLetter.purpose == Purpose.DIGEST, OutgoingLetter.written_at < at - NEWS_KEPT)
    left = exists().where(User.id == OutgoingLetter.user_id, User.is_active.is_(False))
    session.execute(delete(OutgoingLetter).where(or_(OutgoingLetter.written_at < at - KEPT, news, left)))


def _hand_over(mailer: Mailer, letter: Letter, message_id: str) -> OSError | None:
    """Deliver a letter; return why it is to be tried again, if it is."""
    try:
        mailer.deliver(letter, message_id=message_id)
    except LetterRefused as refusal:
        log.warning("recipient refused", final=refusal.final)
        return None if refusal.final else refusal
    except OSError as error:
        return error
    return None


def _claim(session: Session, at: datetime) -> OutgoingLetter | None:
    """Take the letter that has waited longest; nobody else takes it before the lease is over."""
    kept = session.scalar(
        select(OutgoingLetter)
        .where(OutgoingLetter.due_at <= at)
        .order_by(OutgoingLetter.due_at, OutgoingLetter.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if kept is not None:
        kept.due_at = at + LEASE
    return kept


def _put_off(session: Session, kept: OutgoingLetter, error: OSError, at: datetime) -> None:
    """Wait twice as long as before the last try."""
    session.execute(
        update(OutgoingLetter)
        .where(OutgoingLetter.id == kept.id)
        .values(
            due_at=at + min(FIRST_WAIT * 2**kept.tries, LONGEST_WAIT),
            tries=kept.tries + 1,
            error=type(error).__name__,
        )
    )
