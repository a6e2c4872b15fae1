"""Whole searches both ways: see what changed, filter, look, read the rows, score, explain."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, thread_time

import click
import numpy as np
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from matcher.documents import Conditions, PostingDocument, Ranking, ResumeDocument, Vector
from matcher.engine import MatchingEngine
from matcher.steps import watched
from matcher.training.judgements import judged_pairs
from tests.benchmarks import options
from tests.benchmarks.indexed_city import Start, installed, started
from tests.benchmarks.machine import machine, memory_mb, milliseconds
from webapp.clock import today
from webapp.database import session_factory, session_scope
from webapp.domain.postings import PostingStatus
from webapp.models import Posting
from webapp.queries.documents import posting_documents
from webapp.services.matching import Matching
from webapp.settings import ROOT, Settings

BATCH = 2000
TOP = 20
QUESTION = "光谷 数据分析 实习 能转正"


@click.command(help="Match resumes with postings and postings with resumes; say which step takes how long.")
@click.option(
    "--postings", default=0, help="Make a city with so many live postings; 0: the demo programme's."
)
@click.option(
    "--graduates", default=0, help="So many of the city's graduates have a resume and may be found."
)
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Take the postings of a list instead (JSON Lines, also gzip, CSV or XLSX), all for live.",
)
@click.option("--resumes", default=120, show_default=True, help="So many are matched, and as many postings.")
@click.option("--rounds", default=3, show_default=True, help="How often each is matched once all are warm.")
@click.option("--everything", default=2, show_default=True, help="So many are compared with every posting.")
@options.folder
@options.as_json
def command(
    *,
    postings: int,
    graduates: int,
    file: Path | None,
    resumes: int,
    rounds: int,
    everything: int,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Fill a database of its own, measure, print."""
    with ExitStack() as stack:
        home = folder or Path(stack.enter_context(TemporaryDirectory()))
        stack.enter_context(Console(stderr=True).status("Filling a database…"))
        home.mkdir(parents=True, exist_ok=True)
        engine = installed(home, file, postings, graduates)
        with session_scope(session_factory(engine)) as session:
            found = measured(session, started(session, home), judged_resumes(resumes), rounds, everything)
        engine.dispose()
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        show(found)


def judged_resumes(count: int) -> Sequence[ResumeDocument]:
    """Return the first resumes that were judged."""
    pairs = judged_pairs(ROOT / "data" / "judgements")
    return list({pair.resume_id: pair.resume for pair in pairs}.values())[:count]


