"""Take wishes for letters about new postings, and the consent they rest on."""

import sqlalchemy as sa
from alembic import op

from webapp.database import Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

PURPOSE = "ck_consent_purpose"
BEFORE = ("service", "share_with_employer", "be_found", "counting")
AFTER = (*BEFORE, "digest")


def upgrade() -> None:
    _change_purposes(AFTER)
    op.create_table(
        "digest",
        sa.Column("graduate_id", sa.Integer(), nullable=False),
        sa.Column("frequency", _words("frequency", "daily", "weekly", "off"), nullable=False),
        sa.Column("since_at", Instant(), nullable=False, comment="turned on, or off"),
        sa.Column("looked_on", sa.Date(), nullable=False, comment="last day on which news was looked for"),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_digest_graduate_id_graduate"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("graduate_id", name=op.f("pk_digest")),
    )
    op.create_index("ix_digest_due", "digest", ["frequency", "looked_on", "graduate_id"])
    op.create_table(
        "digest_posting",
        sa.Column("graduate_id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["graduate_id"],
            ["digest.graduate_id"],
            name=op.f("fk_digest_posting_graduate_id_digest"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["posting.id"], name=op.f("fk_digest_posting_posting_id_posting")
        ),
        sa.PrimaryKeyConstraint("graduate_id", "posting_id", name=op.f("pk_digest_posting")),
    )


def downgrade() -> None:
    op.drop_table("digest_posting")
    op.drop_table("digest")
    op.execute("DELETE FROM consent WHERE purpose = 'digest'")
    _change_purposes(BEFORE)


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def _change_purposes(allowed: tuple[str, ...]) -> None:
    """Change what the named check allows; on SQLite another table takes the place of the old one."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(PURPOSE), "consent", type_="check")
        op.create_check_constraint(op.f(PURPOSE), "consent", f"purpose IN {allowed}")
        return
    op.execute("PRAGMA defer_foreign_keys = ON")  # applications point to consents, which are back at the end
    op.execute("CREATE TABLE consent_before AS SELECT * FROM consent")
    op.drop_table("consent")
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("purpose", _words("purpose", *allowed), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("given_at", Instant(), nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_consent_employer_id_employer")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_consent_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_user_purpose", "consent", ["user_id", "purpose"])
    op.execute("INSERT INTO consent SELECT * FROM consent_before")
    op.drop_table("consent_before")
