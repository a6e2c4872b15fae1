"""Know whose a letter on its way is, and on which consent it rests."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None

PURPOSES = ("service", "share_with_employer", "be_found", "counting", "digest")


def upgrade() -> None:
    with op.batch_alter_table("outgoing_letter") as batch:
        batch.add_column(
            sa.Column(
                "user_id",
                sa.Integer(),
                nullable=True,
                comment="whose account it is about; nobody's before they join",
            )
        )
        batch.add_column(
            sa.Column(
                "purpose",
                sa.Enum(*PURPOSES, name="purpose", native_enum=False, create_constraint=True, length=32),
                nullable=True,
                comment="the consent it rests on, where it needs one of its own",
            )
        )
        batch.create_foreign_key(
            op.f("fk_outgoing_letter_user_id_user"), "user", ["user_id"], ["id"], ondelete="CASCADE"
        )
    op.create_index("ix_outgoing_letter_user_id", "outgoing_letter", ["user_id"])


def downgrade() -> None:
    op.drop_index("ix_outgoing_letter_user_id", "outgoing_letter")
    with op.batch_alter_table("outgoing_letter") as batch:
        batch.drop_constraint(op.f("fk_outgoing_letter_user_id_user"), type_="foreignkey")
        batch.drop_constraint(op.f("ck_outgoing_letter_purpose"), type_="check")
        batch.drop_column("purpose")
        batch.drop_column("user_id")
