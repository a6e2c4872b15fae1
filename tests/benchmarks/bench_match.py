"""The whole match of one resume: see what changed, look, read the rows, score, explain."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, thread_time

import click
import numpy as np
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from matcher.documents import Conditions, PostingDocument, Ranking, ResumeDocument
from matcher.engine import MatchingEngine
from matcher.steps import watched
from matcher.training.judgements import judged_pairs
from tests.benchmarks.machine import machine, memory_mb, milliseconds
from webapp.clock import now, today
from webapp.database import open_engine, session_factory, session_scope
from webapp.domain.postings import PostingStatus
from webapp.migrations import upgrade
from webapp.models import Employer, Posting
from webapp.queries.documents import posting_documents
from webapp.reading.tables import read_rows
from webapp.services.demo import load_demo
from webapp.services.imports.employers import approve
from webapp.services.imports.postings import KIND, import_batch
from webapp.services.imports.runs import batches_after, open_run
from webapp.services.matching import Matching
from webapp.services.programme import load_programme
from webapp.services.upkeep import keep_index
from webapp.settings import ROOT, Settings

BATCH = 2000
TOP = 20
QUESTION = "光谷 数据分析 实习 能转正"


@click.command(help="Match judged resumes with every posting of a file, and say which step takes how long.")
@click.option(
    "--postings",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON Lines (also gzip), CSV or XLSX, all taken for live; without it, the demo programme's.",
)
@click.option("--resumes", default=120, show_default=True, help="So many resumes are matched.")
@click.option("--rounds", default=3, show_default=True, help="How often each is matched once all are warm.")
@click.option("--everything", default=2, show_default=True, help="So many are compared with every posting.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(file: Path | None, resumes: int, rounds: int, everything: int, *, as_json: bool) -> None:
    """Fill a database of its own, measure, print."""
    pairs = judged_pairs(ROOT / "data" / "judgements")
    chosen = list({pair.resume_id: pair.resume for pair in pairs}.values())[:resumes]
    with TemporaryDirectory() as folder, Console(stderr=True).status("Filling a database…"):
        engine = city(Path(folder), file)
        with session_scope(session_factory(engine)) as session:
            found = measured(session, Path(folder), chosen, rounds, everything)
        engine.dispose()
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        show(found)


def city(folder: Path, file: Path | None) -> Engine:
    """Make an installation in which every posting of the file is live, indexed and snapshot."""
    engine = open_engine(f"sqlite:///{folder / 'city.db'}")
    upgrade(engine)
    transaction = partial(session_scope, session_factory(engine))
    with transaction() as session:
        load_programme(session, at=now())
        if file is None:
            settings = Settings()
            load_demo(
                session,
                folder=ROOT / "data" / "demo",
                at=now(),
                pepper=settings.pepper,
                file_key=settings.fernet_key,
            )
        else:
            run = open_run(session, kind=KIND, filename=file.name, digest="benchmark", at=now())
            for rows in batches_after(0, read_rows(file), size=BATCH):
                import_batch(session, run=run, rows=rows, at=now())
            approve(session, session.scalars(select(Employer.id)).all(), now())
            session.execute(
                update(Posting).values(
                    status=PostingStatus.LIVE,
                    published_at=now(),
                    valid_until_on=today() + timedelta(days=90),
                )
            )
    for _ in keep_index(transaction, encoder=Settings().encoder, folder=folder):
        pass
    return engine


def measured(
    session: Session, folder: Path, resumes: Sequence[ResumeDocument], rounds: int, everything: int
) -> dict[str, object]:
    """Time a start from the snapshot, first and further matches, a question, and the baseline."""
    matching = Matching(encoder=Settings().encoder, folder=folder)
    started = perf_counter()
    matching.refresh(session)
    start = perf_counter() - started
    match = partial(rank, matching, session)
    match(resumes[0])
    first, _, _ = timed(match, resumes)
    warm, warm_cpu, steps = timed(match, [resume for _ in range(rounds) for resume in resumes])
    questions, _, _ = timed(lambda _: rank(matching, session, None, QUESTION), range(rounds * 20))
    encoder = matching.engine.encoder
    encoding, _, _ = timed(lambda _: encoder.encode([QUESTION]), range(200))
    total = sum(sum(spent) for spent in steps.values())
    return {
        "machine": machine(),
        "encoder": Path(Settings().encoder).name,
        "postings": len(matching.engine.postings),
        "resumes": len(resumes),
        "start_s": round(start, 2),
        "memory_mb": memory_mb(),
        "results": [
            {"what": "match", **milliseconds(warm), "cpu_p50_ms": milliseconds(warm_cpu)["p50_ms"]},
            {"what": "match, postings read for the first time", **milliseconds(first)},
            {"what": "question", **milliseconds(questions)},
            {"what": "encode a question", **milliseconds(encoding)},
        ],
        "steps": [
            {"step": name, "p50_ms": milliseconds(spent)["p50_ms"], "share": round(sum(spent) / total, 3)}
            for name, spent in sorted(steps.items(), key=lambda pair: -sum(pair[1]))
        ],
        "baseline": baseline(matching, session, resumes[:: max(1, len(resumes) // everything)], match, warm),
    }


def rank(matching: Matching, session: Session, resume: ResumeDocument | None, query: str = "") -> Ranking:
    """Rank as the first page of a graduate's list does, with rows read anew from the database."""
    session.expunge_all()
    degree = resume.degree if resume and resume.degree else None
    return matching.rank_postings_for(
        session, resume=resume, conditions=Conditions(degree=degree), today=today(), query=query, top=TOP
    )


