"""Have figures that wait for their second officer counted anew, with the grades of all definitions beside them."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE publication SET answer = NULL, figured_at = NULL WHERE done IS NULL")


def downgrade() -> None:
    """Change nothing: earlier versions do not read what an answer says beside the number."""
