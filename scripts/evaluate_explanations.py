"""Measure whether explanations tell the truth."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from matcher.engine import MatchingEngine
from matcher.errors import MatcherError
from matcher.faithfulness import examine
from matcher.training.judgements import WORTH_APPLYING, judged_pairs
from scripts import _options as options
from scripts.session import settings
from webapp.clock import today
from webapp.settings import ROOT

MEANINGS = {
    "citations": "cited words examined",
    "inside_the_text": "share of them that stand in the text they are cited from",
    "cited_removal_lowers": "share of them whose removal lowers the score (at least 0.95)",
    "compared_removals": "of those in running text, compared with as many uncited words",
    "mean_move_cited": "mean change of the score when cited words are removed",
    "mean_move_uncited": "the same for uncited words of equal length",
    "uncited_moves_less": "share of comparisons in which the uncited words move it less",
}


@click.command(name="evaluate-explanations")
@options.judgements
@click.option(
    "--pairs",
    "most",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    help="How many pairs, drawn evenly.",
)
@click.option("--seed", default=0, show_default=True, help="Draws the uncited words.")
@options.as_json
def command(folder: Path, most: int, seed: int, as_json: bool) -> None:
    """Erase every cited word of judged good pairs, one at a time."""
    try:
        engine = MatchingEngine.open(ROOT / "data", settings().encoder)
        good = [pair for pair in judged_pairs(folder) if pair.grade >= WORTH_APPLYING]
    except MatcherError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    chosen = good[:: max(1, len(good) // most)][:most]
    found = examine(engine, [(pair.resume, pair.posting) for pair in chosen], today=today(), seed=seed)
    figures = found.printable()
    if as_json:
        click.echo(json.dumps({"pairs": len(chosen), **figures}))
        return
    table = Table("", "", title=f"{len(chosen)} judged pairs worth applying for", show_header=False)
    for name, value in figures.items():
        table.add_row(MEANINGS[name], "—" if value is None else f"{value}")
    Console().print(table)
