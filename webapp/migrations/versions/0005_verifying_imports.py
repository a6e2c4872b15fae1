"""Keep lists that verify outcomes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = (
    ("unmatched", "INTEGER DEFAULT '0' NOT NULL"),
    ("total", "INTEGER"),
    ("findings", "JSON"),
    ("problem", "VARCHAR"),
    ("file_id", "INTEGER CONSTRAINT fk_import_run_file_id_stored_file REFERENCES stored_file (id)"),
    ("asked_by_id", 'INTEGER CONSTRAINT fk_import_run_asked_by_id_user REFERENCES "user" (id)'),
    (
        "checked_by_id",
        'INTEGER CONSTRAINT fk_import_run_checked_by_id_user REFERENCES "user" (id) CONSTRAINT ck_import_run_checked_by_another CHECK (checked_by_id <> asked_by_id)',
    ),
)
"""Written out: both databases add a column with its constraints, and no table is copied."""
FIGURES = (
    ("month", "VARCHAR"),
    ("kind", "VARCHAR CONSTRAINT ck_reported_figure_kind CHECK (kind IN ('monthly','cumulative'))"),
    ("revision", "INTEGER DEFAULT '1' NOT NULL"),
    ("run_id", "INTEGER CONSTRAINT fk_reported_figure_run_id_import_run REFERENCES import_run (id)"),
    ("submitted_by_id", 'INTEGER CONSTRAINT fk_reported_figure_submitted_by_id_user REFERENCES "user" (id)'),
    (
        "approved_by_id",
        'INTEGER CONSTRAINT fk_reported_figure_approved_by_id_user REFERENCES "user" (id) CONSTRAINT ck_reported_figure_approved_by_another CHECK (approved_by_id <> submitted_by_id)',
    ),
)
MONTHLY = sa.text("month IS NOT NULL")
COMMENTS = {
    "unmatched": "rows of people not here",
    "total": "rows of the file",
    "findings": "how many rows came to what",
    "problem": "why the file as a whole could not be read",
}
FINDINGS = (
    "confirmed", "proved", "counted", "not_counted", "known", "no_claim", "other_employer", "verified",
    "claimed", "differs", "proposed", "recorded",
)  # fmt: skip


def upgrade() -> None:
    for name, kind in COLUMNS:
        op.execute(f"ALTER TABLE import_run ADD COLUMN {name} {kind}")
    for name, kind in FIGURES:
        op.execute(f"ALTER TABLE reported_figure ADD COLUMN {name} {kind}")
    figure = ["period_id", "indicator", "unit", "month", "kind", "revision"]
    op.create_index(
        "uq_reported_figure_revision",
        "reported_figure",
        figure,
        unique=True,
        sqlite_where=MONTHLY,
        postgresql_where=MONTHLY,
    )
    op.create_index("ix_reported_figure_run_id", "reported_figure", ["run_id"])
    if op.get_bind().dialect.name == "postgresql":
        for name, comment in COMMENTS.items():
            op.execute(f"COMMENT ON COLUMN import_run.{name} IS '{comment}'")
        op.execute("COMMENT ON COLUMN reported_figure.month IS 'null: a figure of no single month'")
    op.create_table(
        "import_match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(length=32), nullable=False),
        sa.Column("finding", sa.String(length=32), nullable=False),
        sa.Column("graduate_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=True, comment="why the rule refused"),
        sa.CheckConstraint("grade IN ('exact', 'likeness')", name=op.f("ck_import_match_grade")),
        sa.CheckConstraint(
            f"finding IN ({', '.join(repr(one) for one in FINDINGS)})", name=op.f("ck_import_match_finding")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_run.id"], name=op.f("fk_import_match_run_id_import_run"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["graduate_id"], ["graduate.id"], name=op.f("fk_import_match_graduate_id_graduate")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_import_match_placement_id_placement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_match")),
        sa.UniqueConstraint("run_id", "row_number", name=op.f("uq_import_match_run_id_row_number")),
    )
    op.create_index("ix_import_match_finding", "import_match", ["run_id", "finding", "id"])


def downgrade() -> None:
    op.drop_table("import_match")
    op.drop_index("uq_reported_figure_revision", "reported_figure")
    op.drop_index("ix_reported_figure_run_id", "reported_figure")
    for name, _kind in reversed(FIGURES):
        op.execute(f"ALTER TABLE reported_figure DROP COLUMN {name}")
    for name, _kind in reversed(COLUMNS):
        op.execute(f"ALTER TABLE import_run DROP COLUMN {name}")
