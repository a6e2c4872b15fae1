"""Learn how ranking weighs what speaks for a pair; the audit must seal the result before it serves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from matcher.engine import MatchingEngine
from matcher.errors import MatcherError
from matcher.ranking_model import RankingModel
from matcher.scoring import Signals
from matcher.text import posting_text, resume_text
from matcher.training.judgements import WORTH_APPLYING, JudgedPair, judged_pairs
from matcher.training.ranking import Example, common_words, learn, learn_later, report
from matcher.training.split import holds_out_resume
from scripts import _options as options
from scripts.session import open_session, settings
from webapp.clock import today
from webapp.queries.outcomes import outcomes
from webapp.settings import ROOT


@click.command(name="train-ranking")
@options.judgements
@click.option("--outcomes", "later", is_flag=True, help="Learn from how applications came out instead.")
@click.option(
    "--report",
    "reports",
    is_flag=True,
    help="Learn nothing; say how the model does on the half kept for reports.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=ROOT / "data" / "models" / "ranking.json",
    show_default="data/models/ranking.json",
)
def command(folder: Path, later: bool, reports: bool, out: Path) -> None:
    """Learn the weights from the tuning half of the judged pairs and write OUT, not yet audited."""
    try:
        if reports:
            click.echo(json.dumps(_reported(folder, RankingModel.read(out)), indent=1))
            return
        model = _from_outcomes(RankingModel.read(out)) if later else _from_judgements(folder)
    except MatcherError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    model.save(out)
    shown = {"weights": model.weights, "figures": model.figures, "calibration": list(model.calibration)}
    click.echo(json.dumps(shown, ensure_ascii=False, indent=1))
    click.echo(f"{out}: seal it with python -m scripts audit-fairness", err=True)


def _engine(model: RankingModel) -> MatchingEngine:
    return MatchingEngine.open(ROOT / "data", settings().encoder, model=model)


def _from_judgements(folder: Path) -> RankingModel:
    pairs = [pair for pair in judged_pairs(folder) if not holds_out_resume(pair.resume_id)]
    blank = RankingModel(0.0, {}, common_words=common_words([*_judged_texts(pairs), *_demo_texts()]))
    engine = _engine(blank)
    examples = [
        Example(pair.resume_id, _signals(engine, pair), pair.grade >= WORTH_APPLYING) for pair in pairs
    ]
    material = "".join(f"{pair.resume_id} {pair.posting} {pair.grade}\n" for pair in pairs)
    learnt = {
        "from": "judgements, the tuning half",
        "digest": hashlib.sha256(material.encode()).hexdigest()[:16],
        "vocabulary": engine.vocabulary.digest,
        "resumes": len({pair.resume_id for pair in pairs}),
    }
    return learn(examples, replace(blank, encoder=engine.model_id), learnt=learnt)


def _from_outcomes(incumbent: RankingModel) -> RankingModel:
    engine = _engine(incumbent)
    with open_session() as session:
        examples = [
            Example(
                str(one.graduate_id),
                engine.pair(one.resume, one.posting, today=one.sent_at.date()).signals,
                one.taken_up,
            )
            for one in outcomes(session)
        ]
    learnt = {"from": "outcomes of applications", "vocabulary": engine.vocabulary.digest}
    return learn_later(examples, incumbent, learnt=learnt)


def _judged_texts(pairs: Sequence[JudgedPair]) -> list[Collection[str]]:
    resumes = {pair.resume_id: resume_text(pair.resume) for pair in pairs}
    postings = {pair.posting.id: posting_text(pair.posting) for pair in pairs}
    return [list(resumes.values()), list(postings.values())]


def _demo_texts() -> Iterator[Collection[str]]:
    fields = {"graduates": ("resume_text",), "postings": ("title", "duties", "requirements")}
    for name, parts in fields.items():
        lines = (ROOT / "data" / "demo" / f"{name}.jsonl").read_text("utf-8").splitlines()
        yield ["\n".join(row[part] for part in parts) for row in map(json.loads, lines)]


def _reported(folder: Path, model: RankingModel) -> dict[str, float]:
    engine = _engine(model)
    kept = [pair for pair in judged_pairs(folder) if holds_out_resume(pair.resume_id)]
    graded = [(pair.resume_id, _signals(engine, pair), pair.grade) for pair in kept]
    return report(model, graded, good_from=WORTH_APPLYING)


def _signals(engine: MatchingEngine, pair: JudgedPair) -> Signals:
    return engine.pair(pair.resume, pair.posting, today=today()).signals
