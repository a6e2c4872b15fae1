"""Compare an encoder with plain text search on postings kept out of its training."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from matcher.encoder import load_encoder

BUNDLED = Path(__file__).parent.parent / "data" / "models" / "xuezi-static-zh-v1"


@click.command(name="evaluate-encoder")
@click.option("--corpus", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True)
@click.option("--encoder", default=str(BUNDLED), help="A model folder or name; the bundled one if left out.")
def command(corpus: Path, encoder: str) -> None:
    """Find held-out postings' texts from their titles by each method."""
    from matcher.training.evaluate import compare

    table = Table("method", "MRR", "R@1", "R@10", "postings")
    for name, found in compare(corpus, load_encoder(encoder)).items():
        figures = (found.mrr, found.recall_at_1, found.recall_at_10)
        table.add_row(name, *(f"{figure:.3f}" for figure in figures), str(found.queries))
    Console().print(table)
