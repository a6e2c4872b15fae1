"""Add the indexes by which pages stay quick at half a million postings and 1.5 million graduates."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DEGREE_WAITING = sa.text(
    "degree_verified_on IS NULL AND restricted_at IS NULL AND institution_code IS NOT NULL"
)
ALIAS = sa.text("kind = 'alias'")
PATHS = (
    ("ix_audit_entry_subject", "audit_entry", ["subject", "id"], None),
    ("ix_graduate_degree_waiting", "graduate", ["created_at", "id", "graduation_on"], DEGREE_WAITING),
    ("ix_ledger_entry_alias", "ledger_entry", ["seq"], ALIAS),
    ("ix_posting_status_valid", "posting", ["status", "valid_until_on"], None),
)


def upgrade() -> None:
    for name, table, columns, where in PATHS:
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _columns, _where in PATHS:
        op.drop_index(name, table)