def timed(
    work: Callable[..., object], items: Sequence[object]
) -> tuple[list[float], list[float], dict[str, list[float]]]:
    """Return seconds by the clock, seconds of this thread, and seconds a step, for each item."""
    clock, cpu, steps = [], [], defaultdict[str, list[float]](list)
    for item in items:
        with watched() as watch:
            started, worked = perf_counter(), thread_time()
            work(item)
            clock.append(perf_counter() - started)
            cpu.append(thread_time() - worked)
        for name, spent in watch.seconds.items():
            steps[name].append(spent)
        steps["other"].append(clock[-1] - sum(watch.seconds.values()))
    return clock, cpu, steps


def baseline(
    matching: Matching,
    session: Session,
    resumes: Sequence[ResumeDocument],
    match: Callable[[ResumeDocument], Ranking],
    warm: Sequence[float],
) -> dict[str, object]:
    """Compare resumes with every posting, without any index: how much slower, and what it finds besides."""
    engine = matching.engine
    ids = engine.postings.state.columns["id"][engine.postings.state.alive].tolist()
    people = [engine.judge.person(resume, engine.encode_resumes([resume])[0]) for resume in resumes]
    scores: dict[int, dict[int, float]] = defaultdict(dict)
    started = perf_counter()
    for posting, vector in every_posting(session, engine, ids):
        for person in people:
            if not person.resume.degree or posting.degree_min <= person.resume.degree:
                pair = engine.judge.compare(person, posting, vector, today())
                scores[person.resume.id][posting.id] = pair.score
    spent = (perf_counter() - started) / len(resumes)
    shares, losses = [], []
    for resume in resumes:
        best = sorted(scores[resume.id].items(), key=lambda pair: (-pair[1], pair[0]))[:TOP]
        shown = {found.id: found.score for found in match(resume).matches}
        shares.append(len(shown.keys() & dict(best).keys()) / len(best))
        losses.append(np.mean([score for _, score in best]) - np.mean([*shown.values()]))
    return {
        "name": "every posting read and compared",
        "s": round(spent, 2),
        "times_slower": round(spent / float(np.median(warm))),
        "of_its_first_20_we_show": round(float(np.mean(shares)), 3),
        "mean_score_below_its": round(float(np.mean(losses)), 4),
    }


def every_posting(
    session: Session, engine: MatchingEngine, ids: Sequence[int]
) -> Iterator[tuple[PostingDocument, np.ndarray]]:
    """Yield all postings with their vectors."""
    for start in range(0, len(ids), BATCH):
        documents = posting_documents(session, ids[start : start + BATCH])
        yield from zip(documents, engine.encode_postings(documents), strict=True)


def show(found: dict) -> None:
    """Print what was measured for a person."""
    console = Console()
    console.print({name: value for name, value in found.items() if name not in {"results", "steps"}})
    table = Table("what", "p50 ms", "p99 ms")
    for row in found["results"]:
        table.add_row(row["what"], f"{row['p50_ms']}", f"{row['p99_ms']}")
    console.print(table)
    table = Table("step of a match", "p50 ms", "share")
    for row in found["steps"]:
        table.add_row(row["step"], f"{row['p50_ms']}", f"{row['share']:.1%}")
    console.print(table)
