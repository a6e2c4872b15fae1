"""Nothing that the comparison asks is ever learnt from."""

import gzip
import json
import random
from pathlib import Path

import pytest

from matcher.training.corpus import Corpus, signatures
from matcher.training.pairs import Pairs, excerpt, halves, masked
from matcher.training.split import holds_out_major, holds_out_occupation, holds_out_posting, plain_title
from tests.conftest import real_material
from tests.unit.matcher.small_corpus import CODE, GROUP, JOB, MAJOR, TITLES, text_about, write

TAXONOMY = Path(__file__).parents[3] / "data" / "taxonomy"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Corpus:
    root = tmp_path_factory.mktemp("corpus")
    write(root)
    return Corpus(root, root / "taxonomy")


def test_postings_of_held_out_companies_and_copies_of_them_are_left_out(corpus):
    assert [one.title for one in corpus.postings] == TITLES


def test_held_out_occupations_titles_and_majors_are_left_out(corpus):
    assert [one.code for one in corpus.occupations] == [CODE, JOB]
    assert corpus.occupations[0].names == ("护士", "护理员", "护工", "病房护士", "责任护士")
    assert corpus.occupations[0].majors == (MAJOR,)
    assert corpus.title_groups == [(GROUP, "岗位甲")]
    assert corpus.careers == [(MAJOR, "护士")]


def test_sentences_of_the_comparison_are_left_out(corpus):
    assert corpus.paraphrases == ([("人在跑步", "有人跑步")], [("怎么还款", "如何还款")])


def test_a_held_out_pair_is_not_drawn_from_another_list_either(corpus):
    drawn = {frozenset(pair[:2]) for pair in Pairs(corpus).batch("titles", 600, random.Random(1))}
    assert frozenset((JOB, "记账员")) in drawn
    assert frozenset(("记账员", "做账会计")) in corpus.kept_apart
    assert drawn.isdisjoint(corpus.kept_apart)


def test_every_source_gives_pairs_of_two_different_texts(corpus):
    pairs = Pairs(corpus)
    for source in pairs.sources:
        batch = pairs.batch(source, 20, random.Random(2))
        assert len(batch) == 20
        assert all(left and right and left != right for left, right, *_ in batch)


def test_the_same_draw_gives_the_same_pairs(corpus):
    pairs = Pairs(corpus)
    assert pairs.batch("postings", 30, random.Random(3)) == pairs.batch("postings", 30, random.Random(3))


def test_a_titles_words_are_blanked_in_its_text():
    assert masked("招Java工程师，java优先", "Java/工程师") == "招  ， 优先"
    assert masked("护理", "护") == "护理"


def test_excerpts_and_halves_hold_the_texts_own_sentences():
    text, draw = text_about("护士", 3), random.Random(4)
    assert all(excerpt(text, draw) in text for _ in range(20))
    assert excerpt("短", draw) == "短"
    pair = halves(text, "key", draw)
    assert pair is not None
    assert not {*pair.left.split(" ")} & {*pair.right.split(" ")}
    assert halves("短", "key", draw) is None


def test_nothing_held_out_is_learnt_from_the_real_material():
    folder = real_material()
    corpus = Corpus(folder, TAXONOMY)
    with gzip.open(folder / "postings.jsonl.gz", "rt", encoding="utf-8") as lines:
        held = [row for row in map(json.loads, lines) if row["description"] and holds_out_posting(row)]
    marks = {mark for row in held for mark in signatures(row)}
    learnt = [{"description": one.text, "requirements": one.requirements} for one in corpus.postings]
    assert len(learnt) > 30_000
    assert all(marks.isdisjoint(signatures(row)) for row in learnt)
    pairs = Pairs(corpus)
    for source in ("titles", "kindred titles", "title variants", "skills", "majors"):
        for left, right, *_ in pairs.batch(source, 5000, random.Random(5)):
            assert {left, right} not in corpus.kept_apart
    assert all(not holds_out_occupation(one.code) for one in corpus.occupations)
    assert all(not holds_out_major(major) for one in corpus.occupations for major in one.majors)
    assert len({plain_title(one.title) for one in corpus.postings}) > 10_000
