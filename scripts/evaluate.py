"""Measure how well a way of searching finds what people judged relevant in a folder of texts."""

from __future__ import annotations

import json
from pathlib import Path

import click

from matcher.encoder import load_encoder
from matcher.errors import MatcherError
from matcher.evaluation.collection import JudgedCollection
from matcher.evaluation.trial import Stopwatch, tried
from matcher.retrieval import Mode, retriever
from scripts._options import as_json
from scripts.session import settings


@click.command()
@click.option(
    "--collection",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="A folder with corpus.jsonl, queries.jsonl and qrels.tsv.",
)
@click.option(
    "--encoder", help="A sentence-transformers model by folder or name; the configured one if left out."
)
@click.option(
    "--mode", type=click.Choice([mode.value for mode in Mode]), default=Mode.HYBRID.value, show_default=True
)
@as_json
def command(folder: Path, encoder: str | None, mode: str, as_json: bool) -> None:
    """Rank every document of a judged collection for every query and print how good the rankings are.

    map, ndcg@10 (the grade itself as gain), recall@100 and mrr@10 are those of trec_eval. Latency is the
    median of one query against all documents, texts_per_second the rate of encoding without the search.
    """
    try:
        collection = JudgedCollection.read(folder)
        model = Stopwatch(load_encoder(encoder or settings().encoder)) if Mode(mode).encodes else None
    except MatcherError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    trial = tried(lambda documents: retriever(Mode(mode), documents, model), collection)
    figures: dict[str, object] = {
        "mode": mode,
        "queries": len(collection.queries),
        "documents": len(collection.documents),
        **{name: round(value, 4) for name, value in trial.mean.printable().items()},
        "latency_ms_p50": round(trial.latency_ms, 3),
        "preparing_s": round(trial.preparing_s, 3),
        "texts_per_second": round(model.texts_per_second) if model else None,
    }
    if as_json:
        click.echo(json.dumps(figures))
    else:
        click.echo(
            "\n".join(f"{name:<17} {'-' if value is None else value}" for name, value in figures.items())
        )
