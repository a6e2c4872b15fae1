"""Open an officer's account from the command line: the first one is made this way."""

import click

from scripts.session import open_session
from webapp.clock import now
from webapp.domain.roles import Scope
from webapp.services.accounts import create_officer


@click.command(help="Open an officer's account; further officers are invited on the site.")
@click.option("--name", required=True, help="The officer's name.")
@click.option("--login", required=True, help="E-mail address or mobile number.")
@click.option(
    "--scope", type=click.Choice([scope.value for scope in Scope]), default="city", show_default=True
)
@click.option("--unit", help="Reporting unit, for scope unit (e.g. WH-DHGX).")
@click.option("--institution", help="Ten-digit code, for scope station.")
@click.password_option(help="Asked for when not given.")
def command(
    name: str, login: str, scope: str, unit: str | None, institution: str | None, password: str
) -> None:
    """Create the officer."""
    if (scope == Scope.UNIT) != (unit is not None):
        raise click.UsageError("--unit is needed for scope unit, and only there")
    if (scope == Scope.STATION) != (institution is not None):
        raise click.UsageError("--institution is needed for scope station, and only there")
    with open_session() as session:
        create_officer(
            session,
            name=name,
            login=login,
            password=password,
            scope=Scope(scope),
            at=now(),
            unit=unit,
            institution_code=institution,
        )
    click.echo(f"{name} can log in as {login}.")
