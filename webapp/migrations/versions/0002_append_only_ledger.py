"""Make the ledger append-only: the database itself refuses to change or remove an entry."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REFUSAL = "ledger_entry is append-only: write a reversal instead"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER ledger_entry_refuses_{deed.lower()} BEFORE {deed} ON ledger_entry "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION ledger_entry_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    for deed in ("UPDATE", "DELETE", "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER ledger_entry_refuses_{deed.lower()} BEFORE {deed} ON ledger_entry "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_refuses()"
        )


def downgrade() -> None:
    on_table = "" if op.get_bind().dialect.name == "sqlite" else " ON ledger_entry"
    for deed in ("update", "delete") if not on_table else ("update", "delete", "truncate"):
        op.execute(f"DROP TRIGGER ledger_entry_refuses_{deed}{on_table}")
    if on_table:
        op.execute("DROP FUNCTION ledger_entry_refuses()")
