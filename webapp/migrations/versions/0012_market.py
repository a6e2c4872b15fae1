"""Keep the runs of the nightly market and the short lists it leaves for graduates."""

import sqlalchemy as sa
from alembic import op

from webapp.database import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "market_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column(
            "model_id", sa.String(), nullable=False, comment="the encoder whose vectors were multiplied"
        ),
        sa.Column("ranking", sa.String(), nullable=False, comment="digest of the weights that scored"),
        sa.Column("blocks", sa.Integer(), nullable=False),
        sa.Column("blocks_done", sa.Integer(), nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "blocks_done BETWEEN 0 AND blocks", name=op.f("ck_market_run_blocks_done_are_some")
        ),
        sa.CheckConstraint(
            "finished_at IS NULL OR blocks_done = blocks", name=op.f("ck_market_run_finished_is_complete")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market_run")),
    )
    op.create_index("ix_market_run_finished_at", "market_run", ["finished_at"])
    op.create_table(
        "market_list",
        sa.Column("graduate_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False, comment="from 1, best first"),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["market_run.id"], name=op.f("fk_market_list_run_id_market_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("graduate_id", "run_id", "rank", name=op.f("pk_market_list")),
    )


def downgrade() -> None:
    op.drop_table("market_list")
    op.drop_index("ix_market_run_finished_at", "market_run")
    op.drop_table("market_run")
