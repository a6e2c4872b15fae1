"""Tell the count by definition, fast: facts of every count, kept sums, published figures.

The live counts and their facts are filled here from claims and profiles as they stand. The sums are
filled by ``load-programme``, which has to run once after this migration, as after every one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEPT = ("count_facts", "confirmation", "published_figure")
WAITING, OPEN = sa.text("done IS NULL"), sa.text("confirmed_by_id IS NULL")
INDEXES = {
    "month": [],
    "posted": ["posted_month"],
    "year": ["graduated_in"],
    "unit": ["unit"],
    "institution": ["institution_code"],
    "cluster": ["cluster"],
    "outcome": ["outcome_code"],
    "grade": ["grade"],
}
FACTS = """
    INSERT INTO count_facts (placement_id, outcome_code, institution_code, degree, cluster, graduated_in)
    SELECT p.id, p.outcome_code, g.institution_code, g.degree, p.cluster,
           substr(CAST(g.graduation_on AS VARCHAR), 1, 4)
    FROM placement p JOIN graduate g ON g.id = p.graduate_id
    WHERE EXISTS (SELECT 1 FROM ledger_entry e WHERE e.placement_id = p.id AND e.kind = 'count')
"""
CONFIRMED = """
    INSERT INTO confirmation (placement_id, at)
    SELECT p.id, p.state_since_at FROM placement p
    JOIN ledger_entry e ON e.placement_id = p.id AND e.kind = 'count'
    WHERE p.grade = 'A' AND e.grade <> 'A'
"""
LIVE = """
    INSERT INTO live_count (
        person_root, period_id, seq, placement_id, unit, district, attributed_month, posted_month, grade,
        outcome_code, institution_code, degree, cluster, graduated_in
    )
    SELECT n.person_root, n.period_id, n.seq, e.placement_id, e.unit, e.district, e.attributed_month,
           e.posted_month, CASE WHEN c.placement_id IS NULL THEN e.grade ELSE 'A' END,
           f.outcome_code, f.institution_code, f.degree, f.cluster, f.graduated_in
    FROM narrow_count n
    JOIN ledger_entry e ON e.seq = n.seq
    JOIN count_facts f ON f.placement_id = e.placement_id
    LEFT JOIN confirmation c ON c.placement_id = e.placement_id
