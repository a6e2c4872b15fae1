"""Candidates of the nightly market, beside comparing everybody with every posting."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from matcher import market as module
from matcher.documents import Conditions, Entry, PostingDocument
from matcher.eligibility import refusals
from matcher.engine import MatchingEngine
from matcher.market import Market
from matcher.products import BlasProducts
from matcher.scoring import REMOTE
from matcher.text import resume_text
from tests.benchmarks.city import City, clean_resume_text, posting_vectors, resume_vectors
from webapp.settings import ROOT, Settings

POSTINGS, PEOPLE = 90, 12


@pytest.fixture(scope="module")
def city() -> City:
    return City(seed=3)


@pytest.fixture(scope="module")
def engine(city: City) -> MatchingEngine:
    engine = MatchingEngine.open(ROOT / "data", Settings().encoder)
    postings = [*city.postings(range(1, POSTINGS + 1))]
    vectors = posting_vectors(engine.encoder, postings)
    engine.postings.apply([Entry(*pair) for pair in zip(postings, vectors, strict=True)], [], 1)
    return engine


@pytest.fixture
def fetch(city: City):
    def fetch(ids: Sequence[int]) -> list[PostingDocument]:
        return [*city.postings(ids)]

    return fetch


@pytest.fixture
def small_reach(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Compare five and draw three of the next seven, in runs of five people."""
    for name, value in {"NEAREST": 5, "REACH": 12, "DRAWN": 3, "CANDIDATES": 8, "RUN": 5}.items():
        monkeypatch.setattr(module, name, value)
    return


CONDITIONS = [
    Conditions(),
    Conditions(kinds=frozenset({"job"}), degree=2),
    Conditions(kinds=frozenset({"none"})),
]


@pytest.mark.parametrize("conditions", CONDITIONS, ids=["all", "jobs", "nothing"])
def test_where_all_are_within_reach_everything_suitable_is_found(
    engine: MatchingEngine, city: City, fetch, conditions: Conditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NEAREST", "REACH", "CANDIDATES"):
        monkeypatch.setattr(module, name, POSTINGS)
    resumes = [*city.resumes(range(1, PEOPLE + 1))]
    found = Market(engine, BlasProducts(), today=city.as_of, seed=1).shortlist(resumes, conditions, fetch)
    for resume, ids, scores in zip(resumes, found.ids, found.scores, strict=True):
        expected = [
            (-pair.score, posting.id)
            for posting in city.postings(range(1, POSTINGS + 1))
            if not refusals(posting, conditions, city.as_of)
            and (pair := engine.pair(resume, posting, today=city.as_of)).score >= REMOTE
        ]
        assert ids[ids >= 0].tolist() == [id for _, id in sorted(expected)]
        np.testing.assert_allclose(scores[ids >= 0], [-score for score, _ in sorted(expected)], rtol=1e-6)


@pytest.mark.usefixtures("small_reach")
def test_the_nearest_are_compared_and_some_of_the_next_by_lot(
    engine: MatchingEngine, city: City, fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REMOTE", 0.0)
    resumes = [*city.resumes(range(1, PEOPLE + 1))]
    by_seed = {}
    for seed in (1, 2):
        market = Market(engine, BlasProducts(), today=city.as_of, seed=seed)
        offers = market.offers(Conditions())
        people = [market._person(resume) for resume in resumes]
        near = BlasProducts().nearest(module.asked(people), offers.vectors, 12)[0]
        by_seed[seed] = [set(row.tolist()) for row in market.shortlist(resumes, Conditions(), fetch).ids]
        for found, row in zip(by_seed[seed], offers.ids[near].tolist(), strict=True):
            assert set(row[:5]) <= found <= set(row)
            assert len(found) == 8
    assert by_seed[1] != by_seed[2]


@pytest.mark.usefixtures("small_reach")
def test_who_is_matched_together_changes_nothing(engine: MatchingEngine, city: City, fetch) -> None:
    resumes = [*city.resumes(range(1, PEOPLE + 1))]
    market = Market(engine, BlasProducts(), today=city.as_of, seed=1)
    together = market.shortlist(resumes, Conditions(), fetch)
    for place, resume in enumerate(resumes):
        alone = market.shortlist([resume], Conditions(), fetch)
        assert alone.ids[0].tolist() == together.ids[place].tolist()


def test_a_resume_that_is_indexed_comes_out_as_one_that_is_not(
    engine: MatchingEngine, city: City, fetch
) -> None:
    resumes = [*city.resumes(range(1, PEOPLE + 1))]
    unknown = Market(engine, BlasProducts(), today=city.as_of, seed=1).shortlist(resumes, Conditions(), fetch)
    vectors = engine.encode_resumes(resumes)
    stale = [replace(resumes[0], text="另一份旧简历"), *resumes[1:]]
    engine.resumes.apply([Entry(*pair) for pair in zip(stale, vectors, strict=True)], [], 2)
    engine.resumes.apply([], [resumes[1].id], 3)
    market = Market(engine, BlasProducts(), today=city.as_of, seed=1)
    taken_over = [market._resumes.read(resume, engine.vocabulary) is not None for resume in resumes]
    known = market.shortlist(resumes, Conditions(), fetch)
    engine.resumes.clear()
    assert taken_over == [False, False, *[True] * (PEOPLE - 2)]
    assert known.ids.tolist() == unknown.ids.tolist()
    np.testing.assert_allclose(known.scores, unknown.scores, atol=1e-6)


def test_a_posting_that_was_closed_meanwhile_is_left_out(engine: MatchingEngine, city: City, fetch) -> None:
    resumes = [*city.resumes(range(1, 4))]
    market = Market(engine, BlasProducts(), today=city.as_of, seed=1)
    gone = market.shortlist(resumes, Conditions(), fetch).ids[:, 0].tolist()
    assert max(gone) > 0

    def fewer(ids: Sequence[int]) -> list[PostingDocument]:
        return [posting for posting in fetch(ids) if posting.id not in gone]

    left = market.shortlist(resumes, Conditions(), fewer).ids
    assert not np.isin(left[left >= 0], gone).any()


def test_the_openings_are_those_of_postings_that_may_be_shown(engine: MatchingEngine, city: City) -> None:
    ids, openings = Market(engine, BlasProducts(), today=city.as_of, seed=1).openings()
    shown = {
        posting.id: posting.openings
        for posting in city.postings(range(1, POSTINGS + 1))
        if not refusals(posting, Conditions(), city.as_of)
    }
    assert dict(zip(ids.tolist(), openings.tolist(), strict=True)) == shown
    assert (np.diff(ids) > 0).all()


def test_a_city_is_the_same_in_any_order(city: City, engine: MatchingEngine) -> None:
    assert [*city.postings([5, 2])] == [*City(seed=3).postings(range(1, 6))][4::-3]
    assert [*city.resumes([4])] == [*City(seed=3).resumes(range(1, 5))][3:]
    resumes = [*city.resumes(range(1, 40))]
    assert [clean_resume_text(resume) for resume in resumes] == [resume_text(resume) for resume in resumes]
    assert (resume_vectors(engine.encoder, resumes) == engine.encode_resumes(resumes)).all()
    assert [*city.postings([1])] != [*City(seed=4).postings([1])]
