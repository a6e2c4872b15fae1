"""Take figures for every indicator of the plan; keep what the planner starts from.

The sums are empty until the nightly chore, or ``python -m scripts planner run``, has filled them.
"""

import sqlalchemy as sa
from alembic import op

from webapp.database import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KIND, REVISION = "ck_reported_figure_kind", "uq_reported_figure_revision"
BEFORE = "kind IN ('monthly','cumulative')"
AFTER = "kind IN ('monthly','cumulative','yearly','level')"
COMMENTS = {"reason": "why a later revision differs", "decided_at": "approved or refused"}


def upgrade() -> None:
    _change_kinds(AFTER)
    instant = "TIMESTAMP WITH TIME ZONE" if _is_postgresql() else "DATETIME"
    op.execute("ALTER TABLE reported_figure ADD COLUMN reason VARCHAR")
    op.execute(f"ALTER TABLE reported_figure ADD COLUMN decided_at {instant}")
    if _is_postgresql():
        for name, comment in COMMENTS.items():
            op.execute(f"COMMENT ON COLUMN reported_figure.{name} IS '{comment}'")
    op.create_table(
        "planner_sum",
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False, comment="city, or unit:… or institution:…"),
        sa.Column("dimension", sa.String(), nullable=False, comment="unit, institution or cluster"),
        sa.Column("key", sa.String(), nullable=False, comment="empty where it was never stated"),
        sa.Column("place", sa.String(), nullable=False, comment="webapp.domain.planner.Place"),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("built_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_planner_sum_period_id_period")),
        sa.PrimaryKeyConstraint(
            "period_id", "scope", "dimension", "key", "place", name=op.f("pk_planner_sum")
        ),
    )


def downgrade() -> None:
    op.drop_table("planner_sum")
    for name in COMMENTS:
        op.execute(f"ALTER TABLE reported_figure DROP COLUMN {name}")
    op.execute("DELETE FROM reported_figure WHERE kind IN ('yearly','level')")
    _change_kinds(BEFORE)


def _change_kinds(allowed: str) -> None:
    """Change what the named check allows; on SQLite a column of the same name takes the other's place."""
    if _is_postgresql():
        op.drop_constraint(op.f(KIND), "reported_figure", type_="check")
        op.create_check_constraint(op.f(KIND), "reported_figure", allowed)
        return
    op.drop_index(REVISION, "reported_figure")
    op.execute("ALTER TABLE reported_figure RENAME COLUMN kind TO kind_before")
    op.execute(f"ALTER TABLE reported_figure ADD COLUMN kind VARCHAR CONSTRAINT {KIND} CHECK ({allowed})")
    op.execute("UPDATE reported_figure SET kind = kind_before")
    op.execute("ALTER TABLE reported_figure DROP COLUMN kind_before")
    columns = ["period_id", "indicator", "unit", "month", "kind", "revision"]
    op.create_index(
        REVISION, "reported_figure", columns, unique=True, sqlite_where=sa.text("month IS NOT NULL")
    )


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
