"""The ledger of the retained count, append-only and hash-chained, and what is kept beside it.

``LiveCount``, ``PersonAlias``, ``LedgerTotal`` and ``RetainedSum`` are sums of the entries: ``ledger
verify`` compares them, ``ledger rebuild`` makes them anew.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import enum_column
from webapp.domain.retention import Cause, EntryKind
from webapp.models.base import Base, Id

MINUS = "kind IN ('reverse','move_out')"
WAITING = text("done IS NULL")


class LedgerEntry(Base):
    """One line of the ledger (DOMAIN 1.9); a trigger refuses UPDATE and DELETE.

    ``person_root`` is the person's key with aliases resolved at the time. ``cancels_seq`` names the
    count a line takes away, or the alias it voids, and is unique: both happen at most once.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint(
            f"delta = CASE WHEN kind IN ('count','move_in') THEN 1 WHEN {MINUS} THEN -1 ELSE 0 END",
            name="delta_fits_kind",
        ),
        CheckConstraint(
            f"(cancels_seq IS NOT NULL) = (kind = 'alias_void' OR {MINUS})", name="minus_names_its_count"
        ),
        CheckConstraint(f"(cause IS NOT NULL) = ({MINUS})", name="minus_names_its_cause"),
        CheckConstraint("kind = 'count' OR second_actor_id IS NOT NULL", name="corrected_by_two"),
        CheckConstraint("second_actor_id IS NULL OR second_actor_id <> actor_id", name="two_officers"),
        CheckConstraint(
            "kind <> 'count' OR (grade IS NOT NULL AND (grade IN ('A','B') "
            "OR (grade = 'C' AND second_actor_id IS NOT NULL)))",
            name="count_is_proved",
        ),
        CheckConstraint(
            "(placement_id IS NULL) = (kind IN ('alias','alias_void'))", name="sums_have_a_placement"
        ),
        Index("ix_ledger_entry_period", "period_id", "unit", "attributed_month"),
        Index("ix_ledger_entry_person", "person_root", "period_id"),
        Index(
            "uq_ledger_entry_cancels",
            "cancels_seq",
            unique=True,
            sqlite_where=text("cancels_seq IS NOT NULL"),
            postgresql_where=text("cancels_seq IS NOT NULL"),
        ),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[str] = mapped_column(unique=True)
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[EntryKind] = mapped_column(enum_column(EntryKind, "kind"))
    person_key: Mapped[str]
    person_root: Mapped[str]
    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"))
    unit: Mapped[str]
    district: Mapped[str]
    delta: Mapped[int]
    attributed_month: Mapped[str]
    posted_month: Mapped[str]
    cancels_seq: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.seq"))
    cause: Mapped[Cause | None] = mapped_column(enum_column(Cause, "cause"))
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"), index=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    second_actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    evidence_ids: Mapped[list[Any]] = mapped_column(JSON)
    grade: Mapped[str | None] = mapped_column(comment="strongest evidence when counted")
    ruleset_id: Mapped[str]
    created_at: Mapped[datetime]
    prev_hash: Mapped[str]
    hash: Mapped[str]


class _Facts:
    """What a definition looks at and a count may be taken apart by, as it was when the person was counted."""

    outcome_code: Mapped[str]
    institution_code: Mapped[str | None]
    degree: Mapped[str | None]
    cluster: Mapped[str | None]
    graduated_in: Mapped[str | None] = mapped_column(comment="year of graduation")


class LiveCount(_Facts, Base):
    """The one live count of a person in a period; its primary key refuses a second, whoever is quicker.

    Beside the line it stands by, it holds everything pages ask of it, so that no page joins four tables.
    """

    __tablename__ = "live_count"
    __table_args__ = (
        *(
            Index(f"ix_live_count_{name}", "period_id", *columns, "attributed_month", "seq")
            for name, columns in {
                "month": [],
                "posted": ["posted_month"],
                "year": ["graduated_in"],
                "unit": ["unit"],
                "institution": ["institution_code"],
                "cluster": ["cluster"],
                "outcome": ["outcome_code"],
                "grade": ["grade"],
            }.items()
        ),
    )

    person_root: Mapped[str] = mapped_column(primary_key=True)
    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(ForeignKey("ledger_entry.seq"), unique=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), unique=True)
    unit: Mapped[str]
    district: Mapped[str]
    attributed_month: Mapped[str]
    posted_month: Mapped[str]
    grade: Mapped[str] = mapped_column(comment="strongest evidence now")