"""
NARROW = "INSERT INTO live_count (person_root, period_id, seq) SELECT person_root, period_id, seq FROM narrow_count"


def upgrade() -> None:
    make_facts()
    op.execute(FACTS)
    op.execute(CONFIRMED)
    set_live_counts_aside()
    make_live_counts()
    op.execute(LIVE)
    op.execute("DROP TABLE narrow_count")
    for name, columns in INDEXES.items():
        op.create_index(
            f"ix_live_count_{name}", "live_count", ["period_id", *columns, "attributed_month", "seq"]
        )
    make_publications()
    guard()


def downgrade() -> None:
    set_live_counts_aside()
    op.create_table("live_count", *guarded_count())
    op.execute(NARROW)
    op.execute("DROP TABLE narrow_count")
    for table in (
        "reconciliation", "figure_check", "publication", "published_figure",
        "confirmation", "count_facts", "retained_sum", "definition",
    ):  # fmt: skip
        op.drop_table(table)


def set_live_counts_aside() -> None:
    op.execute("CREATE TEMPORARY TABLE narrow_count AS SELECT person_root, period_id, seq FROM live_count")
    op.drop_table("live_count")


def guarded_count() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("person_root", sa.String(), nullable=False),
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_live_count_period_id_period")),
        sa.ForeignKeyConstraint(["seq"], ["ledger_entry.seq"], name=op.f("fk_live_count_seq_ledger_entry")),
        sa.PrimaryKeyConstraint("person_root", "period_id", name=op.f("pk_live_count")),
        sa.UniqueConstraint("seq", name=op.f("uq_live_count_seq")),
    ]


def make_live_counts() -> None:
    op.create_table(
        "live_count",
        *guarded_count(),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("unit", "district", "attributed_month", "posted_month")
        ),
        sa.Column("grade", sa.String(), nullable=False, comment="strongest evidence now"),
        *facts(),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_live_count_placement_id_placement")
        ),
        sa.UniqueConstraint("placement_id", name=op.f("uq_live_count_placement_id")),
    )


def facts() -> list[sa.Column[str]]:
    return [
        sa.Column("outcome_code", sa.String(), nullable=False),
        sa.Column("institution_code", sa.String(), nullable=True),
        sa.Column("degree", sa.String(), nullable=True),
        sa.Column("cluster", sa.String(), nullable=True),
        sa.Column("graduated_in", sa.String(), nullable=True, comment="year of graduation"),
    ]


def make_facts() -> None:
    op.create_table(
        "definition",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition")),
    )
    op.create_table(
        "retained_sum",
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("definition_id", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("dimension", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_retained_sum_period_id_period")),
        sa.PrimaryKeyConstraint(
            "period_id",
            "definition_id",
            "scope",
            "dimension",
            "office",
            "key",
            "grade",
            name=op.f("pk_retained_sum"),
        ),
    )
    op.create_table(
        "count_facts",
        sa.Column("placement_id", sa.Integer(), nullable=False),
        *facts(),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_count_facts_placement_id_placement")
        ),
        sa.PrimaryKeyConstraint("placement_id", name=op.f("pk_count_facts")),
    )
    op.create_table(
        "confirmation",
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True, comment="null: known before dates were"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_confirmation_by_id_user")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_confirmation_placement_id_placement")
        ),
        sa.PrimaryKeyConstraint("placement_id", name=op.f("pk_confirmation")),
    )
    op.create_index(op.f("ix_confirmation_at"), "confirmation", ["at"])


def make_publications() -> None:
    op.create_table(
        "published_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("definition_id", sa.String(), nullable=False),
        sa.Column("definition_digest", sa.String(), nullable=False),
        sa.Column("ruleset_id", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True, comment="null: the whole city"),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("query_digest", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("by_grade", sa.JSON(), nullable=False),
        sa.Column("audit_sample_id", sa.Integer(), nullable=True),
        sa.Column("error_rate", sa.Double(), nullable=True),
        sa.Column("error_low", sa.Double(), nullable=True),
        sa.Column("error_high", sa.Double(), nullable=True),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(supersedes_id IS NULL) = (reason IS NULL)",
            name=op.f("ck_published_figure_correction_has_a_reason"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id <> published_by_id", name=op.f("ck_published_figure_confirmed_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["audit_sample_id"],
            ["audit_sample.id"],
            name=op.f("fk_published_figure_audit_sample_id_audit_sample"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["user.id"], name=op.f("fk_published_figure_confirmed_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition.id"], name=op.f("fk_published_figure_definition_id_definition")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["period.id"], name=op.f("fk_published_figure_period_id_period")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["user.id"], name=op.f("fk_published_figure_published_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"],
            ["published_figure.id"],
            name=op.f("fk_published_figure_supersedes_id_published_figure"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_figure")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_published_figure_supersedes_id")),
    )
    op.create_index("ix_published_figure_period", "published_figure", ["period_id", "id"])
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("definition_id", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True, comment="null: the whole city"),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("figured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Boolean(), nullable=True, comment="null: waits for the second officer"),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answer IS NULL) = (figured_at IS NULL)", name=op.f("ck_publication_figured_at_a_time")
        ),
        sa.CheckConstraint(
            "(done IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_publication_decided_by_someone")
        ),
        sa.CheckConstraint(
            "(supersedes_id IS NULL) = (reason IS NULL)", name=op.f("ck_publication_correction_has_a_reason")
        ),
        sa.CheckConstraint(
            "NOT done OR (decided_by_id <> asked_by_id AND answer IS NOT NULL)",
            name=op.f("ck_publication_done_by_another"),
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_publication_asked_by_id_user")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_publication_decided_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition.id"], name=op.f("fk_publication_definition_id_definition")
        ),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_publication_period_id_period")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"],
            ["published_figure.id"],
            name=op.f("fk_publication_supersedes_id_published_figure"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    op.create_index(
        "ix_publication_waiting", "publication", ["id"], sqlite_where=WAITING, postgresql_where=WAITING
    )
    op.create_table(
        "figure_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("figure_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True, comment="null: by command"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True, comment="null: still being counted"),
        sa.Column("agrees", sa.Boolean(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(value IS NULL) = (checked_at IS NULL)", name=op.f("ck_figure_check_checked_at_a_time")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_figure_check_asked_by_id_user")),
        sa.ForeignKeyConstraint(
            ["figure_id"], ["published_figure.id"], name=op.f("fk_figure_check_figure_id_published_figure")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_check")),
    )
    op.create_index("ix_figure_check_figure", "figure_check", ["figure_id", "id"])
    op.create_table(
        "reconciliation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("figure_id", sa.Integer(), nullable=False, comment="revision it was held against"),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("reported", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Integer(), nullable=False, comment="as counted when it was opened"),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("explained_by_id", sa.Integer(), nullable=True),
        sa.Column("explained_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(reason IS NULL) = (explained_by_id IS NULL)",
            name=op.f("ck_reconciliation_explained_by_someone"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR (explained_by_id IS NOT NULL AND confirmed_by_id <> explained_by_id)",
            name=op.f("ck_reconciliation_confirmed_by_another"),
        ),
        sa.CheckConstraint("platform > reported", name=op.f("ck_reconciliation_more_than_reported")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["user.id"], name=op.f("fk_reconciliation_confirmed_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["explained_by_id"], ["user.id"], name=op.f("fk_reconciliation_explained_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["figure_id"], ["reported_figure.id"], name=op.f("fk_reconciliation_figure_id_reported_figure")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation")),
    )
    op.create_index(
        "ix_reconciliation_open", "reconciliation", ["due_on", "id"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index("uq_reconciliation_figure", "reconciliation", ["figure_id"], unique=True)


def guard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in KEPT:
            for deed in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_refuses_{deed.lower()} BEFORE {deed} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    for table in KEPT:
        for deed in ("UPDATE", "DELETE", "TRUNCATE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{deed.lower()} BEFORE {deed} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION row_is_kept()"
            )
