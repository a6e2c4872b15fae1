"""The nightly market: matrix products beside this machine's peak, comparisons, and lists under capacity."""

import json
from collections import ChainMap, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from time import perf_counter, process_time
from typing import Any

import click
import numpy as np
from rich.console import Console
from threadpoolctl import threadpool_limits

from matcher.allocation import Wanted, allocate
from matcher.balance import LENGTH, balanced
from matcher.documents import Conditions, Entry, PostingDocument, ResumeDocument, Vector
from matcher.encoder import Encoder
from matcher.engine import MatchingEngine
from matcher.market import CANDIDATES, REACH, Market, Shortlist
from matcher.products import BlasProducts
from tests.benchmarks import options
from tests.benchmarks.city import City, posting_vectors, resume_vectors
from tests.benchmarks.machine import machine, memory_mb
from webapp.services.processes import spread_over
from webapp.settings import ROOT, Settings

BLOCK, WIDTH, SHAPES, ROUNDS = 1024, 256, ((2048, 2048, 2048), (4096, 4096, 256)), 3
ENCODED_AT_ONCE = 20_000
CHECKED, PARTS = 32, 20
POSTINGS_A_GRADUATE = 3
TRADES = frozenset({"软件工程", "计算机科学与技术", "数据科学与大数据技术", "大数据技术", "人工智能"})
TRADES |= {"信息安全", "网络空间安全", "通信工程", "应用统计学", "数学与应用数学"}
"""Lists are measured in one part of the city: thinned out over all trades, a sample would leave each person
hardly a posting to choose from."""
VECTORS = "demo and judged texts recombined by seed, encoded by the bundled encoder"


@click.command(help="Match a sample of a made-up city and say how long all of it would take.")
@click.option("--graduates", default=1_500_000, show_default=True, help="So many live in the city.")
@click.option("--postings", default=500_000, show_default=True, help="So many are live.")
@click.option(
    "--sample", default=3000, show_default=True, help="So many graduates are matched and given lists."
)
@click.option(
    "--processes",
    default=1,
    show_default=True,
    help="Also say how much faster so many processes are; their vectors for products are drawn.",
)
@options.as_json
def command(graduates: int, postings: int, sample: int, processes: int, *, as_json: bool) -> None:
    """Measure products, comparisons and allocation, and print."""
    with Console(stderr=True).status("Encoding…") as status:
        engine = MatchingEngine.open(ROOT / "data", Settings().encoder)
        products = multiplied(engine.encoder, encoded_offers(engine.encoder, postings), sample)
        status.update("Comparing…")
        compared = listed(engine, sample)
        status.update("Working together…")
        gained = together(processes, postings, sample) if processes > 1 else None
    share = graduates / sample
    hours = {
        "products": products["cpu_s"] * share / 3600,
        "comparisons": compared["cpu_s"] * share / 3600,
        "allocation": compared["allocation_cpu_s"] * share / 3600,
    }
    found = {
        "machine": machine(),
        "vectors": VECTORS,
        "graduates": graduates,
        "postings": postings,
        "sample": sample,
        "products": products,
        "comparisons": compared,
        "together": gained,
        "full_city_core_hours": {name: round(spent, 2) for name, spent in hours.items()},
        "full_city_hours_on_one_core": round(sum(hours.values()), 2),
        "memory_mb": memory_mb(),
    }
    click.echo(json.dumps(found, ensure_ascii=False, indent=None if as_json else 1))


def encoded_offers(encoder: Encoder, postings: int) -> Vector:
    """Encode made-up postings, some at a time."""
    city = City()
    parts = [
        city.postings(range(start, min(start + ENCODED_AT_ONCE, postings)))
        for start in range(0, postings, ENCODED_AT_ONCE)
    ]
    return np.concatenate([posting_vectors(encoder, part) for part in parts])


