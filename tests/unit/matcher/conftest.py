"""A tiny deterministic engine: no model, no files."""

import zlib
from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from matcher.documents import Entry, PostingDocument, ResumeDocument, Vector
from matcher.encoder import normalised
from matcher.engine import MatchingEngine
from matcher.lexical import words
from matcher.majors import Majors, Occupation
from matcher.ranking_model import RankingModel
from matcher.scoring import JUDGED
from matcher.skills import Skill, Vocabulary

TODAY = date(2026, 3, 1)


class HashEncoder:
    """Every word points in its own fixed direction."""

    model_id = "hash"
    dimension = 64

    def encode(self, texts: Sequence[str]) -> Vector:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in words(text):
                vectors[row] += np.random.default_rng(zlib.crc32(word.encode())).normal(size=64)
        return normalised(vectors)


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return Vocabulary(
        [
            Skill("Python"),
            Skill("数据分析"),
            Skill("SQL", ("SQL语句",)),
            Skill("护理", ("护理学",)),
            Skill("静脉输液"),
            Skill("C++", ("CPP",)),
            Skill("C#"),
            Skill("C语言", ("C",)),
            Skill("Go", ("Golang",)),
            Skill("R语言", ("R",)),
            Skill(".NET"),
            Skill("Excel"),
        ]
    )


@pytest.fixture(scope="session")
def majors() -> Majors:
    classes = {
        "统计学": {"统计学类"},
        "护理学": {"护理学类"},
        "软件工程": {"计算机类"},
        "网络工程": {"计算机类"},
    }
    occupations = [
        Occupation(("数据分析师", "数据分析专员"), ("统计学", "应用统计")),
        Occupation(("护士", "病房护士"), ("护理学",)),
        Occupation(("店员",)),
    ]
    return Majors(classes, occupations)


@pytest.fixture(scope="session")
def postings() -> list[PostingDocument]:
    return [
        PostingDocument(
            1, "数据分析实习生", "用SQL取数并写分析报告，能转正", "熟悉Python和SQL，统计学专业优先",
            kind="internship", degree_min=2, district="WH-DHGX", pay_min=3000, pay_max=4000,
            published_on=date(2026, 2, 20),
        ),
        PostingDocument(
            2, "护士", "病房护理", "会静脉输液，有护士证", majors=("护理学",), degree_min=1,
            district="420106", pay_min=5000, pay_max=7000, published_on=date(2026, 2, 1),
        ),
        PostingDocument(
            3, "C++开发工程师", "开发服务端", "精通C++和数据结构", majors=("计算机类",),
            degree_min=3, district="WH-DHGX", pay_min=12000, pay_max=20000,
            published_on=date(2026, 1, 1),
        ),
        PostingDocument(
            4, "数据分析师", "经营数据分析", "Python、Excel", district="420111",
            pay_min=8000, pay_max=9000, valid_until=date(2026, 2, 28),
        ),
        PostingDocument(5, "数据分析专员", "数据分析", "Excel", openings=0),
    ]  # fmt: skip


@pytest.fixture(scope="session")
def resumes() -> list[ResumeDocument]:
    return [
        ResumeDocument(
            1, ("数据分析师",), "统计学", 2, 2026, ("Python", "SQL"),
            "实习：用Python和SQL做销售数据分析，制作Excel报表",
            kinds=frozenset({"internship", "job"}), districts=frozenset({"WH-DHGX"}), pay_min=3500,
        ),
        ResumeDocument(
            2, ("护士",), "护理学", 1, 2025, (), "在医院实习，静脉输液与基础护理",
            kinds=frozenset({"job"}), districts=frozenset({"420106"}), pay_min=5000,
        ),
        ResumeDocument(3, ("后端开发",), "软件工程", 3, 2026, ("C++",), "用C++写课程项目"),
    ]  # fmt: skip


@pytest.fixture(scope="session")
def model() -> RankingModel:
    return RankingModel(-5.0, dict.fromkeys(JUDGED, 1.0), encoder="hash")


@pytest.fixture
def engine(vocabulary, majors, model, postings, resumes) -> MatchingEngine:
    engine = MatchingEngine(HashEncoder(), vocabulary, majors, model)
    engine.postings.apply(entries(postings, engine.encode_postings(postings)), (), 7)
    engine.resumes.apply(entries(resumes, engine.encode_resumes(resumes)), (), 9)
    return engine


@pytest.fixture
def fetch_postings(postings):
    by_id = {posting.id: posting for posting in postings}
    return lambda ids: [by_id[id] for id in ids]


@pytest.fixture
def fetch_resumes(resumes):
    by_id = {resume.id: resume for resume in resumes}
    return lambda ids: [by_id[id] for id in ids]


def entries(documents, vectors):
    return [Entry(document, vector) for document, vector in zip(documents, vectors, strict=True)]
