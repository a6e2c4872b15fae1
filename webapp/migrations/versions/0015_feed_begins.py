"""Say where the feed of changes begins, so that its oldest part can be forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    feed = op.create_table(
        "match_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("begins", sa.BigInteger(), nullable=False, comment="a place: see queries.changes"),
        sa.CheckConstraint("id = 1", name=op.f("ck_match_feed_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_feed")),
    )
    op.bulk_insert(feed, [{"id": 1, "begins": 0}])


def downgrade() -> None:
    op.drop_table("match_feed")
