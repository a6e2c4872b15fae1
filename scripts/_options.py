"""Options that several commands share."""

from pathlib import Path

import click

from webapp.settings import ROOT

judgements = click.option(
    "--judgements",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=ROOT / "data" / "judgements",
    show_default="data/judgements",
    help="Pairs that were judged.",
)

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
