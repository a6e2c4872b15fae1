"""Complete the ledger: moves, aliases undone, closed months, daily heads."""

import sqlalchemy as sa
from alembic import op

from webapp.database import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OLD_KINDS = "kind IN ('count', 'reverse', 'move_out', 'move_in', 'alias')"
KINDS = "kind IN ('count', 'reverse', 'move_out', 'move_in', 'alias', 'alias_void')"
MINUS = "kind IN ('reverse','move_out')"
OLD = {
    "kind": OLD_KINDS,
    "reversal_is_complete": "(kind = 'reverse') = (cancels_seq IS NOT NULL AND cause IS NOT NULL AND second_actor_id IS NOT NULL)",
    "delta_is_one": "delta IN (-1, 0, 1)",
}
NEW = {
    "kind": KINDS,
    "delta_fits_kind": f"delta = CASE WHEN kind IN ('count','move_in') THEN 1 WHEN {MINUS} THEN -1 ELSE 0 END",
    "minus_names_its_count": f"(cancels_seq IS NOT NULL) = (kind = 'alias_void' OR {MINUS})",
    "minus_names_its_cause": f"(cause IS NOT NULL) = ({MINUS})",
    "corrected_by_two": "kind = 'count' OR second_actor_id IS NOT NULL",
    "count_is_proved": "kind <> 'count' OR (grade IS NOT NULL AND (grade IN ('A','B') OR (grade = 'C' AND second_actor_id IS NOT NULL)))",
    "sums_have_a_placement": "(placement_id IS NULL) = (kind IN ('alias','alias_void'))",
}
WAITING = sa.text("done IS NULL")
ALIAS = sa.text("kind = 'alias'")
KEY = "CONSTRAINT pk_ledger_entry PRIMARY KEY (seq)"
KEPT = ("closed_month", "published_head")


def upgrade() -> None:
    op.drop_index("ix_ledger_entry_alias", "ledger_entry")
    exchange_checks(OLD, NEW)
    create_tables()
    if op.get_bind().dialect.name == "sqlite":
        guard_sqlite()
    else:
        guard_postgresql()
    fill()


def downgrade() -> None:
    op.drop_index("ix_graduate_same_person", "graduate")
    for table in (
        "ledger_correction", "ruleset", "ledger_check", "published_head", "closed_month", "ledger_total", "person_alias",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER ledger_entry_refuses_closed")
    else:
        op.execute("DROP TRIGGER ledger_entry_refuses_closed ON ledger_entry")
        for name in ("row_is_kept", "ledger_entry_refuses_closed"):
            op.execute(f"DROP FUNCTION {name}()")
    exchange_checks(NEW, OLD)
    op.create_index(
        "ix_ledger_entry_alias", "ledger_entry", ["seq"], sqlite_where=ALIAS, postgresql_where=ALIAS
    )


def exchange_checks(old: dict[str, str], new: dict[str, str]) -> None:
    """Put other CHECKs in the place of the old ones, without copying a million rows."""
    if op.get_bind().dialect.name == "sqlite":
        exchange_in_schema(old, new)
        return
    for name in old:
        op.drop_constraint(f"ck_ledger_entry_{name}", "ledger_entry")
    for name, rule in new.items():
        op.create_check_constraint(op.f(f"ck_ledger_entry_{name}"), "ledger_entry", rule)


def exchange_in_schema(old: dict[str, str], new: dict[str, str]) -> None:
    """Follow SQLite's own recipe for constraints that change no stored row (lang_altertable, 7)."""
    connection = op.get_bind()
    where = "FROM sqlite_master WHERE type = 'table' AND name = 'ledger_entry'"
    said = connection.execute(sa.text(f"SELECT sql {where}")).scalar_one().replace("\n\t", "")
    for name, rule in old.items():
        check = f"CONSTRAINT ck_ledger_entry_{name} CHECK ({rule}), "
        if check not in said:
            raise RuntimeError(f"ck_ledger_entry_{name} is not what this migration expects")
        said = said.replace(check, "")
    checks = "".join(f"CONSTRAINT ck_ledger_entry_{name} CHECK ({rule}), " for name, rule in new.items())
    said = said.replace(KEY, checks + KEY)
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = 'ledger_entry'"),
        {"sql": said},
    )
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = OFF"))