def multiplied(encoder: Encoder, offers: Vector, sample: int) -> dict[str, object]:
    """Find the candidates of a sample among all postings, in turns with the machine's best products."""
    postings = len(offers)
    people = resume_vectors(encoder, City().resumes(range(1, sample + 1)))
    products, peaks, spent, wall = BlasProducts(), [peak()], 0.0, 0.0
    rows = []
    for start in range(0, sample, BLOCK):
        started, clock = process_time(), perf_counter()
        rows.append(products.nearest(people[start : start + BLOCK], offers, REACH)[0])
        spent, wall = spent + process_time() - started, wall + perf_counter() - clock
        peaks.append(peak())
    rate = 2 * offers.shape[1] * sample * postings / spent / 1e9
    return {
        "top": REACH,
        "pairs_per_second": round(sample * postings / wall),
        "gflops_per_core": round(rate, 1),
        "peak_gflops_per_core": round(float(np.median(peaks)), 1),
        "fraction_of_peak": round(rate / float(np.median(peaks)), 3),
        "cpu_s": round(spent, 4),
        "wall_s": round(wall, 4),
        "recall_beside_brute_force": recall(people[:CHECKED], offers, np.concatenate(rows)[:CHECKED]),
    }


def peak() -> float:
    """Return the best rate of plain matrix products now, in GFLOPS per second of processor time."""
    draw, best = np.random.default_rng(1), 0.0
    for rows, columns, inner in SHAPES:
        one, other = draw.random((rows, inner), np.float32), draw.random((inner, columns), np.float32)
        space = np.empty((rows, columns), np.float32)
        for _ in range(ROUNDS):
            started = process_time()
            np.matmul(one, other, out=space)
            best = max(best, 2 * rows * columns * inner / (process_time() - started) / 1e9)
    return best


def recall(people: Vector, offers: Vector, rows: np.ndarray) -> float:
    """Return the share of the truly best that were found; equal products may stand for one another."""
    every = people @ offers.T
    edge = -np.partition(-every, REACH - 1, axis=1)[:, REACH - 1 : REACH]
    return round(float((np.take_along_axis(every, rows, axis=1) >= edge - 1e-5).mean()), 5)


def listed(engine: MatchingEngine, sample: int) -> dict[str, object]:
    """Compare graduates of one part of the city with its postings, allocate, measure both kinds of lists."""
    market, resumes, postings = opened(engine, sample)
    people, found, spent = compared(market, resumes, postings.__getitem__)
    offers, openings = market.openings()
    places = np.where(found.ids >= 0, np.searchsorted(offers, found.ids), -1).astype(np.int32)
    lists = balanced(people, offers, places, found.scores, openings, seed=1)
    wanted = Wanted(people, offers, places, found.scores, openings * lists.lists_per_opening)
    shown = lists.allocation.postings
    standing = np.bincount(shown[shown >= 0], minlength=len(offers))
    return {
        "part_of_the_city": sorted(TRADES),
        "postings": len(offers),
        "openings": int(openings.sum()),
        "compared_a_graduate": CANDIDATES,
        "ms_a_graduate": round(1000 * spent / sample, 2),
        "cpu_s": round(spent, 2),
        "allocation_cpu_s": round(lists.tries * allocating(wanted), 2),
        "lists_per_opening": lists.lists_per_opening,
        "tries": lists.tries,
        "rounds": lists.allocation.rounds,
        "caps_exceeded": int((standing > openings * lists.lists_per_opening).sum()),
        "ndcg_loss": round(1 - lists.measures.ndcg, 4),
        "lists": asdict(lists.measures),
        "plain_top": asdict(lists.plain),
    }


