"""Keep with a published figure what of it the public does not see; decide it for those there are.

They are few, and a chore could not: the table keeps its rows from everybody else.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op

from webapp.domain.publication import publishable

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

GRADES = ("A", "B", "C")
EVERYTHING = '["A", "B", "C", "total"]'
FIGURES = sa.table(
    "published_figure",
    sa.column("id", sa.Integer()),
    sa.column("period_id", sa.String()),
    sa.column("as_of_on", sa.Date()),
    *(sa.column(name, sa.JSON()) for name in ("by_grade", "hidden")),
)


def upgrade() -> None:
    op.add_column(
        "published_figure",
        sa.Column(
            "hidden",
            sa.JSON(),
            nullable=False,
            server_default=EVERYTHING,
            comment="parts the public does not see",
        ),
    )
    with changing():
        decide()


def downgrade() -> None:
    op.drop_column("published_figure", "hidden")


def decide() -> None:
    """Hide what a figure that is alone on its day would give away; of several on one day, all of each."""
    bind, days = op.get_bind(), defaultdict[Any, list[Any]](list)
    for row in bind.execute(sa.select(FIGURES)).all():
        days[row.period_id, row.as_of_on].append(row)
    for row in (rows[0] for rows in days.values() if len(rows) == 1):
        cells = publishable([row.by_grade.get(grade, 0) for grade in GRADES])
        hidden = [grade for grade, cell in zip(GRADES, cells, strict=True) if isinstance(cell, str)]
        bind.execute(FIGURES.update().where(FIGURES.c.id == row.id).values(hidden=hidden))


@contextmanager
def changing() -> Iterator[None]:
    """Take away the trigger that keeps figures, and put it back."""
    name, table = "published_figure_refuses_update", "published_figure"
    if op.get_bind().dialect.name == "sqlite":
        dropped = f"DROP TRIGGER {name}"
        refusal = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    else:
        dropped = f"DROP TRIGGER {name} ON {table}"
        refusal = "FOR EACH STATEMENT EXECUTE FUNCTION row_is_kept()"
    op.execute(dropped)
    yield
    op.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} {refusal}")
