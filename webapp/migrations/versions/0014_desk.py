"""Keep the sums of the funnel, and indexes by which the queues are counted in a moment."""

import sqlalchemy as sa
from alembic import op

from webapp.database import Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

PATHS = (
    ("ix_employer_waiting", "employer", ["submitted_at", "id", "district"], "submitted_at IS NOT NULL"),
    ("ix_placement_waiting", "placement", ["state_since_at", "id", "unit"], "state = 'evidenced'"),
    ("ix_placement_disputed", "placement", ["state_since_at", "id", "unit"], "state = 'disputed'"),
    (
        "ix_placement_reversal",
        "placement",
        ["state_since_at", "id", "unit"],
        "reversal_asked_by_id IS NOT NULL",
    ),
    ("ix_placement_employer_name", "placement", ["employer_name"], "employer_name IS NOT NULL"),
    ("ix_posting_waiting", "posting", ["submitted_at", "id"], "status = 'review'"),
    ("ix_posting_title", "posting", ["title"], None),
    ("ix_audit_entry_at", "audit_entry", ["at", "id"], None),
    ("ix_audit_entry_action", "audit_entry", ["action", "at", "id"], None),
    ("ix_audit_entry_actor", "audit_entry", ["actor_id", "at", "id"], None),
    ("ix_audit_entry_office", "audit_entry", ["on_behalf_of", "at", "id"], None),
)


def upgrade() -> None:
    op.create_table(
        "funnel_total",
        sa.Column("period_id", sa.String(), nullable=False, comment="empty: registered outside any period"),
        sa.Column("institution_code", sa.String(), nullable=False, comment="empty: not stated"),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("built_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("period_id", "institution_code", "stage", name=op.f("pk_funnel_total")),
    )
    for name, table, columns, where in PATHS:
        some = sa.text(where) if where else None
        op.create_index(name, table, columns, sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    for name, table, _columns, _where in PATHS:
        op.drop_index(name, table)
    op.drop_table("funnel_total")
