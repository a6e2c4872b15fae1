"""Make the bundled encoder from a corpus folder."""

from __future__ import annotations

from pathlib import Path

import click

from matcher.skills import Vocabulary

SKILLS = Path(__file__).parent.parent / "data" / "taxonomy" / "skills.csv"


@click.command(name="train-encoder")
@click.option("--corpus", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
def command(corpus: Path, out: Path) -> None:
    """Train the static encoder on CORPUS and write it to OUT; takes about ten minutes."""
    from matcher.training.train import Recipe, train

    train(corpus, Vocabulary.load(SKILLS), out, Recipe(), click.echo)
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    click.echo(f"{out}: {size / 1e6:.1f} MB")
