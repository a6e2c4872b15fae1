"""Options that several benchmarks share."""

from pathlib import Path

import click

from scripts import _options

as_json = _options.as_json
folder = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep what is made here; a second run goes on from there.",
)
