"""Look after the ledger of the retained count."""

import click

from scripts.session import open_session
from webapp.queries import ledger
from webapp.services.ledger import verify_chain


@click.group(help="Verify the ledger of the retained count, or print its head.")
def command() -> None:
    """Group the deeds on the ledger."""


@command.command(help="Check every row: hash, order, sums. Names each broken row and exits with 1.")
def verify() -> None:
    """Walk the whole ledger."""
    with open_session() as session:
        problems = verify_chain(session)
        last = ledger.head(session)
    for problem in problems:
        click.echo(f"第 {problem.seq} 行：{problem.message}")
    if problems:
        raise SystemExit(1)
    click.echo(f"账本完好，共 {last.seq if last else 0} 行。")


@command.command(help="Print the last row's number and hash: noted elsewhere, it seals what came before.")
def head() -> None:
    """Print the head of the chain."""
    with open_session() as session:
        last = ledger.head(session)
    click.echo(f"{last.seq} {last.hash}" if last else "0")
