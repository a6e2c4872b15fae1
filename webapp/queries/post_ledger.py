"""The posts raised: sums, the posts behind each of them, and what the rule has to compare."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from webapp.domain.postings import Kind
from webapp.domain.words import N_
from webapp.models import (
    Employer,
    Post,
    PostEntry,
    Posting,
    PostOffer,
    PostQuestion,
    PostSeparation,
    PostTotal,
    User,
)
from webapp.queries.counting import counted_up_to
from webapp.queries.officers import Reach

MOST_COUNTED = 1000


class PostDimension(StrEnum):
    """By what the posts can be taken apart."""

    UNIT = "unit"
    KIND = "kind"
    MONTH = "month"


LABELS: Mapping[StrEnum, str] = {
    PostDimension.UNIT: N_("填报单位"),
    PostDimension.KIND: N_("岗位类型"),
    PostDimension.MONTH: N_("首次发布的月份"),
}


@dataclass(frozen=True, slots=True)
class PostFilter:
    """Which posts are meant: a period's, within an officer's reach, narrowed by some keys."""

    period_id: str
    reach: Reach = field(default_factory=Reach)
    keys: Mapping[PostDimension, str] = field(default_factory=dict)
    well_paid: bool = False


@dataclass(frozen=True, slots=True)
class PostRow:
    """One line of a breakdown: places in all, and those that are well paid."""

    key: str
    total: int
    well_paid: int


def post_totals(session: Session, wanted: PostFilter) -> PostRow:
    """Return the places of the posts meant, from the kept sums."""
    total, well_paid = session.execute(_sums(wanted)).one()
    return PostRow("", total or 0, well_paid or 0)


def post_breakdown(session: Session, wanted: PostFilter, dimension: PostDimension) -> list[PostRow]:
    """Return the places by one dimension, from the kept sums; the lines add up to the whole."""
    column = getattr(PostTotal, dimension.value)
    rows = session.execute(_sums(wanted).add_columns(column).group_by(column).order_by(column)).all()
    return [PostRow(str(key), int(total), int(paid)) for total, paid, key in rows if total or paid]


def post_years(session: Session, period_id: str) -> Mapping[int, PostRow]:
    """Return the places of a period's posts by the year of their first publication."""
    rows = post_breakdown(session, PostFilter(period_id), PostDimension.MONTH)
    years = itertools.groupby(rows, key=lambda row: row.key[:4])
    return {
        int(year): PostRow(year, sum(one.total for one in part), sum(one.well_paid for one in part))
        for year, part in ((year, list(months)) for year, months in years)
    }


def posts_listed(wanted: PostFilter) -> Select[Any]:
    """Select the posts behind a sum with their title and employer, the latest first."""
    rows = (
        select(Post, Posting.title, Employer.name)
        .join(Posting, Posting.id == Post.posting_id)
        .join(Employer, Employer.id == Posting.employer_id)
        .where(*_meant(Post, wanted), Post.headcount > 0)
        .order_by(Post.id.desc())
    )
    return cast("Select[Any]", rows.where(Post.well_paid > 0) if wanted.well_paid else rows)


def find_post(session: Session, reach: Reach, post_id: int) -> Post | None:
    """Return a post in reach."""
    kept = [Post.unit == reach.unit] if reach.unit else []
    return session.scalar(select(Post).where(Post.id == post_id, *kept))


def offers_of(session: Session, post_id: int) -> Sequence[Any]:
    """Return the postings of a post with title, employer and origin, and a separation that waits."""
    waiting = select(PostSeparation).where(PostSeparation.done.is_(None)).subquery()
    asked = aliased(PostSeparation, waiting)
    return session.execute(
        select(PostOffer, Posting.title, Employer.name, Posting.origin, asked)
        .join(Posting, Posting.id == PostOffer.posting_id)
        .join(Employer, Employer.id == PostOffer.employer_id)
        .outerjoin(asked, asked.posting_id == PostOffer.posting_id)
        .where(PostOffer.post_id == post_id)
        .order_by(PostOffer.first_on, PostOffer.posting_id)
    ).all()


