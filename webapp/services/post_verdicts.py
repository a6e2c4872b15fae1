"""What officers say of posts: two are one, two are not, and a merge that was wrong."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.errors import Conflict, NotAllowed, NotFound
from webapp.domain.post_ledger import NotTogether, OneOfficerTwice
from webapp.domain.roles import DECIDES
from webapp.models import Post, PostOffer, PostQuestion, PostSeparation, User
from webapp.queries.officers import reach_of
from webapp.queries.post_ledger import find_post
from webapp.queries.post_rule import known_offers
from webapp.services.post_book import Book
from webapp.services.verifications import officer_of, stated


def judge(session: Session, *, by: User, question_id: int, same: bool, at: datetime) -> PostQuestion:
    """Say whether two postings offer one post. One post counts once from now on; two are never joined."""
    question = session.get(PostQuestion, question_id, with_for_update=True, populate_existing=True)
    if question is None:
        raise NotFound
    one, other = (_reached(session, by, number) for number in (question.one_id, question.other_id))
    if question.same is not None or one.id == other.id:
        raise Conflict
    if same:
        book = _book(session, question.one_id, question.other_id, at=at, actor_id=by.id)
        book.join(max(one.id, other.id), min(one.id, other.id))
        book.write()
    question.same, question.decided_by_id, question.decided_at = same, by.id, at
    session.flush()
    return question


def ask_separation(
    session: Session, *, by: User, posting_id: int, reason: str, at: datetime
) -> PostSeparation:
    """Ask that a posting be counted as a post of its own; a second officer decides."""
    said = stated(reason)
    post = _reached(session, by, posting_id)
    others = select(PostOffer.posting_id).where(
        PostOffer.post_id == post.id, PostOffer.posting_id != posting_id, PostOffer.headcount > 0
    )
    waiting = select(PostSeparation.id).where(
        PostSeparation.posting_id == posting_id, PostSeparation.done.is_(None)
    )
    if session.scalar(others.limit(1)) is None or session.scalar(waiting) is not None:
        raise NotTogether
    asked = PostSeparation(posting_id=posting_id, reason=said, asked_by_id=by.id, asked_at=at)
    session.add(asked)
    session.flush()
    return asked


def carry_out(session: Session, *, by: User, separation_id: int, at: datetime) -> PostSeparation:
    """Undo a merge another officer has found wrong; nothing joins these postings again."""
    asked = _waiting(session, by, separation_id)
    if asked.asked_by_id == by.id:
        raise OneOfficerTwice
    book = _book(
        session, asked.posting_id, at=at, actor_id=asked.asked_by_id, second_id=by.id, reason=asked.reason
    )
    parted = book.together_with(asked.posting_id)
    if not parted:
        raise NotTogether
    book.separate(asked.posting_id)
    book.write()
    for number in parted:
        _part(session, {asked.posting_id, number}, by, at)
    return _decide(session, asked, by, at, done=True)


def drop(session: Session, *, by: User, separation_id: int, at: datetime) -> PostSeparation:
    """Leave the postings together."""
    return _decide(session, _waiting(session, by, separation_id), by, at, done=False)


def _part(session: Session, pair: set[int], by: User, at: datetime) -> None:
    one, other = sorted(pair)
    found = session.scalar(
        select(PostQuestion).where(PostQuestion.one_id == one, PostQuestion.other_id == other)
    )
    question = found or PostQuestion(one_id=one, other_id=other, likeness=1.0, asked_at=at)
    question.same, question.decided_by_id, question.decided_at = False, by.id, at
    session.add(question)
    session.flush()


def _book(session: Session, *posting_ids: int, at: datetime, **signed: object) -> Book:
    return Book(session, known_offers(session, posting_ids), at=at, **signed)  # type: ignore[arg-type]


def _waiting(session: Session, by: User, separation_id: int) -> PostSeparation:
    asked = session.get(PostSeparation, separation_id, with_for_update=True, populate_existing=True)
    if asked is None:
        raise NotFound
    _reached(session, by, asked.posting_id)
    if asked.done is not None:
        raise Conflict
    return asked


def _decide(session: Session, asked: PostSeparation, by: User, at: datetime, *, done: bool) -> PostSeparation:
    asked.done, asked.decided_by_id, asked.decided_at = done, by.id, at
    session.flush()
    return asked


def _reached(session: Session, by: User, posting_id: int) -> Post:
    """Return the post of a posting, if the officer's word covers it."""
    officer = officer_of(session, by)
    if officer.scope not in DECIDES:
        raise NotAllowed
    offer = session.get(PostOffer, posting_id, populate_existing=True)
    post = find_post(session, reach_of(officer), offer.post_id) if offer else None
    if post is None:
        raise NotFound
    return post