def opened(
    engine: MatchingEngine, sample: int
) -> tuple[Market, Sequence[ResumeDocument], Mapping[int, PostingDocument]]:
    """Fill an engine with graduates and postings of one part of the city."""
    city = City(majors=TRADES)
    postings = {one.id: one for one in city.postings(range(1, 1 + sample // POSTINGS_A_GRADUATE))}
    vectors = posting_vectors(engine.encoder, postings.values())
    engine.postings.apply([Entry(*pair) for pair in zip(postings.values(), vectors, strict=True)], [], 1)
    resumes = [*city.resumes(range(1, sample + 1))]
    vectors = resume_vectors(engine.encoder, resumes)
    engine.resumes.apply([Entry(*pair) for pair in zip(resumes, vectors, strict=True)], [], 1)
    return Market(engine, BlasProducts(), today=city.as_of, seed=1), resumes, postings


@dataclass(frozen=True, slots=True)
class Share:
    """What one of several processes does of the sample, once all of them are ready."""

    number: int
    processes: int
    postings: int
    sample: int
    ready: Any


def together(processes: int, postings: int, sample: int) -> dict[str, object]:
    """Let one process and then several find the candidates of the same sample, with one thread each."""
    found: list[Sequence[Sequence[Any]]] = []
    with get_context("spawn").Manager() as manager:
        for number in (1, processes):
            ready = manager.Barrier(number)
            shares = [Share(each, number, postings, sample, ready) for each in range(number)]
            found.append(list(zip(*spread_over(number, worked, shares), strict=True)))
    (one_wall, wall), (one_cpu, cpu) = (
        [max(ended) - min(begun) for begun, ended, *_ in found],
        [max(spent) for _, _, spent, *_ in found],
    )
    alone, shared = (ChainMap(*lists) for *_, lists in found)
    people = sum(map(len, found[1][-1]))
    return {
        "processes": processes,
        "one_wall_s": round(one_wall, 2),
        "wall_s": round(wall, 2),
        "gain": round(one_wall / wall, 2),
        "one_cpu_s": round(one_cpu, 2),
        "cpu_s_of_the_slowest": round(cpu, 2),
        "gain_on_free_cores": round(one_cpu / cpu, 2),
        "memory_mb_each": max(found[1][3]),
        "compared": people,
        "found_alike": sum(alone.get(id) == ids for id, ids in shared.items()) / people,
    }


def worked(share: Share) -> tuple[float, float, float, float, Mapping[int, list[int]]]:
    """Find everybody's candidates in a share.

    Returns when that began and ended, its processor time, its memory, and the candidates.
    """
    engine, draw = MatchingEngine.open(ROOT / "data", Settings().encoder), np.random.default_rng(share.number)
    market, resumes, postings = opened(engine, share.sample)
    mine = resumes[share.number :: share.processes]
    offers, people = (draw.random((size, WIDTH), np.float32) - 0.5 for size in (share.postings, len(mine)))
    with threadpool_limits(1):
        share.ready.wait()
        begun, clock = perf_counter(), process_time()
        for start in range(0, len(mine), BLOCK):
            BlasProducts().nearest(people[start : start + BLOCK], offers, REACH)
        ids, found, _ = compared(market, mine, postings.__getitem__)
    ended, spent = perf_counter(), process_time() - clock
    return begun, ended, spent, memory_mb(), dict(zip(ids.tolist(), found.ids.tolist(), strict=True))


def allocating(wanted: Wanted) -> float:
    """Return the seconds one allocation takes, as a share of one of many such parts side by side."""
    people, offers = len(wanted.people), len(wanted.offers)
    part = np.arange(PARTS)
    shift = np.where(wanted.postings >= 0, offers, 0).astype(np.int32)
    city = Wanted(
        np.concatenate([wanted.people + one * people for one in part]),
        np.concatenate([wanted.offers + one * offers for one in part]),
        np.concatenate([wanted.postings + one * shift for one in part]).astype(np.int32),
        np.tile(wanted.scores, (PARTS, 1)),
        np.tile(wanted.seats, PARTS),
    )
    started = process_time()
    allocate(city, length=LENGTH, seed=1)
    return (process_time() - started) / PARTS


def compared(
    market: Market, resumes: Sequence[ResumeDocument], document: Callable[[int], PostingDocument]
) -> tuple[np.ndarray, Shortlist, float]:
    """Return people, their candidates and the seconds of processor time that took."""
    alike: dict[Conditions, list[ResumeDocument]] = defaultdict(list)
    for resume in resumes:
        alike[Conditions(kinds=resume.kinds, degree=resume.degree or None)].append(resume)
    started, people, parts = process_time(), [], []
    for conditions, group in alike.items():
        for start in range(0, len(group), BLOCK):
            block = group[start : start + BLOCK]
            people += [resume.id for resume in block]
            parts.append(market.shortlist(block, conditions, lambda ids: [document(id) for id in ids]))
    spent = process_time() - started
    ids, scores = (np.concatenate([getattr(part, name) for part in parts]) for name in ("ids", "scores"))
    return np.array(people), Shortlist(ids, scores), spent