def entries_of(session: Session, post_id: int) -> Sequence[PostEntry]:
    """Return a post's lines of the ledger in order."""
    wanted = select(PostEntry).where(PostEntry.post_id == post_id).order_by(PostEntry.seq)
    return session.scalars(wanted).all()


def questions_listed(reach: Reach) -> Select[Any]:
    """Select pairs that are two posts and nobody has judged, with titles and employer, the latest first."""
    one, other = aliased(Posting), aliased(Posting)
    rows = (
        _open_questions(reach)
        .join(one, one.id == PostQuestion.one_id)
        .join(other, other.id == PostQuestion.other_id)
        .join(Employer, Employer.id == one.employer_id)
        .with_only_columns(PostQuestion, one.title, other.title, Employer.name)
        .order_by(PostQuestion.id.desc())
    )
    return cast("Select[Any]", rows)


def waiting_numbers(session: Session, reach: Reach) -> tuple[int, int]:
    """Return how many pairs and how many separations wait for a word, as far as anybody wants to know."""
    pairs = counted_up_to(session, _open_questions(reach), MOST_COUNTED)
    return pairs, counted_up_to(session, separations_listed(reach), MOST_COUNTED)


def separations_listed(reach: Reach) -> Select[Any]:
    """Select merges somebody wants undone, with the post, its title, its employer and who asks."""
    rows = (
        select(PostSeparation, Post.id, Posting.title, Employer.name, User.name)
        .join(PostOffer, PostOffer.posting_id == PostSeparation.posting_id)
        .join(Post, Post.id == PostOffer.post_id)
        .join(Posting, Posting.id == PostSeparation.posting_id)
        .join(Employer, Employer.id == Posting.employer_id)
        .join(User, User.id == PostSeparation.asked_by_id)
        .where(PostSeparation.done.is_(None), *([Post.unit == reach.unit] if reach.unit else []))
        .order_by(PostSeparation.id.desc())
    )
    return cast("Select[Any]", rows)


def find_question(session: Session, reach: Reach, question_id: int) -> PostQuestion | None:
    """Return a pair in reach that nobody has judged."""
    return session.scalar(_open_questions(reach).where(PostQuestion.id == question_id))


def pair_of(session: Session, question: PostQuestion) -> list[Posting]:
    """Return the two postings of a question with their employers."""
    wanted = select(Posting).options(joinedload(Posting.employer)).order_by(Posting.id)
    numbers = [question.one_id, question.other_id]
    return list(session.scalars(wanted.where(Posting.id.in_(numbers))))


def _open_questions(reach: Reach) -> Select[Any]:
    one, other = aliased(PostOffer), aliased(PostOffer)
    rows = (
        select(PostQuestion)
        .join(one, one.posting_id == PostQuestion.one_id)
        .join(other, other.posting_id == PostQuestion.other_id)
        .where(PostQuestion.same.is_(None), one.post_id != other.post_id)
    )
    if reach.unit:
        for offer in (one, other):
            post = aliased(Post)
            rows = rows.join(post, post.id == offer.post_id).where(post.unit == reach.unit)
    return cast("Select[Any]", rows)


def _meant(table: type[Post | PostTotal], wanted: PostFilter) -> list[ColumnElement[bool]]:
    kept = [table.period_id == wanted.period_id]
    kept += [table.unit == wanted.reach.unit] if wanted.reach.unit else []
    for dimension, key in wanted.keys.items():
        value = Kind(key) if dimension is PostDimension.KIND else key
        kept.append(getattr(table, dimension.value) == value)
    return kept


def _sums(wanted: PostFilter) -> Select[Any]:
    sums = select(func.sum(PostTotal.total), func.sum(PostTotal.well_paid))
    return cast("Select[Any]", sums.where(*_meant(PostTotal, wanted)))
