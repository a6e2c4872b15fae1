"""Reports: frozen snapshots, orders for them, releases to the public."""

import sqlalchemy as sa
from alembic import op

from webapp.database import Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

REFUSAL = "report_snapshot is append-only: gather a new one instead"
OPEN = sa.text("finished_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "report_snapshot",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("definition_id", sa.String(), nullable=False),
        sa.Column("definition_digest", sa.String(), nullable=False),
        sa.Column("ruleset_id", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, comment="head of the ledger at the end of that day"),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True, comment="null: by command"),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_report_snapshot_made_by_id_user")),
        sa.ForeignKeyConstraint(
            ["period_id"], ["period.id"], name=op.f("fk_report_snapshot_period_id_period")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_snapshot")),
        sa.UniqueConstraint("digest", name=op.f("uq_report_snapshot_digest")),
    )
    op.create_index("ix_report_snapshot_as_of", "report_snapshot", ["as_of"])
    op.create_table(
        "report_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("definition_id", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("snapshot_id", sa.String(), nullable=True),
        sa.Column("problem", sa.String(), nullable=True, comment="why nothing came of it"),
        sa.CheckConstraint("done >= 0 AND done <= steps", name=op.f("ck_report_order_done_within_steps")),
        sa.CheckConstraint(
            "snapshot_id IS NULL OR finished_at IS NOT NULL", name=op.f("ck_report_order_made_is_finished")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_report_order_asked_by_id_user")),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_report_order_period_id_period")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["report_snapshot.id"], name=op.f("fk_report_order_snapshot_id_report_snapshot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_order")),
    )
    op.create_index("ix_report_order_open", "report_order", ["id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        "report_release",
        sa.Column("snapshot_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "(approved_by_id IS NULL) = (approved_at IS NULL)",
            name=op.f("ck_report_release_approved_by_somebody"),
        ),
        sa.CheckConstraint(
            "approved_by_id <> asked_by_id", name=op.f("ck_report_release_approved_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["user.id"], name=op.f("fk_report_release_approved_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user.id"], name=op.f("fk_report_release_asked_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["report_snapshot.id"],
            name=op.f("fk_report_release_snapshot_id_report_snapshot"),
        ),
        sa.PrimaryKeyConstraint("snapshot_id", "name", name=op.f("pk_report_release")),
    )
    _keep_snapshots()


def downgrade() -> None:
    for table in ("report_release", "report_order", "report_snapshot"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION report_snapshot_refuses()")


def _keep_snapshots() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER report_snapshot_refuses_{deed.lower()} BEFORE {deed} ON report_snapshot "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION report_snapshot_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    for deed in ("UPDATE", "DELETE", "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER report_snapshot_refuses_{deed.lower()} BEFORE {deed} ON report_snapshot "
            "FOR EACH STATEMENT EXECUTE FUNCTION report_snapshot_refuses()"
        )
