"""Keep the posts raised in a ledger of their own, and what schools register of their graduates.

Postings published before are taken into the ledger by ``python -m scripts posts enter``, which the
nightly task does as well.
"""

import sqlalchemy as sa
from alembic import op

from webapp.database import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "market_pay",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column(
            "degree",
            sa.Enum(
                "associate",
                "bachelor",
                "master",
                "doctor",
                name="degree",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.Integer(), nullable=False, comment="yuan a year, lower bounds"),
        sa.Column("postings", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("month", "degree", name=op.f("pk_market_pay")),
    )
    op.create_table(
        "outcome_total",
        sa.Column("institution_code", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("degree", sa.String(), nullable=False, comment="empty: not stated"),
        sa.Column("code", sa.String(), nullable=False, comment="MOE code; empty: not known"),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("built_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("institution_code", "year", "degree", "code", name=op.f("pk_outcome_total")),
    )
    op.create_table(
        "post_total",
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("kind", kind(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("well_paid", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_post_total_period_id_period")),
        sa.PrimaryKeyConstraint("period_id", "unit", "kind", "month", name=op.f("pk_post_total")),
    )
    op.create_table(
        "registered_outcome",
        sa.Column("graduate_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "code", sa.String(), nullable=False, comment="as registered, sub-codes and local codes kept"
        ),
        sa.Column("employer", sa.String(), nullable=True),
        sa.Column("credit_code", sa.String(), nullable=True),
        sa.Column("place", sa.String(), nullable=True, comment="as registered"),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("agreement", sa.String(), nullable=True),
        sa.Column("pay", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("registered_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_registered_outcome_graduate_id_graduate")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_run.id"], name=op.f("fk_registered_outcome_run_id_import_run")
        ),
        sa.PrimaryKeyConstraint("graduate_id", name=op.f("pk_registered_outcome")),
    )
    op.create_index("ix_registered_outcome_run", "registered_outcome", ["run_id"], unique=False)
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False, comment="its first published posting"),
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False, comment="empty: in the city, district unknown"),
        sa.Column("kind", kind(), nullable=False),
        sa.Column("month", sa.String(), nullable=False, comment="in which it was first published"),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("well_paid", sa.Integer(), nullable=False, comment="all of its places, or none"),
        sa.CheckConstraint("headcount >= 0", name=op.f("ck_post_headcount_not_negative")),
        sa.CheckConstraint("well_paid IN (0, headcount)", name=op.f("ck_post_well_paid_whole_or_not")),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_post_period_id_period")),
        sa.ForeignKeyConstraint(["posting_id"], ["posting.id"], name=op.f("fk_post_posting_id_posting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    op.create_index("ix_post_cell", "post", ["period_id", "unit", "kind", "month", "id"], unique=False)
    op.create_index("ix_post_month", "post", ["period_id", "month", "id"], unique=False)
    op.create_index(op.f("ix_post_posting_id"), "post", ["posting_id"], unique=False)
    op.create_table(
        "post_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("likeness", sa.Double(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=True, comment="null: nobody has judged"),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "(same IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_post_question_decided_by_someone")
        ),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_post_question_in_order")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_post_question_decided_by_id_user")
        ),
        sa.ForeignKeyConstraint(["one_id"], ["posting.id"], name=op.f("fk_post_question_one_id_posting")),
        sa.ForeignKeyConstraint(["other_id"], ["posting.id"], name=op.f("fk_post_question_other_id_posting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_question")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_post_question_one_id_other_id")),
    )
    op.create_index(
        "ix_post_question_open",
        "post_question",
        ["id"],
        unique=False,
        sqlite_where=sa.text("same IS NULL"),
        postgresql_where=sa.text("same IS NULL"),
    )
    op.create_index(op.f("ix_post_question_other_id"), "post_question", ["other_id"], unique=False)
    op.create_table(
        "post_separation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=True, comment="null: waits for the second officer"),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "(done IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_post_separation_decided_by_someone")
        ),
        sa.CheckConstraint(
            "NOT done OR decided_by_id <> asked_by_id", name=op.f("ck_post_separation_done_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user.id"], name=op.f("fk_post_separation_asked_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_post_separation_decided_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["posting.id"], name=op.f("fk_post_separation_posting_id_posting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_separation")),
    )
    op.create_index(
        "uq_post_separation_waiting",
        "post_separation",
        ["posting_id"],
        unique=True,
        sqlite_where=sa.text("done IS NULL"),
        postgresql_where=sa.text("done IS NULL"),
    )
    op.create_table(
        "post_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "deed",
            sa.Enum(
                "published",
                "changed",
                "joined",
                "separated",
                "withdrawn",
                name="deed",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("kind", kind(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column("well_paid_delta", sa.Integer(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("threshold_version", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True, comment="null: import or nightly"),
        sa.Column("second_actor_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "deed <> 'separated' OR (actor_id IS NOT NULL AND second_actor_id IS NOT NULL)",
            name=op.f("ck_post_entry_separated_by_two"),
        ),
        sa.CheckConstraint("second_actor_id <> actor_id", name=op.f("ck_post_entry_two_officers")),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_post_entry_actor_id_user")),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_post_entry_period_id_period")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_entry_post_id_post")),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["posting.id"], name=op.f("fk_post_entry_posting_id_posting")
        ),
        sa.ForeignKeyConstraint(
            ["second_actor_id"], ["user.id"], name=op.f("fk_post_entry_second_actor_id_user")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_post_entry")),
    )
    op.create_index("ix_post_entry_post", "post_entry", ["post_id", "seq"], unique=False)
    op.create_index(op.f("ix_post_entry_posting_id"), "post_entry", ["posting_id"], unique=False)
    op.create_table(
        "post_offer",
        sa.Column("posting_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("employer_key", sa.String(), nullable=False),
        sa.Column("genuine", sa.Boolean(), nullable=False, comment="the employer's credit code is real"),
        sa.Column("title_key", sa.String(), nullable=False),
        sa.Column("kind", kind(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False, comment="0: taken off the platform"),
        sa.Column("well_paid", sa.Boolean(), nullable=True, comment="null: no pay stated"),
        sa.Column("threshold_version", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_post_offer_employer_id_employer")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_offer_post_id_post")),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["posting.id"], name=op.f("fk_post_offer_posting_id_posting")
        ),
        sa.PrimaryKeyConstraint("posting_id", name=op.f("pk_post_offer")),
    )
    op.create_index("ix_post_offer_employer", "post_offer", ["employer_key", "posting_id"], unique=False)
    op.create_index(op.f("ix_post_offer_employer_id"), "post_offer", ["employer_id"], unique=False)
    op.create_index(op.f("ix_post_offer_post_id"), "post_offer", ["post_id"], unique=False)
    make_append_only()


def downgrade() -> None:
    drop_append_only()
    op.drop_table("post_offer")
    op.drop_table("post_entry")
    op.drop_table("post_separation")
    op.drop_table("post_question")
    op.drop_table("post")
    op.drop_table("registered_outcome")
    op.drop_table("post_total")
    op.drop_table("outcome_total")
    op.drop_table("market_pay")


def kind() -> sa.Enum:
    """Return the column type of a posting's kind."""
    kinds = ("job", "internship", "traineeship", "grassroots", "research_assistant")
    return sa.Enum(*kinds, name="kind", native_enum=False, create_constraint=True, length=32)


def make_append_only() -> None:
    """Let the database itself refuse to change an entry; 0004 made the function PostgreSQL needs."""
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER post_entry_refuses_{deed.lower()} BEFORE {deed} ON post_entry "
                "BEGIN SELECT RAISE(ABORT, 'post_entry is append-only'); END"
            )
        return
    for deed in ("UPDATE", "DELETE", "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER post_entry_refuses_{deed.lower()} BEFORE {deed} ON post_entry "
            "FOR EACH STATEMENT EXECUTE FUNCTION row_is_kept()"
        )


def drop_append_only() -> None:
    """Take the triggers away."""
    on_table = "" if op.get_bind().dialect.name == "sqlite" else " ON post_entry"
    for deed in ("update", "delete") if not on_table else ("update", "delete", "truncate"):
        op.execute(f"DROP TRIGGER post_entry_refuses_{deed}{on_table}")
