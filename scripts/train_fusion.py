"""Learn what words, characters and neighbours count in the hybrid search of plain texts."""

from __future__ import annotations

from pathlib import Path

import click

from matcher.encoder import load_encoder
from scripts.session import settings
from webapp.settings import ROOT


@click.command(name="train-fusion")
@click.option("--corpus", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True)
@click.option("--encoder", help="A model by folder or name; the configured one if left out.")
def command(corpus: Path, encoder: str | None) -> None:
    """Print the weights to enter in matcher/fusion.py and matcher/neighbours.py; takes some minutes."""
    from matcher.training.fusion import learn

    fusion, influence = learn(load_encoder(encoder or settings().encoder), corpus, ROOT / "data")
    click.echo(f"FUSION = {fusion}\nINFLUENCE = {influence}")
