"""What the commands that compare kept sums with rows share: each difference named, then exit with 1."""

import sys
from collections.abc import Sequence

import click


def fail_on(differences: Sequence[str], remedy: str | None = None) -> None:
    """Print differences and what to do about them, and end the command; go on where there are none."""
    for line in differences:
        click.echo(line, err=True)
    if differences and remedy:
        click.echo(remedy, err=True)
    if differences:
        sys.exit(1)