class CountFacts(_Facts, Base):
    """The facts a claim was counted with; a trigger keeps them, whatever becomes of the profile."""

    __tablename__ = "count_facts"

    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), primary_key=True)


class Confirmation(Base):
    """A count to which evidence of grade A came later, and when; a trigger keeps it."""

    __tablename__ = "confirmation"

    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="null: known before dates were")


class RetainedSum(Base):
    """How many live counts one definition covers at one office, by one fact and grade (domain/counted.py)."""

    __tablename__ = "retained_sum"

    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"), primary_key=True)
    definition_id: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    dimension: Mapped[str] = mapped_column(primary_key=True)
    office: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    grade: Mapped[str] = mapped_column(primary_key=True)
    total: Mapped[int]


class PersonAlias(Base):
    """A key that was found to be another document of a person; gone again where that was wrong."""

    __tablename__ = "person_alias"
    __table_args__ = (CheckConstraint("person_key <> joined_to", name="two_keys"),)

    person_key: Mapped[str] = mapped_column(primary_key=True)
    joined_to: Mapped[str] = mapped_column(index=True)
    seq: Mapped[int] = mapped_column(ForeignKey("ledger_entry.seq"), unique=True)


class LedgerTotal(Base):
    """The sum of one cell of the ledger: a period, a place and the two months of a count.

    A cell falls below zero where a later month takes back what an earlier one has posted.
    """

    __tablename__ = "ledger_total"

    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"), primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    district: Mapped[str] = mapped_column(primary_key=True)
    attributed_month: Mapped[str] = mapped_column(primary_key=True)
    posted_month: Mapped[str] = mapped_column(primary_key=True)
    total: Mapped[int]


class ClosedMonth(Base):
    """A posting month that takes no more entries, with the head and the sums it was closed at.

    ``totals`` are what the month has posted, by period and unit (invariant I10).
    """

    __tablename__ = "closed_month"

    month: Mapped[str] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="null: by command")
    seq: Mapped[int]
    hash: Mapped[str]
    totals: Mapped[dict[str, Any]] = mapped_column(JSON)


class PublishedHead(Base):
    """The head of the ledger at the end of a day, as it was made public: a trigger keeps it."""

    __tablename__ = "published_head"

    day: Mapped[date] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str]
    published_at: Mapped[datetime]


class LedgerCheck(Base):
    """One walk over the whole ledger: how far it reached and what it found."""

    __tablename__ = "ledger_check"

    id: Mapped[Id]
    at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="null: the nightly one")
    seq: Mapped[int]
    hash: Mapped[str]
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, comment="the first hundred")


class KeptRuleset(Base):
    """A ruleset as it was loaded; once somebody was counted by it, another text is refused."""

    __tablename__ = "ruleset"

    id: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str]
    loaded_at: Mapped[datetime]


class LedgerCorrection(Base):
    """What one officer has asked to be put right in the ledger and a second one decides.

    A move carries a placement and the place it moves to; joining and separating two persons carry
    their keys, ``person_key`` being the duplicate.
    """

    __tablename__ = "ledger_correction"
    __table_args__ = (
        CheckConstraint("kind IN ('move_out','alias','alias_void')", name="correctable"),
        CheckConstraint(
            "(kind = 'move_out') = "
            "(placement_id IS NOT NULL AND district IS NOT NULL AND moved_on IS NOT NULL)",
            name="move_is_complete",
        ),
        CheckConstraint(
            "(kind = 'move_out') = (person_key IS NULL AND joined_to IS NULL)", name="persons_are_complete"
        ),
        CheckConstraint("(done IS NULL) = (decided_by_id IS NULL)", name="decided_by_someone"),
        CheckConstraint("NOT done OR decided_by_id <> asked_by_id", name="done_by_another"),
        Index("ix_ledger_correction_waiting", "id", sqlite_where=WAITING, postgresql_where=WAITING),
    )

    id: Mapped[Id]
    kind: Mapped[EntryKind] = mapped_column(enum_column(EntryKind, "kind"))
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"), index=True)
    district: Mapped[str | None] = mapped_column(comment="gb2260 or zone the work moved to")
    moved_on: Mapped[date | None]
    person_key: Mapped[str | None]
    joined_to: Mapped[str | None]
    reason: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime]
    done: Mapped[bool | None] = mapped_column(comment="null: waits for the second officer")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    seq: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.seq"), comment="the entry it became")
