"""The ledger of posts raised (筹集岗位), append-only, and what is kept beside it.

``Post`` and ``PostTotal`` are sums of the entries, ``PostOffer`` says which postings are one post:
``posts verify`` compares them all.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import enum_column
from webapp.domain.degrees import Degree
from webapp.domain.post_ledger import PostDeed
from webapp.domain.postings import Kind
from webapp.models.base import Base, Id

UNDECIDED = text("same IS NULL")
WAITING = text("done IS NULL")


class Post(Base):
    """One post, however many postings offer it, with what it counts now and the cell it counts in.

    A post that was joined to another one keeps its row and its history, and counts nothing.
    """

    __tablename__ = "post"
    __table_args__ = (
        CheckConstraint("headcount >= 0", name="headcount_not_negative"),
        CheckConstraint("well_paid IN (0, headcount)", name="well_paid_whole_or_not"),
        Index("ix_post_cell", "period_id", "unit", "kind", "month", "id"),
        Index("ix_post_month", "period_id", "month", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    posting_id: Mapped[int] = mapped_column(
        ForeignKey("posting.id"), index=True, comment="its first published posting"
    )
    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"))
    unit: Mapped[str] = mapped_column(comment="empty: in the city, district unknown")
    kind: Mapped[Kind] = mapped_column(enum_column(Kind, "kind"))
    month: Mapped[str] = mapped_column(comment="in which it was first published")
    headcount: Mapped[int]
    well_paid: Mapped[int] = mapped_column(comment="all of its places, or none")


class PostOffer(Base):
    """A posting as the ledger has taken it: the post it offers and what the rule compares."""

    __tablename__ = "post_offer"
    __table_args__ = (Index("ix_post_offer_employer", "employer_key", "posting_id"),)

    posting_id: Mapped[int] = mapped_column(ForeignKey("posting.id"), primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), index=True)
    employer_key: Mapped[str]
    genuine: Mapped[bool] = mapped_column(comment="the employer's credit code is real")
    title_key: Mapped[str]
    kind: Mapped[Kind] = mapped_column(enum_column(Kind, "kind"))
    place: Mapped[str | None]
    first_on: Mapped[date]
    last_on: Mapped[date]
    headcount: Mapped[int] = mapped_column(comment="0: taken off the platform")
    well_paid: Mapped[bool | None] = mapped_column(comment="null: no pay stated")
    threshold_version: Mapped[str]


class PostEntry(Base):
    """One line of the post ledger; a trigger refuses UPDATE and DELETE.

    ``headcount`` is what the posting that caused the line stated then, ``delta`` what the post counts
    more or less by it. Undoing a merge takes two officers.
    """

    __tablename__ = "post_entry"
    __table_args__ = (
        CheckConstraint(
            "deed <> 'separated' OR (actor_id IS NOT NULL AND second_actor_id IS NOT NULL)",
            name="separated_by_two",
        ),
        CheckConstraint("second_actor_id <> actor_id", name="two_officers"),
        Index("ix_post_entry_post", "post_id", "seq"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    deed: Mapped[PostDeed] = mapped_column(enum_column(PostDeed, "deed"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    posting_id: Mapped[int] = mapped_column(ForeignKey("posting.id"), index=True)
    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"))
    unit: Mapped[str]
    kind: Mapped[Kind] = mapped_column(enum_column(Kind, "kind"))
    month: Mapped[str]
    delta: Mapped[int]
    well_paid_delta: Mapped[int]
    headcount: Mapped[int]
    threshold_version: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="null: import or nightly")
    second_actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str | None]
    created_at: Mapped[datetime]


class PostTotal(Base):
    """The sum of one cell of the post ledger, brought up to date with every entry."""

    __tablename__ = "post_total"

    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"), primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(enum_column(Kind, "kind"), primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    total: Mapped[int]
    well_paid: Mapped[int]


class PostQuestion(Base):
    """Two postings that may offer one post: what an officer has said of them, if anybody has.

    ``same`` false parts them for good: nothing joins them again.
    """

    __tablename__ = "post_question"
    __table_args__ = (
        UniqueConstraint("one_id", "other_id"),
        CheckConstraint("one_id < other_id", name="in_order"),
        CheckConstraint("(same IS NULL) = (decided_by_id IS NULL)", name="decided_by_someone"),
        Index("ix_post_question_open", "id", sqlite_where=UNDECIDED, postgresql_where=UNDECIDED),
    )

    id: Mapped[Id]
    one_id: Mapped[int] = mapped_column(ForeignKey("posting.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("posting.id"), index=True)
    likeness: Mapped[float]
    asked_at: Mapped[datetime]
    same: Mapped[bool | None] = mapped_column(comment="null: nobody has judged")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]


class PostSeparation(Base):
    """A merge one officer wants undone; a second one carries it out or drops it."""

    __tablename__ = "post_separation"
    __table_args__ = (
        CheckConstraint("(done IS NULL) = (decided_by_id IS NULL)", name="decided_by_someone"),
        CheckConstraint("NOT done OR decided_by_id <> asked_by_id", name="done_by_another"),
        Index(
            "uq_post_separation_waiting",
            "posting_id",
            unique=True,
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
    )

    id: Mapped[Id]
    posting_id: Mapped[int] = mapped_column(ForeignKey("posting.id"))
    reason: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime]
    done: Mapped[bool | None] = mapped_column(comment="null: waits for the second officer")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]


class MarketPay(Base):
    """The market's yearly pay for a degree, as it enters the threshold of well-paid posts of a month."""

    __tablename__ = "market_pay"

    month: Mapped[str] = mapped_column(primary_key=True)
    degree: Mapped[Degree] = mapped_column(enum_column(Degree, "degree"), primary_key=True)
    amount: Mapped[int] = mapped_column(comment="yuan a year, lower bounds")
    postings: Mapped[int]
    made_at: Mapped[datetime]
