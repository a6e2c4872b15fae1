"""Note background runs, letters on their way and probes of the index; order changes by transaction."""

import sqlalchemy as sa
from alembic import op

from webapp.database import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

STATES = ("running", "done", "failed", "skipped")


def upgrade() -> None:
    op.create_table(
        "task_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "task_id", sa.String(), nullable=False, comment="the queue's name of it, the same for every try"
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "worker", sa.String(), nullable=False, comment="host and process, to tell what a killed one left"
        ),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (state = 'running')", name=op.f("ck_task_run_ended_unless_running")
        ),
        sa.CheckConstraint(
            "(error IS NOT NULL) = (state = 'failed')", name=op.f("ck_task_run_failure_is_named")
        ),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name=op.f("ck_task_run_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_run")),
    )
    op.create_index("ix_task_run_name", "task_run", ["name", "started_at"])
    op.create_index("ix_task_run_started_at", "task_run", ["started_at"])
    op.create_index("ix_task_run_task_id", "task_run", ["task_id"])
    op.create_table(
        "outgoing_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "message_id",
            sa.String(),
            nullable=False,
            comment="the same for every try: a second copy is recognised",
        ),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False, comment="when it is tried next"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True, comment="kind of the last failure"),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_outgoing_letter_tries_are_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_letter")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outgoing_letter_message_id")),
    )
    op.create_index("ix_outgoing_letter_due_at", "outgoing_letter", ["due_at"])
    op.create_table(
        "index_probe",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("model_id", sa.String(), nullable=False),
        sa.Column("collection", sa.String(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("queries", sa.Integer(), nullable=False),
        sa.Column("recall", sa.Double(), nullable=False),
        sa.CheckConstraint("recall BETWEEN 0 AND 1", name=op.f("ck_index_probe_recall_is_a_share")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_index_probe")),
    )
    op.create_index("ix_index_probe_at", "index_probe", ["at"])
    _order_changes()


def _order_changes() -> None:
    """PostgreSQL notes the writing transaction; SQLite has one writer, whose ids are in order already."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.add_column(
        "match_change",
        sa.Column(
            "transaction_id",
            sa.BigInteger(),
            nullable=False,
            server_default=sa.text("pg_current_xact_id()::text::bigint" if on_postgresql else "0"),
            comment="the writing transaction on PostgreSQL",
        ),
    )
    op.create_index("ix_match_change_transaction_id", "match_change", ["transaction_id"])


def downgrade() -> None:
    op.drop_index("ix_match_change_transaction_id", "match_change")
    with op.batch_alter_table("match_change") as batch:
        batch.drop_column("transaction_id")
    for table in ("index_probe", "outgoing_letter", "task_run"):
        op.drop_table(table)
