"""Every plan finds what brute force finds; lists of near vectors nearly all of it, whatever the filter."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.encoder import as_stored, normalised
from matcher.index import faiss_index, planner
from matcher.index.faiss_index import FaissIndex
from matcher.index.planner import GATHERED_ROWS, LISTS_FROM, Plan, plan

TOP, DIMENSION, CLUSTERS = 100, 16, 12
RECALL, QUERIES = 0.99, 10
"""What is promised of the best hundred on average; so many queries are asked under each filter."""


def clustered(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return unit vectors around some centres, as postings lie around occupations, and whose is whose."""
    draw = np.random.default_rng(seed)
    centres = draw.normal(size=(CLUSTERS, DIMENSION))
    whose = draw.integers(CLUSTERS, size=count)
    near = centres[whose] + 0.4 * draw.normal(size=(count, DIMENSION))
    return as_stored(normalised(near.astype(np.float32))).astype(np.float16), whose


def recall(index: FaissIndex, queries: np.ndarray, allowed: np.ndarray) -> float:
    """Return the mean share found of what brute force finds; equals count as well."""
    truths = queries @ index.halves.astype(np.float32).T
    return fmean(share_found(index, *asked, allowed) for asked in zip(queries, truths, strict=True))


def share_found(index: FaissIndex, query: np.ndarray, truth: np.ndarray, allowed: np.ndarray) -> float:
    rows, scores = index.search(query, TOP, allowed)
    assert allowed[rows].all()
    assert len(set(rows.tolist())) == len(rows) == min(TOP, np.count_nonzero(allowed))
    assert scores == pytest.approx(truth[rows], abs=1e-5)
    assert (np.diff(scores) <= 0).all()
    if not len(rows):
        return 1.0
    edge = np.sort(truth[allowed])[::-1][len(rows) - 1]
    return float(np.mean(scores >= edge - 1e-5))


@given(st.integers(1, 3000), st.floats(0, 1), st.integers(0, 999), st.booleans())
@settings(deadline=None, max_examples=40)
def test_small_collections_are_searched_exactly(count, share, seed, correlated):
    halves, whose = clustered(count, seed)
    draw = np.random.default_rng(seed)
    allowed = whose < share * CLUSTERS if correlated else draw.random(count) < share
    assert recall(FaissIndex(halves), halves[:1].astype(np.float32), allowed) == 1.0


@pytest.fixture(scope="module")
def listed(tmp_path_factory) -> tuple[FaissIndex, np.ndarray]:
    path: Path = tmp_path_factory.mktemp("lists") / "lists.faiss"
    halves, whose = clustered(LISTS_FROM, 1)
    assert FaissIndex(halves).make_lists(path)
    return FaissIndex.open(halves, path), whose


@contextmanager
def lists_for_everything() -> Iterator[None]:
    """Look for rows by lists however few pass, as is done among more rows than a test makes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planner, "GATHERED_ROWS", 0)
        yield


def recall_by_lists(index: FaissIndex, filters: list[np.ndarray], draw: np.random.Generator) -> float:
    """Return the mean recall over some filters of one kind, other queries under each."""
    asked = draw.integers(len(index), size=(len(filters), QUERIES))
    with lists_for_everything():
        return fmean(
            recall(index, index.vectors(rows), allowed) for rows, allowed in zip(asked, filters, strict=True)
        )


@given(st.sampled_from([1.0, 0.5, 0.25, 0.1, 0.01, 0.001]), st.integers(0, 10**6))
@settings(deadline=None, max_examples=8)
def test_lists_hold_their_recall_whatever_share_passes(listed, share, seed):
    listed, _ = listed
    draw = np.random.default_rng(seed)
    filters = [draw.random(len(listed)) < share for _ in range(CLUSTERS)]
    assert recall_by_lists(listed, filters, draw) >= RECALL


@given(st.integers(1, CLUSTERS - 1), st.integers(0, 10**6))
@settings(deadline=None, max_examples=8)
def test_lists_hold_their_recall_where_only_some_clusters_pass(listed, width, seed):
    listed, whose = listed
    filters = [(whose - first) % CLUSTERS < width for first in range(CLUSTERS)]
    assert recall_by_lists(listed, filters, np.random.default_rng(seed)) >= RECALL


def test_no_score_depends_on_the_plan(listed):
    listed, _ = listed
    whole, query = FaissIndex(listed.halves), listed.vectors(np.array([5]))[0]
    everything = np.ones(len(listed), dtype=bool)
    rows, scores = whole.search(query, TOP, everything)
    few = np.isin(np.arange(len(listed)), rows[::2])
    most = np.isin(np.arange(len(listed)), rows[1::2], invert=True)
    for index, allowed in ((whole, few), (whole, most), (listed, everything), (listed, most)):
        for row, score in zip(*index.search(query, TOP, allowed), strict=True):
            if row in rows:
                assert score == scores[rows == row]


def test_few_vectors_need_no_lists(tmp_path):
    halves, _ = clustered(200, 1)
    assert not FaissIndex(halves).make_lists(tmp_path / "lists.faiss")
    assert not (tmp_path / "lists.faiss").exists()


@pytest.mark.parametrize(
    ("passing", "total", "listed", "chosen"),
    [
        (10, 500_000, True, Plan.GATHER),
        (GATHERED_ROWS, 500_000, True, Plan.GATHER),
        (GATHERED_ROWS + 1, 500_000, True, Plan.LISTS),
        (500_000, 500_000, True, Plan.LISTS),
        (499, 1_000, False, Plan.GATHER),
        (500, 1_000, False, Plan.FLAT),
        (44_999, 60_000, False, Plan.GATHER),
        (45_000, 60_000, False, Plan.FLAT),
        (0, 0, False, Plan.FLAT),
    ],
)
def test_the_plan_follows_from_what_passes(passing, total, listed, chosen):
    assert plan(passing, total, listed=listed) is chosen


def test_more_rows_make_more_lists_and_longer_visits():
    sizes = (100_000, 500_000, 1_500_000)
    assert [planner.lists_for(size) for size in sizes] == [512, 1024, 2048]
    assert [planner.rows_seen(size, size) for size in sizes] == [10_000, 12_500, 37_500]
    assert [planner.rows_seen(size // 2, size) for size in sizes] == [20_000, 20_000, 46_875]


def test_threads_do_not_write_over_each_others_rows():
    from concurrent.futures import ThreadPoolExecutor

    halves, _ = clustered(5 * faiss_index.CHUNK, 2)
    index, queries = FaissIndex(halves), halves[:64].astype(np.float32)
    allowed = np.arange(len(halves)) % 3 == 0
    alone = [index.search(query, TOP, allowed)[0].tolist() for query in queries]
    with ThreadPoolExecutor(8) as pool:
        together = pool.map(lambda query: index.search(query, TOP, allowed)[0].tolist(), queries)
    assert [*together] == alone
