"""Make the bundled encoder from a corpus folder."""

from __future__ import annotations

from pathlib import Path

import click
from rich.progress import MofNCompleteColumn, Progress, TaskID, TimeRemainingColumn

from matcher.skills import Vocabulary

TAXONOMY = Path(__file__).parent.parent / "data" / "taxonomy"


@click.command(name="train-encoder")
@click.option("--corpus", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
def command(corpus: Path, out: Path) -> None:
    """Train the static encoder on CORPUS and write it to OUT; killed, it goes on where it was."""
    from matcher.training.corpus import Corpus
    from matcher.training.recipe import Recipe
    from matcher.training.train import train

    with Progress(*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn()) as bars:
        running: dict[str, TaskID] = {}

        def progress(deed: str, done: int, total: int) -> None:
            if deed not in running:
                running[deed] = bars.add_task(deed)
            bars.update(running[deed], completed=done, total=total)

        train(Corpus(corpus, TAXONOMY), Vocabulary.load(TAXONOMY / "skills.csv"), out, Recipe(), progress)
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    click.echo(f"{out}: {size / 1e6:.1f} MB")
