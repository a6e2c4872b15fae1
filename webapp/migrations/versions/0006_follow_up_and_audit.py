"""Follow up who stayed, and audit what was counted."""

import sqlalchemy as sa
from alembic import op

from webapp.database import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True, comment="null: the whole city"),
        sa.Column("population", sa.Integer(), nullable=False, comment="counts that stood when frozen"),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("frozen_at", Instant(), nullable=False),
        sa.Column("frozen_by_id", sa.Integer(), nullable=False),
        sa.Column("frozen_seq", sa.Integer(), nullable=False),
        sa.Column("frozen_hash", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False, comment="shown after the draw; its digest before"),
        sa.Column("beacon", sa.String(), nullable=True, comment="head made public after the freeze"),
        sa.Column("seed", sa.String(), nullable=True),
        sa.Column("drawn_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "(beacon IS NULL) = (seed IS NULL)", name=op.f("ck_audit_sample_seed_has_its_beacon")
        ),
        sa.CheckConstraint(
            "(drawn_at IS NULL) = (seed IS NULL)", name=op.f("ck_audit_sample_drawn_with_a_seed")
        ),
        sa.CheckConstraint(
            "size > 0 AND size <= population", name=op.f("ck_audit_sample_size_fits_population")
        ),
        sa.ForeignKeyConstraint(
            ["frozen_by_id"], ["user.id"], name=op.f("fk_audit_sample_frozen_by_id_user")
        ),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_audit_sample_period_id_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_sample")),
    )
    op.create_index("ix_audit_sample_period", "audit_sample", ["period_id", "unit"], unique=False)
    op.create_table(
        "follow_up_total",
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("institution_code", sa.String(), nullable=False, comment="empty in rows by unit"),
        sa.Column("unit", sa.String(), nullable=False, comment="empty in rows by institution"),
        sa.Column("cohort_month", sa.String(), nullable=False),
        sa.Column("months", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False, comment="empty unless they left"),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("built_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"], ["period.id"], name=op.f("fk_follow_up_total_period_id_period")
        ),
        sa.PrimaryKeyConstraint(
            "period_id",
            "institution_code",
            "unit",
            "cohort_month",
            "months",
            "result",
            "reason",
            name=op.f("pk_follow_up_total"),
        ),
    )
    op.create_table(
        "stay_month",
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("institution_code", sa.String(), nullable=False, comment="empty in rows by unit"),
        sa.Column("unit", sa.String(), nullable=False, comment="empty in rows by institution"),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("leavers", sa.Integer(), nullable=False),
        sa.Column("last_seen", sa.Integer(), nullable=False),
        sa.Column("built_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_stay_month_period_id_period")),
        sa.PrimaryKeyConstraint("period_id", "institution_code", "unit", "month", name=op.f("pk_stay_month")),
    )
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column(
            "cohort_month", sa.String(), nullable=False, comment="month in which the counted outcome began"
        ),
        sa.Column(
            "result",
            sa.Enum(
                "retained_a",
                "retained_c",
                "left",
                "study",
                "military",
                "unknown",
                name="result",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "insurance",
                "graduate",
                "officer",
                "employer",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "observed_months", sa.Integer(), nullable=True, comment="seen in the city up to this month"
        ),
        sa.Column("reason", sa.String(), nullable=True, comment="code of data/programme/follow_ups.json"),
        sa.Column("asked_at", Instant(), nullable=True, comment="when the letter went out"),
        sa.CheckConstraint(
            "(reason IS NOT NULL) = (COALESCE(result, '') = 'left')",
            name=op.f("ck_follow_up_leaving_has_its_reason"),
        ),
        sa.CheckConstraint(
            "result IS NULL OR result = 'unknown' OR (source IS NOT NULL AND observed_months IS NOT NULL)",
            name=op.f("ck_follow_up_known_by_somebody"),
        ),
        sa.CheckConstraint("months > 0", name=op.f("ck_follow_up_after_the_start")),
        sa.CheckConstraint(
            "opens_on <= due_on AND due_on <= closes_on", name=op.f("ck_follow_up_window_is_in_order")
        ),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_follow_up_period_id_period")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_follow_up_placement_id_placement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("placement_id", "months", name=op.f("uq_follow_up_placement_id_months")),
    )
    op.create_index(
        "ix_follow_up_closing",
        "follow_up",
        ["closes_on"],
        unique=False,
        sqlite_where=sa.text("result IS NULL"),
        postgresql_where=sa.text("result IS NULL"),
    )
    op.create_index(
        "ix_follow_up_open",
        "follow_up",
        ["unit", "closes_on"],
        unique=False,
        sqlite_where=sa.text("result IS NULL"),
        postgresql_where=sa.text("result IS NULL"),
    )
    op.create_table(
        "audit_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column(
            "finding",
            sa.Enum(
                "right",
                "wrong",
                "unverifiable",
                name="finding",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "cause",
            sa.Enum(
                "R1",
                "R2",
                "R3",
                "R4",
                "R5",
                "R6",
                "R7",
                name="cause",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("found_by_id", sa.Integer(), nullable=True),
        sa.Column("found_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "(cause IS NOT NULL) = (COALESCE(finding, '') = 'wrong')",
            name=op.f("ck_audit_item_wrong_has_its_cause"),
        ),
        sa.CheckConstraint(
            "(finding IS NULL) = (found_by_id IS NULL)", name=op.f("ck_audit_item_found_by_somebody")
        ),
        sa.ForeignKeyConstraint(["found_by_id"], ["user.id"], name=op.f("fk_audit_item_found_by_id_user")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_audit_item_placement_id_placement")
        ),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["audit_sample.id"], name=op.f("fk_audit_item_sample_id_audit_sample")
        ),
        sa.ForeignKeyConstraint(["seq"], ["ledger_entry.seq"], name=op.f("fk_audit_item_seq_ledger_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_item")),
        sa.UniqueConstraint("sample_id", "position", name=op.f("uq_audit_item_sample_id_position")),
        sa.UniqueConstraint("sample_id", "seq", name=op.f("uq_audit_item_sample_id_seq")),
    )
    op.create_index(op.f("ix_audit_item_placement_id"), "audit_item", ["placement_id"], unique=False)
    op.create_table(
        "follow_up_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "insurance",
                "graduate",
                "officer",
                "employer",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "result",
            sa.Enum(
                "retained_a",
                "retained_c",
                "left",
                "study",
                "military",
                "unknown",
                name="result",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True, comment="null: by a list"),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_follow_up_answer_by_id_user")),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_follow_up_answer_follow_up_id_follow_up")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_answer")),
    )
    op.create_index(
        op.f("ix_follow_up_answer_follow_up_id"), "follow_up_answer", ["follow_up_id"], unique=False
    )
    op.create_index("ix_placement_started_on", "placement", ["started_on"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_placement_started_on", table_name="placement")
    op.drop_index(op.f("ix_follow_up_answer_follow_up_id"), table_name="follow_up_answer")
    op.drop_table("follow_up_answer")
    op.drop_index(op.f("ix_audit_item_placement_id"), table_name="audit_item")
    op.drop_table("audit_item")
    op.drop_index("ix_follow_up_open", table_name="follow_up")
    op.drop_index("ix_follow_up_closing", table_name="follow_up")
    op.drop_table("follow_up")
    op.drop_table("stay_month")
    op.drop_table("follow_up_total")
    op.drop_index("ix_audit_sample_period", table_name="audit_sample")
    op.drop_table("audit_sample")
