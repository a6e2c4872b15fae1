"""What Alembic runs: our metadata, our engine, one transaction."""

from alembic import context

from webapp.models import Base


def run() -> None:
    """Migrate with the engine put into the configuration by :func:`webapp.migrations.upgrade`."""
    with context.config.attributes["engine"].begin() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
