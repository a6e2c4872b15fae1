"""Find at once what lists have said of a person, who may take it along."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_import_match_graduate_id", "import_match", ["graduate_id"])


def downgrade() -> None:
    op.drop_index("ix_import_match_graduate_id", "import_match")
