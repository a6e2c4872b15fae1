"""Audit a ranking model for fairness and seal it: without the seal of a passed audit it ranks nobody."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from matcher.engine import MatchingEngine
from matcher.errors import MatcherError
from matcher.fairness.audit import audited
from matcher.fairness.gate import EPSILON, LEAST_MATERIAL, LEAST_OVERLAP, Audit
from matcher.ranking_model import RankingModel
from scripts._options import as_json
from scripts.session import settings
from webapp.clock import today
from webapp.services.audit_material import candidates, postings, read, subjects
from webapp.settings import ROOT

AT_LEAST_ONE = click.IntRange(min=1)


@click.command(name="audit-fairness")
@click.option(
    "--ranking",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=ROOT / "data" / "models" / "ranking.json",
    show_default="data/models/ranking.json",
)
@click.option(
    "--resumes",
    "most",
    type=AT_LEAST_ONE,
    default=500,
    show_default=True,
    help=f"How many resumes are swapped; fewer than {LEAST_MATERIAL[0]} seal nothing.",
)
@click.option(
    "--postings",
    "offers",
    type=AT_LEAST_ONE,
    help=f"Against how many postings, taken evenly; else all. Fewer than {LEAST_MATERIAL[1]} seal nothing.",
)
@click.option("--seed", default=0, show_default=True)
@as_json
@click.pass_context
def command(ctx: click.Context, file: Path, most: int, offers: int | None, seed: int, as_json: bool) -> None:
    """Swap what must not weigh in resumes, compare twins and groups, and write the verdict into FILE."""
    try:
        model = RankingModel.read(file)
        engine = MatchingEngine.open(ROOT / "data", settings().encoder, model=model)
    except MatcherError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    all_postings = postings()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("audit", total=None)
        audit = audited(
            engine,
            subjects(most, seed=seed),
            all_postings[:: max(1, len(all_postings) // offers) if offers else 1],
            candidates(),
            read=read,
            seed=seed,
            watch=lambda: progress.advance(task),
        )
    report = {"on": today().isoformat(), "encoder": engine.model_id, "text": engine.text_version}
    model.audited(passed=audit.passed, **report, **audit.seal()).save(file)
    if as_json:
        click.echo(json.dumps({**report, **audit.printable()}, ensure_ascii=False))
    else:
        _show(audit)
    click.echo(f"{file}: {'passed' if audit.passed else 'refused'}", err=True)
    ctx.exit(0 if audit.passed else 1)


def _show(audit: Audit) -> None:
    console = Console()
    table = Table(
        *("swapped", "pairs", "read alike", "max change", "mean change", "least overlap", "mean overlap"),
        title=f"{audit.resumes} resumes; allowed: change {EPSILON:f}, overlap {LEAST_OVERLAP}",
    )
    for name, effect in audit.effects.items():
        row = effect.printable()
        table.add_row(name, *(f"{value:g}" for value in row.values() if isinstance(value, int | float)))
    console.print(table)
    for name, compared in (
        *((f"twins by {name}", shares) for name, shares in audit.twins.items()),
        *(
            (f"{name}, {stratum}", rows)
            for name, all_ in audit.groups.items()
            for stratum, rows in all_.items()
        ),
    ):
        table = Table("group", "candidacies", "selected", "exposure", "impact ratio", "95 %", title=name)
        for share in compared:
            ratio = "—" if share.ratio is None else f"{share.ratio:.3f}"
            interval = "—" if share.low is None else f"{share.low:.3f} – {share.high:.3f}"
            table.add_row(
                share.group,
                str(share.candidacies),
                f"{share.rate:.4f}",
                f"{share.exposure:.4f}",
                ratio,
                interval,
            )
        console.print(table)
    kept, public = audit.public_lists
    console.print(f"lists of public employers that stay when every school changes: {kept} of {public}")
    for problem in audit.problems:
        console.print(f"refused: {problem}")
