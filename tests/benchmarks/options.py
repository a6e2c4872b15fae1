"""Options that several benchmarks share."""

from pathlib import Path

import click

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")

folder = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep what is made here; a second run goes on from there.",
)
