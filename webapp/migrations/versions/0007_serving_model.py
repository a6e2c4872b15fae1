"""Note which encoder's vectors answer searches, so that another can be made ready beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "serving_model",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("model_id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False, comment="the name or folder it is opened from"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serving_model")),
    )


def downgrade() -> None:
    op.drop_table("serving_model")