def create_tables() -> None:
    op.create_table(
        "person_alias",
        sa.Column("person_key", sa.String(), nullable=False),
        sa.Column("joined_to", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.CheckConstraint("person_key <> joined_to", name=op.f("ck_person_alias_two_keys")),
        sa.ForeignKeyConstraint(["seq"], ["ledger_entry.seq"], name=op.f("fk_person_alias_seq_ledger_entry")),
        sa.PrimaryKeyConstraint("person_key", name=op.f("pk_person_alias")),
        sa.UniqueConstraint("seq", name=op.f("uq_person_alias_seq")),
    )
    op.create_index(op.f("ix_person_alias_joined_to"), "person_alias", ["joined_to"])
    cell = ("period_id", "unit", "district", "attributed_month", "posted_month")
    op.create_table(
        "ledger_total",
        *(sa.Column(name, sa.String(), nullable=False) for name in cell),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_ledger_total_period_id_period")),
        sa.PrimaryKeyConstraint(*cell, name=op.f("pk_ledger_total")),
    )
    op.create_table(
        "closed_month",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True, comment="null: by command"),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["user.id"], name=op.f("fk_closed_month_closed_by_id_user")
        ),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_closed_month")),
    )
    op.create_table(
        "published_head",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_published_head")),
    )
    op.create_table(
        "ledger_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True, comment="null: the nightly one"),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False, comment="the first hundred"),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_ledger_check_asked_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_check")),
    )
    op.create_table(
        "ruleset",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("loaded_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruleset")),
    )
    op.create_table(
        "ledger_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("district", sa.String(), nullable=True, comment="gb2260 or zone the work moved to"),
        sa.Column("moved_on", sa.Date(), nullable=True),
        sa.Column("person_key", sa.String(), nullable=True),
        sa.Column("joined_to", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=True, comment="null: waits for the second officer"),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True, comment="the entry it became"),
        sa.CheckConstraint(KINDS, name=op.f("ck_ledger_correction_kind")),
        sa.CheckConstraint(
            "kind IN ('move_out','alias','alias_void')", name=op.f("ck_ledger_correction_correctable")
        ),
        sa.CheckConstraint(
            "(kind = 'move_out') = (placement_id IS NOT NULL AND district IS NOT NULL AND moved_on IS NOT NULL)",
            name=op.f("ck_ledger_correction_move_is_complete"),
        ),
        sa.CheckConstraint(
            "(kind = 'move_out') = (person_key IS NULL AND joined_to IS NULL)",
            name=op.f("ck_ledger_correction_persons_are_complete"),
        ),
        sa.CheckConstraint(
            "(done IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_ledger_correction_decided_by_someone")
        ),
        sa.CheckConstraint(
            "NOT done OR decided_by_id <> asked_by_id", name=op.f("ck_ledger_correction_done_by_another")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.{key}"], name=op.f(f"fk_ledger_correction_{column}_{table}")
            )
            for column, table, key in (
                ("placement_id", "placement", "id"),
                ("asked_by_id", "user", "id"),
                ("decided_by_id", "user", "id"),
                ("seq", "ledger_entry", "seq"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_correction")),
    )
    op.create_index(op.f("ix_ledger_correction_placement_id"), "ledger_correction", ["placement_id"])
    op.create_index("ix_graduate_same_person", "graduate", ["institution_code", "graduation_on", "name"])
    op.create_index(
        "ix_ledger_correction_waiting",
        "ledger_correction",
        ["id"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def guard_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER ledger_entry_refuses_closed BEFORE INSERT ON ledger_entry "
        "WHEN EXISTS (SELECT 1 FROM closed_month WHERE month >= NEW.posted_month) "
        "BEGIN SELECT RAISE(ABORT, 'a closed month takes no entries'); END"
    )
    for table in KEPT:
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION ledger_entry_refuses_closed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM added JOIN closed_month ON month >= posted_month) "
        "THEN RAISE EXCEPTION 'a closed month takes no entries'; END IF; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER ledger_entry_refuses_closed AFTER INSERT ON ledger_entry "
        "REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_refuses_closed()"
    )
    op.execute(
        "CREATE FUNCTION row_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in KEPT:
        for deed in ("UPDATE", "DELETE", "TRUNCATE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{deed.lower()} BEFORE {deed} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION row_is_kept()"
            )


def fill() -> None:
    """Sum up what the ledger holds so far."""
    op.execute(
        "INSERT INTO ledger_total (period_id, unit, district, attributed_month, posted_month, total) "
        "SELECT period_id, unit, district, attributed_month, posted_month, SUM(delta) FROM ledger_entry "
        "WHERE delta <> 0 GROUP BY period_id, unit, district, attributed_month, posted_month"
    )
    op.execute(
        "INSERT INTO person_alias (person_key, joined_to, seq) "
        "SELECT person_key, person_root, seq FROM ledger_entry WHERE kind = 'alias'"
    )