def measured(
    session: Session, start: Start, resumes: Sequence[ResumeDocument], rounds: int, everything: int
) -> dict[str, object]:
    """Time both ways of matching, a question, and the baseline."""
    matching = start.matching
    match, found = partial(rank, matching, session), partial(candidates, matching, session)
    match(resumes[0])
    offered = some_postings(session, len(resumes)) if len(matching.engine.resumes) else []
    ways = {}
    for what, work, items in (("match", match, resumes), ("candidates", found, offered)):
        first = timed(work, items)
        ways[what] = first, timed(work, [item for _ in range(rounds) for item in items])
    questions, _, _ = timed(lambda _: rank(matching, session, None, QUESTION), range(rounds * 20))
    warm, _, _ = ways["match"][1]
    return {
        "machine": machine(),
        "encoder": Path(Settings().encoder).name,
        "postings": len(matching.engine.postings),
        "graduates": len(matching.engine.resumes),
        "matched": len(resumes),
        "start_s": round(start.seconds, 2),
        "start_cpu_s": round(start.cpu, 2),
        "memory_mb": memory_mb(),
        "results": [
            *(row for what, (first, again) in ways.items() if again[0] for row in summed(what, first, again)),
            {"what": "question", **milliseconds(questions)},
        ],
        "steps": {what: shares(again[2]) for what, (_, again) in ways.items() if again[0]},
        "baseline": baseline(matching, session, resumes[:: max(1, len(resumes) // everything)], match, warm)
        if everything
        else None,
    }


def summed(what: str, first: tuple, again: tuple) -> Iterator[dict[str, object]]:
    """Sum up the first and all further times of a way of matching."""
    clock, cpu, _ = again
    yield {"what": what, **milliseconds(clock), "cpu_p50_ms": milliseconds(cpu)["p50_ms"]} | {
        "cpu_p99_ms": milliseconds(cpu)["p99_ms"]
    }
    yield {"what": f"{what}, for the first time", **milliseconds(first[0])}


def shares(steps: dict[str, list[float]]) -> list[dict[str, object]]:
    """Tell what each step takes, the longest first."""
    total = sum(sum(spent) for spent in steps.values())
    return [
        {"step": name, "p50_ms": milliseconds(spent)["p50_ms"], "share": round(sum(spent) / total, 3)}
        for name, spent in sorted(steps.items(), key=lambda pair: -sum(pair[1]))
    ]


def rank(matching: Matching, session: Session, resume: ResumeDocument | None, query: str = "") -> Ranking:
    """Rank as the first page of a graduate's list does, with rows read anew from the database."""
    session.expunge_all()
    degree = resume.degree if resume and resume.degree else None
    return matching.rank_postings_for(
        session, resume=resume, conditions=Conditions(degree=degree), today=today(), query=query, top=TOP
    )


def candidates(matching: Matching, session: Session, posting_id: int) -> Ranking:
    """Rank as the first page of a posting's candidates does."""
    session.expunge_all()
    posting = session.get_one(Posting, posting_id, options=[joinedload(Posting.employer)])
    level = posting.degree_min.level if posting.degree_min else None
    return matching.rank_candidates(
        session, posting=posting, conditions=Conditions(degree=level), today=today(), top=TOP
    )


def some_postings(session: Session, count: int) -> Sequence[int]:
    """Return ids spread over all live postings."""
    live = Posting.status == PostingStatus.LIVE
    total = session.scalar(select(func.count()).where(live)) or 0
    every = max(1, total // count)
    return session.scalars(select(Posting.id).where(live, Posting.id % every == 0).limit(count)).all()


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
    ids = engine.postings.state.ids[engine.postings.state.alive].tolist()
    people = [engine.judge.person(resume, engine.encode_resumes([resume])[0]) for resume in resumes]
    scores: dict[int, dict[int, float]] = defaultdict(dict)
    started = perf_counter()
    for posting, vector in every_posting(session, engine, ids):
        for person in people:
            if not person.resume.degree or posting.degree_min <= person.resume.degree:
                pair = engine.judge.compare(person, posting, vector, today())
                scores[person.resume.id][posting.id] = pair.score
    spent = (perf_counter() - started) / len(resumes)
    kept, losses = [], []
    for resume in resumes:
        best = sorted(scores[resume.id].items(), key=lambda pair: (-pair[1], pair[0]))[:TOP]
        shown = {found.id: found.score for found in match(resume).matches}
        kept.append(len(shown.keys() & dict(best).keys()) / len(best))
        losses.append(np.mean([score for _, score in best]) - np.mean([*shown.values()]))
    return {
        "name": "every posting read and compared",
        "s": round(spent, 2),
        "times_slower": round(spent / float(np.median(warm))),
        "of_its_first_20_we_show": round(float(np.mean(kept)), 3),
        "mean_score_below_its": round(float(np.mean(losses)), 4),
    }


def every_posting(
    session: Session, engine: MatchingEngine, ids: Sequence[int]
) -> Iterator[tuple[PostingDocument, Vector]]:
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
    for what, steps in found["steps"].items():
        table = Table(f"step of {what}", "p50 ms", "share")
        for row in steps:
            table.add_row(row["step"], f"{row['p50_ms']}", f"{row['share']:.1%}")
        console.print(table)
